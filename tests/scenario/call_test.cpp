#include "scenario/centre.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

namespace shouwen::scenario {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

TEST(A6_Call, IsResolvedAtFirstContactAndArchivedWhenTheCustomerIsContent)
{
    Centre centre{monday_9h};
    const auto id = centre.call("agent1");
    auto ticket = centre.get("agent1", "/api/v1/tickets/" + id);
    EXPECT_EQ(ticket.status, 200);
    EXPECT_EQ(ticket.at("/step"), "triage");
    EXPECT_EQ(ticket.at("/owner/name"), "王芳");
    EXPECT_EQ(ticket.at("/number"), "20260105-000001");
    EXPECT_EQ(ticket.header("ETag"), "\"1\"");

    ticket = centre.command("agent1", id, "resolve_at_first_contact", result_text());
    EXPECT_EQ(ticket.status, 200) << ticket.text;
    EXPECT_EQ(ticket.at("/step"), "feedback");
    EXPECT_THAT(ticket.at("/flags"), HasSubstr("first_contact_resolution"));
    EXPECT_EQ(centre.command("agent1", id, "archive").code(), "rating_missing");
    EXPECT_EQ(centre.command("agent1", id, "rate", R"({"score":5,"source":"phone"})").status, 200);
    ticket = centre.command("agent1", id, "archive");
    EXPECT_EQ(ticket.at("/step"), "archived") << ticket.text;
    EXPECT_EQ(ticket.at("/next_due"), "null");

    const auto tenures = centre.get("agent1", "/api/v1/tickets/" + id + "/tenures");
    ASSERT_EQ(tenures.count(), 1U);
    EXPECT_EQ(tenures.at("/items/0/cause"), "receipt");
    EXPECT_NE(tenures.at("/items/0/to"), "null");
}

TEST(E12_Call, EveryActIsANumberedEventWithAHash)
{
    Centre centre{monday_9h};
    const auto id = centre.call_with_result("agent1");
    const auto events = centre.get("agent1", "/api/v1/tickets/" + id + "/events");
    std::set<std::string> hashes;
    for (std::size_t i = 0; i < events.count(); ++i) {
        EXPECT_EQ(events.at("/items/" + std::to_string(i) + "/seq"), std::to_string(i + 1));
        EXPECT_TRUE(hashes.insert(events.at("/items/" + std::to_string(i) + "/hash")).second);
    }
    EXPECT_EQ(events.at("/items/0/type"), "ticket_received");
    EXPECT_EQ(events.at("/items/0/actor/name"), "王芳");
}

TEST(A3_FirstAnswer, OneOfTwoAgentsWinsAndTheOtherIsToldWho)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    // Both have the same version on their screens.
    const auto path = "/api/v1/tickets/" + request.id + "/commands/respond";
    const auto first = centre.post("agent1", path, fields({{"content", "您好，马上派人"}}), {{"if-match", "\"1\""}});
    const auto second = centre.post("agent2", path, fields({{"content", "您好，请稍候"}}), {{"if-match", "\"1\""}});
    EXPECT_EQ(first.status, 200) << first.text;
    EXPECT_EQ(first.at("/owner/name"), "王芳");
    EXPECT_EQ(second.status, 409) << second.text;
    EXPECT_EQ(second.code(), "already_answered");
    EXPECT_THAT(second.at("/detail"), HasSubstr("王芳"));
}

TEST(A3_Versions, AreMissedToldAndKept)
{
    Centre centre{monday_9h};
    const auto id = centre.call_in_handling("L3");
    const auto path = "/api/v1/tickets/" + id + "/commands/reply";
    const auto body = fields({{"content", "已安排"}});
    auto answer = centre.post("agent1", path, body);
    EXPECT_EQ(answer.status, 428);
    EXPECT_EQ(answer.code(), "version_missing");
    answer = centre.post("agent1", path, body, {{"if-match", "\"1\""}});
    EXPECT_EQ(answer.status, 412);
    EXPECT_EQ(answer.code(), "version_stale");
    EXPECT_EQ(answer.version(), 2);
    EXPECT_EQ(answer.header("ETag"), "\"2\"");
    EXPECT_EQ(centre.version_of(id), 2);
    EXPECT_EQ(centre.post("agent1", path, body, {{"if-match", "\"2\""}}).status, 200);
    // A note as well: every command says which ticket its writer saw.
    EXPECT_EQ(centre.post("agent1", "/api/v1/tickets/" + id + "/commands/note", body).status, 428);
}

