#include "platform/vault/file.hpp"

#include "platform/sql/refused.hpp"
#include "platform/sql/sql.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace shouwen::vault {
namespace {

constexpr std::string_view unfinished_mark = ".unfinished-";

[[noreturn]] void throw_file_fault(const char* act, const std::filesystem::path& path)
{
    const int error = errno;
    if (error == ENOSPC || error == EDQUOT) throw sql::DiskFull(fmt::format("{} {}: no room left", act, path.string()));
    throw std::system_error(error, std::generic_category(), fmt::format("{} {}", act, path.string()));
}

}  // namespace

File::File(const std::filesystem::path& path, int flags)
    : path_(path), file_(::open(path.c_str(), flags | O_CLOEXEC, 0600))
{
    if (file_ < 0) throw_file_fault("open", path);
}

File::~File()
{
    if (file_ >= 0) ::close(file_);
}

File::File(File&& other) noexcept : path_(std::move(other.path_)), file_(std::exchange(other.file_, -1))
{
}

std::uint64_t File::size() const
{
    struct stat status {};
    if (::fstat(file_, &status) != 0) throw_file_fault("stat", path_);
    return static_cast<std::uint64_t>(status.st_size);
}

std::size_t File::read_at(std::uint64_t position, char* into, std::size_t length) const
{
    std::size_t done = 0;
    while (done < length) {
        const auto got = ::pread(file_, into + done, length - done, static_cast<off_t>(position + done));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) throw_file_fault("read", path_);
        if (got == 0) break;
        done += static_cast<std::size_t>(got);
    }
    return done;
}

void File::write(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto length = ::write(file_, bytes.data(), bytes.size());
        if (length < 0 && errno == EINTR) continue;
        if (length < 0) throw_file_fault("write", path_);
        bytes.remove_prefix(static_cast<std::size_t>(length));
    }
}

void File::sync()
{
    if (::fdatasync(file_) != 0) throw_file_fault("sync", path_);
}

void sync_folder(const std::filesystem::path& folder)
{
    const File file{folder.empty() ? std::filesystem::path{"."} : folder, O_RDONLY | O_DIRECTORY};
    if (::fsync(file.descriptor()) != 0) throw_file_fault("sync", folder);
}

Unfinished::Unfinished(const std::filesystem::path& target)
    : target_(target), path_(fmt::format("{}{}{}", target.string(), unfinished_mark, ::getpid()))
{
    std::filesystem::remove_all(path_);
}

Unfinished::~Unfinished()
{
    std::error_code ignored;
    if (!finished_) std::filesystem::remove_all(path_, ignored);
}

void Unfinished::finish()
{
    // Unlike a plain rename this never replaces what came to be there meanwhile.
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) != 0) {
        if (errno == EEXIST)
            throw sql::StoreRefused(sql::StoreRefusal::store_exists,
                                    fmt::format("{} already exists; it is not overwritten.", target_.string()));
        // Some network volumes know no such rename; a link refuses an existing name as well.
        if (errno != EINVAL || ::link(path_.c_str(), target_.c_str()) != 0) throw_file_fault("rename", path_);
        ::unlink(path_.c_str());
    }
    finished_ = true;
    sync_folder(target_.parent_path());
}

bool Unfinished::is_name(const std::string& name)
{
    return name.find(unfinished_mark) != std::string::npos;
}

std::string read_file(const std::filesystem::path& path, std::uint64_t size_bytes_max)
{
    const File file{path, O_RDONLY};
    const auto size = file.size();
    if (size > size_bytes_max) return {};
    std::string content(static_cast<std::size_t>(size), '\0');
    content.resize(file.read_at(0, content.data(), content.size()));
    return content;
}

FolderLock::FolderLock(const std::filesystem::path& folder, Kind kind)
{
    const auto path = folder / "lock";
    if (kind == Kind::writing) {
        file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (file_ < 0)
            throw sql::StoreRefused(
                sql::StoreRefusal::not_writable,
                fmt::format("The folder {} cannot be written to: {}.", folder.string(), std::strerror(errno)));
    } else {
        file_ = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
        if (file_ < 0) return;  // a copy on a volume that nobody writes to
    }
    if (::flock(file_, (kind == Kind::writing ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0) return;
    const int error = errno;
    ::close(file_);
    throw sql::StoreRefused(
        sql::StoreRefusal::backup_in_use,
        error == EWOULDBLOCK
            ? fmt::format("Another process works in {}. Wait until it has finished.", folder.string())
            : fmt::format("The volume of {} gives no locks: {}.", folder.string(), std::strerror(error)));
}

FolderLock::~FolderLock()
{
    if (file_ >= 0) ::close(file_);
}

}  // namespace shouwen::vault
