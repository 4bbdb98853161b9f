#include "platform/postgres/writers.hpp"

#include "platform/postgres/fault.hpp"
#include "platform/postgres/news.hpp"

#include <algorithm>
#include <chrono>

namespace shouwen::postgres {
namespace {

using Stopwatch = std::chrono::steady_clock;  // measures how long a batch takes, never what time it is

constexpr int tries_max = 8;
/// How long a job waits for a server that is being started anew, and after which pauses it looks.
constexpr std::chrono::seconds away_max{5};
constexpr std::chrono::milliseconds away_pause{100};

}  // namespace

Writers::Writers(const PostgresOptions& options, const Membership& membership, sql::Feed& feed)
    : options_(options), membership_(membership), feed_(feed)
{
    for (std::size_t i = 0; i < options_.writers; ++i) threads_.emplace_back([this] { serve(); });
}

Writers::~Writers()
{
    {
        const std::lock_guard lock{mutex_};
        closed_ = true;
    }
    arrived_.notify_all();
    closing_.notify_all();
    for (auto& thread : threads_) thread.join();
}

sql::Queued Writers::submit(sql::WriteJob job)
{
    {
        const std::lock_guard lock{mutex_};
        if (closed_) return sql::Queued::closed;
        if (queue_.size() >= options_.queue_max) return sql::Queued::full;
        queue_.push_back(std::move(job));
    }
    arrived_.notify_one();
    return sql::Queued::yes;
}

Duration Writers::expected_wait() const
{
    std::size_t waiting = 0;
    {
        const std::lock_guard lock{mutex_};
        waiting = queue_.size();
    }
    const auto batches = static_cast<std::int64_t>(waiting / (options_.batch_max * options_.writers) + 1);
    return std::chrono::ceil<Duration>(std::chrono::microseconds{batch_us_.load(std::memory_order_relaxed) * batches});
}

sql::StoreFigures Writers::figures() const
{
    sql::StoreFigures figures;
    {
        const std::lock_guard lock{mutex_};
        figures.queue_length = queue_.size();
    }
    figures.jobs_count = jobs_count_;
    figures.commits_count = commits_count_;
    figures.failed_jobs_count = failed_jobs_count_;
    figures.retries_count = retries_count_;
    return figures;
}

void Writers::serve()
{
    Held held;
    Jobs batch;
    for (;;) {
        take_batch(batch);
        if (batch.empty()) return;
        const auto start = Stopwatch::now();
        run_batch(held, batch);
        batch.clear();
        const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Stopwatch::now() - start).count();
        const auto average = batch_us_.load(std::memory_order_relaxed);
        batch_us_.store(average == 0 ? took : average + (took - average) / 8, std::memory_order_relaxed);
    }
}

/// Leaves it empty when the store is closed and nothing is left to write.
void Writers::take_batch(Jobs& batch)
{
    std::unique_lock lock{mutex_};
    arrived_.wait(lock, [this] { return closed_ || !queue_.empty(); });
    const auto count = std::min(queue_.size(), options_.batch_max);
    for (std::size_t i = 0; i < count; ++i) {
        batch.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
}

/// A job that throws must not cost the others their work: then each runs alone.
void Writers::run_batch(Held& held, Jobs& batch)
{
    Outcomes outcomes(batch.size());
    bool together = batch.size() > 1;
    if (together) {
        try {
            run_together(connected(held), batch);
        } catch (const sql::CommitUnknown&) {
            std::ranges::fill(outcomes, std::current_exception());
        } catch (const ServerAway&) {
            std::ranges::fill(outcomes, std::current_exception());
        } catch (const std::exception&) {
            together = false;
        }
    }
    for (std::size_t i = 0; i < batch.size() && !together; ++i) {
        try {
            run_alone(held, batch[i]);
        } catch (const ServerAway&) {  // for one, so for all of them
            std::fill(outcomes.begin() + static_cast<std::ptrdiff_t>(i), outcomes.end(), std::current_exception());
            break;
        } catch (...) {
            outcomes[i] = std::current_exception();
        }
    }
    for (std::size_t i = 0; i < batch.size(); ++i) {
        ++jobs_count_;
        if (outcomes[i]) ++failed_jobs_count_;
        batch[i].done(std::move(outcomes[i]));
    }
}

void Writers::run_together(PgConnection& connection, std::span<const sql::WriteJob> jobs)
{
    connection.begin_write();
    bool is_to_be_flushed = false;
    try {
        for (const auto& job : jobs) job.work(connection);
        is_to_be_flushed = send_news(connection, membership_.instance());
    } catch (...) {
        connection.rollback();
        throw;
    }
    try {
        connection.commit();
    } catch (const ConnectionLost& lost) {
        feed_.deliver(connection.announced());  // whoever reads anew finds out
        throw sql::CommitUnknown(lost.what());
    } catch (...) {
        connection.rollback();
        throw;
    }
    try {
        if (is_to_be_flushed) connection.flush();
    } catch (const std::exception& fault) {
        feed_.deliver(connection.announced());
        throw sql::CommitUnknown(fault.what());  // it is there, but not known to be on disk
    }
    ++commits_count_;
    feed_.deliver(connection.announced());
}

void Writers::run_alone(Held& held, const sql::WriteJob& job)
{
    const auto give_up_at = Stopwatch::now() + away_max;
    for (int attempt = 1;; ++attempt) {
        try {
            return run_together(connected(held), {&job, 1});
        } catch (const TryAgain&) {
            if (attempt >= tries_max) throw;
        } catch (const ServerAway&) {
            throw;
        } catch (const ConnectionLost&) {
            // With a new connection, as the server may have been restarted; nothing of it was committed.
            if (attempt > 1 && (Stopwatch::now() >= give_up_at || !pause(away_pause))) throw;
        }
        ++retries_count_;
    }
}

bool Writers::pause(std::chrono::milliseconds time)
{
    std::unique_lock lock{mutex_};
    return !closing_.wait_for(lock, time, [this] { return closed_; });
}

PgConnection& Writers::connected(Held& held) const
{
    if (!held.connection || !held.connection->is_usable()) {
        held = {};
        held.connection = std::make_unique<PgConnection>(options_.url, options_.statement_max, options_.idle_max);
    }
    if (const auto instance = membership_.instance(); held.admitted_as != instance) {
        membership_.admit(*held.connection);
        held.admitted_as = instance;
    }
    return *held.connection;
}

}  // namespace shouwen::postgres
