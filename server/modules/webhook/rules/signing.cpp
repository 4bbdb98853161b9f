#include "modules/webhook/rules/signing.hpp"

#include "base/hmac.hpp"
#include "base/result.hpp"

namespace shouwen::webhook {
namespace {

constexpr std::string_view prefix = "whsec_";

}  // namespace

std::string secret_of(std::string_view random)
{
    ensure(random.size() >= 24 && random.size() <= 64, "a webhook's secret has 24 to 64 bytes");
    return std::string{prefix} + to_base64(random);
}

std::optional<std::string> signature(std::string_view secret, std::string_view id, Instant at, std::string_view body)
{
    if (!secret.starts_with(prefix)) return std::nullopt;
    const auto key = from_base64(secret.substr(prefix.size()));
    if (!key || key->empty()) return std::nullopt;
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
    std::string content{id};
    content.append(".").append(std::to_string(seconds)).append(".").append(body);
    return "v1," + to_base64(hmac_sha256(*key, content));
}

std::string signatures(std::string_view secret, std::string_view old_secret, std::string_view id, Instant at,
                       std::string_view body)
{
    const auto present = signature(secret, id, at, body);
    ensure(present.has_value(), "a webhook's secret is one");
    const auto old = signature(old_secret, id, at, body);
    return old ? *present + " " + *old : *present;
}

}  // namespace shouwen::webhook
