#pragma once

#include "base/words.hpp"
#include "modules/customer/rules/customer.hpp"
#include "modules/ticket/rules/ticket.hpp"

#include <optional>
#include <string>
#include <vector>

/// What the demo centre is made of: the files of data/demo, as its README describes them.
namespace shouwen::app::demonstration {

struct Spoken {
    std::string from;  ///< `staff` or `customer`
    std::string content;
};
struct Told {
    std::string reason;
    std::string procedure;
};
struct Opinion {
    int score = 0;
    std::string reason;
};

/// One matter, from intake to archive.
struct Story {
    Channel channel = Channel::phone;
    std::optional<Class> class_;
    std::string category;
    std::optional<Grade> grade;
    std::optional<ticket::Complexity> complexity;
    ticket::Emotion emotion = ticket::Emotion::calm;
    bool in_scope = true;
    std::string language;
    std::string area;
    std::string street;
    std::string merchant;
    std::string subject;
    std::string content;
    std::string demand;
    std::vector<Spoken> talk;
    std::string note;
    std::string progress;
    std::optional<Told> promise;
    std::string solution;
    std::string steps;
    std::string handling;
    std::string result;
    std::string waiting;
    std::string escalation;
    std::optional<Opinion> dissatisfied;
    std::optional<Opinion> rating;
    std::string cancel;

    /// Nobody is at hand when it comes: it waits in a queue for the first response.
    bool is_queued() const;
    /// Simple, in scope and no complaint: settled while the customer waits.
    bool is_settled_at_once() const;
};

struct Person {
    std::string name;
    std::string phone;
    std::string email;
    std::string account_no;
    std::string address;
    std::string language;

    customer::NewCustomer as_customer() const { return {name, phone, email, account_no, address, language}; }
};

struct UnitLine {
    std::string key;
    std::string kind;
    std::string name;
    std::string parent;
};
struct StaffLine {
    std::string login;
    std::string name;
    std::string unit;
    std::vector<std::string> roles;
};
struct AreaLine {
    std::string name;
    std::vector<std::string> streets;
};
struct House {
    std::string name;
    std::string time_zone;
    std::vector<UnitLine> units;
    std::vector<StaffLine> staff;
    std::vector<AreaLine> areas;
};

struct ArticleLine {
    std::string title;
    std::optional<Class> class_;
    std::string category;
    std::string body;
};
struct ScriptLine {
    std::string title;
    std::optional<ticket::Step> step;
    std::optional<Channel> channel;
    std::optional<ticket::Emotion> emotion;
    std::string shortcut;
    std::string body;
};

struct LimitsLine {
    std::string L1, L2, L3;
};
struct CooperationLine {
    std::string unit;
    std::string duty;
};
/// A row of the responsibility matrix; units by their keys, the person by login, the area by name.
struct MatrixLine {
    std::optional<Class> class_;
    std::string category;
    std::string area;
    std::string merchant;
    std::string lead;
    std::string person;
    std::vector<CooperationLine> cooperating;
    std::string teller;
    LimitsLine slip_plan;
    LimitsLine slip_complete;
    std::string comment;
};

struct Material {
    House house;
    std::vector<Person> people;
    std::vector<Story> stories;
    std::vector<ArticleLine> articles;
    std::vector<ScriptLine> scripts;
    std::vector<MatrixLine> matrix;
};
/// Reads what is compiled in. @throws described::StoredFormFault when a file has not the form of its README
Material load_material();

}  // namespace shouwen::app::demonstration
