#pragma once

#include "base/instant.hpp"
#include "base/names.hpp"
#include "platform/outgoing/guard.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace shouwen::outgoing {

struct Request {
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers = {};
    std::string body = {};
    Duration timeout = std::chrono::seconds{15};  ///< for all of it: looking up, connecting, sending, answering
    std::size_t answer_bytes_max = 64 << 10;      ///< what is longer is cut, and the connection with it
};

// Why there is no answer.
BOOST_DEFINE_ENUM_CLASS(Fault, none, not_a_url, address_refused, name_unknown, unreachable, tls_failed, timed_out,
                        broken_answer, stopped)

struct Reply {
    int status = 0;  ///< 0: none came
    std::string body = {};
    bool is_cut = false;
    Duration took{0};
    std::optional<Duration> retry_after = {};  ///< when the answer wished it in seconds
    Fault fault = Fault::none;
    std::string detail = {};  ///< in English, for the record; without the address's query
};

/// What a name leads to; empty when nobody knows it. May block, is called on a thread of its own.
using Resolve = std::function<std::vector<Address>(const std::string& host)>;
std::vector<Address> ask_the_system(const std::string& host);

/// POSTs, many at once on one thread. Never follows a redirection, never asks the environment for a proxy, resolves a name
/// once, refuses it if any of its addresses is closed, and connects to those very addresses: the socket checks again.
class Client {
public:
    explicit Client(Guard guard, Resolve resolve = ask_the_system);
    /// Ends what is under way with `Fault::stopped`.
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    const Guard& guard() const { return guard_; }
    /// @param done  called once, from the client's thread; short
    void post(Request request, std::function<void(Reply)> done);

private:
    class Loop;
    const Guard guard_;
    std::unique_ptr<Loop> loop_;
};

}  // namespace shouwen::outgoing
