#include "app/demo.hpp"
#include "app/verify.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace shouwen::app {
namespace {

TEST(DemoVolumes, CopiesOfToldStoriesAreWholeTickets)
{
    const sqlite::TemporaryFolder folder;
    const Instant end{std::chrono::sys_days{std::chrono::year{2026} / 3 / 18}};
    ManualClock clock{end - demonstration::volumes_length};
    Centre centre{{.store = folder / "volumes.db", .data_dir = folder.path(), .use = sqlite::Use::filling}, clock};
    const auto material = demonstration::load_material();
    demonstration::make_house(centre, material, "no password fits", clock.now());
    std::ostringstream progress;
    const auto made = demonstration::make_volumes(centre, clock, material, end, 500, progress, 150);
    EXPECT_EQ(made.tickets, 500);
    EXPECT_LT(made.commands, 500 * 4) << "most were copied, not told";
    const auto checked = check_store(centre.store());
    EXPECT_EQ(checked.tickets, 500);
    EXPECT_EQ(checked.finding_count, 0) << (checked.findings.empty() ? "" : checked.findings.front().text);
}

}  // namespace
}  // namespace shouwen::app
