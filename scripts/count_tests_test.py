"""count-tests counts cases, and never takes a runner that died for one that passed."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

PROGRAM = pathlib.Path(__file__).with_name("count-tests")


def count(runner, text):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "report"
        if text is not None:
            path.write_text(text, encoding="utf-8")
        done = subprocess.run([sys.executable, PROGRAM, runner, path], capture_output=True, text=True, check=True)
        return done.stdout.strip()


def junit(status, output):
    return f'<testsuite><testcase name="unit" status="{status}"><system-out>{output}</system-out></testcase></testsuite>'


CASES = [
    ("two cases", "ctest", junit("run", "[       OK ] A.b (0 ms)\n[       OK ] A.c (12 ms)"), "2 0 0"),
    ("one of them failed", "ctest", junit("fail", "[       OK ] A.b (0 ms)\n[  FAILED  ] A.c (1 ms)\n[  FAILED  ] A.c"), "1 1 0"),
    ("skipped", "ctest", junit("run", "[  SKIPPED ] A.b (0 ms)"), "0 0 1"),
    ("crashed after a case", "ctest", junit("fail", "[       OK ] A.b (0 ms)\n[ RUN      ] A.c"), "1 1 0"),
    ("a program of another kind", "ctest", junit("run", "fine"), "1 0 0"),
    ("another kind, failed", "ctest", junit("fail", "bad"), "0 1 0"),
    ("no report", "ctest", None, "0 1 0"),
    ("half a report", "ctest", "<testsuite>", "0 1 0"),
    ("web", "vitest", '{"success":true,"numPassedTests":5,"numFailedTests":0,"numPendingTests":1}', "5 0 1"),
    ("web, a file that did not load", "vitest", '{"success":false,"numPassedTests":5,"numFailedTests":0,"numPendingTests":0}', "5 1 0"),
    ("browser", "playwright", '{"stats":{"expected":3,"unexpected":1,"flaky":1,"skipped":2}}', "4 1 2"),
    ("browser, no report", "playwright", "", "0 1 0"),
]


class CountTests(unittest.TestCase):
    def test_counts(self):
        for name, runner, text, then in CASES:
            with self.subTest(name):
                self.assertEqual(count(runner, text), then)


if __name__ == "__main__":
    unittest.main()
