#include "app/improvements.hpp"

#include "platform/json/json_writer.hpp"
#include "platform/outbox/outbox.hpp"

#include <fmt/format.h>

namespace shouwen::app {

void remind_of_improvement(sql::Connection& db, StaffId staff, std::string_view stage,
                           const improvement::Improvement& item, Instant now)
{
    tell_of_improvement(db, staff, fmt::format("improvement_{}", stage), item, now);
}

void tell_of_improvement(sql::Connection& db, StaffId staff, std::string_view kind,
                         const improvement::Improvement& item, Instant now)
{
    JsonWriter payload;
    payload.begin_object()
        .member("improvement_id", item.id)
        .member("improvement_title", item.title)
        .member("due_at", item.watched.due_at)
        .end_object();
    const auto target = staff ? staff.text() : std::string{outbox::log_channel};
    outbox::enqueue(db, {staff ? outbox::notice_channel : outbox::log_channel, target, kind, payload.text()}, now);
}

}  // namespace shouwen::app
