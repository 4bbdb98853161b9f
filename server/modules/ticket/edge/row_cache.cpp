#include "modules/ticket/edge/row_cache.hpp"

namespace shouwen::ticket {
namespace {

constexpr std::size_t overhead_bytes = 200;  // of an entry beside its text

}  // namespace

RowCache::Text RowCache::find(const Key& key)
{
    Shard& shard = shard_of(key.ticket);
    const std::lock_guard lock{shard.mutex};
    const auto found = shard.at.find(key.ticket);
    if (found == shard.at.end() || !(found->second->key == key)) return nullptr;
    shard.recent.splice(shard.recent.begin(), shard.recent, found->second);
    return found->second->text;
}

RowCache::Text RowCache::put(const Key& key, std::string text)
{
    auto kept = std::make_shared<const std::string>(std::move(text));
    Shard& shard = shard_of(key.ticket);
    const std::lock_guard lock{shard.mutex};
    const auto drop = [&shard](std::list<Entry>::iterator entry) {
        shard.bytes -= entry->text->size() + overhead_bytes;
        shard.at.erase(entry->key.ticket);
        shard.recent.erase(entry);
    };
    // One row a ticket: readers of another mask are rare beside the many who share one.
    if (const auto found = shard.at.find(key.ticket); found != shard.at.end()) drop(found->second);
    shard.recent.push_front({key, kept});
    shard.at.emplace(key.ticket, shard.recent.begin());
    shard.bytes += kept->size() + overhead_bytes;
    while (shard.bytes > shard_bytes_max_ && shard.recent.size() > 1) drop(std::prev(shard.recent.end()));
    return kept;
}

}  // namespace shouwen::ticket
