// Form, keys, chain and agreements: one row per refusal, in the order in which the checks are made.
#include <gtest/gtest.h>

#include "core/testing.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

/// What a refused note leaves behind.
enum class Trace { none, number_used };

/// The state as it was before a `note.refused`, but for what that entry changes.
std::string dump_without_refusal(const World& before, const World& after, const std::string& signer) {
  State state = after.state;
  state.tree = before.state.tree;
  state.texts = before.state.texts;
  state.facts = before.state.facts;
  state.last_received = before.state.last_received;
  state.keys.at(std::string(kOrigin)) = before.state.keys.at(std::string(kOrigin));
  state.keys.at(signer).next_number = before.state.keys.at(signer).next_number;
  state.keys.at(signer).last_text = before.state.keys.at(signer).last_text;
  return dump(state);
}

struct Row {
  std::string name;
  std::function<Submission(World&)> make;
  Rule rule;
  Trace trace = Trace::number_used;
};

void check(const World& world, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    World after = world;
    const Submission submission = row.make(after);
    const World before = after;
    const Outcome outcome = after.take(submission);
    ASSERT_TRUE(outcome.refusal) << "accepted";
    EXPECT_EQ(base::code_of(outcome.refusal->rule), base::code_of(row.rule)) << base::to_text(*outcome.refusal);
    if (row.trace == Trace::none) {
      EXPECT_EQ(dump(after.state), dump(before.state));
      continue;
    }
    ASSERT_EQ(after.log.size(), before.log.size() + 1);
    const Entry& entry = after.log.back();
    ASSERT_EQ(entry.kind, EntryKind::note_refused);
    const auto said = model::parse_note_refused(*entry.part("full"));
    ASSERT_TRUE(said);
    EXPECT_EQ(said->rule, base::code_of(row.rule));
    EXPECT_EQ(after.state.key(said->signer)->next_number, said->number + 1);
    EXPECT_EQ(after.state.key(said->signer)->last_text, said->text);
    EXPECT_EQ(dump_without_refusal(before, after, said->signer), dump(before.state));
    // The same text again has its first fate, and changes nothing.
    const std::string once = dump(after.state);
    const Outcome again = after.take(submission);
    ASSERT_TRUE(again.refusal);
    EXPECT_EQ(again.refusal->rule, row.rule);
    EXPECT_EQ(again.index, entry.index);
    EXPECT_EQ(dump(after.state), once);
  }
}

/// A table row from a note that the world signs.
Row row(std::string name, std::function<Note(World&)> note, Rule rule, Trace trace = Trace::number_used) {
  return {std::move(name), [note](World& world) { return world.sign(note(world)); }, rule, trace};
}

Note revocation(const std::string& signer, const std::string& key) {
  return {EntryKind::key_revoked, signer, model::to_json(model::KeyRevoked{key, "lost"})};
}
Note compromise(const std::string& signer, const std::string& key, std::uint64_t since) {
  return {EntryKind::key_compromised, signer, model::to_json(model::KeyCompromised{key, EntryIndex{since}, "stolen"})};
}
Note key_for(const std::string& signer, const std::string& name) {
  return {EntryKind::key_added, signer, model::to_json(model::KeyAdded{key_named(name).verifier(), {}, ""})};
}

