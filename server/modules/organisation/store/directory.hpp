#pragma once

#include "modules/organisation/store/organisation_store.hpp"

#include <cstdint>
#include <memory>
#include <mutex>

namespace shouwen::organisation {

/// The organisation as the whole process sees it: a snapshot in memory, replaced after each committed change. Thread-safe.
class Directory {
public:
    /// Reads the store; its schema must be there.
    explicit Directory(sql::Store& store);

    OrganisationPtr current() const;
    std::int64_t version() const;
    /// Takes over what a committed transaction has loaded; an older one than the present is ignored.
    void publish(Loaded loaded);
    /// Reads the store again: after writing by functions that did not publish.
    void reload();

private:
    sql::Store& store_;
    mutable std::mutex mutex_;  // held only for copying a pointer
    Loaded loaded_;
};

}  // namespace shouwen::organisation
