#include "app/replay_driver.hpp"

#include "app/replay_store.hpp"

#include <fmt/format.h>

namespace shouwen::app {
namespace {

using namespace std::chrono_literals;

constexpr int tick_batch = 500;
constexpr Duration tick_interval = 1h;
/// Where the solution is known only when it is done, it is told, agreed and done in one go.
constexpr Duration at_once = 1h;

Instant begin_of_interval(Instant at)
{
    return at - at.time_since_epoch() % tick_interval;
}

bool is_present(Channel channel)
{
    return channel == Channel::phone || channel == Channel::counter;
}

}  // namespace

const ticket::Giver& ReplayDriver::agent_of(const HistoricTicket& row) const
{
    const auto& agents = people_.agents_of.find(row.department)->second;
    return agents.at(static_cast<std::size_t>(row.line) % agents.size());
}

void ReplayDriver::tick(sql::Connection& db, Instant until)
{
    clock_.set(until);
    while (centre_.obligations().tick(db, until, tick_batch).fired_count > 0) continue;
}

void ReplayDriver::play(sql::Connection& db, std::span<const ReplayStep> steps, Instant last)
{
    for (const auto& step : steps) {
        const Instant due = begin_of_interval(step.at);
        if (due > begin_of_interval(last)) tick(db, due);
        last = step.at;
        clock_.set(step.at);
        // Once a step: its commands share one moment, so that nothing falls due between them.
        if (step.kind != StepKind::open) {
            auto stored = centre_.desk().load_for_command(db, tickets_[step.ticket], step.at);
            ensure(stored.has_value(), "a ticket is received before anything else");
            stored_ = std::move(*stored);
        }
        switch (step.kind) {
            case StepKind::open: open(db, step); break;
            case StepKind::take: take(db, step); break;
            case StepKind::close: close(db, step); break;
        }
    }
}

void ReplayDriver::open(sql::Connection& db, const ReplayStep& step)
{
    const auto& row = file_.tickets[step.ticket];
    ticket::Receive command;
    command.channel = row.channel;
    command.customer = people_.customer_of.find(row.area)->second;
    command.subject = row.subject;
    command.content = row.content;
    command.demand = row.demand;
    if (const auto area = people_.area_of.find(row.area); area != people_.area_of.end()) command.area = area->second;
    command.queue_unit = people_.unit_of.find(row.department)->second;
    const auto by = is_present(row.channel) ? agent_of(row) : ticket::Desk::the_customer();
    auto received = centre_.desk().receive(db, std::move(command), by, step.at);
    if (!received)
        throw std::runtime_error(
            fmt::format("line {}: receive is refused: {}", row.line, name_of(received.error().code)));
    tickets_[step.ticket] = received->ticket.id;
    remember_ticket(db, row, received->ticket.id);
}

void ReplayDriver::take(sql::Connection& db, const ReplayStep& step)
{
    const auto& row = file_.tickets[step.ticket];
    if (!is_present(row.channel)) give(db, step, ticket::Respond{"Thank you, we are looking into it."});
    const auto complexity = row.at_first_contact ? ticket::Complexity::simple : ticket::Complexity::complex;
    give(db, step, ticket::Classify{row.class_, row.category, row.grade, complexity, true, std::nullopt});
    if (!row.at_first_contact && row.target_at) agree_on(db, step, row.category, *row.target_at);
}

void ReplayDriver::agree_on(sql::Connection& db, const ReplayStep& step, const std::string& solution,
                            Instant expected_at)
{
    give(db, step, ticket::ProposeSolution{solution, "Done by " + file_.tickets[step.ticket].department, expected_at});
    give(db, step, ticket::RecordAgreement{true, ""});
}

void ReplayDriver::close(sql::Connection& db, const ReplayStep& step)
{
    const auto& row = file_.tickets[step.ticket];
    if (row.at_first_contact)
        return give(db, step, ticket::ResolveAtFirstContact{row.category, row.category, row.result});
    if (!row.target_at) agree_on(db, step, row.category, step.at + at_once);
    give(db, step, ticket::FinishImplementation{row.result});
    give(db, step, ticket::GiveResult{row.category, row.category, row.result});
}

void ReplayDriver::give(sql::Connection& db, const ReplayStep& step, const ticket::Command& command)
{
    auto& desk = centre_.desk();
    const auto& row = file_.tickets[step.ticket];
    auto done = desk.carry_out(db, stored_, command, agent_of(row), step.at);
    // The plan keeps the rules' order: a refusal is a fault of this program and not of the row.
    if (!done)
        throw std::runtime_error(
            fmt::format("line {}: command {} is refused: {}", row.line, command.index(), name_of(done.error().code)));
    stored_ = std::move(*done);
}

}  // namespace shouwen::app
