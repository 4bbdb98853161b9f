#pragma once

#include "modules/webhook/store/webhooks.hpp"
#include "platform/clock/clock.hpp"
#include "platform/outbox/outbox.hpp"
#include "platform/outgoing/client.hpp"

#include <functional>

namespace shouwen::webhook {

/// Tells the administrators that a webhook was switched off, in the transaction that does it.
using TellAdministrators = std::function<void(sql::Connection&, const Webhook&, DisabledReason, Instant)>;

/// The outbox's way to webhooks: signs, posts, and records what came back. Reads the webhook for each attempt, so that a new
/// address or secret counts at once, also for what waits.
class WebhookChannel final : public outbox::Channel {
public:
    WebhookChannel(sql::Store& store, const Clock& clock, outgoing::Client& client, TellAdministrators tell)
        : store_(store), clock_(clock), client_(client), tell_(std::move(tell))
    {
    }
    void send(const outbox::Outgoing& message, Done done) override;

private:
    sql::Store& store_;
    const Clock& clock_;
    outgoing::Client& client_;
    const TellAdministrators tell_;
};

/// The stable id by which a receiver knows a repetition. It says when the message was made, so that the messages of a restored
/// store, whose numbers begin again, are not taken for those that went out before.
std::string message_id(outbox::MessageId id, Instant created_at);

outbox::RetryPolicy retry_policy();

}  // namespace shouwen::webhook
