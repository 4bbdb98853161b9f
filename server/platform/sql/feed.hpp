#pragma once

#include "platform/sql/sql.hpp"

#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

namespace shouwen::sql {

/// What whoever keeps a copy of stored things, or shows them, is told of.
struct Listener {
    /// What was announced under the topic by transactions that are committed. Of this process: before the write is
    /// acknowledged. Of others: soon after. One call at a time a listener. Reading the store is allowed, writing is not.
    std::function<void(std::span<const std::string> whats)> changed;
    /// Something may have been missed: read everything anew.
    std::function<void()> missed;
};

/// Changes on their way to the listeners of this process. Thread-safe.
class Feed {
    struct Entry;

public:
    /// Ends with the object, which the feed outlives.
    class Subscription {
    public:
        Subscription() = default;
        Subscription(Feed& feed, std::shared_ptr<Entry> entry) : feed_(&feed), entry_(std::move(entry)) {}
        Subscription(Subscription&& other) noexcept
            : feed_(std::exchange(other.feed_, nullptr)), entry_(std::move(other.entry_))
        {
        }
        Subscription& operator=(Subscription&& other) noexcept;
        ~Subscription();

    private:
        Feed* feed_ = nullptr;
        std::shared_ptr<Entry> entry_;
    };

    /// Begins with `missed`, before it returns: what changes while it is read comes afterwards.
    [[nodiscard]] Subscription subscribe(std::string topic, Listener listener);

    /// For stores. Never throws: a listener that cannot read now is told to read everything by `repair`.
    void deliver(std::span<const Change> changes) noexcept;
    /// Tells everybody that something may have been missed.
    void miss() noexcept;
    /// Tries again with those that could not read. To be called every second or so; costs nothing when all is well.
    void repair() noexcept;
    /// Whether what is shown here may be older than what is stored: a listener could not read, or news do not arrive.
    bool is_behind() const;
    /// For stores: whether the news of other processes arrive.
    void set_connected(bool connected);

private:
    void tell(Entry& entry, std::span<const std::string> whats, bool missed) noexcept;
    std::vector<std::shared_ptr<Entry>> entries() const;

    mutable std::mutex mutex_;  // guards what follows, never held while a listener runs
    std::vector<std::shared_ptr<Entry>> entries_;
    bool is_connected_ = true;
};

}  // namespace shouwen::sql
