#pragma once

#include "base/id.hpp"
#include "platform/sql/sql.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

/// For `shouwen verify`.
namespace shouwen::outbox {

/// Each message is pending, sent or given up; each notice has the message that it came from; each message that was
/// delivered as a notice is one. @param report  gets a text for each that is not so
void check(sql::Connection& connection, const std::function<void(std::string)>& report);

/// All messages of a topic, whatever became of them, in no order.
void each_of_topic(sql::Connection& connection, std::string_view topic,
                   const std::function<void(TicketId, std::string_view payload)>& visit);

/// Notices that there are, of everybody.
std::int64_t notice_count(sql::Connection& connection);

}  // namespace shouwen::outbox
