#include "base/hash.hpp"
#include "modules/organisation/rules/sample_organisation.hpp"
#include "modules/organisation/store/api_tokens.hpp"
#include "modules/organisation/store/audit_log.hpp"
#include "modules/organisation/store/directory.hpp"
#include "modules/organisation/store/password.hpp"
#include "modules/organisation/store/sessions.hpp"
#include "modules/organisation/store/sign_in.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::organisation {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr Instant monday_9h{std::chrono::sys_days{std::chrono::January / 5 / 2026} + 1h};
constexpr const char* password = "correct horse battery";

/// One department with one agent, in a real store.
class OrganisationStore : public ::testing::Test {
protected:
    OrganisationStore()
    {
        store_->write([&](sql::Connection& db) {
            install_default_roles(db);
            desk_ = create_unit(db, ids_, monday_9h,
                                {UnitKind::department, "客服中心", {}, {}, "standard", "Asia/Shanghai"});
            agent_ = create_staff(db, ids_, monday_9h, {"agent1", "王芳", desk_, {{"agent", {}}}, "zh-CN", ""},
                                  hash_password(password));
        });
    }

    sqlite::TemporaryStore store_;
    IdSource ids_;
    ManualClock clock_{monday_9h};
    UnitId desk_;
    StaffId agent_;
};

TEST_F(OrganisationStore, ComesBackAsWritten)
{
    UnitId team;
    AreaId street;
    store_->write([&](sql::Connection& db) {
        team = create_unit(db, ids_, monday_9h, {UnitKind::team, "夜班", desk_, agent_, "", ""});
        const AreaId district = create_area(db, ids_, monday_9h, {"鼓楼区", {}});
        street = create_area(db, ids_, monday_9h, {"湖南路街道", district});
        grant_role(db, agent_, {"supervisor", team});
        grant_role(db, agent_, {"supervisor", team});
        save_role(db, {"agent", Permissions{Permission::ticket_read_all}});
        set_disabled(db, agent_, monday_9h);
    });
    const Directory directory{*store_};
    const auto now = directory.current();
    EXPECT_EQ(now->find(team)->head, agent_);
    EXPECT_EQ(now->calendar_of(team), "standard");
    EXPECT_EQ(now->find(now->find(street)->parent)->name, "鼓楼区");
    EXPECT_EQ(now->find(agent_)->roles, (std::vector<RoleGrant>{{"agent", {}}, {"supervisor", team}}));
    EXPECT_EQ(now->find(agent_)->disabled_at, monday_9h);
    EXPECT_EQ(now->find_role("agent")->permissions, Permissions{Permission::ticket_read_all});
    EXPECT_THAT(now->roles(), SizeIs(10));

    store_->write([&](sql::Connection& db) {
        set_disabled(db, agent_, std::nullopt);
        update_staff(db, agent_, {"王芳芳", team, {{"handler", {}}}, "zh-TW"});
        update_unit(db, team, {UnitKind::team, "早班", desk_, {}, "", ""});
        install_default_roles(db);
    });
    const Directory later{*store_};
    const Staff& staff = *later.current()->find(agent_);
    EXPECT_EQ(staff.name, "王芳芳");
    EXPECT_EQ(staff.unit, team);
    EXPECT_EQ(staff.language, "zh-TW");
    EXPECT_FALSE(staff.is_disabled());
    EXPECT_EQ(staff.roles, (std::vector<RoleGrant>{{"handler", {}}}));
    EXPECT_EQ(later.current()->name_of_unit(team), "早班");
    EXPECT_EQ(later.current()->find_role("agent")->permissions, Permissions{Permission::ticket_read_all})
        << "edited roles stay";
}

TEST_F(OrganisationStore, IsHeldByItsSchemaToo)
{
    const auto violates = [&](auto work) { EXPECT_THROW(store_->write(work), sql::ConstraintViolated); };
    violates([&](sql::Connection& db) {
        create_staff(db, ids_, monday_9h, {"agent1", "again", desk_, {}, "en", ""}, "x");
    });
    violates([&](sql::Connection& db) {
        create_staff(db, ids_, monday_9h, {"other", "nowhere", UnitId{7}, {}, "en", ""}, "x");
    });
    violates([&](sql::Connection& db) {
        create_unit(db, ids_, monday_9h, {UnitKind::department, "客服中心", {}, {}, "", ""});
    });
    violates([&](sql::Connection& db) { grant_role(db, agent_, {"king", {}}); });
}

