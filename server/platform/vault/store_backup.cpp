#include "platform/vault/store_backup.hpp"

#include "platform/sql/migration.hpp"
#include "platform/sqlite/snapshot.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace shouwen::vault {
namespace {

namespace fs = std::filesystem;
using Stopwatch = std::chrono::steady_clock;  // measures how long a step takes, never what time it is

constexpr std::size_t step_bytes = 1 << 20;
constexpr int moments_max = 3;
constexpr int rounds_max = 8;
constexpr std::uint64_t left_bytes_least = 16 << 20;  ///< may always be left for the moment
/// ioprio_set(2) of this thread to the idle class; the kernel's header for it does not compile as C++.
constexpr int whose_thread = 1;
constexpr int idle_class = 3 << 13;
constexpr const char* damaged_blob_count = "attachment_damaged";

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

/// The store's file as chunks that lie in the vault, brought up to date again and again while it is written to.
class Reading {
public:
    Reading(Making& making, sqlite::Snapshot& snapshot) : making_(making), snapshot_(snapshot) {}

    /// @returns the bytes that have to be read (again)
    std::uint64_t look_again()
    {
        // The size first: what is added later is told as a change. The last chunk's length goes with it.
        if (!stale_.empty()) stale_.back() = true;
        size_ = snapshot_.size_bytes();
        const auto count = static_cast<std::size_t>((size_ + chunk_bytes - 1) / chunk_bytes);
        names_.resize(count);
        stale_.resize(count, true);
        if (count > 0) stale_.back() = true;
        const auto changed = snapshot_.changed();
        if (changed.is_all) stale_.assign(count, true);
        for (const auto page : changed.pages) {
            const auto chunk = (std::uint64_t{page} - 1) * snapshot_.page_bytes() / chunk_bytes;
            if (chunk < count) stale_[static_cast<std::size_t>(chunk)] = true;
        }
        return static_cast<std::uint64_t>(std::ranges::count(stale_, true)) * chunk_bytes;
    }
    void read(const Pace& pace)
    {
        each_stale(
            pace, [&](const Piece& piece, char* into) { snapshot_.read_at(piece.position, into, piece.length); },
            [&](const Piece& piece, std::string_view bytes) {
                put(piece, bytes);
                snapshot_.look();
            });
    }
    /// Only copies, as that is quickest; `put_kept` does the rest.
    template <class OnStep>
    void keep(File& kept, OnStep on_step)
    {
        const Pace without_rests{.rests = 0};
        each_stale(
            without_rests,
            [&](const Piece& piece, char* into) { snapshot_.read_at(piece.position, into, piece.length); },
            [&](const Piece&, std::string_view bytes) {
                kept.write(bytes);
                on_step();
            });
    }
    void put_kept(const File& kept, const Pace& pace)
    {
        each_stale(
            pace, [&](const Piece& piece, char* into) { kept.read_at(piece.position_among, into, piece.length); },
            [&](const Piece& piece, std::string_view bytes) { put(piece, bytes); });
    }
    Stream finish() { return StreamWriter::finish(making_, std::move(names_), size_); }

private:
    struct Piece {
        std::size_t first;             ///< chunk
        std::size_t end;               ///< chunk after the last
        std::uint64_t position;        ///< in the file
        std::uint64_t position_among;  ///< in all that is stale, put one after the other
        std::size_t length;
    };

    template <class Fetch, class Visit>
    void each_stale(const Pace& pace, Fetch fetch, Visit visit)
    {
        Steps steps{pace};
        const auto total = static_cast<std::uint64_t>(std::ranges::count(stale_, true)) * chunk_bytes;
        std::string bytes(step_bytes, '\0');
        std::uint64_t done = 0;
        for (std::size_t i = 0; i < stale_.size();) {
            std::size_t end = i;
            while (end < stale_.size() && end - i < step_bytes / chunk_bytes && stale_[end]) ++end;
            if (end > i) {
                const auto position = std::uint64_t{i} * chunk_bytes;
                const auto length = std::min<std::uint64_t>((end - i) * chunk_bytes, size_ - position);
                const Piece piece{i, end, position, done, static_cast<std::size_t>(length)};
                fetch(piece, bytes.data());
                visit(piece, std::string_view{bytes}.substr(0, piece.length));
                done += length;
                steps.done((end - i) * chunk_bytes, total);
            }
            i = std::max(end, i + 1);
        }
    }
    void put(const Piece& piece, std::string_view bytes)
    {
        for (std::size_t i = piece.first; i < piece.end; ++i) {
            names_[i] = making_.put(bytes.substr((i - piece.first) * chunk_bytes, chunk_bytes));
            stale_[i] = false;
        }
    }

