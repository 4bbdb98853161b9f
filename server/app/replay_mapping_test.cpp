#include "app/replay_mapping.hpp"

#include "base/names.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace shouwen::app {
namespace {

using namespace std::chrono_literals;

std::vector<std::string> row(std::initializer_list<std::pair<std::size_t, const char*>> changes = {})
{
    std::vector<std::string> fields{"101001240735",
                                    "2015-01-01 00:25:23",
                                    "2015-01-16 08:30:00",
                                    "2015-01-02 16:17:43",
                                    "ONTIME",
                                    "Closed",
                                    "Case Resolved",
                                    "PRINTED",
                                    "Public Works Department",
                                    "Street Lights",
                                    "Street Light Outages",
                                    "PWDx_Street Light Outages",
                                    "PWDx",
                                    "Dorchester",
                                    "02215",
                                    "Address",
                                    "Citizens Connect App"};
    for (const auto& [column, text] : changes) fields[column] = text;
    return fields;
}

Result<HistoricTicket, RowFault> mapped(const std::vector<std::string>& fields)
{
    return map_row(7, fields, *Zone::find(historic_zone));
}

TEST(Replay, MapsARowOfBostonsCases)
{
    const auto ticket = mapped(row());
    ASSERT_TRUE(ticket);
    EXPECT_EQ(ticket->case_id, "101001240735");
    EXPECT_EQ(ticket->channel, Channel::chat);
    EXPECT_EQ(ticket->class_, Class::repair);
    EXPECT_EQ(ticket->grade, Grade::L3);
    EXPECT_EQ(ticket->department, "PWDx");
    EXPECT_EQ(ticket->area, "Dorchester");
    EXPECT_EQ(to_rfc3339(ticket->opened_at), "2015-01-01T05:25:23.000Z");
    EXPECT_EQ(ticket->taken_at, ticket->opened_at + 40min);
    EXPECT_EQ(to_rfc3339(*ticket->target_at), "2015-01-16T13:30:00.000Z");
    EXPECT_EQ(ticket->result, "Case Resolved");
    EXPECT_FALSE(ticket->at_first_contact);
}

TEST(Replay, SummerTimeCountsInBoston)
{
    const auto ticket = mapped(row({{1, "2015-07-01 00:00:00"}, {2, ""}, {3, "2015-07-01 01:00:00"}}));
    ASSERT_TRUE(ticket);
    EXPECT_EQ(to_rfc3339(ticket->opened_at), "2015-07-01T04:00:00.000Z");
    EXPECT_TRUE(ticket->at_first_contact);
    EXPECT_EQ(ticket->taken_at, ticket->opened_at + 40min);
}

TEST(Replay, RejectsRowsThatCannotBeTickets)
{
    struct {
        const char* name;
        std::vector<std::string> given;
        const char* then;
    } cases[] = {
        {"closed before it was opened", row({{3, "2014-12-31 10:00:00"}}), "contradicts itself: closed 2014-12-31"},
        {"closed without a time", row({{3, ""}}), "closed, but without a closing time"},
        {"open with a time", row({{5, "Open"}}), "open, but with a closing time"},
        {"no such day", row({{1, "2015-02-30 10:00:00"}}), "OPEN_DT: expected YYYY-MM-DD HH:MM:SS, found '2015-02-30"},
        {"American date", row({{2, "01/16/2015 08:30"}}), "TARGET_DT: expected"},
        {"no such hour", row({{3, "2015-01-02 24:00:00"}}), "CLOSED_DT: expected"},
        {"no opening", row({{1, ""}}), "OPEN_DT: expected"},
        {"foreign channel", row({{16, "Pigeon"}}), "Source: expected one of the seven known, found 'Pigeon'"},
        {"foreign state", row({{5, "Maybe"}}), "CASE_STATUS: expected Open or Closed"},
        {"number that is none", row({{0, "10100x"}}), "CASE_ENQUIRY_ID: expected a number"},
        {"too few columns", {"101001240735", "2015"}, "expected 17 columns, found 2"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto ticket = mapped(c.given);
        ASSERT_FALSE(ticket);
        EXPECT_EQ(ticket.error().line, 7);
        EXPECT_NE(ticket.error().reason.find(c.then), std::string::npos) << ticket.error().reason;
    }
}

TEST(Replay, ClassIsFoundByTheWords)
{
    struct {
        const char* words;
        Class then;
    } cases[] = {{"Signs / Sign Repair", Class::repair},
                 {"Misc. Snow Complaint", Class::complaint},
                 {"Highway Maintenance / Pothole Repair (Internal)", Class::repair},
                 {"Employee & General Comments / General Comments For An Employee", Class::suggestion},
                 {"Participatory Budgeting Idea Collection", Class::suggestion},
                 {"Mayor's 24 Hour Hotline / Notification", Class::consultation},
                 {"Trees / Tree Maintenance Requests", Class::help}};
    for (const auto& c : cases) EXPECT_EQ(class_of_words(c.words), c.then) << c.words;
}

TEST(Replay, GradeIsTheTimeThatTheCityGaveItself)
{
    const Instant opened = from_ms(1'420'000'000'000);
    EXPECT_EQ(grade_of(opened, opened + 23h), Grade::L1);
    EXPECT_EQ(grade_of(opened, opened + 24h), Grade::L2);
    EXPECT_EQ(grade_of(opened, opened + 72h), Grade::L2);
    EXPECT_EQ(grade_of(opened, opened + 73h), Grade::L3);
    EXPECT_EQ(grade_of(opened, std::nullopt), Grade::L3);
    EXPECT_EQ(grade_of(opened, opened - 1h), Grade::L3);
}

TEST(Replay, EverySourceHasItsChannel)
{
    EXPECT_EQ(channel_of_source("Constituent Call"), Channel::phone);
    EXPECT_EQ(channel_of_source("Self Service"), Channel::web);
    EXPECT_EQ(channel_of_source("City Worker App"), Channel::counter);
    EXPECT_EQ(channel_of_source("Maximo Integration"), Channel::api);
    EXPECT_FALSE(channel_of_source(""));
}

TEST(Replay, StrayControlCharactersBecomeSpaces)
{
    const auto ticket = mapped(row({{6, "Done\tby\xC2\x85 crew "}, {7, ""}}));
    ASSERT_TRUE(ticket);
    EXPECT_EQ(ticket->result, "Done by  crew");
    EXPECT_EQ(ticket->subject, "Street Light Outages");
}

TEST(Replay, KnowsItsHeader)
{
    std::vector<std::string> header{historic_columns.begin(), historic_columns.end()};
    EXPECT_FALSE(foreign_header(header));
    header[6] = "closure";
    EXPECT_EQ(*foreign_header(header), "foreign file: column 7 of the header: expected CLOSURE_REASON, found closure");
    header.resize(3);
    EXPECT_TRUE(foreign_header(header));
}

}  // namespace
}  // namespace shouwen::app
