#include "random_life.hpp"

#include "modules/ticket/store/codec.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace shouwen::ticket {
namespace {

using namespace std::chrono_literals;

constexpr std::array kinds{"respond",
                           "classify",
                           "amend",
                           "regrade",
                           "note",
                           "reply",
                           "promise",
                           "tell_progress",
                           "resolve_at_first_contact",
                           "propose_solution",
                           "record_agreement",
                           "finish_implementation",
                           "give_result",
                           "rate",
                           "rework",
                           "wait_for_customer",
                           "resume",
                           "escalate",
                           "archive",
                           "reopen",
                           "cancel",
                           "customer_message",
                           "customer_rates",
                           "customer_agrees",
                           "policy_archives",
                           "attach",
                           "transfer",
                           "hand_over",
                           "accept_hand_over",
                           "decline_hand_over",
                           "withdraw_hand_over",
                           "acknowledge",
                           "reject",
                           "appoint_handler",
                           "contact_customer",
                           "progress",
                           "propose",
                           "extend",
                           "grant_extension",
                           "decline_extension",
                           "complete",
                           "confirm",
                           "return_for_rework",
                           "withdraw",
                           "verify_identity",
                           "record_follow_up"};
constexpr std::array<Duration, 10> waits{0ms, 1ms, 1s, 1min, 15min, 30min, 2h, 24h, 72h, 240h};

/// Whoever owns it by now.
Giver of_owner(const Ticket& ticket)
{
    return ticket.owner == people::night       ? as_night_shift()
           : ticket.owner == people::colleague ? as_colleague()
                                               : as_owner();
}

Giver giver_of(unsigned which, const Ticket& ticket)
{
    switch (which % 8) {
        case 0: return as_supervisor();
        case 1: return as_colleague();
        case 2:
        case 3: return ticket.has_open_slip() ? as_technician() : of_owner(ticket);
        case 4:
        case 5: return ticket.hand_over ? as_night_shift() : of_owner(ticket);
        default: return of_owner(ticket);
    }
}

template <NamedEnum E>
E pick(unsigned detail)
{
    const auto values = all_of<E>();
    return values[detail % values.size()];
}

/// Which slip: mostly one that is there, an open one if any is.
int slip_of(unsigned detail, const Ticket& t)
{
    std::vector<int> open;
    for (const auto& each : t.slips)
        if (each.is_open()) open.push_back(each.no);
    if (!open.empty() && detail % 7) return open[detail / 7 % open.size()];
    return static_cast<int>(detail % (t.slips.size() + 2));
}

Transfer transfer_of(unsigned detail, Instant when)
{
    constexpr std::array units{people::technics, people::production, people::desk, people::merchant};
    std::vector<SlipOrder> orders;
    for (unsigned i = 0; i <= detail % 3; ++i) {
        auto order = order_for(units[(detail / 3 + i) % (detail % 17 ? 3U : 4U)]);
        order.lead = detail / 5 % 4 == i;
        if (detail % 11 == 0) order.due_at = when;
        if (detail % 13 == 0) order.assignee = people::technician;
        orders.push_back(order);
    }
    return transfer(std::move(orders));
}

std::optional<Command> named_of_slip(std::string_view name, unsigned detail, const Ticket& t, Instant when)
{
    const int no = slip_of(detail, t);
    const auto* slip = t.find_slip(no);
    if (name == "transfer") return transfer_of(detail, when);
    if (name == "acknowledge") return AcknowledgeSlip{no};
    if (name == "reject") return RejectSlip{no, detail % 2 ? "not_our_matter" : "不归我们管"};
    if (name == "appoint_handler") return AppointHandler{no, detail % 2 ? people::technician : people::producer};
    if (name == "contact_customer") return ContactCustomer{no, "已联系"};
    if (name == "progress") return ReportSlipProgress{no, "在修"};
    if (name == "propose") return ProposeForSlip{no, "更换", when};
    if (name == "extend") return Extend{no, "待备件", slip ? slip->due_at + 1h * (detail % 30) : when};
    if (name == "grant_extension") return GrantExtension{no, "已告知"};
    if (name == "decline_extension") return DeclineExtension{no, "不行"};
    if (name == "complete") return CompleteSlip{no, "完", "好"};
    if (name == "confirm") return ConfirmSlip{no};
    if (name == "return_for_rework") return ReturnSlip{no, "返工"};
    if (name == "withdraw") return WithdrawSlip{no, "不需要了"};
    return std::nullopt;
}

Command named(std::string_view name, unsigned detail, const Ticket& t, Instant now)
{
    const Instant when = now + Duration{static_cast<std::int64_t>(detail % 100) * 3'600'000 - 3'600'000};
    if (name == "respond") return Respond{"您好"};
    if (name == "classify")
        return Classify{pick<Class>(detail),     "",
                        pick<Grade>(detail / 7), pick<Complexity>(detail / 11),
                        detail % 13 != 0,        pick<Emotion>(detail / 3)};
    if (name == "amend") return Amend{.demand = "补正"};
    if (name == "regrade") return Regrade{pick<Grade>(detail), "改级"};
    if (name == "note") return Note{"备注"};
    if (name == "reply") return Reply{"答复"};
    if (name == "promise") return MakePromise{"理由", when, "步骤"};
    if (name == "tell_progress") return TellProgress{"进展"};
    if (name == "resolve_at_first_contact") return ResolveAtFirstContact{"办", "案", "果"};
    if (name == "propose_solution") return ProposeSolution{"案", "步骤", when};
    if (name == "record_agreement") return RecordAgreement{detail % 3 != 0, "意见"};
    if (name == "finish_implementation") return FinishImplementation{"完"};
    if (name == "give_result") return GiveResult{"办", "案", "果"};
    if (name == "rate") return Rate{static_cast<int>(detail % 5) + 1, detail % 4 ? "说明" : "", "phone"};
    if (name == "rework") return StartRework{"返工"};
    if (name == "wait_for_customer") return WaitForCustomer{"等"};
    if (name == "resume") return Resume{};
    if (name == "escalate") return Escalate{"急"};
    if (name == "archive") return Archive{detail % 2 ? "说明" : ""};
    if (name == "reopen") return Reopen{"再次发生"};
    if (name == "cancel") return Cancel{"重复"};
    if (name == "customer_message") return CustomerMessage{"在吗"};
    if (name == "customer_rates") return Rate{static_cast<int>(detail % 5) + 1, "", "customer"};
    if (name == "customer_agrees") return RecordAgreement{detail % 2 == 0, ""};
    if (name == "attach")
        return AddAttachment{AttachmentId{static_cast<std::int64_t>(detail) + 1}, "a.png", 10, "image/png"};
    if (name == "hand_over") {
        constexpr std::array whom{people::owner, people::night, people::colleague, people::technician};
        return HandOver{whom[detail % whom.size()], "交接"};
    }
    if (name == "accept_hand_over") return AcceptHandOver{};
    if (name == "decline_hand_over") return DeclineHandOver{"不便"};
    if (name == "withdraw_hand_over") return WithdrawHandOver{};
    if (name == "verify_identity")
        return VerifyIdentity{pick<IdentityMethod>(detail), detail % 5 ? "phone_tail" : "shoe_size",
                              pick<LookUp>(detail / 7)};
    if (name == "record_follow_up") {
        const bool ends = detail % 3 != 0;
        return RecordFollowUp{detail % 7 ? t.follow_up_no : t.follow_up_no - 1,
                              ends ? FollowUpOutcome::reached : FollowUpOutcome::call_later,
                              "说明",
                              ends ? std::optional{static_cast<int>(detail % 5) + 1} : std::nullopt,
                              ends ? std::optional{detail % 2 == 0} : std::nullopt,
                              ends,
                              ends ? std::nullopt : std::optional{when}};
    }
    if (auto command = named_of_slip(name, detail, t, when)) return std::move(*command);
    return Archive{};
}

/// The number of the obligation that the event ends; 0: none.
int ended_by(const Event& event)
{
    if (const auto* met = std::get_if<ObligationMet>(&event)) return met->no;
    const auto* cancelled = std::get_if<ObligationCancelled>(&event);
    return cancelled ? cancelled->no : 0;
}

}  // namespace

