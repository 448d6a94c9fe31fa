// The index of outlines against going through all of them.
#include "core/outlines.h"

#include <gtest/gtest.h>

#include <random>

#include "core/conflicts.h"
#include "core/testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

class Draw {
 public:
  explicit Draw(std::uint64_t seed) : bits_{seed} {}
  std::int64_t even(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(bits_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool one_in(std::int64_t n) { return even(1, n) == 1; }
  template <class T>
  const T& of(const std::vector<T>& all) {
    return all[static_cast<std::size_t>(even(0, static_cast<std::int64_t>(all.size()) - 1))];
  }

 private:
  std::mt19937_64 bits_;
};

geo::Place moved(geo::Place from, std::int64_t east_e7, std::int64_t north_e7) {
  std::int64_t lon = from.lon_e7 + east_e7;
  if (lon > 1'800'000'000) lon -= 3'600'000'000;
  if (lon < -1'800'000'000) lon += 3'600'000'000;
  return {static_cast<std::int32_t>(lon),
          static_cast<std::int32_t>(std::clamp<std::int64_t>(from.lat_e7 + north_e7, -900'000'000, 900'000'000))};
}

/// A movement of one to three legs, a circle or a square, invented, begun so far from the middle and within so many hours.
model::Notification any_notification(Draw& draw, geo::Place middle, std::int64_t reach_e7 = 5'000'000, std::int64_t within_h = 48,
                                     Instant first = at("2020-08-26T00:00:00Z")) {
  model::Notification n;
  const auto near = [&] { return moved(middle, draw.even(-reach_e7, reach_e7), draw.even(-reach_e7, reach_e7)); };
  Instant time = first + Millis::from_seconds(draw.even(0, within_h * 3'600));
  if (draw.one_in(8)) time = model::slot_of(time, hours(1));
  if (draw.one_in(5)) {
    geo::Area area;
    const geo::Place centre = near();
    area.window = {time, time + Millis::from_seconds(draw.one_in(4) ? draw.even(0, 10 * 86'400) : draw.even(0, 7'200))};
    const auto half = draw.even(10'000, 1'500'000);
    if (draw.one_in(2)) {
      area.centre = centre;
      area.radius = Metres::from_metres(draw.even(0, 9'000));
    } else {
      area.rings = {
          {moved(centre, -half, -half), moved(centre, half, -half), moved(centre, half, half), moved(centre, -half, half)}};
      area.rings[0].push_back(area.rings[0].front());
    }
    n.subject = model::Subject::activity;
    n.where = area;
    return n;
  }
  geo::Route route;
  route.half_width = Metres::from_metres(draw.even(0, 300));
  const Millis slack = Millis::from_seconds(draw.one_in(4) ? 0 : draw.even(0, 3'600));
  geo::Place place = near();
  for (auto legs = draw.even(1, 3); legs >= 0; --legs) {
    route.waypoints.push_back({place, {time, time + slack}});
    place = moved(place, draw.even(-2'000'000, 2'000'000), draw.even(-2'000'000, 2'000'000));
    time = time + Millis::from_seconds(draw.even(600, 7'200));
  }
  n.where = route;
  return n;
}

/// Whether a plan comes near any cell and slot of an outline, asked one by one.
bool comes_near(const geo::Plan& plan, const model::Notification& hidden, const Grain& grain, Metres distance) {
  const auto cells = model::cells_of(hidden, grain.cell_e7, grain.slot);
  if (!cells) return false;
  for (const model::CellSlot& cell : *cells) {
    if (!Interval{cell.from, cell.from + grain.slot}.meets(plan.span())) continue;
    const auto box = cell_plan(cell.south_west, grain.cell_e7, {cell.from, cell.from + grain.slot});
    if (box && geo::meet(plan, *box, distance)) return true;
  }
  return false;
}

TEST(Outlines, TheIndexMissesNoneAtPolesTheAntimeridianAndElsewhere) {
  const std::vector<Grain> grains{
      {1'000'000, hours(1)}, {10'000'000, hours(6)}, {250'000, minutes(15)}, {100'000'000, hours(24)}};
  std::size_t near = 0, named = 0, filed = 0;
  for (const geo::Place middle : {geo::Place{421'000'000, 374'000'000}, geo::Place{1'799'000'000, 10'000'000},
                                  geo::Place{100'000'000, 897'000'000}, geo::Place{-500'000'000, -899'500'000}}) {
    Draw draw(static_cast<std::uint64_t>(middle.lat_e7));
    OutlineIndex index;
    std::map<EntryIndex, std::pair<model::Notification, Grain>> all;
    for (std::uint64_t i = 0; i < 40; ++i) {
      const Grain grain = draw.of(grains);
      auto n = any_notification(draw, middle);
      if (!model::compile(n)) continue;
      index.insert(EntryIndex{i}, n, grain);
      all.emplace(EntryIndex{i}, std::pair{std::move(n), grain});
      if (draw.one_in(3)) {
        const auto gone = std::next(all.begin(), draw.even(0, static_cast<std::int64_t>(all.size()) - 1));
        index.erase(gone->first, gone->second.first, gone->second.second);
        all.erase(gone);
      }
      const auto asked = any_notification(draw, middle);
      const auto plan = model::compile(asked);
      if (!plan) continue;
      const Metres distance = Metres::from_metres(draw.of<std::int64_t>({0, 100, 1'000, 20'000}));
      for (const Grain& each : grains) {
        const auto found = index.near(asked, distance, each);
        if (!found) continue;  // everybody is asked
        for (const EntryIndex revision : *found) EXPECT_TRUE(all.contains(revision)) << "of what was erased";
        named += found->size();
        for (const auto& [revision, of] : all) {
          if (of.second != each) continue;
          ++filed;
          const bool meets = comes_near(*plan, of.first, each, distance);
          near += meets ? 1U : 0U;
          EXPECT_TRUE(!meets || found->contains(revision)) << middle.lat_e7 << " " << revision.value;
        }
      }
    }
    for (const auto& [revision, of] : all) index.erase(revision, of.first, of.second);
    EXPECT_EQ(index.size(), 0u);
    EXPECT_TRUE(index.grains().empty());
  }
  EXPECT_GT(near, 200u);
  EXPECT_GE(named, near);
  EXPECT_LT(named, filed / 2) << "the index names most of what is filed";
}

TEST(Outlines, CellsThatTouchNoPoleArePolygonsInEveryGrain) {
  Draw draw(7);
  for (std::int32_t cell_e7 = model::kLeastCell_e7; cell_e7 <= model::kMostCell_e7; cell_e7 += 10'000) {
    if (!model::is_grain(cell_e7, hours(1))) continue;
    const Instant from = at("2020-08-26T06:00:00Z");
    for (int i = 0; i < 20; ++i) {
      const geo::Place any{static_cast<std::int32_t>(draw.even(-1'800'000'000, 1'799'999'999)),
                           static_cast<std::int32_t>(draw.even(-900'000'000, 899'999'999))};
      const geo::Place cell = model::cell_of(any, cell_e7);
      const auto plan = cell_plan(cell, cell_e7, {from, from + hours(1)});
      ASSERT_TRUE(plan) << cell_e7 << " " << cell.lon_e7 << " " << cell.lat_e7;
      const bool polar = cell.lat_e7 == -900'000'000 || cell.lat_e7 + cell_e7 == 900'000'000;
      EXPECT_TRUE(polar || plan->shape() == geo::Plan::Shape::polygon) << cell_e7 << " " << cell.lon_e7 << " " << cell.lat_e7;
    }
  }
}

TEST(Outlines, WhatHasTooManyCellsIsNotFiledAndNotAskedByCells) {
  model::Notification site;
  geo::Area area;
  area.centre = geo::Place{421'000'000, 374'000'000};
  area.radius = Metres::from_metres(50'000);
  area.window = {at("2020-08-01T00:00:00Z"), at("2021-08-01T00:00:00Z")};
  site.where = area;
  const Grain grain{1'000'000, hours(1)};
  OutlineIndex index;
  index.insert(EntryIndex{1}, site, grain);
  EXPECT_EQ(index.size(), 0u);
  index.erase(EntryIndex{1}, site, grain);
  Draw draw(3);
  const auto one = any_notification(draw, {421'000'000, 374'000'000});
  index.insert(EntryIndex{2}, one, grain);
  ASSERT_EQ(index.size(), 1u);
  EXPECT_FALSE(index.near(site, Metres{}, grain));
  EXPECT_TRUE(index.near(site, Metres{}, Grain{1'000'000, hours(2)})->empty()) << "nothing of that grain is filed";
}

// From here on with the whole state.

struct Sides {
  View blue_to_red, red_to_blue;
};

/// Blue, red and green under one agreement, with grains of their own; green is named by no rule, so it sees conflicts only.
struct Theatre {
  World world;
  std::string agreement;
  Draw draw;
  std::vector<EntryIndex> revisions;
  std::size_t told = 0, compared = 0;

  Theatre(Sides sides, std::uint64_t seed) : draw(seed) {
    Terms terms;
    terms.blue_to_red = sides.blue_to_red;
    terms.red_to_blue = sides.red_to_blue;
    terms.with_green = true;
    model::Agreement text = agreement_of(terms);
    for (model::Rule& rule : text.rules)
      if (auto* disclosure = std::get_if<model::DisclosureRule>(&rule.body); disclosure != nullptr && disclosure->from == "red") {
        disclosure->cell_e7 = 250'000;
        disclosure->slot = minutes(30);
      }
    const Note proposal{EntryKind::agreement_proposed, "blue/ops", model::to_json(text), {"red", "mission", "green"}};
    agreement = base::id_of(base::IdKind::agreement, World::expect(world.file(proposal)));
    for (const char* party : {"red", "green"}) World::expect(world.file(world.signature(agreement, party)));
  }

  model::Notification any(const std::string& party) {
    for (;;) {
      model::Notification n = any_notification(draw, {421'500'000, 374'700'000}, 2'000'000, 14, world.now);
      n.party = party;
      n.agreement = agreement;
      n.platform_class = draw.of<std::string>({"vehicle", "vehicle", "helicopter", "boat"});
      n.unit = "an invented unit";
      n.reason = "an invented reason";
      if (model::compile(n)) return n;
    }
  }

  /// What both walks find for a notification that is about to be filed, or is asked about and never filed.
  void compare(const model::Notification& n, const std::string& id) {
    const auto plan = model::compile(n).value();
    const Candidate candidate{id, world.state.next(), world.state.agreement(agreement), &n, &plan};
    const auto indexed = find_conflicts(world.state, candidate), all = find_conflicts(world.state, candidate, Walk::all);
    ++compared;
    told += all.size();
    ASSERT_EQ(indexed.size(), all.size());
    for (std::size_t i = 0; i < all.size(); ++i) {
      EXPECT_EQ(indexed[i].to, all[i].to);
      EXPECT_EQ(indexed[i].refs, all[i].refs);
      EXPECT_EQ(indexed[i].parts.at(0).json, all[i].parts.at(0).json);
    }
  }

  void step() {
    world.pass(world.now + minutes(draw.even(0, 60)));
    const std::string party = draw.of<std::string>({"blue", "red", "green"});
    const EntryIndex of = revisions.empty() ? EntryIndex{} : draw.of(revisions);
    const NotificationState* about = world.state.notification_at(of);
    const auto what = draw.even(1, 10);
    if (about != nullptr && what == 1) {
      static_cast<void>(world.file(world.withdrawal(about->party, of)));
      return;
    }
    const bool amends = about != nullptr && what <= 3;
    const model::Notification n = any(amends ? about->party : party);
    compare(n, amends ? about->id : base::id_of(base::IdKind::movement, world.state.next()));
    Note note = world.filing(n, agreement);
    if (amends) {
      note.kind = EntryKind::notification_amended;
      note.refs = {of};
    }
    const Outcome outcome = world.file(note);
    if (!outcome.refusal) revisions.push_back(outcome.index);
  }
};

std::size_t outlines_standing(const State& state) {
  OutlineIndex expected;
  for (const auto& [id, each] : state.notifications)
    if (each.standing == Standing::standing && each.latest().notification)
      for (const Grain& grain : coarse_grains(*state.agreement(each.agreement)->agreement, each.party))
        expected.insert(each.latest().entry, *each.latest().notification, grain);
  return expected.size();
}

TEST(Outlines, FindingsAreThoseOfAskingEverybodyWhateverWasSaidBefore) {
  std::size_t told = 0, compared = 0, accepted = 0, expired = 0;
  std::uint64_t seed = 20'260'804;
  for (const Sides& sides :
       {Sides{View::corridor, View::outline}, Sides{View::outline, View::outline}, Sides{View::conflict_only, View::corridor},
        Sides{View::corridor, View::corridor}, Sides{View::outline, View::conflict_only}}) {
    Theatre theatre(sides, seed++);
    for (int i = 0; i < 70; ++i) {
      theatre.step();
      EXPECT_EQ(theatre.world.state.outlines.size(), outlines_standing(theatre.world.state));
    }
    // At restart: the same log gives the same index.
    State again;
    for (const Entry& entry : theatre.world.log) ASSERT_TRUE(apply(again, entry));
    EXPECT_EQ(again.outlines.size(), theatre.world.state.outlines.size());
    theatre.world.state = std::move(again);
    for (int i = 0; i < 20; ++i)
      theatre.compare(theatre.any(i % 2 == 0 ? "blue" : "red"), base::id_of(base::IdKind::movement, theatre.world.state.next()));
    for (const auto& [id, each] : theatre.world.state.notifications) expired += each.standing == Standing::expired ? 1U : 0U;
    told += theatre.told;
    compared += theatre.compared;
    accepted += theatre.revisions.size();
    theatre.world.pass(theatre.world.now + hours(1000));
    EXPECT_EQ(theatre.world.state.outlines.size(), 0u) << "everything has expired";
  }
  EXPECT_GT(accepted, 100u);
  EXPECT_GT(expired, 50u) << "while others were filed";
  EXPECT_GT(compared, 200u);
  EXPECT_GT(told, 300u);
}

}  // namespace
}  // namespace wideberth::core
