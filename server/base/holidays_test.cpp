#include "base/holidays.hpp"

#include "base/shared_data_for_tests.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <map>

using namespace shouwen;
using namespace std::chrono;

namespace {

/// What we need of the comparison's JSON: pairs of "date" and "isOffDay", whatever else is there.
std::map<std::string, bool> off_days_in(const std::string& json)
{
    std::map<std::string, bool> days;
    for (auto at = json.find("\"date\": \""); at != std::string::npos; at = json.find("\"date\": \"", at + 1)) {
        const std::string date = json.substr(at + 9, 10);
        const auto flag = json.find("\"isOffDay\": ", at) + 12;
        days[date] = json.compare(flag, 4, "true") == 0;
    }
    return days;
}

}  // namespace

TEST(Holidays, AgreeDayByDayWithAnIndependentSource)
{
    const auto folder = shared_data() / "cn-holidays";
    if (!std::filesystem::exists(folder)) GTEST_SKIP() << "not beside this checkout";
    const auto ours = holidays_of_china();
    std::map<std::string, bool> theirs;
    for (int y = 2020; y <= 2026; ++y) theirs.merge(off_days_in(text_of(folder / (std::to_string(y) + ".json"))));
    ASSERT_GT(theirs.size(), 200u);
    int compared = 0;
    for (local_days day{year{2020} / 1 / 1}; day < local_days{year{2027} / 1 / 1}; day += days{1}, ++compared) {
        const auto date = to_string(LocalDate{day});
        const auto* mine = ours->find(day);
        const auto other = theirs.find(date);
        // They also list an ordinary Monday (2020-02-03) as worked; what counts is whether one works.
        const bool weekend = weekday{day}.iso_encoding() >= 6;
        const bool off_by_us = mine ? mine->kind == SpecialDayKind::off : weekend;
        const bool off_by_them = other != theirs.end() ? other->second : weekend;
        ASSERT_EQ(off_by_us, off_by_them) << date;
        if (mine && mine->kind == SpecialDayKind::off) ASSERT_TRUE(other != theirs.end()) << date;
    }
    EXPECT_EQ(compared, 2557);
}

TEST(Holidays, KnowTheirYearsAndTheNamesOfDays)
{
    const auto table = holidays_of_china();
    EXPECT_TRUE(table->covers(2020));
    EXPECT_TRUE(table->covers(2026));
    EXPECT_FALSE(table->covers(2019));
    EXPECT_FALSE(table->covers(2027));
    EXPECT_EQ(table->find(local_days{year{2026} / 2 / 17})->name, "春节");
    EXPECT_EQ(table->find(local_days{year{2026} / 2 / 14})->kind, SpecialDayKind::make_up);
    EXPECT_EQ(table->find(local_days{year{2026} / 2 / 24}), nullptr);
    EXPECT_EQ(table->find(local_days{year{1999} / 1 / 1}), nullptr);
    EXPECT_EQ(table->find(local_days{year{2999} / 1 / 1}), nullptr);
    for (const auto& y : table->years())
        for (const auto& day : y.days)
            if (day.kind == SpecialDayKind::make_up)
                EXPECT_GE(weekday{local_days{day.date}}.iso_encoding(), 6u) << to_string(day.date);
}

TEST(Holidays, OfAYearCanBeAddedAndReplaced)
{
    const Holidays none;
    const LocalDate new_year{year{2027} / 1 / 1};
    const auto once = none.with({2027, "notice", {{new_year, SpecialDayKind::off, "元旦"}}});
    EXPECT_TRUE(once.covers(2027));
    EXPECT_EQ(once.find(local_days{new_year})->name, "元旦");
    const auto again = once.with({2027, "notice", {}});
    EXPECT_TRUE(again.covers(2027));
    EXPECT_EQ(again.find(local_days{new_year}), nullptr);
}

TEST(Holidays, AreReadOrRefusedWithTheLine)
{
    struct {
        const char* text;
        int line;
    } cases[] = {
        {"nonsense", 1},
        {"\n# remark\nyear,27,notice", 3},
        {"year,2027,a\nyear,2027,b", 2},
        {"off,2027-01-01,2027-01-01,元旦", 1},
        {"year,2027,a\noff,2027-01-01,,元旦", 2},
        {"year,2027,a\noff,2027-01-03,2027-01-01,元旦", 2},
        {"year,2027,a\noff,2027-01-01,2027-02-30,元旦", 2},
        {"year,2027,a\noff,2027-01-01,2027-06-30,元旦", 2},
        {"year,2027,a\noff,2027-01-01,2027-01-03,元旦\nwork,2027-01-02,,元旦", 3},
        {"year,2027,a\noff,2026-11-30,2026-11-30,元旦", 2},
        {"year,2027,a\noff,2028-01-01,2028-01-01,元旦", 2},
        {"year,2027,a\noff,2027-01-01,2027-01-01,", 2},
        {"year,2027,a\nwork,2027-01-01", 2},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.text);
        const auto read = parse_holidays(c.text);
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().line, c.line);
        EXPECT_FALSE(read.error().expected.empty());
    }
    const auto good = parse_holidays(
        "\xEF\xBB\xBFyear,2027,a, with comma\r\noff,2026-12-31,2027-01-02,元旦\r\nwork,2027-01-03,,元旦\r\n");
    ASSERT_TRUE(good);
    ASSERT_EQ(good->size(), 1u);
    EXPECT_EQ(good->front().source, "a, with comma");
    EXPECT_EQ(good->front().days.size(), 4u);
}
