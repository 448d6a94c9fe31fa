// Conduct: what the tracks of an encounter show of blocking, tailing, close overtaking, cutting in, forcing off the road, boxing
// in, pursuit, contact and low overflight. A candidate is a set of measured values that pass a stated test, until a person
// confirms it or not. It says who did what beside whom; whose fault it was, it never says.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "live/encounter.h"
#include "model/agreement.h"

namespace wideberth::live {

enum class Conduct : std::uint8_t {
  blocking,
  tailing,
  overtake_close,
  cut_in,
  forced_off_road,
  boxing_in,
  pursuit,
  contact,
  low_overflight
};
inline constexpr std::size_t kConductCount = 9;
/// As the member "conduct" of a prohibited_conduct rule has it: "blocking", "overtake-close", "low-overflight" …
std::string_view name_of(Conduct conduct) noexcept;
/// Also with underscores, and under the names "close-overtaking", "overtaking-close" and "contact-candidate".
std::optional<Conduct> conduct_named(std::string_view name) noexcept;

/// Every number of every test. After the name of the conduct comes the one that a rule of an agreement uses.
enum class Limit : std::uint8_t {
#define WB_LIMIT(conduct, name, thousandths, meaning) conduct##_##name,
#include "live/conduct.def"
#undef WB_LIMIT
};
inline constexpr std::size_t kLimitCount = 0
#define WB_LIMIT(conduct, name, thousandths, meaning) +1
#include "live/conduct.def"
#undef WB_LIMIT
    ;
struct LimitRow {
  Conduct conduct;
  std::string_view name;
  std::int64_t thousandths;  ///< the default, a proposal of this project
  std::string_view meaning;
};
/// In the order of Limit.
const std::array<LimitRow, kLimitCount>& limit_rows() noexcept;

/// The tests with the numbers that hold.
struct Tests {
  std::array<std::int64_t, kLimitCount> thousandths;
  std::array<std::string, kConductCount> clause{};  ///< the rule of the agreement that names the conduct; empty: none does
  std::vector<std::string> remarks{};               ///< of numbers and names in the agreement that no test knows

  Tests();
  double operator[](Limit limit) const { return static_cast<double>(thousandths[static_cast<std::size_t>(limit)]) / 1000; }
};
/// The defaults, where a rule of the agreement does not say otherwise.
Tests tests_of(const model::Agreement& agreement);

/// Where a unit was notified to drive, and where roads are.
struct Way {
  std::vector<Vec3> line{};  ///< in the order of travel
  double half_width_m = 0;
};
struct Surroundings {
  std::map<UnitIndex, Way> ways{};
  std::vector<std::vector<Vec3>> roads{};  ///< centre lines
};

struct ConductValue {
  std::string_view name;     ///< with its unit: "least_distance_m"
  std::int64_t thousandths;  ///< rounded to the nearest
  friend bool operator==(const ConductValue&, const ConductValue&) = default;
};
/// The fixes of one unit that a candidate rests on.
struct RestsOn {
  UnitIndex unit;
  std::vector<Instant> fixes{};
};

struct Candidate {
  Conduct conduct{};
  std::vector<UnitIndex> by{};  ///< whose conduct; of contact, the one of the two that party a has
  UnitIndex upon;               ///< beside whom; of a column, the one for whom and from whom it was nearest
  Interval when{};              ///< from the first to the last moment at which the test held; never longer than the fixes show
  std::vector<ConductValue> values{};
  std::vector<RestsOn> rests_on{};
  std::vector<UnitIndex> also_upon{};  ///< others of its column for whom the test held too
};

/// Why a test says nothing.
enum class Why : std::uint8_t { fix_rate, accuracy, doubtful, no_altitude, no_road, no_size, no_heading };
/// "fix rate", "accuracy", "position doubtful", "no altitude", "no road", "size unknown", "heading unknown".
std::string_view name_of(Why why) noexcept;

/// A test that could not be made, or would have held but rests on fixes that are too few or too rough. Not a candidate.
struct Unreported {
  Conduct conduct{};
  std::vector<UnitIndex> by{};
  UnitIndex upon;
  Interval when{};
  Why why{};
  std::optional<UnitIndex> of{};  ///< whose fixes
  std::int64_t found = 0;         ///< thousandths of a second or metre; 0 where there is no number
  std::int64_t needed = 0;
};

struct Findings {
  std::vector<Candidate> candidates{};
  std::vector<Unreported> unreported{};
};

/// All tests on all contacts of a closed encounter; docs/live.md has each test in words and drawings.
///  (1) A pure function: the same encounter gives the same findings.
///  (2) Nothing is reported that rests on a stretch in which a unit's fixes come slower than the test's `least_fix_s`, are
///      less accurate than its `most_accuracy_m`, or are doubtful. An accuracy that is not said counts as 5 m.
///  (3) The candidates of an encounter do not depend on other encounters.
///  (4) Units of one party that bear the name of one formation are a column: blocking, tailing and pursuit of a column, or by
///      one, are one candidate for as long as the test held for any of its pairs without a break.
Findings find_conduct(const Units& units, const Encounter& encounter, const Tests& tests, const Surroundings& around = {});

/// What a fix that says no accuracy, and a unit that says no length or width, count as.
inline constexpr double kUnsaidAccuracyM = 5, kUnsaidLengthM = 6, kUnsaidWidthM = 2.5;

}  // namespace wideberth::live
