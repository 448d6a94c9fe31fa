// Two logs of two sides compared, from what is at hand of each: no server, no network, and no plan is needed for it, since an act
// that was carried from one log to the other bears the same commitment in both.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/refusal.h"
#include "ledger/entry.h"
#include "ledger/proof.h"
#include "model/crossed.h"

namespace wideberth::client {

using base::EntryIndex;
using base::Instant;
using base::Result;

/// An entry that is proved to stand in its log.
struct ShownEntry {
  ledger::Hash leaf;  ///< the leaf's hash, as it stands in the tree
  Instant received;   ///< by the log's clock
  std::string kind, signer;
  std::vector<ledger::PartLine> parts;
};

/// A head that the log's key has signed.
struct ShownHead {
  std::uint64_t size = 0;
  ledger::Hash root;
  friend auto operator<=>(const ShownHead&, const ShownHead&) = default;
};

/// What is at hand of one log, all of it proved under the policy that was pinned for it.
struct ShownLog {
  /// An entry of the other log, as an entry.crossed of this one holds it.
  struct Held {
    EntryIndex by;     ///< the entry.crossed
    EntryIndex index;  ///< in the other log
    ShownEntry entry;
    ShownHead head;  ///< of the other log
  };

  std::string origin;
  std::map<EntryIndex, ShownEntry> entries{};
  std::set<ShownHead> heads{};
  std::vector<Held> held{};
  bool signed_here = false;  ///< its head was signed for this comparison, by the log's key, which lies with its entries

  /// The largest size that a head at hand speaks of.
  std::uint64_t size() const;
};

/// A leaf and its receipt, verified, and taken into `into.entries` and `into.heads`. Gives the entry's text and index.
/// Refused as verify_receipt, parse_leaf and parse_entry_text refuse, with checkpoint_other_log where the receipt or the entry is
/// of another log than `into.origin`.
struct Taken {
  EntryIndex index;
  ledger::EntryText text;
};
Result<Taken> take_receipt(ShownLog& into, const ledger::Policy& policy, std::string_view receipt, std::string_view leaf,
                           ledger::Unproved unproved = ledger::Unproved::refuse);
/// An entry.crossed of `into`, at `by`: the other log's leaf and receipt in it, verified under the other log's policy. One that
/// holds an entry of a third log is passed over. Refused as take_receipt refuses, and with crossed_untrue where it names another
/// index than its receipt proves.
Result<void> take_crossed(ShownLog& into, EntryIndex by, const model::Crossed& crossed, const ledger::Policy& other_policy,
                          const std::string& other_origin, ledger::Unproved unproved = ledger::Unproved::refuse);

/// Two logs beside each other. Of each pair of members the first is of the first log.
struct PairReport {
  struct InBoth {
    EntryIndex first, second;
    std::vector<std::string> parts;  ///< the names of the parts that bear one commitment
  };
  /// One log says two things of itself: both are signed by its key.
  struct Difference {
    std::string origin;
    model::Dispute dispute = model::Dispute::other_root;
    std::uint64_t at = 0;  ///< the index, or the size
  };

  std::array<ShownLog, 2> logs;                                ///< with what the other holds of each put into it
  std::array<bool, 2> whole{};                                 ///< every entry up to size() is there, and leads to every head
  std::vector<InBoth> both{};                                  ///< acts of parties, of kinds that are carried
  std::array<std::vector<EntryIndex>, 2> alone{};              ///< acts of those kinds that the other does not show
  std::array<std::map<std::string, std::size_t>, 2> others{};  ///< by kind, what each log has for itself
  std::array<std::size_t, 2> held{};                           ///< how many entries of the other each holds
  std::array<std::vector<EntryIndex>, 2> only_held{};          ///< entries of this log that are there through the other alone
  std::vector<Difference> differences{};
};

/// Laws.
///  (1) The logs the other way round give the same, the other way round.
///  (2) Every act of a kind that is carried stands in `both` or in one `alone`.
///  (3) An act stands in `both` only where the two are of one kind, one party, and have a part with one commitment.
/// States nobody's fault: what one log alone shows may be on its way, refused by the other, or not at hand.
PairReport compare(ShownLog first, ShownLog second);

}  // namespace wideberth::client
