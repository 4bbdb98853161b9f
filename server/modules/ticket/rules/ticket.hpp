#pragma once

#include "base/deadline.hpp"
#include "base/id.hpp"
#include "base/instant.hpp"
#include "base/limit.hpp"
#include "base/words.hpp"

#include <optional>
#include <string>
#include <vector>

/// The aggregate: one matter of one customer, from intake to archive (工单/诉求). Its rules are pure:
/// `decide` says what happens or why not, `evolve` lets it happen.
namespace shouwen::ticket {

/// The five steps 接入-识别-处理-反馈-归档, and the way out.
BOOST_DEFINE_ENUM_CLASS(Step, intake, triage, handling, feedback, archived, cancelled)
BOOST_DEFINE_ENUM_CLASS(Complexity, simple, complex)
BOOST_DEFINE_ENUM_CLASS(Emotion, calm, anxious, angry)
/// Why somebody became the owner (A2, A4).
BOOST_DEFINE_ENUM_CLASS(TenureCause, first_response, receipt, hand_over, reopening)
BOOST_DEFINE_ENUM_CLASS(SolutionState, proposed, agreed, declined)
/// Who said what came from outside our house.
BOOST_DEFINE_ENUM_CLASS(Source, customer, phone, staff, policy)

/// One stretch of the responsibility ledger (责任链): from, until, why. `to` is open while it lasts.
struct Tenure {
    StaffId staff_id;
    UnitId unit_id;
    Instant from;
    std::optional<Instant> to;
    TenureCause cause = TenureCause::receipt;
};

/// What the customer was told and by when (承诺, A9).
struct Promise {
    int no = 0;  ///< counted within the ticket
    std::string reason;
    Instant expected_at;
    std::string procedure;
    Instant promised_at;
    bool by_solution = false;  ///< the date of a proposed solution rather than of a promise for itself
    std::optional<Instant> kept_at;
    std::optional<Instant> replaced_at;

    bool is_open() const { return !kept_at && !replaced_at; }
};

/// Who owes: a person, or a unit (a queue).
struct Debtor {
    StaffId staff;
    UnitId unit;
    bool operator==(const Debtor&) const = default;
};

/// A slip's way: 已发出 已签收 办理中 已提方案 已办结 已确认; or 已退回, 已撤回.
BOOST_DEFINE_ENUM_CLASS(SlipState, issued, acknowledged, in_progress, proposed, completed, confirmed, rejected,
                        withdrawn)

/// How somebody's identity was checked (身份核验, E3): 当面或电话询问 账号 订单号 主管确认.
BOOST_DEFINE_ENUM_CLASS(IdentityMethod, asked, account_no, order_no, supervised)
struct Identity {
    IdentityMethod method = IdentityMethod::asked;
    std::string reference;  ///< the questions' codes, the masked number, or the supervisor's reason
    Instant at;
};

/// What became of an attempt to reach somebody for a revisit (回访, D12): 已接通 无人接听 客户拒访 改约.
BOOST_DEFINE_ENUM_CLASS(FollowUpOutcome, reached, no_answer, refused, call_later)
/// Why two tickets belong together: the matter came back (再次发生), the other is the one it came from.
BOOST_DEFINE_ENUM_CLASS(LinkCause, recurred_as, recurrence_of)

/// More time that a unit asks for and that nobody has granted or declined yet.
struct Extension {
    std::string reason;
    Instant new_due_at;
    Instant asked_at;
};

/// A department's or merchant's part of the work (客户问题转办单, A14). The ticket's owner stays accountable for the whole.
struct TransferSlip {
    int no = 0;  ///< counted within the ticket
    UnitId unit;
    SlipState state = SlipState::issued;
    bool lead = false;   ///< leads among the units that work on the ticket (主办)
    bool ruled = false;  ///< issued by a ruling: it cannot be rejected
    StaffId handler;     ///< none until somebody is named or appointed
    std::string problem;
    std::string demand;
    Instant issued_at;
    Instant due_at;  ///< of the completion: that of its obligation, also after it has ended
    std::optional<Instant> acknowledged_at;
    std::optional<Instant> contacted_at;  ///< the unit's first word with the customer (D5)
    std::string solution;                 ///< the unit's plan, with its date
    std::optional<Instant> expected_at;
    std::string summary;  ///< of the completion
    std::string result;
    std::optional<Instant> completed_at;
    std::optional<Instant> ended_at;  ///< confirmed, rejected or withdrawn
    std::string reason;               ///< of the rejection, the withdrawal or the last return
    int returned_count = 0;
    std::optional<Extension> extension;

