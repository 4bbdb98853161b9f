#pragma once

#include "app/demo.hpp"
#include "modules/organisation/store/audit_log.hpp"
#include "platform/sqlite/connection.hpp"
#include "platform/sqlite/store_fixture.hpp"

#include <filesystem>

namespace shouwen::app {

/// A small demo centre, made once for all tests of the process.
struct DemoStore {
    static constexpr Instant end = Instant{std::chrono::sys_days{std::chrono::year{2026} / 3 / 18} +
                                           std::chrono::hours{8}};  // Wednesday, 16:00 in Shanghai

    sqlite::TemporaryFolder folder;
    std::filesystem::path path = folder.path() / "demo.db";
    demonstration::Made made;

    DemoStore()
    {
        ManualClock clock{end - demonstration::stories_length};
        Centre centre{{.store = path, .data_dir = folder.path(), .use = sqlite::Use::filling}, clock};
        const auto material = demonstration::load_material();
        demonstration::make_house(centre, material, "no password fits", clock.now());
        centre.store().write([](sql::Connection& db) {
            for (const char* action : {"role_changed", "customer_revealed", "staff_disabled"})
                organisation::append_audit(db, {end, {}, action, "", "", "{}"});
        });
        made = demonstration::tell_stories(centre, clock, material, end, 1);
    }

    static const DemoStore& shared()
    {
        static const DemoStore store;
        return store;
    }
};

}  // namespace shouwen::app
