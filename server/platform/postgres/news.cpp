#include "platform/postgres/news.hpp"

#include "platform/postgres/fault.hpp"

#include <fmt/format.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <stdexcept>

namespace shouwen::postgres {
namespace {

using namespace std::chrono_literals;

constexpr const char* listen_sql = "LISTEN shouwen";
const sql::Statement notify{"notify", "SELECT pg_notify('shouwen', $1)"};
const sql::Statement do_not_wait{"do_not_wait", "SET LOCAL synchronous_commit TO off"};
const sql::Statement still_there{"still_there", "SELECT 1"};

constexpr std::size_t news_bytes_max = 7'900;  // the server's limit is 8,000
constexpr auto silence_max = 10s;              // then the connection is tried
constexpr auto pause_first = 50ms;
constexpr auto pause_max = 1'000ms;

}  // namespace

std::vector<std::string> news_of(std::int64_t from, std::span<const sql::Change> changes)
{
    const auto head = fmt::format("{:x}", from);
    std::vector<std::string> all;
    for (const auto& change : changes) {
        auto line = fmt::format("\n{} {}", change.topic, change.what);
        if (head.size() + line.size() > news_bytes_max) throw std::logic_error("a change is announced by ids");
        if (all.empty() || all.back().size() + line.size() > news_bytes_max) all.push_back(head);
        all.back() += line;
    }
    return all;
}

std::vector<sql::Change> changes_of(std::string_view news, std::int64_t from)
{
    std::vector<sql::Change> changes;
    std::uint64_t sender = 0;
    const auto [end, fault] = std::from_chars(news.data(), news.data() + news.size(), sender, 16);
    if (fault != std::errc{} || static_cast<std::int64_t>(sender) == from) return changes;
    news.remove_prefix(static_cast<std::size_t>(end - news.data()));
    while (!news.empty() && news.front() == '\n') {
        news.remove_prefix(1);
        const auto line = news.substr(0, news.find('\n'));
        news.remove_prefix(line.size());
        const auto space = line.find(' ');
        if (space == std::string_view::npos) continue;
        changes.push_back({std::string{line.substr(0, space)}, std::string{line.substr(space + 1)}});
    }
    return changes;
}

bool send_news(PgConnection& connection, std::int64_t from)
{
    if (from == 0 || connection.announced_count() == 0) return false;
    connection.execute_later(do_not_wait);
    for (const auto& text : news_of(from, connection.announced())) connection.execute_later(notify, text);
    return true;
}

NewsReader::NewsReader(const PostgresOptions& options, std::int64_t instance, sql::Feed& feed)
    : options_(options), instance_(instance), feed_(feed)
{
    connect();
    wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (wake_ < 0) throw std::runtime_error("the system has no eventfd left");
    thread_ = std::thread{[this] { read_all(); }};
}

NewsReader::~NewsReader()
{
    is_over_ = true;
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto ignored = ::write(wake_, &one, sizeof one);
    thread_.join();
    ::close(wake_);
}

void NewsReader::connect()
{
    connection_ = std::make_unique<PgConnection>(options_.url, options_.statement_max);
    connection_->run_script(listen_sql);
}

void NewsReader::read_all()
{
    auto tried_at = std::chrono::steady_clock::now();
    while (!is_over_) {
        try {
            std::vector<sql::Change> changes;
            for (const auto& news : connection_->wait_for_news(silence_max, wake_))
                for (auto& change : changes_of(news, instance_)) changes.push_back(std::move(change));
            feed_.deliver(changes);
            if (const auto now = std::chrono::steady_clock::now(); now - tried_at >= silence_max) {
                connection_->execute(still_there);
                tried_at = now;
            }
        } catch (const std::exception&) {
            feed_.set_connected(false);
            if (!reconnect()) return;
            feed_.set_connected(true);
            feed_.miss();
            tried_at = std::chrono::steady_clock::now();
        }
    }
}

/// @returns false when it is over
bool NewsReader::reconnect()
{
    for (auto pause = pause_first; !is_over_; pause = std::min(pause * 2, decltype(pause){pause_max})) {
        try {
            connect();
            return true;
        } catch (const std::exception&) {
            pollfd watched{wake_, POLLIN, 0};
            ::poll(&watched, 1, static_cast<int>(pause.count()));
        }
    }
    return false;
}

}  // namespace shouwen::postgres
