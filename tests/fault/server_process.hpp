#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace shouwen::fault {

/// The real program, serving a store on a free port of loopback.
class ServerProcess {
public:
    /// Returns once it says that it listens. @param store  a file, or postgresql://… @param log  its standard error goes here
    ServerProcess(const std::filesystem::path& store, const std::filesystem::path& log,
                  const std::vector<std::string>& more_arguments = {});
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    std::uint16_t port() const { return port_; }
    void kill();
    void ask_to_leave();
    /// As a machine that is suspended, and wakes.
    void pause();
    void go_on();
    /// Waits for its end. @returns the exit status, or minus the signal
    int wait();

private:
    pid_t pid_ = -1;
    int output_ = -1;
    std::uint16_t port_ = 0;
};

/// Runs the program to its end; one that is silent for a minute is killed.
/// @param environment  `NAME=value`, beside the test's own
/// @param wrapped_by   a program with arguments that starts it, or nothing
/// @returns exit status (or minus the signal) and what it printed, errors as well
std::pair<int, std::string> run_program(std::vector<std::string> arguments,
                                        const std::vector<std::string>& environment = {},
                                        const std::vector<std::string>& wrapped_by = {});

}  // namespace shouwen::fault
