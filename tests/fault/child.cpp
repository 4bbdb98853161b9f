#include "child.hpp"

#include "journal.hpp"

#include <cerrno>
#include <csignal>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace shouwen::fault {

Child::Child(const std::filesystem::path& store, const std::vector<std::string>& environment)
{
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("no pipe");
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_adddup2(&files, ends[1], journal_file);
    for (const int end : ends)
        if (end != journal_file) ::posix_spawn_file_actions_addclose(&files, end);

    std::string program = FAULT_WRITER;
    std::string path = store.string();
    char* arguments[] = {program.data(), path.data(), nullptr};
    std::vector<std::string> variables = environment;
    std::vector<char*> pointers;
    for (auto& variable : variables) pointers.push_back(variable.data());
    for (char** inherited = ::environ; *inherited; ++inherited) pointers.push_back(*inherited);
    pointers.push_back(nullptr);
    const int error = ::posix_spawn(&pid_, program.c_str(), &files, nullptr, arguments, pointers.data());
    ::posix_spawn_file_actions_destroy(&files);
    ::close(ends[1]);
    journal_ = ends[0];
    if (error != 0) throw std::runtime_error("the child does not start");
}

Child::~Child()
{
    if (pid_ > 0) {
        kill();
        wait();
    }
    ::close(journal_);
}

std::optional<std::int64_t> Child::next()
{
    std::int64_t number = 0;
    ssize_t length = 0;
    do length = ::read(journal_, &number, sizeof number);
    while (length < 0 && errno == EINTR);
    return length == sizeof number ? std::optional{number} : std::nullopt;
}

void Child::kill()
{
    ::kill(pid_, SIGKILL);
}

int Child::wait()
{
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

}  // namespace shouwen::fault
