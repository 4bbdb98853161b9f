#pragma once

#include "platform/http/http.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shouwen::http::testing {

/// A plain blocking socket on loopback, so that a test decides about every byte. Gives up after 20 s.
class Peer {
public:
    enum class IfAbsent { fail, allow };
    explicit Peer(std::uint16_t port, IfAbsent if_absent = IfAbsent::fail);
    bool is_connected() const { return is_connected_; }
    ~Peer();
    Peer(const Peer&) = delete;
    Peer& operator=(const Peer&) = delete;

    /// @returns false when the server has closed already; an answer may wait nevertheless
    bool send(std::string_view bytes);
    void end_sending();
    /// One whole response, by its Content-Length. Empty when the server closed instead.
    std::string receive(bool head = false);
    std::string receive_exactly(std::size_t count);
    /// Whatever comes until the server closes.
    std::string receive_all();
    /// Waits until the server closes.
    bool is_closed_by_server() { return receive_all().empty(); }
    void shrink_receive_buffer();

private:
    bool fill();
    int socket_;
    bool is_connected_ = false;
    std::string pending_;
};

int status_of(std::string_view response);
/// @param name  as the server writes it
std::string field_of(std::string_view response, std::string_view name);
std::string body_of(std::string_view response);
/// `GET path` on a fresh connection
std::string get(std::uint16_t port, const std::string& path, const std::string& more_fields = "");

/// A folder that goes away with the test.
class TemporaryFolder {
public:
    TemporaryFolder();
    ~TemporaryFolder();
    const std::filesystem::path path;
    std::filesystem::path write(const std::string& name, std::string_view content) const;
};

}  // namespace shouwen::http::testing
