#include "platform/sqlite/backup_file.hpp"

#include "platform/sql/refused.hpp"
#include "platform/sql/sql.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <memory>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace shouwen::sqlite {
namespace {

using sql::StoreRefusal;
using sql::StoreRefused;

constexpr std::size_t trailer_bytes = 256;
constexpr std::size_t chunk_bytes = 1 << 20;
constexpr std::string_view checksum_label = "blake2b ";

[[noreturn]] void throw_file_fault(const char* act, const std::filesystem::path& path)
{
    const int error = errno;
    if (error == ENOSPC || error == EDQUOT) throw sql::DiskFull(fmt::format("{} {}: no room left", act, path.string()));
    throw std::system_error(error, std::generic_category(), fmt::format("{} {}", act, path.string()));
}

class File {
public:
    File(const std::filesystem::path& path, int flags)
        : path_(path), file_(::open(path.c_str(), flags | O_CLOEXEC, 0600))
    {
        if (file_ < 0) throw_file_fault("open", path);
    }
    ~File() { ::close(file_); }
    File(const File&) = delete;
    File& operator=(const File&) = delete;

    std::size_t read(char* into, std::size_t length_max)
    {
        for (;;) {
            const auto length = ::read(file_, into, length_max);
            if (length >= 0) return static_cast<std::size_t>(length);
            if (errno != EINTR) throw_file_fault("read", path_);
        }
    }
    void write(std::string_view bytes)
    {
        while (!bytes.empty()) {
            const auto length = ::write(file_, bytes.data(), bytes.size());
            if (length < 0 && errno == EINTR) continue;
            if (length < 0) throw_file_fault("write", path_);
            bytes.remove_prefix(static_cast<std::size_t>(length));
        }
    }
    void sync()
    {
        if (::fsync(file_) != 0) throw_file_fault("sync", path_);
    }
    std::uint64_t size()
    {
        struct stat status {};
        if (::fstat(file_, &status) != 0) throw_file_fault("stat", path_);
        return static_cast<std::uint64_t>(status.st_size);
    }
    void seek_back(std::uint64_t position)
    {
        if (::lseek(file_, static_cast<off_t>(position), SEEK_SET) < 0) throw_file_fault("seek", path_);
    }

private:
    std::filesystem::path path_;
    int file_;
};

class Checksum {
public:
    Checksum() { crypto_generichash_init(&state_, nullptr, 0, crypto_generichash_BYTES); }
    void add(std::string_view bytes)
    {
        crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    }
    std::string hex()
    {
        std::array<unsigned char, crypto_generichash_BYTES> hash{};
        crypto_generichash_final(&state_, hash.data(), hash.size());
        std::string text;
        for (const auto byte : hash) text += fmt::format("{:02x}", byte);
        return text;
    }

private:
    crypto_generichash_state state_;
};

/// What the checksum covers beside the database.
std::string fields_of(const BackupManifest& manifest)
{
    return fmt::format("shouwen-backup 1\nschema {}\nmade_at {}\nsize_bytes {}\n", manifest.schema,
                       to_ms(manifest.made_at), manifest.size_bytes);
}

/// Feeds `size_bytes` of the file through `visit`. @returns false when it ends before
template <class Visit>
bool read_through(File& file, std::uint64_t size_bytes, Visit visit)
{
    const auto chunk = std::make_unique<char[]>(chunk_bytes);
    while (size_bytes > 0) {
        const auto length =
            file.read(chunk.get(), static_cast<std::size_t>(std::min<std::uint64_t>(size_bytes, chunk_bytes)));
        if (length == 0) return false;
        visit(std::string_view{chunk.get(), length});
        size_bytes -= length;
    }
    return true;
}

std::int64_t field(std::string_view trailer, std::string_view label)
{
    const auto at = trailer.find(label);
    if (at == std::string_view::npos) return -1;
    std::int64_t value = -1;
    const auto digits = trailer.substr(at + label.size());
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

BackupManifest parse_trailer(std::string_view trailer, const std::filesystem::path& path)
{
    BackupManifest manifest;
    manifest.schema = static_cast<int>(field(trailer, "\nschema "));
    manifest.made_at = from_ms(field(trailer, "\nmade_at "));
    manifest.size_bytes = static_cast<std::uint64_t>(field(trailer, "\nsize_bytes "));
    const auto at = trailer.find(checksum_label);
    if (!trailer.starts_with("shouwen-backup 1\n") || at == std::string_view::npos)
        throw StoreRefused(
            StoreRefusal::backup_damaged,
            fmt::format("{} is no complete backup of this program: its trailer is missing.", path.string()));
    manifest.checksum = trailer.substr(at + checksum_label.size(), 2 * crypto_generichash_BYTES);
    return manifest;
}

void sync_folder_of(const std::filesystem::path& path)
{
    const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path{"."};
    File{folder, O_RDONLY | O_DIRECTORY}.sync();
}

}  // namespace

UnfinishedFile::UnfinishedFile(const std::filesystem::path& target)
    : target_(target), path_(fmt::format("{}.unfinished-{}", target.string(), ::getpid()))
{
    std::filesystem::remove(path_);
}

UnfinishedFile::~UnfinishedFile()
{
    std::error_code ignored;
    if (!finished_) std::filesystem::remove(path_, ignored);
    std::filesystem::remove(path_.string() + "-journal", ignored);
}

void UnfinishedFile::finish()
{
    File{path_, O_RDONLY}.sync();
    // Unlike a plain rename this never replaces what came to be there meanwhile.
    if (::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), RENAME_NOREPLACE) != 0) {
        if (errno == EEXIST)
            throw StoreRefused(StoreRefusal::store_exists, fmt::format("{} already exists.", target_.string()));
        throw_file_fault("rename", path_);
    }
    finished_ = true;
    sync_folder_of(target_);
}

