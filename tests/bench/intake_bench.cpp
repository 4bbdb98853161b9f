// What the rows of an intake cost by themselves: a call is taken in by the server, the rows that this left are found by
// comparing the store before and after, and a bare group-commit writer inserts these very rows again and again, with ids,
// numbers and telephone of their own, into the same tables with all their indexes. No HTTP, no rules, no JSON.
//   intake_bench [SECONDS]
#include "bench/writing_load.hpp"
#include "scenario/centre.hpp"

#include <deque>
#include <set>
#include <variant>

namespace {

using namespace shouwen;

constexpr std::string_view phone = "13800001234";
constexpr std::size_t short_text = 64;
/// Greater keys are ids of ours, lesser ones a table's own count.
constexpr std::int64_t rows_numbered_to = std::int64_t{1} << 40;

struct Column {
    std::string name;
    std::string type;
    bool is_key = false;
};
using Cell = std::variant<std::monostate, std::int64_t, std::string>;
using Cells = std::vector<Cell>;

/// One table and what the intake added to it.
struct Table {
    std::string name;
    std::vector<Column> columns;
    std::set<Cells> before;
    std::vector<Cells> added;
    std::string insert_text;
};

std::vector<Table> tables_of(sql::Connection& db)
{
    const sql::Statement names{
        "names",
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
        "AND name NOT LIKE 'search\\_index%' ESCAPE '\\'"};
    const sql::Statement columns{"columns", "SELECT name, type, pk FROM pragma_table_info($1)"};
    std::vector<Table> tables;
    db.each(names, [&](const sql::Row& row) { tables.push_back({.name = row.string(0)}); });
    for (auto& table : tables)
        db.each(
            columns,
            [&](const sql::Row& row) {
                table.columns.push_back({row.string(0), row.string(1), row.integer(2) > 0});
            },
            table.name);
    return tables;
}

std::set<Cells> rows_of(sql::Connection& db, const Table& table, std::deque<std::string>& texts)
{
    std::string list;
    for (const auto& column : table.columns) list += (list.empty() ? "" : ", ") + column.name;
    texts.push_back("SELECT " + list + " FROM " + table.name);
    texts.push_back("rows of " + table.name);
    static std::deque<sql::Statement> statements;  // connections know them by their address
    statements.push_back({texts.back().c_str(), texts[texts.size() - 2].c_str()});
    std::set<Cells> rows;
    db.each(statements.back(), [&](const sql::Row& row) {
        Cells cells;
        for (std::size_t i = 0; i < table.columns.size(); ++i) {
            const int at = static_cast<int>(i);
            if (row.is_null(at))
                cells.emplace_back();
            else if (table.columns[i].type == "INTEGER")
                cells.emplace_back(row.integer(at));
            else
                cells.emplace_back(std::string{table.columns[i].type == "BLOB" ? row.bytes(at) : row.text(at)});
        }
        rows.insert(std::move(cells));
    });
    return rows;
}

void replace(std::string& text, std::string_view what, std::string_view with)
{
    if (const auto at = text.find(what); at != std::string::npos) text.replace(at, what.size(), with);
}

/// The rows of one intake, ready to be written with other ids.
class Intake {
public:
    explicit Intake(std::vector<Table> tables, std::string number)
        : tables_(std::move(tables)), number_(std::move(number))
    {
        for (auto& table : tables_) {
            std::string names;
            std::string values;
            for (std::size_t i = 0; i < table.columns.size(); ++i) {
                names += (i ? ", " : "") + table.columns[i].name;
                values += (i ? ", $" : "$") + std::to_string(i + 1);
            }
            // A counter's row is there already.
            table.insert_text = "INSERT OR REPLACE INTO " + table.name + " (" + names + ") VALUES (" + values + ")";
            statements_.push_back({table.name.c_str(), table.insert_text.c_str()});
            rows_count_ += table.added.size();
            for (const auto& cells : table.added)
                for (std::size_t i = 0; i < cells.size(); ++i)
                    if (const auto* id = std::get_if<std::int64_t>(&cells[i]);
                        id && table.columns[i].name == "id" && *id > rows_numbered_to)
                        own_ids_.insert(*id);
        }
    }

