#include "modules/obligation/store/obligations.hpp"

#include "modules/figure/store/timeliness_store.hpp"
#include "modules/obligation/store/listing.hpp"
#include "modules/organisation/rules/sample_organisation.hpp"
#include "platform/postgres/every_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::obligation {
namespace {

using namespace std::chrono_literals;
namespace sample = organisation::sample;
using testing::ElementsAre;
using testing::IsEmpty;
using ticket::ObligationCancelled;
using ticket::ObligationMet;
using ticket::ObligationMoved;
using ticket::ObligationOpened;
using ticket::ObligationPaused;
using ticket::Refusal;
using ticket::Refused;

constexpr Instant monday_9h{Duration{1'767'574'800'000}};  // 2026-01-05, 09:00 in Shanghai
constexpr ticket::Debtor agent{sample::agent1, sample::centre};

/// Who was told what, in this order.
struct Told {
    StaffId who;
    std::string kind;
    TicketId ticket;
    bool operator==(const Told&) const = default;
};
void PrintTo(const Told& told, std::ostream* out)
{
    *out << told.who.value << " " << told.kind << " of " << told.ticket.value;
}

class ObligationStore : public testing::TestWithParam<sql::StoreFactory> {
protected:
    static constexpr sql::Statement insert_ticket{
        "test.ticket",
        "INSERT INTO ticket (id, number, version, step, channel, customer_id, owner_id, created_at, next_due_at, last_seq, last_hash, state) "
        "VALUES ($1, $2, 1, 'handling', 'phone', 1, 101, 0, 0, 1, $3, '{}')"};

    sql::Store& store() { return store_->store(); }

    /// What happened to a ticket, as its rules would tell it.
    void record(TicketId id, const ticket::Events& events, Instant now)
    {
        ticket::Ticket after;
        after.id = id;
        after.grade = Grade::L3;
        after.step = ticket::Step::handling;
        after.version = 2;
        store().write([&](sql::Connection& db) {
            if (known_.insert(id).second)
                db.execute(insert_ticket, id, "20260105-" + std::to_string(id.value), sql::Value::bytes("hash"));
            obligations_.record(db, after, events, now);
        });
    }
    /// Opens number 1 of a ticket, owed by an agent.
    void open(TicketId id, Instant starts_at, Duration limit, ObligationKind kind = ObligationKind::resolve_or_answer,
              int no = 1)
    {
        record(id, {opened(no, kind, starts_at, limit)}, starts_at);
    }
    static ObligationOpened opened(int no, ObligationKind kind, Instant starts_at, Duration limit)
    {
        return {{.no = no,
                 .kind = kind,
                 .debtor = agent,
                 .calendar = "standard",
                 .limit = Limit::natural_time(limit),
                 .policy_version = 1,
                 .starts_at = starts_at,
                 .due_at = starts_at + limit,
                 .pauses = {},
                 .paused_at = {}}};
    }
    Ticked tick(Instant now, int batch = 100)
    {
        Ticked ticked;
        store().write([&](sql::Connection& db) { ticked = obligations_.tick(db, now, batch); });
        return ticked;
    }
    /// Ticks until nothing is due any more. @returns how much was
    int tick_out(Instant now)
    {
        int fired = 0;
        for (Ticked ticked{1, true}; ticked.fired_count > 0; fired += ticked.fired_count) ticked = tick(now);
        return fired;
    }
    Listed row(TicketId id, int no = 1)
    {
        std::optional<Listed> found;
        store().read([&](sql::Connection& db) { found = find(db, id, no); });
        return found.value();
    }
    std::optional<Instant> next_at()
    {
        std::optional<Instant> next;
        store().read([&](sql::Connection& db) { next = Obligations::next_at(db); });
        return next;
    }
    std::vector<std::string> told_to(StaffId who) const
    {
        std::vector<std::string> kinds;
        for (const auto& each : told)
            if (each.who == who) kinds.push_back(each.kind);
        return kinds;
    }

