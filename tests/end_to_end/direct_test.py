#!/usr/bin/env python3
"""Two sides, two servers, two logs: each sends the other what it discloses, through connections that are cut and processes that
are killed; no machine holds both plans; and a log that is gone is proved from the other.

Everything in it is invented but the names of places."""
import base64
import datetime
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest

PROGRAM = os.environ["WIDEBERTH"]
PATIENCE = 60  # seconds, for a machine that is busy with other tests
SECRETS = {"blue": b"BLUE-INVENTED-SECRET", "red": b"RED-INVENTED-SECRET"}


def clean():
    return {k: v for k, v in os.environ.items() if not k.startswith("WIDEBERTH")}


class Proxy:
    """The line between two sides: while it is cut, what is open is broken and nothing new is taken."""

    def __init__(self, port):
        self.port, self.cut_off, self.open = port, False, []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            if self.cut_off:
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self.port))
            self.open += [near, far]
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(source, sink), daemon=True).start()

    @staticmethod
    def pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for each in (source, sink):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        source.close()

    def end(self):
        self.cut()
        self.listener.close()

    def cut(self):
        self.cut_off = True
        for each in self.open:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.open = []

    def mend(self):
        self.cut_off = False


def agreement():
    rule = lambda clause, kind, **more: {"clause": clause, "text": "An invented sentence.", "kind": kind, **more}
    return {
        "name": "Direct (invented)", "version": 1,
        "parties": [{"party": p, "role": "party", "name": p.title()} for p in ("blue", "red")],
        "areas": [{"area": "essa", "name": "Essa", "regime": "notify",
                   "rings": [[[41.8, 36.9], [42.4, 36.9], [42.4, 37.4], [41.8, 37.4], [41.8, 36.9]]]}],
        "platform_classes": ["vehicle"],
        "rules": [rule("1", "answer_within", within_s=14400, amendment_within_s=1800),
                  rule("2", "separation", class_a="vehicle", class_b="vehicle", distance_m=1000),
                  rule("3", "disclosure", **{"from": "blue", "to": "red", "view": "corridor", "cell_deg": 0.1, "slot_s": 3600}),
                  rule("4", "disclosure", **{"from": "red", "to": "blue", "view": "outline", "cell_deg": 0.1, "slot_s": 3600})]}


