#pragma once

#include "base/field_error.hpp"

#include <string>
#include <string_view>

namespace shouwen::attachment {

constexpr std::size_t file_name_max = 200;

/// What a file may be called: any script, but no part of a path, nothing invisible that could make `exe.gpj` read as
/// `jpg.exe`, at most `file_name_max` characters. @param pointer  of the field
FieldErrors check_file_name(std::string_view name, std::string_view pointer);

/// The value of Content-Disposition that saves the file under its name, whatever its letters (RFC 6266, RFC 5987).
/// @pre `check_file_name` found nothing
std::string content_disposition(std::string_view name);

/// The media type under which a browser gets a content. Only what no browser runs keeps its own; scripts, HTML, SVG,
/// programs and everything unknown are plain bytes.
std::string_view served_as(std::string_view media_type);

/// Is it a program or an installer, which nobody has to send to a customer-service desk, nor a desk to anybody? Scripts
/// and pages are texts as well as programs: they are kept, and served as plain bytes.
/// @param media_type  told by the content
bool is_refused(std::string_view media_type);

}  // namespace shouwen::attachment
