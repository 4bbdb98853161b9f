#pragma once

#include <algorithm>
#include <arpa/inet.h>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <netinet/in.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

/// For tests: somebody else's server, a real one on a port of its own.
namespace shouwen::outgoing::testing {

struct ReceivedRequest {
    std::string path;
    std::map<std::string, std::string> headers;  ///< names in lower case
    std::string body;
    std::string local_address;  ///< of the socket that was connected to
};
struct ReceiverAnswer {
    std::string head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    std::uint64_t more_bytes = 0;  ///< that follow, as long as the other side takes them
    bool hangs = false;            ///< nothing is said until the receiver goes
};

class Receiver {
public:
    using Received = ReceivedRequest;
    using Answer = ReceiverAnswer;
    static Answer status(std::string_view line, std::string_view fields = "", std::string_view body = "")
    {
        return {"HTTP/1.1 " + std::string{line} + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" +
                std::string{fields} + "\r\n" + std::string{body}};
    }

    explicit Receiver(std::function<Answer(const Received&)> answer = [](const Received&) { return Answer{}; })
        : answer_(std::move(answer)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        sockaddr_in any{};
        any.sin_family = AF_INET;
        any.sin_addr.s_addr = htonl(INADDR_ANY);
        socklen_t size = sizeof any;
        auto* address = reinterpret_cast<sockaddr*>(&any);
        if (::bind(listener_, address, size) != 0 || ::listen(listener_, 256) != 0 ||
            ::getsockname(listener_, address, &size) != 0)
            throw std::runtime_error("no port for the receiver");
        port_ = ntohs(any.sin_port);
        thread_ = std::thread{[this] { accept(); }};
    }
    ~Receiver()
    {
        {
            const std::lock_guard lock{mutex_};
            stopping_ = true;
            for (const int each : open_) ::shutdown(each, SHUT_RDWR);
        }
        changed_.notify_all();
        ::shutdown(listener_, SHUT_RDWR);
        thread_.join();
        for (auto& each : threads_) each.join();
        ::close(listener_);
    }
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(std::string_view path = "/") const
    {
        return "http://127.0.0.1:" + std::to_string(port_) + std::string{path};
    }
    int connections() const
    {
        const std::lock_guard lock{mutex_};
        return static_cast<int>(threads_.size());
    }
    std::vector<Received> received() const
    {
        const std::lock_guard lock{mutex_};
        return received_;
    }
    /// Waits until so many requests are there.
    void wait_for(std::size_t count)
    {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return received_.size() >= count; });
    }

private:
    void accept()
    {
        for (;;) {
            const int peer = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (peer < 0) return;
            const std::lock_guard lock{mutex_};
            open_.push_back(peer);
            threads_.emplace_back([this, peer] { serve(peer); });
            if (stopping_) ::shutdown(peer, SHUT_RDWR);
        }
    }
    void serve(int peer)
    {
        std::string bytes;
        while (auto request = read(peer, bytes)) {
            {
                const std::lock_guard lock{mutex_};
                received_.push_back(*request);
            }
            changed_.notify_all();
            const Answer answer = answer_(*request);
            if (answer.hangs) {
                std::unique_lock lock{mutex_};
                changed_.wait(lock, [this] { return stopping_; });
                break;
            }
            if (!send(peer, answer.head)) break;
            const std::string piece(64 << 10, 'x');
            bool taken = true;
            for (std::uint64_t sent = 0; taken && sent < answer.more_bytes; sent += piece.size())
                taken = send(peer, piece);
            if (!taken || answer.more_bytes > 0) break;
        }
        const std::lock_guard lock{mutex_};
        std::erase(open_, peer);
        ::close(peer);
    }
    static bool send(int peer, std::string_view bytes)
    {
        while (!bytes.empty()) {
            const auto sent = ::send(peer, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    }
    static std::optional<Received> read(int peer, std::string& bytes)
    {
        const auto more = [&] {
            char piece[4096];
            const auto count = ::recv(peer, piece, sizeof piece, 0);
            if (count > 0) bytes.append(piece, static_cast<std::size_t>(count));
            return count > 0;
        };
        std::size_t end = 0;
        while ((end = bytes.find("\r\n\r\n")) == std::string::npos)
            if (!more()) return std::nullopt;
        Received request;
        const auto first = bytes.find("\r\n");
        const auto from = bytes.find(' ') + 1;
        request.path = bytes.substr(from, bytes.find(' ', from) - from);
        for (auto at = first + 2; at < end + 2;) {
            const auto stop = bytes.find("\r\n", at);
            auto name = bytes.substr(at, bytes.find(':', at) - at);
            std::ranges::transform(name, name.begin(),
                                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            request.headers[name] = bytes.substr(at + name.size() + 2, stop - at - name.size() - 2);
            at = stop + 2;
        }
        const auto length = request.headers.contains("content-length")
                                ? std::stoul(request.headers.at("content-length"))
                                : std::size_t{0};
        while (bytes.size() < end + 4 + length)
            if (!more()) return std::nullopt;
        request.body = bytes.substr(end + 4, length);
        bytes.erase(0, end + 4 + length);
        sockaddr_in local{};
        socklen_t size = sizeof local;
        ::getsockname(peer, reinterpret_cast<sockaddr*>(&local), &size);
        char text[INET_ADDRSTRLEN];
        request.local_address = ::inet_ntop(AF_INET, &local.sin_addr, text, sizeof text);
        return request;
    }

    const std::function<Answer(const Received&)> answer_;
    const int listener_;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    bool stopping_ = false;
    std::vector<int> open_;
    std::vector<Received> received_;
    std::vector<std::thread> threads_;
    std::thread thread_;
};

}  // namespace shouwen::outgoing::testing
