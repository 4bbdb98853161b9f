#include "platform/vault/tar_reader.hpp"

#include <algorithm>
#include <stdexcept>

namespace shouwen::vault {
namespace {

constexpr std::size_t block_bytes = 512;

std::string_view text_at(std::string_view header, std::size_t at, std::size_t length)
{
    const auto field = header.substr(at, length);
    return field.substr(0, field.find('\0'));
}

/// Octal digits, or, when the first bit is set, a number of base 256.
std::uint64_t number_at(std::string_view header, std::size_t at, std::size_t length)
{
    const auto field = header.substr(at, length);
    std::uint64_t value = 0;
    if ((static_cast<unsigned char>(field[0]) & 0x80U) != 0) {
        for (std::size_t i = 1; i < field.size(); ++i) value = (value << 8U) | static_cast<unsigned char>(field[i]);
        return value;
    }
    for (const char c : field) {
        if (c == ' ' || c == '\0') continue;
        if (c < '0' || c > '7') throw std::runtime_error("the archive holds something that is no tar");
        value = value * 8 + static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

bool has_right_sum(std::string_view header)
{
    constexpr std::size_t sum_at = 148, sum_length = 8;
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < header.size(); ++i)
        sum += i >= sum_at && i < sum_at + sum_length ? ' ' : static_cast<unsigned char>(header[i]);
    return sum == number_at(header, sum_at, sum_length);
}

}  // namespace

void TarReader::read_header()
{
    if (std::ranges::all_of(header_, [](char c) { return c == '\0'; })) {
        ended_ = true;
        return;
    }
    if (!has_right_sum(header_)) throw std::runtime_error("the archive holds something that is no tar");
    member_ = {.path = std::string{text_at(header_, 0, 100)},
               .type = header_[156] == '\0' ? '0' : header_[156],
               .size_bytes = number_at(header_, 124, 12)};
    if (const auto prefix = text_at(header_, 345, 155); text_at(header_, 257, 5) == "ustar" && !prefix.empty())
        member_.path = std::string{prefix} + "/" + member_.path;
    if (member_.type != '0') member_.size_bytes = 0;
    data_left_ = member_.size_bytes;
    padding_left_ = (block_bytes - member_.size_bytes % block_bytes) % block_bytes;
    visitor_.begin(member_);
    if (data_left_ == 0) visitor_.end(member_);
}

void TarReader::add(std::string_view bytes)
{
    while (!bytes.empty() && !ended_) {
        std::size_t taken = 0;
        if (data_left_ > 0) {
            taken = static_cast<std::size_t>(std::min<std::uint64_t>(data_left_, bytes.size()));
            visitor_.data(bytes.substr(0, taken));
            data_left_ -= taken;
            if (data_left_ == 0) visitor_.end(member_);
        } else if (padding_left_ > 0) {
            taken = static_cast<std::size_t>(std::min<std::uint64_t>(padding_left_, bytes.size()));
            padding_left_ -= taken;
        } else {
            taken = std::min(block_bytes - header_.size(), bytes.size());
            header_ += bytes.substr(0, taken);
            if (header_.size() == block_bytes) {
                read_header();
                header_.clear();
            }
        }
        bytes.remove_prefix(taken);
    }
}

}  // namespace shouwen::vault
