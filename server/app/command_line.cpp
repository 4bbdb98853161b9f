#include "app/command_line.hpp"

#include "app/backup_commands.hpp"
#include "app/centre.hpp"
#include "app/holds.hpp"
#include "app/nodes.hpp"
#include "app/serve.hpp"
#include "app/version.hpp"
#include "base/hash.hpp"
#include "modules/organisation/store/password.hpp"
#include "platform/config/config.hpp"
#include "platform/postgres/postgres_store.hpp"
#include "platform/sql/migration.hpp"
#include "platform/sql/refused.hpp"
#include "platform/transfer/transfer.hpp"

#include <CLI/CLI.hpp>

#include <cstdlib>
#include <iostream>

namespace shouwen::app {
namespace {

namespace fs = std::filesystem;

constexpr Instant manual_start = Instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 5} +
                                         std::chrono::hours{1}};  // Monday, 09:00 in Shanghai

/// Used wrongly, or configured so that nothing can be done: one clear text and exit code 2.
struct UsedWrongly : std::runtime_error {
    using std::runtime_error::runtime_error;
};

struct Arguments {
    std::string config_file;
    std::string listen;
    std::string store;
    std::string from;
    std::string to;
    std::string clock = "system";
    std::string web;
    std::string file;
    std::string report;
    std::string backup;
    std::string key_file;
    std::string into;
    std::string hold;
    std::string comment;
    bool is_fresh = false;
    bool replaces = false;
    bool stays_as_is = false;
    bool lists = false;
    std::int64_t tickets = 0;
};

config::Config load_config(const Arguments& given)
{
    auto loaded = config::load(given.config_file.empty() ? std::nullopt : std::optional<fs::path>{given.config_file},
                               config::environment_of_process());
    if (!loaded) {
        std::string text;
        for (const auto& error : loaded.error()) text += (text.empty() ? "" : "\n") + error.text();
        throw UsedWrongly(text);
    }
    if (!given.listen.empty()) loaded->http.listen = given.listen;
    if (!given.store.empty()) {
        if (loaded->data.dir == config::data_dir_of(loaded->store.url))
            loaded->data.dir = config::data_dir_of(given.store);
        loaded->store.url = given.store;
    }
    if (!given.web.empty()) loaded->http.web = given.web;
    return std::move(*loaded);
}

StorePlace place_of(const config::Config& config)
{
    constexpr std::string_view scheme = "sqlite:";
    if (postgres::is_address(config.store.url))
        return {config.store.url, config.data.dir, config.organisation.time_zone};
    if (!config.store.url.starts_with(scheme) || config.store.url.size() == scheme.size())
        throw UsedWrongly("store: expected sqlite:PATH or postgresql://…, got " + config.store.url);
    return {config.store.url.substr(scheme.size()), config.data.dir, config.organisation.time_zone};
}

std::optional<Instant> manual_from(const std::string& clock)
{
    if (clock == "system") return std::nullopt;
    if (clock == "manual") return manual_start;
    constexpr std::string_view prefix = "manual=";
    const auto at =
        clock.starts_with(prefix) ? parse_rfc3339(std::string_view{clock}.substr(prefix.size())) : std::nullopt;
    if (!at) throw UsedWrongly("--clock: expected system, manual or manual=2026-01-05T01:00:00Z, got " + clock);
    return at;
}

/// The web app lies beside the program when it is installed, and in the sources' build when it is not.
fs::path find_web(const fs::path& program)
{
    std::error_code none;
    const fs::path folder = fs::canonical("/proc/self/exe", none).parent_path();
    for (const fs::path& candidate :
         {folder / "web", folder / "../share/shouwen/web", folder / "../../web/dist", fs::path{"web/dist"}})
        if (fs::exists(candidate / "index.html", none)) return fs::weakly_canonical(candidate, none);
    (void)program;
    return {};
}

int serve_command(const Arguments& given, const char* program)
{
    ServeOptions options;
    options.config = load_config(given);
    if (options.config.http.web.empty()) options.config.http.web = find_web(program);
    const auto place = place_of(options.config);
    options.store = place.store;
    options.data_dir = place.data_dir;
    options.manual_from = manual_from(given.clock);
    return serve(options, std::cout);
}

