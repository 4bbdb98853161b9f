#include "modules/customer/store/listing.hpp"

#include "base/text.hpp"
#include "modules/customer/store/records.hpp"

#include <limits>

namespace shouwen::customer {
namespace {

using organisation::ReadFence;

const sql::Statement scope_sql{
    "customer.scope",
    "SELECT DISTINCT t.merchant_id, t.owner_unit_id, t.queue_unit_id, s.unit_id FROM ticket t "
    "LEFT JOIN slip_unit s ON s.ticket_id = t.id WHERE t.customer_id = $1"};

// A unit that works on a slip of the ticket `t`, or has done so.
#define SHOUWEN_HAS_SLIP \
    "EXISTS (SELECT 1 FROM slip_unit s WHERE s.ticket_id = t.id AND $4 LIKE '%,' || s.unit_id || ',%')"

// In each list: $1 whether there is a fence, $2 the asking staff member, $3 the merchant or 0, $4 units as `,1,2,` or ''
// for no restriction to units. The condition is `can_see_customer`, as a test over all roles holds.

const sql::Statement newest_sql{
    "customer.list_newest",
    "SELECT c.id, c.name, c.phone, c.email, c.account_no, c.address, c.language, c.note, c.tags, c.version, "
    "c.created_at, c.created_by, c.updated_at FROM customer c WHERE c.id < $5 AND ($1 = 0 OR c.created_by = $2 OR ("
    "($3 = 0 OR EXISTS (SELECT 1 FROM ticket t WHERE t.customer_id = c.id AND t.merchant_id = $3)) AND "
    "($4 = '' OR EXISTS (SELECT 1 FROM ticket t WHERE t.customer_id = c.id AND ("
    "$4 LIKE '%,' || t.owner_unit_id || ',%' OR $4 LIKE '%,' || t.queue_unit_id || ',%' OR " SHOUWEN_HAS_SLIP
    "))))) "
    "ORDER BY c.id DESC LIMIT $6"};

const sql::Statement by_name_sql{
    "customer.list_by_name",
    "SELECT c.id, c.name, c.phone, c.email, c.account_no, c.address, c.language, c.note, c.tags, c.version, "
    "c.created_at, c.created_by, c.updated_at FROM customer c WHERE (c.name, c.id) > ($5, $6) AND c.name < $7 "
    "AND ($1 = 0 OR c.created_by = $2 OR ("
    "($3 = 0 OR EXISTS (SELECT 1 FROM ticket t WHERE t.customer_id = c.id AND t.merchant_id = $3)) AND "
    "($4 = '' OR EXISTS (SELECT 1 FROM ticket t WHERE t.customer_id = c.id AND ("
    "$4 LIKE '%,' || t.owner_unit_id || ',%' OR $4 LIKE '%,' || t.queue_unit_id || ',%' OR " SHOUWEN_HAS_SLIP
    "))))) "
    "ORDER BY c.name, c.id LIMIT $8"};

const sql::Statement by_phone_sql{
    "customer.list_by_phone",
    "SELECT c.id, c.name, c.phone, c.email, c.account_no, c.address, c.language, c.note, c.tags, c.version, "
    "c.created_at, c.created_by, c.updated_at FROM customer c WHERE c.id < $5 AND c.id IN (SELECT p.customer_id "
    "FROM customer_contact_point p WHERE p.kind = 'phone' AND p.reversed BETWEEN $6 AND $7) "
    "AND c.name >= $8 AND c.name < $9 AND ($1 = 0 OR c.created_by = $2 OR ("
    "($3 = 0 OR EXISTS (SELECT 1 FROM ticket t WHERE t.customer_id = c.id AND t.merchant_id = $3)) AND "
    "($4 = '' OR EXISTS (SELECT 1 FROM ticket t WHERE t.customer_id = c.id AND ("
    "$4 LIKE '%,' || t.owner_unit_id || ',%' OR $4 LIKE '%,' || t.queue_unit_id || ',%' OR " SHOUWEN_HAS_SLIP
    "))))) "
    "ORDER BY c.id DESC LIMIT $10"};

// The subject stands in the ticket's state only.
const sql::Statement recent_sqlite{
    "customer.recent_tickets",
    "SELECT t.id, t.number, json_extract(t.state, '$.subject'), t.step, t.created_at FROM ticket t "
    "WHERE t.customer_id = $5 AND ($1 = 0 OR (($3 = 0 OR t.merchant_id = $3) AND ($4 = '' OR t.owner_id = $2 OR "
    "$4 LIKE '%,' || t.owner_unit_id || ',%' OR $4 LIKE '%,' || t.queue_unit_id || ',%' OR " SHOUWEN_HAS_SLIP
    "))) ORDER BY t.id DESC LIMIT $6"};
const sql::Statement recent_postgres{
    "customer.recent_tickets",
    "SELECT t.id, t.number, t.state::json ->> 'subject', t.step, t.created_at FROM ticket t "
    "WHERE t.customer_id = $5 AND ($1 = 0 OR (($3 = 0 OR t.merchant_id = $3) AND ($4 = '' OR t.owner_id = $2 OR "
    "$4 LIKE '%,' || t.owner_unit_id || ',%' OR $4 LIKE '%,' || t.queue_unit_id || ',%' OR " SHOUWEN_HAS_SLIP
    "))) ORDER BY t.id DESC LIMIT $6"};

#undef SHOUWEN_HAS_SLIP

/// Greater than every text that begins with `prefix`, as bytes are compared.
std::string after_all_with(const std::string& prefix)
{
    return prefix + "\xF4\x8F\xBF\xBF";
}

/// The fence as parameters.
struct Fence {
    explicit Fence(const ReadFence& fence)
        : closed(fence.reach == ReadFence::Reach::all ? 0 : 1), staff(fence.staff.value), merchant(fence.merchant.value)
    {
        if (fence.reach != ReadFence::Reach::units) return;
        units = ",";
        for (const auto unit : fence.units) units += std::to_string(unit.value) + ",";
    }
    int closed;
    std::int64_t staff;
    std::int64_t merchant;
    std::string units;
};

}  // namespace

organisation::CustomerScope scope_of(sql::Connection& db, const CustomerRow& customer)
{
    organisation::CustomerScope scope{.merchants = {}, .units = {}, .made_by = customer.created_by};
    db.each(
        scope_sql,
        [&](const sql::Row& row) {
            if (const auto merchant = row.id<UnitId>(0)) scope.merchants.push_back(merchant);
            for (const int column : {1, 2, 3})
                if (const auto unit = row.id<UnitId>(column)) scope.units.push_back(unit);
        },
        customer.id);
    return scope;
}

std::vector<CustomerRow> list(sql::Connection& db, const CustomerFilter& filter, const ReadFence& fence,
                              const std::optional<CustomerPosition>& after, int limit)
{
    std::vector<CustomerRow> found;
    if (fence.reach == ReadFence::Reach::nothing) return found;
    const auto take = [&](const sql::Row& row) { found.push_back(read_customer(row)); };
    const Fence f{fence};
    const std::int64_t before = after ? after->id.value : std::numeric_limits<std::int64_t>::max();
    const std::string name_end = after_all_with(filter.name);
    if (filter.phone) {
        const std::string tail = reversed_digits(filter.phone->digits);
        const std::string last =
            filter.phone->match == PhoneQuery::Match::exact ? tail : tail + ":";  // ':' follows '9'
        db.each(by_phone_sql, take, f.closed, f.staff, f.merchant, f.units, before, tail, last, filter.name, name_end,
                limit);
    } else if (!filter.name.empty()) {
        const CustomerPosition from = after.value_or(CustomerPosition{filter.name, {}});
        db.each(by_name_sql, take, f.closed, f.staff, f.merchant, f.units, from.name, from.id.value, name_end, limit);
    } else {
        db.each(newest_sql, take, f.closed, f.staff, f.merchant, f.units, before, limit);
    }
    return found;
}

std::vector<RecentTicket> recent_tickets(sql::Connection& db, CustomerId id, const ReadFence& fence, int limit)
{
    std::vector<RecentTicket> tickets;
    if (fence.reach == ReadFence::Reach::nothing) return tickets;
    const Fence f{fence};
    db.each(
        db.dialect() == sql::Dialect::sqlite ? recent_sqlite : recent_postgres,
        [&](const sql::Row& row) {
            tickets.push_back({row.id<TicketId>(0), row.string(1), row.string(2), row.string(3), row.instant(4)});
        },
        f.closed, f.staff, f.merchant, f.units, id, limit);
    return tickets;
}

}  // namespace shouwen::customer