    bool is_open() const { return !ended_at; }
};

/// The owner's wish to hand the ticket over, until the successor answers (工作交接, A4). Nothing is handed over by it.
struct HandOverOffer {
    StaffId to;
    std::string explanation;
    Instant offered_at;
};

/// An obligation that has not ended (时限义务). Ended ones live in their rows only.
struct OpenObligation {
    int no = 0;  ///< counted within the ticket
    ObligationKind kind = ObligationKind::respond;
    int subject = 0;  ///< number of the promise or slip it is about; 0: the ticket
    Debtor debtor;
    std::string calendar;        ///< name of a calendar of the policy
    std::optional<Limit> limit;  ///< none: a time that was promised
    int policy_version = 0;
    Instant starts_at;
    Instant due_at;
    std::vector<Pause> pauses;
    std::optional<Instant> paused_at;
};

/// Whether it is owed by a slip's unit rather than by the ticket's owner or the queue.
bool is_owed_by_unit_of_slip(ObligationKind kind);

struct Solution {
    std::string solution;
    std::string steps;
    Instant expected_at;
    SolutionState state = SolutionState::proposed;
    std::string comment;  ///< the customer's
};

/// The three parts that feedback must have (D7).
struct ResultGiven {
    std::string handling;
    std::string solution;
    std::string result;
    Instant given_at;
};

struct Rating {
    int score = 0;  ///< 1 to 5
    std::string reason;
    std::string source;  ///< by which way it was said: `customer` (the own page), `phone`, `counter` …
    Instant at;
};

struct Implementation {
    std::string summary;
    Instant finished_at;
};

struct Rework {
    std::string reason;
    Instant since;
};

struct Ticket {
    TicketId id;
    std::string number;
    std::int64_t version = 0;  ///< commands carried out
    Step step = Step::intake;
    Channel channel = Channel::phone;
    std::optional<Class> class_;
    std::string category;
    std::optional<Grade> grade;
    std::optional<Complexity> complexity;
    std::optional<bool> in_scope;
    std::optional<Emotion> emotion;
    std::string subject;
    std::string content;
    std::string demand;
    CustomerId customer;
    StaffId owner;
    UnitId owner_unit;
    UnitId queue_unit;  ///< whose queue it waits in before the first response
    UnitId lead_unit;
    UnitId merchant;
    AreaId area;
    Instant created_at;
    std::optional<Instant> occurred_at;
    Instant clock_start;  ///< from when the limits of the grade count: receipt, reopening or rework
    std::optional<Instant> first_response_at;
    std::optional<Instant> triaged_at;
    std::optional<Instant> completed_at;
    std::optional<Instant> archived_at;
    std::optional<Instant> waiting_since;
    std::string waiting_reason;
    std::optional<Instant> escalated_at;
    bool first_contact_resolution = false;
    std::vector<Tenure> tenures;
    std::vector<Promise> promises;
    std::vector<OpenObligation> obligations;  ///< the open ones
    int obligation_count = 0;                 ///< ever opened
    std::optional<Solution> solution;
    std::optional<Implementation> implementation;
    std::optional<ResultGiven> result;
    std::optional<Rating> rating;
    std::optional<Rework> rework;
    std::vector<TransferSlip> slips;
    int rejection_count = 0;  ///< slips that bounced (退回次数, D14)
    std::optional<HandOverOffer> hand_over;
    std::optional<Identity> identity;  ///< checked in this round
    bool was_dissatisfied = false;     ///< a result did not content the customer, since whenever
    int follow_up_no = 0;              ///< of the obligation to revisit that was opened last; 0: none

    bool is_closed() const { return step == Step::archived || step == Step::cancelled; }
    const OpenObligation* find(ObligationKind kind, int about = 0) const;
    const Promise* open_promise(bool by_solution) const;
    const TransferSlip* find_slip(int no) const;
    bool has_open_slip() const;
    /// When the next thing that its unit owes for the slip is due; its completion when nothing presses.
    Instant next_due_of(const TransferSlip& slip) const;
    /// Each unit that has a slip or had one, once, in ascending order.
    std::vector<UnitId> slip_units() const;
    /// A slip was rejected once too often: who goes where is the supervisor's to say (A14).
    bool waits_for_ruling() const { return find(ObligationKind::rule_on_slip) != nullptr; }
    /// The one whose limit ends first, paused ones apart; none when all are paused or none is open.
    const OpenObligation* next_due() const;
};

}  // namespace shouwen::ticket
