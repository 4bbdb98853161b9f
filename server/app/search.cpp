#include "app/search.hpp"

#include "modules/customer/store/customers.hpp"
#include "modules/knowledge/store/articles.hpp"
#include "modules/ticket/store/desk.hpp"
#include "platform/json/json_writer.hpp"

#include <array>
#include <map>

namespace shouwen::app {
namespace {

using organisation::Actor;
using organisation::ReadFence;
using search::SearchKind;

constexpr std::size_t excerpt_code_points = 80;
constexpr std::size_t tail_digits = 4;

/// The first words, whole characters only.
std::string excerpt(std::string_view text)
{
    std::size_t points = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        if ((static_cast<unsigned char>(text[i]) & 0xC0) != 0x80 && ++points > excerpt_code_points)
            return std::string{text.substr(0, i)} + "…";
    return std::string{text};
}

/// A number is looked for whole or by its end.
std::string with_tail(const std::string& digits)
{
    if (digits.size() <= tail_digits) return digits;
    return digits + " " + digits.substr(digits.size() - tail_digits);
}

/// `20261122-000123` is found as it stands, by 000123 and by 123.
std::string number_words(const std::string& number)
{
    const auto dash = number.find('-');
    const auto sequence = dash == std::string::npos ? number : number.substr(dash + 1);
    const auto first = sequence.find_first_not_of('0');
    return number + " " + sequence + " " + (first == std::string::npos ? "" : sequence.substr(first));
}

search::Document ticket_document(sql::Connection& db, const ticket::Ticket& t)
{
    search::Document document{t.subject, {}, {}, t.created_at};
    document.text = number_words(t.number) + "\n" + t.content + "\n" + t.demand;
    if (const auto row = customer::find(db, t.customer))
        document.text += "\n" + row->name + " " + with_tail(row->phone) + " " + row->account_no;
    if (t.solution) document.text += "\n" + t.solution->solution;
    if (t.result) document.text += "\n" + t.result->result;
    if (t.merchant) document.scope.push_back(search::merchant_word(t.merchant));
    if (t.owner) document.scope.push_back(search::staff_word(t.owner));
    for (const UnitId unit : {t.owner_unit, t.queue_unit})
        if (unit) document.scope.push_back(search::unit_word(unit));
    for (const UnitId unit : t.slip_units()) document.scope.push_back(search::unit_word(unit));
    for (const auto& slip : t.slips) document.text += "\n" + slip.problem + "\n" + slip.result;
    return document;
}

search::Document customer_document(sql::Connection& db, const customer::CustomerRow& row)
{
    search::Document document{row.name,
                              with_tail(row.phone) + " " + row.email + " " + row.account_no + " " + row.address,
                              {},
                              row.created_at};
    for (const auto& scope : ticket::scopes_of_customer(db, row.id)) {
        if (scope.merchant) document.scope.push_back(search::merchant_word(scope.merchant));
        if (scope.owner) document.scope.push_back(search::staff_word(scope.owner));
        for (const UnitId unit : {scope.owner_unit, scope.queue_unit})
            if (unit) document.scope.push_back(search::unit_word(unit));
        for (const UnitId unit : scope.slip_units) document.scope.push_back(search::unit_word(unit));
    }
    return document;
}

/// The actor's fence in the index's words. Articles are open to all who may read them.
std::optional<search::SearchScope> scope_of(const Actor& actor)
{
    const ReadFence fence = organisation::fence(actor);
    const std::string articles = search::kind_word(SearchKind::article);
    search::SearchScope scope;
    switch (fence.reach) {
        case ReadFence::Reach::nothing: return std::nullopt;
        case ReadFence::Reach::all: return scope;
        case ReadFence::Reach::merchant:
            scope.groups.push_back({search::merchant_word(fence.merchant), articles});
            return scope;
        case ReadFence::Reach::units: {
            std::vector<std::string> words{articles, search::staff_word(fence.staff)};
            for (const UnitId unit : fence.units) words.push_back(search::unit_word(unit));
            scope.groups.push_back(std::move(words));
            if (fence.merchant) scope.groups.push_back({search::merchant_word(fence.merchant), articles});
            return scope;
        }
    }
    return std::nullopt;
}

struct HitWriter {
    sql::Connection& db;
    const Actor& actor;
    JsonWriter& out;

