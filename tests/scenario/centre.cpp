#include "scenario/centre.hpp"

#include "platform/postgres/server_fixture.hpp"

#include "modules/organisation/store/directory.hpp"
#include "modules/organisation/store/password.hpp"
#include "platform/json/json_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <future>

namespace shouwen::scenario {
namespace {

namespace json = boost::json;

std::vector<std::string> pieces(std::string_view path)
{
    std::vector<std::string> parts;
    for (std::size_t at = 0; at <= path.size();) {
        const auto end = std::min(path.find('/', at), path.size());
        parts.emplace_back(path.substr(at, end - at));
        at = end + 1;
    }
    return parts;
}

/// Fixed pieces before holes, as the server's own router has it.
bool matches(std::string_view pattern, const std::vector<std::string>& given, std::vector<std::string>& params,
             int& holes)
{
    const auto wanted = pieces(pattern);
    params.clear();
    holes = 0;
    if (wanted.size() != given.size()) return false;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (wanted[i].starts_with('{')) {
            params.push_back(given[i]);
            ++holes;
        } else if (wanted[i] != given[i]) {
            return false;
        }
    }
    return true;
}

/// A store that can be closed for writing.
class GatedStore final : public sql::Store {
public:
    GatedStore(std::unique_ptr<sql::Store> inner, std::shared_ptr<const std::atomic<bool>> closed)
        : inner_(std::move(inner)), closed_(std::move(closed))
    {
    }
    sql::Dialect dialect() const override { return inner_->dialect(); }
    void read(const std::function<void(sql::Connection&)>& work) override { inner_->read(work); }
    sql::Queued submit(sql::WriteJob job) override
    {
        return *closed_ ? sql::Queued::full : inner_->submit(std::move(job));
    }
    Duration expected_wait() const override { return inner_->expected_wait(); }
    sql::StoreFigures figures() const override { return inner_->figures(); }
    int join(const sql::Introduction& introduction) override { return inner_->join(introduction); }
    bool keep_number() override { return inner_->keep_number(); }
    sql::Feed& feed() override { return inner_->feed(); }

private:
    std::unique_ptr<sql::Store> inner_;
    std::shared_ptr<const std::atomic<bool>> closed_;
};

const std::string& hash_of_password()
{
    static const std::string hash = organisation::hash_password(Centre::password());
    return hash;
}

}  // namespace

