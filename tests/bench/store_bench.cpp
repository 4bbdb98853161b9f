// Raw limits, one JSON line each: a bare append and sync, and the bare group-commit writer with the rows of one new
// ticket (ticket, event, timer) a job.
//   store_bench [FOLDER] [SECONDS]      FOLDER: where the server's store would lie; a file of its own is made there
#include "bench/writing_load.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <fmt/format.h>

#include <chrono>
#include <fcntl.h>
#include <unistd.h>
#include <vector>

namespace {

using namespace shouwen;
using bench::Load;
using bench::Milliseconds;
using bench::Stopwatch;

const sql::Statement insert_ticket{
    "insert_ticket",
    "INSERT INTO bench_ticket (id, number, version, step, channel, class, grade, customer_id, owner_id, unit_id, subject, "
    "content, created_at, due_at) VALUES ($1, $2, 1, 'received', 'phone', 'complaint', 'L2', $3, $4, 7, $5, $6, $7, $8)"};
const sql::Statement insert_event{"insert_event",
                                  "INSERT INTO bench_event (ticket_id, seq, at, actor_id, type, data, hash) "
                                  "VALUES ($1, 1, $2, $3, 'ticket_received', $4, $5)"};
const sql::Statement insert_timer{
    "insert_timer", "INSERT INTO bench_timer (id, ticket_id, kind, due_at) VALUES ($1, $2, 'first_response', $3)"};

constexpr const char* schema =
    "CREATE TABLE bench_ticket (id INTEGER PRIMARY KEY, number TEXT NOT NULL UNIQUE, version INTEGER NOT NULL, step TEXT NOT "
    "NULL, channel TEXT NOT NULL, class TEXT, grade TEXT, customer_id INTEGER, owner_id INTEGER, unit_id INTEGER, subject "
    "TEXT NOT NULL, content TEXT NOT NULL, created_at INTEGER NOT NULL, due_at INTEGER) STRICT;"
    "CREATE INDEX bench_ticket_by_owner ON bench_ticket (owner_id, step, due_at);"
    "CREATE INDEX bench_ticket_by_unit ON bench_ticket (unit_id, step, due_at);"
    "CREATE TABLE bench_event (ticket_id INTEGER NOT NULL, seq INTEGER NOT NULL, at INTEGER NOT NULL, actor_id INTEGER, type "
    "TEXT NOT NULL, data TEXT NOT NULL, hash BLOB NOT NULL, PRIMARY KEY (ticket_id, seq)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE bench_timer (id INTEGER PRIMARY KEY, ticket_id INTEGER NOT NULL, kind TEXT NOT NULL, due_at INTEGER NOT NULL) "
    "STRICT; CREATE INDEX bench_timer_due ON bench_timer (due_at);";

void measure_append(const std::filesystem::path& folder, double seconds)
{
    const auto path = folder / "append";
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const std::string block(4096, 'x');
    std::vector<double> latencies;
    const auto start = Stopwatch::now();
    auto now = start;
    while (now - start < std::chrono::duration<double>{seconds}) {
        if (::write(file, block.data(), block.size()) != 4096 || ::fdatasync(file) != 0) std::abort();
        const auto end = Stopwatch::now();
        latencies.push_back(Milliseconds{end - now}.count());
        now = end;
    }
    bench::print("append_4k_fdatasync", 1, latencies, Milliseconds{now - start}.count() / 1000);
    ::close(file);
}

/// The three rows of a new ticket.
struct NewTicket {
    void operator()(sql::Connection& connection, std::int64_t id) const
    {
        const auto number = fmt::format("20261122-{:06}", id);
        connection.execute(insert_ticket, id, number, id % 5'000, id % 200, subject, content, 1'700'000'000'000 + id,
                           1'700'000'900'000 + id);
        connection.execute(insert_event, id, 1'700'000'000'000 + id, id % 200, data, sql::Value::bytes(hash));
        connection.execute(insert_timer, id, id, 1'700'000'900'000 + id);
    }

    std::string subject = "空调报修后两天没有人上门";
    std::string content = std::string(400, 'x');
    std::string data = "{\"channel\":\"phone\",\"content\":\"" + std::string(500, 'x') + "\"}";
    std::string hash = std::string(32, 'h');
};

}  // namespace

int main(int count, char** arguments)
{
    if (count > 1) ::setenv("TMPDIR", arguments[1], 1);
    const double seconds = count > 2 ? std::atof(arguments[2]) : 3;
    const sqlite::TemporaryFolder folder;
    measure_append(folder.path(), seconds);

    const auto store = sqlite::open_sqlite({.path = folder / "bench.db"});
    store->write([](sql::Connection& connection) { connection.run_script(schema); });
    std::int64_t next_id = 1;
    for (const int waiting : {1, 10, 64, 100, 1000}) {
        Load load{*store, NewTicket{}, waiting, seconds, next_id};
        load.run("group_commit_ticket_event_timer");
        next_id = load.next_id();
    }
    const auto figures = store->figures();
    fmt::print("{{\"name\": \"store\", \"jobs\": {}, \"commits\": {}, \"checkpoints\": {}, \"wal_bytes\": {}}}\n",
               figures.jobs_count, figures.commits_count, figures.checkpoints_count, figures.wal_bytes);
}
