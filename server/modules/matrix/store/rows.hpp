#pragma once

#include "modules/matrix/rules/matrix.hpp"
#include "platform/sql/sql.hpp"

#include <optional>
#include <vector>

/// The matrix's rows in the database. Nothing is checked here that `rules/check.hpp` checks.
namespace shouwen::matrix {

/// Announced with each change; nothing more is said.
inline constexpr const char* topic = "matrix";

/// All of them, retired ones too, by id. Two statements.
std::vector<Row> load(sql::Connection& db);
std::optional<Row> find(sql::Connection& db, MatrixRowId id);
/// The row in use that has this key; none: the key is free.
MatrixRowId holder_of(sql::Connection& db, const Key& key);
std::size_t count(sql::Connection& db);
/// From here to the end of the transaction nobody else changes the matrix.
void lock(sql::Connection& db);

void insert(sql::Connection& db, const Row& row);
/// Everything but the id. @throws sql::ConstraintViolated when another row in use has the key
void update(sql::Connection& db, const Row& row);

}  // namespace shouwen::matrix