/// The first administrator of a new store; the password is the first line of standard input.
int init_command(const Arguments& given)
{
    const auto place = place_of(load_config(given));
    std::string password;
    std::cerr << "Password of the first administrator (login: admin): " << std::flush;
    std::getline(std::cin, password);
    const auto faults = organisation::check_password(password, "admin", {});
    if (!faults.empty()) throw UsedWrongly("the password needs at least 12 characters and must not be the login");
    SystemClock clock;
    Centre centre{{.store = place.store, .data_dir = place.data_dir, .time_zone = place.time_zone}, clock};
    const auto hash = organisation::hash_password(password);
    bool exists = false;
    centre.store().write([&](sql::Connection& db) {
        exists = !centre.directory().current()->staff().empty();
        if (exists) return;
        organisation::install_default_roles(db);
        const Instant now = clock.now();
        const UnitId unit = organisation::create_unit(db, centre.ids(), now,
                                                      {.kind = organisation::UnitKind::department, .name = "系统管理"});
        organisation::create_staff(db, centre.ids(), now,
                                   {.login = "admin", .name = "系统管理员", .unit = unit, .roles = {{"admin", {}}}},
                                   hash);
        organisation::bump_version(db);
    });
    if (exists) throw UsedWrongly("this store has staff already; sign in as an administrator to add more");
    std::cout << "Made " << shown_store(place.store) << " with the administrator admin.\n";
    return 0;
}

int migrate_command(const Arguments& given)
{
    const auto place = place_of(load_config(given));
    const auto store = open_store({.store = place.store});
    const auto done = sql::migrate(*store, SystemClock{}.now());
    std::cout << "Schema " << done.from << " → " << done.to << " (" << done.applied_count << " steps)\n";
    return 0;
}

int nodes_command(const Arguments& given)
{
    const auto store = open_store({.store = place_of(load_config(given)).store});
    print_nodes(*store, std::cout);
    return 0;
}

int holds_command(const Arguments& given)
{
    const auto store = open_store({.store = place_of(load_config(given)).store});
    return print_holds(*store, std::cout);
}

int release_command(const Arguments& given)
{
    const auto store = open_store({.store = place_of(load_config(given)).store});
    return release_hold_command(*store, given.hold, given.comment, std::cout);
}

/// What `backup`, `restore` and `drill` work with: the command line goes before the configuration.
BackupOptions backup_options(const Arguments& given)
{
    const auto config = load_config(given);
    BackupOptions options{.place = place_of(config), .backups = given.file, .secret = secret_of(config.backup)};
    if (options.backups.empty() && !config.backup.dir.empty()) options.backups = config.backup.dir / "";
    if (options.backups.empty()) throw UsedWrongly("give a folder or a file, or configure backup.dir");
    if (!given.key_file.empty()) options.secret = vault::read_key_file(given.key_file);
    options.name = given.backup;
    options.is_fresh = given.is_fresh;
    options.replaces = given.replaces;
    options.into = given.into;
    options.stays_as_is = given.stays_as_is;
    if (!given.into.empty() && !postgres::is_address(options.place.store))
        throw UsedWrongly("--into: for a cluster; give its address with --store postgresql://…");
    options.drill_dir = drill_dir_of(config);
    options.log_bytes_max = (static_cast<std::int64_t>(config.store.wal_mib_max) << 20) * 2 / 5;
    return options;
}

int demo_command(const Arguments& given)
{
    const auto place = place_of(load_config(given));
    const char* password = std::getenv("SHOUWEN_DEMO_PASSWORD");
    return demo({place, given.tickets, password && *password ? std::string{password} : new_secret().substr(0, 12)},
                std::cout);
}

/// Rows only: files of tickets lie in the data folder, which is copied as it is.
int copy_command(const Arguments& given)
{
    constexpr std::string_view scheme = "sqlite:";
    if (!given.from.starts_with(scheme) || given.from.size() == scheme.size())
        throw UsedWrongly("--from: expected sqlite:PATH, got " + given.from);
    if (!postgres::is_address(given.to)) throw UsedWrongly("--to: expected postgresql://…, got " + given.to);
    const fs::path from = given.from.substr(scheme.size());
    if (!fs::exists(from)) throw UsedWrongly(from.string() + ": there is no store");
    const auto done =
        transfer::transfer({.from = from, .to = given.to, .progress = [](std::string_view table, std::int64_t rows) {
                                std::cerr << "\r" << table << ": " << rows << " rows          " << std::flush;
                            }});
    std::int64_t rows = 0;
    for (const auto& table : done.tables) rows += table.rows_count;
    std::cerr << "\n";
    std::cout << rows << " rows of " << done.tables.size() << " tables copied; checking them\n";
    return verify({given.to, {}}, std::cout);
}

}  // namespace

