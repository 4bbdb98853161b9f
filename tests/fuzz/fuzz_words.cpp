// The small things that stand in paths, filters and fields: what is accepted has one form, and that form reads back.

#include "base/calendar.hpp"
#include "base/holidays.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/limit.hpp"
#include "base/text.hpp"
#include "fuzz/target.hpp"
#include "modules/customer/rules/customer.hpp"
#include "modules/search/rules/query.hpp"
#include "modules/ticket/rules/child_id.hpp"

#include <algorithm>
#include <string>

using namespace shouwen;
using fuzz::require;

namespace {

void phone_numbers(std::string_view text)
{
    if (const auto normal = customer::normal_phone(text)) {
        require(normal->find_first_not_of("0123456789#") == std::string::npos);
        require(customer::normal_phone(*normal) == normal);
    }
    if (const auto query = customer::phone_query(text))
        require(query->digits.size() >= 3 && query->digits.find_first_not_of("0123456789#") == std::string::npos);
    if (const auto normal = customer::normal_email(text)) require(customer::normal_email(*normal) == normal);
    const customer::NewCustomer fresh{
        .name = std::string{text}, .phone = std::string{text}, .email = std::string{text}};
    for (const auto& error : customer::check(fresh, "/customer")) require(error.pointer.starts_with("/customer/"));
}

void search_words(std::string_view text)
{
    const auto words = search::words_of(text);
    constexpr std::array kinds{search::SearchKind::ticket, search::SearchKind::customer};
    const search::SearchScope scope{{{search::unit_word(UnitId{1}), search::staff_word(StaffId{2})}}};
    for (const auto& query : {search::fts5_query(words, scope, kinds), search::tsquery(words, scope, kinds)})
        require(is_utf8(query) && query.find('\0') == std::string::npos && query.empty() == words.empty());
    (void)search::title_score(text, words);
}

void moments_and_ids(std::string_view text)
{
    if (const auto at = parse_rfc3339(text)) require(parse_rfc3339(to_rfc3339(*at)) == at);
    if (const auto duration = parse_iso_duration(text))
        require(parse_iso_duration(to_iso_duration(*duration)) == duration);
    if (const auto date = parse_date(text)) require(date->ok() && to_string(*date) == text);
    if (const auto limit = parse_limit(text)) require(parse_limit(to_string(*limit)) == limit);
    if (const auto id = decode_id(text)) require(encode_id(*id) == text);
    if (const auto child = ticket::parse_child_id(text)) require(ticket::child_id(child->first, child->second) == text);
    if (const auto years = parse_holidays(text))
        for (const auto& year : *years)
            for (const auto& day : year.days) require(belongs_to(year.year, day.date));
}

}  // namespace

FUZZ_TARGET(fuzz_words)
{
    moments_and_ids(bytes);
    if (!is_utf8(bytes)) return;  // the edge lets nothing else in
    phone_numbers(bytes);
    search_words(bytes);
}
