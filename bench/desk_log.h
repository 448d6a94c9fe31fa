// A log of a busy desk, made in this process by the engine's own writer: every note is signed, admitted, decided and stored as a
// server does it. All of it is invented, from a seed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/instant.h"
#include "model/notification.h"

namespace wideberth::bench {

struct DeskLog {
  std::uint64_t entries = 0;
  std::map<std::string, std::uint64_t> kinds{};  ///< how many of each
  std::uintmax_t bytes = 0;                      ///< of the file
  double made_s = 0;
};

/// A log in `folder` (log.db, server.key) of at least so many entries: blue and red notify movements to each other and to a
/// mission, receive, acknowledge, answer, amend, withdraw and complete them, and talk; units of both report positions in batches
/// and meet. It spans ten days up to `end`. Throws std::runtime_error where a note is refused that should not be.
DeskLog make_desk_log(const std::filesystem::path& folder, std::uint64_t entries, std::uint64_t seed, base::Instant end);

/// A log in which blue has notified so many movements, of which the mission has received none: what its inbox lists.
DeskLog make_inbox_log(const std::filesystem::path& folder, std::uint64_t notices, std::uint64_t seed, base::Instant end);

/// So many movements of blue's under the agreement of these logs, begun tomorrow.
std::vector<model::Notification> morning_of(const std::string& agreement, std::size_t count, std::uint64_t seed,
                                            base::Instant now);

}  // namespace wideberth::bench
