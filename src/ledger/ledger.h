// ledger: what was said, so that a stranger can prove it.
//
// Purpose.  The public C2SP tlog family, byte for byte: Merkle tree, signed note, checkpoint, cosignature, tile, offline
//   proof, policy; and the one format of our own, the text of an entry that a party signs.
//
// Promise.  (1) Pure functions over bytes: no clock, file, socket; chance only through base::Entropy. (2) Strict: what is
//   accepted writes back to the same bytes. (3) No input crashes: every reader has stated limits and answers with a refusal.
//   (4) One rule for signatures everywhere (key.h). (5) A receipt of which any byte was changed is refused.
//
// Map, in reading order.
//   hash.h        SHA-256 and the two prefixes of RFC 6962
//   tree.h        the whole tree in memory; inclusion and consistency proofs, and how they are checked
//   key.h         names, verifier keys, signing keys, the rule for Ed25519
//   keyfile.h     a signing key at rest, in clear or under a passphrase
//   note.h        signed note: text, signature lines, which of them hold
//   checkpoint.h  the head of a log; cosignatures of witnesses; the request to a witness
//   tile.h        what a log serves: tile paths, tile bytes, entry bundles
//   entry.h       what a party signs; the leaf; salted commitments of parts
//   items.h       a part of many items, each of which can be proved alone
//   policy.h      which logs and witnesses a verifier trusts, and how many of them
//   proof.h       the receipt: one entry, proved offline against a policy
//   text.h        reading line by line (for the folder's own use)
//
// May use.  base, the standard library; libsodium in key.cpp and keyfile.cpp, OpenSSL in hash.cpp, in no header.
// Tested by.  *_test.cpp beside each file: golden vectors of an independent implementation (tests/vectors), laws as
//   properties (suites named …Laws), every byte of a receipt changed; fuzzed by tests/fuzz.
#pragma once
