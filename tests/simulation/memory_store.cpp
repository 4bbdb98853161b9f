#include "simulation/memory_store.hpp"

#include "base/result.hpp"

#include <algorithm>
#include <unordered_map>

namespace shouwen::simulation {
namespace {

/// A row on its way to a visitor.
class Cells final : public sql::Row {
public:
    void clear() { cells_.clear(); }
    Cells& operator<<(std::int64_t value) { return add({false, value, {}}); }
    Cells& operator<<(const Number& value) { return add({!value, value.value_or(0), {}}); }
    Cells& operator<<(std::string_view text) { return add({false, 0, text}); }
    Cells& operator<<(const std::string& text) { return *this << std::string_view{text}; }
    Cells& operator<<(const Text& text) { return add({!text, 0, text ? std::string_view{*text} : std::string_view{}}); }

    bool is_null(int column) const override { return at(column).is_null; }
    std::int64_t integer(int column) const override { return at(column).integer; }
    double real(int column) const override { return static_cast<double>(at(column).integer); }
    std::string_view text(int column) const override { return at(column).text; }
    std::string_view bytes(int column) const override { return at(column).text; }

private:
    struct Cell {
        bool is_null;
        std::int64_t integer;
        std::string_view text;
    };
    const Cell& at(int column) const { return cells_.at(static_cast<std::size_t>(column)); }
    Cells& add(Cell cell)
    {
        cells_.push_back(cell);
        return *this;
    }
    std::vector<Cell> cells_;
};

/// The parameters of a call, counted from 1 as in the statement.
struct Given {
    std::span<const sql::Value> values;

    const sql::Value& operator[](std::size_t no) const { return values[no - 1]; }
    std::int64_t integer(std::size_t no) const { return (*this)[no].integer(); }
    Number number(std::size_t no) const
    {
        return (*this)[no].kind() == sql::Value::Kind::null ? Number{} : Number{integer(no)};
    }
    std::string string(std::size_t no) const { return std::string{(*this)[no].text()}; }
    Text text(std::size_t no) const { return (*this)[no].kind() == sql::Value::Kind::null ? Text{} : Text{string(no)}; }
};

void hold(bool holds, const char* constraint)
{
    if (!holds) throw sql::ConstraintViolated(constraint);
}

}  // namespace

class MemoryConnection final : public sql::Connection {
public:
    explicit MemoryConnection(MemoryStore& store) : store_(store), t_(store.tables_) {}

    sql::Dialect dialect() const override { return sql::Dialect::sqlite; }
    void run_script(std::string_view) override { throw std::logic_error("the memory store has no scripts"); }
    std::int64_t run(const sql::Statement& statement, std::span<const sql::Value> parameters,
                     const sql::RowVisitor& visit) override
    {
        const auto found = handlers().find(statement.name);
        if (found == handlers().end())
            throw std::logic_error(std::string{"the memory store does not know the statement "} + statement.name);
        return (this->*found->second)({parameters}, visit);
    }

private:
    using Visit = sql::RowVisitor;
    using Handler = std::int64_t (MemoryConnection::*)(Given, const Visit&);
    static const std::unordered_map<std::string_view, Handler>& handlers();

    // --- What is undone when the transaction fails
    template <class T>
    void keep(T& row)
    {
        store_.undo_.push_back([&row, old = row] { row = old; });
    }
    template <class Rows, class T>
    void append(Rows& rows, T row)
    {
        rows.push_back(std::move(row));
        store_.undo_.push_back([&rows] { rows.pop_back(); });
    }
    TicketRows* find(std::int64_t id)
    {
        const auto found = t_.tickets.find(id);
        return found == t_.tickets.end() ? nullptr : &found->second;
    }
    TicketRows& ticket(std::int64_t id)
    {
        auto* found = find(id);
        hold(found != nullptr, "a row of a ticket that does not exist");
        store_.touched_.insert(id);
        return *found;
    }
    ObligationRow* obligation(Given p)
    {
        auto* of = find(p.integer(1));
        const auto no = static_cast<std::size_t>(p.integer(2));
        if (!of || no < 1 || no > of->obligations.size()) return nullptr;
        store_.touched_.insert(p.integer(1));
        return &of->obligations[no - 1];
    }
    static void check(const TicketRow& row)
    {
        const bool closed = row.step == "archived" || row.step == "cancelled";
        hold(row.step == "intake" || row.step == "cancelled" || row.owner, "invariant 1");
        hold(closed || row.next_due_at, "invariant 2");
    }
    static void check(const ObligationRow& row)
    {
        hold(!row.met_at || !row.cancelled_at, "invariant 4");
        hold(!row.cancelled_at || row.cause, "a cancellation has a cause");
        hold(!row.next_at || row.is_open(), "what has ended fires no more");
    }
    static void check(const MessageRow& row)
    {
        hold(!row.sent_at || !row.dead_at, "sent or dead");
        hold(!row.next_at == (row.sent_at || row.dead_at), "pending, sent or dead");
    }

