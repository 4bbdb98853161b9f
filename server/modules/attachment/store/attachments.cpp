#include "modules/attachment/store/attachments.hpp"

#include "base/hash.hpp"
#include "modules/attachment/store/blobs.hpp"

#include <array>
#include <fstream>

namespace shouwen::attachment {
namespace {

const sql::Statement add_sql{
    "attachment.add",
    "INSERT INTO attachment (id, ticket_id, hash, filename, size_bytes, media_type, created_at, created_by) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"};
const sql::Statement find_sql{
    "attachment.find",
    "SELECT id, ticket_id, hash, filename, size_bytes, media_type, created_at, created_by FROM attachment WHERE id = $1"};
const sql::Statement list_sql{
    "attachment.list",
    "SELECT id, ticket_id, hash, filename, size_bytes, media_type, created_at, created_by FROM attachment "
    "WHERE ticket_id = $1 ORDER BY id"};
const sql::Statement all_sql{
    "attachment.all",
    "SELECT id, ticket_id, hash, filename, size_bytes, media_type, created_at, created_by FROM attachment ORDER BY hash, id"};

const sql::Statement greatest_sql{"attachment.greatest_id", "SELECT COALESCE(MAX(id), 0) FROM attachment"};

Attachment read_attachment(const sql::Row& row)
{
    return {row.id<AttachmentId>(0), row.id<TicketId>(1), row.string(2),  row.string(3),
            row.integer(4),          row.string(5),       row.instant(6), row.id<StaffId>(7)};
}

std::string hash_of_file(const std::filesystem::path& file)
{
    std::ifstream in{file, std::ios::binary};
    std::array<char, 64 << 10> piece;
    Hasher hasher;
    while (in.read(piece.data(), piece.size()), in.gcount() > 0)
        hasher.update({piece.data(), static_cast<std::size_t>(in.gcount())});
    return hasher.finish().hex();
}

}  // namespace

std::optional<BlobFaultKind> fault_of(const std::filesystem::path& file, const Attachment& expected)
{
    std::error_code absent;
    const auto size = std::filesystem::file_size(file, absent);
    if (absent) return BlobFaultKind::missing;
    if (size != static_cast<std::uintmax_t>(expected.size_bytes)) return BlobFaultKind::wrong_size;
    if (hash_of_file(file) != expected.hash) return BlobFaultKind::wrong_content;
    return std::nullopt;
}

void add(sql::Connection& db, const Attachment& attachment)
{
    db.execute(add_sql, attachment.id, attachment.ticket, attachment.hash, attachment.filename, attachment.size_bytes,
               attachment.media_type, attachment.created_at, attachment.created_by);
}

std::optional<Attachment> find(sql::Connection& db, AttachmentId id)
{
    return db.first(find_sql, read_attachment, id);
}

std::vector<Attachment> list(sql::Connection& db, TicketId ticket)
{
    std::vector<Attachment> found;
    db.each(
        list_sql, [&](const sql::Row& row) { found.push_back(read_attachment(row)); }, ticket);
    return found;
}

std::vector<BlobFault> check_blobs(sql::Connection& db, const std::filesystem::path& folder)
{
    std::vector<BlobFault> faults;
    std::string checked;
    std::optional<BlobFaultKind> outcome;
    db.each(all_sql, [&](const sql::Row& row) {
        const auto attachment = read_attachment(row);
        if (attachment.hash != checked) {
            outcome = fault_of(blob_path(folder, attachment.hash), attachment);
            checked = attachment.hash;
        }
        if (outcome) faults.push_back({attachment.id, attachment.ticket, *outcome});
    });
    return faults;
}

std::int64_t greatest_id(sql::Connection& db)
{
    return db.first(greatest_sql, [](const sql::Row& row) { return row.integer(0); }).value_or(0);
}

}  // namespace shouwen::attachment
