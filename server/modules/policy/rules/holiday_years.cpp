#include "modules/policy/rules/holiday_years.hpp"

namespace shouwen::policy {

std::vector<int> missing_years(const Holidays& holidays, LocalDate today)
{
    std::vector<int> missing;
    const int year = static_cast<int>(today.year());
    if (!holidays.covers(year)) missing.push_back(year);
    if (today.month() >= std::chrono::November && !holidays.covers(year + 1)) missing.push_back(year + 1);
    return missing;
}

}  // namespace shouwen::policy
