"""A second verifier of receipts.

It shares nothing with the product: SHA-256 from Python, Ed25519 from the openssl command, the formats from their public
specifications (RFC 6962 section 2.1.1, c2sp.org/signed-note, c2sp.org/tlog-proof)."""
import base64
import functools
import hashlib
import subprocess


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


@functools.lru_cache(maxsize=None)
def ed25519_holds(public, message, signature, folder):
    """One openssl for each checkpoint: many receipts rest on the same."""
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
