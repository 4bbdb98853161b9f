#pragma once

#include "base/field_error.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/text.hpp"
#include "modules/organisation/rules/actor.hpp"

#include <boost/describe/enum.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The customer service file (客户服务档案): who the people served are and how they are reached.
namespace shouwen::customer {

/// What is masked, and revealed only on record (C6).
BOOST_DEFINE_ENUM_CLASS(RevealedField, phone, email, account_no, address)

/// What somebody said about themselves at intake, or a staff member typed. Empty: not said.
struct NewCustomer {
    std::string name = {};
    std::string phone = {};
    std::string email = {};
    std::string account_no = {};
    std::string address = {};
    std::string language = "zh-CN";
};

/// A file as it is stored.
struct CustomerRow {
    CustomerId id = {};
    std::string name = {};
    std::string phone = {};  ///< normal form: digits, with an extension `02161234567#801`; empty when none is known
    std::string email = {};  ///< as given
    std::string account_no = {};
    std::string address = {};
    std::string language = "zh-CN";
    std::string note = {};    ///< the platform's own, not for merchants
    std::string tags = "[]";  ///< a JSON array of texts
    std::int64_t version = 1;
    Instant created_at{};
    StaffId created_by = {};  ///< none: the customer's own request
    Instant updated_at{};
};

/// Lengths, control characters, a number that can be dialled, an address that can be written to. Trims nothing.
/// @param pointer  of the object that holds the fields: `/customer`
FieldErrors check(const NewCustomer& customer, std::string_view pointer = "");

/// The form in which numbers are stored and compared; nothing when it is none.
std::optional<std::string> normal_phone(std::string_view given);
/// The form in which addresses are compared; nothing when it is none.
std::optional<std::string> normal_email(std::string_view given);

/// What is known of `name`, `contact`, `address`, the fields that a class may require (D2).
std::vector<std::string> known_fields(const CustomerRow& customer);

/// How a number that somebody looks for is compared.
struct PhoneQuery {
    enum class Match { tail, exact };
    Match match = Match::tail;
    std::string digits;
};
/// Up to four digits, which the mask shows anyway, and 7 or more (a local or a whole number) are found as a tail. What
/// lies between is compared as a whole: else the masked digits could be guessed one by one, off the record (C6).
/// @returns nothing when fewer than three digits are given or it is no number
std::optional<PhoneQuery> phone_query(std::string_view given);

/// The personal fields as an actor sees them; hidden ones are empty.
struct Shown {
    std::string name;
    std::string phone;
    std::string email;
    std::string account_no;
    std::string address;
};
Shown shown(const CustomerRow& customer, const organisation::Mask& mask);
/// One field of the history, masked like the field itself. @param field  as stored: `phone`, `name` …
std::string shown(std::string_view field, std::string_view value, const organisation::Mask& mask);

}  // namespace shouwen::customer
