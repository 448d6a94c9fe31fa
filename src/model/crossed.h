// Two logs of two sides: an entry of the other log held in one's own, and what does not fit together in what the other showed.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/hash.h"
#include "model/names.h"

namespace wideberth::model {

/// That one head of a log goes on from an earlier one (RFC 6962 section 2.1.2).
struct Continuation {
  std::uint64_t from = 0;            ///< the size of the earlier one
  std::vector<ledger::Hash> hashes;  ///< at most 63
  friend bool operator==(const Continuation&, const Continuation&) = default;
};

/// entry.crossed {"origin", "index", "leaf", "receipt", "continues": {"from", "hashes"}}: the other log's entry and the receipt
/// that proves it there. Whether they verify is decide's to say.
struct Crossed {
  std::string origin;  ///< the other log's
  EntryIndex index;
  std::string leaf;     ///< whole, base64 in JSON
  std::string receipt;  ///< c2sp.org/tlog-proof@v1
  std::optional<Continuation> continues{};
  friend bool operator==(const Crossed&, const Crossed&) = default;
};
inline constexpr std::size_t kMostCrossedReceipt = std::size_t{64} << 10;
inline constexpr std::size_t kMostContinuation = 63;

enum class Dispute : unsigned char { other_root, other_entry, no_continuation };
/// "other root": two heads of one size and two roots. "other entry": two entries at one index, each proved. "no continuation":
/// the proof that the later head goes on from the earlier does not hold.
std::string_view name_of(Dispute dispute) noexcept;

/// crossed.disputed {"origin", "dispute", "size", "root", "before": {"entry", "size", "root"}}: what one entry.crossed shows of
/// the other log cannot be true beside what an earlier one shows.
struct CrossedDisputed {
  std::string origin;
  Dispute dispute = Dispute::other_root;
  std::uint64_t size = 0;
  ledger::Hash root;
  EntryIndex before;  ///< the earlier entry.crossed
  std::uint64_t before_size = 0;
  ledger::Hash before_root;
  friend bool operator==(const CrossedDisputed&, const CrossedDisputed&) = default;
};

/// Refuse with the json_ rules and the ledger's for names.
Result<Crossed> parse_crossed(std::string_view json);
Result<CrossedDisputed> parse_crossed_disputed(std::string_view json);
std::string to_json(const Crossed& crossed);
std::string to_json(const CrossedDisputed& disputed);

}  // namespace wideberth::model
