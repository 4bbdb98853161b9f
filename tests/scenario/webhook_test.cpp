#include "base/hmac.hpp"
#include "modules/webhook/rules/signing.hpp"
#include "platform/outgoing/receiver_for_tests.hpp"
#include "scenario/centre.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>

namespace shouwen::scenario {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using outgoing::testing::Receiver;
using testing::Contains;

using testing::ElementsAre;
using testing::HasSubstr;

using testing::Not;
using testing::SizeIs;

std::string body_of(const std::string& name, const std::string& url, const std::string& kinds)
{
    return fmt::format(R"({{"name":"{}","url":"{}","kinds":[{}]}})", name, url, kinds);
}

struct Hook {
    std::string id, secret, path;
};

Hook given_webhook(Centre& centre, const std::string& url, const std::string& kinds = R"("ticket.received")",
                   const std::string& name = "CRM")
{
    const auto made = centre.post("admin", "/api/v1/webhooks", body_of(name, url, kinds));
    EXPECT_EQ(made.status, 201) << made.text;
    return {made.id(), made.at("/secret"), "/api/v1/webhooks/" + made.id()};
}

std::vector<std::string> kinds_of(const Receiver& receiver)
{
    std::vector<std::string> kinds;
    for (const auto& each : receiver.received()) kinds.emplace_back(json::parse(each.body).at("type").as_string());
    return kinds;
}

/// As a receiver does it, from the bytes that came.
bool is_signed(const Receiver::Received& request, const std::string& secret)
{
    const auto at = Instant{std::chrono::seconds{std::stoll(request.headers.at("webhook-timestamp"))}};
    const auto expected = webhook::signature(secret, request.headers.at("webhook-id"), at, request.body);
    const auto given = " " + request.headers.at("webhook-signature") + " ";
    return expected && given.find(" " + *expected + " ") != std::string::npos;
}

TEST(D6_Webhook, TellsWhatWasAskedForSignedAndInOrder)
{
    Receiver receiver;
    Centre centre;
    const auto hook =
        given_webhook(centre, receiver.url("/in"),
                      R"("ticket.received","ticket.ownership_taken","ticket.classified","obligation.warned")");
    const auto request = centre.web_request();
    centre.command("agent1", request.id, "respond", fields({{"content", "您好，内部电话 13812345678"}}));
    centre.command("agent1", request.id, "classify", classification("L3"));
    centre.settle();

    EXPECT_THAT(kinds_of(receiver), ElementsAre("ticket.received", "ticket.ownership_taken", "ticket.classified"));
    const auto all = receiver.received();
    for (const auto& each : all) {
        EXPECT_TRUE(is_signed(each, hook.secret)) << each.body;
        EXPECT_EQ(each.path, "/in");
        EXPECT_EQ(each.headers.at("content-type"), "application/json");
        EXPECT_THAT(each.body, Not(HasSubstr("13812345678"))) << "what is in a ticket stays inside";
    }
    const auto told = json::parse(all[2].body).at("data");
    EXPECT_EQ(std::string{told.at("ticket_id").as_string()}, request.id);
    EXPECT_EQ(std::string{told.at("number").as_string()}, request.number);
    EXPECT_EQ(told.at("version").as_int64(), centre.version_of(request.id));

    const auto deliveries = centre.get("admin", hook.path + "/deliveries");
    ASSERT_EQ(deliveries.count(), 3U) << deliveries.text;
    EXPECT_EQ(deliveries.at("/items/0/kind"), "ticket.classified");
    EXPECT_EQ(deliveries.at("/items/0/state"), "sent");
    EXPECT_EQ(deliveries.at("/items/0/status"), "200");
    const auto one = centre.get("admin", hook.path + "/deliveries/" + deliveries.at("/items/0/id"));
    EXPECT_EQ(one.at("/body"), all[2].body);
    EXPECT_EQ(one.at("/webhook_id"), all[2].headers.at("webhook-id"));
    EXPECT_EQ(one.at("/attempts/0/answer"), "ok");

    centre.advance(48h);
    EXPECT_THAT(kinds_of(receiver), Contains("obligation.warned"));
}

TEST(D6_Webhook, F47_IsTriedAgainUnderItsIdUntilItArrives)
{
    std::atomic<int> asked{0};
    Receiver receiver{[&](const auto&) {
        const int times = ++asked;
        if (times == 1) return Receiver::status("500 Oops", "", "<h1>坏了</h1>");
        if (times == 2) return Receiver::status("301 Moved", "Location: http://127.0.0.1:1/\r\n");
        if (times == 3) return Receiver::status("429 Slowly", "Retry-After: 7200\r\n");
        return Receiver::status("204 Done");
    }};
    Centre centre;
    const auto hook = given_webhook(centre, receiver.url());
    centre.web_request();
    centre.settle();
    EXPECT_EQ(asked, 1);
    const auto waits = centre.get("admin", hook.path + "/deliveries", {{"state", "pending"}});
    ASSERT_EQ(waits.count(), 1U);
    EXPECT_EQ(waits.at("/items/0/last_error"), "HTTP 500");
    EXPECT_EQ(centre.get("admin", hook.path).at("/failing_since"), to_rfc3339(monday_9h));
    EXPECT_EQ(centre.get("admin", hook.path).at("/pending_count"), "1");

    centre.advance(8s);  // the longest that jitter makes of five seconds
    EXPECT_EQ(asked, 2);
    centre.advance(8min);
    EXPECT_EQ(asked, 3);
    centre.advance(1h);
    EXPECT_EQ(asked, 3) << "the receiver wished two hours";
    centre.advance(1h);
    EXPECT_EQ(asked, 4);

    const auto all = receiver.received();
    for (const auto& each : all) EXPECT_EQ(each.headers.at("webhook-id"), all[0].headers.at("webhook-id"));
    EXPECT_NE(all[3].headers.at("webhook-timestamp"), all[0].headers.at("webhook-timestamp"));
    for (const auto& each : all) EXPECT_TRUE(is_signed(each, hook.secret));
    const auto sent = centre.get("admin", hook.path + "/deliveries", {{"state", "sent"}});
    const auto one = centre.get("admin", hook.path + "/deliveries/" + sent.at("/items/0/id"));
    ASSERT_EQ(one.count("/attempts"), 4U) << one.text;
    EXPECT_EQ(one.at("/attempts/0/status"), "500");
    EXPECT_EQ(one.at("/attempts/0/answer"), "<h1>坏了</h1>");
    EXPECT_EQ(one.at("/attempts/1/verdict"), "failed");
    EXPECT_EQ(one.at("/attempts/3/verdict"), "accepted");
    EXPECT_EQ(centre.get("admin", hook.path).at("/failing_since"), "null");
}

TEST(D6_Webhook, F47_ADeadReceiverHoldsUpNoOtherAndItsLettersAreSentAgain)
{
    std::atomic<bool> works{false};
    Receiver broken{[&](const auto&) { return works ? Receiver::Answer{} : Receiver::status("503 No"); }};
    Receiver sound;
    Centre centre;
    const auto bad = given_webhook(centre, broken.url(), R"("ticket.received")", "坏的");
    given_webhook(centre, sound.url(), R"("ticket.received")", "好的");
    for (int i = 0; i < 12; ++i) centre.web_request();
    centre.settle();
    EXPECT_THAT(sound.received(), SizeIs(12));
    for (const auto delay : {8s, 480s, 2'700s, 10'800s, 27'000s, 54'000s, 54'000s}) centre.advance(delay);
    const auto letters = centre.get("admin", "/api/v1/dead_letters");
    ASSERT_EQ(letters.count(), 12U) << letters.text;
    EXPECT_EQ(letters.at("/items/0/target_name"), "坏的");
    EXPECT_EQ(letters.at("/items/0/attempts_count"), "8");
    EXPECT_EQ(letters.at("/items/0/last_error"), "HTTP 503");
    EXPECT_EQ(centre.get("admin", bad.path).at("/dead_count"), "12");

    works = true;
    const auto before = broken.received().size();
    const auto path = "/api/v1/dead_letters/" + letters.at("/items/0/id") + "/commands/resend";
    EXPECT_EQ(centre.post("admin", path).status, 200);
    EXPECT_EQ(centre.post("admin", path).status, 404) << "it is no dead letter any more";
    centre.settle();
    EXPECT_THAT(broken.received(), SizeIs(before + 1));
    const auto again =
        centre.post("admin", bad.path + "/commands/resend_failed", fields({{"since", to_rfc3339(monday_9h)}}));
    EXPECT_EQ(again.at("/count"), "11") << again.text;
    centre.settle();
    EXPECT_THAT(broken.received(), SizeIs(before + 12));
    EXPECT_EQ(centre.get("admin", "/api/v1/dead_letters").count(), 0U);
    std::set<std::string> ids;
    for (const auto& each : broken.received()) ids.insert(each.headers.at("webhook-id"));
    EXPECT_THAT(ids, SizeIs(12)) << "no message has a second id";
}

TEST(D6_Webhook, IsSwitchedOffWhenItsReceiverSaysGoodbye)
{
    Receiver receiver{[](const auto&) { return Receiver::status("410 Gone"); }};
    Centre centre;
    const auto hook = given_webhook(centre, receiver.url());
    centre.web_request();
    centre.settle();
    const auto seen = centre.get("admin", hook.path);
    EXPECT_EQ(seen.at("/disabled_reason"), "gone") << seen.text;
    const auto notices = centre.get("admin", "/api/v1/notices");
    ASSERT_EQ(notices.count(), 1U) << notices.text;
    EXPECT_EQ(notices.at("/items/0/kind"), "webhook_disabled");
    EXPECT_EQ(notices.at("/items/0/webhook"), "CRM");
    centre.restart();
    centre.web_request();
    centre.settle();
    EXPECT_THAT(receiver.received(), SizeIs(1)) << "nothing more is sent";
    EXPECT_EQ(centre.post("admin", hook.path + "/commands/test").code(), "webhook_disabled");
    EXPECT_EQ(centre.post("admin", hook.path + "/commands/enable").at("/disabled_at"), "null");
}

TEST(D6_Webhook, IsSwitchedOffAfterFiveDaysOfNothingButFailures)
{
    Receiver receiver{[](const auto&) { return Receiver::status("500 No"); }};
    Centre centre;
    const auto hook = given_webhook(centre, receiver.url());
    for (int day = 0; day < 5; ++day) {
        centre.web_request();
        centre.settle();
        EXPECT_EQ(centre.get("admin", hook.path).at("/disabled_at"), "null") << day;
        centre.advance(24h);
    }
    centre.web_request();
    centre.settle();
    EXPECT_EQ(centre.get("admin", hook.path).at("/disabled_reason"), "failing");
    EXPECT_EQ(centre.get("admin", hook.path).at("/pending_count"), "0");
    EXPECT_EQ(centre.get("admin", "/api/v1/notices").at("/items/0/kind"), "webhook_disabled");
}

TEST(D6_Webhook, SignsWithBothSecretsForADayAfterOneIsReplaced)
{
    Receiver receiver;
    Centre centre;
    const auto hook = given_webhook(centre, receiver.url());
    const auto rotated = centre.post("admin", hook.path + "/commands/rotate_secret");
    const auto fresh = rotated.at("/secret");
    EXPECT_NE(fresh, hook.secret);
    EXPECT_THAT(fresh, HasSubstr("whsec_"));
    EXPECT_EQ(rotated.header("Cache-Control"), "no-store");
    centre.web_request();
    centre.settle();
    centre.advance(24h);
    centre.web_request();
    centre.settle();
    const auto all = receiver.received();
    ASSERT_THAT(all, SizeIs(2));
    EXPECT_TRUE(is_signed(all[0], hook.secret) && is_signed(all[0], fresh));
    EXPECT_TRUE(is_signed(all[1], fresh));
    EXPECT_FALSE(is_signed(all[1], hook.secret));
    EXPECT_THAT(centre.get("admin", hook.path).text, Not(HasSubstr("whsec_"))) << "shown once";
    EXPECT_THAT(centre.get("admin", "/api/v1/webhooks").text, Not(HasSubstr("whsec_")));
    EXPECT_THAT(centre.get("auditor1", "/api/v1/audit").text, Not(HasSubstr("whsec_")));
}

TEST(D6_Webhook, ATestGoesOutWhateverIsSubscribedToAndArrivesOnce)
{
    Receiver receiver;
    Centre centre;
    const auto hook = given_webhook(centre, receiver.url());
    const auto sent = centre.post("admin", hook.path + "/commands/test");
    ASSERT_EQ(sent.status, 200) << sent.text;
    EXPECT_EQ(sent.at("/state"), "pending");
    centre.settle();
    centre.restart();
    centre.settle();
    EXPECT_THAT(kinds_of(receiver), ElementsAre("webhook.test"));
    const auto path = hook.path + "/deliveries/" + sent.id();
    EXPECT_EQ(centre.get("admin", path).at("/state"), "sent");
    EXPECT_EQ(centre.post("admin", path + "/commands/resend").at("/state"), "pending");
    centre.settle();
    ASSERT_THAT(receiver.received(), SizeIs(2));
    EXPECT_EQ(receiver.received()[0].headers.at("webhook-id"), receiver.received()[1].headers.at("webhook-id"));
}

TEST(D6_Webhook, IsChangedOverTheVersionThatWasSeenAndRemoved)
{
    Receiver first, second;
    Centre centre;
    const auto hook = given_webhook(centre, first.url());
    const auto change = [&](const char* version) {
        return centre.put("admin", hook.path, body_of("CRM", second.url(), R"("ticket.received")"),
                          {{"if-match", version}});
    };
    EXPECT_EQ(change("\"7\"").status, 412);
    EXPECT_EQ(change("\"1\"").at("/version"), "2");
    centre.web_request();
    centre.settle();
    EXPECT_EQ(first.connections(), 0);
    EXPECT_THAT(second.received(), SizeIs(1));
    EXPECT_EQ(centre.post("admin", "/api/v1/webhooks", body_of("CRM", first.url(), R"("ticket.received")")).code(),
              "webhook_name_taken");
    EXPECT_EQ(centre.del("admin", hook.path).status, 204);
    centre.web_request();
    centre.settle();
    EXPECT_THAT(second.received(), SizeIs(1));
    EXPECT_EQ(centre.get("admin", hook.path).status, 404);
}

TEST(D6_Webhook, BadAddressesAndKindsAreToldAtTheirField)
{
    Centre centre;
    const struct {
        const char* url;
        const char* code;
    } cases[] = {{"hooks", "not_a_url"},
                 {"ftp://hooks.example.com/", "not_https"},
                 {"https://a:b@hooks.example.com/", "credentials_in_url"},
                 {"https://hooks.example.com:25/", "port_refused"},
                 {"https://10.0.0.1/", "address_refused"},
                 {"https://0xa9.0xfe.0xa9.0xfe/", "address_refused"},
                 {"https://[::ffff:127.0.0.1]/", "address_refused"}};
    for (const auto& c : cases) {
        SCOPED_TRACE(c.url);
        const auto answer = centre.post("admin", "/api/v1/webhooks", body_of("x", c.url, R"("ticket.received")"));
        EXPECT_EQ(answer.status, 422) << answer.text;
        EXPECT_EQ(answer.at("/errors/0/pointer"), "/url");
        EXPECT_EQ(answer.at("/errors/0/code"), c.code);
    }
    const auto kinds = centre.post("admin", "/api/v1/webhooks",
                                   body_of("x", "https://hooks.example.com/", R"("ticket.received","ticket.bought")"));
    EXPECT_EQ(kinds.at("/errors/0/pointer"), "/kinds/1") << kinds.text;
    EXPECT_EQ(kinds.at("/errors/0/code"), "event_kind_unknown");
    EXPECT_EQ(centre.get("admin", "/api/v1/webhooks").count(), 0U);
}

TEST(D14_Webhook, IsTheAdministratorsAffairAndEachChangeIsOnRecord)
{
    Receiver receiver;
    Centre centre;
    const auto hook = given_webhook(centre, receiver.url());
    for (const auto* who : {"agent1", "supervisor1", "manager1", "leader1", "auditor1", "merchant1_admin"}) {
        SCOPED_TRACE(who);
        for (const auto& path : {std::string{"/api/v1/webhooks"}, hook.path, hook.path + "/deliveries",
                                 std::string{"/api/v1/dead_letters"}})
            EXPECT_EQ(centre.get(who, path).status, 403) << path;
        EXPECT_EQ(centre.post(who, hook.path + "/commands/rotate_secret").status, 403);
        EXPECT_EQ(centre.del(who, hook.path).status, 403);
    }
    for (const auto* name : {"disable", "enable", "rotate_secret", "test"})
        EXPECT_EQ(centre.post("admin", hook.path + "/commands/" + name).status, 200) << name;
    centre.del("admin", hook.path);
    const auto audit = centre.get("auditor1", "/api/v1/audit").text;
    for (const auto* action : {"webhook_created", "webhook_disabled", "webhook_enabled", "webhook_secret_rotated",
                               "webhook_tested", "webhook_removed"})
        EXPECT_THAT(audit, HasSubstr(action));
}

TEST(D6_Webhook, FiguresTellWhatWaitsAndWhatIsDead)
{
    Receiver receiver{[](const auto&) { return Receiver::status("500 No"); }};
    Centre centre;
    given_webhook(centre, receiver.url());
    centre.web_request();
    centre.settle();
    const auto metrics = centre.get("", "/metrics").text;
    EXPECT_THAT(metrics, HasSubstr("outbox_pending{channel=\"webhook\"} 1"));
    EXPECT_THAT(metrics, HasSubstr("outbox_attempts_total{channel=\"webhook\",outcome=\"failed\"} 1"));
}

}  // namespace
}  // namespace shouwen::scenario
