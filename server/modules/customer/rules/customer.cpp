#include "modules/customer/rules/customer.hpp"

#include <algorithm>

namespace shouwen::customer {
namespace {

using organisation::Mask;
using organisation::Sight;

constexpr std::size_t name_max = 100;
constexpr std::size_t phone_max = 32;
constexpr std::size_t email_max = 254;
constexpr std::size_t account_no_max = 64;
constexpr std::size_t address_max = 300;
constexpr std::size_t tail_min = 3;
constexpr std::size_t tail_shown = 4;
constexpr std::size_t local_number_min = 7;

class Check {
public:
    Check(std::string_view pointer, FieldErrors& errors) : pointer_(pointer), errors_(errors) {}

    /// @returns whether there is a text that can be looked at further
    bool text(const char* name, std::string_view value, std::size_t max)
    {
        if (!is_utf8(value) || has_control(value, LineBreaks::refused)) return fail(name, "control_character");
        if (code_point_count(value) > max) return fail(name, "too_long", std::to_string(max));
        return !trim(value).empty();
    }
    bool fail(const char* name, const char* code, std::string expected = {})
    {
        errors_.push_back({std::string{pointer_} + "/" + name, code, std::move(expected)});
        return false;
    }

private:
    std::string_view pointer_;
    FieldErrors& errors_;
};

std::string_view number_of(std::string_view phone)
{
    return phone.substr(0, phone.find('#'));
}

std::string masked_phone(std::string_view phone)
{
    return mask_phone(number_of(phone)) + (phone.find('#') == std::string_view::npos ? "" : "#***");
}

std::string as_seen(Sight sight, std::string_view value, std::string (*mask)(std::string_view))
{
    switch (sight) {
        case Sight::full: return std::string{value};
        case Sight::masked: return value.empty() ? std::string{} : mask(value);
        case Sight::hidden: return {};
    }
    return {};
}

std::string masked_tail(std::string_view value)
{
    return mask_tail(value);
}

/// Of an address the beginning says least about where exactly somebody lives: its number and room are hidden.
std::string masked_address(std::string_view value)
{
    const std::size_t count = code_point_count(value);
    const auto head = first_code_points(value, std::min<std::size_t>(6, count / 2));
    return std::string{head} + "****";
}

}  // namespace

FieldErrors check(const NewCustomer& customer, std::string_view pointer)
{
    FieldErrors errors;
    Check check{pointer, errors};
    if (!check.text("name", customer.name, name_max) && errors.empty()) check.fail("name", "required");
    if (check.text("phone", customer.phone, phone_max) && !normal_phone(customer.phone))
        check.fail("phone", "not_a_phone");
    if (check.text("email", customer.email, email_max) && !normal_email(customer.email))
        check.fail("email", "not_an_email");
    check.text("account_no", customer.account_no, account_no_max);
    check.text("address", customer.address, address_max);
    if (customer.language != "zh-CN" && customer.language != "zh-TW" && customer.language != "en")
        check.fail("language", "not_a_choice", "zh-CN, zh-TW, en");
    return errors;
}

std::optional<std::string> normal_phone(std::string_view given)
{
    const auto phone = normalise_phone(given);
    if (!phone) return std::nullopt;
    return phone->extension.empty() ? phone->digits : phone->digits + "#" + phone->extension;
}

std::optional<std::string> normal_email(std::string_view given)
{
    std::string email{trim(given)};
    const auto sign = email.find('@');
    if (sign == std::string::npos || sign == 0 || sign > 64 || email.find('@', sign + 1) != std::string::npos)
        return std::nullopt;
    const auto domain = std::string_view{email}.substr(sign + 1);
    const auto dot = domain.find('.');
    if (dot == std::string_view::npos || domain.starts_with('.') || domain.ends_with('.') ||
        domain.find("..") != std::string_view::npos)
        return std::nullopt;
    const bool odd = std::ranges::any_of(email, [](char c) {
        return static_cast<unsigned char>(c) <= ' ' ||
               std::string_view{"<>()[],;:\\\""}.find(c) != std::string_view::npos;
    });
    if (odd || email.size() > email_max) return std::nullopt;
    std::ranges::transform(email, email.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return email;
}

std::vector<std::string> known_fields(const CustomerRow& customer)
{
    std::vector<std::string> known;
    if (!customer.name.empty()) known.emplace_back("name");
    if (!customer.phone.empty() || !customer.email.empty()) known.emplace_back("contact");
    if (!customer.address.empty()) known.emplace_back("address");
    return known;
}

std::optional<PhoneQuery> phone_query(std::string_view given)
{
    const auto phone = normalise_phone(given);
    if (!phone || phone->digits.size() < tail_min) return std::nullopt;
    const auto count = phone->digits.size();
    const bool guessable = count > tail_shown && count < local_number_min;
    return PhoneQuery{guessable ? PhoneQuery::Match::exact : PhoneQuery::Match::tail, phone->digits};
}

Shown shown(const CustomerRow& customer, const Mask& mask)
{
    return {as_seen(mask.name, customer.name, mask_name), as_seen(mask.phone, customer.phone, masked_phone),
            as_seen(mask.email, customer.email, mask_email), as_seen(mask.account_no, customer.account_no, masked_tail),
            as_seen(mask.address, customer.address, masked_address)};
}

std::string shown(std::string_view field, std::string_view value, const Mask& mask)
{
    if (field == "name") return as_seen(mask.name, value, mask_name);
    if (field == "phone") return as_seen(mask.phone, value, masked_phone);
    if (field == "email") return as_seen(mask.email, value, mask_email);
    if (field == "account_no") return as_seen(mask.account_no, value, masked_tail);
    if (field == "address") return as_seen(mask.address, value, masked_address);
    return std::string{value};
}

}  // namespace shouwen::customer
