// Preloaded: the N-th sync of a write-ahead log (SHOUWEN_FAIL_SYNC_AT) fails with EIO, the ones after it succeed. So does a
// kernel that has dropped the pages: whoever simply tries again is told that all is well.
#include "journal.hpp"

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <dlfcn.h>
#include <string_view>
#include <unistd.h>

namespace {

bool is_log(int file)
{
    char link[64];
    std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    char name[4096];
    const auto length = ::readlink(link, name, sizeof name);
    return length > 0 && std::string_view{name, static_cast<std::size_t>(length)}.ends_with("-wal");
}

bool fails_now(int file)
{
    static const char* at = std::getenv("SHOUWEN_FAIL_SYNC_AT");
    static const int failing = at ? std::atoi(at) : 0;
    static std::atomic<int> syncs_count{0};
    if (!is_log(file) || ++syncs_count != failing) return false;
    const auto marker = shouwen::fault::sync_failed;
    if (::write(shouwen::fault::journal_file, &marker, sizeof marker) < 0) std::abort();
    errno = EIO;
    return true;
}

int real(const char* name, int file)
{
    return reinterpret_cast<int (*)(int)>(::dlsym(RTLD_NEXT, name))(file);
}

}  // namespace

extern "C" int fsync(int file)
{
    return fails_now(file) ? -1 : real("fsync", file);
}

extern "C" int fdatasync(int file)
{
    return fails_now(file) ? -1 : real("fdatasync", file);
}
