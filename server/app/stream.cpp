#include "app/stream.hpp"

#include "api/problem.hpp"
#include "modules/notice/store/notices.hpp"
#include "modules/organisation/store/organisation_store.hpp"
#include "platform/json/json_writer.hpp"
#include "platform/outbox/outbox.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace shouwen::app {
namespace {

constexpr std::uint16_t signed_out = 4001;
constexpr std::uint16_t come_again = 1012;
constexpr const char* ticket_topic = "ticket";
/// More units with a slip of one ticket are not told by a push; their lists show it when they are read again.
constexpr std::size_t slip_units_max = 200;

std::string ticket_message(TicketId ticket, std::optional<std::int64_t> version, std::string_view command)
{
    JsonWriter out;
    out.begin_object()
        .member("type", "ticket")
        .member("ticket_id", ticket)
        .member("version", version)
        .member("command", command)
        .end_object();
    return out.take();
}

std::string notice_message(const notice::Notice& notice)
{
    JsonWriter out;
    out.begin_object().member("type", "notice").member("ticket_id", notice.ticket).key("notice").begin_object();
    out.member("id", notice.id)
        .member("kind", notice.kind)
        .member("ticket_id", notice.ticket)
        .member("at", notice.at)
        .member("read_at", nullptr);
    // The payload is an object of our own making: its members stand beside the others, as in GET /notices.
    const std::string_view members = std::string_view{notice.payload}.substr(1, notice.payload.size() - 2);
    auto text = out.take();
    if (!members.empty()) (text += ",") += members;
    return text + "}}";
}

/// Takes the next word off.
std::string_view word(std::string_view& text)
{
    const auto end = std::min(text.find(' '), text.size());
    const auto found = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return found;
}

std::int64_t number(std::string_view& text)
{
    const auto digits = word(text);
    std::int64_t value = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return value;
}

/// A change of a ticket on its way: what is pushed, and who may see it.
struct TicketChange {
    TicketId ticket;
    std::optional<std::int64_t> version;
    std::string_view command;
    organisation::TicketScope scope;
};

TicketChange read_change(std::string_view text)
{
    TicketChange change;
    change.ticket = TicketId{number(text)};
    if (const auto version = number(text)) change.version = version;
    change.command = word(text);
    auto& scope = change.scope;
    scope.merchant = UnitId{number(text)};
    scope.owner = StaffId{number(text)};
    scope.owner_unit = UnitId{number(text)};
    scope.queue_unit = UnitId{number(text)};
    while (!text.empty()) scope.slip_units.push_back(UnitId{number(text)});
    return change;
}

}  // namespace

void announce_ticket(sql::Connection& db, const organisation::TicketScope& scope, TicketId ticket,
                     std::optional<std::int64_t> version, std::string_view command)
{
    auto text = fmt::format("{} {} {} {} {} {} {}", ticket.value, version.value_or(0), command, scope.merchant.value,
                            scope.owner.value, scope.owner_unit.value, scope.queue_unit.value);
    const auto slips = std::min(scope.slip_units.size(), slip_units_max);
    for (std::size_t i = 0; i < slips; ++i) text += fmt::format(" {}", scope.slip_units[i].value);
    db.announce(ticket_topic, text);
}

Hub::Hub(sql::Store& store, std::function<organisation::OrganisationPtr()> organisation, SignedIn signed_in)
    : store_(store), organisation_(std::move(organisation)), signed_in_(std::move(signed_in))
{
    auto& feed = store_.feed();
    tickets_ =
        feed.subscribe(ticket_topic, {[this](auto announced) { publish_tickets(announced); }, [this] { send_away(); }});
    notices_ = feed.subscribe(outbox::notice_topic,
                              {[this](auto announced) { publish_notices(announced); }, [this] { send_away(); }});
    sign_ins_ = feed.subscribe(organisation::sign_in_topic,
                               {[this](auto staff) { end_signed_out(staff); }, [this] { end_signed_out(); }});
}

std::uint64_t Hub::join(StaffId staff, std::string session, std::shared_ptr<http::Socket> socket)
{
    const std::lock_guard lock{mutex_};
    subscribers_.emplace(++last_key_, Subscriber{staff, std::move(session), std::move(socket), {}, {}});
    return last_key_;
}

void Hub::leave(std::uint64_t key)
{
    const std::lock_guard lock{mutex_};
    subscribers_.erase(key);
}