void append_trailer(const std::filesystem::path& path, BackupManifest& manifest)
{
    File file{path, O_RDWR};
    manifest.size_bytes = file.size();
    Checksum checksum;
    read_through(file, manifest.size_bytes, [&](std::string_view bytes) { checksum.add(bytes); });
    const auto fields = fields_of(manifest);
    checksum.add(fields);
    manifest.checksum = checksum.hex();
    auto trailer = fields + std::string{checksum_label} + manifest.checksum + "\n";
    trailer.resize(trailer_bytes, '\n');
    file.write(trailer);  // reading has left off at the end
}

BackupManifest read_backup(const std::filesystem::path& backup, const std::filesystem::path& copy_to)
{
    if (!std::filesystem::is_regular_file(backup))
        throw StoreRefused(StoreRefusal::backup_missing, fmt::format("{} is not there.", backup.string()));
    const auto damaged = [&](const char* how) {
        return StoreRefused(
            StoreRefusal::backup_damaged,
            fmt::format("{} differs from what was written: {}. Take another backup.", backup.string(), how));
    };

    File file{backup, O_RDONLY};
    const auto total_bytes = file.size();
    if (total_bytes < trailer_bytes) throw damaged("it is too short");
    std::string trailer(trailer_bytes, '\0');
    file.seek_back(total_bytes - trailer_bytes);
    if (file.read(trailer.data(), trailer.size()) != trailer_bytes) throw damaged("it is too short");
    auto manifest = parse_trailer(trailer, backup);
    if (manifest.size_bytes != total_bytes - trailer_bytes) throw damaged("its size");

    std::unique_ptr<File> copy;
    if (!copy_to.empty()) copy = std::make_unique<File>(copy_to, O_WRONLY | O_CREAT | O_EXCL);
    file.seek_back(0);
    Checksum checksum;
    const bool complete = read_through(file, manifest.size_bytes, [&](std::string_view bytes) {
        checksum.add(bytes);
        if (copy) copy->write(bytes);
    });
    checksum.add(fields_of(manifest));
    if (!complete || checksum.hex() != manifest.checksum) throw damaged("its checksum");
    return manifest;
}

}  // namespace shouwen::sqlite
