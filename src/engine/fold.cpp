#include "engine/fold.h"

#include <vector>

#include "ledger/note.h"
#include "store/reread.h"

namespace wideberth::engine {
namespace {

using base::refuse;
using base::Result;
using base::Rule;

/// The signer's line first, then as many of officers as the kind asks for; each by a key that the state holds valid at this
/// index.
Result<void> verify_signature(const core::State& state, const core::Entry& entry) {
  WB_TRY(split, ledger::parse_leaf(entry.leaf));
  WB_TRY(note, ledger::parse_note(split.note, ledger::kMostEntryBytes));
  const std::string here = "entry " + std::to_string(entry.index.value);
  if (note.signatures.size() != 1U + model::row_of(entry.kind).officers)
    return refuse(Rule::note_signatures, here + " has " + std::to_string(note.signatures.size()) + " signature lines");
  std::vector<ledger::VerifierKey> known;
  for (const ledger::SignatureLine& line : note.signatures) {
    const core::KeyState* key = state.key(line.name);
    if (key == nullptr) break;
    if (!key->valid()) return refuse(Rule::key_not_valid, here + " is signed by " + line.name);
    known.push_back(key->key);
  }
  if (known.empty()) {
    // Entry 0 is signed by the key that it names itself: who reads it compares that key with the policy.
    const std::string* full = entry.part("full");
    if (entry.index.value != 0 || full == nullptr) return refuse(Rule::key_unknown, "entry " + std::to_string(entry.index.value));
    WB_TRY(opening, model::parse_opening(*full));
    known.push_back(opening.server);
  }
  auto verified = ledger::verify_note(note, known);
  if (!verified) {
    verified.error().where = here;
    return tl::make_unexpected(std::move(verified).error());
  }
  if (verified->size() != note.signatures.size() || note.signatures.front().name != entry.text.signer)
    return refuse(Rule::note_signatures, here + " has lines by others than its signers");
  return {};
}

/// Whether the parts that are still there are what the leaf commits to, each by the rule of its media type.
Result<void> verify_parts(const core::Entry& entry) {
  for (std::size_t i = 0; i < entry.parts.size(); ++i) {
    const core::PartBody& part = entry.parts[i];
    if (part.erased) continue;
    const bool named = i < entry.text.parts.size() && entry.text.parts[i].name == part.name;
    auto checked = named ? model::check_entry_part(entry.text.parts[i], part.salt, part.bytes)
                         : refuse(Rule::part_untrue, "a part that the entry does not name");
    if (checked) continue;
    checked.error().where = "part " + std::to_string(i) + " of entry " + std::to_string(entry.index.value);
    return tl::make_unexpected(std::move(checked).error());
  }
  return {};
}

}  // namespace

Result<core::Entry> entry_from(store::StoredEntry stored) {
  std::vector<core::PartBody> parts;
  for (store::StoredPart& part : stored.parts) {
    core::PartBody body;
    body.name = std::move(part.name);
    body.salt = std::move(part.salt);
    body.bytes = std::move(part.bytes);
    body.erased = part.erased;
    parts.push_back(std::move(body));
  }
  return core::read_entry(stored.index, std::move(stored.leaf), std::move(parts));
}

store::StoredEntry stored_from(const core::Entry& entry) {
  store::StoredEntry stored;
  stored.index = entry.index;
  stored.leaf = entry.leaf;
  for (std::size_t i = 0; i < entry.parts.size(); ++i) {
    store::StoredPart part;
    part.name = entry.parts[i].name;
    part.commitment = entry.text.parts[i].commitment;
    part.salt = entry.parts[i].salt;
    part.bytes = entry.parts[i].bytes;
    // The store knows one rule for its sums; a batch of positions has another commitment in its leaf, checked where it came in.
    if (entry.text.parts[i].media_type == model::kPositionsMediaType)
      part.commitment = ledger::commitment_of(part.salt, part.bytes);
    stored.parts.push_back(std::move(part));
  }
  return stored;
}

Result<Folded> fold(store::Store& store, Signatures signatures, const Progress& progress) {
  Folded folded;
  WB_TRY(before, store.head());
  const std::uint64_t size = before.size;
  const auto each = [&](const store::StoredEntry& stored) -> Result<void> {
    WB_TRY(entry, entry_from(stored));
    if (signatures == Signatures::verify) {
      WB_TRY_VOID(verify_signature(folded.state, entry));
      WB_TRY_VOID(verify_parts(entry));
    }
    WB_TRY_VOID(core::apply(folded.state, entry));
    if (progress && (stored.index.value + 1 == size || stored.index.value % 1024 == 0)) progress(stored.index.value + 1, size);
    return {};
  };
  WB_TRY(reread, store::reread(store, each));
  folded.head = std::move(reread.head);
  return folded;
}

Result<core::State> fold_to(store::Store& store, base::EntryIndex last) {
  core::State state;
  constexpr std::size_t kAtOnce = 512;
  while (state.next() <= last) {
    const std::uint64_t left = last.value + 1 - state.next().value;
    WB_TRY(stored, store.read(state.next(), left < kAtOnce ? static_cast<std::size_t>(left) : kAtOnce));
    if (stored.empty())
      return refuse(Rule::entry_unknown, "entry " + std::to_string(last.value),
                    "entries before " + std::to_string(state.next().value));
    for (store::StoredEntry& each : stored) {
      WB_TRY(entry, entry_from(std::move(each)));
      WB_TRY_VOID(core::apply(state, entry));
    }
  }
  return state;
}

}  // namespace wideberth::engine
