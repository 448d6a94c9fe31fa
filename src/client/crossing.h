// Two logs of two sides, kept in step from one side's own machine: what this side said in its log is said again in the other's,
// and what the other's log shows this side is held in its own, with the receipts.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/acts.h"
#include "client/desk.h"
#include "model/crossed.h"

namespace wideberth::client {

/// Whether acts of this kind are carried from their party's log to the other side's.
bool crosses(std::string_view kind) noexcept;

/// What one round did.
struct CrossingStep {
  std::size_t carried = 0;               ///< own acts entered in the other log
  std::size_t held = 0;                  ///< entries of the other log entered in our own
  std::size_t waiting = 0;               ///< own acts that speak of what is not in the other log
  std::vector<base::Refusal> refused{};  ///< by the other log, for good; `where` names our entry
};

/// Keeps nothing of its own: both logs say what was carried and held, so that it may be killed at any moment and begun again.
///
/// How.  A part carried over has the same salt and the same bytes, hence the same commitment in both notes. By it an act is
/// known to be in the other log already, and what an act refers to is found there. What an earlier run may have left on its
/// way bears a number of our key's chain that is read before the log is: then one of the two is too late, and nothing doubles.
///
/// Laws.
///  (1) Nothing goes to the other log but the part that the agreement gives its keeper: `full` of a filing is never sent there
///      unless the agreement says full.
///  (2) An act that stands in both logs is not carried again; an entry that is held is not held again.
///  (3) A round that fails half way leaves what it did; the next one goes on.
class Crossing {
 public:
  /// Both desks sign for one party and outlive this.
  Crossing(Desk& own, Desk& other) : own_(own), other_(other) {}

  /// One round: reads what is new in both, carries, holds. Refused as Desk refuses where one of the two cannot be reached, and
  /// with direct_only where one of the logs has no keeper or the wrong one.
  Result<CrossingStep> round();

 private:
  struct Known {
    std::string kind, party;
    std::vector<EntryIndex> refs;
    std::vector<ledger::Hash> parts;
  };
  struct Side {
    explicit Side(Desk& at) : desk(at) {}
    Desk& desk;
    Chain chain{};                                 ///< of our key there, read before the log was
    std::string keeper{};                          ///< as entry 0 names it
    std::uint64_t next = 0;                        ///< to be read
    std::map<EntryIndex, Known> entries{};         ///< those that we may read
    std::map<ledger::Hash, EntryIndex> by_part{};  ///< of what parties said: commitment → first entry
    std::map<EntryIndex, EntryIndex> delivered{};  ///< revision → its delivery to us
  };

  Result<void> begin(Side& side);
  Result<void> read(Side& side);
  Result<void> take(Side& side, const Read& read);
  Result<void> check_keepers() const;
  Result<void> carry(CrossingStep& step);
  Result<void> hold(CrossingStep& step);
  /// The act as the other log takes it; none where it speaks of what is not there.
  Result<std::optional<Act>> act_of(const Read& read);
  Result<std::optional<EntryIndex>> agreement_over_there(const AgreementView& own);
  std::optional<EntryIndex> over_there(EntryIndex own) const;
  bool is_carried(EntryIndex own) const;

  Side own_, other_;
  std::set<std::pair<std::string, EntryIndex>> held_{};
  std::set<EntryIndex> given_up_{};                 ///< own acts that the other log refused
  std::map<std::string, EntryIndex> agreements_{};  ///< own id → the proposal over there
};

}  // namespace wideberth::client