    std::vector<Told> told;
    std::vector<std::string> announced;  ///< to those outside
    std::optional<Refused> refusal;      ///< of filing by the policy
    std::vector<Instant> filings;
    organisation::OrganisationPtr organisation =
        std::make_shared<const organisation::Organisation>(sample::organisation());

private:
    std::unique_ptr<sql::FreshStore> store_ = GetParam().make();
    std::set<TicketId> known_;
    policy::PolicyPtr policy_ = std::make_shared<const policy::Policy>(1, policy::default_document());
    Obligations obligations_{
        {[this] { return policy_; }, [this] { return organisation; },
         [this](sql::Connection&, StaffId who, std::string_view kind, TicketId id, std::string_view, Instant) {
             told.push_back({who, std::string{kind}, id});
         },
         [this](sql::Connection& db, TicketId id, Instant at) -> std::optional<Refused> {
             filings.push_back(at);
             if (refusal) return refusal;
             ticket::Ticket filed;
             filed.id = id;
             filed.step = ticket::Step::archived;
             filed.version = 3;
             obligations_.record(db, filed, {ObligationCancelled{1, "customer_silent"}}, at);
             return std::nullopt;
         },
         [this](sql::Connection&, const Fired& fired, Instant) { announced.emplace_back(fired.what); }}};
};
INSTANTIATE_TEST_SUITE_P(Every, ObligationStore, SHOUWEN_EVERY_STORE);

TEST_P(ObligationStore, KeepsWhatWasOpened)
{
    open(TicketId{1}, monday_9h, 2h);
    const auto o = row(TicketId{1});
    EXPECT_EQ(o.kind, ObligationKind::resolve_or_answer);
    EXPECT_EQ(o.debtor, agent);
    EXPECT_EQ(o.starts_at, monday_9h);
    EXPECT_EQ(o.due_at, monday_9h + 2h);
    EXPECT_EQ(o.limit, Limit::natural_time(2h));
    EXPECT_EQ(o.calendar, "standard");
    EXPECT_FALSE(o.warned_at || o.breached_at || o.met_at || o.cancelled_at || o.paused_at);
    EXPECT_EQ(next_at(), monday_9h + 1h) << "the first warning";
}

TEST_P(ObligationStore, EndsMetInTimeMetLateOrCancelledWithACause)
{
    const struct {
        const char* name;
        Duration ended_after;
        bool met;
        bool breached;
    } cases[] = {{"in time", 2h - 1ms, true, false},
                 {"at the limit", 2h, true, true},
                 {"late", 5h, true, true},
                 {"cancelled", 1h, false, false}};
    std::int64_t id = 0;
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const TicketId of{++id};
        const Instant ended = monday_9h + c.ended_after;
        open(of, monday_9h, 2h);
        record(of, {c.met ? ticket::Event{ObligationMet{1}} : ticket::Event{ObligationCancelled{1, "archived"}}},
               ended);
        const auto o = row(of);
        EXPECT_EQ(o.met_at, c.met ? std::optional{ended} : std::nullopt);
        EXPECT_EQ(o.cancelled_at, c.met ? std::nullopt : std::optional{ended});
        EXPECT_EQ(o.cause, c.met ? "" : "archived");
        EXPECT_EQ(o.breached_at, c.breached ? std::optional{monday_9h + 2h} : std::nullopt);
    }
    EXPECT_EQ(next_at(), std::nullopt) << "what has ended fires nothing";
    EXPECT_EQ(tick_out(monday_9h + 240h), 0);
    EXPECT_THAT(told, IsEmpty());
    EXPECT_THAT(announced, IsEmpty());
}

TEST_P(ObligationStore, RefusesASecondEnding)
{
    open(TicketId{1}, monday_9h, 2h);
    record(TicketId{1}, {ObligationMet{1}}, monday_9h + 1h);
    EXPECT_ANY_THROW(record(TicketId{1}, {ObligationMet{1}}, monday_9h + 2h));
    EXPECT_ANY_THROW(record(TicketId{1}, {ObligationCancelled{1, "archived"}}, monday_9h + 2h));
    EXPECT_EQ(row(TicketId{1}).met_at, monday_9h + 1h);
    EXPECT_FALSE(row(TicketId{1}).cancelled_at);
}

TEST_P(ObligationStore, FiresInTheOrderOfWhatIsDueABatchAtATime)
{
    open(TicketId{1}, monday_9h, 6h);  // first warning at 12:00
    open(TicketId{2}, monday_9h, 2h);  // at 10:00
    open(TicketId{3}, monday_9h, 4h);  // at 11:00
    EXPECT_EQ(tick(monday_9h + 1h - 1ms).fired_count, 0);
    const auto first = tick(monday_9h + 3h, 2);
    EXPECT_THAT(first.tickets, ElementsAre(TicketId{2}, TicketId{3}));
    EXPECT_TRUE(first.more);
    tick_out(monday_9h + 3h);
    // Of the second ticket also 80 %, breach and the chain; the third is past half, the first is at it.
    const auto of = [&](TicketId id) {
        std::vector<std::string> kinds;
        for (const auto& each : told)
            if (each.ticket == id && each.who == sample::agent1) kinds.push_back(each.kind);
        return kinds;
    };
    EXPECT_THAT(of(TicketId{2}), ElementsAre("warned", "warned", "breached"));
    EXPECT_THAT(of(TicketId{3}), ElementsAre("warned"));
    EXPECT_THAT(of(TicketId{1}), ElementsAre("warned"));
}

