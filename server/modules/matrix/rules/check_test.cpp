#include "modules/matrix/rules/check.hpp"

#include "modules/matrix/rules/sample_matrix.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shouwen::matrix {
namespace {

using namespace sample;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr UnitId nowhere{77};

Assignment sound()
{
    return {.key = {Class::consultation, "parking", street, merchant1},
            .lead_unit = technics,
            .lead_staff = repairer,
            .cooperating = {{centre, "受理"}, {merchant1, "说明情况"}},
            .teller = centre};
}

TEST(D4_MatrixRow, IsCheckedFieldByField)
{
    const struct {
        const char* name;
        void (*change)(Assignment&);
        FieldErrors then;
    } cases[] = {
        {"as it is", [](Assignment&) {}, {}},
        {"for whatever is left", [](Assignment& a) { a.key = {}; }, {}},
        {"a person of a team below", [](Assignment& a) { a.lead_staff = tech1; }, {}},
        {"a category without its class", [](Assignment& a) { a.key.class_.reset(); }, {{"/class", "required"}}},
        {"another class's category",
         [](Assignment& a) { a.key.category = "noise"; },
         {{"/category", "category_unknown"}}},
        {"a retired category", [](Assignment& a) { a.key.category = "old_card"; }, {{"/category", "category_unknown"}}},
        {"no such area", [](Assignment& a) { a.key.area = AreaId{9}; }, {{"/area_id", "area_unknown"}}},
        {"a department is no merchant",
         [](Assignment& a) { a.key.merchant = technics; },
         {{"/merchant_id", "merchant_unknown"}}},
        {"no such unit", [](Assignment& a) { a.lead_unit = nowhere; }, {{"/lead_unit_id", "unit_unknown"}}},
        {"no such person", [](Assignment& a) { a.lead_staff = StaffId{9}; }, {{"/lead_staff_id", "staff_unknown"}}},
        {"somebody else's person",
         [](Assignment& a) { a.lead_staff = agent1; },
         {{"/lead_staff_id", "staff_elsewhere"}}},
        {"cooperates twice",
         [](Assignment& a) {
             a.cooperating.push_back({centre, "再次"});
         },
         {{"/cooperating/2/unit_id", "duplicate"}}},
        {"leads and cooperates",
         [](Assignment& a) { a.cooperating[0].unit = technics; },
         {{"/cooperating/0/unit_id", "unit_leads"}}},
        {"cooperating nowhere",
         [](Assignment& a) { a.cooperating[1].unit = nowhere; },
         {{"/cooperating/1/unit_id", "unit_unknown"}}},
        {"nobody tells", [](Assignment& a) { a.teller = nowhere; }, {{"/teller_unit_id", "unit_unknown"}}},
        {"all at once",
         [](Assignment& a) {
             a.key = {std::nullopt, "parking", AreaId{9}};
             a.lead_unit = nowhere;
             a.teller = nowhere;
         },
         {{"/class", "required"},
          {"/area_id", "area_unknown"},
          {"/lead_unit_id", "unit_unknown"},
          {"/teller_unit_id", "unit_unknown"}}},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.name);
        auto assignment = sound();
        c.change(assignment);
        EXPECT_EQ(check(assignment, around()), c.then);
    }
}

TEST(D4_MatrixRow, MayNameAUnitBeforeItsPeopleAreHiredButNobodyWhoLeft)
{
    const auto without = around({repairer, tech1, tech_head});
    EXPECT_THAT(check(sound(), without), ElementsAre(FieldError{"/lead_staff_id", "staff_disabled"}));
    auto unnamed = sound();
    unnamed.lead_staff = {};
    EXPECT_THAT(check(unnamed, without), IsEmpty());
    EXPECT_THAT(faults_of(unnamed, without), ElementsAre(Fault{FaultCode::unit_closed, Part::lead_unit, technics}));
    EXPECT_TRUE(is_useless(faults_of(unnamed, without)));
}

TEST(D4_MatrixRow, TellsWhatBecameOfWhatItNames)
{
    EXPECT_THAT(faults_of(sound(), around()), IsEmpty());
    auto moved = sound();
    moved.lead_staff = agent1;
    moved.key.category = "old_card";
    const auto faults = faults_of(moved, around());
    EXPECT_THAT(faults, ElementsAre(Fault{FaultCode::category_retired, Part::category},
                                    Fault{FaultCode::staff_moved, Part::lead_staff, {}, agent1}));
    EXPECT_FALSE(is_useless(faults));
}

TEST(C1_MatrixRow, IsOpenToAMerchantUnlessItNamesAnother)
{
    const auto now = around();
    const auto& organisation = now.organisation();
    EXPECT_TRUE(is_open_to_merchant(sound(), merchant1, organisation));
    EXPECT_FALSE(is_open_to_merchant(sound(), merchant2, organisation));
    void (*const changes[])(Assignment&) = {[](Assignment& a) { a.key.merchant = merchant1; },
                                            [](Assignment& a) { a.lead_unit = merchant1_desk; },
                                            [](Assignment& a) { a.teller = merchant1; },
                                            [](Assignment& a) {
                                                a.cooperating = {{merchant1, "说明"}};
                                            }};
    for (const auto change : changes) {
        Assignment assignment{.lead_unit = centre};
        EXPECT_TRUE(is_open_to_merchant(assignment, merchant2, organisation));
        change(assignment);
        EXPECT_FALSE(is_open_to_merchant(assignment, merchant2, organisation));
        EXPECT_TRUE(is_open_to_merchant(assignment, merchant1, organisation));
    }
}

}  // namespace
}  // namespace shouwen::matrix
