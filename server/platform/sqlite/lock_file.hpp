#pragma once

#include <filesystem>

namespace shouwen::sqlite {

/// Keeps a second process from the same store: `PATH.lock`, locked while this lives and holding the owner's process id.
/// The file stays behind, unlocked: removing it would let two processes lock two files of one name.
class LockFile {
public:
    /// @throws sql::StoreRefused `store_in_use` naming the process, or `not_writable`.
    explicit LockFile(const std::filesystem::path& store);
    ~LockFile();
    LockFile(const LockFile&) = delete;
    LockFile& operator=(const LockFile&) = delete;

private:
    int file_ = -1;
};

}  // namespace shouwen::sqlite
