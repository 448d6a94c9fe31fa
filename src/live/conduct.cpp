#include "live/conduct.h"

#include <algorithm>
#include <cmath>
#include <set>

#include "live/conduct_tests.h"

namespace wideberth::live {
namespace {

constexpr std::array<std::string_view, kConductCount> kNames = {
    "blocking", "tailing", "overtake-close", "cut-in", "forced-off-road", "boxing-in", "pursuit", "contact", "low-overflight"};

Millis gap_between_fixes() { return EncounterLimits{}.gap; }

}  // namespace

std::string_view name_of(Conduct conduct) noexcept { return kNames[static_cast<std::size_t>(conduct)]; }

std::optional<Conduct> conduct_named(std::string_view name) noexcept {
  std::string plain(name);
  std::replace(plain.begin(), plain.end(), '_', '-');
  if (plain == "close-overtaking" || plain == "overtaking-close") return Conduct::overtake_close;
  if (plain == "contact-candidate") return Conduct::contact;
  for (std::size_t i = 0; i < kConductCount; ++i)
    if (kNames[i] == plain) return static_cast<Conduct>(i);
  return std::nullopt;
}

const std::array<LimitRow, kLimitCount>& limit_rows() noexcept {
  static constexpr std::array<LimitRow, kLimitCount> kRows = {{
#define WB_LIMIT(conduct, name, thousandths, meaning) LimitRow{Conduct::conduct, #name, thousandths, meaning},
#include "live/conduct.def"
#undef WB_LIMIT
  }};
  return kRows;
}

std::string_view name_of(Why why) noexcept {
  switch (why) {
    case Why::fix_rate: return "fix rate";
    case Why::accuracy: return "accuracy";
    case Why::doubtful: return "position doubtful";
    case Why::no_altitude: return "no altitude";
    case Why::no_road: return "no road";
    case Why::no_size: return "size unknown";
    case Why::no_heading: return "heading unknown";
  }
  return "";
}

Tests::Tests() : thousandths{} {
  for (std::size_t i = 0; i < kLimitCount; ++i) thousandths[i] = limit_rows()[i].thousandths;
}

Tests tests_of(const model::Agreement& agreement) {
  Tests tests;
  for (const model::Rule& rule : agreement.rules) {
    const auto* named = std::get_if<model::ProhibitedConductRule>(&rule.body);
    if (named == nullptr) continue;
    const auto conduct = conduct_named(named->conduct);
    if (!conduct) {
      if (named->conduct != "close-approach" && named->conduct != "close_approach")
        tests.remarks.push_back("clause " + rule.clause + ": no test of tracks finds \"" + named->conduct +
                                "\"; a person reports it");
      continue;
    }
    tests.clause[static_cast<std::size_t>(*conduct)] = rule.clause;
    for (const model::Threshold& threshold : named->test) {
      bool known = false;
      for (std::size_t i = 0; i < kLimitCount; ++i)
        if (limit_rows()[i].conduct == *conduct && limit_rows()[i].name == threshold.name) {
          tests.thousandths[i] = threshold.thousandths;
          known = true;
        }
      if (!known)
        tests.remarks.push_back("clause " + rule.clause + ": the test of " + std::string(name_of(*conduct)) +
                                " has no number called \"" + threshold.name + "\"; passed over");
    }
  }
  return tests;
}

Foot foot_on(const std::vector<Vec3>& line, const Vec3& point) {
  Foot best{0, HUGE_VAL, {}};
  double along = 0;
  for (std::size_t i = 0; i + 1 < line.size(); ++i) {
    const Vec3 way = line[i + 1] - line[i];
    const double square = norm2(way), length = std::sqrt(square);
    const double share = square > 0 ? std::clamp(dot(point - line[i], way) / square, 0.0, 1.0) : 0;
    const Vec3 at = line[i] + way * share;
    if (const double off = norm(point - at); off < best.off) best = {along + length * share, off, at};
    along += length;
  }
  return best;
}

Pairing::Pairing(const Look& by_look, const Look& upon_look, double apart_m) : by(by_look), upon(upon_look) {
  for (const Instant t : common_times({&by, &upon})) {
    const auto own = by.at(t), other = upon.at(t);
    if (!own || !other || std::abs(own->altitude - other->altitude) >= apart_m) continue;
    times.push_back(t);
    b.push_back(*own);
    u.push_back(*other);
  }
}

Finder::Finder(const Units& units, const Encounter& encounter, const Tests& tests, const Surroundings& around)
    : units_(units), encounter_(encounter), tests_(tests), around_(around) {
  looks_.reserve(encounter.tracks.size());
  for (const UnitTrack& track : encounter.tracks) looks_.emplace_back(units[track.unit], track, gap_between_fixes());
}

const Look& Finder::look_of(UnitIndex unit) const {
  return *std::find_if(looks_.begin(), looks_.end(), [&](const Look& look) { return look.unit() == unit; });
}

Findings Finder::run() {
  std::set<std::pair<UnitIndex, UnitIndex>> done;
  for (const Contact& each : encounter_.contacts) {
    if (!done.emplace(each.a, each.b).second) continue;
    const Look &a = look_of(each.a), &b = look_of(each.b);
    for (const auto& [by, upon] : {std::pair(&a, &b), std::pair(&b, &a)}) {
      const Pairing pair(*by, *upon, tests_[Limit::low_overflight_height_above_m]);
      blocking(pair);
      tailing(pair);
      overtake_close(pair);
      cut_in(pair);
      pursuit(pair);
      if (by == &a) contact(pair);
      low_overflight(Pairing(*by, *upon, HUGE_VAL));
    }
    too_slow_to_tell(each);
  }
  for (const Look& look : looks_) boxing_in(look);
  merge_columns();
  std::sort(out_.candidates.begin(), out_.candidates.end(), [](const Candidate& x, const Candidate& y) {
    return std::tuple(x.when.from, x.conduct, x.upon, x.by, x.when.to) <
           std::tuple(y.when.from, y.conduct, y.upon, y.by, y.when.to);
  });
  return std::move(out_);
}

bool Finder::report(Candidate candidate, const std::vector<const Look*>& looks, Limit least_fix, Limit most_accuracy,
                    Millis widen) {
  const Interval wide{candidate.when.from - widen, candidate.when.to + widen};
  if (const auto floor = floor_against(looks, wide, tests_[least_fix], tests_[most_accuracy])) {
    leave_out({candidate.conduct, std::move(candidate.by), candidate.upon, candidate.when, floor->why, floor->of,
               in_thousandths(floor->found), in_thousandths(floor->needed)});
    return false;
  }
  for (const Look* look : looks) {
    RestsOn rests{look->unit(), {}};
    for (const Sample& sample : look->samples())
      if (wide.holds(sample.time)) rests.fixes.push_back(sample.time);
    candidate.rests_on.push_back(std::move(rests));
  }
  out_.candidates.push_back(std::move(candidate));
  return true;
}

void Finder::leave_out(Unreported unreported) {
  const bool whole = is_of_columns(unreported.conduct);
  const auto same = [&](UnitIndex a, UnitIndex b) { return a == b || (whole && are_one_column(a, b)); };
  for (const Unreported& each : out_.unreported)
    if (each.conduct == unreported.conduct && each.why == unreported.why && same(each.upon, unreported.upon) &&
        std::equal(each.by.begin(), each.by.end(), unreported.by.begin(), unreported.by.end(), same))
      return;
  out_.unreported.push_back(std::move(unreported));
}

Findings find_conduct(const Units& units, const Encounter& encounter, const Tests& tests, const Surroundings& around) {
  return Finder(units, encounter, tests, around).run();
}

}  // namespace wideberth::live