std::string Answer::header(std::string_view name) const
{
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

std::string Answer::at(std::string_view pointer) const
{
    json::error_code absent;
    const auto* found = body.find_pointer(pointer, absent);
    if (!found) return {};
    return found->is_string() ? std::string{found->as_string()} : json::serialize(*found);
}

std::size_t Answer::count(std::string_view pointer) const
{
    json::error_code absent;
    const auto* found = body.find_pointer(pointer, absent);
    if (!found || !found->is_array()) throw std::logic_error("no list in " + text);
    return found->as_array().size();
}

std::int64_t Answer::version() const
{
    return body.at("version").as_int64();
}

Centre::Centre(Instant start, std::function<void(app::CentreOptions&)> adjust)
    : adjust_(std::move(adjust)), clock_(start)
{
    // The same stories on either database: the second run of the tests sets this.
    if (const char* wanted = std::getenv("SHOUWEN_TEST_STORE"); wanted && std::string_view{wanted} == "postgres") {
        if (!postgres::TemporaryServer::is_installed()) throw std::runtime_error("PostgreSQL is not installed");
        database_ = std::make_unique<postgres::TemporaryDatabase>(*postgres::TemporaryServer::shared());
    }
    this->start();
    make_organisation();
}

Centre::Centre(Centre& first, std::string store)
    : first_(&first),
      store_(store.empty() ? first.store_name() : std::move(store)),
      clock_(first.now()),
      units_(first.units_)
{
    this->start();
}

Centre::~Centre() = default;

std::string Centre::store_name() const
{
    if (first_) return store_;
    return database_ ? database_->url() : (folder_ / "shouwen.db").string();
}

void Centre::start()
{
    app::CentreOptions options{.store = store_name(),
                               .data_dir = (first_ ? first_->folder_ : folder_) / "data",
                               // The receivers of webhooks are on this machine.
                               .outgoing = {.allowed = {outgoing::AddressRange::parse("127.0.0.0/8").value()},
                                            .plain_http = true,
                                            .ports = {{443, 443}, {1'024, 65'535}}}};
    if (adjust_) adjust_(options);
    centre_ = std::make_unique<app::Centre>(options, clock_,
                                            std::make_unique<GatedStore>(app::open_store(options), writes_refused_));
    centre_->add_routes(&clock_);
    routes_ = centre_->routes().take();
}

void Centre::refuse_writes()
{
    *writes_refused_ = true;
}

void Centre::stop()
{
    routes_.clear();
    centre_.reset();
}

void Centre::restart()
{
    stop();
    start();
}

void Centre::make_organisation()
{
    using organisation::UnitKind;
    struct Person {
        const char* login;
        const char* name;
        const char* unit;
        const char* role;
    };
    static constexpr std::pair<const char*, UnitKind> units[] = {
        {"客户服务中心", UnitKind::department}, {"技术部", UnitKind::department}, {"服务监察部", UnitKind::department},
        {"公司领导", UnitKind::department},     {"一号店", UnitKind::merchant},   {"二号店", UnitKind::merchant},
        {"生产部", UnitKind::department}};
    static constexpr Person people[] = {{"agent1", "王芳", "客户服务中心", "agent"},
                                        {"agent2", "李娜", "客户服务中心", "agent"},
                                        {"agent3", "刘洋", "客户服务中心", "agent"},
                                        {"supervisor1", "陈静", "客户服务中心", "supervisor"},
                                        {"manager1", "赵敏", "客户服务中心", "manager"},
                                        {"admin", "系统管理员", "客户服务中心", "admin"},
                                        {"tech1", "周强", "技术部", "handler"},
                                        {"tech_head", "吴刚", "技术部", "unit_head"},
                                        {"inspector1", "郑洁", "服务监察部", "inspector"},
                                        {"auditor1", "孙立", "服务监察部", "auditor"},
                                        {"leader1", "钱总", "公司领导", "leader"},
                                        {"merchant1_admin", "一店长", "一号店", "unit_head"},
                                        {"merchant1_agent", "一店客服", "一号店", "merchant_agent"},
                                        {"merchant2_agent", "二店客服", "二号店", "merchant_agent"},
                                        {"production1", "何勇", "生产部", "handler"}};
    centre_->store().write([&](sql::Connection& db) {
        organisation::install_default_roles(db);
        for (const auto& [name, kind] : units)
            units_[name] = organisation::create_unit(db, centre_->ids(), clock_.now(), {.kind = kind, .name = name});
        for (const auto& person : people) {
            const auto id = organisation::create_staff(db, centre_->ids(), clock_.now(),
                                                       {.login = person.login,
                                                        .name = person.name,
                                                        .unit = units_.at(person.unit),
                                                        .roles = {{person.role, {}}}},
                                                       hash_of_password());
            if (person.login == std::string_view{"supervisor1"})
                organisation::update_unit(db, units_.at(person.unit), {.name = person.unit, .head = id});
        }
    });
}

std::string Centre::staff(std::string_view login) const
{
    return centre_->directory().current()->find_login(login)->id.text();
}

const Centre::Session& Centre::session(std::string_view who)
{
    if (first_) return first_->session(who);
    if (const auto found = sessions_.find(who); found != sessions_.end()) {
        if (std::chrono::abs(clock_.now() - found->second.since) < std::chrono::hours{1}) return found->second;
        sessions_.erase(found);
    }
    const auto answer =
        ask("", http::Method::post, "/api/v1/session", fields({{"login", who}, {"password", password()}}), {});
    if (answer.status != 200) throw std::logic_error("cannot sign in: " + answer.text);
    auto cookie = answer.header("Set-Cookie");
    cookie = cookie.substr(0, cookie.find(';'));
    return sessions_.emplace(who, Session{cookie, answer.at("/csrf_token"), clock_.now()}).first->second;
}

Answer Centre::ask(std::string_view who, http::Method method, const std::string& path, const std::string& body,
                   Extras extras)
{
    auto request = std::make_shared<http::Request>();
    request->method = method;
    request->path = path;
    request->body = body;
    request->query = std::move(extras.query);
    request->headers = std::move(extras.headers);
    request->remote_address = "127.0.0.1";
    request->id = "scenario";
    if (!who.empty()) {
        const auto& signed_in = session(who);
        request->headers.emplace_back("cookie", signed_in.cookie);
        if (method != http::Method::get) request->headers.emplace_back("x-csrf-token", signed_in.csrf);
    }
    const auto given = pieces(path);
    const http::Route* best = nullptr;
    int fewest = 1000;
    std::vector<std::string> params;
    for (const auto& route : routes_) {
        int holes = 0;
        if (route.method != method || !matches(route.pattern, given, params, holes) || holes >= fewest) continue;
        best = &route;
        fewest = holes;
        request->params = params;
    }
    if (!best) throw std::logic_error("no route for " + path);
    std::promise<http::Response> promised;
    best->handler(request, [&](http::Response response) { promised.set_value(std::move(response)); });
    auto response = promised.get_future().get();
    Answer answer{response.status, nullptr, response.headers, response.body};
    json::error_code not_json;
    auto value = json::parse(response.body, not_json);
    if (!not_json) answer.body = std::move(value);
    return answer;
}

Answer Centre::get(std::string_view who, const std::string& path, http::Fields query)
{
    return ask(who, http::Method::get, path, "", {.query = std::move(query)});
}
Answer Centre::post(std::string_view who, const std::string& path, const std::string& body, http::Fields headers)
{
    return ask(who, http::Method::post, path, body, {.headers = std::move(headers)});
}
Answer Centre::put(std::string_view who, const std::string& path, const std::string& body, http::Fields headers)
{
    return ask(who, http::Method::put, path, body, {.headers = std::move(headers)});
}
Answer Centre::del(std::string_view who, const std::string& path)
{
    return ask(who, http::Method::delete_, path, "", {});
}

std::int64_t Centre::version_of(const std::string& ticket)
{
    std::int64_t version = 0;
    centre_->store().read([&](sql::Connection& db) {
        version = ticket::load(db, TicketId::parse(ticket).value()).value().ticket.version;
    });
    return version;
}

Answer Centre::command(std::string_view who, const std::string& ticket, std::string_view name, const std::string& body)
{
    return post(who, fmt::format("/api/v1/tickets/{}/commands/{}", ticket, name), body,
                {{"if-match", fmt::format("\"{}\"", version_of(ticket))}});
}

Answer Centre::customer_get(const std::string& number, const std::string& secret)
{
    return ask("", http::Method::get, "/api/v1/public/requests/" + number, "",
               {.headers = {{"authorization", "Ticket " + secret}}});
}

Answer Centre::customer_post(const std::string& number, const std::string& secret, std::string_view what,
                             const std::string& body)
{
    return post("", fmt::format("/api/v1/public/requests/{}/{}", number, what), body,
                {{"authorization", "Ticket " + secret}});
}

Centre::Request Centre::web_request(const std::string& subject, std::string_view merchant)
{
    const auto place = merchant.empty() ? std::string{} : fmt::format(R"(,"merchant_id":"{}")", unit(merchant));
    const auto answer =
        post("", "/api/v1/public/requests",
             fmt::format(
                 R"({{"channel":"web","customer":{{"name":"刘洋","phone":"13800138000"}},"subject":"{}",)"
                 R"("content":"三号梯停在二楼，请尽快处理","class":"repair","category":"elevator","consent":true{}}})",
                 subject, place));
    if (answer.status != 201) throw std::logic_error("request refused: " + answer.text);
    return {answer.at("/ticket_id"), answer.at("/number"), answer.at("/secret")};
}

std::string Centre::call(std::string_view who, const std::string& class_name)
{
    const auto answer = post(
        who, "/api/v1/tickets",
        fmt::format(
            R"({{"channel":"phone","customer":{{"name":"张伟","phone":"13912345678"}},"subject":"补开发票","content":"想补开上月的发票",)"
            R"("demand":"补开发票","class":"{}"}})",
            class_name));
    if (answer.status != 201) throw std::logic_error("call refused: " + answer.text);
    return answer.id();
}

std::string Centre::call_in_handling(const std::string& grade, std::string_view who)
{
    const auto id = call(who, "repair");
    if (const auto answer = command(who, id, "classify", classification(grade)); answer.status != 200)
        throw std::logic_error(answer.text);
    return id;
}

std::string Centre::call_with_result(std::string_view who)
{
    const auto id = call(who);
    const auto answer = command(who, id, "resolve_at_first_contact", result_text());
    if (answer.status != 200) throw std::logic_error(answer.text);
    return id;
}

void Centre::advance(Duration time)
{
    clock_.advance(time);
    settle();
}

std::vector<std::string> Centre::notices(std::string_view who, const std::string& ticket)
{
    std::vector<std::string> kinds;
    const auto answer = get(who, "/api/v1/notices", {{"limit", "200"}});
    for (const auto& item : answer.body.at("items").as_array())
        if (item.at("ticket_id") == json::value(ticket))
            kinds.insert(kinds.begin(), std::string{item.at("kind").as_string()});
    return kinds;
}

json::value Centre::obligation(const std::string& ticket, std::string_view kind)
{
    const auto answer = get("supervisor1", "/api/v1/tickets/" + ticket + "/obligations");
    json::value newest;
    for (const auto& item : answer.body.at("items").as_array())
        if (item.at("kind").as_string() == kind) newest = item;
    return newest;
}

std::string fields(std::initializer_list<std::pair<std::string_view, std::string_view>> members)
{
    JsonWriter out;
    out.begin_object();
    for (const auto& [name, value] : members) out.member(name, value);
    out.end_object();
    return out.take();
}

std::string classification(std::string_view grade, std::string_view class_name, std::string_view emotion)
{
    return fmt::format(R"({{"class":"{}","category":"","grade":"{}","complexity":"simple","in_scope":true{}}})",
                       class_name, grade, emotion.empty() ? std::string{} : fmt::format(R"(,"emotion":"{}")", emotion));
}

std::string result_text()
{
    return fields({{"handling", "已核实并安排"}, {"solution", "按规定办理"}, {"result", "已办结"}});
}

}  // namespace shouwen::scenario
