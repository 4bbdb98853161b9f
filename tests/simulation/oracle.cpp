#include "simulation/oracle.hpp"

#include "app/verify_ticket.hpp"
#include "modules/ticket/rules/decide.hpp"
#include "modules/ticket/store/codec.hpp"
#include "modules/ticket/store/slips.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace shouwen::simulation {
namespace {

using ticket::Ticket;

std::string stored_id(std::int64_t id)
{
    return TicketId{id}.text();
}

bool as_before(const ObligationRow& before, const ObligationRow& row)
{
    return before.kind == row.kind && before.subject == row.subject && before.starts_at == row.starts_at &&
           (!before.warned_at || row.warned_at == before.warned_at) &&
           (!before.breached_at || row.breached_at == before.breached_at) &&
           row.warnings_count >= before.warnings_count && row.chain_step >= before.chain_step &&
           (before.is_open() || row == before);
}

}  // namespace

/// What was fired of one ticket since the last look: how often each stage of each kind, and to whom it must have been told.
struct Oracle::Transitions {
    std::map<std::pair<std::string, std::string>, int> stages;                       ///< (topic, kind)
    std::map<std::tuple<std::string, std::string, std::int64_t>, int> must_be_told;  ///< (topic, kind, person)
};

const Ticket* Oracle::folded(std::int64_t id) const
{
    const auto found = known_.find(id);
    return found == known_.end() ? nullptr : &found->second.folded;
}

void Oracle::acknowledged(std::int64_t ticket, std::int64_t seq, std::string hash)
{
    acknowledged_[{ticket, seq}] = std::move(hash);
}

std::optional<std::string> Oracle::look(MemoryStore& store, const Moment& moment)
{
    std::map<std::int64_t, Transitions> fired;
    for (const auto id : store.take_touched()) {
        const auto stored = store.tables().tickets.find(id);
        if (stored == store.tables().tickets.end()) continue;  // rolled back
        const auto& rows = stored->second;
        auto& known = known_[id];
        const bool changed = known.events != rows.events.size();
        std::string fault = events(known, rows);
        if (fault.empty()) fault = obligations(known, rows, moment, fired[id]);
        if (fault.empty() && changed) fault = ledger(known.folded, rows);
        if (fault.empty()) fault = something_owed(known.folded, rows);
        if (fault.empty() && changed) fault = archive(known, moment);
        if (fault.empty() && changed) fault = row_equals_fold(known, rows);
        if (!fault.empty()) return fault + " (ticket " + stored_id(id) + ")";
    }
    if (auto fault = told(store, fired); !fault.empty()) return fault;
    if (moment.has_ticked)
        if (auto fault = nothing_overslept(store.tables(), moment); !fault.empty()) return fault;
    return std::nullopt;
}

/// 5 and 6: the new events follow those that are known, and fold to the ticket.
std::string Oracle::events(Known& known, const TicketRows& rows)
{
    const TicketId id{rows.row.id};
    known.folded.id = id;
    known.archived.reset();
    if (rows.events.size() < known.events) return "5: events are gone";
    for (; known.events < rows.events.size(); ++known.events) {
        const auto& row = rows.events[known.events];
        const Instant at = from_ms(row.at);
        known.hash = ticket::chain_hash(known.hash, id, static_cast<std::int64_t>(known.events) + 1, at,
                                        StaffId{row.actor.value_or(0)}, row.type, row.data);
        if (known.hash.raw() != row.hash) return fmt::format("5: the hash of event {} does not fit", known.events + 1);
        if (at < known.last_at) return fmt::format("5: event {} happens before the one before it", known.events + 1);
        known.last_at = at;
        const auto event = ticket::from_event_json(row.type, row.data);
        ticket::evolve(known.folded, event, at);
        note(known, event);
    }
    if (rows.row.last_seq != static_cast<std::int64_t>(rows.events.size()))
        return "5: last_seq is not the last event's";
    if (rows.row.last_hash != known.hash.raw()) return "5: last_hash is not the last event's";
    return {};
}

void Oracle::note(Known& known, const ticket::Event& event)
{
    coverage_.count("event", ticket::event_name(event));
    if (const auto* opened = std::get_if<ticket::ObligationOpened>(&event)) {
        known.endings.push_back(0);
        coverage_.count("opened", name_of(opened->obligation.kind));
    }
    if (const auto* met = std::get_if<ticket::ObligationMet>(&event))
        ++known.endings.at(static_cast<std::size_t>(met->no) - 1);
    if (const auto* cancelled = std::get_if<ticket::ObligationCancelled>(&event))
        ++known.endings.at(static_cast<std::size_t>(cancelled->no) - 1);
    if (const auto* archived = std::get_if<ticket::Archived>(&event)) known.archived = *archived;
}

