#include "modules/customer/store/customers.hpp"

#include "modules/customer/store/records.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <gtest/gtest.h>

namespace shouwen::customer {
namespace {

constexpr StaffId agent{7};
constexpr StaffId nobody{};
const Instant monday = from_ms(1'767'574'800'000);

class Customers : public ::testing::Test {
protected:
    CustomerId take(const NewCustomer& given, StaffId by, Instant at = monday)
    {
        CustomerId id;
        store->write([&](sql::Connection& db) { id = find_or_create(db, ids, given, by, at); });
        return id;
    }
    CustomerRow file(CustomerId id)
    {
        std::optional<CustomerRow> found;
        store->read([&](sql::Connection& db) { found = find(db, id); });
        return found.value();
    }
    std::vector<Change> history(CustomerId id)
    {
        std::vector<Change> found;
        store->read([&](sql::Connection& db) { found = changes_of(db, id, 100); });
        return found;
    }

    sqlite::TemporaryStore store;
    IdSource ids;
};

using A10_CustomerFile = Customers;

TEST_F(A10_CustomerFile, IsMadeFromTheFirstContact)
{
    const auto id = take({"林静怡", " +86 139-0000-4821 ", "Lin@Example.com", "QM-1", "启明广场"}, agent);
    const auto made = file(id);
    EXPECT_EQ(made.name, "林静怡");
    EXPECT_EQ(made.phone, "13900004821");
    EXPECT_EQ(made.email, "Lin@Example.com");
    EXPECT_EQ(made.version, 1);
    EXPECT_EQ(made.created_by, agent);
    EXPECT_EQ(made.created_at, monday);
    EXPECT_TRUE(history(id).empty());
}

TEST_F(A10_CustomerFile, IsFoundAgainByNumberInAnyFormAndByMail)
{
    const auto id = take({"林静怡", "13900004821", "lin@example.com"}, agent);
    EXPECT_EQ(take({"林静怡", "１３９-0000-4821"}, agent), id);
    EXPECT_EQ(take({"林静怡", "", "LIN@example.com"}, agent), id);
    EXPECT_NE(take({"林静怡", "13900004822"}, agent), id);
    EXPECT_NE(take({"林静怡"}, agent), id) << "a name alone is nobody";
    EXPECT_EQ(file(id).version, 1);
}

TEST_F(A10_CustomerFile, GapsAreFilledAndADifferingNameIsKeptInTheHistory)
{
    const auto id = take({"林静怡", "13900004821"}, agent);
    take({"林小姐", "13900004821", "lin@example.com", "QM-1", "启明广场"}, agent, monday + std::chrono::hours{1});
    take({"林小姐", "13900004821"}, agent, monday + std::chrono::hours{2});

    const auto now = file(id);
    EXPECT_EQ(now.name, "林静怡");
    EXPECT_EQ(now.email, "lin@example.com");
    EXPECT_EQ(now.account_no, "QM-1");
    EXPECT_EQ(now.address, "启明广场");
    EXPECT_EQ(now.version, 2);
    EXPECT_EQ(now.updated_at, monday + std::chrono::hours{1});
    std::vector<std::string> lines;
    for (const auto& c : history(id))
        lines.push_back(std::string{name_of(c.kind)} + " " + c.field + ": " + c.before + " > " + c.after);
    EXPECT_EQ(lines, (std::vector<std::string>{"filled address:  > 启明广场", "filled account_no:  > QM-1",
                                               "filled email:  > lin@example.com", "given name: 林静怡 > 林小姐"}));
}

TEST_F(A10_CustomerFile, ASecondNumberToldToAStaffMemberFindsTheFileToo)
{
    const auto id = take({"林静怡", "13900004821", "lin@example.com"}, agent);
    EXPECT_EQ(take({"林静怡", "02161234567转801", "lin@example.com"}, agent), id);
    EXPECT_EQ(file(id).phone, "13900004821");
    EXPECT_EQ(take({"林静怡", "021-6123 4567 ext. 801"}, agent), id);
    EXPECT_NE(take({"同事", "021-6123 4567 ext. 802"}, agent), id) << "another extension is another person";
}

TEST_F(A10_CustomerFile, AStrangersRequestCannotMakeItselfReachableAsTheCustomer)
{
    const auto id = take({"林静怡", "13900004821"}, agent);
    EXPECT_EQ(take({"林静怡", "13900004821", "thief@example.com", "QM-9", "启明广场"}, nobody), id);
    const auto now = file(id);
    EXPECT_EQ(now.email, "");
    EXPECT_EQ(now.account_no, "");
    EXPECT_EQ(now.address, "启明广场");
    EXPECT_NE(take({"某人", "", "thief@example.com"}, nobody), id);
    ASSERT_EQ(history(id).size(), 3u);
}

TEST_F(A10_CustomerFile, ManyAreReadAtOnceInOrderAndWithoutGaps)
{
    const auto first = take({"甲", "13900000001"}, agent);
    const auto second = take({"乙", "13900000002"}, agent);
    store->read([&](sql::Connection& db) {
        const std::vector<CustomerId> asked{second, CustomerId{12345}, first, second};
        const auto found = find_all(db, asked);
        ASSERT_EQ(found.size(), 2u);
        EXPECT_EQ(found[0].name, "甲");
        EXPECT_EQ(found[1].name, "乙");
        EXPECT_TRUE(find_all(db, {}).empty());
    });
}

TEST_F(A10_CustomerFile, EveryContactAsksForIndexing)
{
    const auto id = take({"林静怡", "13900004821"}, agent);
    take({"林静怡", "13900004821"}, agent);
    store->read([&](sql::Connection& db) {
        const sql::Statement count{"count",
                                   "SELECT count(*) FROM search_queue WHERE kind = 'customer' AND ref_id = $1"};
        EXPECT_EQ(db.first(
                      count, [](const sql::Row& row) { return row.integer(0); }, id),
                  2);
    });
}

}  // namespace
}  // namespace shouwen::customer
