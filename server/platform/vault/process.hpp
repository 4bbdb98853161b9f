#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace shouwen::vault {

/// Another program, run to its end without a shell. @param environment  `NAME=value`, beside our own
/// @param on_output  gets what it prints, as it comes; what it throws ends the program
/// @throws std::runtime_error with the last lines of its errors when it does not end with 0
void run_program(const std::vector<std::string>& arguments, const std::vector<std::string>& environment = {},
                 const std::function<void(std::string_view)>& on_output = {});

/// A program of PostgreSQL: on the path, or the newest of the distribution's. @throws std::runtime_error when there is none
std::filesystem::path postgres_program(const std::string& name);

}  // namespace shouwen::vault
