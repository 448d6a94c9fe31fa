// What the tests of this folder share: a log in memory with real keys and signatures, a scripted time and seeded salts. Notes
// go through admit, decide and apply in the order in which the engine does it, and what the server finds is signed by its key.
// All data is invented; the places lie around Dayrik.
#pragma once

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "base/check.h"
#include "base/id.h"
#include "core/admit.h"
#include "core/apply.h"
#include "core/deadlines.h"
#include "core/decide.h"
#include "core/disclosure.h"
#include "core/dump.h"
#include "core/snapshot.h"
#include "core/watch.h"
#include "ledger/note.h"
#include "model/model.h"

namespace wideberth::core::testing {

using model::EntryKind;
using model::View;

inline constexpr std::string_view kOrigin = "dayrik.example/log";

/// The same name gives the same key in every run.
inline const ledger::SigningKey& key_named(const std::string& name) {
  static std::map<std::string, std::unique_ptr<ledger::SigningKey>> keys;
  auto& key = keys[name];
  if (!key) {
    auto made = ledger::SigningKey::from_seed(name, ledger::sha256("invented key " + name).view());
    WB_CHECK(made.has_value());
    key = std::make_unique<ledger::SigningKey>(std::move(*made));
  }
  return *key;
}

inline Instant at(std::string_view text) {
  const auto parsed = Instant::parse(text);
  WB_CHECK(parsed.has_value());
  return *parsed;
}
constexpr Millis minutes(std::int64_t n) { return Millis::from_seconds(60 * n); }
constexpr Millis hours(std::int64_t n) { return minutes(60 * n); }
inline constexpr Millis kTick = Millis::from_ms(1);

/// A note before it is numbered and signed.
struct Note {
  EntryKind kind{};
  std::string signer;
  std::string json;  ///< the part "full"; none where `parts` says otherwise
  std::vector<std::string> to{};
  std::vector<EntryIndex> refs{};
  std::vector<std::pair<std::string, std::string>> parts{};  ///< further parts
  std::optional<ledger::Seen> seen{};
  std::optional<Instant> occurred{};
  std::string origin{kOrigin};
  std::optional<std::uint64_t> number{};                  ///< other than the chain's next
  std::optional<std::optional<ledger::Hash>> previous{};  ///< other than the chain's last
  std::string kind_text{};                                ///< other than the kind's name
  std::vector<model::Position> positions{};               ///< a batch as the part "full", in place of `json`
};

struct Outcome {
  std::optional<Refusal> refusal{};
  EntryIndex index{};                  ///< of the note, where it was accepted
  std::vector<EntryIndex> findings{};  ///< that followed, and what fell due before it
};

/// What the agreement of the tests says; blue and red are its parties, mission reads as an observer.
struct Terms {
  View blue_to_red = View::corridor;
  View red_to_blue = View::corridor;
  bool with_green = false;
  Millis lead = hours(24), emergency_lead = hours(2);
  Millis within = hours(4), amendment_within = minutes(30);
  Millis informed_before = hours(1);
  std::optional<std::string> supersedes{};
  std::uint32_t version = 1;
};

inline std::vector<geo::Place> rectangle(std::int32_t west, std::int32_t south, std::int32_t east, std::int32_t north) {
  return {{west, south}, {east, south}, {east, north}, {west, north}, {west, south}};
}

inline model::Agreement agreement_of(const Terms& terms) {
  model::Agreement a;
  a.name = "Invented protocol";
  a.version = terms.version;
  a.supersedes = terms.supersedes;
  a.parties = {
      {"blue", model::Role::party, "Blue"}, {"red", model::Role::party, "Red"}, {"mission", model::Role::observer, "Mission"}};
  if (terms.with_green) a.parties.push_back({"green", model::Role::party, "Green"});
  model::AgreementArea essa{"essa", "Essa", model::Regime::request, {rectangle(418000000, 370000000, 421000000, 373000000)}};
  model::AgreementArea north{"north", "North", model::Regime::notify, {rectangle(418000000, 373500000, 425000000, 376000000)}};
  a.areas = {essa, north};
  a.places = {{"Dayrik", {"Derik"}, {421400000, 371770000}, Metres::from_metres(5000)}};
  a.platform_classes = {"vehicle", "helicopter", "boat"};
  int clause = 0;
  const auto add = [&](model::RuleBody body) {
    a.rules.push_back({std::to_string(++clause), "An invented sentence.", std::move(body)});
  };
  add(model::NoticeRule{terms.lead, terms.emergency_lead});
  add(model::AnswerWithinRule{terms.within, terms.amendment_within});
  add(model::UnitInformedRule{terms.informed_before});
  add(model::SeparationRule{"vehicle", "vehicle", Metres::from_metres(1000)});
  add(model::SeparationRule{"helicopter", "vehicle", Metres::from_metres(500)});
  add(model::SeparationRule{"helicopter", "helicopter", Metres::from_metres(2000)});
  add(model::DisclosureRule{"blue", "red", terms.blue_to_red, 1'000'000, hours(1)});
  add(model::DisclosureRule{"red", "blue", terms.red_to_blue, 1'000'000, hours(1)});
  return a;
}

/// A movement from A to B that leaves and arrives within `slack` about its schedule.
struct Drive {
  std::string party = "blue";
  geo::Place from{421000000, 374000000}, to{423000000, 374000000};
  Instant start = at("2020-08-26T06:00:00Z");
  Millis takes = hours(1), slack = minutes(10);
  std::string platform_class = "vehicle";
  std::string reason{};
  bool emergency = false;
  std::vector<std::string> names{};
  std::optional<geo::AltitudeBand> altitude{};
};

inline model::Notification notification_of(const Drive& drive, const std::string& agreement) {
  model::Notification n;
  n.party = drive.party;
  n.agreement = agreement;
  geo::Route route;
  route.half_width = Metres::from_metres(50);
  route.altitude = drive.altitude;
  const Instant end = drive.start + drive.takes;
  route.waypoints = {{drive.from, {drive.start - drive.slack, drive.start + drive.slack}},
                     {drive.to, {end - drive.slack, end + drive.slack}}};
  n.where = route;
  n.place_names = drive.names;
  n.platform_class = drive.platform_class;
  n.reason = drive.emergency && drive.reason.empty() ? "Lives are at stake." : drive.reason;
  n.emergency = drive.emergency;
  n.unit = "1st invented patrol";
  return n;
}

class World {
 public:
  State state;
  std::vector<Entry> log;
  Instant now = at("2020-08-24T00:00:00Z");
  std::shared_ptr<Watch> watch = std::make_shared<Watch>();  ///< one for a world and its copies

