#pragma once

#include "api/routes.hpp"
#include "modules/notice/store/notices.hpp"

#include <string>

namespace shouwen::notice {

/// As the API shows it, in lists and on the stream.
std::string to_json(const Notice& notice);

/// One's own notices: listed, read. @param store  outlives the routes
void add_notice_routes(api::Routes& routes, sql::Store& store);

}  // namespace shouwen::notice