    Making& making_;
    sqlite::Snapshot& snapshot_;
    std::uint64_t size_ = 0;
    std::vector<Hash> names_;
    std::vector<bool> stale_;
};

/// What the moment's bytes are kept in, without a name, beside the store: they are as much in the clear as the store is.
File nameless_file(const fs::path& folder)
{
    static std::atomic<int> count{0};
    const auto path = folder / fmt::format(".moment-{}-{}", ::getpid(), ++count);
    File file{path, O_RDWR | O_CREAT | O_TRUNC};
    fs::remove(path);
    return file;
}

/// As much as may be kept there without taking the room from the store.
std::uint64_t room_for_keeping(const fs::path& folder)
{
    std::error_code none;
    const auto space = fs::space(folder, none);
    return none ? 0 : space.available / 4;
}

/// Until little enough is left, or what is left shrinks no more: then as much is written as is read.
/// @returns what is left
std::uint64_t catch_up(Reading& reading, std::uint64_t enough, const Pace& pace)
{
    auto left = reading.look_again();
    for (int i = 0; left > enough && i < rounds_max; ++i) {
        reading.read(pace);
        const auto before = std::exchange(left, reading.look_again());
        if (left > before / 2) break;
    }
    return left;
}

void read_moment(Reading& reading, sqlite::Snapshot& snapshot, const Source& source, File& kept, Manifest& manifest)
{
    snapshot.hold();
    manifest.schema = sql::schema_version(snapshot.connection());
    if (source.count) manifest.counts = source.count(snapshot.connection());
    reading.look_again();
    reading.keep(kept, [&] {
        if (snapshot.log_bytes() > source.log_bytes_max) throw LogTooLong{};
    });
    snapshot.release();
}

/// When too much is written meanwhile, it is tried again without rests, and with less left to the moment.
Stream read_store(Making& making, sqlite::Snapshot& snapshot, const Source& source, const Pace& pace,
                  Manifest& manifest)
{
    const auto folder = source.store.has_parent_path() ? source.store.parent_path() : fs::path{"."};
    Reading reading{making, snapshot};
    Pace now = pace;
    reading.look_again();
    reading.read(now);
    auto enough = std::max(left_bytes_least, room_for_keeping(folder));
    for (int i = 0; i < moments_max; ++i) {
        auto kept = nameless_file(folder);
        const auto left = catch_up(reading, enough, now);
        try {
            read_moment(reading, snapshot, source, kept, manifest);
            reading.put_kept(kept, now);
            return reading.finish();
        } catch (const LogTooLong&) {
            snapshot.release();
        }
        now.rests = 0;
        enough = std::max(left_bytes_least, left / 4);
    }
    throw sql::DatabaseFault(fmt::format(
        "more was written than can be backed up beside it: the log of {} passed {} MB while what had changed was read. "
        "Back up when less is written, or raise store.wal_mib_max",
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
    Manifest manifest{
        .name = {}, .product = {}, .store = "sqlite", .key_id = {}, .salt = {}, .counts = {}, .catalogue = {}};
    making.add(
        {.path = "store.db", .is_folder = false, .content = read_store(making, snapshot, source, pace, manifest)});
    // After the store's moment: whatever its rows name is on the disk by then, and is never removed.
    if (const auto damaged = add_folder(making, source.files, "blobs/", Names::are_hashes, pace))
        manifest.counts[damaged_blob_count] = damaged;
    manifest.took = std::chrono::duration_cast<Duration>(Stopwatch::now() - began);
    return making.finish(std::move(manifest));
}

}  // namespace shouwen::vault