RandomAct random_act(std::mt19937_64& random)
{
    const auto draw = [&] { return static_cast<unsigned>(random() % 1'000'000); };
    RandomAct act{static_cast<unsigned>(draw() % kinds.size()), draw(), draw(), waits[random() % waits.size()],
                  draw() % 4 != 0};
    // Mostly little time passes between two acts, and cancelling is rare.
    if (draw() % 3) act.later = Duration{static_cast<std::int64_t>(random() % 600'000)};
    if (kinds[act.kind] == std::string_view{"cancel"} && draw() % 4) act.kind = 0;
    return act;
}

std::string describe(const RandomAct& act)
{
    return std::string{kinds[act.kind]} + (act.insists ? " or whatever is possible" : "") + ", giver " +
           std::to_string(act.giver % 8) + ", detail " + std::to_string(act.detail) + ", " +
           to_iso_duration(act.later) + " later";
}

std::pair<Command, Giver> command_of(const RandomAct& act, const Ticket& ticket, Instant now,
                                     const std::vector<std::string_view>& possible)
{
    std::string_view name = kinds[act.kind];
    if (name == "customer_message" || name == "customer_rates" || name == "customer_agrees")
        return {named(name, act.detail, ticket, now), as_customer()};
    if (name == "policy_archives") return {Archive{}, as_policy()};
    Giver by = giver_of(act.giver, ticket);
    if (act.insists && !possible.empty() && std::ranges::find(possible, name) == possible.end())
        name = possible[act.detail % possible.size()];
    return {named(name, act.detail, ticket, now), by};
}

policy::PolicyPtr RandomTicket::policy_of_all()
{
    static const auto policy = policy_with();
    return policy;
}

void RandomTicket::keep(Events events, Instant at)
{
    for (auto& event : events) {
        // Through the stored form, so that a field that the codec forgets is noticed.
        evolve(folded_, from_event_json(event_name(event), event_data_json(event)), at);
        if (const auto* opened = std::get_if<ObligationOpened>(&event)) {
            endings_.push_back(0);
            if (opened->obligation.no != static_cast<int>(endings_.size()))
                misnumbered_ = "4: obligations are not counted without gaps";
        }
        if (const int no = ended_by(event)) ++endings_.at(static_cast<std::size_t>(no) - 1);
        last_event_ = std::move(event);
    }
}

void RandomTicket::receive(const RandomAct& act)
{
    auto command =
        act.detail % 2 ? call(act.detail % 3 ? std::optional{pick<Class>(act.detail)} : std::nullopt) : web_request();
    if (life_.receive(command, act.detail % 5 ? as_owner() : as_customer())) return;
    received_ = true;
    folded_.id = life_.ticket.id;
    folded_.version = 1;
    keep(life_.events, life_.now);
}

void RandomTicket::play(const RandomAct& act, Tally& tally)
{
    life_.after(act.later);
    if (!received_) return receive(act);
    auto possible = life_.commands(giver_of(act.giver, life_.ticket));
    // What may be done about the slips is as possible as what may be done about the whole.
    for (const auto& slip : life_.ticket.slips)
        for (const auto name : life_.slip_commands(slip.no, giver_of(act.giver, life_.ticket)))
            possible.push_back(name);
    if (life_.ticket.find(ObligationKind::follow_up)) possible.push_back("record_follow_up");
    const auto [command, by] = command_of(act, life_.ticket, life_.now, possible);
    if (life_.give(command, by)) {
        ++tally.refused;
        return;
    }
    ++tally.accepted;
    ++folded_.version;
    tally.archived += life_.happened<Archived>() != nullptr;
    tally.cancelled += life_.happened<Cancelled>() != nullptr;
    tally.reworked += life_.happened<ReworkStarted>() != nullptr;
    tally.reopened += life_.happened<Reopened>() != nullptr;
    tally.transferred += life_.happened<Transferred>() != nullptr;
    const auto* taken = life_.happened<OwnershipTaken>();
    tally.handed_over += taken && taken->cause == TenureCause::hand_over;
    tally.rejected += life_.happened<SlipRejected>() != nullptr;
    rejections_ += life_.happened<SlipRejected>() != nullptr;
    tally.asked_for_time += life_.happened<ExtensionAsked>() != nullptr;
    tally.granted_time += life_.happened<ExtensionGranted>() != nullptr;
    const auto* withdrawn = life_.happened<SlipWithdrawn>();
    tally.ruled_for_owner += withdrawn && withdrawn->ruling;
    tally.confirmed += life_.happened<SlipConfirmed>() != nullptr;
    const auto* recorded = life_.happened<FollowUpRecorded>();
    tally.revisited += recorded && recorded->ended;
    keep(life_.events, life_.now);
}

std::optional<std::string> RandomTicket::fault() const
{
    if (!received_) return std::nullopt;
    for (auto check : {&RandomTicket::fault_of_ledger, &RandomTicket::fault_of_obligations,
                       &RandomTicket::fault_of_slips, &RandomTicket::fault_of_archive, &RandomTicket::fault_of_fold})
        if (auto found = (this->*check)()) return found;
    return std::nullopt;
}

std::optional<std::string> RandomTicket::fault_of_ledger() const
{
    const Ticket& t = life_.ticket;
    const auto open = std::ranges::count_if(t.tenures, [](const Tenure& each) { return !each.to; });
    const bool owned = t.step != Step::intake && !t.is_closed();
    if (open != (owned ? 1 : 0)) return "1: " + std::to_string(open) + " owners in " + std::string{name_of(t.step)};
    if (owned && (t.tenures.back().to || t.tenures.back().staff_id != t.owner))
        return "1: the ledger names another owner";
    for (std::size_t i = 0; i + 1 < t.tenures.size(); ++i) {
        const auto end = t.tenures[i].to;
        if (!end || *end < t.tenures[i].from) return "1: a tenure in the middle does not end";
        // Only an archive makes a gap, and a reopening ends it.
        if (*end != t.tenures[i + 1].from && t.tenures[i + 1].cause != TenureCause::reopening)
            return "1: a gap in the ledger";
    }
    return std::nullopt;
}

std::optional<std::string> RandomTicket::fault_of_obligations() const
{
    const Ticket& t = life_.ticket;
    if (!t.is_closed() && !t.next_due()) return "2: nothing is owed";
    const bool only_follow_up =
        std::ranges::all_of(t.obligations, [](const auto& each) { return each.kind == ObligationKind::follow_up; });
    if (t.is_closed() && !(t.step == Step::archived && only_follow_up) && !t.obligations.empty())
        return "4: something is owed after the end";
    if (misnumbered_) return misnumbered_;
    for (std::size_t i = 0; i < endings_.size(); ++i) {
        const int no = static_cast<int>(i) + 1;
        const bool is_open = std::ranges::find(t.obligations, no, &OpenObligation::no) != t.obligations.end();
        if (endings_[i] != (is_open ? 0 : 1))
            return "4: obligation " + std::to_string(no) + " ended " + std::to_string(endings_[i]) + " times";
    }
    const auto* asked = t.find(ObligationKind::answer_hand_over);
    if (t.hand_over.has_value() != (asked != nullptr)) return "A4: nobody owes a hand-over its answer, or still does";
    if (asked && asked->debtor.staff != t.hand_over->to) return "A4: another one than the successor owes the answer";
    std::map<std::pair<ObligationKind, int>, int> same;
    for (const auto& each : t.obligations) {
        if (++same[{each.kind, each.subject}] > 1) return "4: " + std::string{name_of(each.kind)} + " is owed twice";
        const bool others = is_owed_by_unit_of_slip(each.kind) || each.kind == ObligationKind::rule_on_slip ||
                            each.kind == ObligationKind::answer_hand_over || each.kind == ObligationKind::follow_up;
        if (each.kind == ObligationKind::follow_up && each.debtor != Debtor{{}, t.owner_unit})
            return "D12: another unit than the owner's owes the revisit";
        if (t.owner && !others && each.debtor != Debtor{t.owner, t.owner_unit})
            return "A4: " + std::string{name_of(each.kind)} + " is owed by who owns the ticket no more";
        if (each.due_at < each.starts_at) return "3: due before it starts";
        if (each.paused_at && !t.waiting_since) return "paused, and nobody is waited for";
        const auto* promise = each.kind == ObligationKind::keep_promise
                                  ? &t.promises.at(static_cast<std::size_t>(each.subject) - 1)
                                  : nullptr;
        if (promise && (!promise->is_open() || promise->expected_at != each.due_at))
            return "A9: a promise that is over is still owed";
    }
    // D12: whose matter the policy names is revisited after each result, and only then.
    const auto* owed = t.find(ObligationKind::follow_up);
    if (owed && owed->no != t.follow_up_no) return "D12: another revisit is owed than the last one";
    if (t.result && t.class_ == Class::complaint && t.follow_up_no == 0)
        return "D12: a complaint's result is not revisited";
    for (const auto& promise : t.promises)
        if (promise.is_open() && !t.find(ObligationKind::keep_promise, promise.no))
            return "A9: an open promise is owed by nobody";
    return std::nullopt;
}

std::optional<std::string> RandomTicket::fault_of_slips() const
{
    using enum ObligationKind;
    const Ticket& t = life_.ticket;
    int leads = 0;
    for (const auto& slip : t.slips) {
        const auto name = "slip " + std::to_string(slip.no);
        const bool ended = slip.state == SlipState::confirmed || slip.state == SlipState::rejected ||
                           slip.state == SlipState::withdrawn;
        if (ended == slip.is_open()) return "A14: " + name + " is over or not, by its state";
        leads += slip.is_open() && slip.lead;
        if (slip.ruled && slip.state == SlipState::rejected) return "A14: a ruling was rejected";
        const bool at_work = slip.is_open() && slip.state != SlipState::completed;
        const auto* owed = t.find(slip_complete, slip.no);
        if (at_work != (owed != nullptr)) return "A14: " + name + " is owed by nobody, or still owed";
        if (owed && owed->due_at != slip.due_at) return "A14: " + name + " has two limits";
        if ((slip.state == SlipState::issued) != (t.find(acknowledge_slip, slip.no) != nullptr))
            return "A14: nobody has to sign for " + name + ", or still has to";
        if ((slip.state == SlipState::completed) != (t.find(confirm_slip, slip.no) != nullptr))
            return "A14: nobody has to confirm " + name + ", or still has to";
        if (slip.extension && !at_work) return "D5: more time is asked for what is over";
    }
    if (leads > 1) return "E9: two units lead";
    if (rejections_ != t.rejection_count) return "A14: bounces are miscounted";
    if (t.is_closed() && t.has_open_slip()) return "3: closed with an open slip";
    if (t.step == Step::feedback && t.has_open_slip()) return "A8: finished with an open slip";
    return std::nullopt;
}

std::optional<std::string> RandomTicket::fault_of_archive() const
{
    const Ticket& t = life_.ticket;
    if (t.step != Step::archived) return std::nullopt;
    const auto* archived = std::get_if<Archived>(&*last_event_);
    if (!archived) return std::nullopt;
    for (const auto& promise : t.promises)
        if (promise.is_open()) return "3: filed with an unkept promise";
    if (!missing_fields(t, life_.context()).empty()) return "3: filed with an incomplete record";
    if (!archived->reason.empty()) return std::nullopt;  // a supervisor's word stands for the customer's (D11)
    if (!t.result) return "3: filed without a result";
    if (t.rework) return "3: filed during a rework";
    if (t.rating && t.rating->score <= 2) return "3: filed over a dissatisfied customer";
    return std::nullopt;
}

std::optional<std::string> RandomTicket::fault_of_fold() const
{
    const auto stored = to_state_json(life_.ticket);
    if (to_state_json(folded_) != stored) return "6: the fold of the stored events is another ticket";
    // Now and then, as it costs more than everything else.
    if (folded_.version % 8 == 0 && to_state_json(from_state_json(stored)) != stored)
        return "6: the stored ticket reads back as another";
    return std::nullopt;
}

}  // namespace shouwen::ticket