    // --- ticket
    std::int64_t ticket_load(Given p, const Visit& visit)
    {
        const auto* found = find(p.integer(1));
        if (!found) return 0;
        const auto seq = static_cast<std::size_t>(found->row.last_seq);
        Cells row;
        row << found->row.state << found->row.last_seq << found->row.last_hash
            << (seq >= 1 && seq <= found->events.size() ? Number{found->events[seq - 1].at} : Number{})
            << found->row.overdue;
        visit(row);
        return 0;
    }
    std::int64_t ticket_insert(Given p, const Visit&)
    {
        TicketRow row{p.integer(1), p.string(2),        p.integer(3),  p.string(4),   p.string(5),
                      p.text(6),    p.text(7),          p.number(8),   p.number(9),   p.number(10),
                      p.number(11), p.number(12),       p.number(13),  p.integer(14), p.number(15),
                      p.number(16), p.integer(17) != 0, p.integer(18), p.string(19),  p.string(21)};
        check(row);
        hold(!find(row.id), "a ticket's id is unique");
        for (const auto& [id, other] : t_.tickets) hold(other.row.number != row.number, "a ticket's number is unique");
        const auto id = row.id;
        t_.tickets[id].row = std::move(row);
        store_.touched_.insert(id);
        store_.undo_.push_back([this, id] { t_.tickets.erase(id); });
        return 1;
    }
    std::int64_t ticket_update(Given p, const Visit&)
    {
        auto& row = ticket(p.integer(1)).row;
        keep(row);
        row.version = p.integer(2);
        row.step = p.string(3);
        row.class_ = p.text(4);
        row.grade = p.text(5);
        row.owner = p.number(6);
        row.owner_unit = p.number(7);
        row.queue_unit = p.number(8);
        row.merchant = p.number(9);
        row.area = p.number(10);
        row.closed_at = p.number(11);
        row.next_due_at = p.number(12);
        row.overdue = p.integer(13) != 0;
        row.last_seq = p.integer(14);
        row.last_hash = p.string(15);
        row.state = p.string(16);
        check(row);
        return 1;
    }
    std::int64_t event_insert(Given p, const Visit&)
    {
        auto& of = ticket(p.integer(1));
        hold(p.integer(2) == static_cast<std::int64_t>(of.events.size()) + 1, "events are numbered without gaps");
        append(of.events, EventRow{p.integer(3), p.number(4), p.string(5), p.string(6), p.string(7)});
        return 1;
    }
    std::int64_t tenure_insert(Given p, const Visit&)
    {
        auto& of = ticket(p.integer(1));
        hold(p.integer(2) == static_cast<std::int64_t>(of.tenures.size()) + 1, "tenures are numbered without gaps");
        const auto is_open = [](const TenureRow& each) { return !each.to; };
        hold(p.number(6) || std::ranges::none_of(of.tenures, is_open), "one owner at a time");
        append(of.tenures, TenureRow{p.number(3), p.number(4), p.integer(5), p.number(6), p.string(7)});
        return 1;
    }
    std::int64_t tenure_end(Given p, const Visit&)
    {
        auto& of = ticket(p.integer(1));
        const auto no = static_cast<std::size_t>(p.integer(2));
        if (no < 1 || no > of.tenures.size() || of.tenures[no - 1].to) return 0;
        keep(of.tenures[no - 1]);
        of.tenures[no - 1].to = p.number(3);
        return 1;
    }
    static void check(const SlipRow& row)
    {
        const bool ended = row.state == "confirmed" || row.state == "rejected" || row.state == "withdrawn";
        hold(ended == row.ended_at.has_value(), "a slip ends with its state");
    }
    std::int64_t slip_insert(Given p, const Visit&)
    {
        auto& of = ticket(p.integer(1));
        hold(p.integer(2) == static_cast<std::int64_t>(of.slips.size()) + 1, "slips are numbered without gaps");
        SlipRow row{p.integer(3), p.number(4), p.string(5), p.integer(6), p.integer(7), p.number(8)};
        check(row);
        append(of.slips, std::move(row));
        return 1;
    }
    std::int64_t slip_update(Given p, const Visit&)
    {
        auto& of = ticket(p.integer(1));
        const auto no = static_cast<std::size_t>(p.integer(2));
        if (no < 1 || no > of.slips.size()) return 0;
        auto& row = of.slips[no - 1];
        keep(row);
        row.handler = p.number(3);
        row.state = p.string(4);
        row.next_due_at = p.integer(5);
        row.ended_at = p.number(6);
        check(row);
        return 1;
    }
    // --- revisits
    static void check(const FollowUpRow& row)
    {
        hold((row.state == "due") == !row.ended_at, "a revisit ends with its state");
        hold((row.state == "done") == row.satisfaction.has_value(), "who was reached has said how it was");
        hold((row.state == "done") == row.recurred.has_value(), "and whether it came back");
        hold(row.unanswered <= row.attempts, "what is unanswered was tried");
    }
    FollowUpRow* follow_up(Given p)
    {
        auto& rows = ticket(p.integer(1)).follow_ups;
        const auto found = rows.find(p.integer(2));
        return found == rows.end() ? nullptr : &found->second;
    }
    std::int64_t follow_up_open(Given p, const Visit&)
    {
        auto& rows = ticket(p.integer(1)).follow_ups;
        hold(!rows.contains(p.integer(2)), "a revisit is opened once");
        FollowUpRow row;
        row.unit = p.integer(3);
        row.next_attempt_at = p.integer(5);
        row.due_at = p.integer(6);
        row.state = "due";
        keep(rows);
        rows[p.integer(2)] = row;
        return 1;
    }
    std::int64_t follow_up_move(Given p, const Visit&)
    {
        auto* row = follow_up(p);
        if (!row) return 0;
        keep(ticket(p.integer(1)).follow_ups);
        row->due_at = p.integer(3);
        return 1;
    }
    std::int64_t follow_up_pass(Given p, const Visit&)
    {
        auto* row = follow_up(p);
        if (!row) return 0;
        keep(ticket(p.integer(1)).follow_ups);
        row->unit = p.integer(3);
        return 1;
    }
    std::int64_t follow_up_cancel(Given p, const Visit&)
    {
        auto* row = follow_up(p);
        if (!row || row->ended_at) return 0;
        keep(ticket(p.integer(1)).follow_ups);
        row->state = "cancelled";
        row->ended_at = p.number(3);
        check(*row);
        return 1;
    }
    std::int64_t follow_up_attempted(Given p, const Visit&)
    {
        auto* row = follow_up(p);
        if (!row || row->ended_at) return 0;
        keep(ticket(p.integer(1)).follow_ups);
        row->state = p.string(3);
        ++row->attempts;
        row->unanswered += p.integer(4);
        if (const auto next = p.number(5)) row->next_attempt_at = *next;
        row->ended_at = p.number(6);
        row->satisfaction = p.number(7);
        row->recurred = p.number(8);
        check(*row);
        return 1;
    }
    std::int64_t slip_unit_insert(Given p, const Visit&)
    {
        auto& of = ticket(p.integer(2));
        hold(!of.slip_units.contains(p.integer(1)), "a unit is named once");
        keep(of.slip_units);
        of.slip_units[p.integer(1)] = p.number(3);
        return 1;
    }
    std::int64_t slip_unit_update(Given p, const Visit&)
    {
        auto& of = ticket(p.integer(1));
        keep(of.slip_units);
        for (auto& [unit, due] : of.slip_units) due = p.number(2);
        return static_cast<std::int64_t>(of.slip_units.size());
    }
    std::int64_t contact_of_event(Given p, const Visit&)
    {
        auto& of = ticket(p.integer(2));
        keep(of.contacts);
        ++of.contacts;
        return 1;
    }
    std::int64_t number_next(Given p, const Visit& visit)
    {
        auto& last = t_.numbers[p.string(1)];
        keep(last);
        Cells row;
        row << ++last;
        visit(row);
        return 1;
    }
    std::int64_t open_of_owner(Given p, const Visit& visit)
    {
        Cells row;
        row << static_cast<std::int64_t>(std::ranges::count_if(t_.tickets, [&](const auto& each) {
            return each.second.row.owner == p.number(1) && !each.second.row.closed_at;
        }));
        visit(row);
        return 0;
    }

