#include "server_process.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <tuple>
#include <unistd.h>
#include <vector>

namespace shouwen::fault {
namespace {

constexpr int silence_max_ms = 60'000;

/// As the system's calls want texts: pointers, the last one null.
std::vector<char*> pointers_to(std::vector<std::string>& texts)
{
    std::vector<char*> pointers;
    for (auto& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// @returns the child and the end from which its standard output is read
std::pair<pid_t, int> start(std::vector<std::string> arguments, const std::filesystem::path& log,
                            std::vector<std::string> environment = {}, const std::vector<std::string>& wrapped_by = {})
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
    ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    arguments.insert(arguments.begin(), SHOUWEN_PROGRAM);
    arguments.insert(arguments.begin(), wrapped_by.begin(), wrapped_by.end());
    for (char** inherited = ::environ; *inherited; ++inherited) environment.emplace_back(*inherited);
    pid_t pid = -1;
    const int error = ::posix_spawnp(&pid, arguments.front().c_str(), &files, nullptr, pointers_to(arguments).data(),
                                     pointers_to(environment).data());
    ::posix_spawn_file_actions_destroy(&files);
    ::close(ends[1]);
    if (error != 0) throw std::runtime_error("the program does not start");
    return {pid, ends[0]};
}

/// What comes until `stop` or the end; nothing when it is silent for so long that it must be stuck.
std::optional<std::string> read_until(int file, char stop)
{
    std::string text;
    char c = 0;
    for (;;) {
        pollfd watched{file, POLLIN, 0};
        if (::poll(&watched, 1, silence_max_ms) == 0) return std::nullopt;
        const auto length = ::read(file, &c, 1);
        if (length < 0 && errno == EINTR) continue;
        if (length <= 0 || (stop && c == stop)) return text;
        text += c;
    }
}

int wait_for(pid_t pid)
{
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace

ServerProcess::ServerProcess(const std::filesystem::path& store, const std::filesystem::path& log,
                             const std::vector<std::string>& more_arguments)
{
    const auto name = store.string();
    std::vector<std::string> arguments{"serve", "--store", name.starts_with("postgresql:") ? name : "sqlite:" + name,
                                       "--listen", "127.0.0.1:0"};
    arguments.insert(arguments.end(), more_arguments.begin(), more_arguments.end());
    std::tie(pid_, output_) = start(std::move(arguments), log);
    const auto line = read_until(output_, '\n').value_or("");
    const auto colon = line.rfind(':');
    if (colon == std::string::npos) {
        kill();
        wait();
        ::close(output_);
        throw std::runtime_error("the server does not listen: " + line);
    }
    port_ = static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1)));
}

ServerProcess::~ServerProcess()
{
    if (pid_ > 0) {
        go_on();
        kill();
        wait();
    }
    ::close(output_);
}

void ServerProcess::kill()
{
    ::kill(pid_, SIGKILL);
}

void ServerProcess::ask_to_leave()
{
    ::kill(pid_, SIGTERM);
}

void ServerProcess::pause()
{
    ::kill(pid_, SIGSTOP);
}

void ServerProcess::go_on()
{
    ::kill(pid_, SIGCONT);
}

int ServerProcess::wait()
{
    const int status = wait_for(pid_);
    pid_ = -1;
    return status;
}

std::pair<int, std::string> run_program(std::vector<std::string> arguments, const std::vector<std::string>& environment,
                                        const std::vector<std::string>& wrapped_by)
{
    const auto [pid, output] = start(std::move(arguments), "/dev/stdout", environment, wrapped_by);
    // A program that was expected to end and does not must fail the test rather than hold it.
    const auto text = read_until(output, '\0');
    if (!text) ::kill(pid, SIGKILL);
    ::close(output);
    return {wait_for(pid), text.value_or("it does not come to an end")};
}

}  // namespace shouwen::fault
