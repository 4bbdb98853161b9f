#include "app/demo_material.hpp"

#include "platform/json/described.hpp"

#include <boost/describe/class.hpp>
#include <boost/json/parse.hpp>

namespace shouwen::embedded {
extern const std::string_view demo_organisation;
extern const std::string_view demo_customers;
extern const std::string_view demo_stories;
extern const std::string_view demo_articles;
extern const std::string_view demo_scripts;
extern const std::string_view demo_matrix;
}  // namespace shouwen::embedded

namespace shouwen::app::demonstration {

BOOST_DESCRIBE_STRUCT(Spoken, (), (from, content))
BOOST_DESCRIBE_STRUCT(Told, (), (reason, procedure))
BOOST_DESCRIBE_STRUCT(Opinion, (), (score, reason))
BOOST_DESCRIBE_STRUCT(Story, (),
                      (channel, class_, category, grade, complexity, emotion, in_scope, language, area, street,
                       merchant, subject, content, demand, talk, note, progress, promise, solution, steps, handling,
                       result, waiting, escalation, dissatisfied, rating, cancel))
BOOST_DESCRIBE_STRUCT(Person, (), (name, phone, email, account_no, address, language))
BOOST_DESCRIBE_STRUCT(UnitLine, (), (key, kind, name, parent))
BOOST_DESCRIBE_STRUCT(StaffLine, (), (login, name, unit, roles))
BOOST_DESCRIBE_STRUCT(AreaLine, (), (name, streets))
BOOST_DESCRIBE_STRUCT(House, (), (name, time_zone, units, staff, areas))
BOOST_DESCRIBE_STRUCT(ArticleLine, (), (title, class_, category, body))
BOOST_DESCRIBE_STRUCT(ScriptLine, (), (title, step, channel, emotion, shortcut, body))
BOOST_DESCRIBE_STRUCT(LimitsLine, (), (L1, L2, L3))
BOOST_DESCRIBE_STRUCT(CooperationLine, (), (unit, duty))
BOOST_DESCRIBE_STRUCT(MatrixLine, (),
                      (class_, category, area, merchant, lead, person, cooperating, teller, slip_plan, slip_complete,
                       comment))

namespace {

template <class T>
T parsed(std::string_view text)
{
    T value;
    described::read(boost::json::parse(text), value);
    return value;
}

}  // namespace

bool Story::is_queued() const
{
    return channel != Channel::phone && channel != Channel::counter && channel != Channel::email &&
           channel != Channel::fax;
}

bool Story::is_settled_at_once() const
{
    return complexity == ticket::Complexity::simple && in_scope && class_ && *class_ != Class::complaint && !promise &&
           !dissatisfied;
}

Material load_material()
{
    return {parsed<House>(embedded::demo_organisation),
            parsed<std::vector<Person>>(embedded::demo_customers),
            parsed<std::vector<Story>>(embedded::demo_stories),
            parsed<std::vector<ArticleLine>>(embedded::demo_articles),
            parsed<std::vector<ScriptLine>>(embedded::demo_scripts),
            parsed<std::vector<MatrixLine>>(embedded::demo_matrix)};
}

}  // namespace shouwen::app::demonstration
