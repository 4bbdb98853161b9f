#pragma once

#include "app/centre.hpp"
#include "app/demo_material.hpp"

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

namespace shouwen::app::demonstration {

/// A customer's link that still works, for trying out the customer's page.
struct CustomerLink {
    std::string number;
    std::string secret;
    std::string step;
};

struct Made {
    std::int64_t tickets = 0;
    std::int64_t commands = 0;
    std::map<std::string, int> refusals;
    std::vector<CustomerLink> links;
};

/// Organisation, areas, articles and scripts. @pre the store has no staff
void make_house(Centre& centre, const Material& material, std::string_view password_hash, Instant now);

/// Some hundred tickets of the last 30 days in every state; the clock ends at `end`.
/// @param runs  how often each story is told from beginning to end
/// @pre `make_house`, and the clock stands at least 30 days before `end`
Made tell_stories(Centre& centre, ManualClock& clock, const Material& material, Instant end, int runs = 3);

/// So many tickets of the past year: 2 % wait in queues, 8 % are being worked on, the others are over.
/// @param progress  gets a line now and then
/// @param told  so many, or a fiftieth of all, live through the rules, command by command; the others are copies of these
///              with customers of their own
Made make_volumes(Centre& centre, ManualClock& clock, const Material& material, Instant end, std::int64_t tickets,
                  std::ostream& progress, std::int64_t told = 20'000);

/// How far back the clock begins.
constexpr Duration stories_length = std::chrono::days{31};
constexpr Duration volumes_length = std::chrono::days{366};

}  // namespace shouwen::app::demonstration
