#!/usr/bin/env python3
"""The demonstration in each of its endings, and its receipts checked by a second program (second_verifier.py)."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

from second_verifier import Untrue, verify

PROGRAM = os.environ["WIDEBERTH"]
SOURCE = os.environ["WIDEBERTH_SOURCE_DIR"]


def check(name, held):
    print(("ok   " if held else "FAIL ") + name, flush=True)
    return held


def play(ending, folder):
    kept = folder / ending
    done = subprocess.run([PROGRAM, "demo", "--headless", "--ending", ending, "--keep", kept, "--scenario", SOURCE + "/scenarios/dayrik"],
                          capture_output=True, text=True, check=False, timeout=120)
    if done.returncode != 0:
        print(done.stdout, done.stderr)
    return check(f"{ending}: exit 0", done.returncode == 0), kept, done.stdout


def check_receipts(kept, folder):
    policy = (kept / "policy").read_text()
    proofs = sorted((kept / "receipts").glob("*.tlog-proof"), key=lambda p: int(p.stem))
    # A side that keeps its own log is told what it may read; in a neutral's, its observer reads every entry of this day.
    told = [int(p.stem) for p in proofs]
    good = check(f"{kept.name}: receipts of {len(proofs)} entries", len(told) > 60 and (kept.parent != folder or told == list(range(len(proofs)))))
    for path in proofs:
        leaf = path.with_suffix(".leaf").read_bytes()
        receipt = path.read_text()
        try:
            good = check(f"{kept.name}: {path.name}", verify(policy, receipt, leaf, folder) == int(path.stem)) and good
        except (Untrue, ValueError) as why:
            good = check(f"{kept.name}: {path.name}: {why}", False)
        try:
            verify(policy, receipt, leaf.replace(b"signer ", b"signed "), folder)
            good = check(f"{kept.name}: {path.name} with another leaf is refused", False)
        except Untrue:
            pass
    own = subprocess.run([PROGRAM, "verify", proofs[-1], "--leaf", proofs[-1].with_suffix(".leaf"), "--policy", kept / "policy"],
                         capture_output=True, check=False)
    return check(f"{kept.name}: wideberth verify agrees", own.returncode == 0) and good


def check_pairs(apart):
    """What blue's log holds of red's: own receipt and red's in one step; not under another's policy; not once a byte is changed."""
    receipts = apart / "blue" / "receipts"
    held = [p for p in sorted(receipts.glob("*.leaf")) if b"\nkind entry.crossed\n" in p.read_bytes()]
    good = check(f"direct: blue holds {len(held)} entries of red's", len(held) > 20)

    def verify_pair(leaf, parts, other):
        return subprocess.run([PROGRAM, "verify", leaf.with_suffix(".tlog-proof"), "--leaf", leaf, "--parts", parts, "--policy", apart / "blue" / "policy",
                               "--other-policy", apart / other / "policy", "--json"], capture_output=True, text=True, check=False)
    kinds = set()
    for leaf in held:
        parts = leaf.with_suffix(".parts.json")
        done = verify_pair(leaf, parts, "red")
        told = json.loads(done.stdout) if done.returncode == 0 else {}
        good = check(f"direct: {leaf.name}: both receipts in one step", told.get("holds") and told["held"]["holds"] and told["held"]["log"] == "red.dayrik.example/log") and good
        kinds.add(told["held"]["entry"]["kind"])
    good = check("direct: what was filed, delivered and acknowledged is among them", {"notification.filed", "notification.delivered", "notification.acknowledged"} <= kinds) and good
    parts = held[-1].with_suffix(".parts.json")
    good = check("direct: not under blue's own policy", verify_pair(held[-1], parts, "blue").returncode == 1) and good
    other = next(p for p in sorted(receipts.glob("*.leaf")) if b"\nkind notification.filed\n" in p.read_bytes())
    done = verify_pair(other, other.with_suffix(".parts.json"), "red")
    return check("direct: an entry that holds no other is refused by its rule", done.returncode == 1 and "crossed_untrue" in done.stdout + done.stderr) and good


def commitments(folder):
    """Read from the leaves alone: of the entries that parties signed and that are carried, {commitment: index}."""
    found = {}
    for path in folder.glob("*.leaf"):
        text = path.read_text()
        kind, signer = (re.search(rf"^{word} (\S+)", text, re.M).group(1) for word in ("kind", "signer"))
        if kind.startswith("notification.") and "/ops-" in signer or "/cross-" in signer and kind != "entry.crossed":
            for each in re.findall(r"^part \S+ \S+ \d+ (\S+)$", text, re.M):
                found[each] = int(path.stem)
    return found


def check_beside(apart, folder):
    """The two logs beside each other: by their folders, by bare receipts that show no plan, and by blue's alone."""
    def beside(first, *second, other="red"):
        done = subprocess.run([PROGRAM, "verify-pair", first, *second, "--policy", apart / "blue" / "policy", "--other-policy", apart / other / "policy", "--json"],
                              capture_output=True, text=True, check=False)
        return done.returncode, json.loads(done.stdout)
    code, whole = beside(apart / "blue", apart / "red")
    pairs = lambda told: [(each["first"]["index"], each["second"]["index"]) for each in told["both"]]
    blue, red = (commitments(apart / side / "receipts") for side in ("blue", "red"))
    by_hand = sorted({(blue[each], red[each]) for each in blue.keys() & red.keys()})
    good = check(f"direct: {len(by_hand)} acts stand in both logs, as their leaves say", code == 0 and whole["holds"] and len(by_hand) == 16 and sorted(pairs(whole)) == by_hand)
    good = check("direct: both logs are whole, and nothing stands in one alone", all(each["whole"] and not each["alone"] for each in whole["logs"])) and good
    good = check("direct: each holds of the other", all(each["holds_of_the_other"] > 20 for each in whole["logs"])) and good
    for side in ("blue", "red"):
        (folder / f"bare-{side}").mkdir()
        for path in (apart / side / "receipts").iterdir():
            if path.suffix != ".json":
                shutil.copy(path, folder / f"bare-{side}")
    code, bare = beside(folder / "bare-blue", folder / "bare-red")
    good = check("direct: leaves and receipts are enough", code == 0 and pairs(bare) == pairs(whole)) and good
    last = by_hand[-1]
    (folder / "bare-red" / f"{last[1]}.tlog-proof").unlink()
    code, less = beside(folder / "bare-blue", folder / "bare-red")
    alone = [each["index"] for each in less["logs"][0]["alone"]]
    good = check("direct: what red's lacks stands in blue's alone, and is no fault", code == 0 and alone == [last[0]] and not less["logs"][1]["whole"]) and good
    code, held = beside(apart / "blue")
    good = check("direct: without red's log, blue's holds as much of it", code == 0 and pairs(held) == pairs(whole) and not held["logs"][1]["whole"]) and good
    good = check("direct: under blue's policy twice nothing is compared", beside(apart / "blue", apart / "red", other="blue")[0] == 1) and good
    leaf = folder / "bare-red" / f"{by_hand[0][1]}.leaf"
    leaf.write_bytes(leaf.read_bytes().replace(b"signer ", b"signed "))
    code, told = beside(folder / "bare-blue", folder / "bare-red")
    return check("direct: a leaf with another byte refuses the whole, and is named", code == 1 and told["type"].endswith("proof_untrue") and f"{by_hand[0][1]}.tlog-proof" in json.dumps(told)) and good


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        good, reached, told = play("reached", folder)
        good = check("reached: every line of the log cites its index", re.search(r"^\d\d:\d\dZ  \[ *\d+\] red/ops-1 +notification\.filed", told, re.M) and "(invented)" in told) and good
        good = check("reached: the unit quoted its slip code", "quoted this revision's slip code" in told) and good
        good = check("reached: nothing is marked as invented twice", not re.search(r"\(invented[^()]*\)\.? \(invented\)", told)) and good
        fine, missed, told = play("not-reached", folder)
        good = good and fine
        good = check("not-reached: the silence is recorded", "no acknowledgement by blue until 16:30Z" in told) and good
        for word in ("guilty", "approved", "violation", "hostile"):
            good = check(f"not-reached: never says {word}", word not in told) and good
        fine, called, told = play("telephone", folder)
        good = good and fine
        good = check("telephone: what red said stands as what blue states", told.count("blue states that “Duty officer") == 6) and good
        good = check("telephone: no entry is red's own", "red/ops-1" not in told and "red has no key. No entry is red's own" in told) and good
        good = check("telephone: what red owed is missed", "no acknowledgement by red until 13:00Z" in told) and good
        good = check("telephone: the sheet of the day, with its code", re.search(r"\| +MV-.*\n(.*\n)+.*\| Sheet code: [A-Za-z0-9+/]{43}=", told)) and good
        fine, apart, told = play("direct", folder)
        good = good and fine
        good = check("direct: what one side said stands in the other's log", told.count("carried here from red's own log") == 8 and told.count("carried here from blue's own log") == 8) and good
        good = check("direct: conflicts by cells", "blue's [" in told and "a conflict somewhere in a disclosed cell" in told) and good
        for keeper, other in (("blue", "red"), ("red", "blue")):
            held = b"".join(f.read_bytes() for f in (apart / keeper).rglob("*") if f.is_file())
            units = {"blue": b"security patrol (invented)", "red": b"military police patrol (invented)"}
            good = check(f"direct: {keeper}'s folder holds {keeper}'s words alone", units[keeper] in held and units[other] not in held) and good
        good = check("direct: the demonstration lays both beside each other", "16 acts stand in both with the same commitments, 0 in blue.dayrik.example/log alone" in told) and good
        good = check_pairs(apart) and good
        good = check_beside(apart, folder) and good
        for each in (reached, missed, called, apart / "blue", apart / "red"):
            good = check_receipts(each, folder) and good
        again = subprocess.run([PROGRAM, "serve", reached, "--listen", "127.0.0.1:0"], capture_output=True, check=False, timeout=60)
        good = check("a log on quickened time is served by nothing but the demonstration", again.returncode == 1) and good
    sys.exit(0 if good else 1)


main()