TEST(E6_Idempotency, TheSameRequestIsCarriedOutOnce)
{
    Centre centre{monday_9h};
    const std::string body =
        R"({"channel":"phone","customer":{"name":"张伟","phone":"13912345678"},"subject":"补开发票","content":"上月发票"})";
    const auto first = centre.post("agent1", "/api/v1/tickets", body, {{"idempotency-key", "k1"}});
    const auto again = centre.post("agent1", "/api/v1/tickets", body, {{"idempotency-key", "k1"}});
    EXPECT_EQ(first.status, 201);
    EXPECT_EQ(again.status, 201);
    EXPECT_EQ(first.text, again.text);
    EXPECT_EQ(first.header("Location"), again.header("Location"));
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets").count(), 1U);

    auto changed = body;
    changed.replace(changed.find("上月"), std::string_view{"上月"}.size(), "本月");
    const auto other = centre.post("agent1", "/api/v1/tickets", changed, {{"idempotency-key", "k1"}});
    EXPECT_EQ(other.status, 422);
    EXPECT_EQ(other.code(), "idempotency_key_reused");
    // Another person's key of the same name is another key.
    EXPECT_EQ(centre.post("agent2", "/api/v1/tickets", body, {{"idempotency-key", "k1"}}).status, 201);
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets").count(), 2U);
}

TEST(E6_Idempotency, AKeyIsHonouredForADay)
{
    Centre centre{monday_9h};
    const std::string body =
        R"({"channel":"phone","customer":{"name":"张伟","phone":"13912345678"},"subject":"补开发票","content":"上月发票"})";
    const auto send = [&] { return centre.post("agent1", "/api/v1/tickets", body, {{"idempotency-key", "k1"}}); };
    const auto first = send();
    centre.clock().advance(24h - 1ms);
    EXPECT_EQ(send().id(), first.id());
    // Nobody has cleared up yet: the key is over nevertheless, and free for another request.
    centre.clock().advance(1ms);
    const auto second = send();
    EXPECT_EQ(second.status, 201) << second.text;
    EXPECT_NE(second.id(), first.id());
    EXPECT_EQ(send().id(), second.id());
}

/// Everything that lies on the disk of a store.
std::string bytes_of(const std::filesystem::path& store)
{
    std::string all;
    for (const auto* suffix : {"", "-wal"}) {
        std::ifstream file{store.string() + suffix, std::ios::binary};
        all.append(std::istreambuf_iterator<char>{file}, {});
    }
    return all;
}

TEST(E6_Idempotency, NeitherKeyNorSecretLiesInTheStore)
{
    Centre centre{monday_9h};
    const auto send = [&] {
        return centre.post(
            "", "/api/v1/public/requests",
            R"({"customer":{"name":"刘洋","phone":"13800138000"},"subject":"电梯停运","content":"停在二楼","consent":true})",
            {{"idempotency-key", "9b2f6c3e-key-of-the-page"}});
    };
    const auto first = send();
    ASSERT_EQ(first.status, 201) << first.text;
    EXPECT_EQ(send().text, first.text);
    EXPECT_EQ(centre.customer_get(first.at("/number"), send().at("/secret")).status, 200);
    if (!centre.is_embedded()) return;  // the rest looks into the file
    const auto stored = bytes_of(centre.store_path());
    EXPECT_NE(stored.find("停在二楼"), std::string::npos) << "the file is read where the ticket is";
    EXPECT_EQ(stored.find(first.at("/secret")), std::string::npos);
    EXPECT_EQ(stored.find("9b2f6c3e-key-of-the-page"), std::string::npos);
}

