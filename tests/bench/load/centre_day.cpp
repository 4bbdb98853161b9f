// A day of a centre, compressed into minutes, against a running server.
//   centre_day --url 127.0.0.1:8080 --password P [--seconds 240] [--agents 300] [--calls 30000] [--subscribers 30]
// Open loop: what happens is planned by the clock of the day and not by how fast the server answers, and an operation's
// time counts from when it was planned. P is the password of the demo logins; load agents are made once and stay.
#include "bench/load/caller.hpp"
#include "bench/load/figures.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <cmath>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <memory>
#include <random>
#include <unordered_map>
#include <vector>

namespace shouwen::load {
namespace {

namespace json = boost::json;
using asio::awaitable;
using asio::use_awaitable;

struct Options {
    std::string host = "127.0.0.1";
    std::uint16_t port = 8080;
    std::string password;
    int seconds = 240;
    int agents = 300;
    int calls = 30'000;
    int subscribers = 30;
    int see_all = 1'000'000;  ///< of the open pages; the rest are those of merchants' staff, who see their own house
};

/// How busy each hour from eight to eight is, against the mean.
constexpr double busy_hours[] = {0.6, 1.1, 1.6, 1.4, 0.8, 0.7, 1.2, 1.4, 1.2, 0.9, 0.6, 0.5};
/// What one call brings with it over the day.
constexpr double lists_per_call = 3;
constexpr double reads_per_call = 8;
constexpr double searches_per_call = 1;
constexpr double later_steps_per_call = 1;
/// More stories at once than that: the server is lost, and what comes is counted as turned away.
constexpr int stories_max = 4'000;
constexpr int merchant_logins = 50;
constexpr std::size_t remembered_max = 20'000;

struct Agent {
    std::string login;
    Session session;
    std::vector<std::unique_ptr<Caller>> idle = {};
};

struct Known {
    std::string id;
    std::int64_t version = 0;
    std::size_t owner = 0;
    int step = 0;  ///< commands given after the agreement
};

/// Of a problem; empty when there is none to be read.
std::string code_of(const Answer& answer)
{
    boost::system::error_code none;
    const auto problem = json::parse(answer.body, none);
    const auto* code = problem.is_object() ? problem.get_object().if_contains("code") : nullptr;
    return code && code->is_string() ? std::string{code->get_string()} : std::string{};
}

class Day {
public:
    Day(asio::io_context& context, Options options)
        : context_(context), options_(std::move(options)), server_(asio::ip::make_address(options_.host), options_.port)
    {
    }

    awaitable<void> run();
    void report() const;

private:
    awaitable<void> make_agents();
    awaitable<std::vector<Agent>> make_staff(Caller& caller, const Session& admin, std::string role, std::string login,
                                             int count);
    awaitable<void> open_sockets();
    awaitable<void> listen(const Agent& agent, std::shared_ptr<int> waiting, asio::steady_timer& all_open);
    awaitable<void> pace(double per_day, awaitable<void> (Day::*story)(Moment, std::size_t));
    awaitable<void> tell_story(awaitable<void> (Day::*story)(Moment, std::size_t), Moment planned, std::size_t agent);

    awaitable<void> call(Moment planned, std::size_t agent);
    awaitable<void> look_at_list(Moment planned, std::size_t agent);
    awaitable<void> read_ticket(Moment planned, std::size_t agent);
    awaitable<void> search(Moment planned, std::size_t agent);
    awaitable<void> go_on(Moment planned, std::size_t agent);

    awaitable<Answer> get(std::string name, std::string target, Moment planned, std::size_t agent);
    awaitable<bool> command(Known& ticket, std::string name, json::object body, Moment planned);
    void note(const std::string& name, const Answer& answer, Moment planned);
    std::unique_ptr<Caller> caller_of(Agent& agent);
    void on_push(std::string_view text);
    double busy(Moment now) const;
    int random(int below) { return std::uniform_int_distribution<int>{0, below - 1}(random_); }
    awaitable<void> wait_until(Moment moment);

