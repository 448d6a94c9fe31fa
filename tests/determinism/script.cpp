// The same script of notes through the writer, with a scripted clock and seeded chance: prints the hash of the log, of the
// state and of the findings, and writes them where asked. Two builds of the program must print the same (run.sh compares).
#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>

#include "base/bytes.h"
#include "base/check.h"
#include "core/admit.h"
#include "core/dump.h"
#include "engine/writer.h"
#include "ledger/note.h"
#include "model/agreement.h"
#include "model/disclosure.h"

namespace {

using namespace wideberth;
using base::EntryIndex;
using base::Instant;
using base::Metres;
using base::Millis;

/// splitmix64: the same numbers from every compiler.
class Chance final : public base::Entropy {
 public:
  explicit Chance(std::uint64_t seed) : state_(seed) {}
  std::uint64_t next() {
    std::uint64_t z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
  }
  std::int64_t between(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(high - low + 1));
  }
  void fill(std::span<unsigned char> out) override {
    for (unsigned char& byte : out) byte = static_cast<unsigned char>(next());
  }

 private:
  std::uint64_t state_;
};

struct Desk {
  ledger::SigningKey key;
  std::uint64_t number = 0;
  std::optional<ledger::Hash> previous{};
};

class Script {
 public:
  Script() : server_(make("script.example/log", 'L')), writer_(core::State{}, server_, salts_) {
    model::Opening opening;
    opening.origin = server_.name();
    opening.server = server_.verifier();
    opening.operator_name = "invented";
    for (const char* party : {"blue", "red", "observer"}) {
      model::OpeningParty each;
      each.party.party = party;
      each.party.name = party;
      each.party.role = std::string(party) == "observer" ? model::Role::observer : model::Role::party;
      Desk root{make(std::string(party) + "/root", party[0])};
      each.root = root.key.verifier();
      opening.parties.push_back(each);
      desks_.emplace(party, std::move(root));
    }
    WB_CHECK(writer_.open(opening, now_));
  }

  void run(const std::string& agreement_json) {
    const auto agreement = model::parse_agreement(agreement_json);
    WB_CHECK(agreement.has_value());
    const auto proposed = say("red", "agreement.proposed", {"blue", "observer"}, {}, {{"full", agreement_json}});
    WB_CHECK(proposed.has_value());
    const auto& state = writer_.state();
    const std::string id = state.agreements.begin()->first;
    const model::AgreementSigned signature{id, state.agreements.begin()->second.document};
    WB_CHECK(say("blue", "agreement.signed", {"red", "observer"}, {*proposed}, {{"full", model::to_json(signature)}}));
    for (int i = 0; i < 400; ++i) step(id);
  }

  const core::State& state() const { return writer_.state(); }
  engine::Batch drain() { return writer_.drain(); }
  std::size_t refused() const { return refused_; }

 private:
  using Parts = std::vector<std::pair<std::string, std::string>>;

  static ledger::SigningKey make(const std::string& name, char seed) {
    auto key = ledger::SigningKey::from_seed(name, std::string(32, seed));
    WB_CHECK(key.has_value());
    return std::move(*key);
  }

  engine::Fate say(const std::string& party, const std::string& kind, std::vector<std::string> to, std::vector<EntryIndex> refs,
                   const Parts& parts) {
    Desk& desk = desks_.at(party);
    ledger::EntryText text;
    text.origin = server_.name();
    text.kind = kind;
    text.signer = desk.key.name();
    text.number = desk.number + 1;
    text.previous = desk.previous;
    text.at = now_;
    text.to = std::move(to);
    text.refs = std::move(refs);
    core::Submission submission;
    for (const auto& [name, json] : parts) {
      core::PartBody body;
      body.name = name;
      body.bytes = ledger::pad_to_class(json);
      body.salt.resize(32);
      for (char& c : body.salt) c = static_cast<char>(chance_.next());
      text.parts.push_back({name, "application/json", body.bytes.size(), ledger::commitment_of(body.salt, body.bytes)});
      submission.parts.push_back(std::move(body));
    }
    const std::string plain = ledger::to_text(text);
    submission.note = ledger::sign_note(plain, desk.key);
    auto admitted = core::admit(writer_.state(), std::move(submission));
    WB_CHECK(admitted.has_value());
    auto fate = writer_.take(std::move(*admitted), now_);
    if (!fate) ++refused_;
    desk.number = text.number;
    desk.previous = ledger::text_hash(plain);
    return fate;
  }

