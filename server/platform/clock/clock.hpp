#pragma once

#include "base/instant.hpp"

#include <functional>
#include <mutex>

namespace shouwen {

/// The only source of time; rules get it handed in.
class Clock {
public:
    virtual ~Clock() = default;
    virtual Instant now() const = 0;
};

/// The machine's clock.
class SystemClock final : public Clock {
public:
    Instant now() const override;
};

/// Stands still until it is moved. For tests, trying out (`--clock manual`) and historic replay. Thread-safe.
class ManualClock final : public Clock {
public:
    explicit ManualClock(Instant start) : now_(start) {}
    Instant now() const override;
    /// May go back as well: that is a fault worth testing.
    void set(Instant at);
    void advance(Duration by);

private:
    mutable std::mutex mutex_;
    Instant now_;
};

}  // namespace shouwen
