#include "platform/sql/lease.hpp"

#include <fmt/format.h>

namespace shouwen::sql {
namespace {

#define SHOUWEN_NOW "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"
const Statement is_free{"lease.is_free",
                        "SELECT NOT EXISTS (SELECT 1 FROM lease WHERE name = $1 AND until > " SHOUWEN_NOW ")"};
const Statement take_free{"lease.take",
                          "INSERT INTO lease (name, token, until) VALUES ($1, 1, " SHOUWEN_NOW
                          " + $2) ON CONFLICT (name) DO UPDATE SET "
                          "token = lease.token + 1, until = excluded.until WHERE lease.until <= " SHOUWEN_NOW
                          " RETURNING token"};
const Statement renew{"lease.renew", "UPDATE lease SET until = " SHOUWEN_NOW " + $3 WHERE name = $1 AND token = $2"};
#undef SHOUWEN_NOW

}  // namespace

std::optional<std::int64_t> Lease::take(Store& store)
{
    if (store.dialect() == Dialect::sqlite) return 0;
    if (held_ > 0) return held_;  // or it was, which `confirm` finds out
    bool free = false;
    store.read([&](Connection& db) {
        free = db.first(
                     is_free, [](const Row& row) { return row.boolean(0); }, name_)
                   .value_or(true);
    });
    if (!free) return std::nullopt;
    std::optional<std::int64_t> token;
    store.write([&](Connection& db) {
        token = db.first(
            take_free, [](const Row& row) { return row.integer(0); }, name_, length_.count());
    });
    held_ = token.value_or(0);
    return token;
}

void Lease::give_back(Store& store)
{
    if (held_ == 0) return;
    store.write([&](Connection& db) { db.execute(renew, name_, held_, 0); });
    held_ = 0;
}

void Lease::confirm(Connection& db, std::int64_t token, Then then)
{
    if (db.dialect() == Dialect::sqlite) return;
    held_ = then == Then::keep ? token : 0;
    const std::int64_t length = then == Then::keep ? length_.count() : 0;
    if (db.execute(renew, name_, token, length) == 1) return;
    held_ = 0;
    throw LeaseLost(fmt::format("another process has taken over \"{}\"", name_));
}

}  // namespace shouwen::sql
