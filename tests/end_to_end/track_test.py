#!/usr/bin/env python3
"""Tracks by the program itself: reported from a file, read back, one fix proved offline. All of it is invented."""
import datetime
import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cli_test import AGREEMENT, REFUSED, USAGE, Served  # noqa: E402


def rows(unit, count, lat=37.0, minute=0):
    return [f"{unit},2020-08-25T06:{minute:02}:{s:02}Z,{lat + s * 1e-4:.7f},42.1000000,4.7,11.180" for s in range(count)]


class Tracks(Served):
    HEADER = "unit,time,lat,lon,accuracy_m,speed_mps"

    def report(self, key, lines, *more):
        self.put("track.csv", "\n".join([self.HEADER, *lines]) + "\n")
        out, _ = self.as_(key, "track", "report", "track.csv", *more, "--json")
        return [json.loads(line) for line in out.splitlines()]

    def show(self, key, *more):
        return [json.loads(line) for line in self.as_(key, "track", "show", *more, "--json")[0].splitlines()]

    def test_reported_shown_and_proved(self):
        told = self.report("blue-ops", rows("b-1", 40) + rows("b-2", 20, 37.1), "--agreement", self.agreement, "--batch", "25")
        self.assertEqual([(t["fixes"], t["next"]) for t in told], [(25, 25), (25, 50), (10, 60)])
        self.assertTrue(all(t["verified"] and t["kind"] == "positions.reported" for t in told))
        fixes = self.show("blue-ops", "b-1")
        self.assertEqual(len(fixes), 40)
        self.assertEqual([f["time"] for f in fixes], sorted(f["time"] for f in fixes))
        self.assertEqual((fixes[7]["place"], fixes[7]["accuracy_m"], fixes[7]["speed_mps"]), ([42.1, 37.0007], 4.7, 11.18))
        some = self.show("blue-ops", "b-1", "--since", "2020-08-25T06:00:10Z", "--until", "2020-08-25T06:00:12Z")
        self.assertEqual(some, fixes[10:13])
        self.assertEqual(self.show("blue-ops", "b-1", "--as-of", str(told[0]["index"])), fixes[:25])
        units = [json.loads(line) for line in self.as_("blue-ops", "track", "units", "--json")[0].splitlines()]
        self.assertEqual([(u["unit"], u["fixes"]) for u in units], [("b-1", 40), ("b-2", 20)])
        self.assertIn("fix 3", self.as_("blue-ops", "track", "show", "b-1")[0])
        self.assertIn("b-1  40 fixes", self.as_("blue-ops", "track", "units")[0])

        # The agreement says nothing of positions: the other side sees nothing, and is not told that there is anything.
        hour = ["--party", "blue", "--since", "2020-08-25T06:00:00Z", "--until", "2020-08-25T07:00:00Z"]
        self.assertEqual(self.show("red-ops", "b-1", *hour), [])
        self.refused("track_span", "red-ops", "track", "show", "b-1", "--party", "blue")
        self.refused("entry_unknown", "red-ops", "show", str(fixes[0]["entry"]))
        self.prove(fixes[30])

    def test_a_warning_to_both_sides(self):
        agreement = json.loads((pathlib.Path(AGREEMENT)).read_text())
        agreement["name"] += ", with warnings"
        agreement["rules"].append({"clause": "99.1", "text": "Each side is warned. Invented.", "kind": "positions", "from": "*", "to": "*", "use": "warnings"})
        self.put("warned.json", agreement)
        ident = self.told("blue-ops", "agree", "propose", "warned.json")["id"]
        self.told("red-ops", "agree", "sign", ident)
        now = datetime.datetime.now(datetime.timezone.utc)
        at = lambda s: (now + datetime.timedelta(seconds=s)).strftime("%Y-%m-%dT%H:%M:%SZ")
        for key, unit, start, way in (("blue-ops", "b-1", 37.1, 1e-4), ("red-ops", "r-1", 37.102, -1e-4)):
            self.report(key, [f"{unit},{at(s - 6)},{start + way * s:.7f},42.1000000,4.7,11.1" for s in range(6)], "--agreement", ident)
        for key, own, other in (("blue-ops", "b-1", "red"), ("red-ops", "r-1", "blue")):
            told, _ = self.as_(key, "watch", "--for", "2", "--lines")
            self.assertRegex(told, f"(warning|caution): {own} and a unit of {other}'s")
            self.assertNotIn("r-1" if own == "b-1" else "b-1", told)
        self.as_("blue-ops", "watch", "--for", "x", code=USAGE)

    def prove(self, fix):
        entry, index = str(fix["entry"]), str(fix["index"])
        proved = self.told("blue-ops", "track", "prove", entry, index, "--out", "shown")
        self.assertEqual((proved["fix"]["time"], proved["fix"]["place"]), (fix["time"], fix["place"]))
        self.assertEqual(sorted(p.name for p in (self.dir / "shown").iterdir()),
                         sorted([f"{entry}-{index}.item-proof", entry + ".leaf", entry + ".tlog-proof"]))
        check = ["track", "check", "p", "--leaf", f"shown/{entry}.leaf", "--receipt", f"shown/{entry}.tlog-proof", "--policy", "log/policy"]
        good = (self.dir / "shown" / f"{entry}-{index}.item-proof").read_bytes()
        (self.dir / "p").write_bytes(good)
        self.stop()
        shown = json.loads(self.run_here(*check, "--json")[0])
        self.assertTrue(shown["holds"])
        self.assertEqual((shown["fix"]["unit"], shown["fix"]["place"], shown["signer"]), ("b-1", fix["place"], "blue/ops"))
        self.assertIn("It holds.", self.run_here(*check)[0])
        for at in range(0, len(good), 5):
            changed = bytearray(good)
            changed[at] ^= 1
            (self.dir / "p").write_bytes(changed)
            self.run_here(*check, code=REFUSED)

    def test_what_a_file_gets_wrong(self):
        self.put("bad.csv", self.HEADER + "\n" + rows("b-1", 1)[0] + "\nb-1,2020-08-25T06:00:01Z,97,42,,\n")
        out, err = self.as_("blue-ops", "track", "report", "bad.csv", "--json", code=REFUSED)
        self.assertIn("row 3", json.loads(out)["where"] + err)
        self.put("theirs.csv", "unit,party,time,lat,lon\nr-1,red,2020-08-25T06:00:00Z,37,42\n")
        self.refused("notification_party", "blue-ops", "track", "report", "theirs.csv")
        self.put("none.csv", self.HEADER + "\n")
        self.refused("position_batch", "blue-ops", "track", "report", "none.csv")
        self.put("one.csv", "\n".join([self.HEADER, *rows("b-1", 1)]))
        self.as_("blue-ops", "track", "report", "one.csv", "--batch", "0", code=USAGE)
        self.as_("blue-ops", "track", "report", "one.csv", "--batch", "10001", code=USAGE)
        self.as_("blue-ops", "track", "prove", "x", "1", "--out", "shown", code=USAGE)
        self.refused("position_batch", "blue-ops", "track", "prove", "0", "0", "--out", "shown")
        told = self.report("blue-ops", rows("b-1", 3), "--from-fix", "2")
        self.assertEqual([t["fixes"] for t in told], [1])
        self.refused("position_batch", "blue-ops", "track", "prove", str(told[0]["index"]), "1", "--out", "shown")

    def test_a_key_for_positions_alone(self):
        self.run_here("key", "new", "blue/tracker", "--out", "blue-tracker", "--no-passphrase")
        self.told("blue-root", "key", "add", "blue-tracker.vkey", "--kind", "positions.*")
        self.assertEqual(len(self.report("blue-tracker", rows("b-1", 3))), 1)
        self.refused("key_scope", "blue-tracker", "agree", "sign", self.agreement)
        entry = self.told("blue-ops", "show", str(self.show("blue-ops", "b-1")[0]["entry"]))
        self.assertEqual(len(entry["parts"]["full"]), 3)
        self.assertIn("3 fixes", self.as_("blue-ops", "show", str(entry["index"]))[0])

    def test_both_sides_are_warned(self):
        """Two invented vehicles report that they stand 20 m from each other, under an agreement that lets both be used."""
        agreement = json.loads(AGREEMENT.read_text())
        agreement["rules"].append({"clause": "9.1", "text": "Positions are used for warnings.", "kind": "positions",
                                   "from": "*", "to": "*", "use": "warnings"})
        self.put("more.json", agreement)
        ident = self.told("blue-ops", "agree", "propose", "more.json")["id"]
        self.told("red-ops", "agree", "sign", ident)
        for step in range(3):
            now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
            for side, lat in (("blue", 37.1 + step * 1e-4), ("red", 37.1012 - step * 1e-4)):
                self.put("now.csv", f"unit,time,lat,lon\n{side}-1,{now},{lat:.7f},42.0\n")
                self.as_(side + "-ops", "track", "report", "now.csv", "--agreement", ident)
            time.sleep(1)
        alerts = {side: [json.loads(line) for line in self.as_(side + "-ops", "alert", "list", "--json")[0].splitlines()]
                  for side in ("blue", "red", "observer")}
        self.assertGreaterEqual(len(alerts["blue"]), 1)
        self.assertEqual(len(alerts["blue"]), len(alerts["red"]))
        self.assertEqual(len(alerts["observer"]), 2 * len(alerts["red"]))
        mine = alerts["red"][0]
        self.assertEqual((mine["told"], mine["raised"]["unit"], mine["raised"]["other_party"]), ("red", "red-1", "blue"))
        self.assertNotIn("other_unit", mine["raised"])
        self.assertIn("red-1 and one of blue's", self.as_("red-ops", "alert", "list")[0])
        entry = str(mine["entry"])
        self.refused("entry_unknown", "blue-ops", "show", entry)
        self.refused("alert_unknown", "blue-ops", "alert", "ack", entry, "--person", "A", "--post", "B")
        self.told("red-ops", "alert", "ack", entry, "--person", "A", "--post", "B")
        later = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.told("red-ops", "alert", "snooze", entry, "--person", "A", "--reason", "The bridge.", "--until", later)
        self.assertIn("closed: snoozed", self.as_("red-ops", "alert", "list", "--all")[0])
        self.assertNotIn(f"entry {entry} ", self.as_("red-ops", "alert", "list")[0])


if __name__ == "__main__":
    own = [f"Tracks.{name}" for name in vars(Tracks) if name.startswith("test_")]  # not those that Served brings along
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]], defaultTest=own)
