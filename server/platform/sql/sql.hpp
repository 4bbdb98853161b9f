#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"

#include <cstdint>
#include <exception>
#include <functional>
#include <initializer_list>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The one door to a database, the same for SQLite and PostgreSQL. Statements are whole texts with `$1 …` parameters in
/// the part of SQL that both speak; where they differ, a module's store keeps one statement a dialect.
namespace shouwen::sql {

enum class Dialect { sqlite, postgres };

/// A whole statement, a constant of static lifetime: connections cache what they prepared by its address.
struct Statement {
    const char* name;
    const char* text;
};

/// A parameter; text and bytes are borrowed for the call.
class Value {
public:
    enum class Kind { null, integer, real, text, bytes };

    Value(std::nullptr_t) {}
    Value(std::nullopt_t) {}
    Value(bool value) : kind_(Kind::integer), integer_(value ? 1 : 0) {}
    Value(int value) : kind_(Kind::integer), integer_(value) {}
    Value(long value) : kind_(Kind::integer), integer_(value) {}
    Value(long long value) : kind_(Kind::integer), integer_(value) {}
    Value(double value) : kind_(Kind::real), real_(value) {}
    Value(std::string_view text) : kind_(Kind::text), text_(text) {}
    Value(const std::string& text) : kind_(Kind::text), text_(text) {}
    Value(const char* text) : kind_(Kind::text), text_(text) {}
    Value(Instant at) : kind_(Kind::integer), integer_(to_ms(at)) {}
    /// An id that is none is NULL.
    template <class Tag>
    Value(Id<Tag> id) : kind_(id ? Kind::integer : Kind::null), integer_(id.value)
    {
    }
    template <class T>
    Value(const std::optional<T>& value) : Value(value ? Value{*value} : Value{nullptr})
    {
    }
    static Value bytes(std::string_view bytes)
    {
        Value value{bytes};
        value.kind_ = Kind::bytes;
        return value;
    }

    Kind kind() const { return kind_; }
    std::int64_t integer() const { return integer_; }
    double real() const { return real_; }
    std::string_view text() const { return text_; }

private:
    Kind kind_ = Kind::null;
    std::int64_t integer_ = 0;
    double real_ = 0;
    std::string_view text_;
};

/// A row while it is visited; text and bytes are valid until the visit ends. Columns count from 0.
class Row {
public:
    virtual ~Row() = default;
    virtual bool is_null(int column) const = 0;
    virtual std::int64_t integer(int column) const = 0;
    virtual double real(int column) const = 0;
    virtual std::string_view text(int column) const = 0;
    virtual std::string_view bytes(int column) const = 0;

    std::string string(int column) const { return std::string{text(column)}; }
    bool boolean(int column) const { return integer(column) != 0; }
    Instant instant(int column) const { return from_ms(integer(column)); }
    std::optional<Instant> optional_instant(int column) const
    {
        return is_null(column) ? std::nullopt : std::optional{instant(column)};
    }
    std::optional<std::string> optional_string(int column) const
    {
        return is_null(column) ? std::nullopt : std::optional{string(column)};
    }
    /// NULL reads as the id that is none.
    template <class IdType>
    IdType id(int column) const
    {
        return is_null(column) ? IdType{} : IdType{integer(column)};
    }
};

using RowVisitor = std::function<void(const Row&)>;

/// A constraint of the schema stood against it: state that the rules should have refused before.
struct ConstraintViolated : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// No room left on the volume: writes are refused (507) until there is, reads go on.
struct DiskFull : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// Any other fault of the database.
struct DatabaseFault : std::runtime_error {
    using std::runtime_error::runtime_error;
};
/// The database cannot be had now: another process holds it, its server is away, every connection is taken. The same may
/// succeed in a while (503).
struct Unavailable : DatabaseFault {
    using DatabaseFault::DatabaseFault;
};
/// The disk has failed under a write: reading goes on, and nothing is written until the program is started anew.
struct WritingStopped : DatabaseFault {
    using DatabaseFault::DatabaseFault;
};
/// The connection broke while it committed: the work is there or it is not. Only who can recognise a repetition (by its
/// Idempotency-Key) may try again.
struct CommitUnknown : DatabaseFault {
    using DatabaseFault::DatabaseFault;
};

/// Something that a transaction has changed: what it is about and which (an id, or a few words). Small: it may travel to
/// other processes.
struct Change {
    std::string topic;
    std::string what;

