#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <utility>

namespace shouwen::fault {

/// The real program, serving a store on a free port of loopback.
class ServerProcess {
public:
    /// Returns once it says that it listens. @param log  its standard error goes here
    ServerProcess(const std::filesystem::path& store, const std::filesystem::path& log);
    ~ServerProcess();
    ServerProcess(const ServerProcess&) = delete;
    ServerProcess& operator=(const ServerProcess&) = delete;

    std::uint16_t port() const { return port_; }
    void kill();
    void ask_to_leave();
    /// Waits for its end. @returns the exit status, or minus the signal
    int wait();

private:
    pid_t pid_ = -1;
    int output_ = -1;
    std::uint16_t port_ = 0;
};

/// Runs the program with a command to its end. @returns exit status and what it printed
std::pair<int, std::string> run_program(const std::string& command, const std::filesystem::path& store);

}  // namespace shouwen::fault
