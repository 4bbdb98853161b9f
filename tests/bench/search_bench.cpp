// Full text alone, one JSON line each: how fast it indexes, how long a search takes.
//   search_bench [DOCUMENTS]
#include "modules/search/store/search_store.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <vector>

namespace {

using namespace shouwen;
using search::SearchKind;
using Stopwatch = std::chrono::steady_clock;

constexpr const char* words[] = {"空调", "维修", "投诉", "退款", "漏水", "物业", "电梯", "停电", "发票",
                                 "快递", "合同", "预约", "师傅", "上门", "延误", "收费", "押金", "门锁",
                                 "噪音", "保安", "停车", "绿化", "宽带", "水表", "客服", "电话", "没人",
                                 "处理", "要求", "赔偿", "解释", "回访", "登记", "小区", "街道", "商户"};

/// A text of about 1 KB; one in a thousand has the rare word.
search::Document document(std::int64_t ref, std::mt19937& random)
{
    const auto any = [&] { return words[random() % std::size(words)]; };
    search::Document document{
        .title = fmt::format("{}{}{}", any(), any(), any()), .text = {}, .scope = {}, .created_at = {}};
    document.text = fmt::format("20261122-{:06} 139{:08} {:04} ", ref, ref * 7919 % 100'000'000, ref % 10'000);
    while (document.text.size() < 1'000) document.text += fmt::format("{}{}，", any(), any());
    if (ref % 1'000 == 0) document.text += "无障碍";
    document.scope = {search::unit_word(UnitId{ref % 20 + 1}), search::merchant_word(UnitId{ref % 200 + 1'000})};
    return document;
}

double elapsed_ms(Stopwatch::time_point since)
{
    return std::chrono::duration<double, std::milli>{Stopwatch::now() - since}.count();
}

}  // namespace

int main(int count, char** arguments)
{
    const std::int64_t documents_count = count > 1 ? std::atoll(arguments[1]) : 100'000;
    sqlite::TemporaryStore store;
    std::mt19937 random{1};
    store->write([&](sql::Connection& connection) {
        for (std::int64_t ref = 1; ref <= documents_count; ++ref)
            search::queue_document(connection, SearchKind::ticket, ref);
    });
    const search::DocumentLoader load = [&](sql::Connection&, SearchKind, std::int64_t ref) {
        return document(ref, random);
    };
    sql::Lease lease{"index", std::chrono::seconds{10}};
    const auto start = Stopwatch::now();
    double slowest_ms = 0;
    for (;;) {
        const auto batch = Stopwatch::now();
        if (search::index_pending(*store, load, lease) == 0) break;
        slowest_ms = std::max(slowest_ms, elapsed_ms(batch));
    }
    fmt::print("{{\"name\": \"index\", \"documents\": {}, \"per_second\": {:.0f}, \"slowest_batch_ms\": {:.1f}}}\n",
               documents_count, static_cast<double>(documents_count) / elapsed_ms(start) * 1000, slowest_ms);

    const search::SearchScope unit{{{search::unit_word(UnitId{3})}}};
    const search::SearchScope merchant{
        {{search::unit_word(UnitId{3}), search::unit_word(UnitId{4})}, {search::merchant_word(UnitId{1'002})}}};
    constexpr SearchKind every_kind[] = {SearchKind::ticket, SearchKind::customer, SearchKind::article};
    const struct {
        const char* name;
        const char* query;
        search::SearchScope scope;
    } cases[] = {
        {"common_word", "投诉", {}},     {"two_words", "漏水 赔偿", {}}, {"five_words", "漏水 赔偿 物业 电梯 押金", {}},
        {"rare_word", "无障碍", {}},     {"one_letter", "水", {}},       {"number", "20261122-000123", {}},
        {"absent", "不存在的词", {}},    {"in_unit", "投诉", unit},      {"in_merchant", "投诉 电梯", merchant},
        {"rare_in_unit", "无障碍", unit}};
    for (const auto& c : cases) {
        std::vector<double> latencies;
        std::size_t hits = 0;
        for (int i = 0; i < 100; ++i) {
            const auto begin = Stopwatch::now();
            store->read([&](sql::Connection& connection) {
                hits = search::search(connection, c.query, c.scope, every_kind, 20).size();
            });
            latencies.push_back(elapsed_ms(begin));
        }
        std::ranges::sort(latencies);
        fmt::print("{{\"name\": \"search_{}\", \"hits\": {}, \"p50_ms\": {:.2f}, \"p95_ms\": {:.2f}}}\n", c.name, hits,
                   latencies[50], latencies[95]);
        std::fflush(stdout);
    }
    fmt::print("{{\"name\": \"size\", \"bytes\": {}}}\n", std::filesystem::file_size(store->path()));
}
