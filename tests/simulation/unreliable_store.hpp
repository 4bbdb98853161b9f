#pragma once

#include "base/names.hpp"
#include "platform/sql/sql.hpp"

#include <cstdint>
#include <exception>

/// A store before a store: it fails when it is told to, is wrong on purpose when it is told to, and counts up everything that
/// was asked of it, so that two runs can be compared.
namespace shouwen::simulation {

/// What goes wrong with a write.
/// - crash: the process dies between two statements; - lost_commit: it dies when all is said and nothing is on disk;
/// - run_twice: somebody else of the batch fails, so that the work is done once more from the beginning.
BOOST_DEFINE_ENUM_CLASS(Trouble, none, crash, lost_commit, run_twice)

/// What is broken on purpose, to see that it is found.
BOOST_DEFINE_ENUM_CLASS(Defect, none, obligation_not_opened, tenure_not_written, tenure_not_ended, warned_twice,
                        breach_not_told, breached_early, pause_without_end, answered_before_commit, history_rewritten,
                        ended_twice, list_row_behind, notice_not_marked)

struct Crash : std::exception {
    const char* what() const noexcept override { return "the process died"; }
};

class UnreliableStore final : public sql::Store {
public:
    UnreliableStore(sql::Store& inner, Defect defect) : inner_(inner), defect_(defect) {}

    /// @param writes  so many writes pass before it happens; @param statements  of that write pass before the crash
    void plan(Trouble trouble, int writes, int statements);
    void calm_down() { trouble_ = Trouble::none; }
    /// Of every statement so far, with its parameters and the count of its rows.
    std::uint64_t digest() const { return digest_; }

    sql::Dialect dialect() const override { return inner_.dialect(); }
    void read(const std::function<void(sql::Connection&)>& work) override;
    sql::Queued submit(sql::WriteJob job) override;
    Duration expected_wait() const override { return {}; }
    sql::StoreFigures figures() const override { return {}; }
    sql::Feed& feed() override { return inner_.feed(); }

private:
    class Door;
    void mix(std::uint64_t value);
    void mix(std::string_view text);
    /// Whether the statement is left out, or made another one.
    bool spoil(const sql::Statement& statement, std::vector<sql::Value>& parameters);

    sql::Store& inner_;
    const Defect defect_;
    std::uint64_t digest_ = 0x9e3779b97f4a7c15;
    Trouble trouble_ = Trouble::none;
    int writes_left_ = 0;
    int statements_left_ = 0;
    int writes_count_ = 0;
};

}  // namespace shouwen::simulation
