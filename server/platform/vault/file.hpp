#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

/// Files that are written for good: whole under their name, or not there.
namespace shouwen::vault {

/// An open file. Every fault is an exception. @throws sql::DiskFull; std::system_error
class File {
public:
    /// @param flags  of open(2); a new file can be read by its owner only
    File(const std::filesystem::path& path, int flags);
    ~File();
    File(File&& other) noexcept;
    File& operator=(File&&) = delete;

    const std::filesystem::path& path() const { return path_; }
    int descriptor() const { return file_; }
    std::uint64_t size() const;
    /// @returns fewer bytes than asked for only at the end
    std::size_t read_at(std::uint64_t position, char* into, std::size_t length) const;
    void write(std::string_view bytes);
    void sync();

private:
    std::filesystem::path path_;
    int file_;
};

/// Names in a folder survive a power cut from here on.
void sync_folder(const std::filesystem::path& folder);

/// A file or folder on its way to its name; removed unless it got there.
class Unfinished {
public:
    explicit Unfinished(const std::filesystem::path& target);
    ~Unfinished();
    Unfinished(const Unfinished&) = delete;
    Unfinished& operator=(const Unfinished&) = delete;

    const std::filesystem::path& path() const { return path_; }
    /// Gives it its name, for good. The contents were brought to the disk before.
    /// @throws sql::StoreRefused `store_exists` when the name was taken meanwhile
    void finish();

    /// Whether a name is one that an interrupted process left behind.
    static bool is_name(const std::string& name);

private:
    std::filesystem::path target_;
    std::filesystem::path path_;
    bool finished_ = false;
};

/// The whole content. @param size_bytes_max  a larger file is not read: nothing
std::string read_file(const std::filesystem::path& path, std::uint64_t size_bytes_max);

/// Keeps two processes from changing a folder of backups at once, and from removing what another reads.
class FolderLock {
public:
    enum class Kind { reading, writing };
    /// @throws sql::StoreRefused `backup_in_use`
    FolderLock(const std::filesystem::path& folder, Kind kind);
    ~FolderLock();
    FolderLock(const FolderLock&) = delete;
    FolderLock& operator=(const FolderLock&) = delete;

private:
    int file_ = -1;
};

}  // namespace shouwen::vault