TEST_P(ObligationStore, EachStageFiresExactlyOnce)
{
    open(TicketId{1}, monday_9h, 2h);
    for (const Duration at : {1h, 1h, 2h, 1h, 2h, 0h, 2h, 3h, 1h, 100h}) tick_out(monday_9h + at);
    EXPECT_THAT(told_to(sample::agent1), ElementsAre("warned", "warned", "breached"));
    EXPECT_THAT(told_to(sample::supervisor1), ElementsAre("breached"));
    EXPECT_THAT(told_to(sample::manager1), ElementsAre("chain"));
    EXPECT_THAT(told_to(sample::leader1), ElementsAre("chain"));
    EXPECT_EQ(row(TicketId{1}).warned_at, monday_9h + 1h);
    EXPECT_EQ(row(TicketId{1}).breached_at, monday_9h + 2h);
    EXPECT_EQ(next_at(), std::nullopt) << "the chain is at its end";
}

TEST_P(ObligationStore, RecordsWhenABreachWasDueHoweverLateItIsNoticed)
{
    open(TicketId{1}, monday_9h, 2h);
    tick_out(monday_9h + 500h);
    EXPECT_EQ(row(TicketId{1}).warned_at, monday_9h + 1h);
    EXPECT_EQ(row(TicketId{1}).breached_at, monday_9h + 2h);
}

TEST_P(ObligationStore, KeepsABreachWhateverComesAfterIt)
{
    const struct {
        const char* name;
        ticket::Event then;
        Instant at;
    } cases[] = {
        {"met late", ObligationMet{1}, monday_9h + 3h},
        {"met, as the clock says, in time", ObligationMet{1}, monday_9h + 1h},
        {"cancelled, as the clock says, in time", ObligationCancelled{1, "archived"}, monday_9h + 1h},
        {"given more time", ObligationMoved{1, Limit::natural_time(24h), monday_9h + 24h, {}, "regraded"},
         monday_9h + 3h},
        {"paused", ObligationPaused{1}, monday_9h + 3h},
    };
    std::int64_t id = 0;
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const TicketId of{++id};
        open(of, monday_9h, 2h);
        tick_out(monday_9h + 2h);
        record(of, {c.then}, c.at);
        EXPECT_EQ(row(of).breached_at, monday_9h + 2h);
        tick_out(monday_9h + 48h);
        EXPECT_EQ(row(of).breached_at, monday_9h + 2h);
        EXPECT_EQ(std::ranges::count(told, Told{sample::agent1, "breached", of}), 1);
    }
}

TEST_P(ObligationStore, FiresNothingWhileItIsPausedAndGoesOnFromTheMovedLimit)
{
    open(TicketId{1}, monday_9h, 2h);
    record(TicketId{1}, {ObligationPaused{1}}, monday_9h + 30min);
    EXPECT_EQ(next_at(), std::nullopt);
    EXPECT_EQ(tick_out(monday_9h + 10h), 0);
    const std::vector<Pause> pauses{{monday_9h + 30min, monday_9h + 10h}};
    record(TicketId{1},
           {ObligationMoved{1, Limit::natural_time(2h), monday_9h + 11h + 30min, pauses, "customer_answered"}},
           monday_9h + 10h);
    const auto o = row(TicketId{1});
    EXPECT_FALSE(o.paused_at);
    ASSERT_EQ(o.pauses.size(), 1U);
    EXPECT_EQ(o.pauses[0].from, pauses[0].from);
    EXPECT_EQ(o.pauses[0].to, pauses[0].to);
    EXPECT_EQ(o.due_at, monday_9h + 11h + 30min);
    tick_out(monday_9h + 11h + 30min);
    EXPECT_EQ(row(TicketId{1}).breached_at, monday_9h + 11h + 30min);
}

TEST_P(ObligationStore, ListsWhatADebtorOwesTheMostPressingFirst)
{
    open(TicketId{1}, monday_9h, 6h);
    open(TicketId{2}, monday_9h, 2h);
    open(TicketId{3}, monday_9h, 4h);
    record(TicketId{3}, {ObligationMet{1}}, monday_9h + 1h);
    tick_out(monday_9h + 2h);
    const auto listed = [&](DebtState state, std::optional<std::pair<Instant, TicketId>> after = std::nullopt) {
        std::vector<TicketId> tickets;
        store().read([&](sql::Connection& db) {
            tickets.clear();
            for (const auto& each : of_debtor(db, sample::agent1, state, after, 10)) tickets.push_back(each.ticket);
        });
        return tickets;
    };
    EXPECT_THAT(listed(DebtState::open), ElementsAre(TicketId{2}, TicketId{1}));
    EXPECT_THAT(listed(DebtState::breached), ElementsAre(TicketId{2}));
    EXPECT_THAT(listed(DebtState::open, std::pair{monday_9h + 2h, TicketId{2}}), ElementsAre(TicketId{1}));
}

