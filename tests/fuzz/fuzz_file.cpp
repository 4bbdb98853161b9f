// What a file may be called and what it is taken for. Input: the name, a line end, the content.

#include "base/text.hpp"
#include "fuzz/target.hpp"
#include "modules/attachment/rules/file_name.hpp"
#include "modules/attachment/store/blobs.hpp"

#include <fmt/format.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>

using namespace shouwen;
using fuzz::require;

namespace {

/// A file without a name in any folder.
class Content {
public:
    explicit Content(std::string_view bytes) : file_(::memfd_create("fuzz", 0))
    {
        require(file_ >= 0 && ::write(file_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    }
    ~Content() { ::close(file_); }
    Content(const Content&) = delete;
    Content& operator=(const Content&) = delete;
    std::string path() const { return fmt::format("/proc/self/fd/{}", file_); }

private:
    int file_;
};

void check_name(std::string_view name)
{
    if (!is_utf8(name) || !attachment::check_file_name(name, "/filename").empty()) return;
    require(name.find_first_of(std::string_view{"/\\\0\r\n", 5}) == std::string_view::npos && name != "." &&
            name != "..");
    const auto header = attachment::content_disposition(name);
    require(header.starts_with("attachment"));
    require(std::ranges::all_of(header, [](unsigned char c) { return c >= 0x20 && c < 0x7f; }));
}

}  // namespace

FUZZ_TARGET(fuzz_file)
{
    const auto end = std::min(bytes.find('\n'), bytes.size());
    check_name(bytes.substr(0, end));
    const Content content{bytes.substr(std::min(end + 1, bytes.size()))};
    const auto type = attachment::media_type_of(content.path());
    require(!type.empty() && type.find_first_of("\r\n") == std::string::npos);
    // No browser runs what it is served as, whatever the content looks like.
    const auto served = std::string{attachment::served_as(type)};
    for (const char* active : {"html", "xml", "svg", "script"}) require(served.find(active) == std::string::npos);
}
