#include "modules/matrix/store/matrix_copy.hpp"

#include "modules/matrix/store/rows.hpp"

namespace shouwen::matrix {

MatrixCopy::MatrixCopy(sql::Store& store) : store_(store)
{
    changes_ = store.feed().subscribe(topic, {[this](auto) { read(); }, [this] { read(); }});
}

void MatrixCopy::read()
{
    auto fresh = std::make_shared<std::vector<Row>>();
    store_.read([&](sql::Connection& db) { *fresh = load(db); });
    const std::lock_guard lock{mutex_};
    rows_ = std::move(fresh);
}

RowsPtr MatrixCopy::current() const
{
    const std::lock_guard lock{mutex_};
    return rows_;
}

}  // namespace shouwen::matrix
