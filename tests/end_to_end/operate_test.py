#!/usr/bin/env python3
"""What whoever runs a server needs: its counts, its running log, a backup of it and the way back. Everything is invented."""
import base64
import http.client
import json
import pathlib
import re
import signal
import shutil
import sqlite3
import subprocess
import threading
import time
import unittest

from cli_test import DONE, NOT_NOW, PROGRAM, REFUSED, USAGE, Folder, Served, feature, run

NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{([^}]*)\})? (\S+)")
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\n"])*)"')


def read_metrics(text):
    """The text format 0.0.4, strictly: {(name, labels): value} and {family: type}. Every sample has its HELP and TYPE before it,
    families do not come twice, samples neither, counters end in _total, histograms add up."""
    families, helped, samples, current = {}, set(), {}, None
    assert text.endswith("\n")
    for line in text[:-1].split("\n"):
        assert line == line.strip() and line, repr(line)
        if line.startswith("# HELP "):
            name = line.split(" ")[2]
            assert NAME.fullmatch(name) and name not in helped, line
            helped.add(name)
        elif line.startswith("# TYPE "):
            _, _, current, kind = line.split(" ")
            assert current in helped and current not in families and kind in ("counter", "gauge", "histogram"), line
            assert (kind == "counter") == current.endswith("_total"), line
            families[current] = kind
        else:
            found = SAMPLE.fullmatch(line)
            assert found, line
            name, labels, value = found.groups()
            endings = ("_bucket", "_sum", "_count") if families[current] == "histogram" else ("",)
            assert name in [current + each for each in endings], line
            pairs = LABEL.findall(labels or "")
            assert ",".join(f'{k}="{v}"' for k, v in pairs) == (labels or ""), line
            key = (name, tuple(sorted(pairs)))
            assert key not in samples, line
            samples[key] = float(value)
    for family, kind in families.items():
        if kind == "histogram":
            buckets = [(dict(l)["le"], v) for (n, l), v in samples.items() if n == family + "_bucket"]
            assert buckets == sorted(buckets, key=lambda each: float(each[0])) and buckets[-1][0] == "+Inf", family
            assert [v for _, v in buckets] == sorted(v for _, v in buckets), family
            assert buckets[-1][1] == samples[(family + "_count", ())], family
    return samples, families


