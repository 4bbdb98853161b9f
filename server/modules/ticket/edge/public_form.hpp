#pragma once

#include "api/language.hpp"
#include "modules/organisation/rules/organisation.hpp"
#include "modules/policy/rules/policy.hpp"

#include <string>

namespace shouwen::ticket {

/// What the customer's page offers before any request exists: choices, consent, hours and how soon somebody answers.
std::string public_form_json(const policy::Policy& policy, const organisation::Organisation& organisation,
                             api::Language language);

}  // namespace shouwen::ticket