TEST_F(OrganisationStore, DirectoryIsAsTheLastCommitLeftIt)
{
    const Directory directory{*store_};
    const auto before = directory.current();
    EXPECT_THROW(store_->write([&](sql::Connection& db) {
        set_disabled(db, agent_, monday_9h);
        throw std::runtime_error("rolled back");
    }),
                 std::runtime_error);
    EXPECT_EQ(directory.current(), before);
    store_->write([&](sql::Connection& db) { set_disabled(db, agent_, monday_9h); });
    EXPECT_TRUE(directory.current()->find(agent_)->is_disabled());
    EXPECT_FALSE(before->find(agent_)->is_disabled()) << "who has it in hand keeps it";
}

TEST(Passwords, AreArgon2idWithTodaysParameters)
{
    const std::string hash = hash_password("首问负责制客户服务中心");
    EXPECT_TRUE(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$")) << hash;
    EXPECT_TRUE(verify_password(hash, "首问负责制客户服务中心"));
    EXPECT_FALSE(verify_password(hash, "首问负责制客户服务中"));
    EXPECT_FALSE(verify_password("", ""));
    EXPECT_FALSE(is_outdated(hash));
    EXPECT_NE(hash, hash_password("首问负责制客户服务中心")) << "each has its own salt";
}

class SessionsTest : public OrganisationStore {
protected:
    Sessions::Opened open(Sessions& sessions)
    {
        Sessions::Opened opened;
        store_->write([&](sql::Connection& db) { opened = sessions.open(db, agent_, clock_.now()); });
        return opened;
    }
    Sessions sessions_{*store_, clock_, {.idle_max = 1h, .length_max = 10h}};
};

TEST_F(SessionsTest, AreKnownByTheirTokenOnly)
{
    const auto first = open(sessions_);
    const auto second = open(sessions_);
    EXPECT_NE(first.token, second.token);
    EXPECT_EQ(first.token.size(), 44U) << "256 random bits";
    EXPECT_EQ(sessions_.seen(first.token), agent_);
    EXPECT_EQ(sessions_.seen("guess"), std::nullopt);
    EXPECT_EQ(sessions_.seen(first.hash.hex()), std::nullopt) << "what is stored opens nothing";
    EXPECT_NE(Sessions::csrf_token_of(first.token), Sessions::csrf_token_of(second.token));
}

TEST_F(SessionsTest, EndWhenIdleAndEndAnyway)
{
    const auto opened = open(sessions_);
    for (int i = 0; i < 10; ++i) {
        clock_.advance(59min);
        EXPECT_EQ(sessions_.seen(opened.token), agent_);
    }
    clock_.advance(10min);
    EXPECT_EQ(sessions_.seen(opened.token), std::nullopt) << "10 h after it began, however busy";

    const auto idle = open(sessions_);
    clock_.advance(1h);
    EXPECT_EQ(sessions_.seen(idle.token), std::nullopt);
}

TEST_F(SessionsTest, AreListedWithWhereTheyBeganAlsoAfterARestart)
{
    Sessions::Opened opened;
    store_->write([&](sql::Connection& db) {
        opened = sessions_.open(db, agent_, clock_.now(), {"10.0.0.9", "Mozilla/5.0"});
    });
    clock_.advance(1min);
    const auto later = open(sessions_);
    Sessions restarted{*store_, clock_, {.idle_max = 1h, .length_max = 10h}};
    for (const Sessions* sessions : {&sessions_, &restarted}) {
        const auto listed = sessions->of(agent_);
        ASSERT_EQ(listed.size(), 2U);
        EXPECT_EQ(listed[0].id, Sessions::id_of(later.token)) << "the one seen last first";
        EXPECT_EQ(listed[1].created_at, opened.at);
        EXPECT_EQ(listed[1].origin.address, "10.0.0.9");
        EXPECT_EQ(listed[1].origin.user_agent, "Mozilla/5.0");
        EXPECT_TRUE(sessions->of(StaffId{5}).empty());
    }
    clock_.advance(61min);
    EXPECT_TRUE(sessions_.of(agent_).empty()) << "what is over is not listed";
}

TEST_F(SessionsTest, OutliveARestartAsLongAsTheyLast)
{
    const auto busy = open(sessions_);
    const auto idle = open(sessions_);
    clock_.advance(50min);
    sessions_.seen(busy.token);
    sessions_.save_last_seen();
    store_->write([](sql::Connection&) {});  // one behind it in the queue: now it is on disk
    clock_.advance(20min);
    Sessions restarted{*store_, clock_, {.idle_max = 1h, .length_max = 10h}};
    EXPECT_EQ(restarted.seen(busy.token), agent_);
    EXPECT_EQ(restarted.seen(idle.token), std::nullopt);
}

TEST_F(SessionsTest, OfAPersonEndTogether)
{
    const auto first = open(sessions_);
    const auto second = open(sessions_);
    store_->write([&](sql::Connection& db) { sessions_.close_all_of(db, agent_); });
    EXPECT_EQ(sessions_.seen(first.token), std::nullopt);
    EXPECT_EQ(sessions_.seen(second.token), std::nullopt);
    EXPECT_EQ((Sessions{*store_, clock_}.count()), 0U);
}

TEST_F(OrganisationStore, TokensOfProgramsCanBeRevoked)
{
    ApiTokens tokens{*store_, clock_};
    ApiTokens::Issued issued;
    store_->write([&](sql::Connection& db) {
        issued = tokens.issue(db, ids_, clock_.now(), agent_, "报表", Permissions{Permission::figure_read});
    });
    EXPECT_EQ(tokens.used(issued.text)->staff, agent_);
    EXPECT_EQ(tokens.used(issued.text)->scopes, Permissions{Permission::figure_read});
    EXPECT_FALSE(tokens.used("swt_guess"));
    store_->write([](sql::Connection&) {});
    const ApiTokens restarted{*store_, clock_};
    ASSERT_THAT(restarted.of(agent_), SizeIs(1));
    EXPECT_EQ(restarted.of(agent_)[0].last_used_at, clock_.now());

    store_->write([&](sql::Connection& db) {
        EXPECT_FALSE(tokens.revoke(db, issued.token.id, StaffId{7}, clock_.now())) << "somebody else's";
        EXPECT_TRUE(tokens.revoke(db, issued.token.id, agent_, clock_.now()));
        EXPECT_FALSE(tokens.revoke(db, issued.token.id, agent_, clock_.now()));
    });
    EXPECT_FALSE(tokens.used(issued.text));
    EXPECT_THAT((ApiTokens{*store_, clock_}.of(agent_)), IsEmpty());
}

class SignInTest : public OrganisationStore {
protected:
    std::optional<Refusal> try_in(const char* login, const char* with, const char* address = "10.0.0.1")
    {
        const auto result = sign_in_({login, with, address});
        return result ? std::nullopt : std::optional{result.error().code};
    }

    Directory directory_{*store_};
    Sessions sessions_{*store_, clock_};
    SignIn sign_in_{*store_, clock_, directory_, sessions_};
};

TEST_F(SignInTest, OpensASessionAndIsOnRecord)
{
    const auto opened = sign_in_({" Agent1", password, "10.0.0.1"});
    ASSERT_TRUE(opened);
    EXPECT_EQ(sessions_.seen(opened->token), agent_);
    store_->read([&](sql::Connection& db) {
        const auto entries = list_audit(db, {});
        ASSERT_THAT(entries, SizeIs(1));
        EXPECT_EQ(entries[0].entry.action, "signed_in");
        EXPECT_EQ(entries[0].entry.data, R"({"address":"10.0.0.1"})");
    });
}

TEST_F(SignInTest, AnswersAlikeForUnknownMistypedAndDisabled)
{
    EXPECT_EQ(try_in("agent1", "wrong"), Refusal::sign_in_failed);
    EXPECT_EQ(try_in("nobody", password), Refusal::sign_in_failed);
    store_->write(
        [&](sql::Connection& db) { db.run_script("UPDATE staff SET disabled_at = 1 WHERE login = 'agent1'"); });
    EXPECT_EQ(try_in("agent1", password), Refusal::sign_in_failed)
        << "disabled on another node, whose news has not arrived";
    store_->write([&](sql::Connection& db) { set_disabled(db, agent_, monday_9h); });
    EXPECT_EQ(try_in("agent1", password), Refusal::sign_in_failed);
    EXPECT_EQ(sessions_.count(), 0U);
}

TEST_F(SignInTest, IsSlowedDownAlsoForTheRightPassword)
{
    for (int i = 0; i < 5; ++i) EXPECT_EQ(try_in("agent1", "wrong"), Refusal::sign_in_failed);
    const auto refused = sign_in_({"agent1", password, "10.0.0.1"});
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, Refusal::throttled);
    EXPECT_EQ(refused.error().wait, 1s);
    clock_.advance(1s);
    EXPECT_EQ(try_in("agent1", password), std::nullopt);
    EXPECT_EQ(try_in("agent1", "wrong"), Refusal::sign_in_failed) << "the count starts anew";
}

