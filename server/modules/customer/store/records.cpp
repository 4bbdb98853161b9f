#include "modules/customer/store/records.hpp"

#include "base/text.hpp"
#include "modules/customer/store/customers.hpp"

#include <array>

namespace shouwen::customer {
namespace {

const sql::Statement add_change_sql{
    "customer.add_change",
    "INSERT INTO customer_change (customer_id, at, by_staff_id, kind, field, value_before, value_after) VALUES ($1, $2, $3, $4, $5, $6, $7)"};

// What somebody says at each of their calls is kept once.
const sql::Statement add_given_sql{
    "customer.add_given",
    "INSERT INTO customer_change (customer_id, at, by_staff_id, kind, field, value_before, value_after) "
    "SELECT $1, $2, $3, 'given', $4, $5, $6 WHERE NOT EXISTS (SELECT 1 FROM customer_change "
    "WHERE customer_id = $1 AND kind = 'given' AND field = $4 AND value_after = $6)"};

const sql::Statement changes_of_sql{
    "customer.changes_of",
    "SELECT at, by_staff_id, kind, field, value_before, value_after FROM customer_change WHERE customer_id = $1 ORDER BY id DESC LIMIT $2"};

const sql::Statement update_sql{
    "customer.update",
    "UPDATE customer SET name = $2, phone = $3, email = $4, account_no = $5, address = $6, language = $7, note = $8, tags = $9, "
    "version = version + 1, updated_at = $10 WHERE id = $1"};

const sql::Statement add_point_sql{
    "customer.add_contact_point",
    "INSERT INTO customer_contact_point (customer_id, kind, normal, value, reversed) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING"};

const sql::Statement remove_point_sql{
    "customer.remove_contact_point",
    "DELETE FROM customer_contact_point WHERE customer_id = $1 AND kind = $2 AND normal = $3"};

void move_contact_points(sql::Connection& db, const CustomerRow& before, const CustomerRow& after,
                         std::string_view phone_given)
{
    if (before.phone != after.phone) {
        if (!before.phone.empty()) db.execute(remove_point_sql, after.id, "phone", before.phone);
        if (!after.phone.empty()) add_contact_point(db, after.id, "phone", after.phone, phone_given);
    }
    if (before.email != after.email) {
        if (const auto normal = normal_email(before.email)) db.execute(remove_point_sql, after.id, "email", *normal);
        if (const auto normal = normal_email(after.email))
            add_contact_point(db, after.id, "email", *normal, after.email);
    }
}

struct Field {
    const char* name;
    std::string CustomerRow::*member;
};
constexpr std::array<Field, 8> fields{{{"name", &CustomerRow::name},
                                       {"phone", &CustomerRow::phone},
                                       {"email", &CustomerRow::email},
                                       {"account_no", &CustomerRow::account_no},
                                       {"address", &CustomerRow::address},
                                       {"language", &CustomerRow::language},
                                       {"note", &CustomerRow::note},
                                       {"tags", &CustomerRow::tags}}};

}  // namespace

CustomerRow read_customer(const sql::Row& row)
{
    return {.id = row.id<CustomerId>(0),
            .name = row.string(1),
            .phone = row.string(2),
            .email = row.string(3),
            .account_no = row.string(4),
            .address = row.string(5),
            .language = row.string(6),
            .note = row.string(7),
            .tags = row.string(8),
            .version = row.integer(9),
            .created_at = row.instant(10),
            .created_by = row.id<StaffId>(11),
            .updated_at = row.instant(12)};
}

void add_change(sql::Connection& db, CustomerId id, const Change& change)
{
    if (change.kind == ChangeKind::given)
        db.execute(add_given_sql, id, change.at, change.by, change.field, change.before, change.after);
    else
        db.execute(add_change_sql, id, change.at, change.by, name_of(change.kind), change.field, change.before,
                   change.after);
}

std::vector<Change> changes_of(sql::Connection& db, CustomerId id, int limit)
{
    std::vector<Change> changes;
    db.each(
        changes_of_sql,
        [&](const sql::Row& row) {
            changes.push_back({row.instant(0), row.id<StaffId>(1),
                               parse_name<ChangeKind>(row.text(2)).value_or(ChangeKind::edited), row.string(3),
                               row.string(4), row.string(5)});
        },
        id, limit);
    return changes;
}

void add_contact_point(sql::Connection& db, CustomerId id, std::string_view kind, std::string_view normal,
                       std::string_view given)
{
    const std::string reversed = kind == "phone" ? reversed_digits(normal.substr(0, normal.find('#'))) : std::string{};
    db.execute(add_point_sql, id, kind, normal, given.empty() ? normal : given, reversed);
}

CustomerRow change(sql::Connection& db, const CustomerRow& before, CustomerRow after, std::string_view phone_given,
                   ChangeKind kind, StaffId by, Instant now)
{
    bool differs = false;
    for (const auto& [name, member] : fields) {
        if (before.*member == after.*member) continue;
        differs = true;
        add_change(db, before.id, {now, by, kind, name, before.*member, after.*member});
    }
    if (!differs) return before;
    move_contact_points(db, before, after, phone_given);
    db.execute(update_sql, after.id, after.name, after.phone, after.email, after.account_no, after.address,
               after.language, after.note, after.tags, now);
    after.version = before.version + 1;
    after.updated_at = now;
    queue_for_search(db, after.id);
    return after;
}

}  // namespace shouwen::customer
