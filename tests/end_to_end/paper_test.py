#!/usr/bin/env python3
"""Acts on paper that are filed later, and sightings held against what their owner has stated, by the program itself.

All of it is invented."""
import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cli_test import AGREEMENT, Served, feature  # noqa: E402
from hotline_test import ago  # noqa: E402


class Paper(Served):
    def by_telephone(self, minutes, person="Maj. A. (invented)"):
        return ["--on-paper", "telephone", "--on-paper-at", ago(minutes), "--on-paper-by", person]

    def test_a_notice_that_was_given_by_telephone_is_shown_beside_the_miss(self):
        self.put("late.json", feature("late", 0, hours=10))  # where a day is owed
        self.refused("paper_act", "blue-ops", "notify", "late.json", "--agreement", self.agreement, "--on-paper", "telephone")
        out = json.loads(self.as_("blue-ops", "notify", "late.json", "--agreement", self.agreement, *self.by_telephone(16 * 60), "--json")[0])
        self.assertTrue(out["late_notice"])
        deadlines = self.as_("red-ops", "show", "deadlines")[0]
        self.assertIn("met on paper, filed later", deadlines)
        self.assertIn("missed", deadlines)
        ended = self.told("red-ops", "show", "deadlines")["ended"]
        act = str(ended[0]["met_on_paper"]["entry"])
        listed = self.as_("red-ops", "paper", "list")[0]
        self.assertIn("by Maj. A. (invented): telephone", listed)
        self.told("red-ops", "paper", "dispute", act, "--person", "Col. D.", "--reason", "Nobody rang us.")
        self.refused("answered_already", "red-ops", "paper", "confirm", act, "--person", "Col. D.")
        self.refused("hotline_unknown", "blue-ops", "paper", "confirm", act, "--person", "Maj. A.")  # one's own
        self.assertEqual(self.as_("red-ops", "paper", "list")[0], "")
        self.assertIn("disputed by red", self.as_("blue-ops", "paper", "list", "--all")[0])
        self.told("red-ops", "ack", out["id"], "--person", "Col. D.", "--post", "Desk", *self.by_telephone(1, "Col. D."))
        self.assertIn("notification.acknowledged", self.as_("blue-ops", "paper", "list")[0])

    def test_a_sighting_that_does_not_fit_the_presence_that_was_stated(self):
        agreement = json.loads(AGREEMENT.read_text())
        agreement["rules"].append({"clause": "5.4", "text": "Red has no more than this in the eastern area.", "kind": "presence", "party": "red",
                                   "area": "essa", "classes": [{"platform_class": "vehicle", "called": ["truck"], "most": 6}], "notice_s": 0})
        self.put("present.json", agreement)
        ident = self.told("blue-ops", "agree", "propose", "present.json")["id"]
        self.told("red-ops", "agree", "sign", ident)
        self.assertIn("red in essa (clause 5.4 of %s): at most 6 vehicle" % ident, self.as_("blue-ops", "presence", "list")[0])
        self.refused("presence_list", "red-ops", "presence", "state", ident, "--clause", "5.4", "--class", "vehicle many", "--reason", "x")
        self.refused("presence_list", "blue-ops", "presence", "state", ident, "--clause", "5.4", "--reason", "x")
        self.told("red-ops", "presence", "state", ident, "--clause", "5.4", "--class", "vehicle 2 truck BTR", "--reason", "A company is relieved.")
        self.assertEqual(self.told("observer-ops", "presence", "list")["presence"][0]["classes"][0]["most"], 2)
        time.sleep(1.1)  # the list holds from when it was received; what was seen is told by the second
        seen = self.told("blue-ops", "sighting", "report", "--agreement", ident, "--count", "3", "--type", "BTR", "--place", "37.177N 42.14E",
                         "--within", "200", "--seen", ago(0), "--observer", "Post 4")["id"]
        self.told("red-ops", "sighting", "answer", seen, "ours", "--person", "Col. D.")
        for desk in ("blue-ops", "red-ops"):
            self.assertIn('blue saw 3 "BTR"; red stated 2 in its presence in essa (vehicle, truck, BTR); both stand',
                          self.as_(desk, "show", "findings")[0])


if __name__ == "__main__":
    # Not those that Served brings along.
    own = [f"Paper.{name}" for name in vars(Paper) if name.startswith("test_")]
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]], defaultTest=own)
