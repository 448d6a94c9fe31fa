#include "client/sign.h"

#include <array>
#include <utility>

#include "base/bytes.h"
#include "json/json.h"
#include "ledger/note.h"
#include "model/keys.h"
#include "model/position_batch.h"

namespace wideberth::client {
namespace {

using base::refuse;
using base::Rule;

constexpr std::size_t kMostLine = std::size_t{64} << 20;

std::string salt_from(base::Entropy& entropy) {
  std::array<unsigned char, 32> salt{};
  entropy.fill(salt);
  std::string bytes(salt.size(), '\0');
  for (std::size_t i = 0; i < salt.size(); ++i) bytes[i] = static_cast<char>(salt[i]);
  return bytes;
}

}  // namespace

Result<std::vector<KeptPart>> parts_of_line(const std::string& line, const ledger::EntryText& text) {
  WB_TRY(tree, json::parse(line, {kMostLine, 8}));
  WB_TRY(parts_at, json::Reader(tree).member("parts"));
  WB_TRY(list, parts_at.elements(text.parts.size(), text.parts.size()));
  std::vector<KeptPart> parts;
  for (std::size_t i = 0; i < list.size(); ++i) {
    WB_TRY(salt_at, list[i].member("salt"));
    WB_TRY(salt, salt_at.base64(32));
    WB_TRY(bytes_at, list[i].member("bytes"));
    WB_TRY(bytes, bytes_at.base64(std::size_t{4} << 20));
    WB_TRY_VOID(model::check_entry_part(text.parts[i], salt, bytes));
    parts.push_back({text.parts[i].name, text.parts[i].media_type, std::move(salt), std::move(bytes)});
  }
  return parts;
}

Result<std::string> note_of_line(const std::string& line) {
  WB_TRY(tree, json::parse(line, {kMostLine, 8}));
  WB_TRY(note_at, json::Reader(tree).member("note"));
  WB_TRY(note, note_at.string(ledger::kMostNoteBytes));
  return std::string(note);
}

Result<SignedAct> sign_act(const Act& act, const Signing& signing, base::Entropy& entropy) {
  ledger::EntryText text;
  text.origin = signing.origin;
  text.kind = std::string(model::name_of(act.kind));
  text.signer = signing.key.name();
  text.number = signing.chain.number;
  text.previous = signing.chain.previous;
  text.seen = signing.seen;
  text.at = signing.at;
  text.occurred = act.occurred;
  text.to = act.to;
  text.refs = act.refs;
  json::Writer line;
  std::vector<std::pair<std::string, std::string>> bodies;
  for (const ActPart& each : act.parts) {
    const bool positions = each.media_type == model::kPositionsMediaType;
    std::string bytes = positions ? each.json : ledger::pad_to_class(each.json);
    std::string salt = each.salt.size() == 32 ? each.salt : salt_from(entropy);
    const auto commitment =
        positions ? model::positions_commitment(salt, bytes) : Result<ledger::Hash>(ledger::commitment_of(salt, bytes));
    if (!commitment) return tl::make_unexpected(commitment.error());
    text.parts.push_back({each.name, each.media_type, bytes.size(), *commitment});
    bodies.emplace_back(std::move(salt), std::move(bytes));
  }
  WB_TRY(signed_text, ledger::checked_text(text));
  SignedAct made;
  made.note = ledger::sign_note(signed_text, signing.key);
  for (const ledger::SigningKey* officer : act.officers) made.note += ledger::signature_line(signed_text, *officer);
  line.begin_object().key("note").string(made.note).key("parts").begin_array();
  for (const auto& [salt, bytes] : bodies)
    line.begin_object().key("salt").string(base::to_base64(salt)).key("bytes").string(base::to_base64(bytes)).end_object();
  made.line = line.end_array().end_object().take() + "\n";
  made.next = Chain{text.number + 1, ledger::text_hash(signed_text)};
  return made;
}

Result<ReadLine> read_line(const std::string& line) {
  ReadLine read;
  WB_TRY(note, note_of_line(line));
  WB_TRY(parsed, ledger::parse_note(note));
  WB_TRY(text, ledger::parse_entry_text(parsed.text));
  WB_TRY(parts, parts_of_line(line, text));
  const auto kind = model::kind_named(text.kind);
  if (!kind) return refuse(Rule::entry_malformed, "the kind " + base::excerpt(text.kind), "a kind that parties sign");
  read.note = std::move(note);
  read.number = text.number;
  read.text_hash = ledger::text_hash(parsed.text);
  read.act.kind = *kind;
  read.act.to = text.to;
  read.act.refs = text.refs;
  read.act.occurred = text.occurred;
  for (KeptPart& part : parts) read.act.parts.push_back({part.name, std::move(part.json), part.media_type});
  return read;
}

}  // namespace wideberth::client
