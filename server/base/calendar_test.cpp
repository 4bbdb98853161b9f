#include "base/deadline.hpp"

#include <gtest/gtest.h>

using namespace shouwen;
using namespace std::chrono_literals;

namespace {

Instant at(const char* text)
{
    const auto instant = parse_rfc3339(text);
    EXPECT_TRUE(instant) << text;
    return *instant;
}

WorkingCalendar weekdays(std::vector<WorkingWindow> windows, const char* zone = "Asia/Shanghai")
{
    WorkingCalendar calendar{"office", "Office", zone, CalendarKind::working, {}, true, Weekday::monday};
    for (std::size_t day = 0; day < 5; ++day) calendar.week[day] = windows;
    return calendar;
}

/// Monday to Friday 9:00 to 12:00 and 13:30 to 18:00 in Shanghai, with public holidays.
Calendar office()
{
    return Calendar::make(weekdays({{540, 720}, {810, 1080}})).value();
}

/// Monday to Sunday within one window, without public holidays.
Calendar daily(const char* zone, WorkingWindow window)
{
    auto calendar = weekdays({window}, zone);
    calendar.week.fill({window});
    calendar.uses_public_holidays = false;
    return Calendar::make(calendar).value();
}

}  // namespace

TEST(E5_Limits, AreReadAsTheyAreWritten)
{
    for (const char* text : {"PT2H", "PT2H/W", "P1WD", "P1D", "PT15M", "P5WD", "P3650WD"}) {
        const auto limit = parse_limit(text);
        ASSERT_TRUE(limit) << text;
        EXPECT_EQ(to_string(*limit), text);
    }
    EXPECT_EQ(parse_limit("P1WD")->kind, LimitKind::working_days);
    EXPECT_EQ(parse_limit("P1W"), Limit::natural_time(168h));
    for (const char* bad :
         {"", "P0WD", "P-1WD", "PWD", "P1.5WD", "P3651WD", "1WD", "PT2H/", "PT2H/X", "/W", "2h", "P1WD/W"})
        EXPECT_FALSE(parse_limit(bad)) << bad;
}

TEST(D5_WorkingCalendar, CountsAcrossLunchNightsWeekendsAndHolidays)
{
    struct {
        const char* name;
        const char* start;
        const char* limit;
        const char* then;
    } cases[] = {
        {"within the morning", "2026-03-02T09:00:00+08:00", "PT2H/W", "2026-03-02T11:00:00+08:00"},
        {"up to lunch exactly", "2026-03-02T09:00:00+08:00", "PT3H/W", "2026-03-02T12:00:00+08:00"},
        {"over lunch", "2026-03-02T11:00:00+08:00", "PT2H/W", "2026-03-02T14:30:00+08:00"},
        {"from within lunch", "2026-03-02T12:40:00+08:00", "PT1H/W", "2026-03-02T14:30:00+08:00"},
        {"over the night", "2026-03-02T17:30:00+08:00", "PT1H/W", "2026-03-03T09:30:00+08:00"},
        {"over the weekend", "2026-03-06T17:00:00+08:00", "PT2H/W", "2026-03-09T10:00:00+08:00"},
        {"from Saturday", "2026-03-07T10:00:00+08:00", "PT1H/W", "2026-03-09T10:00:00+08:00"},
        {"the make-up Saturday before Spring Festival 2026 is worked", "2026-02-13T17:00:00+08:00", "PT2H/W",
         "2026-02-14T10:00:00+08:00"},
        {"over Spring Festival 2026", "2026-02-14T17:00:00+08:00", "PT2H/W", "2026-02-24T10:00:00+08:00"},
        {"over National Day 2026", "2026-09-30T17:30:00+08:00", "PT1H/W", "2026-10-08T09:30:00+08:00"},
        {"National Day's make-up Saturday", "2026-10-09T17:30:00+08:00", "PT1H/W", "2026-10-10T09:30:00+08:00"},
        {"National Day's make-up Sunday in September", "2026-09-18T17:30:00+08:00", "PT1H/W",
         "2026-09-20T09:30:00+08:00"},
        {"natural time runs through holidays", "2026-09-30T17:30:00+08:00", "PT24H", "2026-10-01T17:30:00+08:00"},
        {"nothing to do is due at once, also at night", "2026-03-02T03:00:00+08:00", "PT0S/W",
         "2026-03-02T03:00:00+08:00"},
        {"one working day", "2026-03-02T10:00:00+08:00", "P1WD", "2026-03-03T10:00:00+08:00"},
        {"one working day from Friday", "2026-03-06T10:00:00+08:00", "P1WD", "2026-03-09T10:00:00+08:00"},
        {"one working day from Saturday", "2026-03-07T10:00:00+08:00", "P1WD", "2026-03-09T10:00:00+08:00"},
        {"from before opening: moved to the opening", "2026-03-02T07:00:00+08:00", "P1WD", "2026-03-03T09:00:00+08:00"},
        {"from within lunch: moved behind it", "2026-03-02T12:30:00+08:00", "P1WD", "2026-03-03T13:30:00+08:00"},
        {"from after closing: moved to closing", "2026-03-02T20:00:00+08:00", "P1WD", "2026-03-03T18:00:00+08:00"},
        {"from when lunch begins: behind it", "2026-03-02T12:00:00+08:00", "P1WD", "2026-03-03T13:30:00+08:00"},
        {"from closing: closing", "2026-03-02T18:00:00+08:00", "P1WD", "2026-03-03T18:00:00+08:00"},
        {"one working day before Spring Festival", "2026-02-13T10:00:00+08:00", "P1WD", "2026-02-14T10:00:00+08:00"},
        {"two working days over Spring Festival", "2026-02-13T10:00:00+08:00", "P2WD", "2026-02-24T10:00:00+08:00"},
        {"three working days over National Day and its make-up day", "2026-09-30T10:00:00+08:00", "P3WD",
         "2026-10-10T10:00:00+08:00"},
    };
    const Calendar calendar = office();
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto deadline = due(calendar, at(c.start), *parse_limit(c.limit));
        ASSERT_TRUE(deadline);
        EXPECT_EQ(to_rfc3339(deadline->at), to_rfc3339(at(c.then)));
        EXPECT_TRUE(deadline->years_without_data.empty());
    }
}

