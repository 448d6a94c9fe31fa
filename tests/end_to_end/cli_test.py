#!/usr/bin/env python3
"""The program as its users have it: real files, a real server on loopback, every command, every exit code.

Everything in it is invented but the names of places."""
import base64
import datetime
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

PROGRAM = os.environ["WIDEBERTH"]
SOURCE = pathlib.Path(os.environ["WIDEBERTH_SOURCE_DIR"])
AGREEMENT = SOURCE / "tests/data/agreement-dayrik-invented.json"
PATROL = SOURCE / "tests/data/movement-invented.geojson"
DONE, REFUSED, USAGE, NOT_NOW = 0, 1, 2, 3


def run(*arguments, cwd, env=None, code=DONE):
    """Runs a command and checks its exit code; gives (stdout, stderr)."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("WIDEBERTH")}
    done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=cwd, env={**clean, **(env or {})}, capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=60)
    if done.returncode != code:
        raise AssertionError(f"{arguments}: exit code {done.returncode}, not {code}\n{done.stdout}{done.stderr}")
    return done.stdout, done.stderr


def feature(ident, minutes, coordinates=((42.14, 37.177), (41.95, 37.0)), hours=30, party=None, width=50):
    """A straight drive that starts `hours` from now and some minutes, for 90 minutes, ten early or late at each end."""
    start = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=hours)
    at = lambda m: (start + datetime.timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M:%SZ")
    properties = {"earliest": [at(minutes), at(minutes + 90)], "latest": [at(minutes + 10), at(minutes + 100)], "half_width_m": width}
    if party:
        properties["party"] = party
    return {"type": "Feature", "id": ident, "geometry": {"type": "LineString", "coordinates": coordinates}, "properties": properties}


def seconds_later(instant, seconds):
    at = datetime.datetime.strptime(instant, "%Y-%m-%dT%H:%M:%SZ") + datetime.timedelta(seconds=seconds)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Folder(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="wideberth-cli-"))
        self.addCleanup(shutil.rmtree, self.dir)

    def run_here(self, *arguments, **more):
        return run(*arguments, cwd=self.dir, **more)

    def put(self, name, value):
        (self.dir / name).write_text(value if isinstance(value, str) else json.dumps(value))
        return name


class Offline(Folder):
    def test_analyse_finds_the_encounter(self):
        tracks = SOURCE / "scenarios/dayrik/tracks.csv"
        out, _ = self.run_here("analyse", tracks, "--agreement", SOURCE / "scenarios/dayrik/agreement.json", "--json")
        found = json.loads(out)
        kinds = {each["conduct"] for each in found["encounters"][0]["candidates"]}
        self.assertLessEqual({"tailing", "blocking", "contact", "boxing-in", "low-overflight"}, kinds)
        raised = sorted(each["alert"] for each in found["alerts"] if each["change"] == "raised")
        self.assertEqual(raised, sorted(each["alert"] for each in found["alerts"] if each["change"] == "closed"))
        again, _ = self.run_here("analyse", tracks, "--agreement", SOURCE / "scenarios/dayrik/agreement.json", "--json")
        self.assertEqual(out, again)
        self.put("bad.csv", "unit,party,time,lat,lon\nA,red,2020-08-25T07:00:00Z,97,42\nA,red,2020-08-25T07:00:00Z,37,42\n")
        out, _ = self.run_here("analyse", "bad.csv", "--json", code=REFUSED)
        self.assertEqual(json.loads(out)["refused"]["records"][0]["where"], "bad.csv: row 2, column lat")
        self.run_here("analyse", "none.csv", code=NOT_NOW)
        self.run_here("replay", tracks, "--speed", "0", "--lines")

    def test_alibi(self):
        self.put("a.csv", "unit,party,time,lat,lon\nA,red,2020-08-25T07:00:00Z,37.1,42.1\nA,red,2020-08-25T08:00:00Z,37.2,42.2\n")
        self.put("b.csv", "unit,party,time,lat,lon\nB,blue,2020-08-25T07:00:00Z,37.1,42.2\nB,blue,2020-08-25T08:00:00Z,37.2,42.1\n")
        answer = lambda *more: json.loads(self.run_here("alibi", "a.csv", "b.csv", "--json", *more)[0])
        self.assertEqual(answer("--speed", "10", "--within", "100")["could_have_met"], "yes")
        self.assertEqual(answer("--speed", "3", "--within", "100")["could_have_met"], "cannot be said")
        self.assertEqual(answer("--speed", "3.96", "--within", "10")["could_have_met"], "yes")  # straight across at the bound: in the middle
        self.put("c.csv", "unit,party,time,lat,lon\nC,blue,2020-08-25T07:00:00Z,37.3,42.3\nC,blue,2020-08-25T08:00:00Z,37.3,42.3\n")
        out, _ = self.run_here("alibi", "a.csv", "c.csv", "--speed", "4", "--within", "100", "--json")
        self.assertEqual(json.loads(out)["could_have_met"], "no")
        self.run_here("alibi", "a.csv", "b.csv", code=USAGE)

    def test_watch_locally(self):
        out, _ = self.run_here("watch", "--local", SOURCE / "scenarios/dayrik/tracks.csv", "--party", "blue", "--recorded", "--lines",
                               "--disclosed", SOURCE / "scenarios/dayrik/red-patrol-amended.geojson")
        self.assertIn("comes within", out)
        self.run_here("watch", "-", code=USAGE)

    def test_help_everywhere(self):
        out, _ = self.run_here("--help")
        commands = re.findall(r"^  ([a-z][a-z-]*)  ", out, re.M)
        wanted = "init serve key notify inbox receipt ack object unit-informed amend withdraw show verify rebuild check agree answer complete outcome"
        for name in wanted.split():
            self.assertIn(name, commands)
        for name in commands:
            out, _ = self.run_here(name, "--help")
            self.assertIn("Exit codes: 0 done", out)
            for sub in re.findall(r"^  ([a-z][a-z-]*)  ", out.split("Subcommands:")[1], re.M) if "Subcommands:" in out else [""]:
                out, _ = self.run_here(*filter(None, (name, sub)), "--help")
                self.assertIn("Example: wideberth " + name, out, (name, sub))

    def test_wrong_usage(self):
        for arguments in (["frob"], ["key"], ["key", "new"], ["check", "a"], ["check", "a", "--separation", "many"], ["show", "frob"],
                          ["verify", "a", "--leaf"], ["rebuild", "x", "--as-of", "soon"], ["answer", "MV-NME2-JZ", "maybe"]):
            desk = ["--server", "http://127.0.0.1:1", "--key", "k", "--policy", "p"] if arguments[0] in ("show", "answer") else []
            person = ["--person", "x"] if arguments[0] == "answer" else []
            _, err = self.run_here(*arguments, *desk, *person, code=USAGE)
            self.assertTrue(err.strip(), arguments)
        # Where the line asks for JSON, the problem is a document too.
        for arguments in (["init", "log", "--origin", "x", "--operator", "x", "--party", "blue"], ["frob"], ["check", "a"],
                          ["init", "log", "--origin", "x", "--operator", "x", "--checkpoint-every=-3"],
                          ["check", "a", "--separation", "1e3"], ["check", "a", "--separation", "1000001"],
                          ["inbox", "--server", "ftp://x", "--key", "k", "--policy", "p"], ["serve", "x", "--tls-cert", "c"],
                          ["demo", "--scenario", SOURCE / "scenarios/dayrik", "--ending", "nonesuch"], ["rebuild", "x", "--as-of", "soon"]):
            out, err = self.run_here(*arguments, "--json", code=USAGE)
            self.assertIn("urn:wideberth:rule:", json.loads(out)["type"], arguments)
            self.assertTrue(err.strip(), arguments)
        self.assertIn("0 to 1000000", self.run_here("check", "a", "--separation", "1e3", code=USAGE)[1])
        out, _ = self.run_here("demo", "--scenario", "nonesuch", "--json", code=REFUSED)
        self.assertEqual(json.loads(out)["type"], "urn:wideberth:rule:scenario_unknown")

    def test_keys(self):
        self.put("pw", "a long passphrase\n")
        out, _ = self.run_here("key", "new", "blue/ops-1", "--out", "k", "--passphrase-file", "pw")
        self.assertRegex(out, r"^blue/ops-1\+[0-9a-f]{8}\+")
        self.assertEqual((self.dir / "k").stat().st_mode & 0o777, 0o600)
        self.assertEqual((self.dir / "k.vkey").read_text(), out)
        kept = (self.dir / "k").read_bytes()
        _, err = self.run_here("key", "new", "blue/ops-1", "--out", "k", "--no-passphrase", code=REFUSED)
        self.assertIn("file_exists", err)
        self.assertEqual((self.dir / "k").read_bytes(), kept)
        shown = json.loads(self.run_here("key", "show", "k", "--json")[0])
        self.assertEqual((shown["vkey"], shown["passphrase"]), (out.strip(), True))
        self.run_here("key", "new", "blue/ops-1", "--out", "n", code=REFUSED)  # no terminal to ask at
        self.assertFalse((self.dir / "n").exists())
        self.run_here("key", "new", "bl ue", "--out", "n", "--no-passphrase", code=REFUSED)
        self.run_here("key", "new", "blue/x", "--out", "no/n", "--no-passphrase", code=NOT_NOW)
        made = json.loads(self.run_here("key", "new", "blue/x", "--out", "x", "--no-passphrase", "--json")[0])
        self.assertEqual(made, {"name": "blue/x", "vkey": (self.dir / "x.vkey").read_text().strip(), "key": "x", "public": "x.vkey",
                                "passphrase": False})

    def test_init_and_rebuild(self):
        for party in ("blue", "red"):
            self.run_here("key", "new", party + "/root", "--out", party, "--no-passphrase")
        init = ["init", "log", "--origin", "invented.example/log", "--operator", "Nobody", "--party", "blue=blue.vkey:Blue",
                "--party", "red=red.vkey"]
        self.run_here(*init[:-1], "red=blue.vkey", code=REFUSED)
        self.run_here(*init[:-1], "red", code=USAGE)
        self.run_here(*init[:-1], "red=none.vkey", code=NOT_NOW)
        self.assertFalse((self.dir / "log").exists())
        self.run_here(*init)
        self.run_here(*init, code=REFUSED)
        self.assertEqual((self.dir / "log/server.key").stat().st_mode & 0o777, 0o600)
        told = json.loads(self.run_here("rebuild", "log", "--verify", "--dump", "dump", "--json")[0])
        self.assertEqual((told["size"], told["holds"], told["signatures_verified"]), (1, True, True))
        self.assertEqual(json.loads((self.dir / "dump").read_text())["size"], 1)
        self.run_here("rebuild", "log", "--as-of", "1", code=REFUSED)
        self.run_here("rebuild", "none", code=REFUSED)
        # Another policy beside it: the log is whole, and not the one that was pinned.
        self.run_here("key", "new", "invented.example/log", "--out", "other", "--no-passphrase")
        self.put("log/policy", "log " + (self.dir / "other.vkey").read_text() + "quorum none\n")
        self.run_here("rebuild", "log")
        self.assertIn("log_key_mismatch", self.run_here("rebuild", "log", "--verify", code=REFUSED)[1])

    def test_check(self):
        red = self.put("red.geojson", {"type": "FeatureCollection", "features": [
            feature("r1", 0, party="red"), feature("r2", 5, party="red"), feature("far", 0, ((10, 10), (10, 10.5)), party="red")]})
        turned = feature("b1", 0, ((41.95, 37.0), (42.14, 37.177)), party="blue")
        blue = self.put("blue.geojson", turned)
        out, _ = self.run_here("check", blue, red, "--separation", "500", "--json")
        conflicts = json.loads(out)["conflicts"]
        self.assertEqual([(c["a"], c["b"]) for c in conflicts], [("b1", "r1"), ("b1", "r2")])
        for c in conflicts:
            self.assertEqual(list(c)[:4], ["a", "b", "kind", "least_m"])
            for key in ("least_possible_m", "window", "place", "mgrs", "delay_set_s", "advice"):
                self.assertIn(key, c)
            self.assertLess(c["least_possible_m"], 600)
        mirrored = json.loads(self.run_here("check", red, blue, "--separation", "500", "--json")[0])["conflicts"]
        self.assertEqual([(c["a"], c["b"]) for c in mirrored], [("r1", "b1"), ("r2", "b1")])
        for one, other in zip(conflicts, mirrored):
            self.assertEqual([[-h, -l] for l, h in reversed(other["delay_set_s"])], one["delay_set_s"])
            self.assertEqual((one["window"], one["place"], one["kind"]), (other["window"], other["place"], other["kind"]))
        self.assertEqual(json.loads(self.run_here("check", red, "--separation", "500", "--json")[0]), {"conflicts": [], "clear_all": []})
        said, _ = self.run_here("check", blue, red, "--separation", "500")
        self.assertIn("2 conflicts among 4 movements", said)
        # The shift that clears both at once is no less than that of either, and asking again with it finds nothing.
        all_of = {each["movement"]: each for each in json.loads(out)["clear_all"]}
        self.assertEqual({name: each["conflicts"] for name, each in all_of.items()}, {"b1": 2, "r1": 1, "r2": 1})
        later = all_of["b1"]["clear_shift_s"]["later"]
        self.assertEqual(later, max(c["clear_shift_s"]["later"] for c in conflicts))
        self.assertIn("b1: all 2 conflicts clear if b1 leaves ", said)
        self.assertNotIn("r1: ", said)
        shifted = json.loads(json.dumps(turned))
        for name in ("earliest", "latest"):
            shifted["properties"][name] = [seconds_later(each, later) for each in turned["properties"][name]]
        shifted = json.loads(self.run_here("check", self.put("shifted.geojson", shifted), red, "--separation", "500", "--json")[0])
        self.assertFalse([c for c in shifted["conflicts"] if c["kind"] != "possible"])
        # An id is the file and the place in it where the feature has none; the same id twice is refused.
        del turned["id"]
        self.put("blue.geojson", turned)
        out, _ = self.run_here("check", blue, red, "--separation", "500", "--json")
        self.assertEqual(json.loads(out)["conflicts"][0]["a"], "blue.geojson:0")
        _, err = self.run_here("check", red, red, "--separation", "500", code=REFUSED)
        self.assertIn("name_twice", err)
        turned["properties"]["latest"] = turned["properties"]["latest"][::-1]
        self.put("blue.geojson", turned)
        out, _ = self.run_here("check", blue, "--separation", "500", "--json", code=REFUSED)
        self.assertIn("urn:wideberth:rule:", json.loads(out)["type"])
        self.run_here("check", "none.geojson", "--separation", "500", code=NOT_NOW)
        self.put("far.geojson", feature("b1", 0, ((1e308, 37.0), (42.14, 37.177)), party="blue"))
        out, _ = self.run_here("check", "far.geojson", "--separation", "500", "--json", code=REFUSED)
        self.assertIn("longitude -180..180", json.loads(out)["accepted"])


class Served(Folder):
    """A served log with blue, red and an observer, each with a desk, and an agreement in force."""

    def setUp(self):
        super().setUp()
        for party in ("blue", "red", "observer"):
            for desk in ("root", "ops"):
                self.run_here("key", "new", f"{party}/{desk}", "--out", f"{party}-{desk}", "--no-passphrase")
        self.run_here("init", "log", "--origin", "invented.example/log", "--operator", "Nobody", "--party", "blue=blue-root.vkey",
                      "--party", "red=red-root.vkey", "--observer", "observer=observer-root.vkey", "--checkpoint-every", "0.1")
        self.start()
        self.addCleanup(self.stop)
        for party in ("blue", "red", "observer"):
            self.as_("%s-root" % party, "key", "add", f"{party}-ops.vkey")
        self.agreement = self.told("blue-ops", "agree", "propose", AGREEMENT)["id"]
        self.told("red-ops", "agree", "sign", self.agreement)

    def start(self):
        with open(self.dir / "server.log", "a") as log:
            self.server = subprocess.Popen([PROGRAM, "serve", "log", "--listen", "127.0.0.1:0", "--state-dump", "dump", "--json"],
                                           cwd=self.dir, stdout=subprocess.PIPE, stderr=log, text=True)
        ready = json.loads(self.server.stdout.readline())
        self.assertEqual((ready["log"], ready["pid"]), ("invented.example/log", self.server.pid))
        self.url = ready["serving"]

    def stop(self):
        if self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
        code = self.server.wait(timeout=30)
        self.server.stdout.close()
        return code

    def as_(self, key, *arguments, code=DONE):
        env = {"WIDEBERTH_SERVER": self.url, "WIDEBERTH_POLICY": "log/policy", "WIDEBERTH_RECEIPTS": "receipts-" + key,
               "WIDEBERTH_KEY": key}
        return self.run_here(*arguments, env=env, code=code)

    def told(self, key, *arguments):
        return json.loads(self.as_(key, *arguments, "--json")[0])

    def refused(self, rule, key, *arguments, code=REFUSED):
        out, err = self.as_(key, *arguments, "--json", code=code)
        self.assertEqual(json.loads(out)["type"], "urn:wideberth:rule:" + rule, err)
        self.assertIn("Not done.", err)

    def instant(self, minutes):
        """So many minutes after a moment 30 hours ahead, the same for the whole test."""
        if not hasattr(self, "ahead"):
            self.ahead = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=30)
        return (self.ahead + datetime.timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def sheet(self, sites, convoys, more=()):
        """Invented: sites on a grid that the agreement's area holds, convoys two by two on rows of it, a day and more ahead."""
        rows = ["id,subject,places,names,earliest,latest,organisation,consent,marking,vehicles"]
        day, end = self.instant(0), self.instant(60 * 24 * 10)
        for i in range(sites):
            lat, lon = 37.02 + 0.009 * (i // 20), 41.82 + 0.012 * (i % 20)
            rows.append(f"site-{i},site,{lat:.4f}N {lon:.4f}E,Clinic {i} (invented),{day},{end},Aid (invented),yes,{'day' if i == 1 else 'day night'},")
        for i in range(convoys):
            lat = 37.03 + 0.006 * (i // 2)
            ends = (41.85, 42.05) if i % 2 == 0 else (42.05, 41.85)
            rows.append(f"convoy-{i},movement,{lat:.4f}N {ends[0]}E; {lat:.4f}N {ends[1]}E,,{self.instant(0)}; {self.instant(60)},"
                        f"{self.instant(5)}; {self.instant(65)},Aid (invented),yes,day,6 lorry; 1 car")
        self.put("sheet.csv", "\r\n".join([*rows, *more]) + "\r\n")

    def lines(self, key, *arguments, code=0):
        return [json.loads(line) for line in self.as_(key, *arguments, "--json", code=code)[0].splitlines()]

    def test_a_sheet_of_300_sites_and_40_convoys_is_filed_once(self):
        filing = ["notify", "--from", "sheet.csv", "--agreement", self.agreement]
        self.sheet(300, 40, [f"bad,site,37.1N 420E,Nowhere,{self.instant(0)},{self.instant(900)},Aid,yes,,"])
        refused, = self.lines("blue-ops", *filing, code=REFUSED)
        self.assertEqual((refused["refused"], refused["where"]), ("place_out_of_range", "row 342, column places, place 1"))
        self.assertEqual(self.told("blue-ops", "show", "movements")["movements"], [], "nothing is filed")
        _, err = self.as_("blue-ops", *filing, code=REFUSED)
        self.assertIn("Nothing was filed", err)

        self.sheet(300, 40, [f"again,site,37.9N 41.9E,CLINIC 7 (invented),{self.instant(0)},{self.instant(900)},Aid,yes,,",
                             f"near,site,37.0203N 41.8200E,Other,{self.instant(0)},{self.instant(900)},Aid,yes,,"])
        begun = time.monotonic()
        rows = self.lines("blue-ops", *filing)
        print(f"340 notices filed with receipts and findings in {time.monotonic() - begun:.2f} s", file=sys.stderr)
        self.assertEqual(len(rows), 342)
        filed = [row for row in rows if row["id"]]
        self.assertEqual(len(filed), 340)
        self.assertEqual([row["same_as"] for row in rows if not row["id"]], ["row 9", "row 2"])
        self.assertEqual({row["refused"] for row in rows}, {None})
        self.assertEqual([filed[0]["reminders"], filed[1]["reminders"]], [[], ["night_marking"]])
        self.assertEqual(len(list((self.dir / "receipts-blue-ops").glob("*.tlog-proof"))) >= 340, True)
        again = self.lines("blue-ops", *filing)
        self.assertEqual(sum(row["stands_already"] for row in again), 340)
        self.assertEqual([row["id"] for row in again], [row["id"] for row in rows])
        self.assertIn("again  the same site as " + rows[7]["id"], self.as_("blue-ops", *filing)[0])
        told = self.told("red-ops", "inbox")["movements"]
        self.assertEqual(len(told), 340, "each was delivered")

        # A site is renewed; what is bad in some rows does not stop the others where that is asked for.
        site = rows[0]["id"]
        self.assertIn(site, [each["id"] for each in self.told("blue-ops", "inbox")["ends_soon"]])
        self.refused("span_backwards", "blue-ops", "notify", "--renew", site, "--until", self.instant(0))
        self.refused("notification_subject", "blue-ops", "notify", "--renew", filed[-1]["id"], "--until", self.instant(60 * 24 * 30))
        self.told("blue-ops", "notify", "--renew", site, "--until", self.instant(60 * 24 * 60))
        self.assertEqual(len(self.told("blue-ops", "show", site)["revisions"]), 2)
        self.assertNotIn(site, [each["id"] for each in self.told("blue-ops", "inbox")["ends_soon"]])
        self.put("sheet.csv", self.as_("blue-ops", "notify", "--template")[0] + "x,site\r\n")
        rows = self.lines("blue-ops", *filing, "--good-rows", code=REFUSED)
        self.assertEqual([row.get("refused") for row in rows][0], "csv_row")
        self.as_("blue-ops", *filing, "--renew", site, code=2)

    def test_a_notification_from_filing_to_its_end(self):
        self.put("blue.geojson", feature("b1", 0, ((41.95, 37.0), (42.14, 37.177))))
        self.put("red.geojson", feature("r1", 0))
        filed = self.told("blue-ops", "notify", "blue.geojson", "--agreement", self.agreement)
        ident = filed["id"]
        self.assertRegex(ident, "^MV-")
        self.assertEqual((filed["conflicts"], filed["late_notice"]), ([], None))
        out, _ = self.as_("red-ops", "notify", "red.geojson", "--agreement", self.agreement)
        self.assertIn("conflict with " + ident, out)

        waiting = self.told("red-ops", "inbox")["movements"]
        self.assertEqual([(m["id"], m["owed"]) for m in waiting], [(ident, ["receipt", "ack", "answer", "unit-informed"])])
        self.assertIsNotNone(waiting[0]["due"])
        self.assertEqual([m["owed"] for m in self.told("observer-ops", "inbox")["movements"]], [["receipt"], ["receipt"]])

        self.told("red-ops", "receipt", ident)
        self.refused("answered_already", "red-ops", "receipt", ident)
        person = ["--person", "Maj. Invented"]
        self.refused("echo_differs", "red-ops", "ack", ident, *person, "--post", "Desk", "--echo", "10N 10E")
        self.refused("place_ambiguous", "red-ops", "ack", ident, *person, "--post", "Desk", "--echo", "37.177 42.14")
        _, err = self.as_("red-ops", "ack", ident, *person, "--post", "Desk")
        self.assertIn("37.1770000N 42.1400000E", err)
        self.assertIn("38SKG", err)
        self.refused("answer_regime", "red-ops", "answer", ident, "no-objection", *person)
        self.told("red-ops", "answer", ident, "not-agreed", *person, "--reason", "The bridge is closed.")
        self.told("red-ops", "object", ident, *person, "--reason", "Our convoy is there.", "--clause", "3.1")
        shown = self.told("red-ops", "show", ident)
        slip = shown["revisions"][0]["slip_code"]
        self.refused("slip_code", "red-ops", "unit-informed", ident, "--post", "Checkpoint 4", *person, "--slip", "00000Z")
        # An answer has closed the deadline of the acknowledgement, whether it was acknowledged or not.
        self.assertEqual([m["owed"] for m in self.told("red-ops", "inbox")["movements"]], [["unit-informed"]])
        self.told("red-ops", "unit-informed", ident, "--post", "Checkpoint 4", *person, "--slip", slip)
        self.assertEqual(self.told("red-ops", "inbox")["movements"], [])
        self.assertTrue(self.told("blue-ops", "show", ident)["revisions"][0]["handling"]["red"]["slip_quoted"])

        self.put("later.geojson", feature("b1", 240, ((41.95, 37.0), (42.14, 37.177))))
        out, _ = self.as_("blue-ops", "amend", ident, "later.geojson", "--reason", "Four hours later.")
        self.assertNotIn("conflict with", out)
        self.assertEqual(len(self.told("red-ops", "inbox")["movements"]), 1)
        self.refused("window_future", "blue-ops", "complete", ident)
        self.refused("notification_party", "red-ops", "withdraw", ident, "--reason", "Not ours.")
        self.refused("notification_unknown", "blue-ops", "receipt", ident)
        self.refused("notification_hold", "blue-ops", "resume", ident)
        self.told("blue-ops", "suspend", ident, "--reason", "Fire near the bridge.", "--at", "the mill")
        self.assertEqual(self.told("red-ops", "show", ident)["held"]["at"], "the mill")
        self.assertEqual(self.told("blue-ops", "inbox")["suspended"], [ident])
        self.told("blue-ops", "resume", ident, "--note", "By the south.")
        self.refused("query_unknown", "blue-ops", "reply", ident, *person, "--answer", "It is.")
        self.told("red-ops", "query", ident, *person, "--question", "Is the bus part of it?")
        self.refused("query_open", "red-ops", "query", ident, *person, "--question", "And the van?")
        asked, = self.told("blue-ops", "inbox")["questions"]
        self.assertEqual((asked["id"], asked["by"], asked["question"]), (ident, "red", "Is the bus part of it?"))
        self.told("blue-ops", "reply", ident, *person, "--answer", "It is, with 22 people.")
        self.assertEqual(self.told("red-ops", "show", ident)["queries"][0]["answer"], "It is, with 22 people.")
        self.assertIn("22 people", self.as_("red-ops", "show", ident)[0])
        self.told("blue-ops", "withdraw", ident, "--reason", "The road is washed out.")
        self.told("blue-ops", "outcome", ident, "cancelled")
        self.told("red-ops", "outcome", ident, "denied")
        counted = {each["party"]: each for each in self.told("observer-ops", "outcome", "--counts")["parties"]}
        self.assertEqual((counted["blue"]["differ"], counted["blue"]["stated"][1]["denied"]), (1, 1))
        self.assertIn("by red 1 denied", self.as_("observer-ops", "outcome", "--counts")[0])
        self.as_("blue-ops", "outcome", "--counts", ident, "denied", code=2)
        self.as_("blue-ops", "outcome", ident, code=2)
        self.assertEqual(self.told("red-ops", "show", ident)["standing"], "withdrawn")
        self.assertEqual(self.told("red-ops", "show", ident, "--as-of", str(filed["index"] + 3))["standing"], "standing")
        for what in ("movements", "agreements", "conflicts", "deadlines", "keys", ident, self.agreement, str(filed["index"])):
            self.assertTrue(self.as_("observer-ops", "show", what)[0].strip(), what)

        # What each side holds proves itself with no server.
        self.as_("observer-ops", "show", ident, "--save", "saved")
        self.server.send_signal(signal.SIGUSR1)
        self.assertEqual(self.stop(), 0)
        proofs = [p for folder in ("receipts-red-ops", "receipts-blue-ops", "saved") for p in (self.dir / folder).glob("*.tlog-proof")]
        self.assertGreater(len(proofs), 20)
        for proof in proofs:
            told = json.loads(self.run_here("verify", proof, "--leaf", proof.with_suffix(".leaf"), "--policy", "log/policy", "--parts",
                                            proof.with_suffix(".parts.json"), "--json")[0])
            self.assertEqual((told["holds"], told["index"]), (True, int(proof.stem)))
            self.assertTrue(any(part["checked"] for part in told["entry"]["parts"]), proof)
        self.check_parts(filed["index"])
        self.run_here("rebuild", "log", "--verify", "--dump", "again")
        self.assertEqual((self.dir / "dump").read_text(), (self.dir / "again").read_text())

    def check_parts(self, index):
        """What blue notified, by the commitments alone: as docs/receipts.md says, and with the command."""
        stem = self.dir / "receipts-blue-ops" / str(index)
        kept = json.loads(stem.with_suffix(".parts.json").read_text())
        self.assertEqual(stem.with_suffix(".parts.json").stat().st_mode & 0o777, 0o600)
        leaf = stem.with_suffix(".leaf").read_text()
        for part in kept["parts"]:
            salt, said = base64.b64decode(part["salt"]), base64.b64decode(part["bytes"])
            commitment = base64.b64encode(hashlib.sha256(salt + said).digest()).decode()
            self.assertIn(f"part {part['name']} {part['media_type']} {len(said)} {commitment}\n", leaf)
        self.assertEqual(json.loads(base64.b64decode(kept["parts"][0]["bytes"]))["id"], "b1")
        verify = ["verify", stem.with_suffix(".tlog-proof"), "--leaf", stem.with_suffix(".leaf"), "--policy", "log/policy"]
        self.assertIn("what its parts say (full, corridor)", self.run_here(*verify)[0])
        self.assertNotIn("what its parts say", self.run_here(*verify, "--parts", stem.with_suffix(".parts.json"))[0])
        said = bytearray(said)
        said[0] ^= 1
        kept["parts"][-1]["bytes"] = base64.b64encode(said).decode()
        _, err = self.run_here(*verify, "--parts", self.put("bent.json", kept), code=REFUSED)
        self.assertIn("part_untrue", err)
        self.run_here(*verify, "--parts", self.put("none.json", {"parts": []}), code=REFUSED)
        self.run_here(*verify, "--parts", "missing.json", code=NOT_NOW)

    def test_the_same_file_again_files_what_does_not_stand(self):
        route = ((41.95, 37.0), (42.14, 37.177))
        features = [feature("b1", 0, route), feature("b2", 200, route), feature("b3", 400, ((37.0, 41.95), (37.177, 42.14))),
                    feature("b4", 600, route)]
        self.put("many.geojson", {"type": "FeatureCollection", "features": features})
        notify = ["notify", "many.geojson", "--agreement", self.agreement]
        out, err = self.as_("blue-ops", *notify, "--json", code=REFUSED)
        *stand, problem = [json.loads(line) for line in out.splitlines()]
        ids = [each["id"] for each in stand]
        self.assertEqual((len(ids), problem["type"]), (2, "urn:wideberth:rule:place_outside_area"))
        self.assertIn("many.geojson, feature 2: /geometry", err)
        self.assertIn(f"these stand: 0 is {ids[0]}, 1 is {ids[1]}. Feature 2 was refused; 3 was not sent", err)
        features[2] = feature("b3", 400, route)
        self.put("many.geojson", {"type": "FeatureCollection", "features": features})
        out, _ = self.as_("blue-ops", *notify)
        for ident in ids:
            self.assertIn(ident + " stands already: the same notice", out)
        self.assertIn("2 were filed and 2 stood already", out)
        told = [json.loads(line) for line in self.as_("blue-ops", *notify, "--json")[0].splitlines()]
        self.assertEqual([each.get("stands_already") for each in told], [True] * 4)
        self.assertEqual(len(self.told("blue-ops", "show", "movements")["movements"]), 4)
        # Nevertheless; and two that say the same are two notices, of which each stands once.
        self.put("one.geojson", features[0])
        again = self.told("blue-ops", "notify", "one.geojson", "--agreement", self.agreement, "--again")
        self.assertNotIn(again["id"], ids)
        self.put("twice.geojson", {"type": "FeatureCollection", "features": [features[0]] * 3})
        out, _ = self.as_("blue-ops", "notify", "twice.geojson", "--agreement", self.agreement)
        self.assertIn("1 were filed and 2 stood already", out)
        # What was withdrawn stands no more.
        self.told("blue-ops", "withdraw", ids[1], "--reason", "Not today.")
        self.put("one.geojson", features[1])
        self.assertIn("received", self.told("blue-ops", "notify", "one.geojson", "--agreement", self.agreement))
        # A file that does not read is told before anything is asked.
        stopped = ["--server", "http://127.0.0.1:1"]
        self.as_("blue-ops", "notify", self.put("bad", "{"), "--agreement", self.agreement, *stopped, code=REFUSED)
        self.as_("blue-ops", "notify", "one.geojson", "--agreement", self.agreement, *stopped, code=NOT_NOW)

    def test_a_late_notice_is_told(self):
        self.put("late.geojson", feature("b1", 0, ((41.95, 37.0), (42.14, 37.177)), hours=5))
        filed = self.told("blue-ops", "notify", "late.geojson", "--agreement", self.agreement)
        self.assertEqual((filed["late_notice"]["clause"], filed["conflicts"]), ("2.1", []))
        missed = self.told("blue-ops", "show", str(filed["late_notice"]["entry"]))
        self.assertEqual((missed["kind"], missed["parts"]["full"]["revision"]), ("deadline.missed", filed["index"]))
        self.put("red.geojson", feature("r1", 0, hours=5))
        out, _ = self.as_("red-ops", "notify", "red.geojson", "--agreement", self.agreement)
        self.assertIn("late: its notice was owed by", out)
        self.assertIn("conflict with " + filed["id"], out)
        self.put("later.geojson", feature("b1", 10, ((41.95, 37.0), (42.14, 37.177)), hours=5))
        amended = self.told("blue-ops", "amend", filed["id"], "later.geojson", "--reason", "Ten minutes later.")
        self.assertIsNone(amended["late_notice"])  # the agreement asks for notice of what is new
        self.assertEqual([c["found"]["clause"] for c in amended["conflicts"]], ["3.1"])

    def test_what_clears_all_conflicts_is_told(self):
        for i in (0, 5):
            self.put("red.geojson", feature("r%d" % i, i))
            self.told("red-ops", "notify", "red.geojson", "--agreement", self.agreement)
        self.put("blue.geojson", feature("b1", 0, ((41.95, 37.0), (42.14, 37.177))))
        filed = self.told("blue-ops", "notify", "blue.geojson", "--agreement", self.agreement)
        self.assertEqual((filed["clear_all"]["movement"], filed["clear_all"]["conflicts"]), (filed["id"], 2))
        self.assertEqual(filed["clear_all"]["clear_shift_s"]["later"],
                         max(c["found"]["clear_shift_s"]["later"] for c in filed["conflicts"]))
        said = filed["clear_all"]["advice"]
        self.assertTrue(said.startswith("all 2 conflicts clear if %s leaves " % filed["id"]), said)
        for command in (("show", filed["id"]), ("show", "conflicts"), ("inbox",)):
            self.assertIn(said, self.as_("blue-ops", *command)[0], command)
            self.assertNotIn(said, self.as_("red-ops", *command)[0], command)
        shown = self.told("blue-ops", "show", filed["id"])["conflicts"]
        self.assertEqual((len(shown["conflicts"]), shown["clear_all"][0]), (2, filed["clear_all"]))
        self.assertEqual(self.told("blue-ops", "inbox")["clear_all"], [filed["clear_all"]])
        # As of the filing itself nothing was found yet.
        before = self.told("blue-ops", "show", filed["id"], "--as-of", str(filed["index"]))["conflicts"]
        self.assertEqual((before["conflicts"], before["clear_all"]), ([], []))

    def test_a_changed_byte_is_seen(self):
        self.stop()
        proof = (self.dir / "receipts-red-ops").glob("*.tlog-proof").__next__()
        leaf = proof.with_suffix(".leaf")
        verify = ["verify", "p", "--leaf", "l", "--policy", "log/policy"]
        for name, original in (("p", proof.read_bytes()), ("l", leaf.read_bytes())):
            (self.dir / "p").write_bytes(proof.read_bytes())
            (self.dir / "l").write_bytes(leaf.read_bytes())
            self.run_here(*verify)
            for at in range(0, len(original), 7):
                changed = bytearray(original)
                changed[at] ^= 1
                (self.dir / name).write_bytes(changed)
                self.run_here(*verify, code=REFUSED)
        (self.dir / "p").write_bytes(proof.read_bytes())
        (self.dir / "l").write_bytes(leaf.read_bytes())
        self.run_here(*verify, "--signer", "red-ops.vkey")
        self.run_here(*verify, "--signer", "blue-ops.vkey", code=REFUSED)
        self.run_here("verify", "none", "--leaf", "l", "--policy", "log/policy", code=NOT_NOW)
        # A line by a key that the policy does not name: refused, unless C2SP's leniency is asked for.
        self.run_here("key", "new", "stranger", "--out", "stranger", "--no-passphrase")
        (self.dir / "p").write_bytes(proof.read_bytes() + "\u2014 stranger AAAAAAAA\n".encode())
        self.assertIn("receipt_line_unknown", self.run_here(*verify, code=REFUSED)[1])
        self.run_here(*verify, "--ignore-unknown")

    def test_what_a_tired_person_gets_wrong(self):
        self.put("blue.geojson", feature("b1", 0, ((41.95, 37.0), (42.14, 37.177))))
        self.refused("id_check_character", "red-ops", "receipt", "MV-NME2-J0")
        self.refused("id_unknown", "red-ops", "receipt", "MV-NME2-JZ")
        self.refused("id_malformed", "red-ops", "receipt", self.agreement)
        self.refused("notification_party", "red-ops", "notify", self.put("x", feature("b1", 0, party="blue")), "--agreement", self.agreement)
        swapped = self.put("s", feature("b1", 0, ((37.0, 41.95), (37.177, 42.14))))
        self.refused("place_outside_area", "blue-ops", "notify", swapped, "--agreement", self.agreement)
        self.refused("entry_unknown", "red-ops", "show", "9999")
        self.as_("nobody", "inbox", code=NOT_NOW)
        self.run_here("key", "new", "blue/new", "--out", "blue-new", "--no-passphrase")
        self.refused("challenge_untrue", "blue-new", "inbox")
        self.refused("key_not_root", "blue-ops", "key", "add", "blue-new.vkey")
        self.told("blue-root", "key", "add", "blue-new.vkey", "--kind", "notification.received")
        self.refused("key_scope", "blue-new", "notify", "blue.geojson", "--agreement", self.agreement)
        self.told("blue-root", "key", "revoke", "blue/new", "--reason", "Relieved.")
        self.refused("key_not_valid", "blue-new", "inbox")
        self.told("blue-root", "key", "compromised", "blue/ops", "--since", "5", "--reason", "The laptop was lost.")
        self.assertEqual(self.told("red-ops", "show", "keys")["keys"][1]["compromised_since"], 5)
        self.told("red-ops", "agree", "read", self.agreement, "--clause", "3.1", "--text", "From the head.", "--reservation")
        self.refused("agreement_clause", "red-ops", "agree", "read", self.agreement, "--clause", "99", "--text", "x")
        self.stop()
        self.refused("server_unreachable", "red-ops", "inbox", code=NOT_NOW)

    def test_one_server_at_a_time_and_the_same_after_a_kill(self):
        _, err = self.run_here("serve", "log", "--listen", "127.0.0.1:0", code=NOT_NOW)
        self.assertIn("store_in_use", err)
        self.run_here("serve", "log", "--listen", "nowhere", code=USAGE)
        self.run_here("serve", "log", "--tls-cert", "c", code=USAGE)
        self.run_here("serve", "none", code=REFUSED)
        self.put("blue.geojson", feature("b1", 0, ((41.95, 37.0), (42.14, 37.177))))
        filed = self.told("blue-ops", "notify", "blue.geojson", "--agreement", self.agreement)
        self.server.kill()
        self.server.wait()
        self.server.stdout.close()
        self.start()
        shown = self.told("red-ops", "show", filed["id"])  # with the session of before, which is over
        self.assertEqual(shown["revisions"][0]["entry"], filed["index"])
        self.told("red-ops", "receipt", filed["id"])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
