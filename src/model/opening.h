// Entry 0: the log's own key, who takes part with which root key, the witnesses, and how time runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/key.h"
#include "model/party.h"

namespace wideberth::model {

/// quickened: instants are those of a replayed or invented day, not of the world's clock. Said in entry 0 or nowhere.
enum class TimeMode : unsigned char { real, quickened };
std::string_view name_of(TimeMode time) noexcept;

struct OpeningParty {
  Party party;
  /// Named "<party>/root"; none for a party that has no key and speaks by telephone: others relay what it says.
  std::optional<ledger::VerifierKey> root{};
  friend bool operator==(const OpeningParty&, const OpeningParty&) = default;
};

/// Said where each side keeps a log of its own: whose this one is, and the keys of the logs of the others.
struct DirectLog {
  std::string keeper;                       ///< a party, no neutral
  std::vector<ledger::VerifierKey> others;  ///< 1 to kMostOtherLogs, each named as that log's origin
  friend bool operator==(const DirectLog&, const DirectLog&) = default;
};
inline constexpr std::size_t kMostOtherLogs = 32;

/// The part `full` of log.opened.
struct Opening {
  std::string origin;          ///< the log's name: the server key's, and the origin of every entry and checkpoint
  std::uint32_t rules = 1;     ///< the version of decide and apply that is in force from entry 0
  ledger::VerifierKey server;  ///< named as the origin
  std::string operator_name;   ///< who runs the log, for people
  std::vector<OpeningParty> parties;
  std::vector<ledger::VerifierKey> witnesses;  ///< cosigning keys, type 0x04
  std::string quorum = "none";                 ///< "none", "any", "all", or how many of the witnesses must cosign: "2"
  TimeMode time = TimeMode::real;
  Millis checkpoint_every = Millis::from_seconds(10);  ///< 0.1 s to 1 day
  std::optional<DirectLog> direct{};                   ///< none: a neutral keeps the log for all
  friend bool operator==(const Opening&, const Opening&) = default;
};

inline constexpr std::size_t kMostWitnesses = 32;

/// Refuses with the json_ rules, name_malformed, name_twice, key_name_mismatch, quorum_malformed, opening_keeper and the ledger's
/// rules for keys.
Result<Opening> parse_opening(std::string_view json);
std::string to_json(const Opening& opening);

}  // namespace wideberth::model
