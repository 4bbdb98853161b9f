"""merge-openapi joins fragments and names each thing that is wrong in them."""

import contextlib
import importlib.machinery
import importlib.util
import io
import json
import pathlib
import tempfile
import unittest

LOADER = importlib.machinery.SourceFileLoader("merge_openapi", str(pathlib.Path(__file__).with_name("merge-openapi")))
merge_openapi = importlib.util.module_from_spec(importlib.util.spec_from_loader("merge_openapi", LOADER))
LOADER.exec_module(merge_openapi)

ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
BASE = {"openapi": "3.1.0", "paths": {}, "components": {"parameters": {"Id": ID}}}


def operation(name="get_slip", **more):
    return {"operationId": name, "x-permission": "signed_in", "parameters": [{"$ref": "#/components/parameters/Id"}], **more}


def body(schema, example):
    return {"content": {"application/json": {"schema": schema, "example": example}}}


GOOD = {"paths": {"/slips/{id}": {"get": operation()}}}
CLOSED = {"type": "object", "additionalProperties": False, "required": ["reason"], "properties": {"reason": {"type": "string", "maxLength": 5}}}

# what is wrong, the fragments beside the base, what is said about it
CASES = [
    ("a path twice", [GOOD, {"paths": {"/slips/{id}": {"get": operation("again")}}}], "path /slips/{id} get is also in"),
    ("a schema twice", [{**GOOD, "components": {"schemas": {"Slip": {}}}}, {"components": {"schemas": {"Slip": {}}}}], "schemas Slip is also in"),
    ("an operation's name twice", [GOOD, {"paths": {"/slips/{id}": {"put": operation()}}}], "operationId get_slip is also that of"),
    ("a reference to nothing", [{"paths": {"/slips/{id}": {"get": operation(x={"$ref": "#/components/schemas/Gone"})}}}], "Gone leads nowhere"),
    ("a schema that nobody uses", [{**GOOD, "components": {"schemas": {"Alone": {}}}}], "nothing refers to it"),
    ("a hole without its parameter", [GOOD, {"paths": {"/slips/{id}/{part}": {"get": operation("part")}}}], "{part} is not among"),
    ("no permission", [{"paths": {"/slips/{id}": {"get": {"operationId": "x", "parameters": [ID]}}}}], "x-permission is missing"),
    ("an unfit name", [{"paths": {"/slips/{id}": {"get": operation("getSlip")}}}], "not in snake_case"),
    ("an example with an unknown field", [GOOD, {"paths": {"/slips/{id}": {"post": operation("a", requestBody=body(CLOSED, {"reason": "x", "y": 1}))}}}], "unknown y"),
    ("an example that lacks a field", [GOOD, {"paths": {"/slips/{id}": {"post": operation("a", requestBody=body(CLOSED, {}))}}}], "lacks reason"),
    ("an example that is too long", [GOOD, {"paths": {"/slips/{id}": {"post": operation("a", requestBody=body(CLOSED, {"reason": "xxxxxx"}))}}}], "out of bounds"),
    ("an example of the wrong type", [GOOD, {"paths": {"/slips/{id}": {"post": operation("a", requestBody=body(CLOSED, {"reason": True}))}}}], "must be string"),
]


class MergeOpenapi(unittest.TestCase):
    def merge(self, fragments, *options):
        """@returns exit code, complaints, and the merged document or None"""
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            merge_openapi.ROOT, merge_openapi.BASE = root, root / "server/api/openapi.json"
            for path, text in [("server/api", BASE)] + [(f"server/modules/m{at}", each) for at, each in enumerate(fragments)]:
                (root / path).mkdir(parents=True)
                (root / path / "openapi.json").write_text(text if isinstance(text, str) else json.dumps(text), encoding="utf-8")
            written, complaints = root / "build/openapi.json", io.StringIO()
            with contextlib.redirect_stderr(complaints):
                code = merge_openapi.main([str(written), *options])
            return code, complaints.getvalue(), json.loads(written.read_text()) if written.exists() else None

    def test_joins_paths_and_components(self):
        schema = {"paths": {"/slips/{id}": {"put": operation("put_slip", x={"$ref": "#/components/schemas/Slip"})}}, "components": {"schemas": {"Slip": {}}}}
        code, complaints, document = self.merge([GOOD, schema])
        self.assertEqual((code, complaints), (0, ""))
        self.assertEqual(set(document["paths"]["/slips/{id}"]), {"get", "put"})
        self.assertEqual(set(document["components"]), {"parameters", "schemas"})
        self.assertEqual(document["openapi"], "3.1.0")

    def test_names_what_is_wrong_and_writes_nothing(self):
        for name, fragments, said in CASES:
            with self.subTest(name):
                code, complaints, document = self.merge(fragments)
                self.assertEqual(code, 1)
                self.assertIn(said, complaints)
                self.assertIsNone(document)

    def test_a_name_twice_in_one_object_is_not_lost(self):
        code, complaints, _ = self.merge([json.dumps(GOOD)[:-1] + ', "paths": {}}'])
        self.assertEqual(code, 1)
        self.assertIn("“paths” twice", complaints)

    def test_check_writes_nothing(self):
        self.assertEqual(self.merge([GOOD], "--check"), (0, "", None))

    def test_literals_are_cut_between_letters(self):
        text = "首" * merge_openapi.CHUNK_BYTES
        chunks = merge_openapi.as_cpp(text).split('R"openapi(')[1:]
        self.assertGreater(len(chunks), 2)
        self.assertEqual("".join(chunk.split(')openapi"')[0] for chunk in chunks), text)


if __name__ == "__main__":
    unittest.main()
