// The laws of the fold: replay gives the same state to the byte, decisions are pure, no sequence of notes breaks an invariant,
// and an entry whose parts were erased is taken.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>

#include "core/testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

std::string replayed(const World& world) {
  State state;
  for (const Entry& entry : world.log) {
    const auto again = read_entry(entry.index, entry.leaf, entry.parts);
    RC_ASSERT(again.has_value());
    const auto applied = apply(state, *again);
    if (!applied) RC_FAIL(base::to_text(applied.error()));
  }
  return dump(state);
}

/// What holds after every entry, whatever was said.
void check_invariants(const World& world) {
  const State& state = world.state;
  RC_ASSERT(state.tree.size() == state.facts.size());
  RC_ASSERT(state.facts.size() == world.log.size());
  std::set<EntryIndex> standing;
  for (const auto& [id, each] : state.notifications) {
    RC_ASSERT(!each.revisions.empty());
    if (each.standing == Standing::standing && each.latest().plan) standing.insert(each.latest().entry);
    RC_ASSERT((each.standing == Standing::standing) == !each.ended.has_value());
    for (const Revision& revision : each.revisions) RC_ASSERT(state.revision_of.at(revision.entry) == id);
  }
  for (const auto& [key, deadline] : state.deadlines) {
    RC_ASSERT(standing.contains(deadline.revision));
    RC_ASSERT((key == DueKey{deadline.due, deadline.revision, deadline.kind, deadline.party}));
    RC_ASSERT(deadline.due > world.now);
  }
  RC_ASSERT(state.expiries.size() == standing.size());
  for (const auto& [when, revision] : state.expiries) RC_ASSERT(standing.contains(revision));
  RC_ASSERT(state.index.size() == standing.size());
  std::set<EntryIndex> indexed;
  for (const EntryIndex entry : standing)
    for (const auto& hit : state.index.search(*state.revision_at(entry)->plan, "nobody",
                                              [](EntryIndex) { return std::optional(Metres::from_metres(1)); }))
      indexed.insert(hit.key);
  RC_ASSERT(indexed == standing);
  Instant last = world.log.front().received;
  std::map<std::string, std::pair<std::uint64_t, std::optional<ledger::Hash>>> chains;
  for (const Entry& entry : world.log) {
    RC_ASSERT(entry.received >= last);
    last = entry.received;
    auto& [number, text] = chains[entry.text.signer];
    RC_ASSERT(entry.text.number == number + 1);
    RC_ASSERT(entry.text.previous == text);
    number = entry.text.number;
    text = entry.text_hash;
    if (entry.kind == EntryKind::note_refused) {
      const auto refused = model::parse_note_refused(*entry.part("full")).value();
      chains[refused.signer] = {refused.number, refused.text};
    }
  }
  for (const auto& [name, chain] : chains) {
    RC_ASSERT(state.key(name)->next_number == chain.first + 1);
    RC_ASSERT(state.key(name)->last_text == chain.second);
  }
}

/// A world and what a story may refer to.
struct Story {
  World world;
  std::vector<std::string> agreements;
  std::vector<EntryIndex> revisions;

  Story() {
    Terms terms;
    terms.red_to_blue = View::outline;
    terms.within = minutes(90);
    terms.with_green = true;
    agreements.push_back(world.agree(terms));
  }

  /// A note made of a few drawn numbers: most are valid, some are not.
  Note note(const std::vector<std::uint32_t>& drawn) const {
    static const std::vector<std::string> kParties{"blue", "red", "green"};
    const std::string party = kParties[drawn[1] % 3];
    const EntryIndex of = revisions.empty() ? EntryIndex{drawn[2] % 20} : revisions[drawn[2] % revisions.size()];
    Drive drive;
    drive.party = party;
    drive.start = world.now + minutes(static_cast<std::int64_t>(drawn[3] % 600)) - hours(1);
    drive.from.lat_e7 += static_cast<std::int32_t>(drawn[4] % 5) * 30'000;
    if (drawn[4] % 2 == 0) std::swap(drive.from, drive.to);
    if (drawn[5] % 6 == 0) drive.to = {418500000, 371000000};
    drive.reason = drawn[5] % 5 == 0 ? "" : "an invented reason";
    drive.platform_class = drawn[5] % 4 == 0 ? "boat" : "vehicle";
    Note made = kind_of_note(drawn[0] % 11, party, of, drive);
    if (drawn[6] % 9 == 0) made.json.resize(made.json.size() / 2);
    if (drawn[6] % 9 == 1) made.to.push_back("mission");
    if (drawn[6] % 9 == 2) made.to.clear();
    if (drawn[6] % 9 == 3) made.refs = {EntryIndex{drawn[2] % 60}};
    if (drawn[6] % 9 == 4) made.seen = ledger::Seen{drawn[2] % 80, ledger::sha256("seen")};
    std::set<std::string> unique(made.to.begin(), made.to.end());
    made.to.assign(unique.begin(), unique.end());
    return made;
  }

