#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

/// The program's subcommands. Each returns the exit code: 0 done, 1 it found or met a problem, 2 used wrongly.
namespace shouwen::app {

int run(int argc, char** argv);

/// Where the store and its files are.
struct StorePlace {
    std::string store;  ///< a file's path, or postgresql://…
    std::filesystem::path data_dir;
    std::string time_zone = "Asia/Shanghai";
};

struct DemoOptions {
    StorePlace place;
    std::int64_t tickets = 0;  ///< 0: the stories, each once or twice; more: volumes made of them
    std::string password;      ///< of all logins
};
/// A believable centre in every state, made by the real commands on a clock that ends now.
int demo(const DemoOptions& options, std::ostream& out);

struct ReplayOptions {
    StorePlace place;
    std::filesystem::path file;    ///< CSV, also gzipped
    std::filesystem::path report;  ///< also written there as JSON; empty: no
};
/// Historic tickets through the real commands on a virtual clock; goes on where it was stopped.
int replay(const ReplayOptions& options, std::ostream& out);

/// All invariants over a whole store. Lists what fails.
int verify(const StorePlace& place, std::ostream& out);

}  // namespace shouwen::app
