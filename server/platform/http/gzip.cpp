#include "platform/http/gzip.hpp"

#include <zlib.h>

#include <stdexcept>

namespace shouwen::http {

std::string gzip(std::string_view text)
{
    z_stream stream{};
    constexpr int gzip_format = 15 + 16;
    if (deflateInit2(&stream, 1, Z_DEFLATED, gzip_format, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (result != Z_STREAM_END) throw std::runtime_error("zlib did not compress");
    return out;
}

bool accepts_encoding(std::string_view header, std::string_view coding)
{
    while (!header.empty()) {
        const auto comma = header.find(',');
        std::string_view item = header.substr(0, comma);
        header = comma == std::string_view::npos ? std::string_view{} : header.substr(comma + 1);
        while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
        const auto end = item.find_first_of("; ");
        if (item.substr(0, end) != coding) continue;
        const auto weight = item.find("q=");
        return weight == std::string_view::npos ||
               item.substr(weight + 2).find_first_of("123456789") != std::string_view::npos;
    }
    return false;
}

}  // namespace shouwen::http
