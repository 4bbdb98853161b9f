#include "scenario/centre.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace shouwen::scenario {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// One matter of each house; its words tell whose it is.
struct Houses {
    Centre centre{monday_9h};
    Centre::Request platform = centre.web_request("平台的电梯");
    Centre::Request first = centre.web_request("一号店的柜台", "一号店");
    Centre::Request second = centre.web_request("二号店的柜台", "二号店");
    Houses() { centre.settle(); }
};

std::vector<std::string> subjects(const Answer& list, std::string_view member = "subject")
{
    std::vector<std::string> found;
    for (const auto& item : list.body.at("items").as_array()) found.emplace_back(item.at(member).as_string());
    std::ranges::sort(found);
    return found;
}

TEST(C1_Merchants, SeeTheirOwnInLists)
{
    Houses houses;
    auto& centre = houses.centre;
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets").count(), 3U);
    for (const auto* view : {"all", "inbox"}) {
        SCOPED_TRACE(view);
        EXPECT_THAT(subjects(centre.get("merchant1_agent", "/api/v1/tickets", {{"view", view}})),
                    ElementsAre("一号店的柜台"));
        EXPECT_THAT(subjects(centre.get("merchant2_agent", "/api/v1/tickets", {{"view", view}})),
                    ElementsAre("二号店的柜台"));
    }
    for (const auto& [name, value] :
         http::Fields{{"merchant_id", centre.unit("二号店")}, {"unit_id", centre.unit("二号店")}, {"step", "intake"}}) {
        SCOPED_TRACE(name);
        for (const auto& subject : subjects(centre.get("merchant1_agent", "/api/v1/tickets", {{name, value}})))
            EXPECT_EQ(subject, "一号店的柜台");
    }
    centre.advance(2h);
    EXPECT_THAT(subjects(centre.get("merchant1_agent", "/api/v1/tickets", {{"view", "overdue"}})),
                ElementsAre("一号店的柜台"));
    const auto counts = centre.get("merchant1_agent", "/api/v1/tickets/counts");
    EXPECT_EQ(counts.at("/inbox"), "1");
    EXPECT_EQ(counts.at("/overdue"), "1");
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets/counts").at("/inbox"), "3");
}

TEST(C1_Merchants, SeeTheirOwnInSearchAndCustomers)
{
    Houses houses;
    auto& centre = houses.centre;
    for (const auto* words : {"柜台", "电梯", "刘洋", "8000"}) {
        SCOPED_TRACE(words);
        const auto found = centre.get("merchant1_agent", "/api/v1/search", {{"q", words}});
        EXPECT_EQ(found.status, 200);
        EXPECT_THAT(found.text, Not(HasSubstr("二号店的")));
        EXPECT_THAT(found.text, Not(HasSubstr("平台的")));
    }
    EXPECT_THAT(centre.get("merchant1_agent", "/api/v1/search", {{"q", "柜台"}}).text, HasSubstr("一号店的柜台"));
    // The customer is one and the same person; what they have with others is nobody's business here.
    const auto customers = centre.get("merchant1_agent", "/api/v1/customers");
    ASSERT_EQ(customers.count(), 1U) << customers.text;
    const auto file = centre.get("merchant1_agent", "/api/v1/customers/" + customers.at("/items/0/id"));
    EXPECT_EQ(file.status, 200);
    EXPECT_THAT(file.text, HasSubstr("一号店的柜台"));
    EXPECT_THAT(file.text, Not(HasSubstr("二号店的")));
    EXPECT_THAT(file.text, Not(HasSubstr("13800138000")));
}

TEST(C1_Merchants, GetOneAnswerForAbsentAndForeign)
{
    Houses houses;
    auto& centre = houses.centre;
    const auto absent = encode_id(123456789);
    const auto obligation = centre.obligation(houses.second.id, "respond");
    for (const auto& part : {"", "/events", "/tenures", "/obligations", "/contacts", "/attachments"}) {
        SCOPED_TRACE(part);
        const auto foreign = centre.get("merchant1_agent", "/api/v1/tickets/" + houses.second.id + part);
        const auto none = centre.get("merchant1_agent", "/api/v1/tickets/" + absent + part);
        EXPECT_EQ(foreign.status, 404);
        EXPECT_EQ(foreign.text, none.text);
    }
    for (const auto* name : {"respond", "note", "reply", "classify", "escalate", "reopen", "archive", "rework"}) {
        SCOPED_TRACE(name);
        const std::string body = name == std::string_view{"classify"}  ? classification("L3")
                                 : name == std::string_view{"archive"} ? "{}"
                                 : name == std::string_view{"escalate"} || name == std::string_view{"reopen"} ||
                                         name == std::string_view{"rework"}
                                     ? fields({{"reason", "x"}})
                                     : fields({{"content", "x"}});
        const auto send = [&](const std::string& id) {
            return centre.post("merchant1_agent", fmt::format("/api/v1/tickets/{}/commands/{}", id, name), body,
                               {{"if-match", "\"1\""}});
        };
        const auto foreign = send(houses.second.id);
        EXPECT_EQ(foreign.status, 404) << foreign.text;
        EXPECT_EQ(foreign.text, send(absent).text);
    }
    EXPECT_EQ(centre
                  .get("merchant1_agent",
                       "/api/v1/obligations/" + std::string{obligation.at("id").as_string()} + "/explanation")
                  .status,
              404);
    EXPECT_EQ(centre.version_of(houses.second.id), 1);
    // Nor may a ticket be made for another house.
    const auto made = centre.post(
        "merchant1_agent", "/api/v1/tickets",
        fmt::format(
            R"({{"channel":"phone","customer":{{"name":"王五"}},"subject":"x","content":"x","merchant_id":"{}"}})",
            centre.unit("二号店")));
    EXPECT_EQ(made.status, 403) << made.text;
}

