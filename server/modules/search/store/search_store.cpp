#include "modules/search/store/search_store.hpp"

#include "base/result.hpp"
#include "base/tokens.hpp"

#include <algorithm>
#include <future>
#include <iterator>
#include <set>

namespace shouwen::search {
namespace {

constexpr sql::Statement delete_repeats{
    "search_queue.forget_repeats",
    "DELETE FROM search_queue WHERE id NOT IN (SELECT MAX(id) FROM search_queue GROUP BY kind, ref_id)"};
const sql::Statement insert_queued{"queue_search_document", "INSERT INTO search_queue (kind, ref_id) VALUES ($1, $2)"};
const sql::Statement oldest_queued{"oldest_search_queue",
                                   "SELECT id, kind, ref_id FROM search_queue WHERE id > $1 ORDER BY id LIMIT $2"};
const sql::Statement count_queue{"count_search_queue", "SELECT COUNT(*) FROM search_queue"};
// A document without its words is none. FTS5 keeps a row of sizes for each that it has.
const sql::Statement select_documented_sqlite{
    "documented",
    "SELECT document.ref_id FROM search_document AS document JOIN search_index_docsize AS words ON words.id = document.id "
    "WHERE document.kind = $1 AND document.ref_id > $2 AND document.ref_id <= $3 ORDER BY document.ref_id"};
const sql::Statement select_documented_postgres{
    "documented",
    "SELECT ref_id FROM search_document WHERE kind = $1 AND ref_id > $2 AND ref_id <= $3 ORDER BY ref_id"};
const sql::Statement delete_queued{"delete_search_queue", "DELETE FROM search_queue WHERE id = $1"};

const sql::Statement find_document{"find_search_document",
                                   "SELECT id FROM search_document WHERE kind = $1 AND ref_id = $2"};
const sql::Statement delete_document{"delete_search_document",
                                     "DELETE FROM search_document WHERE kind = $1 AND ref_id = $2"};

// SQLite: the words lie in a table of their own.
const sql::Statement insert_document{
    "insert_search_document",
    "INSERT INTO search_document (kind, ref_id, created_at) VALUES ($1, $2, $3) RETURNING id"};
const sql::Statement insert_words{"insert_search_words",
                                  "INSERT INTO search_index (rowid, title, tokens, scope) VALUES ($1, $2, $3, $4)"};
const sql::Statement delete_words{"delete_search_words", "DELETE FROM search_index WHERE rowid = $1"};
const sql::Statement find_sqlite{"search",
                                 "SELECT document.kind, document.ref_id, search_index.title FROM search_index "
                                 "CROSS JOIN search_document AS document ON document.id = search_index.rowid "
                                 "WHERE search_index MATCH $1 ORDER BY search_index.rowid DESC LIMIT $2"};

// PostgreSQL: one vector for title, text and scope.
const sql::Statement upsert_document_postgres{
    "upsert_search_document",
    "INSERT INTO search_document (kind, ref_id, created_at, title, words) "
    "VALUES ($1, $2, $3, $4, array_to_tsvector(array_remove(string_to_array($5, ' '), ''))) "
    "ON CONFLICT (kind, ref_id) DO UPDATE SET created_at = excluded.created_at, title = excluded.title, "
    "words = excluded.words"};
// A common word is soon found among the newest; whatever is rarer costs by what the index finds. Left to choose, PostgreSQL
// looks through all documents from the newest on for the beginning of a word that only old ones have, as it cannot know how
// common a beginning is: `id + 0` is no order that an index has.
const sql::Statement find_newest_postgres{
    "search.newest",
    "SELECT kind, ref_id, title FROM search_document WHERE id > (SELECT max(id) FROM search_document) - $3 "
    "AND words @@ CAST($1 AS tsquery) ORDER BY id DESC LIMIT $2"};
const sql::Statement find_postgres{
    "search",
    "SELECT kind, ref_id, title FROM search_document WHERE words @@ CAST($1 AS tsquery) ORDER BY id + 0 DESC LIMIT $2"};
constexpr int newest_postgres = 1'000;

constexpr int backlog_batch = 1'000;

constexpr int candidates_per_hit = 5;
constexpr int candidates_max = 500;

struct Queued {
    std::int64_t id;
    SearchKind kind;
    std::int64_t ref;
};

struct Prepared {
    SearchKind kind;
    std::int64_t ref;
    bool gone = true;
    std::string title = {};
    std::string tokens = {};
    std::vector<std::string> scope = {};
    Instant created_at = {};
};

/// The schema admits no other.
SearchKind kind_of(std::string_view name)
{
    const auto kind = parse_name<SearchKind>(name);
    ensure(kind.has_value(), "a search kind that the schema admits");
    return *kind;
}

std::string joined(std::span<const std::string> words, std::string_view before)
{
    std::string text;
    for (const auto& word : words) text.append(text.empty() ? "" : " ").append(before).append(word);
    return text;
}

/// Rows first, words last: a statement that may have to be undone by itself, as the insert with RETURNING, makes the word
/// index put all that it has gathered into the file, each time anew.
void write_sqlite(sql::Connection& connection, std::span<const Prepared> documents)
{
    const auto row_id = [](const sql::Row& row) { return row.integer(0); };
    std::vector<std::optional<std::int64_t>> known;
    std::vector<std::int64_t> ids;
    for (const auto& document : documents) {
        const auto kind = name_of(document.kind);
        known.push_back(connection.first(find_document, row_id, kind, document.ref));
        if (known.back() || document.gone)
            ids.push_back(known.back().value_or(0));
        else
            ids.push_back(connection.first(insert_document, row_id, kind, document.ref, document.created_at).value());
        if (known.back() && document.gone) connection.execute(delete_document, kind, document.ref);
    }
    for (std::size_t i = 0; i < documents.size(); ++i) {
        const auto& document = documents[i];
        if (known[i]) connection.execute(delete_words, ids[i]);
        if (document.gone) continue;
        connection.execute(insert_words, ids[i], document.title, document.tokens, joined(document.scope, ""));
    }
}

void write_postgres(sql::Connection& connection, std::span<const Prepared> documents)
{
    for (const auto& document : documents) {
        if (document.gone) {
            connection.execute(delete_document, name_of(document.kind), document.ref);
            continue;
        }
        const auto words = document.title + " " + document.tokens + " " + joined(document.scope, "=");
        connection.execute_later(upsert_document_postgres, name_of(document.kind), document.ref, document.created_at,
                                 document.title, words);
    }
}

std::vector<Queued> read_queue(sql::Connection& connection, std::int64_t after, int rows_max)
{
    std::vector<Queued> queue;
    connection.each(
        oldest_queued,
        [&](const sql::Row& row) {
            queue.push_back({row.integer(0), kind_of(row.text(1)), row.integer(2)});
        },
        after, rows_max);
    return queue;
}

Prepared prepare(SearchKind kind, std::int64_t ref, const std::optional<Document>& document)
{
    Prepared prepared{.kind = kind, .ref = ref};
    if (!document) return prepared;
    prepared.gone = false;
    prepared.title = index_tokens(document->title);
    prepared.tokens = index_tokens(document->text);
    prepared.scope = document->scope;
    prepared.scope.push_back(kind_word(kind));
    prepared.created_at = document->created_at;
    return prepared;
}

/// Rows of the queue and what is to be written for them; each thing once.
struct Batch {
    std::vector<Queued> queue;
    std::vector<Prepared> documents;
};

Batch read_batch(sql::Store& store, const DocumentLoader& load, std::int64_t after, int rows_max)
{
    Batch batch;
    std::vector<std::pair<Queued, std::optional<Document>>> loaded;
    store.read([&](sql::Connection& connection) {
        std::set<std::pair<SearchKind, std::int64_t>> seen;
        batch.queue = read_queue(connection, after, rows_max);
        for (const auto& queued : batch.queue)
            if (seen.emplace(queued.kind, queued.ref).second)
                loaded.emplace_back(queued, load(connection, queued.kind, queued.ref));
    });
    for (const auto& [queued, document] : loaded) batch.documents.push_back(prepare(queued.kind, queued.ref, document));
    return batch;
}

void write_batch(sql::Store& store, const Batch& batch, sql::Lease& lease, std::int64_t token, sql::Lease::Then then)
{
    // A change after the batch was read has a queue row of its own, which stays: only the rows that were read are taken out.
    store.write([&](sql::Connection& connection) {
        lease.confirm(connection, token, then);  // words that were cut in a long sleep are not today's
        const auto write = connection.dialect() == sql::Dialect::sqlite ? write_sqlite : write_postgres;
        write(connection, batch.documents);
        for (const auto& queued : batch.queue) connection.execute_later(delete_queued, queued.id);
    });
}

}  // namespace

void queue_document(sql::Connection& connection, SearchKind kind, std::int64_t ref)
{
    connection.execute_later(insert_queued, name_of(kind), ref);
}

int index_pending(sql::Store& store, const DocumentLoader& load, sql::Lease& lease, int rows_max)
{
    bool waits = false;
    store.read([&](sql::Connection& connection) { waits = !read_queue(connection, 0, 1).empty(); });
    const auto token = waits ? lease.take(store) : std::nullopt;
    if (!token) return 0;
    const auto batch = read_batch(store, load, 0, rows_max);
    const bool is_last = static_cast<int>(batch.queue.size()) < rows_max;  // then whoever has something next may begin
    try {
        write_batch(store, batch, lease, *token, is_last ? sql::Lease::Then::give_back : sql::Lease::Then::keep);
    } catch (const sql::LeaseLost&) {
        return 0;
    }
    return static_cast<int>(batch.queue.size());
}

int index_backlog(sql::Store& store, const DocumentLoader& load, sql::Lease& lease)
{
    const auto token = lease.take(store);
    if (!token) return 0;
    store.write([](sql::Connection& connection) { connection.execute(delete_repeats); });
    std::size_t rows = 0;
    std::int64_t last_id = 0;
    std::future<void> before;
    for (;;) {
        auto batch = std::make_shared<const Batch>(read_batch(store, load, last_id, backlog_batch));
        if (before.valid()) before.get();
        if (batch->queue.empty()) {
            lease.give_back(store);
            return static_cast<int>(rows);
        }
        rows += batch->queue.size();
        last_id = batch->queue.back().id;
        before = std::async(std::launch::async, [&store, &lease, token = *token, batch] {
            write_batch(store, *batch, lease, token, sql::Lease::Then::keep);
        });
    }
}

std::vector<Hit> search(sql::Connection& connection, std::string_view query, const SearchScope& scope,
                        std::span<const SearchKind> kinds, int limit)
{
    const auto words = words_of(query);
    const bool sqlite = connection.dialect() == sql::Dialect::sqlite;
    const auto text = sqlite ? fts5_query(words, scope, kinds) : tsquery(words, scope, kinds);
    if (text.empty()) return {};

    struct Candidate {
        Hit hit;
        int score;
    };
    std::vector<Candidate> candidates;
    const auto add = [&](const sql::Row& row) {
        candidates.push_back({{kind_of(row.text(0)), row.integer(1)}, title_score(row.text(2), words)});
    };
    const int wanted = std::min(limit * candidates_per_hit, candidates_max);
    if (sqlite) {
        connection.each(find_sqlite, add, text, wanted);
    } else {
        connection.each(find_newest_postgres, add, text, wanted, newest_postgres);
        if (candidates.size() < static_cast<std::size_t>(wanted)) {
            candidates.clear();
            connection.each(find_postgres, add, text, wanted);
        }
    }
    std::ranges::stable_sort(candidates, std::ranges::greater{}, &Candidate::score);

    std::vector<Hit> hits;
    for (const auto& candidate : candidates) {
        if (hits.size() == static_cast<std::size_t>(limit)) break;
        hits.push_back(candidate.hit);
    }
    return hits;
}

std::int64_t queue_length(sql::Connection& connection)
{
    return connection.first(count_queue, [](const sql::Row& row) { return row.integer(0); }).value_or(0);
}

std::vector<std::int64_t> documented(sql::Connection& connection, SearchKind kind, std::int64_t after,
                                     std::int64_t last)
{
    std::vector<std::int64_t> refs;
    connection.each(
        connection.dialect() == sql::Dialect::sqlite ? select_documented_sqlite : select_documented_postgres,
        [&](const sql::Row& row) { refs.push_back(row.integer(0)); }, name_of(kind), after, last);
    return refs;
}

bool LostDocuments::look(sql::Store& store)
{
    constexpr int slice = 2'000;
    const auto kinds = all_of<SearchKind>();
    if (kind_ >= kinds.size()) return false;
    const SearchKind kind = kinds[kind_];
    std::vector<std::int64_t> ids;
    std::vector<std::int64_t> lost;
    store.read([&](sql::Connection& connection) {
        lost.clear();
        ids = ids_after_(connection, kind, after_, slice);
        if (ids.empty()) return;
        std::ranges::set_difference(ids, documented(connection, kind, after_, ids.back()), std::back_inserter(lost));
    });
    if (!lost.empty())
        store.write([&](sql::Connection& connection) {
            for (const auto ref : lost) queue_document(connection, kind, ref);
        });
    if (ids.empty()) {
        ++kind_;
        after_ = 0;
    } else {
        after_ = ids.back();
    }
    return true;
}

}  // namespace shouwen::search
