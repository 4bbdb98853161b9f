#include "platform/sqlite/writer.hpp"

#include "platform/sqlite/lock_holder.hpp"

#include <spdlog/spdlog.h>
#include <sqlite3.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>

namespace shouwen::sqlite {
namespace {

using Stopwatch = std::chrono::steady_clock;  // measures how long a batch takes, never what time it is

/// The log is moved into the database file when it is this long; much shorter and hot pages are written too often, much
/// longer and each reader has more to look through.
constexpr int checkpoint_pages(Use use)
{
    return use == Use::serving ? 4'000 : 40'000;
}
constexpr int page_bytes = 4'096;
/// How long each commit waits for old readers once the log is over its limit: a brake on the writers, not a stop.
constexpr int brake_ms = 50;

const sql::Statement savepoint_sql{"savepoint", "SAVEPOINT job"};
const sql::Statement release_sql{"release", "RELEASE job"};
const sql::Statement rollback_to_sql{"rollback_to", "ROLLBACK TO job"};

int note_wal_pages(void* pages, sqlite3*, const char*, int count)
{
    static_cast<std::atomic<int>*>(pages)->store(count, std::memory_order_relaxed);
    return SQLITE_OK;
}

void exit_at_once(std::string_view)
{
    std::_Exit(70);
}

}  // namespace

Writer::Writer(std::unique_ptr<SqliteConnection> connection, const SqliteOptions& options, sql::Feed& feed)
    : connection_(std::move(connection)),
      queue_max_(options.queue_max),
      batch_max_(options.batch_max),
      path_(options.path),
      checkpoint_pages_(checkpoint_pages(options.use)),
      wal_pages_max_(static_cast<int>(options.wal_bytes_max / page_bytes)),
      on_fatal_(options.on_fatal ? options.on_fatal : exit_at_once),
      feed_(feed)
{
    sqlite3_wal_hook(connection_->handle(), note_wal_pages, &wal_pages_);
    thread_ = std::thread{[this] { serve(); }};
}

Writer::~Writer()
{
    {
        const std::lock_guard lock{mutex_};
        closed_ = true;
    }
    arrived_.notify_one();
    thread_.join();
}

sql::Queued Writer::submit(sql::WriteJob job)
{
    {
        const std::lock_guard lock{mutex_};
        if (closed_) return sql::Queued::closed;
        if (queue_.size() >= queue_max_) return sql::Queued::full;
        queue_.push_back(std::move(job));
        if (queue_.size() > 1) return sql::Queued::yes;  // the writer was told of the first
    }
    arrived_.notify_one();
    return sql::Queued::yes;
}

Duration Writer::expected_wait() const
{
    std::size_t waiting = 0;
    {
        const std::lock_guard lock{mutex_};
        waiting = queue_.size();
    }
    const auto batches = static_cast<std::int64_t>(waiting / batch_max_ + 1);
    return std::chrono::ceil<Duration>(std::chrono::microseconds{batch_us_.load(std::memory_order_relaxed) * batches});
}

sql::StoreFigures Writer::figures() const
{
    sql::StoreFigures figures;
    {
        const std::lock_guard lock{mutex_};
        figures.queue_length = queue_.size();
    }
    figures.jobs_count = jobs_count_;
    figures.commits_count = commits_count_;
    figures.failed_jobs_count = failed_jobs_count_;
    figures.checkpoints_count = checkpoints_count_;
    figures.wal_bytes = std::int64_t{wal_pages_} * page_bytes;
    figures.is_read_only = failed_;
    return figures;
}

void Writer::serve()
{
    Jobs batch;
    for (;;) {
        take_batch(batch);
        if (batch.empty()) return;
        const auto start = Stopwatch::now();
        run_batch(batch);
        batch.clear();
        checkpoint_if_due();
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Stopwatch::now() - start).count();
        const auto average = batch_us_.load(std::memory_order_relaxed);
        batch_us_.store(average == 0 ? took : average + (took - average) / 8, std::memory_order_relaxed);
    }
}

