#include "modules/search/store/search_store.hpp"

#include "platform/sqlite/store_fixture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace shouwen::search {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr SearchKind every_kind[] = {SearchKind::ticket, SearchKind::customer, SearchKind::article};
const sql::Statement count_queue{"count_queue", "SELECT count(*) FROM search_queue"};

class SearchTest : public testing::Test {
protected:
    using Key = std::pair<SearchKind, std::int64_t>;

    void given(std::int64_t ref, Document document, SearchKind kind = SearchKind::ticket)
    {
        documents[{kind, ref}] = std::move(document);
        queue(ref, kind);
    }
    void queue(std::int64_t ref, SearchKind kind = SearchKind::ticket)
    {
        store->write([&](sql::Connection& connection) { queue_document(connection, kind, ref); });
    }
    sql::Lease lease{"index", std::chrono::seconds{10}};
    int index_all()
    {
        int total = 0;
        for (int taken = 1; taken > 0; total += taken) taken = index_pending(*store, loader, lease);
        return total;
    }
    std::vector<std::int64_t> found(std::string_view query, const SearchScope& scope = {},
                                    std::span<const SearchKind> kinds = every_kind, int limit = 20)
    {
        std::vector<std::int64_t> refs;
        store->read([&](sql::Connection& connection) {
            for (const auto& hit : search(connection, query, scope, kinds, limit)) refs.push_back(hit.ref);
        });
        return refs;
    }

    sqlite::TemporaryStore store;
    std::map<Key, Document> documents;
    DocumentLoader loader = [this](sql::Connection&, SearchKind kind, std::int64_t ref) -> std::optional<Document> {
        const auto document = documents.find({kind, ref});
        return document == documents.end() ? std::nullopt : std::optional{document->second};
    };
};

TEST_F(SearchTest, WriteIsFoundOnceItIsIndexed)
{
    given(1, {.title = "空调不制冷", .text = "客户投诉维修人员没有按时上门", .scope = {}, .created_at = {}});
    EXPECT_THAT(found("投诉"), IsEmpty());
    EXPECT_EQ(index_all(), 1);
    EXPECT_THAT(found("投诉"), ElementsAre(1));
    EXPECT_THAT(found("维修 投诉"), ElementsAre(1));
    EXPECT_THAT(found("投诉 退款"), IsEmpty());
    EXPECT_EQ(index_all(), 0);
}

TEST_F(SearchTest, BothScriptsTwoCharacterWordsNumbersAndPhoneTails)
{
    given(1, {.title = "訴求",
              .text = "電話 13912345678 5678 工單 20261122-000123 Router RX-7",
              .scope = {},
              .created_at = {}});
    index_all();
    for (const auto* query :
         {"诉求", "訴求", "电话", "5678", "13912345678", "20261122-000123", "000123", "router", "RX-7", "诉"}) {
        SCOPED_TRACE(query);
        EXPECT_THAT(found(query), ElementsAre(1));
    }
    EXPECT_THAT(found("4321"), IsEmpty());
}

TEST_F(SearchTest, ChangedDocumentIsFoundByItsNewWordsOnly)
{
    given(1, {.title = "漏水", .text = "", .scope = {}, .created_at = {}});
    index_all();
    given(1, {.title = "停电", .text = "", .scope = {}, .created_at = {}});
    index_all();
    EXPECT_THAT(found("漏水"), IsEmpty());
    EXPECT_THAT(found("停电"), ElementsAre(1));
}

TEST_F(SearchTest, RemovedDocumentIsNotFound)
{
    given(1, {.title = "漏水", .text = "", .scope = {}, .created_at = {}});
    index_all();
    documents.clear();
    queue(1);
    queue(99);  // was never indexed
    index_all();
    EXPECT_THAT(found("漏水"), IsEmpty());
}

