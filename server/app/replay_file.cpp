#include "app/replay.hpp"
#include "app/replay_csv.hpp"

#include <algorithm>
#include <fstream>
#include <unordered_set>

namespace shouwen::app {
namespace {

Hash hash_of_file(const std::filesystem::path& file)
{
    std::ifstream in{file, std::ios::binary};
    Hasher hasher;
    std::vector<char> buffer(std::size_t{1} << 16);
    while (in.read(buffer.data(), static_cast<std::streamsize>(buffer.size())) || in.gcount() > 0)
        hasher.update({buffer.data(), static_cast<std::size_t>(in.gcount())});
    return hasher.finish();
}

}  // namespace

Result<HistoricFile, std::string> read_historic(const std::filesystem::path& file)
{
    FileInput input{file};
    CsvReader reader{[&](std::span<char> into) { return input.read(into); }};
    const auto header = reader.next();
    if (!header)
        return "foreign file: it is empty; expected a header of " + std::to_string(historic_columns.size()) +
               " columns";
    if (!*header) return "foreign file: line 1: " + header->error().what;
    if (auto foreign = foreign_header((*header)->fields)) return std::move(*foreign);

    const auto zone = Zone::find(historic_zone);
    ensure(zone != nullptr, "the system knows the zone of the data");
    HistoricFile historic;
    historic.hash = hash_of_file(file);
    std::unordered_set<std::string> known;
    std::int64_t last_line = 1;
    while (const auto row = reader.next()) {
        ++historic.rows_count;
        if (!*row) {
            last_line = row->error().line;
            historic.rejected.push_back({last_line, "", row->error().what});
            continue;
        }
        last_line = (*row)->line;
        const bool is_cut =
            !(*row)->has_line_end && ((*row)->fields.size() < historic_columns.size() || !input.fault().empty());
        auto ticket = map_row(last_line, (*row)->fields, *zone);
        if (is_cut) {
            historic.is_truncated = true;
            historic.rejected.push_back(
                {last_line, (*row)->fields[0], "the file ends within this row; expected 17 columns and a line end"});
        } else if (!ticket) {
            historic.rejected.push_back(ticket.error());
        } else if (!known.insert(ticket->case_id).second) {
            historic.rejected.push_back({last_line, ticket->case_id, "the same case stands in an earlier row"});
        } else {
            historic.tickets.push_back(std::move(*ticket));
        }
    }
    if (!input.fault().empty()) {
        historic.is_truncated = true;
        historic.rejected.push_back({last_line + 1, "", input.fault()});
    }
    return historic;
}

std::vector<ReplayStep> plan_of(const HistoricFile& file)
{
    std::vector<ReplayStep> steps;
    steps.reserve(3 * file.tickets.size());
    for (std::uint32_t i = 0; i < file.tickets.size(); ++i) {
        const auto& ticket = file.tickets[i];
        steps.push_back({ticket.opened_at, StepKind::open, i});
        steps.push_back({ticket.taken_at, StepKind::take, i});
        if (ticket.closed_at) steps.push_back({*ticket.closed_at, StepKind::close, i});
    }
    std::ranges::sort(steps, {}, [](const ReplayStep& s) { return std::tuple{s.at, s.ticket, s.kind}; });
    return steps;
}

}  // namespace shouwen::app
