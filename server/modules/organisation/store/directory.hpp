#pragma once

#include "modules/organisation/store/organisation_store.hpp"
#include "platform/sql/feed.hpp"

#include <cstdint>
#include <memory>
#include <mutex>

namespace shouwen::organisation {

/// The organisation as the whole process sees it: a snapshot in memory, replaced after each committed change, whichever
/// process on the database made it. Thread-safe.
class Directory {
public:
    /// Reads the store; its schema must be there.
    explicit Directory(sql::Store& store);

    OrganisationPtr current() const;
    std::int64_t version() const;

private:
    void reload();

    sql::Store& store_;
    mutable std::mutex mutex_;  // held only for copying a pointer
    Loaded loaded_;
    sql::Feed::Subscription changes_;
};

}  // namespace shouwen::organisation