    // --- obligation
    std::int64_t obligation_open(Given p, const Visit&)
    {
        auto& of = ticket(p.integer(1));
        hold(p.integer(2) == static_cast<std::int64_t>(of.obligations.size()) + 1,
             "obligations are numbered without gaps");
        ObligationRow row;
        row.kind = p.string(3);
        row.subject = p.integer(4);
        row.grade = p.string(5);
        row.debtor_staff = p.number(6);
        row.debtor_unit = p.number(7);
        row.merchant = p.number(8);
        row.calendar = p.string(9);
        row.limit = p.text(10);
        row.policy_version = p.integer(11);
        row.starts_at = p.integer(12);
        row.due_at = p.integer(13);
        row.pauses = p.string(14);
        row.next_at = p.number(15);
        check(row);
        append(of.obligations, std::move(row));
        return 1;
    }
    std::int64_t obligation_meet(Given p, const Visit&)
    {
        auto* row = obligation(p);
        if (!row || !row->is_open()) return 0;
        keep(*row);
        row->met_at = p.number(3);
        row->next_at.reset();
        if (!row->breached_at && row->due_at <= p.integer(3)) row->breached_at = row->due_at;
        check(*row);
        return 1;
    }
    std::int64_t obligation_cancel(Given p, const Visit&)
    {
        auto* row = obligation(p);
        if (!row || !row->is_open()) return 0;
        keep(*row);
        row->cancelled_at = p.number(3);
        row->cause = p.text(4);
        row->next_at.reset();
        check(*row);
        return 1;
    }
    std::int64_t obligation_pause(Given p, const Visit&)
    {
        auto* row = obligation(p);
        if (!row) return 0;
        keep(*row);
        row->paused_at = p.number(3);
        row->next_at.reset();
        return 1;
    }
    std::int64_t obligation_pass(Given p, const Visit&)
    {
        auto* row = obligation(p);
        if (!row) return 0;
        keep(*row);
        row->debtor_staff = p.number(3);
        row->debtor_unit = p.number(4);
        return 1;
    }
    std::int64_t obligation_move(Given p, const Visit&)
    {
        auto* row = obligation(p);
        if (!row) return 0;
        keep(*row);
        row->limit = p.text(3);
        row->due_at = p.integer(4);
        row->pauses = p.string(5);
        row->paused_at.reset();
        row->next_at = p.number(6);
        check(*row);
        return 1;
    }
    void visit_watched(const TicketRows& of, std::int64_t no, const Visit& visit)
    {
        const auto& o = of.obligations[static_cast<std::size_t>(no) - 1];
        Cells row;
        row << of.row.id << no << o.kind << o.debtor_staff << o.debtor_unit << o.calendar << o.limit << o.starts_at
            << o.due_at << o.warnings_count << o.breached_at << o.chain_step << o.next_at << of.row.number
            << of.row.owner << of.row.version;
        visit(row);
    }
    /// Those due by `until` of one ticket or of all, earliest first.
    std::int64_t visit_due(std::int64_t until, std::int64_t only, std::int64_t limit, const Visit& visit)
    {
        std::vector<std::tuple<std::int64_t, std::int64_t, std::int64_t>> due;
        const auto look = [&](const TicketRows& of) {
            for (std::size_t i = 0; i < of.obligations.size(); ++i)
                if (const auto& at = of.obligations[i].next_at; at && *at <= until)
                    due.emplace_back(*at, of.row.id, static_cast<std::int64_t>(i) + 1);
        };
        if (!only)
            for (const auto& [id, of] : t_.tickets) look(of);
        else if (const auto* of = find(only))
            look(*of);
        std::ranges::sort(due);
        if (static_cast<std::int64_t>(due.size()) > limit) due.resize(static_cast<std::size_t>(limit));
        for (const auto& [at, id, no] : due) visit_watched(*find(id), no, visit);
        return 0;
    }
    std::int64_t obligation_due(Given p, const Visit& visit) { return visit_due(p.integer(1), 0, p.integer(2), visit); }
    std::int64_t obligation_due_of_ticket(Given p, const Visit& visit)
    {
        return visit_due(p.integer(2), p.integer(1), 1, visit);
    }
    std::int64_t obligation_watched(Given p, const Visit& visit)
    {
        if (obligation(p)) visit_watched(*find(p.integer(1)), p.integer(2), visit);
        return 0;
    }
    std::int64_t obligation_fire(Given p, const Visit&)
    {
        auto* row = obligation(p);
        if (!row) return 0;
        keep(*row);
        row->warnings_count = p.integer(3);
        if (!row->warned_at) row->warned_at = p.number(4);
        row->breached_at = p.number(5);
        row->chain_step = p.integer(6);
        row->next_at = p.number(7);
        check(*row);
        return 1;
    }
    std::int64_t obligation_next(Given, const Visit& visit)
    {
        Number next;
        for (const auto& [id, of] : t_.tickets)
            for (const auto& each : of.obligations)
                if (each.next_at && (!next || *each.next_at < *next)) next = each.next_at;
        Cells row;
        row << next;
        visit(row);
        return 0;
    }
    std::int64_t mark_overdue(Given p, const Visit&)
    {
        auto& row = ticket(p.integer(1)).row;
        if (row.overdue) return 0;
        keep(row.overdue);
        row.overdue = true;
        return 1;
    }
    std::int64_t keep_overdue(Given p, const Visit& visit)
    {
        const auto& of = ticket(p.integer(1));
        const bool breached = std::ranges::any_of(of.obligations, [](const ObligationRow& each) {
            return each.breached_at && each.is_open() && !each.paused_at;
        });
        return breached ? mark_overdue(p, visit) : 0;
    }

