#pragma once

#include "base/calendar.hpp"
#include "base/deadline.hpp"
#include "base/words.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Every number and list that a regulation leaves open (制度参数), as one versioned document.
namespace shouwen::policy {

/// A limit for each grade; where the grade does not matter, all three are the same.
struct Limits {
    Limit L1, L2, L3;

    const Limit& of(Grade grade) const;
    bool operator==(const Limits&) const = default;
};

/// One limit of the table "who owes what by when".
struct KindLimits {
    ObligationKind kind;
    Limits limits;
};

/// A text in the three languages.
struct Named {
    std::string zh_cn, zh_tw, en;
    bool operator==(const Named&) const = default;
};

/// A node of a class's category tree; codes are unique within the class.
struct Category {
    std::string code;
    Named name;
    bool retired =
        false;  ///< 停用: names what older tickets hold; itself and what is beneath it can no longer be chosen
    std::vector<Category> children = {};
    bool needs_identity = false;  ///< 须核验身份: of itself and what is beneath it (E3)
};

/// How a question is answered: a score from 1 to 5, yes or no, words.
BOOST_DEFINE_ENUM_CLASS(QuestionKind, score, yes_no, text)

/// One question of the questionnaire of revisits.
struct Question {
    std::string code;  ///< kept with the answers
    Named text;
    QuestionKind kind = QuestionKind::text;
    bool operator==(const Question&) const = default;
};

/// Which results are followed by a revisit (回访, D12), and how it is done.
struct FollowUpRules {
    std::vector<Class> classes;         ///< all matters of these
    bool after_dissatisfaction = true;  ///< and those whose customer was dissatisfied meanwhile
    int share_percent = 0;              ///< and of the others so many of a hundred, evenly over each day
    int attempts_max = 3;               ///< unanswered ones; with the last the revisit ends as unreached
    std::string attempt_interval;       ///< ISO 8601, between two of them
    std::vector<Question> questions;
};

struct ClassRules {
    Class class_;
    std::vector<Category> categories;
    /// Which of name, contact, address, demand, category, area a complete record has (D2); subject and content always.
    std::vector<std::string> required_fields;
};

/// What people edit. Valid when `check` finds nothing.
struct Document {
    std::vector<KindLimits> limits;
    std::vector<int> warnings_percent;                 ///< of the time between start and limit, ascending
    std::string chain_interval;                        ///< ISO 8601, from the breach to the next step of the chain
    std::vector<ObligationKind> paused_while_waiting;  ///< kinds whose clock stops while the customer is to answer
    int dissatisfied_up_to = 2;                        ///< scores that start a rework (D11)
    bool archive_when_unanswered = true;               ///< after close_out's limit (close_out, D11)
    bool raise_angry_complaints = true;                ///< an angry customer's complaint is at least L2 (E4)
    int confirm_filing_above = 200;                    ///< more due to be filed at once wait until somebody confirms it
    bool strict_categories = false;                    ///< refuse a category that is not in its class's tree
    std::vector<Category> rejection_reasons;           ///< why a unit may reject a slip (A14); a plain list
    bool strict_rejection_reasons = false;             ///< refuse a reason that is not in that list
    int rejections_until_ruling = 2;                   ///< of one ticket; with that one its supervisor rules (A14)
    FollowUpRules follow_up;
    std::vector<Category> identity_questions;  ///< what may be asked to know who it is (E3); a plain list
    std::string default_calendar;
    std::vector<WorkingCalendar> calendars;
    std::vector<ClassRules> classes;
    std::string consent_text_zh_cn, consent_text_zh_tw, consent_text_en;
};

/// The defaults of the regulations.
Document default_document();

/// A document made ready for use. Immutable, shared by pointer.
class Policy {
public:
    /// @pre the document is valid
    Policy(int version, Document document, std::shared_ptr<const Holidays> holidays = holidays_of_china());

    int version() const { return version_; }
    const Document& document() const { return document_; }
    const Limit& limit(ObligationKind kind, Grade grade) const;
    /// The calendar of that name; the default one for an unknown or empty name.
    const Calendar& calendar(std::string_view name) const;
    Duration chain_interval() const { return chain_interval_; }
    bool pauses_while_waiting(ObligationKind kind) const;
    /// Whether the code may be chosen: it stands in the class's tree, and neither it nor what is above it is retired.
    bool is_category(Class of, std::string_view code) const;
    /// Whether the code may be chosen as the reason of a rejection.
    bool is_rejection_reason(std::string_view code) const;
    const ClassRules* rules_of(Class of) const;
    /// Whether the category, or one above it, is about somebody's account (E3).
    bool needs_identity(Class of, std::string_view code) const;
    /// Between two attempts to reach somebody for a revisit.
    Duration attempt_interval() const { return attempt_interval_; }

private:
    int version_;
    Document document_;
    Duration chain_interval_;
    Duration attempt_interval_;
    std::map<std::string, Calendar, std::less<>> calendars_;
};

using PolicyPtr = std::shared_ptr<const Policy>;

}  // namespace shouwen::policy
