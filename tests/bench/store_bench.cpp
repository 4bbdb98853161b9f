// Raw limits, one JSON line each: a bare append and sync, and the bare group-commit writer with the rows of one new
// ticket (ticket, event, timer) a job.
//   store_bench [FOLDER] [SECONDS]      FOLDER: where the server's store would lie; a file of its own is made there
#include "platform/sqlite/store_fixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fcntl.h>
#include <latch>
#include <memory>
#include <mutex>
#include <unistd.h>
#include <vector>

namespace {

using namespace shouwen;
using Stopwatch = std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

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

double percentile(std::vector<double>& sorted, double part)
{
    return sorted.empty() ? 0 : sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
}

void print(std::string_view name, int waiting, std::vector<double>& latencies_ms, double seconds)
{
    std::ranges::sort(latencies_ms);
    fmt::print(
        "{{\"name\": \"{}\", \"waiting\": {}, \"per_second\": {:.0f}, \"p50_ms\": {:.2f}, \"p99_ms\": {:.2f}}}\n", name,
        waiting, static_cast<double>(latencies_ms.size()) / seconds, percentile(latencies_ms, 0.5),
        percentile(latencies_ms, 0.99));
    std::fflush(stdout);
}

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
    print("append_4k_fdatasync", 1, latencies, Milliseconds{now - start}.count() / 1000);
    ::close(file);
}

/// Keeps `waiting` jobs under way: each that is done submits the next.
class Load {
public:
    Load(sql::Store& store, int waiting, double seconds, std::int64_t first_id)
        : store_(store),
          end_(Stopwatch::now() +
               std::chrono::duration_cast<Stopwatch::duration>(std::chrono::duration<double>{seconds})),
          next_id_(first_id),
          ended_(waiting)
    {
    }

    std::vector<double> run(int waiting)
    {
        for (int i = 0; i < waiting; ++i) submit_next();
        ended_.wait();
        return std::move(latencies_);
    }
    std::int64_t next_id() const { return next_id_; }

private:
    void submit_next()
    {
        std::int64_t id = 0;
        {
            const std::lock_guard lock{mutex_};
            id = next_id_++;
        }
        const auto start = Stopwatch::now();
        if (start >= end_) return ended_.count_down();
        store_.submit({[this, id](sql::Connection& connection) { insert(connection, id); },
                       [this, start](std::exception_ptr failure) {
                           if (failure) std::rethrow_exception(failure);
                           {
                               const std::lock_guard lock{mutex_};
                               latencies_.push_back(Milliseconds{Stopwatch::now() - start}.count());
                           }
                           submit_next();
                       }});
    }
    void insert(sql::Connection& connection, std::int64_t id)
    {
        const auto number = fmt::format("20261122-{:06}", id);
        connection.execute(insert_ticket, id, number, id % 5'000, id % 200, subject_, content_, 1'700'000'000'000 + id,
                           1'700'000'900'000 + id);
        connection.execute(insert_event, id, 1'700'000'000'000 + id, id % 200, data_, sql::Value::bytes(hash_));
        connection.execute(insert_timer, id, id, 1'700'000'900'000 + id);
    }

    sql::Store& store_;
    const Stopwatch::time_point end_;
    std::mutex mutex_;
    std::int64_t next_id_;
    std::vector<double> latencies_;
    std::latch ended_;
    const std::string subject_ = "空调报修后两天没有人上门";
    const std::string content_ = std::string(400, 'x');
    const std::string data_ = "{\"channel\":\"phone\",\"content\":\"" + std::string(500, 'x') + "\"}";
    const std::string hash_ = std::string(32, 'h');
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
        Load load{*store, waiting, seconds, next_id};
        const auto start = Stopwatch::now();
        auto latencies = load.run(waiting);
        print("group_commit_ticket_event_timer", waiting, latencies,
              Milliseconds{Stopwatch::now() - start}.count() / 1000);
        next_id = load.next_id();
    }
    const auto figures = store->figures();
    fmt::print("{{\"name\": \"store\", \"jobs\": {}, \"commits\": {}, \"checkpoints\": {}, \"wal_bytes\": {}}}\n",
               figures.jobs_count, figures.commits_count, figures.checkpoints_count, figures.wal_bytes);
}
