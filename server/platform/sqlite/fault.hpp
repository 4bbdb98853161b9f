#pragma once

#include "platform/sql/sql.hpp"

#include <string>

struct sqlite3;

namespace shouwen::sqlite {

/// Reading, writing or syncing the file failed, or its pages are damaged. Nothing more is written after it.
struct IoFault : sql::DatabaseFault {
    using sql::DatabaseFault::DatabaseFault;
};
/// The kernel may have dropped what was written, and a second try would succeed without bringing it back: only a new
/// process, which reads the log again, knows what is there.
struct SyncFault : IoFault {
    using IoFault::IoFault;
};
/// The file's content is no (whole) database.
struct DamagedFile : IoFault {
    using IoFault::IoFault;
};

/// Throws what SQLite's extended result `code` means. @param what  the statement's name, never its values
[[noreturn]] void throw_fault(sqlite3* database, int code, const std::string& what);

}  // namespace shouwen::sqlite
