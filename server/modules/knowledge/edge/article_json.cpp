#include "modules/knowledge/edge/article_json.hpp"

#include <algorithm>

namespace shouwen::knowledge {
namespace {

constexpr api::TextLimits title_limits{.min = 1, .max = 200};
constexpr api::TextLimits article_limits{.min = 1, .max = 50'000};
constexpr api::TextLimits script_limits{.min = 1, .max = 5'000};
constexpr api::TextLimits category_limits{.min = 0, .max = 100};
constexpr api::TextLimits shortcut_limits{.min = 0, .max = 32};

bool is_shortcut(std::string_view text)
{
    return std::ranges::all_of(text, [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); });
}

/// What summary and whole record share.
template <class Record>
void write_head(JsonWriter& json, const Record& record, const std::string& title, std::optional<Class> class_,
                const std::string& category)
{
    json.member("id", record.id).member("title", title).member("class", class_).text_or_null("category", category);
    json.member("version", record.version)
        .member("updated_at", record.updated_at)
        .member("state", record.state)
        .member("disabled_at", record.disabled_at);
}

void write_person(JsonWriter& json, std::string_view member, StaffId person, const std::string& name)
{
    json.key(member);
    if (person)
        json.begin_object().member("id", person).member("name", name).end_object();
    else
        json.value(nullptr);
}

void write_script_text(JsonWriter& json, const ArticleText& text)
{
    json.member("title", text.title).member("body", text.body);
    json.member("step", text.step).member("channel", text.channel).member("emotion", text.emotion);
    json.text_or_null("shortcut", text.shortcut);
}

void write_version_head(JsonWriter& json, const ArticleVersion& version, const std::string& saved_by_name)
{
    json.member("version", version.version).member("act", version.act).member("saved_at", version.saved_at);
    write_person(json, "saved_by", version.saved_by, saved_by_name);
}

}  // namespace

void write(JsonWriter& json, const ArticleHead& head)
{
    json.begin_object();
    write_head(json, head, head.title, head.class_, head.category);
    json.end_object();
}

void write_article(JsonWriter& json, const Article& article, const std::string& updated_by_name)
{
    json.begin_object();
    write_head(json, article, article.text.title, article.text.class_, article.text.category);
    json.member("body", article.text.body);
    write_person(json, "updated_by", article.updated_by, updated_by_name);
    json.end_object();
}

void write_script(JsonWriter& json, const Article& script, const std::string& updated_by_name)
{
    json.begin_object().member("id", script.id);
    write_script_text(json, script.text);
    json.member("version", script.version)
        .member("updated_at", script.updated_at)
        .member("state", script.state)
        .member("disabled_at", script.disabled_at);
    write_person(json, "updated_by", script.updated_by, updated_by_name);
    json.end_object();
}

void write(JsonWriter& json, const ArticleVersion& version, const std::string& saved_by_name)
{
    json.begin_object();
    write_version_head(json, version, saved_by_name);
    json.end_object();
}

void write_version(JsonWriter& json, const ArticleVersion& version, ArticleKind kind, const std::string& saved_by_name)
{
    json.begin_object();
    write_version_head(json, version, saved_by_name);
    const ArticleText& text = version.text;
    if (kind == ArticleKind::script)
        write_script_text(json, text);
    else
        json.member("title", text.title)
            .member("body", text.body)
            .member("class", text.class_)
            .text_or_null("category", text.category);
    json.end_object();
}

void read_article(api::ObjectReader& body, ArticleText& text)
{
    text.kind = ArticleKind::article;
    text.title = body.text("title", title_limits);
    text.body = body.text("body", article_limits);
    text.class_ = body.optional_choice<Class>("class");
    text.category = body.optional_text("category", category_limits);
}

void read_script(api::ObjectReader& body, ArticleText& text)
{
    text.kind = ArticleKind::script;
    text.title = body.text("title", title_limits);
    text.body = body.text("body", script_limits);
    text.step = body.optional_choice<ticket::Step>("step");
    text.channel = body.optional_choice<Channel>("channel");
    text.emotion = body.optional_choice<ticket::Emotion>("emotion");
    text.shortcut = body.optional_text("shortcut", shortcut_limits);
    if (!is_shortcut(text.shortcut)) body.fail("shortcut", "shortcut_shape");
}

}  // namespace shouwen::knowledge
