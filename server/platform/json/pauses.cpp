#include "platform/json/pauses.hpp"

#include "platform/json/described_pause.hpp"

#include <boost/json/parse.hpp>

namespace shouwen {

std::string to_json(const std::vector<Pause>& pauses)
{
    return pauses.empty() ? std::string{"[]"} : described::to_json(pauses);
}

std::vector<Pause> pauses_from_json(std::string_view json)
{
    std::vector<Pause> pauses;
    if (json != "[]") described::read(boost::json::parse(json), pauses);
    return pauses;
}

}  // namespace shouwen