  /// A movement through the area, with halts, a column and windows of its own.
  model::Notification movement(const std::string& party, const std::string& agreement) {
    model::Notification n;
    n.party = party;
    n.agreement = agreement;
    n.purpose = "invented";
    geo::Route route;
    route.line = chance_.next() % 4 == 0 ? geo::Line::lon_lat_linear : geo::Line::geodesic;
    route.half_width = Metres::from_mm(chance_.between(0, 200'000));
    route.column_length = Metres::from_mm(chance_.next() % 2 == 0 ? 0 : chance_.between(0, 800'000));
    if (chance_.next() % 5 == 0) {
      n.platform_class = "helicopter";
      route.altitude = geo::AltitudeBand{Metres::from_metres(0), Metres::from_metres(chance_.between(50, 800))};
    }
    Instant at = now_ + Millis::from_seconds(chance_.between(3'600, 30'000));
    geo::Place place{static_cast<std::int32_t>(chance_.between(418'500'000, 424'000'000)),
                     static_cast<std::int32_t>(chance_.between(370'100'000, 373'000'000))};
    const auto legs = chance_.between(1, 6);
    for (std::int64_t i = 0; i <= legs; ++i) {
      const Millis half = Millis::from_ms(chance_.between(0, 300'000));
      const Instant early = route.waypoints.empty() ? at - half : std::max(at - half, route.waypoints.back().window.from);
      const Instant late = route.waypoints.empty() ? at + half : std::max(at + half, route.waypoints.back().window.to);
      route.waypoints.push_back({place, {early, late}});
      at = at + Millis::from_seconds(chance_.between(900, 2'400));
      if (chance_.next() % 6 == 0) continue;
      place.lon_e7 += static_cast<std::int32_t>(chance_.between(-900'000, 900'000));
      place.lat_e7 += static_cast<std::int32_t>(chance_.between(-900'000, 900'000));
    }
    n.where = std::move(route);
    return n;
  }

  void step(const std::string& agreement) {
    now_ = now_ + Millis::from_ms(chance_.between(1'000, 1'200'000));
    const std::string party = chance_.next() % 2 == 0 ? "blue" : "red";
    const std::string other = party == "blue" ? "red" : "blue";
    const model::Notification n = movement(party, agreement);
    const auto filed = say(party, "notification.filed", {other, "observer"}, {},
                           {{"full", model::to_json(n)}, {"corridor", model::corridor_of(n)}});
    if (!filed) return;
    if (chance_.next() % 2 == 0) {
      model::Acknowledged acknowledged;
      acknowledged.person = "invented";
      acknowledged.post = "invented";
      acknowledged.echo.push_back({model::places_of(n).front()});
      static_cast<void>(say(other, "notification.acknowledged", {party}, {*filed}, {{"full", model::to_json(acknowledged)}}));
    }
    if (chance_.next() % 4 == 0) {
      model::Notification again = movement(party, agreement);
      again.reason = "invented";
      static_cast<void>(say(party, "notification.amended", {other, "observer"}, {*filed},
                            {{"full", model::to_json(again)}, {"corridor", model::corridor_of(again)}}));
    } else if (chance_.next() % 6 == 0) {
      static_cast<void>(say(party, "notification.withdrawn", {other, "observer"}, {*filed},
                            {{"full", model::to_json(model::Withdrawn{"invented"})}}));
    }
  }

  Chance chance_{20200825};
  Chance salts_{1};
  Instant now_ = Instant::from_ms(1'598'000'000'000);
  ledger::SigningKey server_;
  std::map<std::string, Desk> desks_;
  engine::Writer writer_;
  std::size_t refused_ = 0;
};

std::string read_file(const char* path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

/// A hash over sines of the C library: differs where another variant of it runs, and so shows that the variants were switched.
std::string libm_print() {
  std::string bytes;
  for (int i = 1; i < 20'000; ++i) {
    const double y = std::sin(static_cast<double>(i) * 0.7310585786300049) + std::exp(static_cast<double>(i % 700) * 0.1234567);
    bytes.append(reinterpret_cast<const char*>(&y), sizeof y);
  }
  return base::to_hex(ledger::sha256(bytes).view());
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2 && argc != 3) return std::fprintf(stderr, "usage: determinism AGREEMENT.json [DUMP]\n"), 2;
  Script script;
  script.run(read_file(argv[1]));
  const engine::Batch batch = script.drain();
  std::string log, findings;
  std::size_t conflicts = 0;
  for (const core::Entry& entry : batch.entries) {
    log += entry.leaf;
    if (entry.kind != model::EntryKind::conflict_found) continue;
    findings += *entry.part("full");
    ++conflicts;
  }
  const std::string dump = core::dump(script.state());
  if (argc == 3) std::ofstream(argv[2], std::ios::binary) << dump;
  std::printf("entries %zu refused %zu conflicts %zu\n", batch.entries.size(), script.refused(), conflicts);
  std::printf("log %s\n", base::to_hex(ledger::sha256(log).view()).c_str());
  std::printf("state %s\n", base::to_hex(ledger::sha256(dump).view()).c_str());
  std::printf("findings %s\n", base::to_hex(ledger::sha256(findings).view()).c_str());
  std::fprintf(stderr, "libm %s\n", libm_print().c_str());
  return 0;
}
