#include "modules/search/store/search_store.hpp"

#include "base/result.hpp"
#include "base/tokens.hpp"

#include <algorithm>

namespace shouwen::search {
namespace {

constexpr sql::Statement delete_repeats{
    "search_queue.forget_repeats",
    "DELETE FROM search_queue WHERE id NOT IN (SELECT MAX(id) FROM search_queue GROUP BY kind, ref_id)"};
const sql::Statement insert_queued{"queue_search_document", "INSERT INTO search_queue (kind, ref_id) VALUES ($1, $2)"};
const sql::Statement oldest_queued{"oldest_search_queue",
                                   "SELECT id, kind, ref_id FROM search_queue ORDER BY id LIMIT $1"};
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
const sql::Statement find_postgres{
    "search",
    "SELECT kind, ref_id, title FROM search_document WHERE words @@ CAST($1 AS tsquery) ORDER BY id DESC LIMIT $2"};

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

void write_sqlite(sql::Connection& connection, const Prepared& document)
{
    const auto id = connection.first(
        find_document, [](const sql::Row& row) { return row.integer(0); }, name_of(document.kind), document.ref);
    if (id) connection.execute(delete_words, *id);
    if (document.gone) {
        if (id) connection.execute(delete_document, name_of(document.kind), document.ref);
        return;
    }
    const auto kept = id ? id
                         : connection.first(
                               insert_document, [](const sql::Row& row) { return row.integer(0); },
                               name_of(document.kind), document.ref, document.created_at);
    connection.execute(insert_words, *kept, document.title, document.tokens, joined(document.scope, ""));
}

void write_postgres(sql::Connection& connection, const Prepared& document)
{
    if (document.gone) {
        connection.execute(delete_document, name_of(document.kind), document.ref);
        return;
    }
    const auto words = document.title + " " + document.tokens + " " + joined(document.scope, "=");
    connection.execute(upsert_document_postgres, name_of(document.kind), document.ref, document.created_at,
                       document.title, words);
}

std::vector<Queued> read_queue(sql::Connection& connection, int rows_max)
{
    std::vector<Queued> queue;
    connection.each(
        oldest_queued,
        [&](const sql::Row& row) {
            queue.push_back({row.integer(0), kind_of(row.text(1)), row.integer(2)});
        },
        rows_max);
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

}  // namespace

void queue_document(sql::Connection& connection, SearchKind kind, std::int64_t ref)
{
    connection.execute(insert_queued, name_of(kind), ref);
}

void forget_repeats(sql::Connection& connection)
{
    connection.execute(delete_repeats);
}

int index_pending(sql::Store& store, const DocumentLoader& load, int rows_max)
{
    std::vector<Queued> queue;
    std::vector<std::pair<Queued, std::optional<Document>>> loaded;
    store.read([&](sql::Connection& connection) {
        queue = read_queue(connection, rows_max);
        for (const auto& queued : queue) {
            const bool repeated = std::ranges::any_of(loaded, [&](const auto& other) {
                return other.first.kind == queued.kind && other.first.ref == queued.ref;
            });
            if (!repeated) loaded.emplace_back(queued, load(connection, queued.kind, queued.ref));
        }
    });
    if (queue.empty()) return 0;

    std::vector<Prepared> documents;
    for (const auto& [queued, document] : loaded) documents.push_back(prepare(queued.kind, queued.ref, document));
    // A change after our snapshot has a queue row of its own, which stays: only the rows that were read are taken out.
    store.write([&](sql::Connection& connection) {
        const auto write = connection.dialect() == sql::Dialect::sqlite ? write_sqlite : write_postgres;
        for (const auto& document : documents) write(connection, document);
        for (const auto& queued : queue) connection.execute(delete_queued, queued.id);
    });
    return static_cast<int>(queue.size());
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
    connection.each(
        sqlite ? find_sqlite : find_postgres,
        [&](const sql::Row& row) {
            candidates.push_back({{kind_of(row.text(0)), row.integer(1)}, title_score(row.text(2), words)});
        },
        text, std::min(limit * candidates_per_hit, candidates_max));
    std::ranges::stable_sort(candidates, std::ranges::greater{}, &Candidate::score);

    std::vector<Hit> hits;
    for (const auto& candidate : candidates) {
        if (hits.size() == static_cast<std::size_t>(limit)) break;
        hits.push_back(candidate.hit);
    }
    return hits;
}

}  // namespace shouwen::search
