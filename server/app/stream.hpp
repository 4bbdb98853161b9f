#pragma once

#include "api/routes.hpp"
#include "modules/organisation/rules/organisation.hpp"
#include "modules/ticket/rules/ticket.hpp"
#include "platform/clock/clock.hpp"
#include "platform/http/http.hpp"
#include "platform/outbox/outbox.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>

namespace shouwen::app {

/// Open pages and what they may see: pushes are fenced by the same function as reads, at the moment of the push.
class Hub {
public:
    explicit Hub(std::function<organisation::OrganisationPtr()> organisation) : organisation_(std::move(organisation))
    {
    }

    /// @returns the key to leave with
    std::uint64_t join(StaffId staff, std::string session, std::shared_ptr<http::Socket> socket);
    void leave(std::uint64_t key);

    void publish(const ticket::Ticket& ticket, std::string_view command);
    /// After obligations fired: the ticket looks different in lists, though no command was carried out.
    void publish_due(const organisation::TicketScope& scope, TicketId ticket);
    void publish_notices(std::span<const outbox::Notice> notices);
    /// The person's sessions have ended: the sockets go with 4001.
    void end(StaffId staff);
    /// One session has ended: the same for its sockets only. @param session  `Identity::session_id`
    void end_session(std::string_view session);

private:
    struct Subscriber {
        StaffId staff;
        std::string session;  ///< empty: a program's
        std::shared_ptr<http::Socket> socket;
        organisation::OrganisationPtr seen;  ///< of which `actor` was made
        organisation::Actor actor;
    };
    void send_where(const organisation::TicketScope& scope, const std::string& text);

    std::function<organisation::OrganisationPtr()> organisation_;
    std::mutex mutex_;
    std::map<std::uint64_t, Subscriber> subscribers_;
    std::uint64_t last_key_ = 0;
};

/// `GET /api/v1/stream`.
http::SocketRoute stream_route(Hub& hub, const Clock& clock,
                               std::function<std::optional<api::Identity>(const http::Request&)> who);

}  // namespace shouwen::app