void Hub::publish_tickets(std::span<const std::string> announced)
{
    const auto organisation = organisation_();
    const std::lock_guard lock{mutex_};
    if (subscribers_.empty()) return;
    for (const auto& each : announced) {
        const auto change = read_change(each);
        std::vector<std::shared_ptr<http::Socket>> sockets;
        for (auto& [key, subscriber] : subscribers_) {
            if (subscriber.seen != organisation) {
                subscriber.seen = organisation;
                subscriber.actor = organisation->actor(subscriber.staff).value_or(organisation::Actor{});
            }
            if (organisation::can_see(subscriber.actor, change.scope)) sockets.push_back(subscriber.socket);
        }
        http::send_to_all(sockets, ticket_message(change.ticket, change.version, change.command));
    }
}

void Hub::publish_notices(std::span<const std::string> announced)
{
    std::set<StaffId> here;
    {
        const std::lock_guard lock{mutex_};
        for (const auto& [key, subscriber] : subscribers_) here.insert(subscriber.staff);
    }
    std::vector<NoticeId> wanted;
    for (std::string_view each : announced) {
        const NoticeId id{number(each)};
        if (here.contains(StaffId{number(each)})) wanted.push_back(id);
    }
    if (wanted.empty()) return;
    std::vector<notice::Addressed> notices;
    store_.read([&](sql::Connection& db) { notices = notice::find_all(db, wanted); });
    const std::lock_guard lock{mutex_};
    for (const auto& [staff, notice] : notices) {
        const auto text = notice_message(notice);
        for (auto& [key, subscriber] : subscribers_)
            if (subscriber.staff == staff) subscriber.socket->send(text);
    }
}

bool Hub::is_signed_in(const Subscriber& subscriber) const
{
    if (subscriber.session.empty()) return signed_in_.any_token(subscriber.staff);
    return std::ranges::count(signed_in_.sessions(subscriber.staff), subscriber.session) > 0;
}

void Hub::end_signed_out(std::span<const std::string> staff)
{
    const std::lock_guard lock{mutex_};
    for (auto& [key, subscriber] : subscribers_)
        if (std::ranges::find(staff, subscriber.staff.text()) != staff.end() && !is_signed_in(subscriber))
            subscriber.socket->close(signed_out, "signed out");
}

void Hub::end_signed_out()
{
    const std::lock_guard lock{mutex_};
    for (auto& [key, subscriber] : subscribers_)
        if (!is_signed_in(subscriber)) subscriber.socket->close(signed_out, "signed out");
}

void Hub::send_away()
{
    const std::lock_guard lock{mutex_};
    for (auto& [key, subscriber] : subscribers_) subscriber.socket->close(come_again, "news were missed");
}

http::SocketRoute stream_route(Hub& hub, const sql::Store& store, const Clock& clock,
                               std::function<std::optional<api::Identity>(const http::Request&)> who)
{
    auto accept = [&hub, &clock, who = std::move(who)](
                      const std::shared_ptr<http::Request>& request,
                      const std::function<void(std::optional<http::SocketEvents>, http::Response)>& decide) {
        const auto identity = who(*request);
        if (!identity)
            return decide(std::nullopt, api::respond({.code = "not_signed_in"},
                                                     api::pick_language(request->header("accept-language"))));
        const auto key = std::make_shared<std::uint64_t>(0);
        http::SocketEvents events;
        events.on_open = [&hub, &clock, key, staff = identity->actor.staff,
                          session = identity->session_id](const std::shared_ptr<http::Socket>& socket) {
            JsonWriter out;
            out.begin_object().member("type", "hello").member("server_time", clock.now()).end_object();
            socket->send(out.take());
            *key = hub.join(staff, session, socket);
        };
        events.on_text = [](std::string_view) {};  // nothing is asked here; what comes counts as a sign of life
        events.on_close = [&hub, key] { hub.leave(*key); };
        decide(std::move(events), {});
    };
    return {.pattern = "/api/v1/stream",
            .accept = std::move(accept),
            // As with reads: whoever asks may have to be looked up in a database on another machine.
            .lane = store.dialect() == sql::Dialect::sqlite ? http::Lane::loop : http::Lane::pool,
            .message_bytes_max = 4096,
            .queue_messages_max = 1024};
}

}  // namespace shouwen::app
