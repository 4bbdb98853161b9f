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
    std::vector<ticket::Command> commands;
    if (!is_present(row.channel)) commands.emplace_back(ticket::Respond{"Thank you, we are looking into it."});
    const auto complexity = row.at_first_contact ? ticket::Complexity::simple : ticket::Complexity::complex;
    commands.emplace_back(ticket::Classify{row.class_, row.category, row.grade, complexity, true, std::nullopt});
    if (!row.at_first_contact && row.target_at) agree_on(commands, row, *row.target_at);
    give(db, step, commands);
}

void ReplayDriver::agree_on(std::vector<ticket::Command>& commands, const HistoricTicket& row, Instant expected_at)
{
    commands.emplace_back(ticket::ProposeSolution{row.category, "Done by " + row.department, expected_at});
    commands.emplace_back(ticket::RecordAgreement{true, ""});
}

void ReplayDriver::close(sql::Connection& db, const ReplayStep& step)
{
    const auto& row = file_.tickets[step.ticket];
    std::vector<ticket::Command> commands;
    if (row.at_first_contact) {
        commands.emplace_back(ticket::ResolveAtFirstContact{row.category, row.category, row.result});
    } else {
        if (!row.target_at) agree_on(commands, row, step.at + at_once);
        commands.emplace_back(ticket::FinishImplementation{row.result});
        commands.emplace_back(ticket::GiveResult{row.category, row.category, row.result});
    }
    give(db, step, commands);
}

void ReplayDriver::give(sql::Connection& db, const ReplayStep& step, std::span<const ticket::Command> commands)
{
    const auto id = tickets_[step.ticket];
    auto& desk = centre_.desk();
    const auto stored = desk.load_for_command(db, id, step.at);
    ensure(stored.has_value(), "a ticket is received before anything else");
    const auto done = desk.carry_out(db, *stored, commands, agent_of(file_.tickets[step.ticket]), step.at);
    // The plan keeps the rules' order: a refusal is a fault of this program and not of the row.
    if (!done)
        throw std::runtime_error(fmt::format("line {}: a command is refused: {}", file_.tickets[step.ticket].line,
                                             name_of(done.error().code)));
}

}  // namespace shouwen::app
