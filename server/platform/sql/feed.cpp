#include "platform/sql/feed.hpp"

#include <algorithm>
#include <atomic>
#include <set>

namespace shouwen::sql {

struct Feed::Entry {
    Entry(std::string of, Listener whom) : topic(std::move(of)), listener(std::move(whom)) {}

    const std::string topic;
    std::mutex mutex;  // one call at a time, so that what was read first is not put over what was read later
    Listener listener;
    bool is_over = false;
    std::atomic<bool> is_behind{false};
};

void Connection::announce(std::string_view topic, std::string_view what)
{
    announced_.push_back({std::string{topic}, std::string{what}});
}

std::span<const Change> Connection::announced()
{
    std::set<std::pair<std::string_view, std::string_view>> seen;
    std::vector<Change> once;
    for (const auto& change : announced_)
        if (seen.emplace(change.topic, change.what).second) once.push_back(change);
    announced_ = std::move(once);
    return announced_;
}

Feed::Subscription& Feed::Subscription::operator=(Subscription&& other) noexcept
{
    std::swap(feed_, other.feed_);
    std::swap(entry_, other.entry_);
    return *this;
}

Feed::Subscription::~Subscription()
{
    if (!feed_) return;
    {
        const std::lock_guard lock{feed_->mutex_};
        std::erase(feed_->entries_, entry_);
    }
    const std::lock_guard lock{entry_->mutex};
    entry_->is_over = true;
}

Feed::Subscription Feed::subscribe(std::string topic, Listener listener)
{
    auto entry = std::make_shared<Entry>(std::move(topic), std::move(listener));
    const std::lock_guard first{entry->mutex};
    {
        const std::lock_guard lock{mutex_};
        entries_.push_back(entry);
    }
    try {
        entry->listener.missed();
    } catch (...) {
        entry->is_over = true;
        const std::lock_guard lock{mutex_};
        std::erase(entries_, entry);
        throw;
    }
    return {*this, entry};
}

std::vector<std::shared_ptr<Feed::Entry>> Feed::entries() const
{
    const std::lock_guard lock{mutex_};
    return entries_;
}

void Feed::deliver(std::span<const Change> changes) noexcept
{
    if (changes.empty()) return;
    std::vector<std::string> whats;
    for (const auto& entry : entries()) {
        whats.clear();
        for (const auto& change : changes)
            if (change.topic == entry->topic) whats.push_back(change.what);
        if (!whats.empty()) tell(*entry, whats, false);
    }
}

void Feed::miss() noexcept
{
    for (const auto& entry : entries()) tell(*entry, {}, true);
}

void Feed::repair() noexcept
{
    for (const auto& entry : entries())
        if (entry->is_behind) tell(*entry, {}, true);
}

void Feed::tell(Entry& entry, std::span<const std::string> whats, bool missed) noexcept
{
    const std::lock_guard lock{entry.mutex};
    if (entry.is_over) return;
    try {
        if (missed || entry.is_behind)
            entry.listener.missed();
        else
            entry.listener.changed(whats);
        entry.is_behind = false;
    } catch (const std::exception&) {
        entry.is_behind = true;  // the database is away: `repair` comes again
    }
}

bool Feed::is_behind() const
{
    const std::lock_guard lock{mutex_};
    return !is_connected_ || std::ranges::any_of(entries_, [](const auto& each) { return each->is_behind.load(); });
}

void Feed::set_connected(bool connected)
{
    const std::lock_guard lock{mutex_};
    is_connected_ = connected;
}

}  // namespace shouwen::sql