/// Leaves it empty when the store is closed and nothing is left to write.
void Writer::take_batch(Jobs& batch)
{
    std::unique_lock lock{mutex_};
    arrived_.wait(lock, [this] { return closed_ || !queue_.empty(); });
    const auto count = std::min(queue_.size(), batch_max_);
    for (std::size_t i = 0; i < count; ++i) {
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
}

/// A job that throws must not cost the others their work. Savepoints around each job would take a quarter of the
/// throughput, so they come only in a second try, after somebody failed; alone each runs only when even that is
/// impossible (a constraint checked at commit, a transaction that SQLite gave up as a whole).
void Writer::run_batch(Jobs& batch)
{
    Outcomes outcomes(batch.size());
    try {
        if (failed_) throw sql::WritingStopped("the disk has failed; nothing is written until the next start");
        refuse_if_log_is_held();
        if (!try_together(batch, outcomes) && !try_with_savepoints(batch, outcomes)) run_each_alone(batch, outcomes);
        note(Trouble::none, nullptr);
    } catch (const IoFault& fault) {
        connection_->rollback();
        fail_for_good(fault);
        std::ranges::fill(outcomes, std::current_exception());
    } catch (const std::exception& fault) {
        // The disk is full, or another process holds the file: nobody's own fault, and nothing was written.
        connection_->rollback();
        if (dynamic_cast<const sql::DiskFull*>(&fault)) note(Trouble::full, &fault);
        if (dynamic_cast<const sql::Unavailable*>(&fault)) note(Trouble::locked, &fault);
        std::ranges::fill(outcomes, std::current_exception());
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
        ++jobs_count_;
        if (outcomes[i]) ++failed_jobs_count_;
        batch[i].done(std::move(outcomes[i]));
    }
}

/// @returns whether all is settled. @throws what concerns the whole batch.
bool Writer::try_together(const Jobs& batch, Outcomes& outcomes)
{
    connection_->begin_immediate();
    try {
        for (const auto& job : batch) job.work(*connection_);
        commit();
        return true;
    } catch (const IoFault&) {
        throw;
    } catch (const sql::DiskFull&) {
        throw;
    } catch (...) {
        connection_->rollback();
        if (batch.size() > 1) return false;
        outcomes.front() = std::current_exception();
        return true;
    }
}

bool Writer::try_with_savepoints(const Jobs& batch, Outcomes& outcomes)
{
    connection_->begin_immediate();
    for (std::size_t i = 0; i < batch.size(); ++i) {
        connection_->execute(savepoint_sql);
        const auto announced_count = connection_->announced_count();
        try {
            outcomes[i] = nullptr;
            batch[i].work(*connection_);
        } catch (const IoFault&) {
            throw;
        } catch (const sql::DiskFull&) {
            throw;
        } catch (...) {
            outcomes[i] = std::current_exception();
            if (!connection_->in_transaction()) return false;
            connection_->execute(rollback_to_sql);
            connection_->forget_announced(announced_count);
        }
        connection_->execute(release_sql);
    }
    try {
        commit();
        return true;
    } catch (const sql::ConstraintViolated&) {
        connection_->rollback();
        return false;
    }
}

void Writer::run_each_alone(const Jobs& batch, Outcomes& outcomes)
{
    for (std::size_t i = 0; i < batch.size(); ++i) {
        outcomes[i] = nullptr;
        try {
            connection_->begin_immediate();
            batch[i].work(*connection_);
            commit();
        } catch (const IoFault&) {
            throw;
        } catch (...) {
            outcomes[i] = std::current_exception();
            connection_->rollback();
        }
    }
}

void Writer::commit()
{
    connection_->commit();
    ++commits_count_;
    feed_.deliver(connection_->announced());
}

/// Between two batches on this thread: no reader is held up, the fsync of the log is already done, and a checkpoint
/// that reached the end lets the next commit begin the log anew. A checkpoint beside a busy writer never gets there.
void Writer::checkpoint_if_due()
{
    const int pages = wal_pages_.load(std::memory_order_relaxed);
    if (pages < checkpoint_pages_) return;
    const bool over_limit = pages >= wal_pages_max_ / 2;
    if (over_limit) sqlite3_busy_timeout(connection_->handle(), brake_ms);
    const int mode = over_limit ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE;
    const int result = sqlite3_wal_checkpoint_v2(connection_->handle(), nullptr, mode, nullptr, nullptr);
    if (over_limit) sqlite3_busy_timeout(connection_->handle(), busy_timeout_ms);
    ++checkpoints_count_;
    log_is_held_ = result == SQLITE_BUSY && pages >= wal_pages_max_;
    try {
        if (result != SQLITE_OK && result != SQLITE_BUSY) throw_fault(connection_->handle(), result, "checkpoint");
    } catch (const IoFault& fault) {
        fail_for_good(fault);
    } catch (const sql::DiskFull&) {  // The log still holds everything; the next commit tries again.
    }
}

/// A log that grows without end would fill the disk, and each reader would have more to look through.
void Writer::refuse_if_log_is_held()
{
    if (!log_is_held_) return;
    checkpoint_if_due();  // the reader may have gone meanwhile
    if (log_is_held_)
        throw sql::Unavailable("log_held: the write-ahead log is at its limit, kept by " + old_readers_of(path_));
}

void Writer::fail_for_good(const IoFault& fault)
{
    const bool is_sync = dynamic_cast<const SyncFault*>(&fault) != nullptr;
    failed_ = true;
    spdlog::critical("store_failed: {}; {}", fault.what(),
                     is_sync ? "nothing is acknowledged any more"
                             : "reading only until the next start. See to the disk; if the file is damaged, restore");
    if (auto* logger = spdlog::default_logger_raw()) logger->flush();
    if (is_sync) on_fatal_(fault.what());
}

/// One line when writing becomes impossible and one when it is possible again, however many writes are refused between.
void Writer::note(Trouble now, const std::exception* fault)
{
    if (now == trouble_) return;
    trouble_ = now;
    switch (now) {
        case Trouble::none: spdlog::info("store_writable: writing goes on"); break;
        case Trouble::full:
            spdlog::error("store_full: {}; writes are refused until there is room", fault->what());
            break;
        case Trouble::locked:
            spdlog::error("store_locked: {}; the file is held by {}", fault->what(), writer_of(path_));
            break;
    }
}

}  // namespace shouwen::sqlite
