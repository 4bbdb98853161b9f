#include "modules/attachment/edge/attachment_routes.hpp"

#include "api/json_writer.hpp"
#include "base/text.hpp"
#include "modules/attachment/rules/file_name.hpp"
#include "modules/attachment/store/attachments.hpp"

#include <cerrno>
#include <stdexcept>
#include <system_error>

namespace shouwen::attachment {
namespace {

using api::Problem;

void write_attachment(api::JsonWriter& out, const Attachment& attachment,
                      const organisation::Organisation& organisation)
{
    out.begin_object().member("id", attachment.id).member("ticket_id", attachment.ticket);
    out.member("filename", attachment.filename).member("media_type", attachment.media_type);
    out.member("size_bytes", attachment.size_bytes).member("blake2b", attachment.hash);
    out.member("created_at", attachment.created_at).key("created_by");
    if (attachment.created_by)
        out.begin_object()
            .member("id", attachment.created_by)
            .member("name", organisation.name_of_staff(attachment.created_by))
            .end_object();
    else
        out.value(nullptr);
    out.end_object();
}

bool is_visible(const Services& services, const api::Actor& actor, TicketId ticket)
{
    bool sees = false;
    services.store.read([&](sql::Connection& db) { sees = services.may_see(actor, ticket, db); });
    return sees;
}

/// The file's name, and nothing else in the query.
Result<std::string, Problem> file_name_of(const http::Request& request)
{
    const std::string_view given = request.query_value("filename").value_or("");
    if (auto errors = check_file_name(given, "/filename"); !errors.empty()) return api::invalid(std::move(errors));
    api::QueryReader query{request};
    query.text("filename", file_name_max);
    if (auto problem = query.problem()) return std::move(*problem);
    return std::string{trim(given)};
}

/// Brings the upload to its place before anything is queued: a row never stands for a file that is not on the disk. What
/// is refused after that leaves a content without a row, which harms nobody.
Result<Done, Problem> keep(const Services& services, const http::Upload& upload)
{
    try {
        services.blobs.keep(upload.path, upload.blake2b_hex);
    } catch (const std::system_error& fault) {
        if (fault.code() != std::errc::no_space_on_device && fault.code().value() != EDQUOT) throw;
        return Problem{.code = "store_full"};
    }
    return Done{};
}

api::Prepare create_attachment(const Services& services)
{
    return [services](const api::Call& call) -> Result<api::WriteWork, Problem> {
        const auto ticket = call.id_param<TicketId>(0);
        if (!ticket) return api::not_found();
        auto name = file_name_of(*call.request);
        if (!name) return std::move(name).error();
        if (!call.request->upload) throw std::logic_error("an upload without its file");
        const http::Upload& upload = *call.request->upload;
        if (upload.size_bytes == 0) return api::invalid({{"", "file_empty", {}}});
        if (!is_visible(services, call.actor(), *ticket)) return api::not_found();

        Attachment attachment{.id = {},
                              .ticket = *ticket,
                              .hash = upload.blake2b_hex,
                              .filename = *name,
                              .size_bytes = static_cast<std::int64_t>(upload.size_bytes),
                              .media_type = media_type_of(upload.path),
                              .created_at = {},
                              .created_by = call.actor().staff};
        if (auto kept = keep(services, upload); !kept) return std::move(kept).error();
        return api::WriteWork{[services, given = std::move(attachment), actor = call.actor()](
                                  sql::Connection& db, Instant now) -> api::Written {
            Attachment added = given;
            added.id = services.ids.next<AttachmentId>(now);
            added.created_at = now;
            api::Written written = services.add_to_ticket(
                db, actor, added.ticket, {added.id, added.filename, added.size_bytes, added.media_type}, now);
            if (!written.answer) return written;
            add(db, added);
            api::JsonWriter out;
            write_attachment(out, added, *services.organisation());
            written.answer = api::created(out.take(), "/api/v1/attachments/" + added.id.text());
            return written;
        }};
    };
}

api::Read list_attachments(const Services& services)
{
    return [services](const api::Call& call) -> api::Answer {
        const auto ticket = call.id_param<TicketId>(0);
        if (!ticket) return api::not_found();
        api::QueryReader query{*call.request};
        if (auto problem = query.problem()) return std::move(*problem);
        std::optional<std::vector<Attachment>> found;
        services.store.read([&](sql::Connection& db) {
            if (services.may_see(call.actor(), *ticket, db)) found = list(db, *ticket);
        });
        if (!found) return api::not_found();
        const auto organisation = services.organisation();
        api::JsonWriter out;
        out.begin_object().key("items").begin_array();
        for (const auto& attachment : *found) write_attachment(out, attachment, *organisation);
        return api::ok(out.end_array().end_object().take());
    };
}

http::Response file_response(const Services& services, const Attachment& attachment)
{
    auto path = services.blobs.path_of(attachment.hash);
    // Told apart here, so that the log names the lost content and the caller does not get half a file.
    if (std::error_code fault;
        std::filesystem::file_size(path, fault) != static_cast<std::uintmax_t>(attachment.size_bytes) || fault)
        throw std::runtime_error("the content of attachment " + attachment.id.text() + " is missing or damaged");
    http::Response response;
    response.content_type = served_as(attachment.media_type);
    response.file = std::move(path);
    // `nosniff` and `no-store` come with every answer of the API.
    response.headers = {{"Content-Disposition", content_disposition(attachment.filename)},
                        {"Content-Security-Policy", "sandbox"}};
    return response;
}

api::Read get_attachment(const Services& services)
{
    return [services](const api::Call& call) -> api::Answer {
        const auto id = call.id_param<AttachmentId>(0);
        if (!id) return api::not_found();
        std::optional<Attachment> found;
        services.store.read([&](sql::Connection& db) {
            found = find(db, *id);
            if (found && !services.may_see(call.actor(), found->ticket, db)) found.reset();
        });
        if (!found) return api::not_found();
        return file_response(services, *found);
    };
}

}  // namespace

void add_attachment_routes(api::Routes& routes, const Services& services)
{
    const auto signed_in = api::Access::signed_in();
    routes.get("/api/v1/tickets/{id}/attachments", signed_in, list_attachments(services));
    routes.upload("/api/v1/tickets/{id}/attachments", api::Access::may(api::Permission::ticket_act),
                  services.size_bytes_max, create_attachment(services));
    routes.get_slow("/api/v1/attachments/{id}", signed_in, get_attachment(services));
}

}  // namespace shouwen::attachment
