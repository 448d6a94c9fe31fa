#include "ledger/checkpoint.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "ledger/text.h"

namespace wideberth::ledger {
namespace {

constexpr std::size_t kMostExtensions = 16, kMostExtensionBytes = 1024;
/// 9999-12-31T23:59:59Z, the last second that an Instant writes.
constexpr std::uint64_t kLastSecond = 253'402'300'799;
constexpr std::size_t kCosignatureBytes = 8 + 64;

tl::unexpected<base::Refusal> bad_checkpoint(std::string found, std::string where = {}) {
  return base::refuse(Rule::checkpoint_malformed, std::move(found), {}, std::move(where));
}
tl::unexpected<base::Refusal> bad_request(std::string found, std::string where = {}) {
  return base::refuse(Rule::witness_request_malformed, std::move(found), {}, std::move(where));
}
tl::unexpected<base::Refusal> bad_cosignature(std::string found) {
  return base::refuse(Rule::note_signature_untrue, std::move(found));
}

std::string big_endian(std::uint64_t value) {
  std::string bytes;
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(static_cast<unsigned char>(value >> shift & 0xFF));
  return bytes;
}

std::uint64_t from_big_endian(std::string_view bytes8) {
  std::uint64_t value = 0;
  for (const char c : bytes8) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

}  // namespace

Result<Checkpoint> parse_checkpoint(std::string_view text) {
  Lines lines(text);
  const auto origin = lines.next(), size = lines.next(), root = lines.next();
  if (!root) return bad_checkpoint("found fewer than three lines");
  Checkpoint read{std::string(*origin), 0, {}, {}};
  if (auto named = check_key_name(*origin); !named) return bad_checkpoint(named.error().found + " as origin", "line 1");
  const auto leaves = base::parse_decimal(*size, kMostLeaves);
  if (!leaves) return bad_checkpoint(leaves.error().found + " as size", "line 2");
  read.size = *leaves;
  const auto hash = hash_from_base64(*root);
  if (!hash) return bad_checkpoint(hash.error().found + " as root", "line 3");
  read.root = *hash;
  if (read.size == 0 && read.root != empty_root()) return bad_checkpoint("found a root that an empty tree has not", "line 3");
  while (const auto line = lines.next()) {
    if (line->empty() || line->size() > kMostExtensionBytes || read.extensions.size() == kMostExtensions ||
        !base::check_readable(*line))
      return bad_checkpoint("found the extension \"" + base::excerpt(*line) + "\"", lines.where());
    read.extensions.emplace_back(*line);
  }
  if (!lines.rest().empty()) return bad_checkpoint("found a last line without its newline", lines.where_next());
  return read;
}

std::string to_text(const Checkpoint& checkpoint) {
  std::string text = checkpoint.origin + "\n" + std::to_string(checkpoint.size) + "\n" + to_base64(checkpoint.root) + "\n";
  for (const std::string& line : checkpoint.extensions) text += line + "\n";
  return text;
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const SigningKey& log) {
  const std::string text = to_text(checkpoint);
  WB_CHECK(log.name() == checkpoint.origin && parse_checkpoint(text) == checkpoint);
  return sign_note(text, log);
}

Result<Checkpoint> open_checkpoint(std::string_view note, const VerifierKey& log) {
  WB_TRY(read, parse_note(note));
  WB_TRY_VOID(verify_note(read, {&log, 1}));
  WB_TRY(checkpoint, parse_checkpoint(read.text));
  if (checkpoint.origin != log.name)
    return base::refuse(Rule::checkpoint_other_log, "found the origin " + base::excerpt(checkpoint.origin), log.name);
  return std::move(checkpoint);
}

std::string cosignature_message(std::string_view checkpoint_text, std::uint64_t posix_seconds) {
  return "cosignature/v1\ntime " + std::to_string(posix_seconds) + "\n" + std::string(checkpoint_text);
}

std::string cosign(std::string_view checkpoint_text, const SigningKey& witness, Instant at) {
  WB_CHECK(at.ms() >= 0 && parse_checkpoint(checkpoint_text).has_value());
  const std::uint64_t seconds = static_cast<std::uint64_t>(at.ms()) / 1000;
  WB_CHECK(seconds <= kLastSecond);
  return to_text(SignatureLine{witness.name(), witness.cosigner().id,
                               big_endian(seconds) + witness.sign(cosignature_message(checkpoint_text, seconds))});
}

Result<Instant> verify_cosignature(std::string_view checkpoint_text, const SignatureLine& line, const VerifierKey& witness) {
  if (witness.type != KeyType::cosignature_ed25519) return bad_cosignature("found a key that is no cosigner's");
  if (line.name != witness.name || line.id != witness.id) return bad_cosignature("found the line of another key");
  if (line.payload.size() != kCosignatureBytes)
    return bad_cosignature("found a cosignature of " + std::to_string(line.payload.size()) + " bytes");
  const std::string_view payload = line.payload;
  const std::uint64_t seconds = from_big_endian(payload.substr(0, 8));
  if (seconds > kLastSecond) return bad_cosignature("found the time " + std::to_string(seconds));
  if (!parse_checkpoint(checkpoint_text)) return bad_cosignature("found a cosignature over what is no checkpoint");
  if (!verify_ed25519(witness, cosignature_message(checkpoint_text, seconds), payload.substr(8)))
    return bad_cosignature("found a cosignature by \"" + base::excerpt(line.name) + "\" that does not hold");
  return Instant::from_ms(static_cast<std::int64_t>(seconds) * 1000);
}

Result<AddCheckpoint> parse_add_checkpoint(std::string_view body) {
  Lines lines(body);
  const auto old_size = lines.next("old");
  const auto size =
      old_size ? base::parse_decimal(*old_size, kMostLeaves) : base::refuse(Rule::number_malformed, "found no old size");
  if (!size) return bad_request(size.error().found, "line 1");
  AddCheckpoint read{*size, {}, {}};
  for (;;) {
    const auto line = lines.next();
    if (!line) return bad_request("found no empty line after the proof", lines.where_next());
    if (line->empty()) break;
    if (read.proof.size() == kMostProofHashes) return bad_request("found more than 63 hashes", lines.where());
    const auto hash = hash_from_base64(*line);
    if (!hash) return bad_request(hash.error().found, lines.where());
    read.proof.push_back(*hash);
  }
  WB_TRY(note, parse_note(lines.rest()));
  WB_TRY(checkpoint, parse_checkpoint(note.text));
  if (read.old_size > checkpoint.size)
    return bad_request("found the old size " + std::to_string(read.old_size) + " for a checkpoint of " +
                       std::to_string(checkpoint.size));
  read.checkpoint = lines.rest();
  return read;
}

std::string to_text(const AddCheckpoint& request) {
  std::string body = "old " + std::to_string(request.old_size) + "\n";
  for (const Hash& hash : request.proof) body += to_base64(hash) + "\n";
  return body + "\n" + request.checkpoint;
}

}  // namespace wideberth::ledger
