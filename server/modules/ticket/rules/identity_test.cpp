#include "modules/ticket/rules/life_for_tests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::ticket {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::Not;

Life account_matter(Channel channel = Channel::phone)
{
    Life life;
    Receive matter = call(Class::business);
    matter.channel = channel;
    matter.category = "account_change";
    if (life.receive(matter, as_owner())) throw std::logic_error("intake refused");
    if (life.ticket.step == Step::intake) life.with(Respond{"您好"});
    return life.with(Classify{.class_ = Class::business, .category = "account_change", .grade = Grade::L3});
}

TEST(E3_Identity, BlocksAnswersAndResultsOfWhatIsAboutAnAccount)
{
    auto life = account_matter();
    EXPECT_EQ(life.give(Reply{"您的手机号是"}), Refusal::identity_missing);
    EXPECT_EQ(life.give(ProposeSolution{"改", "步骤", life.now + 1h}), Refusal::identity_missing);
    EXPECT_EQ(life.give(ResolveAtFirstContact{"办", "案", "果"}), Refusal::identity_missing);
    EXPECT_EQ(life.give(TellProgress{"请您提供账号"}), std::nullopt) << "who asks for a number must be able to";
    EXPECT_THAT(life.commands(), Contains("verify_identity"));
    life.with(VerifyIdentity{IdentityMethod::asked, "name, phone_tail"});
    EXPECT_EQ(life.ticket.identity->reference, "name, phone_tail");
    EXPECT_THAT(life.commands(), Not(Contains("verify_identity")));
    EXPECT_EQ(life.give(Reply{"已为您办理"}), std::nullopt);
    EXPECT_THAT(at(Place::handling_L3).commands(), Not(Contains("verify_identity"))) << "a lift is nobody's account";
}

TEST(E3_Identity, IsAskedByVoiceOnlyAndWithThePolicysQuestions)
{
    auto spoken = account_matter(Channel::counter);
    EXPECT_EQ(spoken.give(VerifyIdentity{IdentityMethod::asked, "id_card_no"}), Refusal::identity_question_unknown);
    EXPECT_EQ(spoken.give(VerifyIdentity{IdentityMethod::asked, "name,,email"}), Refusal::identity_question_unknown);
    EXPECT_EQ(spoken.give(VerifyIdentity{IdentityMethod::asked, "email"}), std::nullopt);
    auto online = account_matter(Channel::chat);
    EXPECT_EQ(online.give(VerifyIdentity{IdentityMethod::asked, "name"}), Refusal::identity_by_system);
}

TEST(E3_Identity, KeepsTheEndOfANumberAndNeverTheNumber)
{
    const struct {
        LookUp found;
        std::optional<Refusal> then;
    } cases[] = {{LookUp::matched, std::nullopt},
                 {LookUp::unknown, Refusal::identity_unknown},
                 {LookUp::down, Refusal::identity_look_up_down},
                 {LookUp::not_asked, Refusal::identity_look_up_down}};
    for (const auto& c : cases) {
        SCOPED_TRACE(name_of(c.found));
        auto life = account_matter(Channel::chat);
        EXPECT_EQ(life.give(VerifyIdentity{IdentityMethod::order_no, "QM20260105018", c.found}), c.then);
        if (!c.then) EXPECT_EQ(life.happened<IdentityVerified>()->reference, "****018");
    }
    auto life = account_matter();
    life.with(VerifyIdentity{IdentityMethod::account_no, "A1234", LookUp::matched});
    EXPECT_EQ(life.ticket.identity->reference, "****") << "a short number would be half told";
}

TEST(E3_Identity, MayBeConfirmedByASupervisorOnRecord)
{
    auto life = account_matter(Channel::chat);
    const VerifyIdentity word{IdentityMethod::supervised, "核验系统中断，已回拨登记号码"};
    EXPECT_EQ(life.give(word), Refusal::not_permitted);
    EXPECT_EQ(life.give(word, as_supervisor()), std::nullopt);
    EXPECT_EQ(life.ticket.identity->method, IdentityMethod::supervised);
}

TEST(E3_Identity, IsCheckedAnewWhenTheMatterComesBack)
{
    auto life = account_matter();
    life.with(VerifyIdentity{IdentityMethod::asked, "name"}).with(ResolveAtFirstContact{"办", "案", "果"});
    life.with(Rate{5, {}, "phone"}).with(Archive{}).with(Reopen{"又要改"});
    EXPECT_FALSE(life.ticket.identity);
    EXPECT_EQ(life.give(Reply{"好的"}), Refusal::identity_missing);
}

}  // namespace
}  // namespace shouwen::ticket
