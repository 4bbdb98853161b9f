#pragma once

#include <string_view>

namespace shouwen::api {

/// The OpenAPI 3.1 document as it is served: the fragments of all modules, merged by the build (scripts/merge-openapi).
std::string_view openapi_document();

}  // namespace shouwen::api
