#include "platform/outgoing/address.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace shouwen::outgoing {
namespace {

bool in_any(const std::vector<AddressRange>& ranges, const Address& address)
{
    return std::ranges::any_of(ranges, [&](const AddressRange& range) { return range.contains(address); });
}

std::vector<AddressRange> ranges_of(std::initializer_list<const char*> texts)
{
    std::vector<AddressRange> ranges;
    for (const char* text : texts) ranges.push_back(AddressRange::parse(text).value());
    return ranges;
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text)
{
    const std::string terminated{text};
    if (terminated.size() != std::strlen(terminated.c_str())) return std::nullopt;
    Address address;
    if (inet_pton(AF_INET, terminated.c_str(), address.bytes_.data()) == 1) return address;
    address.is_v4_ = false;
    if (inet_pton(AF_INET6, terminated.c_str(), address.bytes_.data()) == 1) return address;
    return std::nullopt;
}

std::optional<Address> Address::of(const sockaddr& given)
{
    Address address;
    if (given.sa_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &given, sizeof v4);
        std::memcpy(address.bytes_.data(), &v4.sin_addr, 4);
        return address;
    }
    if (given.sa_family != AF_INET6) return std::nullopt;
    sockaddr_in6 v6{};
    std::memcpy(&v6, &given, sizeof v6);
    std::memcpy(address.bytes_.data(), &v6.sin6_addr, 16);
    address.is_v4_ = false;
    return address;
}

std::string Address::text() const
{
    std::array<char, INET6_ADDRSTRLEN> buffer{};
    inet_ntop(is_v4_ ? AF_INET : AF_INET6, bytes_.data(), buffer.data(), buffer.size());
    return buffer.data();
}

std::optional<AddressRange> AddressRange::parse(std::string_view text)
{
    const auto slash = text.find('/');
    const auto first = Address::parse(text.substr(0, slash));
    if (!first) return std::nullopt;
    AddressRange range;
    range.first_ = *first;
    const int width = first->is_v4() ? 32 : 128;
    range.bits_ = width;
    if (slash == std::string_view::npos) return range;
    const auto bits = text.substr(slash + 1);
    const auto [end, fault] = std::from_chars(bits.data(), bits.data() + bits.size(), range.bits_);
    if (fault != std::errc{} || end != bits.data() + bits.size() || range.bits_ < 0 || range.bits_ > width)
        return std::nullopt;
    return range;
}

bool AddressRange::contains(const Address& address) const
{
    if (address.is_v4() != first_.is_v4()) return false;
    for (int bit = 0; bit < bits_; ++bit) {
        const auto place = static_cast<std::size_t>(bit / 8);
        const auto mask = static_cast<std::uint8_t>(0x80U >> (bit % 8));
        if (((first_.bytes()[place] ^ address.bytes()[place]) & mask) != 0) return false;
    }
    return true;
}

bool is_public(const Address& address)
{
    static const auto closed_v4 =
        ranges_of({"0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
                   "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
                   "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
                   // The one cloud whose machines ask for their secrets at a public address.
                   "168.63.129.16"});
    // Of IPv6 only what is handed out worldwide is open, and of that not the ways to IPv4 (Teredo, 6to4) nor the examples.
    static const auto open_v6 = ranges_of({"2000::/3"});
    static const auto closed_v6 = ranges_of({"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"});
    if (address.is_v4()) return !in_any(closed_v4, address);
    return in_any(open_v6, address) && !in_any(closed_v6, address);
}

}  // namespace shouwen::outgoing
