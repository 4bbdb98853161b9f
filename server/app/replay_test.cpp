#include "app/replay.hpp"

#include "app/centre.hpp"
#include "app/replay_store.hpp"
#include "base/shared_data_for_tests.hpp"

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

namespace shouwen::app {
namespace {

namespace fs = std::filesystem;

constexpr const char* header =
    "CASE_ENQUIRY_ID,OPEN_DT,TARGET_DT,CLOSED_DT,OnTime_Status,CASE_STATUS,CLOSURE_REASON,CASE_TITLE,SUBJECT,REASON,TYPE,QUEUE,Department,"
    "neighborhood,LOCATION_ZIPCODE,Property_Type,Source\n";
/// A call closed in time, a web case closed late, one open to this day, one that contradicts itself.
constexpr const char* four_rows =
    "1,2015-01-05 09:00:00,2015-01-16 08:30:00,2015-01-06 16:00:00,ONTIME,Closed,Fixed,Dark street,Public Works Department,Street Lights,"
    "Street Light Outages,PWDx_Lights,PWDx,Dorchester,02215,Address,Constituent Call\n"
    "2,2015-01-05 09:10:00,2015-01-08 08:30:00,2015-01-09 10:00:00,OVERDUE,Closed,Fixed,\"Snow, high\",Public Works Department,Highway,"
    "Misc. Snow Complaint,PWDx_Snow,PWDx,Roxbury,02119,Address,Self Service\n"
    "3,2015-01-05 09:20:00,,,ONTIME,Open,,Animal Found,Animal Control,Animal Issues,Animal Found,ANML02,ANML,,,,Constituent Call\n"
    "4,2015-01-06 09:20:00,,2015-01-06 09:00:00,ONTIME,Closed,Noted,Fire,Hotline,Notification,Notification,INFO09,INFO,Dorchester,02125,"
    "Address,Constituent Call\n";

class ReplayTest : public testing::Test {
protected:
    void SetUp() override
    {
        const auto* test = testing::UnitTest::GetInstance()->current_test_info();
        folder_ = fs::temp_directory_path() / ("replay_" + std::string{test->name()} + new_secret().substr(0, 6));
        fs::create_directories(folder_);
    }
    void TearDown() override { fs::remove_all(folder_); }

    fs::path given_file(const std::string& name, const std::string& text) const
    {
        std::ofstream{folder_ / name, std::ios::binary} << text;
        return folder_ / name;
    }
    int run(const fs::path& file, const std::string& store = "a.db", const ReplayCut& cut = {})
    {
        said_.str("");
        return replay({.place = {folder_ / store, folder_ / "data"}, .file = file, .report = folder_ / "report.json"},
                      cut, said_);
    }
    /// `case: type@time …` of every ticket, and the obligations' ends.
    std::map<std::string, std::string> told(const std::string& store)
    {
        static constexpr sql::Statement events{
            "test.events",
            "SELECT r.case_id, e.type, e.at, t.number FROM replay_ticket r JOIN ticket t ON t.id = r.ticket_id JOIN "
            "ticket_event e ON e.ticket_id = t.id ORDER BY r.line, e.seq"};
        static constexpr sql::Statement obligations{
            "test.obligations",
            "SELECT r.case_id, o.kind, o.due_at, COALESCE(o.breached_at, 0), o.warnings_count FROM replay_ticket r JOIN obligation o "
            "ON o.ticket_id = r.ticket_id ORDER BY r.line, o.no"};
        std::map<std::string, std::string> out;
        ManualClock clock{Instant{}};
        Centre centre{{.store = folder_ / store, .data_dir = folder_ / "data"}, clock};
        centre.store().read([&](sql::Connection& db) {
            db.each(events, [&](const sql::Row& row) {
                out[row.string(0)] += row.string(1) + "@" + std::to_string(row.integer(2)) + " " + row.string(3) + "\n";
            });
            db.each(obligations, [&](const sql::Row& row) {
                out[row.string(0)] += row.string(1) + " due " + std::to_string(row.integer(2)) + " breached " +
                                      std::to_string(row.integer(3)) + " warned " + std::to_string(row.integer(4)) +
                                      "\n";
            });
        });
        return out;
    }
    ReplayCounts counts(const std::string& store)
    {
        ReplayCounts out;
        ManualClock clock{Instant{}};
        Centre centre{{.store = folder_ / store, .data_dir = folder_ / "data"}, clock};
        centre.store().read([&](sql::Connection& db) { out = count_replayed(db); });
        return out;
    }

