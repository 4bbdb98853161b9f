#include "platform/sqlite/fault.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

namespace shouwen::sqlite {

void throw_fault(sqlite3* database, int code, const std::string& what)
{
    const auto text =
        fmt::format("{}: {} ({})", what, database ? sqlite3_errmsg(database) : sqlite3_errstr(code), code);
    // The log's shared memory cannot grow on a full volume; SQLite calls that an I/O error though nothing was lost.
    if (code == SQLITE_IOERR_SHMSIZE) throw sql::DiskFull(text);
    if (code == SQLITE_IOERR_FSYNC || code == SQLITE_IOERR_DIR_FSYNC) throw SyncFault(text);
    switch (code & 0xff) {
        case SQLITE_CONSTRAINT: throw sql::ConstraintViolated(text);
        case SQLITE_FULL: throw sql::DiskFull(text);
        case SQLITE_IOERR: throw IoFault(text);
        case SQLITE_BUSY:       // another process holds the lock for longer than is waited
        case SQLITE_INTERRUPT:  // a reader that has reached its limit
            throw sql::Unavailable(text);
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: throw DamagedFile(text);
        default: throw sql::DatabaseFault(text);
    }
}

}  // namespace shouwen::sqlite
