#pragma once

#include "api/json_reader.hpp"
#include "modules/knowledge/rules/article.hpp"
#include "platform/json/json_writer.hpp"

namespace shouwen::knowledge {

/// Schema `ArticleSummary`.
void write(JsonWriter& json, const ArticleHead& head);
/// Schema `Article`. @param updated_by_name  empty when the person is unknown
void write_article(JsonWriter& json, const Article& article, const std::string& updated_by_name);
/// Schema `Script`. @param updated_by_name  empty when the person is unknown
void write_script(JsonWriter& json, const Article& script, const std::string& updated_by_name);
/// Schema `ArticleVersion`: what lists of versions hold. @param saved_by_name  empty when the person is unknown
void write(JsonWriter& json, const ArticleVersion& version, const std::string& saved_by_name);
/// Schemas `ArticleVersionText` and `ScriptVersionText`.
void write_version(JsonWriter& json, const ArticleVersion& version, ArticleKind kind, const std::string& saved_by_name);

/// Schemas `ArticleFields` and `ScriptFields`.
void read_article(api::ObjectReader& body, ArticleText& text);
void read_script(api::ObjectReader& body, ArticleText& text);

}  // namespace shouwen::knowledge
