#include "modules/attachment/edge/attachment_routes.hpp"

#include "api/json_writer.hpp"
#include "api/throttle.hpp"
#include "base/text.hpp"
#include "modules/attachment/rules/file_name.hpp"
#include "modules/attachment/store/attachments.hpp"
#include "platform/log/log.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
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

/// What the transport has taken in, told by its content. @param by  none: the customer
Result<Attachment, Problem> taken_in(const http::Request& request, TicketId ticket, StaffId by)
{
    auto name = file_name_of(request);
    if (!name) return std::move(name).error();
    const http::Upload& upload = *request.upload;
    if (upload.size_bytes == 0) return api::invalid({{"", "file_empty", {}}});
    Attachment attachment{.id = {},
                          .ticket = ticket,
                          .hash = upload.blake2b_hex,
                          .filename = *name,
                          .size_bytes = static_cast<std::int64_t>(upload.size_bytes),
                          .media_type = media_type_of(upload.path),
                          .created_at = {},
                          .created_by = by};
    if (is_refused(attachment.media_type)) return Problem{.code = "file_type_refused"};
    return attachment;
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
        if (!call.request->upload) throw std::logic_error("an upload without its file");
        if (!is_visible(services, call.actor(), *ticket)) return api::not_found();
        auto attachment = taken_in(*call.request, *ticket, call.actor().staff);
        if (!attachment) return std::move(attachment).error();
        if (auto kept = keep(services, *call.request->upload); !kept) return std::move(kept).error();
        return api::WriteWork{[services, given = std::move(*attachment), actor = call.actor()](
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

/// What is sent is what was uploaded: a content that is not is on record and never leaves.
api::Answer file_response(const Services& services, const Attachment& attachment)
{
    auto path = services.blobs.path_of(attachment.hash);
    if (const auto fault = fault_of(path, attachment)) {
        log::error("attachment_damaged",
                   {{"attachment", attachment.id}, {"ticket", attachment.ticket}, {"fault", *fault}});
        return Problem{.code = "file_damaged"};
    }
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

Problem throttled(Duration wait)
{
    const auto seconds = std::to_string(std::chrono::ceil<std::chrono::seconds>(wait).count());
    return {.code = "throttled", .fill = {{"seconds", seconds}}, .headers = {{"Retry-After", seconds}}};
}

std::optional<TicketId> opened_by(const Services& services, const http::Request& request)
{
    std::optional<TicketId> ticket;
    services.store.read([&](sql::Connection& db) { ticket = services.ticket_of_customer(db, request); });
    return ticket;
}

/// A customer's file: number and secret are the right, and the answer is the customer's view.
api::Prepare create_public_attachment(const Services& services, const std::shared_ptr<api::Throttle>& throttle)
{
    return [services, throttle](const api::Call& call) -> Result<api::WriteWork, Problem> {
        if (const auto wait = throttle->refuse(call.request->remote_address, services.clock.now()))
            return throttled(*wait);
        if (!call.request->upload) throw std::logic_error("an upload without its file");
        const auto ticket = opened_by(services, *call.request);
        if (!ticket) return Problem{.code = "secret_wrong"};
        auto attachment = taken_in(*call.request, *ticket, {});
        if (!attachment) return std::move(attachment).error();
        if (auto kept = keep(services, *call.request->upload); !kept) return std::move(kept).error();
        return api::WriteWork{[services, given = std::move(*attachment)](sql::Connection& db,
                                                                         Instant now) -> api::Written {
            const auto present = list(db, given.ticket);
            const auto count = std::ranges::count_if(present, [](const Attachment& each) { return !each.created_by; });
            if (count >= services.customer_files_max)
                return {Problem{.code = "too_many_files",
                                .fill = {{"count", std::to_string(services.customer_files_max)}}}};
            Attachment added = given;
            added.id = services.ids.next<AttachmentId>(now);
            added.created_at = now;
            api::Written written = services.add_for_customer(
                db, added.ticket, {added.id, added.filename, added.size_bytes, added.media_type}, now);
            if (written.answer) add(db, added);
            return written;
        }};
    };
}

api::Read get_public_attachment(const Services& services, const std::shared_ptr<api::Throttle>& throttle)
{
    return [services, throttle](const api::Call& call) -> api::Answer {
        const auto ticket = opened_by(services, *call.request);
        if (!ticket) {
            if (const auto wait = throttle->refuse(call.request->remote_address, services.clock.now()))
                return throttled(*wait);
            return Problem{.code = "secret_wrong"};
        }
        const auto id = call.id_param<AttachmentId>(1);
        if (!id) return api::not_found();
        std::optional<Attachment> found;
        services.store.read([&](sql::Connection& db) { found = find(db, *id); });
        if (!found || found->ticket != *ticket || found->created_by) return api::not_found();
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
    const auto throttle = std::make_shared<api::Throttle>(30, std::chrono::minutes{1});
    routes.upload("/api/v1/public/requests/{number}/attachments", api::Access::open(), services.customer_size_bytes_max,
                  create_public_attachment(services, throttle));
    routes.get_slow("/api/v1/public/requests/{number}/attachments/{id}", api::Access::open(),
                    get_public_attachment(services, throttle));
}

}  // namespace shouwen::attachment
