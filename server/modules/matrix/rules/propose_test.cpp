#include "modules/matrix/rules/propose.hpp"

#include "modules/matrix/rules/sample_matrix.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace shouwen::matrix {
namespace {

using namespace sample;
using enum Class;
using enum KeyField;
using testing::ElementsAre;
using testing::IsEmpty;

/// Rows told apart by their ids; the lead is the desk unless a test says otherwise.
Row row(std::int64_t id, Key key, UnitId lead = centre)
{
    Row made{.id = MatrixRowId{id}};
    made.assignment.key = std::move(key);
    made.assignment.lead_unit = lead;
    return made;
}

std::vector<std::int64_t> ids(const Proposal& proposal)
{
    std::vector<std::int64_t> found;
    for (const auto& candidate : proposal.candidates) found.push_back(candidate.row->id.value);
    return found;
}

enum : std::int64_t {
    fallback = 1,
    any_consultation,
    parking,
    monthly,
    of_district,
    of_street,
    of_merchant,
    parking_of_merchant,
    any_complaint
};

std::vector<Row> matrix()
{
    return {row(fallback, {}),
            row(any_consultation, {.class_ = consultation}),
            row(parking, {.class_ = consultation, .category = "parking"}),
            row(monthly, {.class_ = consultation, .category = "monthly_card"}),
            row(of_district, {.area = district}),
            row(of_street, {.area = street}),
            row(of_merchant, {.merchant = merchant1}),
            row(parking_of_merchant, {.class_ = consultation, .category = "parking", .merchant = merchant1}),
            row(any_complaint, {.class_ = complaint})};
}

TEST(D4_Proposal, TheMostSpecificRowWinsInTheDocumentedOrder)
{
    const struct {
        const char* name;
        Matter matter;
        std::vector<std::int64_t> then;  ///< all that match, the winner first
    } cases[] = {
        {"nothing is known", {}, {fallback}},
        {"only the class", {.class_ = consultation}, {any_consultation, fallback}},
        {"a category of its own row", {consultation, "parking"}, {parking, any_consultation, fallback}},
        {"a category below it", {consultation, "monthly_card"}, {monthly, parking, any_consultation, fallback}},
        {"below it without a row of its own", {consultation, "old_card"}, {parking, any_consultation, fallback}},
        {"a category without a row", {consultation, "invoice"}, {any_consultation, fallback}},
        {"a category that the tree has not", {consultation, "typed_by_hand"}, {any_consultation, fallback}},
        {"the same code in another class", {complaint, "parking"}, {any_complaint, fallback}},
        {"an area", {.area = district}, {of_district, fallback}},
        {"a street is below its area", {.area = street}, {of_street, of_district, fallback}},
        {"an area says more than the class",
         {complaint, "", street},
         {of_street, of_district, any_complaint, fallback}},
        {"a merchant says more than an area",
         {complaint, "", street, merchant1},
         {of_merchant, of_street, of_district, any_complaint, fallback}},
        {"a category says more than a merchant",
         {consultation, "monthly_card", {}, merchant1},
         {monthly, parking_of_merchant, parking, of_merchant, any_consultation, fallback}},
        {"both is more than one of them",
         {consultation, "parking", street, merchant1},
         {parking_of_merchant, parking, of_merchant, of_street, of_district, any_consultation, fallback}},
        {"another merchant's", {consultation, "parking", {}, merchant2}, {parking, any_consultation, fallback}},
    };
    const auto rows = matrix();
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        const auto proposal = propose(rows, c.matter, around());
        EXPECT_EQ(ids(proposal), c.then);
        EXPECT_EQ(proposal.row->id.value, c.then.front());
        for (const auto& candidate : proposal.candidates)
            EXPECT_EQ(candidate.outcome, candidate.row == proposal.row ? Outcome::proposed : Outcome::less_specific);
    }
}

TEST(D4_Proposal, DoesNotDependOnTheOrderOfTheRows)
{
    auto rows = matrix();
    const Matter matter{consultation, "monthly_card", street, merchant1};
    const auto wanted = ids(propose(rows, matter, around()));
    EXPECT_EQ(wanted.size(), 8U);
    std::ranges::reverse(rows);
    EXPECT_EQ(ids(propose(rows, matter, around())), wanted);
    std::ranges::rotate(rows, rows.begin() + 4);
    EXPECT_EQ(ids(propose(rows, matter, around())), wanted);
}

TEST(D4_Proposal, SaysWhichFieldsFitAndHow)
{
    const auto rows = matrix();
    const auto candidates = propose(rows, {consultation, "monthly_card", street, merchant1}, around()).candidates;
    EXPECT_THAT(candidates[0].matched, ElementsAre(Matched{category, Fit::same}, Matched{class_, Fit::same}));
    EXPECT_THAT(candidates[1].matched,
                ElementsAre(Matched{category, Fit::above}, Matched{merchant, Fit::same}, Matched{class_, Fit::same}));
    EXPECT_THAT(candidates[4].matched, ElementsAre(Matched{area, Fit::same}));
    EXPECT_THAT(candidates[5].matched, ElementsAre(Matched{area, Fit::above}));
    EXPECT_THAT(candidates.back().matched, IsEmpty());
}

