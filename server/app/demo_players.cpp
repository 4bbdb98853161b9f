#include "app/demo_players.hpp"

#include "modules/customer/store/customers.hpp"

namespace shouwen::app::demonstration {
namespace {

using namespace std::chrono_literals;
using ticket::Command;

constexpr std::size_t commands_per_commit = 200;

/// A time as people say it: on the next quarter of an hour.
Instant round_up(Instant at)
{
    return std::chrono::ceil<std::chrono::duration<std::int64_t, std::ratio<900>>>(at);
}

/// When it is to be done, as the owner tells it: mostly with some air, sometimes with too little.
Instant expected(const Life& life, std::size_t beat)
{
    const auto& script = life.script;
    for (std::size_t i = beat + 1; i < script.size(); ++i) {
        if (script[i].act != Act::finish && script[i].act != Act::resolve) continue;
        const Duration until = script[i].at - script[beat].at;
        const bool too_early = (beat + life.story->subject.size()) % 9 == 0;
        return round_up(script[beat].at + (too_early ? until * 2 / 3 : until * 5 / 4));
    }
    return round_up(script[beat].at + 24h);
}

bool by_customer(const Life& life, Act act)
{
    if (act == Act::customer_says) return true;
    return life.story->is_queued() &&
           (act == Act::agree || act == Act::decline || act == Act::rate || act == Act::rate_low);
}

std::string_view decline_comment(const std::string& language)
{
    if (language == "en") return "That takes too long for us. Is there another way?";
    if (language == "zh-TW") return "這樣要等太久，有沒有其他方式？";
    return "时间太久了，能不能换个办法？";
}

Command command(const Life& life, std::size_t index)
{
    const Story& s = *life.story;
    const Beat& beat = life.script[index];
    const auto line = [&] { return s.talk.at(static_cast<std::size_t>(beat.line)).content; };
    const auto rate = [&](const std::optional<Opinion>& opinion) {
        const auto source = s.is_queued() ? std::string{"customer"} : std::string{name_of(s.channel)};
        return ticket::Rate{opinion.value().score, opinion->reason, source};
    };
    switch (beat.act) {
        case Act::receive: break;
        case Act::respond: return ticket::Respond{line()};
        case Act::customer_says: return ticket::CustomerMessage{line()};
        case Act::reply: return ticket::Reply{line()};
        case Act::note: return ticket::Note{s.note};
        case Act::classify:
            return ticket::Classify{s.class_.value(),     s.category, s.grade.value(),
                                    s.complexity.value(), s.in_scope, s.emotion};
        case Act::promise: return ticket::MakePromise{s.promise->reason, expected(life, index), s.promise->procedure};
        case Act::tell_progress: return ticket::TellProgress{s.progress};
        case Act::escalate: return ticket::Escalate{s.escalation};
        case Act::wait: return ticket::WaitForCustomer{s.waiting};
        case Act::resume: return ticket::Resume{};
        case Act::propose: return ticket::ProposeSolution{s.solution, s.steps, expected(life, index)};
        case Act::decline: return ticket::RecordAgreement{false, std::string{decline_comment(s.language)}};
        case Act::agree: return ticket::RecordAgreement{true, {}};
        case Act::finish: return ticket::FinishImplementation{s.handling};
        case Act::give_result: return ticket::GiveResult{s.handling, s.solution, s.result};
        case Act::resolve: return ticket::ResolveAtFirstContact{s.handling, s.solution, s.result};
        case Act::rate_low: return rate(s.dissatisfied);
        case Act::rate: return rate(s.rating);
        case Act::archive: return ticket::Archive{};
        case Act::cancel: return ticket::Cancel{s.cancel};
        case Act::reopen: return ticket::Reopen{s.demand.empty() ? s.subject : s.demand};
    }
    throw std::logic_error("an act without a command");
}

}  // namespace

Players::Players(Centre& centre, ManualClock& clock, Duration tick_at_least)
    : centre_(centre), clock_(clock), tick_at_least_(tick_at_least), ticked_at_(clock.now())
{
}

Life& Players::add(Life life)
{
    const auto id = ++last_life_;
    if (life.length > 0) due_.push({life.script.front().at, id, 0});
    return lives_.emplace(id, std::move(life)).first->second;
}

ticket::Giver Players::giver(StaffId staff)
{
    const auto known = givers_.find(staff);
    if (known != givers_.end()) return known->second;
    const auto actor = centre_.directory().current()->actor(staff);
    ensure(actor.has_value(), "the demo's people are at work");
    return givers_.emplace(staff, ticket::Desk::giver(*actor)).first->second;
}

void Players::advance(Instant to)
{
    if (tick_at_least_ == 0ms) {
        // Each warning, breach and escalation at its own moment.
        for (;;) {
            std::optional<Instant> next;
            centre_.store().read([&](sql::Connection& db) { next = obligation::Obligations::next_at(db); });
            if (!next || *next > to) break;
            clock_.set(std::max(*next, clock_.now()));
            centre_.tick();
        }
    } else if (to - ticked_at_ >= tick_at_least_) {
        clock_.set(to);
        centre_.tick();
        ticked_at_ = to;
    }
    if (to > clock_.now()) clock_.set(to);
}

std::vector<Players::Due> Players::take(Instant until)
{
    std::vector<Due> batch;
    const Instant horizon = tick_at_least_ == 0ms ? due_.top().at : std::min(until, ticked_at_ + tick_at_least_);
    while (!due_.empty() && batch.size() < commands_per_commit && due_.top().at < until && due_.top().at <= horizon) {
        const Due due = due_.top();
        due_.pop();
        batch.push_back(due);
        const Life& life = lives_.at(due.life);
        if (due.beat + 1 < life.length) due_.push({life.script[due.beat + 1].at, due.life, due.beat + 1});
    }
    return batch;
}

void Players::play(Instant until)
{
    while (!due_.empty() && due_.top().at < until) {
        advance(due_.top().at);
        const auto batch = take(until);
        Outcome outcome;
        centre_.store().write([&](sql::Connection& db) {
            outcome = {};
            for (const Due& due : batch) perform(db, due, outcome);
        });
        commands_ += outcome.commands;
        tickets_ += outcome.tickets;
        for (const auto& [code, count] : outcome.refusals) refusals_[code] += count;
        for (const Due& due : batch) {
            const Life& life = lives_.at(due.life);
            if (due.beat == 0 && life.secret_hash) links_.emplace_back(*life.secret_hash, life.ticket);
            if (due.beat + 1 == life.length) lives_.erase(due.life);
        }
    }
    advance(until);
}

void Players::receive(sql::Connection& db, Life& life, Instant at)
{
    const Story& s = *life.story;
    const StaffId by = s.is_queued() ? StaffId{} : life.owner;
    const CustomerId customer =
        life.customer ? life.customer : customer::find_or_create(db, centre_.ids(), life.person->as_customer(), by, at);
    const ticket::Receive receive{.channel = s.channel,
                                  .customer = customer,
                                  .subject = s.subject,
                                  .content = s.content,
                                  .demand = s.demand,
                                  .class_ = s.is_queued() ? s.class_ : std::nullopt,
                                  .category = s.is_queued() ? s.category : std::string{},
                                  .area = life.area,
                                  .merchant = life.merchant,
                                  .queue_unit = life.merchant ? life.merchant : centre_.service_desk()};
    const auto given_by = s.is_queued() ? ticket::Desk::the_customer() : giver(by);
    life.ticket = centre_.desk().receive(db, receive, given_by, at, life.secret_hash).value().ticket.id;
}

void Players::perform(sql::Connection& db, const Due& due, Outcome& outcome)
{
    Life& life = lives_.at(due.life);
    const Act act = life.script[due.beat].act;
    ++outcome.commands;
    if (act == Act::receive) {
        receive(db, life, due.at);
        ++outcome.tickets;
        return;
    }
    const auto stored = centre_.desk().load_for_command(db, life.ticket, due.at);
    ensure(stored.has_value(), "what was received is there");
    const auto by = by_customer(life, act) ? ticket::Desk::the_customer()
                                           : giver(act == Act::cancel ? life.supervisor : life.owner);
    const auto done = centre_.desk().carry_out(db, *stored, command(life, due.beat), by, due.at);
    if (!done) ++outcome.refusals[std::string{name_of(done.error().code)}];
}

}  // namespace shouwen::app::demonstration
