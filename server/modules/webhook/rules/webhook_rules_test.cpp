#include "modules/webhook/rules/delivery.hpp"
#include "modules/webhook/rules/event_kind.hpp"
#include "modules/webhook/rules/signing.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <set>

namespace shouwen::webhook {
namespace {

using namespace std::chrono_literals;

/// The example that the standard's own libraries are tried with.
TEST(WebhookSigning, GivesTheSignatureOfTheStandardsExample)
{
    const auto at = from_ms(1'614'265'330'000);
    EXPECT_EQ(signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", at,
                        R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    EXPECT_EQ(signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", at + 999ms,
                        R"({"test": 2432232314})"),
              "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
        << "whole seconds";
}

TEST(WebhookSigning, CoversIdTimeAndBody)
{
    const auto secret = secret_of(std::string(24, 'k'));
    EXPECT_EQ(secret, "whsec_a2tra2tra2tra2tra2tra2tra2tra2tr");
    const auto at = from_ms(1'767'574'800'000);
    const auto signed_ = signature(secret, "msg_1", at, "{}");
    EXPECT_NE(signed_, signature(secret, "msg_2", at, "{}"));
    EXPECT_NE(signed_, signature(secret, "msg_1", at + 1s, "{}"));
    EXPECT_NE(signed_, signature(secret, "msg_1", at, "{ }"));
    EXPECT_NE(signed_, signature(secret_of(std::string(24, 'l')), "msg_1", at, "{}"));
    EXPECT_EQ(signature("a2tra2tr", "msg_1", at, "{}"), std::nullopt);
    EXPECT_EQ(signature("whsec_*", "msg_1", at, "{}"), std::nullopt);
}

TEST(WebhookSigning, BothSecretsSignWhileOneIsReplaced)
{
    const auto present = secret_of(std::string(24, 'n'));
    const auto old = secret_of(std::string(24, 'o'));
    const auto at = from_ms(1'000);
    EXPECT_EQ(signatures(present, old, "m", at, "{}"),
              *signature(present, "m", at, "{}") + " " + *signature(old, "m", at, "{}"));
    EXPECT_EQ(signatures(present, "", "m", at, "{}"), *signature(present, "m", at, "{}"));
}

TEST(WebhookDelivery, OnlySuccessIsAcceptanceAnd410IsTheEnd)
{
    for (const int status : {200, 201, 202, 204, 299}) EXPECT_EQ(judge(status), Verdict::accepted) << status;
    for (const int status :
         {0, 100, 199, 300, 301, 302, 304, 307, 308, 400, 401, 403, 404, 409, 411, 418, 429, 500, 503, 599})
        EXPECT_EQ(judge(status), Verdict::failed) << status;
    EXPECT_EQ(judge(410), Verdict::gone);
}

TEST(WebhookDelivery, TriesForMoreThanADayInGrowingSteps)
{
    const auto all = delays();
    ASSERT_EQ(all.size(), 7U);
    EXPECT_EQ(all.front(), 5s);
    EXPECT_TRUE(std::ranges::is_sorted(all));
    const auto total = std::accumulate(all.begin(), all.end(), Duration{});
    EXPECT_GT(total, 27h);
    EXPECT_LT(total, patience / 2) << "even with jitter every message ends before its receiver is given up";
}

TEST(WebhookDelivery, APatientFiveDaysPass)
{
    const auto since = from_ms(0);
    EXPECT_FALSE(is_given_up(std::nullopt, since + 1000h));
    EXPECT_FALSE(is_given_up(since, since + 120h - 1ms));
    EXPECT_TRUE(is_given_up(since, since + 120h));
}

TEST(WebhookKind, IsTheEventsNameWithItsNounInFront)
{
    EXPECT_EQ(kind_of("ticket_received"), "ticket.received");
    EXPECT_EQ(kind_of("responded"), "ticket.responded");
    EXPECT_EQ(kind_of("obligation_opened"), "obligation.opened");
    EXPECT_EQ(kind_of("slip_issued"), "slip.issued");
    EXPECT_EQ(kind_of("ticketed"), "ticket.ticketed");
    std::set<std::string> once;
    for (const auto& kind : kinds()) {
        EXPECT_TRUE(once.insert(kind).second) << kind;
        EXPECT_TRUE(is_kind(kind));
    }
    for (const auto* kind : {"ticket.received", "ticket.archived", "obligation.warned", "obligation.breached"})
        EXPECT_TRUE(is_kind(kind)) << kind;
    EXPECT_FALSE(is_kind("ticket_received"));
    EXPECT_FALSE(is_kind(test_kind));
}

}  // namespace
}  // namespace shouwen::webhook
