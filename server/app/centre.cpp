#include "app/centre.hpp"

#include "api/idempotency.hpp"
#include "app/follow_ups.hpp"
#include "app/holds.hpp"
#include "app/improvements.hpp"
#include "app/search.hpp"
#include "app/version.hpp"
#include "base/tokens.hpp"
#include "modules/attachment/edge/attachment_routes.hpp"
#include "modules/attachment/store/attachments.hpp"
#include "modules/customer/edge/customer_routes.hpp"
#include "modules/customer/store/customers.hpp"
#include "modules/draft/edge/draft_routes.hpp"
#include "modules/figure/edge/figure_routes.hpp"
#include "modules/knowledge/edge/knowledge_routes.hpp"
#include "modules/knowledge/store/articles.hpp"
#include "modules/matrix/edge/matrix_routes.hpp"
#include "modules/notice/edge/notice_routes.hpp"
#include "modules/obligation/edge/obligation_routes.hpp"
#include "modules/organisation/store/audit_log.hpp"
#include "modules/webhook/edge/webhook_channel.hpp"
#include "platform/log/log.hpp"
#include "platform/postgres/postgres_store.hpp"
#include "platform/sql/feed.hpp"
#include "platform/sql/migration.hpp"
#include "platform/sql/parts.hpp"

#include <fmt/format.h>

#include <random>
#include <utility>