TEST(C1_Merchants, WorkOnTheirOwn)
{
    Houses houses;
    auto& centre = houses.centre;
    EXPECT_EQ(centre.command("merchant1_agent", houses.first.id, "respond", fields({{"content", "您好"}})).status, 200);
    EXPECT_EQ(centre.command("merchant1_agent", houses.first.id, "classify", classification("L3")).status, 200);
    // Nobody of the other house hears of it, whatever is asked.
    EXPECT_THAT(subjects(centre.get("merchant2_agent", "/api/v1/obligations", {{"debtor", "me"}}), "kind"), IsEmpty());
    const auto id =
        centre.post("merchant1_agent", "/api/v1/tickets",
                    R"({"channel":"phone","customer":{"name":"王五"},"subject":"自己登记的","content":"x"})");
    ASSERT_EQ(id.status, 201);
    EXPECT_EQ(id.at("/merchant_id"), centre.unit("一号店"));
    EXPECT_EQ(centre.get("merchant2_agent", "/api/v1/tickets/" + id.id()).status, 404);
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets/" + id.id()).status, 200);
}

TEST(C1_Handlers, SeeWhatIsTheirUnits)
{
    Houses houses;
    auto& centre = houses.centre;
    EXPECT_THAT(subjects(centre.get("tech1", "/api/v1/tickets")), IsEmpty());
    EXPECT_EQ(centre.get("tech1", "/api/v1/tickets/" + houses.platform.id).status, 404);
    EXPECT_EQ(centre.get("tech_head", "/api/v1/tickets/" + houses.platform.id).status, 404);
    EXPECT_EQ(centre.command("tech1", houses.platform.id, "note", fields({{"content", "x"}})).status, 404);
    EXPECT_THAT(centre.get("tech1", "/api/v1/search", {{"q", "电梯"}}).text, Not(HasSubstr("平台的")));
}

TEST(D14_Inspectors, ReadAndDoNotAct)
{
    Houses houses;
    auto& centre = houses.centre;
    const auto seen = centre.get("inspector1", "/api/v1/tickets/" + houses.first.id);
    EXPECT_EQ(seen.status, 200);
    EXPECT_EQ(seen.at("/commands"), "[]");
    EXPECT_EQ(centre.get("inspector1", "/api/v1/tickets").count(), 3U);
    for (const auto* name : {"respond", "note", "reply", "escalate", "cancel"})
        EXPECT_EQ(centre
                      .command("inspector1", houses.first.id, name,
                               fields({{name == std::string_view{"escalate"} ? "reason" : "content", "x"}}))
                      .status,
                  403)
            << name;
    EXPECT_EQ(centre.post("inspector1", "/api/v1/tickets", "{}").status, 403);
}

TEST(D14_Auditors, ReadTheAuditLogAndNothingElse)
{
    Houses houses;
    auto& centre = houses.centre;
    EXPECT_EQ(centre.get("auditor1", "/api/v1/audit").status, 200);
    EXPECT_THAT(subjects(centre.get("auditor1", "/api/v1/tickets")), IsEmpty());
    EXPECT_EQ(centre.get("auditor1", "/api/v1/tickets/" + houses.platform.id).status, 404);
    EXPECT_EQ(centre.get("auditor1", "/api/v1/tickets/counts").at("/inbox"), "0");
    EXPECT_THAT(centre.get("auditor1", "/api/v1/search", {{"q", "电梯"}}).text, Not(HasSubstr("平台的")));
    for (const auto* path : {"/api/v1/customers", "/api/v1/staff", "/api/v1/articles", "/api/v1/policies/current",
                             "/api/v1/figures/timeliness"})
        EXPECT_EQ(centre.get("auditor1", path).status, 403) << path;
    EXPECT_EQ(centre.get("agent1", "/api/v1/audit").status, 403);
    EXPECT_EQ(centre.get("admin", "/api/v1/audit").status, 403);
}

