#include "app/replay_report.hpp"

#include "platform/json/json_writer.hpp"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include <ostream>

namespace shouwen::app {
namespace {

constexpr std::size_t rejected_shown_max = 20;

double rows_per_second(const ReplayReport& report)
{
    return report.seconds > 0 ? static_cast<double>(report.rows_count) / report.seconds : 0;
}

void print_counts(std::ostream& out, std::string_view title, const std::vector<Counted>& counts)
{
    fmt::print(out, "\n{}\n", title);
    for (const auto& each : counts) fmt::print(out, "  {:<24}{:>10}\n", each.name, each.count);
}

void write_counts(JsonWriter& out, std::string_view name, const std::vector<Counted>& counts)
{
    out.key(name).begin_object();
    for (const auto& each : counts) out.member(each.name, each.count);
    out.end_object();
}

}  // namespace

void print_report(std::ostream& out, const ReplayReport& report)
{
    const auto& counts = report.counts;
    fmt::print(out, "{}: {} rows\n", report.file, report.rows_count);
    for (const auto& [name, count] : {std::pair{"received", counts.received},
                                      {"archived", counts.archived},
                                      {"open", counts.open},
                                      {"rejected", static_cast<std::int64_t>(report.rejected.size())}})
        fmt::print(out, "  {:<24}{:>10}\n", name, count);
    print_counts(out, "By class", counts.by_class);
    print_counts(out, "By channel", counts.by_channel);
    print_counts(out, "By grade", counts.by_grade);
    print_counts(out, "By department", counts.by_unit);
    fmt::print(out, "\n{:<26}{:>10}{:>12}{:>10}{:>12}\n", "Deadlines", "kept", "kept late", "open", "open late");
    for (const auto& each : counts.timeliness)
        fmt::print(out, "  {:<24}{:>10}{:>12}{:>10}{:>12}\n", each.kind, each.kept, each.kept_late, each.open,
                   each.open_late);
    fmt::print(out, "\nRejected rows: {}\n", report.rejected.size());
    for (std::size_t i = 0; i < report.rejected.size() && i < rejected_shown_max; ++i)
        fmt::print(out, "  line {:<8}{:<14}{}\n", report.rejected[i].line, report.rejected[i].case_id,
                   report.rejected[i].reason);
    if (report.rejected.size() > rejected_shown_max)
        fmt::print(out, "  and {} more; --report FILE writes them all\n", report.rejected.size() - rejected_shown_max);
    fmt::print(
        out,
        "\nThe data names no customers: each neighbourhood has one file, with an address that reaches nobody. Departments' agents\n"
        "take their cases themselves, minutes after the opening; the city's target is the date promised with the solution.\n");
    if (report.is_truncated) fmt::print(out, "\nThe file is truncated: what came before is in the store.\n");
    fmt::print(out, "\n{:.1f} s, {:.0f} rows/s\n", report.seconds, rows_per_second(report));
}

std::string report_json(const ReplayReport& report)
{
    const auto& counts = report.counts;
    JsonWriter out;
    out.begin_object()
        .member("file", report.file)
        .member("rows", report.rows_count)
        .member("truncated", report.is_truncated);
    out.member("received", counts.received).member("archived", counts.archived).member("open", counts.open);
    write_counts(out, "by_class", counts.by_class);
    write_counts(out, "by_channel", counts.by_channel);
    write_counts(out, "by_grade", counts.by_grade);
    write_counts(out, "by_department", counts.by_unit);
    out.key("timeliness").begin_array();
    for (const auto& each : counts.timeliness)
        out.begin_object()
            .member("kind", each.kind)
            .member("kept", each.kept)
            .member("kept_late", each.kept_late)
            .member("open", each.open)
            .member("open_late", each.open_late)
            .end_object();
    out.end_array().key("rejected").begin_array();
    for (const auto& each : report.rejected)
        out.begin_object()
            .member("line", each.line)
            .member("case_id", each.case_id)
            .member("reason", each.reason)
            .end_object();
    out.end_array().member("seconds", report.seconds).member("rows_per_second", rows_per_second(report)).end_object();
    return out.take();
}

}  // namespace shouwen::app
