"""The demo's texts fit the API that they are sent through, and name only what the demo has."""

import importlib.machinery
import importlib.util
import json
import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
LOADER = importlib.machinery.SourceFileLoader("merge_openapi", str(pathlib.Path(__file__).with_name("merge-openapi")))
merge_openapi = importlib.util.module_from_spec(importlib.util.spec_from_loader("merge_openapi", LOADER))
LOADER.exec_module(merge_openapi)

FRAGMENTS = [ROOT / "server/api/openapi.json", *sorted(ROOT.glob("server/modules/*/openapi.json"))]
LOGINS = """admin manager1 supervisor1 agent1 agent2 agent3 agent4 tech1 tech_head quality1 production1 aftersales1 hr1 inspector1
leader1 merchant1_admin merchant1_agent merchant2_agent auditor1""".split()
STATES = ("talk", "note", "progress", "promise", "solution", "waiting", "escalation", "dissatisfied", "rating", "cancel")


def demo(name):
    return json.loads((ROOT / "data/demo" / name).read_text(encoding="utf-8"))


def without_empty(record):
    return {name: value for name, value in record.items() if value is not None}


class DemoData(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        faults = merge_openapi.Faults()
        cls.document = merge_openapi.merge([(str(path), merge_openapi.load(path, faults)) for path in FRAGMENTS], faults)
        cls.centre = demo("organisation.json")
        cls.stories = demo("stories.json")

    def assert_fits(self, schema, value, place):
        faults = merge_openapi.Faults()
        merge_openapi.check_value(self.document, schema, value, place, faults)
        self.assertEqual(faults, [])

    def body_of(self, command):
        operation = self.document["paths"][f"/tickets/{{id}}/commands/{command}"]["post"]
        return operation["requestBody"]["content"]["application/json"]["schema"]

    def test_the_logins_of_the_contract_are_there_and_units_exist(self):
        self.assertLessEqual(set(LOGINS), {person["login"] for person in self.centre["staff"]})
        known = set()
        for unit in self.centre["units"]:
            self.assertTrue(unit["parent"] is None or unit["parent"] in known, unit)
            known.add(unit["key"])
        for person in self.centre["staff"]:
            self.assertIn(person["unit"], known)
            self.assertRegex(person["login"], r"^[a-z0-9][a-z0-9._-]{1,39}$")

    def test_every_story_can_be_taken_in_and_classified(self):
        for story in self.stories:
            taken = {name: story[name] for name in ("channel", "subject", "content", "demand", "class", "category")}
            self.assert_fits({"$ref": "#/components/schemas/NewTicket"}, {**without_empty(taken), "customer": {"name": "林静怡"}}, story["subject"])
            if story["cancel"] is None:
                words = ("class", "category", "grade", "complexity", "in_scope", "emotion")
                self.assert_fits(self.body_of("classify"), {name: story[name] for name in words}, story["subject"])

    def test_every_story_fits_the_commands_that_tell_it(self):
        at = {"expected_at": "2026-11-23T09:00:00.000Z"}
        for story in self.stories:
            bodies = {"cancel": {"reason": story["cancel"]}, "note": {"content": story["note"]}, "tell_progress": {"content": story["progress"]},
                      "wait_for_customer": {"reason": story["waiting"]}, "escalate": {"reason": story["escalation"]},
                      "rate": story["rating"], "promise": story["promise"] and {**story["promise"], **at}}
            if story["cancel"] is None:
                bodies["give_result"] = {name: story[name] for name in ("handling", "solution", "result")}
                bodies["propose_solution"] = {"solution": story["solution"], "steps": story["steps"], **at}
            for command, body in bodies.items():
                if body and any(value is not None for value in body.values()):
                    self.assert_fits(self.body_of(command), without_empty(body), f"{story['subject']}: {command}")

    def test_stories_name_places_and_merchants_of_the_centre(self):
        streets = {(area["name"], street) for area in self.centre["areas"] for street in area["streets"]}
        merchants = {unit["name"] for unit in self.centre["units"] if unit["kind"] == "merchant"}
        for story in self.stories:
            if story["area"]:
                self.assertIn((story["area"], story["street"]), streets)
            if story["merchant"]:
                self.assertIn(story["merchant"], merchants)

    def test_there_are_stories_for_every_state_class_channel_and_language(self):
        self.assertGreaterEqual(len(self.stories), 60)
        for state in STATES:
            self.assertTrue(any(story[state] for story in self.stories), state)
        schemas = self.document["components"]["schemas"]
        for field, words in (("class", schemas["TicketClass"]), ("channel", schemas["Channel"]), ("grade", schemas["Grade"])):
            self.assertLessEqual(set(words["enum"]), {story[field] for story in self.stories})
        self.assertLessEqual({"zh-CN", "zh-TW", "en"}, {story["language"] for story in self.stories})
        self.assertLessEqual({story["language"] for story in self.stories}, {person["language"] for person in demo("customers.json")})

    def test_articles_and_scripts_can_be_saved(self):
        for article in demo("articles.json"):
            self.assert_fits({"$ref": "#/components/schemas/ArticleFields"}, article, article["title"])
        scripts = demo("scripts.json")
        for script in scripts:
            self.assert_fits({"$ref": "#/components/schemas/ScriptFields"}, script, script["title"])
        self.assertEqual(len({script["shortcut"] for script in scripts}), len(scripts))

    def test_the_matrix_names_what_the_centre_and_the_policy_have(self):
        units = {unit["key"]: unit for unit in self.centre["units"]}
        people = {person["login"]: person for person in self.centre["staff"]}
        areas = {name for area in self.centre["areas"] for name in (area["name"], *area["streets"])}
        keys = set()
        for line in demo("matrix.json"):
            key = tuple(line[name] for name in ("class", "category", "area", "merchant"))
            self.assertNotIn(key, keys)
            keys.add(key)
            self.assertTrue(line["area"] is None or line["area"] in areas, line)
            self.assertTrue(line["merchant"] is None or units[line["merchant"]]["kind"] == "merchant", line)
            self.assertTrue(line["person"] is None or people[line["person"]]["unit"] == line["lead"], line)
            for key_of_unit in (line["lead"], line["teller"] or line["lead"], *(each["unit"] for each in line["cooperating"])):
                self.assertIn(key_of_unit, units)
        self.assertIn((None, None, None, None), keys)

    def test_nobody_real_can_be_reached(self):
        for person in demo("customers.json"):
            self.assertRegex(person["phone"], r"^1\d\d0000\d{4}$")
            self.assertTrue(person["email"] is None or person["email"].endswith("@example.com"))
        texts = json.dumps([self.stories, demo("articles.json"), demo("scripts.json")], ensure_ascii=False)
        self.assertEqual(re.findall(r"1\d{10}", texts), [])


if __name__ == "__main__":
    unittest.main()