    // --- outbox
    MessageRow& message(std::int64_t id) { return t_.outbox.at(static_cast<std::size_t>(id) - 1); }
    static bool is_pending_beside(const MessageRow& other, const MessageRow& row)
    {
        return other.next_at && other.ticket == row.ticket && other.channel == row.channel &&
               other.target == row.target;
    }
    std::int64_t message_insert(Given p, const Visit&)
    {
        MessageRow row{p.string(1), p.string(2), p.string(3), p.string(4), p.number(5), p.integer(6), p.number(6)};
        for (const auto& other : t_.outbox)
            if (row.ticket && is_pending_beside(other, row) && *other.next_at > *row.next_at)
                row.next_at = other.next_at;
        append(t_.outbox, std::move(row));
        return 1;
    }
    void visit_message(std::int64_t id, const Visit& visit)
    {
        const auto& row = message(id);
        Cells cells;
        cells << id << row.target << row.topic << row.payload << row.ticket << row.created_at << row.attempts
              << std::int64_t{0};
        visit(cells);
    }
    std::int64_t due_notices(Given p, const Visit& visit)
    {
        std::vector<std::pair<std::int64_t, std::int64_t>> due;
        for (std::size_t i = 0; i < t_.outbox.size(); ++i)
            if (t_.outbox[i].channel == "notice" && t_.outbox[i].next_at)
                due.emplace_back(*t_.outbox[i].next_at, static_cast<std::int64_t>(i) + 1);
        std::ranges::sort(due);
        if (static_cast<std::int64_t>(due.size()) > p.integer(1)) due.resize(static_cast<std::size_t>(p.integer(1)));
        for (const auto& [at, id] : due) visit_message(id, visit);
        return 0;
    }
    /// Of each lane the first that are due; of a ticket only the first that is pending.
    std::int64_t due_heads(Given p, const Visit& visit)
    {
        std::map<std::string, std::vector<std::pair<std::int64_t, std::int64_t>>> lanes;
        for (std::size_t i = 0; i < t_.outbox.size(); ++i) {
            const auto& row = t_.outbox[i];
            if (row.channel != p[1].text() || !row.next_at || row.target <= p[4].text()) continue;
            auto& lane = lanes[row.target];
            const auto before = t_.outbox.begin() + static_cast<std::ptrdiff_t>(i);
            const bool waits = row.ticket && std::any_of(t_.outbox.begin(), before, [&](const MessageRow& earlier) {
                                   return is_pending_beside(earlier, row);
                               });
            if (*row.next_at <= p.integer(2) && !waits)
                lane.emplace_back(*row.next_at, static_cast<std::int64_t>(i) + 1);
        }
        std::int64_t lanes_left = p.integer(5);
        for (auto& [target, lane] : lanes) {
            if (lanes_left-- == 0) break;
            std::ranges::sort(lane);
            if (static_cast<std::int64_t>(lane.size()) > p.integer(3))
                lane.resize(static_cast<std::size_t>(p.integer(3)));
            for (const auto& [at, id] : lane) visit_message(id, visit);
        }
        return 0;
    }
    std::int64_t notice_insert(Given p, const Visit& visit)
    {
        if (t_.notice_of.contains(p.integer(1))) return 0;
        append(t_.notices, NoticeRow{p.integer(1), p.integer(2), p.string(3), p.number(4)});
        const auto id = static_cast<std::int64_t>(t_.notices.size());
        t_.notice_of[p.integer(1)] = id;
        store_.undo_.push_back([this, of = p.integer(1)] { t_.notice_of.erase(of); });
        Cells row;
        row << id;
        visit(row);
        return 1;
    }
    std::int64_t message_claim(Given p, const Visit&)
    {
        auto& row = message(p.integer(1));
        keep(row);
        row.next_at = p.number(2);
        ++row.attempts;
        check(row);
        return 1;
    }
    /// The row, when the fencing token (attempts) is still its own.
    MessageRow* settled(Given p)
    {
        auto& row = message(p.integer(1));
        if (row.attempts != p.integer(2) || !row.next_at) return nullptr;
        keep(row);
        return &row;
    }
    std::int64_t message_sent(Given p, const Visit&)
    {
        auto* row = settled(p);
        if (!row) return 0;
        row->sent_at = p.number(3);
        row->next_at.reset();
        row->last_error.reset();
        check(*row);
        return 1;
    }
    std::int64_t message_dead(Given p, const Visit&)
    {
        auto* row = settled(p);
        if (!row) return 0;
        row->dead_at = p.number(3);
        row->next_at.reset();
        row->last_error = p.text(4);
        check(*row);
        return 1;
    }
    std::int64_t message_failed(Given p, const Visit&)
    {
        auto* row = settled(p);
        if (!row) return 0;
        row->next_at = p.number(3);
        row->last_error = p.text(4);
        check(*row);
        return 1;
    }
    std::int64_t defer_followers(Given p, const Visit&)
    {
        std::int64_t changed = 0;
        for (auto i = static_cast<std::size_t>(p.integer(3)); i < t_.outbox.size(); ++i) {
            auto& row = t_.outbox[i];
            if (row.ticket != p.number(1) || row.channel != p[2].text() || row.target != p[5].text() || !row.next_at ||
                *row.next_at >= p.integer(4))
                continue;
            keep(row);
            row.next_at = p.number(4);
            ++changed;
        }
        return changed;
    }
    std::int64_t release_follower(Given p, const Visit&)
    {
        for (auto& row : t_.outbox) {
            if (row.ticket != p.number(1) || row.channel != p[2].text() || row.target != p[4].text() || !row.next_at)
                continue;
            if (*row.next_at <= p.integer(3)) return 0;
            keep(row);
            row.next_at = p.number(3);
            return 1;
        }
        return 0;
    }
    std::int64_t earliest_message(Given p, const Visit& visit)
    {
        Number next;
        for (const auto& row : t_.outbox)
            if (row.channel == p[1].text() && row.next_at && (!next || *row.next_at < *next)) next = row.next_at;
        Cells cells;
        cells << next;
        visit(cells);
        return 0;
    }