int run(int argc, char** argv)
{
    Arguments given;
    CLI::App app{"Shouwen 首问: customer service that keeps its promises", "shouwen"};
    app.require_subcommand(1);
    const auto with_store = [&given](CLI::App* command) {
        command->add_option("--config", given.config_file, "TOML file; every key can be overridden by SHOUWEN_…");
        command->add_option("--store", given.store, "sqlite:PATH or postgresql://…");
        return command;
    };
    auto* serve_app = with_store(app.add_subcommand("serve", "Serve the API and the web app"));
    serve_app->add_option("--listen", given.listen, "ADDRESS:PORT");
    serve_app->add_option("--clock", given.clock, "system, or manual[=TIME] for trying and tests, on loopback only");
    serve_app->add_option("--web", given.web, "folder of the web app");
    auto* init_app = with_store(
        app.add_subcommand("init", "Make a store with its first administrator; password from standard input"));
    auto* demo_app = with_store(app.add_subcommand("demo", "Make a demo centre and print its logins"));
    demo_app->add_option("--tickets", given.tickets, "make volumes: so many tickets")
        ->check(CLI::Range(std::int64_t{0}, std::int64_t{10'000'000}));
    auto* replay_app =
        with_store(app.add_subcommand("replay", "Historic tickets through the real rules on a virtual clock"));
    replay_app->alias("import");
    replay_app->add_option("FILE", given.file, "CSV or CSV.GZ")->required();
    replay_app->add_option("--report", given.report, "write the report as JSON too");
    auto* verify_app = with_store(app.add_subcommand("verify", "Check all invariants of a store"));
    const auto with_backups = [&](CLI::App* command) {
        with_store(command);
        command->add_option("PLACE", given.file, "folder of backups, or a file; without it, backup.dir");
        command->add_option("--key-file", given.key_file, "64 hexadecimal digits; or SHOUWEN_BACKUP_PASSPHRASE");
        return command;
    };
    auto* backup_app = with_backups(app.add_subcommand("backup", "Back up a store while it is in use"));
    backup_app->add_flag("--fresh", given.is_fresh, "write all anew, trusting nothing that lies there");
    backup_app->add_flag("--list", given.lists, "only list the backups of the folder");
    auto* restore_app = with_backups(app.add_subcommand("restore", "Make a store of a backup, and verify it"));
    auto* drill_app = with_backups(
        app.add_subcommand("drill", "Restore a backup into a temporary folder, verify it, and remove it again"));
    for (auto* command : {restore_app, drill_app})
        command->add_option("--backup", given.backup, "NAME of one in the folder; without it, the newest");
    restore_app->add_option("--into", given.into, "PostgreSQL: the new data folder, absent or empty");
    restore_app->add_flag("--as-is", given.stays_as_is,
                          "with --into: neither start nor verify it; for recovery to a moment");
    restore_app->add_flag("--replace", given.replaces, "move aside what is there instead of refusing");
    auto* migrate_app = with_store(app.add_subcommand("migrate", "Bring a store's schema up to this program"));
    auto* nodes_app = with_store(app.add_subcommand("nodes", "List the processes that work on a PostgreSQL database"));
    auto* holds_app = with_store(app.add_subcommand("holds", "List what stands still until somebody releases it"));
    auto* release_app = with_store(app.add_subcommand("release-hold", "Let what is held go on"));
    release_app->add_option("ID", given.hold, "as `shouwen holds` lists it")->required();
    release_app->add_option("--comment", given.comment, "why it may go on; stays on record")->required();
    auto* copy_app = app.add_subcommand("copy", "Move an embedded store to PostgreSQL; goes on where it was stopped");
    copy_app->add_option("--from", given.from, "sqlite:PATH, which no server has open")->required();
    copy_app->add_option("--to", given.to, "postgresql://…, an empty database")->required();
    auto* version_app = app.add_subcommand("version", "Print the version");
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error);
        return code == 0 ? 0 : 2;
    }
    try {
        if (*serve_app) return serve_command(given, argv[0]);
        if (*init_app) return init_command(given);
        if (*demo_app) return demo_command(given);
        if (*replay_app) return replay({place_of(load_config(given)), given.file, given.report}, std::cout);
        if (*verify_app) return verify(place_of(load_config(given)), std::cout);
        if (*backup_app && given.lists) return list_command(backup_options(given), std::cout);
        if (*backup_app) return backup_command(backup_options(given), product(), std::cout);
        if (*restore_app) return restore_command(backup_options(given), std::cout);
        if (*drill_app) return drill_command(backup_options(given), std::cout);
        if (*copy_app) return copy_command(given);
        if (*nodes_app) return nodes_command(given);
        if (*holds_app) return holds_command(given);
        if (*release_app) return release_command(given);
        if (*migrate_app) return migrate_command(given);
        if (*version_app) std::cout << product() << "\n";
        return 0;
    } catch (const UsedWrongly& error) {
        std::cerr << error.what() << "\n";
        return 2;
    } catch (const std::exception& error) {
        std::cerr << "shouwen: " << error.what() << "\n";
        return 1;
    }
}

}  // namespace shouwen::app