TEST(D5_WorkingCalendar, KeepsToTheClockOnTheWallWhenSummerTimeComesAndGoes)
{
    struct {
        const char* name;
        const char* zone;
        WorkingWindow window;
        const char* start;
        const char* limit;
        const char* then;
    } cases[] = {
        {"gap in New York cuts a night shift",
         "America/New_York",
         {0, 240},
         "2026-03-08T00:00:00-05:00",
         "PT3H/W",
         "2026-03-08T04:00:00-04:00"},
        {"overlap in New York lengthens it",
         "America/New_York",
         {0, 240},
         "2026-11-01T00:00:00-04:00",
         "PT5H/W",
         "2026-11-01T04:00:00-05:00"},
        {"a window within the overlap comes twice",
         "America/New_York",
         {60, 90},
         "2026-11-01T00:00:00-04:00",
         "PT1H/W",
         "2026-11-01T01:30:00-05:00"},
        {"a window within the gap does not come",
         "America/New_York",
         {120, 180},
         "2026-03-08T00:00:00-05:00",
         "PT1H/W",
         "2026-03-09T03:00:00-04:00"},
        {"half an hour on Lord Howe",
         "Australia/Lord_Howe",
         {60, 180},
         "2026-10-04T01:00:00+10:30",
         "PT2H/W",
         "2026-10-05T01:30:00+11:00"},
        {"office hours after the change",
         "Europe/London",
         {540, 1080},
         "2026-03-28T17:00:00Z",
         "PT2H/W",
         "2026-03-29T10:00:00+01:00"},
        {"a working day keeps the local time",
         "Europe/London",
         {540, 1080},
         "2026-03-28T10:00:00Z",
         "P1WD",
         "2026-03-29T10:00:00+01:00"},
        {"a working day to a skipped local time",
         "America/New_York",
         {0, 1440},
         "2026-03-07T02:30:00-05:00",
         "P1WD",
         "2026-03-08T03:00:00-04:00"},
        {"a working day to a repeated local time: its first",
         "America/New_York",
         {0, 1440},
         "2026-10-31T01:30:00-04:00",
         "P1WD",
         "2026-11-01T01:30:00-04:00"},
        {"a day whose only window is skipped is no working day",
         "America/New_York",
         {120, 180},
         "2026-03-07T02:30:00-05:00",
         "P1WD",
         "2026-03-09T02:30:00-04:00"},
        {"midnight does not exist",
         "America/Sao_Paulo",
         {0, 60},
         "2018-11-03T12:00:00-03:00",
         "PT1H/W",
         "2018-11-05T01:00:00-02:00"},
        {"natural time is real time",
         "America/New_York",
         {540, 1080},
         "2026-03-07T12:00:00-05:00",
         "P1D",
         "2026-03-08T13:00:00-04:00"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto deadline = due(daily(c.zone, c.window), at(c.start), *parse_limit(c.limit));
        ASSERT_TRUE(deadline);
        EXPECT_EQ(to_rfc3339(deadline->at), to_rfc3339(at(c.then)));
    }
}

TEST(D5_WorkingCalendar, KnowsADayThatBeginsTwice)
{
    // At 0:01 on Sunday the clocks went back to 23:01 on Saturday.
    auto definition = weekdays({}, "America/St_Johns");
    definition.uses_public_holidays = false;
    definition.week[5] = {{0, 1382}};
    definition.week[6] = {{540, 1080}};
    const auto calendar = Calendar::make(definition).value();
    const auto deadline = due(calendar, at("2009-10-31T00:00:00-02:30"), Limit::working_days(1));
    EXPECT_EQ(to_rfc3339(deadline->at), to_rfc3339(at("2009-11-01T09:00:00-03:30")));
}

TEST(D5_WorkingCalendar, MovesTheDeadlineByWhatWasPaused)
{
    struct {
        const char* name;
        const char* limit;
        std::vector<Pause> pauses;
        const char* then;
    } cases[] = {
        {"an hour of natural time",
         "PT2H",
         {{at("2026-03-02T10:00:00+08:00"), at("2026-03-02T11:00:00+08:00")}},
         "2026-03-02T12:00:00+08:00"},
        {"lunch paused changes nothing",
         "PT4H/W",
         {{at("2026-03-02T12:00:00+08:00"), at("2026-03-02T13:30:00+08:00")}},
         "2026-03-02T14:30:00+08:00"},
        {"overlapping pauses count once",
         "PT2H/W",
         {{at("2026-03-02T10:30:00+08:00"), at("2026-03-02T11:00:00+08:00")},
          {at("2026-03-02T10:00:00+08:00"), at("2026-03-02T10:40:00+08:00")}},
         "2026-03-02T12:00:00+08:00"},
        {"a pause before the start does not count",
         "PT1H/W",
         {{at("2026-03-01T09:00:00+08:00"), at("2026-03-02T09:30:00+08:00")}},
         "2026-03-02T10:30:00+08:00"},
        {"a pause after the limit does not count",
         "PT1H/W",
         {{at("2026-03-02T10:00:00+08:00"), at("2026-03-02T11:00:00+08:00")}},
         "2026-03-02T10:00:00+08:00"},
        {"a working day by two hours",
         "P1WD",
         {{at("2026-03-02T10:00:00+08:00"), at("2026-03-02T12:00:00+08:00")}},
         "2026-03-03T11:00:00+08:00"},
        {"a working day that ends within a pause",
         "P1WD",
         {{at("2026-03-03T08:00:00+08:00"), at("2026-03-03T10:00:00+08:00")}},
         "2026-03-03T10:00:00+08:00"},
        {"a pause of a week",
         "P1WD",
         {{at("2026-03-02T09:00:00+08:00"), at("2026-03-09T09:00:00+08:00")}},
         "2026-03-10T09:00:00+08:00"},
    };
    const Calendar calendar = office();
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto deadline = due(calendar, at("2026-03-02T09:00:00+08:00"), *parse_limit(c.limit), c.pauses);
        ASSERT_TRUE(deadline);
        EXPECT_EQ(to_rfc3339(deadline->at), to_rfc3339(at(c.then)));
    }
}

