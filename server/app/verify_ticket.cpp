#include "app/verify_ticket.hpp"

#include "base/names.hpp"
#include "modules/ticket/rules/event.hpp"
#include "modules/ticket/store/codec.hpp"
#include "platform/json/described_pause.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace shouwen::app {
namespace {

using ticket::Ticket;

std::string shown(const std::optional<Instant>& at)
{
    return at ? to_rfc3339(*at) : "none";
}
std::string shown(std::int64_t number)
{
    return std::to_string(number);
}
std::string shown(const std::string& word)
{
    return word.empty() ? "none" : word;
}
template <class Tag>
std::string shown(Id<Tag> id)
{
    return id ? id.text() : "none";
}
template <class E>
std::string word(const std::optional<E>& value)
{
    return value ? std::string{name_of(*value)} : std::string{};
}

std::string ending_of(const obligation::ObligationRow& row)
{
    const auto& ended_at = row.met_at ? row.met_at : row.cancelled_at;
    return fmt::format("obligation {} ({}): {} {} for {}, breached: {}", row.no, row.kind,
                       row.met_at ? "met" : "cancelled", shown(ended_at), to_rfc3339(row.due_at),
                       shown(row.breached_at));
}

/// What the events say about one obligation.
struct Owed {
    ticket::OpenObligation obligation;
    std::optional<Instant> met_at;
    std::optional<Instant> cancelled_at;
    std::string cause;
    int endings = 0;
};

struct TicketCheck {
    const TicketRows& rows;
    const std::function<void(std::string_view, std::string)>& report;
    Ticket folded = {};
    std::map<std::int64_t, Owed> owed = {};
    std::string archive_reason = {};

    template <class T>
    void equal(std::string_view invariant, std::string_view what, const T& expected, const T& found) const
    {
        if (expected != found)
            report(invariant, fmt::format("{}: expected {}, found {}", what, shown(expected), shown(found)));
    }

    void run()
    {
        chain();
        if (!fold()) return;
        columns();
        slips();
        state();
        owners();
        something_owed();
        archive();
        obligations();
        follow_ups();
        if (!rows.has_customer) report("customer", "the customer that it names does not exist");
        if (!rows.has_document) report("search", "it has no document in the search index");
    }

    /// 5: numbered without gaps, each with the hash of the one before.
    void chain() const
    {
        Hash last;
        std::int64_t seq = 0;
        for (const auto& event : rows.events) {
            if (event.seq != ++seq) {
                report("5", fmt::format("event: expected number {}, found {}", seq, event.seq));
                return;
            }
            last = ticket::chain_hash(last, rows.row.id, event.seq, event.at, event.actor, event.type, event.data);
            if (last != event.hash) {
                report("5", fmt::format("event {}: its hash does not fit what is stored", seq));
                return;
            }
        }
        equal("5", "last_seq", seq, rows.row.last_seq);
        if (last != rows.row.last_hash) report("5", "last_hash is not that of the last event");
    }

    /// @returns whether the events can be read and applied
    bool fold()
    {
        folded.id = rows.row.id;
        for (const auto& stored : rows.events) {
            try {
                const auto event = ticket::from_event_json(stored.type, stored.data);
                ticket::evolve(folded, event, stored.at);
                note(event, stored.at);
            } catch (const std::exception&) {
                // What was tampered with may be unreadable or impossible; its text could hold a customer's words.
                report("6", fmt::format("event {} ({}): cannot be read or applied", stored.seq, stored.type));
                return false;
            }
        }
        return true;
    }

