#pragma once

#include "platform/sqlite/backup.hpp"

#include <filesystem>

/// The file side of backups: the trailer, durable writing, names that appear whole or not at all.
namespace shouwen::sqlite {

/// A file on its way to its name; removed unless it got there.
class UnfinishedFile {
public:
    explicit UnfinishedFile(const std::filesystem::path& target);
    ~UnfinishedFile();
    UnfinishedFile(const UnfinishedFile&) = delete;
    UnfinishedFile& operator=(const UnfinishedFile&) = delete;

    const std::filesystem::path& path() const { return path_; }
    /// On disk under its name, for good. @throws sql::StoreRefused `store_exists` when the name was taken meanwhile
    void finish();

private:
    std::filesystem::path target_;
    std::filesystem::path path_;
    bool finished_ = false;
};

/// Completes `manifest` by size and checksum of the file and appends it.
void append_trailer(const std::filesystem::path& file, BackupManifest& manifest);

/// Reads the whole backup, compares it with its trailer, and writes the database into `copy_to` unless that is empty.
/// @throws sql::StoreRefused
BackupManifest read_backup(const std::filesystem::path& backup, const std::filesystem::path& copy_to);

}  // namespace shouwen::sqlite
