#!/usr/bin/env python3
"""The demonstration, and its receipts checked by a second program: this one.

It shares nothing with the product: SHA-256 from Python, Ed25519 from the openssl command, the formats from their public
specifications (RFC 6962 section 2.1.1, c2sp.org/signed-note, c2sp.org/tlog-proof)."""
import base64
import hashlib
import os
import pathlib
import re
import subprocess
import sys
import tempfile

PROGRAM = os.environ["WIDEBERTH"]
SOURCE = os.environ["WIDEBERTH_SOURCE_DIR"]


class Untrue(Exception):
    """What was checked does not hold."""


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_from(index, size, leaf, proof):
    """RFC 9162 section 2.1.3.2, iterative."""
    if index >= size:
        raise Untrue("index beyond the tree")
    fn, sn, value = index, size - 1, leaf
    for step in proof:
        if sn == 0:
            raise Untrue("proof too long")
        if fn % 2 == 1 or fn == sn:
            value = node(step, value)
            while fn % 2 == 0 and fn != 0:
                fn, sn = fn >> 1, sn >> 1
        else:
            value = node(value, step)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise Untrue("proof too short")
    return value


def ed25519_holds(public, message, signature, folder):
    der = bytes.fromhex("302a300506032b6570032100") + public
    (folder / "key.der").write_bytes(der)
    (folder / "message").write_bytes(message)
    (folder / "signature").write_bytes(signature)
    done = subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", folder / "key.der", "-rawin",
                           "-in", folder / "message", "-sigfile", folder / "signature"], capture_output=True, check=False)
    return done.returncode == 0


def verify(policy, receipt, leaf, folder):
    """The index that the receipt proves the leaf to stand at, or Untrue."""
    log = [line.split(" ")[1] for line in policy.splitlines() if line.startswith("log ")][0]
    name, key_id, key = log.split("+", 2)
    raw = base64.b64decode(key, validate=True)
    if raw[0] != 1 or hashlib.sha256(name.encode() + b"\n" + raw).hexdigest()[:8] != key_id:
        raise Untrue("the policy's key")
    head, _, checkpoint = receipt.partition("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("index "):
        raise Untrue("not a receipt")
    index = int(lines[1][6:])
    proof = [base64.b64decode(line, validate=True) for line in lines[2:]]
    text, _, signatures = checkpoint.rpartition("\n\n")
    text += "\n"
    origin, size, root = text.split("\n")[:3]
    if origin != name:
        raise Untrue("another log")
    for line in signatures.strip("\n").split("\n"):
        dash, signer, payload = line.split(" ")
        blob = base64.b64decode(payload, validate=True)
        if dash == "\u2014" and signer == name and blob[:4].hex() == key_id:
            if not ed25519_holds(raw[1:], text.encode(), blob[4:], folder):
                raise Untrue("the signature")
            break
    else:
        raise Untrue("no signature by the log")
    if root_from(index, int(size), hashlib.sha256(b"\x00" + leaf).digest(), proof) != base64.b64decode(root, validate=True):
        raise Untrue("the proof does not lead to the root")
    return index


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
    good = check(f"{kept.name}: a receipt for each of {len(proofs)} entries", [int(p.stem) for p in proofs] == list(range(len(proofs))) != [])
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
        good = check_receipts(reached, folder) and good
        good = check_receipts(missed, folder) and good
        again = subprocess.run([PROGRAM, "serve", reached, "--listen", "127.0.0.1:0"], capture_output=True, check=False, timeout=60)
        good = check("a log on quickened time is served by nothing but the demonstration", again.returncode == 1) and good
    sys.exit(0 if good else 1)


main()
