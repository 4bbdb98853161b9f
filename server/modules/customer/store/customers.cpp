#include "modules/customer/store/customers.hpp"

#include "base/result.hpp"
#include "base/text.hpp"
#include "modules/customer/store/records.hpp"

namespace shouwen::customer {
namespace {

const sql::Statement find_sql{
    "customer.find",
    "SELECT c.id, c.name, c.phone, c.email, c.account_no, c.address, c.language, c.note, c.tags, c.version, "
    "c.created_at, c.created_by, c.updated_at FROM customer c WHERE c.id = $1"};

const sql::Statement find_all_sqlite{
    "customer.find_all",
    "SELECT c.id, c.name, c.phone, c.email, c.account_no, c.address, c.language, c.note, c.tags, "
    "c.version, c.created_at, c.created_by, c.updated_at FROM customer c "
    "WHERE c.id IN (SELECT value FROM json_each($1)) ORDER BY c.id"};
const sql::Statement find_all_postgres{
    "customer.find_all",
    "SELECT c.id, c.name, c.phone, c.email, c.account_no, c.address, c.language, c.note, c.tags, "
    "c.version, c.created_at, c.created_by, c.updated_at FROM customer c "
    "WHERE c.id IN (SELECT value::bigint FROM json_array_elements_text($1::json)) ORDER BY c.id"};

// The oldest file wins, so that all that is said by one number gathers in one place.
const sql::Statement find_by_point_sql{
    "customer.find_by_contact_point",
    "SELECT c.id, c.name, c.phone, c.email, c.account_no, c.address, c.language, c.note, c.tags, "
    "c.version, c.created_at, c.created_by, c.updated_at "
    "FROM customer_contact_point p JOIN customer c ON c.id = p.customer_id "
    "WHERE p.kind = $1 AND p.normal = $2 ORDER BY p.customer_id LIMIT 1"};

const sql::Statement find_same_sql{
    "customer.find_same",
    "SELECT c.id, c.name, c.phone, c.email, c.account_no, c.address, c.language, c.note, c.tags, "
    "c.version, c.created_at, c.created_by, c.updated_at "
    "FROM customer_contact_point p JOIN customer c ON c.id = p.customer_id "
    "WHERE p.kind = $1 AND p.normal = $2 ORDER BY p.customer_id LIMIT 20"};

const sql::Statement insert_sql{
    "customer.insert",
    "INSERT INTO customer (id, name, phone, email, account_no, address, language, created_at, created_by, "
    "updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8)"};

const sql::Statement select_ids_after{"customer.ids_after",
                                      "SELECT id FROM customer WHERE id > $1 ORDER BY id LIMIT $2"};
const sql::Statement select_greatest_id{"customer.greatest_id", "SELECT COALESCE(MAX(id), 0) FROM customer"};
const sql::Statement queue_sql{"customer.queue_for_search",
                               "INSERT INTO search_queue (kind, ref_id) VALUES ('customer', $1)"};

/// What was given, in the forms that are stored.
struct Given {
    std::string name;
    std::string phone;
    std::string email;
    std::string email_normal;
    std::string account_no;
    std::string address;
};

Given stored_forms(const NewCustomer& given)
{
    Given forms{.name = std::string{trim(given.name)},
                .phone = {},
                .email = std::string{trim(given.email)},
                .email_normal = {},
                .account_no = std::string{trim(given.account_no)},
                .address = std::string{trim(given.address)}};
    if (!trim(given.phone).empty()) {
        const auto normal = normal_phone(given.phone);
        ensure(normal.has_value(), "a customer's telephone number was not checked");
        forms.phone = *normal;
    }
    if (!forms.email.empty()) {
        const auto normal = normal_email(given.email);
        ensure(normal.has_value(), "a customer's mail address was not checked");
        forms.email_normal = *normal;
    }
    return forms;
}

std::optional<CustomerRow> match(sql::Connection& db, const Given& given)
{
    std::optional<CustomerRow> found;
    if (!given.phone.empty()) found = db.first(find_by_point_sql, read_customer, "phone", given.phone);
    if (!found && !given.email.empty()) found = db.first(find_by_point_sql, read_customer, "email", given.email_normal);
    return found;
}

CustomerId insert(sql::Connection& db, IdSource& ids, const Given& given, const NewCustomer& typed, StaffId by,
                  Instant now)
{
    const auto id = ids.next<CustomerId>(now);
    db.execute(insert_sql, id, given.name, given.phone, given.email, given.account_no, given.address, typed.language,
               now, by);
    if (!given.phone.empty()) add_contact_point(db, id, "phone", given.phone, trim(typed.phone));
    if (!given.email.empty()) add_contact_point(db, id, "email", given.email_normal, given.email);
    queue_for_search(db, id);
    return id;
}

/// Fills the gaps of an existing file and keeps in its history what it does not take over.
class Completion {
public:
    Completion(sql::Connection& db, const CustomerRow& file, StaffId by, Instant now)
        : db_(db), file_(file), after_(file), by_(by), now_(now)
    {
    }

