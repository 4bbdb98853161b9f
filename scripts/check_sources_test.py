"""check-sources finds each thing that it bans, and only there."""

import importlib.machinery
import importlib.util
import pathlib
import tempfile
import unittest

LOADER = importlib.machinery.SourceFileLoader("check_sources", str(pathlib.Path(__file__).with_name("check-sources")))
check_sources = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_sources", LOADER))
LOADER.exec_module(check_sources)

RULES = "server/modules/ticket/rules/a.cpp"
STORE = "server/modules/ticket/store/a.cpp"
EDGE = "server/modules/ticket/edge/a.cpp"

# file, text, the rule that it breaks or None
CASES = [
    (RULES, '#include "base/id.hpp"', None),
    (RULES, '#include "modules/policy/rules/policy.hpp"', None),
    (RULES, '#include "platform/clock/clock.hpp"', "direction"),
    (RULES, '#include "modules/ticket/store/tickets.hpp"', "direction"),
    (RULES, '#include "api/problem.hpp"', "direction"),
    (RULES, "#include <boost/json.hpp>", "pure"),
    (RULES, "#include <boost/describe.hpp>", None),
    (RULES, "std::mt19937 dice;", "pure"),
    ("server/base/a.cpp", '#include "platform/sql/sql.hpp"', "direction"),
    ("server/platform/sql/a.cpp", '#include "modules/ticket/rules/ticket.hpp"', "direction"),
    (STORE, '#include "platform/sql/sql.hpp"', None),
    (STORE, '#include "modules/customer/rules/customer.hpp"', None),
    (STORE, '#include "modules/customer/store/customers.hpp"', "direction"),
    (STORE, '#include "api/problem.hpp"', "direction"),
    (EDGE, '#include "modules/ticket/store/tickets.hpp"', None),
    (EDGE, '#include "modules/customer/store/customers.hpp"', "direction"),
    (EDGE, '#include "modules/customer/edge/routes.hpp"', "direction"),
    ("server/app/main.cpp", '#include "modules/customer/store/customers.hpp"', None),
    (RULES, "auto now = std::chrono::system_clock::now();", "time"),
    (EDGE, "auto now = std::chrono::steady_clock::now();", "time"),
    (EDGE, "auto now = time(nullptr);", "time"),
    (EDGE, "// never system_clock::now() here", None),
    (EDGE, "x = steady_clock::now();  // check-sources: allow(time) measures its own work", None),
    (EDGE, "// check-sources: allow(time) measures its own work\nx = steady_clock::now();", None),
    (EDGE, "x = steady_clock::now();  // check-sources: allow(sql) another rule", "time"),
    ("server/platform/http/session.cpp", "deadline = std::chrono::steady_clock::now() + limit;", None),
    ("server/platform/http/session.cpp", "auto now = std::chrono::system_clock::now();", "time"),
    ("server/platform/clock/clock.cpp", "return std::chrono::system_clock::now();", None),
    (STORE, 'const Statement find{"find", "SELECT id FROM ticket"};', None),
    (STORE, 'const Statement find{"find", "SELECT * FROM ticket"};', "columns"),
    (STORE, 'const Statement count{"count", "SELECT count(*) FROM ticket"};', None),
    (EDGE, 'const Statement find{"find", "SELECT id FROM ticket"};', "sql"),
    (EDGE, 'auto sql = R"(INSERT INTO ticket VALUES ($1))";', "sql"),
    (EDGE, 'const char* text = "Select a ticket";', None),
    (EDGE, "std::regex pattern{text};", "regex"),
    (EDGE, "#include <curl/curl.h>", "outgoing"),
    ("server/platform/outgoing/client.cpp", "#include <curl/curl.h>", None),
    ("server/base/a_test.cpp", "std::this_thread::sleep_for(1s);", "sleep"),
    ("tests/fault/a_test.cpp", "sleep(1);", "sleep"),
    ("tests/bench/a_bench.cpp", "std::this_thread::sleep_until(next_beat);", None),
    ("web/src/modules/ticket/useTicket.ts", "const r = await fetch('/api')", "fetch"),
    ("web/src/modules/ticket/useTicket.ts", "const r = await query.fetch('/api')", None),
    ("web/src/modules/ticket/useTicket.ts", "await refetch()", None),
    ("web/src/api/client.ts", "const r = await fetch('/api')", None),
    ("web/src/app/live.ts", "new WebSocket(url)", "fetch"),
    (EDGE, "// TODO later", "todo"),
    ("docs/a.md", "see /home/someone/notes", "machine_path"),
    ("docs/a.md", "https://example.org/home/page/", None),
    ("docs/a.md", "as asked in issue 12", "issue_number"),
    ("docs/a.md", "the issue of 2 cores", None),
    ("web/package-lock.json", '"resolved": "https://some.host/a.tgz"', "registry"),
    ("server/base/a.hpp", "struct A {};", "pragma_once"),
]


def problems_of(files):
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text + "\n", encoding="utf-8")
        return check_sources.check(root)


class CheckSources(unittest.TestCase):
    def test_finds_what_is_banned_and_only_that(self):
        for name, text, rule in CASES:
            with self.subTest(name=name, text=text):
                problems = problems_of({name: text})
                if rule is None:
                    self.assertEqual(problems, [])
                else:
                    self.assertEqual(len(problems), 1, problems)
                    self.assertIn(f"[{rule}]", problems[0])

    def test_finds_modules_that_need_each_other(self):
        problems = problems_of({
            "server/modules/a/rules/a.cpp": '#include "modules/b/rules/b.hpp"',
            "server/modules/b/rules/b.cpp": '#include "modules/c/rules/c.hpp"',
            "server/modules/c/rules/c.cpp": '#include "modules/a/rules/a.hpp"',
        })
        self.assertEqual(problems, ["server/modules: [cycle] a -> b -> c -> a"])

    def test_names_file_and_line(self):
        problems = problems_of({RULES: "\n\nstd::mt19937 dice;"})
        self.assertTrue(problems[0].startswith(f"{RULES}:3: "), problems)


if __name__ == "__main__":
    unittest.main()
