#include "modules/organisation/edge/writing.hpp"

#include <algorithm>

namespace shouwen::organisation {

api::Problem problem_of(Refusal refusal)
{
    return {.code = std::string{name_of(refusal)}};
}

api::Problem throttled(Duration wait)
{
    const auto whole = std::max(std::chrono::ceil<std::chrono::seconds>(wait), std::chrono::seconds{1});
    const std::string seconds = std::to_string(whole.count());
    return {.code = "throttled", .fill = {{"seconds", seconds}}, .headers = {{"Retry-After", seconds}}};
}

void end_all(sql::Connection& db, StaffId staff, Instant now, const Services& services)
{
    services.sessions.close_all_of(db, staff);
    services.tokens.revoke_all_of(db, staff, now);
}

api::Answer write_now(const Services& services, const api::WriteWork& work)
{
    const auto outcome = std::make_shared<std::optional<api::Written>>();
    try {
        commit_and_wait(
            services.store,
            [&services, &work, outcome](sql::Connection& db) { outcome->emplace(work(db, services.clock.now())); },
            [outcome] {
                for (const auto& effect : (*outcome)->after_commit) effect();
            });
    } catch (const StoreBusy&) {
        const auto wait =
            std::max(std::chrono::ceil<std::chrono::seconds>(services.store.expected_wait()), std::chrono::seconds{1});
        const std::string seconds = std::to_string(wait.count());
        return api::Problem{
            .code = "overloaded", .fill = {{"seconds", seconds}}, .headers = {{"Retry-After", seconds}}};
    } catch (const sql::DiskFull&) {
        return api::Problem{.code = "store_full"};
    }
    return std::move((*outcome)->answer);
}

}  // namespace shouwen::organisation
