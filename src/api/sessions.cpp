#include "api/sessions.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "core/state.h"
#include "ledger/note.h"

namespace wideberth::api {

using base::Instant;
using base::refuse;
using base::Rule;

namespace {

constexpr std::string_view kSessionHead = "wideberth/session/v1\n";
constexpr std::size_t kDrawnBytes = 16, kNonceBytes = 32;
/// Longer than any challenge under a name of 255 bytes, with its signature.
constexpr std::size_t kMostChallengeNote = 4'096;

/// The value of the line "name value\n" at the front of `rest`, taken off it.
std::optional<std::string_view> take_line(std::string_view& rest, std::string_view name) {
  const auto end = rest.find('\n');
  if (end == std::string_view::npos || !rest.starts_with(name) || rest.size() <= name.size() || rest[name.size()] != ' ')
    return std::nullopt;
  const std::string_view value = rest.substr(name.size() + 1, end - name.size() - 1);
  rest.remove_prefix(end + 1);
  return value;
}

tl::unexpected<base::Refusal> untrue_challenge(std::string found) {
  return refuse(Rule::challenge_untrue, std::move(found), "the text of POST /v1/challenges as it came, signed as a note");
}

}  // namespace

Sessions::Sessions(const Parts& parts)
    : engine_(parts.engine), entropy_(parts.entropy), steady_(parts.steady), limits_(parts.limits), secret_(draw() + draw()) {
  engine_.view([&](const core::State& state) { origin_ = state.opening->origin; });
}

std::string Sessions::draw() {
  std::array<unsigned char, kDrawnBytes> bytes{};
  const std::lock_guard lock(mutex_);
  entropy_.fill(bytes);
  std::string drawn;
  for (const unsigned char byte : bytes) drawn += static_cast<char>(byte);
  return drawn;
}

std::string Sessions::nonce(std::string_view drawn, std::string_view key, Instant expires) const {
  // Two hashes, so that nobody can lengthen what the inner one covers.
  const ledger::Hash inner = ledger::sha256({secret_, drawn, text(key, {}, expires)});
  const ledger::Hash outer = ledger::sha256({secret_, inner.view()});
  return std::string(drawn) + std::string(outer.view().substr(0, kNonceBytes - kDrawnBytes));
}

std::string Sessions::text(std::string_view key, std::string_view nonce, Instant expires) const {
  std::string text(kSessionHead);
  text += "origin " + origin_ + "\nkey " + std::string(key) + "\nnonce " + base::to_base64(nonce) + "\nexpires ";
  return text + to_text(expires) + "\n";
}

Result<Challenge> Sessions::challenge(std::string_view key) {
  WB_TRY_VOID(ledger::check_key_name(key));
  const Instant expires = steady_.now() + limits_.challenge_life;
  return Challenge{text(key, nonce(draw(), key, expires), expires), expires};
}

Result<Sessions::Answered> Sessions::check(std::string_view text_given) const {
  std::string_view rest = text_given;
  if (!rest.starts_with(kSessionHead)) return untrue_challenge("another text");
  rest.remove_prefix(kSessionHead.size());
  const auto origin = take_line(rest, "origin"), key = take_line(rest, "key"), drawn = take_line(rest, "nonce"),
             expires = take_line(rest, "expires");
  if (!origin || !key || !drawn || !expires || !rest.empty()) return untrue_challenge("another text");
  const auto nonce_given = base::from_base64(*drawn);
  const auto until = Instant::parse(*expires);
  if (!nonce_given || nonce_given->size() != kNonceBytes || !until) return untrue_challenge("another text");
  if (*origin != origin_) return untrue_challenge("a challenge of \"" + base::excerpt(*origin) + "\"");
  // The code is compared as hashes of hashes: how long that takes tells nothing.
  const std::string ours = nonce(std::string_view(*nonce_given).substr(0, kDrawnBytes), *key, *until);
  if (ledger::sha256(ours) != ledger::sha256(*nonce_given) || text(*key, ours, *until) != text_given)
    return untrue_challenge("a challenge that this log did not give out since it started");
  if (steady_.now() >= *until) return untrue_challenge("a challenge that ran out at " + to_text(*until));
  return Answered{std::string(*key), ours, *until};
}

Result<Sessions::Begun> Sessions::begin(std::string_view note_text) {
  WB_TRY(note, ledger::parse_note(note_text, kMostChallengeNote));
  WB_TRY(answered, check(note.text));
  std::optional<core::KeyState> key;
  engine_.view([&](const core::State& state) {
    const core::KeyState* found = state.key(answered.key);
    if (found != nullptr && found->party != state.opening->origin) key = *found;
  });
  // One answer for an unknown key and for a signature that does not hold: names are not for strangers to try.
  const std::string unproved = "a signature that is not by a key of this log named \"" + base::excerpt(answered.key) + "\"";
  if (!key || note.signatures.size() != 1) return untrue_challenge(unproved);
  const ledger::VerifierKey known[] = {key->key};
  if (!ledger::verify_note(note, known)) return untrue_challenge(unproved);
  if (!key->valid())
    return refuse(Rule::key_not_valid, "\"" + answered.key + "\" was revoked or stated compromised",
                  "a key of the same party that is not revoked");
  Begun begun;
  begun.token = base::to_base64(draw() + draw());
  const Instant now = steady_.now();
  begun.session = Session{answered.key, key->party, now + limits_.session_life};
  const std::lock_guard lock(mutex_);
  std::erase_if(used_, [&](const auto& each) { return each.second <= now; });
  if (!used_.emplace(answered.nonce, answered.expires).second) return untrue_challenge("a challenge that was answered before");
  make_room(answered.key, now);
  sessions_.emplace(ledger::sha256(begun.token), begun.session);
  return begun;
}

/// REQUIRES: the lock is held.
void Sessions::make_room(const std::string& key, Instant now) {
  std::erase_if(sessions_, [&](const auto& each) { return each.second.expires <= now; });
  std::size_t held = 0;
  auto oldest = sessions_.end();
  for (auto at = sessions_.begin(); at != sessions_.end(); ++at) {
    if (at->second.key != key) continue;
    ++held;
    if (oldest == sessions_.end() || at->second.expires < oldest->second.expires) oldest = at;
  }
  if (held >= limits_.most_sessions_of_key) sessions_.erase(oldest);
}

Result<Session> Sessions::find(std::string_view token) {
  const auto needed = [](std::string found) {
    return refuse(Rule::session_needed, std::move(found), "the token of POST /v1/sessions");
  };
  const ledger::Hash hash = ledger::sha256(token);
  Session session;
  {
    const std::lock_guard lock(mutex_);
    const auto found = sessions_.find(hash);
    if (found == sessions_.end()) return needed("a token of no session, or of one that has ended");
    if (found->second.expires <= steady_.now()) {
      sessions_.erase(found);
      return needed("a session whose time is over");
    }
    session = found->second;
  }
  bool valid = false;
  engine_.view([&](const core::State& state) {
    const core::KeyState* key = state.key(session.key);
    valid = key != nullptr && key->valid();
  });
  if (valid) return session;
  const std::lock_guard lock(mutex_);
  sessions_.erase(hash);
  return needed("a session of a key that is not valid any more");
}

Result<Session> Sessions::find(const http::Request& request) {
  constexpr std::string_view kScheme = "Bearer ";
  const auto field = request.header("Authorization");
  const auto same = [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == (b >= 'A' && b <= 'Z' ? b - 'A' + 'a' : b);
  };
  if (!field || field->size() < kScheme.size() || !std::equal(kScheme.begin(), kScheme.end(), field->begin(), same))
    return refuse(Rule::session_needed, field ? "another scheme" : "no Authorization field", "Authorization: Bearer <token>");
  return find(field->substr(kScheme.size()));
}

std::size_t Sessions::count() const {
  const std::lock_guard lock(mutex_);
  return sessions_.size();
}

}  // namespace wideberth::api
