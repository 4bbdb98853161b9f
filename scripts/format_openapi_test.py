"""format-openapi changes how a document looks and nothing else."""

import importlib.machinery
import importlib.util
import json
import pathlib
import unittest

LOADER = importlib.machinery.SourceFileLoader("format_openapi", str(pathlib.Path(__file__).with_name("format-openapi")))
format_openapi = importlib.util.module_from_spec(importlib.util.spec_from_loader("format_openapi", LOADER))
LOADER.exec_module(format_openapi)

FRAGMENTS = sorted(format_openapi.ROOT.glob("server/modules/*/openapi.json"))


class FormatOpenapi(unittest.TestCase):
    def test_keeps_values_and_order_and_is_stable(self):
        self.assertGreater(len(FRAGMENTS), 5)
        for path in FRAGMENTS:
            value = json.loads(path.read_text(encoding="utf-8"))
            text = format_openapi.pretty(value)
            self.assertEqual(json.dumps(json.loads(text)), json.dumps(value))
            self.assertEqual(format_openapi.pretty(json.loads(text)), text)

    def test_short_things_share_a_line_and_long_ones_do_not(self):
        self.assertEqual(format_openapi.pretty({"type": "string", "maxLength": 200}), '{"type": "string", "maxLength": 200}')
        self.assertEqual(format_openapi.pretty({"enum": ["订单" * 40, "x" * 80]}).count("\n"), 5)
        for line in format_openapi.pretty({"enum": [f"word_{at}" for at in range(100)]}).splitlines():
            self.assertLessEqual(len(line), format_openapi.WIDTH + 1)


if __name__ == "__main__":
    unittest.main()