  /// `without_key`: parties that speak by telephone.
  explicit World(std::optional<model::DirectLog> direct = {}, const std::vector<std::string>& without_key = {}) {
    const auto keyless = [&](const std::string& party) {
      return std::find(without_key.begin(), without_key.end(), party) != without_key.end();
    };
    model::Opening opening;
    opening.origin = std::string(kOrigin);
    opening.server = key_named(opening.origin).verifier();
    opening.operator_name = "Invented mission";
    for (const auto& [party, role] : {std::pair{"blue", model::Role::party},
                                      {"red", model::Role::party},
                                      {"green", model::Role::party},
                                      {"mission", model::Role::observer}})
      opening.parties.push_back(
          {{party, role, party},
           keyless(party) ? std::nullopt : std::optional(key_named(std::string(party) + "/root").verifier())});
    opening.time = model::TimeMode::quickened;
    opening.direct = std::move(direct);
    Draft draft;
    draft.kind = EntryKind::log_opened;
    draft.parts.push_back({"full", model::to_json(opening)});
    append(std::move(draft));
    for (const char* desk : {"blue/ops", "red/ops", "green/ops", "mission/ops"})
      if (const std::string name = desk; !keyless(name.substr(0, name.find('/')))) add_key(name);
  }
  World(const World&) = default;
  World& operator=(const World&) = default;
  /// Wherever a test has led it, its state can be carried over a restart (snapshot.h).
  ~World() {
    const std::string saved = save(state);
    const auto carried = load(saved);
    WB_CHECK(carried.has_value());
    WB_CHECK(save(*carried) == saved);
    WB_CHECK(dump(*carried) == dump(state));
    WB_CHECK(carried->index.size() == state.index.size() && carried->alternates.size() == state.alternates.size());
    WB_CHECK(carried->outlines.size() == state.outlines.size());
  }

  void add_key(const std::string& name, std::vector<std::string> kinds = {}) {
    const std::string party = name.substr(0, name.find('/'));
    expect(file({EntryKind::key_added, party + "/root", model::to_json(model::KeyAdded{key_named(name).verifier(), kinds, ""})}));
  }

  /// Blue proposes, the others sign; answers the id.
  std::string agree(const Terms& terms = {}) {
    const std::string id = propose(terms);
    for (const model::Party& each : state.agreement(id)->agreement->parties)
      if (each.role == model::Role::party && each.party != "blue") expect(file(signature(id, each.party)));
    WB_CHECK(state.agreement(id)->holds());
    return id;
  }
  std::string propose(const Terms& terms = {}) {
    Note note{EntryKind::agreement_proposed, "blue/ops", model::to_json(agreement_of(terms)), {"red", "mission"}};
    if (terms.with_green) note.to.push_back("green");
    return base::id_of(base::IdKind::agreement, expect(file(note)));
  }
  Note signature(const std::string& id, const std::string& party) const {
    const AgreementState& agreement = *state.agreement(id);
    std::vector<std::string> to;
    for (const model::Party& each : agreement.agreement->parties)
      if (each.party != party) to.push_back(each.party);
    return {EntryKind::agreement_signed,
            party + "/ops",
            model::to_json(model::AgreementSigned{id, agreement.document}),
            to,
            {agreement.proposed}};
  }

