#include "modules/policy/rules/holiday_years.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::policy {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(E5_Holidays, AreMissedForThisYearAndFromNovemberForTheNext)
{
    using namespace std::chrono;
    const auto ours = holidays_of_china();  // to 2026
    EXPECT_THAT(missing_years(*ours, 2026y / October / 31), IsEmpty());
    EXPECT_THAT(missing_years(*ours, 2026y / November / 1), ElementsAre(2027));
    EXPECT_THAT(missing_years(*ours, 2027y / March / 1), ElementsAre(2027));
    EXPECT_THAT(missing_years(*ours, 2027y / December / 1), ElementsAre(2027, 2028));
    const auto with_next = ours->with({2027, "notice", {}});
    EXPECT_THAT(missing_years(with_next, 2026y / December / 31), IsEmpty());
}

}  // namespace
}  // namespace shouwen::policy
