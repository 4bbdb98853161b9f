#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

struct sockaddr;

namespace shouwen::outgoing {

/// An address of the network, IPv4 or IPv6, as the socket has it: no spelling can hide behind it.
class Address {
public:
    /// `192.0.2.1`, `2001:db8::1`; no brackets, no zone, none of the odd forms that libraries take.
    static std::optional<Address> parse(std::string_view text);
    /// @returns nothing when it is of another family
    static std::optional<Address> of(const sockaddr& address);

    bool is_v4() const { return is_v4_; }
    /// The 4 or 16 bytes, the first first.
    const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
    std::string text() const;
    bool operator==(const Address&) const = default;

private:
    std::array<std::uint8_t, 16> bytes_{};
    bool is_v4_ = true;
};

/// A range of addresses: `10.0.0.0/8`, `fd00::/8`, or one address.
class AddressRange {
public:
    static std::optional<AddressRange> parse(std::string_view text);
    /// An IPv4 address within IPv6 (`::ffff:10.0.0.1`) is in no range of IPv4.
    bool contains(const Address& address) const;

private:
    Address first_;
    int bits_ = 0;
};

/// Whether it belongs to somebody on the public internet: neither private, loopback, link-local, shared by a provider,
/// multicast, reserved, for documents, a cloud's own service, nor an IPv6 form that leads to an IPv4 address.
bool is_public(const Address& address);

}  // namespace shouwen::outgoing
