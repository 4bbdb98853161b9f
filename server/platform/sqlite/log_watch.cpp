#include "platform/sqlite/log_watch.hpp"

#include "platform/sql/refused.hpp"
#include "platform/sql/sql.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace shouwen::sqlite {
namespace {

constexpr std::size_t log_header_bytes = 32;
constexpr std::size_t frame_header_bytes = 24;
constexpr int index_region_bytes = 32'768;
constexpr std::size_t index_header_bytes = 48;
constexpr int tries_max = 1'000'000;

std::uint32_t native(const std::uint8_t* at)
{
    std::uint32_t number = 0;
    std::memcpy(&number, at, sizeof number);
    return number;
}

std::uint32_t big_endian(const std::uint8_t* at)
{
    return (std::uint32_t{at[0]} << 24) | (std::uint32_t{at[1]} << 16) | (std::uint32_t{at[2]} << 8) | at[3];
}

}  // namespace

LogWatch::LogWatch(sqlite3_file* file, const std::filesystem::path& store, std::size_t page_bytes)
    : file_(file), path_(store.string() + "-wal"), page_bytes_(page_bytes)
{
    begin_part(state().salt);
}

LogWatch::~LogWatch()
{
    if (log_ >= 0) ::close(log_);  // SQLite keeps its locks elsewhere
}

/// The index's header is there twice; a reader takes it when both are the same, as SQLite does.
LogWatch::State LogWatch::state() const
{
    void volatile* mapped = nullptr;
    const int result = file_->pMethods->xShmMap(file_, 0, index_region_bytes, 0, &mapped);
    if (result != SQLITE_OK || !mapped) throw sql::DatabaseFault("the index of the store's log cannot be read");
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-const-cast): SQLite reads it in the same way, between the same barriers.
    const auto* index = static_cast<const std::uint8_t*>(const_cast<const void*>(mapped));
    for (int i = 0; i < tries_max; ++i) {
        std::array<std::uint8_t, index_header_bytes> one{};
        std::array<std::uint8_t, index_header_bytes> two{};
        std::memcpy(one.data(), index, one.size());
        file_->pMethods->xShmBarrier(file_);
        std::memcpy(two.data(), index + index_header_bytes, two.size());
        file_->pMethods->xShmBarrier(file_);
        const auto in_file = native(index + 2 * index_header_bytes);
        file_->pMethods->xShmBarrier(file_);
        // And still the same: the count of what is in the file belongs to this part of the log.
        if (one != two || std::memcmp(index, one.data(), one.size()) != 0) continue;
        State state;
        state.frames = native(&one[16]);
        state.in_file = std::min(in_file, state.frames);
        std::copy_n(&one[32], state.salt.size(), state.salt.begin());
        return state;
    }
    throw sql::DatabaseFault("the index of the store's log does not come to rest");
}

std::uint64_t LogWatch::position(std::size_t index) const
{
    return log_header_bytes + std::uint64_t{index} * (frame_header_bytes + page_bytes_);
}

std::optional<LogWatch::Frame> LogWatch::frame(std::size_t index) const
{
    if (log_ < 0) log_ = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    if (log_ < 0) return std::nullopt;
    std::array<std::uint8_t, frame_header_bytes> header{};
    const auto got = ::pread(log_, header.data(), header.size(), static_cast<off_t>(position(index)));
    if (got != static_cast<ssize_t>(header.size())) return std::nullopt;
    Frame frame{.page = big_endian(header.data()), .salt = {}};
    std::copy_n(&header[8], frame.salt.size(), frame.salt.begin());
    return frame;
}

void LogWatch::begin_part(const Salt& salt)
{
    salt_ = salt;
    settled_ = 0;
    unsettled_.clear();
}

/// A log that was cut to its kept size ends in the middle of a frame, or before what was seen of it.
bool LogWatch::ends_where_it_was_written() const
{
    struct stat found {};
    if (log_ < 0 || ::fstat(log_, &found) != 0) return false;
    const auto size = static_cast<std::uint64_t>(found.st_size);
    return size >= position(settled_ + unsettled_.size()) &&
           (size - log_header_bytes) % (frame_header_bytes + page_bytes_) == 0;
}

bool LogWatch::read_rest_of_old_part(const Salt& next)
{
    if (big_endian(next.data()) != big_endian(salt_.data()) + 1) return false;  // more than one part was missed
    const std::size_t first = settled_ + unsettled_.size();
    for (std::size_t i = first;; ++i) {
        const auto found = frame(i);
        if (!found && !ends_where_it_was_written()) return false;
        if (!found || found->salt != salt_) break;
        unsettled_.push_back(found->page);
    }
    // The new part is written from the beginning on: where it has not come to, nothing was overwritten.
    const auto overtaken = frame(first);
    return !(overtaken && overtaken->salt == next) && state().salt == next;
}

void LogWatch::look()
{
    for (;;) {
        const auto now = state();
        if (now.salt != salt_) {
            const bool is_whole = read_rest_of_old_part(now.salt);
            is_all_ = is_all_ || !is_whole;
            // A part ends when all of it is in the file, though perhaps after that was read.
            earlier_.insert(earlier_.end(), unsettled_.begin(), unsettled_.end());
            begin_part(now.salt);
        }
        bool is_same = true;
        while (settled_ + unsettled_.size() < now.frames) {
            const auto found = frame(settled_ + unsettled_.size());
            is_same = found && found->salt == salt_;
            if (!is_same) break;
            unsettled_.push_back(found->page);
        }
        if (is_same) return;  // else it was begun anew just now
        if (state().salt == salt_) throw sql::DatabaseFault("the store's log is not what its index says");
    }
}

LogWatch::Changed LogWatch::take()
{
    look();
    const auto now = state();
    Changed changed{is_all_, std::move(earlier_)};
    changed.pages.insert(changed.pages.end(), unsettled_.begin(), unsettled_.end());
    is_all_ = false;
    earlier_.clear();
    if (now.salt != salt_) return changed;  // the next look sorts it out
    const auto gone = now.in_file > settled_ ? std::min<std::size_t>(now.in_file - settled_, unsettled_.size()) : 0;
    unsettled_.erase(unsettled_.begin(), unsettled_.begin() + static_cast<std::ptrdiff_t>(gone));
    settled_ += gone;
    return changed;
}

}  // namespace shouwen::sqlite
