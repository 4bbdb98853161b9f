#include "platform/sqlite/sqlite_store.hpp"

#include "platform/sql/feed.hpp"
#include "platform/sql/migration.hpp"
#include "platform/sql/refused.hpp"
#include "platform/sqlite/fault.hpp"
#include "platform/sqlite/lock_file.hpp"
#include "platform/sqlite/opening.hpp"
#include "platform/sqlite/reader_pool.hpp"
#include "platform/sqlite/writer.hpp"

namespace shouwen::sqlite {
namespace {

class OpenStore final : public SqliteStore {
public:
    explicit OpenStore(const SqliteOptions& options)
        : path_(options.path),
          lock_((refuse_unusable_file(options.path), options.path)),
          writer_(open_checked(options), options, feed_),
          readers_(options.path, options.readers_max, options.reader_cache_kib, options.read_max)
    {
    }

    sql::Dialect dialect() const override { return sql::Dialect::sqlite; }
    void read(const std::function<void(sql::Connection&)>& work) override { readers_.read(work); }
    sql::Queued submit(sql::WriteJob job) override { return writer_.submit(std::move(job)); }
    Duration expected_wait() const override { return writer_.expected_wait(); }
    sql::StoreFigures figures() const override { return writer_.figures(); }
    sql::Feed& feed() override { return feed_; }
    const std::filesystem::path& path() const override { return path_; }

private:
    std::filesystem::path path_;
    LockFile lock_;
    sql::Feed feed_;
    Writer writer_;
    ReaderPool readers_;
};

}  // namespace

std::unique_ptr<SqliteStore> open_sqlite(SqliteOptions options)
{
    if (options.schema_known == 0)
        options.schema_known = sql::newest_number(sql::built_in_migrations(sql::Dialect::sqlite));
    return std::make_unique<OpenStore>(options);
}

}  // namespace shouwen::sqlite
