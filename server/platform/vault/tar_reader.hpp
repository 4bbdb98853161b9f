#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace shouwen::vault {

/// Reads a tar archive (ustar) as it arrives, in pieces of any length.
class TarReader {
public:
    struct Member {
        std::string path;
        char type = '0';  ///< `0` a file, `5` a folder, `2` a link
        std::uint64_t size_bytes = 0;
    };
    struct Visitor {
        std::function<void(const Member&)> begin;
        std::function<void(std::string_view)> data;  ///< of a file, in order
        std::function<void(const Member&)> end;
    };

    explicit TarReader(Visitor visitor) : visitor_(std::move(visitor)) {}
    /// @throws std::runtime_error when it is no tar
    void add(std::string_view bytes);
    /// Whether it came to its end.
    bool is_complete() const { return ended_; }

private:
    void read_header();

    Visitor visitor_;
    std::string header_;
    Member member_;
    std::uint64_t data_left_ = 0;
    std::uint64_t padding_left_ = 0;
    bool ended_ = false;
};

}  // namespace shouwen::vault
