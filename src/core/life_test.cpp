// What is notified, answered and ended: refusals in the order of the checks, and the life of a notification from end to end.
#include <gtest/gtest.h>

#include "core/testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

struct Refused {
  std::string name;
  std::function<Note(World&)> note;
  Rule rule;
};

void expect_refusals(const World& world, const std::vector<Refused>& rows) {
  for (const Refused& each : rows) {
    SCOPED_TRACE(each.name);
    World after = world;
    const Note note = each.note(after);
    const State before = after.state;
    const Outcome outcome = after.file(note);
    ASSERT_TRUE(outcome.refusal) << "accepted";
    EXPECT_EQ(base::code_of(outcome.refusal->rule), base::code_of(each.rule)) << base::to_text(*outcome.refusal);
    ASSERT_EQ(after.state.facts.size(), before.facts.size() + 1);
    EXPECT_EQ(after.state.facts.back().kind, EntryKind::note_refused);
    EXPECT_EQ(after.state.index.size(), before.index.size());
    EXPECT_EQ(after.state.deadlines.size(), before.deadlines.size());
    EXPECT_EQ(after.state.notifications.size(), before.notifications.size());
    EXPECT_EQ(after.state.key(note.signer)->next_number, before.key(note.signer)->next_number + 1);
  }
}

/// A drive in the area where an answer is owed.
Drive requested() {
  Drive drive;
  drive.from = {418500000, 371000000};
  drive.to = {420500000, 372000000};
  return drive;
}

model::Outcome outcome_of(model::OutcomeWord word) { return {word, ""}; }

TEST(FilingTable, EveryRefusalInOrder) {
  World world;
  const std::string id = world.agree();
  const std::string proposal = [&] {
    Terms terms;
    terms.version = 9;
    return world.propose(terms);
  }();
  const auto notify = [id](const std::function<void(model::Notification&)>& change) {
    return [id, change](World& w) {
      model::Notification n = notification_of({}, id);
      change(n);
      return w.filing(n, id);
    };
  };
  const auto note = [id](const std::function<void(Note&)>& change) {
    return [id, change](World& w) {
      Note n = w.filing(Drive{}, id);
      change(n);
      return n;
    };
  };
  expect_refusals(
      world,
      {{"no feature", note([](Note& n) { n.json = "{\"type\":\"Feature\"}"; }), Rule::json_member_missing},
       {"another party's",
        [id](World& w) {
          Note n = w.filing(Drive{}, id);
          n.signer = "red/ops";
          n.to = {"blue", "mission"};
          return n;
        },
        Rule::notification_party},
       {"an agreement nobody proposed", note([](Note& n) {
          n.json = model::to_json(notification_of({}, base::id_of(base::IdKind::agreement, EntryIndex{999})));
        }),
        Rule::agreement_not_in_force},
       {"an agreement not signed by all", [proposal](World& w) { return w.filing(Drive{}, proposal); },
        Rule::agreement_not_in_force},
       {"by one that is no party to it",
        [id](World& w) {
          Drive drive;
          drive.party = "green";
          return w.filing(drive, id);
        },
        Rule::agreement_not_party},
       {"by an observer",
        [id](World& w) {
          Drive drive;
          drive.party = "mission";
          return w.filing(drive, id);
        },
        Rule::agreement_not_party},
       {"a class unknown", notify([](auto& n) { n.platform_class = "airship"; }), Rule::platform_class_unknown},
       {"a leg that takes no time", notify([](auto& n) {
          auto& route = std::get<geo::Route>(n.where);
          route.waypoints[1].window = route.waypoints[0].window;
        }),
        Rule::route_leg_without_duration},
       {"not sent to the other party", note([](Note& n) { n.to = {"mission"}; }), Rule::recipient_missing},
       {"not sent to the observer", note([](Note& n) { n.to = {"red"}; }), Rule::recipient_missing},
       {"without the part that the other gets", note([](Note& n) { n.parts.clear(); }), Rule::part_missing},
       {"with a corridor that does not follow",
        [id](World& w) {
          Note n = w.filing(Drive{}, id);
          Drive other;
          other.to.lat_e7 += 1;
          n.parts[0].second = model::corridor_of(notification_of(other, id));
          return n;
        },
        Rule::part_does_not_follow},
       {"sent to one outside the agreement", note([](Note& n) { n.to.push_back("green"); }), Rule::recipient_unknown},
       {"with a part that nobody gets", note([](Note& n) { n.parts.emplace_back("outline", "{}"); }), Rule::part_missing},
       {"with a part of another name", note([](Note& n) { n.parts.emplace_back("secret", "{}"); }), Rule::part_missing},
       {"far from every area",
        [id](World& w) {
          Drive drive;
          drive.to = {20000000, 490000000};
          return w.filing(drive, id);
        },
        Rule::place_outside_area},
       {"far from the place that it names",
        [id](World& w) {
          Drive drive;
          drive.names = {"", "derik"};
          return w.filing(drive, id);
        },
        Rule::place_far_from_name},
       {"of a time that nobody plans for",
        [id](World& w) {
          Drive drive;
          drive.start = at("2300-01-01T00:00:00Z");
          return w.filing(drive, id);
        },
        Rule::window_out_of_reach},
       {"of a time before all clocks, on paper",
        [id](World& w) {
          Drive drive;
          drive.start = at("0001-01-01T00:00:00Z");
          Note n = w.filing(drive, id);
          n.occurred = w.now;
          return n;
        },
        Rule::window_out_of_reach},
       {"of what has ended",
        [id](World& w) {
          Drive drive;
          drive.start = w.now - hours(5);
          return w.filing(drive, id);
        },
        Rule::window_past},
       {"about an entry that is not its agreement", note([](Note& n) { n.refs = {EntryIndex{0}}; }), Rule::note_references}});
  // Paper made in an outage is filed later; the proposal of the agreement may be named; both are taken.
  Drive past;
  past.start = world.now - hours(5);
  Note paper = world.filing(past, id);
  paper.occurred = world.now - hours(6);
  paper.refs = {world.state.agreement(id)->proposed};
  EXPECT_FALSE(world.file(paper).refusal);
}

