#include "ledger/proof.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "ledger/text.h"

namespace wideberth::ledger {
namespace {

constexpr std::string_view kProofHeader = "c2sp.org/tlog-proof@v1";

tl::unexpected<base::Refusal> bad_receipt(std::string found, std::string where = {}) {
  return base::refuse(Rule::receipt_malformed, std::move(found), {}, std::move(where));
}

/// The keys that may sign a checkpoint of this origin: its logs' and every witness's.
std::vector<VerifierKey> keys_for(const Policy& policy, const std::string& origin) {
  std::vector<VerifierKey> keys;
  for (const auto& log : policy.logs)
    if (log.key.name == origin) keys.push_back(log.key);
  for (const auto& witness : policy.witnesses) keys.push_back(witness.key);
  return keys;
}

/// When this witness first cosigned, if any line of the note is its own and holds.
std::optional<Instant> witnessed(const Note& note, const VerifierKey& witness) {
  std::optional<Instant> first;
  for (const SignatureLine& line : note.signatures)
    if (const auto at = verify_cosignature(note.text, line, witness); at && (!first || *at < *first)) first = *at;
  return first;
}

/// Every line that holds is by a key of the policy; what else the note has to show is left to the caller.
Result<void> check_lines(const Policy& policy, const Note& note, const Checkpoint& checkpoint, Unproved unproved) {
  const std::vector<VerifierKey> keys = keys_for(policy, checkpoint.origin);
  const auto is_log = [&](const VerifierKey& key) { return key.type == KeyType::ed25519; };
  if (std::none_of(keys.begin(), keys.end(), is_log))
    return base::refuse(Rule::checkpoint_other_log, "found the origin " + base::excerpt(checkpoint.origin),
                        "a log of the policy");
  WB_TRY(verified, verify_note(note, keys));
  if (unproved == Unproved::refuse && verified.size() != note.signatures.size())
    return base::refuse(Rule::receipt_line_unknown, "found " + std::to_string(note.signatures.size() - verified.size()) +
                                                        " signature lines by keys that the policy does not name");
  const auto by_log = [&](std::size_t i) {
    return std::any_of(keys.begin(), keys.end(), [&](const VerifierKey& key) {
      return is_log(key) && key.name == note.signatures[i].name && key.id == note.signatures[i].id;
    });
  };
  if (std::none_of(verified.begin(), verified.end(), by_log))
    return base::refuse(Rule::note_unsigned, "found no signature of the log itself");
  return {};
}

}  // namespace

Result<Receipt> parse_receipt(std::string_view text) {
  Lines lines(text);
  if (lines.next() != kProofHeader) return bad_receipt("found another first line", "line 1");
  Receipt read;
  if (const auto extra = lines.next("extra")) {
    auto bytes = base::from_base64(*extra);
    if (!bytes) return bad_receipt(bytes.error().found, lines.where());
    read.extra = std::move(*bytes);
  }
  const auto index = lines.next("index");
  const auto number = index ? base::parse_decimal(*index, kMostLeaves) : base::refuse(Rule::number_malformed, "found no index");
  if (!number) return bad_receipt(number.error().found, index ? lines.where() : lines.where_next());
  read.index = EntryIndex{*number};
  for (;;) {
    const auto line = lines.next();
    if (!line) return bad_receipt("found no empty line after the proof", lines.where_next());
    if (line->empty()) break;
    if (read.proof.size() == kMostProofHashes) return bad_receipt("found more than 63 hashes", lines.where());
    const auto hash = hash_from_base64(*line);
    if (!hash) return bad_receipt(hash.error().found, lines.where());
    read.proof.push_back(*hash);
  }
  WB_TRY(note, parse_note(lines.rest()));
  WB_TRY_VOID(parse_checkpoint(note.text));
  read.checkpoint = lines.rest();
  return read;
}

std::string to_text(const Receipt& receipt) {
  std::string text(kProofHeader);
  if (receipt.extra) text += "\nextra " + base::to_base64(*receipt.extra);
  text += "\nindex " + std::to_string(receipt.index.value) + "\n";
  for (const Hash& hash : receipt.proof) text += to_base64(hash) + "\n";
  return text + "\n" + receipt.checkpoint;
}

Result<Verified> verify_receipt(const Policy& policy, std::string_view receipt_text, std::string_view leaf, Unproved unproved) {
  WB_TRY(receipt, parse_receipt(receipt_text));
  if (receipt.extra && unproved == Unproved::refuse)
    return base::refuse(Rule::receipt_line_unknown, "found extra data, which nobody signs", {}, "line 2");
  WB_TRY(note, parse_note(receipt.checkpoint));
  WB_TRY(checkpoint, parse_checkpoint(note.text));
  WB_TRY_VOID(check_lines(policy, note, checkpoint, unproved));

  Verified verified{receipt.index, std::move(checkpoint), {}, {}};
  for (const auto& witness : policy.witnesses) {
    if (const auto at = witnessed(note, witness.key)) {
      verified.witnesses.push_back(witness.name);
      verified.witnessed_at.push_back(*at);
    }
  }
  if (!quorum_met(policy, verified.witnesses))
    return base::refuse(Rule::receipt_quorum_missed, "found " + std::to_string(verified.witnesses.size()) + " cosignatures",
                        "the quorum " + policy.quorum);
  const Checkpoint& head = verified.checkpoint;
  WB_TRY_VOID(verify_inclusion(verified.index.value, head.size, leaf_hash(leaf), receipt.proof, head.root));
  return verified;
}

}  // namespace wideberth::ledger
