// Who may read what, for every view; and what a hundred filings learn of a hidden movement.
#include "core/disclosure.h"

#include <gtest/gtest.h>

#include "core/testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

/// Everything of the log that a party may read, without hashes and signatures over what it may not.
std::string readable(const World& world, const std::string& party) {
  std::string all;
  for (const Entry& entry : world.log) {
    if (!may_read(world.state, entry.index, party)) continue;
    all += "#" + std::to_string(entry.index.value) + " " + to_text(entry.received) + " " + entry.text.kind + " " +
           entry.text.signer + " " + std::to_string(entry.text.number) + " to";
    for (const std::string& to : entry.text.to) all += " " + to;
    for (const EntryIndex ref : entry.text.refs) all += " ref " + std::to_string(ref.value);
    for (const PartBody& part : entry.parts) {
      all += "\n" + part.name + " " + std::to_string(part.bytes.size());
      if (may_read_part(world.state, entry.index, part.name, party)) all += " " + part.bytes;
    }
    all += "\n";
  }
  return all;
}

TEST(Disclosure, EachViewGivesItsPartAndNoOther) {
  struct Given {
    View view;
    std::string part;
  };
  for (const Given& row : {Given{View::full, "full"}, Given{View::corridor, "corridor"}, Given{View::outline, "outline"},
                           Given{View::conflict_only, ""}}) {
    SCOPED_TRACE(model::name_of(row.view));
    World world;
    Terms terms;
    terms.blue_to_red = row.view;
    const std::string id = world.agree(terms);
    const Outcome filing = world.file(world.filing(Drive{}, id));
    const EntryIndex filed = World::expect(filing);
    EXPECT_EQ(may_read(world.state, filed, "red"), row.view != View::conflict_only);
    for (const std::string part : {"full", "corridor", "outline"}) {
      EXPECT_EQ(may_read_part(world.state, filed, part, "red"), part == row.part);
      EXPECT_EQ(may_read_part(world.state, filed, part, "mission"), part == "full");
      EXPECT_TRUE(may_read_part(world.state, filed, part, "blue"));
      EXPECT_FALSE(may_read_part(world.state, filed, part, "green"));
    }
    for (const EntryIndex finding : filing.findings) {
      const auto recipient = model::parse_delivered(*world.log[finding.value].part("full")).value().recipient;
      EXPECT_EQ(may_read(world.state, finding, "red"), recipient == "red");
      EXPECT_TRUE(may_read(world.state, finding, "blue"));
      EXPECT_TRUE(may_read(world.state, finding, "mission"));
      EXPECT_FALSE(may_read(world.state, finding, "green"));
    }
  }
}

TEST(Disclosure, FoundationsAreEverybodysAndAgreementsTheirPartys) {
  World world;
  const std::string id = world.agree();
  const AgreementState& agreement = *world.state.agreement(id);
  for (const std::string party : {"blue", "red", "mission", "green"}) {
    EXPECT_TRUE(may_read(world.state, EntryIndex{0}, party));
    EXPECT_TRUE(may_read_part(world.state, EntryIndex{1}, "full", party));
    EXPECT_EQ(may_read(world.state, agreement.proposed, party), party != "green");
    EXPECT_EQ(may_read(world.state, *agreement.in_force, party), party != "green");
  }
  // A signature belongs to all whom the agreement names, whether it was sent to them or not.
  Terms again;
  again.version = 2;
  const std::string second = world.propose(again);
  Note signature = world.signature(second, "red");
  signature.to.clear();
  const EntryIndex signed_at = World::expect(world.file(signature));
  EXPECT_TRUE(may_read(world.state, signed_at, "blue"));
  EXPECT_TRUE(may_read(world.state, signed_at, "mission"));
  EXPECT_FALSE(may_read(world.state, signed_at, "green"));
  for (const std::string& stranger : {std::string(), std::string("purple"), std::string(kOrigin)})
    EXPECT_FALSE(may_read(world.state, EntryIndex{0}, stranger));
  EXPECT_FALSE(may_read(world.state, world.state.next(), "blue"));
}

TEST(Disclosure, ARefusalIsItsSignersAlone) {
  World world;
  const std::string id = world.agree();
  Note note = world.filing(Drive{}, id);
  note.to = {"mission"};
  const Outcome outcome = world.file(note);
  ASSERT_TRUE(outcome.refusal);
  for (const std::string party : {"blue", "red", "mission", "green"})
    EXPECT_EQ(may_read(world.state, outcome.findings.at(0), party), party == "blue");
}

/// Two movements of blue within one cell and one slot, which differ in everything that an outline does not say.
struct Hidden {
  Drive drive;
  Hidden(geo::Place from, geo::Place to, std::string_view start, Millis takes, std::string platform_class) {
    drive.from = from;
    drive.to = to;
    drive.start = at(start);
    drive.takes = takes;
    drive.slack = minutes(2);
    drive.platform_class = std::move(platform_class);
  }
};

