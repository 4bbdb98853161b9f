#include "modules/organisation/store/api_tokens.hpp"

#include "modules/organisation/store/organisation_store.hpp"

#include <algorithm>
#include <cstring>

namespace shouwen::organisation {

namespace {

/// So that a token left in a text can be found by whoever scans for secrets.
constexpr std::string_view prefix = "swt_";
constexpr Duration save_interval = std::chrono::minutes{1};

constexpr std::size_t token_length = 48;

#define SHOUWEN_TOKEN \
    "SELECT id, staff_id, name, token_hash, scopes, created_at, last_used_at FROM api_token WHERE revoked_at IS NULL"
constexpr sql::Statement list_tokens{"list_api_tokens", SHOUWEN_TOKEN};
constexpr sql::Statement list_tokens_of{"list_api_tokens_of", SHOUWEN_TOKEN " AND staff_id = $1"};
constexpr sql::Statement find_token{"find_api_token", SHOUWEN_TOKEN " AND token_hash = $1"};
#undef SHOUWEN_TOKEN
constexpr sql::Statement insert_token{"insert_api_token",
                                      "INSERT INTO api_token (id, staff_id, name, token_hash, scopes, created_at) "
                                      "VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr sql::Statement revoke_token{
    "revoke_api_token", "UPDATE api_token SET revoked_at = $3 WHERE id = $1 AND staff_id = $2 AND revoked_at IS NULL"};
constexpr sql::Statement revoke_tokens_of{
    "revoke_api_tokens_of", "UPDATE api_token SET revoked_at = $2 WHERE staff_id = $1 AND revoked_at IS NULL"};
constexpr sql::Statement select_greatest_id{"greatest_api_token_id", "SELECT COALESCE(MAX(id), 0) FROM api_token"};
constexpr sql::Statement update_last_used{"update_last_used", "UPDATE api_token SET last_used_at = $2 WHERE id = $1"};

}  // namespace

std::size_t ApiTokens::HashOfHash::operator()(const Hash& hash) const
{
    std::size_t value = 0;
    std::memcpy(&value, hash.bytes.data(), sizeof value);
    return value;
}

ApiTokens::ApiTokens(sql::Store& store, const Clock& clock) : store_(store), clock_(clock)
{
    changes_ = store.feed().subscribe(
        sign_in_topic, {[this](std::span<const std::string> staff) { refresh(staff); }, [this] { reload(); }});
}

std::optional<ApiTokens::Found> ApiTokens::read_token(const sql::Row& row)
{
    const auto hash = Hash::from_raw(row.bytes(3));
    if (!hash) return std::nullopt;
    const auto last_used_at = row.optional_instant(6);
    return Found{*hash, Entry{{row.id<ApiTokenId>(0), row.id<StaffId>(1), row.string(2),
                               permissions_from_column(row.text(4)), row.instant(5), last_used_at},
                              last_used_at}};
}

void ApiTokens::reload()
{
    std::vector<Found> found;
    store_.read([&](sql::Connection& db) {
        db.each(list_tokens, [&](const sql::Row& row) {
            if (auto each = read_token(row)) found.push_back(std::move(*each));
        });
    });
    take_over(std::move(found), [](const Token&) { return true; });
}

void ApiTokens::refresh(std::span<const std::string> staff)
{
    std::vector<Found> found;
    std::vector<StaffId> whose;
    for (const auto& each : staff)
        if (const auto id = StaffId::parse(each)) whose.push_back(*id);
    store_.read([&](sql::Connection& db) {
        for (const StaffId id : whose)
            db.each(
                list_tokens_of,
                [&](const sql::Row& row) {
                    if (auto each = read_token(row)) found.push_back(std::move(*each));
                },
                id);
    });
    take_over(std::move(found),
              [&](const Token& token) { return std::ranges::find(whose, token.staff) != whose.end(); });
}

void ApiTokens::take_over(std::vector<Found> found, const std::function<bool(const Token&)>& replaced)
{
    const std::lock_guard lock{mutex_};
    ++changes_count_;
    for (auto& [hash, entry] : found)
        if (const auto known = tokens_.find(hash); known != tokens_.end())
            entry.token.last_used_at = std::max(entry.token.last_used_at, known->second.token.last_used_at);
    std::erase_if(tokens_, [&](const auto& each) { return replaced(each.second.token); });
    for (auto& [hash, entry] : found) tokens_.emplace(hash, std::move(entry));
}

void ApiTokens::look_up(const Hash& hash)
{
    std::uint64_t changes_count = 0;
    {
        const std::lock_guard lock{mutex_};
        if (tokens_.contains(hash)) return;
        changes_count = changes_count_;
    }
    std::optional<Found> found;
    store_.read([&](sql::Connection& db) {
        db.each(
            find_token, [&](const sql::Row& row) { found = read_token(row); }, sql::Value::bytes(hash.raw()));
    });
    const std::lock_guard lock{mutex_};
    if (found && changes_count == changes_count_) tokens_.insert_or_assign(hash, std::move(found->second));
}

ApiTokens::Issued ApiTokens::issue(sql::Connection& db, IdSource& ids, Instant now, StaffId staff,
                                   std::string_view name, Permissions scopes)
{
    std::string text{prefix};
    text += new_secret();
    text += new_secret();
    const Hash hash = hash_of(text);
    const Token token{ids.next<ApiTokenId>(now), staff, std::string{name}, scopes, now, std::nullopt};
    db.execute(insert_token, token.id, staff, name, sql::Value::bytes(hash.raw()), to_column(scopes), now);
    db.announce(sign_in_topic, staff.text());
    return {token, hash, std::move(text)};
}

std::optional<ApiTokens::Token> ApiTokens::used(std::string_view text)
{
    if (!text.starts_with(prefix)) return std::nullopt;
    const Hash hash = hash_of(text);
    const Instant now = clock_.now();
    if (store_.dialect() == sql::Dialect::postgres && text.size() == token_length) look_up(hash);
    std::optional<Token> token;
    bool is_to_be_saved = false;
    {
        const std::lock_guard lock{mutex_};
        const auto found = tokens_.find(hash);
        if (found == tokens_.end()) return std::nullopt;
        Entry& entry = found->second;
        entry.token.last_used_at = now;
        is_to_be_saved = !entry.saved_at || now - *entry.saved_at >= save_interval;
        if (is_to_be_saved) entry.saved_at = now;
        token = entry.token;
    }
    if (is_to_be_saved)
        (void)store_.submit({[id = token->id, now](sql::Connection& db) { db.execute(update_last_used, id, now); },
                             [](const std::exception_ptr&) {}});
    return token;
}

std::vector<ApiTokens::Token> ApiTokens::of(StaffId staff) const
{
    std::vector<Token> tokens;
    {
        const std::lock_guard lock{mutex_};
        for (const auto& [hash, entry] : tokens_)
            if (entry.token.staff == staff) tokens.push_back(entry.token);
    }
    std::sort(tokens.begin(), tokens.end(), [](const Token& a, const Token& b) { return a.id < b.id; });
    return tokens;
}

bool ApiTokens::revoke(sql::Connection& db, ApiTokenId id, StaffId staff, Instant now)
{
    if (db.execute(revoke_token, id, staff, now) == 0) return false;
    db.announce(sign_in_topic, staff.text());
    return true;
}

void ApiTokens::revoke_all_of(sql::Connection& db, StaffId staff, Instant now)
{
    db.execute(revoke_tokens_of, staff, now);
    db.announce(sign_in_topic, staff.text());
}

std::int64_t greatest_token_id(sql::Connection& db)
{
    return db.first(select_greatest_id, [](const sql::Row& row) { return row.integer(0); }).value_or(0);
}

}  // namespace shouwen::organisation
