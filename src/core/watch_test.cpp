// Alerts of the server's watch: who is told what, that every one is closed, and that replay gives the same.
#include "core/watch.h"

#include <gtest/gtest.h>

#include "core/testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

/// Two vehicles that drive towards each other on a meridian at 15 m/s each, `apart` at the start; invented.
class Encounter {
 public:
  explicit Encounter(model::PositionUse blue_to_red, model::PositionUse red_to_blue) {
    model::Agreement agreement = agreement_of({});
    agreement.rules.push_back({"9.1", "An invented sentence.", model::PositionsRule{"blue", "red", blue_to_red}});
    agreement.rules.push_back({"9.2", "An invented sentence.", model::PositionsRule{"red", "blue", red_to_blue}});
    proposed_ =
        World::expect(world.file({EntryKind::agreement_proposed, "blue/ops", model::to_json(agreement), {"red", "mission"}}));
    World::expect(world.file(world.signature(base::id_of(base::IdKind::agreement, proposed_), "red")));
  }

  /// Both report once a second for so long; what followed.
  std::vector<EntryIndex> drive(int seconds, bool under_agreement = true) {
    std::vector<EntryIndex> found;
    for (int i = 0; i < seconds; ++i, ++second_) {
      const auto pass = world.pass(world.now + Millis::from_seconds(1));
      found.insert(found.end(), pass.begin(), pass.end());
      for (const bool blue : {true, false}) {
        const Outcome outcome = report(blue, under_agreement);
        EXPECT_FALSE(outcome.refusal);
        found.insert(found.end(), outcome.findings.begin(), outcome.findings.end());
      }
    }
    return found;
  }
  Outcome report(bool blue, bool under_agreement = true) {
    model::Position p;
    p.unit = blue ? "b-1" : "r-1";
    p.time = world.now;
    const std::int32_t gone = 1'350 * second_;  // 15 m in a second
    p.place = {421'000'000, 374'000'000 + (blue ? gone : 200'000 - gone)};
    p.speed_mmps = 15'000;
    p.course_cdeg = blue ? 0 : 18'000;
    Note note{EntryKind::positions_reported, blue ? "blue/ops" : "red/ops", ""};
    note.positions = {p};
    if (under_agreement) note.refs = {proposed_};
    return world.file(note);
  }
  /// Both drive for so long and then report all of it at once, blue first; red drives back for the last `back` seconds.
  std::vector<EntryIndex> report_batches(int seconds, int back) {
    const Instant start = world.now;
    world.pass(world.now + Millis::from_seconds(seconds));
    std::vector<EntryIndex> found;
    for (const bool blue : {true, false}) {
      Note note{EntryKind::positions_reported, blue ? "blue/ops" : "red/ops", ""};
      for (int second = 1; second <= seconds; ++second) {
        const bool turned = !blue && second > seconds - back;
        const std::int32_t gone = 1'350 * (turned ? 2 * (seconds - back) - second : second);
        model::Position p;
        p.unit = blue ? "b-1" : "r-1";
        p.time = start + Millis::from_seconds(second);
        p.place = {421'000'000, 374'000'000 + (blue ? gone : 200'000 - gone)};
        p.speed_mmps = 15'000;
        p.course_cdeg = blue || turned ? 0 : 18'000;
        note.positions.push_back(p);
      }
      note.refs = {proposed_};
      const Outcome outcome = world.file(note);
      EXPECT_FALSE(outcome.refusal);
      found.insert(found.end(), outcome.findings.begin(), outcome.findings.end());
    }
    return found;
  }
  /// What each side was told, in order: "warning red", "closed blue eased" …
  std::vector<std::string> story(const std::vector<EntryIndex>& entries) const {
    std::vector<std::string> told;
    for (const EntryIndex index : entries) {
      const Entry& entry = world.log[index.value];
      if (entry.kind == EntryKind::alert_raised) {
        const auto raised = model::parse_alert_raised(*entry.part("full")).value();
        told.push_back(std::string(model::name_of(raised.grade)) + " " + entry.text.to.front());
      } else if (entry.kind == EntryKind::alert_closed) {
        const auto closed = model::parse_alert_closed(*entry.part("full")).value();
        told.push_back("closed " + entry.text.to.front() + " " + std::string(model::name_of(closed.ended)));
      }
    }
    return told;
  }
  /// The server begins anew over its log; what it told of that.
  std::vector<EntryIndex> restart() {
    *world.watch = Watch();
    for (EntryIndex at = Watch::recalled_from(world.state); at < world.state.next(); ++at.value)
      world.watch->recall(world.state, world.log[at.value]);
    const std::size_t before = world.log.size();
    for (Draft& draft : world.watch->recalled(world.state, world.now)) world.append(std::move(draft));
    std::vector<EntryIndex> found;
    for (std::size_t i = before; i < world.log.size(); ++i) found.push_back(EntryIndex{i});
    return found;
  }
  model::AlertRaised first_for(const std::string& party) const {
    for (const auto& [entry, alert] : world.state.alerts)
      if (alert.party == party) return alert.raised;
    base::check_failed("no alert", __FILE__, __LINE__);
  }

  World world;
  EntryIndex proposed_{};

 private:
  int second_ = 0;
};

TEST(Watch, BothSidesAreWarnedInGradesAndEveryAlertIsClosed) {
  Encounter e(model::PositionUse::warnings, model::PositionUse::warnings);
  const auto told = e.story(e.drive(180));
  const std::vector<std::string> expected = {"caution blue", "caution red", "warning blue", "warning red"};
  ASSERT_GE(told.size(), 8U);
  EXPECT_EQ(std::vector<std::string>(told.begin(), told.begin() + 4), expected);
  EXPECT_EQ(std::count_if(told.begin(), told.end(), [](const std::string& t) { return t.starts_with("closed"); }), 4);
  EXPECT_TRUE(e.world.state.open_alerts.empty());
  for (const auto& [entry, alert] : e.world.state.alerts) {
    EXPECT_TRUE(alert.closed) << entry.value;
    EXPECT_EQ(alert.ended, model::AlertEnd::eased);
  }
}

TEST(Watch, LongBatchesOfBothSidesAreWarnedOfAsSoonAsBothAreThere) {
  // They close at 30 m/s, and the batches end 26 s before they meet: the first side is known to its end when the second comes.
  Encounter e(model::PositionUse::warnings, model::PositionUse::warnings);
  EXPECT_EQ(e.story(e.report_batches(48, 0)).size(), 2U);
  std::vector<std::string> told;
  for (const auto& [entry, alert] : e.world.state.alerts) {
    told.push_back(std::string(model::name_of(alert.raised.grade)) + " " + alert.party);
    EXPECT_EQ(alert.raised.at, e.world.now) << "as of the last fixes of both";
  }
  EXPECT_EQ(told, (std::vector<std::string>{"warning blue", "warning red"}));
}

TEST(Watch, ABatchWhoseLaterFixesTurnAwayWarnsOfNothing) {
  Encounter e(model::PositionUse::warnings, model::PositionUse::warnings);
  EXPECT_TRUE(e.story(e.report_batches(48, 25)).empty()) << "red turned back 25 s before the end of its batch";
  EXPECT_TRUE(e.world.state.alerts.empty());
}

TEST(Watch, EachSideSeesWhatItMay) {
  Encounter e(model::PositionUse::tracks, model::PositionUse::warnings);
  e.drive(60);
  const auto red = e.first_for("red"), blue = e.first_for("blue");
  EXPECT_EQ(red.unit, "r-1");
  EXPECT_EQ(red.other_unit, "b-1") << "red may read blue's tracks";
  EXPECT_EQ(red.clause, "9.1");
  EXPECT_EQ(blue.unit, "b-1");
  EXPECT_EQ(blue.other_unit, "") << "blue is warned, and sees no track";
  EXPECT_EQ(blue, model::coarsened(blue));
  EXPECT_EQ(blue.clause, "9.2");
  EXPECT_NE(red, model::coarsened(red));
  for (const auto& [index, alert] : e.world.state.alerts) {
    EXPECT_TRUE(may_read(e.world.state, index, alert.party));
    EXPECT_FALSE(may_read(e.world.state, index, alert.party == "red" ? "blue" : "red"));
    EXPECT_TRUE(may_read(e.world.state, index, "mission")) << "who observes under the agreement";
    EXPECT_FALSE(may_read(e.world.state, index, "green"));
    // It rests on the fix of the reader's own unit that it names.
    const Entry& entry = e.world.log[index.value];
    const Entry& batch = e.world.log[entry.text.refs.front().value];
    EXPECT_EQ(e.world.state.facts[batch.index.value].signer_party, alert.party);
    EXPECT_EQ((*model::parse_positions(*batch.part("full")))[alert.raised.fix].unit, alert.raised.unit);
  }
}

TEST(Watch, WhereEitherSideGivesNothingNobodyIsCompared) {
  for (const auto& [blue, red] : {std::pair{model::PositionUse::tracks, model::PositionUse::nothing},
                                  {model::PositionUse::nothing, model::PositionUse::tracks}}) {
    Encounter e(blue, red);
    e.drive(80);
    EXPECT_TRUE(e.world.state.alerts.empty());
  }
  Encounter private_affair(model::PositionUse::tracks, model::PositionUse::tracks);
  private_affair.drive(80, false);
  EXPECT_TRUE(private_affair.world.state.alerts.empty()) << "reported under no agreement";
}

TEST(Watch, WhoIsNotHeardOfAnyMoreIsLost) {
  Encounter e(model::PositionUse::warnings, model::PositionUse::warnings);
  e.drive(50);
  ASSERT_FALSE(e.world.state.open_alerts.empty());
  const auto told = e.story(e.world.pass(e.world.now + minutes(3)));
  EXPECT_FALSE(told.empty());
  for (const std::string& each : told) EXPECT_TRUE(each.ends_with(" lost")) << each;
  EXPECT_TRUE(e.world.state.open_alerts.empty());
}

TEST(Watch, WhatWasOpenOutlivesARestartAndIsClosedOnce) {
  Encounter e(model::PositionUse::warnings, model::PositionUse::warnings);
  Encounter twin(model::PositionUse::warnings, model::PositionUse::warnings);
  for (Encounter* each : {&e, &twin}) each->drive(62);
  const auto alerts = e.world.state.open_alerts;
  const auto met = e.world.state.encounters.open;
  ASSERT_GT(alerts.size(), 0U);
  ASSERT_EQ(met.size(), 2U) << "one for each side";
  EXPECT_TRUE(e.restart().empty()) << "nothing is told of a restart";
  EXPECT_EQ(e.world.state.open_alerts, alerts);
  EXPECT_EQ(e.world.state.encounters.open, met);
  for (Encounter* each : {&e, &twin}) each->drive(130), each->world.pass(each->world.now + minutes(10));
  EXPECT_TRUE(e.world.state.open_alerts.empty());
  EXPECT_TRUE(e.world.state.encounters.open.empty());
  EXPECT_EQ(dump(e.world.state), dump(twin.world.state)) << "as if it had never been away";
}

TEST(Watch, WhatIsNotFoundAgainAfterARestartIsClosedAndWhatHoldsIsRaised) {
  Encounter e(model::PositionUse::warnings, model::PositionUse::warnings);
  e.drive(50);
  const std::size_t alerts = e.world.state.open_alerts.size();
  *e.world.watch = Watch();  // nothing is gone through again
  for (Draft& draft : e.world.watch->recalled(e.world.state, e.world.now)) e.world.append(std::move(draft));
  EXPECT_TRUE(e.world.state.open_alerts.empty());
  EXPECT_TRUE(e.world.state.encounters.open.empty());
  std::size_t ended = 0;
  for (const auto& [entry, alert] : e.world.state.alerts) ended += alert.ended == model::AlertEnd::restarted ? 1U : 0U;
  EXPECT_EQ(ended, alerts);
  for (const auto& [entry, met] : e.world.state.encounters.all) EXPECT_EQ(met.closed->ended, model::EncounterOver::restarted);
  EXPECT_EQ(e.world.watch->recalled(e.world.state, e.world.now).size(), 0U);
  e.drive(8);
  EXPECT_FALSE(e.world.state.open_alerts.empty());
}

TEST(Watch, NoMoreUnitsAreFollowedForEncountersThanItSaysAndTheOthersAreCounted) {
  Encounter e(model::PositionUse::warnings, model::PositionUse::warnings);
  e.drive(1);  // b-1 and r-1
  Note note{EntryKind::positions_reported, "blue/ops", ""};
  for (std::size_t i = 0; i < Watch::kMostFollowed; ++i) {
    model::Position p;
    p.unit = "u" + std::to_string(i);
    p.time = e.world.now;
    p.place = {400'000'000 + static_cast<std::int32_t>(i) * 10'000, 300'000'000};
    note.positions.push_back(p);
  }
  note.refs = {e.proposed_};
  EXPECT_FALSE(e.world.file(note).refusal);
  const Watch::Counts counts = e.world.watch->counts();
  EXPECT_EQ(counts.units, Watch::kMostFollowed + 2);
  EXPECT_EQ(counts.followed, Watch::kMostFollowed);
  EXPECT_EQ(counts.left_out, 2U);
  e.drive(75);
  EXPECT_FALSE(e.world.state.alerts.empty()) << "alerts go on";
}

TEST(Watch, AReplayReadsTheAlertsBack) {
  Encounter e(model::PositionUse::tracks, model::PositionUse::warnings);
  e.drive(120);
  ASSERT_FALSE(e.world.state.alerts.empty());
  State again;
  for (const Entry& entry : e.world.log) ASSERT_TRUE(apply(again, entry));
  EXPECT_EQ(dump(again), dump(e.world.state));
  Encounter twin(model::PositionUse::tracks, model::PositionUse::warnings);
  twin.drive(120);
  EXPECT_EQ(dump(twin.world.state), dump(e.world.state)) << "the same batches, the same alerts";
}

TEST(Watch, AnAlertIsAcknowledgedAndSnoozedByItsOwnSideAlone) {
  Encounter e(model::PositionUse::warnings, model::PositionUse::warnings);
  World& world = e.world;
  for (int i = 0; world.state.open_alerts.empty() && i < 60; ++i) e.drive(1);
  std::map<std::string, EntryIndex> of;
  for (const EntryIndex each : world.state.open_alerts) of[world.state.alerts.at(each).party] = each;
  ASSERT_EQ(of.size(), 2U);
  const auto act = [&](EntryKind kind, const std::string& party, EntryIndex about, const std::string& json) {
    Note note{kind, party + "/ops", json};
    note.refs = {about};
    return world.file(note);
  };
  const auto rule_of = [](const Outcome& o) { return o.refusal ? std::string(base::code_of(o.refusal->rule)) : "accepted"; };
  const std::string seen = model::to_json(model::AlertAcknowledged{"Sgt. B", "Room 4"});
  const auto quiet = [&](Millis span) { return model::to_json(model::AlertSnoozed{"Sgt. B", "They wave.", world.now + span}); };
  EXPECT_EQ(rule_of(act(EntryKind::alert_acknowledged, "red", of["blue"], seen)), "alert_unknown");
  EXPECT_EQ(rule_of(act(EntryKind::alert_acknowledged, "red", EntryIndex{1}, seen)), "alert_unknown");
  EXPECT_EQ(rule_of(act(EntryKind::alert_acknowledged, "blue", of["blue"], seen)), "accepted");
  EXPECT_EQ(world.state.alerts.at(of["blue"]).acknowledged.size(), 1U);
  EXPECT_TRUE(world.state.open_alerts.contains(of["blue"])) << "it stays open";
  EXPECT_EQ(rule_of(act(EntryKind::alert_snoozed, "blue", of["blue"], quiet(Millis{}))), "alert_snooze_span");
  EXPECT_EQ(rule_of(act(EntryKind::alert_snoozed, "blue", of["blue"], quiet(hours(24) + kTick))), "alert_snooze_span");
  const Outcome snoozed = act(EntryKind::alert_snoozed, "blue", of["blue"], quiet(hours(1)));
  EXPECT_EQ(rule_of(snoozed), "accepted");
  EXPECT_EQ(e.story(snoozed.findings), std::vector<std::string>{"closed blue snoozed"});
  EXPECT_EQ(rule_of(act(EntryKind::alert_acknowledged, "blue", of["blue"], seen)), "alert_ended");
  // A warning is above the caution that was snoozed: both are told. Red hears the end of both of its own.
  const auto told = e.story(e.drive(180));
  EXPECT_EQ(std::count(told.begin(), told.end(), "warning blue"), 1);
  EXPECT_EQ(std::count(told.begin(), told.end(), "warning red"), 1);
  EXPECT_EQ(std::count(told.begin(), told.end(), "caution blue"), 0);
  EXPECT_EQ(std::count(told.begin(), told.end(), "closed blue eased"), 1);
  EXPECT_EQ(std::count(told.begin(), told.end(), "closed red eased"), 2);
  EXPECT_TRUE(world.state.open_alerts.empty());
}

}  // namespace
}  // namespace wideberth::core
