#include "base/zone.hpp"

#include <date/tz.h>

#include <algorithm>

namespace shouwen {
namespace {

const date::time_zone* locate(std::string_view name)
{
    try {
        return date::locate_zone(name);
    } catch (const std::runtime_error&) {  // the library's way to say "unknown"
        return nullptr;
    }
}

}  // namespace

std::shared_ptr<const Zone> Zone::find(std::string_view name)
{
    using namespace std::chrono;
    const date::time_zone* source = locate(name);
    if (!source) return nullptr;
    auto zone = std::make_shared<Zone>();
    zone->name_ = name;
    const Instant last = sys_days{year{2038} / January / 1};
    Instant at = sys_days{year{1970} / January / 1};
    for (Instant begin = Instant::min(); at < last;) {
        const auto info = source->get_info(floor<seconds>(at));
        const Instant end = info.end < last ? Instant{info.end} : Instant::max();
        if (zone->stretches_.empty() || zone->stretches_.back().offset != info.offset)
            zone->stretches_.push_back({begin, end, info.offset});
        else
            zone->stretches_.back().end = end;  // only the abbreviation changed
        begin = at = end;
    }
    return zone;
}

std::size_t Zone::stretch_at(Instant at) const
{
    const auto after = std::ranges::upper_bound(stretches_, at, {}, &Stretch::begin);
    return static_cast<std::size_t>(after - stretches_.begin()) - 1;
}

LocalTime Zone::local(Instant at) const
{
    return LocalTime{at.time_since_epoch() + stretches_[stretch_at(at)].offset};
}

Instant Zone::instant(LocalTime at) const
{
    // No offset is greater than a day, so the search begins before all candidates.
    const Instant early = Instant{at.time_since_epoch()} - std::chrono::hours{26};
    for (std::size_t i = stretch_at(early);; ++i) {
        const Instant candidate{at.time_since_epoch() - stretches_[i].offset};
        if (candidate < stretches_[i].end) return std::max(candidate, stretches_[i].begin);
    }
}

}  // namespace shouwen
