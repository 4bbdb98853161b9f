// What deadlines and search tokens cost: a ticket opens several deadlines and indexes a text with every command.
#include "base/deadline.hpp"
#include "base/tokens.hpp"

#include <fmt/format.h>

#include <chrono>

using namespace shouwen;
using namespace std::chrono_literals;

namespace {

template <class Work>
void measure(const char* name, int count, Work work)
{
    const auto begin = std::chrono::steady_clock::now();
    std::int64_t sum = 0;  // printed, so that the work cannot be left out
    for (int i = 0; i < count; ++i) sum += work(i);
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begin;
    fmt::print("{:<36}{:>12.0f} ns  ({})\n", name, took.count() / count, sum % 10);
}

Calendar office(const char* zone)
{
    WorkingCalendar calendar{"office", "", zone, CalendarKind::working, {}, true, Weekday::monday};
    for (std::size_t day = 0; day < 5; ++day) calendar.week[day] = {{540, 720}, {810, 1080}};
    return Calendar::make(calendar).value();
}

}  // namespace

int main()
{
    const Calendar shanghai = office("Asia/Shanghai");
    const Calendar new_york = office("America/New_York");
    const Instant start = *parse_rfc3339("2026-03-02T02:00:00Z");
    const auto deadline = [&](const char* name, const Calendar& calendar, const Limit& limit, int count) {
        measure(name, count,
                [&](int i) { return to_ms(due(calendar, start + std::chrono::minutes{i % 10000}, limit)->at); });
    };
    deadline("2 h natural", shanghai, Limit::natural_time(2h), 1000000);
    deadline("2 working hours", shanghai, Limit::working_time(2h), 1000000);
    deadline("2 working hours, New York", new_york, Limit::working_time(2h), 1000000);
    deadline("1 working day", shanghai, Limit::working_days(1), 1000000);
    deadline("5 working days", shanghai, Limit::working_days(5), 1000000);
    deadline("8,000 working hours (4 years)", shanghai, Limit::working_time(8000h), 10000);

    std::string text;
    while (text.size() < 1024) text += "客户反映空调不制冷，要求退款，營業員态度恶劣；工单 SW20261123 催办第3次。";
    (void)index_tokens(text);  // reads the dictionary
    measure("index tokens of 1 KB", 2000, [&](int) { return static_cast<std::int64_t>(index_tokens(text).size()); });
    measure("query tokens", 20000,
            [&](int) { return static_cast<std::int64_t>(query_tokens("空调 退款申请").size()); });
}