class Operated(Served):
    def ask(self, path, **headers):
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        connection.request("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
        return answer.status, answer.headers.get("Content-Type"), body

    def secrets(self):
        """What must stand in no metric and no line of the running log."""
        words = ["blue", "red/", "observer", "37.177", "42.14", "Maj. Invented", self.agreement, "invented text"]
        words += [(self.dir / key).read_text().split("+", 4)[-1].strip() for key in ("blue-ops", "red-root", "log/server.key")]
        words += [path.read_text().strip() for path in self.dir.glob("receipts-*/session-*")]
        self.assertTrue(all(words) and len(words) > 11)
        return words

    def live_a_little(self):
        self.put("red.geojson", feature("r1", 0))
        ident = self.told("red-ops", "notify", "red.geojson", "--agreement", self.agreement)["id"]
        self.as_("blue-ops", "ack", ident, "--person", "Maj. Invented", "--post", "Desk", "--echo", "37.177 42.14", code=REFUSED)
        self.refused("notification_party", "blue-ops", "withdraw", ident, "--reason", "invented text")
        self.refused("entry_unknown", "blue-ops", "show", "900000")
        self.told("blue-ops", "receipt", ident)
        return ident

    def test_metrics_count_and_tell_nobody_s_affairs(self):
        self.live_a_little()
        status, kind, text = self.ask("/metrics")
        self.assertEqual((status, kind), (200, "text/plain; version=0.0.4; charset=utf-8"))
        samples, families = read_metrics(text)
        value = lambda name, **labels: samples[("wideberth_" + name, tuple(sorted(labels.items())))]
        self.assertEqual(value("log_entries"), json.loads(self.run_here("rebuild", "log", "--json")[0])["size"])
        self.assertEqual(families["wideberth_flush_seconds"], "histogram")
        self.assertGreater(value("flush_seconds_count"), 5)
        self.assertGreater(value("flush_seconds_sum"), 0)
        self.assertEqual(value("refused_total", rule="entry_unknown"), 1)
        self.assertEqual(value("answers_total", operation="read_entry", status="404"), 1)
        self.assertEqual(value("queue_limit", queue="notes"), 20000)
        self.assertEqual(value("queue_waiting", queue="notes"), 0)
        self.assertEqual(value("rate_burst", rate="notes_of_key"), 2000)
        self.assertGreaterEqual(value("sessions"), 2)
        self.assertEqual(value("event_streams"), 0)
        self.assertGreaterEqual(value("deadlines_open"), 1)
        self.assertGreater(value("answers_total", operation="file_entries", status="200"), 5)
        for secret in self.secrets():
            self.assertNotIn(secret, text)
        if shutil.which("promtool"):
            subprocess.run(["promtool", "check", "metrics"], input=text, text=True, check=True, timeout=60)

    def test_several_lines_are_counted_each(self):
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=30)
        connection.request("POST", "/v1/entries", body='{"note": 1}\n{"no": 2}\n{"note": 1}\n')
        self.assertEqual(connection.getresponse().read().count(b"\n"), 3)
        connection.close()
        samples, _ = read_metrics(self.ask("/metrics")[2])
        self.assertEqual(sum(v for (name, _), v in samples.items() if name == "wideberth_refused_total"), 3)

    def test_metrics_are_for_the_operator_alone(self):
        for header in ("Forwarded", "X_Forwarded_For", "Via"):  # a proxy on this machine speaks for somebody else
            status, _, body = self.ask("/metrics", **{header: "for=192.0.2.1"})
            self.assertEqual((status, json.loads(body)["type"]), (404, "urn:wideberth:rule:http_path_unknown"))
        self.assertEqual(self.stop(), 0)
        self.put("token", "an invented token of some length\n".replace(" ", "-"))
        self.serve("--metrics-token", "token")
        self.assertEqual(self.ask("/metrics")[0], 404)
        self.assertEqual(self.ask("/metrics", Authorization="Bearer an-invented-token")[0], 404)
        token = (self.dir / "token").read_text().strip()
        status, _, text = self.ask("/metrics", Authorization="Bearer " + token)
        self.assertEqual(status, 200)
        self.assertNotIn(token, text)
        self.assertEqual(self.stop(), 0)
        self.put("token", "short\n")
        self.run_here("serve", "log", "--listen", "127.0.0.1:0", "--metrics-token", "token", code=NOT_NOW)

    def serve(self, *more):
        with open(self.dir / "server.log", "a") as log:
            self.server = subprocess.Popen([PROGRAM, "serve", "log", "--listen", "127.0.0.1:0", "--json", *more], cwd=self.dir,
                                           stdout=subprocess.PIPE, stderr=log, text=True)
        self.url = json.loads(self.server.stdout.readline())["serving"]

    def test_the_running_log_is_json_without_secrets(self):
        self.live_a_little()
        secrets = self.secrets()
        self.server.send_signal(signal.SIGUSR1)
        self.assertEqual(self.stop(), 0)
        lines = (self.dir / "server.log").read_text().splitlines()
        events = [json.loads(line) for line in lines]
        self.assertLessEqual({"serving", "stopping", "stopped", "state_dump"}, {each["event"] for each in events})
        for each in events:
            self.assertRegex(each["at"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
            self.assertIn(each["level"], ("info", "error"))
            self.assertTrue(all(isinstance(value, str) for value in each.values()), each)
        said = "\n".join(str(value) for each in events for name, value in each.items() if name != "at")  # 01:53:42.148 holds "42.14"
        for secret in secrets:
            self.assertNotIn(secret, said)

    def test_the_running_log_as_text(self):
        self.assertEqual(self.stop(), 0)
        (self.dir / "server.log").write_text("")
        self.serve("--log", "text")
        self.assertEqual(self.stop(), 0)
        first = (self.dir / "server.log").read_text().splitlines()[0]
        self.assertRegex(first, r"^\S+Z info serving address=http://127\.0\.0\.1:\d+ log=invented\.example/log size=\d+ pid=\d+$")
        self.run_here("serve", "log", "--log", "xml", code=USAGE)

    # --- backup and restore ---

    def file_for_ever(self, stop):
        count = 0
        while not stop.is_set():
            count += 1
            self.put("more.geojson", feature(f"m{count}", count * 3))
            self.told("red-ops", "notify", "more.geojson", "--agreement", self.agreement)
        return count

    def restore(self, backup, to, *more, code=DONE, key="log/server.key"):
        return self.run_here("restore", backup, "--to", to, "--server-key", key, *more, "--json", code=code)[0]

    def test_a_backup_beside_a_server_at_work_goes_on_elsewhere(self):
        stop = threading.Event()
        filing = threading.Thread(target=self.file_for_ever, args=(stop,))
        filing.start()
        made = []
        try:
            for i in range(4):
                made.append(json.loads(self.run_here("backup", "log", "--to", f"b{i}.db", "--json")[0]))
                time.sleep(0.2)
        finally:
            stop.set()
            filing.join()
        self.assertEqual([each["size"] for each in made], sorted(each["size"] for each in made))
        self.assertLess(made[0]["size"], made[-1]["size"])
        self.assertEqual((self.dir / "b0.db").stat().st_mode & 0o777, 0o600)
        key = base64.b64decode((self.dir / "log/server.key").read_text().split("+", 4)[-1])[1:]
        self.assertEqual(len(key), 32)
        self.assertNotIn(key, (self.dir / "b0.db").read_bytes())
        self.run_here("backup", "log", "--to", "b0.db", code=REFUSED)  # no file is overwritten
        last = json.loads(self.run_here("backup", "log", "--to", "last.db", "--json")[0])
        self.put("last.checkpoint", last["checkpoint"])
        self.put("b0.checkpoint", made[0]["checkpoint"])
        size = last["size"]
        before = self.dir / f"receipts-red-ops/{size - 1}.tlog-proof"
        if not before.exists():  # the last entry may be one of the server's own
            before = max((self.dir / "receipts-red-ops").glob("*.tlog-proof"), key=lambda path: int(path.stem))
        self.assertEqual(self.stop(), 0)

        # An older backup than what the log has signed does not go on, and says so.
        out = json.loads(self.restore("b0.db", "new", "--known", "b0.checkpoint", "--known", before, code=REFUSED))
        self.assertEqual(out["type"], "urn:wideberth:rule:head_moved")
        self.assertIn("this backup ends after", out["detail"])
        self.assertFalse((self.dir / "new").exists())
        self.assertFalse(list(self.dir.glob("new.new-*")))
        # The whole one does, on another machine: a folder of its own, the old one gone.
        told = json.loads(self.restore("last.db", "new", "--known", "last.checkpoint", "--known", "b0.checkpoint", "--known", before))
        self.assertEqual((told["size"], told["known"], told["root"]), (size, 3, last["root"]))
        shutil.move(self.dir / "log", self.dir / "gone")
        shutil.move(self.dir / "new", self.dir / "log")
        self.assertEqual((self.dir / "log/policy").read_text(), (self.dir / "gone/policy").read_text())
        self.serve()
        self.put("after.geojson", feature("after", 5))
        filed = self.told("red-ops", "notify", "after.geojson", "--agreement", self.agreement)
        self.assertGreaterEqual(filed["index"], size)
        # Receipts of before and of after hold against the same pinned policy, and the log that both are of is one.
        self.assertEqual(self.stop(), 0)
        for proof in (before, self.dir / f"receipts-red-ops/{filed['index']}.tlog-proof"):
            self.run_here("verify", proof, "--leaf", proof.with_suffix(".leaf"), "--policy", "gone/policy")
        self.run_here("backup", "log", "--to", "again.db")
        told = json.loads(self.restore("again.db", "third", "--known", "last.checkpoint", "--known", before, "--known",
                                       self.dir / f"receipts-red-ops/{filed['index']}.tlog-proof"))
        self.assertEqual(told["known"], 3)

    def test_another_history_is_refused(self):
        self.run_here("backup", "log", "--to", "fork.db")
        self.live_a_little()
        at = json.loads(self.run_here("backup", "log", "--to", "true.db", "--json")[0])
        self.put("checkpoint", at["checkpoint"])
        self.assertEqual(self.stop(), 0)
        # Somebody goes on from the older backup all the same: another tail of the same log.
        self.restore("fork.db", "forked")
        shutil.move(self.dir / "log", self.dir / "true")
        shutil.move(self.dir / "forked", self.dir / "log")
        for key in ("red-ops", "blue-ops"):
            shutil.rmtree(self.dir / f"receipts-{key}")
        self.serve()
        for i in range(8):
            self.put("more.geojson", feature(f"f{i}", 7 * i))
            self.told("red-ops", "notify", "more.geojson", "--agreement", self.agreement)
        self.assertEqual(self.stop(), 0)
        self.run_here("backup", "log", "--to", "tail.db")
        out = json.loads(self.restore("tail.db", "new", "--known", "checkpoint", code=REFUSED))
        self.assertEqual(out["type"], "urn:wideberth:rule:store_untrue")
        self.assertFalse((self.dir / "new").exists())
        # A checkpoint of another log, or by another key, is no checkpoint of this one.
        self.run_here("key", "new", "other.example/log", "--out", "other", "--no-passphrase")
        self.restore("true.db", "new", code=REFUSED, key="other")
        self.put("garbage", "not a checkpoint\n")
        self.restore("true.db", "new", "--known", "garbage", code=REFUSED)
        self.assertFalse((self.dir / "new").exists())

    def test_a_changed_backup_is_refused(self):
        self.live_a_little()
        self.assertEqual(self.stop(), 0)
        self.run_here("backup", "log", "--to", "b.db")
        with sqlite3.connect(self.dir / "b.db") as store:
            store.execute("UPDATE part SET bytes = x'00' WHERE idx = 1 AND position = 0")
        store.close()
        out = json.loads(self.restore("b.db", "new", code=REFUSED))
        self.assertEqual(out["type"], "urn:wideberth:rule:store_untrue")
        self.assertFalse((self.dir / "new").exists())
        self.restore("none.db", "new", code=REFUSED)
        self.restore("red.geojson", "new", code=REFUSED)

    def test_a_backup_that_is_cut_off_leaves_no_file_of_its_name(self):
        for delay in (0.0, 0.003, 0.01, 0.02, 0.04):
            cut = subprocess.Popen([PROGRAM, "backup", "log", "--to", "cut.db"], cwd=self.dir, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
            time.sleep(delay)
            cut.kill()
            cut.wait(timeout=30)
            if (self.dir / "cut.db").exists():  # it was done before: then it is whole
                self.restore("cut.db", f"from-{delay}")
                (self.dir / "cut.db").unlink()
        self.run_here("backup", "log", "--to", "whole.db")
        self.restore("whole.db", "new")
        self.run_here("rebuild", "new", "--verify")
        # A disk that is full: refused, and nothing is left.
        small = subprocess.run(["bash", "-c", f"ulimit -f 20; trap '' XFSZ; exec {PROGRAM} backup log --to full.db"], cwd=self.dir,
                               capture_output=True, text=True, timeout=60)
        self.assertEqual(small.returncode, NOT_NOW, small.stderr)
        self.assertFalse(list(self.dir.glob("full.db*")))
        self.run_here("backup", "log", "--to", "no/b.db", code=NOT_NOW)
        self.run_here("backup", "none", "--to", "b.db", code=REFUSED)


def load_tests(*_):
    """Those of this file alone: what Served and Folder test, cli_test runs."""
    return unittest.TestSuite(Operated(name) for name in vars(Operated) if name.startswith("test_"))


if __name__ == "__main__":
    unittest.main()