TEST(FilingTable, UnderConflictOnlyNobodyElseIsTold) {
  World world;
  Terms terms;
  terms.blue_to_red = View::conflict_only;
  const std::string id = world.agree(terms);
  expect_refusals(world, {{"sent to one who gets conflicts only",
                           [id](World& w) {
                             Note n = w.filing(Drive{}, id);
                             n.to.push_back("red");
                             return n;
                           },
                           Rule::recipient_not_disclosed},
                          {"more cells and slots than an outline holds",
                           [id](World& w) {
                             Drive drive;
                             drive.slack = hours(24 * 3000);
                             drive.start = drive.start + drive.slack;
                             return w.filing(drive, id);
                           },
                           Rule::outline_too_large}});
}

TEST(AmendmentTable, EveryRefusalInOrder) {
  World world;
  const std::string id = world.agree();
  const EntryIndex first = World::expect(world.file(world.filing(Drive{}, id)));
  Drive changed;
  changed.start = changed.start + minutes(30);
  changed.reason = "a bridge is closed";
  const EntryIndex second = World::expect(world.file(world.amendment(first, changed, id)));
  Drive red;
  red.party = "red";
  red.start = red.start + hours(48);
  const EntryIndex theirs = World::expect(world.file(world.filing(red, id)));
  const auto amend = [=](EntryIndex of, const std::function<void(Drive&)>& change) {
    return [=](World& w) {
      Drive drive = changed;
      change(drive);
      return w.amendment(of, drive, id);
    };
  };
  const auto same = [](Drive&) {};
  expect_refusals(world, {{"two entries",
                           [=](World& w) {
                             Note n = w.amendment(second, changed, id);
                             n.refs = {first, second};
                             return n;
                           },
                           Rule::note_references},
                          {"no notification", amend(EntryIndex{0}, same), Rule::notification_unknown},
                          {"another's", amend(theirs, same), Rule::notification_unknown},
                          {"a superseded revision", amend(first, same), Rule::revision_superseded},
                          {"without a reason", amend(second, [](Drive& d) { d.reason.clear(); }), Rule::reason_missing},
                          {"of another subject",
                           [=](World& w) {
                             model::Notification n = notification_of(changed, id);
                             geo::Area area;
                             area.centre = changed.from;
                             area.radius = Metres::from_metres(100);
                             area.window = {changed.start, changed.start + hours(1)};
                             n.where = area;
                             n.subject = model::Subject::activity;
                             Note note = w.filing(n, id);
                             note.kind = EntryKind::notification_amended;
                             note.refs = {second};
                             return note;
                           },
                           Rule::notification_subject},
                          {"withdrawn before",
                           [=](World& w) {
                             World::expect(w.file(w.withdrawal("blue", second)));
                             return w.amendment(second, changed, id);
                           },
                           Rule::notification_ended}});
  // The answers to the old revision fell with it; the new one opened its own, shorter deadline.
  const NotificationState& of = *world.state.notification_at(second);
  ASSERT_EQ(of.revisions.size(), 2u);
  for (const auto& [key, deadline] : world.state.deadlines) EXPECT_NE(deadline.revision, first);
  EXPECT_EQ(std::get<0>(of.latest().handling.at("red").owed.front()), world.now + minutes(30));
}

