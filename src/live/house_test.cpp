#include "live/house.h"

#include <fmt/format.h>

#include <map>

#include "live/testing.h"

namespace wideberth::live {
namespace {

using testing::after;
using testing::Chance;
using testing::fix_at;
using testing::kField;
using testing::kStart;
using testing::offset;

std::string line_of(const Event& event) {
  struct Say {
    std::string operator()(const ConformanceEvent& e) const {
      return fmt::format("{} {} -> {} {} {:a} {:a}", e.unit.value, name_of(e.was), name_of(e.now), e.at.ms(), e.off_m,
                         e.deviation_s);
    }
    std::string operator()(const CompositionEvent& e) const {
      return fmt::format("count {} {} {}", e.movement, e.counted, e.at.ms());
    }
    std::string operator()(const RemainingEvent& e) const { return sentence(e); }
    std::string operator()(const AlertEvent& e) const {
      return fmt::format("{} {} {} {:a} {:a} {}", e.id.value, name_of(e.change), name_of(e.grade), e.closest.distance_m,
                         e.ahead.distance_m, e.at.ms());
    }
    std::string operator()(const EncounterEvent& e) const {
      return fmt::format("encounter {} {} {}", e.encounter.number, static_cast<int>(e.kind), e.at.ms());
    }
  };
  return std::visit(Say{}, event) + "\n";
}

model::Agreement field_agreement() {
  model::Agreement made;
  made.platform_classes = {"vehicle"};
  const auto corner = [](double east, double north) { return offset(kField, east, north); };
  made.areas = {{"field",
                 "The field",
                 model::Regime::notify,
                 {{corner(-9000, -9000), corner(9000, -9000), corner(9000, 9000), corner(-9000, 9000), corner(-9000, -9000)}}}};
  made.rules = {{"3.1", "", model::SeparationRule{"vehicle", "vehicle", Metres::from_metres(1000)}},
                {"5.1", "", model::CompositionToleranceRule{1, 0}}};
  return made;
}

/// Invented units of three parties that wander, with every kind of bad fix among the good ones.
std::vector<std::pair<Fix, Instant>> wandering(Units& units, std::uint64_t seed) {
  Chance chance{seed};
  std::vector<std::pair<Fix, Instant>> fixes;
  std::vector<std::pair<double, double>> at(40), pace(40);
  for (std::size_t i = 0; i < at.size(); ++i) {
    EXPECT_TRUE(units.add({.party = fmt::format("p{}", i % 3), .name = fmt::format("u{}", i)}));
    at[i] = {chance.between(-900, 900), chance.between(-900, 900)};
    pace[i] = {chance.between(-12, 12), chance.between(-12, 12)};
  }
  for (double s = 0; s < 150; s += 1)
    for (std::uint32_t i = 0; i < at.size(); ++i) {
      at[i] = {at[i].first * 0.995 + pace[i].first, at[i].second * 0.995 + pace[i].second};
      if (chance.below(20) == 0) pace[i] = {chance.between(-12, 12), chance.between(-12, 12)};
      const std::size_t fate = chance.below(40);
      const double late = fate == 0 ? -3 : fate == 1 ? 20 : fate == 2 ? -100 : 0;
      const double east = fate == 3 ? 40'000 : at[i].first;
      const Fix fix = fix_at({i}, s + late, east, at[i].second, {.accuracy_m = fate == 4 ? 900.0F : 5.0F});
      fixes.emplace_back(fix, after(s));
      if (fate == 5) fixes.emplace_back(fix, after(s));
    }
  return fixes;
}

std::string run(std::uint64_t seed, std::size_t in_a_step) {
  auto live = Live::make(field_agreement());
  EXPECT_TRUE(live.has_value());
  const auto fixes = wandering(live->units(), seed);
  std::string text;
  std::vector<Fix> step;
  for (std::size_t i = 0; i < fixes.size(); ++i) {
    step.push_back(fixes[i].first);
    if (step.size() < in_a_step && i + 1 < fixes.size() && fixes[i + 1].second == fixes[i].second) continue;
    live->take(step, fixes[i].second);
    step.clear();
    for (const Event& event : live->drain()) text += line_of(event);
  }
  live->finish();
  for (const Event& event : live->drain()) text += line_of(event);
  EXPECT_TRUE(live->open_alerts().empty());
  return text;
}

TEST(LiveLaws, TheSameFixesInTheSameStepsGiveTheSameEvents) {
  for (std::uint64_t seed = 0; seed < static_cast<std::uint64_t>(testing::cases(3)); ++seed)
    for (const std::size_t in_a_step : {std::size_t{1}, std::size_t{17}, std::size_t{1000}}) {
      const std::string first = run(seed, in_a_step);
      EXPECT_EQ(run(seed, in_a_step), first);
      for (const char* word : {"raised", "closed", "unnotified", "position doubtful", "encounter"})
        EXPECT_NE(first.find(word), std::string::npos) << word;
    }
}

TEST(LiveLaws, EverythingThatIsRaisedOrOpenedIsClosed) {
  for (std::uint64_t seed = 10; seed < 10 + static_cast<std::uint64_t>(testing::cases(4)); ++seed) {
    auto live = Live::make(field_agreement());
    ASSERT_TRUE(live);
    for (const auto& [fix, received] : wandering(live->units(), seed)) live->take(fix, received);
    live->finish();
    std::map<AlertId, int> alerts;
    std::map<std::uint64_t, int> encounters;
    for (const Event& event : live->drain()) {
      if (const auto* e = std::get_if<AlertEvent>(&event)) alerts[e->id] += e->change == AlertChange::raised ? 1 : -1;
      if (const auto* e = std::get_if<EncounterEvent>(&event))
        encounters[e->encounter.number] += e->kind == EncounterEvent::Kind::opened ? 1 : -1;
    }
    EXPECT_FALSE(alerts.empty());
    EXPECT_FALSE(encounters.empty());
    for (const auto& [id, open] : alerts) EXPECT_EQ(open, 0);
    for (const auto& [number, open] : encounters) EXPECT_EQ(open, 0);
  }
}

struct Two {
  Live live{[] {
    Live::Options options;
    options.settings = settings_of(PairLimits{});
    return options;
  }()};
  Two() {
    EXPECT_TRUE(live.units().add({.party = "blue", .name = "B-1"}));
    EXPECT_TRUE(live.units().add({.party = "red", .name = "R-1"}));
  }
  void head_on(double from, double to, double late) {
    for (double s = from; s < to; ++s) {
      const Fix both[] = {fix_at({0}, s, (s - 60) * 10, 0), fix_at({1}, s, (60 - s) * 10, 5)};
      live.take(both, after(s + late));
    }
  }
  std::size_t alerts() {
    std::size_t count = 0;
    for (const Event& event : live.drain())
      if (std::holds_alternative<AlertEvent>(event)) ++count;
    return count;
  }
};

TEST(Live, WhatCameTooLateWarnsNobodyButIsAnEncounter) {
  Two now, then;
  now.head_on(0, 100, 1);
  EXPECT_GE(now.alerts(), 2U);
  then.head_on(0, 100, 70);
  EXPECT_EQ(then.live.outcomes()[static_cast<std::size_t>(Taken::old)], 200U);
  then.live.finish();
  std::size_t encounters = 0;
  for (const Event& event : then.live.drain()) {
    EXPECT_FALSE(std::holds_alternative<AlertEvent>(event));
    if (std::holds_alternative<EncounterEvent>(event)) ++encounters;
  }
  EXPECT_EQ(encounters, 2U);
}

TEST(Live, AClockThatRunsAheadIsNotFollowed) {
  Two two;
  two.head_on(0, 100, -6);
  EXPECT_EQ(two.live.outcomes()[static_cast<std::size_t>(Taken::future)], 200U);
  EXPECT_EQ(two.alerts(), 0U);
}

TEST(Live, TimeNeverGoesBack) {
  Two two;
  two.live.advance(after(100));
  two.live.advance(after(50));
  EXPECT_EQ(two.live.now(), after(100));
  two.live.take(fix_at({0}, 104, 0, 0), after(50));
  EXPECT_EQ(two.live.outcomes()[static_cast<std::size_t>(Taken::used)], 1U);
}

TEST(Live, PeopleAnswerAlerts) {
  Two two;
  two.head_on(0, 20, 0);
  EXPECT_EQ(two.alerts(), 1U);
  EXPECT_TRUE(two.live.acknowledge({1}, "blue", after(20)));
  EXPECT_EQ(two.live.acknowledge({9}, "blue", after(20)).error().rule, Rule::live_alert);
  EXPECT_TRUE(two.live.snooze({0}, {1}, Grade::warning, after(300), "blue", "they meet by arrangement"));
  EXPECT_EQ(two.alerts(), 2U);  // acknowledged, closed
  two.head_on(20, 100, 0);
  EXPECT_EQ(two.alerts(), 0U);
}

}  // namespace
}  // namespace wideberth::live
