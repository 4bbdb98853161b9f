#pragma once

#include "base/instant.hpp"
#include "base/result.hpp"
#include "platform/log/log.hpp"

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shouwen::config {

/// All that an operator can choose. One TOML file; the key `listen` of `[http]` is overridden by the environment's
/// SHOUWEN_HTTP_LISTEN.
struct Config {
    struct Http {
        std::string listen = "127.0.0.1:8080";
        unsigned loops = 2;                        ///< threads that serve connections, 1 to 64
        std::vector<std::string> trusted_proxies;  ///< IP addresses whose X-Forwarded-For is believed
        std::filesystem::path web;                 ///< folder of the web app; empty: none is served
        Duration drain{0};  ///< how long before its end /readyz says so: until the proxies have noticed
    } http;
    struct Store {
        std::string url = "sqlite:shouwen.db";  ///< `sqlite:PATH` or `postgresql://…`
        std::size_t queue_max = 2'000;          ///< writes that may wait; beyond it 503
        std::size_t wal_mib_max = 512;          ///< of the embedded store's log; beyond it 503 (an old reader holds it)
    } store;
    struct Storage {
        std::filesystem::path dir;  ///< uploads and attachments; by default `shouwen-data` beside the SQLite file
    } data;
    struct Log {
        log::Level level = log::Level::info;
        log::Format format = log::Format::logfmt;
    } log;
    struct Organisation {
        std::string name;
        std::string time_zone = "Asia/Shanghai";  ///< IANA
        std::string language = "zh-CN";           ///< `zh-CN`, `zh-TW` or `en`
    } organisation;
    struct Security {
        bool cookie_secure = false;                     ///< set it as soon as there is TLS: sign-ins then need it
        Duration session_idle = std::chrono::hours{8};  ///< signed out after so long without a request
        Duration session_max = std::chrono::hours{24};  ///< signed out in any case
    } security;
    struct Webhook {
        std::vector<std::string> allow;  ///< inner addresses and ranges that webhooks may reach, as 10.1.0.0/16
        bool plain_http = false;         ///< without TLS too: only for tests and closed networks
        std::vector<std::string> ports = {"443"};     ///< or ranges, as 8000-8999
        Duration keep = std::chrono::hours{24 * 30};  ///< records of deliveries; dead letters three times as long
    } webhook;
    struct Backup {
        std::filesystem::path dir;  ///< empty: no backups by the server itself
        /// Times of the day in the organisation's zone; empty: each `interval`.
        std::vector<std::chrono::minutes> at = {std::chrono::minutes{150}};
        Duration interval = std::chrono::hours{24};
        unsigned keep_daily = 7;         ///< the newest of so many days are kept, 1 to 1000
        unsigned keep_weekly = 4;        ///< of so many weeks, 0 to 1000
        unsigned keep_monthly = 12;      ///< of so many months, 0 to 1000
        std::filesystem::path key_file;  ///< encrypts; empty, and no passphrase: backups are not encrypted
        std::string passphrase;
        Duration drill_interval = std::chrono::hours{24 * 7};    ///< the newest is restored and verified so often
        Duration verified_max_age = std::chrono::hours{24 * 9};  ///< no verified one younger than this is an alarm
        std::filesystem::path drill_dir;                         ///< where it is restored to; empty: below `data.dir`
    } backup;
    struct Identity {
        std::string url;              ///< where account and order numbers are looked up; empty: the table and the files
        std::filesystem::path table;  ///< CSV of such numbers; empty: none
        Duration timeout = std::chrono::seconds{5};
    } identity;
};

struct Error {
    std::string place;     ///< `FILE:LINE:COLUMN` or `environment`
    std::string key;       ///< `http.listen`, or the variable's name
    std::string expected;  ///< what is wrong, and what would be right

    /// `shouwen.toml:3:10: http.listen: expected ADDRESS:PORT, as 127.0.0.1:8080`
    std::string text() const;
};
using Errors = std::vector<Error>;

/// The variables that begin with SHOUWEN_.
using Environment = std::map<std::string, std::string>;
Environment environment_of_process();

/// @param toml  a whole file  @param file_name  for the errors
/// @returns all errors there are, not only the first
Result<Config, Errors> parse(std::string_view toml, std::string_view file_name, const Environment& environment);
/// @param file  read when given; a file that cannot be read is an error
Result<Config, Errors> load(const std::optional<std::filesystem::path>& file, const Environment& environment);

/// Every key with what it takes, for documents and tests: `http.listen` → `ADDRESS:PORT, as 127.0.0.1:8080`.
std::vector<std::pair<std::string, std::string>> keys();

/// Where files lie when nothing else was said: attachments are moved into place by renaming, so on the store's file system.
std::filesystem::path data_dir_of(const std::string& store_url);

}  // namespace shouwen::config
