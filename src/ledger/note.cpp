#include "ledger/note.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "ledger/checkpoint.h"
#include "ledger/text.h"

namespace wideberth::ledger {
namespace {

constexpr std::string_view kDash = "\xE2\x80\x94 ";  // U+2014 and a space

tl::unexpected<base::Refusal> bad_note(std::string found, std::string where = {}) {
  return base::refuse(Rule::note_malformed, std::move(found), {}, std::move(where));
}

/// The name of any key, known or not: what c2sp.org/signed-note asks, no more, so that notes of strangers can be read.
bool is_note_name(std::string_view name) {
  return !name.empty() && name.find('+') == std::string_view::npos && !has_unicode_space(name);
}

bool is_note_bytes(std::string_view bytes) {
  return base::is_utf8(bytes) &&
         std::none_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; });
}

/// Without its \n; the bytes have been seen to be UTF-8 without control characters.
Result<SignatureLine> parse_line(std::string_view line, const std::string& where) {
  if (!line.starts_with(kDash)) return bad_note("found \"" + base::excerpt(line) + "\", which begins with no dash", where);
  std::string_view rest = line.substr(kDash.size());
  const auto name = take_until(rest, ' ');
  if (!name || !is_note_name(*name)) return bad_note("found no name in \"" + base::excerpt(line) + "\"", where);
  const auto bytes = base::from_base64(rest);
  SignatureLine read{std::string(*name), {}, {}};
  if (!bytes || bytes->size() <= read.id.size()) return bad_note("found the signature \"" + base::excerpt(rest) + "\"", where);
  std::memcpy(read.id.data(), bytes->data(), read.id.size());
  read.payload = bytes->substr(read.id.size());
  return read;
}

bool holds(const Note& note, const SignatureLine& line, const VerifierKey& key) {
  if (key.type == KeyType::cosignature_ed25519) return verify_cosignature(note.text, line, key).has_value();
  return verify_ed25519(key, note.text, line.payload);
}

}  // namespace

Result<void> check_note_text(std::string_view text) {
  if (text.empty() || text.back() != '\n') return bad_note("found text that does not end in a newline");
  if (!is_note_bytes(text)) return bad_note("found a control character, or bytes that are not UTF-8");
  return {};
}

Result<Note> parse_note(std::string_view bytes, std::size_t most_bytes) {
  if (bytes.size() > most_bytes)
    return base::refuse(Rule::note_too_large, "found " + std::to_string(bytes.size()) + " bytes",
                        "at most " + std::to_string(most_bytes));
  if (!is_note_bytes(bytes)) return bad_note("found a control character, or bytes that are not UTF-8");
  const std::size_t split = bytes.rfind("\n\n");
  if (split == std::string_view::npos) return bad_note("found no empty line before the signatures");
  Note note{std::string(bytes.substr(0, split + 1)), {}};
  Lines lines(bytes.substr(split + 2));
  while (const auto line = lines.next()) {
    if (note.signatures.size() == kMostSignatures)
      return bad_note("found more than " + std::to_string(kMostSignatures) + " signature lines");
    WB_TRY(read, parse_line(*line, "signature " + lines.where()));
    note.signatures.push_back(std::move(read));
  }
  if (note.signatures.empty()) return bad_note("found no signature line");
  if (!lines.rest().empty()) return bad_note("found a last line without its newline");
  return note;
}

Result<SignatureLine> parse_signature_line(std::string_view line) {
  if (line.size() > (std::size_t{1} << 16) || !is_note_bytes(line) || line.find('\n') != line.size() - 1)
    return bad_note("found no single signature line", "1 line that ends in a newline");
  return parse_line(line.substr(0, line.size() - 1), {});
}

std::string to_text(const SignatureLine& line) {
  std::string signature(reinterpret_cast<const char*>(line.id.data()), line.id.size());
  signature += line.payload;
  return std::string(kDash) + line.name + " " + base::to_base64(signature) + "\n";
}

std::string to_text(const Note& note) {
  std::string text = note.text + "\n";
  for (const SignatureLine& line : note.signatures) text += to_text(line);
  return text;
}

std::string sign_note(std::string_view text, const SigningKey& key) {
  WB_CHECK(check_note_text(text).has_value());
  return std::string(text) + "\n" + signature_line(text, key);
}

std::string signature_line(std::string_view text, const SigningKey& key) {
  WB_CHECK(check_note_text(text).has_value());
  return to_text(SignatureLine{key.name(), key.verifier().id, key.sign(text)});
}

Result<std::vector<std::size_t>> verify_note(const Note& note, std::span<const VerifierKey> known) {
  std::vector<std::size_t> verified;
  for (std::size_t i = 0; i < note.signatures.size(); ++i) {
    const SignatureLine& line = note.signatures[i];
    bool is_known = false, held = false;
    for (const VerifierKey& key : known) {
      if (key.name != line.name || key.id != line.id) continue;
      is_known = true;
      held = held || holds(note, line, key);  // ids are short: two keys may share one, and either may have signed
    }
    if (is_known && !held)
      return base::refuse(Rule::note_signature_untrue, "found a line by \"" + base::excerpt(line.name) + "\" that does not hold",
                          {}, "signature line " + std::to_string(i + 1));
    if (held) verified.push_back(i);
  }
  if (verified.empty())
    return base::refuse(Rule::note_unsigned, "found " + std::to_string(note.signatures.size()) + " lines by unknown keys");
  return verified;
}

}  // namespace wideberth::ledger
