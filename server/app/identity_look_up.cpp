#include "app/identity_look_up.hpp"

#include "platform/json/json_writer.hpp"
#include "platform/log/log.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include <fstream>
#include <future>
#include <stdexcept>
#include <utility>

namespace shouwen::app {
namespace {

using ticket::IdentityMethod;
using ticket::LookUp;

/// Without spaces and hyphens, Latin letters small: as people read a number out and type it.
std::string plain(std::string_view number)
{
    std::string out;
    for (const char c : number)
        if (c != ' ' && c != '-' && c != '\r' && c != '"') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

std::string key_of(std::string_view kind, std::string_view number)
{
    return fmt::format("{}:{}", kind, plain(number));
}

std::set<std::string> read_table(const std::filesystem::path& path)
{
    std::set<std::string> table;
    if (path.empty()) return table;
    std::ifstream in{path};
    std::string line;
    if (!in || !std::getline(in, line)) throw std::runtime_error(fmt::format("{}: cannot be read", path.string()));
    if (line.starts_with("\xEF\xBB\xBF")) line.erase(0, 3);
    if (plain(line) != "kind,reference")
        throw std::runtime_error(fmt::format("{}:1: expected the header kind,reference", path.string()));
    for (int number = 2; std::getline(in, line); ++number) {
        if (plain(line).empty()) continue;
        const auto comma = line.find(',');
        const auto kind = plain(line.substr(0, comma));
        const bool known = kind == "account_no" || kind == "order_no";
        if (!known || comma == std::string::npos || plain(line.substr(comma + 1)).empty())
            throw std::runtime_error(
                fmt::format("{}:{}: expected account_no or order_no, a comma and a number", path.string(), number));
        table.insert(key_of(kind, line.substr(comma + 1)));
    }
    return table;
}

}  // namespace

IdentityLookUp::IdentityLookUp(IdentityOptions options, outgoing::Client& client)
    : options_(std::move(options)), client_(client), table_(read_table(options_.table))
{
}

LookUp IdentityLookUp::operator()(IdentityMethod method, const std::string& reference,
                                  const customer::CustomerRow& file) const
{
    if (!options_.url.empty()) return ask(method, reference);
    const bool of_account = method == IdentityMethod::account_no;
    if (of_account && !file.account_no.empty() && plain(file.account_no) == plain(reference)) return LookUp::matched;
    if (table_.contains(key_of(name_of(method), reference))) return LookUp::matched;
    // A number is unknown only to who has numbers to compare it with.
    const bool has_numbers = !table_.empty() || (of_account && !file.account_no.empty());
    return has_numbers ? LookUp::unknown : LookUp::down;
}

LookUp IdentityLookUp::ask(IdentityMethod method, const std::string& reference) const
{
    JsonWriter body;
    body.begin_object().member("kind", method).member("reference", reference).end_object();
    const auto answered = std::make_shared<std::promise<outgoing::Reply>>();
    auto answer = answered->get_future();
    outgoing::Request request;
    request.url = options_.url;
    request.headers = {{"Content-Type", "application/json"}, {"Accept", "application/json"}};
    request.body = body.take();
    request.timeout = options_.timeout;
    request.answer_bytes_max = 4 << 10;
    client_.post(std::move(request), [answered](outgoing::Reply reply) { answered->set_value(std::move(reply)); });
    const auto reply = answer.get();
    boost::json::error_code fault;
    const auto json = boost::json::parse(reply.body, fault);
    const auto* object = !fault && reply.status == 200 ? json.if_object() : nullptr;
    const auto* found = object ? object->if_contains("found") : nullptr;
    if (found && found->is_bool()) return found->get_bool() ? LookUp::matched : LookUp::unknown;
    log::warning("identity_look_up_down",
                 {{"status", reply.status}, {"fault", reply.fault}, {"detail", log::Machine{reply.detail}}});
    return LookUp::down;
}

}  // namespace shouwen::app