    void note(const ticket::Event& event, Instant at)
    {
        if (const auto* opened = std::get_if<ticket::ObligationOpened>(&event))
            owed[opened->obligation.no].obligation = opened->obligation;
        if (const auto* met = std::get_if<ticket::ObligationMet>(&event)) {
            owed[met->no].met_at = at;
            ++owed[met->no].endings;
        }
        if (const auto* cancelled = std::get_if<ticket::ObligationCancelled>(&event)) {
            owed[cancelled->no].cancelled_at = at;
            owed[cancelled->no].cause = cancelled->cause;
            ++owed[cancelled->no].endings;
        }
        if (const auto* paused = std::get_if<ticket::ObligationPaused>(&event))
            owed[paused->no].obligation.paused_at = at;
        if (const auto* passed = std::get_if<ticket::ObligationPassed>(&event))
            owed[passed->no].obligation.debtor = passed->debtor;
        if (const auto* moved = std::get_if<ticket::ObligationMoved>(&event)) {
            auto& obligation = owed[moved->no].obligation;
            obligation.limit = moved->limit;
            obligation.due_at = moved->due_at;
            obligation.pauses = moved->pauses;
            obligation.paused_at.reset();
        }
        if (const auto* archived = std::get_if<ticket::Archived>(&event)) archive_reason = archived->reason;
    }

    /// 6: the columns that lists read.
    void columns() const
    {
        const auto& row = rows.row;
        equal("6", "number", folded.number, row.number);
        equal("6", "step", std::string{name_of(folded.step)}, row.step);
        equal("6", "channel", std::string{name_of(folded.channel)}, row.channel);
        equal("6", "class", word(folded.class_), row.class_);
        equal("6", "grade", word(folded.grade), row.grade);
        equal("6", "customer_id", folded.customer, row.customer);
        equal("6", "owner_id", folded.owner, row.owner);
        equal("6", "owner_unit_id", folded.owner_unit, row.owner_unit);
        equal("6", "queue_unit_id", folded.queue_unit, row.queue_unit);
        equal("6", "merchant_id", folded.merchant, row.merchant);
        equal("6", "area_id", folded.area, row.area);
        equal("6", "created_at", std::optional{folded.created_at}, std::optional{row.created_at});
        equal("6", "closed_at", folded.archived_at, row.closed_at);
        const auto* next = folded.is_closed() ? nullptr : folded.next_due();
        equal("6", "next_due_at", next ? std::optional{next->due_at} : std::nullopt, row.next_due_at);
        overdue();
    }

    void overdue() const
    {
        const Instant last_at = rows.events.empty() ? Instant{} : rows.events.back().at;
        bool breached = false;
        bool may_be = false;
        for (const auto& row : rows.obligations) {
            if (!row.is_open() || row.paused_at) continue;
            breached = breached || row.breached_at;
            may_be = may_be || row.breached_at || row.due_at <= last_at;
        }
        if (breached && !rows.row.overdue)
            report("6", "overdue: expected 1, as an open obligation is breached, found 0");
        if (rows.row.overdue && !may_be) report("6", "overdue: expected 0, as no open obligation is breached, found 1");
    }

    /// 6: the rows of transfer slips, and who may read the ticket because of them.
    void slips() const
    {
        const auto& found = rows.slips;
        equal("6", "slips", static_cast<std::int64_t>(folded.slips.size()), static_cast<std::int64_t>(found.size()));
        for (std::size_t i = 0; i < std::min(folded.slips.size(), found.size()); ++i) {
            const auto expected = ticket::row_of(folded, folded.slips[i]);
            const auto name = fmt::format("slip {} ", expected.no);
            equal("6", name + "no", std::int64_t{expected.no}, std::int64_t{found[i].no});
            equal("6", name + "unit_id", expected.unit, found[i].unit);
            equal("6", name + "handler_id", expected.handler, found[i].handler);
            equal("6", name + "state", std::string{name_of(expected.state)}, std::string{name_of(found[i].state)});
            equal("6", name + "issued_at", std::optional{expected.issued_at}, std::optional{found[i].issued_at});
            equal("6", name + "next_due_at", std::optional{expected.next_due_at}, std::optional{found[i].next_due_at});
            equal("6", name + "ended_at", expected.ended_at, found[i].ended_at);
        }
        std::vector<ticket::SlipUnitRow> units;
        const auto* next = folded.is_closed() ? nullptr : folded.next_due();
        for (const UnitId unit : folded.slip_units())
            units.push_back({unit, next ? std::optional{next->due_at} : std::nullopt});
        if (units != rows.slip_units) report("6", "slip_unit: differs from what the events say");
    }