    void operator()(sql::Connection& db, std::int64_t n) const
    {
        const std::string own_phone = fmt::format("{:011}", 15'000'000'000 + n);
        const std::string own_number = fmt::format("20260106-{:06}", n);
        for (std::size_t t = 0; t < tables_.size(); ++t)
            for (const auto& cells : tables_[t].added) write(db, t, cells, n, own_phone, own_number);
    }

    std::size_t rows_count() const { return rows_count_; }
    std::string summary() const
    {
        std::string text;
        for (const auto& table : tables_)
            if (!table.added.empty())
                text += fmt::format("{}{} {}", text.empty() ? "" : ", ", table.added.size(), table.name);
        return text;
    }

private:
    void write(sql::Connection& db, std::size_t table, const Cells& cells, std::int64_t n, const std::string& own_phone,
               const std::string& own_number) const
    {
        constexpr std::int64_t ids_of_a_millisecond = std::int64_t{1} << 21;
        std::deque<std::string> changed;
        std::vector<sql::Value> values;
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const auto& column = tables_[table].columns[i];
            if (const auto* integer = std::get_if<std::int64_t>(&cells[i])) {
                if (own_ids_.contains(*integer))
                    values.emplace_back(*integer + n * ids_of_a_millisecond);
                else if (column.is_key && column.name == "id")
                    values.emplace_back(nullptr);  // the next one of a table that numbers its rows itself
                else
                    values.emplace_back(*integer);
            } else if (const auto* text = std::get_if<std::string>(&cells[i])) {
                if (column.type == "BLOB") {
                    values.push_back(sql::Value::bytes(*text));
                } else if (text->size() > short_text) {
                    values.emplace_back(*text);
                } else {
                    auto& own = changed.emplace_back(*text);
                    replace(own, number_, own_number);
                    replace(own, phone, own_phone);
                    replace(own, std::string{phone.rbegin(), phone.rend()},
                            std::string{own_phone.rbegin(), own_phone.rend()});
                    values.emplace_back(own);
                }
            } else {
                values.emplace_back(nullptr);
            }
        }
        db.run(statements_[table], values, {});
    }

    std::vector<Table> tables_;
    std::string number_;
    std::deque<sql::Statement> statements_;
    std::set<std::int64_t> own_ids_;  ///< of the ticket, the customer, the contacts
    std::size_t rows_count_ = 0;
};

scenario::Answer take_call(scenario::Centre& centre, std::string_view number)
{
    auto answer = centre.post(
        "agent1", "/api/v1/tickets",
        fmt::format(
            R"({{"channel":"phone","customer":{{"name":"来电客户","phone":"{}"}},"subject":"停车场收费有误，要求退费",)"
            R"("content":"上周六在地下二层停车两个小时，扣了八十元，价目表上写的是每小时八元，请核实并退还多扣的部分。",)"
            R"("demand":"退还多扣的费用","class":"complaint"}})",
            number));
    if (answer.status != 201) throw std::runtime_error(answer.text);
    return answer;
}

}  // namespace

int main(int count, char** arguments)
{
    const double seconds = count > 1 ? std::atof(arguments[1]) : 3;
    scenario::Centre centre;
    take_call(centre, "13700000001");  // what only the first one of a day writes
    std::deque<std::string> texts;
    std::vector<Table> tables;
    auto& store = centre.app().store();
    store.read([&](sql::Connection& db) {
        tables = tables_of(db);
        for (auto& table : tables) table.before = rows_of(db, table, texts);
    });
    const auto answer = take_call(centre, phone);
    store.read([&](sql::Connection& db) {
        for (auto& table : tables)
            for (const auto& row : rows_of(db, table, texts))
                if (!table.before.contains(row)) table.added.push_back(row);
    });
    const Intake intake{std::move(tables), answer.at("/number")};
    fmt::print("{} rows for one intake: {}\n", intake.rows_count(), intake.summary());
    std::int64_t next = 1;
    for (const int waiting : {1, 64}) {
        bench::Load load{store, std::cref(intake), waiting, seconds, next};
        load.run("group_commit_rows_of_an_intake");
        next = load.next_id();
    }
}
