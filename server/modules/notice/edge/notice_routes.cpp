#include "modules/notice/edge/notice_routes.hpp"

#include "api/json_writer.hpp"

#include <boost/json.hpp>

#include <charconv>

namespace shouwen::notice {
namespace {

using api::Problem;

/// What a cause put into the payload under that name, or null.
void write_from(api::JsonWriter& out, const boost::json::value& payload, const char* name)
{
    out.key(name);
    const auto* object = payload.if_object();
    const auto* found = object ? object->if_contains(name) : nullptr;
    if (found && found->is_string())
        out.value(std::string_view{found->as_string()});
    else
        out.value(nullptr);
}

/// The names of what is missing; an empty list when the cause told none.
void write_missing(api::JsonWriter& out, const boost::json::value& payload)
{
    out.key("missing").begin_array();
    const auto* object = payload.if_object();
    const auto* found = object ? object->if_contains("missing") : nullptr;
    if (found && found->is_array())
        for (const auto& each : found->get_array())
            if (each.is_string()) out.value(std::string_view{each.get_string()});
    out.end_array();
}

void write_notice(api::JsonWriter& out, const Notice& notice)
{
    boost::json::error_code fault;
    const auto payload = boost::json::parse(notice.payload, fault);
    out.begin_object().member("id", notice.id).member("kind", notice.kind).member("ticket_id", notice.ticket);
    for (const auto* name : {"ticket_number", "obligation_kind", "due_at", "refusal"}) write_from(out, payload, name);
    write_missing(out, payload);
    for (const auto* name : {"webhook", "improvement_id", "improvement_title"}) write_from(out, payload, name);
    out.member("at", notice.at).member("read_at", notice.read_at).end_object();
}

std::optional<NoticeId> parse_position(std::string_view text)
{
    NoticeId id;
    const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), id.value);
    if (fault != std::errc{} || end != text.data() + text.size() || id.value <= 0) return std::nullopt;
    return id;
}

api::Read list_notices(sql::Store& store)
{
    return [&store](const api::Call& call) -> api::Answer {
        api::QueryReader query{*call.request};
        const bool only_unread = query.boolean("unread").value_or(false);
        const int limit = query.limit();
        const auto cursor = query.cursor();
        if (auto problem = query.problem()) return std::move(*problem);
        const auto before = cursor.empty() ? std::optional{NoticeId{}} : parse_position(cursor);
        if (!before) return Problem{.code = "invalid_cursor"};

        std::vector<Notice> notices;
        int unread = 0;
        store.read([&](sql::Connection& db) {
            notices = list(db, call.actor().staff, only_unread, *before, limit + 1);
            unread = unread_count(db, call.actor().staff);
        });
        const bool is_more = notices.size() > static_cast<std::size_t>(limit);
        if (is_more) notices.pop_back();
        api::JsonWriter out;
        out.begin_object().key("items").begin_array();
        for (const auto& notice : notices) write_notice(out, notice);
        out.end_array().member("unread_count", unread).key("next_cursor");
        is_more ? out.value(api::encode_cursor(std::to_string(notices.back().id.value))) : out.value(nullptr);
        return api::ok(out.end_object().take());
    };
}

Result<bool, Problem> check_empty_body(const api::Call& call)
{
    return api::read_body<bool>(call, [](api::ObjectReader&, bool&) {});
}

api::Prepare read_notice()
{
    return [](const api::Call& call) -> Result<api::WriteWork, Problem> {
        const auto id = call.id_param<NoticeId>(0);
        if (!id) return api::not_found();
        if (auto body = check_empty_body(call); !body) return std::move(body).error();
        return api::WriteWork{[id = *id, staff = call.actor().staff](sql::Connection& db, Instant now) -> api::Written {
            const auto notice = mark_read(db, staff, id, now);
            if (!notice) return {api::not_found()};
            return {api::ok(to_json(*notice))};
        }};
    };
}

api::Prepare read_all_notices()
{
    return [](const api::Call& call) -> Result<api::WriteWork, Problem> {
        if (auto body = check_empty_body(call); !body) return std::move(body).error();
        return api::WriteWork{[staff = call.actor().staff](sql::Connection& db, Instant now) -> api::Written {
            mark_all_read(db, staff, now);
            return {api::no_content()};
        }};
    };
}

}  // namespace

std::string to_json(const Notice& notice)
{
    api::JsonWriter out;
    write_notice(out, notice);
    return out.take();
}

void add_notice_routes(api::Routes& routes, sql::Store& store)
{
    const auto access = api::Access::may(api::Permission::notice_read);
    routes.get("/api/v1/notices", access, list_notices(store));
    routes.post("/api/v1/notices/{id}/commands/read", access, read_notice());
    routes.post("/api/v1/notices/commands/read_all", access, read_all_notices());
}

}  // namespace shouwen::notice