/// 1: exactly one owner from the first response to the archive, in stretches that follow each other.
std::string Oracle::ledger(const Ticket& t, const TicketRows& rows)
{
    const auto open = std::ranges::count_if(t.tenures, [](const auto& each) { return !each.to; });
    const bool owned = t.step != ticket::Step::intake && !t.is_closed();
    if (open != (owned ? 1 : 0)) return fmt::format("1: {} owners in {}", open, name_of(t.step));
    if (owned && (t.tenures.back().to || t.tenures.back().staff_id != t.owner || !t.owner))
        return "1: the ledger names another owner";
    if (t.tenures.size() != rows.tenures.size()) return "1: not every stretch is stored";
    for (std::size_t i = 0; i < t.tenures.size(); ++i) {
        const auto& tenure = t.tenures[i];
        const auto& row = rows.tenures[i];
        if (row.staff != tenure.staff_id.value || from_ms(row.from) != tenure.from ||
            row.to.has_value() != tenure.to.has_value() || (row.to && from_ms(*row.to) != tenure.to) ||
            row.cause != name_of(tenure.cause))
            return fmt::format("1: stretch {} is stored as another one", i + 1);
        if (tenure.to && *tenure.to < tenure.from) return fmt::format("1: stretch {} ends before it begins", i + 1);
        if (i == 0) continue;
        const auto& before = t.tenures[i - 1];
        const bool follows = before.to && (tenure.cause == ticket::TenureCause::reopening ? *before.to <= tenure.from
                                                                                          : *before.to == tenure.from);
        if (!follows) return fmt::format("1: a gap or an overlap before stretch {}", i + 1);
    }
    return {};
}

/// 2: what is open is owed by somebody, and somebody is reminded of it.
std::string Oracle::something_owed(const Ticket& t, const TicketRows& rows)
{
    const bool fires = std::ranges::any_of(rows.obligations, [](const ObligationRow& each) {
        return each.is_open() && !each.paused_at && (each.next_at || each.breached_at);
    });
    if (!t.is_closed() && !fires) return "2: nothing that fires is owed";
    // D12: what is filed may still be revisited, and nothing else is owed for it.
    const bool filed = t.step == ticket::Step::archived;
    if (t.is_closed() && std::ranges::any_of(rows.obligations, [&](const ObligationRow& each) {
            return each.is_open() && !(filed && each.kind == "follow_up");
        }))
        return "4: something is owed after the end";
    return {};
}

/// 3: what is filed is finished, unless a supervisor's word stands for the customer's (D11).
std::string Oracle::archive(const Known& known, const Moment& moment)
{
    const Ticket& t = known.folded;
    if (!known.archived || t.step != ticket::Step::archived) return {};
    if (std::ranges::any_of(t.promises, &ticket::Promise::is_open)) return "3: filed with an unkept promise";
    if (t.has_open_slip()) return "3: filed with an open slip";
    const auto* rules = t.class_ ? moment.policy->rules_of(*t.class_) : nullptr;
    if (!rules) return "3: filed without a class";
    const auto file = moment.known_of_customer.find(t.customer.value);
    for (const auto& field : rules->required_fields) {
        const bool in_file =
            file != moment.known_of_customer.end() && std::ranges::find(file->second, field) != file->second.end();
        const bool has = in_file || (field == "demand" && !t.demand.empty()) ||
                         (field == "category" && !t.category.empty()) || (field == "area" && t.area);
        if (!has) return "3: filed without " + field;
    }
    if (!known.archived->reason.empty()) return {};
    if (!t.result) return "3: filed without a result";
    if (t.rework) return "3: filed during a rework";
    if (t.rating && t.rating->score <= moment.policy->document().dissatisfied_up_to)
        return "3: filed over a dissatisfied customer";
    return {};
}

