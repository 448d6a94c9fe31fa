#!/usr/bin/env python3
"""What a person reads of what parties wrote: nothing in it looks like a line of the program, and nothing of a notice is left out.

All of it is invented."""
import datetime
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cli_test import AGREEMENT, Served, feature  # noqa: E402

FORGED = "MV-FAKE-00  movement of red, standing; entry 40"
HOSTILE = "Seen.\n    blue: answered, entry 38\n" + FORGED + "\n” (Col. X): “We agree."
PLACES = ((42.14, 37.177), (42.10, 37.15), (42.05, 37.10), (42.00, 37.05), (41.95, 37.0))


def ago(minutes):
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=minutes)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def long_drive():
    """Five places with their own times, and all that a notice may say."""
    drive = feature("long", 0, PLACES)
    begin = datetime.datetime.strptime(drive["properties"]["earliest"][0], "%Y-%m-%dT%H:%M:%SZ")
    at = lambda m: (begin + datetime.timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M:%SZ")
    drive["properties"] |= {
        "earliest": [at(20 * i) for i in range(5)], "latest": [at(20 * i + 7) for i in range(5)], "column_length_m": 412.5, "emergency": True,
        "names": ["Mill (invented)", "", "Ford (invented)", "", "Depot (invented)"], "purpose": HOSTILE, "reason": "Life at stake.",
        "unit": "2nd Column (invented)", "focal_point": "Sgt. C.", "marking": {"day": True, "night": False, "thermal": True},
        "composition": {"vehicles": [{"type": "M-ATV", "count": 4}], "people": 17,
                        "escorts": [{"type": "pickup", "count": 2, "armed": True, "of": "red"}]},
        "holding_points": [{"name": "the well", "place": [42.07, 37.12]}],
        "alternates": [{"name": "south", "coordinates": [[42.14, 37.177], [42.06, 37.03], [41.95, 37.0]], "half_width_m": 70,
                        "earliest": [at(0), at(41), at(80)], "latest": [at(7), at(49), at(87)]}]}
    return drive, at


class PartyText(Served):
    def read(self, key, *arguments):
        """What is printed, in which nobody's words begin a line."""
        out, _ = self.as_(key, *arguments)
        for line in out.splitlines():
            if "Seen." not in line:
                self.assertFalse(line.lstrip().startswith(("blue: answered, entry 38", "MV-FAKE")), (arguments, out))
                self.assertFalse(line.startswith("”"), (arguments, out))
        return out

    def test_nobody_writes_a_line_of_the_program(self):
        drive, _ = long_drive()
        self.put("red.geojson", drive)
        ident = self.told("red-ops", "notify", "red.geojson", "--agreement", self.agreement)["id"]
        self.told("red-ops", "suspend", ident, "--reason", HOSTILE, "--at", "the well")
        self.told("blue-ops", "query", ident, "--person", "A", "--question", HOSTILE)
        shown = [self.read("red-ops", "inbox"), self.read("red-ops", "show", ident)]
        self.told("red-ops", "reply", ident, "--person", "R", "--answer", HOSTILE)
        self.told("red-ops", "say", "message", HOSTILE, "--class", "query", "--person", "R")
        self.told("red-ops", "call", "log", HOSTILE, "--with", "blue", "--person", "R", "--spoke-with", "B", "--occurred", ago(3), "--heard", HOSTILE)
        self.told("red-ops", "sighting", "report", "--type", "truck", "--place", "37.177N 42.14E", "--within", "200", "--seen", ago(9),
                  "--observer", "Post 4", "--remark", HOSTILE)
        reading = self.told("red-ops", "agree", "read", self.agreement, "--clause", "3.1", "--text", HOSTILE)
        proposal = json.loads(AGREEMENT.read_text())
        proposal["rules"][0]["text"] = HOSTILE
        self.put("hostile.json", proposal)
        hostile = self.told("red-ops", "agree", "propose", "hostile.json")["id"]
        for what in (["inbox"], ["show", ident], ["say", "list"], ["call", "list"], ["sighting", "list", "--all"], ["show", self.agreement],
                     ["show", hostile], ["show", str(reading["index"])]):
            shown.append(self.read("blue-ops", *what))
        for what in (["show", "movements"], ["show", "agreements"], ["show", "findings"], ["show", "deadlines"], ["show", "conflicts"],
                     ["relay", "list"], ["alert", "list"]):
            self.read("blue-ops", *what)
        day = ["--day", drive["properties"]["earliest"][0][:10]]
        shown += [self.read("red-ops", "show", ident), self.read("red-ops", "sheet", *day)]
        for text in shown[:2] + shown[2:6] + shown[7:9] + shown[10:]:
            self.assertIn("Seen.\n    |     blue: answered, entry 38\n    | " + FORGED + "\n    | ’ (Col. X): ‘We agree.”", text)

    def test_show_and_sheet_tell_the_whole_of_a_notice(self):
        drive, at = long_drive()
        self.put("blue.geojson", drive)
        ident = self.told("blue-ops", "notify", "blue.geojson", "--agreement", self.agreement)["id"]
        self.told("blue-ops", "suspend", ident, "--reason", "A wheel.", "--at", "the well")
        day = ["--day", drive["properties"]["earliest"][0][:10]]
        corridor = ["EMERGENCY", "vehicle, 50 m to each side, column of 412.5 m", "or goes  “south”, 70 m to each side:", "suspended", "A wheel."]
        for i, (longitude, latitude) in enumerate(PLACES):
            corridor += [f"{i + 1}.  {latitude:.5f}", f"{longitude:.5f}", f"{at(20 * i)} to {at(20 * i + 7)}"]
        corridor += [f"2.  {37.03:.5f}", f"{at(41)} to {at(49)}"]  # of the alternate
        full = ["“Ford (invented)”", "may wait at  “the well”", "vehicles  4 “M-ATV”", "escort  2 “pickup” of “red”, armed", "people  17",
                "marking  seen by day, by thermal sensor", "unit  “2nd Column (invented)”", "call  “Sgt. C.”", "reason  “Life at stake.”"]
        for command in (["show", ident], ["sheet", *day]):
            own, theirs = self.as_("blue-ops", *command)[0], self.as_("red-ops", *command)[0]
            for wanted in corridor:
                self.assertIn(wanted, own, command)
                self.assertIn(wanted, theirs, command)
            for wanted in full:  # the agreement gives red the corridor
                self.assertIn(wanted, own, command)
                self.assertNotIn(wanted, theirs, command)

    def test_a_sender_is_told_whom_a_notice_does_not_reach(self):
        self.put("one.geojson", feature("one", 0))
        self.assertEqual(self.told("blue-ops", "notify", "one.geojson", "--agreement", self.agreement)["warned"], [])
        self.assertNotIn("withdr", self.as_("blue-ops", "inbox")[0])
        self.told("red-ops", "agree", "withdraw", self.agreement, "--reason", "Invented.")
        waiting, _ = self.as_("blue-ops", "inbox")
        self.assertIn("red has withdrawn", waiting)
        self.assertIn("1 notice of yours stands under it", waiting)
        self.put("two.geojson", feature("two", 5))
        out, _ = self.as_("blue-ops", "notify", "two.geojson", "--agreement", self.agreement)
        self.assertIn("it does not reach red, which withdrew from " + self.agreement, out)
        left = self.told("blue-ops", "inbox")["withdrawals"]
        self.assertEqual([(w["party"], w["left"], w["own_standing"]) for w in left], [("red", True, 2)])

    def test_the_inbox_goes_by_what_presses(self):
        far = feature("far", 0, hours=60)
        self.put("far.geojson", far)
        near = feature("near", 0, PLACES[:2], hours=3)
        near["properties"] |= {"emergency": True, "reason": "Life at stake."}
        self.put("near.geojson", near)
        late = self.told("red-ops", "notify", "far.geojson", "--agreement", self.agreement)["id"]
        soon = self.told("red-ops", "notify", "near.geojson", "--agreement", self.agreement)["id"]
        hold = self.told("red-ops", "say", "message", "Halt.", "--class", "hold", "--person", "R", "--answer-within", "1800")["id"]
        text, _ = self.as_("blue-ops", "inbox")
        order = [text.index(each) for each in (hold, soon, late)]
        self.assertEqual(order, sorted(order), text)


if __name__ == "__main__":
    unittest.main(argv=sys.argv, defaultTest=[f"PartyText.{name}" for name in vars(PartyText) if name.startswith("test_")])