    // --- repeated requests
    std::int64_t answer_find(Given p, const Visit& visit)
    {
        const auto found = t_.answers.find(p.string(1));
        if (found == t_.answers.end() || found->second.created_at <= p.integer(2)) return 0;
        const auto& a = found->second;
        Cells row;
        row << a.body_mac << a.status << a.answer << a.content_type << a.location;
        visit(row);
        return 0;
    }
    std::int64_t answer_keep(Given p, const Visit&)
    {
        const auto name = p.string(1);
        const auto found = t_.answers.find(name);
        if (found != t_.answers.end())
            keep(found->second);
        else
            store_.undo_.push_back([this, name] { t_.answers.erase(name); });
        t_.answers[name] = {p.string(2), p.string(4), p.string(5), p.integer(3), p.text(6), p.integer(7)};
        return 1;
    }

    MemoryStore& store_;
    Tables& t_;
};

const std::unordered_map<std::string_view, MemoryConnection::Handler>& MemoryConnection::handlers()
{
    using C = MemoryConnection;
    static const std::unordered_map<std::string_view, Handler> handlers{
        {"ticket.load", &C::ticket_load},
        {"ticket.insert", &C::ticket_insert},
        {"ticket.update", &C::ticket_update},
        {"ticket_event.insert", &C::event_insert},
        {"tenure.insert", &C::tenure_insert},
        {"tenure.end", &C::tenure_end},
        {"transfer_slip.insert", &C::slip_insert},
        {"transfer_slip.update", &C::slip_update},
        {"follow_up.open", &C::follow_up_open},
        {"follow_up.move", &C::follow_up_move},
        {"follow_up.pass", &C::follow_up_pass},
        {"follow_up.cancel", &C::follow_up_cancel},
        {"follow_up.attempted", &C::follow_up_attempted},
        {"slip_unit.insert", &C::slip_unit_insert},
        {"slip_unit.update", &C::slip_unit_update},
        {"contact.of_event", &C::contact_of_event},
        {"number_counter.next", &C::number_next},
        {"ticket.open_of_owner", &C::open_of_owner},
        {"obligation.open", &C::obligation_open},
        {"obligation.meet", &C::obligation_meet},
        {"obligation.cancel", &C::obligation_cancel},
        {"obligation.pause", &C::obligation_pause},
        {"obligation.move", &C::obligation_move},
        {"obligation.pass", &C::obligation_pass},
        {"obligation.due", &C::obligation_due},
        {"obligation.due_of_ticket", &C::obligation_due_of_ticket},
        {"obligation.watched", &C::obligation_watched},
        {"obligation.fire", &C::obligation_fire},
        {"obligation.next", &C::obligation_next},
        {"ticket.mark_overdue", &C::mark_overdue},
        {"ticket.keep_overdue", &C::keep_overdue},
        {"insert_outbox", &C::message_insert},
        {"due_notices", &C::due_notices},
        {"due_outbox_heads", &C::due_heads},
        {"insert_notice", &C::notice_insert},
        {"claim_outbox", &C::message_claim},
        {"mark_outbox_sent", &C::message_sent},
        {"mark_outbox_dead", &C::message_dead},
        {"mark_outbox_failed", &C::message_failed},
        {"defer_outbox_followers", &C::defer_followers},
        {"release_outbox_follower", &C::release_follower},
        {"earliest_outbox", &C::earliest_message},
        {"idempotency.find", &C::answer_find},
        {"idempotency.keep", &C::answer_keep},
    };
    return handlers;
}

MemoryStore::MemoryStore() : connection_(std::make_unique<MemoryConnection>(*this))
{
}

MemoryStore::~MemoryStore() = default;

void MemoryStore::read(const std::function<void(sql::Connection&)>& work)
{
    work(*connection_);
}

sql::Queued MemoryStore::submit(sql::WriteJob job)
{
    std::exception_ptr fault;
    try {
        job.work(*connection_);
    } catch (...) {
        fault = std::current_exception();
        for (auto undo = undo_.rbegin(); undo != undo_.rend(); ++undo) (*undo)();
    }
    undo_.clear();
    job.done(fault);
    return sql::Queued::yes;
}

}  // namespace shouwen::simulation
