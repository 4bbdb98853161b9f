#pragma once

#include "base/id.hpp"

#include <array>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace shouwen::ticket {

/// Rows of lists as they were written last. A row is known by everything that its text depends on, so an old one is never
/// taken for a new one; nothing has to be invalidated, and what is not asked for falls out. Thread-safe.
class RowCache {
public:
    struct Key {
        TicketId ticket;
        std::int64_t version = 0;
        std::int64_t customer_version = 0;
        std::uint64_t setting = 0;  ///< overdue, the reader's mask, the organisation and the policy in force

        bool operator==(const Key&) const = default;
    };
    using Text = std::shared_ptr<const std::string>;

    /// @param bytes_max  of all texts together, about
    explicit RowCache(std::size_t bytes_max) : shard_bytes_max_(bytes_max / shards) {}

    /// Null when it has to be written.
    Text find(const Key& key);
    Text put(const Key& key, std::string text);

private:
    static constexpr std::size_t shards = 16;
    struct Entry {
        Key key;
        Text text;
    };
    struct Shard {
        std::mutex mutex;
        std::list<Entry> recent;  ///< the last asked for first
        std::unordered_map<TicketId, std::list<Entry>::iterator> at;
        std::size_t bytes = 0;
    };
    Shard& shard_of(TicketId ticket) { return shard_[static_cast<std::size_t>(ticket.value >> 8) % shards]; }

    const std::size_t shard_bytes_max_;
    std::array<Shard, shards> shard_;
};

}  // namespace shouwen::ticket
