#!/usr/bin/env python3
"""docs/awry.md names a scene for each of its rows: a test of that name stands in the source."""
import os
import pathlib
import re
import unittest

SOURCE = pathlib.Path(os.environ["WIDEBERTH_SOURCE_DIR"])
ROWS_AT_LEAST = 19


class Awry(unittest.TestCase):
    def test_every_scene_is_a_test(self):
        tests = set()
        for file in (SOURCE / "src").rglob("*_test.cpp"):
            tests.update(f"{suite}.{name}" for suite, name in
                         re.findall(r"^(?:TEST|TEST_F|TEST_P|RC_GTEST_PROP)\((\w+), (\w+)", file.read_text(), re.M))
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
