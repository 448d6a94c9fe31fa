#include "feeds/gate.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "base/bytes.h"
#include "feeds/tak_out.h"

namespace wideberth::feeds {
namespace {

constexpr Millis kStep = Millis::from_ms(100);  // how long a thread may take to notice that it should end
constexpr Millis kSendTime = Millis::from_seconds(10);
constexpr std::size_t kMostTold = 20;
constexpr std::size_t kMostLineHeld = 64 * 1024;

}  // namespace

std::optional<FeedFormat> feed_format_named(std::string_view name) noexcept {
  if (name == "cot") return FeedFormat::cot;
  if (name == "nmea" || name == "ais") return FeedFormat::nmea;
  if (name == "gpx") return FeedFormat::gpx;
  if (name == "geojson") return FeedFormat::geojson;
  if (name == "csv") return FeedFormat::csv;
  return {};
}

void Intake::take(Readings& readings) {
  std::vector<model::Position> fixes;
  std::uint64_t of_others = readings.of_other_kinds;
  for (Reading& reading : readings.fixes) {
    if (reading.party.empty() || reading.party == party_)
      fixes.push_back(std::move(reading.position));
    else
      ++of_others;
  }
  Result<void> kept;
  if (!fixes.empty()) kept = spool_.add(fixes);
  if (kept && spool_.waiting() >= kMostBatch) kept = spool_.cut();
  const std::lock_guard held(mutex_);
  for (const model::Position& fix : fixes) {
    if (places_.size() < kMostUnits || places_.contains(fix.unit)) places_[fix.unit] = fix.place;
  }
  if (kept)
    counts_.taken += fixes.size();
  else if (!trouble_)
    trouble_ = kept.error();
  counts_.refused += readings.refused_count;
  counts_.of_others += of_others;
  counts_.without_place += readings.without_place;
  for (Refusal& refusal : readings.refused) {
    if (refused_.size() < kMostTold) refused_.push_back(std::move(refusal));
  }
  readings = Readings{};
}

std::optional<geo::Place> Intake::place_of(const std::string& unit) const {
  const std::lock_guard held(mutex_);
  const auto at = places_.find(unit);
  return at == places_.end() ? std::nullopt : std::optional(at->second);
}

std::optional<Refusal> Intake::trouble() const {
  const std::lock_guard held(mutex_);
  return trouble_;
}
Intake::Counts Intake::counts() const {
  const std::lock_guard held(mutex_);
  return counts_;
}
std::vector<Refusal> Intake::take_refused() {
  const std::lock_guard held(mutex_);
  return std::exchange(refused_, {});
}

void Outbox::put(CotEvent event) {
  const std::lock_guard held(mutex_);
  std::erase_if(events_, [&event](const auto& each) { return each.second.event.stale <= event.time; });
  Kept& kept = events_[event.uid];
  kept.version = ++version_;
  kept.event = std::move(event);
}

void Outbox::drop(const std::string& uid, Instant now) {
  std::string type;
  {
    const std::lock_guard held(mutex_);
    const auto at = events_.find(uid);
    if (at == events_.end()) return;
    type = at->second.event.type;
    events_.erase(at);
  }
  put(delete_event(uid, type, now));
}

std::vector<CotEvent> Outbox::after(std::uint64_t& since, Instant now) const {
  const std::lock_guard held(mutex_);
  std::vector<std::pair<std::uint64_t, const CotEvent*>> found;
  if (since < version_) {
    for (const auto& [uid, kept] : events_) {
      if (kept.version > since && kept.event.stale > now) found.emplace_back(kept.version, &kept.event);
    }
  }
  since = version_;
  std::sort(found.begin(), found.end());
  std::vector<CotEvent> events;
  for (const auto& [version, event] : found) events.push_back(*event);
  return events;
}

Gate::Gate(GateConfig config, Intake& intake, const Outbox& outbox, base::Clock& clock, base::Entropy& entropy)
    : config_{std::move(config)}, intake_{intake}, outbox_{outbox}, clock_{clock}, entropy_{entropy} {}

Result<std::unique_ptr<Gate>> Gate::open(GateConfig config, Intake& intake, const Outbox& outbox, base::Clock& clock,
                                         base::Entropy& entropy) {
  std::unique_ptr<Gate> gate(new Gate(std::move(config), intake, outbox, clock, entropy));
  if (gate->config_.kind == GateConfig::Kind::listen) {
    WB_TRY(listener, net::Listener::open(gate->config_.listen));
    gate->port_ = listener.port();
    gate->listener_.emplace(std::move(listener));
    gate->thread_ = std::thread([self = gate.get()] { self->run_listen(); });
  } else if (gate->config_.kind == GateConfig::Kind::datagrams) {
    WB_TRY(datagrams, net::Datagrams::open(gate->config_.listen.address, gate->config_.listen.port));
    gate->port_ = datagrams.port();
    gate->datagrams_.emplace(std::move(datagrams));
    gate->thread_ = std::thread([self = gate.get()] { self->run_datagrams(); });
  } else {
    gate->thread_ = std::thread([self = gate.get()] { self->run_dial(); });
  }
  return gate;
}

Gate::~Gate() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
}

