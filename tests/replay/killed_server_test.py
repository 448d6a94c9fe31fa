#!/usr/bin/env python3
"""A server is killed in the middle of work; another process folds the log again and must come to the same state to the byte.

Everything goes through the program as a person would use it. Movements and names are invented."""
import atexit
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading
import time

PROGRAM = os.environ["WIDEBERTH"]
SOURCE = pathlib.Path(os.environ["WIDEBERTH_SOURCE_DIR"])
RESULTS = []


def check(name, held, detail=""):
    RESULTS.append(bool(held))
    print(("ok   " if held else f"FAIL {detail} ") + name, flush=True)
    return held


def run(*words, code=0, env=None):
    done = subprocess.run([PROGRAM, *map(str, words)], capture_output=True, text=True, check=False, timeout=120, env=env)
    if done.returncode != code:
        print(words, done.returncode, done.stdout, done.stderr)
        sys.exit(1)
    return done.stdout


class Server:
    def __init__(self, folder, log, dump):
        self.process = subprocess.Popen([PROGRAM, "serve", log, "--listen", "127.0.0.1:0", "--state-dump", dump],
                                        stdout=subprocess.PIPE, stderr=open(folder / "server.log", "a"), text=True)
        atexit.register(self.process.kill)  # whatever happens to us, it does not stay behind
        line = self.process.stdout.readline()
        self.url = next((word.strip(".,") for word in line.split() if word.startswith("http")), None)
        if self.url is None:
            print("the server did not start:", line, (folder / "server.log").read_text())
            sys.exit(1)

    def dump(self, file):
        file.unlink(missing_ok=True)
        self.process.send_signal(signal.SIGUSR1)
        for _ in range(600):
            if file.exists():
                return file.read_text()
            time.sleep(0.05)
        return ""

    def end(self, how):
        self.process.send_signal(how)
        return self.process.wait(timeout=60)


def movement(hour, day):
    when = lambda m: f"{day}T{hour + m // 60:02d}:{m % 60:02d}:00Z"
    return {"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[41.95, 37.0], [42.14, 37.177], [42.18, 37.28]]},
            "properties": {"earliest": [when(0), when(60), when(90)], "latest": [when(10), when(70), when(100)], "half_width_m": 50,
                           "names": ["Rumaylan", "Dayrik", "Ain Diwar"], "purpose": "invented"}}


def prepare(folder):
    for name in ("blue", "red", "observer"):
        run("key", "new", f"{name}/root", "--out", folder / f"{name}.root", "--no-passphrase")
        run("key", "new", f"{name}/ops-1", "--out", folder / f"{name}.key", "--no-passphrase")
    run("init", folder / "log", "--origin", "replay.example/log", "--operator", "Invented operator",
        *(word for name in ("blue", "red") for word in ("--party", f"{name}={folder / (name + '.root.vkey')}:Invented {name}")),
        "--observer", f"observer={folder / 'observer.root.vkey'}")


def desk(folder, server, name, kind="key"):
    return dict(os.environ, WIDEBERTH_SERVER=server.url, WIDEBERTH_KEY=str(folder / f"{name}.{kind}"), WIDEBERTH_POLICY=str(folder / "log" / "policy"),
                WIDEBERTH_RECEIPTS=str(folder / "receipts"), HOME=str(folder), XDG_STATE_HOME=str(folder / "state"))


def work(folder, server):
    """Agreement, notices of both sides that conflict, answers, an amendment, a refusal."""
    for name in ("blue", "red", "observer"):
        run("key", "add", folder / f"{name}.key.vkey", env=desk(folder, server, name, "root"))
    proposed = json.loads(run("agree", "propose", SOURCE / "tests/data/agreement-dayrik-invented.json", "--json", env=desk(folder, server, "red")))
    agreement = proposed["id"]
    run("agree", "sign", agreement, env=desk(folder, server, "blue"))
    ids = {}
    for name, hour in (("blue", 6), ("red", 6), ("blue", 12)):
        file = folder / f"{name}-{hour}.geojson"
        file.write_text(json.dumps(movement(hour, "2099-06-01")))
        ids[name, hour] = json.loads(run("notify", file, "--agreement", agreement, "--json", env=desk(folder, server, name)))["id"]
    run("receipt", ids["blue", 6], env=desk(folder, server, "red"))
    run("ack", ids["blue", 6], "--person", "Invented", "--post", "Invented", env=desk(folder, server, "red"))
    amended = folder / "amended.geojson"
    amended.write_text(json.dumps(movement(9, "2099-06-01")))
    run("amend", ids["red", 6], amended, "--reason", "invented", env=desk(folder, server, "red"))
    run("ack", ids["blue", 6], "--person", "Invented", "--post", "Invented", code=1, env=desk(folder, server, "red"))
    run("withdraw", ids["blue", 12], "--reason", "invented", env=desk(folder, server, "blue"))
    return agreement


def flood(folder, server, agreement, filed):
    """Files until the server is gone; remembers what it was told yes to."""
    file = folder / "flood.geojson"
    file.write_text(json.dumps(movement(15, "2099-06-02")))
    while True:
        done = subprocess.run([PROGRAM, "notify", str(file), "--agreement", agreement, "--json"], capture_output=True, text=True, check=False,
                              env=desk(folder, server, "blue"), timeout=120)
        if done.returncode != 0:
            return
        filed.append(json.loads(done.stdout)["index"])


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        prepare(folder)
        server = Server(folder, folder / "log", folder / "live.json")
        agreement = work(folder, server)

        live = server.dump(folder / "live.json")
        check("the server is killed", server.end(signal.SIGKILL) == -signal.SIGKILL)
        run("rebuild", folder / "log", "--dump", folder / "rebuilt.json", "--verify")
        check("rebuild gives the killed server's state to the byte", live != "" and live == (folder / "rebuilt.json").read_text())
        size = json.loads(live)["size"]
        run("rebuild", folder / "log", "--as-of", str(size // 2), "--dump", folder / "half.json")
        check("as of half the log the state is another", json.loads((folder / "half.json").read_text())["size"] == size // 2 + 1)

        server = Server(folder, folder / "log", folder / "live.json")
        filed = []
        flooding = threading.Thread(target=flood, args=(folder, server, agreement, filed))
        flooding.start()
        while len(filed) < 5 and flooding.is_alive():
            time.sleep(0.02)
        server.end(signal.SIGKILL)
        flooding.join()
        run("rebuild", folder / "log", "--verify", "--dump", folder / "rebuilt.json")
        entries = json.loads((folder / "rebuilt.json").read_text())["entries"]
        check(f"each of {len(filed)} notices with a receipt stands after the kill", len(filed) >= 5 and all(entries[i]["kind"] == "notification.filed" for i in filed))

        server = Server(folder, folder / "log", folder / "live.json")
        again = server.dump(folder / "live.json")
        check("SIGTERM stops it in order", server.end(signal.SIGTERM) == 0)
        last = json.loads(again)["size"] - 1
        run("rebuild", folder / "log", "--as-of", str(last), "--dump", folder / "rebuilt.json")
        check("and the state as of that moment is that of the log again", again == (folder / "rebuilt.json").read_text())
        proofs = list((folder / "receipts").glob("*.tlog-proof"))
        for proof in proofs:
            run("verify", proof, "--leaf", proof.with_suffix(".leaf"), "--policy", folder / "log" / "policy")
        check(f"all {len(proofs)} receipts of before still hold", len(proofs) > 10)
    sys.exit(0 if all(RESULTS) else 1)


main()
