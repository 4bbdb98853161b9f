#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

/// Reading comma-separated values strictly by RFC 4180, row by row, whatever the size of the file.
namespace shouwen::app {

/// Bytes of a file, unpacked when it is gzipped.
class FileInput {
public:
    /// @throws std::runtime_error when the file cannot be opened
    explicit FileInput(const std::filesystem::path& file);
    ~FileInput();
    FileInput(const FileInput&) = delete;
    FileInput& operator=(const FileInput&) = delete;

    /// @returns 0 at the end, also when the rest cannot be read: then `fault` says why
    std::size_t read(std::span<char> into);
    const std::string& fault() const { return fault_; }

private:
    struct Handle;
    std::unique_ptr<Handle> handle_;
    std::string fault_;
};

struct CsvRow {
    std::int64_t line = 0;  ///< where it begins, from 1
    std::vector<std::string> fields;
    bool has_line_end = true;  ///< false: the file ends with this row, perhaps within it
};
struct CsvFault {
    std::int64_t line = 0;
    std::string what;  ///< what was found and what was expected
};

/// Rows end with LF or CRLF. After a fault reading goes on with the next line, so that one fault costs one row.
class CsvReader {
public:
    using Source = std::function<std::size_t(std::span<char>)>;
    static constexpr std::size_t row_bytes_max = 1 << 20;

    explicit CsvReader(Source source) : source_(std::move(source)), buffer_(std::size_t{64} << 10) {}
    /// The next row or the fault that stands in its place; nothing at the end.
    std::optional<Result<CsvRow, CsvFault>> next();

private:
    static constexpr int end = -1;
    int peek();
    int take();
    void skip_line();
    std::optional<std::string> read_field(CsvRow& row);
    std::optional<std::string> read_quoted(std::string& field);
    std::optional<std::string> read_plain(std::string& field);

    Source source_;
    std::vector<char> buffer_;
    std::size_t at_ = 0;
    std::size_t filled_ = 0;
    std::int64_t line_ = 1;
    std::size_t row_bytes_ = 0;
    bool at_line_start_ = true;
};

}  // namespace shouwen::app
