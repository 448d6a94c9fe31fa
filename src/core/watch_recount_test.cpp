// A stranger with the log alone computes every alert again: measures from the fixes, grades, repetitions and ends by docs/live.md
// (written anew here), and which alert each one continues from the entries before it. All tracks are invented.
#include <gtest/gtest.h>

#include <deque>

#include "core/testing.h"
#include "core/watch.h"
#include "live/approach.h"
#include "live/settings.h"
#include "live/track.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

/// On one meridian, in metres north of a point: straight and even between these.
struct Waypoint {
  int second;
  double north;
};
using Meridian = std::vector<Waypoint>;

/// Drives both once a second and gives the world that has the log of it.
World driven(const Meridian& blue, const Meridian& red, model::PositionUse use) {
  World world;
  model::Agreement agreement = agreement_of({});
  agreement.rules.push_back({"9.1", "An invented sentence.", model::PositionsRule{"blue", "red", use}});
  agreement.rules.push_back({"9.2", "An invented sentence.", model::PositionsRule{"red", "blue", use}});
  const EntryIndex proposed =
      World::expect(world.file({EntryKind::agreement_proposed, "blue/ops", model::to_json(agreement), {"red", "mission"}}));
  World::expect(world.file(world.signature(base::id_of(base::IdKind::agreement, proposed), "red")));
  for (int second = 0; second <= blue.back().second; ++second) {
    world.pass(world.now + Millis::from_seconds(1));
    for (const auto& [party, way] : {std::pair{"blue", &blue}, {"red", &red}}) {
      std::size_t leg = 1;
      while (leg + 1 < way->size() && (*way)[leg].second <= second) ++leg;
      const Waypoint from = (*way)[leg - 1], to = (*way)[leg];
      const double speed = (to.north - from.north) / (to.second - from.second);
      model::Position fix;
      fix.unit = std::string(party) + "-1";
      fix.time = world.now;
      fix.place = {421'000'000,
                   374'000'000 + static_cast<std::int32_t>((from.north + speed * (second - from.second)) * 90)};  // 1e-7 degrees
      fix.speed_mmps = static_cast<std::int32_t>(std::abs(speed) * 1'000);
      fix.course_cdeg = speed < 0 ? 18'000 : 0;
      Note note{EntryKind::positions_reported, std::string(party) + "/ops", ""};
      note.positions = {fix};
      note.refs = {proposed};
      EXPECT_FALSE(world.file(note).refusal);
    }
  }
  world.pass(world.now + minutes(5));
  return world;
}

struct Expected {
  bool raised = false;
  model::AlertGrade grade{};
  Instant at{};
  model::AlertEnd ended{};
};

/// The grades of one pair, from docs/live.md.
class Stranger {
 public:
  explicit Stranger(live::Settings settings)
      : settings_{std::move(settings)}, limits_{settings_.pair("vehicle", "vehicle")}, tracks_{settings_.track} {
    for (const char* party : {"blue", "red"}) static_cast<void>(units_.add({.party = party, .name = std::string(party) + "-1"}));
  }

  void hear(const std::string& party, const model::Position& position, Instant received) {
    const live::UnitIndex unit = *units_.find(party, position.unit);
    const live::Track& own = tracks_.of(unit);
    const Instant since = own.empty() ? position.time : own.last().time;
    tracks_.take(units_, *live::make_fix(unit, position), received);
    if (tracks_.size() < 2 || tracks_.of({0}).empty() || tracks_.of({1}).empty()) return;
    judge(since);
  }
  std::deque<Expected> expected{};

 private:
  struct Standing {
    bool open = false;
    std::optional<Instant> cleared{};
  };
  bool holds(double metres, double seconds) const {
    return closest_ < metres || (ahead_.distance_m < metres && ahead_.seconds <= seconds);
  }
  void judge(Instant since) {
    const live::Track &a = tracks_.of({0}), &b = tracks_.of({1});
    const Instant at = std::max(a.last().time, b.last().time);
    closest_ = live::closest(a, b, since, at)->distance_m;
    ahead_ = live::ahead(*a.at(at), *b.at(at), limits_.caution_s * settings_.alert.widen);
    const bool resting = a.at_rest(settings_.track) && b.at_rest(settings_.track);
    const bool company = resting || ahead_.relative_mps < settings_.alert.company_mps;
    if (!company) together_.reset();
    if (company && !together_) together_ = at;
    const bool near = holds(limits_.caution_m, limits_.caution_s) || holds(limits_.warning_m, limits_.warning_s);
    if (!near) near_.reset();
    if (near && !near_) near_ = at;
    grade(warning_, model::AlertGrade::warning, limits_.warning_m, limits_.warning_s, at);
    grade(caution_, model::AlertGrade::caution, limits_.caution_m, limits_.caution_s, at);
    if (!warning_.open && !caution_.open && !near_) warned_ = false;  // the approach is over
  }
  void grade(Standing& standing, model::AlertGrade grade, double metres, double seconds, Instant at) {
    const bool is_caution = grade == model::AlertGrade::caution;
    if (!standing.open) {
      if (together_ || !holds(metres, seconds)) return;
      if (is_caution && (warned_ || (quiet_until_ && at < *quiet_until_))) return;
      const bool there = closest_ < metres, soon = !is_caution && ahead_.seconds * 2 <= limits_.warning_s;
      if (!there && !soon && at - *near_ < Millis::from_seconds(2)) return;
      standing = {true, {}};
      warned_ = warned_ || !is_caution;
      expected.push_back({true, grade, at, {}});
      return;
    }
    const bool still = holds(metres * 1.25, seconds * 1.25);
    if (still) standing.cleared.reset();
    if (!still && !standing.cleared) standing.cleared = at;
    const bool eased = standing.cleared && at - *standing.cleared >= Millis::from_seconds(10);
    const bool company = together_ && at - *together_ >= Millis::from_seconds(30);
    if (!eased && !company) return;
    standing = {};
    quiet_until_ = at + Millis::from_seconds(60);
    expected.push_back({false, grade, at, eased ? model::AlertEnd::eased : model::AlertEnd::company});
  }

  live::Settings settings_;
  live::PairLimits limits_;
  live::Units units_{};
  live::Tracks tracks_;
  double closest_ = 0;
  live::Ahead ahead_{};
  Standing caution_{}, warning_{};
  std::optional<Instant> near_{}, together_{}, quiet_until_{};
  bool warned_ = false;
};

struct Recount {
  std::size_t raised = 0, closed = 0, continued = 0;
};

/// What one reader was told, held against what follows from the fixes.
Recount recount(const World& world, const std::string& reader, bool tracks) {
  Recount count;
  std::optional<Stranger> stranger;
  std::optional<EntryIndex> last;
  std::optional<Instant> last_ended;
  std::set<EntryIndex> open;
  std::map<EntryIndex, model::AlertGrade> grades;
  for (const Entry& entry : world.log) {
    if (entry.kind == EntryKind::agreement_proposed)
      stranger.emplace(live::settings_of(model::parse_agreement(*entry.part("full")).value()));
    if (entry.kind == EntryKind::positions_reported) {
      if (!stranger->expected.empty()) ADD_FAILURE() << "not told before entry " << entry.index.value;
      const std::string signer = world.state.facts[entry.index.value].signer_party;
      const auto fixes = model::parse_positions(*entry.part("full")).value();
      for (const model::Position& fix : fixes) stranger->hear(signer, fix, entry.received);
    }
    if (entry.text.to != std::vector<std::string>{reader}) continue;
    if (entry.kind != EntryKind::alert_raised && entry.kind != EntryKind::alert_closed) continue;
    if (stranger->expected.empty()) {
      ADD_FAILURE() << "entry " << entry.index.value << " follows from no fix";
      return count;
    }
    const Expected next = stranger->expected.front();
    stranger->expected.pop_front();
    EXPECT_EQ(next.raised, entry.kind == EntryKind::alert_raised) << entry.index.value;
    if (entry.kind == EntryKind::alert_raised) {
      const auto alert = model::parse_alert_raised(*entry.part("full")).value();
      EXPECT_EQ(alert.grade, next.grade) << entry.index.value;
      EXPECT_EQ(alert.at, next.at) << entry.index.value;
      const bool named = last && (!open.empty() || (tracks && next.at - *last_ended <= minutes(10)));
      EXPECT_EQ(alert.continues, named ? last : std::nullopt) << entry.index.value;
      last = entry.index;
      open.insert(entry.index);
      grades[entry.index] = alert.grade;
      ++count.raised;
      if (alert.continues) ++count.continued;
    } else {
      const auto closed = model::parse_alert_closed(*entry.part("full")).value();
      EXPECT_EQ(grades.at(entry.text.refs.front()), next.grade) << entry.index.value;
      EXPECT_EQ(closed.ended, next.ended) << entry.index.value;
      EXPECT_EQ(closed.at, next.at) << entry.index.value;
      open.erase(entry.text.refs.front());
      last_ended = closed.at;
      ++count.closed;
    }
  }
  EXPECT_TRUE(stranger->expected.empty());
  return count;
}

TEST(WatchRecount, GradesFollowFromTheLogAlone) {
  // Red passes blue four times: head on, back after a minute and a half, at once again, and once more after eleven quiet minutes.
  const Meridian blue{{0, 0}, {60, 900}, {1'140, 900}};
  const Meridian red{{0, 2'000}, {120, 200}, {200, 1'400}, {240, 600}, {840, -8'400}, {1'140, 3'000}};
  for (const auto use : {model::PositionUse::tracks, model::PositionUse::warnings}) {
    const World world = driven(blue, red, use);
    for (const char* reader : {"blue", "red"}) {
      const Recount count = recount(world, reader, use == model::PositionUse::tracks);
      EXPECT_GE(count.raised, 5U) << reader;
      EXPECT_EQ(count.raised, count.closed) << reader;
      EXPECT_GE(count.continued, 2U) << reader;
      EXPECT_LT(count.continued, count.raised) << reader << ": the first continues none";
    }
  }
}

TEST(WatchRecount, TwoThatDriveOnTogether) {
  // Red catches up, and then goes beside blue: in company after half a minute.
  const Meridian blue{{0, 0}, {400, 4'000}};
  const Meridian red{{0, -600}, {100, 980}, {400, 3'980}};
  const World world = driven(blue, red, model::PositionUse::tracks);
  EXPECT_GE(recount(world, "red", true).closed, 2U);
}

TEST(WatchRecount, AWarningContinuesItsCaution) {
  const World world = driven({{0, 0}, {120, 0}}, {{0, 2'000}, {120, -400}}, model::PositionUse::warnings);
  std::optional<EntryIndex> caution;
  bool found = false;
  for (const auto& [entry, alert] : world.state.alerts) {
    if (alert.party != "red") continue;
    if (alert.raised.grade == model::AlertGrade::caution) caution = entry;
    if (alert.raised.grade == model::AlertGrade::warning) {
      found = true;
      EXPECT_TRUE(caution);
      EXPECT_EQ(alert.raised.continues, caution) << "while it is open, also where the other unit is not named";
    }
  }
  EXPECT_TRUE(found);
}

}  // namespace
}  // namespace wideberth::core
