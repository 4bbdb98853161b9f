#include "app/demo.hpp"
#include "app/demo_cast.hpp"
#include "modules/notice/store/notices.hpp"

#include <algorithm>
#include <array>

namespace shouwen::app::demonstration {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t seed = 20260105;

/// A state in which a ticket stands at the end, and how long at most it has stood there when all goes well.
struct Stop {
    Act act;
    Duration age_max;
};
/// What lies on one agent's desk.
constexpr std::array desk{Stop{Act::classify, 70min},   Stop{Act::promise, 6h},     Stop{Act::propose, 8h},
                          Stop{Act::decline, 80min},    Stop{Act::agree, 9h},       Stop{Act::wait, 15h},
                          Stop{Act::tell_progress, 5h}, Stop{Act::finish, 3h},      Stop{Act::give_result, 20h},
                          Stop{Act::resolve, 26h},      Stop{Act::rate_low, 70min}, Stop{Act::reopen, 9min},
                          Stop{Act::receive, 9min}};
constexpr std::array merchant_desk{Stop{Act::classify, 70min}, Stop{Act::propose, 6h}, Stop{Act::give_result, 9h}};
/// How long the requests in the inbox have waited; the last ones longer than the two hours that they may.
constexpr std::array<Duration, 11> inbox{1min, 3min, 8min, 14min, 21min, 33min, 48min, 75min, 104min, 160min, 250min};

class Teller {
public:
    Teller(Centre& centre, ManualClock& clock, const Material& material, Instant end)
        : centre_(centre),
          material_(material),
          end_(end),
          zone_(Zone::find(centre.options().time_zone)),
          organisation_(centre.directory().current()),
          cast_(*organisation_, material, chance_),
          players_(centre, clock, Duration{0})
    {
    }

    Made tell(int runs)
    {
        for (int run = 0; run < runs; ++run)
            for (const Story& story : material_.stories) tell_whole(story);
        for (const StaffId agent : cast_.agents())
            for (const Stop& stop : desk) tell_until(stop, {}, agent);
        for (const auto& unit : organisation_->units())
            if (unit.kind == organisation::UnitKind::merchant)
                for (const Stop& stop : merchant_desk) tell_until(stop, unit.name, cast_.merchant_agent(unit.name));
        fill_inbox();
        // What was told before today was read before today.
        players_.play(end_ - 9h);
        centre_.settle();
        centre_.store().write([this](sql::Connection& db) {
            for (const auto& staff : organisation_->staff()) notice::mark_all_read(db, staff.id, end_ - 9h);
        });
        players_.play(end_);
        return {players_.ticket_count(), players_.command_count(), players_.refusals(), links()};
    }

private:
    void tell_whole(const Story& story)
    {
        const Course course{.declined_first = story.grade == Grade::L2 && chance_.one_in(6),
                            .silent = chance_.one_in(6)};
        Life life = cast_.life(story);
        life.script = write_script(story, course, chance_);
        const auto day = zone_->date(end_) - std::chrono::days{2 + chance_.up_to(28)};
        const auto of_day = chance_.one_in(12) ? chance_.between(0h, 23h) : chance_.between(9h, 20h);
        begin_at(life.script, zone_->instant(day + of_day), story, *zone_, chance_);
        // It has to be over by now.
        if (const Duration late = life.script.back().at - end_; late > 0s)
            begin_at(life.script, life.script.front().at - late - chance_.between(1h, 12h), story, *zone_, chance_);
        life.length = life.script.size();
        players_.add(std::move(life));
    }

    /// The next story in turn that comes to such a state.
    void tell_until(const Stop& stop, const std::string& merchant, StaffId owner)
    {
        for (std::size_t tried = 0; tried < material_.stories.size(); ++tried) {
            const Story& story = material_.stories[turn_++ % material_.stories.size()];
            if (story.merchant != merchant || !story.cancel.empty()) continue;
            if (stop.act == Act::decline && (story.grade == Grade::L1 || story.is_settled_at_once())) continue;
            const Course course{.declined_first = stop.act == Act::decline, .reopened = stop.act == Act::reopen};
            Life life = cast_.life(story, owner);
            life.script = write_script(story, course, chance_);
            const auto last = find(life.script, stop.act);
            if (!last) continue;
            reach(life.script, *last, end_ - age(stop, story), story, *zone_, chance_);
            life.length = *last + 1;
            give_link(life);
            players_.add(std::move(life));
            return;
        }
    }

    Duration age(const Stop& stop, const Story& story)
    {
        Duration age_max = stop.age_max;
        if (story.grade == Grade::L1) age_max = std::min<Duration>(age_max, 12min);
        const Duration age = chance_.between(40s, age_max);
        return chance_.one_in(7) ? age * 5 : age;  // left lying
    }

    void fill_inbox()
    {
        for (const Duration waited : inbox) {
            const Story* story = nullptr;
            while (!story) {
                const Story& next = material_.stories[turn_++ % material_.stories.size()];
                if (next.is_queued() && next.grade != Grade::L1) story = &next;
            }
            Life life = cast_.life(*story);
            life.script = {{.at = end_ - waited - chance_.between(0s, 50s)}};
            life.length = 1;
            give_link(life);
            players_.add(std::move(life));
        }
    }

    void give_link(Life& life)
    {
        if (!life.story->is_queued()) return;
        secrets_.push_back(new_secret());
        life.secret_hash = hash_of(secrets_.back());
    }

    /// One for each step.
    std::vector<CustomerLink> links()
    {
        std::vector<CustomerLink> found;
        const auto is_new = [&](std::string_view step) {
            return std::ranges::find(found, step, &CustomerLink::step) == found.end();
        };
        centre_.store().read([&](sql::Connection& db) {
            for (const auto& secret : secrets_)
                for (const auto& [hash, ticket] : players_.links())
                    if (hash == hash_of(secret))
                        if (const auto stored = ticket::load(db, ticket);
                            stored && is_new(name_of(stored->ticket.step)))
                            found.push_back({stored->ticket.number, secret, std::string{name_of(stored->ticket.step)}});
        });
        return found;
    }

    Centre& centre_;
    const Material& material_;
    const Instant end_;
    const std::shared_ptr<const Zone> zone_;
    const organisation::OrganisationPtr organisation_;
    Chance chance_{seed};
    Cast cast_;
    Players players_;
    std::size_t turn_ = 0;
    std::vector<std::string> secrets_;
};

}  // namespace

Made tell_stories(Centre& centre, ManualClock& clock, const Material& material, Instant end, int runs)
{
    auto made = Teller{centre, clock, material, end}.tell(runs);
    centre.settle();
    return made;
}

}  // namespace shouwen::app::demonstration
