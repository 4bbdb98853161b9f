#pragma once

#include "base/names.hpp"

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <vector>

namespace shouwen::organisation {

/// What a role may open to its holder (权限). The spelling is the API's.
// clang-format off
BOOST_DEFINE_ENUM_CLASS(Permission,
    ticket_read_all,           // every ticket of the platform, or of the merchant
    ticket_read_unit,          // tickets owned in, queued for or with a slip of the own units
    ticket_create,
    ticket_respond,            // give the first response and so become the owner
    ticket_act,                // an owner's acts on the own tickets
    ticket_act_for_others,     // an owner's acts on somebody else's tickets
    ticket_note,
    slip_act,                  // work on slips of the own units, and on no other's
    follow_up_act,             // revisit customers (D12)
    improvement_act,           // make improvement items, work on the own ones, check those one is named for (D13)
    improvement_edit,          // see and change those of others
    ticket_cancel,
    ticket_close_with_reason,
    customer_read, customer_edit,
    customer_reveal,           // see one masked field in full, with a reason and on record
    policy_read, policy_edit,
    staff_read, staff_edit, unit_edit, role_edit,
    audit_read, figure_read,
    article_read, article_edit,
    token_issue, notice_read,
    webhook_edit,              // who outside is told of what, and the dead letters
    approve_card, approve_emergency,   // B8
    backup_manage,             // see backups and drills, and ask for one (B10)
    clock_move)                // only where the clock is manual
// clang-format on

/// A set of permissions.
class Permissions {
public:
    constexpr Permissions() = default;
    constexpr Permissions(std::initializer_list<Permission> list)
    {
        for (const Permission p : list) bits_ |= bit(p);
    }
    static Permissions all();

    constexpr bool has(Permission p) const { return (bits_ & bit(p)) != 0; }
    constexpr bool empty() const { return bits_ == 0; }
    constexpr bool includes(Permissions other) const { return (other.bits_ & ~bits_) == 0; }
    constexpr void add(Permission p) { bits_ |= bit(p); }
    constexpr Permissions operator|(Permissions other) const { return Permissions(bits_ | other.bits_); }
    constexpr Permissions operator&(Permissions other) const { return Permissions(bits_ & other.bits_); }
    constexpr Permissions without(Permissions other) const { return Permissions(bits_ & ~other.bits_); }
    constexpr bool operator==(const Permissions&) const = default;

    /// In the order of the enum.
    std::vector<std::string_view> names() const;

private:
    explicit constexpr Permissions(std::uint64_t bits) : bits_(bits) {}
    static constexpr std::uint64_t bit(Permission p) { return std::uint64_t{1} << static_cast<unsigned>(p); }

    std::uint64_t bits_ = 0;
};

}  // namespace shouwen::organisation