    void begin(std::string_view kind, const std::string& id, std::string_view number, std::string_view title,
               std::string_view text) const
    {
        out.begin_object()
            .member("kind", kind)
            .member("id", id)
            .text_or_null("number", number)
            .member("title", title)
            .member("excerpt", excerpt(text));
    }
    /// The index may lag behind a change of rights: the decision is made again with the thing at hand.
    void ticket(const ticket::Ticket& t) const
    {
        if (!organisation::can_see(actor, ticket::scope_of(t))) return;
        begin("ticket", t.id.text(), t.number, t.subject, t.content);
        out.member("step", t.step).member("at", t.created_at).end_object();
    }
    void customer(const customer::CustomerRow& row) const
    {
        const auto shown = customer::shown(row, organisation::mask_for(actor));
        begin("customer", row.id.text(), {}, shown.name, shown.phone);
        out.member("step", nullptr).member("at", row.created_at).end_object();
    }
    void article(const knowledge::Article& article) const
    {
        if (article.state != knowledge::ArticleState::in_use) return;
        begin("article", article.id.text(), {}, article.text.title, article.text.body);
        out.member("step", nullptr).member("at", article.updated_at).end_object();
    }
};

void write_hits(sql::Connection& db, const std::vector<search::Hit>& hits, const Actor& actor, JsonWriter& out)
{
    std::vector<CustomerId> customers;
    std::vector<TicketId> tickets;
    for (const auto& hit : hits) {
        if (hit.kind == SearchKind::customer) customers.push_back(CustomerId{hit.ref});
        if (hit.kind == SearchKind::ticket) tickets.push_back(TicketId{hit.ref});
    }
    std::map<std::int64_t, customer::CustomerRow> found_customers;
    for (auto& row : customer::find_all(db, customers)) found_customers.emplace(row.id.value, std::move(row));
    std::map<std::int64_t, ticket::Ticket> found_tickets;
    for (auto& each : ticket::load_all(db, tickets)) found_tickets.emplace(each.id.value, std::move(each));
    const HitWriter write{db, actor, out};
    for (const auto& hit : hits) {
        if (const auto t = found_tickets.find(hit.ref); hit.kind == SearchKind::ticket && t != found_tickets.end())
            write.ticket(t->second);
        if (const auto c = found_customers.find(hit.ref);
            hit.kind == SearchKind::customer && c != found_customers.end())
            write.customer(c->second);
        if (hit.kind == SearchKind::article)
            if (const auto article = knowledge::find(db, ArticleId{hit.ref})) write.article(*article);
    }
}

}  // namespace

std::optional<search::Document> load_document(sql::Connection& db, SearchKind kind, std::int64_t ref)
{
    switch (kind) {
        case SearchKind::ticket: {
            const auto stored = ticket::load(db, TicketId{ref});
            return stored ? std::optional{ticket_document(db, stored->ticket)} : std::nullopt;
        }
        case SearchKind::customer: {
            const auto row = customer::find(db, CustomerId{ref});
            return row ? std::optional{customer_document(db, *row)} : std::nullopt;
        }
        case SearchKind::article: {
            const auto article = knowledge::find(db, ArticleId{ref});
            if (!article || article->state != knowledge::ArticleState::in_use) return std::nullopt;
            return search::Document{article->text.title, article->text.body, {}, article->updated_at};
        }
    }
    return std::nullopt;
}

std::vector<std::int64_t> ids_to_be_found(sql::Connection& db, SearchKind kind, std::int64_t after, int limit)
{
    switch (kind) {
        case SearchKind::ticket: return ticket::ids_after(db, after, limit);
        case SearchKind::customer: return customer::ids_after(db, after, limit);
        case SearchKind::article: return knowledge::ids_after(db, after, limit);
    }
    return {};
}

std::vector<ArticleId> find_articles(sql::Store& store, std::string_view text, int limit)
{
    std::vector<ArticleId> found;
    constexpr std::array kinds{SearchKind::article};
    store.read([&](sql::Connection& db) {
        for (const auto& hit : search::search(db, text, {}, kinds, limit)) found.push_back(ArticleId{hit.ref});
    });
    return found;
}

void add_search_routes(api::Routes& routes, const SearchContext& context)
{
    routes.get_slow("/api/v1/search", api::Access::signed_in(), [context](const api::Call& call) -> api::Answer {
        api::QueryReader in{*call.request};
        const auto query = in.text("q", 200);
        const auto kind = in.choice<SearchKind>("kind");
        const int limit = static_cast<int>(in.integer("limit", 20, 1, 100));
        if (auto problem = in.problem()) return std::move(*problem);
        const Actor& actor = call.actor();
        std::vector<SearchKind> kinds;
        for (const SearchKind each : all_of<SearchKind>()) {
            if (kind && each != *kind) continue;
            if (each == SearchKind::customer &&
                !organisation::can_somewhere(actor, organisation::Permission::customer_read))
                continue;
            if (each == SearchKind::article &&
                !organisation::can_somewhere(actor, organisation::Permission::article_read))
                continue;
            kinds.push_back(each);
        }
        JsonWriter out;
        out.begin_object().key("items").begin_array();
        const auto scope = scope_of(actor);
        if (scope && !query.empty() && !kinds.empty())
            context.store.read([&](sql::Connection& db) {
                write_hits(db, search::search(db, query, *scope, kinds, limit), actor, out);
            });
        out.end_array().member("next_cursor", nullptr).end_object();
        return api::ok(out.take());
    });
}

}  // namespace shouwen::app
