#include "platform/sql/sql.hpp"

namespace shouwen::sql {
namespace {

const Statement lock_name{"serialise", "SELECT pg_advisory_xact_lock(7307195, hashtext($1))"};

}  // namespace

void serialise(Connection& db, std::string_view what)
{
    if (db.dialect() == Dialect::postgres) db.execute_later(lock_name, what);
}

}  // namespace shouwen::sql
