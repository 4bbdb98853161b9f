#include "app/stream.hpp"

#include "api/problem.hpp"
#include "modules/ticket/store/desk.hpp"
#include "platform/json/json_writer.hpp"

namespace shouwen::app {
namespace {

constexpr std::uint16_t signed_out = 4001;

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

std::string notice_message(const outbox::Notice& notice)
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

}  // namespace

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

void Hub::send_where(const organisation::TicketScope& scope, const std::string& text)
{
    const auto organisation = organisation_();
    const std::lock_guard lock{mutex_};
    for (auto& [key, subscriber] : subscribers_) {
        if (subscriber.seen != organisation) {
            subscriber.seen = organisation;
            subscriber.actor = organisation->actor(subscriber.staff).value_or(organisation::Actor{});
        }
        if (organisation::can_see(subscriber.actor, scope)) subscriber.socket->send(text);
    }
}

void Hub::publish(const ticket::Ticket& ticket, std::string_view command)
{
    send_where(ticket::scope_of(ticket), ticket_message(ticket.id, ticket.version, command));
}

void Hub::publish_due(const organisation::TicketScope& scope, TicketId ticket)
{
    send_where(scope, ticket_message(ticket, std::nullopt, "obligation_due"));
}

void Hub::publish_notices(std::span<const outbox::Notice> notices)
{
    const std::lock_guard lock{mutex_};
    for (const auto& notice : notices)
        for (auto& [key, subscriber] : subscribers_)
            if (subscriber.staff == notice.staff) subscriber.socket->send(notice_message(notice));
}

void Hub::end(StaffId staff)
{
    const std::lock_guard lock{mutex_};
    for (auto& [key, subscriber] : subscribers_)
        if (subscriber.staff == staff) subscriber.socket->close(signed_out, "signed out");
}

void Hub::end_session(std::string_view session)
{
    const std::lock_guard lock{mutex_};
    for (auto& [key, subscriber] : subscribers_)
        if (subscriber.session == session) subscriber.socket->close(signed_out, "signed out");
}

http::SocketRoute stream_route(Hub& hub, const Clock& clock,
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
            .message_bytes_max = 4096,
            .queue_messages_max = 1024};
}

}  // namespace shouwen::app
