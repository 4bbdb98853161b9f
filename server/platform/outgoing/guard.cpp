#include "platform/outgoing/guard.hpp"

#include <curl/curl.h>
#include <unicode/uidna.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>

namespace shouwen::outgoing {
namespace {

constexpr std::size_t url_bytes_max = 2'000;

using Handle = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;

std::optional<std::string> part_of(CURLU* url, CURLUPart part, unsigned flags = 0)
{
    char* text = nullptr;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return std::nullopt;
    std::string copy{text};
    curl_free(text);
    return copy;
}

/// Nothing that two parsers could read differently: blanks, control characters, backslashes.
bool is_plain(std::string_view text)
{
    return std::ranges::none_of(text, [](unsigned char c) { return c <= 0x20 || c == 0x7f || c == '\\'; });
}

/// The letters of a name after its conversion to ASCII, or of an address.
bool is_host(std::string_view host)
{
    return !host.empty() && host.size() <= 253 && std::ranges::all_of(host, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == '_' || c == ':';
    });
}

/// A name in its ASCII form. Digits and dots of other scripts become ours, so what comes out may be an address.
std::optional<std::string> ascii_name(const std::string& host)
{
    UErrorCode fault = U_ZERO_ERROR;
    const std::unique_ptr<UIDNA, decltype(&uidna_close)> idna{
        uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI | UIDNA_USE_STD3_RULES, &fault),
        &uidna_close};
    std::string name(256, '\0');
    UIDNAInfo found = UIDNA_INFO_INITIALIZER;
    const auto length = uidna_nameToASCII_UTF8(idna.get(), host.data(), static_cast<std::int32_t>(host.size()),
                                               name.data(), static_cast<std::int32_t>(name.size()), &found, &fault);
    if (U_FAILURE(fault) || found.errors != 0 || length <= 0 || length > 253) return std::nullopt;
    name.resize(static_cast<std::size_t>(length));
    return name;
}

bool is_ascii(std::string_view text)
{
    return std::ranges::all_of(text, [](unsigned char c) { return c < 0x80; });
}

}  // namespace

std::optional<Ports> parse_ports(std::string_view text)
{
    const auto dash = text.find('-');
    const auto number = [](std::string_view digits) -> std::optional<std::uint16_t> {
        std::uint16_t port = 0;
        const auto [end, fault] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
        if (fault != std::errc{} || end != digits.data() + digits.size() || port == 0) return std::nullopt;
        return port;
    };
    const auto from = number(text.substr(0, dash));
    const auto to = dash == std::string_view::npos ? from : number(text.substr(dash + 1));
    if (!from || !to || *from > *to) return std::nullopt;
    return Ports{*from, *to};
}

bool Guard::may_reach(const Address& address) const
{
    return is_public(address) ||
           std::ranges::any_of(allowed, [&](const AddressRange& range) { return range.contains(address); });
}

bool Guard::may_use(unsigned port) const
{
    return std::ranges::any_of(ports,
                               [port](const auto& range) { return range.first <= port && port <= range.second; });
}

Result<Url, UrlFault> parse_url(std::string_view text, const Guard& guard)
{
    if (text.size() > url_bytes_max || !is_plain(text)) return UrlFault::not_a_url;
    const Handle parsed{curl_url(), &curl_url_cleanup};
    if (curl_url_set(parsed.get(), CURLUPART_URL, std::string{text}.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
        return UrlFault::not_a_url;
    const auto scheme = part_of(parsed.get(), CURLUPART_SCHEME);
    if (scheme != "https" && (scheme != "http" || !guard.plain_http)) return UrlFault::not_https;
    if (part_of(parsed.get(), CURLUPART_USER) || part_of(parsed.get(), CURLUPART_PASSWORD))
        return UrlFault::credentials_in_url;

    auto host = part_of(parsed.get(), CURLUPART_HOST);
    if (host && !is_ascii(*host)) {
        // Taken apart once more, since only now it can be seen whether it is an address.
        const auto ascii = ascii_name(*host);
        if (!ascii || curl_url_set(parsed.get(), CURLUPART_HOST, ascii->c_str(), 0) != CURLUE_OK)
            return UrlFault::not_a_url;
        const auto whole = part_of(parsed.get(), CURLUPART_URL);
        return whole ? parse_url(*whole, guard) : UrlFault::not_a_url;
    }
    if (!host || part_of(parsed.get(), CURLUPART_ZONEID)) return UrlFault::not_a_url;
    if (host->ends_with('.')) host->pop_back();
    if (curl_url_set(parsed.get(), CURLUPART_HOST, host->c_str(), 0) != CURLUE_OK) return UrlFault::not_a_url;
    if (host->starts_with('[') && host->ends_with(']')) host = host->substr(1, host->size() - 2);
    if (!is_host(*host)) return UrlFault::not_a_url;
    const auto literal = Address::parse(*host);
    if (literal && !guard.may_reach(*literal)) return UrlFault::address_refused;
    if (!literal && host->find(':') != std::string::npos) return UrlFault::not_a_url;

    const auto port = part_of(parsed.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT).value_or("");
    unsigned number = 0;
    std::from_chars(port.data(), port.data() + port.size(), number);
    if (number == 0 || number > 65'535 || !guard.may_use(number)) return UrlFault::port_refused;

    curl_url_set(parsed.get(), CURLUPART_FRAGMENT, nullptr, 0);
    const auto whole = part_of(parsed.get(), CURLUPART_URL);
    if (!whole) return UrlFault::not_a_url;
    return Url{*whole, *host, static_cast<std::uint16_t>(number)};
}

}  // namespace shouwen::outgoing
