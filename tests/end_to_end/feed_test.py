#!/usr/bin/env python3
"""wideberth feed as a party runs it: real sockets, real files, a server that is killed, a feed that is killed. Tracks and names are invented."""
import atexit
import datetime
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import xml.etree.ElementTree

PROGRAM = os.environ["WIDEBERTH"]
CLEAN = {k: v for k, v in os.environ.items() if not k.startswith("WIDEBERTH")}
START = datetime.datetime(2020, 8, 25, 6, 0, 0)


def when(second):
    return (START + datetime.timedelta(milliseconds=round(second * 1000))).isoformat(timespec="milliseconds") + "Z"


def event(unit, second, lat=36.9, lon=42.1, kind="a-f-G-U-C", course=114.6):
    at = when(second)
    return (f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<event version='2.0' uid='ANDROID-{unit}' type='{kind}' time='{at}' start='{at}' "
            f"stale='{when(second + 60)}' how='m-g'><point lat='{lat}' lon='{lon}' hae='412.5' ce='3.5' le='9999999.0'/><detail><contact endpoint='*:-1:stcp' "
            f"callsign='{unit}'/><__group name='Cyan' role='Team Member'/><track course='{course}' speed='13.9'/></detail></event>")


def rows(unit, count, first=0):
    return [f"{unit},{when(first + i)},{36.9 + (first + i) * 1e-6:.7f},42.1000000" for i in range(count)]


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def until(what, seconds=40):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = what()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError("it did not come about in time")