def drive(side, ahead_h, turned=False):
    start = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=ahead_h)
    at = lambda m: (start + datetime.timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M:%SZ")
    line = [[41.95, 37.0], [42.14, 37.177]]
    return {"type": "Feature", "geometry": {"type": "LineString", "coordinates": line[::-1] if turned else line},
            "properties": {"earliest": [at(0), at(90)], "latest": [at(10), at(100)], "half_width_m": 50,
                           "unit": SECRETS[side].decode(), "purpose": SECRETS[side].decode()}}


class Direct(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="wideberth-direct-"))
        self.addCleanup(shutil.rmtree, self.dir)
        self.servers, self.crossings, self.urls = {}, {}, {}
        self.addCleanup(self.end_all)

    def end_all(self):
        for each in [*self.crossings.values(), *self.servers.values()]:
            if each.poll() is None:
                each.kill()
            each.wait()
            if each.stdout:
                each.stdout.close()

    def run_here(self, *arguments, code=0):
        done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.dir, env=clean(), capture_output=True, text=True,
                              stdin=subprocess.DEVNULL, timeout=PATIENCE)
        self.assertEqual(done.returncode, code, f"{arguments}\n{done.stdout}{done.stderr}")
        return done.stdout

    def told(self, side, key, *arguments):
        """What `key` is told by the server of `side`."""
        return json.loads(self.run_here(*arguments, "--server", self.urls[side], "--policy", f"{side}-log/policy", "--key", key, "--json"))

    def serve(self, side):
        self.servers[side] = subprocess.Popen([PROGRAM, "serve", f"{side}-log", "--listen", "127.0.0.1:0", "--json"], cwd=self.dir,
                                              env=clean(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.urls[side] = json.loads(self.servers[side].stdout.readline())["serving"]

    def open_both(self):
        for side in ("blue", "red"):
            for desk in ("root", "ops", "cross"):
                self.run_here("key", "new", f"{side}/{desk}", "--out", f"{side}-{desk}", "--no-passphrase")
            self.run_here("key", "new", f"{side}.example/log", "--out", f"{side}-server", "--no-passphrase")
        other = {"blue": "red", "red": "blue"}
        vkey = lambda name: (self.dir / f"{name}.vkey").read_text().strip()
        for side in ("blue", "red"):
            self.run_here("init", f"{side}-log", "--origin", f"{side}.example/log", "--operator", f"{side} (invented)", "--party",
                          "blue=blue-root.vkey", "--party", "red=red-root.vkey", "--keeper", side, "--other",
                          vkey(other[side] + "-server"), "--log-key", f"{side}-server", "--checkpoint-every", "0.2")
            self.serve(side)
            for party in ("blue", "red"):
                for desk in ("ops", "cross"):
                    self.told(side, f"{party}-root", "key", "add", f"{party}-{desk}.vkey")
        # The logs need not stand alike: what is the same in both is found by its text, not by its index.
        (self.dir / "agreement.json").write_text(json.dumps(agreement()))
        self.agreements = {}
        for side in ("blue", "red"):
            if side == "red":
                self.run_here("key", "new", "red/further", "--out", "red-further", "--no-passphrase")
                self.told(side, "red-root", "key", "add", "red-further.vkey")
            out = json.dumps(self.told(side, f"{side}-ops", "agree", "propose", "agreement.json"))
            self.agreements[side] = re.search(r"AG-[0-9A-Z]+-[0-9A-Z]+", out).group()
            self.told(side, f"{other[side]}-ops", "agree", "sign", self.agreements[side])
        self.assertNotEqual(*self.agreements.values())
        self.proxies = {s: Proxy(int(self.urls[s].rsplit(":", 1)[1])) for s in ("blue", "red")}
        for each in self.proxies.values():
            self.addCleanup(each.end)

    def cross(self, side):
        other = {"blue": "red", "red": "blue"}[side]
        log = open(self.dir / f"{side}-cross.log", "a")
        self.crossings[side] = subprocess.Popen(
            [PROGRAM, "cross", "--server", self.urls[side], "--policy", f"{side}-log/policy", "--key", f"{side}-cross", "--other",
             self.proxies[other].url, "--other-policy", f"{other}-log/policy", "--every", "0.1"],
            cwd=self.dir, env=clean(), stdout=log, stderr=log)
        log.close()

    def until(self, what, found):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if (value := found()):
                return value
            time.sleep(0.2)
        logs = "".join((self.dir / f"{s}-cross.log").read_text() for s in ("blue", "red"))
        self.fail(f"not within {PATIENCE} s: {what}\n{logs}")

    def dump(self, side):
        self.run_here("rebuild", f"{side}-log", "--dump", f"{side}-dump")
        return json.loads((self.dir / f"{side}-dump").read_text())

    def filed_across(self, side, party):
        """Movements of a party in the log of a side, and its whole state: from a copy of its store, while the server runs."""
        copy = self.dir / f"{side}-copy"
        shutil.rmtree(copy, ignore_errors=True)
        copy.mkdir()
        shutil.copy(self.dir / f"{side}-log/policy", copy)
        shutil.copy(self.dir / f"{side}-log/server.key", copy)
        source, sink = sqlite3.connect(f"file:{self.dir}/{side}-log/log.db?mode=ro", uri=True), sqlite3.connect(copy / "log.db")
        source.backup(sink)
        source.close()
        sink.close()
        self.run_here("rebuild", copy, "--dump", copy / "dump")
        state = json.loads((copy / "dump").read_text())
        return {k: v for k, v in state["notifications"].items() if v["party"] == party}, state

    def test_two_logs_keep_two_sides_apart(self):
        self.open_both()
        for side in ("blue", "red"):
            self.cross(side)
        (self.dir / "b.geojson").write_text(json.dumps(drive("blue", 30)))
        (self.dir / "r.geojson").write_text(json.dumps(drive("red", 30, turned=True)))
        filed = self.told("blue", "blue-ops", "notify", "b.geojson", "--agreement", self.agreements["blue"])
        over = self.until("blue's corridor in red's log", lambda: self.filed_across("red", "blue")[0])
        (theirs, seen), = over.items()
        self.assertIsNotNone(seen["revisions"][0]["notification"])
        shutil.copytree(self.dir / "red-copy", self.dir / "fork-log")
        # Red answers in its own log; the answer reaches blue's.
        self.told("red", "red-ops", "receipt", theirs)
        self.told("red", "red-ops", "ack", theirs, "--person", "Maj. R. (invented)", "--post", "Red HQ (invented)", "--on-paper", "telephone",
                  "--on-paper-at", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "--on-paper-by", "Maj. R. (invented)")
        handled = lambda: next(iter(self.filed_across("blue", "blue")[0].values()))["revisions"][0]["handling"]["red"]
        self.until("red's acknowledgement in blue's log", lambda: handled()["acknowledged"])
        self.assertIsNotNone(handled()["received"])
        acts = self.told("blue", "blue-ops", "paper", "list", "--all")
        self.assertEqual((acts["party"], acts["said"]["how"]), ("red", "telephone"), "how it was done on paper is carried too")

        # The line is cut, one of the carriers is killed, and both sides go on.
        for each in self.proxies.values():
            each.cut()
        red_filed = self.told("red", "red-ops", "notify", "r.geojson", "--agreement", self.agreements["red"])
        self.crossings["red"].kill()
        self.crossings["red"].wait()
        self.told("blue", "blue-ops", "withdraw", filed["id"], "--reason", "The road is washed out (invented).")
        time.sleep(1)
        self.assertEqual(self.filed_across("blue", "red")[0], {})
        for each in self.proxies.values():
            each.mend()
        self.cross("red")
        outline = self.until("red's outline in blue's log", lambda: self.filed_across("blue", "red")[0])
        self.until("blue's withdrawal in red's log", lambda: self.filed_across("red", "blue")[0][theirs]["standing"] == "withdrawn")
        (only,) = outline.values()
        self.assertIsNone(only["revisions"][0]["notification"])
        self.assertGreater(len(only["revisions"][0]["outline"]["properties"]["cells"]), 0)

        # Killed at any moment, again and again; then nothing is there twice and all is.
        for n in range(4):
            (self.dir / "b2.geojson").write_text(json.dumps(drive("blue", 30.2 + n / 10)))
            self.told("blue", "blue-ops", "notify", "b2.geojson", "--agreement", self.agreements["blue"])
            self.crossings["blue"].send_signal(signal.SIGKILL)
            self.crossings["blue"].wait()
            self.cross("blue")
        self.until("all of blue's in red's log", lambda: len(self.filed_across("red", "blue")[0]) >= 5)
        # Red's own server finds that blue's corridor meets its whole plan, and blue's that its plan meets red's cells.
        exact = lambda found: "kind" in found["found"]
        self.until("red's own finding", lambda: any(map(exact, self.filed_across("red", "red")[1]["conflicts"])))
        self.assertTrue(any("cell" in each["found"] for each in self.filed_across("blue", "red")[1]["conflicts"]))
        held = lambda side, origin: set(self.filed_across(side, side)[1].get("crossings", {}).get(origin, {}).get("entries", {}))
        self.until("red's entry of its filing held by blue", lambda: str(red_filed["index"]) in held("blue", "red.example/log"))
        time.sleep(2)
        self.assertEqual(len(self.filed_across("red", "blue")[0]), 5, "nothing is carried twice")
        self.end_all()
        self.no_machine_holds_both()
        self.another_history_is_seen()
        self.a_wiped_log_is_proved_from_the_other()

    def no_machine_holds_both(self):
        for side, other in (("blue", "red"), ("red", "blue")):
            self.dump(side)
            files = [f for f in (self.dir / f"{side}-log").rglob("*") if f.is_file()] + [self.dir / f"{side}-dump"]
            bytes_of = b"".join(f.read_bytes() for f in files)
            self.assertIn(SECRETS[side], bytes_of)
            self.assertNotIn(SECRETS[other], bytes_of)
            self.assertNotIn(base64.b64encode(SECRETS[other])[:16], bytes_of)
        blue = (self.dir / "blue-dump").read_text()
        for each in json.loads(blue)["notifications"].values():
            if each["party"] == "red":
                self.assertIsNone(each["revisions"][0]["notification"], "of red's plan blue holds cells alone")

    def another_history_is_seen(self):
        """Red goes back to a copy of its log, under the same key, and writes another one."""
        policies = ["--policy", "blue-log/policy", "--other-policy", "red-log/policy", "--json"]
        beside = json.loads(self.run_here("verify-pair", "blue-log", "red-log", *policies))
        self.assertEqual([log["whole"] for log in beside["logs"]], [True, True])
        self.assertEqual(beside["differences"], [])
        self.serve("fork")
        for n in range(6):
            self.run_here("key", "new", f"red/other-{n}", "--out", f"red-other-{n}", "--no-passphrase")
            self.told("fork", "red-root", "key", "add", f"red-other-{n}.vkey")
        self.end_all()
        beside = json.loads(self.run_here("verify-pair", "blue-log", "fork-log", *policies, code=1))
        self.assertFalse(beside["holds"])
        self.assertEqual({each["log"] for each in beside["differences"]}, {"red.example/log"})
        self.assertIn("other entry", {each["dispute"] for each in beside["differences"]})
        told = self.run_here("verify-pair", "blue-log", "fork-log", *policies[:-1], code=1)
        self.assertRegex(told, r"red\.example/log: two entries at index \d+, both under its key")

    def a_wiped_log_is_proved_from_the_other(self):
        shutil.copy(self.dir / "red-log/policy", self.dir / "red-policy")
        shutil.rmtree(self.dir / "red-log")
        held = json.loads((self.dir / "blue-dump").read_text())["crossings"]["red.example/log"]["entries"]
        beside = json.loads(self.run_here("verify-pair", "blue-log", "--policy", "blue-log/policy", "--other-policy", "red-policy", "--json"))
        self.assertTrue(beside["holds"])
        self.assertEqual(beside["logs"][0]["holds_of_the_other"], len(held))
        self.assertTrue(beside["logs"][0]["whole"])
        # All that blue filed, withdrew or acknowledged was carried, and red's receipts for it are in blue's log.
        of_blue = [each for each in beside["both"] if each["first"]["signer"].startswith("blue/")]
        self.assertGreaterEqual([each["first"]["kind"] for each in of_blue].count("notification.filed"), 5)
        self.assertEqual({each["parts"][0] for each in of_blue if each["first"]["kind"] == "notification.filed"}, {"corridor"})
        self.assertIn("notification.withdrawn", {each["first"]["kind"] for each in of_blue})
        kinds = set()
        store = sqlite3.connect(self.dir / "blue-log/log.db")
        for at, each in held.items():
            (part,) = store.execute("select bytes from part where idx = ?", (each["entry"],)).fetchone()
            crossed = json.loads(part)
            self.assertEqual(str(crossed["index"]), at)
            (self.dir / "red.leaf").write_bytes(base64.b64decode(crossed["leaf"]))
            (self.dir / "red.tlog-proof").write_text(crossed["receipt"])
            proved = json.loads(self.run_here("verify", "red.tlog-proof", "--leaf", "red.leaf", "--policy", "red-policy", "--json"))
            self.assertTrue(proved["holds"])
            kinds.add(re.search(r"^kind (\S+)$", base64.b64decode(crossed["leaf"]).decode(), re.M).group(1))
        store.close()
        self.assertLessEqual({"log.opened", "agreement.signed", "notification.filed", "notification.delivered",
                              "notification.acknowledged"}, kinds)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]])