  Note kind_of_note(std::uint32_t which, const std::string& party, EntryIndex of, const Drive& drive) const {
    const NotificationState* about = world.state.notification_at(of);
    const bool delivered = about != nullptr && world.state.revision_at(of)->handling.contains(party);
    const std::string owner = about == nullptr ? party : about->party;
    Drive own = drive;
    own.party = owner;
    switch (which) {
      case 0: return world.amendment(of, own, agreements[0]);
      case 1: return world.acknowledgement(party, of);
      case 2: return world.answer(party, of, static_cast<model::AnswerWord>(drive.start.ms() / 60'000 % 3), "a reason");
      case 3: return world.withdrawal(owner, of);
      case 4: return world.act(EntryKind::notification_completed, owner, of, model::Completed{});
      case 5: return world.act(EntryKind::notification_outcome, owner, of, model::Outcome{});
      case 6: return world.act(EntryKind::notification_unit_informed, party, of, model::UnitInformed{"post", "B", ""});
      case 7:
        if (delivered) return world.receipt(party, of);
        [[fallthrough]];
      case 8: return world.act(EntryKind::notification_objected, party, of, model::Objected{"A", "no", ""});
      default: return world.filing(drive, agreements[0]);
    }
  }

  void step(const std::vector<std::uint32_t>& drawn) {
    world.pass(world.now + minutes(static_cast<std::int64_t>(drawn[7] % 40)));
    const Submission submission = world.sign(note(drawn));
    const auto admitted = admit(world.state, submission);
    if (admitted) {
      // The same state, note and time give the same decision; so does a state that was carried over a restart.
      const State copy = load(save(world.state)).value();
      const Decision once = decide(world.state, *admitted, std::max(world.now, world.state.last_received));
      const Decision twice = decide(copy, *admitted, std::max(world.now, copy.last_received));
      RC_ASSERT(once.refusal == twice.refusal);
      RC_ASSERT(once.findings.size() == twice.findings.size());
      for (std::size_t i = 0; i < once.findings.size(); ++i) {
        RC_ASSERT(once.findings[i].kind == twice.findings[i].kind);
        RC_ASSERT(once.findings[i].to == twice.findings[i].to);
        RC_ASSERT(once.findings[i].refs == twice.findings[i].refs);
        RC_ASSERT(once.findings[i].parts[0].json == twice.findings[i].parts[0].json);
      }
    }
    const Outcome outcome = world.take(submission);
    const bool notified = submission.note.find("kind notification.filed") != std::string::npos ||
                          submission.note.find("kind notification.amended") != std::string::npos;
    if (notified && !outcome.refusal) revisions.push_back(outcome.index);
  }
};

using Steps = std::vector<std::vector<std::uint32_t>>;

rc::Gen<Steps> steps() {
  return rc::gen::container<Steps>(
      20, rc::gen::container<std::vector<std::uint32_t>>(8, rc::gen::inRange<std::uint32_t>(0, 100'000)));
}

RC_GTEST_PROP(FoldLaws, NoSequenceOfNotesBreaksAnInvariantAndReplayGivesTheSameBytes, ()) {
  Story story;
  std::size_t accepted = 0;
  for (const auto& drawn : *steps()) {
    const std::size_t before = story.world.state.texts.size();
    story.step(drawn);
    accepted += story.world.state.texts.size() > before;
    check_invariants(story.world);
  }
  RC_TAG(story.revisions.empty() ? "nothing notified" : "notified");
  RC_ASSERT(accepted > 0);
  RC_ASSERT(replayed(story.world) == dump(story.world.state));
  story.world.pass(story.world.now + hours(1000));
  check_invariants(story.world);
  RC_ASSERT(story.world.state.deadlines.empty());
  RC_ASSERT(replayed(story.world) == dump(story.world.state));
}

RC_GTEST_PROP(FoldLaws, ErasedPartsAreTakenForEveryKindButFoundations, ()) {
  Story story;
  for (const auto& drawn : *steps()) story.step(drawn);
  story.world.pass(story.world.now + hours(1000));
  const auto spared = *rc::gen::inRange<std::uint64_t>(1, 5);
  State state;
  for (const Entry& entry : story.world.log) {
    Entry erased = entry;
    const bool founds = entry.kind == EntryKind::log_opened || entry.kind == EntryKind::agreement_proposed ||
                        entry.kind == EntryKind::key_added || entry.kind == EntryKind::note_refused;
    if (!founds && entry.index.value % spared == 0)
      for (PartBody& part : erased.parts) part = PartBody{part.name, {}, {}, true};
    const auto applied = apply(state, erased);
    if (!applied) RC_FAIL(base::to_text(applied.error()));
  }
  RC_ASSERT(state.tree.root() == story.world.state.tree.root());
  RC_ASSERT(state.facts.size() == story.world.state.facts.size());
  RC_ASSERT(state.deadlines.empty());
  RC_ASSERT(!decide_due(state, story.world.now));
}

TEST(Apply, EveryKindIsTakenWithItsPartsErased) {
  World world;
  const std::string id = world.agree();
  const EntryIndex filed = World::expect(world.file(world.filing(Drive{}, id)));
  Drive red;
  red.party = "red";
  World::expect(world.file(world.filing(red, id)));
  World::expect(world.file(world.receipt("red", filed)));
  model::AlertRaised raised;
  raised.agreement = id;
  raised.clause = "9";
  raised.unit = "r-1";
  raised.other_party = "blue";
  const EntryIndex proposed = world.state.agreement(id)->proposed;
  const auto said = [&](EntryKind kind, const std::string& json) {
    Note note{kind, "blue/ops", json, {"red"}, {proposed}};
    note.occurred = world.now - hours(1);
    return World::expect(world.file(note));
  };
  const EntryIndex message = said(EntryKind::message_sent, R"({"class": "info", "text": "Noon.", "person": "A"})");
  const EntryIndex call = said(EntryKind::call_logged, R"({"person": "A", "spoke_with": "B", "said": "Noon."})");
  const EntryIndex sighting = said(
      EntryKind::sighting_reported,
      R"({"count": 1, "type": "truck", "place": [42.1, 37.4], "within_m": 50, "seen": "2020-08-23T00:00:00Z", "observer": "A"})");
  Note telephoned{
      EntryKind::message_sent, "blue/ops", R"({"class": "info", "text": "One.", "person": "A"})", {"red"}, {proposed}};
  telephoned.occurred = world.now - hours(1);
  telephoned.parts.emplace_back("paper", R"({"how": "telephone", "by": "A"})");
  const EntryIndex on_paper = World::expect(world.file(telephoned));
  const EntryIndex alert = world.state.next();
  Draft alerts{EntryKind::alert_raised, {"red"}, {filed}, {{"full", model::to_json(raised)}}};
  world.append(std::move(alerts));
  const EntryIndex question =
      World::expect(world.file(world.act(EntryKind::notification_queried, "red", filed, model::Queried{"R.", "Why?"})));
  Note leaving{EntryKind::agreement_withdrawn, "red/ops",
               model::to_json(model::AgreementWithdrawn{"Invented.", world.now + hours(1)})};
  leaving.refs = {world.state.agreement(id)->proposed};
  const EntryIndex withdrawn = World::expect(world.file(leaving));
  for (const model::KindRow& row : model::kinds()) {
    if (row.kind == EntryKind::log_opened || row.kind == EntryKind::agreement_proposed) continue;
    SCOPED_TRACE(row.name);
    World copy = world;
    Note note{row.kind,
              row.signs == model::Signs::root     ? "red/root"
              : row.signs == model::Signs::server ? std::string(kOrigin)
                                                  : "red/ops",
              "{}"};
    note.to = {"blue"};
    if (row.least_refs > 0) note.refs = {filed};
    if (row.kind == EntryKind::agreement_signed || row.kind == EntryKind::agreement_reading)
      note.refs = {copy.state.agreement(id)->proposed};
    const bool of_pact = row.kind == EntryKind::agreement_withdrawn || row.kind == EntryKind::caution_joined ||
                         row.kind == EntryKind::caution_left || row.kind == EntryKind::consultation_held ||
                         row.kind == EntryKind::incident_reported;
    if (of_pact) note.refs = {copy.state.agreement(id)->proposed};
    if (row.kind == EntryKind::agreement_left) note.refs = {withdrawn};
    if (row.kind == EntryKind::agreement_signed || row.kind == EntryKind::agreement_reading ||
        row.refs.starts_with("the agreement's proposal"))
      note.refs = {proposed};
    if (row.refs == "the message") note.refs = {message};
    if (row.refs == "the call") note.refs = {call};
    if (row.refs == "the act") note.refs = {on_paper};
    if (row.refs.starts_with("the sighting")) note.refs = {sighting};
    if (row.kind == EntryKind::notification_query_answered) note.refs = {question};
    if (row.name.starts_with("alert.") && row.kind != EntryKind::alert_raised) note.refs = {alert};
    const Submission submission = copy.sign(note);
    std::vector<PartBody> parts = submission.parts;
    for (PartBody& part : parts) part = PartBody{part.name, {}, {}, true};
    const auto entry = read_entry(copy.state.next(), ledger::make_leaf(copy.state.last_received, submission.note), parts);
    ASSERT_TRUE(entry);
    const auto applied = apply(copy.state, *entry);
    EXPECT_TRUE(applied) << base::to_text(applied.error());
    EXPECT_EQ(copy.state.facts.size(), world.state.facts.size() + 1);
  }
}

TEST(Apply, RefusesWhatCannotStandThereAndChangesNothing) {
  World world;
  const std::string id = world.agree();
  const EntryIndex filed = World::expect(world.file(world.filing(Drive{}, id)));
  const auto refuses = [&](const std::string& name, const Note& note, const std::function<void(Entry&)>& change) {
    SCOPED_TRACE(name);
    World copy = world;
    const Submission submission = copy.sign(note);
    auto entry = read_entry(copy.state.next(), ledger::make_leaf(copy.state.last_received, submission.note), submission.parts);
    ASSERT_TRUE(entry);
    change(*entry);
    const std::string before = dump(copy.state);
    const auto applied = apply(copy.state, *entry);
    EXPECT_FALSE(applied);
    EXPECT_EQ(dump(copy.state), before);
  };
  const auto nothing = [](Entry&) {};
  const Note good = world.acknowledgement("red", filed);
  refuses("another index", good, [](Entry& e) { ++e.index.value; });
  refuses("an earlier time", good, [](Entry& e) { e.received = e.received - kTick; });
  refuses("a second opening", good, [](Entry& e) { e.kind = EntryKind::log_opened; });
  refuses("an unknown key", good, [](Entry& e) { e.text.signer = "red/none"; });
  refuses("a server's kind by a party", {EntryKind::channel_down, "red/ops", "{}"}, nothing);
  refuses("a party's kind by the server", {EntryKind::agreement_proposed, std::string(kOrigin), "{}"}, nothing);
  Note answer = world.answer("red", filed, model::AnswerWord::no_objection);
  answer.json = "{}";
  refuses("an answer that says nothing", answer, nothing);
  for (const EntryKind kind : {EntryKind::agreement_signed, EntryKind::agreement_reading, EntryKind::notification_amended,
                               EntryKind::notification_acknowledged, EntryKind::notification_withdrawn}) {
    Note about_nothing{kind, "red/ops", good.json};
    refuses(std::string(model::name_of(kind)) + " without a reference", about_nothing, nothing);
    about_nothing.refs = {EntryIndex{1}};
    refuses(std::string(model::name_of(kind)) + " about another thing", about_nothing, nothing);
  }
}

}  // namespace
}  // namespace wideberth::core
