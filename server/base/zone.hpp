#pragma once

#include "base/instant.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace shouwen {

/// A moment on the clock on the wall, to the millisecond.
using LocalTime = std::chrono::local_time<Duration>;

/// A time zone by its IANA name, read once from the system's tzdata into a table, so that a look-up costs nanoseconds.
/// Covers 1970 to 2037; before and after, the nearest offset holds.
class Zone {
public:
    /// Time with one offset; ends where the next one begins.
    struct Stretch {
        Instant begin;
        Instant end;
        Duration offset;
    };

    /// @returns nothing when no zone has the name.
    static std::shared_ptr<const Zone> find(std::string_view name);

    const std::string& name() const { return name_; }
    const std::vector<Stretch>& stretches() const { return stretches_; }
    /// The place in `stretches` of the one that holds `at`.
    std::size_t stretch_at(Instant at) const;
    LocalTime local(Instant at) const;
    std::chrono::local_days date(Instant at) const { return std::chrono::floor<std::chrono::days>(local(at)); }
    /// The first moment at which the wall shows `at`; when the clock skips `at`, the moment of the skip.
    Instant instant(LocalTime at) const;

private:
    std::string name_;
    std::vector<Stretch> stretches_;
};

}  // namespace shouwen
