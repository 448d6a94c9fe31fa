#!/usr/bin/env python3
"""Two officers at one desk: the same key signs in two processes at once, and each of them is heard."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile

PROGRAM = os.environ["WIDEBERTH"]
AGREEMENT = pathlib.Path(os.environ["WIDEBERTH_SOURCE_DIR"]) / "tests/data/agreement-dayrik-invented.json"
EACH = 25


def begin(folder, *arguments, **more):
    clean = {k: v for k, v in os.environ.items() if not k.startswith("WIDEBERTH")}
    return subprocess.Popen([PROGRAM, *arguments], cwd=folder, env=clean, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, **more)


def end(process):
    out, err = process.communicate(timeout=120)
    if process.returncode != 0:
        sys.exit(f"{process.args}: exit code {process.returncode}\n{out}{err}")
    return out


def sites(officer):
    """EACH invented sites in 2099 around Dayrik: no notice is late, none ends while the test runs."""
    site = lambda n: {"type": "Feature", "id": f"{officer}-{n}", "geometry": {"type": "Point", "coordinates": [42.1 + n / 1000, 37.177]},
                      "properties": {"subject": "site", "radius_m": 10, "earliest": "2099-01-01T00:00:00Z", "latest": "2099-02-01T00:00:00Z"}}
    return {"type": "FeatureCollection", "features": [site(n) for n in range(EACH)]}


def main():
    agreement = json.loads(AGREEMENT.read_text())
    parties = [each["party"] for each in agreement["parties"]]
    roles = {each["party"]: each.get("role", "party") for each in agreement["parties"]}
    signing = [party for party in parties if roles[party] == "party"]
    with tempfile.TemporaryDirectory(prefix="wideberth-shared-key-") as name:
        folder = pathlib.Path(name)
        for party in parties:
            for desk in ("root", "ops-1"):
                end(begin(folder, "key", "new", f"{party}/{desk}", "--out", f"{party}-{desk}.key", "--no-passphrase"))
        named = [word for party in parties for word in (f"--{roles[party]}", f"{party}={party}-root.key.vkey")]
        end(begin(folder, "init", "log", "--origin", "desk.example/log", "--operator", "Test (invented)", *named))
        server = begin(folder, "serve", "log", "--listen", "127.0.0.1:0")
        try:
            url = server.stdout.readline().split()[-1]
            at = lambda party, desk: ("--server", url, "--policy", "log/policy", "--key", f"{party}-{desk}.key")
            for party in signing:
                end(begin(folder, "key", "add", f"{party}-ops-1.key.vkey", *at(party, "root")))
            proposed = end(begin(folder, "agree", "propose", str(AGREEMENT), *at(signing[0], "ops-1"), "--json"))
            ident = re.search(r"AG-[0-9A-Z]+-[0-9A-Z]+", proposed).group()
            for party in signing[1:]:
                end(begin(folder, "agree", "sign", ident, *at(party, "ops-1")))
            officers = []
            for officer in ("first", "second"):
                (folder / f"{officer}.geojson").write_text(json.dumps(sites(officer)))
                officers.append(begin(folder, "notify", f"{officer}.geojson", "--agreement", ident, *at(signing[0], "ops-1"), "--receipts",
                                      officer))
            for process in officers:
                filed = len(re.findall(r"is filed under", end(process)))
                assert filed == EACH, f"{filed} of {EACH} stand"
            listed = json.loads(end(begin(folder, "show", "movements", *at(signing[0], "ops-1"), "--json")))["movements"]
            ids = sorted(each["revisions"][0]["feature"]["id"] for each in listed)
            assert ids == sorted(f"{officer}-{n}" for officer in ("first", "second") for n in range(EACH)), ids
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=30)
        assert server.returncode == 0, server.stderr.read()


main()
