#include "modules/matrix/store/rows.hpp"

#include "base/names.hpp"
#include "base/result.hpp"

#include <unordered_map>

namespace shouwen::matrix {
namespace {

#define SHOUWEN_MATRIX_COLUMNS                                                                          \
    "id, version, class, category, area_id, merchant_id, lead_unit_id, lead_staff_id, teller_unit_id, " \
    "plan_l1, plan_l2, plan_l3, complete_l1, complete_l2, complete_l3, comment, updated_at, author_id, retired_at"
constexpr sql::Statement list_rows{"matrix.rows", "SELECT " SHOUWEN_MATRIX_COLUMNS " FROM matrix_row ORDER BY id"};
constexpr sql::Statement find_row{"matrix.row", "SELECT " SHOUWEN_MATRIX_COLUMNS " FROM matrix_row WHERE id = $1"};
#undef SHOUWEN_MATRIX_COLUMNS
constexpr sql::Statement list_cooperation{
    "matrix.cooperation", "SELECT row_id, unit_id, duty FROM matrix_cooperation ORDER BY row_id, position"};
constexpr sql::Statement cooperation_of{
    "matrix.cooperation_of",
    "SELECT row_id, unit_id, duty FROM matrix_cooperation WHERE row_id = $1 ORDER BY position"};
constexpr sql::Statement find_key{
    "matrix.holder_of",
    "SELECT id FROM matrix_row WHERE retired_at IS NULL AND COALESCE(class, '') = $1 AND COALESCE(category, '') = $2 "
    "AND COALESCE(area_id, 0) = $3 AND COALESCE(merchant_id, 0) = $4"};
constexpr sql::Statement count_rows{"matrix.count", "SELECT COUNT(*) FROM matrix_row"};
constexpr sql::Statement insert_row{
    "matrix.insert",
    "INSERT INTO matrix_row (id, version, class, category, area_id, merchant_id, lead_unit_id, lead_staff_id, "
    "teller_unit_id, plan_l1, plan_l2, plan_l3, complete_l1, complete_l2, complete_l3, comment, updated_at, author_id, "
    "retired_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)"};
constexpr sql::Statement update_row{
    "matrix.update",
    "UPDATE matrix_row SET version = $2, class = $3, category = $4, area_id = $5, merchant_id = $6, lead_unit_id = $7, "
    "lead_staff_id = $8, teller_unit_id = $9, plan_l1 = $10, plan_l2 = $11, plan_l3 = $12, complete_l1 = $13, "
    "complete_l2 = $14, complete_l3 = $15, comment = $16, updated_at = $17, author_id = $18, retired_at = $19 "
    "WHERE id = $1"};
constexpr sql::Statement clear_cooperation{"matrix.clear_cooperation",
                                           "DELETE FROM matrix_cooperation WHERE row_id = $1"};
constexpr sql::Statement insert_cooperation{
    "matrix.insert_cooperation",
    "INSERT INTO matrix_cooperation (row_id, position, unit_id, duty) VALUES ($1, $2, $3, $4)"};

std::optional<Limit> read_limit(const sql::Row& row, int column)
{
    if (row.is_null(column)) return std::nullopt;
    const auto limit = parse_limit(row.text(column));
    ensure(limit.has_value(), "a stored limit is one");
    return limit;
}

std::optional<std::string> text_of(const std::optional<Limit>& limit)
{
    return limit ? std::optional{to_string(*limit)} : std::nullopt;
}

Row read(const sql::Row& row)
{
    Row read{.id = row.id<MatrixRowId>(0), .version = row.integer(1)};
    auto& a = read.assignment;
    if (!row.is_null(2)) a.key.class_ = parse_name<Class>(row.text(2)).value();
    a.key.category = row.optional_string(3).value_or("");
    a.key.area = row.id<AreaId>(4);
    a.key.merchant = row.id<UnitId>(5);
    a.lead_unit = row.id<UnitId>(6);
    a.lead_staff = row.id<StaffId>(7);
    a.teller = row.id<UnitId>(8);
    a.slip_plan = {read_limit(row, 9), read_limit(row, 10), read_limit(row, 11)};
    a.slip_complete = {read_limit(row, 12), read_limit(row, 13), read_limit(row, 14)};
    a.comment = row.string(15);
    read.updated_at = row.instant(16);
    read.author = row.id<StaffId>(17);
    read.retired_at = row.optional_instant(18);
    return read;
}

void write(sql::Connection& db, const sql::Statement& statement, const Row& row)
{
    const auto& a = row.assignment;
    const auto class_name = a.key.class_ ? std::optional{std::string{name_of(*a.key.class_)}} : std::nullopt;
    const auto category = a.key.category.empty() ? std::nullopt : std::optional{a.key.category};
    const auto plan_1 = text_of(a.slip_plan.L1), plan_2 = text_of(a.slip_plan.L2), plan_3 = text_of(a.slip_plan.L3);
    const auto done_1 = text_of(a.slip_complete.L1), done_2 = text_of(a.slip_complete.L2),
               done_3 = text_of(a.slip_complete.L3);
    db.execute(statement, row.id, row.version, class_name, category, a.key.area, a.key.merchant, a.lead_unit,
               a.lead_staff, a.teller, plan_1, plan_2, plan_3, done_1, done_2, done_3, a.comment, row.updated_at,
               row.author, row.retired_at);
}

void write_cooperating(sql::Connection& db, const Row& row)
{
    int position = 0;
    for (const auto& each : row.assignment.cooperating)
        db.execute_later(insert_cooperation, row.id, position++, each.unit, each.duty);
}

}  // namespace

std::vector<Row> load(sql::Connection& db)
{
    std::vector<Row> rows;
    std::unordered_map<MatrixRowId, std::size_t> at;
    db.each(list_rows, [&](const sql::Row& row) {
        at.emplace(row.id<MatrixRowId>(0), rows.size());
        rows.push_back(read(row));
    });
    db.each(list_cooperation, [&](const sql::Row& row) {
        rows[at.at(row.id<MatrixRowId>(0))].assignment.cooperating.push_back({row.id<UnitId>(1), row.string(2)});
    });
    return rows;
}

std::optional<Row> find(sql::Connection& db, MatrixRowId id)
{
    auto found = db.first(find_row, read, id);
    if (!found) return std::nullopt;
    db.each(
        cooperation_of,
        [&](const sql::Row& row) {
            found->assignment.cooperating.push_back({row.id<UnitId>(1), row.string(2)});
        },
        id);
    return found;
}

MatrixRowId holder_of(sql::Connection& db, const Key& key)
{
    return db
        .first(
            find_key, [](const sql::Row& row) { return row.id<MatrixRowId>(0); },
            key.class_ ? name_of(*key.class_) : std::string_view{}, key.category, key.area.value, key.merchant.value)
        .value_or(MatrixRowId{});
}

std::size_t count(sql::Connection& db)
{
    return static_cast<std::size_t>(
        db.first(count_rows, [](const sql::Row& row) { return row.integer(0); }).value_or(0));
}

void lock(sql::Connection& db)
{
    sql::serialise(db, topic);
}

void insert(sql::Connection& db, const Row& row)
{
    write(db, insert_row, row);
    write_cooperating(db, row);
    db.announce(topic, "");
}

void update(sql::Connection& db, const Row& row)
{
    write(db, update_row, row);
    db.execute(clear_cooperation, row.id);
    write_cooperating(db, row);
    db.announce(topic, "");
}

}  // namespace shouwen::matrix
