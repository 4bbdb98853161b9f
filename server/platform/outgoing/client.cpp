#include "platform/outgoing/client.hpp"

#include <fmt/format.h>

#include <curl/curl.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <map>
#include <mutex>
#include <thread>

namespace shouwen::outgoing {
namespace {

using Steady = std::chrono::steady_clock;

constexpr int lookups_max =
    200;  // at a time; more than targets there are, so that slow name servers hold up only their own
constexpr std::size_t header_bytes_max = 64 << 10;
constexpr int idle_connections_max = 64;
constexpr Duration longest_wait = std::chrono::seconds{1};
constexpr Duration retry_after_max = std::chrono::hours{24};

struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, FreeList>;

void append(List& list, const std::string& text)
{
    list.reset(curl_slist_append(list.release(), text.c_str()));
}

void prepare_curl()
{
    static const auto once = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(once);
}

Fault fault_of(CURLcode code)
{
    switch (code) {
        case CURLE_OK: return Fault::none;
        case CURLE_URL_MALFORMAT: return Fault::not_a_url;
        case CURLE_COULDNT_RESOLVE_HOST: return Fault::name_unknown;
        case CURLE_OPERATION_TIMEDOUT: return Fault::timed_out;
        case CURLE_SSL_CONNECT_ERROR:
        case CURLE_SSL_CERTPROBLEM:
        case CURLE_SSL_CIPHER:
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE: return Fault::tls_failed;
        case CURLE_COULDNT_CONNECT: return Fault::unreachable;
        default: return Fault::broken_answer;
    }
}

/// One request under way. Only the loop's thread touches it.
struct Transfer {
    Request request;
    std::function<void(Reply)> done;
    const Guard* guard = nullptr;
    Url url = {};
    Steady::time_point started = Steady::now();
    CURL* easy = nullptr;
    List headers = {};
    List addresses = {};
    std::size_t header_bytes = 0;
    bool is_address_refused = false;
    Reply reply = {};

