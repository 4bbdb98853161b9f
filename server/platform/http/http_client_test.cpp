#include "platform/http/http_test_client.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <fstream>

namespace shouwen::http::testing {

Peer::Peer(std::uint16_t port, IfAbsent if_absent) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    const timeval limit{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    is_connected_ = ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    if (!is_connected_ && if_absent == IfAbsent::fail) ADD_FAILURE() << "cannot connect to port " << port;
}

Peer::~Peer()
{
    ::close(socket_);
}

bool Peer::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

void Peer::end_sending()
{
    ::shutdown(socket_, SHUT_WR);
}

void Peer::shrink_receive_buffer()
{
    const int bytes = 2048;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof bytes);
}

bool Peer::fill()
{
    std::array<char, 65536> bytes;
    const auto count = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (count <= 0) return false;
    pending_.append(bytes.data(), static_cast<std::size_t>(count));
    return true;
}

std::string Peer::receive(bool head)
{
    std::size_t end;
    while ((end = pending_.find("\r\n\r\n")) == std::string::npos)
        if (!fill()) return {};
    end += 4;
    const auto length = field_of(pending_.substr(0, end), "Content-Length");
    const std::size_t total = end + (head || length.empty() ? 0 : std::stoul(length));
    return receive_exactly(total);
}

std::string Peer::receive_exactly(std::size_t count)
{
    while (pending_.size() < count)
        if (!fill()) return {};
    std::string bytes = pending_.substr(0, count);
    pending_.erase(0, count);
    return bytes;
}

std::string Peer::receive_all()
{
    while (fill()) {}
    return std::exchange(pending_, {});
}

int status_of(std::string_view response)
{
    return response.size() < 12 ? 0 : std::stoi(std::string(response.substr(9, 3)));
}

std::string field_of(std::string_view response, std::string_view name)
{
    const std::string key = "\r\n" + std::string(name) + ": ";
    const auto end = response.find("\r\n\r\n");
    const auto at = response.find(key);
    if (at == std::string_view::npos || at > end) return {};
    const auto begin = at + key.size();
    return std::string(response.substr(begin, response.find("\r\n", begin) - begin));
}

std::string body_of(std::string_view response)
{
    const auto end = response.find("\r\n\r\n");
    return end == std::string_view::npos ? std::string() : std::string(response.substr(end + 4));
}

std::string get(std::uint16_t port, const std::string& path, const std::string& more_fields)
{
    Peer peer(port);
    peer.send("GET " + path + " HTTP/1.1\r\nHost: test\r\n" + more_fields + "\r\n");
    return peer.receive();
}

namespace {
std::filesystem::path make_folder()
{
    std::string name = (std::filesystem::temp_directory_path() / "shouwen-http-XXXXXX").string();
    if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
    return name;
}
}  // namespace

TemporaryFolder::TemporaryFolder() : path(make_folder())
{
}

TemporaryFolder::~TemporaryFolder()
{
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
}

std::filesystem::path TemporaryFolder::write(const std::string& name, std::string_view content) const
{
    const auto file = path / name;
    std::filesystem::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << content;
    return file;
}

}  // namespace shouwen::http::testing
