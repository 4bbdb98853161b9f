#include "platform/sqlite/lock_holder.hpp"

#include <fmt/format.h>

#include <fstream>
#include <set>
#include <sstream>
#include <sys/stat.h>
#include <unistd.h>

namespace shouwen::sqlite {
namespace {

// Bytes of the -shm file that SQLite locks in WAL mode (see its file format); one to write, five to read.
constexpr long write_byte = 120, first_read_byte = 123, last_read_byte = 127;

std::string name_of_process(long pid)
{
    std::ifstream file{fmt::format("/proc/{}/comm", pid)};
    std::string name;
    std::getline(file, name);
    return name.empty() ? "?" : name;
}

/// Reads the kernel's list. Asking by a descriptor of our own would not do: closing it gives up the locks that this
/// process holds on the file.
std::string holders_of(const std::filesystem::path& store, long first_byte, long last_byte)
{
    struct stat about {};
    if (::stat((store.string() + "-shm").c_str(), &about) != 0) return "nobody known";
    std::ifstream locks{"/proc/locks"};
    std::set<long> pids;
    for (std::string line; std::getline(locks, line);) {
        // 1: POSIX  ADVISORY  WRITE 812 08:01:131090 120 120
        std::istringstream in{line};
        std::string number, kind, advisory, access, file, from, to;
        long pid = 0;
        if (!(in >> number >> kind >> advisory >> access >> pid >> file >> from >> to) || pid == ::getpid()) continue;
        if (file.substr(file.rfind(':') + 1) != std::to_string(about.st_ino)) continue;
        const long begin = std::strtol(from.c_str(), nullptr, 10);
        const long end = to == "EOF" ? last_byte : std::strtol(to.c_str(), nullptr, 10);
        if (begin <= last_byte && end >= first_byte) pids.insert(pid);
    }
    std::string text;
    for (const long pid : pids)
        text += fmt::format("{}process {} ({})", text.empty() ? "" : ", ", pid, name_of_process(pid));
    return text.empty() ? "nobody known" : text;
}

}  // namespace

std::string writer_of(const std::filesystem::path& store)
{
    return holders_of(store, write_byte, write_byte);
}

std::string old_readers_of(const std::filesystem::path& store)
{
    return holders_of(store, first_read_byte, last_read_byte);
}

}  // namespace shouwen::sqlite