    bool operator==(const Change&) const = default;
};

/// A connection inside a transaction. Not thread-safe.
class Connection {
public:
    virtual ~Connection() = default;
    /// Once the transaction is committed, and only then, whoever listens to the topic is told, in this process and in all
    /// others on the database (`Store::feed`). The same twice in one transaction is told once.
    void announce(std::string_view topic, std::string_view what);
    /// For stores: what was announced since the transaction began, each once.
    std::span<const Change> announced();
    /// For stores: how often something was announced, and back to an earlier state of that.
    std::size_t announced_count() const { return announced_.size(); }
    void forget_announced(std::size_t first_forgotten = 0) { announced_.resize(first_forgotten); }
    virtual Dialect dialect() const = 0;
    /// Visits every row; a visitor may run other statements, but not this one. @returns the count of rows changed.
    virtual std::int64_t run(const Statement& statement, std::span<const Value> parameters,
                             const RowVisitor& visit) = 0;
    /// For writing whose count of changed rows nobody needs: may travel with the next statement, whose call then throws
    /// what this one failed with.
    virtual void run_later(const Statement& statement, std::span<const Value> parameters)
    {
        run(statement, parameters, {});
    }
    /// Several statements without parameters, as a migration holds them. Not cached.
    virtual void run_script(std::string_view text) = 0;

    template <class... Parameters>
    std::int64_t execute(const Statement& statement, const Parameters&... parameters)
    {
        return run(statement, std::initializer_list<Value>{Value{parameters}...}, {});
    }
    template <class... Parameters>
    void execute_later(const Statement& statement, const Parameters&... parameters)
    {
        run_later(statement, std::initializer_list<Value>{Value{parameters}...});
    }
    template <class Visit, class... Parameters>
    void each(const Statement& statement, Visit&& visit, const Parameters&... parameters)
    {
        run(statement, std::initializer_list<Value>{Value{parameters}...}, std::forward<Visit>(visit));
    }
    /// The first row, read by `read`; nothing when there is none.
    template <class Read, class... Parameters>
    auto first(const Statement& statement, Read&& read, const Parameters&... parameters)
    {
        std::optional<std::decay_t<std::invoke_result_t<Read, const Row&>>> found;
        run(statement, std::initializer_list<Value>{Value{parameters}...}, [&](const Row& row) {
            if (!found) found.emplace(read(row));
        });
        return found;
    }

private:
    std::vector<Change> announced_;
};

/// From here to its end this transaction has no other beside it, in whatever process, that names the same thing. On an
/// embedded store there never is one.
void serialise(Connection& db, std::string_view what);

/// One unit of writing. `work` runs in a transaction, perhaps with others', perhaps more than once (after somebody
/// else's failure rolled the batch back): it touches nothing but the connection and results that it sets anew each time.
struct WriteJob {
    std::function<void(Connection&)> work;
    /// Called once, from a thread of the store and never under a lock: with null after the commit is on disk, else with
    /// what `work` or the commit threw. Short and without blocking.
    std::function<void(std::exception_ptr)> done;
};

enum class Queued { yes, full, closed };

/// For the metrics; each value by itself is exact, together they are not one moment. What a store has not is 0.
struct StoreFigures {
    std::size_t queue_length = 0;
    std::uint64_t jobs_count = 0;
    std::uint64_t commits_count = 0;
    std::uint64_t failed_jobs_count = 0;
    std::uint64_t retries_count = 0;
    std::uint64_t checkpoints_count = 0;
    std::int64_t wal_bytes = 0;
    bool is_read_only = false;  ///< writing has stopped (`WritingStopped`)
};

/// How a process introduces itself to the others on the database.
struct Introduction {
    std::string address;  ///< where it listens; empty: a tool
    std::string version;  ///< of the program
};

class Feed;

/// A database. Thread-safe.
class Store {
public:
    virtual ~Store() = default;
    virtual Dialect dialect() const = 0;
    /// Takes a number among the processes on this database, which stands in all ids made here, until the store is closed;
    /// from now on changes of the others are told. Once, when the schema is current. An embedded store has one process: 0.
    /// @throws StoreRefused `nodes_full`
    virtual int join(const Introduction&) { return 0; }
    /// Says that the process is alive. @returns false when its number was given to another since its connections were lost:
    /// nothing is written any more, and it has to be started anew.
    virtual bool keep_number() { return true; }
    /// Changes, of this process and others.
    virtual Feed& feed() = 0;
    /// Runs `work` at once on this thread over a consistent snapshot; short, as it holds up the log's cleaning.
    virtual void read(const std::function<void(Connection&)>& work) = 0;
    /// Queues; full means: shed load (503 with Retry-After).
    virtual Queued submit(WriteJob job) = 0;
    /// Queues, waiting for room, and waits until it is on disk. @throws what `work` threw. For jobs and tools.
    void write(const std::function<void(Connection&)>& work);
    /// How long a queued job waits now, about; for Retry-After.
    virtual Duration expected_wait() const = 0;
    virtual StoreFigures figures() const = 0;
};

}  // namespace shouwen::sql
