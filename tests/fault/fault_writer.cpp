// The child that is killed: writes numbered rows as fast as it can, 64 at a time, and journals each acknowledgement.
//   fault_writer STORE
#include "journal.hpp"
#include "platform/sqlite/sqlite_store.hpp"

#include <atomic>
#include <semaphore>
#include <stdexcept>
#include <unistd.h>

namespace {

using namespace shouwen;

// No unique index: a row written twice shall be seen.
const sql::Statement create_table{
    "create_written", "CREATE TABLE IF NOT EXISTS written (number INTEGER NOT NULL, content TEXT NOT NULL) STRICT"};
const sql::Statement last_number{"last_number", "SELECT coalesce(max(number), 0) FROM written"};
const sql::Statement insert_number{"insert_number", "INSERT INTO written (number, content) VALUES ($1, $2)"};

constexpr std::ptrdiff_t waiting_max = 64;

void journal(std::int64_t number)
{
    if (::write(fault::journal_file, &number, sizeof number) != sizeof number) std::abort();
}

}  // namespace

int main(int count, char** arguments)
{
    if (count != 2) return 2;
    std::counting_semaphore<waiting_max> room{waiting_max};
    const std::string content(200, 'x');
    const auto store = sqlite::open_sqlite({.path = arguments[1]});
    std::int64_t number = 0;
    store->write([](sql::Connection& connection) { connection.execute(create_table); });
    store->read([&](sql::Connection& connection) {
        number = *connection.first(last_number, [](const sql::Row& row) { return row.integer(0); });
    });
    for (;;) {
        ++number;
        room.acquire();
        store->submit({[number, &content](sql::Connection& connection) {
                           connection.execute(insert_number, number, content);
                           if (number % fault::failing_every == 0) throw std::runtime_error("on purpose");
                       },
                       [number, &room](std::exception_ptr failure) {
                           if (!failure) journal(number);
                           room.release();
                       }});
    }
}
