#include "platform/outbox/checking.hpp"

#include <fmt/format.h>

namespace shouwen::outbox {
namespace {

const sql::Statement without_state{
    "outbox_without_state",
    "SELECT id FROM outbox WHERE (CASE WHEN next_at IS NULL THEN 0 ELSE 1 END) + (CASE WHEN sent_at IS NULL THEN 0 ELSE 1 END) + "
    "(CASE WHEN dead_at IS NULL THEN 0 ELSE 1 END) <> 1 ORDER BY id"};
const sql::Statement notice_without_cause{
    "notice_without_cause",
    "SELECT n.id FROM notice n LEFT JOIN outbox o ON o.id = n.outbox_id AND o.channel = 'notice' AND o.sent_at IS NOT NULL "
    "AND o.topic = n.kind WHERE o.id IS NULL ORDER BY n.id"};
const sql::Statement sent_without_notice{
    "sent_without_notice",
    "SELECT o.id FROM outbox o LEFT JOIN notice n ON n.outbox_id = o.id WHERE o.channel = 'notice' AND o.sent_at IS NOT NULL AND n.id IS NULL "
    "ORDER BY o.id"};
const sql::Statement of_topic{"outbox_of_topic", "SELECT ticket_id, payload FROM outbox WHERE topic = $1"};
const sql::Statement count_notices{"count_notices", "SELECT COUNT(*) FROM notice"};

}  // namespace

void check(sql::Connection& connection, const std::function<void(std::string)>& report)
{
    connection.each(without_state, [&](const sql::Row& row) {
        report(fmt::format("outbox {}: expected one of pending, sent and dead", row.integer(0)));
    });
    connection.each(notice_without_cause, [&](const sql::Row& row) {
        report(fmt::format("notice {}: no delivered message of the outbox stands behind it", row.integer(0)));
    });
    connection.each(sent_without_notice, [&](const sql::Row& row) {
        report(fmt::format("outbox {}: delivered, but nobody was shown it", row.integer(0)));
    });
}

void each_of_topic(sql::Connection& connection, std::string_view topic,
                   const std::function<void(TicketId, std::string_view payload)>& visit)
{
    connection.each(
        of_topic, [&](const sql::Row& row) { visit(row.id<TicketId>(0), row.text(1)); }, topic);
}

std::int64_t notice_count(sql::Connection& connection)
{
    return connection.first(count_notices, [](const sql::Row& row) { return row.integer(0); }).value_or(0);
}

}  // namespace shouwen::outbox
