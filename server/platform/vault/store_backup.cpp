#include "platform/vault/store_backup.hpp"

#include "platform/sql/migration.hpp"
#include "platform/sqlite/snapshot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace shouwen::vault {
namespace {

namespace fs = std::filesystem;
using Stopwatch = std::chrono::steady_clock;  // measures how long a step takes, never what time it is

constexpr std::size_t step_bytes = 1 << 20;
constexpr int moments_max = 3;
/// ioprio_set(2) of this thread to the idle class; the kernel's header for it does not compile as C++.
constexpr int whose_thread = 1;
constexpr int idle_class = 3 << 13;
constexpr const char* damaged_blob_count = "attachment_damaged";

/// Reads the whole file in steps. @param visit  a piece of at most `step_bytes`
template <class Visit>
void read_through(sqlite::Snapshot& snapshot, const Pace& pace, Visit visit)
{
    Steps steps{pace};
    std::string piece(step_bytes, '\0');
    const auto size = snapshot.size_bytes();
    for (std::uint64_t at = 0; at < size;) {
        const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(step_bytes, size - at));
        snapshot.read_at(at, piece.data(), length);
        visit(std::string_view{piece}.substr(0, length));
        at += length;
        steps.done(length, size);
    }
}

Stream add_file(Making& making, const fs::path& path, Hasher& hasher, Steps& steps)
{
    const File file{path, O_RDONLY};
    StreamWriter writer{making};
    std::string piece(step_bytes, '\0');
    std::uint64_t at = 0;
    for (;;) {
        const auto length = file.read_at(at, piece.data(), piece.size());
        if (length == 0) break;
        const auto bytes = std::string_view{piece}.substr(0, length);
        hasher.update(bytes);
        writer.add(bytes);
        at += length;
        steps.done(length);
    }
    return writer.finish();
}

std::vector<fs::path> all_below(const fs::path& folder)
{
    std::vector<fs::path> found;
    // A link to another volume is followed: a backup without what lies there would look whole and be none.
    const auto follow = fs::directory_options::follow_directory_symlink;
    for (const auto& each : fs::recursive_directory_iterator{folder, follow}) found.push_back(each.path());
    std::ranges::sort(found);
    return found;
}

struct LogTooLong {};

Stream try_moment(Making& making, sqlite::Snapshot& snapshot, const Source& source, const Pace& pace,
                  Manifest& manifest)
{
    snapshot.hold();
    manifest.schema = sql::schema_version(snapshot.connection());
    if (source.count) manifest.counts = source.count(snapshot.connection());
    StreamWriter writer{making};
    read_through(snapshot, pace, [&](std::string_view piece) {
        writer.add(piece);
        if (snapshot.log_bytes() > source.log_bytes_max) throw LogTooLong{};
    });
    snapshot.release();
    return writer.finish();
}

/// Most lies in the vault already, so it is one reading. When too much is written meanwhile, it is tried again without rests.
Stream add_moment(Making& making, sqlite::Snapshot& snapshot, const Source& source, const Pace& pace,
                  Manifest& manifest)
{
    Pace hurried = pace;
    hurried.rests = 0;
    for (int i = 0; i < moments_max; ++i) {
        try {
            return try_moment(making, snapshot, source, i == 0 ? pace : hurried, manifest);
        } catch (const LogTooLong&) {
            snapshot.release();
        }
    }
    throw sql::DatabaseFault(fmt::format(
        "more was written than can be backed up beside it: the log of {} passed {} MB while its file was read. Back up "
        "when less is written, or raise store.wal_mib_max",
        source.store.string(), source.log_bytes_max >> 20));
}

}  // namespace

void give_way()
{
    const auto thread = static_cast<id_t>(::syscall(SYS_gettid));
    ::setpriority(PRIO_PROCESS, thread, 10);
    ::syscall(SYS_ioprio_set, whose_thread, thread, idle_class);
}

std::int64_t add_folder(Making& making, const fs::path& folder, const std::string& prefix, Names names,
                        const Pace& pace)
{
    std::int64_t damaged_count = 0;
    if (!fs::is_directory(folder)) return 0;
    Steps steps{pace};
    for (const auto& path : all_below(folder)) {
        const auto relative = path.lexically_relative(folder);
        Entry entry{.path = prefix + relative.generic_string(), .is_folder = fs::is_directory(path), .content = {}};
        if (entry.is_folder) {
            if (fs::is_empty(path)) making.add(std::move(entry));
            continue;
        }
        if (!fs::is_regular_file(path)) continue;  // a socket, say: holds nothing
        auto earlier = names == Names::are_hashes ? making.earlier(entry.path, fs::file_size(path)) : std::nullopt;
        if (earlier) {
            entry.content = std::move(*earlier);
        } else {
            Hasher hasher;
            entry.content = add_file(making, path, hasher, steps);
            const auto expected = relative.parent_path().string() + relative.filename().string();
            if (names == Names::are_hashes && hasher.finish().hex() != expected) ++damaged_count;
        }
        making.add(std::move(entry));
    }
    return damaged_count;
}

Manifest back_up(MakingOptions options, const Source& source, const Pace& pace)
{
    sqlite::Snapshot snapshot{source.store};
    Making making{std::move(options)};
    const auto began = Stopwatch::now();
    read_through(snapshot, pace, [&](std::string_view piece) {
        for (std::size_t at = 0; at < piece.size(); at += chunk_bytes) making.put(piece.substr(at, chunk_bytes));
    });

    Manifest manifest{
        .name = {}, .product = {}, .store = "sqlite", .key_id = {}, .salt = {}, .counts = {}, .catalogue = {}};
    making.add(
        {.path = "store.db", .is_folder = false, .content = add_moment(making, snapshot, source, pace, manifest)});
    // After the store's moment: whatever its rows name is on the disk by then, and is never removed.
    if (const auto damaged = add_folder(making, source.files, "blobs/", Names::are_hashes, pace))
        manifest.counts[damaged_blob_count] = damaged;
    manifest.took = std::chrono::duration_cast<Duration>(Stopwatch::now() - began);
    return making.finish(std::move(manifest));
}

}  // namespace shouwen::vault