TEST(D5_WorkingCalendar, ExplainsWhatCountsAndWhy)
{
    const std::vector<Pause> pauses{{at("2026-02-14T10:00:00+08:00"), at("2026-02-14T10:30:00+08:00")}};
    const auto told = explain(office(), at("2026-02-13T17:00:00+08:00"), *parse_limit("PT9H30M/W"), pauses);
    ASSERT_TRUE(told);
    const auto on = [](const char* day_and_time) {
        return at((std::string{"2026-02-"} + day_and_time + ":00+08:00").c_str());
    };
    const std::vector<Span> then{
        {on("13T17:00"), on("13T18:00"), true, SpanReason::working},
        {on("13T18:00"), on("14T09:00"), false, SpanReason::closed},
        {on("14T09:00"), on("14T10:00"), true, SpanReason::make_up, "春节"},
        {on("14T10:00"), on("14T10:30"), false, SpanReason::paused},
        {on("14T10:30"), on("14T12:00"), true, SpanReason::make_up, "春节"},
        {on("14T12:00"), on("14T13:30"), false, SpanReason::break_},
        {on("14T13:30"), on("14T18:00"), true, SpanReason::make_up, "春节"},
        {on("14T18:00"), on("15T00:00"), false, SpanReason::closed},
        {on("15T00:00"), on("24T00:00"), false, SpanReason::holiday, "春节"},
        {on("24T00:00"), on("24T09:00"), false, SpanReason::closed},
        {on("24T09:00"), on("24T10:30"), true, SpanReason::working},
    };
    EXPECT_EQ(told->spans, then);
    EXPECT_EQ(told->due.at, on("24T10:30"));
}