namespace shouwen::app {
namespace {

/// May this person read the ticket now?
bool may_see(const organisation::Actor& actor, TicketId id, sql::Connection& db)
{
    const auto stored = ticket::load(db, id);
    return stored && organisation::can_see(actor, ticket::scope_of(stored->ticket));
}

/// The ticket as the matrix sees it, for whom it is open to.
std::optional<matrix::Matter> matter_of(const organisation::Actor& actor, TicketId id, sql::Connection& db)
{
    const auto stored = ticket::load(db, id);
    if (!stored || !organisation::can_see(actor, ticket::scope_of(stored->ticket))) return std::nullopt;
    const auto& t = stored->ticket;
    return matrix::Matter{t.class_, t.category, t.area, t.merchant, t.grade};
}

constexpr int tick_batch = 500;
constexpr int index_batch = 24;        // a few milliseconds of the writer: what a request may have to wait for it
constexpr std::size_t busy_queue = 8;  // writes that wait: then requests come first
constexpr Duration index_pause = std::chrono::milliseconds{40};
constexpr Duration longest_rest = std::chrono::seconds{1};
constexpr Duration least_rest = std::chrono::milliseconds{5};  // while another node has what is due in its hands
constexpr Duration sign_of_life_interval = std::chrono::seconds{10};
constexpr Duration housekeeping_interval = std::chrono::minutes{10};
/// Parts of the tables for the months to come are made so early that nobody notices.
constexpr Duration parts_ahead = 62 * std::chrono::hours{24};
constexpr Duration tick_silence_max = std::chrono::seconds{30};

/// When time does something next, to an obligation or an improvement item.
std::optional<Instant> next_due(sql::Connection& db)
{
    const auto obligation = obligation::Obligations::next_at(db);
    const auto item = improvement::next_at(db);
    return obligation && item ? std::min(obligation, item) : obligation ? obligation : item;
}

double random_fraction()
{
    thread_local std::mt19937_64 generator{std::random_device{}()};
    return std::uniform_real_distribution<double>{0, 1}(generator);
}

std::unique_ptr<sql::Store> open_current(const CentreOptions& options)
{
    prepare_tokens();  // before anything is touched
    if (!Zone::find(options.time_zone))
        throw std::runtime_error(
            fmt::format("This system does not know the time zone {}. Install the package tzdata, or "
                        "correct organisation.time_zone.",
                        options.time_zone));
    return open_store(options);
}

std::vector<std::string> known_of_customer(sql::Connection& db, CustomerId id)
{
    const auto row = customer::find(db, id);
    return row ? customer::known_fields(*row) : std::vector<std::string>{};
}

}  // namespace

std::unique_ptr<sql::Store> open_store(const CentreOptions& options)
{
    if (postgres::is_address(options.store))
        return postgres::open_postgres(
            {.url = options.store, .queue_max = options.queue_max, .statement_max = options.statement_max});
    return sqlite::open_sqlite({.path = options.store,
                                .queue_max = options.queue_max,
                                .wal_bytes_max = options.wal_bytes_max,
                                .read_max = options.read_max,
                                .use = options.use});
}

std::string shown_store(const std::string& store)
{
    return postgres::is_address(store) ? postgres::shown_address(store) : store;
}

Centre::Centre(const CentreOptions& options, Clock& clock) : Centre(options, clock, open_current(options))
{
}

Centre::Centre(const CentreOptions& options, Clock& clock, std::unique_ptr<sql::Store> store)
    : options_(options), clock_(clock), store_(std::move(store)), lost_documents_(ids_to_be_found)
{
    sql::migrate(*store_, clock.now());
    sql::make_parts(*store_, clock.now(), clock.now() + parts_ahead);
    node_ = store_->join({options.address, std::string{program_version}});
    ids_.set_node(static_cast<std::uint8_t>(node_));
    store_->read([this](sql::Connection& db) {
        // Ids go on after the greatest there is, of whatever kind, also when the clock has gone back meanwhile. Those of the
        // organisation follow below, as it is read anyway.
        for (const auto greatest_id :
             {ticket::greatest_id, customer::greatest_id, attachment::greatest_id, knowledge::greatest_id,
              organisation::greatest_token_id, webhook::greatest_id, backup::greatest_id, improvement::greatest_id})
            ids_.continue_after(greatest_id(db));
    });
    wire(options.sessions);
}

void Centre::wire(const organisation::SessionPolicy& sessions)
{
    directory_ = std::make_unique<organisation::Directory>(*store_);
    for (const auto& staff : directory_->current()->staff()) ids_.continue_after(staff.id.value);
    for (const auto& unit : directory_->current()->units()) ids_.continue_after(unit.id.value);
    for (const auto& area : directory_->current()->areas()) ids_.continue_after(area.id.value);
    sessions_ = std::make_unique<organisation::Sessions>(*store_, clock_, sessions);
    tokens_ = std::make_unique<organisation::ApiTokens>(*store_, clock_);
    sign_in_ = std::make_unique<organisation::SignIn>(*store_, clock_, *directory_, *sessions_);
    policies_ = std::make_unique<policy::Policies>(*store_, clock_.now());
    const auto organisation = [this] { return directory_->current(); };
    const auto policy = [this] { return policies_->current(); };
    const auto zone = Zone::find(options_.time_zone);
    ensure(zone != nullptr, "the organisation's time zone is one of the system's");
    case_work_ = std::make_unique<CaseWork>(CaseWork::Surroundings{
        policy, organisation, known_of_customer,
        [](sql::Connection& db, const ticket::Ticket& after, bool others) {
            search::queue_document(db, search::SearchKind::ticket, after.id.value);
            if (others) customer::queue_for_search(db, after.customer);
        },
        [this](sql::Connection& db, const ticket::Ticket& after, const ticket::Events& events, Instant now) {
            subscriptions_->announce(db, after, events, now);
        },
        [this](sql::Connection& db, const obligation::Fired& fired, Instant now) {
            subscriptions_->announce_obligation(db, fmt::format("obligation.{}", fired.what), fired.ticket,
                                                fired.number, fired.version, fired.no, fired.due_at, now);
        },
        [](sql::Connection& db, const ticket::Ticket& after, const ticket::Events& events, Instant at) {
            follow_up::record(db, after, events, at);
        },
        ids_, zone,
        options_.confirms_filing ? [](sql::Connection& db) -> obligation::Filing {
            const auto filing = hold::filing(db);
            return {filing.is_held, filing.confirmed_until};
        } : std::function<obligation::Filing(sql::Connection&)>{},
        [](sql::Connection& db, int more_than, Instant now) {
            place_hold(db, hold::Effect::automatic_filing, hold::Cause::many_due,
                       fmt::format(R"({{"more_than":{}}})", more_than), now);
        }});
    scripts_ = std::make_unique<knowledge::ScriptShelf>(*store_);
    matrix_ = std::make_unique<matrix::MatrixCopy>(*store_);
    for (const auto& row : *matrix_->current()) ids_.continue_after(row.id.value);
    hub_ = std::make_unique<Hub>(*store_, organisation,
                                 Hub::SignedIn{[this](StaffId staff) {
                                                   std::vector<std::string> ids;
                                                   for (auto& session : sessions_->of(staff))
                                                       ids.push_back(std::move(session.id));
                                                   return ids;
                                               },
                                               [this](StaffId staff) { return !tokens_->of(staff).empty(); }});
    blobs_ = std::make_unique<attachment::Blobs>(options_.data_dir / "blobs");
    dispatcher_ = std::make_unique<outbox::Dispatcher>(*store_, random_fraction);
    dispatcher_->add(outbox::log_channel, std::make_unique<outbox::LogChannel>([](std::string_view line) {
                         log::info("outbox", {{"message", log::Machine{line}}});
                     }));
    subscriptions_ = std::make_unique<webhook::Subscriptions>(*store_);
    outgoing_ = std::make_unique<outgoing::Client>(options_.outgoing);
    identity_ = std::make_unique<IdentityLookUp>(options_.identity, *outgoing_);
    dispatcher_->add(webhook::channel,
                     std::make_unique<webhook::WebhookChannel>(
                         *store_, clock_, *outgoing_,
                         [this](sql::Connection& db, const webhook::Webhook& each, webhook::DisabledReason,
                                Instant now) { tell_webhook_disabled(db, each, now); }),
                     webhook::retry_policy());
    dispatcher_->set_gate(hold::may_leave);
    dispatcher_->on_settled([this](std::string_view channel, outbox::Outcome outcome, bool is_dead) {
        metrics_
            .counter("outbox_attempts_total", "Attempts to send, by what became of them",
                     {{"channel", std::string{channel}}, {"outcome", is_dead ? "dead" : std::string{name_of(outcome)}}})
            .add();
    });
    set_up_backups();
    routes_ =
        std::make_unique<api::Routes>(*store_, clock_, organisation::authenticator(*directory_, *sessions_, *tokens_));
}

void Centre::set_up_backups()
{
    const auto& config = options_.backup;
    if (config.dir.empty()) return;
    backups_ = std::make_unique<Backups>(
        BackupOptions{.place = {options_.store, options_.data_dir, options_.time_zone},
                      .backups = config.dir / "",  // a folder, also when it is not there
                      .secret = secret_of(config),
                      .drill_dir = config.drill_dir.empty() ? options_.data_dir / "drill" : config.drill_dir,
                      .log_bytes_max = options_.wal_bytes_max * 2 / 5},
        backup::Setup{.schedule = {config.at, config.interval, config.drill_interval, config.verified_max_age},
                      .zone = Zone::find(options_.time_zone),
                      .is_encrypted = !config.key_file.empty() || !config.passphrase.empty()},
        backup::Retention{config.keep_daily, config.keep_weekly, config.keep_monthly}, product(),
        Backups::Surroundings{.store = *store_,
                              .ids = ids_,
                              .clock = clock_,
                              .organisation = [this] { return directory_->current(); },
                              .metrics = metrics_,
                              .on_notices = [this] { wake(); }});
}

Centre::~Centre()
{
    stop_jobs();
    sessions_->save_last_seen();  // the store writes what is queued before it closes
}

UnitId Centre::service_desk() const
{
    const auto organisation = directory_->current();
    for (const auto& staff : organisation->staff())
        if (staff.has_role("agent") && !organisation->merchant_of(staff.unit)) return staff.unit;
    return organisation->units().empty() ? UnitId{} : organisation->units().front().id;
}

int Centre::tick()
{
    const std::lock_guard lock{tick_mutex_};
    int fired = 0;
    for (;;) {
        const Instant now = clock_.now();
        std::optional<Instant> next;
        store_->read([&](sql::Connection& db) { next = next_due(db); });
        last_tick_ = steady_now();
        if (!next || *next > now) return fired;
        int of_items = 0;
        obligation::Ticked ticked;
        store_->write([&](sql::Connection& db) {
            ticked = case_work_->obligations().tick(db, now, tick_batch);
            for (const TicketId id : ticked.tickets)
                if (const auto stored = ticket::load(db, id))
                    announce_ticket(db, ticket::scope_of(stored->ticket), id, std::nullopt, "obligation_due");
            of_items = improvement::tick(db,
                                         {[this] { return policies_->current(); },
                                          [this] { return directory_->current(); }, remind_of_improvement},
                                         now, tick_batch);
        });
        fired += ticked.fired_count + of_items;
        if (ticked.fired_count + of_items == 0) return fired;  // what is due is in another node's hands
    }
}

int Centre::dispatch()
{
    const std::lock_guard lock{dispatch_mutex_};
    watch_holds(true);
    return dispatcher_->dispatch(clock_.now()).sent_count;
}

void Centre::pump()
{
    const std::lock_guard lock{dispatch_mutex_};
    watch_holds(false);
    dispatcher_->pump(clock_.now());
}

int Centre::index()
{
    const std::lock_guard lock{index_mutex_};
    int rows = 0;
    while (const int taken = search::index_pending(*store_, load_document, index_lease_, index_batch)) {
        rows += taken;
        // Full text is the dearest part of a write. While requests queue up it gets a share, and the rest when they are done.
        if (store_->figures().queue_length > busy_queue) break;
    }
    // Once after each start, when nothing else is to be done.
    if (rows == 0 && lost_documents_.look(*store_)) return 1;
    return rows;
}

int Centre::settle()
{
    int total = 0;
    for (int done = 1; done > 0; total += done) {
        done = tick();
        if (backups_) done += backups_->run_due();
        done += dispatch();
        const std::lock_guard lock{index_mutex_};
        done += search::index_backlog(*store_, load_document, index_lease_);
    }
    return total;
}

void Centre::start_jobs()
{
    index_job_ = std::make_unique<Job>("index", [this] { return index() > 0 ? index_pause : longest_rest; });
    outbox_job_ = std::make_unique<Job>("outbox", [this] { return pump(), longest_rest; });
    dispatcher_->on_attempted([job = outbox_job_.get()] { job->wake(); });
    obligation_job_ = std::make_unique<Job>("obligations", [this]() -> Duration {
        if (tick() > 0) outbox_job_->wake();
        std::optional<Instant> next;
        store_->read([&](sql::Connection& db) { next = next_due(db); });
        return next ? std::clamp<Duration>(*next - clock_.now(), least_rest, longest_rest) : longest_rest;
    });
    housekeeping_job_ = std::make_unique<Job>("housekeeping", [this] {
        forget_old();
        sql::make_parts(*store_, clock_.now(), clock_.now() + parts_ahead);
        sessions_->reload();  // who was seen on other nodes
        return housekeeping_interval;
    });
    node_job_ = std::make_unique<Job>("node", [this] {
        if (!store_->keep_number() && on_number_lost_) on_number_lost_();
        return sign_of_life_interval;
    });
    feed_job_ = std::make_unique<Job>("feed", [this] {
        store_->feed().repair();
        return longest_rest;
    });
    if (backups_)
        backup_job_ = std::make_unique<Job>("backup", [this, has_given_way = false]() mutable {
            if (!std::exchange(has_given_way, true)) vault::give_way();
            backups_->run_due();
            return backups_->wait();
        });
}

void Centre::stop_jobs()
{
    if (backups_) backups_->stop();
    backup_job_.reset();
    feed_job_.reset();
    node_job_.reset();
    housekeeping_job_.reset();
    obligation_job_.reset();
    dispatcher_->on_attempted({});
    outbox_job_.reset();
    index_job_.reset();
}

void Centre::wake()
{
    if (!obligation_job_) return;
    obligation_job_->wake();
    outbox_job_->wake();
    index_job_->wake();
}

bool Centre::jobs_alive() const
{
    const SteadyTime last = last_tick_;
    return last != SteadyTime::min() && steady_now() - last < tick_silence_max;
}

void Centre::add_routes(ManualClock* manual)
{
    const auto organisation = [this] { return directory_->current(); };
    organisation::add_organisation_routes(*routes_, {.store = *store_,
                                                     .clock = clock_,
                                                     .ids = ids_,
                                                     .directory = *directory_,
                                                     .sessions = *sessions_,
                                                     .tokens = *tokens_,
                                                     .sign_in = *sign_in_,
                                                     .open_work = ticket::open_count_of,
                                                     .passwords = {.length_min = options_.password_length_min},
                                                     .is_cookie_secure = options_.cookie_secure});
    const ticket::RouteContext tickets{
        .desk = desk(),
        .store = *store_,
        .clock = clock_,
        .customers = {customer::find, customer::find_all, customer::find_or_create, customer::queue_for_search},
        .publish =
            [](sql::Connection& db, const ticket::Ticket& ticket, std::string_view command) {
                announce_ticket(db, ticket::scope_of(ticket), ticket.id, ticket.version, command);
            },
        .wake = [this] { wake(); },
        .service_desk = [this] { return service_desk(); },
        .look_up = [this](ticket::IdentityMethod method, const std::string& reference,
                          const customer::CustomerRow& file) { return (*identity_)(method, reference, file); }};
    ticket::add_ticket_routes(*routes_, tickets);
    ticket::add_contact_routes(*routes_, tickets);
    ticket::add_public_routes(*routes_, tickets);
    follow_up::add_follow_up_routes(*routes_,
                                    follow_up_services(tickets, organisation, [this] { return policies_->current(); }));
    improvement::add_improvement_routes(
        *routes_, {*store_, clock_, ids_, organisation, [this] { return policies_->current(); }, may_see,
                   organisation::append_audit, tell_of_improvement, [this] { wake(); }});
    obligation::add_obligation_routes(*routes_,
                                      {*store_, organisation, [this] { return policies_->current(); }, may_see});
    policy::add_policy_routes(
        *routes_, *store_, clock_, *policies_, organisation,
        [](sql::Connection& db, StaffId by, std::string_view action, std::string_view detail, Instant now) {
            organisation::append_audit(db, {now, by, std::string{action}, "policy", {}, std::string{detail}});
        });
    customer::add_customer_routes(*routes_,
                                  {*store_, ids_, organisation, organisation::append_audit,
                                   [](sql::Connection& db, CustomerId id, std::string_view action, int limit) {
                                       return organisation::list_audit_of(db, "customer", id.text(), action, limit);
                                   }});
    knowledge::add_routes(
        *routes_, {*store_, ids_, *scripts_,
                   [this](std::string_view text, int limit) { return find_articles(*store_, text, limit); },
                   [organisation](StaffId id) { return std::string{organisation()->name_of_staff(id)}; },
                   [](sql::Connection& db, StaffId by, std::string_view action, std::string_view kind, ArticleId id,
                      std::int64_t version, Instant now) {
                       organisation::append_audit(db, {now, by, std::string{action}, std::string{kind}, id.text(),
                                                       fmt::format("{{\"version\":{}}}", version)});
                   }});
    matrix::add_matrix_routes(*routes_, {*store_, ids_, *matrix_, organisation, [this] { return policies_->current(); },
                                         matter_of, organisation::append_audit});
    draft::add_draft_routes(*routes_, {*store_, may_see});
    notice::add_notice_routes(*routes_, *store_);
    figure::add_figure_routes(*routes_, {*store_, clock_, organisation});
    attachment::add_attachment_routes(*routes_, {.store = *store_,
                                                 .ids = ids_,
                                                 .blobs = *blobs_,
                                                 .organisation = organisation,
                                                 .may_see = may_see,
                                                 .add_to_ticket = ticket::attachment_adder(tickets),
                                                 .ticket_of_customer = ticket::ticket_of_customer,
                                                 .add_for_customer = ticket::customers_attachment_adder(tickets),
                                                 .clock = clock_});
    add_webhook_routes();
    add_hold_routes();
    backup::add_backup_routes(
        *routes_,
        {.store = *store_,
         .ids = ids_,
         .clock = clock_,
         .setup = [this] { return backups_ ? &backups_->setup() : nullptr; },
         .name_of_staff = [organisation](StaffId id) { return std::string{organisation()->name_of_staff(id)}; },
         .audit =
             [](sql::Connection& db, StaffId by, std::string_view action, backup::BackupRunId id, Instant now) {
                 organisation::append_audit(db, {now, by, std::string{action}, "backup", id.text(), "{}"});
             },
         .wake =
             [this] {
                 if (backup_job_) backup_job_->wake();
             }});
    add_search_routes(*routes_, {*store_, organisation});
    add_system_routes(manual);
}

std::vector<http::SocketRoute> Centre::socket_routes()
{
    return {stream_route(*hub_, *store_, clock_,
                         [this](const http::Request& request) { return routes_->authenticate(request); })};
}

}  // namespace shouwen::app
