#pragma once

#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/names.hpp"
#include "platform/sql/sql.hpp"

#include <boost/describe/enum.hpp>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// Files of tickets (附件): their rows. The contents lie in Blobs.
namespace shouwen::attachment {

struct Attachment {
    AttachmentId id;
    TicketId ticket;
    std::string hash;
    std::string filename;
    std::int64_t size_bytes = 0;
    std::string media_type;  ///< told by the content
    Instant created_at{};
    StaffId created_by;  ///< none: the customer
};

/// @pre its content is in the blobs
void add(sql::Connection& db, const Attachment& attachment);
std::optional<Attachment> find(sql::Connection& db, AttachmentId id);
/// In the order in which they came.
std::vector<Attachment> list(sql::Connection& db, TicketId ticket);

BOOST_DEFINE_ENUM_CLASS(BlobFaultKind, missing, wrong_size, wrong_content)

/// Reads a content as a whole and compares it with what was uploaded.
std::optional<BlobFaultKind> fault_of(const std::filesystem::path& file, const Attachment& expected);

struct BlobFault {
    AttachmentId attachment;
    TicketId ticket;
    BlobFaultKind kind = BlobFaultKind::missing;
};
/// Reads every content that a row names, each once, and compares its hash. For `shouwen verify`.
/// @param folder  of the blobs
std::vector<BlobFault> check_blobs(sql::Connection& db, const std::filesystem::path& folder);

/// The greatest id in use; 0 when there is none. Ids go on after it.
std::int64_t greatest_id(sql::Connection& db);

}  // namespace shouwen::attachment