TEST(A4_DisabledStaff, AreOutAtOnceAndNotBeforeTheirWorkIsHandedOver)
{
    Centre centre{monday_9h};
    const auto id = centre.call("agent2");
    const auto disable = [&] {
        return centre.post("admin", "/api/v1/staff/" + centre.staff("agent2") + "/commands/disable");
    };
    EXPECT_EQ(disable().code(), "owns_open_tickets");
    EXPECT_EQ(centre.get("agent2", "/api/v1/staff/me").status, 200);
    centre.command("supervisor1", id, "cancel", fields({{"reason", "重复"}}));
    EXPECT_EQ(disable().status, 200);
    EXPECT_EQ(centre.get("agent2", "/api/v1/staff/me").status, 401);
    centre.forget_session("agent2");
    EXPECT_EQ(
        centre.post("", "/api/v1/session", fields({{"login", "agent2"}, {"password", Centre::password()}})).status,
        401);
}

TEST(D1_Customer, FollowsByNumberAndSecretAndNeverSeesNotes)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    centre.command("agent1", request.id, "respond", fields({{"content", "您好，马上派人"}}));
    centre.command("agent1", request.id, "note", fields({{"content", "内部：此客户多次投诉"}}));
    const auto seen = centre.customer_get(request.number, request.secret);
    ASSERT_EQ(seen.status, 200) << seen.text;
    EXPECT_THAT(seen.text, HasSubstr("您好，马上派人"));
    EXPECT_THAT(seen.text, Not(HasSubstr("内部")));
    EXPECT_EQ(seen.at("/owner_name"), "王芳");
    EXPECT_EQ(centre.customer_post(request.number, request.secret, "messages", R"({"content":"谢谢"})").status, 200);
    EXPECT_THAT(centre.customer_get(request.number, request.secret).text, HasSubstr("谢谢"));
    EXPECT_EQ(centre.customer_post(request.number, request.secret, "rating", R"({"score":5})").code(),
              "result_missing");
}

TEST(D1_Customer, WithAWrongSecretLearnsNothing)
{
    Centre centre{monday_9h};
    const auto one = centre.web_request();
    const auto other = centre.web_request();
    const auto wrong = centre.customer_get(one.number, other.secret);
    EXPECT_EQ(wrong.status, 401);
    EXPECT_EQ(wrong.code(), "secret_wrong");
    EXPECT_EQ(centre.customer_get("20260105-999999", one.secret).text, wrong.text);
    EXPECT_EQ(centre.get("", "/api/v1/public/requests/" + one.number).text, wrong.text);
    EXPECT_EQ(centre.customer_post(one.number, other.secret, "messages", R"({"content":"x"})").status, 401);
    EXPECT_EQ(centre.get("", "/api/v1/tickets/" + one.id).status, 401);
}

TEST(D1_Customer, SubmitsWithConsentOnly)
{
    Centre centre{monday_9h};
    const auto answer =
        centre.post("", "/api/v1/public/requests", R"({"customer":{"name":"刘洋"},"subject":"x","content":"x"})");
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.at("/errors/0/code"), "consent_required");
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets").count(), 0U);
}

TEST(A10_Search, FindsAWriteAfterItIsSettled)
{
    Centre centre{monday_9h};
    const auto created = centre.post(
        "agent1", "/api/v1/tickets",
        R"({"channel":"phone","customer":{"name":"欧阳娜","phone":"13712349876"},"subject":"诉求登记","content":"停车场收费争议"})");
    const auto number = created.at("/number");
    centre.settle();
    const auto finds = [&](const std::string& words) {
        return centre.get("agent1", "/api/v1/search", {{"q", words}}).text.find(created.id()) != std::string::npos;
    };
    for (const auto& words :
         {std::string{"诉求"}, std::string{"訴求"}, std::string{"停車場"}, std::string{"收费"}, std::string{"欧阳娜"},
          std::string{"歐陽娜"}, std::string{"9876"}, std::string{"13712349876"}, number, std::string{"000001"}})
        EXPECT_TRUE(finds(words)) << words;
    EXPECT_FALSE(finds("电梯"));
}

TEST(C6_Customers, AreMaskedAndRevealedOnRecord)
{
    Centre centre{monday_9h};
    const auto id = centre.call();
    const auto ticket = centre.get("agent1", "/api/v1/tickets/" + id);
    EXPECT_THAT(ticket.text, Not(HasSubstr("13912345678")));
    const auto path = "/api/v1/customers/" + ticket.at("/customer/id") + "/commands/reveal";
    const auto revealed = centre.post("agent1", path, fields({{"field", "phone"}, {"reason", "回拨"}}));
    EXPECT_EQ(revealed.at("/value"), "13912345678") << revealed.text;
    const auto audit = centre.get("auditor1", "/api/v1/audit");
    EXPECT_THAT(audit.text, HasSubstr("reveal"));
    EXPECT_THAT(audit.text, Not(HasSubstr("13912345678")));
}

}  // namespace
}  // namespace shouwen::scenario
