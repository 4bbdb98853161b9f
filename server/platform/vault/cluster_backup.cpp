#include "platform/vault/cluster_backup.hpp"

#include "platform/postgres/postgres_store.hpp"
#include "platform/sql/refused.hpp"
#include "platform/vault/process.hpp"
#include "platform/vault/tar_reader.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <optional>
#include <stdexcept>
#include <unistd.h>

namespace shouwen::vault {
namespace {

namespace fs = std::filesystem;
using sql::StoreRefusal;
using sql::StoreRefused;
using Stopwatch = std::chrono::steady_clock;  // measures how long a piece takes, never what time it is

constexpr const char* base_prefix = "base/";
constexpr const char* files_prefix = "blobs/";

std::vector<std::string> environment_of(const postgres::ProgramAddress& address)
{
    std::vector<std::string> environment;
    if (!address.password.empty()) environment.push_back("PGPASSWORD=" + address.password);
    return environment;
}

/// Takes the archive apart, so that each of the cluster's files is cut at its own beginning and shares its chunks with the
/// backup before.
class ArchiveIntake {
public:
    ArchiveIntake(Making& making, const Pace& pace) : making_(making), steps_(pace) {}

    void add(std::string_view bytes)
    {
        reader_.add(bytes);
        steps_.done(bytes.size());
    }
    void finish() const
    {
        if (!reader_.is_complete()) throw std::runtime_error("pg_basebackup ended before its archive did");
    }

private:
    void begin(const TarReader::Member& member)
    {
        if (member.type == '2')
            throw std::runtime_error(fmt::format(
                "the cluster has a tablespace of its own ({}), which this cannot restore; use pg_basebackup itself",
                member.path));
        if (member.type == '0') writer_.emplace(making_);
    }
    void end(const TarReader::Member& member)
    {
        auto path = base_prefix + member.path;
        while (path.ends_with('/')) path.pop_back();
        if (path.starts_with("base/./")) path.erase(5, 2);
        Entry entry{.path = path, .is_folder = member.type == '5', .content = {}};
        if (writer_) entry.content = writer_->finish();
        writer_.reset();
        making_.add(std::move(entry));
    }

    Making& making_;
    Steps steps_;
    std::optional<StreamWriter> writer_;
    TarReader reader_{{.begin = [this](const auto& member) { begin(member); },
                       .data = [this](std::string_view bytes) { writer_->add(bytes); },
                       .end = [this](const auto& member) { end(member); }}};
};

bool has_content(const fs::path& folder)
{
    return fs::is_directory(folder) ? !fs::is_empty(folder) : fs::exists(folder);
}

}  // namespace

Manifest back_up_cluster(MakingOptions options, const ClusterSource& source, const Pace& pace)
{
    const auto program = postgres_program("pg_basebackup");
    const auto address = postgres::program_address(source.url);
    Making making{std::move(options)};
    const auto began = Stopwatch::now();
    ArchiveIntake intake{making, pace};
    run_program({program.string(), "--pgdata=-", "--format=tar", "--wal-method=fetch", "--checkpoint=fast",
                 "--no-password", "--dbname=" + address.pairs},
                environment_of(address), [&](std::string_view bytes) { intake.add(bytes); });
    intake.finish();
    Manifest manifest{.name = {},
                      .product = {},
                      .store = "postgres",
                      .schema = source.schema,
                      .key_id = {},
                      .salt = {},
                      .counts = source.counts,
                      .catalogue = {}};
    if (const auto damaged = add_folder(making, source.files, files_prefix, Names::are_hashes, pace))
        manifest.counts["attachment_damaged"] = damaged;
    manifest.took = std::chrono::duration_cast<Duration>(Stopwatch::now() - began);
    return making.finish(std::move(manifest));
}

Manifest restore_cluster(const Opened& backup, const fs::path& named, const fs::path& files)
{
    const auto& manifest = backup.manifest();
    if (manifest.store != "postgres")
        throw StoreRefused(
            StoreRefusal::backup_foreign,
            fmt::format("The backup {} is one of an embedded store. Restore it with --store sqlite:PATH.",
                        manifest.name));
    const auto folder = named.has_filename() ? named : named.parent_path();
    for (const auto& path : {folder, files}) {
        if (has_content(path))
            throw StoreRefused(StoreRefusal::store_exists,
                               fmt::format("{} is not empty; nothing was changed.", path.string()));
        if (fs::is_directory(path)) fs::remove(path);
    }
    const auto verifier = postgres_program("pg_verifybackup");
    require_room(folder.parent_path(), manifest.size_bytes);
    fs::create_directories(files.parent_path());
    Unfinished data{folder}, contents{files};
    restore_folder(backup, base_prefix, data.path());
    restore_folder(backup, files_prefix, contents.path());
    fs::permissions(data.path(), fs::perms::owner_all);
    run_program({verifier.string(), "--quiet", data.path().string()});
    contents.finish();
    data.finish();
    return manifest;
}

TemporaryCluster::TemporaryCluster(const fs::path& folder, const std::string& like) : folder_(folder)
{
    if (::geteuid() == 0)
        throw std::runtime_error(
            "PostgreSQL does not run as root, so what was restored cannot be tried; run this as another user");
    // A socket's path has a limit of a hundred letters, whatever the folder's is.
    std::string name = "/tmp/shouwen-drill-XXXXXX";
    if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder for a socket");
    sockets_ = name;
    std::ofstream{sockets_ / "hba"} << "local all all trust\n";
    // The cluster's own configuration may lie elsewhere, and wants things that a trial has not: archives, libraries, certificates.
    std::ofstream{sockets_ / "conf"} << "# all at its defaults\n";
    const auto options = fmt::format(
        "-c config_file={0}/conf -c listen_addresses= -c unix_socket_directories={0} -c hba_file={0}/hba -c port=5432 "
        "-c archive_mode=off -c ssl=off -c shared_preload_libraries= -c logging_collector=off",
        sockets_.string());
    try {
        run_program({postgres_program("pg_ctl").string(), "--pgdata=" + folder.string(), "--wait", "--silent",
                     "--log=" + (sockets_ / "log").string(), "--options=" + options, "start"});
    } catch (...) {
        fs::remove_all(sockets_);
        throw;
    }
    std::string database, user;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> parts{PQconninfoParse(like.c_str(), nullptr),
                                                                             PQconninfoFree};
    for (const auto* each = parts.get(); each && each->keyword; ++each) {
        if (each->val && std::string_view{each->keyword} == "dbname") database = each->val;
        if (each->val && std::string_view{each->keyword} == "user") user = each->val;
    }
    url_ = fmt::format("postgresql:///{}?host={}&port=5432", database, sockets_.string());
    if (!user.empty()) url_ += "&user=" + user;
}

TemporaryCluster::~TemporaryCluster()
{
    try {
        run_program({postgres_program("pg_ctl").string(), "--pgdata=" + folder_.string(), "--mode=immediate",
                     "--silent", "stop"});
    } catch (const std::exception&) {  // NOLINT: the folder is about to be removed; a server without one ends by itself
    }
    std::error_code ignored;
    fs::remove_all(sockets_, ignored);
}

}  // namespace shouwen::vault