TEST(D4_Proposal, ARetiredRowProposesNothing)
{
    auto rows = matrix();
    for (auto& each : rows)
        if (each.id.value == parking || each.id.value == fallback) each.retired_at = Instant{};
    EXPECT_THAT(ids(propose(rows, {consultation, "parking"}, around())), ElementsAre(any_consultation));
    const auto nobody = propose(rows, {help}, around());
    EXPECT_FALSE(nobody.row);
    EXPECT_FALSE(nobody.lead_unit);
    EXPECT_THAT(nobody.candidates, IsEmpty());
    EXPECT_FALSE(propose({}, {help}, around()).row);
}

TEST(D4_Proposal, ARowWhoseLeadIsClosedIsPassedOverAndTold)
{
    auto rows = matrix();
    rows[parking - 1].assignment.lead_unit = merchant2;  // whose only person leaves
    const auto proposal = propose(rows, {consultation, "parking"}, around({merchant2_agent}));
    EXPECT_EQ(proposal.row->id.value, any_consultation);
    EXPECT_EQ(proposal.lead_unit, centre);
    EXPECT_EQ(proposal.candidates[0].outcome, Outcome::faulty);
    EXPECT_THAT(proposal.candidates[0].faults, ElementsAre(Fault{FaultCode::unit_closed, Part::lead_unit, merchant2}));
    // While somebody is at work below it, a unit is open.
    rows[parking - 1].assignment.lead_unit = technics;
    EXPECT_EQ(propose(rows, {consultation, "parking"}, around({tech1, tech_head})).lead_unit, technics);
    EXPECT_EQ(propose(rows, {consultation, "parking"}, around({tech1, tech_head, repairer})).lead_unit, centre);
}

TEST(D4_Proposal, WhoIsNotThereIsLeftOutAndTold)
{
    auto named = row(parking, {.class_ = consultation, .category = "parking"}, technics);
    named.assignment.lead_staff = tech1;
    named.assignment.cooperating = {{merchant2, "说明情况"}, {repairs, "检修"}};
    named.assignment.teller = merchant2;
    const std::vector rows{named};
    const Matter matter{consultation, "parking"};

    const auto sound = propose(rows, matter, around());
    EXPECT_EQ(sound.lead_staff, tech1);
    EXPECT_EQ(sound.cooperating, named.assignment.cooperating);
    EXPECT_EQ(sound.teller, merchant2);
    EXPECT_THAT(sound.candidates[0].faults, IsEmpty());

    const auto proposal = propose(rows, matter, around({tech1, merchant2_agent}));
    EXPECT_EQ(proposal.lead_unit, technics);
    EXPECT_FALSE(proposal.lead_staff);
    EXPECT_THAT(proposal.cooperating, ElementsAre(Cooperation{repairs, "检修"}));
    EXPECT_FALSE(proposal.teller) << "so the owner tells the customer";
    EXPECT_EQ(proposal.candidates[0].outcome, Outcome::proposed);
    EXPECT_THAT(proposal.candidates[0].faults,
                ElementsAre(Fault{FaultCode::staff_disabled, Part::lead_staff, {}, tech1},
                            Fault{FaultCode::unit_closed, Part::cooperating, merchant2},
                            Fault{FaultCode::unit_closed, Part::teller, merchant2}));
}

TEST(D4_Proposal, GivesTheRowsLimitOfTheGrade)
{
    using namespace std::chrono_literals;
    auto limited = row(1, {});
    limited.assignment.slip_plan = {.L1 = Limit::natural_time(15min), .L3 = Limit::working_days(1)};
    limited.assignment.slip_complete.L2 = Limit::working_time(4h);
    const std::vector rows{limited};
    const struct {
        std::optional<Grade> grade;
        std::optional<Limit> plan, complete;
    } cases[] = {{Grade::L1, Limit::natural_time(15min), std::nullopt},
                 {Grade::L2, std::nullopt, Limit::working_time(4h)},
                 {Grade::L3, Limit::working_days(1), std::nullopt},
                 {std::nullopt, Limit::working_days(1), std::nullopt}};
    for (const auto& c : cases) {
        const auto proposal = propose(rows, {.grade = c.grade}, around());
        EXPECT_EQ(proposal.slip_plan, c.plan);
        EXPECT_EQ(proposal.slip_complete, c.complete);
    }
}

TEST(D8_DefaultMatrix, LastLineTakesWhatIsLeft)
{
    const std::vector rows{row(1, {.class_ = complaint, .category = "product_quality"}), row(2, {}, technics)};
    for (const Class each : all_of<Class>()) EXPECT_EQ(propose(rows, {each}, around()).lead_unit, technics);
    EXPECT_TRUE(rows[1].assignment.key.is_fallback());
    EXPECT_FALSE(rows[0].assignment.key.is_fallback());
}

}  // namespace
}  // namespace shouwen::matrix
