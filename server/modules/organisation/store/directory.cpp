#include "modules/organisation/store/directory.hpp"

namespace shouwen::organisation {

Directory::Directory(sql::Store& store) : store_(store), loaded_{-1, std::make_shared<const Organisation>()}
{
    reload();
}

OrganisationPtr Directory::current() const
{
    const std::lock_guard lock{mutex_};
    return loaded_.organisation;
}

std::int64_t Directory::version() const
{
    const std::lock_guard lock{mutex_};
    return loaded_.version;
}

void Directory::publish(Loaded loaded)
{
    const std::lock_guard lock{mutex_};
    if (loaded.version > loaded_.version) loaded_ = std::move(loaded);
}

void Directory::reload()
{
    Loaded loaded;
    store_.read([&](sql::Connection& db) { loaded = load(db); });
    publish(std::move(loaded));
}

}  // namespace shouwen::organisation
