#pragma once

#include "api/routes.hpp"
#include "modules/organisation/rules/organisation.hpp"
#include "modules/ticket/rules/ticket.hpp"
#include "platform/clock/clock.hpp"
#include "platform/http/http.hpp"
#include "platform/sql/feed.hpp"

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace shouwen::app {

/// Announces in the transaction that a ticket has changed. @param version  nothing: it looks different in lists, though no
/// command was carried out
void announce_ticket(sql::Connection& db, const organisation::TicketScope& scope, TicketId ticket,
                     std::optional<std::int64_t> version, std::string_view command);

/// Open pages of this node and what they may see: pushes are fenced by the same function as reads, at the moment of the
/// push. What is pushed comes from the store's feed, whichever node has changed it.
class Hub {
public:
    /// Who is signed in, for pages of those who are no longer.
    struct SignedIn {
        /// Ids of a person's sessions that are going on.
        std::function<std::vector<std::string>(StaffId)> sessions;
        /// Whether a program may still act for the person.
        std::function<bool(StaffId)> any_token;
    };
    /// Subscribed after those who keep copies: what a page asks for when it is told must be there.
    Hub(sql::Store& store, std::function<organisation::OrganisationPtr()> organisation, SignedIn signed_in);

    /// @returns the key to leave with
    std::uint64_t join(StaffId staff, std::string session, std::shared_ptr<http::Socket> socket);
    void leave(std::uint64_t key);

private:
    struct Subscriber {
        StaffId staff;
        std::string session;  ///< empty: a program's
        std::shared_ptr<http::Socket> socket;
        organisation::OrganisationPtr seen;  ///< of which `actor` was made
        organisation::Actor actor;
    };
    void publish_tickets(std::span<const std::string> announced);
    void publish_notices(std::span<const std::string> announced);
    /// The sockets of sessions that have ended go with 4001.
    void end_signed_out(std::span<const std::string> staff);
    void end_signed_out();
    bool is_signed_in(const Subscriber& subscriber) const;
    /// Nobody knows what these pages were not told: they come again at once and read everything anew.
    void send_away();

    sql::Store& store_;
    std::function<organisation::OrganisationPtr()> organisation_;
    SignedIn signed_in_;
    std::mutex mutex_;
    std::map<std::uint64_t, Subscriber> subscribers_;
    std::uint64_t last_key_ = 0;
    sql::Feed::Subscription tickets_;
    sql::Feed::Subscription notices_;
    sql::Feed::Subscription sign_ins_;
};

/// `GET /api/v1/stream`.
http::SocketRoute stream_route(Hub& hub, const sql::Store& store, const Clock& clock,
                               std::function<std::optional<api::Identity>(const http::Request&)> who);

}  // namespace shouwen::app