/// 4: each obligation's row goes on from what it was, and ends once, as the events say.
std::string Oracle::obligations(Known& known, const TicketRows& rows, const Moment& moment, Transitions& fired)
{
    if (rows.obligations.size() != known.endings.size()) return "4: events and rows count different obligations";
    if (rows.obligations.size() < known.obligations.size()) return "4: obligations are gone";
    const Instant latest = std::max(moment.latest, known.last_at);
    for (std::size_t i = 0; i < rows.obligations.size(); ++i) {
        const auto& row = rows.obligations[i];
        const bool is_new = i >= known.obligations.size();
        const ObligationRow before = is_new ? row : known.obligations[i];
        const auto which = fmt::format("obligation {} ({})", i + 1, row.kind);
        if (!is_new && before == row) continue;
        if (!is_new && !as_before(before, row)) return "4: what was recorded of " + which + " is another";
        if (known.endings[i] != (row.is_open() ? 0 : 1))
            return fmt::format("4: {} ended {} times by the events", which, known.endings[i]);
        if (row.breached_at && (is_new || !before.breached_at) && from_ms(*row.breached_at) > latest)
            return "8: " + which + " was breached before its time";
        if (row.warned_at && (is_new || !before.warned_at) && from_ms(*row.warned_at) > latest)
            return "8: " + which + " was warned of before its time";
        if (row.met_at && *row.met_at >= row.due_at && !row.breached_at)
            return "4: " + which + " was late and is not called so";
        if (row.met_at && *row.met_at < row.starts_at && row.starts_at <= to_ms(latest))
            return "4: " + which + " was met before it was opened";
        const auto more = [&](const char* topic, std::int64_t count) {
            if (count <= 0) return;
            fired.stages[{topic, row.kind}] += static_cast<int>(count);
            // By whoever owed it when it was fired: what is due has happened before a command passes it on (A4).
            if (before.debtor_staff && std::string_view{topic} != "chain")
                fired.must_be_told[{topic, row.kind, *before.debtor_staff}] += static_cast<int>(count);
            coverage_.count("fired", topic);
        };
        more("warned", row.warnings_count - (is_new ? 0 : before.warnings_count));
        more("breached", row.breached_at && (is_new || !before.breached_at) ? 1 : 0);
        more("chain", row.chain_step - (is_new ? 0 : before.chain_step));
        if (!row.is_open() && (is_new || before.is_open()))
            coverage_.count(row.cancelled_at ? "cancelled" : row.breached_at ? "met_late" : "met", row.kind);
    }
    known.obligations.assign(rows.obligations.begin(), rows.obligations.end());
    for (const auto& open : known.folded.obligations) {
        if (open.due_at < open.starts_at) return "4: an obligation ends before it starts";
        if (open.paused_at && !known.folded.waiting_since) return "4: paused, and nobody is waited for";
    }
    for (const auto& promise : known.folded.promises)
        if (promise.is_open() != (known.folded.find(ObligationKind::keep_promise, promise.no) != nullptr))
            return fmt::format("4: promise {} and what is owed for it differ", promise.no);
    return {};
}

/// 6: what lists read is what the events say.
std::string Oracle::row_equals_fold(const Known& known, const TicketRows& rows)
{
    auto folded = known.folded;
    const auto& row = rows.row;
    folded.version = row.version;
    if (ticket::to_state_json(folded) != row.state) return "6: the fold of the stored events is another ticket";
    const auto* next = folded.is_closed() ? nullptr : folded.next_due();
    if (row.step != name_of(folded.step) || row.owner.value_or(0) != folded.owner.value ||
        row.grade.value_or("") != (folded.grade ? name_of(*folded.grade) : "") ||
        row.class_.value_or("") != (folded.class_ ? name_of(*folded.class_) : "") ||
        row.owner_unit.value_or(0) != folded.owner_unit.value ||
        row.queue_unit.value_or(0) != folded.queue_unit.value || row.merchant.value_or(0) != folded.merchant.value ||
        row.customer.value_or(0) != folded.customer.value || row.closed_at.has_value() != folded.is_closed() ||
        row.next_due_at != (next ? Number{to_ms(next->due_at)} : Number{}))
        return "6: the row that lists read differs from the ticket";
    for (const auto& [no, revisit] : rows.follow_ups) {
        const auto* owed = folded.find(ObligationKind::follow_up);
        const bool is_owed = owed && owed->no == no;
        if (is_owed == revisit.ended_at.has_value() || (is_owed && revisit.due_at != to_ms(owed->due_at)) ||
            (is_owed && revisit.unit != owed->debtor.unit.value))
            return fmt::format("D12: revisit {} is stored as another one", no);
    }
    if (folded.follow_up_no && !rows.follow_ups.contains(folded.follow_up_no)) return "D12: a revisit is not stored";
    if (rows.slips.size() != folded.slips.size()) return "6: not every slip is stored";
    for (std::size_t i = 0; i < rows.slips.size(); ++i) {
        const auto expected = ticket::row_of(folded, folded.slips[i]);
        const auto& slip = rows.slips[i];
        if (slip.unit != expected.unit.value || slip.handler.value_or(0) != expected.handler.value ||
            slip.state != name_of(expected.state) || slip.issued_at != to_ms(expected.issued_at) ||
            slip.next_due_at != to_ms(expected.next_due_at) || slip.ended_at.has_value() != !folded.slips[i].is_open())
            return fmt::format("6: slip {} is stored as another one", i + 1);
    }
    const auto units = folded.slip_units();
    if (units.size() != rows.slip_units.size())
        return "6: a unit with a slip may not read the ticket, or one without may";
    for (const UnitId unit : units)
        if (const auto found = rows.slip_units.find(unit.value);
            found == rows.slip_units.end() || found->second != row.next_due_at)
            return "6: what a unit's list reads differs from the ticket";
    return {};
}

