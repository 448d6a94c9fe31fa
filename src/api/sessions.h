// Who reads: challenges that are signed, and the sessions that begin with it.
//
//     wideberth/session/v1
//     origin dayrik.example/log
//     key blue/ops-1
//     nonce <base64 of 32 bytes>
//     expires 2020-08-25T07:00:12.417Z
//
// Nothing is kept for who asks for a challenge: half of the nonce is drawn, the other half is a code over the text under a
// secret of this process. Only the nonces of sessions that began are kept, until they would have run out.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "api/api.h"
#include "ledger/hash.h"

namespace wideberth::api {

using base::Result;

struct Challenge {
  std::string text;
  base::Instant expires{};
};

/// Instants are those of Parts::steady.
struct Session {
  std::string key;
  std::string party;
  base::Instant expires{};
};

/// Any thread may call.
class Sessions {
 public:
  explicit Sessions(const Parts& parts);

  /// For any name that a key can have, known or not: a stranger learns no name. Refused with key_name_malformed.
  Result<Challenge> challenge(std::string_view key);

  struct Begun {
    std::string token;  ///< base64 of 32 random bytes; only its hash is kept
    Session session;
  };
  /// The challenge signed as a note by the key that it is for. Refused with challenge_untrue and, where the signature holds,
  /// key_not_valid.
  Result<Begun> begin(std::string_view note);

  /// The session of a token, looked at anew each time: its time is not over and its key is valid in the published state.
  /// Refused with session_needed.
  Result<Session> find(std::string_view token);
  /// The same for `Authorization: Bearer <token>`.
  Result<Session> find(const http::Request& request);
  std::size_t count() const;

 private:
  std::string draw();
  std::string nonce(std::string_view drawn, std::string_view key, base::Instant expires) const;
  std::string text(std::string_view key, std::string_view nonce, base::Instant expires) const;
  /// Refused with challenge_untrue: not of the form, not given out here, or too late. Gives the key and the nonce.
  struct Answered {
    std::string key, nonce;
    base::Instant expires{};
  };
  Result<Answered> check(std::string_view text) const;
  void make_room(const std::string& key, base::Instant now);

  mutable std::mutex mutex_;
  engine::Engine& engine_;
  base::Entropy& entropy_;
  base::Clock& steady_;
  Limits limits_;
  std::string origin_;
  std::string secret_;

  std::map<ledger::Hash, Session> sessions_;   ///< by SHA-256 of the token
  std::map<std::string, base::Instant> used_;  ///< nonces of sessions that began, until their challenge runs out
};

}  // namespace wideberth::api
