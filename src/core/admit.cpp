#include "core/admit.h"

#include "base/bytes.h"
#include "ledger/note.h"

namespace wideberth::core {
namespace {

using base::refuse;

Result<void> check_parts(const std::vector<ledger::PartLine>& lines, const std::vector<PartBody>& parts) {
  if (lines.size() > kMostParts)
    return refuse(Rule::part_missing, "the note names " + std::to_string(lines.size()) + " parts",
                  "at most " + std::to_string(kMostParts));
  if (parts.size() != lines.size())
    return refuse(
        Rule::part_missing,
        "the note names " + std::to_string(lines.size()) + " parts and " + std::to_string(parts.size()) + " came with it",
        "every part that the note names, in its order", "/parts");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string where = "/parts/" + std::to_string(i);
    if (parts[i].bytes.size() > kMostPartBytes)
      return refuse(Rule::part_too_large, std::to_string(parts[i].bytes.size()) + " bytes",
                    "at most " + std::to_string(kMostPartBytes), where);
    if (auto checked = model::check_entry_part(lines[i], parts[i].salt, parts[i].bytes); !checked) {
      checked.error().where = where;
      return tl::make_unexpected(std::move(checked).error());
    }
  }
  return {};
}

/// The batch is read here, where many notes are read at once, and not by the one thread that decides.
Result<void> read_positions(Admitted& note) {
  const std::string* full = note.part("full");
  if (full == nullptr || note.text.parts.front().media_type != model::kPositionsMediaType)
    return refuse(Rule::part_missing, "no part \"full\" of " + std::string(model::kPositionsMediaType),
                  "a batch of positions; docs/positions.md", "/parts/0");
  auto summary = model::summarise_positions(*full);
  if (!summary) {
    summary.error().where = "/parts/0, " + summary.error().where;
    return tl::make_unexpected(std::move(summary).error());
  }
  note.positions = std::make_shared<const model::PositionSummary>(std::move(*summary));
  return {};
}

auto unknown_key(const std::string& name) {
  return refuse(Rule::key_unknown, "\"" + base::excerpt(name) + "\" is no key of this log",
                "a key that its party's root key has added");
}

/// Every line holds; the names of those after the first.
Result<std::vector<std::string>> verify_lines(const FindSigner& find, const ledger::Note& note, const ledger::VerifierKey& signer,
                                              const std::string& origin) {
  std::vector<ledger::VerifierKey> known{signer};
  std::vector<std::string> names;
  for (std::size_t i = 1; i < note.signatures.size(); ++i) {
    const std::string& name = note.signatures[i].name;
    Signer officer = find(name);
    if (!officer.key || officer.party == origin) return unknown_key(name);
    known.push_back(std::move(*officer.key));
    names.push_back(name);
  }
  WB_TRY(verified, ledger::verify_note(note, known));
  if (verified.size() != note.signatures.size())
    return refuse(Rule::note_signature_untrue, "a line by another key under the name of one of this log's",
                  "lines by the keys that the log holds");
  return names;
}

}  // namespace

const std::string* Admitted::part(std::string_view name) const {
  for (const PartBody& body : parts)
    if (body.name == name) return &body.bytes;
  return nullptr;
}

Signer signer_of(const State& state, std::string_view key_name) {
  Signer signer;
  if (state.opening) signer.origin = state.opening->origin;
  if (const KeyState* key = state.key(key_name)) {
    signer.key = key->key;
    signer.party = key->party;
  }
  return signer;
}

Result<Admitted> admit(const State& state, Submission submission) {
  return admit([&](std::string_view name) { return signer_of(state, name); }, std::move(submission));
}

Result<Admitted> admit(const FindSigner& find, Submission submission) {
  const std::string origin = find("").origin;
  if (origin.empty()) return refuse(Rule::log_not_open);
  if (submission.note.size() > ledger::kMostNoteBytes)
    return refuse(Rule::note_too_large, std::to_string(submission.note.size()) + " bytes",
                  "at most " + std::to_string(ledger::kMostNoteBytes));
  WB_TRY(note, ledger::parse_note(submission.note, ledger::kMostNoteBytes));
  WB_TRY(text, ledger::parse_entry_text(note.text));
  if (text.origin != origin) return refuse(Rule::entry_origin, "the note is for \"" + base::excerpt(text.origin) + "\"", origin);
  const auto kind = model::kind_named(text.kind);
  if (!kind || model::row_of(*kind).signs == model::Signs::server)
    return refuse(Rule::entry_kind, "\"" + base::excerpt(text.kind) + "\"",
                  "a kind that a party signs; docs/entries.md lists them");
  const std::size_t officers = model::row_of(*kind).officers;
  if (note.signatures.size() != 1 + officers || note.signatures[0].name != text.signer)
    return refuse(Rule::note_signatures, std::to_string(note.signatures.size()) + " signature lines",
                  (officers == 0 ? "one signature line, by " : "three signature lines: both officers' after that by ") +
                      base::excerpt(text.signer));
  Signer signer = find(text.signer);
  if (!signer.key || signer.party == origin) return unknown_key(text.signer);
  WB_TRY(countersigners, verify_lines(find, note, *signer.key, origin));
  WB_TRY_VOID(check_parts(text.parts, submission.parts));
  Admitted admitted;
  admitted.text_hash = ledger::text_hash(note.text);
  admitted.kind = *kind;
  admitted.signer_party = std::move(signer.party);
  admitted.countersigners = std::move(countersigners);
  for (std::size_t i = 0; i < text.parts.size(); ++i) submission.parts[i].name = text.parts[i].name;
  admitted.text = std::move(text);
  admitted.parts = std::move(submission.parts);
  admitted.note = std::move(submission.note);
  if (admitted.kind == model::EntryKind::positions_reported) WB_TRY_VOID(read_positions(admitted));
  return admitted;
}

}  // namespace wideberth::core