/// 8: every stage that was fired was told, to each once, and nothing else was.
std::string Oracle::told(const MemoryStore& store, const std::map<std::int64_t, Transitions>& fired)
{
    std::map<std::tuple<std::int64_t, std::string, std::string>, std::map<std::string, int>> told;
    const auto& outbox = store.tables().outbox;
    if (outbox.size() < messages_) return "8: messages are gone";
    for (; messages_ < outbox.size(); ++messages_) {
        const auto& message = outbox[messages_];
        coverage_.count("told", message.topic);
        if (message.topic != "warned" && message.topic != "breached" && message.topic != "chain") continue;
        constexpr std::string_view member = "\"obligation_kind\":\"";
        const auto begin = message.payload.find(member) + member.size();
        const auto kind = message.payload.substr(begin, message.payload.find('"', begin) - begin);
        ++told[{message.ticket.value_or(0), message.topic, kind}][message.target];
    }
    for (const auto& [what, whom] : told) {
        const auto& [ticket, topic, kind] = what;
        const auto of = fired.find(ticket);
        const auto stages = of == fired.end() ? decltype(Transitions::stages){} : of->second.stages;
        const auto happened = stages.find({topic, kind});
        for (const auto& [target, count] : whom)
            if (count > (happened == stages.end() ? 0 : happened->second))
                return fmt::format("8: {} of {} was told {} times to one person and happened {} times (ticket {})",
                                   topic, kind, count, happened == stages.end() ? 0 : happened->second,
                                   stored_id(ticket));
    }
    for (const auto& [ticket, transitions] : fired) {
        for (const auto& [stage, count] : transitions.stages) {
            const auto& [topic, kind] = stage;
            int messages = 0;
            for (const auto& [target, times] : told[{ticket, topic, kind}]) messages += times;
            if (messages < count && topic != "warned")
                return fmt::format("8: {} of {} happened {} times and was told {} times (ticket {})", topic, kind,
                                   count, messages, stored_id(ticket));
        }
        for (const auto& [what, count] : transitions.must_be_told) {
            const auto& [topic, kind, person] = what;
            if (told[{ticket, topic, kind}][StaffId{person}.text()] < count)
                return fmt::format("8: the debtor was not told: {} of {} (ticket {})", topic, kind, stored_id(ticket));
        }
    }
    return {};
}

/// 8: after a tick nothing waits whose time is over.
std::string Oracle::nothing_overslept(const Tables& tables, const Moment& moment)
{
    for (const auto& [id, rows] : tables.tickets)
        for (std::size_t i = 0; i < rows.obligations.size(); ++i) {
            const auto& row = rows.obligations[i];
            if (!row.is_open() || row.paused_at) continue;
            if (row.next_at && from_ms(*row.next_at) <= moment.now)
                return fmt::format("8: obligation {} ({}) is due after the tick (ticket {})", i + 1, row.kind,
                                   stored_id(id));
            if (from_ms(row.due_at) <= moment.now && !row.breached_at)
                return fmt::format("8: obligation {} ({}) is over and nobody was told (ticket {})", i + 1, row.kind,
                                   stored_id(id));
        }
    return {};
}

std::optional<std::string> Oracle::look_at_all(const MemoryStore& store)
{
    const auto& tables = store.tables();
    for (const auto& [what, hash] : acknowledged_) {
        const auto rows = tables.tickets.find(what.first);
        const auto seq = static_cast<std::size_t>(what.second);
        if (rows == tables.tickets.end() || rows->second.events.size() < seq ||
            rows->second.events[seq - 1].hash != hash)
            return "9: what was answered is not there (ticket " + stored_id(what.first) + ")";
    }
    for (std::size_t i = 0; i < tables.outbox.size(); ++i) {
        const auto& message = tables.outbox[i];
        const auto id = static_cast<std::int64_t>(i) + 1;
        if (message.next_at) return fmt::format("8: message {} is never sent", id);
        if (message.channel == "notice" && message.sent_at && !tables.notice_of.contains(id))
            return fmt::format("8: message {} counts as sent and nobody was shown it", id);
        if (message.channel != "notice" && message.sent_at && !sent_.contains(id))
            return fmt::format("8: message {} counts as sent and never left", id);
    }
    return std::nullopt;
}

}  // namespace shouwen::simulation