    /// 6: the state as JSON, member by member; values are not quoted, as they may be a customer's words.
    void state()
    {
        try {
            const Ticket stored = ticket::from_state_json(rows.row.state);
            equal("6", "version", stored.version, rows.row.version);
            folded.version = stored.version;
            const auto expected = boost::json::parse(ticket::to_state_json(folded));
            const auto found = boost::json::parse(ticket::to_state_json(stored));
            for (const auto& [name, value] : expected.as_object())
                if (found.as_object().at(name) != value)
                    report("6", fmt::format("state.{}: differs from what the events say", std::string_view{name}));
        } catch (const std::exception&) {
            report("6", "state cannot be read");
        }
    }

    /// 1: exactly one owner from the first response to the archive.
    void owners() const
    {
        const auto& tenures = rows.tenures;
        equal("1", "tenures", static_cast<std::int64_t>(folded.tenures.size()),
              static_cast<std::int64_t>(tenures.size()));
        for (std::size_t i = 0; i < std::min(tenures.size(), folded.tenures.size()); ++i) {
            const auto &expected = folded.tenures[i], &found = tenures[i];
            const auto name = fmt::format("tenure {}", i + 1);
            equal("1", name + " staff_id", expected.staff_id, found.staff_id);
            equal("1", name + " unit_id", expected.unit_id, found.unit_id);
            equal("1", name + " from_at", std::optional{expected.from}, std::optional{found.from});
            equal("1", name + " to_at", expected.to, found.to);
            equal("1", name + " cause", std::string{name_of(expected.cause)}, std::string{name_of(found.cause)});
        }
        for (std::size_t i = 1; i < tenures.size(); ++i)
            // A reopening follows an archive: nobody was accountable in between.
            if (tenures[i].cause != ticket::TenureCause::reopening && tenures[i - 1].to != tenures[i].from)
                report("1", fmt::format("tenure {}: expected from {}, found {}", i + 1, shown(tenures[i - 1].to),
                                        to_rfc3339(tenures[i].from)));
        for (std::size_t i = 0; i < tenures.size(); ++i)
            if (tenures[i].to && *tenures[i].to < tenures[i].from)
                report("1", fmt::format("tenure {}: expected to end after {}, found {}", i + 1,
                                        to_rfc3339(tenures[i].from), shown(tenures[i].to)));
        const auto open = std::ranges::count_if(tenures, [](const auto& each) { return !each.to; });
        const bool answered = folded.first_response_at.has_value();
        equal("1", "owners at present", std::int64_t{answered && !folded.is_closed() ? 1 : 0},
              static_cast<std::int64_t>(open));
    }

    /// 2: nothing can be forgotten.
    void something_owed() const
    {
        if (folded.is_closed()) return;
        const bool watched = std::ranges::any_of(
            rows.obligations, [](const auto& each) { return each.is_open() && (each.next_at || each.breached_at); });
        if (!watched) report("2", "expected an open obligation that fires, found none");
    }

    /// 3: what is filed is finished.
    void archive() const
    {
        if (folded.step != ticket::Step::archived) return;
        if (std::ranges::any_of(folded.promises, &ticket::Promise::is_open))
            report("3", "archived with an open promise");
        if (folded.has_open_slip()) report("3", "archived with an open slip");
        if (!archive_reason.empty()) return;  // a supervisor closed it with a reason, on record
        if (folded.rework) report("3", "archived with an unanswered dissatisfaction and without a reason");
        if (!folded.result) report("3", "archived without a result and without a reason");
    }

