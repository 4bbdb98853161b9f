#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/result.hpp"

#include <gtest/gtest.h>

using namespace shouwen;
using namespace std::chrono_literals;

TEST(Instants, AreWrittenAndReadAsRfc3339)
{
    const auto at = parse_rfc3339("2026-11-22T10:00:00.123+08:00");
    ASSERT_TRUE(at);
    EXPECT_EQ(to_rfc3339(*at), "2026-11-22T02:00:00.123Z");
    EXPECT_EQ(parse_rfc3339(to_rfc3339(*at)), at);
    for (const char* bad : {"", "2026-02-30T00:00:00Z", "2026-11-22", "2026-11-22T24:00:00Z", "2026-11-22T10:00:00",
                            "2026-11-22T10:00:00.Z", "2026-11-22T10:00:00Zx", "2026-11-22T10:00:00+24:00"})
        EXPECT_FALSE(parse_rfc3339(bad)) << bad;
}

TEST(Durations, AreWrittenAndReadAsIso8601)
{
    struct {
        const char* text;
        std::optional<Duration> then;
    } cases[] = {
        {"PT15M", 15min},         {"P1DT2H", 26h},          {"P2W", 336h},
        {"PT0.5S", 500ms},        {"PT1H30M", 90min},       {"P1M", std::nullopt},
        {"PT", std::nullopt},     {"P", std::nullopt},      {"15M", std::nullopt},
        {"PT1M1H", std::nullopt}, {"P1H", std::nullopt},    {"PT1D", std::nullopt},
        {"PT-1M", std::nullopt},  {"PT1.5M", std::nullopt}, {"P999999999999D", std::nullopt},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        EXPECT_EQ(parse_iso_duration(c.text), c.then);
        if (c.then) EXPECT_EQ(parse_iso_duration(to_iso_duration(*c.then)), c.then);
    }
}

TEST(Ids, SortAsTextAsTheyWereMadeAlsoWhenTheClockGoesBack)
{
    IdSource source{3};
    TicketId before;
    for (int i = 0; i < 20000; ++i) {
        const auto id = source.next<TicketId>(from_ms(1'790'000'000'000 - i));
        EXPECT_LT(before.text(), id.text());
        EXPECT_EQ(TicketId::parse(id.text()), id);
        before = id;
    }
    IdSource restarted{3};
    restarted.continue_after(before.value);
    EXPECT_GT(restarted.next<TicketId>(from_ms(0)), before);
}

TEST(Ids, AreReadOnlyAsTheyAreWritten)
{
    for (const char* bad :
         {"", "0000000000000", "8000000000000", "000000000000", "00000000000001", "000000000000u", "000000000000A"})
        EXPECT_FALSE(TicketId::parse(bad)) << bad;
}
