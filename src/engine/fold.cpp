#include "engine/fold.h"

#include <array>

#include "ledger/note.h"
#include "store/reread.h"

namespace wideberth::engine {
namespace {

using base::refuse;
using base::Result;
using base::Rule;

/// One signature, by the key that the state holds valid at this index.
Result<void> verify_signature(const core::State& state, const core::Entry& entry) {
  WB_TRY(split, ledger::parse_leaf(entry.leaf));
  WB_TRY(note, ledger::parse_note(split.note, ledger::kMostEntryBytes));
  const core::KeyState* key = state.key(entry.text.signer);
  std::array<ledger::VerifierKey, 1> known;
  if (key != nullptr) {
    if (!key->valid())
      return refuse(Rule::key_not_valid, "entry " + std::to_string(entry.index.value) + " is signed by " + entry.text.signer);
    known[0] = key->key;
  } else {
    // Entry 0 is signed by the key that it names itself: who reads it compares that key with the policy.
    const std::string* full = entry.part("full");
    if (entry.index.value != 0 || full == nullptr) return refuse(Rule::key_unknown, "entry " + std::to_string(entry.index.value));
    WB_TRY(opening, model::parse_opening(*full));
    known[0] = opening.server;
  }
  if (auto verified = ledger::verify_note(note, known); !verified) {
    verified.error().where = "entry " + std::to_string(entry.index.value);
    return tl::make_unexpected(std::move(verified).error());
  }
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
