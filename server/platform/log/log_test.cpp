#include "platform/log/log.hpp"
#include "platform/log/line.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/spdlog.h>

using namespace shouwen;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

namespace {

template <class T>
constexpr bool can_be_logged = std::is_constructible_v<log::Value, T>;
static_assert(can_be_logged<int> && can_be_logged<std::uint64_t> && can_be_logged<bool> && can_be_logged<TicketId> &&
              can_be_logged<log::Level>);
static_assert(!can_be_logged<std::string> && !can_be_logged<const std::string&> && !can_be_logged<std::string_view>);
static_assert(!can_be_logged<const char*> && !can_be_logged<char*> && !can_be_logged<char>);

std::string line(log::Format format, std::initializer_list<log::Field> fields)
{
    return log::format_line(format, from_ms(1'790'000'000'123), log::Level::info, "ticket_created",
                            {fields.begin(), fields.size()});
}

/// Restores standard error when the test is over.
struct Captured {
    Captured(log::Level level, log::Format format)
    {
        log::configure(level, format, [this](std::string_view text) { lines.emplace_back(text); });
    }
    ~Captured() { log::configure(log::Level::info, log::Format::logfmt); }
    std::vector<std::string> lines;
};

}  // namespace

TEST(LogLines, AreLogfmtOrJson)
{
    const std::initializer_list<log::Field> fields = {{"ticket", TicketId{1}},  {"count", 3},
                                                      {"late", true},           {"share", 0.25},
                                                      {"took", Duration{1500}}, {"place", "two words"}};
    EXPECT_EQ(
        line(log::Format::logfmt, fields),
        "time=2026-09-21T14:13:20.123Z level=info event=ticket_created ticket=0000000000001 count=3 late=true share=0.25 took=PT1.500S place=\"two words\"");
    EXPECT_EQ(
        line(log::Format::json, fields),
        R"({"time":"2026-09-21T14:13:20.123Z","level":"info","event":"ticket_created","ticket":"0000000000001","count":3,"late":"true","share":0.25,"took":"PT1.500S","place":"two words"})");
}

TEST(LogLines, StayOneLineWhateverTheMachineSays)
{
    struct {
        const char* name;
        std::string_view text;
        const char* then;
    } cases[] = {
        {"line ends", "a\r\nlevel=error event=forged", R"("a\u000d\nlevel=error event=forged")"},
        {"colours of a terminal", "\x1b[31m", R"("\u001b[31m")"},
        {"C1 control", "\xc2\x9b", R"("\u00c2\u009b")"},
        {"quotes", R"(say "x\y")", R"("say \"x\\y\"")"},
        {"broken UTF-8", "\xff\xfe", R"("\u00ff\u00fe")"},
        {"Chinese", "磁盘", "\"磁盘\""},
        {"nothing", "", "\"\""},
        {"plain", "/var/lib/x.db", "/var/lib/x.db"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const std::string written = line(log::Format::logfmt, {{"what", log::Machine{c.text}}});
        EXPECT_THAT(written, EndsWith(std::string(" what=") + c.then));
        EXPECT_EQ(written.find_first_of("\r\n\x1b"), std::string::npos);
    }
    EXPECT_LT(line(log::Format::json, {{"what", log::Machine{std::string(100'000, 'x')}}}).size(), 500U);
}

TEST(Log, WritesFromTheLevelOn)
{
    Captured captured(log::Level::warning, log::Format::logfmt);
    log::info("quiet");
    log::warning("loud", {{"number", 7}});
    ASSERT_EQ(captured.lines.size(), 1U);
    EXPECT_THAT(captured.lines[0], StartsWith("time=20"));
    EXPECT_THAT(captured.lines[0], EndsWith(" level=warning event=loud number=7\n"));
}

TEST(Log, GivesForeignLinesTheSameForm)
{
    Captured captured(log::Level::info, log::Format::json);
    spdlog::error("library says\n{}", 1);
    ASSERT_EQ(captured.lines.size(), 1U);
    EXPECT_THAT(captured.lines[0], HasSubstr(R"("level":"error","event":"note","text":"library says\n1"})"));
}