TEST(A9_Promise, IsADeadlineOfItsOwnThatIsWarnedAndBreached)
{
    Centre centre{monday_9h};
    const auto id = centre.call_in_handling("L2");
    const auto promised = to_rfc3339(monday_9h + 4h);
    auto answer =
        centre.command("agent1", id, "promise",
                       fields({{"reason", "待到货"}, {"expected_at", promised}, {"procedure", "到货后上门"}}));
    ASSERT_EQ(answer.status, 200) << answer.text;
    EXPECT_EQ(answer.at("/promises/0/expected_at"), promised);
    EXPECT_EQ(centre.obligation(id, "keep_promise").at("due_at").as_string(), promised);
    centre.advance(4h);
    EXPECT_FALSE(centre.obligation(id, "keep_promise").at("breached_at").is_null());

    answer = centre.command("agent1", id, "promise",
                            fields({{"reason", "x"}, {"expected_at", to_rfc3339(monday_9h)}, {"procedure", "y"}}));
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(answer.code(), "time_in_the_past");
    EXPECT_EQ(answer.at("/errors/0/pointer"), "/expected_at");
}

TEST(D11_Dissatisfaction, LeadsThroughReworkToTheArchive)
{
    Centre centre{monday_9h};
    const auto request = centre.web_request();
    const auto act = [&](std::string_view name, const std::string& body) {
        const auto answer = centre.command("agent1", request.id, name, body);
        EXPECT_EQ(answer.status, 200) << name << answer.text;
        return answer;
    };
    const auto solve = [&] {
        act("propose_solution",
            fields({{"solution", "换门机"}, {"steps", "停梯更换"}, {"expected_at", to_rfc3339(centre.now() + 4h)}}));
        const auto agreed = centre.customer_post(request.number, request.secret, "agreement", R"({"agreed":true})");
        EXPECT_EQ(agreed.status, 200) << agreed.text;
        act("finish_implementation", fields({{"summary", "已更换"}}));
        act("give_result", result_text());
    };
    act("respond", fields({{"content", "您好，马上派人"}}));
    act("classify", classification("L2"));
    solve();
    const auto rated =
        centre.customer_post(request.number, request.secret, "rating", R"({"score":1,"reason":"又停了"})");
    ASSERT_EQ(rated.status, 200) << rated.text;
    auto ticket = centre.get("agent1", "/api/v1/tickets/" + request.id);
    EXPECT_EQ(ticket.at("/step"), "handling");
    EXPECT_EQ(ticket.at("/rework/reason"), "又停了");
    EXPECT_EQ(centre.command("agent1", request.id, "archive").code(), "dissatisfaction_open");
    centre.settle();
    EXPECT_THAT(centre.notices("supervisor1", request.id), Contains("rated_low"));

    solve();
    EXPECT_EQ(centre.customer_post(request.number, request.secret, "rating", R"({"score":4})").status, 200);
    EXPECT_EQ(act("archive", "{}").at("/step"), "archived");
    // Filed is filed: the customer reads, and writes no more.
    EXPECT_EQ(centre.customer_get(request.number, request.secret).at("/can_write"), "false");
    EXPECT_EQ(centre.customer_post(request.number, request.secret, "messages", R"({"content":"谢谢"})").code(),
              "ticket_closed");
}

