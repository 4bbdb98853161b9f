#pragma once

#include "platform/http/http.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace shouwen::http {

/// The web app's files, read once at start. A request only looks names up in a table, so no path can leave the folder.
class StaticFiles {
public:
    StaticFiles() = default;
    /// @throws std::filesystem::filesystem_error when `root` cannot be read
    explicit StaticFiles(const std::filesystem::path& root);

    struct Found {
        Response response;
        std::string_view body;  ///< lives as long as this
    };
    /// @returns nothing when the path is no file and no page of the web app
    std::optional<Found> find(const Request& request) const;

private:
    struct File {
        std::string content, gzip, brotli;
        std::string content_type;
        std::string etag;  ///< without quotes
    };
    const File* lookup(std::string_view path) const;

    std::map<std::string, File, std::less<>> files_;
};

}  // namespace shouwen::http