class Feeds(unittest.TestCase):
    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="wideberth-feed-"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.port = free_port()
        self.env = {**CLEAN, "WIDEBERTH_SERVER": f"http://127.0.0.1:{self.port}", "WIDEBERTH_POLICY": "log/policy", "HOME": str(self.dir)}
        self.server = None
        for name in ("blue", "red"):
            self.run_one("key", "new", f"{name}/root", "--out", f"{name}.root", "--no-passphrase")
        self.run_one("init", "log", "--origin", "feed.example/log", "--operator", "Invented", "--party", "blue=blue.root.vkey:Invented blue",
                     "--party", "red=red.root.vkey:Invented red")
        self.run_one("key", "new", "blue/feed", "--out", "blue.feed", "--no-passphrase")
        self.serve()
        self.run_one("key", "add", "blue.feed.vkey", "--kind", "positions.*", "--key", "blue.root")

    def run_one(self, *words, code=0):
        done = subprocess.run([PROGRAM, *map(str, words)], cwd=self.dir, env=self.env, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
        self.assertEqual(done.returncode, code, (words, done.stdout, done.stderr))
        return done.stdout

    def start(self, *words, **more):
        process = subprocess.Popen([PROGRAM, *map(str, words)], cwd=self.dir, env=self.env, text=True, **{"stdin": subprocess.DEVNULL, **more})
        atexit.register(process.kill)
        self.addCleanup(process.kill)
        return process

    def serve(self):
        self.server = self.start("serve", "log", "--listen", f"127.0.0.1:{self.port}", stdout=subprocess.PIPE, stderr=open(self.dir / "server.log", "a"))
        self.assertIn("http", self.server.stdout.readline(), (self.dir / "server.log").read_text())

    def kill(self, process):
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=30)

    def feed(self, source, *more, queue="queue"):
        log = open(self.dir / "feed.log", "a")
        return self.start("feed", source, "--as", "blue.feed", "--queue", queue, "--every", "100", *more, stdout=subprocess.DEVNULL, stderr=log)

    def log(self):
        return (self.dir / "feed.log").read_text()

    def feed_port(self):
        return int(until(lambda: re.findall(r"Listening at port (\d+)", self.log()))[-1])

    def times(self, unit):
        """The times of the unit's fixes, in the order in which they were reported."""
        out = self.run_one("track", "show", unit, "--key", "blue.feed", "--json")
        return [json.loads(line)["time"] for line in out.splitlines()]

    def has(self, unit, count):
        units = [json.loads(line) for line in self.run_one("track", "units", "--key", "blue.feed", "--json").splitlines()]
        return any(each["unit"] == unit and each["fixes"] >= count for each in units)

    def test_a_file_is_taken_once_whatever_is_killed(self):
        count = 12_000
        (self.dir / "patrol.csv").write_text("\n".join(["unit,time,lat,lon", *rows("patrol", count)]) + "\nbad,row\n")
        self.kill(self.server)
        feed = self.feed("patrol.csv")
        until(lambda: list((self.dir / "queue").glob("*.csv")) or list((self.dir / "queue").glob("*.line")))
        self.kill(feed)
        feed = self.feed("patrol.csv")  # without a server: it keeps what it took
        until(lambda: "No server" in self.log())
        self.kill(feed)
        self.serve()
        feed = self.feed("patrol.csv")
        time.sleep(0.4)
        self.kill(feed)
        self.kill(self.server)
        self.serve()
        feed = self.feed("patrol.csv")
        self.assertEqual(feed.wait(timeout=60), 0, self.log())
        self.assertEqual(self.times("patrol"), [when(i) for i in range(count)])
        self.assertIn("csv_row", self.log())
        self.assertEqual(self.feed("patrol.csv").wait(timeout=60), 0)  # and once more: nothing is left to take
        self.assertEqual(len(self.times("patrol")), count)
        (self.dir / "other.csv").write_text("unit,time,lat,lon\n")
        self.assertEqual(self.feed("other.csv").wait(timeout=60), 1)
        self.assertIn("spool_other_source", self.log())

    def test_devices_go_on_through_outages(self):
        feed = self.feed("listen://127.0.0.1:0", "--format", "cot")
        device = socket.create_connection(("127.0.0.1", self.feed_port()))
        sent = 0

        def send(count):
            nonlocal sent
            for _ in range(count):
                device.sendall(event("LEAD", sent).encode())
                sent += 1
                time.sleep(0.01)

        send(30)
        until(lambda: self.has("LEAD", 30))
        self.kill(self.server)
        send(60)  # signed meanwhile, and kept
        until(lambda: len(list((self.dir / "queue").glob("*.line"))) > 0)
        self.serve()
        send(30)
        until(lambda: self.has("LEAD", 120))
        # The feed is killed with what it took in its folder; a device that comes back goes on.
        self.kill(self.server)
        send(20)
        kept = lambda: sum(max(0, text.count("\n") - 1) for text in (file.read_text() for file in (self.dir / "queue").glob("*.csv")))
        until(lambda: len(list((self.dir / "queue").glob("*.line"))) + kept() > 0)
        time.sleep(0.5)  # what was sent has been read
        self.kill(feed)
        self.serve()
        (self.dir / "feed.log").write_text("")
        feed = self.feed("listen://127.0.0.1:0", "--format", "cot", queue="queue")
        until(lambda: "spool_other_source" in self.log() or "Listening" in self.log())
        device = socket.create_connection(("127.0.0.1", self.feed_port()))
        send(10)
        until(lambda: self.has("LEAD", 150))
        self.assertEqual(self.times("LEAD"), [when(i) for i in range(150)])
        feed.send_signal(signal.SIGTERM)
        self.assertEqual(feed.wait(timeout=30), 0, self.log())

    def test_another_that_signs_with_the_same_key(self):
        (self.dir / "a.csv").write_text("\n".join(["unit,time,lat,lon", *rows("a", 10)]) + "\n")
        self.kill(self.server)
        feed = self.feed("a.csv")
        until(lambda: "No server" in self.log())
        feed.send_signal(signal.SIGTERM)
        self.assertEqual(feed.wait(timeout=30), 3, self.log())  # it waits in the queue
        self.serve()
        self.assertEqual(self.feed("a.csv").wait(timeout=30), 0)
        # Now the queue knows its chain: signed without a server, overtaken, and signed anew.
        port = free_port()
        feed = self.feed(f"udp://127.0.0.1:{port}", "--format", "cot", queue="q2")
        until(lambda: "Listening" in self.log())
        out = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        out.sendto(event("U", 0).encode(), ("127.0.0.1", port))
        until(lambda: self.has("U", 1))
        self.kill(self.server)
        for i in range(1, 6):
            out.sendto(event("U", i).encode(), ("127.0.0.1", port))
            time.sleep(0.15)
        until(lambda: len(list((self.dir / "q2").glob("*.line"))) >= 2)
        feed.send_signal(signal.SIGTERM)
        self.assertEqual(feed.wait(timeout=30), 3, self.log())
        self.serve()
        (self.dir / "b.csv").write_text("\n".join(["unit,time,lat,lon", *rows("b", 3)]) + "\n")
        self.run_one("track", "report", "b.csv", "--key", "blue.feed")
        feed = self.feed(f"udp://127.0.0.1:{port}", "--format", "cot", queue="q2")
        until(lambda: self.has("U", 6))
        feed.send_signal(signal.SIGTERM)
        self.assertEqual(feed.wait(timeout=30), 0, self.log())
        self.assertEqual(self.times("U"), [when(i) for i in range(6)])
        self.assertEqual(len(self.times("b")), 3)

    def test_tls_and_version_one(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", "feed.pem.key", "-out",
                        "feed.pem", "-days", "2", "-subj", "/CN=localhost"], cwd=self.dir, check=True, capture_output=True)
        feed = self.feed("listen-tls://127.0.0.1:0", "--format", "cot", "--tls-cert", "feed.pem", "--tls-key", "feed.pem.key")
        context = ssl.create_default_context(cafile=self.dir / "feed.pem")
        context.check_hostname = False
        device = context.wrap_socket(socket.create_connection(("127.0.0.1", self.feed_port())))
        device.settimeout(20)
        heard = b""
        while b"</event>" not in heard:
            heard += device.recv(4096)
        self.assertIn(b"t-x-takp-v", heard)
        uid = re.search(rb'uid="([^"]+)"', heard).group(1).decode()
        ask = event("x", 0, kind="t-x-takp-q").replace("ANDROID-x", uid)
        ask = re.sub(r"<detail>.*</detail>", "<detail><TakControl><TakRequest version='1'/></TakControl></detail>", ask)
        device.sendall(ask.encode())
        heard = b""
        while b"</event>" not in heard:
            heard += device.recv(4096)
        self.assertIn(b"t-x-takp-r", heard)
        self.assertIn(b'status="true"', heard)
        for i in range(20):
            device.sendall(frame("TANGO", i))
        until(lambda: self.has("TANGO", 20))
        self.assertEqual(self.times("TANGO"), [when(i) for i in range(20)])
        stranger = socket.create_connection(("127.0.0.1", self.feed_port()))
        stranger.sendall(b"<event>" * 100)  # no TLS: let go of, and nothing else suffers
        device.sendall(frame("TANGO", 20)[:-5])
        device.close()
        until(lambda: "tak_frame" in self.log())
        feed.send_signal(signal.SIGTERM)
        self.assertEqual(feed.wait(timeout=30), 0, self.log())

    def test_only_devices_that_show_a_certificate(self):
        for name in ("server", "device"):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", f"{name}.key", "-out",
                            f"{name}.pem", "-days", "2", "-subj", "/CN=localhost"], cwd=self.dir, check=True, capture_output=True)
        feed = self.feed("listen-tls://127.0.0.1:0", "--format", "cot", "--tls-cert", "server.pem", "--tls-key", "server.key", "--tls-clients", "device.pem")
        port = self.feed_port()

        def heard(*certificate):
            context = ssl.create_default_context(cafile=self.dir / "server.pem")
            context.check_hostname = False
            if certificate:
                context.load_cert_chain(*(self.dir / name for name in certificate))
            try:
                with context.wrap_socket(socket.create_connection(("127.0.0.1", port), timeout=20)) as wire:
                    wire.sendall(event("CERT" if certificate else "NONE", 0).encode())
                    return wire.recv(4096)
            except OSError:
                return b""

        self.assertEqual(heard(), b"")
        self.assertEqual(heard("server.pem", "server.key"), b"")  # one that nobody vouches for
        self.assertIn(b"t-x-takp-v", heard("device.pem", "device.key"))
        until(lambda: self.has("CERT", 1))
        self.assertFalse(self.has("NONE", 1))
        feed.send_signal(signal.SIGTERM)
        self.assertEqual(feed.wait(timeout=30), 0, self.log())

    def test_ships_and_files(self):
        listener = socket.create_server(("127.0.0.1", 0))
        feed = self.feed(f"tcp://127.0.0.1:{listener.getsockname()[1]}", "--format", "nmea")
        line, _ = listener.accept()
        line.sendall(b"!AIVDM,1,1,,B,177KQJ5000G?tO`K>RA1wUbN0TKH,0*5C\r\n!AIVDM,1,1,,A,B52K>;h00Fc>jpUlNV@ikwpUoP06,0*4C\r\n$GPXXX*00\r\n")
        until(lambda: self.has("477553000", 1) and self.has("338087471", 1))
        self.assertIn("nmea_sentence", self.log())
        feed.send_signal(signal.SIGTERM)
        self.assertEqual(feed.wait(timeout=30), 0)
        points = "".join(f"<trkpt lat='36.9' lon='42.1'><time>{when(i)}</time></trkpt>" for i in range(5))
        (self.dir / "t.gpx").write_text(f"<gpx version='1.1'><trk><name>G-1</name><trkseg>{points}</trkseg></trk></gpx>")
        self.assertEqual(self.feed("t.gpx", queue="qg").wait(timeout=30), 0, self.log())
        (self.dir / "t.geojson").write_text(json.dumps({"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[42.1, 36.9]] * 4},
                                                        "properties": {"unit": "J-1", "coordTimes": [when(i) for i in range(4)]}}))
        self.assertEqual(self.feed("t.geojson", queue="qj").wait(timeout=30), 0, self.log())
        (self.dir / "t.cot").write_text("".join(event("C-1", i) for i in range(3)) + event("D-1", 0, kind="u-d-c-c"))
        self.assertEqual(self.feed("t.cot", queue="qc").wait(timeout=30), 0, self.log())
        piped = self.start("feed", "-", "--format", "nmea", "--unit", "BOAT", "--as", "blue.feed", "--queue", "qs", stdin=subprocess.PIPE,
                           stdout=subprocess.DEVNULL, stderr=open(self.dir / "feed.log", "a"))
        sentence = "GPRMC,120001,A,3654.0,N,04206.0,E,10,90,250820,,,A"
        total = 0
        for c in sentence:
            total ^= ord(c)
        piped.stdin.write(f"${sentence}*{total:02X}\n")
        piped.stdin.close()
        self.assertEqual(piped.wait(timeout=30), 0, self.log())
        for unit, count in (("G-1", 5), ("J-1", 4), ("C-1", 3), ("BOAT", 1)):
            self.assertEqual(len(self.times(unit)), count, unit)


