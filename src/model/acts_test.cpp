#include "model/acts.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "base/id.h"
#include "ledger/entry.h"
#include "model/findings.h"
#include "model/keys.h"
#include "model/kinds.h"
#include "model/opening.h"
#include "model/testing.h"

namespace wideberth::model {
namespace {

using testing::outcome;
using testing::with;

const std::string kMovementId = base::id_of(base::IdKind::movement, EntryIndex{812});
const std::string kAgreementId = base::id_of(base::IdKind::agreement, EntryIndex{5});

ledger::SigningKey key_of(const std::string& name) {
  return ledger::SigningKey::from_seed(name, ledger::sha256(name).view()).value();
}

TEST(Kinds, EveryKindHasItsNameAndItsRow) {
  std::set<std::string_view> names;
  for (const auto& row : kinds()) {
    EXPECT_EQ(kind_named(row.name), row.kind);
    EXPECT_EQ(name_of(row.kind), row.name);
    EXPECT_LE(row.least_refs, row.most_refs);
    EXPECT_EQ(row.refs.empty(), row.most_refs == 0) << row.name;
    EXPECT_FALSE(row.meaning.empty());
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
  }
  EXPECT_EQ(kinds().size(), 63U);
  EXPECT_EQ(name_of(EntryKind::notification_unit_informed), "notification.unit_informed");
  EXPECT_EQ(name_of(EntryKind::deadline_channel_down), "deadline.channel_down");
  EXPECT_EQ(kind_named("notification.approve"), std::nullopt);
  EXPECT_EQ(row_of(EntryKind::notification_filed).parts, Parts::full_and_coarser);
  EXPECT_EQ(name_of(row_of(EntryKind::key_added).signs), "root");
}

TEST(Kinds, EveryNameIsAKindThatAnEntryCanHave) {
  ledger::EntryText entry;
  entry.origin = "dayrik.example/log";
  entry.signer = "blue/ops-1";
  entry.parts = {{"full", "application/json", 2, ledger::sha256("")}};
  for (const auto& row : kinds()) {
    entry.kind = std::string(row.name);
    EXPECT_TRUE(ledger::checked_text(entry)) << row.name;
  }
}

TEST(Keys, NamesScopesAndTrips) {
  const KeyAdded added{key_of("blue/ops-1").verifier(), {"notification.*", "agreement.reading"}, "duty desk"};
  EXPECT_EQ(parse_key_added(to_json(added)).value(), added);
  const KeyAdded plain{key_of("blue/ops-1").verifier(), {}, ""};
  EXPECT_EQ(parse_key_added(to_json(plain)).value(), plain);
  EXPECT_EQ(outcome(parse_key_added(to_json(KeyAdded{key_of("blue/root").verifier(), {}, ""}))), "key_name_mismatch at /key");
  EXPECT_EQ(outcome(parse_key_added(to_json(KeyAdded{key_of("blue").verifier(), {}, ""}))), "key_name_mismatch at /key");
  EXPECT_EQ(outcome(parse_key_added(to_json(KeyAdded{key_of("blue/ops-1").cosigner(), {}, ""}))), "key_kind_mismatch at /key");
  EXPECT_EQ(outcome(parse_key_added(R"({"key": "x"})")), "key_malformed at /key");
  for (const char* scope : {"notification.delivered", "deadline.*", "key.added", "*", "notification", ".*"})
    EXPECT_EQ(outcome(parse_key_added(to_json(KeyAdded{key_of("blue/a").verifier(), {scope}, ""}))),
              "key_scope_unknown at /kinds/0");
  EXPECT_EQ(outcome(parse_key_added(to_json(KeyAdded{key_of("blue/a").verifier(), {"agreement.*", "agreement.*"}, ""}))),
            "name_twice at /kinds/1");

  const KeyRevoked revoked{"blue/ops-1", "the desk closes"};
  EXPECT_EQ(parse_key_revoked(to_json(revoked)).value(), revoked);
  EXPECT_EQ(outcome(parse_key_revoked(R"({"key": "blue", "reason": "x"})")), "key_name_mismatch at /key");
  EXPECT_EQ(outcome(parse_key_revoked(R"({"key": "blue/a", "reason": " "})")), "json_length at /reason");
  const KeyCompromised compromised{"blue/ops-1", EntryIndex{77}, "a laptop was lost"};
  EXPECT_EQ(parse_key_compromised(to_json(compromised)).value(), compromised);
  EXPECT_EQ(outcome(parse_key_compromised(R"({"key": "blue/a", "since": -1, "reason": "x"})")), "json_range at /since");

  EXPECT_TRUE(allows({}, "notification.filed"));
  EXPECT_TRUE(allows({"notification.*"}, "notification.filed"));
  EXPECT_FALSE(allows({"notification.*"}, "notificationx.filed"));
  EXPECT_FALSE(allows({"notification.received"}, "notification.filed"));
  EXPECT_EQ(party_of_key("blue/ops-1"), "blue");
  EXPECT_EQ(party_of_key("blue/ops/1"), "");
  EXPECT_EQ(party_of_key("Blue/ops"), "");
}

Opening an_opening() {
  Opening opening;
  opening.origin = "dayrik.example/log";
  opening.server = key_of(opening.origin).verifier();
  opening.operator_name = "A neutral (invented)";
  opening.parties = {{{"blue", Role::party, "Blue"}, key_of("blue/root").verifier()},
                     {{"observer", Role::observer, "Observer"}, key_of("observer/root").verifier()}};
  opening.witnesses = {key_of("blue/witness").cosigner(), key_of("red/witness").cosigner()};
  opening.quorum = "all";
  opening.time = TimeMode::quickened;
  opening.checkpoint_every = Millis::from_ms(1500);
  return opening;
}

TEST(Opening, IsReadAndWrittenBack) {
  EXPECT_EQ(parse_opening(to_json(an_opening())).value(), an_opening());
  EXPECT_EQ(role_named("mediator"), Role::mediator);
  EXPECT_EQ(role_named("judge"), std::nullopt);
}

TEST(Opening, EveryRefusalInTheOrderOfTheChecks) {
  const auto changed = [](auto change) {
    Opening opening = an_opening();
    change(opening);
    return outcome(parse_opening(to_json(opening)));
  };
  const std::string good = to_json(an_opening());
  EXPECT_EQ(outcome(parse_opening(with(good, "\"rules\"", "\"rule\""))), "json_member_unknown at /rule");
  EXPECT_EQ(changed([](Opening& o) { o.origin = "two words"; }), "key_name_malformed at /origin");
  EXPECT_EQ(changed([](Opening& o) { o.rules = 0; }), "json_range at /rules");
  EXPECT_EQ(changed([](Opening& o) { o.origin = "other.example"; }), "key_name_mismatch at /server");
  EXPECT_EQ(changed([](Opening& o) { o.operator_name = ""; }), "json_length at /operator");
  EXPECT_EQ(changed([](Opening& o) { o.parties.clear(); }), "json_length at /parties");
  EXPECT_EQ(changed([](Opening& o) { o.parties[0].party.party = "Blue"; }), "name_malformed at /parties/0/party");
  EXPECT_EQ(changed([](Opening& o) { o.parties[1].root = key_of("blue/root").verifier(); }),
            "key_name_mismatch at /parties/1/root");
  EXPECT_EQ(changed([](Opening& o) { o.parties[1] = o.parties[0]; }), "name_twice at /parties/1");
  EXPECT_EQ(changed([](Opening& o) { o.witnesses[1] = o.witnesses[0]; }), "name_twice at /witnesses/1");
  EXPECT_EQ(changed([](Opening& o) { o.witnesses[0] = key_of("w").verifier(); }), "key_kind_mismatch at /witnesses/0");
  for (const char* quorum : {"3", "0", "most", "18446744073709551617"})
    EXPECT_EQ(changed([&](Opening& o) { o.quorum = quorum; }), "quorum_malformed at /quorum") << quorum;
  EXPECT_EQ(changed([](Opening& o) { o.witnesses.clear(); }), "quorum_malformed at /quorum");
  for (const char* quorum : {"1", "2", "any", "none"})
    EXPECT_EQ(changed([&](Opening& o) { o.quorum = quorum; }), "accepted") << quorum;
  EXPECT_EQ(outcome(parse_opening(with(good, "quickened", "slow"))), "json_choice at /time");
  EXPECT_EQ(changed([](Opening& o) { o.checkpoint_every = Millis::from_ms(99); }), "json_range at /checkpoint_every_s");
}

TEST(Acts, TripsOfAll) {
  const Received received{ledger::sha256("view")};
  EXPECT_EQ(parse_received(to_json(received)).value(), received);
  const Acknowledged acknowledged{"Maj. A. (invented)", "Liaison cell", {{{421'400'000, 371'770'000}}, {{-1, -899'999'999}}}};
  EXPECT_EQ(parse_acknowledged(to_json(acknowledged)).value(), acknowledged);
  const Objected objected{"Maj. A.", "The road is taken", "3.1"};
  EXPECT_EQ(parse_objected(to_json(objected)).value(), objected);
  for (const auto word : {AnswerWord::no_objection, AnswerWord::agreed, AnswerWord::not_agreed}) {
    const Answered answered{word, "Maj. A.", "because"};
    EXPECT_EQ(parse_answered(to_json(answered)).value(), answered);
  }
  const UnitInformed informed{"Checkpoint 4", "Sgt. B.", "7Q4M-K"};
  EXPECT_EQ(parse_unit_informed(to_json(informed)).value(), informed);
  const UnitInformed asserted{"Checkpoint 4", "Sgt. B.", ""};
  EXPECT_EQ(parse_unit_informed(to_json(asserted)).value(), asserted);
  EXPECT_EQ(parse_withdrawn(to_json(Withdrawn{"rain"})).value(), Withdrawn{"rain"});
  EXPECT_EQ(parse_completed(to_json(Completed{})).value(), Completed{});
  for (int i = 0; i < 5; ++i) {
    const Outcome result{static_cast<OutcomeWord>(i), "held for an hour"};
    EXPECT_EQ(parse_outcome(to_json(result)).value(), result);
  }
}

TEST(Acts, AnAcknowledgementCarriesNoCondition) {
  const std::string good = to_json(Acknowledged{"A", "B", {}});
  EXPECT_EQ(outcome(parse_acknowledged(good)), "accepted");
  EXPECT_EQ(outcome(parse_acknowledged(with(good, "{", R"({"condition": "two vehicles only", )"))),
            "acknowledgement_conditional at /condition");
  EXPECT_EQ(outcome(parse_acknowledged(with(good, "{", R"({"answer": "agreed", )"))), "acknowledgement_conditional at /answer");
}

TEST(Acts, AnEchoNamesOnePlaceInAllItsTexts) {
  const auto echo = [](const char* more) {
    return outcome(
        parse_acknowledged(R"({"person": "A", "post": "B", "echo": [{"place": [42.14, 37.177])" + std::string(more) + "}]}"));
  };
  EXPECT_EQ(echo(R"(, "dd": "37.1770000N 42.1400000E")"), "accepted");
  EXPECT_EQ(echo(R"(, "dd": "37.177001N 42.14E")"), "accepted");
  EXPECT_EQ(echo(R"(, "dd": "37.1771000N 42.1400000E")"), "echo_disagrees at /echo/0/dd");
  EXPECT_EQ(echo(R"(, "dms": "37°10'37.20\"N 42°08'24.00\"E")"), "accepted");
  EXPECT_EQ(echo(R"(, "dms": "37°10'37.20\"N 42°09'24.00\"E")"), "echo_disagrees at /echo/0/dms");
  EXPECT_EQ(echo(R"(, "mgrs": "37.177 42.14")"), "place_ambiguous at /echo/0/mgrs");
  EXPECT_EQ(echo(""), "json_member_missing at /echo/0");
  EXPECT_EQ(echo(R"(, "grid": "x")"), "json_member_unknown at /echo/0/grid");
}

TEST(Acts, Refusals) {
  EXPECT_EQ(outcome(parse_received(R"({"view": "abc"})")), "hash_malformed at /view");
  EXPECT_EQ(outcome(parse_received(R"([])")), "json_kind at ");
  EXPECT_EQ(outcome(parse_objected(R"({"person": "A", "reason": ""})")), "json_length at /reason");
  EXPECT_EQ(outcome(parse_objected(R"({"person": "A\nB", "reason": "x"})")), "text_malformed at /person");
  EXPECT_EQ(outcome(parse_answered(R"({"answer": "approved", "person": "A"})")), "json_choice at /answer");
  EXPECT_EQ(outcome(parse_answered(R"({"answer": "not agreed", "person": "A"})")), "reason_missing at ");
  EXPECT_EQ(outcome(parse_answered(R"({"answer": "agreed", "person": "A"})")), "accepted");
  EXPECT_EQ(outcome(parse_unit_informed(R"({"post": "A"})")), "json_member_missing at /person");
  EXPECT_EQ(outcome(parse_withdrawn(R"({})")), "json_member_missing at /reason");
  EXPECT_EQ(outcome(parse_completed(R"([])")), "json_kind at ");
  EXPECT_EQ(outcome(parse_outcome(R"({"outcome": "successful"})")), "json_choice at /outcome");
  EXPECT_EQ(outcome(parse_outcome("{\"outcome\": \"delayed\", \"note\": \"" + std::string(kMostReason + 1, 'x') + "\"}")),
            "json_length at /note");
}

TEST(Findings, TripsOfAll) {
  const Interval outage{Instant::from_ms(1'598'300'000'000), Instant::from_ms(1'598'300'600'250)};
  const Deadline deadline{DeadlineKind::unit_informed, "red", kMovementId, EntryIndex{812}, outage.from, "2.3", kAgreementId};
  const Delivered delivered{"red", View::conflict_only, ledger::sha256("bytes")};
  EXPECT_EQ(parse_delivered(to_json(delivered)).value(), delivered);
  EXPECT_EQ(parse_deadline_missed(to_json(DeadlineMissed{deadline})).value(), DeadlineMissed{deadline});
  const DeadlineChannelDown down{deadline, outage};
  EXPECT_EQ(parse_deadline_channel_down(to_json(down)).value(), down);
  const ChannelDown channel{outage, "the server was not running"};
  EXPECT_EQ(parse_channel_down(to_json(channel)).value(), channel);
  const ClockStepped stepped{outage.to, outage.from};
  EXPECT_EQ(parse_clock_stepped(to_json(stepped)).value(), stepped) << "a clock may step back";
  const SeenDisputed disputed{20852, ledger::sha256("a"), ledger::sha256("b")};
  EXPECT_EQ(parse_seen_disputed(to_json(disputed)).value(), disputed);
  const NoteRefused refused{ledger::sha256("t"), "blue/ops-1", 43, "name_twice", "\"x\" again"};
  EXPECT_EQ(parse_note_refused(to_json(refused)).value(), refused);
  EXPECT_EQ(parse_expired(to_json(Expired{kMovementId})).value(), Expired{kMovementId});
  EXPECT_EQ(parse_rules_changed(to_json(RulesChanged{2})).value(), RulesChanged{2});
}

TEST(Findings, WhatWasFoundIsAlwaysReadBackHoweverLongOrOdd) {
  NoteRefused refused{ledger::sha256("t"), "blue/ops-1", 43, "name_twice", std::string(10'000, 'x')};
  EXPECT_EQ(outcome(parse_note_refused(to_json(refused))), "accepted");
  refused.found = "\xff\x01 \xe2\x80\xae";
  EXPECT_EQ(outcome(parse_note_refused(to_json(refused))), "accepted");
}

TEST(Findings, Refusals) {
  EXPECT_EQ(outcome(parse_delivered(R"({"recipient": "Red", "view": "full", "bytes": ""})")), "name_malformed at /recipient");
  EXPECT_EQ(outcome(parse_delivered(R"({"recipient": "red", "view": "most", "bytes": ""})")), "json_choice at /view");
  EXPECT_EQ(outcome(parse_channel_down(R"({"outage": ["2020-08-25T07:00:00Z", "2020-08-25T06:00:00Z"], "cause": "x"})")),
            "span_backwards at /outage");
  EXPECT_EQ(outcome(parse_expired(R"({"notification": "mv-7q4m-k2"})")).substr(0, 3), "id_");
  EXPECT_EQ(outcome(parse_rules_changed(R"({"rules": 1.5})")), "json_kind at /rules");
  EXPECT_EQ(outcome(parse_clock_stepped(R"({"from": "now", "to": "2020-08-25T06:00:00Z"})")), "time_malformed at /from");
}

RC_GTEST_PROP(ActLaws, AnEchoedPlaceIsReadBackToTheTenthOfAMicrodegree, ()) {
  Acknowledged act{"A", "B", {}};
  act.echo.push_back({{*rc::gen::inRange(-1'800'000'000, 1'800'000'001), *rc::gen::inRange(-900'000'000, 900'000'001)}});
  const auto found = parse_acknowledged(to_json(act));
  if (!found) RC_FAIL(base::to_text(found.error()) + " in " + to_json(act));
  RC_ASSERT(*found == act);
}

}  // namespace
}  // namespace wideberth::model
