#include "platform/vault/process.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <memory>
#include <poll.h>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace shouwen::vault {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t piece_bytes = 256 << 10;
constexpr std::size_t errors_kept_bytes = 1'000;

struct Pipe {
    Pipe()
    {
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "pipe");
    }
    ~Pipe()
    {
        for (const int end : ends)
            if (end >= 0) ::close(end);
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    void close_writing() { ::close(std::exchange(ends[1], -1)); }
    std::array<int, 2> ends{-1, -1};
};

std::vector<char*> pointers(std::vector<std::string>& texts)
{
    std::vector<char*> all;
    for (auto& text : texts) all.push_back(text.data());
    all.push_back(nullptr);
    return all;
}

pid_t start(std::vector<std::string> arguments, std::vector<std::string> environment, const Pipe& out,
            const Pipe& errors)
{
    for (char** each = environ; *each; ++each) environment.emplace_back(*each);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, out.ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors.ends[1], STDERR_FILENO);
    // The server blocks the signals that it waits for; the program must be able to be ended.
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    pid_t child = -1;
    const int failed = ::posix_spawn(&child, arguments.front().c_str(), &actions, &attributes,
                                     pointers(arguments).data(), pointers(environment).data());
    posix_spawn_file_actions_destroy(&actions);
    posix_spawnattr_destroy(&attributes);
    if (failed != 0) throw std::system_error(failed, std::generic_category(), "cannot start " + arguments.front());
    return child;
}

/// Reads both pipes until the program closes them.
void read_all(const Pipe& out, const Pipe& errors, const std::function<void(std::string_view)>& on_output,
              std::string& last_errors)
{
    std::array<pollfd, 2> both{{{out.ends[0], POLLIN, 0}, {errors.ends[0], POLLIN, 0}}};
    const auto piece = std::make_unique<char[]>(piece_bytes);
    while (both[0].fd >= 0 || both[1].fd >= 0) {
        if (::poll(both.data(), both.size(), -1) < 0 && errno != EINTR)
            throw std::system_error(errno, std::generic_category(), "poll");
        for (std::size_t i = 0; i < both.size(); ++i) {
            if (both[i].fd < 0 || both[i].revents == 0) continue;
            const auto length = ::read(both[i].fd, piece.get(), piece_bytes);
            if (length <= 0) {
                both[i].fd = -1;
                continue;
            }
            const std::string_view bytes{piece.get(), static_cast<std::size_t>(length)};
            if (i == 0 && on_output) on_output(bytes);
            if (i == 0) continue;
            last_errors += bytes;
            if (last_errors.size() > errors_kept_bytes) last_errors.erase(0, last_errors.size() - errors_kept_bytes);
        }
    }
}

}  // namespace

void run_program(const std::vector<std::string>& arguments, const std::vector<std::string>& environment,
                 const std::function<void(std::string_view)>& on_output)
{
    Pipe out, errors;
    const pid_t child = start(arguments, environment, out, errors);
    out.close_writing();
    errors.close_writing();
    std::string last_errors;
    int status = 0;
    try {
        read_all(out, errors, on_output, last_errors);
    } catch (...) {
        ::kill(child, SIGTERM);
        ::waitpid(child, &status, 0);
        throw;
    }
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {}
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        throw std::runtime_error(
            fmt::format("{} failed: {}", fs::path{arguments.front()}.filename().string(), last_errors));
}

fs::path postgres_program(const std::string& name)
{
    std::error_code none;
    std::string path = std::getenv("PATH") ? std::getenv("PATH") : "";
    for (std::size_t at = 0; at <= path.size();) {
        const auto end = std::min(path.find(':', at), path.size());
        const auto candidate = fs::path{path.substr(at, end - at)} / name;
        if (fs::is_regular_file(candidate, none)) return candidate;
        at = end + 1;
    }
    std::vector<std::pair<int, fs::path>> found;
    for (const auto& version : fs::directory_iterator("/usr/lib/postgresql", none))
        if (fs::exists(version.path() / "bin" / name, none))
            found.emplace_back(std::atoi(version.path().filename().c_str()), version.path() / "bin" / name);
    if (found.empty())
        throw std::runtime_error(fmt::format("{} is not installed here (package postgresql, postgresql-client)", name));
    return std::ranges::max_element(found)->second;
}

}  // namespace shouwen::vault
