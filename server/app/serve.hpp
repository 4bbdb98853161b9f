#pragma once

#include "base/instant.hpp"
#include "platform/config/config.hpp"

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

namespace shouwen::app {

struct ServeOptions {
    config::Config config;
    std::string store;  ///< a file's path, or postgresql://…
    std::filesystem::path data_dir;
    /// A clock that stands still until `POST /api/v1/test/clock` moves it; on loopback only.
    std::optional<Instant> manual_from;
};

/// Serves until SIGTERM or SIGINT; then answers what is under way and leaves.
int serve(const ServeOptions& options, std::ostream& out);

}  // namespace shouwen::app
