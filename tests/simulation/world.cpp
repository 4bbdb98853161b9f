#include "simulation/world.hpp"

#include "api/idempotency.hpp"
#include "api/routes.hpp"
#include "app/verify.hpp"
#include "modules/follow_up/store/follow_ups.hpp"
#include "modules/organisation/rules/sample_organisation.hpp"
#include "modules/ticket/edge/ticket_commands.hpp"

#include <boost/mp11/algorithm.hpp>
#include <fmt/format.h>

#include <algorithm>

namespace shouwen::simulation {
namespace {

using namespace std::chrono_literals;
using namespace ticket;
namespace sample = organisation::sample;

constexpr std::array people{sample::agent1,          sample::agent2,          sample::supervisor1,     sample::manager1,
                            sample::merchant1_agent, sample::merchant2_agent, sample::merchant1_admin, sample::tech1,
                            sample::helper,          sample::leader1};
constexpr std::array leaders{sample::supervisor1, sample::manager1, sample::leader1, sample::helper};
/// What a matter needs to come to its end, in this order.
constexpr std::array<std::string_view, 9> way{
    "respond", "classify", "propose_solution", "record_agreement", "finish_implementation", "give_result", "rate",
    "archive", "reopen"};
constexpr std::int64_t customers = 4;

/// Policies of rather different taste; each with each version's number.
std::shared_ptr<const policy::Policy> policy_of(std::size_t taste, int version)
{
    auto document = policy::default_document();
    if (taste == 1) {
        document.archive_when_unanswered = false;
        document.raise_angry_complaints = false;
        document.warnings_percent = {90};
    }
    if (taste == 2) {
        document.strict_categories = true;
        document.warnings_percent = {};
        document.chain_interval = "PT4H";
        document.dissatisfied_up_to = 3;
        document.default_calendar = "every_day";
    }
    if (taste == 3) {
        document.paused_while_waiting = all_of<ObligationKind>();
        std::erase(document.paused_while_waiting, ObligationKind::keep_promise);
        for (auto& each : document.limits)
            each.limits = {Limit::natural_time(2min), Limit::working_time(1h), Limit::working_days(1)};
        for (auto& rules : document.classes) rules.required_fields.push_back("area");
        document.strict_rejection_reasons = true;
        document.rejections_until_ruling = 1;
        document.follow_up.share_percent = 100;
    }
    return std::make_shared<const policy::Policy>(version, std::move(document));
}

/// The first versions are made once, as a calendar costs more than a run.
policy::PolicyPtr shared_policy(std::size_t taste, int version)
{
    constexpr int kept = 8;
    static const auto policies = [] {
        std::vector<policy::PolicyPtr> made;
        for (std::size_t i = 0; i < 4 * kept; ++i) made.push_back(policy_of(i % 4, static_cast<int>(i / 4) + 1));
        return made;
    }();
    return version <= kept ? policies[static_cast<std::size_t>(version - 1) * 4 + taste] : policy_of(taste, version);
}

template <NamedEnum E>
E pick(std::uint32_t draw)
{
    static const auto values = all_of<E>();
    return values[draw % values.size()];
}

std::string_view category_of(Class of, std::uint32_t draw)
{
    if (draw % 5 == 0) return "";
    if (draw % 17 == 0) return "no_such_category";
    static const auto classes = policy::default_document().classes;
    const auto found = std::ranges::find(classes, of, &policy::ClassRules::class_);
    return found->categories[draw % found->categories.size()].code;
}

constexpr std::string_view as_word(Denied::Why why)
{
    switch (why) {
        case Denied::Why::not_found: return "not_found";
        case Denied::Why::not_permitted: return "not_permitted";
        case Denied::Why::version_stale: return "version_stale";
        case Denied::Why::refused: return "refused";
    }
    return "";
}

organisation::OrganisationPtr organisation_without(const std::set<std::int64_t>& absent)
{
    auto staff = sample::staff();
    for (auto& each : staff)
        if (absent.contains(each.id.value)) each.disabled_at = Instant{};
    auto units = sample::units();
    for (auto& each : units)
        if (each.calendar == "standard") each.calendar = "every_day";
    return std::make_shared<const organisation::Organisation>(
        organisation::Organisation{std::move(units), {}, std::move(staff), organisation::default_roles()});
}

}  // namespace

/// What a request was answered.
struct World::Answer {
    std::string text;  ///< for the story, and to compare with a repetition's
    bool accepted = false;
    TicketId ticket = {};
    std::int64_t seq = 0;
    Hash hash = {};
    std::optional<Refusal> refusal = {};
};

/// What is outside: takes messages, now and then not.
class World::Outside final : public outbox::Channel {
public:
    explicit Outside(World& world) : world_(world) {}
    void send(const outbox::Outgoing& message, Done done) override
    {
        // Another one each time, and the same in each run.
        const auto draw = (++world_.sendings_ * 0x9e3779b97f4a7c15 + world_.cast_.seed) >> 33;
        if (draw % 100 < world_.cast_.flaky_percent) throw std::runtime_error("the outside does not answer");
        world_.oracle_.sent(message.id);
        done({});
    }

private:
    World& world_;
};

World::World(const Cast& cast, sql::Store& store, MemoryStore* watched, Defect defect, Coverage& coverage,
             std::ostream* story)
    : cast_(cast),
      store_(store, defect),
      watched_(watched),
      coverage_(coverage),
      oracle_(coverage),
      story_(story),
      now_(cast.start),
      latest_(cast.start),
      furthest_(cast.start),
      ids_(1),
      policy_index_(cast.policy),
      policy_(shared_policy(cast.policy, 1))
{
    static const auto everybody = organisation_without({});
    organisation_ = everybody;
    for (std::int64_t id = 1; id <= customers; ++id) {
        auto& known = known_of_customer_[id];
        const auto temper = cast.tempers >> (id * 4);
        known.push_back("name");
        if (temper % 4) known.push_back("contact");
        if (temper % 8 == 1) known.push_back("address");
    }
    start_process();
}

World::~World() = default;

void World::start_process()
{
    static const auto zone = Zone::find("Asia/Shanghai");
    dispatcher_.reset();
    case_work_ = std::make_unique<app::CaseWork>(
        app::CaseWork::Surroundings{[this] { return policy_; }, [this] { return organisation_; },
                                    [this](sql::Connection&, CustomerId id) { return known_of_customer_[id.value]; },
                                    [](sql::Connection&, const ticket::Ticket&, bool) {},
                                    [](sql::Connection&, const ticket::Ticket&, const ticket::Events&, Instant) {},
                                    [](sql::Connection&, const obligation::Fired&, Instant) {},
                                    [](sql::Connection& db, const ticket::Ticket& after, const ticket::Events& events,
                                       Instant at) { follow_up::record(db, after, events, at); },
                                    ids_, zone});
    dispatcher_ = std::make_unique<outbox::Dispatcher>(store_, [this] {
        return static_cast<double>((++sendings_ * 0xff51afd7ed558ccd + cast_.seed) >> 40) / 0x1000000;
    });
    notices_ = store_.feed().subscribe(outbox::notice_topic, {[this](std::span<const std::string> announced) {
                                                                  for (const auto& each : announced)
                                                                      if (!oracle_.shown(std::stoll(each)))
                                                                          fault_ = fmt::format(
                                                                              "8: notice {} was shown twice", each);
                                                              },
                                                              [] {}});
    dispatcher_->add(outbox::log_channel, std::make_unique<Outside>(*this));
}

bool World::write(const std::function<void(sql::Connection&)>& work)
{
    try {
        store_.write(work);
        return true;
    } catch (const Crash&) {
        tell("  the process dies and starts again");
        start_process();
        return false;
    }
}

void World::set_clock(Instant to)
{
    now_ = to;
    latest_ = std::max(latest_, to);
    furthest_ = std::max(furthest_, to);
}

void World::tell(const std::string& line)
{
    if (story_) *story_ << to_rfc3339(now_) << " " << line << "\n";
}

// --- Acts ----------------------------------------------------------------------------------------------------------------

std::optional<std::string> World::play(const Act& act)
{
    latest_ = now_;
    has_ticked_ = false;
    if (act.trouble != Trouble::none) {
        const bool many = act.kind == ActKind::pass || act.kind == ActKind::dispatch;
        const int writes = many ? static_cast<int>(act.detail % 4) : 0;
        store_.plan(act.trouble, writes, static_cast<int>((act.detail >> 4) % 24));
        coverage_.count("trouble", name_of(act.trouble));
    }
    try {
        this->act(act);
        store_.calm_down();
        if (!fault_.empty()) return fault_;
        if (watched_)
            return oracle_.look(*watched_, {.now = now_,
                                            .latest = latest_,
                                            .has_ticked = has_ticked_,
                                            .policy = policy_,
                                            .known_of_customer = known_of_customer_});
    } catch (const std::exception& fault) {
        return std::string{"threw: "} + fault.what();
    }
    return std::nullopt;
}

void World::act(const Act& act)
{
    switch (act.kind) {
        case ActKind::pass: return pass(act);
        case ActKind::intake: return intake(act);
        case ActKind::staff: return staff(act);
        case ActKind::customer: return customer(act);
        case ActKind::race: return race(act);
        case ActKind::dispatch: return dispatch();
        case ActKind::jump: return jump(act);
        case ActKind::downtime: return downtime(act);
        case ActKind::absence: return absence(act);
        case ActKind::policy: return policy_change(act);
        case ActKind::file: return file(act);
    }
}

void World::pass(const Act& act)
{
    const Instant until = now_ + act.time;
    while (cast_.exact) {
        std::optional<Instant> next;
        store_.read([&](sql::Connection& db) { next = obligation::Obligations::next_at(db); });
        if (!next || *next > until) break;
        set_clock(std::max(now_, *next));
        tick();
    }
    set_clock(until);
    tick();
    tell(fmt::format("time has passed: {}", to_iso_duration(act.time)));
}

void World::tick()
{
    constexpr int rounds_max = 20'000;
    for (int round = 0;; ++round) {
        ensure(round < rounds_max, "8: the tick comes to an end");
        std::optional<Instant> next;
        store_.read([&](sql::Connection& db) { next = obligation::Obligations::next_at(db); });
        if (!next || *next > now_) break;
        write([&](sql::Connection& db) { (void)case_work_->obligations().tick(db, now_, cast_.tick_batch); });
    }
    has_ticked_ = true;
}

void World::dispatch()
{
    try {
        dispatcher_->dispatch(now_);
    } catch (const Crash&) {
        tell("  the process dies and starts again");
        start_process();
    }
    tell("the outbox is sent");
}

void World::jump(const Act& act)
{
    const bool back = act.detail % 3 != 0;
    set_clock(back ? now_ - act.time : now_ + act.time);
    tell(back ? "the clock was set back" : "the clock was set forth");
}

void World::downtime(const Act& act)
{
    set_clock(now_ + act.time);
    start_process();
    tell(fmt::format("the process was away: {}", to_iso_duration(act.time)));
}

void World::reorganise()
{
    organisation_ = organisation_without(absent_);
}

void World::absence(const Act& act)
{
    if (act.what % 8 == 0) {
        // Everybody above the agents at once, or back again.
        const bool all_there = !absent_.contains(leaders.front().value);
        for (const auto id : leaders) all_there ? (void)absent_.insert(id.value) : (void)absent_.erase(id.value);
        tell(all_there ? "everybody above leaves" : "everybody above is back");
        return reorganise();
    }
    const StaffId who = people[act.who % people.size()];
    if (absent_.erase(who.value)) {
        tell(organisation_->name_of_staff(who).data() + std::string{" is back"});
        return reorganise();
    }
    // Nobody leaves open tickets behind: the house asks for it before it lets anybody go.
    constexpr sql::Statement open_of_owner{"ticket.open_of_owner",
                                           "SELECT COUNT(*) FROM ticket WHERE owner_id = $1 AND closed_at IS NULL"};
    std::int64_t open = 0;
    store_.read([&](sql::Connection& db) {
        open = db.first(
                     open_of_owner, [](const sql::Row& row) { return row.integer(0); }, who)
                   .value_or(0);
    });
    if (open > 0) return;
    absent_.insert(who.value);
    tell(std::string{organisation_->name_of_staff(who)} + " leaves");
    reorganise();
}

void World::policy_change(const Act& act)
{
    policy_index_ = act.what % 4;
    policy_ = shared_policy(policy_index_, ++policy_version_);
    tell(fmt::format("policy {} comes into force", policy_index_));
}

void World::file(const Act& act)
{
    auto& known = known_of_customer_[1 + act.who % customers];
    for (const char* field : {"contact", "address"})
        if (std::ranges::find(known, field) == known.end()) {
            known.push_back(field);
            return tell(std::string{"a customer's file gets a "} + field);
        }
}

void World::intake(const Act& act)
{
    if (tickets_.size() >= cast_.tickets_max) return staff(act);
    static constexpr std::array online{Channel::web, Channel::wechat, Channel::chat};
    Receive receive{.channel = act.what % 3 ? pick<Channel>(act.what / 3) : online[act.what / 3 % 3],
                    .customer = CustomerId{1 + act.who % customers},
                    .subject = "发票",
                    .content = "想补开一张发票",
                    .demand = act.detail % 3 ? "补开发票" : "",
                    .merchant = act.detail % 4 == 0 ? sample::merchant1 : UnitId{}};
    if (act.detail % 5) {
        receive.class_ = pick<Class>(act.detail / 5);
        receive.category = category_of(*receive.class_, act.detail / 7);
    }
    receive.queue_unit = receive.merchant ? receive.merchant : sample::centre;
    const bool itself = act.what % 3 == 0;
    const auto actor = itself ? std::nullopt : somebody(act.who / 7, {});
    if (!itself && !actor) return;
    const organisation::TicketScope scope{
        receive.merchant, actor ? actor->staff : StaffId{}, actor ? actor->unit : UnitId{}, {}, {}};
    if (actor && !organisation::can(*actor, organisation::Permission::ticket_create, scope)) return;
    const Giver by = actor ? giver_for(*actor, scope) : Desk::the_customer();
    ask_as(act, actor ? actor->name : "a customer", [this, receive, by](sql::Connection& db) -> Answer {
        auto received = case_work_->desk().receive(db, receive, by, now_);
        Answer answer;
        if (!received) {
            answer.refusal = received.error().code;
            answer.text = fmt::format("receive: {}", name_of(received.error().code));
        } else {
            answer.accepted = true;
            answer.ticket = received->ticket.id;
            answer.seq = received->last_seq;
            answer.hash = received->last_hash;
            answer.text = fmt::format("receive by {} -> {}", name_of(receive.channel), received->ticket.id.text());
        }
        count("receive", answer);
        return answer;
    });
}

void World::staff(const Act& act)
{
    const auto stored = some_ticket(act);
    if (!stored) return;
    const auto actor = somebody(act.who, stored->ticket);
    if (!actor) return;
    set_clock(now_ + act.time);
    const auto name = command_name(act, stored->ticket, *actor);
    const auto wanted = command(name, act.detail, stored->ticket);
    const auto version = name == "add_attachment" ? std::nullopt
                         : act.detail % 16 == 5   ? std::optional{stored->ticket.version - 1}
                                                  : std::optional{stored->ticket.version};
    ask_as(act, actor->name, [this, id = stored->ticket.id, wanted, name, actor, version](sql::Connection& db) {
        return ask(db, id, wanted, name, *actor, version);
    });
}

void World::race(const Act& act)
{
    const auto stored = some_ticket(act);
    if (!stored) return;
    const auto first = somebody(act.who, stored->ticket);
    const auto second = somebody(act.who / 8, stored->ticket);
    if (!first || !second) return;
    const auto one = command_name(act, stored->ticket, *first);
    const auto other = act.detail % 3 ? one : command_name({.what = act.what / 64}, stored->ticket, *second);
    std::vector<Answer> answers;
    const bool done = write([&](sql::Connection& db) {
        answers.clear();
        answers.push_back(
            ask(db, stored->ticket.id, command(one, act.detail, stored->ticket), one, *first, stored->ticket.version));
        answers.push_back(ask(db, stored->ticket.id, command(other, act.detail / 4, stored->ticket), other, *second,
                              stored->ticket.version));
    });
    if (!done) return;
    for (const auto& answer : answers)
        if (answer.accepted) oracle_.acknowledged(answer.ticket.value, answer.seq, std::string{answer.hash.raw()});
    tell(fmt::format("at once: {} {} | {} {}", first->name, answers[0].text, second->name, answers[1].text));
    if (answers[0].accepted && answers[1].accepted) fault_ = "two commands upon the same version were both carried out";
}

void World::customer(const Act& act)
{
    const auto stored = some_ticket(act);
    if (!stored) return;
    set_clock(now_ + act.time);
    const auto& t = stored->ticket;
    // An angry customer (the first two bits) writes much and rates low; a silent one says little.
    const auto temper = cast_.tempers >> (t.customer.value * 4) & 15;
    const auto what = act.what % 8;
    Command command = CustomerMessage{"在吗"};
    std::string_view name = "message";
    if (what >= 3 + (temper & 3) / 2) {
        if (t.step == Step::feedback || what == 7) {
            const int score = 1 + static_cast<int>((act.detail + (temper & 3)) % 5);
            command = Rate{temper % 4 == 0 ? std::min(score, 2) : score, act.detail % 2 ? "说明" : "", "customer"};
            name = "rate";
        } else if (what == 6) {
            command = AddAttachment{AttachmentId{1 + act.detail}, "a.png", 10, "image/png"};
            name = "add_attachment";
        } else {
            command = RecordAgreement{(act.detail & 3) != 0 || temper == 0, ""};
            name = "record_agreement";
        }
    }
    ask_as(act, "the customer",
           [this, id = t.id, command, name](sql::Connection& db) { return ask_for_customer(db, id, command, name); });
}

// --- Asking --------------------------------------------------------------------------------------------------------------

void World::ask_as(const Act& act, const std::string& who, const std::function<Answer(sql::Connection&)>& work)
{
    const bool keyed = act.repeated || act.detail % 4 == 0;
    const api::IdempotencyKey key{hash_of(fmt::format("{} {}", who, ++keys_)), "body"};
    std::optional<std::string> before;
    for (int sendings = act.repeated ? 2 : 1; sendings > 0; --sendings) {
        std::optional<Answer> answer;  // none: it was answered from the record
        std::string text;
        const bool done = write([&](sql::Connection& db) {
            answer.reset();
            const auto run = [&](sql::Connection& inner, Instant) -> api::Written {
                answer = work(inner);
                http::Response response;
                response.status = answer->accepted ? 200 : 409;
                response.body = answer->text;
                return {std::move(response)};
            };
            text = keyed ? api::run_once(db, key, api::Language::en, now_, run).answer->body
                         : (run(db, now_), answer->text);
        });
        if (!done) continue;
        tell(who + ": " + text + (answer ? "" : " (once more)"));
        if (before && (*before != text || answer)) fault_ = "a repeated request was carried out or answered otherwise";
        before = text;
        if (!answer || !answer->accepted) continue;
        oracle_.acknowledged(answer->ticket.value, answer->seq, std::string{answer->hash.raw()});
        if (std::ranges::find(tickets_, answer->ticket) == tickets_.end()) tickets_.push_back(answer->ticket);
    }
}

/// The number of the slip that a command is about; 0: it is about the ticket.
int World::slip_in(const Command& command)
{
    return std::visit(
        [](const auto& each) {
            if constexpr (requires { each.slip; })
                return each.slip;
            else
                return 0;
        },
        command);
}

organisation::Permissions World::permissions_for(std::string_view name)
{
    const auto form = std::ranges::find(command_forms(), name, &CommandForm::name);
    if (form != command_forms().end()) return {form->permission};
    const auto of_slip = std::ranges::find(slip_command_forms(), name, &SlipCommandForm::name);
    if (of_slip != slip_command_forms().end()) return of_slip->permissions;
    if (name == "record_follow_up") return {organisation::Permission::follow_up_act};
    return {organisation::Permission::ticket_note};
}

World::Answer World::ask(sql::Connection& db, TicketId id, const Command& command, std::string_view name,
                         const organisation::Actor& actor, std::optional<std::int64_t> version)
{
    auto done = ticket::ask(db, case_work_->desk(),
                            {id, command, permissions_for(name), actor, version, slip_in(command)}, now_);
    Answer answer;
    if (!done) {
        const auto& denied = done.error();
        if (denied.refused) answer.refusal = denied.refused->code;
        answer.text = fmt::format("{}: {}", name, denied.refused ? name_of(denied.refused->code) : as_word(denied.why));
        if (!denied.refused) coverage_.count("denied", as_word(denied.why));
    } else {
        answer.accepted = true;
        answer.ticket = id;
        answer.seq = done->last_seq;
        answer.hash = done->last_hash;
        answer.text = fmt::format("{} -> {} {}", name, name_of(done->ticket.step), done->ticket.version);
    }
    count(name, answer);
    return answer;
}

World::Answer World::ask_for_customer(sql::Connection& db, TicketId id, const Command& command, std::string_view name)
{
    auto& desk = case_work_->desk();
    const auto stored = desk.load_for_command(db, id, now_);
    auto done = desk.carry_out(db, stored.value(), command, Desk::the_customer(), now_);
    Answer answer;
    if (!done) {
        answer.refusal = done.error().code;
        answer.text = fmt::format("{}: {}", name, name_of(done.error().code));
    } else {
        answer.accepted = true;
        answer.ticket = id;
        answer.seq = done->last_seq;
        answer.hash = done->last_hash;
        answer.text = fmt::format("{} -> {} {}", name, name_of(done->ticket.step), done->ticket.version);
    }
    count(name, answer);
    return answer;
}

void World::count(std::string_view name, const Answer& answer)
{
    if (answer.accepted) coverage_.count("accepted", name);
    if (answer.refusal) coverage_.count("refused", name_of(*answer.refusal));
}

// --- Who and what --------------------------------------------------------------------------------------------------------

std::optional<Stored> World::some_ticket(const Act& act)
{
    if (tickets_.empty()) return std::nullopt;
    std::optional<Stored> stored;
    store_.read([&](sql::Connection& db) { stored = load(db, tickets_[act.ticket % tickets_.size()]); });
    return stored;
}

bool World::is_on_shift(std::size_t person) const
{
    const auto hour = std::chrono::duration_cast<std::chrono::hours>(now_.time_since_epoch()).count() % 24;
    const auto shift = cast_.shifts >> (person * 2) & 3;
    return shift >= 2 || (shift == 0) == (hour < 8);  // by UTC: before and after four in the afternoon in Shanghai
}

std::optional<organisation::Actor> World::somebody(std::uint32_t who, const Ticket& ticket) const
{
    // A unit that has a slip works on it.
    if (who % 3 == 0)
        for (const auto& slip : ticket.slips)
            if (slip.is_open())
                for (const auto person : people)
                    if (auto actor = organisation_->actor(person); actor && actor->works_for(slip.unit)) return actor;
    // Whoever is to take over answers, now and then.
    if (who % 3 == 1 && ticket.hand_over)
        if (auto successor = organisation_->actor(ticket.hand_over->to)) return successor;
    if (who % 8 < 5 && ticket.owner)
        if (auto owner = organisation_->actor(ticket.owner)) return owner;
    const auto first = who % 8 == 5 ? 2 : who / 8 % people.size();
    for (std::size_t i = 0; i < people.size(); ++i) {
        const auto person = (first + i) % people.size();
        if (!is_on_shift(person)) continue;
        if (auto actor = organisation_->actor(people[person])) return actor;
    }
    return std::nullopt;
}

std::string_view World::command_name(const Act& act, const Ticket& ticket, const organisation::Actor& actor)
{
    const auto any = act.what / 16;
    if (act.what % 8 >= cast_.eagerness) {
        static const auto names = [] {
            std::vector<std::string_view> all{"add_attachment", "record_follow_up", "link_ticket"};
            for (const auto& form : command_forms()) all.push_back(form.name);
            for (const auto& form : slip_command_forms()) all.push_back(form.name);
            return all;
        }();
        // Who works on a slip would rather not have it, or have more time, also where that was decided upon.
        const bool on_slip = std::ranges::any_of(
            ticket.slips, [&](const TransferSlip& slip) { return slip.is_open() && actor.works_for(slip.unit); });
        if (on_slip && any % 3) return any % 3 == 1 ? "reject" : "extend";
        return names[any / 3 % names.size()];
    }
    Context context;
    store_.read([&](sql::Connection& db) { context = case_work_->desk().context(db, ticket.customer); });
    const auto giver = giver_for(actor, scope_of(ticket));
    auto possible = commands_now(ticket, giver, context, now_);
    for (const auto& slip : ticket.slips)
        for (const auto name : slip_commands_now(ticket, slip.no, giver_for(actor, ticket, &slip), context, now_))
            if (may(actor, permissions_for(name), ticket, &slip)) possible.push_back(name);
    if (ticket.find(ObligationKind::follow_up) && may(actor, permissions_for("record_follow_up"), ticket, nullptr))
        possible.push_back("record_follow_up");
    const auto is_possible = [&](std::string_view name) { return std::ranges::find(possible, name) != possible.end(); };
    if (possible.empty()) return "note";
    if (act.what / 8 % 2) {
        const auto next = std::ranges::find_if(way, is_possible);
        if (next != way.end()) return *next;
    }
    const auto name = possible[any % possible.size()];
    return name == "cancel" && act.detail % 8 ? std::string_view{"note"} : name;
}

Command World::command(std::string_view name, std::uint32_t detail, const Ticket& ticket) const
{
    const Instant when = now_ + 1h * (detail % 60) - 1h;
    if (name == "respond") return Respond{"您好"};
    if (name == "classify") {
        const auto of = detail % 3 ? pick<Class>(detail / 3) : ticket.class_.value_or(Class::repair);
        return Classify{of,
                        std::string{category_of(of, detail / 5)},
                        pick<Grade>(detail / 7),
                        detail % 5 ? Complexity::simple : Complexity::complex,
                        detail % 11 != 0,
                        detail % 2 ? std::optional{pick<Emotion>(detail / 13)} : std::nullopt};
    }
    if (name == "amend")
        return Amend{.demand = detail % 2 ? std::optional<std::string>{"补正"} : std::nullopt,
                     .category = detail % 3 ? std::optional<std::string>{category_of(
                                                  ticket.class_.value_or(Class::repair), detail / 3)}
                                            : std::nullopt,
                     .area = detail % 2 ? std::nullopt : std::optional{AreaId{1}}};
    if (name == "regrade") return Regrade{pick<Grade>(detail), "改级"};
    if (name == "note") return Note{"备注"};
    if (name == "reply") return Reply{"答复"};
    if (name == "promise") return MakePromise{"待到货", when, "到货后上门"};
    if (name == "tell_progress") return TellProgress{"进展"};
    if (name == "resolve_at_first_contact") return ResolveAtFirstContact{"办", "案", "果"};
    if (name == "propose_solution") return ProposeSolution{"案", "步骤", when};
    if (name == "record_agreement") return RecordAgreement{detail % 4 != 0, "意见"};
    if (name == "finish_implementation") return FinishImplementation{"完"};
    if (name == "give_result") return GiveResult{"办", "案", "果"};
    if (name == "rate") return Rate{static_cast<int>(detail % 5) + 1, detail % 3 ? "说明" : "", "phone"};
    if (name == "rework") return StartRework{"返工"};
    if (name == "wait_for_customer") return WaitForCustomer{"等待订单号"};
    if (name == "resume") return Resume{};
    if (name == "escalate") return Escalate{"急"};
    if (name == "archive") return Archive{detail % 3 ? "" : "已三次上门"};
    if (name == "reopen") return Reopen{"再次发生"};
    if (name == "cancel") return Cancel{"重复来电"};
    if (name == "add_attachment") return AddAttachment{AttachmentId{1 + detail}, "a.png", 10, "image/png"};
    if (name == "hand_over") return HandOver{people[detail % people.size()], "已约周三上门"};
    if (name == "accept_hand_over") return AcceptHandOver{};
    if (name == "decline_hand_over") return DeclineHandOver{"本班即将结束"};
    if (name == "withdraw_hand_over") return WithdrawHandOver{};
    if (name == "verify_identity")
        return VerifyIdentity{pick<IdentityMethod>(detail), detail % 5 ? "phone_tail" : "shoe_size",
                              pick<LookUp>(detail / 7)};
    if (name == "link_ticket") return LinkTicket{TicketId{1 + detail}, "20260105-000001", pick<LinkCause>(detail)};
    if (name == "record_follow_up") {
        const bool ends = detail % 3 != 0;
        return RecordFollowUp{.no = ticket.follow_up_no - (detail % 9 == 0 ? 1 : 0),
                              .outcome = ends ? FollowUpOutcome::reached : FollowUpOutcome::call_later,
                              .content = "回访",
                              .satisfaction = ends ? std::optional{static_cast<int>(detail % 5) + 1} : std::nullopt,
                              .recurred = ends ? std::optional{detail % 4 == 0} : std::nullopt,
                              .ends = ends,
                              .next_at = ends ? std::nullopt : std::optional{when}};
    }
    if (const auto of_slip = slip_command(name, detail, ticket, when)) return *of_slip;
    throw std::logic_error("a command that the simulation does not know: " + std::string{name});
}

std::optional<Command> World::slip_command(std::string_view name, std::uint32_t detail, const Ticket& ticket,
                                           Instant when) const
{
    if (name == "transfer") {
        constexpr std::array units{sample::technics,  sample::repairs,   sample::centre,
                                   sample::merchant1, sample::merchant2, UnitId{99}};
        Transfer transfer{.slips = {}, .told_customer = "已转办"};
        for (std::uint32_t i = 0; i <= detail % 2; ++i)
            transfer.slips.push_back({.unit = units[(detail / 2 + i) % (detail % 5 ? 3 : units.size())],
                                      .assignee = detail % 7 ? StaffId{} : sample::tech1,
                                      .problem = "门机损坏",
                                      .demand = "恢复运行",
                                      .due_at = detail % 11 ? std::nullopt : std::optional{when},
                                      .lead = detail % 3 == 0});
        return transfer;
    }
    std::vector<int> open;
    for (const auto& each : ticket.slips)
        if (each.is_open()) open.push_back(each.no);
    const int no = !open.empty() && detail % 9 ? open[detail / 9 % open.size()]
                                               : static_cast<int>(detail % (ticket.slips.size() + 2));
    const auto* slip = ticket.find_slip(no);
    if (name == "acknowledge") return AcknowledgeSlip{no};
    if (name == "reject") return RejectSlip{no, detail % 3 ? "not_our_matter" : "不归我们管"};
    if (name == "appoint_handler") return AppointHandler{no, detail % 4 ? sample::repairer : sample::agent1};
    if (name == "contact_customer") return ContactCustomer{no, "已联系"};
    if (name == "progress") return ReportSlipProgress{no, "在修"};
    if (name == "propose") return ProposeForSlip{no, "更换门机", when};
    if (name == "extend") return Extend{no, "待备件", slip ? slip->due_at + 1h * (detail % 60) : when};
    if (name == "grant_extension") return GrantExtension{no, "已告知客户"};
    if (name == "decline_extension") return DeclineExtension{no, "客户等不及"};
    if (name == "complete") return CompleteSlip{no, "已更换", "恢复运行"};
    if (name == "confirm") return ConfirmSlip{no};
    if (name == "return_for_rework") return ReturnSlip{no, "仍有异响"};
    if (name == "withdraw") return WithdrawSlip{no, "客户已自行解决"};
    return std::nullopt;
}

// --- The end -------------------------------------------------------------------------------------------------------------

std::optional<std::string> World::finish()
{
    auto fault = play({.kind = ActKind::pass});
    if (!fault) fault = play({.kind = ActKind::dispatch});
    if (fault) return fault;
    const auto before = watched_ ? watched_->tables().outbox.size() : 0;
    if (!fault) fault = play({.kind = ActKind::downtime});
    if (!fault) fault = play({.kind = ActKind::pass});
    if (fault) return fault;
    if (watched_ && watched_->tables().outbox.size() != before) return "8: a restart told something once more";
    // The clock has caught up with the furthest it was; the outside comes round, or is given up.
    now_ = furthest_;
    for (int i = 0; i < 16; ++i) {
        now_ += 2h;
        dispatch();
    }
    return watched_ ? oracle_.look_at_all(*watched_) : std::nullopt;
}

}  // namespace shouwen::simulation