    Duration age() const { return std::chrono::duration_cast<Duration>(Steady::now() - started); }
    void end(Fault fault, std::string detail)
    {
        reply.fault = fault;
        reply.detail = std::move(detail);
        reply.took = age();
        done(std::move(reply));
    }
};

extern "C" {

std::size_t shouwen_take_body(char* bytes, std::size_t size, std::size_t count, void* user)
{
    auto& transfer = *static_cast<Transfer*>(user);
    const auto room = transfer.request.answer_bytes_max - transfer.reply.body.size();
    transfer.reply.body.append(bytes, std::min(room, size * count));
    transfer.reply.is_cut = room < size * count;
    return transfer.reply.is_cut ? 0 : size * count;
}

std::size_t shouwen_take_header(char* bytes, std::size_t size, std::size_t count, void* user)
{
    auto& transfer = *static_cast<Transfer*>(user);
    transfer.header_bytes += size * count;
    if (transfer.header_bytes > header_bytes_max) return 0;
    std::string line{bytes, size * count};
    const auto colon = line.find(':');
    std::ranges::transform(line, line.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (colon != std::string::npos && line.substr(0, colon) == "retry-after") {
        const auto from = std::min(line.find_first_not_of(' ', colon + 1), line.size());
        std::int64_t seconds = 0;
        const auto [end, fault] = std::from_chars(line.data() + from, line.data() + line.size(), seconds);
        if (fault == std::errc{} && seconds >= 0)
            transfer.reply.retry_after =
                std::min<Duration>(std::chrono::seconds{std::min<std::int64_t>(seconds, 86'400)}, retry_after_max);
    }
    return size * count;
}

/// The last word: whatever way an address was found, the socket is not opened towards a closed one.
curl_socket_t shouwen_open_socket(void* user, curlsocktype, curl_sockaddr* given)
{
    auto& transfer = *static_cast<Transfer*>(user);
    const auto address = Address::of(given->addr);
    if (!address || !transfer.guard->may_reach(*address)) {
        transfer.is_address_refused = true;
        return CURL_SOCKET_BAD;
    }
    return ::socket(given->family, given->socktype | SOCK_CLOEXEC, given->protocol);
}

}  // extern "C"

}  // namespace

std::vector<Address> ask_the_system(const std::string& host)
{
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    if (getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) return {};
    std::vector<Address> addresses;
    for (const addrinfo* each = found; each; each = each->ai_next)
        if (const auto address = Address::of(*each->ai_addr)) addresses.push_back(*address);
    freeaddrinfo(found);
    return addresses;
}

class Client::Loop {
public:
    Loop(const Guard& guard, Resolve resolve)
        : guard_(guard), resolve_(std::move(resolve)), post_box_(std::make_shared<PostBox>())
    {
        prepare_curl();
        post_box_->multi = curl_multi_init();
        curl_multi_setopt(post_box_->multi, CURLMOPT_MAXCONNECTS, static_cast<long>(idle_connections_max));
        thread_ = std::thread{[this] { run(); }};
    }
    ~Loop()
    {
        {
            const std::lock_guard lock{post_box_->mutex};
            post_box_->is_stopping = true;
            curl_multi_wakeup(post_box_->multi);
        }
        thread_.join();
    }

    void post(Request request, std::function<void(Reply)> done)
    {
        auto transfer = std::make_unique<Transfer>();
        transfer->request = std::move(request);
        transfer->done = std::move(done);
        transfer->guard = &guard_;
        const std::lock_guard lock{post_box_->mutex};
        post_box_->fresh.push_back(std::move(transfer));
        curl_multi_wakeup(post_box_->multi);
    }

private:
    struct Found {
        std::uint64_t lookup;
        std::vector<Address> addresses;
    };
    /// Shared with the threads that look names up, which may outlive the client.
    struct PostBox {
        std::mutex mutex;
        CURLM* multi = nullptr;
        bool is_stopping = false;
        std::vector<std::unique_ptr<Transfer>> fresh;
        std::vector<Found> found;
        std::atomic<int> lookups_count{0};
    };

    void run()
    {
        CURLM* multi = post_box_->multi;
        for (;;) {
            std::vector<std::unique_ptr<Transfer>> fresh;
            std::vector<Found> found;
            {
                const std::lock_guard lock{post_box_->mutex};
                if (post_box_->is_stopping) break;
                fresh.swap(post_box_->fresh);
                found.swap(post_box_->found);
            }
            for (auto& transfer : fresh) begin(std::move(transfer));
            for (auto& each : found) resolved(each);
            end_late_lookups();
            int running = 0;
            curl_multi_perform(multi, &running);
            reap();
            curl_multi_poll(multi, nullptr, 0, static_cast<int>(next_wait().count()), nullptr);
        }
        end_all();
    }

    void begin(std::unique_ptr<Transfer> transfer)
    {
        auto url = parse_url(transfer->request.url, guard_);
        if (!url) {
            const auto refused = url.error() == UrlFault::address_refused;
            return transfer->end(refused ? Fault::address_refused : Fault::not_a_url,
                                 std::string{name_of(url.error())});
        }
        transfer->url = std::move(*url);
        if (const auto literal = Address::parse(transfer->url.host)) return connect(std::move(transfer), {*literal});
        if (post_box_->lookups_count >= lookups_max)
            return transfer->end(Fault::name_unknown, "too many names are being looked up");
        ++post_box_->lookups_count;
        const auto lookup = ++last_lookup_;
        std::thread{[box = post_box_, resolve = resolve_, host = transfer->url.host, lookup] {
            std::vector<Address> addresses;
            try {
                addresses = resolve(host);
            } catch (const std::exception&) {
                addresses.clear();  // as good as unknown
            }
            --box->lookups_count;
            const std::lock_guard lock{box->mutex};
            if (box->is_stopping) return;
            box->found.push_back({lookup, std::move(addresses)});
            curl_multi_wakeup(box->multi);
        }}.detach();
        looked_up_.emplace(lookup, std::move(transfer));
    }

    void resolved(const Found& found)
    {
        const auto waiting = looked_up_.find(found.lookup);
        if (waiting == looked_up_.end()) return;  // it was given up meanwhile
        auto transfer = std::move(waiting->second);
        looked_up_.erase(waiting);
        if (found.addresses.empty()) return transfer->end(Fault::name_unknown, "the name is unknown");
        // One closed address among open ones is a trap or a mistake: none of them is used.
        for (const auto& address : found.addresses)
            if (!guard_.may_reach(address))
                return transfer->end(Fault::address_refused, "the name leads to " + address.text());
        connect(std::move(transfer), found.addresses);
    }

    void connect(std::unique_ptr<Transfer> transfer, const std::vector<Address>& addresses)
    {
        CURL* easy = transfer->easy = curl_easy_init();
        const auto& request = transfer->request;
        std::string way = fmt::format("+{}:{}:", transfer->url.host, transfer->url.port);
        for (const auto& address : addresses) {
            if (!way.ends_with(':')) way += ',';
            way += address.is_v4() ? address.text() : "[" + address.text() + "]";
        }
        if (!Address::parse(transfer->url.host)) append(transfer->addresses, way);
        for (const auto& [name, value] : request.headers) append(transfer->headers, name + ": " + value);
        append(transfer->headers, "Expect:");  // one message more on the way, for a body that fits into one

        const auto set = [easy](CURLoption option, auto value) { curl_easy_setopt(easy, option, value); };
        set(CURLOPT_URL, transfer->url.text.c_str());
        set(CURLOPT_PROTOCOLS_STR, guard_.plain_http ? "http,https" : "https");
        set(CURLOPT_RESOLVE, transfer->addresses.get());
        set(CURLOPT_PROXY, "");
        set(CURLOPT_NOPROXY, "*");
        set(CURLOPT_FOLLOWLOCATION, 0L);
        set(CURLOPT_NOSIGNAL, 1L);
        set(CURLOPT_QUICK_EXIT, 1L);
        set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
        set(CURLOPT_HTTPHEADER, transfer->headers.get());
        set(CURLOPT_USERAGENT, "Shouwen");
        set(CURLOPT_POST, 1L);
        set(CURLOPT_POSTFIELDS, request.body.c_str());
        set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        set(CURLOPT_TIMEOUT_MS, std::max(1L, static_cast<long>((request.timeout - transfer->age()).count())));
        set(CURLOPT_WRITEFUNCTION, shouwen_take_body);
        set(CURLOPT_WRITEDATA, transfer.get());
        set(CURLOPT_HEADERFUNCTION, shouwen_take_header);
        set(CURLOPT_HEADERDATA, transfer.get());
        set(CURLOPT_OPENSOCKETFUNCTION, shouwen_open_socket);
        set(CURLOPT_OPENSOCKETDATA, transfer.get());
        curl_multi_add_handle(post_box_->multi, easy);
        connected_.emplace(easy, std::move(transfer));
    }

    void reap()
    {
        int left = 0;
        while (const CURLMsg* message = curl_multi_info_read(post_box_->multi, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            CURL* easy = message->easy_handle;
            const CURLcode code = message->data.result;
            auto transfer = std::move(connected_.extract(easy).mapped());
            long status = 0;
            curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
            curl_multi_remove_handle(post_box_->multi, easy);
            curl_easy_cleanup(easy);
            if (transfer->is_address_refused && code != CURLE_OK) {
                transfer->end(Fault::address_refused, "the address is closed");
            } else if (code == CURLE_OK || (code == CURLE_WRITE_ERROR && transfer->reply.is_cut)) {
                transfer->reply.status = static_cast<int>(status);
                transfer->end(Fault::none, "");
            } else {
                transfer->end(fault_of(code), curl_easy_strerror(code));
            }
        }
    }

    void end_late_lookups()
    {
        for (auto each = looked_up_.begin(); each != looked_up_.end();) {
            if (each->second->age() < each->second->request.timeout) {
                ++each;
                continue;
            }
            each->second->end(Fault::timed_out, "looking the name up took too long");
            each = looked_up_.erase(each);
        }
    }

    Duration next_wait() const
    {
        Duration wait = longest_wait;
        for (const auto& [lookup, transfer] : looked_up_)
            wait = std::min(wait, std::max(Duration{1}, transfer->request.timeout - transfer->age()));
        return wait;
    }

    void end_all()
    {
        for (auto& [easy, transfer] : connected_) {
            curl_multi_remove_handle(post_box_->multi, easy);
            curl_easy_cleanup(easy);
            transfer->end(Fault::stopped, "the server is stopping");
        }
        for (auto& [lookup, transfer] : looked_up_) transfer->end(Fault::stopped, "the server is stopping");
        std::vector<std::unique_ptr<Transfer>> fresh;
        {
            const std::lock_guard lock{post_box_->mutex};
            fresh.swap(post_box_->fresh);
            curl_multi_cleanup(post_box_->multi);
            post_box_->multi = nullptr;
        }
        for (auto& transfer : fresh) transfer->end(Fault::stopped, "the server is stopping");
    }

    const Guard& guard_;
    const Resolve resolve_;
    const std::shared_ptr<PostBox> post_box_;
    std::map<CURL*, std::unique_ptr<Transfer>> connected_;
    std::map<std::uint64_t, std::unique_ptr<Transfer>> looked_up_;
    std::uint64_t last_lookup_ = 0;
    std::thread thread_;
};

Client::Client(Guard guard, Resolve resolve)
    : guard_(std::move(guard)), loop_(std::make_unique<Loop>(guard_, std::move(resolve)))
{
}

Client::~Client() = default;

void Client::post(Request request, std::function<void(Reply)> done)
{
    loop_->post(std::move(request), std::move(done));
}

}  // namespace shouwen::outgoing
