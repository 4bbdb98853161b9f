#include "modules/organisation/store/directory.hpp"

namespace shouwen::organisation {

Directory::Directory(sql::Store& store) : store_(store), loaded_{-1, std::make_shared<const Organisation>()}
{
    changes_ = store.feed().subscribe(organisation_topic, {[this](auto) { reload(); }, [this] { reload(); }});
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

void Directory::reload()
{
    Loaded loaded;
    store_.read([&](sql::Connection& db) { loaded = load(db); });
    const std::lock_guard lock{mutex_};
    if (loaded.version > loaded_.version) loaded_ = std::move(loaded);
}

}  // namespace shouwen::organisation
