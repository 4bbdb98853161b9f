#include "app/demo_store_fixture.hpp"
#include "app/verify_ticket.hpp"
#include "modules/ticket/rules/event.hpp"
#include "modules/ticket/store/codec.hpp"
#include "platform/sqlite/sqlite_store.hpp"

#include <gtest/gtest.h>

namespace shouwen::app {
namespace {

/// A copy of the demo store to do harm to.
class Copy {
public:
    Copy() { std::filesystem::copy_file(DemoStore::shared().path, path_); }

    void sabotage(std::string_view script)
    {
        sqlite::SqliteConnection db{path_, sqlite::Access::read_write, 1024};
        db.run_script(script);
    }
    Checked checked() const
    {
        const auto store = sqlite::open_sqlite({.path = path_});
        return check_store(*store);
    }
    const std::filesystem::path& path() const { return path_; }

private:
    sqlite::TemporaryFolder folder_;
    std::filesystem::path path_ = folder_.path() / "copy.db";
};

struct Expected {
    const char* invariant;
    const char* text;  ///< is part of the finding's
};

struct Sabotage {
    const char* name;
    const char* script;
    std::vector<Expected> findings;
};

void expect_findings(const Checked& checked, const std::vector<Expected>& expected)
{
    std::string all;
    for (const auto& finding : checked.findings)
        all += finding.invariant + " " + finding.ticket + " " + finding.text + "\n";
    ASSERT_EQ(checked.findings.size(), expected.size()) << all;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_EQ(checked.findings[i].invariant, expected[i].invariant) << all;
        EXPECT_NE(checked.findings[i].text.find(expected[i].text), std::string::npos) << all;
    }
}

void expect_each(const std::vector<Sabotage>& cases)
{
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        Copy copy;
        copy.sabotage(c.script);
        expect_findings(copy.checked(), c.findings);
    }
}

TEST(E12_Verify, AStoreMadeByTheRealCommandsHasNoFindings)
{
    Copy copy;
    auto checked = copy.checked();
    check_file_of(copy.path(), checked);
    expect_findings(checked, {});
    EXPECT_EQ(checked.tickets, DemoStore::shared().made.tickets);
    EXPECT_GT(checked.events, checked.tickets * 5);
    EXPECT_GT(checked.obligations, checked.tickets);
    EXPECT_GT(checked.notices, 0);
    EXPECT_EQ(checked.audit_entries, 3);
}

/// Tickets to do harm to.
#define SOME_NOTED "(SELECT MIN(ticket_id) FROM ticket_event WHERE type = 'noted')"
#define SOME_ARCHIVED "(SELECT MIN(id) FROM ticket WHERE step = 'archived' AND grade = 'L3')"
#define SOME_OPEN "(SELECT MIN(id) FROM ticket WHERE step = 'handling' AND overdue = 0)"

TEST(E12_Verify, FindsEveryChangeOfHistory)
{
    expect_each({
        {"one byte more",
         "UPDATE ticket_event SET data = data || ' ' WHERE type = 'noted' AND ticket_id = " SOME_NOTED,
         {{"5", "hash does not fit"}}},
        {"another time",
         "UPDATE ticket_event SET at = at + 1 WHERE type = 'noted' AND ticket_id = " SOME_NOTED,
         {{"5", "hash does not fit"}}},
        {"another actor",
         "UPDATE ticket_event SET actor_id = 1 WHERE type = 'noted' AND ticket_id = " SOME_NOTED,
         {{"5", "hash does not fit"}}},
        {"an event less",
         "DELETE FROM ticket_event WHERE type = 'noted' AND ticket_id = " SOME_NOTED,
         {{"5", "expected number"}}},
        {"the end cut off", "UPDATE ticket SET last_seq = last_seq + 1 WHERE id = " SOME_NOTED, {{"5", "last_seq"}}},
        {"another last hash",
         "UPDATE ticket SET last_hash = zeroblob(32) WHERE id = " SOME_NOTED,
         {{"5", "last_hash"}}},
        {"unreadable",
         "UPDATE ticket_event SET data = '{' WHERE type = 'noted' AND ticket_id = " SOME_NOTED,
         {{"5", "hash does not fit"}, {"6", "cannot be read"}}},
    });
}

