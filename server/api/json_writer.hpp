#pragma once

#include "platform/json/json_writer.hpp"

namespace shouwen::api {
using shouwen::JsonWriter;
}