void Gate::tell(const std::string& what) const {
  if (config_.say) config_.say(what);
}

std::string Gate::new_uid() const {
  std::array<unsigned char, 12> chance{};
  entropy_.fill(chance);
  return "wideberth-" + base::to_hex(std::string(chance.begin(), chance.end()));
}

// False where the gate closes.
bool Gate::rest(Millis span) const {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(span.ms());
  while (!stopping_ && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(std::chrono::milliseconds(kStep.ms()));
  return !stopping_;
}

void Gate::run_dial() {
  Millis wait = Millis::from_seconds(1);
  while (!stopping_) {
    auto wire = net::Wire::dial(config_.dial);
    if (wire) {
      wait = Millis::from_seconds(1);
      tell("connected to " + config_.dial.host);
      serve(std::move(*wire), TakRole::client);
    } else {
      tell(base::to_text(wire.error()));
    }
    if (!rest(wait)) return;
    wait = std::min(Millis::from_ms(wait.ms() * 2), Millis::from_seconds(30));
  }
}

void Gate::run_listen() {
  struct Served {
    std::thread thread{};
    std::shared_ptr<std::atomic<bool>> is_done{};
  };
  std::vector<Served> served;
  while (!stopping_) {
    std::erase_if(served, [](Served& each) {
      if (!*each.is_done) return false;
      each.thread.join();
      return true;
    });
    auto wire = listener_->accept(kStep);
    if (!wire) {
      tell(base::to_text(wire.error()));
      break;
    }
    if (!*wire) continue;
    if (served.size() >= kMostConnections) {
      tell("a connection more than " + std::to_string(kMostConnections) + " was closed");
      continue;
    }
    const auto is_done = std::make_shared<std::atomic<bool>>(false);
    auto taken = std::make_shared<net::Wire>(std::move(**wire));
    served.push_back({std::thread([this, taken, is_done] {
                        serve(std::move(*taken), TakRole::server);
                        *is_done = true;
                      }),
                      is_done});
  }
  for (Served& each : served) each.thread.join();
}

void Gate::run_datagrams() {
  DatagramReader cot;
  NmeaReader nmea(config_.nmea);
  Readings readings;
  while (!stopping_) {
    const auto bytes = datagrams_->receive(kStep);
    if (!bytes || !*bytes) continue;
    if (config_.format == FeedFormat::nmea) {
      nmea.heard_at(clock_.now());
      nmea.text(**bytes, readings);
    } else if (auto message = cot.read(**bytes)) {
      if (message->event) take_cot(*message->event, config_.cot, readings);
    } else {
      readings.refuse(std::move(message).error());
    }
    intake_.take(readings);
  }
}

void Gate::serve(net::Wire wire, TakRole role) {
  if (config_.format == FeedFormat::nmea)
    serve_nmea(wire);
  else
    serve_cot(wire, role);
}

void Gate::serve_cot(net::Wire& wire, TakRole role) {
  TakStream stream(role, new_uid(), clock_.now());
  Readings readings;
  std::uint64_t sent = 0;
  std::string out = stream.open(clock_.now());
  for (bool is_over = false; !is_over && !stopping_;) {
    for (const CotEvent& event : outbox_.after(sent, clock_.now())) out += stream.send(event);
    if (!out.empty() && !wire.send(std::exchange(out, {}), kSendTime)) return;
    const auto got = wire.receive(kStep);
    if (!got) tell(base::to_text(got.error()));
    const bool has_ended = !got || got->ended;
    TakTold told = has_ended        ? stream.end()
                   : got->timed_out ? stream.tick(clock_.now())
                                    : stream.receive(got->bytes, clock_.now());
    for (const CotEvent& event : told.events) take_cot(event, config_.cot, readings);
    for (Refusal& refusal : told.refused) readings.refuse(std::move(refusal));
    intake_.take(readings);
    out += told.reply;
    is_over = told.is_over || has_ended;
  }
  if (!out.empty()) (void)wire.send(out, kSendTime);
}

void Gate::serve_nmea(net::Wire& wire) {
  NmeaReader reader(config_.nmea);
  Readings readings;
  std::string held;
  for (bool is_over = false; !is_over && !stopping_;) {
    const auto got = wire.receive(kStep);
    if (!got) tell(base::to_text(got.error()));
    is_over = !got || got->ended;
    if (got) held += got->bytes;
    const auto end = is_over ? held.size() : held.rfind('\n') + 1;
    reader.heard_at(clock_.now());
    reader.text(std::string_view(held).substr(0, end), readings);
    held.erase(0, end);
    if (held.size() > kMostLineHeld) {
      readings.refuse({Rule::nmea_sentence, "a line of more than 64 KiB", "at most 1024 bytes", {}});
      held.clear();
    }
    intake_.take(readings);
  }
  reader.finish(readings);
  intake_.take(readings);
}

}  // namespace wideberth::feeds
