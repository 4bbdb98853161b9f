// Preloaded: lets calls on files and sockets fail, take long, or do less than was asked. The file named by SHOUWEN_FAULT_IO holds
// one rule a line and is read again when it changes, so that a disk can fail, and be well again, under a running program:
//   CALL PATTERN ACTION [N]
//   clock * shift=SECONDS          somebody has set the clock on the wall; the steady one goes on
// CALL: sync, write or read (or clock, which see). PATTERN: of the file's path, or of `socket:[…]`, as the shell matches them. ACTION: an error's name
// (EIO, ENOSPC, EINTR), `short` (at most half of the bytes), `delay=MS`, or `kill`. N: only the N-th such call since the rules were
// read; without it, of `EINTR` and `short` every second call, of the others each.
#include <algorithm>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <mutex>
#include <string>
#include <string_view>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

struct Rule {
    std::string call;
    std::string pattern;
    std::string action;
    long at = 0;
    long seen = 0;
};

struct Rules {
    std::mutex mutex;
    std::vector<Rule> all;
    struct timespec changed {};
    off_t size = -1;
};

template <class Function>
Function* real(const char* name)
{
    return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

/// Reads the file anew when it has changed. @pre the mutex is held
void refresh(Rules& rules, const char* path)
{
    struct stat now {};
    if (::stat(path, &now) != 0) now = {};
    if (now.st_size == rules.size && now.st_mtim.tv_sec == rules.changed.tv_sec &&
        now.st_mtim.tv_nsec == rules.changed.tv_nsec)
        return;
    rules.size = now.st_size;
    rules.changed = now.st_mtim;
    rules.all.clear();
    FILE* file = std::fopen(path, "re");
    if (!file) return;
    char line[512];
    while (std::fgets(line, sizeof line, file)) {
        char call[16], pattern[300], action[32];
        long at = 0;
        if (std::sscanf(line, "%15s %299s %31s %ld", call, pattern, action, &at) >= 3)
            rules.all.push_back({call, pattern, action, at});
    }
    std::fclose(file);
}

/// What is to happen to this call: an action, or nothing.
std::string action_for(const char* call, int file)
{
    static const char* path = std::getenv("SHOUWEN_FAULT_IO");
    static thread_local bool inside = false;
    if (!path || inside) return {};
    inside = true;
    static Rules rules;
    std::string found;
    {
        const std::lock_guard lock{rules.mutex};
        refresh(rules, path);
        if (!rules.all.empty()) {
            char link[64], name[4096];
            std::snprintf(link, sizeof link, "/proc/self/fd/%d", file);
            const auto length = ::readlink(link, name, sizeof name - 1);
            name[std::max<ssize_t>(length, 0)] = '\0';
            for (auto& rule : rules.all) {
                if (rule.call != call || ::fnmatch(rule.pattern.c_str(), name, 0) != 0) continue;
                ++rule.seen;
                const bool now_and_then = rule.action == "EINTR" || rule.action == "short";
                if (rule.at > 0 ? rule.seen == rule.at : !now_and_then || rule.seen % 2 == 0) found = rule.action;
            }
        }
    }
    inside = false;
    return found;
}

/// How far the clock on the wall was moved.
long clock_shift()
{
    static const char* path = std::getenv("SHOUWEN_FAULT_IO");
    static thread_local bool inside = false;
    if (!path || inside) return 0;
    inside = true;
    const auto action = action_for("clock", -1);
    inside = false;
    return action.starts_with("shift=") ? std::atol(action.c_str() + 6) : 0;
}

enum class Go { on, with_half, no };

Go before(const char* call, int file)
{
    const auto action = action_for(call, file);
    if (action.empty()) return Go::on;
    if (action == "short") return Go::with_half;
    if (action == "kill") ::raise(SIGKILL);
    if (action.starts_with("delay=")) {
        // check-sources: allow(sleep) because a slow disk is what this is
        std::this_thread::sleep_for(std::chrono::milliseconds{std::atoi(action.c_str() + 6)});
        return Go::on;
    }
    errno = action == "ENOSPC" ? ENOSPC : action == "EINTR" ? EINTR : EIO;
    return Go::no;
}

std::size_t half(Go go, std::size_t size)
{
    return go == Go::with_half && size > 1 ? size / 2 : size;
}

}  // namespace

extern "C" {

int clock_gettime(clockid_t clock, timespec* now)
{
    const int result = real<int(clockid_t, timespec*)>("clock_gettime")(clock, now);
    if (result == 0 && clock == CLOCK_REALTIME) now->tv_sec += clock_shift();
    return result;
}

int fsync(int file)
{
    return before("sync", file) == Go::no ? -1 : real<int(int)>("fsync")(file);
}
int fdatasync(int file)
{
    return before("sync", file) == Go::no ? -1 : real<int(int)>("fdatasync")(file);
}

ssize_t write(int file, const void* bytes, size_t size)
{
    const Go go = before("write", file);
    return go == Go::no ? -1 : real<ssize_t(int, const void*, size_t)>("write")(file, bytes, half(go, size));
}
ssize_t pwrite(int file, const void* bytes, size_t size, off_t at)
{
    const Go go = before("write", file);
    return go == Go::no ? -1
                        : real<ssize_t(int, const void*, size_t, off_t)>("pwrite")(file, bytes, half(go, size), at);
}
ssize_t pwrite64(int file, const void* bytes, size_t size, off64_t at)
{
    return pwrite(file, bytes, size, at);
}
ssize_t send(int file, const void* bytes, size_t size, int flags)
{
    const Go go = before("write", file);
    return go == Go::no ? -1 : real<ssize_t(int, const void*, size_t, int)>("send")(file, bytes, half(go, size), flags);
}
/// Cut short, it sends the first of the buffers only.
ssize_t sendmsg(int file, const msghdr* message, int flags)
{
    const Go go = before("write", file);
    if (go == Go::no) return -1;
    msghdr less = *message;
    if (go == Go::with_half && less.msg_iovlen > 1) less.msg_iovlen = 1;
    return real<ssize_t(int, const msghdr*, int)>("sendmsg")(file, &less, flags);
}
ssize_t sendfile(int to, int from, off_t* at, size_t size)
{
    const Go go = before("write", to);
    return go == Go::no ? -1 : real<ssize_t(int, int, off_t*, size_t)>("sendfile")(to, from, at, half(go, size));
}
ssize_t sendfile64(int to, int from, off64_t* at, size_t size)
{
    return sendfile(to, from, at, size);
}

ssize_t read(int file, void* bytes, size_t size)
{
    const Go go = before("read", file);
    return go == Go::no ? -1 : real<ssize_t(int, void*, size_t)>("read")(file, bytes, half(go, size));
}
ssize_t pread(int file, void* bytes, size_t size, off_t at)
{
    const Go go = before("read", file);
    return go == Go::no ? -1 : real<ssize_t(int, void*, size_t, off_t)>("pread")(file, bytes, half(go, size), at);
}
ssize_t pread64(int file, void* bytes, size_t size, off64_t at)
{
    return pread(file, bytes, size, at);
}
ssize_t recv(int file, void* bytes, size_t size, int flags)
{
    const Go go = before("read", file);
    return go == Go::no ? -1 : real<ssize_t(int, void*, size_t, int)>("recv")(file, bytes, half(go, size), flags);
}
ssize_t recvmsg(int file, msghdr* message, int flags)
{
    return before("read", file) == Go::no ? -1 : real<ssize_t(int, msghdr*, int)>("recvmsg")(file, message, flags);
}

}  // extern "C"