std::vector<Hidden> hidden_movements() {
  std::vector<Hidden> hidden{{{421200000, 374200000}, {421700000, 374700000}, "2020-08-26T06:10:00Z", minutes(40), "vehicle"},
                             {{421900000, 374900000}, {421150000, 374120000}, "2020-08-26T06:05:00Z", minutes(20), "vehicle"},
                             {{421500000, 374500000}, {421510000, 374500000}, "2020-08-26T06:30:00Z", minutes(25), "helicopter"}};
  hidden[2].drive.altitude = geo::AltitudeBand{Metres::from_metres(100), Metres::from_metres(300)};
  return hidden;
}

/// Red files and amends, each time nearer or farther by what it was told, along one axis after the other.
struct Prober {
  World world;
  std::string id;
  int told = 0, untold = 0;
  bool both_told = true;

  explicit Prober(const Terms& terms) : id(world.agree(terms)) {}

  void probe(int steps) {
    Drive drive;
    drive.party = "red";
    drive.slack = minutes(1);
    drive.takes = minutes(4);
    drive.reason = "an invented reason";
    EntryIndex last{};
    std::int64_t reach = 2'000'000;
    bool near = false;
    for (int step = 0; step < steps; ++step) {
      const int phase = step / 12;
      if (step % 12 == 0) {
        reach = 2'000'000;
        drive.from = {421500000, 374500000};
        drive.start = at("2020-08-26T06:28:00Z");
      } else {
        const std::int64_t move = near ? reach : -reach / 2;
        reach = reach * 3 / 4;
        if (phase % 4 == 0) drive.from.lon_e7 = std::min(425000000, drive.from.lon_e7 + static_cast<std::int32_t>(move));
        if (phase % 4 == 1) drive.from.lat_e7 = std::min(376000000, drive.from.lat_e7 + static_cast<std::int32_t>(move / 2));
        if (phase % 4 == 2) drive.from.lat_e7 = std::max(373500000, drive.from.lat_e7 - static_cast<std::int32_t>(move / 2));
        if (phase % 4 == 3) drive.start = drive.start + Millis::from_ms(move * 2);
      }
      drive.to = {drive.from.lon_e7 + 2000, drive.from.lat_e7 + 1000};
      drive.platform_class = phase % 5 == 4 ? "helicopter" : "vehicle";
      drive.altitude =
          phase % 5 == 4 ? std::optional(geo::AltitudeBand{Metres::from_metres(step), Metres::from_metres(200)}) : std::nullopt;
      const Outcome outcome = world.file(step % 3 == 0 ? world.filing(drive, id) : world.amendment(last, drive, id));
      last = World::expect(outcome);
      int red = 0, blue = 0;
      for (const Entry* each : world.of_kind(EntryKind::conflict_found, outcome.findings)) {
        red += may_read(world.state, each->index, "red");
        blue += may_read(world.state, each->index, "blue");
      }
      near = red > 0;
      ++(near ? told : untold);
      both_told = both_told && (red > 0) == (blue > 0);
    }
  }
};

TEST(Disclosure, AHundredProbesLearnNothingFinerThanCellAndSlot) {
  for (const View red_to_blue : {View::full, View::corridor, View::outline, View::conflict_only}) {
    SCOPED_TRACE(model::name_of(red_to_blue));
    Terms terms;
    terms.blue_to_red = View::conflict_only;
    terms.red_to_blue = red_to_blue;
    std::string first;
    std::vector<model::CellSlot> cells;
    for (const Hidden& hidden : hidden_movements()) {
      Prober prober(terms);
      const auto outline = model::cells_of(notification_of(hidden.drive, prober.id), 1'000'000, hours(1)).value();
      ASSERT_EQ(outline.size(), 1u);
      World::expect(prober.world.file(prober.world.filing(hidden.drive, prober.id)));
      prober.probe(100);
      EXPECT_GE(prober.told, 10);
      EXPECT_GE(prober.untold, 10);
      EXPECT_TRUE(prober.both_told);
      const std::string seen = readable(prober.world, "red");
      if (first.empty()) {
        first = seen;
        cells = outline;
      }
      EXPECT_EQ(outline, cells);
      ASSERT_TRUE(seen == first) << "red can tell which of the hidden movements it met";
    }
  }
}

TEST(Disclosure, WhoFiledBeforeLearnsNothingFinerFromWhatIsFiledAfter) {
  for (const View red_to_blue : {View::full, View::corridor, View::outline, View::conflict_only}) {
    SCOPED_TRACE(model::name_of(red_to_blue));
    Terms terms;
    terms.blue_to_red = View::conflict_only;
    terms.red_to_blue = red_to_blue;
    std::string first;
    for (const Hidden& hidden : hidden_movements()) {
      Prober prober(terms);
      prober.probe(40);
      World::expect(prober.world.file(prober.world.filing(hidden.drive, prober.id)));
      prober.probe(1);  // its index shows how much was appended
      const std::string seen = readable(prober.world, "red");
      if (first.empty()) first = seen;
      ASSERT_TRUE(seen == first);
    }
  }
}

}  // namespace
}  // namespace wideberth::core
