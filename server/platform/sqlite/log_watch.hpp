#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

struct sqlite3_file;

namespace shouwen::sqlite {

/// Which pages of a store's file may be others than when they were last read: told by its write-ahead log, through which every
/// change comes (https://www.sqlite.org/walformat.html). Only looks; holds no lock and nothing back.
///
/// The log is begun anew when all of it is in the file. What was added to its old part since the last look is still there
/// unless the new part has come as far; so looking often enough loses nothing, and a look that came too late says so.
class LogWatch {
public:
    /// @param file  SQLite's own handle of the store, of a connection that has read in WAL mode
    LogWatch(sqlite3_file* file, const std::filesystem::path& store, std::size_t page_bytes);
    ~LogWatch();
    LogWatch(const LogWatch&) = delete;
    LogWatch& operator=(const LogWatch&) = delete;

    /// Notes what the log has named since the last look.
    void look();

    struct Changed {
        bool is_all = false;               ///< it cannot be told, and any page may be another
        std::vector<std::uint32_t> pages;  ///< counted from 1, some more than once
    };
    /// What has to be read from now on. A page that the log names and that was not in the file before this call is told
    /// again by the next one: it may get there after it was read.
    Changed take();

private:
    using Salt = std::array<std::uint8_t, 8>;
    struct State {
        Salt salt{};                ///< of this part of the log; the next part's begins with one more
        std::uint32_t frames = 0;   ///< committed
        std::uint32_t in_file = 0;  ///< of them, moved into the file
    };
    struct Frame {
        std::uint32_t page;
        Salt salt;
    };

    State state() const;
    std::optional<Frame> frame(std::size_t index) const;
    std::uint64_t position(std::size_t index) const;
    /// Whether all of the old part that was not seen could be read.
    bool read_rest_of_old_part(const Salt& next);
    void begin_part(const Salt& salt);
    bool ends_where_it_was_written() const;

    sqlite3_file* file_;
    std::filesystem::path path_;
    std::size_t page_bytes_;
    mutable int log_ = -1;
    Salt salt_{};
    bool is_all_ = true;                    ///< nothing was read yet
    std::vector<std::uint32_t> earlier_;    ///< named in parts that ended
    std::vector<std::uint32_t> unsettled_;  ///< named by the frames from `settled_` to `settled_ + size`
    std::size_t settled_ = 0;
};

}  // namespace shouwen::sqlite