TEST(AnswerTable, EveryRefusalInOrder) {
  World world;
  const std::string id = world.agree();
  const EntryIndex filed = World::expect(world.file(world.filing(Drive{}, id)));
  const EntryIndex asked = World::expect(world.file(world.filing(requested(), id)));
  const auto edit = [](Note note, const std::function<void(Note&)>& change) {
    change(note);
    return note;
  };
  using model::AnswerWord;
  const auto acknowledge = [&](const std::function<void(model::Acknowledged&)>& change) {
    return [=](World& w) {
      model::Acknowledged said{"Major A", "HQ", {{Drive{}.from}}};
      change(said);
      return w.act(EntryKind::notification_acknowledged, "red", filed, said);
    };
  };
  expect_refusals(
      world,
      {{"about nothing", [&](World& w) { return edit(w.acknowledgement("red", filed), [](Note& n) { n.refs.clear(); }); },
        Rule::note_references},
       {"no notification", [&](World& w) { return w.acknowledgement("red", EntryIndex{1}); }, Rule::notification_unknown},
       {"never delivered to green", [&](World& w) { return w.acknowledgement("green", filed); }, Rule::notification_unknown},
       {"one's own", [&](World& w) { return w.acknowledgement("blue", filed); }, Rule::notification_unknown},
       {"said to one who must not know",
        [&](World& w) { return edit(w.acknowledgement("red", filed), [](Note& n) { n.to.push_back("green"); }); },
        Rule::recipient_not_disclosed},
       {"not said to the other side",
        [&](World& w) { return edit(w.acknowledgement("red", filed), [](Note& n) { n.to.clear(); }); }, Rule::recipient_missing},
       {"with a condition",
        [&](World& w) {
          return edit(w.acknowledgement("red", filed), [](Note& n) { n.json.insert(1, "\"condition\":\"halt at noon\","); });
        },
        Rule::acknowledgement_conditional},
       {"without an echo", acknowledge([](auto& said) { said.echo.clear(); }), Rule::echo_missing},
       {"with another place", acknowledge([](auto& said) { said.echo[0].place.lat_e7 += 20'000; }), Rule::echo_differs},
       {"acknowledged twice",
        [&](World& w) {
          World::expect(w.file(w.acknowledgement("red", filed)));
          return w.acknowledgement("red", filed);
        },
        Rule::answered_already},
       {"objected twice",
        [&](World& w) {
          const auto objection = w.act(EntryKind::notification_objected, "red", filed, model::Objected{"A", "ours", ""});
          World::expect(w.file(objection));
          return objection;
        },
        Rule::answered_already},
       {"agreed where nothing is asked", [&](World& w) { return w.answer("red", filed, AnswerWord::agreed); },
        Rule::answer_regime},
       {"not agreed where nothing is asked", [&](World& w) { return w.answer("red", filed, AnswerWord::not_agreed, "no"); },
        Rule::answer_regime},
       {"no objection where an answer is owed", [&](World& w) { return w.answer("red", asked, AnswerWord::no_objection); },
        Rule::answer_regime},
       {"not agreed without a reason", [&](World& w) { return w.answer("red", asked, AnswerWord::not_agreed); },
        Rule::reason_missing},
       {"answered twice",
        [&](World& w) {
          World::expect(w.file(w.answer("red", asked, AnswerWord::agreed)));
          return w.answer("red", asked, AnswerWord::not_agreed, "changed");
        },
        Rule::answered_already},
       {"a slip code of another revision",
        [&](World& w) {
          return w.act(EntryKind::notification_unit_informed, "red", filed,
                       model::UnitInformed{"post 3", "Sgt B", slip_code(w.state.revision_at(asked)->text)});
        },
        Rule::slip_code},
       {"received other bytes",
        [&](World& w) {
          return edit(w.receipt("red", filed),
                      [](Note& n) { n.json = model::to_json(model::Received{ledger::sha256("other")}); });
        },
        Rule::receipt_view},
       {"received another's delivery",
        [&](World& w) {
          return edit(w.receipt("mission", filed), [](Note& n) {
            n.signer = "red/ops";
            n.to = {"blue"};
          });
        },
        Rule::notification_unknown},
       {"received twice",
        [&](World& w) {
          World::expect(w.file(w.receipt("red", filed)));
          return w.receipt("red", filed);
        },
        Rule::answered_already}});
}

TEST(EndTable, EveryRefusalInOrder) {
  World world;
  const std::string id = world.agree();
  const EntryIndex filed = World::expect(world.file(world.filing(Drive{}, id)));
  const auto completed = [=](World& w) { return w.act(EntryKind::notification_completed, "blue", filed, model::Completed{}); };
  expect_refusals(
      world,
      {{"another's", [&](World& w) { return w.withdrawal("red", filed); }, Rule::notification_unknown},
       {"not said to those who were told",
        [&](World& w) {
          Note n = w.withdrawal("blue", filed);
          n.to = {"mission"};
          return n;
        },
        Rule::recipient_missing},
       {"without a reason",
        [&](World& w) {
          Note n = w.withdrawal("blue", filed);
          n.json = "{\"reason\":\"\"}";
          return n;
        },
        Rule::json_length},
       {"completed before it began", completed, Rule::window_future},
       {"withdrawn twice",
        [&](World& w) {
          World::expect(w.file(w.withdrawal("blue", filed)));
          return w.withdrawal("blue", filed);
        },
        Rule::notification_ended},
       {"completed after it expired",
        [&](World& w) {
          w.pass(at("2026-01-01T00:00:00Z"));
          return completed(w);
        },
        Rule::notification_ended},
       {"an outcome by one to whom it was not delivered",
        [&](World& w) { return w.act(EntryKind::notification_outcome, "green", filed, outcome_of(model::OutcomeWord::denied)); },
        Rule::notification_unknown}});
}

TEST(Life, EndToEndUnderNotify) {
  World world;
  const std::string id = world.agree();
  const Outcome filing = world.file(world.filing(Drive{}, id));
  const EntryIndex filed = World::expect(filing);
  const auto deliveries = world.of_kind(EntryKind::notification_delivered, filing.findings);
  ASSERT_EQ(deliveries.size(), 2u);
  // A delivery commits to the exact bytes of the part that the recipient gets, padding included.
  const auto& entry = world.log[filed.value];
  for (const Entry* each : deliveries) {
    const auto said = model::parse_delivered(*each->part("full")).value();
    EXPECT_EQ(said.view, said.recipient == "red" ? View::corridor : View::full);
    EXPECT_EQ(said.bytes, ledger::sha256(*entry.part(said.recipient == "red" ? "corridor" : "full")));
    EXPECT_EQ(each->text.to, (std::vector<std::string>{said.recipient, "blue"}));
  }
  const auto& red = [&]() -> const Handling& { return world.state.revision_at(filed)->handling.at("red"); };
  EXPECT_EQ(world.state.notification_at(filed)->regime, model::Regime::notify);
  const EntryIndex receipt = World::expect(world.file(world.receipt("red", filed)));
  EXPECT_EQ(red().received, receipt);
  EXPECT_FALSE(red().acknowledged);
  const std::size_t owed = world.state.deadlines.size();
  const EntryIndex acknowledged = World::expect(world.file(world.acknowledgement("red", filed)));
  EXPECT_EQ(red().acknowledged, acknowledged);
  EXPECT_EQ(world.state.deadlines.size(), owed - 1);
  EXPECT_FALSE(red().answered) << "silence never becomes no objection";
  World::expect(world.file(world.answer("red", filed, model::AnswerWord::no_objection)));
  EXPECT_EQ(red().answer, model::AnswerWord::no_objection);
  const std::string slip = slip_code(world.state.revision_at(filed)->text);
  World::expect(
      world.file(world.act(EntryKind::notification_unit_informed, "red", filed, model::UnitInformed{"post 3", "Sgt B", slip})));
  EXPECT_TRUE(red().slip_quoted);
  EXPECT_EQ(red().post, "post 3");
  EXPECT_TRUE(world.state.deadlines.empty());
  EXPECT_EQ(world.state.index.size(), 1u);
  world.pass(Drive{}.start);
  World::expect(world.file(world.act(EntryKind::notification_completed, "blue", filed, model::Completed{"arrived"})));
  EXPECT_EQ(world.state.notification_at(filed)->standing, Standing::completed);
  EXPECT_EQ(world.state.index.size(), 0u);
  EXPECT_TRUE(world.state.expiries.empty());
  World::expect(
      world.file(world.act(EntryKind::notification_outcome, "blue", filed, outcome_of(model::OutcomeWord::facilitated))));
  EXPECT_EQ(world.state.notification_at(filed)->outcome, model::OutcomeWord::facilitated);
}

TEST(Life, UnderRequestAnAnswerIsOwedAndAPostWithoutTheSlipIsAsserted) {
  World world;
  const std::string id = world.agree();
  const EntryIndex asked = World::expect(world.file(world.filing(requested(), id)));
  EXPECT_EQ(world.state.notification_at(asked)->regime, model::Regime::request);
  const std::size_t owed = world.state.deadlines.size();
  World::expect(world.file(world.acknowledgement("red", asked)));
  EXPECT_EQ(world.state.deadlines.size(), owed) << "an acknowledgement is no answer";
  World::expect(world.file(world.answer("red", asked, model::AnswerWord::not_agreed, "a patrol of ours is there")));
  EXPECT_EQ(world.state.deadlines.size(), owed - 1);
  World::expect(
      world.file(world.act(EntryKind::notification_unit_informed, "red", asked, model::UnitInformed{"post 3", "Sgt B", ""})));
  EXPECT_FALSE(world.state.revision_at(asked)->handling.at("red").slip_quoted);
  EXPECT_TRUE(world.state.revision_at(asked)->handling.at("red").unit_informed);
}

TEST(Life, AnswersGoToTheLatestRevisionAndReceiptsToAny) {
  World world;
  const std::string id = world.agree();
  const EntryIndex first = World::expect(world.file(world.filing(Drive{}, id)));
  Drive changed;
  changed.reason = "later";
  changed.start = changed.start + hours(1);
  const EntryIndex second = World::expect(world.file(world.amendment(first, changed, id)));
  EXPECT_EQ(world.file(world.acknowledgement("red", first)).refusal->rule, Rule::revision_superseded);
  EXPECT_EQ(world.file(world.acknowledgement("green", first)).refusal->rule, Rule::notification_unknown)
      << "one who was never told does not learn that it was amended";
  EXPECT_FALSE(world.file(world.receipt("red", first)).refusal);
  Note by_revision = world.receipt("red", second);
  by_revision.refs = {second};
  EXPECT_FALSE(world.file(by_revision).refusal);
  EXPECT_TRUE(world.state.revision_at(first)->handling.at("red").received);
  EXPECT_TRUE(world.state.revision_at(second)->handling.at("red").received);
  EXPECT_NE(slip_code(world.state.revision_at(first)->text), slip_code(world.state.revision_at(second)->text));
}

TEST(Life, TwoDesksRace) {
  World world;
  world.add_key("red/night");
  const std::string id = world.agree();
  const EntryIndex filed = World::expect(world.file(world.filing(Drive{}, id)));
  const Submission day = world.sign(world.acknowledgement("red", filed));
  Note other = world.acknowledgement("red", filed);
  other.signer = "red/night";
  const Submission night = world.sign(other);
  EXPECT_FALSE(world.take(day).refusal);
  EXPECT_EQ(world.take(night).refusal->rule, Rule::answered_already);
  EXPECT_EQ(world.state.key("red/night")->next_number, 2u);
}

}  // namespace
}  // namespace wideberth::core
