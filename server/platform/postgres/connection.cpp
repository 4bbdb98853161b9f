#include "platform/postgres/connection.hpp"

#include "platform/postgres/fault.hpp"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <memory>

namespace shouwen::postgres {
namespace {

const sql::Statement begin_read_statement{"begin", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"};
const sql::Statement begin_write_statement{"begin", "BEGIN"};
const sql::Statement end_read_statement{"commit", "COMMIT"};

// Types as the server numbers them; they never change.
constexpr Oid type_bool = 16, type_bytea = 17, type_int8 = 20, type_int2 = 21, type_int4 = 23, type_float4 = 700,
              type_float8 = 701, type_numeric = 1700, type_text = 25, inferred = 0;

template <class T>
T big_endian(const char* bytes)
{
    std::make_unsigned_t<T> value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
        value = static_cast<std::make_unsigned_t<T>>(value << 8U | static_cast<unsigned char>(bytes[i]));
    return static_cast<T>(value);
}

/// Sums of BIGINT are NUMERIC: digits to the base of 10,000 behind a header of four numbers.
double numeric(const char* bytes)
{
    const int digits = big_endian<std::int16_t>(bytes);
    const int weight = big_endian<std::int16_t>(bytes + 2);
    const bool negative = big_endian<std::int16_t>(bytes + 4) == 0x4000;
    double value = 0;
    for (int i = 0; i < digits; ++i)
        value += big_endian<std::int16_t>(bytes + 8 + 2 * i) * std::pow(10'000.0, weight - i);
    return negative ? -value : value;
}

class PgRow final : public sql::Row {
public:
    PgRow(const PGresult* result, int row) : result_(result), row_(row) {}
    bool is_null(int column) const override { return PQgetisnull(result_, row_, column) != 0; }
    std::int64_t integer(int column) const override
    {
        if (is_null(column)) return 0;
        const char* value = PQgetvalue(result_, row_, column);
        switch (PQftype(result_, column)) {
            case type_int8: return big_endian<std::int64_t>(value);
            case type_int4: return big_endian<std::int32_t>(value);
            case type_int2: return big_endian<std::int16_t>(value);
            case type_bool: return *value;
            case type_numeric: return static_cast<std::int64_t>(std::llround(numeric(value)));
            default: throw std::logic_error(fmt::format("column {} is no number", PQfname(result_, column)));
        }
    }
    double real(int column) const override
    {
        if (is_null(column)) return 0;
        const char* value = PQgetvalue(result_, row_, column);
        switch (PQftype(result_, column)) {
            case type_float8: {
                const auto bits = big_endian<std::int64_t>(value);
                double number = 0;
                std::memcpy(&number, &bits, sizeof number);
                return number;
            }
            case type_float4: {
                const auto bits = big_endian<std::int32_t>(value);
                float number = 0;
                std::memcpy(&number, &bits, sizeof number);
                return static_cast<double>(number);
            }
            case type_numeric: return numeric(value);
            default: return static_cast<double>(integer(column));
        }
    }
    std::string_view text(int column) const override
    {
        return {PQgetvalue(result_, row_, column), static_cast<std::size_t>(PQgetlength(result_, row_, column))};
    }
    std::string_view bytes(int column) const override { return text(column); }

private:
    const PGresult* result_;
    int row_;
};

/// Parameters in the form that libpq takes. Numbers travel as text.
class Parameters {
public:
    explicit Parameters(std::span<const sql::Value> values)
    {
        texts_.reserve(values.size());
        for (const auto& value : values) add(value);
    }
    int count() const { return static_cast<int>(data_.size()); }
    const char* const* data() const { return data_.data(); }
    const int* lengths() const { return lengths_.data(); }
    const int* formats() const { return formats_.data(); }

private:
    void add(const sql::Value& value)
    {
        using Kind = sql::Value::Kind;
        formats_.push_back(value.kind() == Kind::bytes ? 1 : 0);
        if (value.kind() == Kind::null) {
            data_.push_back(nullptr);
            lengths_.push_back(0);
            return;
        }
        auto& text = texts_.emplace_back();
        switch (value.kind()) {
            case Kind::integer: text = fmt::format("{}", value.integer()); break;
            case Kind::real: text = fmt::format("{}", value.real()); break;
            default: text = value.text(); break;  // libpq wants a zero at the end
        }
        data_.push_back(text.c_str());
        lengths_.push_back(static_cast<int>(text.size()));
    }

    std::vector<std::string> texts_;
    std::vector<const char*> data_;
    std::vector<int> lengths_;
    std::vector<int> formats_;
};

/// What the server is told of the parameters. It infers the type of a text from its place; of a number it would infer a
/// narrower one beside a small constant, and of a parameter that the text does not name, nothing.
std::vector<Oid> types_of(std::string_view text, std::span<const sql::Value> parameters)
{
    std::vector<bool> named(parameters.size() + 1);
    for (auto at = text.find('$'); at != std::string_view::npos; at = text.find('$', at + 1)) {
        std::size_t number = 0;
        std::from_chars(text.data() + at + 1, text.data() + text.size(), number);
        if (number < named.size()) named[number] = true;
    }
    std::vector<Oid> types;
    for (std::size_t i = 0; i < parameters.size(); ++i) {
        using Kind = sql::Value::Kind;
        const auto kind = parameters[i].kind();
        types.push_back(!named[i + 1]           ? type_text
                        : kind == Kind::integer ? type_int8
                        : kind == Kind::real    ? type_float8
                        : kind == Kind::bytes   ? type_bytea
                                                : inferred);
    }
    return types;
}

std::string_view state_of(const PGresult* result)
{
    const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return state ? std::string_view{state} : std::string_view{};
}

std::int64_t changed(PGresult* result)
{
    const std::string_view text = PQcmdTuples(result);
    std::int64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    return count;
}

/// How much longer than a statement may take its answer may need.
constexpr std::chrono::milliseconds answer_grace{3'000};

constexpr std::chrono::seconds silent_connect{4};

/// What the address may say otherwise. A server that is away is noticed while connecting, one that went away silently
/// (a pulled cable, a firewall that forgot) by the probes or by bytes that nobody acknowledges.
PGconn* connect(const std::string& url)
{
    const char* names[] = {"connect_timeout",
                           "keepalives_idle",
                           "keepalives_interval",
                           "keepalives_count",
                           "tcp_user_timeout",
                           "fallback_application_name",
                           "dbname",
                           nullptr};
    const char* values[] = {"5", "5", "3", "2", "10000", "shouwen", url.c_str(), nullptr};
    return PQconnectdbParams(names, values, 1);
}

}  // namespace

PgConnection::PgConnection(const std::string& url, std::chrono::milliseconds statement_max,
                           std::chrono::milliseconds idle_max)
    : answer_max_(statement_max + answer_grace)
{
    const auto begun = std::chrono::steady_clock::now();
    connection_ = connect(url);
    if (PQstatus(connection_) != CONNECTION_OK) {
        const std::string message = PQerrorMessage(connection_);
        PQfinish(connection_);
        // Refused at once, it may be starting; who has waited in vain has met silence.
        if (std::chrono::steady_clock::now() - begun >= silent_connect)
            throw ServerAway(fmt::format("connect: {}", message.substr(0, message.find('\n'))));
        throw_fault({}, "connect", message);
    }
    PQsetNoticeProcessor(
        connection_, [](void*, const char*) {}, nullptr);
    PQenterPipelineMode(connection_);
    try {
        send_plain("settings", fmt::format("SET statement_timeout = {}", statement_max.count()).c_str());
        send_plain("settings", fmt::format("SET idle_in_transaction_session_timeout = {}", idle_max.count()).c_str());
        // What was written to the word index in haste is looked through by each search until it is put in its place.
        send_plain("settings", "SET gin_pending_list_limit = '256kB'");
        send_plain("settings", "SET TimeZone = 'UTC'");
        send_plain("settings", "SET client_encoding = 'UTF8'");
        receive({});
    } catch (...) {
        PQfinish(connection_);
        throw;
    }
}

PgConnection::~PgConnection()
{
    PQfinish(connection_);
}

bool PgConnection::is_usable() const
{
    return !is_silent_ && PQstatus(connection_) == CONNECTION_OK;
}

/// The next result, waiting for it no longer than a statement may take: the server's own limit is of no use when its
/// answer is lost on the way.
PGresult* PgConnection::next_result(const char* name)
{
    const auto until = std::chrono::steady_clock::now() + answer_max_;
    while (PQisBusy(connection_)) {
        const bool unsent = PQflush(connection_) > 0;
        pollfd waited{PQsocket(connection_), static_cast<short>(POLLIN | (unsent ? POLLOUT : 0)), 0};
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now()).count();
        const int ready = left > 0 ? ::poll(&waited, 1, static_cast<int>(left)) : 0;
        if (ready < 0 && errno == EINTR) continue;
        if (ready == 0) {
            is_silent_ = true;
            throw ServerAway(fmt::format("{}: the server has fallen silent", name));
        }
        if (!PQconsumeInput(connection_)) break;  // the result says why
    }
    return PQgetResult(connection_);
}

void PgConnection::send(const sql::Statement& statement, std::span<const sql::Value> parameters)
{
    auto& prepared = prepared_[&statement];
    if (prepared.text != statement.text) {
        prepared = {statement.text, fmt::format("s{}", ++prepared_count_)};
        const auto types = types_of(statement.text, parameters);
        if (!PQsendPrepare(connection_, prepared.name.c_str(), statement.text, static_cast<int>(types.size()),
                           types.data()))
            throw_fault({}, statement.name, PQerrorMessage(connection_));
        waiting_.push_back(statement.name);
        fresh_.push_back(&statement);
    }
    const Parameters given{parameters};
    if (!PQsendQueryPrepared(connection_, prepared.name.c_str(), given.count(), given.data(), given.lengths(),
                             given.formats(), 1))
        throw_fault({}, statement.name, PQerrorMessage(connection_));
    waiting_.push_back(statement.name);
}

void PgConnection::finish_read() noexcept
{
    in_transaction_ = false;
    try {
        send(end_read_statement, {});
        if (!finishing_.empty()) {  // nothing was asked since the last read
            receive({});
            return;
        }
        if (!PQpipelineSync(connection_)) is_silent_ = true;
        finishing_ = std::exchange(waiting_, {});
    } catch (const std::exception&) {  // NOLINT: what was read is right all the same
        is_silent_ = true;
    }
}

void PgConnection::send_plain(const char* name, const char* text)
{
    if (!PQsendQueryParams(connection_, text, 0, nullptr, nullptr, nullptr, nullptr, 1))
        throw_fault({}, name, PQerrorMessage(connection_));
    waiting_.push_back(name);
}

/// The answers of one pipeline, to its end. @returns the last statement's. @throws what the first that failed failed with
PgConnection::Result PgConnection::take_answers(std::span<const char* const> names)
{
    std::string state;
    std::string message;
    const char* failed = nullptr;
    Result last{nullptr, PQclear};
    for (const char* name : names) {
        Result result{next_result(name), PQclear};
        if (!result) throw_fault({}, name, PQerrorMessage(connection_));
        if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR && !failed) {
            failed = name;
            state = state_of(result.get());
            message = PQresultErrorMessage(result.get());
        }
        last = std::move(result);
        while (Result{next_result(name), PQclear}) continue;  // each answer ends with none
        if (!is_usable()) throw_fault({}, name, PQerrorMessage(connection_));
    }
    const Result sync{next_result("sync"), PQclear};
    if (!sync || PQresultStatus(sync.get()) != PGRES_PIPELINE_SYNC)
        throw_fault({}, names.empty() ? "sync" : names.back(), PQerrorMessage(connection_));
    if (failed) throw_fault(state, failed, message);
    return last;
}

std::int64_t PgConnection::receive(const sql::RowVisitor& visit)
{
    if (!PQpipelineSync(connection_)) throw_fault({}, "sync", PQerrorMessage(connection_));
    if (!finishing_.empty()) take_answers(std::exchange(finishing_, {}));
    const auto names = std::exchange(waiting_, {});
    const auto fresh = std::exchange(fresh_, {});
    Result last{nullptr, PQclear};
    try {
        last = take_answers(names);
    } catch (...) {
        has_answered_ = has_answered_ || is_usable();
        for (const auto* statement : fresh) prepared_.erase(statement);
        throw;
    }
    has_answered_ = true;
    if (!last) return 0;
    if (visit)
        for (int row = 0; row < PQntuples(last.get()); ++row) visit(PgRow{last.get(), row});
    return changed(last.get());
}

std::int64_t PgConnection::run(const sql::Statement& statement, std::span<const sql::Value> parameters,
                               const sql::RowVisitor& visit)
{
    send(statement, parameters);
    return receive(visit);
}

void PgConnection::run_later(const sql::Statement& statement, std::span<const sql::Value> parameters)
{
    constexpr std::size_t waiting_max = 256;  // answers are read before either side's buffer is full
    send(statement, parameters);
    if (waiting_.size() >= waiting_max) receive({});
}

void PgConnection::leave_pipeline()
{
    if (!waiting_.empty() || !finishing_.empty()) receive({});
    PQexitPipelineMode(connection_);
}

void PgConnection::copy_begin(const std::string& statement)
{
    leave_pipeline();
    const Result result{PQexec(connection_, statement.c_str()), PQclear};
    if (PQresultStatus(result.get()) != PGRES_COPY_IN)
        throw_fault(state_of(result.get()), "copy", PQresultErrorMessage(result.get()));
}

void PgConnection::copy_put(std::string_view lines)
{
    if (PQputCopyData(connection_, lines.data(), static_cast<int>(lines.size())) != 1)
        throw_fault({}, "copy", PQerrorMessage(connection_));
}

void PgConnection::copy_end()
{
    if (PQputCopyEnd(connection_, nullptr) != 1) throw_fault({}, "copy", PQerrorMessage(connection_));
    const Result result{PQgetResult(connection_), PQclear};
    const auto status = PQresultStatus(result.get());
    const std::string state{state_of(result.get())};
    const std::string message = PQresultErrorMessage(result.get());
    while (Result{PQgetResult(connection_), PQclear}) continue;
    if (status != PGRES_COMMAND_OK) throw_fault(state, "copy", message);
    PQenterPipelineMode(connection_);
}

void PgConnection::run_script(std::string_view text)
{
    leave_pipeline();
    const Result result{PQexec(connection_, std::string{text}.c_str()), PQclear};
    const auto status = PQresultStatus(result.get());
    const std::string state{state_of(result.get())};
    const std::string message = PQresultErrorMessage(result.get());
    if (is_usable()) PQenterPipelineMode(connection_);
    if (status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE || !is_usable())
        throw_fault(state, "script", message);
}

std::vector<std::string> PgConnection::wait_for_news(std::chrono::milliseconds wait, int woken_by)
{
    std::vector<std::string> news;
    const auto take = [&] {
        while (PGnotify* each = PQnotifies(connection_)) {
            news.emplace_back(each->extra);
            PQfreemem(each);
        }
    };
    take();  // what came with the answer to a statement
    if (!news.empty()) return news;
    pollfd watched[] = {{PQsocket(connection_), POLLIN, 0}, {woken_by, POLLIN, 0}};
    if (::poll(watched, 2, static_cast<int>(wait.count())) < 0 && errno != EINTR)
        throw_fault({}, "listen", "poll failed");
    if (!PQconsumeInput(connection_) || !is_usable()) throw_fault({}, "listen", PQerrorMessage(connection_));
    take();
    return news;
}

void PgConnection::begin_read()
{
    forget_announced();
    send(begin_read_statement, {});
    in_transaction_ = true;
    has_answered_ = false;
}

void PgConnection::begin_write()
{
    forget_announced();
    send(begin_write_statement, {});
    in_transaction_ = true;
    has_answered_ = false;
}

void PgConnection::commit()
{
    send_plain("commit", "COMMIT");
    receive({});
    in_transaction_ = false;
}

void PgConnection::flush()
{
    // The log is written in order: a small durable transaction takes along what was committed before it.
    send_plain("flush", "SELECT pg_logical_emit_message(true, 'shouwen', '')");
    receive({});
}

void PgConnection::rollback() noexcept
{
    if (!in_transaction_) return;
    in_transaction_ = false;
    try {
        if (!is_usable()) return;
        send_plain("rollback", "ROLLBACK");
        receive({});
    } catch (const std::exception&) {  // NOLINT: what made us roll back is already on its way to the caller
    }
}

}  // namespace shouwen::postgres
