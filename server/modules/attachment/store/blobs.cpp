#include "modules/attachment/store/blobs.hpp"

#include <fcntl.h>
#include <magic.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <stdexcept>
#include <system_error>

namespace shouwen::attachment {
namespace {

/// Brings a file, or a folder's names, to the disk.
void sync(const std::filesystem::path& path, int flags)
{
    const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC);
    if (descriptor < 0) throw std::system_error(errno, std::generic_category(), "cannot open an attachment");
    const int failed = ::fsync(descriptor) == 0 ? 0 : errno;
    ::close(descriptor);
    if (failed != 0) throw std::system_error(failed, std::generic_category(), "cannot bring an attachment to the disk");
}

void sync_folder(const std::filesystem::path& folder)
{
    sync(folder, O_RDONLY | O_DIRECTORY);
}

struct CloseMagic {
    void operator()(magic_t handle) const { ::magic_close(handle); }
};
using Magic = std::unique_ptr<magic_set, CloseMagic>;

Magic open_magic()
{
    Magic magic{::magic_open(MAGIC_MIME_TYPE | MAGIC_ERROR)};
    if (!magic || ::magic_load(magic.get(), nullptr) != 0)
        throw std::runtime_error("libmagic cannot read its database of file types (package libmagic-mgc)");
    return magic;
}

}  // namespace

std::filesystem::path blob_path(const std::filesystem::path& folder, std::string_view hash)
{
    return folder / hash.substr(0, 2) / hash.substr(2);
}

Blobs::Blobs(std::filesystem::path folder) : folder_(std::move(folder))
{
    std::filesystem::create_directories(folder_);
}

std::filesystem::path Blobs::path_of(std::string_view hash) const
{
    return blob_path(folder_, hash);
}

void Blobs::keep(const std::filesystem::path& file, std::string_view hash) const
{
    const auto place = path_of(hash);
    if (std::filesystem::create_directory(place.parent_path())) sync_folder(folder_);
    sync(file, O_RDONLY);
    std::filesystem::rename(file, place);
    sync_folder(place.parent_path());
}

std::string media_type_of(const std::filesystem::path& file)
{
    thread_local const Magic magic = open_magic();
    const char* type = ::magic_file(magic.get(), file.c_str());
    return type ? type : "application/octet-stream";
}

}  // namespace shouwen::attachment