  /// The note that files a drive, with the recipients and parts that the agreement asks for.
  Note filing(const Drive& drive, const std::string& agreement) const {
    return filing(notification_of(drive, agreement), agreement);
  }
  Note filing(const model::Notification& n, const std::string& agreement) const {
    Note note{EntryKind::notification_filed, n.party + "/ops", model::to_json(n)};
    for (const model::Party& each : state.agreement(agreement)->agreement->parties) {
      if (each.party == n.party) continue;
      const auto rule = state.agreement(agreement)->agreement->disclosure(n.party, each.party);
      if (rule.view == View::conflict_only) continue;
      note.to.push_back(each.party);
      const auto has = [&](std::string_view part) {
        return std::any_of(note.parts.begin(), note.parts.end(), [&](const auto& there) { return there.first == part; });
      };
      if (rule.view == View::corridor && !has("corridor")) note.parts.emplace_back("corridor", model::corridor_of(n));
      if (rule.view == View::outline && !has("outline"))
        note.parts.emplace_back("outline", model::outline_of(n, rule.cell_e7, rule.slot).value());
    }
    return note;
  }
  Note amendment(EntryIndex of, const Drive& drive, const std::string& agreement) const {
    Note note = filing(drive, agreement);
    note.kind = EntryKind::notification_amended;
    note.refs = {of};
    return note;
  }
  /// An act of `party` on a revision, sent to the other sides of the notification.
  template <class Act>
  Note act(EntryKind kind, const std::string& party, EntryIndex of, const Act& said) const {
    Note note{kind, party + "/ops", model::to_json(said)};
    note.refs = {of};
    const NotificationState* about = state.notification_at(of);
    if (about == nullptr) return note;
    if (about->party != party) note.to.push_back(about->party);
    for (const auto& [recipient, handling] : state.revision_at(of)->handling)
      if (recipient != party && recipient != about->party) note.to.push_back(recipient);
    return note;
  }
  Note receipt(const std::string& party, EntryIndex of) const {
    const Handling& handling = state.revision_at(of)->handling.at(party);
    Note note = act(EntryKind::notification_received, party, of, model::Received{handling.bytes});
    note.refs = {handling.delivered};
    return note;
  }
  Note acknowledgement(const std::string& party, EntryIndex of) const {
    model::Acknowledged said{"Major A", "HQ", {}};
    if (const Revision* revision = state.revision_at(of); revision != nullptr && revision->notification)
      said.echo.push_back({model::places_of(*revision->notification).front()});
    return act(EntryKind::notification_acknowledged, party, of, said);
  }
  Note answer(const std::string& party, EntryIndex of, model::AnswerWord word, std::string reason = {}) const {
    return act(EntryKind::notification_answered, party, of, model::Answered{word, "Major A", std::move(reason)});
  }
  Note withdrawal(const std::string& party, EntryIndex of) const {
    return act(EntryKind::notification_withdrawn, party, of, model::Withdrawn{"the road is closed"});
  }

  /// Numbered and signed as the chain of its signer stands.
  Submission sign(const Note& note) {
    ledger::EntryText text;
    text.origin = note.origin;
    text.kind = note.kind_text.empty() ? std::string(model::name_of(note.kind)) : note.kind_text;
    text.signer = note.signer;
    const KeyState* key = state.key(note.signer);
    text.number = note.number.value_or(key == nullptr ? 1 : key->next_number);
    text.previous = note.previous.value_or(key == nullptr ? std::nullopt : key->last_text);
    text.seen = note.seen;
    text.at = now;
    text.occurred = note.occurred;
    text.to = note.to;
    text.refs = note.refs;
    Submission submission;
    if (!note.json.empty()) submission.parts.push_back(part("full", note.json));
    for (const auto& [name, json] : note.parts) submission.parts.push_back(part(name, json));
    if (!note.positions.empty()) text.parts.push_back(batch(submission, note.positions));
    for (const PartBody& each : submission.parts)
      if (note.positions.empty())
        text.parts.push_back({each.name, "application/json", each.bytes.size(), ledger::commitment_of(each.salt, each.bytes)});
    submission.note = ledger::sign_note(ledger::to_text(text), key_named(note.signer));
    return submission;
  }

