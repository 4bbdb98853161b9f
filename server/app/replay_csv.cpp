#include "app/replay_csv.hpp"

#include "base/text.hpp"

#include <zlib.h>

#include <stdexcept>

namespace shouwen::app {

struct FileInput::Handle {
    gzFile file;
    ~Handle() { gzclose(file); }
};

FileInput::FileInput(const std::filesystem::path& file)
{
    gzFile opened = std::filesystem::is_regular_file(file) ? gzopen(file.c_str(), "rb") : nullptr;
    if (!opened) throw std::runtime_error(file.string() + ": cannot be opened; expected a CSV file, plain or gzipped");
    gzbuffer(opened, 128 << 10);
    handle_.reset(new Handle{opened});
}

FileInput::~FileInput() = default;

std::size_t FileInput::read(std::span<char> into)
{
    if (!fault_.empty()) return 0;
    const int count = gzread(handle_->file, into.data(), static_cast<unsigned>(into.size()));
    int error = Z_OK;
    const char* text = gzerror(handle_->file, &error);
    if (error == Z_BUF_ERROR)
        fault_ = "the gzip stream ends early; expected its end mark";
    else if (error != Z_OK && error != Z_STREAM_END)
        fault_ = std::string{"the gzip stream is damaged: "} + text;
    return count > 0 ? static_cast<std::size_t>(count) : 0;
}

int CsvReader::peek()
{
    if (at_ == filled_) {
        filled_ = source_(buffer_);
        at_ = 0;
        if (filled_ == 0) return end;
    }
    return static_cast<unsigned char>(buffer_[at_]);
}

int CsvReader::take()
{
    const int c = peek();
    if (c == end) return end;
    ++at_;
    ++row_bytes_;
    at_line_start_ = c == '\n';
    if (at_line_start_) ++line_;
    return c;
}

void CsvReader::skip_line()
{
    // A fault at the very line end has consumed it already.
    while (!at_line_start_ && take() != end) continue;
}

std::optional<std::string> CsvReader::read_quoted(std::string& field)
{
    take();
    for (;;) {
        const int c = take();
        if (c == end) return "the file ends within a quoted field; expected a closing quote";
        if (row_bytes_ > row_bytes_max) return "the row is longer than 1 MiB; is a closing quote missing?";
        if (c != '"') {
            field += static_cast<char>(c);
        } else if (peek() == '"') {
            field += static_cast<char>(take());
        } else {
            const int after = peek();
            if (after != ',' && after != '\n' && after != '\r' && after != end)
                return "text after a closing quote; expected a comma or the end of the line";
            return std::nullopt;
        }
    }
}

std::optional<std::string> CsvReader::read_plain(std::string& field)
{
    for (int c = peek(); c != ',' && c != '\n' && c != '\r' && c != end; c = peek()) {
        if (c == '"') return "a quote within a field that does not begin with one; expected the whole field in quotes";
        if (row_bytes_ > row_bytes_max) return "the row is longer than 1 MiB";
        field += static_cast<char>(take());
    }
    return std::nullopt;
}

std::optional<std::string> CsvReader::read_field(CsvRow& row)
{
    std::string field;
    auto fault = peek() == '"' ? read_quoted(field) : read_plain(field);
    if (fault) return fault;
    const auto column = "column " + std::to_string(row.fields.size() + 1);
    if (field.find('\0') != std::string::npos) return column + " holds a NUL character; expected text";
    if (!is_utf8(field)) return column + " is no valid UTF-8";
    row.fields.push_back(std::move(field));
    return std::nullopt;
}

std::optional<Result<CsvRow, CsvFault>> CsvReader::next()
{
    if (peek() == end) return std::nullopt;
    CsvRow row;
    row.line = line_;
    row_bytes_ = 0;
    at_line_start_ = false;
    for (;;) {
        auto fault = read_field(row);
        if (!fault) {
            const int c = take();
            if (c == ',') continue;
            if (c == end) row.has_line_end = false;
            if (c == '\n' || c == end) return Result<CsvRow, CsvFault>{std::move(row)};
            if (take() == '\n') return Result<CsvRow, CsvFault>{std::move(row)};  // after the CR
            fault = "a carriage return within a line; expected CRLF or LF";
        }
        skip_line();
        return Result<CsvRow, CsvFault>{CsvFault{row.line, std::move(*fault)}};
    }
}

}  // namespace shouwen::app
