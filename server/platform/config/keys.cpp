#include "platform/config/keys.hpp"

#include "base/text.hpp"
#include "base/zone.hpp"
#include "platform/outgoing/guard.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>

namespace shouwen::config {
namespace {

const std::string& text(const Given& given)
{
    return std::get<std::string>(given);
}

template <class Number>
bool set_between(Number& target, const Given& given, std::int64_t least, std::int64_t most)
{
    const auto number = std::get<std::int64_t>(given);
    if (number < least || number > most) return false;
    target = static_cast<Number>(number);
    return true;
}

bool set_path(std::filesystem::path& target, const Given& given)
{
    if (text(given).find('\0') != std::string::npos) return false;
    target = text(given);
    return true;
}

template <NamedEnum E>
bool set_named(E& target, const Given& given)
{
    const auto value = parse_name<E>(text(given));
    if (value) target = *value;
    return value.has_value();
}

bool set_duration(Duration& target, const Given& given, Duration least, Duration most)
{
    const auto duration = parse_iso_duration(text(given));
    if (!duration || *duration < least || *duration > most) return false;
    target = *duration;
    return true;
}

bool is_address(const std::string& address)
{
    std::array<unsigned char, 16> bytes{};
    return inet_pton(AF_INET, address.c_str(), bytes.data()) == 1 ||
           inet_pton(AF_INET6, address.c_str(), bytes.data()) == 1;
}

bool is_listen(const std::string& value)
{
    const auto colon = value.rfind(':');
    if (colon == std::string::npos) return false;
    std::string address = value.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    unsigned port = 0;
    const char* end = value.data() + value.size();
    const auto [rest, error] = std::from_chars(value.data() + colon + 1, end, port);
    return error == std::errc{} && rest == end && port <= 65535 && (address == "localhost" || is_address(address));
}

bool set_listen(Config& config, const Given& given)
{
    config.http.listen = text(given);
    return is_listen(text(given));
}

bool set_proxies(Config& config, const Given& given)
{
    config.http.trusted_proxies = std::get<std::vector<std::string>>(given);
    for (const auto& address : config.http.trusted_proxies)
        if (!is_address(address)) return false;
    return true;
}

bool set_store_url(Config& config, const Given& given)
{
    config.store.url = text(given);
    const std::string_view url = config.store.url;
    return (url.starts_with("sqlite:") && url.size() > 7) || url.starts_with("postgresql://");
}

bool set_name(Config& config, const Given& given)
{
    config.organisation.name = trim(text(given));
    return is_utf8(text(given)) && !has_control(text(given), LineBreaks::refused) &&
           code_point_count(text(given)) <= 100;
}

bool set_time_zone(Config& config, const Given& given)
{
    config.organisation.time_zone = text(given);
    return Zone::find(text(given)) != nullptr;
}

bool set_language(Config& config, const Given& given)
{
    config.organisation.language = text(given);
    return text(given) == "zh-CN" || text(given) == "zh-TW" || text(given) == "en";
}

bool set_allow(Config& config, const Given& given)
{
    config.webhook.allow = std::get<std::vector<std::string>>(given);
    for (const auto& range : config.webhook.allow)
        if (!outgoing::AddressRange::parse(range)) return false;
    return true;
}

bool set_identity_url(Config& config, const Given& given)
{
    config.identity.url = std::get<std::string>(given);
    return config.identity.url.starts_with("https://") || config.identity.url.starts_with("http://");
}

bool set_ports(Config& config, const Given& given)
{
    config.webhook.ports = std::get<std::vector<std::string>>(given);
    for (const auto& range : config.webhook.ports)
        if (!outgoing::parse_ports(range)) return false;
    return !config.webhook.ports.empty();
}

/// `02:30` as minutes since midnight.
std::optional<std::chrono::minutes> time_of_day(const std::string& text)
{
    const auto digit = [&](std::size_t i) { return text[i] >= '0' && text[i] <= '9' ? text[i] - '0' : -100; };
    if (text.size() != 5 || text[2] != ':') return std::nullopt;
    const int hours = digit(0) * 10 + digit(1), minutes = digit(3) * 10 + digit(4);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return std::nullopt;
    return std::chrono::minutes{hours * 60 + minutes};
}

bool set_times(Config& config, const Given& given)
{
    config.backup.at.clear();
    for (const auto& each : std::get<std::vector<std::string>>(given)) {
        const auto time = time_of_day(each);
        if (!time) return false;
        config.backup.at.push_back(*time);
    }
    std::ranges::sort(config.backup.at);
    return true;
}

bool set_passphrase(Config& config, const Given& given)
{
    config.backup.passphrase = text(given);
    return text(given).size() >= 12 && text(given).size() <= 1'000;
}

bool set_cookie_secure(Config& config, const Given& given)
{
    config.security.cookie_secure = std::get<bool>(given);
    return true;
}

using namespace std::chrono_literals;

constexpr Key table[] = {
    {"http.listen", Form::text, "ADDRESS:PORT, as 127.0.0.1:8080", set_listen},
    {"http.loops", Form::number, "a number from 1 to 64",
     [](Config& c, const Given& g) { return set_between(c.http.loops, g, 1, 64); }},
    {"http.trusted_proxies", Form::list, "a list of IP addresses, as [\"10.0.0.1\"]", set_proxies},
    {"http.web", Form::text, "a folder", [](Config& c, const Given& g) { return set_path(c.http.web, g); }},
    {"http.drain", Form::text, "a duration from PT0S to PT10M, as PT5S",
     [](Config& c, const Given& g) { return set_duration(c.http.drain, g, 0min, 10min); }},
    {"store.url", Form::text, "sqlite:PATH or postgresql://…", set_store_url},
    {"store.queue_max", Form::number, "a number from 10 to 100000",
     [](Config& c, const Given& g) { return set_between(c.store.queue_max, g, 10, 100'000); }},
    {"store.wal_mib_max", Form::number, "a number from 8 to 65536",
     [](Config& c, const Given& g) { return set_between(c.store.wal_mib_max, g, 8, 65'536); }},
    {"data.dir", Form::text, "a folder", [](Config& c, const Given& g) { return set_path(c.data.dir, g); }},
    {"log.level", Form::text, "debug, info, warning or error",
     [](Config& c, const Given& g) { return set_named(c.log.level, g); }},
    {"log.format", Form::text, "logfmt or json", [](Config& c, const Given& g) { return set_named(c.log.format, g); }},
    {"organisation.name", Form::text, "one line of at most 100 characters", set_name},
    {"organisation.time_zone", Form::text, "a time zone's IANA name, as Asia/Shanghai", set_time_zone},
    {"organisation.language", Form::text, "zh-CN, zh-TW or en", set_language},
    {"security.cookie_secure", Form::boolean, "true or false", set_cookie_secure},
    {"security.session_idle", Form::text, "a duration from PT1M to P30D, as PT8H",
     [](Config& c, const Given& g) { return set_duration(c.security.session_idle, g, 1min, 720h); }},
    {"security.session_max", Form::text, "a duration from PT1M to P90D, as PT24H",
     [](Config& c, const Given& g) { return set_duration(c.security.session_max, g, 1min, 2160h); }},
    {"webhook.allow", Form::list, "a list of addresses or ranges, as [\"10.1.0.0/16\"]", set_allow},
    {"webhook.plain_http", Form::boolean, "true or false",
     [](Config& c, const Given& g) { return c.webhook.plain_http = std::get<bool>(g), true; }},
    {"webhook.ports", Form::list, "a list of ports or ranges, as [\"443\", \"8000-8999\"]", set_ports},
    {"webhook.keep", Form::text, "a duration from P1D to P365D, as P30D",
     [](Config& c, const Given& g) { return set_duration(c.webhook.keep, g, 24h, 8760h); }},
    {"backup.dir", Form::text, "a folder", [](Config& c, const Given& g) { return set_path(c.backup.dir, g); }},
    {"backup.at", Form::list, "a list of times of the day, as [\"02:30\", \"14:30\"]", set_times},
    {"backup.interval", Form::text, "a duration from PT5M to P30D, as P1D",
     [](Config& c, const Given& g) { return set_duration(c.backup.interval, g, 5min, 720h); }},
    {"backup.keep_daily", Form::number, "a number from 1 to 1000",
     [](Config& c, const Given& g) { return set_between(c.backup.keep_daily, g, 1, 1000); }},
    {"backup.keep_weekly", Form::number, "a number from 0 to 1000",
     [](Config& c, const Given& g) { return set_between(c.backup.keep_weekly, g, 0, 1000); }},
    {"backup.keep_monthly", Form::number, "a number from 0 to 1000",
     [](Config& c, const Given& g) { return set_between(c.backup.keep_monthly, g, 0, 1000); }},
    {"backup.key_file", Form::text, "a file with 64 hexadecimal digits",
     [](Config& c, const Given& g) { return set_path(c.backup.key_file, g); }},
    {"backup.passphrase", Form::text, "12 to 1000 bytes", set_passphrase},
    {"backup.drill_interval", Form::text, "a duration from PT1H to P90D, as P7D",
     [](Config& c, const Given& g) { return set_duration(c.backup.drill_interval, g, 1h, 2160h); }},
    {"backup.verified_max_age", Form::text, "a duration from PT1H to P120D, as P9D",
     [](Config& c, const Given& g) { return set_duration(c.backup.verified_max_age, g, 1h, 2880h); }},
    {"backup.drill_dir", Form::text, "a folder",
     [](Config& c, const Given& g) { return set_path(c.backup.drill_dir, g); }},
    {"identity.url", Form::text, "an address, as https://crm.example.com/identity", set_identity_url},
    {"identity.table", Form::text, "a CSV file",
     [](Config& c, const Given& g) { return set_path(c.identity.table, g); }},
    {"identity.timeout", Form::text, "a duration from PT1S to PT15S, as PT5S",
     [](Config& c, const Given& g) { return set_duration(c.identity.timeout, g, 1s, 15s); }},
};

}  // namespace

std::span<const Key> all_keys()
{
    return table;
}

}  // namespace shouwen::config