class Devices(unittest.TestCase):
    """Two parties, an agreement that warns each of the other's units without showing them, and a device of each."""

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="wideberth-feed-"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)
        self.env = {**CLEAN, "WIDEBERTH_POLICY": "log/policy", "HOME": str(self.dir)}
        for name in ("blue", "red", "observer"):
            self.run_one("key", "new", f"{name}/root", "--out", f"{name}.root", "--no-passphrase")
            self.run_one("key", "new", f"{name}/ops-1", "--out", f"{name}.ops", "--no-passphrase")
            self.run_one("key", "new", f"{name}/feed", "--out", f"{name}.feed", "--no-passphrase")
        self.run_one("init", "log", "--origin", "feed.example/log", "--operator", "Invented", "--party", "blue=blue.root.vkey:Invented blue",
                     "--party", "red=red.root.vkey:Invented red", "--observer", "observer=observer.root.vkey")
        server = self.start("serve", "log", "--listen", "127.0.0.1:0", stdout=subprocess.PIPE, stderr=open(self.dir / "server.log", "a"))
        self.env["WIDEBERTH_SERVER"] = re.search(r"http://[\d.:]+\d", server.stdout.readline()).group(0)
        for name in ("blue", "red", "observer"):
            self.run_one("key", "add", f"{name}.ops.vkey", "--key", f"{name}.root")
        for name in ("blue", "red"):
            self.run_one("key", "add", f"{name}.feed.vkey", "--kind", "positions.*", "--key", f"{name}.root")

    run_one, start = Feeds.run_one, Feeds.start

    def agree(self):
        agreement = json.loads((pathlib.Path(os.environ["WIDEBERTH_SOURCE_DIR"]) / "tests/data/agreement-dayrik-invented.json").read_text())
        for clause, one, other in (("9.1", "blue", "red"), ("9.2", "red", "blue")):
            agreement["rules"].append({"clause": clause, "text": "Invented.", "kind": "positions", "from": one, "to": other, "use": "warnings"})
        (self.dir / "agreement.json").write_text(json.dumps(agreement))
        ident = json.loads(self.run_one("agree", "propose", "agreement.json", "--json", "--key", "red.ops"))["id"]
        self.run_one("agree", "sign", ident, "--key", "blue.ops")
        return ident

    def notify(self, name, agreement, coordinates, purpose):
        at = lambda m: f"2099-06-01T{6 + m // 60:02d}:{m % 60:02d}:00Z"
        (self.dir / "movement.geojson").write_text(json.dumps({
            "type": "Feature", "geometry": {"type": "LineString", "coordinates": coordinates},
            "properties": {"earliest": [at(0), at(90)], "latest": [at(10), at(100)], "half_width_m": 50, "purpose": purpose, "unit": purpose}}))
        return json.loads(self.run_one("notify", "movement.geojson", "--agreement", agreement, "--json", "--key", f"{name}.ops"))["id"]

    def device(self, name, agreement):
        log = self.dir / f"{name}.log"
        self.start("feed", "listen://127.0.0.1:0", "--format", "cot", "--as", f"{name}.feed", "--queue", f"q-{name}", "--every", "100", "--agreement", agreement,
                   "--to-tak", stdout=subprocess.DEVNULL, stderr=open(log, "a"))
        port = int(until(lambda: re.findall(r"Listening at port (\d+)", log.read_text()))[-1])
        wire = socket.create_connection(("127.0.0.1", port))
        self.addCleanup(wire.close)
        heard = bytearray()

        def listen():
            try:
                while more := wire.recv(65536):
                    heard.extend(more)
            except OSError:
                pass

        threading.Thread(target=listen, daemon=True).start()
        return wire, heard

    def events(self, heard):
        """All whole events, each as ATAK's own captures have them: the attributes and the point of the base schema."""
        found = []
        for text in bytes(heard).decode().split("</event>")[:-1]:
            self.assertTrue(text.startswith("<?xml"), text[:80])
            one = xml.etree.ElementTree.fromstring(text + "</event>")
            self.assertEqual(set(one.attrib) - {"access", "qos", "opex"}, {"version", "uid", "type", "time", "start", "stale", "how"})
            self.assertEqual(set(one.find("point").attrib), {"lat", "lon", "hae", "ce", "le"})
            found.append(one)
        return found

    def test_devices_are_told_what_their_party_may_see(self):
        agreement = self.agree()
        of_red = self.notify("red", agreement, [[41.95, 37.0], [42.14, 37.177]], "redsecret")
        of_blue = self.notify("blue", agreement, [[41.95, 37.177], [42.14, 37.0]], "bluesecret")
        blue, blue_heard = self.device("blue", agreement)
        red, red_heard = self.device("red", agreement)
        for heard in (blue_heard, red_heard):
            until(lambda heard=heard: of_red.encode() in heard and of_blue.encode() in heard and b"wideberth-conflict-" in heard)
        begun = (datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None) - START).total_seconds() - 60
        for i in range(40):  # towards each other at 14 m/s each, on one road
            blue.sendall(event("LEAD", begun + i, lat=37.1, lon=42.1 + i * 14 / 88_800, course=90).encode())
            red.sendall(event("r-hidden", begun + i, lat=37.1, lon=42.1 + (1200 - i * 14) / 88_800, course=270).encode())
            time.sleep(0.03)
        for heard in (blue_heard, red_heard):
            until(lambda heard=heard: b"Warning: " in heard)
        events = self.events(blue_heard)
        kinds = {one.get("uid"): one.get("type") for one in events}
        self.assertEqual(kinds[f"wideberth-{of_red}"], "b-m-r")
        route = next(one for one in events if one.get("uid") == f"wideberth-{of_red}")
        self.assertEqual([link.get("point") for link in route.findall("detail/link")], ["37.0,41.95", "37.177,42.14"])
        told = next(one for one in events if one.get("type") == "b-t-f" and "Warning" in one.find("detail/remarks").text)
        self.assertIn("LEAD and red are ", told.find("detail/remarks").text)
        spot = next(one for one in events if one.get("uid").startswith("wideberth-alert-"))
        self.assertAlmostEqual(float(spot.find("point").get("lat")), 37.1)
        # No more than blue may see: red's units by no name, its movement without unit and purpose; and the other way round.
        self.assertNotIn(b"r-hidden", blue_heard)
        self.assertNotIn(b"redsecret", blue_heard)
        self.assertNotIn(b"LEAD", red_heard)
        self.assertNotIn(b"bluesecret", red_heard)
        self.run_one("withdraw", of_red, "--reason", "invented", "--key", "red.ops")
        until(lambda: any(one.get("type") == "t-x-d-d" and one.find("detail/link").get("uid") == f"wideberth-{of_red}" for one in self.events(blue_heard)))


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def frame(unit, second):
    """A TakMessage of version 1, put together from the numbers of its fields, with its frame."""
    text = lambda tag, value: varint(tag << 3 | 2) + varint(len(value)) + value
    whole = lambda tag, value: varint(tag << 3) + varint(value)
    double = lambda tag, value: varint(tag << 3 | 1) + struct.pack("<d", value)
    ms = round((START - datetime.datetime(1970, 1, 1)).total_seconds() * 1000) + second * 1000
    detail = text(2, text(1, b"*:-1:stcp") + text(2, unit.encode())) + text(7, double(1, 13.9) + double(2, 114.6))
    body = (text(1, b"a-f-G-U-C") + text(5, b"ANDROID-" + unit.encode()) + whole(6, ms) + whole(7, ms) + whole(8, ms + 60_000) + text(9, b"m-g")
            + double(10, 36.9) + double(11, 42.1) + double(12, 412.5) + double(13, 3.5) + double(14, 999999.0) + text(15, detail))
    message = text(2, body)
    return b"\xbf" + varint(len(message)) + message


if __name__ == "__main__":
    unittest.main(verbosity=1, argv=sys.argv, warnings="ignore")
