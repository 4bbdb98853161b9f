#pragma once

#include "base/instant.hpp"

#include <atomic>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace shouwen {

/// 13 letters of Crockford's base 32 in lower case; sorts as the number does.
std::string encode_id(std::int64_t value);
/// @returns nothing unless `text` is exactly what `encode_id` writes.
std::optional<std::int64_t> decode_id(std::string_view text);

/// Every id that is made at that time or later is at least this one, and every one made before is less.
std::int64_t first_id_at(Instant at);
/// When an id was made, as far as the clock was right.
Instant made_at(std::int64_t id);

/// An identifier of one kind of thing. Time-ordered, so sortable by creation; 0 means "none" and is never handed out.
template <class Tag>
struct Id {
    std::int64_t value = 0;

    auto operator<=>(const Id&) const = default;
    explicit operator bool() const { return value != 0; }
    std::string text() const { return encode_id(value); }
    static std::optional<Id> parse(std::string_view text)
    {
        const auto value = decode_id(text);
        if (!value || *value <= 0) return std::nullopt;
        return Id{*value};
    }
};

using TicketId = Id<struct TicketTag>;
using CustomerId = Id<struct CustomerTag>;
using StaffId = Id<struct StaffTag>;
using UnitId = Id<struct UnitTag>;
using AreaId = Id<struct AreaTag>;
using ObligationId = Id<struct ObligationTag>;
using PromiseId = Id<struct PromiseTag>;
using SlipId = Id<struct SlipTag>;
using ContactId = Id<struct ContactTag>;
using AttachmentId = Id<struct AttachmentTag>;
using ArticleId = Id<struct ArticleTag>;
using NoticeId = Id<struct NoticeTag>;
using ImprovementId = Id<struct ImprovementTag>;

/// Hands out ids: milliseconds (42 bits), counter (13 bits), node (8 bits). Never repeats within a node, never goes
/// back, also when the clock does; runs ahead of a clock that stands still. Thread-safe.
class IdSource {
public:
    explicit IdSource(std::uint8_t node = 0) : node_(node) {}
    /// Before the first id is made.
    void set_node(std::uint8_t node) { node_ = node; }
    /// Ids handed out from now on are greater than `last`; called at start with the greatest id stored.
    void continue_after(std::int64_t last);
    template <class IdType>
    IdType next(Instant now)
    {
        return IdType{next_value(now)};
    }

private:
    std::int64_t next_value(Instant now);
    std::atomic<std::int64_t> last_{0};
    std::uint8_t node_;
};

}  // namespace shouwen

template <class Tag>
struct std::hash<shouwen::Id<Tag>> {
    std::size_t operator()(const shouwen::Id<Tag>& id) const noexcept { return std::hash<std::int64_t>{}(id.value); }
};
