#pragma once

#include "api/json_reader.hpp"
#include "modules/matrix/rules/propose.hpp"
#include "platform/json/json_writer.hpp"

#include <vector>

/// The matrix as the API shows and takes it.
namespace shouwen::matrix {

/// A row with what is wrong with it now.
void write_row(JsonWriter& out, const Row& row, const Surroundings& around);
/// The proposal with the matter that it is for.
void write_proposal(JsonWriter& out, const Matter& matter, const Proposal& proposal, const Surroundings& around);
/// The shape of the body only; `check` says the rest.
void read_assignment(api::ObjectReader& in, Assignment& into);

}  // namespace shouwen::matrix
