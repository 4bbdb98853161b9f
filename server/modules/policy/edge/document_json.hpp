#pragma once

#include "api/json_reader.hpp"
#include "modules/policy/rules/policy.hpp"
#include "platform/json/json_writer.hpp"

/// The policy's document as JSON, in the API and in the store alike.
namespace shouwen::policy {

void write_document(JsonWriter& out, const Document& document);

/// Reads and checks everything: each kind has its limits, calendars work, names are known. Every error has its pointer.
void read_document(api::ObjectReader& in, Document& into);

}  // namespace shouwen::policy
