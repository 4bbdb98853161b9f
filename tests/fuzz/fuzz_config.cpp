// Configuration from any bytes, as a file and as variables.

#include "fuzz/target.hpp"
#include "platform/config/config.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace shouwen;
using fuzz::require;

namespace {

void check(const Result<config::Config, config::Errors>& result)
{
    if (result) {
        require(result->http.loops >= 1 && result->http.loops <= 64);
        require(result->security.session_idle <= result->security.session_max);
        require(!result->data.dir.empty());
        return;
    }
    require(!result.error().empty());
    for (const auto& error : result.error()) require(!error.place.empty() && !error.expected.empty());
}

}  // namespace

FUZZ_TARGET(fuzz_config)
{
    check(config::parse(bytes, "fuzz.toml", {}));
    const std::string value(bytes.substr(0, bytes.find('\0')));
    check(config::parse("", "fuzz.toml",
                        {{"SHOUWEN_HTTP_LISTEN", value},
                         {"SHOUWEN_HTTP_LOOPS", value},
                         {"SHOUWEN_HTTP_TRUSTED_PROXIES", value},
                         {"SHOUWEN_BACKUP_INTERVAL", value}}));
}
