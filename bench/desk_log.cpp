#include "desk_log.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <deque>
#include <fstream>
#include <stdexcept>

#include "base/id.h"
#include "core/admit.h"
#include "dice.h"
#include "engine/fold.h"
#include "engine/writer.h"
#include "ledger/keyfile.h"
#include "ledger/note.h"
#include "live_house.h"
#include "model/acts.h"
#include "model/agreement.h"
#include "model/disclosure.h"
#include "model/hotline.h"
#include "model/keys.h"
#include "store/sqlite.h"

namespace wideberth::bench {
namespace {

using base::EntryIndex;
using base::Instant;
using base::Millis;
using model::EntryKind;

template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error(to_text(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

constexpr Millis hours(std::int64_t n) { return Millis::from_seconds(n * 3600); }

/// Salts from a seed.
class SeededEntropy final : public base::Entropy {
 public:
  explicit SeededEntropy(std::uint64_t seed) : dice_{seed} {}
  void fill(std::span<unsigned char> out) override {
    for (unsigned char& byte : out) byte = static_cast<unsigned char>(dice_.one_of(256));
  }

 private:
  Dice dice_;
};

/// Lets those who see everything see it all, and the two sides each other's corridors.
model::Agreement terms() {
  model::Agreement a;
  a.name = "Protocol of the bench (invented)";
  a.parties = {
      {"blue", model::Role::party, "Blue"}, {"red", model::Role::party, "Red"}, {"mission", model::Role::observer, "Mission"}};
  a.areas = {{"all",
              "All",
              model::Regime::notify,
              {{{410'000'000, 350'000'000},
                {450'000'000, 350'000'000},
                {450'000'000, 390'000'000},
                {410'000'000, 390'000'000},
                {410'000'000, 350'000'000}}}}};
  a.platform_classes = {"vehicle"};
  const auto add = [&](model::RuleBody body) {
    a.rules.push_back({std::to_string(a.rules.size() + 1), "An invented sentence.", std::move(body)});
  };
  add(model::NoticeRule{hours(24), hours(2)});
  add(model::AnswerWithinRule{hours(12), hours(2)});
  add(model::SeparationRule{"vehicle", "vehicle", base::Metres::from_metres(1000)});
  add(model::DisclosureRule{"blue", "red", model::View::corridor});
  add(model::DisclosureRule{"red", "blue", model::View::corridor});
  add(model::PositionsRule{"*", "*", model::PositionUse::warnings});
  add(model::CheckInRule{{hours(6), hours(18)}, hours(1)});
  return a;
}

struct Said {
  EntryKind kind{};
  std::string party;
  std::string full;
  std::vector<std::string> to{};
  std::vector<EntryIndex> refs{};
  std::string corridor{};
};

/// The log and who writes into it, at a time of its own.
class Desk {
 public:
  Desk(const std::filesystem::path& folder, std::uint64_t seed, Instant begin)
      : dice{seed}, now{begin}, entropy_{seed + 1}, key_{bench_key(kHouseOrigin)} {
    std::filesystem::create_directories(folder);
    file_ = folder / "log.db";
    store_ = must(store::open_sqlite(file_, store::Mode::create));
    std::ofstream(folder / "server.key") << ledger::write_key_file(key_);
    writer_ = std::make_unique<engine::Writer>(core::State{}, key_, entropy_);
    model::Opening opening;
    opening.origin = kHouseOrigin;
    opening.server = key_.verifier();
    opening.operator_name = "Bench (invented)";
    for (const auto& [party, role] :
         {std::pair{"blue", model::Role::party}, {"red", model::Role::party}, {"mission", model::Role::observer}}) {
      opening.parties.push_back({{party, role, party}, bench_key(std::string(party) + "/root").verifier()});
      keys_.emplace(std::string(party) + "/root", bench_key(std::string(party) + "/root"));
      keys_.emplace(std::string(party) + "/ops", bench_key(std::string(party) + "/ops"));
    }
    must(writer_->open(opening, now));
    for (const char* party : {"blue", "red", "mission"})
      file({EntryKind::key_added, party,
            model::to_json(model::KeyAdded{bench_key(std::string(party) + "/ops").verifier(), {}, ""})},
           "/root");
    proposed = file({EntryKind::agreement_proposed, "blue", model::to_json(terms()), {"red", "mission"}});
    agreement = base::id_of(base::IdKind::agreement, proposed);
    file({EntryKind::agreement_signed,
          "red",
          model::to_json(model::AgreementSigned{agreement, state().agreement(agreement)->document}),
          {"blue", "mission"},
          {proposed}});
  }

  const core::State& state() const { return writer_->state(); }

  EntryIndex file(const Said& said, const char* desk = "/ops") {
    auto admitted = must(core::admit(state(), sign(said, keys_.at(said.party + desk))));
    const auto fate = writer_->take(std::move(admitted), now);
    if (!fate) throw std::runtime_error(fmt::format("{}: {}", model::name_of(said.kind), to_text(fate.error())));
    if (writer_->waiting() >= 1024) flush();
    return *fate;
  }

  void flush() {
    const engine::Batch batch = writer_->drain();
    if (batch.entries.empty()) return;
    std::vector<store::StoredEntry> stored;
    for (const core::Entry& each : batch.entries) stored.push_back(engine::stored_from(each));
    must(store_->append(stored, batch.expected, batch.next));
  }

  /// An act on a revision, said to all others who know of it.
  template <class Act>
  EntryIndex act(EntryKind kind, const std::string& party, EntryIndex of, const Act& what) {
    Said said{kind, party, model::to_json(what), others(party), {of}};
    return file(said);
  }

  static std::vector<std::string> others(const std::string& party) {
    std::vector<std::string> all;
    for (const char* each : {"blue", "red", "mission"})
      if (party != each) all.push_back(each);
    return all;
  }

  DeskLog done(std::chrono::steady_clock::time_point begun) {
    flush();
    must(store_->put_alive(now));
    DeskLog log;
    log.entries = state().tree.size();
    for (const core::EntryFacts& each : state().facts) ++log.kinds[std::string(model::name_of(each.kind))];
    store_.reset();
    log.bytes = std::filesystem::file_size(file_);
    log.made_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return log;
  }

  Dice dice;
  Instant now;
  std::string agreement;
  EntryIndex proposed{};

 private:
  core::Submission sign(const Said& said, const ledger::SigningKey& key) {
    const bool batch = said.kind == EntryKind::positions_reported;
    core::Submission submission;
    ledger::EntryText text;
    text.origin = kHouseOrigin;
    text.kind = std::string(model::name_of(said.kind));
    text.signer = key.name();
    const core::KeyState* chain = state().key(key.name());
    text.number = chain == nullptr ? 1 : chain->next_number;
    if (chain != nullptr) text.previous = chain->last_text;
    text.at = now;
    text.to = said.to;
    text.refs = said.refs;
    const auto add = [&](std::string_view name, std::string json) {
      core::PartBody body;
      body.name = std::string(name);
      body.salt.resize(32);
      for (char& byte : body.salt) byte = static_cast<char>(dice.one_of(256));
      body.bytes = batch ? std::move(json) : ledger::pad_to_class(std::move(json));
      text.parts.push_back(
          {body.name, batch ? std::string(model::kPositionsMediaType) : "application/json", body.bytes.size(),
           batch ? must(model::positions_commitment(body.salt, body.bytes)) : ledger::commitment_of(body.salt, body.bytes)});
      submission.parts.push_back(std::move(body));
    };
    add(model::kFullPart, said.full);
    if (!said.corridor.empty()) add(model::kCorridorPart, said.corridor);
    submission.note = ledger::sign_note(must(ledger::checked_text(text)), key);
    return submission;
  }

  SeededEntropy entropy_;
  ledger::SigningKey key_;
  std::map<std::string, ledger::SigningKey> keys_;
  std::filesystem::path file_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<engine::Writer> writer_;
};

/// Eight legs from one of forty towns, from tomorrow on.
model::Notification movement_of(Dice& dice, const std::string& agreement, const std::string& party, Instant start) {
  model::Notification n;
  n.party = party;
  n.agreement = agreement;
  geo::Route route;
  route.half_width = base::Metres::from_metres(50);
  const auto town = dice.one_of(40);
  const auto row = town % 8, column = town / 8;
  double lat = 36 + 0.3 * static_cast<double>(row) + dice.between(-0.02, 0.02);
  double lon = 42 + 0.4 * static_cast<double>(column) + dice.between(-0.02, 0.02);
  double heading = dice.between(0, 6.28);
  for (int leg = 0; leg <= 8; ++leg) {
    route.waypoints.push_back(
        {must(geo::make_place(lon, lat)), {start - Millis::from_seconds(900), start + Millis::from_seconds(900)}});
    heading += dice.between(-0.5, 0.5);
    lat += 0.018 * std::cos(heading), lon += 0.022 * std::sin(heading);
    start = start + Millis::from_seconds(180);
  }
  n.where = route;
  n.unit = fmt::format("{} patrol {} (invented)", party, dice.one_of(60));
  n.composition.vehicles = {{"M-ATV", dice.below(2, 6)}, {"truck", dice.below(1, 4)}};
  n.composition.people = dice.below(8, 40);
  n.purpose = "invented: rotation of a post";
  n.focal_point = "invented desk, channel 4";
  return n;
}

Said filing(const model::Notification& n) {
  Said said{EntryKind::notification_filed, n.party, model::to_json(n), Desk::others(n.party)};
  said.corridor = model::corridor_of(n);
  return said;
}

/// What becomes of one movement before it begins.
class Life {
 public:
  explicit Life(Desk& desk) : desk_{desk} {}

  void begin(const std::string& party) {
    const Instant start = desk_.now + hours(25) + Millis::from_seconds(desk_.dice.below(3'600 * 12));
    const model::Notification n = movement_of(desk_.dice, desk_.agreement, party, start);
    EntryIndex filed = desk_.file(filing(n));
    const std::string other = party == "blue" ? "red" : "blue";
    answer(other, filed, n);
    const std::size_t chance = desk_.dice.one_of(100);
    if (chance < 10) {
      model::Notification changed = movement_of(desk_.dice, desk_.agreement, party, start);
      changed.reason = "invented: the bridge is closed";
      Said said = filing(changed);
      said.kind = EntryKind::notification_amended;
      said.refs = {filed};
      filed = desk_.file(said);
      answer(other, filed, changed);
    } else if (chance < 15) {
      desk_.act(EntryKind::notification_withdrawn, party, filed, model::Withdrawn{"invented: not needed"});
      return;
    }
    under_way_.push_back({party, filed, start + Millis::from_seconds(1'200)});
  }

  /// Those that have arrived: half of them say so, of the others the end of the window says it.
  void end() {
    for (; !under_way_.empty() && under_way_.front().ends < desk_.now; under_way_.pop_front()) {
      const Way& each = under_way_.front();
      if (desk_.state().notification_at(each.entry)->standing != core::Standing::standing) continue;
      desk_.act(EntryKind::notification_completed, each.party, each.entry, model::Completed{"arrived"});
    }
  }

 private:
  struct Way {
    std::string party;
    EntryIndex entry;
    Instant ends;
  };

  void answer(const std::string& party, EntryIndex filed, const model::Notification& n) {
    const core::Handling& handling = desk_.state().revision_at(filed)->handling.at(party);
    const EntryIndex delivered = handling.delivered;
    desk_.act(EntryKind::notification_received, party, delivered, model::Received{handling.bytes});
    model::Acknowledged seen{"Major A (invented)", "HQ", {}};
    seen.echo.push_back({model::places_of(n).front()});
    desk_.act(EntryKind::notification_acknowledged, party, filed, seen);
    if (desk_.dice.one_of(3) == 0)
      desk_.act(EntryKind::notification_answered, party, filed,
                model::Answered{model::AnswerWord::no_objection, "Major A (invented)", ""});
  }

  Desk& desk_;
  std::deque<Way> under_way_;
};

/// Twelve units of a party near one place, three fixes each; the other side's drive about the same place.
Said batch_of(const Desk& desk, const std::string& party, std::uint64_t turn) {
  std::vector<model::Position> fixes;
  for (std::size_t u = 0; u < 12; ++u)
    for (int f = 0; f < 3; ++f) {
      model::Position p;
      p.unit = fmt::format("{}-{:02}", party, u);
      p.time = desk.now - Millis::from_seconds(3 - f);
      const std::uint64_t apart = u == 0 && turn % 8 == 0 ? 20 : 3'000;
      const auto at = static_cast<std::int32_t>((turn * 131 + u * 977) % 20'000 + (party == "red" ? apart : 0));
      p.place = {420'000'000 + at * 100 + (party == "red" ? -900 : 900) * f, 370'000'000 + static_cast<std::int32_t>(u) * 40'000};
      p.accuracy = base::Metres::from_mm(4'000);
      p.speed_mmps = 9'000;
      p.course_cdeg = party == "red" ? 27'000 : 9'000;
      p.source = model::PositionSource::gnss;
      fixes.push_back(std::move(p));
    }
  return {EntryKind::positions_reported, party, must(model::encode_positions(fixes)), {}, {desk.proposed}};
}

void talk(Desk& desk, const std::string& party) {
  const std::string other = party == "blue" ? "red" : "blue";
  model::MessageSent sent;
  sent.meant = model::MessageClass::query;
  sent.text = "Invented: is the road at kilometre 12 open?";
  sent.person = "Captain B (invented)";
  const EntryIndex said = desk.file({EntryKind::message_sent, party, model::to_json(sent), {other}, {desk.proposed}});
  desk.file({EntryKind::message_seen, other, model::to_json(model::MessageSeen{"Lieutenant C (invented)", ""}), {party}, {said}});
  desk.file({EntryKind::message_answered,
             other,
             model::to_json(model::MessageAnswered{"Invented: it is.", "Lieutenant C (invented)", "", ""}),
             {party},
             {said}});
}

}  // namespace

DeskLog make_desk_log(const std::filesystem::path& folder, std::uint64_t entries, std::uint64_t seed, Instant end) {
  const auto begun = std::chrono::steady_clock::now();
  const Millis span = hours(240);
  const Instant begin = end - span;
  Desk desk(folder, seed, begin);
  Life life(desk);
  for (std::uint64_t turn = 0; desk.state().tree.size() < entries; ++turn) {
    const double share = static_cast<double>(desk.state().tree.size()) / static_cast<double>(entries);
    const Instant then = begin + Millis::from_ms(static_cast<std::int64_t>(share * static_cast<double>(span.ms())));
    desk.now = std::max(desk.now + Millis::from_ms(1), then);
    const std::string party = turn % 2 == 0 ? "blue" : "red";
    life.begin(party);
    life.end();
    if (turn % 2 == 0)
      for (const char* each : {"blue", "red"}) desk.file(batch_of(desk, each, turn));
    if (turn % 4 == 0) talk(desk, turn % 8 == 0 ? "blue" : "red");
    if (turn % 50 == 0)
      desk.file({EntryKind::hotline_checked_in,
                 party,
                 model::to_json(model::CheckedIn{"Captain B (invented)", "", ""}),
                 Desk::others(party),
                 {desk.proposed}});
  }
  return desk.done(begun);
}

DeskLog make_inbox_log(const std::filesystem::path& folder, std::uint64_t notices, std::uint64_t seed, Instant end) {
  const auto begun = std::chrono::steady_clock::now();
  Desk desk(folder, seed, end - hours(6));
  for (std::uint64_t n = 0; n < notices; ++n) {
    desk.now = desk.now + Millis::from_ms(1'000);
    const Instant start = desk.now + hours(40) + Millis::from_seconds(desk.dice.below(3'600 * 24 * 20));
    desk.file(filing(movement_of(desk.dice, desk.agreement, "blue", start)));
  }
  return desk.done(begun);
}

std::vector<model::Notification> morning_of(const std::string& agreement, std::size_t count, std::uint64_t seed, Instant now) {
  Dice dice(seed);
  std::vector<model::Notification> all;
  while (all.size() < count)
    all.push_back(movement_of(dice, agreement, "blue", now + hours(25) + Millis::from_seconds(dice.below(3'600 * 12))));
  return all;
}

}  // namespace wideberth::bench
