#include "app/demo.hpp"
#include "app/demo_cast.hpp"
#include "modules/customer/store/customers.hpp"
#include "modules/follow_up/store/follow_ups.hpp"
#include "modules/ticket/store/copies.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>

namespace shouwen::app::demonstration {
namespace {

using namespace std::chrono_literals;

constexpr std::uint64_t seed = 20260106;
constexpr std::int64_t intake_percent = 2;
constexpr std::int64_t open_percent = 8;
constexpr std::int64_t customers_max = 200'000;
constexpr std::size_t customers_per_commit = 1'000;
constexpr std::int64_t copies_max = 50;
constexpr std::size_t originals_per_commit = 100;
/// Between the ids of a copy and the next: the counter of ids within a millisecond stays below this in the originals.
constexpr std::int64_t step_of_copies = std::int64_t{128} << 8;
/// Days before the end at which the matters begin that are still open at the end.
constexpr int open_days = 14;

/// @returns the first character of a name in UTF-8 and what follows
std::pair<std::string, std::string> split_name(const std::string& name)
{
    std::size_t first = 1;
    while (first < name.size() && (static_cast<unsigned char>(name[first]) & 0xC0U) == 0x80U) ++first;
    return {name.substr(0, first), name.substr(first)};
}

/// Invented: numbers have 0000 in the middle.
customer::NewCustomer invent(const Material& material, std::int64_t k)
{
    constexpr std::array prefixes{"130", "131", "132", "133", "135", "136", "137", "138", "139", "150",
                                  "151", "152", "153", "155", "156", "157", "158", "159", "176", "177",
                                  "178", "180", "181", "185", "186", "187", "188", "189"};
    const auto at = [&](std::int64_t i) -> const Person& {
        return material.people[static_cast<std::size_t>(i) % material.people.size()];
    };
    const auto name = at(k).language == "zh-CN" && at(k / 37).language == "zh-CN"
                          ? split_name(at(k).name).first + split_name(at(k / 37).name).second
                          : at(k).name;
    const auto count = static_cast<std::int64_t>(prefixes.size());
    return {.name = name,
            .phone = fmt::format("{}0000{:04}", prefixes[static_cast<std::size_t>(k % count)], k / count % 10'000),
            .address = at(k * 7).address,
            .language = at(k).language};
}

/// How far the clock runs between two ticks: few tickets a day would otherwise make many small commits. What is due carries
/// its own moment, and is done before any command on the same ticket, so only the notices' times are coarser.
Duration tick_interval(std::int64_t tickets)
{
    constexpr std::int64_t commands_per_ticket = 6;
    constexpr std::int64_t commands_per_tick = 200;
    return std::clamp<Duration>(volumes_length * commands_per_tick / (tickets * commands_per_ticket), 1h, 12h);
}

class Volumes {
public:
    Volumes(Centre& centre, ManualClock& clock, const Material& material, Instant end, std::int64_t tickets,
            std::ostream& progress, std::int64_t told)
        : centre_(centre),
          material_(material),
          end_(end),
          tickets_(std::max(std::min(tickets, told), tickets / copies_max)),
          wanted_(tickets),
          progress_(progress),
          zone_(Zone::find(centre.options().time_zone)),
          organisation_(centre.directory().current()),
          cast_(*organisation_, material, chance_),
          players_(centre, clock, tick_interval(tickets_))
    {
    }

    Made make()
    {
        make_customers();
        const std::int64_t over = tickets_ - tickets_ * (intake_percent + open_percent) / 100;
        const int days = static_cast<int>(volumes_length / 24h) - 1;
        std::int64_t begun = 0;
        for (int day = days; day >= 1; --day) {
            const auto date = zone_->date(end_) - std::chrono::days{day};
            // What began lately may not be over: the last days have fewer of these and more of the open ones.
            const std::int64_t wanted = over * (days - day + 1) / days;
            for (; begun < wanted; ++begun) add_whole(date);
            if (day == std::min(open_days, days)) add_open();
            players_.play(zone_->instant(date + 24h));
            if (day % 12 == 0) tell_progress(days - day, days);
        }
        players_.play(end_);
        tell_progress(days, days);
        const auto copies = copy(wanted_ - players_.ticket_count());
        return {players_.ticket_count() + copies, players_.command_count(), players_.refusals(), {}};
    }

private:
    void make_customers()
    {
        const auto count =
            std::clamp<std::int64_t>(wanted_ / 3, static_cast<std::int64_t>(material_.people.size()), customers_max);
        const Instant at = end_ - volumes_length;
        while (static_cast<std::int64_t>(customers_.size()) < count) {
            std::vector<CustomerId> made;
            centre_.store().write([&](sql::Connection& db) {
                made.clear();
                const auto known = static_cast<std::int64_t>(customers_.size());
                for (std::int64_t k = known; k < count && made.size() < customers_per_commit; ++k)
                    made.push_back(customer::create(db, centre_.ids(), invent(material_, k), {}, at));
            });
            customers_.insert(customers_.end(), made.begin(), made.end());
        }
    }

    const Story& next_story(bool cancelled)
    {
        for (;;) {
            const Story& story = material_.stories[turn_++ % material_.stories.size()];
            if (story.cancel.empty() != cancelled) return story;
        }
    }

    Life life(const Story& story)
    {
        Life life = cast_.life(story);
        life.customer =
            customers_[static_cast<std::size_t>(chance_.up_to(static_cast<std::int64_t>(customers_.size())))];
        return life;
    }

    void add_whole(std::chrono::local_days date)
    {
        const Story& story = next_story(chance_.one_in(50));
        Life whole = life(story);
        whole.script = write_script(story, {.brief = true, .silent = chance_.one_in(4)}, chance_);
        const auto of_day = chance_.one_in(12) ? chance_.between(0h, 23h) : chance_.between(9h, 20h);
        begin_at(whole.script, zone_->instant(date + of_day), story, *zone_, chance_);
        whole.length = whole.script.size();
        players_.add(std::move(whole));
    }

    void add_open()
    {
        constexpr std::array stops{Act::propose,  Act::agree,   Act::give_result, Act::resolve,
                                   Act::classify, Act::resolve, Act::agree};
        for (std::int64_t i = 0; i < tickets_ * open_percent / 100;) {
            const Story& story = next_story(false);
            Life open = life(story);
            open.script = write_script(story, {.brief = true}, chance_);
            const Act act = stops[static_cast<std::size_t>(chance_.up_to(static_cast<std::int64_t>(stops.size())))];
            const auto last = find(open.script, act);
            if (!last || story.grade == Grade::L1) continue;
            const Duration age_max =
                act == Act::classify && story.grade == Grade::L2 ? Duration{100min} : Duration{20h};
            reach(open.script, *last, end_ - chance_.between(1min, age_max), story, *zone_, chance_);
            open.length = *last + 1;
            players_.add(std::move(open));
            ++i;
        }
        for (std::int64_t i = 0; i < tickets_ * intake_percent / 100;) {
            const Story& story = next_story(false);
            if (!story.is_queued()) continue;
            Life waiting = life(story);
            waiting.script = {{.at = end_ - (chance_.one_in(6) ? chance_.between(2h, 6h) : chance_.between(1s, 2h))}};
            waiting.length = 1;
            players_.add(std::move(waiting));
            ++i;
        }
    }

    /// So many tickets more: each story of the played ones again, with other customers. @returns how many
    std::int64_t copy(std::int64_t wanted)
    {
        std::vector<TicketId> ids;
        if (wanted > 0) centre_.store().read([&](sql::Connection& db) { ids = ticket::all_ids(db); });
        std::int64_t made = 0;
        for (std::size_t next = 0; next < ids.size();) {
            const std::size_t end = std::min(next + originals_per_commit, ids.size());
            centre_.store().write([&](sql::Connection& db) {
                for (; next < end; ++next) {
                    const auto original = ticket::load_original(db, ids[next]);
                    // Evenly: after each original as many as its share of the whole.
                    const auto until =
                        wanted * static_cast<std::int64_t>(next + 1) / static_cast<std::int64_t>(ids.size());
                    for (std::int64_t k = 1; made < until; ++k, ++made) copy_once(db, original, k);
                }
            });
            progress_ << fmt::format("\r{} of {} tickets copied   ", made, wanted) << std::flush;
        }
        return made;
    }

    void copy_once(sql::Connection& db, const ticket::Original& original, std::int64_t k)
    {
        const auto& ticket = original.ticket;
        const ticket::CopyAs as{
            TicketId{ticket.id.value + k * step_of_copies},
            ticket::next_number(db, LocalDate{zone_->date(ticket.created_at)}),
            customers_[static_cast<std::size_t>(chance_.up_to(static_cast<std::int64_t>(customers_.size())))]};
        ticket::write_copy(db, original, as);
        obligation::copy_rows(db, ticket.id, as.id);
        follow_up::copy_rows(db, ticket.id, as.id);
        search::queue_document(db, search::SearchKind::ticket, as.id.value);
    }

    void tell_progress(int day, int days)
    {
        progress_ << fmt::format("\r{} of {} tickets, day {} of {}   ", players_.ticket_count(), tickets_, day, days)
                  << std::flush;
    }

    Centre& centre_;
    const Material& material_;
    const Instant end_;
    const std::int64_t tickets_;  ///< told through the rules
    const std::int64_t wanted_;   ///< with the copies
    std::ostream& progress_;
    const std::shared_ptr<const Zone> zone_;
    const organisation::OrganisationPtr organisation_;
    Chance chance_{seed};
    Cast cast_;
    Players players_;
    std::size_t turn_ = 0;
    std::vector<CustomerId> customers_;
};

}  // namespace

Made make_volumes(Centre& centre, ManualClock& clock, const Material& material, Instant end, std::int64_t tickets,
                  std::ostream& progress, std::int64_t told)
{
    auto made = Volumes{centre, clock, material, end, tickets, progress, told}.make();
    progress << "\nIndexing for search" << std::flush;
    centre.settle();
    progress << "\n";
    return made;
}

}  // namespace shouwen::app::demonstration
