#pragma once

#include "base/deadline.hpp"
#include "platform/json/described.hpp"

#include <boost/describe/class.hpp>

namespace shouwen {
BOOST_DESCRIBE_STRUCT(Pause, (), (from, to))
}
