#pragma once

#include "platform/http/loop.hpp"

namespace shouwen::http {

/// Serves one TCP connection: requests one after the other, answers in order, until either side ends it or it becomes
/// a WebSocket. Refuses it with 503 when there are too many.
void start_session(std::shared_ptr<Loop> loop, TcpSocket socket);

}  // namespace shouwen::http