    fs::path folder_;
    std::ostringstream said_;
};

TEST_F(ReplayTest, EndsEachCaseAsTheDataSays)
{
    ASSERT_EQ(run(given_file("cases.csv", std::string{header} + four_rows)), 0) << said_.str();
    const auto all = counts("a.db");
    EXPECT_EQ(all.received, 3);
    EXPECT_EQ(all.archived, 2);
    EXPECT_EQ(all.open, 1);
    for (const auto& each : all.timeliness)
        if (each.kind == "keep_promise") {
            EXPECT_EQ(each.kept, 1);
            EXPECT_EQ(each.kept_late, 1);
        }
    EXPECT_NE(said_.str().find("line 5       4             contradicts itself: closed 2015-01-06 09:00:00 before"),
              std::string::npos)
        << said_.str();
    const auto report = text_of(folder_ / "report.json");
    EXPECT_NE(report.find(R"("rejected":[{"line":5,"case_id":"4")"), std::string::npos) << report;
}

TEST_F(ReplayTest, ASecondRunChangesNothing)
{
    const auto file = given_file("cases.csv", std::string{header} + four_rows);
    ASSERT_EQ(run(file), 0);
    const auto before = told("a.db");
    EXPECT_EQ(run(file), 0);
    EXPECT_NE(said_.str().find("nothing was changed"), std::string::npos);
    EXPECT_EQ(told("a.db"), before);
}

TEST_F(ReplayTest, GoesOnWhereItWasStopped)
{
    const auto file = given_file("cases.csv", std::string{header} + four_rows);
    ASSERT_EQ(run(file, "whole.db"), 0);
    for (int stops = 0; run(file, "parts.db", {.batch_steps = 1, .batches_max = 1}) == 1; ++stops) ASSERT_LT(stops, 20);
    EXPECT_EQ(told("parts.db"), told("whole.db"));
}

TEST_F(ReplayTest, RefusesAStoreOfSomethingElse)
{
    const auto file = given_file("cases.csv", std::string{header} + four_rows);
    ASSERT_EQ(run(file), 0);
    const auto before = told("a.db");
    EXPECT_EQ(run(given_file("other.csv", std::string{header})), 2);
    EXPECT_EQ(told("a.db"), before);
}

TEST_F(ReplayTest, RefusesForeignFiles)
{
    EXPECT_EQ(run(given_file("empty.csv", "")), 2);
    EXPECT_EQ(run(given_file("foreign.csv", "id,name\n1,x\n")), 2);
    EXPECT_EQ(run(given_file("binary.csv", std::string("\x7f"
                                                       "ELF\0\0",
                                                       6))),
              2);
    EXPECT_THROW(run(folder_ / "absent.csv"), std::runtime_error);
    EXPECT_FALSE(fs::exists(folder_ / "a.db"));
}

TEST_F(ReplayTest, KeepsWhatCameBeforeATruncatedRow)
{
    auto text = std::string{header} + four_rows;
    text.resize(text.find("3,2015-01-05 09:20") + 30);
    EXPECT_EQ(run(given_file("cut.csv", text)), 1);
    EXPECT_EQ(counts("a.db").received, 2);
    EXPECT_NE(said_.str().find("the file ends within this row"), std::string::npos) << said_.str();
}

TEST_F(ReplayTest, KeepsWhatCameBeforeTheEndOfATruncatedGzip)
{
    const auto whole = folder_ / "whole.csv.gz";
    gzFile out = gzopen(whole.c_str(), "wb");
    const auto text = std::string{header} + four_rows;
    ASSERT_GT(gzwrite(out, text.data(), static_cast<unsigned>(text.size())), 0);
    gzclose(out);
    const auto bytes = text_of(whole);
    const auto file =
        given_file("cut.csv.gz", bytes.substr(0, bytes.size() - 12));  // the trailer and a little of the last row
    const auto historic = read_historic(file);
    ASSERT_TRUE(historic);
    EXPECT_TRUE(historic->is_truncated);
    EXPECT_GE(historic->tickets.size(), 2U);
    EXPECT_EQ(historic->rejected.back().reason, "the gzip stream ends early; expected its end mark");
}

TEST_F(ReplayTest, RefusesTheSameCaseTwice)
{
    const std::string row{four_rows, std::string_view{four_rows}.find('\n') + 1};
    const auto historic = read_historic(given_file("twice.csv", header + row + row));
    ASSERT_TRUE(historic);
    EXPECT_EQ(historic->tickets.size(), 1U);
    ASSERT_EQ(historic->rejected.size(), 1U);
    EXPECT_EQ(historic->rejected[0].reason, "the same case stands in an earlier row");
}

/// 300 rows of the real file; one of them closes before it opens.
TEST_F(ReplayTest, ARealSliceHasItsCounts)
{
    const auto source = shared_data() / "boston-311-2015" / "cases.csv.gz";
    if (!fs::exists(source)) GTEST_SKIP() << "no " << source;
    gzFile in = gzopen(source.c_str(), "rb");
    std::string slice = header;
    std::vector<char> line(1 << 16);
    for (int i = -1; i < 31'300 && gzgets(in, line.data(), static_cast<int>(line.size())); ++i)
        if (i >= 31'000) slice += line.data();
    gzclose(in);
    const auto file = given_file("slice.csv", slice);
    ASSERT_EQ(run(file), 0);
    const auto whole = counts("a.db");
    EXPECT_EQ(whole.received, 299);
    EXPECT_EQ(whole.archived + whole.open, 299);
    EXPECT_EQ(whole.archived, 257);
    for (int stops = 0; run(file, "parts.db", {.batch_steps = 37, .batches_max = 5}) == 1; ++stops)
        ASSERT_LT(stops, 20);
    EXPECT_EQ(told("parts.db"), told("a.db"));
}

}  // namespace
}  // namespace shouwen::app
