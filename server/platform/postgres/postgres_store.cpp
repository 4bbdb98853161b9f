#include "platform/postgres/postgres_store.hpp"

#include "platform/postgres/connection_pool.hpp"
#include "platform/postgres/fault.hpp"
#include "platform/postgres/membership.hpp"
#include "platform/postgres/news.hpp"
#include "platform/postgres/writers.hpp"
#include "platform/sql/feed.hpp"
#include "platform/sql/migration.hpp"
#include "platform/sql/refused.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>

#include <optional>

namespace shouwen::postgres {
namespace {

using sql::StoreRefusal;
using sql::StoreRefused;

constexpr std::int64_t version_least = 150'000;

const sql::Statement select_server{
    "server",
    "SELECT CAST(current_setting('server_version_num') AS BIGINT), current_setting('server_encoding'), "
    "has_schema_privilege(current_schema(), 'CREATE'), current_setting('server_version'), to_regclass('transfer_progress') IS NOT NULL"};

void refuse_unfit_server(const PostgresOptions& options)
{
    std::unique_ptr<PgConnection> connection;
    try {
        connection = std::make_unique<PgConnection>(options.url, options.statement_max);
    } catch (const ConnectionLost& lost) {
        throw StoreRefused(
            StoreRefusal::server_unreachable,
            fmt::format("No connection to {}: {}. Check address, name of the database, user and password.",
                        shown_address(options.url), lost.what()));
    }
    connection->begin_read();
    connection->each(select_server, [&](const sql::Row& row) {
        if (row.integer(0) < version_least)
            throw StoreRefused(StoreRefusal::server_unfit, fmt::format("{} is PostgreSQL {}; 15 or later is needed.",
                                                                       shown_address(options.url), row.text(3)));
        if (row.text(1) != "UTF8")
            throw StoreRefused(StoreRefusal::server_unfit,
                               fmt::format("{} has the encoding {}; create the database with ENCODING 'UTF8'.",
                                           shown_address(options.url), row.text(1)));
        if (!row.boolean(2))
            throw StoreRefused(
                StoreRefusal::not_writable,
                fmt::format("The user of {} may not create tables: GRANT CREATE ON SCHEMA public, or make "
                            "it the owner of the database.",
                            shown_address(options.url)));
        if (row.boolean(4) && !options.accept_half_copied)
            throw StoreRefused(
                StoreRefusal::half_copied,
                fmt::format("A copy into {} was not finished. Run `shouwen copy` again: it goes on where it "
                            "was stopped.",
                            shown_address(options.url)));
    });
    const int version = sql::schema_version(*connection);
    connection->commit();
    if (version > options.schema_known)
        throw StoreRefused(StoreRefusal::schema_newer,
                           fmt::format("{} has schema {}, this program knows up to {}. Start the newer version of the "
                                       "program.",
                                       shown_address(options.url), version, options.schema_known));
}

class OpenStore final : public sql::Store {
public:
    explicit OpenStore(const PostgresOptions& options)
        : options_((refuse_unfit_server(options), options)),
          membership_(options),
          writers_(options, membership_, feed_),
          readers_(options)
    {
    }

    sql::Dialect dialect() const override { return sql::Dialect::postgres; }
    void read(const std::function<void(sql::Connection&)>& work) override { readers_.read(work); }
    sql::Queued submit(sql::WriteJob job) override { return writers_.submit(std::move(job)); }
    Duration expected_wait() const override { return writers_.expected_wait(); }
    sql::StoreFigures figures() const override { return writers_.figures(); }
    int join(const sql::Introduction& introduction) override
    {
        const int number = membership_.join(introduction);
        news_.emplace(options_, membership_.instance(), feed_);
        return number;
    }
    bool keep_number() override { return membership_.keep(); }
    sql::Feed& feed() override { return feed_; }

private:
    const PostgresOptions options_;
    sql::Feed feed_;
    Membership membership_;
    Writers writers_;
    ConnectionPool readers_;
    std::optional<NewsReader> news_;  ///< last: whom it tells may read
};

}  // namespace

ProgramAddress program_address(const std::string& url)
{
    char* fault = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options{PQconninfoParse(url.c_str(), &fault),
                                                                               PQconninfoFree};
    if (!options) {
        const std::string text = fault ? fault : "no address";
        PQfreemem(fault);
        throw std::invalid_argument(text);
    }
    ProgramAddress address;
    for (const auto* each = options.get(); each->keyword; ++each) {
        if (!each->val || !*each->val) continue;
        if (std::string_view{each->keyword} == "password") {
            address.password = each->val;
            continue;
        }
        address.pairs += std::string{address.pairs.empty() ? "" : " "} + each->keyword + "='";
        for (const char c : std::string_view{each->val}) {
            if (c == '\'' || c == '\\') address.pairs += '\\';
            address.pairs += c;
        }
        address.pairs += '\'';
    }
    return address;
}

std::string shown_address(const std::string& url)
{
    const auto at = url.find('@');
    const auto name = url.find("://");
    if (at == std::string::npos || name == std::string::npos || at < name) return url.substr(0, url.find('?'));
    return url.substr(0, name + 3) + url.substr(at + 1, url.find('?') - at - 1);
}

std::unique_ptr<sql::Store> open_postgres(PostgresOptions options)
{
    if (options.schema_known == 0)
        options.schema_known = sql::newest_number(sql::built_in_migrations(sql::Dialect::postgres));
    return std::make_unique<OpenStore>(options);
}

}  // namespace shouwen::postgres