TEST(D5_WorkingCalendar, WarnsOfYearsWhoseHolidaysAreUnknown)
{
    const auto deadline = due(office(), at("2026-12-30T10:00:00+08:00"), Limit::working_days(3));
    ASSERT_TRUE(deadline);
    EXPECT_EQ(deadline->warnings(), std::vector<std::string>{"year_without_data 2027"});
    const auto natural = due(office(), at("2026-12-30T10:00:00+08:00"), Limit::natural_time(240h));
    EXPECT_TRUE(natural.value().warnings().empty());
}

TEST(D5_WorkingCalendar, GivesUpWhenNobodyEverWorks)
{
    // The only window lies in an hour of Sundays in March, and all Sundays are holidays.
    auto definition = weekdays({});
    definition.week[6] = {{120, 180}};
    definition.make_up_weekday = Weekday::sunday;
    HolidayYear sundays{2026, "", {}};
    for (std::chrono::local_days day{std::chrono::year{2026} / 1 / 4};
         day < std::chrono::local_days{std::chrono::year{2040} / 1 / 1}; day += std::chrono::days{7})
        sundays.days.push_back({LocalDate{day}, SpecialDayKind::off, "closed"});
    const auto calendar = Calendar::make(definition, std::make_shared<const Holidays>(std::vector{sundays})).value();
    const Instant start = at("2026-01-01T00:00:00Z");
    EXPECT_EQ(due(calendar, start, Limit::working_time(1h)).error(), DeadlineRefusal::no_working_time);
    EXPECT_EQ(due(calendar, start, Limit::working_days(1)).error(), DeadlineRefusal::no_working_time);
    EXPECT_EQ(calendar.next_working_instant(start), std::nullopt);
    EXPECT_EQ(calendar.working_time_between(start, start + 24000h), 0ms);
}

TEST(D5_WorkingCalendar, IsCheckedWithPointersToAllThatIsWrong)
{
    using enum CalendarErrorCode;
    EXPECT_TRUE(check(weekdays({{540, 720}, {720, 1080}})).empty());
    auto wrong = weekdays({{540, 720}, {700, 800}});
    wrong.time_zone = "Asia/Nowhere";
    wrong.week[1] = {{-1, 1441}};
    wrong.week[2] = {{600, 600}};
    wrong.week[3] = {{600, 700}, {0, 100}};
    wrong.week[4] = {};
    const std::vector<CalendarError> then{
        {"/time_zone", zone_unknown},
        {"/week/monday/1/from", windows_overlap},
        {"/week/tuesday/0/from", window_out_of_range},
        {"/week/tuesday/0/to", window_out_of_range},
        {"/week/wednesday/0/to", window_empty},
        {"/week/thursday/1/from", windows_overlap},
    };
    EXPECT_EQ(check(wrong), then);
    EXPECT_EQ(Calendar::make(wrong).error(), then);
    EXPECT_EQ(check(weekdays({})), (std::vector<CalendarError>{{"/week", no_window}}));
    auto sunday_only = weekdays({});
    sunday_only.week[6] = {{540, 720}};
    EXPECT_EQ(check(sunday_only), (std::vector<CalendarError>{{"/make_up_weekday", make_up_day_without_window}}));
    for (const char* zone : {"", "../../etc/passwd", "Asia", "asia/shanghai "})
        EXPECT_EQ(Zone::find(zone), nullptr) << zone;
}

TEST(D5_WorkingCalendar, OfNaturalKindNeverStops)
{
    const auto calendar = Calendar::natural();
    const Instant start = at("2026-02-16T03:00:00+08:00");
    EXPECT_TRUE(calendar.is_working(start));
    EXPECT_EQ(due(calendar, start, Limit::working_time(30h))->at, start + 30h);
    EXPECT_EQ(due(calendar, start, Limit::working_days(2))->at, start + 48h);
    const auto told = explain(calendar, start, Limit::working_time(30h)).value();
    ASSERT_EQ(told.spans.size(), 1u);
    EXPECT_EQ(told.spans[0].reason, SpanReason::natural);
}