    /// 4: each obligation ends once, as the events say.
    void obligations() const
    {
        std::size_t known = 0;
        for (const auto& row : rows.obligations) {
            const auto found = owed.find(row.no);
            if (found == owed.end()) {
                report("4", fmt::format("obligation {}: no event opened it", row.no));
                continue;
            }
            ++known;
            obligation(row, found->second);
        }
        if (known < owed.size()) report("4", fmt::format("obligations: expected {}, found {}", owed.size(), known));
    }

    /// D12: a record for each obligation to revisit, with its limit and its end.
    void follow_ups() const
    {
        std::size_t known = 0;
        for (const auto& [no, each] : owed) {
            if (each.obligation.kind != ObligationKind::follow_up) continue;
            ++known;
            const auto row = std::ranges::find(rows.follow_ups, no, &follow_up::FollowUp::no);
            const auto name = fmt::format("revisit {}", no);
            if (row == rows.follow_ups.end()) {
                report("D12", name + ": expected a record, found none");
                continue;
            }
            equal("D12", name + " unit_id", each.obligation.debtor.unit, row->unit);
            equal("D12", name + " due_at", std::optional{each.obligation.due_at}, std::optional{row->due_at});
            equal("D12", name + " ended_at", each.met_at ? each.met_at : each.cancelled_at, row->ended_at);
            if (row->ended_at && each.cancelled_at.has_value() != (row->state == follow_up::State::cancelled))
                report("D12", name + ": its state does not fit how the obligation ended");
        }
        equal("D12", "revisits", static_cast<std::int64_t>(known), static_cast<std::int64_t>(rows.follow_ups.size()));
    }

    void obligation(const obligation::ObligationRow& row, const Owed& expected) const
    {
        const auto& o = expected.obligation;
        const auto name = fmt::format("obligation {} ({})", row.no, row.kind);
        const auto compare = [&](std::string_view column, const auto& wanted, const auto& found) {
            equal("4", fmt::format("{} {}", name, column), wanted, found);
        };
        if (expected.endings > 1) report("4", name + ": the events end it more than once");
        compare("kind", std::string{name_of(o.kind)}, row.kind);
        compare("subject", std::int64_t{o.subject}, row.subject);
        compare("debtor_staff_id", o.debtor.staff, row.debtor.staff);
        compare("debtor_unit_id", o.debtor.unit, row.debtor.unit);
        compare("calendar", o.calendar, row.calendar);
        compare("time_limit", o.limit ? to_string(*o.limit) : std::string{}, row.limit);
        compare("policy_version", std::int64_t{o.policy_version}, row.policy_version);
        compare("starts_at", std::optional{o.starts_at}, std::optional{row.starts_at});
        compare("due_at", std::optional{o.due_at}, std::optional{row.due_at});
        compare("pauses", described::to_json(o.pauses), row.pauses);
        compare("paused_at", o.paused_at, row.paused_at);
        compare("met_at", expected.met_at, row.met_at);
        compare("cancelled_at", expected.cancelled_at, row.cancelled_at);
        compare("cause", expected.cause, row.cause);
        if (row.met_at && *row.met_at >= row.due_at && !row.breached_at) report("4", ending_of(row));
    }
};

}  // namespace

void check_ticket(const TicketRows& rows, const std::function<void(std::string_view, std::string)>& report)
{
    TicketCheck{rows, report}.run();
}

std::vector<EarlyBreach> early_breaches(const TicketRows& rows)
{
    std::vector<EarlyBreach> found;
    for (const auto& row : rows.obligations) {
        const auto& ended_at = row.met_at ? row.met_at : row.cancelled_at;
        if (ended_at && row.breached_at && *ended_at < row.due_at)
            found.push_back({rows.row.id, rows.row.number, row.kind, ending_of(row)});
    }
    return found;
}

}  // namespace shouwen::app