TEST_F(SearchTest, ScopeKeepsStrangersOut)
{
    const UnitId own{1}, other{2}, merchant{3};
    given(1, {.title = "漏水", .text = "", .scope = {unit_word(own)}, .created_at = {}});
    given(2, {.title = "漏水", .text = "", .scope = {unit_word(other), merchant_word(merchant)}, .created_at = {}});
    given(3, {.title = "漏水",
              .text = unit_word(own),
              .scope = {},
              .created_at = {}});  // its text claims what its scope does not
    index_all();
    EXPECT_THAT(found("漏水"), ElementsAre(3, 2, 1));
    EXPECT_THAT(found("漏水", {{{unit_word(own)}}}), ElementsAre(1));
    EXPECT_THAT(found("漏水", {{{unit_word(own), unit_word(other)}}}), ElementsAre(2, 1));
    EXPECT_THAT(found("漏水", {{{unit_word(own), unit_word(other)}, {merchant_word(merchant)}}}), ElementsAre(2));
    EXPECT_THAT(found("漏水", {{{}}}), IsEmpty());
    EXPECT_THAT(found(unit_word(other)), IsEmpty());  // scope words are no text
    EXPECT_THAT(found("kticket"), IsEmpty());
}

TEST_F(SearchTest, KindsAreApart)
{
    given(1, {.title = "张伟", .text = "", .scope = {}, .created_at = {}}, SearchKind::ticket);
    given(1, {.title = "张伟", .text = "", .scope = {}, .created_at = {}}, SearchKind::customer);
    index_all();
    store->read([](sql::Connection& connection) {
        constexpr SearchKind customers[] = {SearchKind::customer};
        EXPECT_THAT(search(connection, "张伟", {}, customers, 20), ElementsAre(Hit{SearchKind::customer, 1}));
    });
}

TEST_F(SearchTest, TitleHitsComeFirstThenTheNewest)
{
    given(1, {.title = "漏水", .text = "", .scope = {}, .created_at = {}});
    given(2, {.title = "其他", .text = "漏水", .scope = {}, .created_at = {}});
    given(3, {.title = "其他", .text = "漏水", .scope = {}, .created_at = {}});
    index_all();
    EXPECT_THAT(found("漏水"), ElementsAre(1, 3, 2));
    EXPECT_THAT(found("漏水", {}, every_kind, 1), ElementsAre(1));
}

TEST_F(SearchTest, QueriesThatLookLikeSyntaxAreHarmless)
{
    given(1, {.title = "漏水", .text = "", .scope = {}, .created_at = {}});
    index_all();
    for (const auto* query :
         {"", "\"", "漏水\" OR \"", "NEAR(", "a AND", "*", "title:", "{", "'", "\\", "-漏水 ^", "漏水 *"})
        EXPECT_NO_THROW(found(query)) << query;
}

TEST_F(SearchTest, ManyRowsAreTakenInBatchesAndRepeatedOnesLoadedOnce)
{
    for (int i = 0; i < 150; ++i) documents[{SearchKind::ticket, i % 50 + 1}] = {"漏水", "", {}, {}};
    store->write([](sql::Connection& connection) {
        for (int i = 0; i < 150; ++i) queue_document(connection, SearchKind::ticket, i % 50 + 1);
    });
    int loads = 0;
    const DocumentLoader counting = [&](sql::Connection& connection, SearchKind kind, std::int64_t ref) {
        ++loads;
        return loader(connection, kind, ref);
    };
    EXPECT_EQ(index_pending(*store, counting, lease, 100), 100);
    EXPECT_EQ(loads, 50);
    EXPECT_EQ(index_pending(*store, counting, lease, 100), 50);
    EXPECT_EQ(index_pending(*store, counting, lease, 100), 0);
    EXPECT_EQ(found("漏水", {}, every_kind, 100).size(), 50u);
}

TEST_F(SearchTest, RestartLosesNothingThatWasQueued)
{
    given(1, {.title = "漏水", .text = "", .scope = {}, .created_at = {}});
    store.reopen();
    index_all();
    EXPECT_THAT(found("漏水"), ElementsAre(1));
}

TEST_F(SearchTest, ChangeWhileIndexingIsIndexedNext)
{
    given(1, {.title = "漏水", .text = "", .scope = {}, .created_at = {}});
    const DocumentLoader changing = [&](sql::Connection& connection, SearchKind kind, std::int64_t ref) {
        const auto document = loader(connection, kind, ref);
        given(1, {.title = "停电", .text = "", .scope = {}, .created_at = {}});
        return document;
    };
    index_pending(*store, changing, lease);
    index_all();
    EXPECT_THAT(found("停电"), ElementsAre(1));
    EXPECT_THAT(found("漏水"), IsEmpty());
}

}  // namespace
}  // namespace shouwen::search
