#pragma once

#include "app/centre.hpp"
#include "platform/clock/clock.hpp"
#include "platform/http/http.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <boost/json.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

/// The whole server in the process, over an empty store (embedded, or PostgreSQL) and a clock that the test moves, with a small organisation.
namespace shouwen::postgres {
class TemporaryDatabase;
}

namespace shouwen::scenario {

/// 2026-01-05, a Monday, 09:00 in Shanghai.
inline constexpr Instant monday_9h{Duration{1'767'574'800'000}};

/// One answer, read.
struct Answer {
    int status = 0;
    boost::json::value body;  ///< null when there is none, or none that is JSON
    http::Fields headers;
    std::string text;

    std::string header(std::string_view name) const;
    /// The member at a pointer as text: strings without quotes, all else as JSON; empty when there is none.
    std::string at(std::string_view pointer) const;
    std::size_t count(std::string_view pointer = "/items") const;
    std::string code() const { return at("/code"); }
    std::int64_t version() const;
    std::string id() const { return at("/id"); }
};

/// What a request has beyond its path and body.
struct Extras {
    http::Fields headers = {};
    http::Fields query = {};
};

class Centre {
public:
    /// @param adjust  what the server is configured with beyond its store
    explicit Centre(Instant start = monday_9h, std::function<void(app::CentreOptions&)> adjust = {});
    /// Another node on the database of the first, with the same files and people; who asks it has signed in at the first.
    /// @param store  another way to the same database
    explicit Centre(Centre& first, std::string store = {});
    ~Centre();

    // --- Asking. `who` is a login; empty: signed out.
    Answer get(std::string_view who, const std::string& path, http::Fields query = {});
    Answer post(std::string_view who, const std::string& path, const std::string& body = "{}",
                http::Fields headers = {});
    Answer put(std::string_view who, const std::string& path, const std::string& body, http::Fields headers = {});
    Answer del(std::string_view who, const std::string& path);
    Answer ask(std::string_view who, http::Method method, const std::string& path, const std::string& body,
               Extras extras);
    /// A command upon a ticket, with the version that the ticket has now.
    Answer command(std::string_view who, const std::string& ticket, std::string_view name,
                   const std::string& body = "{}");
    /// The customer's page.
    Answer customer_get(const std::string& number, const std::string& secret);
    Answer customer_post(const std::string& number, const std::string& secret, std::string_view what,
                         const std::string& body);

    // --- Given
    struct Request {
        std::string id, number, secret;
    };
    /// A customer's own request from the web page. @param merchant  its name, or empty
    Request web_request(const std::string& subject = "电梯停运", std::string_view merchant = "");
    /// A call that an agent takes. @returns the ticket's id
    std::string call(std::string_view who = "agent1", const std::string& class_name = "consultation");
    /// A call brought to the step by its owner, by the shortest way.
    std::string call_in_handling(const std::string& grade = "L3", std::string_view who = "agent1");
    std::string call_with_result(std::string_view who = "agent1");

    // --- Time
    void advance(Duration time);
    void settle() { centre_->settle(); }
    Instant now() const { return clock_.now(); }
    ManualClock& clock() { return clock_; }
    /// Closes the store and opens it again, as a restart does.
    void restart();
    void stop();
    void start();
    /// From now on every write finds the queue full (503), so that what is stored stays as it is.
    void refuse_writes();

    // --- Looking
    std::int64_t version_of(const std::string& ticket);
    /// Kinds of a person's notices about a ticket, oldest first.
    std::vector<std::string> notices(std::string_view who, const std::string& ticket);
    /// The row of the ticket's newest obligation of that kind, as GET …/obligations tells it; null when there is none.
    boost::json::value obligation(const std::string& ticket, std::string_view kind);
    std::string unit(std::string_view name) const { return units_.at(std::string{name}).text(); }
    std::string staff(std::string_view login) const;
    app::Centre& app() { return *centre_; }
    /// As `CentreOptions::store` names it.
    std::string store_name() const;
    /// The file, for tests that look into it; those skip on a database.
    std::filesystem::path store_path() const { return folder_ / "shouwen.db"; }
    bool is_embedded() const { return !database_ && !first_; }
    const std::vector<http::Route>& routes() const { return routes_; }
    const std::vector<api::Routes::Registered>& registered() const { return centre_->routes().registered(); }
    static std::string_view password() { return "correct horse battery"; }

    struct Session {
        std::string cookie, csrf;
        Instant since{};
    };
    /// Signs in once a person, by the real route, and again when the clock has moved so far that a session may be over.
    const Session& session(std::string_view who);
    void forget_session(std::string_view who) { sessions_.erase(std::string{who}); }

private:
    void make_organisation();

    sqlite::TemporaryFolder folder_;
    std::function<void(app::CentreOptions&)> adjust_;
    std::unique_ptr<postgres::TemporaryDatabase> database_;  ///< none: the embedded store
    Centre* first_ = nullptr;                                ///< of a further node
    std::string store_;
    std::shared_ptr<std::atomic<bool>> writes_refused_ = std::make_shared<std::atomic<bool>>(false);
    ManualClock clock_;
    std::unique_ptr<app::Centre> centre_;
    std::vector<http::Route> routes_;
    std::map<std::string, UnitId> units_;
    std::map<std::string, Session, std::less<>> sessions_;
};

/// JSON of plain texts: `fields({{"content", "您好"}})`.
std::string fields(std::initializer_list<std::pair<std::string_view, std::string_view>> members);
/// The command `classify` as most tests want it.
std::string classification(std::string_view grade, std::string_view class_name = "repair",
                           std::string_view emotion = "");
std::string result_text();

}  // namespace shouwen::scenario
