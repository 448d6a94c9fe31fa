// The logs of a day: one that a neutral keeps for all, or one of each side, between which each side carries what it discloses.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/demo_house.h"
#include "cli/scenario.h"
#include "client/crossing.h"

namespace wideberth::cli {

class Houses {
 public:
  /// In `folder` itself, or in folder/<party> for each party of a direct ending. The first listens on `port` (0: a free one).
  static base::Result<std::unique_ptr<Houses>> open(const Scenario& scenario, const Ending& ending,
                                                    const std::filesystem::path& folder, std::uint16_t port);

  const std::vector<std::unique_ptr<House>>& all() const { return houses_; }
  /// The log that a step is filed in. REQUIRES: the step acts.
  House& of(const Step& step) const;
  /// Lets time pass in every log, and has each side carry what it said meanwhile until nothing is left to be carried.
  base::Result<void> pass(base::Instant to);
  /// As pass, without waiting.
  base::Result<void> carry();
  void close();

 private:
  std::shared_ptr<QuickenedClock> clock_{};  ///< one day, one time
  std::vector<std::unique_ptr<House>> houses_;
  std::vector<client::Crossing> crossings_;
};

/// That no log's folder holds what the others keep to themselves: every unit that its parties notified (`unit` of a Feature),
/// looked for in all bytes of all files. Says so through `print`. Refused with proof_untrue where it is otherwise, and where a
/// folder does not hold its own, for then the search would find nothing anywhere.
base::Result<void> check_kept_apart(const Scenario& scenario, const Ending& ending, const std::filesystem::path& folder,
                                    const std::function<void(const std::string&)>& print);

/// Lays the two kept logs of a direct ending beside each other, by their receipts alone, as `verify-pair` does. Refused as
/// read_shown_log refuses, and with proof_untrue where a log contradicts itself.
base::Result<void> check_beside(const Scenario& scenario, const Ending& ending, const std::filesystem::path& folder,
                                const std::function<void(const std::string&)>& print);

}  // namespace wideberth::cli