TEST_F(SignInTest, CannotBeLockedByStrangersWhereThePersonIsKnown)
{
    ASSERT_EQ(try_in("agent1", password, "10.0.0.1"), std::nullopt);
    for (int i = 0; i < 20; ++i) {
        const std::string address = "203.0.113." + std::to_string(i);
        (void)try_in("agent1", "wrong", address.c_str());
    }
    EXPECT_EQ(try_in("agent1", password, "198.51.100.9"), Refusal::throttled) << "a new address waits";
    EXPECT_EQ(try_in("agent1", password, "10.0.0.1"), std::nullopt) << "the known one does not";
}

TEST_F(SignInTest, LeavesNoTraceOfWhatWasTyped)
{
    const std::string typed = "my secret password";
    (void)try_in(typed.c_str(), typed.c_str());
    static constexpr sql::Statement all{"test_all",
                                        "SELECT subject FROM sign_in_failure UNION ALL SELECT data FROM audit_entry"};
    store_->read([&](sql::Connection& db) {
        db.each(all, [&](const sql::Row& row) { EXPECT_EQ(row.string(0).find("secret"), std::string::npos); });
    });
}

TEST_F(OrganisationStore, AuditLogIsAChainThatShowsEveryTampering)
{
    store_->write([&](sql::Connection& db) {
        append_audit(db, {monday_9h, agent_, "signed_in", "staff", agent_.text(), "{}"});
        append_audit(db, {monday_9h + 1h, {}, "role_changed", "role", "agent", R"({"added":["audit_read"]})"});
        append_audit(db, {monday_9h + 2h, agent_, "role_changed", "role", "handler", "{}"});
    });
    store_->read([&](sql::Connection& db) {
        EXPECT_EQ(first_broken_audit_entry(db), std::nullopt);
        const auto numbers = [&](const AuditFilter& filter) {
            std::vector<std::int64_t> found;
            for (const auto& entry : list_audit(db, filter)) found.push_back(entry.number);
            return found;
        };
        EXPECT_THAT(numbers({}), ElementsAre(3, 2, 1));
        EXPECT_THAT(numbers({.limit = 2}), ElementsAre(3, 2));
        EXPECT_THAT(numbers({.before_number = 2}), ElementsAre(1));
        EXPECT_THAT(numbers({.actor = agent_}), ElementsAre(3, 1));
        EXPECT_THAT(numbers({.action = "role_changed"}), ElementsAre(3, 2));
        EXPECT_THAT(numbers({.actor = agent_, .action = "role_changed"}), ElementsAre(3));
        EXPECT_THAT(numbers({.from = monday_9h + 1h, .to = monday_9h + 2h}), ElementsAre(2));
    });

    static constexpr sql::Statement change{"test_change", "UPDATE audit_entry SET data = '{}' WHERE id = 2"};
    static constexpr sql::Statement remove{"test_remove", "DELETE FROM audit_entry WHERE id = 3"};
    static constexpr sql::Statement disarm{"test_disarm", "DROP TRIGGER audit_entry_is_never_changed"};
    EXPECT_THROW(store_->write([](sql::Connection& db) { db.execute(change); }), sql::ConstraintViolated);
    EXPECT_THROW(store_->write([](sql::Connection& db) { db.execute(remove); }), sql::ConstraintViolated);
    store_->write([](sql::Connection& db) {
        db.execute(disarm);
        db.execute(change);
    });
    store_->read([](sql::Connection& db) { EXPECT_EQ(first_broken_audit_entry(db), 2); });
}

}  // namespace
}  // namespace shouwen::organisation
