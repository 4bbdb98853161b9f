#pragma once

#include "platform/http/http.hpp"
#include "platform/http/parser.hpp"

#include <sodium/crypto_generichash.h>

#include <filesystem>

namespace shouwen::http {

/// A body on its way to disk, hashed as it comes. Removes its file at the end unless somebody has moved it away.
class UploadFile final : public BodySink {
public:
    /// @throws std::system_error, as do all others, when the disk fails or is full
    explicit UploadFile(const std::filesystem::path& dir);
    ~UploadFile() override;
    UploadFile(const UploadFile&) = delete;
    UploadFile& operator=(const UploadFile&) = delete;

    void take(std::string_view bytes) override;
    /// Waits until the content is on the disk itself; slow, so not on an event loop.
    Upload finish();

private:
    std::filesystem::path path_;
    int file_ = -1;
    std::uint64_t size_bytes_ = 0;
    crypto_generichash_state hash_;
};

}  // namespace shouwen::http
