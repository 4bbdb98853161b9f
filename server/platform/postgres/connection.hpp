#pragma once

#include "platform/sql/sql.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

struct pg_conn;
struct pg_result;

namespace shouwen::postgres {

/// One connection with the statements it has prepared, in libpq's pipeline mode: what needs no answer of its own (`later`,
/// the begin of a transaction) travels with the next statement, as round trips are what a transaction costs.
class PgConnection final : public sql::Connection {
public:
    /// @param url  postgresql://… @param statement_max  how long one statement may take
    /// @param idle_max  the server ends a transaction that stands open for so long without a statement; 0: never
    /// @throws ConnectionLost when there is no server, or it lets us not in
    explicit PgConnection(const std::string& url, std::chrono::milliseconds statement_max,
                          std::chrono::milliseconds idle_max = {});
    ~PgConnection() override;
    PgConnection(const PgConnection&) = delete;
    PgConnection& operator=(const PgConnection&) = delete;

    sql::Dialect dialect() const override { return sql::Dialect::postgres; }
    std::int64_t run(const sql::Statement& statement, std::span<const sql::Value> parameters,
                     const sql::RowVisitor& visit) override;
    void run_later(const sql::Statement& statement, std::span<const sql::Value> parameters) override;
    void run_script(std::string_view text) override;

    /// Waits for news of other connections, which arrive once `LISTEN` was run. @returns what came meanwhile, and at once
    /// when something did; nothing after `wait`. @throws ConnectionLost
    std::vector<std::string> wait_for_news(std::chrono::milliseconds wait, int woken_by);

    /// Rows in bulk: `COPY … FROM STDIN`, lines in its text form, the end. In a transaction begun by `run_script`.
    void copy_begin(const std::string& statement);
    void copy_put(std::string_view lines);
    void copy_end();

    /// Sent with the first statement. Reads see one snapshot; writes see what others have committed when a statement begins.
    void begin_read();
    void begin_write();
    /// @throws what a statement sent before it, or the commit itself, failed with; ConnectionLost: it is unknown whether it took place
    void commit();
    /// The end of a transaction that only read, which cannot fail: its answer is awaited when the connection is next used.
    void finish_read() noexcept;
    /// After a commit that did not wait for the disk: returns when it, and all before it, is there.
    void flush();
    /// Never throws.
    void rollback() noexcept;
    bool is_usable() const;
    /// Whether the server has answered anything since the transaction was begun.
    bool has_answered() const { return has_answered_; }

private:
    using Result = std::unique_ptr<pg_result, void (*)(pg_result*)>;

    /// Sends; the answer waits in the pipeline.
    void send(const sql::Statement& statement, std::span<const sql::Value> parameters);
    void leave_pipeline();
    void send_plain(const char* name, const char* text);
    /// Reads all answers that wait. The last statement's rows go to `visit`. @returns the rows it changed
    std::int64_t receive(const sql::RowVisitor& visit);
    Result take_answers(std::span<const char* const> names);
    pg_result* next_result(const char* name);

    pg_conn* connection_ = nullptr;
    const std::chrono::milliseconds answer_max_;
    bool is_silent_ = false;  ///< no answer came in time, or nothing can be sent: of no use any more
    struct Prepared {
        const char* text = nullptr;
        std::string name;
    };
    std::unordered_map<const sql::Statement*, Prepared> prepared_;
    std::vector<const sql::Statement*> fresh_;  ///< prepared in this pipeline: if it fails, perhaps not
    std::vector<const char*> waiting_;          ///< names of what was sent and not answered yet
    std::vector<const char*> finishing_;        ///< the same of a transaction before, when it only read
    int prepared_count_ = 0;
    bool in_transaction_ = false;
    bool has_answered_ = false;
};

}  // namespace shouwen::postgres