TEST(E12_Verify, FindsRowsThatDifferFromTheEvents)
{
    expect_each({
        {"grade", "UPDATE ticket SET grade = 'L2' WHERE id = " SOME_ARCHIVED, {{"6", "grade: expected L3, found L2"}}},
        {"step",
         "UPDATE ticket SET step = 'feedback', next_due_at = 0 WHERE id = " SOME_ARCHIVED,
         {{"6", "step: expected archived, found feedback"}, {"6", "next_due_at: expected none"}}},
        {"version", "UPDATE ticket SET version = version + 1 WHERE id = " SOME_ARCHIVED, {{"6", "version"}}},
        {"customer",
         "UPDATE ticket SET customer_id = 77 WHERE id = " SOME_ARCHIVED,
         {{"6", "customer_id"}, {"customer", "does not exist"}}},
        {"limit", "UPDATE ticket SET next_due_at = next_due_at + 1 WHERE id = " SOME_OPEN, {{"6", "next_due_at"}}},
        {"overdue hidden",
         "UPDATE ticket SET overdue = 0 WHERE id = (SELECT MIN(id) FROM ticket WHERE overdue = 1)",
         {{"6", "overdue: expected 1"}}},
        {"overdue made up", "UPDATE ticket SET overdue = 1 WHERE id = " SOME_ARCHIVED, {{"6", "overdue: expected 0"}}},
        {"state",
         "UPDATE ticket SET state = json_set(state, '$.subject', 'other') WHERE id = " SOME_ARCHIVED,
         {{"6", "state.subject"}}},
        {"state lost", "UPDATE ticket SET state = '' WHERE id = " SOME_ARCHIVED, {{"6", "state cannot be read"}}},
    });
}

TEST(A1_Verify, FindsGapsInTheLedgerOfOwners)
{
    expect_each({
        {"began later",
         "UPDATE tenure SET from_at = from_at + 1 WHERE no = 1 AND ticket_id = " SOME_ARCHIVED,
         {{"1", "tenure 1 from_at"}}},
        {"somebody else",
         "UPDATE tenure SET staff_id = 5 WHERE no = 1 AND ticket_id = " SOME_ARCHIVED,
         {{"1", "tenure 1 staff_id"}}},
        {"nobody now",
         "UPDATE tenure SET to_at = from_at WHERE no = 1 AND ticket_id = " SOME_OPEN,
         {{"1", "tenure 1 to_at"}, {"1", "owners at present: expected 1, found 0"}}},
        {"removed", "DELETE FROM tenure WHERE ticket_id = " SOME_ARCHIVED, {{"1", "tenures: expected 1, found 0"}}},
    });
}

TEST(A1_Verify, TheSchemaItselfAdmitsNoSecondOwner)
{
    Copy copy;
    EXPECT_THROW(copy.sabotage("INSERT INTO tenure (ticket_id, no, staff_id, from_at, cause) VALUES (" SOME_OPEN
                               ", 99, 5, 0, 'hand_over')"),
                 sql::ConstraintViolated);
}

TEST(A9_Verify, FindsObligationsThatWereTamperedWith)
{
    expect_each({
        {"open again",
         "UPDATE obligation SET met_at = NULL WHERE no = 1 AND breached_at IS NULL AND ticket_id = " SOME_ARCHIVED,
         {{"4", "met_at"}}},
        {"removed",
         "DELETE FROM obligation WHERE no = 1 AND ticket_id = " SOME_ARCHIVED,
         {{"4", "obligations: expected"}}},
        {"more time",
         "UPDATE obligation SET due_at = due_at + 1 WHERE no = 1 AND breached_at IS NULL AND ticket_id = " SOME_ARCHIVED,
         {{"4", "due_at"}}},
        {"breach wiped out",
         "UPDATE obligation SET breached_at = NULL WHERE (ticket_id, no) = "
         "(SELECT ticket_id, no FROM obligation WHERE met_at > due_at ORDER BY ticket_id, no LIMIT 1)",
         {{"4", "breached: none"}}},
        {"breach made up",
         "UPDATE obligation SET breached_at = due_at WHERE (ticket_id, no) = "
         "(SELECT ticket_id, no FROM obligation WHERE met_at < due_at ORDER BY ticket_id, no LIMIT 1)",
         {{"4", "breached: 2026"}}},
        {"another cause",
         "UPDATE obligation SET cause = 'mistake' WHERE (ticket_id, no) = "
         "(SELECT ticket_id, no FROM obligation WHERE cancelled_at IS NOT NULL ORDER BY ticket_id, no LIMIT 1)",
         {{"4", "cause"}}},
        {"nothing fires any more",
         "UPDATE obligation SET next_at = NULL WHERE ticket_id = " SOME_OPEN,
         {{"2", "found none"}}},
    });
}

