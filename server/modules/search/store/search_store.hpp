#pragma once

#include "base/instant.hpp"
#include "modules/search/rules/query.hpp"
#include "platform/sql/lease.hpp"
#include "platform/sql/sql.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shouwen::search {

/// Says that something was written, changed or removed: inside its transaction, one small row. Indexing follows in
/// batches, as full text is the dearest part of a write.
void queue_document(sql::Connection& connection, SearchKind kind, std::int64_t ref);

/// What is found of a thing.
struct Document {
    std::string title;               ///< subject, name: hits here rank first
    std::string text;                ///< all else, numbers and phone tails included
    std::vector<std::string> scope;  ///< unit_word, merchant_word, …
    Instant created_at;
};

/// @returns nothing when the thing is gone.
using DocumentLoader = std::function<std::optional<Document>(sql::Connection&, SearchKind kind, std::int64_t ref)>;

/// Indexes the oldest queued rows; words are cut outside the writer. One caller at a time; of several processes the one
/// that has the lease. @returns how many rows it took; 0 when the queue is empty, or another's. Call it until then.
int index_pending(sql::Store& store, const DocumentLoader& load, sql::Lease& lease, int rows_max = 64);

/// After mass writing: indexes all that is queued, each thing once however often it changed, in large batches whose words
/// are cut while the writer takes the batch before. @returns how many rows it took
int index_backlog(sql::Store& store, const DocumentLoader& load, sql::Lease& lease);

struct Hit {
    SearchKind kind;
    std::int64_t ref;

    bool operator==(const Hit&) const = default;
};

/// Among the newest documents that have all words and may be found: first those that have them in the title, then the
/// newer ones. Costs are bounded by the words and by `limit`, not by the hits. @param limit  1 to 100
std::vector<Hit> search(sql::Connection& connection, std::string_view query, const SearchScope& scope,
                        std::span<const SearchKind> kinds, int limit);

/// Things that wait to be indexed; as many rows as are queued.
std::int64_t queue_length(sql::Connection& connection);

/// The next ids of a kind that ought to be found, in their order.
using IdsAfter = std::function<std::vector<std::int64_t>(sql::Connection&, SearchKind, std::int64_t after, int limit)>;

/// Looks for what the index has lost (its table emptied by hand, a store copied without it) and queues it. A slice at a
/// time, beside the work; not thread-safe.
class LostDocuments {
public:
    explicit LostDocuments(IdsAfter ids_after) : ids_after_(std::move(ids_after)) {}
    /// Looks through the next slice. @returns false when all has been looked through
    bool look(sql::Store& store);

private:
    IdsAfter ids_after_;
    std::size_t kind_ = 0;
    std::int64_t after_ = 0;
};
/// Which things of a kind behind `after` up to `last` have a document, in ascending order.
std::vector<std::int64_t> documented(sql::Connection& connection, SearchKind kind, std::int64_t after,
                                     std::int64_t last);

}  // namespace shouwen::search
