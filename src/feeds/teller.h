// Asks the server what this party may see, and puts it into the outbox for its ATAK devices.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "client/desk.h"
#include "feeds/gate.h"

namespace wideberth::feeds {

/// Movements, activities and sites that were delivered to the party or are its own, conflicts that stand; alerts, encounters and
/// units that stray as they come: nothing but what the server gives to this key, each entry verified against the pinned policy
/// before it is shown. Not for two threads at once.
class Teller {
 public:
  using OpenDesk = std::function<Result<client::Desk>()>;
  /// All outlive it.
  Teller(OpenDesk open, base::Clock& clock, Outbox& outbox, const Intake& intake)
      : open_{std::move(open)}, clock_{clock}, outbox_{outbox}, intake_{intake} {}

  /// Asks once: about alerts each time, about the rest every ten seconds. Refused where the server is not to be had or refuses;
  /// asking again goes on after the last entry that was looked at.
  Result<void> step();

 private:
  Result<void> look_at_entries();
  Result<void> look_at_entry(EntryIndex index, std::string_view kind);
  Result<void> look_at_movements();
  Result<void> look_at_conflicts();

  OpenDesk open_;
  base::Clock& clock_;
  Outbox& outbox_;
  const Intake& intake_;
  std::optional<client::Desk> desk_{};
  std::optional<std::uint64_t> next_{};               ///< entry to look at
  std::optional<Instant> looked_{};                   ///< at movements and conflicts
  std::map<std::string, EntryIndex> movements_{};     ///< by id: the revision that is shown
  std::map<std::uint64_t, std::string> conflicts_{};  ///< by entry: the uid that is shown
};

/// How far back alerts are looked for at the beginning, in entries.
inline constexpr std::uint64_t kLookBack = 2'000;

}  // namespace wideberth::feeds