TEST(E12_Verify, FindsLostMessagesNoticesDocumentsAndAuditEntries)
{
    expect_each({
        {"notice", "DELETE FROM notice WHERE id = (SELECT MIN(id) FROM notice)", {{"8", "nobody was shown it"}}},
        {"message",
         "DELETE FROM outbox WHERE id = (SELECT MIN(outbox_id) FROM notice)",
         {{"8", "no delivered message"}}},
        {"document",
         "DELETE FROM search_document WHERE kind = 'ticket' AND ref_id = " SOME_OPEN,
         {{"search", "no document"}}},
        {"audit entry changed",
         "DROP TRIGGER audit_entry_is_never_changed; UPDATE audit_entry SET action = 'nothing' WHERE id = 2",
         {{"audit", "entry 2"}}},
        {"audit entry removed",
         "DROP TRIGGER audit_entry_is_never_removed; DELETE FROM audit_entry WHERE id = 2",
         {{"audit", "entry 2"}}},
    });
}

TEST(E12_Verify, FindsRowsThatBelongToNothing)
{
    Copy copy;
    copy.sabotage(
        "PRAGMA foreign_keys = OFF; INSERT INTO tenure (ticket_id, no, staff_id, from_at, cause) VALUES (1, 1, 5, 0, 'receipt')");
    Checked checked;
    check_file_of(copy.path(), checked);
    expect_findings(checked, {{"file", "tenure"}});
}

/// A ticket whose events say what the rules would never have decided; rows and hashes fit them.
TicketRows forged(const ticket::Events& events)
{
    TicketRows rows;
    rows.row.id = TicketId{42};
    Hash last;
    std::int64_t seq = 0;
    for (const auto& event : events) {
        const Instant at = DemoStore::end + std::chrono::minutes{seq};
        const auto type = std::string{ticket::event_name(event)};
        const auto data = ticket::event_data_json(event);
        last = ticket::chain_hash(last, rows.row.id, ++seq, at, {}, type, data);
        rows.events.push_back({seq, at, {}, type, data, last});
    }
    return rows;
}

TEST(D11_Verify, FindsWhatWasFiledUnfinished)
{
    using namespace ticket;
    const Event received = TicketReceived{.number = "20260318-000001"};
    const Event result = ResultTold{"handled", "solution", "result"};
    const Event promised = Promised{.no = 1, .reason = "reason", .expected_at = DemoStore::end};
    struct {
        const char* name;
        Events events;
        std::vector<std::string> texts;
    } const cases[] = {
        {"with a result", {received, OwnershipTaken{}, result, Archived{}}, {}},
        {"without a result",
         {received, OwnershipTaken{}, Archived{}},
         {"archived without a result and without a reason"}},
        {"without a result, a supervisor gave a reason",
         {received, OwnershipTaken{}, Archived{Source::staff, "unreachable"}},
         {}},
        {"dissatisfied",
         {received, OwnershipTaken{}, result, Rated{1, "bad", "phone"}, ReworkStarted{"bad"}, Archived{}},
         {"archived with an unanswered dissatisfaction and without a reason",
          "archived without a result and without a reason"}},
        {"promise open",
         {received, OwnershipTaken{}, promised, result, Archived{Source::staff, "why"}},
         {"archived with an open promise"}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        std::vector<std::string> texts;
        check_ticket(forged(c.events), [&](std::string_view invariant, std::string text) {
            if (invariant == "3") texts.push_back(std::move(text));
        });
        EXPECT_EQ(texts, c.texts);
    }
}

TEST(C6_Verify, FindingsQuoteNoWordOfTheCustomers)
{
    Copy copy;
    copy.sabotage("UPDATE ticket SET state = json_set(state, '$.content', 'secret word'), number = number || 'x'");
    for (const auto& finding : copy.checked().findings) EXPECT_EQ(finding.text.find("secret"), std::string::npos);
}

}  // namespace
}  // namespace shouwen::app
