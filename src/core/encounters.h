// Encounters and conformance as each side was told of them: what is kept of it in memory. All of it stands in the log.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>

#include "base/id.h"
#include "model/conformance.h"
#include "model/encounters.h"

namespace wideberth::core {

using base::EntryIndex;

/// An encounter as one side was told of it.
struct EncounterState {
  EntryIndex entry{};
  std::string party;                                     ///< the side
  std::shared_ptr<const model::EncounterOpened> opened;  ///< none once erased
  std::optional<EntryIndex> over{};                      ///< the entry that closed it
  std::shared_ptr<const model::EncounterClosed> closed;  ///< none while it is open, and once erased
};

/// The latest that a side was told of a unit, or of a movement.
struct ConformanceState {
  EntryIndex entry{};
  std::shared_ptr<const model::ConformanceChanged> told;
};

struct EncounterBook {
  /// Encounters that are over: the eldest is forgotten here when there is one more. Those that are open are all kept.
  static constexpr std::size_t kMostClosed = 2'000;
  /// Of states of conformance that a side was told; beyond this the eldest told is forgotten here.
  static constexpr std::size_t kMostConformance = 200'000;

  std::map<EntryIndex, EncounterState> all;
  std::set<EntryIndex> open;
  /// (reader, whose, unit or "", movement or "").
  using Key = std::tuple<std::string, std::string, std::string, std::string>;
  std::map<Key, ConformanceState> conformance;
  std::map<EntryIndex, Key> conformance_by_entry;

  void add(EncounterState opened);
  void close(EntryIndex opened, EntryIndex over, std::shared_ptr<const model::EncounterClosed> closed);
  void tell(const std::string& reader, EntryIndex entry, std::shared_ptr<const model::ConformanceChanged> told);
  /// What a unit was last told to its own party to do; `unwatched` where nothing was.
  model::Keeping keeping(const std::string& reader, const std::string& party, const std::string& unit,
                         const std::string& movement) const;
};

}  // namespace wideberth::core
