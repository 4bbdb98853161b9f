#pragma once

#include "modules/matrix/rules/matrix.hpp"
#include "platform/sql/feed.hpp"

#include <memory>
#include <mutex>
#include <vector>

namespace shouwen::matrix {

using RowsPtr = std::shared_ptr<const std::vector<Row>>;

/// The matrix in memory: it is asked with each transfer and changes seldom. Replaced as a whole when a row was written, here or on
/// another node. Thread-safe.
class MatrixCopy {
public:
    explicit MatrixCopy(sql::Store& store);

    /// As of now; does not change any more.
    RowsPtr current() const;

private:
    void read();

    sql::Store& store_;
    mutable std::mutex mutex_;  // held only for copying a pointer
    RowsPtr rows_ = std::make_shared<const std::vector<Row>>();
    sql::Feed::Subscription changes_;
};

}  // namespace shouwen::matrix
