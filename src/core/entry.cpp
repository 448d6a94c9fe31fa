#include "core/entry.h"

#include "ledger/note.h"

namespace wideberth::core {

const std::string* Entry::part(std::string_view name) const {
  for (const PartBody& body : parts)
    if (body.name == name) return body.erased ? nullptr : &body.bytes;
  return nullptr;
}

Result<Entry> read_entry(EntryIndex index, std::string leaf, std::vector<PartBody> parts) {
  WB_TRY(split, ledger::parse_leaf(leaf));
  WB_TRY(note, ledger::parse_note(split.note, ledger::kMostEntryBytes));
  WB_TRY(text, ledger::parse_entry_text(note.text));
  const auto kind = model::kind_named(text.kind);
  if (!kind) return base::refuse(Rule::entry_kind, "entry " + std::to_string(index.value) + " is of kind \"" + text.kind + "\"");
  Entry entry;
  entry.index = index;
  entry.received = split.received;
  entry.text_hash = ledger::text_hash(note.text);
  entry.text = std::move(text);
  entry.kind = *kind;
  entry.parts = std::move(parts);
  entry.leaf = std::move(leaf);
  return entry;
}

}  // namespace wideberth::core