TEST(E11_Archive, ListsWhatIsMissing)
{
    Centre centre{monday_9h};
    const auto created = centre.post(
        "agent1", "/api/v1/tickets",
        R"({"channel":"counter","customer":{"name":"路人"},"subject":"噪音","content":"楼上装修","class":"complaint"})");
    const auto id = created.id();
    EXPECT_EQ(created.at("/missing"), R"(["contact","demand"])");
    EXPECT_THAT(created.at("/flags"), HasSubstr("incomplete"));
    const auto act = [&](std::string_view name, const std::string& body) {
        return centre.command("agent1", id, name, body);
    };
    act("classify", classification("L3", "complaint"));
    act("propose_solution",
        fields({{"solution", "劝停"}, {"steps", "上门"}, {"expected_at", to_rfc3339(monday_9h + 4h)}}));
    act("record_agreement", R"({"agreed":true})");
    act("finish_implementation", fields({{"summary", "已劝停"}}));
    act("give_result", result_text());
    ASSERT_EQ(act("rate", R"({"score":5})").status, 200);
    const auto refused = act("archive", "{}");
    EXPECT_EQ(refused.status, 409);
    EXPECT_EQ(refused.code(), "record_incomplete");
    EXPECT_EQ(refused.at("/errors/0/pointer"), "/contact");
    EXPECT_EQ(refused.at("/errors/1/pointer"), "/demand");
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets/" + id).at("/step"), "feedback");
}

TEST(E11_Reopening, IsRecordedAndReturnsToTriage)
{
    Centre centre{monday_9h};
    const auto id = centre.call_with_result();
    centre.command("agent1", id, "rate", R"({"score":5})");
    ASSERT_EQ(centre.command("agent1", id, "archive").status, 200);
    EXPECT_EQ(centre.command("agent1", id, "reply", fields({{"content", "x"}})).code(), "ticket_closed");
    EXPECT_EQ(centre.command("agent1", id, "note", fields({{"content", "x"}})).code(), "ticket_closed");
    centre.advance(48h);
    const auto reopened = centre.command("agent2", id, "reopen", fields({{"reason", "问题再次发生"}}));
    ASSERT_EQ(reopened.status, 200) << reopened.text;
    EXPECT_EQ(reopened.at("/step"), "triage");
    EXPECT_EQ(reopened.at("/owner/name"), "王芳");
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets/" + id + "/tenures").count(), 2U);
    centre.settle();
    EXPECT_THAT(centre.notices("agent1", id), Contains("assigned"));
}

TEST(A7_Cancelling, IsForSupervisors)
{
    Centre centre{monday_9h};
    const auto id = centre.call();
    const auto refused = centre.command("agent1", id, "cancel", fields({{"reason", "不归我管"}}));
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.code(), "not_permitted");
    EXPECT_EQ(centre.command("supervisor1", id, "cancel", fields({{"reason", "重复来电"}})).at("/step"), "cancelled");
    EXPECT_EQ(centre.command("supervisor1", id, "reopen", fields({{"reason", "误操作"}})).code(), "cancelled_for_good");
}

TEST(A12_Escalation, IsToldToTheSuperiorsAtOnce)
{
    Centre centre{monday_9h};
    const auto id = centre.call_in_handling("L3");
    EXPECT_THAT(centre.command("agent1", id, "escalate", fields({{"reason", "客户情绪激动"}})).at("/flags"),
                HasSubstr("escalated"));
    centre.settle();
    EXPECT_THAT(centre.notices("supervisor1", id), ElementsAre("escalated"));
    EXPECT_THAT(centre.notices("manager1", id), ElementsAre());
}

TEST(A1_Owner, OthersActOnlyWithTheRight)
{
    Centre centre{monday_9h};
    const auto id = centre.call_in_handling("L3");
    const auto refused = centre.command("agent2", id, "tell_progress", fields({{"content", "在修"}}));
    EXPECT_EQ(refused.status, 403);
    EXPECT_EQ(refused.code(), "not_owner");
    EXPECT_THAT(refused.at("/detail"), HasSubstr("王芳"));
    EXPECT_EQ(centre.command("supervisor1", id, "tell_progress", fields({{"content", "在修"}})).status, 200);
    EXPECT_EQ(centre.get("agent1", "/api/v1/tickets/" + id).at("/owner/name"), "王芳");
}

}  // namespace
}  // namespace shouwen::scenario
