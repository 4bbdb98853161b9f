#pragma once

#include "base/names.hpp"
#include "base/result.hpp"
#include "platform/outgoing/address.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Requests to addresses that somebody typed. The server stands where its visitor does not, so it must not become their way
/// to the machines around it.
namespace shouwen::outgoing {

using Ports = std::pair<std::uint16_t, std::uint16_t>;  ///< from, to
/// `443` or `8000-8999`.
std::optional<Ports> parse_ports(std::string_view text);

/// Where requests may go.
struct Guard {
    std::vector<AddressRange> allowed = {};  ///< inner addresses that may be reached all the same
    bool plain_http = false;                 ///< without TLS too: for tests and closed networks
    std::vector<Ports> ports = {{443, 443}};

    bool may_reach(const Address& address) const;
    bool may_use(unsigned port) const;
};

// What is wrong with an address that was typed. The spelling is the API's.
BOOST_DEFINE_ENUM_CLASS(UrlFault, not_a_url, not_https, credentials_in_url, port_refused, address_refused)

/// An address taken apart by the same parser that connects later.
struct Url {
    std::string text;  ///< written as the parser understood it
    std::string host;  ///< in ASCII, without brackets and final dot
    std::uint16_t port = 0;
};

/// @returns the address, or why no request may go there. A name says nothing about where it leads: that is checked when it
/// is resolved, and once more on the socket.
Result<Url, UrlFault> parse_url(std::string_view text, const Guard& guard);

}  // namespace shouwen::outgoing