    asio::io_context& context_;
    const Options options_;
    asio::ip::tcp::endpoint server_;
    std::vector<Agent> agents_;
    std::vector<Agent> merchants_;                  ///< whose pages see none of the platform's tickets
    std::deque<Known> open_;                        ///< agreed on, to be gone on with
    std::vector<std::string> recent_;               ///< ids to be read
    std::unordered_map<std::string, Moment> sent_;  ///< by ticket and version
    std::mt19937_64 random_{20'260'101};
    Figures figures_;
    Moment began_;
    Moment end_;
    int stories_ = 0;
    std::int64_t turned_away_ = 0;
    std::int64_t phone_ = 0;
    bool over_ = false;
};

awaitable<void> Day::wait_until(Moment moment)
{
    asio::steady_timer timer{context_, moment};
    co_await timer.async_wait(use_awaitable);
}

std::unique_ptr<Caller> Day::caller_of(Agent& agent)
{
    if (agent.idle.empty()) return std::make_unique<Caller>(context_.get_executor(), server_);
    auto caller = std::move(agent.idle.back());
    agent.idle.pop_back();
    return caller;
}

awaitable<void> Day::make_agents()
{
    Caller caller{context_.get_executor(), server_};
    const auto admin = co_await sign_in(caller, "admin", options_.password);
    agents_ = co_await make_staff(caller, admin, "agent", "load", options_.agents);
    if (options_.subscribers > options_.see_all)
        merchants_ = co_await make_staff(caller, admin, "merchant_agent", "shop", merchant_logins);
}

/// People like the first of a role, signed in.
awaitable<std::vector<Agent>> Day::make_staff(Caller& caller, const Session& admin, std::string role, std::string login,
                                              int count)
{
    const auto staff = co_await caller.get("/staff?role=" + role + "&limit=1", admin);
    if (staff.status != 200) throw std::runtime_error("no list of staff: " + staff.body);
    const auto model = staff.json().at("items").as_array().at(0).as_object();
    std::vector<Agent> made_staff;
    for (int i = 0; i < count; ++i) {
        Agent agent{fmt::format("{}{:03}", login, i), {}};
        json::object wanted{{"login", agent.login},
                            {"name", fmt::format("坐席{:03}", i)},
                            {"unit_id", model.at("unit_id")},
                            {"roles", model.at("roles")},
                            {"password", options_.password}};
        const auto made = co_await caller.post("/staff", json::serialize(wanted), admin);
        if (made.status >= 300 && made.body.find("login") == std::string::npos)
            throw std::runtime_error("no load agent: " + made.body);
        agent.session = co_await sign_in(caller, agent.login, options_.password);
        made_staff.push_back(std::move(agent));
    }
    co_return made_staff;
}

awaitable<void> Day::listen(const Agent& agent, std::shared_ptr<int> waiting, asio::steady_timer& all_open)
{
    bool opened = false;
    const auto settle = [&] {
        if (!std::exchange(opened, true) && --*waiting == 0) all_open.cancel();
    };
    try {
        co_await subscribe(server_, agent.session, settle, [this](std::string_view text) { on_push(text); });
    } catch (const boost::system::system_error& fault) {
        if (!over_ && ++figures_.sockets_lost == 1) std::cerr << "a subscriber was lost: " << fault.what() << "\n";
    }
    settle();
}

awaitable<void> Day::open_sockets()
{
    asio::steady_timer all_open{context_, Moment::max()};
    auto waiting = std::make_shared<int>(0);
    for (int i = 0; i < options_.subscribers; ++i) {
        if (*waiting > 200) co_await wait_until(Clock::now() + std::chrono::milliseconds{50});
        ++*waiting;
        const auto& people = i < options_.see_all ? agents_ : merchants_;
        asio::co_spawn(context_, listen(people[static_cast<std::size_t>(i) % people.size()], waiting, all_open),
                       asio::detached);
    }
    boost::system::error_code cancelled;
    if (*waiting > 0) co_await all_open.async_wait(asio::redirect_error(use_awaitable, cancelled));
}

void Day::on_push(std::string_view text)
{
    ++figures_.pushes;
    const auto message = json::parse(text).as_object();
    const auto* id = message.if_contains("ticket_id");
    const auto* version = message.if_contains("version");
    if (!id || !id->is_string() || !version || !version->is_int64()) return;
    const auto sent = sent_.find(fmt::format("{}/{}", std::string_view{id->as_string()}, version->as_int64()));
    if (sent != sent_.end()) figures_.pushed.add(Clock::now() - sent->second);
}

double Day::busy(Moment now) const
{
    const auto share = std::chrono::duration<double>(now - began_) / std::chrono::duration<double>(end_ - began_);
    const auto hour = static_cast<std::size_t>(share * static_cast<double>(std::size(busy_hours)));
    return busy_hours[std::min(hour, std::size(busy_hours) - 1)];
}

awaitable<void> Day::pace(double per_day, awaitable<void> (Day::*story)(Moment, std::size_t))
{
    std::exponential_distribution<double> gap{1.0};
    auto next = began_;
    for (std::size_t turn = 0;; ++turn) {
        const double rate = per_day / options_.seconds * busy(next);
        next += std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(gap(random_) / rate));
        if (next >= end_) co_return;
        if (next > Clock::now()) co_await wait_until(next);
        if (stories_ >= stories_max)
            ++turned_away_;
        else
            asio::co_spawn(context_, tell_story(story, next, turn % agents_.size()), asio::detached);
    }
}

awaitable<void> Day::tell_story(awaitable<void> (Day::*story)(Moment, std::size_t), Moment planned, std::size_t agent)
{
    ++stories_;
    co_await (this->*story)(planned, agent);
    --stories_;
}

void Day::note(const std::string& name, const Answer& answer, Moment planned)
{
    if (answer.status >= 200 && answer.status < 300)
        figures_.took[name].add(Clock::now() - planned);
    else
        ++figures_.failed[fmt::format("{} with {} {}", name, answer.status, code_of(answer))];
}

awaitable<Answer> Day::get(std::string name, std::string target, Moment planned, std::size_t agent)
{
    auto& who = agents_[agent];
    auto caller = caller_of(who);
    auto answer = co_await caller->get(std::move(target), who.session);
    note(name, answer, planned);
    who.idle.push_back(std::move(caller));
    co_return answer;
}

awaitable<bool> Day::command(Known& ticket, std::string name, json::object body, Moment planned)
{
    auto& who = agents_[ticket.owner];
    auto caller = caller_of(who);
    sent_.emplace(fmt::format("{}/{}", ticket.id, ticket.version + 1), Clock::now());
    auto target = fmt::format("/tickets/{}/commands/{}", ticket.id, name);
    auto text = json::serialize(body);
    const auto answer = co_await caller->post(std::move(target), std::move(text), who.session, ticket.version);
    who.idle.push_back(std::move(caller));
    note("command", answer, planned);
    if (answer.status != 200 && answer.status != 201) co_return false;
    ticket.version = answer.json().at("version").as_int64();
    co_return true;
}

/// The phone rings: who is it, a ticket, and either all is settled in the call or a solution is agreed on.
awaitable<void> Day::call(Moment planned, std::size_t agent)
{
    const auto phone =
        fmt::format("139{:08}", (++phone_ * 7919 + began_.time_since_epoch().count() / 1000) % 100'000'000);
    (void)co_await get("search", "/search?limit=5&q=" + phone, planned, agent);

    auto& who = agents_[agent];
    json::object fresh{
        {"channel", "phone"},
        {"customer", json::object{{"name", "来电客户"}, {"phone", phone}}},
        {"subject", "停车场收费有误，要求退费"},
        {"content", "上周六在地下二层停车两个小时，扣了八十元，价目表上写的是每小时八元，请核实并退还多扣的部分。"},
        {"demand", "退还多扣的费用"}};
    auto text = json::serialize(fresh);
    auto now = Clock::now();
    auto caller = caller_of(who);
    const auto made = co_await caller->post("/tickets", std::move(text), who.session);
    who.idle.push_back(std::move(caller));
    note("create", made, now);
    if (made.status != 201) co_return;
    const auto answer = made.json();
    Known ticket{std::string{answer.at("id").as_string()}, answer.at("version").as_int64(), agent};
    if (recent_.size() < remembered_max)
        recent_.push_back(ticket.id);
    else
        recent_[static_cast<std::size_t>(random(remembered_max))] = ticket.id;

    const bool at_once = random(10) < 6;
    json::object classified{{"class", at_once ? "help" : "complaint"},
                            {"grade", "L3"},
                            {"complexity", at_once ? "simple" : "complex"},
                            {"in_scope", true}};
    if (!co_await command(ticket, "classify", std::move(classified), Clock::now())) co_return;
    if (at_once) {
        json::object result{
            {"handling", "核对停车记录"}, {"solution", "退还多收部分"}, {"result", "已原路退回，客户确认"}};
        (void)co_await command(ticket, "resolve_at_first_contact", std::move(result), Clock::now());
        co_return;
    }
    json::object note{{"content", "客户语气平和，留了车牌号。"}};
    if (!co_await command(ticket, "note", std::move(note), Clock::now())) co_return;
    open_.push_back(std::move(ticket));
}

awaitable<void> Day::look_at_list(Moment planned, std::size_t agent)
{
    constexpr const char* views[] = {"mine", "inbox", "unit", "overdue", "all"};
    std::string target = fmt::format("/tickets?limit=50&view={}", views[random(5)]);
    (void)co_await get("list", std::move(target), planned, agent);
}

awaitable<void> Day::read_ticket(Moment planned, std::size_t agent)
{
    if (recent_.empty()) co_return;
    const auto id = recent_[static_cast<std::size_t>(random(static_cast<int>(recent_.size())))];
    (void)co_await get("read", "/tickets/" + id, planned, agent);
}

awaitable<void> Day::search(Moment planned, std::size_t agent)
{
    constexpr const char* words[] = {"%E5%81%9C%E8%BD%A6", "%E9%80%80%E8%B4%B9", "%E7%94%B5%E6%A2%AF", "0000",
                                     "%E9%80%80%E6%AC%BE%20%E6%9C%AA%E5%88%B0"};
    std::string target = fmt::format("/search?limit=20&q={}", words[random(5)]);
    (void)co_await get("search", std::move(target), planned, agent);
}

/// A later step of what was not settled in the call: progress, then the result.
awaitable<void> Day::go_on(Moment planned, std::size_t)
{
    if (open_.empty()) co_return;
    auto ticket = std::move(open_.front());
    open_.pop_front();
    json::object body{{"content", "已请现场核对，今天内答复您。"}};
    const bool done = co_await command(ticket, "reply", std::move(body), planned);
    if (done && ++ticket.step < 3) open_.push_back(std::move(ticket));
}

awaitable<void> Day::run()
{
    co_await make_agents();
    co_await open_sockets();
    std::cout << "begins\n" << std::flush;
    began_ = Clock::now();
    end_ = began_ + std::chrono::seconds{options_.seconds};
    const double calls = options_.calls;
    asio::co_spawn(context_, pace(calls, &Day::call), asio::detached);
    asio::co_spawn(context_, pace(calls * lists_per_call, &Day::look_at_list), asio::detached);
    asio::co_spawn(context_, pace(calls * reads_per_call, &Day::read_ticket), asio::detached);
    asio::co_spawn(context_, pace(calls * searches_per_call, &Day::search), asio::detached);
    asio::co_spawn(context_, pace(calls * later_steps_per_call, &Day::go_on), asio::detached);
    co_await wait_until(end_);
    for (const auto patience = Clock::now() + std::chrono::seconds{30}; stories_ > 0 && Clock::now() < patience;)
        co_await wait_until(Clock::now() + std::chrono::milliseconds{20});
    over_ = true;
    context_.stop();
}

void Day::report() const
{
    const auto line = [](const std::string& name, const Histogram& took, int seconds) {
        fmt::print("{:<10} {:>9} {:>9.0f}/s {:>9.1f} {:>9.1f} {:>9.1f} {:>9.1f} ms\n", name, took.count(),
                   static_cast<double>(took.count()) / seconds, took.at(0.5), took.at(0.99), took.at(0.999),
                   took.at(1));
    };
    fmt::print("{:<10} {:>9} {:>11} {:>9} {:>9} {:>9} {:>9}\n", "", "count", "mean rate", "p50", "p99", "p999",
               "greatest");
    for (const auto& [name, took] : figures_.took) line(name, took, options_.seconds);
    if (figures_.pushed.count() > 0) line("push", figures_.pushed, options_.seconds);
    for (const auto& [what, count] : figures_.failed) fmt::print("failed: {}, {} times\n", what, count);
    fmt::print("{} pushes came to {} subscribers, {} subscribers lost, {} planned operations turned away\n",
               figures_.pushes, options_.subscribers, figures_.sockets_lost, turned_away_);
}

std::optional<Options> options_of(int count, char** words)
{
    Options options;
    for (int i = 1; i + 1 < count; i += 2) {
        const std::string_view name = words[i];
        const std::string value = words[i + 1];
        if (name == "--url") {
            options.host = value.substr(0, value.find(':'));
            options.port = static_cast<std::uint16_t>(std::stoi(value.substr(value.find(':') + 1)));
        } else if (name == "--password") {
            options.password = value;
        } else if (name == "--seconds") {
            options.seconds = std::stoi(value);
        } else if (name == "--agents") {
            options.agents = std::stoi(value);
        } else if (name == "--calls") {
            options.calls = std::stoi(value);
        } else if (name == "--subscribers") {
            options.subscribers = std::stoi(value);
        } else if (name == "--see-all") {
            options.see_all = std::stoi(value);
        } else {
            return std::nullopt;
        }
    }
    return options.password.empty() || count % 2 == 0 ? std::nullopt : std::optional{options};
}

}  // namespace
}  // namespace shouwen::load

int main(int count, char** words)
{
    using namespace shouwen::load;
    const auto options = options_of(count, words);
    if (!options) {
        std::cerr << "centre_day --url HOST:PORT --password P [--seconds N] [--agents N] [--calls N] [--subscribers N] "
                     "[--see-all N]\n";
        return 2;
    }
    boost::asio::io_context context{1};
    Day day{context, *options};
    int result = 0;
    boost::asio::co_spawn(context, day.run(), [&](const std::exception_ptr& fault) {
        if (!fault) return;
        try {
            std::rethrow_exception(fault);
        } catch (const std::exception& what) {
            std::cerr << what.what() << "\n";
            result = 1;
        }
        context.stop();
    });
    context.run();
    if (result == 0) day.report();
    return result;
}