    void harmless(const char* field, std::string CustomerRow::*member, const std::string& given)
    {
        if (given.empty() || file_.*member == given) return;
        if ((file_.*member).empty())
            after_.*member = given;
        else
            keep(field, file_.*member, given);
    }
    /// What lets somebody be reached, or shows who they are: taken over from a staff member only.
    void identifying(const char* field, std::string CustomerRow::*member, const std::string& given)
    {
        if (given.empty() || file_.*member == given) return;
        if ((file_.*member).empty() && by_)
            after_.*member = given;
        else
            keep(field, file_.*member, given);
    }
    /// One more number that a staff member was told.
    void further(const char* kind, const std::string& main, const std::string& normal, const std::string& typed)
    {
        if (by_ && !main.empty() && !normal.empty()) add_contact_point(db_, file_.id, kind, normal, typed);
    }
    void save(std::string_view phone_typed)
    {
        if (change(db_, file_, after_, phone_typed, ChangeKind::filled, by_, now_).version == file_.version)
            queue_for_search(db_, file_.id);
    }

private:
    void keep(const char* field, const std::string& stands, const std::string& given)
    {
        add_change(db_, file_.id, {now_, by_, ChangeKind::given, field, stands, given});
    }

    sql::Connection& db_;
    const CustomerRow& file_;
    CustomerRow after_;
    StaffId by_;
    Instant now_;
};

void complete(sql::Connection& db, const CustomerRow& file, const Given& given, const NewCustomer& typed, StaffId by,
              Instant now)
{
    Completion completion{db, file, by, now};
    completion.harmless("name", &CustomerRow::name, given.name);
    completion.harmless("address", &CustomerRow::address, given.address);
    completion.identifying("account_no", &CustomerRow::account_no, given.account_no);
    completion.identifying("phone", &CustomerRow::phone, given.phone);
    if (normal_email(file.email).value_or("") != given.email_normal)
        completion.identifying("email", &CustomerRow::email, given.email);
    completion.further("phone", file.phone, given.phone, typed.phone);
    completion.further("email", file.email, given.email_normal, given.email);
    completion.save(trim(typed.phone));
}

}  // namespace

std::optional<CustomerRow> find(sql::Connection& db, CustomerId id)
{
    return db.first(find_sql, read_customer, id);
}

std::vector<CustomerRow> find_all(sql::Connection& db, std::span<const CustomerId> ids)
{
    std::vector<CustomerRow> found;
    if (ids.empty()) return found;
    std::string list = "[";
    for (const auto id : ids) (list += list.size() > 1 ? "," : "") += std::to_string(id.value);
    list += ']';
    found.reserve(ids.size());
    db.each(
        db.dialect() == sql::Dialect::sqlite ? find_all_sqlite : find_all_postgres,
        [&](const sql::Row& row) { found.push_back(read_customer(row)); }, list);
    return found;
}

CustomerId find_or_create(sql::Connection& db, IdSource& ids, const NewCustomer& given, StaffId by, Instant now)
{
    const Given forms = stored_forms(given);
    const auto file = match(db, forms);
    if (!file) return insert(db, ids, forms, given, by, now);
    complete(db, *file, forms, given, by, now);
    return file->id;
}

std::vector<CustomerRow> find_same(sql::Connection& db, const NewCustomer& given)
{
    const Given forms = stored_forms(given);
    std::vector<CustomerRow> found;
    const auto take = [&](const sql::Row& row) { found.push_back(read_customer(row)); };
    if (!forms.phone.empty()) db.each(find_same_sql, take, "phone", forms.phone);
    if (!forms.email_normal.empty()) db.each(find_same_sql, take, "email", forms.email_normal);
    return found;
}

CustomerId create(sql::Connection& db, IdSource& ids, const NewCustomer& given, StaffId by, Instant now)
{
    return insert(db, ids, stored_forms(given), given, by, now);
}

void queue_for_search(sql::Connection& db, CustomerId id)
{
    db.execute(queue_sql, id);
}

std::vector<std::int64_t> ids_after(sql::Connection& db, std::int64_t after, int limit)
{
    std::vector<std::int64_t> ids;
    db.each(
        select_ids_after, [&](const sql::Row& row) { ids.push_back(row.integer(0)); }, after, limit);
    return ids;
}

std::int64_t greatest_id(sql::Connection& db)
{
    return db.first(select_greatest_id, [](const sql::Row& row) { return row.integer(0); }).value_or(0);
}

}  // namespace shouwen::customer
