// The numbers that live goes by: from the agreement where it speaks, else proposals of this project, named here once.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "live/track.h"
#include "model/agreement.h"

namespace wideberth::live {

/// How near two classes of platform may come before somebody is told. Metres and seconds.
struct PairLimits {
  bool owed = false;         ///< whether the two owe each other separation at all: if not, no pair of them is looked at
  double reach_m = 5000;     ///< pairs further apart are left alone
  double encounter_m = 500;  ///< pairs that come no nearer are no encounter
  double caution_m = 100, caution_s = 120;  ///< they will be nearer than this, within so long
  double warning_m = 30, warning_s = 30;
  friend bool operator==(const PairLimits&, const PairLimits&) = default;
};

/// When an alert is raised, and when it goes away again.
struct AlertLimits {
  Millis confirm = Millis::from_seconds(2);  ///< a caution that is only predicted must have held this long
  Millis clear = Millis::from_seconds(10);   ///< an alert ends when its condition, widened by `widen`, has not held this long
  /// Where a batch brings one up to where the other was known already, it holds as long as the fixes of the batch say so, from
  /// this long before the other's last fix on: what is older was overtaken by what came with it.
  Millis behind = Millis::from_seconds(10);
  double widen = 1.25;                        ///< of distances and times, for an alert that is open
  Millis again = Millis::from_seconds(60);    ///< no caution for the same pair so soon after the last
  double company_mps = 1;                     ///< two that move more slowly than this to each other are in company, or parked
  Millis company = Millis::from_seconds(30);  ///< an alert of two in company ends after this
};

struct Settings {
  TrackLimits track{};
  AlertLimits alert{};
  /// Of two platform classes; PairLimits{} for classes that nobody named. The names are those given to the maker.
  PairLimits pair(std::string_view class_a, std::string_view class_b) const;

  struct Rule {
    std::string class_a, class_b;  ///< "*": any
    PairLimits limits;
  };
  std::vector<Rule> rules{};  ///< the first that fits counts
};

/// The number that the agreement's first prohibited_conduct rule of this conduct gives for a name; none where it gives none.
/// Hyphens and underscores in the name of a conduct are alike: close_approach is close-approach.
std::optional<double> threshold(const model::Agreement& agreement, std::string_view conduct, std::string_view name);

/// Who is owed separation: as the agreement's separation rules have it (the pairs that no rule names owe nothing). How near:
/// thresholds caution_m, caution_s, warning_m, warning_s, encounter_m and reach_m of close_approach, else PairLimits{}; the
/// reach is never less than the separation owed, nor than what the other distances need.
Settings settings_of(const model::Agreement& agreement);
/// Every class owes every other these.
Settings settings_of(PairLimits limits);

}  // namespace wideberth::live
