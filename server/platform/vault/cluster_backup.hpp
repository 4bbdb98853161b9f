#pragma once

#include "platform/vault/store_backup.hpp"

#include <filesystem>
#include <string>

/// Backing up a PostgreSQL cluster into a vault, by PostgreSQL's own `pg_basebackup`, and the way back.
namespace shouwen::vault {

struct ClusterSource {
    std::string url;              ///< of a user with REPLICATION
    std::filesystem::path files;  ///< as with `Source`
    int schema = 0;
    std::map<std::string, std::int64_t> counts;
};

/// The whole cluster, with the log that it needs to be consistent, streamed: nothing is written beside the vault.
/// @throws std::runtime_error with what pg_basebackup said; and what `back_up` throws
Manifest back_up_cluster(MakingOptions options, const ClusterSource& source, const Pace& pace);

/// Makes a data folder of PostgreSQL of a backup, and the folder of the files; `pg_verifybackup` checks it before it gets its
/// name. @param folder  absent or empty
/// @throws sql::StoreRefused `store_exists`, `backup_…`; std::runtime_error with what pg_verifybackup said
Manifest restore_cluster(const Opened& backup, const std::filesystem::path& folder, const std::filesystem::path& files);

/// A server of its own over a restored data folder, reachable by a socket only and by this user only; gone with the object.
class TemporaryCluster {
public:
    /// @param folder  the data folder  @param like  the address that the store was backed up by: whose database and user
    /// @throws std::runtime_error with what pg_ctl said, or when run as root, which PostgreSQL refuses
    TemporaryCluster(const std::filesystem::path& folder, const std::string& like);
    ~TemporaryCluster();
    TemporaryCluster(const TemporaryCluster&) = delete;
    TemporaryCluster& operator=(const TemporaryCluster&) = delete;

    const std::string& url() const { return url_; }

private:
    std::filesystem::path folder_;
    std::filesystem::path sockets_;
    std::string url_;
};

}  // namespace shouwen::vault
