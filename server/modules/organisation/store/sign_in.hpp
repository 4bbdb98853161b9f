#pragma once

#include "base/result.hpp"
#include "modules/organisation/rules/refusal.hpp"
#include "modules/organisation/rules/throttle.hpp"
#include "modules/organisation/store/directory.hpp"
#include "modules/organisation/store/sessions.hpp"

#include <string>
#include <string_view>

namespace shouwen::organisation {

struct Credentials {
    std::string login;
    std::string password;
    std::string address;          ///< where the request comes from
    std::string user_agent = {};  ///< what its browser says about itself
};
struct SignInRefused {
    Refusal code;      ///< `sign_in_failed` or `throttled`
    Duration wait{0};  ///< of `throttled`: when to try again
};

/// Turns login and password into a session. Thread-safe.
class SignIn {
public:
    SignIn(sql::Store& store, const Clock& clock, Directory& directory, Sessions& sessions);

    /// Takes some 20 ms and waits for commits: for the pool. The unknown, the disabled and the mistyped take the same time
    /// and give the same answer. @throws StoreBusy, sql::DiskFull
    Result<Sessions::Opened, SignInRefused> operator()(const Credentials& given);
    /// Only whether login and password fit, with the same throttle: asked of somebody who is signed in already.
    Result<Done, SignInRefused> verify(const Credentials& given);

private:
    struct Checked {
        const Staff* staff;
        OrganisationPtr organisation;  ///< keeps `staff` alive
        std::string hash;
    };
    Result<Checked, SignInRefused> check(const Credentials& given);
    Result<Sessions::Opened, SignInRefused> accept(const Staff& staff, const std::string& checked_hash,
                                                   const Credentials& given);
    void record_failure(const Staff* staff, const Credentials& given);

    sql::Store& store_;
    const Clock& clock_;
    Directory& directory_;
    Sessions& sessions_;
    const std::string hash_of_nobody_;
};

}  // namespace shouwen::organisation
