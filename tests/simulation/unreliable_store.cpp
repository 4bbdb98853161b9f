#include "simulation/unreliable_store.hpp"

#include "platform/sql/feed.hpp"

#include <cstring>
#include <optional>
#include <stdexcept>

namespace shouwen::simulation {
namespace {

struct SomebodyElseFailed : std::exception {};

constexpr int statements_max = 20'000;  ///< of one transaction; what takes more never ends

}  // namespace

/// Sees every statement of a transaction.
class UnreliableStore::Door final : public sql::Connection {
public:
    Door(sql::Connection& inner, UnreliableStore& store, int* statements_left)
        : inner_(inner), store_(store), statements_left_(statements_left)
    {
    }
    sql::Dialect dialect() const override { return inner_.dialect(); }
    std::int64_t run(const sql::Statement& statement, std::span<const sql::Value> parameters,
                     const sql::RowVisitor& visit) override
    {
        if (statements_left_ && (*statements_left_)-- <= 0) throw Crash{};
        if (++statements_count_ > statements_max) throw std::runtime_error("the work comes to no end");
        std::uint64_t rows = 0;
        const auto counting = [&](const sql::Row& row) {
            ++rows;
            if (visit) visit(row);
        };
        std::vector<sql::Value> given(parameters.begin(), parameters.end());
        const bool left_out = store_.spoil(statement, given);
        const auto changed = left_out ? 1 : inner_.run(statement, given, counting);
        if (store_.defect_ == Defect::warned_twice && std::string_view{statement.name} == "insert_outbox" &&
            given[2].text() == "warned")
            inner_.run(statement, given, counting);
        store_.mix(std::string_view{statement.name});
        // A sealed answer is another one each time.
        if (std::string_view{statement.name} != "idempotency.keep") {
            for (const auto& each : given) {
                if (each.kind() == sql::Value::Kind::integer) store_.mix(static_cast<std::uint64_t>(each.integer()));
                if (each.kind() == sql::Value::Kind::text || each.kind() == sql::Value::Kind::bytes)
                    store_.mix(each.text());
            }
        }
        store_.mix(rows);
        return changed;
    }
    void run_script(std::string_view text) override { inner_.run_script(text); }

private:
    sql::Connection& inner_;
    UnreliableStore& store_;
    int* statements_left_;
    int statements_count_ = 0;
};

void UnreliableStore::plan(Trouble trouble, int writes, int statements)
{
    trouble_ = trouble;
    writes_left_ = writes;
    statements_left_ = statements;
}

void UnreliableStore::mix(std::uint64_t value)
{
    digest_ = (digest_ ^ value) * 0xff51afd7ed558ccd;
    digest_ ^= digest_ >> 32;
}

void UnreliableStore::mix(std::string_view text)
{
    mix(text.size());
    for (; text.size() >= 8; text.remove_prefix(8)) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data(), 8);
        mix(eight);
    }
    std::uint64_t rest = 0;
    std::memcpy(&rest, text.data(), text.size());
    mix(rest);
}

void UnreliableStore::read(const std::function<void(sql::Connection&)>& work)
{
    inner_.read([&](sql::Connection& db) {
        Door door{db, *this, nullptr};
        work(door);
    });
}

sql::Queued UnreliableStore::submit(sql::WriteJob job)
{
    ++writes_count_;
    const bool now = trouble_ != Trouble::none && writes_left_-- == 0;
    const Trouble trouble = now ? std::exchange(trouble_, Trouble::none) : Trouble::none;
    const auto attempt = [this, &job](int* statements_left, auto after) {
        std::vector<sql::Change> announced;
        inner_.write([&](sql::Connection& db) {
            Door door{db, *this, statements_left};
            job.work(door);
            after();
            const auto all = door.announced();
            announced.assign(all.begin(), all.end());
        });
        feed().deliver(announced);
    };
    std::exception_ptr fault;
    try {
        if (trouble == Trouble::run_twice) {
            try {
                attempt(nullptr, [] { throw SomebodyElseFailed{}; });
            } catch (const SomebodyElseFailed&) {
            }
        }
        int statements = statements_left_;
        try {
            attempt(trouble == Trouble::crash ? &statements : nullptr, [&] {
                if (trouble == Trouble::lost_commit || trouble == Trouble::crash) throw Crash{};
                if (defect_ == Defect::answered_before_commit && writes_count_ % 6 == 0) throw SomebodyElseFailed{};
            });
        } catch (const SomebodyElseFailed&) {
        }
    } catch (...) {
        fault = std::current_exception();
    }
    job.done(fault);
    return sql::Queued::yes;
}

bool UnreliableStore::spoil(const sql::Statement& statement, std::vector<sql::Value>& p)
{
    if (defect_ == Defect::none) return false;
    const std::string_view name = statement.name;
    const auto is = [&](Defect defect, std::string_view of) { return defect_ == defect && name == of; };
    if (is(Defect::obligation_not_opened, "obligation.open")) return p[2].text() == "close_out";
    if (is(Defect::tenure_not_written, "tenure.insert")) return p[6].text() == "reopening";
    if (is(Defect::tenure_not_ended, "tenure.end")) return true;
    if (is(Defect::breach_not_told, "insert_outbox")) return p[2].text() == "breached";
    if (is(Defect::breached_early, "obligation.fire") && p[4].kind() == sql::Value::Kind::null) p[4] = p[3];
    if (is(Defect::pause_without_end, "obligation.move")) p[5] = sql::Value{nullptr};
    if (is(Defect::history_rewritten, "ticket_event.insert") && p[4].text() == "replied")
        p[2] = sql::Value{static_cast<long long>(p[2].integer() + 1)};
    if (is(Defect::ended_twice, "obligation.meet")) p[2] = sql::Value{static_cast<long long>(p[2].integer() - 60'000)};
    if (is(Defect::list_row_behind, "ticket.update") && p[3].kind() == sql::Value::Kind::text)
        p[3] = sql::Value{nullptr};
    if (is(Defect::notice_not_marked, "mark_outbox_sent")) return true;
    return false;
}

}  // namespace shouwen::simulation
