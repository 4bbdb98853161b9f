#pragma once

#include "platform/http/loop.hpp"

namespace shouwen::http {

/// Turns a connection whose upgrade was accepted into a WebSocket: answers the handshake, then serves it.
void start_socket(std::shared_ptr<Loop> loop, TcpSocket socket, const SocketRoute& route,
                  std::shared_ptr<Request> request, SocketEvents events);

}  // namespace shouwen::http
