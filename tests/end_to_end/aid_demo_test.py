#!/usr/bin/env python3
"""The aid scenario: its sheets are what its script writes, its week leaves what it should, what each recipient may not see it is not
told, and every receipt holds before a second verifier. All of it is invented."""
import filecmp
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from second_verifier import Untrue, verify

PROGRAM = os.environ["WIDEBERTH"]
SCENARIO = pathlib.Path(os.environ["WIDEBERTH_SOURCE_DIR"]) / "scenarios" / "aid"


def check(name, held):
    print(("ok   " if held else "FAIL ") + name, flush=True)
    return bool(held)


def check_sheets(folder):
    subprocess.run([sys.executable, SCENARIO / "make.py", folder], check=True, timeout=60)
    return all([check(f"{name} is what make.py writes", filecmp.cmp(folder / name, SCENARIO / name, shallow=False))
                for name in ("sites.csv", "sites-faulty.csv", "convoys.csv")])


def check_told(told):
    def says(name, pattern):
        return check(name, re.search(pattern, told, re.M))

    return all([
        says("a place that cannot be read: row, column, rule", r"sites-faulty\.csv, row 3, column places, place 1: .*\[place_malformed\]; needed: "),
        says("a window that ends before it begins", r"row 4, column latest: .*\[feature_windows\]; needed: "),
        says("a marking that is none", r'row 5, column marking: "roof" \[json_choice\]; needed: '),
        says("an id that is given twice", r'row 7, column id: "S-005" \[name_twice\]; needed: '),
        says("nothing of a faulty sheet is filed", r"Nothing was filed: 4 rows cannot be read\.\n11:00Z"),
        says("a site by the name of another", r"row 302  D-1  the same site as row 13, not filed"),
        says("a site a few metres beside another", r"row 303  D-2  the same site as row 59, not filed"),
        says("300 sites", r"Of 302 rows 300 were filed, 0 stood already, 2 are taken for a site that stands, 0 were refused\."),
        says("40 convoys", r"Of 40 rows 40 were filed"),
        says("a conflict with a site, exact for who sees the site", r"conflict\.found .*AC-\S+ and ST-\S+: conflict, certain; .* 1000 m owed \(clause 3\.1\)"),
        says("a conflict with a convoy on its way", r"conflict\.found .*AC-\S+ and MV-\S+: conflict, on schedule; .* 2000 m owed \(clause 3\.2\)"),
        says("the aid desk is told of a cell, not of the operation", r"conflict\.found  +ST-\S+: a conflict somewhere in a disclosed cell"),
        says("silence is recorded", r"acknowledge by east \(clause 1\.2\): missed, 360 times"),
        says("what was not renewed expires", r"\n.*20 notification\.expired"),
        says("outcomes are counted, and differ", r"aid notified 340: by aid 26 facilitated, 6 impeded, 3 delayed, 4 denied, 1 cancelled; by north 1 facilitated; 300 without, 1 on which they differ"),
        says("the east is shown cells", r"for east lay ready 400 notices and amendments \(400 as outline\)"),
        says("the north is shown corridors", r"for north lay ready 400 notices and amendments \(400 as corridor\)"),
        says("nobody is told whom to call but who sees the whole", r"east was asked for all that it is told, \d+ bytes: of 340 names or numbers to call that the others gave none is in it"),
        check("it never says what it must not", not re.search(r"\b(approved|cleared|safe|violation|hostile|guilty)\b", told)),
        check("it says that it is invented", told.count("(invented)") > 30 and "Everything in this scenario is invented" in told)])


def check_receipts(kept, folder):
    policy = (kept / "policy").read_text()
    proofs = sorted((kept / "receipts").glob("*.tlog-proof"), key=lambda p: int(p.stem))
    failed = []
    for path in proofs:
        leaf, receipt = path.with_suffix(".leaf").read_bytes(), path.read_text()
        try:
            if verify(policy, receipt, leaf, folder) != int(path.stem):
                failed.append(path.name)
        except (Untrue, ValueError) as why:
            failed.append(f"{path.name}: {why}")
        try:
            verify(policy, receipt, leaf.replace(b"signer ", b"signed "), folder)
            failed.append(f"{path.name} with another leaf")
        except Untrue:
            pass
    indices = [int(p.stem) for p in proofs]
    return check(f"a receipt for each of {len(proofs)} entries", len(proofs) > 3000 and indices == list(range(len(proofs)))) & \
        check(f"each holds, and with another leaf none does {failed[:5]}", not failed)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        good = check_sheets(folder)
        done = subprocess.run([PROGRAM, "demo", "--headless", "--scenario", SCENARIO, "--keep", folder / "kept"], capture_output=True, text=True,
                              check=False, timeout=400)
        if done.returncode != 0:
            print(done.stdout[-5000:], done.stderr)
        good = check("exit 0", done.returncode == 0) & check_told(done.stdout) & check_receipts(folder / "kept", folder) & good
    sys.exit(0 if good else 1)


main()