TEST_P(ObligationStore, TimelinessIsSumsOverTheRows)
{
    std::int64_t id = 0;
    const auto opened_and = [&](const std::optional<ticket::Event>& ending, Duration after) {
        const TicketId of{++id};
        open(of, monday_9h, 2h);
        if (ending) record(of, {*ending}, monday_9h + after);
    };
    for (int i = 0; i < 3; ++i) opened_and(ObligationMet{1}, 1h);
    for (int i = 0; i < 2; ++i) opened_and(ObligationMet{1}, 3h);
    opened_and(ObligationCancelled{1, "regraded"}, 1h);
    opened_and(std::nullopt, 0h);
    opened_and(ObligationPaused{1}, 1h);
    std::vector<figure::Slice> slices;
    const auto sums = [&](Instant now) {
        store().read(
            [&](sql::Connection& db) { slices = figure::slices(db, monday_9h, monday_9h + 24h, UnitId{}, now); });
        return slices.at(0).tally;
    };
    auto tally = sums(monday_9h + 1h);
    ASSERT_EQ(slices.size(), 1U);
    EXPECT_EQ(tally.kept, 3);
    EXPECT_EQ(tally.kept_late, 2);
    EXPECT_EQ(tally.cancelled, 1);
    EXPECT_EQ(tally.open, 2);
    EXPECT_EQ(tally.open_late, 0);
    tick_out(monday_9h + 4h);
    tally = sums(monday_9h + 4h);
    EXPECT_EQ(tally.open, 1) << "the paused one";
    EXPECT_EQ(tally.open_late, 1);
}

TEST_P(ObligationStore, PutsABreachThatReachesNobodyOnRecord)
{
    organisation = std::make_shared<const organisation::Organisation>();
    auto queued = opened(1, ObligationKind::respond, monday_9h, 2h);
    queued.obligation.debtor = {{}, sample::centre};
    record(TicketId{1}, {queued}, monday_9h);
    tick_out(monday_9h + 10h);
    EXPECT_EQ(row(TicketId{1}).breached_at, monday_9h + 2h);
    EXPECT_THAT(told_to(StaffId{}), ElementsAre("breached"));
}

TEST_P(ObligationStore, FilesASilentCustomersTicketWhenItsTimeIsOver)
{
    open(TicketId{1}, monday_9h, 72h, ObligationKind::close_out);
    tick_out(monday_9h + 100h);
    EXPECT_THAT(filings, ElementsAre(monday_9h + 72h)) << "as of the limit, however late it is noticed";
    EXPECT_EQ(row(TicketId{1}).cause, "customer_silent");
    EXPECT_FALSE(row(TicketId{1}).breached_at);
    EXPECT_THAT(told_to(sample::agent1), ElementsAre("warned", "warned"));
}

TEST_P(ObligationStore, TriesToFileAgainUntilTheRulesAllowIt)
{
    refusal = Refused{Refusal::record_incomplete, std::vector<std::string>{"contact"}};
    open(TicketId{1}, monday_9h, 72h, ObligationKind::close_out);
    const Instant due = monday_9h + 72h;
    tick_out(due);
    EXPECT_EQ(row(TicketId{1}).breached_at, due);
    EXPECT_EQ(next_at(), due + 30min);
    for (int i = 1; i <= 20; ++i) tick_out(due + i * 30min);
    EXPECT_EQ(filings.size(), 21U);
    EXPECT_THAT(told_to(sample::agent1), ElementsAre("warned", "warned", "breached"));
    EXPECT_THAT(told_to(sample::leader1), ElementsAre("chain"));
    ASSERT_TRUE(next_at()) << "never given up";

    // A long downtime costs one try, not one for each interval that has passed.
    filings.clear();
    tick_out(due + 2'000h);
    EXPECT_EQ(filings.size(), 1U);

    refusal.reset();
    tick_out(due + 2'001h);
    EXPECT_EQ(row(TicketId{1}).cause, "customer_silent");
    EXPECT_EQ(next_at(), std::nullopt);
}

}  // namespace
}  // namespace shouwen::obligation
