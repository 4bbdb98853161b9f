#pragma once

#include "platform/http/http.hpp"

#include <string_view>

namespace shouwen::http {

/// Why the transport itself refuses a request. `code` is stable and goes into the problem document.
struct Fault {
    int status;
    std::string_view code;
};

namespace fault {
inline constexpr Fault malformed{400, "malformed_request"};
inline constexpr Fault unknown{404, "not_found"};
inline constexpr Fault other_method{405, "method_not_allowed"};
inline constexpr Fault too_slow{408, "too_slow"};
inline constexpr Fault body_too_large{413, "too_large"};
inline constexpr Fault expectation{417, "expectation_failed"};
inline constexpr Fault upgrade_required{426, "upgrade_required"};
inline constexpr Fault header_too_large{431, "headers_too_large"};
inline constexpr Fault internal{500, "internal"};
inline constexpr Fault unknown_method{501, "method_unknown"};
inline constexpr Fault overloaded{503, "overloaded"};
inline constexpr Fault version{505, "http_version_not_supported"};
inline constexpr Fault storage_full{507, "store_full"};
}  // namespace fault

}  // namespace shouwen::http
