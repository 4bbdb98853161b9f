#include "modules/webhook/rules/delivery.hpp"

namespace shouwen::webhook {

Verdict judge(int status)
{
    if (status >= 200 && status < 300) return Verdict::accepted;
    return status == 410 ? Verdict::gone : Verdict::failed;
}

std::vector<Duration> delays()
{
    using namespace std::chrono_literals;
    return {5s, 5min, 30min, 2h, 5h, 10h, 10h};
}

bool is_given_up(std::optional<Instant> failing_since, Instant now)
{
    return failing_since && now - *failing_since >= patience;
}

}  // namespace shouwen::webhook
