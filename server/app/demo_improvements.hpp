#pragma once

#include "app/centre.hpp"

namespace shouwen::app::demonstration {

/// Improvement items in each state, from complaints of the stories (D13).
void make_improvements(Centre& centre, Instant now);

}  // namespace shouwen::app::demonstration
