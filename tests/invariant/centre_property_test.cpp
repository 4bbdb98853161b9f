#include "app/verify.hpp"
#include "modules/customer/store/customers.hpp"
#include "random_life.hpp"
#include "scenario/centre.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <map>
#include <sstream>

// Random commands through the real store, with ticks, downtime, a clock that jumps, and the centre opened again in between.

namespace shouwen::ticket {
namespace {

using namespace std::chrono_literals;

int commands_of_run()
{
    const char* given = std::getenv("TEST_STORED_COMMANDS");
    return given ? std::atoi(given) : 2'000;
}

std::uint64_t seed_of_run()
{
    const char* given = std::getenv("TEST_SEED");
    return given ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

class RandomCentre {
public:
    explicit RandomCentre(std::uint64_t seed) : random_(seed) {}

    int commands = 0;

    void step()
    {
        switch (random_() % 12) {
            case 0: centre_.advance(Duration{static_cast<std::int64_t>(random_() % 7'200'000)}); break;
            case 1:
                centre_.clock().advance(Duration{static_cast<std::int64_t>(random_() % 90'000'000)});
                break;  // nobody ticks
            case 2: centre_.settle(); break;
            case 3:
                if (random_() % 3) break;
                centre_.stop();
                centre_.clock().advance(
                    Duration{static_cast<std::int64_t>(random_() % 400'000'000)});  // down for up to five days
                centre_.start();
                break;
            case 4:
                // Minutes or days, so that it also goes back behind what was breached.
                if (random_() % 3) break;
                centre_.clock().set(centre_.now() - Duration{static_cast<std::int64_t>(
                                                        random_() % (random_() % 2 ? 600'000 : 200'000'000))});
                break;
            default: act(); break;
        }
        remember();
    }

    /// What does not hold, a line each; empty when all is well.
    std::string faults()
    {
        std::ostringstream out;
        out << forgotten_;
        centre_.settle();
        if (const int again = centre_.app().settle()) out << "8: " << again << " were due again\n";
        const auto told = outbox_count();
        centre_.restart();
        centre_.settle();
        if (outbox_count() != told) out << "8: a restart told " << outbox_count() - told << " once more\n";
        const auto checked = app::check_store(centre_.app().store());
        for (const auto& finding : checked.findings)
            out << finding.invariant << ": " << finding.ticket << " " << finding.text << "\n";
        if (checked.tickets != static_cast<std::int64_t>(tickets_.size())) out << "not all tickets are there\n";
        return out.str();
    }

private:
    /// Some commands, all in one transaction, as group commit has them.
    void act()
    {
        const auto organisation = centre_.app().directory().current();
        centre_.app().store().write([&](sql::Connection& db) {
            const int many = 1 + static_cast<int>(random_() % 8);
            for (int i = 0; i < many; ++i, ++commands) {
                if (tickets_.size() < 30 || random_() % 20 == 0)
                    receive(db);
                else
                    command(db);
            }
        });
    }
    Giver person(std::string_view login) const
    {
        const auto organisation = const_cast<scenario::Centre&>(centre_).app().directory().current();
        return Desk::giver(organisation->actor(organisation->find_login(login)->id).value());
    }
    void receive(sql::Connection& db)
    {
        auto& app = centre_.app();
        Receive receive = random_() % 2 ? call() : web_request();
        receive.customer =
            customer::find_or_create(db, app.ids(), {.name = "刘洋", .phone = "13800138000"}, {}, centre_.now());
        receive.queue_unit = app.service_desk();
        const auto by = random_() % 3 ? person(random_() % 2 ? "agent1" : "agent2") : Desk::the_customer();
        tickets_.push_back(app.desk().receive(db, receive, by, centre_.now()).value().ticket.id);
    }
    void command(sql::Connection& db)
    {
        auto& desk = centre_.app().desk();
        const TicketId id = tickets_[random_() % tickets_.size()];
        const auto stored = desk.load_for_command(db, id, centre_.now()).value();
        auto act = random_act(random_);
        const auto supervisor = person("supervisor1");
        const auto possible =
            commands_now(stored.ticket, supervisor, desk.context(db, stored.ticket.customer), centre_.now());
        auto [command, by] = command_of(act, stored.ticket, centre_.now(), possible);
        if (by.staff)
            by = by.may_act_for_others ? supervisor : person(by.staff == people::colleague ? "agent2" : "agent1");
        // The policy's clock comes by the tick alone.
        if (by.source == Source::policy) return;
        (void)desk.carry_out(db, stored, command, by, centre_.now());
    }
    /// What was recorded about warnings and breaches stays, whatever time and people do (4, 8).
    void remember()
    {
        constexpr sql::Statement recorded{
            "test.recorded",
            "SELECT ticket_id, no, warned_at, breached_at, warnings_count, chain_step FROM obligation WHERE warned_at IS NOT NULL "
            "OR breached_at IS NOT NULL"};
        std::map<std::pair<std::int64_t, std::int64_t>, Recorded> now;
        centre_.app().store().read([&](sql::Connection& db) {
            now.clear();
            db.each(recorded, [&](const sql::Row& row) {
                now[{row.integer(0), row.integer(1)}] = {row.optional_instant(2), row.optional_instant(3),
                                                         row.integer(4), row.integer(5)};
            });
        });
        for (const auto& [which, before] : recorded_) {
            const auto found = now.find(which);
            if (found == now.end() || !found->second.follows(before))
                forgotten_ += "4: obligation " + std::to_string(which.second) + " of " + TicketId{which.first}.text() +
                              " has lost a warning or a breach\n";
        }
        recorded_ = std::move(now);
    }
    std::int64_t outbox_count()
    {
        constexpr sql::Statement count{"test.outbox", "SELECT COUNT(*) FROM outbox"};
        std::int64_t rows = 0;
        centre_.app().store().read([&](sql::Connection& db) {
            rows = db.first(count, [](const sql::Row& row) { return row.integer(0); }).value();
        });
        return rows;
    }

    struct Recorded {
        std::optional<Instant> warned_at, breached_at;
        std::int64_t warnings_count = 0;
        std::int64_t chain_step = 0;

        bool follows(const Recorded& before) const
        {
            return (!before.warned_at || warned_at == before.warned_at) &&
                   (!before.breached_at || breached_at == before.breached_at) &&
                   warnings_count >= before.warnings_count && chain_step >= before.chain_step;
        }
    };

    std::map<std::pair<std::int64_t, std::int64_t>, Recorded> recorded_;
    std::string forgotten_;
    std::mt19937_64 random_;
    scenario::Centre centre_{monday_9h};
    std::vector<TicketId> tickets_;
};

TEST(Invariants_1_to_8, HoldForAWholeStoreThroughDowntimeAndClockJumps)
{
    const auto seed = seed_of_run();
    SCOPED_TRACE("TEST_SEED=" + std::to_string(seed));
    RandomCentre centre{seed};
    int checked_at = 0;
    while (centre.commands < commands_of_run()) {
        centre.step();
        if (centre.commands - checked_at < 500) continue;
        checked_at = centre.commands;
        ASSERT_EQ(centre.faults(), "") << "after " << centre.commands << " commands";
    }
    EXPECT_EQ(centre.faults(), "");
}

}  // namespace
}  // namespace shouwen::ticket
