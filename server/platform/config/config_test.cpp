#include "platform/config/config.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace shouwen;
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

config::Config good(std::string_view toml, const config::Environment& environment = {})
{
    auto result = config::parse(toml, "shouwen.toml", environment);
    if (result) return *result;
    for (const auto& error : result.error()) ADD_FAILURE() << error.text();
    return {};
}

std::vector<std::string> errors(std::string_view toml, const config::Environment& environment = {})
{
    std::vector<std::string> texts;
    const auto result = config::parse(toml, "shouwen.toml", environment);
    if (!result)
        for (const auto& error : result.error()) texts.push_back(error.text());
    return texts;
}

}  // namespace

TEST(Config, HasDefaultsForEverything)
{
    const auto config = good("");
    EXPECT_EQ(config.http.listen, "127.0.0.1:8080");
    EXPECT_EQ(config.store.url, "sqlite:shouwen.db");
    EXPECT_EQ(config.organisation.time_zone, "Asia/Shanghai");
    EXPECT_EQ(config.data.dir, "shouwen-data");
}

TEST(Config, IsReadFromToml)
{
    const auto config = good(R"(
        [http]
        listen = "[::1]:443"
        loops = 4
        trusted_proxies = ["10.0.0.1", "::1"]
        web = "web/dist"
        drain = "PT5S"
        [store]
        url = "sqlite:/var/lib/shouwen/main.db"
        queue_max = 100
        [log]
        level = "debug"
        format = "json"
        [organisation]
        name = "首问客服中心"
        time_zone = "Asia/Taipei"
        language = "zh-TW"
        [security]
        cookie_secure = true
        session_idle = "PT30M"
        session_max = "P1D"
        [backup]
        dir = "/backup"
        at = ["14:30", "02:30"]
        interval = "PT12H"
        keep_daily = 3
        keep_weekly = 0
        key_file = "/etc/shouwen/backup.key"
        drill_interval = "P1D"
    )");
    EXPECT_EQ(config.http.listen, "[::1]:443");
    EXPECT_EQ(config.http.loops, 4U);
    EXPECT_THAT(config.http.trusted_proxies, ElementsAre("10.0.0.1", "::1"));
    EXPECT_EQ(config.http.web, "web/dist");
    EXPECT_EQ(config.store.queue_max, 100U);
    EXPECT_EQ(config.data.dir, "/var/lib/shouwen/shouwen-data");
    EXPECT_EQ(config.log.level, log::Level::debug);
    EXPECT_EQ(config.log.format, log::Format::json);
    EXPECT_EQ(config.organisation.name, "首问客服中心");
    EXPECT_EQ(config.organisation.language, "zh-TW");
    EXPECT_TRUE(config.security.cookie_secure);
    EXPECT_EQ(config.security.session_idle, 30min);
    EXPECT_EQ(config.http.drain, 5s);
    EXPECT_EQ(config.security.session_max, 24h);
    EXPECT_EQ(config.backup.dir, "/backup");
    EXPECT_EQ(config.backup.interval, 12h);
    EXPECT_THAT(config.backup.at, ElementsAre(2h + 30min, 14h + 30min));
    EXPECT_EQ(config.backup.keep_daily, 3U);
    EXPECT_EQ(config.backup.keep_weekly, 0U);
    EXPECT_EQ(config.backup.key_file, "/etc/shouwen/backup.key");
    EXPECT_EQ(config.backup.drill_interval, 24h);
}

TEST(Config, IsOverriddenByTheEnvironment)
{
    const auto config =
        good("[http]\nlisten = \"127.0.0.1:1\"\n", {{"SHOUWEN_HTTP_LISTEN", "0.0.0.0:80"},
                                                    {"SHOUWEN_HTTP_TRUSTED_PROXIES", "10.0.0.1, 10.0.0.2"},
                                                    {"SHOUWEN_SECURITY_COOKIE_SECURE", "true"},
                                                    {"SHOUWEN_STORE_QUEUE_MAX", "77"},
                                                    {"SHOUWEN_DEMO_PASSWORD", "of no concern here"}});
    EXPECT_EQ(config.http.listen, "0.0.0.0:80");
    EXPECT_THAT(config.http.trusted_proxies, ElementsAre("10.0.0.1", "10.0.0.2"));
    EXPECT_TRUE(config.security.cookie_secure);
    EXPECT_EQ(config.store.queue_max, 77U);
}