TEST(AdmitTable, FormAndSignatureInOrder) {
  World world;
  const std::string id = world.agree();
  const auto good = [id](World& w) { return w.filing(Drive{}, id); };
  const auto edit = [good](World& w, const std::function<void(Submission&)>& change) {
    Submission s = w.sign(good(w));
    change(s);
    return s;
  };
  check(
      world,
      {
          {"too large", [&](World&) { return Submission{std::string(70'000, 'x'), {}}; }, Rule::note_too_large, Trace::none},
          {"not a note", [&](World&) { return Submission{"hello", {}}; }, Rule::note_malformed, Trace::none},
          {"not an entry", [&](World&) { return Submission{ledger::sign_note("hello\n", key_named("blue/ops")), {}}; },
           Rule::entry_malformed, Trace::none},
          row(
              "another log's",
              [&](World& w) {
                Note n = good(w);
                n.origin = "other.example/log";
                return n;
              },
              Rule::entry_origin, Trace::none),
          row(
              "a kind unknown",
              [&](World& w) {
                Note n = good(w);
                n.kind_text = "notification.sung";
                return n;
              },
              Rule::entry_kind, Trace::none),
          row(
              "a kind of the server's",
              [&](World& w) {
                Note n = good(w);
                n.kind = EntryKind::note_refused;
                return n;
              },
              Rule::entry_kind, Trace::none),
          {"two signatures",
           [&](World& w) {
             return edit(w, [](Submission& s) {
               const auto note = ledger::parse_note(s.note);
               s.note += ledger::to_text(ledger::parse_note(ledger::sign_note(note->text, key_named("red/ops")))->signatures[0]);
             });
           },
           Rule::note_signatures, Trace::none},
          {"signed by another",
           [&](World& w) {
             return edit(
                 w, [](Submission& s) { s.note = ledger::sign_note(ledger::parse_note(s.note)->text, key_named("red/ops")); });
           },
           Rule::note_signatures, Trace::none},
          row(
              "a key never added",
              [&](World& w) {
                Note n = good(w);
                n.signer = "blue/kitchen";
                return n;
              },
              Rule::key_unknown, Trace::none),
          row(
              "the server's own key",
              [&](World& w) {
                Note n = good(w);
                n.signer = kOrigin;
                return n;
              },
              Rule::key_unknown, Trace::none),
          {"another text under the signature",
           [&](World& w) { return edit(w, [](Submission& s) { s.note.replace(s.note.find("2020-08-24"), 10, "2020-08-25"); }); },
           Rule::note_signature_untrue, Trace::none},
          {"a part too few", [&](World& w) { return edit(w, [](Submission& s) { s.parts.pop_back(); }); }, Rule::part_missing,
           Trace::none},
          {"a part too many", [&](World& w) { return edit(w, [](Submission& s) { s.parts.push_back(s.parts[0]); }); },
           Rule::part_missing, Trace::none},
          {"other bytes", [&](World& w) { return edit(w, [](Submission& s) { s.parts[0].bytes[0] = '['; }); }, Rule::part_untrue,
           Trace::none},
          {"another salt", [&](World& w) { return edit(w, [](Submission& s) { s.parts[0].salt[0] ^= 1; }); }, Rule::part_untrue,
           Trace::none},
          {"no salt", [&](World& w) { return edit(w, [](Submission& s) { s.parts[0].salt.clear(); }); }, Rule::part_untrue,
           Trace::none},
          row(
              "more parts than a note has",
              [&](World& w) {
                Note n = good(w);
                for (char c = 'a'; c < 'k'; ++c) n.parts.emplace_back(std::string("x") + c, "{}");
                return n;
              },
              Rule::part_missing, Trace::none),
          row(
              "a part of more than 2 MiB",
              [&](World& w) {
                Note n = good(w);
                n.json.append(3 << 20, ' ');
                return n;
              },
              Rule::part_too_large, Trace::none),
      });
  EXPECT_FALSE(world.file(good(world)).refusal);
  State empty;
  EXPECT_EQ(admit(empty, world.sign(good(world))).error().rule, Rule::log_not_open);
}

TEST(DecideTable, KeyAndChainLeaveNoTrace) {
  World world;
  const std::string id = world.agree();
  const auto good = [id](World& w) { return w.filing(Drive{}, id); };
  const auto after = [&](const std::function<Note(World&)>& root, Rule rule, std::string name) {
    return Row{std::move(name),
               [=](World& w) {
                 const Submission s = w.sign(good(w));
                 World::expect(w.file(root(w)));
                 return s;
               },
               rule, Trace::none};
  };
  check(world,
        {
            after([](World&) { return revocation("blue/root", "blue/ops"); }, Rule::key_not_valid, "revoked since it was signed"),
            after([](World&) { return compromise("blue/root", "blue/ops", 5); }, Rule::key_not_valid,
                  "compromised since it was signed"),
            {"a number used by another text",
             [&](World& w) {
               const Submission s = w.sign(good(w));
               World::expect(w.file(good(w)));
               return s;
             },
             Rule::chain_number_used, Trace::none},
            row(
                "a gap",
                [&](World& w) {
                  Note n = good(w);
                  n.number = w.state.key("blue/ops")->next_number + 1;
                  return n;
                },
                Rule::chain_gap, Trace::none),
            row(
                "another text before it",
                [&](World& w) {
                  Note n = good(w);
                  n.previous = ledger::sha256("other");
                  return n;
                },
                Rule::chain_previous, Trace::none),
        });
}

TEST(DecideTable, FormOfTheNote) {
  World world;
  world.add_key("blue/gate", {"notification.received"});
  const std::string id = world.agree();
  const auto good = [id](World& w) { return w.filing(Drive{}, id); };
  const auto with = [good](const std::function<void(Note&)>& change) {
    return [good, change](World& w) {
      Note n = good(w);
      change(n);
      return n;
    };
  };
  check(world, {
                   row(
                       "not by the root key", [](World&) { return key_for("blue/ops", "blue/new"); }, Rule::key_not_root),
                   row("outside the key's scope", with([](Note& n) { n.signer = "blue/gate"; }), Rule::key_scope),
                   row("to nobody known", with([](Note& n) { n.to.push_back("purple"); }), Rule::recipient_unknown),
                   row("to the signer itself", with([](Note& n) { n.to.push_back("blue"); }), Rule::recipient_unknown),
                   row("on an entry to come", with([](Note& n) { n.refs = {EntryIndex{1'000}}; }), Rule::note_references),
                   row(
                       "more references than the kind has",
                       [](World&) {
                         Note n = key_for("blue/root", "blue/new");
                         n.refs = {EntryIndex{0}};
                         return n;
                       },
                       Rule::note_references),
                   row(
                       "a part that the kind does not have",
                       [](World&) {
                         Note n = key_for("blue/root", "blue/new");
                         n.parts.emplace_back("corridor", "{}");
                         return n;
                       },
                       Rule::part_missing),
                   row("no part of the whole", with([](Note& n) {
                         n.parts = {{"corridor", n.json}};
                         n.json.clear();
                       }),
                       Rule::part_missing),
               });
}

TEST(DecideTable, Keys) {
  World world;
  check(world,
        {
            row(
                "no document", [](World&) { return Note{EntryKind::key_added, "blue/root", "{"}; }, Rule::json_malformed),
            row(
                "another party's name", [](World&) { return key_for("blue/root", "red/new"); }, Rule::key_name_mismatch),
            row(
                "a name in use", [](World&) { return key_for("blue/root", "blue/ops"); }, Rule::key_name_taken),
            row(
                "revokes another's", [](World&) { return revocation("blue/root", "red/ops"); }, Rule::key_unknown),
            row(
                "revokes what is not there", [](World&) { return revocation("blue/root", "blue/none"); }, Rule::key_unknown),
            row(
                "revokes the root", [](World&) { return revocation("blue/root", "blue/root"); }, Rule::key_root_stays),
            row(
                "revokes twice",
                [](World& w) {
                  World::expect(w.file(revocation("blue/root", "blue/ops")));
                  return revocation("blue/root", "blue/ops");
                },
                Rule::key_not_valid),
            row(
                "compromised before it was added", [](World&) { return compromise("blue/root", "blue/ops", 0); },
                Rule::note_references),
            row(
                "compromised from an entry to come", [](World&) { return compromise("blue/root", "blue/ops", 99); },
                Rule::note_references),
            row(
                "compromised twice",
                [](World& w) {
                  World::expect(w.file(compromise("blue/root", "blue/ops", 3)));
                  return compromise("blue/root", "blue/ops", 4);
                },
                Rule::key_not_valid),
        });
  // A key is used by the first note after the one that added it; its name is never given again.
  World::expect(world.file(key_for("blue/root", "blue/new")));
  EXPECT_EQ(world.state.key("blue/new")->next_number, 1u);
  World::expect(world.file(revocation("blue/root", "blue/new")));
  EXPECT_EQ(world.file(key_for("blue/root", "blue/new")).refusal->rule, Rule::key_name_taken);
  // What was revoked can still be stated compromised from an earlier entry: theft is often learnt late.
  const Outcome late = world.file(compromise("blue/root", "blue/new", world.state.next().value - 1));
  EXPECT_FALSE(late.refusal) << base::to_text(*late.refusal);
}

TEST(DecideTable, Agreements) {
  World world;
  const std::string id = world.propose();
  const auto proposal = [](const std::function<void(model::Agreement&, Note&)>& change) {
    return [change](World&) {
      model::Agreement a = agreement_of({});
      Note n{EntryKind::agreement_proposed, "blue/ops", "", {"red", "mission"}};
      change(a, n);
      n.json = model::to_json(a);
      return n;
    };
  };
  const auto reading = [](const std::string& party, EntryIndex ref, const std::string& clause) {
    return [=](World&) {
      Note n{EntryKind::agreement_reading, party + "/ops", model::to_json(model::AgreementReading{clause, "ours", false})};
      n.refs = {ref};
      return n;
    };
  };
  const EntryIndex proposed = world.state.agreement(id)->proposed;
  check(world,
        {
            row(
                "no document", [](World&) { return Note{EntryKind::agreement_proposed, "blue/ops", "[]", {"red"}}; },
                Rule::json_kind),
            row("names nobody of this log",
                proposal([](auto& a, auto&) { a.parties.push_back({"purple", model::Role::party, "P"}); }),
                Rule::recipient_unknown),
            row("binds an observer of this log", proposal([](auto& a, auto&) { a.parties[2].role = model::Role::party; }),
                Rule::agreement_not_party),
            row("not sent to all it names", proposal([](auto&, Note& n) { n.to = {"red"}; }), Rule::recipient_missing),
            row("proposed by one that it does not name", proposal([](auto& a, Note& n) {
                  a.rules.resize(6);
                  n.signer = "green/ops";
                  n.to.push_back("blue");
                }),
                Rule::agreement_not_party),
            row("two grains for the outlines of one party", proposal([](auto& a, Note& n) {
                  a.parties.push_back({"green", model::Role::party, "Green"});
                  n.to.push_back("green");
                  model::Rule coarse;
                  coarse.clause = "9.1";
                  coarse.text = "Invented.";
                  coarse.body = model::DisclosureRule{"blue", "red", View::outline, 1'000'000, hours(1)};
                  a.rules.insert(a.rules.begin(), coarse);
                  coarse.clause = "9.2";
                  coarse.body = model::DisclosureRule{"blue", "green", View::outline, 2'500'000, hours(1)};
                  a.rules.insert(a.rules.begin(), coarse);
                }),
                Rule::disclosure_grain),
            row("supersedes what is not in force", proposal([&](auto& a, auto&) { a.supersedes = id; }), Rule::agreement_unknown),
            row(
                "signs no agreement",
                [&](World& w) {
                  Note n = w.signature(id, "red");
                  n.refs = {EntryIndex{0}};
                  return n;
                },
                Rule::agreement_unknown),
            row(
                "signs two",
                [&](World& w) {
                  Note n = w.signature(id, "red");
                  n.refs = {EntryIndex{0}, proposed};
                  return n;
                },
                Rule::note_references),
            row(
                "an observer signs", [&](World& w) { return w.signature(id, "mission"); }, Rule::agreement_not_party),
            row(
                "a stranger signs",
                [&](World& w) {
                  Note n = w.signature(id, "red");
                  n.signer = "green/ops";
                  return n;
                },
                Rule::agreement_not_party),
            row(
                "signs other bytes",
                [&](World& w) {
                  Note n = w.signature(id, "red");
                  n.json = model::to_json(model::AgreementSigned{id, ledger::sha256("other")});
                  return n;
                },
                Rule::agreement_document),
            row(
                "signs under another id",
                [&](World& w) {
                  Note n = w.signature(id, "red");
                  n.json = model::to_json(model::AgreementSigned{base::id_of(base::IdKind::agreement, EntryIndex{0}),
                                                                 w.state.agreement(id)->document});
                  return n;
                },
                Rule::agreement_unknown),
            row(
                "signs what it proposed", [&](World& w) { return w.signature(id, "blue"); }, Rule::answered_already),
            row("reads no clause", reading("red", proposed, "77"), Rule::agreement_clause),
            row("a stranger reads", reading("green", proposed, "1"), Rule::agreement_not_party),
        });
  EXPECT_FALSE(world.state.agreement(id)->in_force);
  World::expect(world.file(world.signature(id, "red")));
  EXPECT_TRUE(world.state.agreement(id)->holds());
  World::expect(world.file(reading("red", proposed, "1")(world)));
  EXPECT_EQ(world.state.agreement(id)->readings.size(), 1u);

  Terms next;
  next.supersedes = id;
  next.version = 2;
  const std::string second = world.propose(next);
  EXPECT_TRUE(world.state.agreement(id)->holds());
  next.version = 3;
  const std::string third = world.propose(next);
  World::expect(world.file(world.signature(second, "red")));
  EXPECT_FALSE(world.state.agreement(id)->holds());
  // Two texts cannot both take the place of one: the later signature finds nothing left to supersede.
  const Outcome late = world.file(world.signature(third, "red"));
  ASSERT_TRUE(late.refusal);
  EXPECT_EQ(late.refusal->rule, Rule::agreement_unknown);
  EXPECT_TRUE(world.state.agreement(second)->holds());
}

TEST(DecideTable, NoAgreementIsSupersededBehindTheBackOfAParty) {
  World world;
  Terms terms;
  const std::string id = world.agree(terms);
  model::Agreement without_red = agreement_of(terms);
  without_red.supersedes = id;
  without_red.parties[1] = {"green", model::Role::party, "Green"};
  without_red.rules.resize(6);
  const Outcome outcome =
      world.file({EntryKind::agreement_proposed, "blue/ops", model::to_json(without_red), {"green", "mission"}});
  ASSERT_TRUE(outcome.refusal);
  EXPECT_EQ(outcome.refusal->rule, Rule::agreement_not_party);
}

TEST(Decide, AViewOfAnotherTreeIsRecordedAndNotRefused) {
  World world;
  const std::string id = world.agree();
  Note note = world.filing(Drive{}, id);
  note.seen = ledger::Seen{3, world.state.tree.root(3)};
  EXPECT_TRUE(world.of_kind(EntryKind::seen_disputed, world.file(note).findings).empty());
  Drive later;
  later.start = later.start + hours(48);
  for (const ledger::Seen& seen : {ledger::Seen{3, ledger::sha256("split")}, ledger::Seen{10'000, ledger::sha256("future")}}) {
    Note other = world.filing(later, id);
    other.seen = seen;
    const Outcome outcome = world.file(other);
    EXPECT_FALSE(outcome.refusal);
    EXPECT_EQ(world.of_kind(EntryKind::seen_disputed, outcome.findings).size(), 1u);
  }
}

TEST(Decide, ARefusalOfAnyBytesCanBeRecorded) {
  World world;
  std::uint64_t dice = 7;
  for (int i = 0; i < 300; ++i) {
    std::string bytes = i % 3 == 0 ? "{\"key\":\"" : i % 3 == 1 ? "{\"" : "";
    for (int n = 0; n < 40; ++n) {
      dice = dice * 6364136223846793005ULL + 1442695040888963407ULL;
      bytes += static_cast<char>(dice >> 56);
    }
    if (i % 2 == 0) bytes += "\"}";
    const Outcome outcome = world.file({EntryKind::key_added, "blue/root", bytes});
    ASSERT_TRUE(outcome.refusal);
    ASSERT_EQ(world.log.back().kind, EntryKind::note_refused);
  }
}

}  // namespace
}  // namespace wideberth::core
