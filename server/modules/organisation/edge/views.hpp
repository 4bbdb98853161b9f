#pragma once

#include "api/json_writer.hpp"
#include "api/routes.hpp"
#include "modules/organisation/rules/organisation.hpp"
#include "modules/organisation/store/api_tokens.hpp"
#include "modules/organisation/store/audit_log.hpp"

#include <string>

/// The organisation's records as the API shows them.
namespace shouwen::organisation {

/// What all roles add up to, wherever they are held: a hint for pages.
Permissions permissions_somewhere(const Actor& actor);
/// The members of a staff record, into an object that is open.
void write_staff_members(api::JsonWriter& out, const Staff& staff, Permissions permissions);
void write_staff(api::JsonWriter& out, const Staff& staff, const Organisation& organisation);
void write_unit(api::JsonWriter& out, const Unit& unit);
void write_area(api::JsonWriter& out, const Area& area);
void write_role(api::JsonWriter& out, const Role& role);
void write_permissions(api::JsonWriter& out, Permissions permissions);
/// @param text  the token itself, which is shown once; else empty
void write_token(api::JsonWriter& out, const ApiTokens::Token& token, std::string_view text);
void write_audit_entry(api::JsonWriter& out, const StoredAuditEntry& stored, const Organisation& organisation);

template <class Write, class Thing>
std::string json_of(Write write, const Thing& thing)
{
    api::JsonWriter out;
    write(out, thing);
    return out.take();
}

/// A page of things sorted by id that pass `shows`: those after the cursor. @returns the body of the answer
template <class Things, class Shows, class Write>
api::Answer page_of(const Things& things, api::QueryReader& query, Shows shows, Write write)
{
    const int limit = query.limit();
    const std::string cursor = query.cursor();
    if (auto problem = query.problem()) return std::move(*problem);
    api::JsonWriter out;
    out.begin_object().key("items").begin_array();
    int written = 0;
    std::string last;
    bool is_more = false;
    for (const auto& thing : things) {
        if ((!cursor.empty() && thing.id.text() <= cursor) || !shows(thing)) continue;
        if (written == limit) {
            is_more = true;
            break;
        }
        write(out, thing);
        last = thing.id.text();
        ++written;
    }
    out.end_array().key("next_cursor");
    if (is_more)
        out.value(api::encode_cursor(last));
    else
        out.value(nullptr);
    out.end_object();
    return api::ok(out.take());
}

}  // namespace shouwen::organisation
