#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace shouwen::fault {

/// A writing child and its journal.
class Child {
public:
    /// @param environment  added to ours, `NAME=value`
    explicit Child(const std::filesystem::path& store, const std::vector<std::string>& environment = {});
    ~Child();
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// The next number of the journal, waiting for it; nothing once the child has ended and all is read.
    std::optional<std::int64_t> next();
    void kill();
    /// Waits for its end. @returns the exit status, or minus the signal
    int wait();

private:
    pid_t pid_ = -1;
    int journal_ = -1;
};

}  // namespace shouwen::fault
