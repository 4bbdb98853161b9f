#include "modules/webhook/edge/dead_letter_routes.hpp"

#include "modules/webhook/edge/webhook_json.hpp"
#include "modules/webhook/store/subscriptions.hpp"
#include "platform/outbox/outbox.hpp"

#include <fmt/format.h>

#include <map>

namespace shouwen::webhook {
namespace {

using api::Access;
using api::Answer;
using api::Call;
using api::Problem;
using api::Written;
using outbox::MessageId;

std::optional<outbox::DeadPosition> read_dead_position(std::string_view text)
{
    const auto dash = text.find('-');
    if (dash == std::string_view::npos) return std::nullopt;
    const auto at = read_number(text.substr(0, dash));
    const auto id = read_number(text.substr(dash + 1));
    if (!at || !id) return std::nullopt;
    return outbox::DeadPosition{from_ms(*at), MessageId{*id}};
}

Answer list_dead_letters(const Services& around, const Call& call)
{
    api::QueryReader query{*call.request};
    const auto cursor = query.cursor();
    const int limit = query.limit();
    if (auto problem = query.problem()) return *std::move(problem);
    const auto before = cursor.empty() ? std::optional{outbox::DeadPosition{}} : read_dead_position(cursor);
    if (!before) return Problem{.code = "invalid_cursor"};
    std::vector<outbox::StoredMessage> letters;
    std::map<std::string, std::string> names;
    around.store.read([&](sql::Connection& db) {
        letters = outbox::dead_letters(db, *before, limit + 1);
        for (const auto& webhook : list(db)) names[webhook.id.text()] = webhook.name;
    });
    const bool is_more = letters.size() > static_cast<std::size_t>(limit);
    if (is_more) letters.pop_back();
    JsonWriter out;
    out.begin_object().key("items").begin_array();
    for (const auto& letter : letters)
        write_dead_letter(
            out, letter,
            letter.channel == channel ? names[letter.target] : around.name_of_target(letter.channel, letter.target));
    const auto next =
        is_more ? fmt::format("{}-{}", to_ms(*letters.back().dead_at), letters.back().id.value) : std::string{};
    out.end_array().text_or_null("next_cursor", is_more ? api::encode_cursor(next) : std::string{}).end_object();
    return api::ok(out.take());
}

api::Prepare resend_dead_letter(const Around& around)
{
    return [around](const Call& call) -> Result<api::WriteWork, Problem> {
        const auto id = call.id_param<MessageId>(0);
        if (!id) return api::not_found();
        if (auto body = read_empty_body(call); !body) return std::move(body).error();
        return api::WriteWork{[around, id = *id, by = call.actor().staff](sql::Connection& db, Instant now) -> Written {
            const auto message = outbox::find_message(db, id);
            if (!message || message->state() != outbox::State::dead) return {api::not_found()};
            outbox::resend(db, id, now);
            around->audit(db, by, "dead_letter_resent", "dead_letter", id.text(), "{}", now);
            return resent(around, 1);
        }};
    };
}

api::Prepare resend_dead_letters(const Around& around)
{
    return [around](const Call& call) -> Result<api::WriteWork, Problem> {
        const auto since = read_since(call);
        if (!since) return since.error();
        return api::WriteWork{
            [around, since = *since, by = call.actor().staff](sql::Connection& db, Instant now) -> Written {
                const auto count = outbox::resend_dead(db, since, now);
                around->audit(db, by, "dead_letters_resent", "dead_letter", "", count_in_json(count), now);
                return resent(around, count);
            }};
    };
}

}  // namespace

void add_dead_letter_routes(api::Routes& routes, const Around& around)
{
    const auto may = Access::may(api::Permission::webhook_edit);
    routes.get_slow("/api/v1/dead_letters", may,
                    [around](const Call& call) { return list_dead_letters(*around, call); });
    routes.post("/api/v1/dead_letters/{id}/commands/resend", may, resend_dead_letter(around));
    routes.post("/api/v1/dead_letters/commands/resend_all", may, resend_dead_letters(around));
}

}  // namespace shouwen::webhook
