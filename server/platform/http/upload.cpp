#include "platform/http/upload.hpp"

#include <fcntl.h>
#include <sodium/randombytes.h>
#include <sodium/utils.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace shouwen::http {
namespace {

[[noreturn]] void fail(const char* what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

template <std::size_t N>
std::string hex(const std::array<unsigned char, N>& bytes)
{
    std::string text(N * 2 + 1, '\0');
    sodium_bin2hex(text.data(), text.size(), bytes.data(), N);
    text.pop_back();
    return text;
}

}  // namespace

UploadFile::UploadFile(const std::filesystem::path& dir)
{
    std::array<unsigned char, 16> name{};
    randombytes_buf(name.data(), name.size());
    path_ = dir / ("upload-" + hex(name));
    file_ = ::open(path_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (file_ < 0) fail("cannot create the upload's file");
    crypto_generichash_init(&hash_, nullptr, 0, crypto_generichash_BYTES);
}

UploadFile::~UploadFile()
{
    if (file_ >= 0) ::close(file_);
    ::unlink(path_.c_str());
}

void UploadFile::take(std::string_view bytes)
{
    crypto_generichash_update(&hash_, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    size_bytes_ += bytes.size();
    while (!bytes.empty()) {
        const auto written = ::write(file_, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) fail("cannot write the upload");
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

Upload UploadFile::finish()
{
    if (::fsync(file_) != 0) fail("cannot bring the upload to the disk");
    ::close(file_);
    file_ = -1;
    std::array<unsigned char, crypto_generichash_BYTES> hash{};
    crypto_generichash_final(&hash_, hash.data(), hash.size());
    return Upload{path_, size_bytes_, hex(hash)};
}

}  // namespace shouwen::http
