#!/usr/bin/env python3
"""docs/awry.md names a scene for each of its rows, and docs/agreements.md one for each kind of rule: a test of that name stands in the
source."""
import os
import pathlib
import re
import unittest

SOURCE = pathlib.Path(os.environ["WIDEBERTH_SOURCE_DIR"])
ROWS_AT_LEAST = 19


def tests_of_the_source():
    tests = set()
    for file in (SOURCE / "src").rglob("*_test.cpp"):
        tests.update(f"{suite}.{name}" for suite, name in
                     re.findall(r"^(?:TEST|TEST_F|TEST_P|RC_GTEST_PROP)\((\w+), (\w+)", file.read_text(), re.M))
    return tests


class Awry(unittest.TestCase):
    def test_every_kind_of_rule_has_its_scene(self):
        tests = tests_of_the_source()
        table = re.search(r"kRuleKindNames = \{(.*?)\}", (SOURCE / "src/model/rules_text.h").read_text(), re.S)
        kinds = set(re.findall(r'"(\w+)"', table.group(1)))
        self.assertGreater(len(kinds), 15)
        rows = dict(re.findall(r"^\| `(\w+)` \| (`\w+\.\w+`.*) \|$", (SOURCE / "docs" / "agreements.md").read_text(), re.M))
        self.assertEqual(set(rows), kinds)
        for kind, scenes in rows.items():
            for scene in re.findall(r"`(\w+\.\w+)`", scenes):
                self.assertIn(scene, tests, f"no such test: {kind}")

    def test_every_scene_is_a_test(self):
        tests = tests_of_the_source()
        rows = [line for line in (SOURCE / "docs" / "awry.md").read_text().splitlines()
                if line.startswith("| ") and not line.startswith("| what happens")]
        self.assertGreaterEqual(len(rows), ROWS_AT_LEAST)
        for row in rows:
            scenes = re.findall(r"`(\w+\.\w+)`", row.rstrip("|").rsplit("|", 1)[1])
            self.assertTrue(scenes, f"no scene: {row}")
            for scene in scenes:
                self.assertIn(scene, tests, f"no such test: {row}")


if __name__ == "__main__":
    unittest.main()
