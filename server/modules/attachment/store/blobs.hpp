#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace shouwen::attachment {

/// Where the content with this hash lies below the folder.
std::filesystem::path blob_path(const std::filesystem::path& folder, std::string_view hash);

/// Contents of files, each once, named by the hash: `ab/cdef…`. Thread-safe.
class Blobs {
public:
    /// @param folder  made when absent; on the same volume as the uploads
    explicit Blobs(std::filesystem::path folder);

    /// Moves a finished file to its place; on return file and name survive a power cut. Doing it twice is doing it once,
    /// and heals a damaged content.
    /// @param hash  64 hexadecimal digits, as computed from the content  @throws std::system_error
    void keep(const std::filesystem::path& file, std::string_view hash) const;

    std::filesystem::path path_of(std::string_view hash) const;
    const std::filesystem::path& folder() const { return folder_; }

private:
    std::filesystem::path folder_;
};

/// The media type that libmagic reads from the content; `application/octet-stream` when it cannot tell. One handle a
/// thread. @throws std::runtime_error when its database is missing
std::string media_type_of(const std::filesystem::path& file);

}  // namespace shouwen::attachment
