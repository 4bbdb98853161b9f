#include "modules/organisation/store/sign_in.hpp"

#include "modules/organisation/rules/validate.hpp"
#include "modules/organisation/store/audit_log.hpp"
#include "modules/organisation/store/committing.hpp"
#include "modules/organisation/store/password.hpp"

#include <algorithm>
#include <memory>

namespace shouwen::organisation {

namespace {

constexpr sql::Statement read_failures{
    "read_sign_in_failures",
    "SELECT count, last_at, locked_until, succeeded_at FROM sign_in_failure WHERE subject = $1"};
constexpr sql::Statement save_failures{
    "save_sign_in_failures",
    "INSERT INTO sign_in_failure (subject, count, last_at, locked_until) VALUES ($1, $2, $3, $4) "
    "ON CONFLICT (subject) DO UPDATE SET count = excluded.count, last_at = excluded.last_at, "
    "locked_until = excluded.locked_until"};
constexpr sql::Statement save_success{
    "save_sign_in_success",
    "INSERT INTO sign_in_failure (subject, count, last_at, locked_until, succeeded_at) VALUES ($1, 0, $2, $2, $2) "
    "ON CONFLICT (subject) DO UPDATE SET count = 0, last_at = $2, locked_until = $2, succeeded_at = $2"};
constexpr sql::Statement forget_old{"forget_sign_in_failures", "DELETE FROM sign_in_failure WHERE last_at < $1"};

struct Record {
    Failures failures;
    std::optional<Instant> succeeded_at;
};

Record read_record(sql::Connection& db, const std::string& subject)
{
    return db
        .first(
            read_failures,
            [](const sql::Row& row) {
                return Record{{static_cast<int>(row.integer(0)), row.instant(1), row.instant(2)},
                              row.optional_instant(3)};
            },
            subject)
        .value_or(Record{});
}

/// The three counters that one attempt belongs to. Hashed: what was typed as a login may be a password.
struct Subjects {
    explicit Subjects(const Credentials& given)
    {
        const std::string login = normal_login(given.login);
        pair = hash_of("pair " + given.address + " " + login).hex();
        account = hash_of("account " + login).hex();
        source = hash_of("source " + given.address).hex();
    }
    std::string pair, account, source;
};

std::optional<Duration> wait_for(sql::Connection& db, const Subjects& subjects, Instant now)
{
    const Record pair = read_record(db, subjects.pair);
    const bool known_address = pair.succeeded_at && now - *pair.succeeded_at <= address_known_for;
    std::optional<Duration> wait = wait_left(pair.failures, now);
    const auto longer = [&](std::optional<Duration> other) { wait = std::max(wait, other); };
    longer(wait_left(read_record(db, subjects.source).failures, now));
    if (!known_address) longer(wait_left(read_record(db, subjects.account).failures, now));
    return wait;
}

void add_failure(sql::Connection& db, const std::string& subject, const ThrottleLimits& limits, Instant now)
{
    const Failures after = after_failure(read_record(db, subject).failures, limits, now);
    db.execute(save_failures, subject, after.count, after.last_at, after.locked_until);
}

std::string audit_data(const Credentials& given)
{
    // An address holds digits, letters, dots and colons; anything else did not come from a socket.
    std::string address;
    std::copy_if(given.address.begin(), given.address.end(), std::back_inserter(address), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' || c == ':' ||
               c == '%';
    });
    return R"({"address":")" + address + R"("})";
}

}  // namespace

SignIn::SignIn(sql::Store& store, const Clock& clock, Directory& directory, Sessions& sessions)
    : store_(store),
      clock_(clock),
      directory_(directory),
      sessions_(sessions),
      hash_of_nobody_(hash_password(new_secret()))
{
}

Result<Sessions::Opened, SignInRefused> SignIn::operator()(const Credentials& given)
{
    const auto checked = check(given);
    if (!checked) return checked.error();
    return accept(*checked->staff, checked->hash, given);
}

Result<Done, SignInRefused> SignIn::verify(const Credentials& given)
{
    const auto checked = check(given);
    if (!checked) return checked.error();
    return Done{};
}

Result<SignIn::Checked, SignInRefused> SignIn::check(const Credentials& given)
{
    const OrganisationPtr organisation = directory_.current();
    const Staff* staff = organisation->find_login(normal_login(given.login));
    std::optional<Duration> wait;
    std::string hash;
    store_.read([&](sql::Connection& db) {
        wait = wait_for(db, Subjects{given}, clock_.now());
        if (staff) hash = password_hash_of(db, staff->id);
    });
    // Also the right password: otherwise the lock would not slow down a guesser at all.
    if (wait) return SignInRefused{Refusal::throttled, *wait};

    const bool is_right = verify_password(hash.empty() ? hash_of_nobody_ : hash, given.password);
    const bool is_in_force = staff && !staff->is_disabled() && !staff->password_is_over(clock_.now());
    if (is_right && is_in_force && !hash.empty()) return Checked{staff, organisation, hash};
    record_failure(staff, given);
    return SignInRefused{Refusal::sign_in_failed};
}

Result<Sessions::Opened, SignInRefused> SignIn::accept(const Staff& staff, const std::string& checked_hash,
                                                       const Credentials& given)
{
    const std::string new_hash = is_outdated(checked_hash) ? hash_password(given.password) : std::string{};
    const auto opened = std::make_shared<std::optional<Sessions::Opened>>();
    commit_and_wait(store_,
                    [&, opened](sql::Connection& db) {
                        opened->reset();
                        const Instant now = clock_.now();
                        // Disabled or with another password since it was checked: then this sign-in came too late.
                        const Loaded fresh = load(db);
                        const Staff* still = fresh.organisation->find(staff.id);
                        if (!still || still->is_disabled() || password_hash_of(db, staff.id) != checked_hash) return;
                        if (!new_hash.empty()) replace_password_hash(db, staff.id, new_hash);
                        db.execute(forget_old, now - address_known_for);
                        db.execute(save_success, Subjects{given}.pair, now);
                        append_audit(db, {now, staff.id, "signed_in", "staff", staff.id.text(), audit_data(given)});
                        *opened = sessions_.open(db, staff.id, now, {given.address, given.user_agent});
                    },
                    {});
    if (!*opened) return SignInRefused{Refusal::sign_in_failed};
    return **opened;
}

void SignIn::record_failure(const Staff* staff, const Credentials& given)
{
    commit_and_wait(store_,
                    [&](sql::Connection& db) {
                        const Instant now = clock_.now();
                        const Subjects subjects{given};
                        add_failure(db, subjects.pair, ThrottleLimits::pair(), now);
                        add_failure(db, subjects.account, ThrottleLimits::account(), now);
                        add_failure(db, subjects.source, ThrottleLimits::source(), now);
                        // The attempts on logins that do not exist are counted above and nowhere else.
                        if (staff)
                            append_audit(db, {now, {}, "sign_in_failed", "staff", staff->id.text(), audit_data(given)});
                    },
                    {});
}

}  // namespace shouwen::organisation