TEST(Config, TellsPlaceKeyAndExpectationOfEachError)
{
    struct {
        const char* toml;
        config::Environment environment;
        const char* then;
    } cases[] = {
        {"[http]\nlisten = \"8080\"", {}, "shouwen.toml:2:10: http.listen: expected ADDRESS:PORT, as 127.0.0.1:8080"},
        {"[http]\nlisten = \"1.2.3.4:70000\"",
         {},
         "shouwen.toml:2:10: http.listen: expected ADDRESS:PORT, as 127.0.0.1:8080"},
        {"[http]\nlisten = 8080", {}, "shouwen.toml:2:10: http.listen: expected ADDRESS:PORT, as 127.0.0.1:8080"},
        {"[http]\nloops = 0", {}, "shouwen.toml:2:9: http.loops: expected a number from 1 to 64"},
        {"[http]\nloops = \"2\"", {}, "shouwen.toml:2:9: http.loops: expected a number from 1 to 64"},
        {"[http]\ntrusted_proxies = [\"all\"]",
         {},
         "shouwen.toml:2:19: http.trusted_proxies: expected a list of IP addresses, as [\"10.0.0.1\"]"},
        {"[http]\ntrusted_proxies = [1]",
         {},
         "shouwen.toml:2:19: http.trusted_proxies: expected a list of IP addresses, as [\"10.0.0.1\"]"},
        {"[http]\n  listne = \"x\"",
         {},
         "shouwen.toml:2:3: http.listne: unknown key; [http] has listen, loops, trusted_proxies, web, drain"},
        {"[htp]\nx = 1",
         {},
         "shouwen.toml:1:2: htp: unknown section; there are [http], [store], [data], [log], [organisation], [security], [webhook], [backup], [identity]"},
        {"http = 1", {}, "shouwen.toml:1:8: http: expected a section [http]"},
        {"[store]\nurl = \"mysql:x\"", {}, "shouwen.toml:2:7: store.url: expected sqlite:PATH or postgresql://…"},
        {"[log]\nlevel = \"loud\"", {}, "shouwen.toml:2:9: log.level: expected debug, info, warning or error"},
        {"[organisation]\ntime_zone = \"Asia/Atlantis\"",
         {},
         "shouwen.toml:2:13: organisation.time_zone: expected a time zone's IANA name, as Asia/Shanghai"},
        {"[organisation]\nlanguage = \"fr\"",
         {},
         "shouwen.toml:2:12: organisation.language: expected zh-CN, zh-TW or en"},
        {"[backup]\nat = [\"24:00\"]",
         {},
         "shouwen.toml:2:6: backup.at: expected a list of times of the day, as [\"02:30\", \"14:30\"]"},
        {"[backup]\npassphrase = \"short\"", {}, "shouwen.toml:2:14: backup.passphrase: expected 12 to 1000 bytes"},
        {"[backup]\npassphrase = \"long enough words\"\nkey_file = \"x\"",
         {},
         "shouwen.toml: backup.passphrase: expected none beside backup.key_file: one key encrypts"},
        {"[backup]\nverified_max_age = \"P1D\"",
         {},
         "shouwen.toml: backup.drill_interval: expected at most backup.verified_max_age"},
        {"[security]\nsession_idle = \"8 hours\"",
         {},
         "shouwen.toml:2:16: security.session_idle: expected a duration from PT1M to P30D, as PT8H"},
        {"[security]\nsession_idle = \"P2D\"",
         {},
         "shouwen.toml: security.session_idle: expected at most security.session_max"},
        {"[security]\ncookie_secure = \"yes\"",
         {},
         "shouwen.toml:2:17: security.cookie_secure: expected true or false"},
        {"", {{"SHOUWEN_HTTP_LOOPS", "many"}}, "environment: SHOUWEN_HTTP_LOOPS: expected a number from 1 to 64"},
        {"", {{"SHOUWEN_HTTP_LISTNE", "x"}}, "environment: SHOUWEN_HTTP_LISTNE: unknown variable"},
        {"",
         {{"SHOUWEN_SECURITY_COOKIE_SECURE", "1"}},
         "environment: SHOUWEN_SECURITY_COOKIE_SECURE: expected true or false"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.toml);
        EXPECT_THAT(errors(c.toml, c.environment), ElementsAre(c.then));
    }
}

TEST(Config, TellsWhereTheFileIsNoToml)
{
    for (const char* broken : {"[http\nlisten = 1", "[http]\nlisten = \"x", "[http]\nlisten = 1\nlisten = 2", "\xff"}) {
        SCOPED_TRACE(broken);
        const auto found = errors(broken);
        ASSERT_EQ(found.size(), 1U);
        EXPECT_THAT(found[0], ::testing::MatchesRegex("shouwen\\.toml:[0-9]+:[0-9]+: .*"));
    }
    EXPECT_EQ(errors("13\315\2117\0064").size(), 1U);
    EXPECT_THAT(errors("[[[hh80ar"), ElementsAre("shouwen.toml: this is no TOML"));
    EXPECT_THAT(errors("[http]\nloops = 0\nlisten = \"\"\n[log]\nlevel = \"x\"\n").size(), 3U) << "all at once";
    EXPECT_FALSE(config::load("/nowhere/at/all.toml", {}));
    EXPECT_FALSE(config::load("/", {}));
}