  Outcome file(const Note& note) { return take(sign(note)); }

  /// As the engine does it: what is due, the text's first fate, decide, append.
  Outcome take(Submission submission) {
    const std::size_t before = log.size();
    Outcome outcome;
    std::size_t place = 0;  // of the note; not its index where another log's state was put in the place of this one
    const auto findings = [&](bool accepted) {
      for (std::size_t i = before; i < log.size(); ++i)
        if (!accepted || i != place) outcome.findings.push_back(log[i].index);
      return outcome;
    };
    auto admitted = admit(state, std::move(submission));
    if (!admitted) {
      outcome.refusal = admitted.error();
      return outcome;
    }
    pass(now);
    if (const auto fate = state.texts.find(admitted->text_hash); fate != state.texts.end()) {
      outcome.index = fate->second.entry;
      if (fate->second.refused) outcome.refusal = Refusal{fate->second.rule, fate->second.found, {}, {}};
      return outcome;
    }
    const Instant received = std::max(now, state.last_received);
    Decision decision = decide(state, *admitted, received);
    outcome.index = state.next();
    place = log.size();
    if (!decision.refusal) append(read_entry(state.next(), ledger::make_leaf(received, admitted->note), admitted->parts).value());
    for (Draft& draft : decision.findings) append(std::move(draft));
    if (!decision.refusal)
      for (Draft& draft : watch->take(state, log[place])) append(std::move(draft));
    outcome.refusal = decision.refusal;
    return findings(!decision.refusal);
  }

  /// Everything that falls due by then; afterwards it is that time.
  std::vector<EntryIndex> pass(Instant until) {
    const std::size_t before = log.size();
    now = until;
    if (auto stepped = decide_clock(state, now)) append(std::move(*stepped));
    while (auto due = decide_due(state, now)) append(std::move(*due));
    for (Draft& draft : watch->pass(state, std::max(now, state.last_received))) append(std::move(draft));
    std::vector<EntryIndex> found;
    for (std::size_t i = before; i < log.size(); ++i) found.push_back(EntryIndex{i});
    return found;
  }

  void append(Draft draft) {
    const Instant received = std::max(now, state.last_received);
    ledger::EntryText text;
    text.origin = kOrigin;
    text.kind = std::string(model::name_of(draft.kind));
    text.signer = kOrigin;
    if (const KeyState* chain = state.key(kOrigin)) {
      text.number = chain->next_number;
      text.previous = chain->last_text;
    }
    text.at = received;
    text.to = std::move(draft.to);
    text.refs = std::move(draft.refs);
    std::vector<PartBody> bodies;
    for (Draft::Part& each : draft.parts) {
      bodies.push_back(part(each.name, std::move(each.json)));
      text.parts.push_back({each.name, "application/json", bodies.back().bytes.size(),
                            ledger::commitment_of(bodies.back().salt, bodies.back().bytes)});
    }
    const auto checked = ledger::checked_text(text);
    WB_CHECK(checked.has_value());
    const std::string note = ledger::sign_note(*checked, key_named(std::string(kOrigin)));
    append(read_entry(state.next(), ledger::make_leaf(received, note), std::move(bodies)).value());
  }

  void append(Entry entry) {
    const auto applied = apply(state, entry);
    if (!applied) base::check_failed(base::to_text(applied.error()).c_str(), __FILE__, __LINE__);
    log.push_back(std::move(entry));
  }

  /// The index of an accepted note; stops the test where it was refused.
  static EntryIndex expect(const Outcome& outcome) {
    if (outcome.refusal) base::check_failed(base::to_text(*outcome.refusal).c_str(), __FILE__, __LINE__);
    return outcome.index;
  }
  /// The entries of a kind among those named.
  std::vector<const Entry*> of_kind(EntryKind kind, const std::vector<EntryIndex>& among) const {
    std::vector<const Entry*> found;
    for (const EntryIndex index : among)
      if (log[index.value].kind == kind) found.push_back(&log[index.value]);
    return found;
  }

 private:
  std::uint64_t salts_ = 0;

  ledger::PartLine batch(Submission& submission, const std::vector<model::Position>& positions) {
    PartBody body = part("full", "");
    body.bytes = model::encode_positions(positions).value();
    const auto commitment = model::positions_commitment(body.salt, body.bytes).value();
    submission.parts = {body};
    return {body.name, std::string(model::kPositionsMediaType), body.bytes.size(), commitment};
  }

  PartBody part(std::string name, std::string json) {
    PartBody body;
    body.name = std::move(name);
    body.salt = std::string(ledger::sha256("invented salt " + std::to_string(++salts_)).view());
    body.bytes = ledger::pad_to_class(std::move(json));
    return body;
  }
};

}  // namespace wideberth::core::testing
