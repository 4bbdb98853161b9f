#include "platform/postgres/membership.hpp"

#include "platform/postgres/fault.hpp"
#include "platform/sql/refused.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <vector>

namespace shouwen::postgres {
namespace {

#define SHOUWEN_NOW "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"
// The number that has rested longest comes first, one that was never used before all: whoever has lost it for a moment
// finds it as it was.
const sql::Statement list_numbers{
    "node.numbers",
    "SELECT CAST(n AS BIGINT) FROM generate_series(0, 255) AS n LEFT JOIN node ON node.number = n "
    "ORDER BY coalesce(seen_at, 0), n"};
const sql::Statement try_alone{"node.try_alone",
                               "SELECT pg_try_advisory_lock(7307196, CAST(CAST($1 AS BIGINT) AS INTEGER))"};
const sql::Statement leave_alone{"node.leave_alone",
                                 "SELECT pg_advisory_unlock(7307196, CAST(CAST($1 AS BIGINT) AS INTEGER))"};
const sql::Statement try_shared{"node.try_shared",
                                "SELECT pg_try_advisory_lock_shared(7307196, CAST(CAST($1 AS BIGINT) AS INTEGER))"};
const sql::Statement write_node{
    "node.write",
    "INSERT INTO node (number, instance, address, version, schema, started_at, seen_at) "
    "VALUES ($1, $2, $3, $4, $5, " SHOUWEN_NOW ", " SHOUWEN_NOW
    ") ON CONFLICT (number) DO UPDATE SET "
    "instance = excluded.instance, address = excluded.address, version = excluded.version, schema = excluded.schema, "
    "started_at = excluded.started_at, seen_at = excluded.seen_at, left_at = NULL"};
const sql::Statement holder_of{"node.holder", "SELECT instance FROM node WHERE number = $1"};
const sql::Statement see_node{"node.see",
                              "UPDATE node SET seen_at = " SHOUWEN_NOW " WHERE number = $1 AND instance = $2"};
const sql::Statement leave_node{"node.leave", "UPDATE node SET seen_at = " SHOUWEN_NOW ", left_at = " SHOUWEN_NOW
                                              " WHERE number = $1 AND instance = $2"};
#undef SHOUWEN_NOW

bool is_true(const sql::Row& row)
{
    return row.boolean(0);
}

std::int64_t drawn()
{
    std::uint64_t bits = 0;
    randombytes_buf(&bits, sizeof bits);
    return static_cast<std::int64_t>(bits >> 2U) + 1;
}

}  // namespace

Membership::~Membership()
{
    if (instance_ == 0 || is_lost_) return;
    try {
        connected().execute(leave_node, number_.load(), instance_.load());
    } catch (const std::exception&) {  // NOLINT: then it looks as if it had died
    }
}

PgConnection& Membership::connected()
{
    if (connection_ && connection_->is_usable()) return *connection_;
    connection_.reset();
    auto fresh = std::make_unique<PgConnection>(options_.url, options_.statement_max);
    if (instance_ != 0) admit(*fresh);
    connection_ = std::move(fresh);
    return *connection_;
}

int Membership::join(const sql::Introduction& introduction)
{
    const std::lock_guard lock{mutex_};
    auto& db = connected();
    std::vector<std::int64_t> numbers;
    db.each(list_numbers, [&](const sql::Row& row) { numbers.push_back(row.integer(0)); });
    for (const auto number : numbers) {
        if (!db.first(try_alone, is_true, number).value_or(false)) continue;
        const auto instance = drawn();
        db.execute(write_node, number, instance, introduction.address, introduction.version, options_.schema_known);
        db.execute(try_shared, number);  // the same session's locks do not stand in each other's way
        db.execute(leave_alone, number);
        number_ = number;
        instance_ = instance;
        return static_cast<int>(number);
    }
    throw sql::StoreRefused(
        sql::StoreRefusal::nodes_full,
        fmt::format("{} processes work on {} already, as many as ids have numbers for. End one that is not needed.",
                    numbers.size(), shown_address(options_.url)));
}

void Membership::admit(PgConnection& connection) const
{
    const auto number = number_.load();
    const bool shared = connection.first(try_shared, is_true, number).value_or(false);
    const auto holder = connection.first(
        holder_of, [](const sql::Row& row) { return row.integer(0); }, number);
    if (!shared || holder != instance_.load())
        throw NumberLost(fmt::format(
            "all connections to the database were lost, and the number {} of this process was given to another one",
            number));
}

bool Membership::keep()
{
    const std::lock_guard lock{mutex_};
    if (instance_ == 0) return true;
    try {
        if (connected().execute(see_node, number_.load(), instance_.load()) != 1) is_lost_ = true;
    } catch (const NumberLost&) {
        is_lost_ = true;
    }
    return !is_lost_;
}

}  // namespace shouwen::postgres
