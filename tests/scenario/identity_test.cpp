#include "app/verify.hpp"
#include "platform/sqlite/store_fixture.hpp"
#include "scenario/centre.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

// What is about an account is answered to whom we know (E3).

namespace shouwen::scenario {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string verification(std::string_view method, std::string_view reference)
{
    return fields({{"method", method}, {"reference", reference}});
}

/// A matter of agent1 that is about an account.
std::string account_matter(Centre& centre)
{
    const auto id = centre.call("agent1", "business");
    const auto classified = centre.command(
        "agent1", id, "classify",
        R"({"class":"business","category":"account_change","grade":"L3","complexity":"simple","in_scope":true})");
    EXPECT_EQ(classified.status, 200) << classified.text;
    return id;
}

TEST(E3_Identity, IsAskedRepeatedBackAndRecordedBeforeAnAnswerIsGiven)
{
    Centre centre{monday_9h};
    const auto id = account_matter(centre);
    const auto before = centre.get("agent1", "/api/v1/tickets/" + id);
    EXPECT_EQ(before.at("/identity/needed"), "true");
    EXPECT_EQ(before.at("/identity/may_be_asked"), "true");
    EXPECT_EQ(centre.command("agent1", id, "reply", fields({{"content", "您的手机号是"}})).code(), "identity_missing");
    EXPECT_EQ(centre.command("agent1", id, "resolve_at_first_contact", result_text()).code(), "identity_missing");
    EXPECT_EQ(centre.command("agent1", id, "tell_progress", fields({{"content", "请先核对身份"}})).status, 200);
    const auto foreign = centre.command("agent1", id, "verify_identity", verification("asked", "id_card_no"));
    EXPECT_EQ(foreign.status, 422);
    EXPECT_EQ(foreign.at("/errors/0/pointer"), "/reference");
    const auto known = centre.command("agent1", id, "verify_identity", verification("asked", "name,phone_tail"));
    ASSERT_EQ(known.status, 200) << known.text;
    EXPECT_EQ(known.at("/identity/verified/method"), "asked");
    EXPECT_EQ(centre.command("agent1", id, "reply", fields({{"content", "已为您修改"}})).status, 200);
    EXPECT_EQ(centre.command("merchant1_agent", id, "verify_identity", verification("asked", "name")).status, 404);
    centre.settle();
    EXPECT_THAT(app::check_store(centre.app().store()).findings, IsEmpty());
}

TEST(E3_Identity, IsCheckedByTheSystemFromATableThatKnowsTheNumber)
{
    const sqlite::TemporaryFolder folder;
    const auto table = folder.path() / "numbers.csv";
    std::ofstream{table} << "kind,reference\naccount_no,A2024-0187\norder_no,QM20260105018\n";
    Centre centre{monday_9h, [&](app::CentreOptions& options) { options.identity.table = table; }};
    const auto id = account_matter(centre);
    const auto unknown = centre.command("agent1", id, "verify_identity", verification("account_no", "A9999 0000"));
    EXPECT_EQ(unknown.status, 422);
    EXPECT_EQ(unknown.code(), "identity_unknown");
    const auto known = centre.command("agent1", id, "verify_identity", verification("account_no", "a2024 0187"));
    ASSERT_EQ(known.status, 200) << known.text;
    EXPECT_EQ(known.at("/identity/verified/reference"), "****187");
    const auto events = centre.get("agent1", "/api/v1/tickets/" + id + "/events");
    EXPECT_THAT(events.text, Not(HasSubstr("a2024"))) << "the number itself is on no record";
}

TEST(E3_Identity, IsRefusedWhileNobodyCanBeAskedAndConfirmedByASupervisorOnRecord)
{
    // Nothing listens there, and the guard opens no inner address: either way nobody answers.
    Centre centre{monday_9h,
                  [](app::CentreOptions& options) { options.identity.url = "https://127.0.0.1:1/identity"; }};
    const auto id = account_matter(centre);
    const auto down = centre.command("agent1", id, "verify_identity", verification("order_no", "QM20260105018"));
    EXPECT_EQ(down.status, 409);
    EXPECT_EQ(down.code(), "identity_look_up_down");
    EXPECT_EQ(centre.command("agent1", id, "verify_identity", verification("supervised", "已回拨登记号码")).status,
              403);
    EXPECT_EQ(centre.command("supervisor1", id, "verify_identity", verification("supervised", "已回拨登记号码")).status,
              200);
    EXPECT_EQ(centre.command("agent1", id, "reply", fields({{"content", "已为您修改"}})).status, 200);
    centre.settle();
    EXPECT_THAT(app::check_store(centre.app().store()).findings, IsEmpty());
}

}  // namespace
}  // namespace shouwen::scenario
