#pragma once

#include "api/routes.hpp"
#include "modules/backup/store/backup_runs.hpp"

#include <functional>
#include <memory>
#include <string>

namespace shouwen::backup {

/// How the server's own backups are set up; nothing when they are not.
struct Setup {
    Schedule schedule;
    std::shared_ptr<const Zone> zone;
    bool is_encrypted = false;
};

/// What the routes need of others, supplied by the app; whatever is referred to outlives them.
struct Services {
    sql::Store& store;
    IdSource& ids;
    const Clock& clock;
    std::function<const Setup*()> setup;
    std::function<std::string(StaffId)> name_of_staff;
    std::function<void(sql::Connection&, StaffId by, std::string_view action, BackupRunId id, Instant now)> audit;
    std::function<void()> wake;  ///< after the commit
};

void add_backup_routes(api::Routes& routes, const Services& services);

}  // namespace shouwen::backup
