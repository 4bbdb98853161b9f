#pragma once

#include "app/replay_store.hpp"

#include <iosfwd>

namespace shouwen::app {

struct ReplayReport {
    std::string file;
    std::int64_t rows_count = 0;
    bool is_truncated = false;
    std::vector<RowFault> rejected;
    ReplayCounts counts;
    double seconds = 0;
};

/// For people: aligned, the first rejected rows.
void print_report(std::ostream& out, const ReplayReport& report);
/// Everything.
std::string report_json(const ReplayReport& report);

}  // namespace shouwen::app
