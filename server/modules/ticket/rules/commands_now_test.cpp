#include "modules/ticket/rules/life_for_tests.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace shouwen::ticket {
namespace {

using namespace std::chrono_literals;
using testing::UnorderedElementsAreArray;
using Names = std::vector<std::string_view>;

TEST(A13_CommandsNow, AreThoseOfTheStep)
{
    const Names open{"amend",         "regrade",           "note",     "reply",    "promise",
                     "tell_progress", "wait_for_customer", "escalate", "hand_over"};
    const auto and_ = [](Names names, const Names& more) {
        names.insert(names.end(), more.begin(), more.end());
        return names;
    };
    const struct {
        Place place;
        Names then;
    } cases[] = {
        {Place::web_queue, {"respond", "regrade", "note"}},
        {Place::phone_triage, and_(open, {"classify", "resolve_at_first_contact"})},
        {Place::unclassified_triage, and_(open, {"classify"})},
        {Place::complaint_triage, and_(open, {"classify"})},
        {Place::handling_L3, and_(open, {"resolve_at_first_contact", "propose_solution", "transfer"})},
        {Place::complex_handling, and_(open, {"propose_solution", "transfer"})},
        {Place::foreign_handling, and_(open, {"propose_solution", "transfer"})},
        {Place::waiting,
         {"amend", "regrade", "note", "reply", "promise", "tell_progress", "resume", "escalate", "hand_over",
          "resolve_at_first_contact", "propose_solution", "transfer"}},
        {Place::slip_issued, and_(open, {"propose_solution", "transfer"})},
        {Place::slip_rejected, and_(open, {"resolve_at_first_contact", "propose_solution", "transfer"})},
        {Place::awaiting_ruling, and_(open, {"propose_solution"})},
        {Place::handing_over,
         {"amend", "regrade", "note", "reply", "promise", "tell_progress", "wait_for_customer", "escalate",
          "resolve_at_first_contact", "propose_solution", "transfer", "withdraw_hand_over"}},
        {Place::proposed, and_(open, {"propose_solution", "record_agreement", "transfer"})},
        {Place::declined, and_(open, {"propose_solution", "transfer"})},
        {Place::agreed, and_(open, {"finish_implementation", "transfer"})},
        {Place::implemented, and_(open, {"give_result", "rework"})},
        {Place::told,
         {"amend", "regrade", "note", "reply", "tell_progress", "wait_for_customer", "escalate", "hand_over", "rate",
          "rework"}},
        {Place::rated_well,
         {"amend", "regrade", "note", "reply", "tell_progress", "wait_for_customer", "escalate", "hand_over", "rework",
          "archive"}},
        {Place::reworking, and_(open, {"propose_solution", "transfer"})},
        {Place::archived, {"reopen"}},
        {Place::reopened, and_(open, {"classify", "resolve_at_first_contact"})},
        {Place::cancelled, {}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(name_of(c.place));
        EXPECT_THAT(at(c.place).commands(), UnorderedElementsAreArray(c.then));
    }
}

/// A command of each name as a sensible person would fill it in.
std::optional<Command> filled(std::string_view name, const Ticket& ticket, Instant now)
{
    const std::map<std::string_view, Command> commands{
        {"respond", Respond{"您好"}},
        {"classify", Classify{ticket.class_.value_or(Class::help), "", Grade::L3, Complexity::simple, true, {}}},
        {"amend", Amend{.demand = "补正"}},
        {"regrade", Regrade{ticket.grade == Grade::L1 ? Grade::L2 : Grade::L1, "理由"}},
        {"note", Note{"备注"}},
        {"reply", Reply{"您好"}},
        {"promise", MakePromise{"理由", now + 3h, "步骤"}},
        {"tell_progress", TellProgress{"进展"}},
        {"resolve_at_first_contact", ResolveAtFirstContact{"办", "案", "果"}},
        {"propose_solution", ProposeSolution{"案", "步骤", now + 3h}},
        {"record_agreement", RecordAgreement{true, {}}},
        {"finish_implementation", FinishImplementation{"完"}},
        {"give_result", GiveResult{"办", "案", "果"}},
        {"rate", Rate{1, "理由", "phone"}},
        {"rework", StartRework{"理由"}},
        {"wait_for_customer", WaitForCustomer{"理由"}},
        {"resume", Resume{}},
        {"escalate", Escalate{"理由"}},
        {"archive", Archive{"理由"}},
        {"reopen", Reopen{"理由"}},
        {"cancel", Cancel{"理由"}},
        {"transfer", transfer({order_for(people::technics)})},
        {"hand_over", HandOver{people::night, "理由"}},
        {"accept_hand_over", AcceptHandOver{}},
        {"decline_hand_over", DeclineHandOver{"理由"}},
        {"withdraw_hand_over", WithdrawHandOver{}},
    };
    const auto found = commands.find(name);
    return found == commands.end() ? std::nullopt : std::optional{found->second};
}

TEST(A13_CommandsNow, ListsExactlyWhatIsNotRefused)
{
    constexpr std::string_view all[] = {"respond",
                                        "classify",
                                        "amend",
                                        "regrade",
                                        "note",
                                        "reply",
                                        "promise",
                                        "tell_progress",
                                        "resolve_at_first_contact",
                                        "propose_solution",
                                        "record_agreement",
                                        "finish_implementation",
                                        "give_result",
                                        "rate",
                                        "rework",
                                        "wait_for_customer",
                                        "resume",
                                        "escalate",
                                        "archive",
                                        "reopen",
                                        "cancel",
                                        "transfer",
                                        "hand_over",
                                        "accept_hand_over",
                                        "decline_hand_over",
                                        "withdraw_hand_over"};
    for (const Place place : all_of<Place>())
        for (const Giver& by : {as_owner(), as_colleague(), as_supervisor(), as_night_shift()}) {
            const auto listed = at(place).commands(by);
            for (const auto name : all) {
                SCOPED_TRACE(std::string{name_of(place)} + " " + std::string{name} + " by " +
                             std::to_string(by.staff.value));
                auto life = at(place);
                const auto refused = life.give(filled(name, life.ticket, life.now).value(), by);
                EXPECT_EQ(!refused, std::ranges::find(listed, name) != listed.end())
                    << (refused ? name_of(*refused) : "");
            }
        }
}

}  // namespace
}  // namespace shouwen::ticket
