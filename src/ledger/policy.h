// Whom a verifier trusts (c2sp.org/tlog-policy): logs, witnesses, and how many witnesses make a quorum.
//
//     log <vkey> [url]
//     witness <name> <vkey> [url]
//     group <name> all|any|<k> <name>...
//     quorum <name>|none                 exactly once
//
// Items are parted by spaces and tabs; empty lines and lines that begin with # are passed over. Names are defined on an
// earlier line than they are used, each is a member of one group at most, and no key is named twice.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/key.h"

namespace wideberth::ledger {

inline constexpr std::size_t kMostPolicyBytes = 256 * 1024, kMostPolicyLogs = 64, kMostPolicyWitnesses = 64,
                             kMostPolicyGroups = 64;

struct Policy {
  struct Log {
    VerifierKey key;  ///< type 0x01; its name is the origin
    std::string url;  ///< empty where none is given
    friend bool operator==(const Log&, const Log&) = default;
  };
  struct Witness {
    std::string name;  ///< within the policy only
    VerifierKey key;   ///< type 0x04
    std::string url;
    friend bool operator==(const Witness&, const Witness&) = default;
  };
  struct Group {
    std::string name;
    std::size_t threshold = 1;  ///< how many members must have witnessed: 1 to all of them
    std::vector<std::string> members;
    friend bool operator==(const Group&, const Group&) = default;
  };

  std::vector<Log> logs;
  std::vector<Witness> witnesses;
  std::vector<Group> groups;
  std::string quorum = "none";
  friend bool operator==(const Policy&, const Policy&) = default;
};

/// Refused with Rule::policy_malformed, naming the line, and as parse_vkey refuses.
Result<Policy> parse_policy(std::string_view text);
/// Law: *parse_policy(to_text(p)) == p for every p that parse_policy gives. Comments are not kept.
std::string to_text(const Policy& policy);

/// Whether these witnesses (names of the policy) make its quorum.
bool quorum_met(const Policy& policy, std::span<const std::string> witnesses);

}  // namespace wideberth::ledger
