#include "platform/sqlite/lock_file.hpp"

#include "platform/sql/refused.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <unistd.h>

namespace shouwen::sqlite {
namespace {

std::string owner_of(int file)
{
    char text[32] = {};
    const auto length = ::pread(file, text, sizeof text - 1, 0);
    std::string pid{text, length > 0 ? static_cast<std::size_t>(length) : 0};
    while (!pid.empty() && pid.back() == '\n') pid.pop_back();
    return pid.empty() ? "unknown" : pid;
}

}  // namespace

LockFile::LockFile(const std::filesystem::path& store)
{
    const auto path = store.string() + ".lock";
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file_ < 0)
        throw sql::StoreRefused(sql::StoreRefusal::not_writable,
                                fmt::format("The lock file {} cannot be written: {}.", path, std::strerror(errno)));
    if (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
        const auto owner = owner_of(file_);
        ::close(file_);
        throw sql::StoreRefused(
            sql::StoreRefusal::store_in_use,
            fmt::format("The store {} is already open in process {}. Stop that process first.", store.string(), owner));
    }
    const auto pid = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file_, 0) != 0 || ::pwrite(file_, pid.data(), pid.size(), 0) < 0) {
        // Only the text of another process's refusal is the poorer for it (a full volume, say); the lock holds.
    }
}

LockFile::~LockFile()
{
    ::close(file_);
}

}  // namespace shouwen::sqlite
