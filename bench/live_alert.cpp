// From the fix to the alert: two parties report 50,000 fixes a second; how long until an alert stands on the event stream.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "base/id.h"
#include "client/events.h"
#include "json/reader.h"
#include "json/writer.h"
#include "ledger/note.h"
#include "live_house.h"
#include "live_http.h"
#include "model/agreement.h"
#include "model/keys.h"
#include "model/position_batch.h"
#include "net/system.h"

namespace wideberth::bench {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t kPens = 4;             ///< keys, each with a connection and a thread; two to a party
constexpr std::size_t kBatchesASecond = 25;  ///< of each key
constexpr double kSide_m = 420'000;          ///< of the square: 22 units of the other side and one's own within 5 km

template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error(to_text(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// A number in [0, 1) that is the same in every run.
double chance(std::uint64_t seed) {
  seed = (seed + 0x9E3779B97F4A7C15ULL) * 0xBF58476D1CE4E5B9ULL;
  seed = (seed ^ (seed >> 27)) * 0x94D049BB133111EBULL;
  return static_cast<double>((seed ^ (seed >> 31)) >> 11) * 0x1p-53;
}

/// An invented unit of the square, driving straight on.
model::Position fix_of(std::size_t unit, const char* party, base::Instant time, base::Instant start) {
  const double seconds = static_cast<double>((time - start).ms()) / 1000;
  const double speed = 8 + 8 * chance(unit * 4), course = 360 * chance(unit * 4 + 1), turn = course * 3.14159265358979 / 180;
  const double north = kSide_m * chance(unit * 4 + 2) + speed * seconds * std::cos(turn);
  const double east = kSide_m * chance(unit * 4 + 3) + speed * seconds * std::sin(turn);
  model::Position p;
  p.unit = fmt::format("{}-{:06}", party, unit);
  p.time = time;
  p.place.lat_e7 = 350'000'000 + static_cast<std::int32_t>(north / 111'000 * 1e7);
  p.place.lon_e7 = 380'000'000 + static_cast<std::int32_t>(east / 89'000 * 1e7);
  p.accuracy = base::Metres::from_mm(4'000);
  p.speed_mmps = static_cast<std::int32_t>(speed * 1000);
  p.course_cdeg = static_cast<std::int32_t>(course * 100) % 36'000;
  p.source = model::PositionSource::gnss;
  return p;
}

model::Agreement agreement_of() {
  model::Agreement a;
  a.name = "Bench (invented)";
  for (const char* party : {"blue", "red"}) a.parties.push_back({party, model::Role::party, party});
  a.areas = {
      {"all",
       "All",
       model::Regime::notify,
       {{{370'000'000, 340'000'000}, {440'000'000, 340'000'000}, {440'000'000, 400'000'000}, {370'000'000, 340'000'000}}}}};
  a.platform_classes = {"vehicle"};
  a.rules.push_back({"1", "Invented.", model::SeparationRule{"vehicle", "vehicle", base::Metres::from_metres(100)}});
  a.rules.push_back({"2", "Invented.", model::PositionsRule{"*", "*", model::PositionUse::warnings}});
  return a;
}

base::EntryIndex index_in(const std::string& answer) {
  const auto at = answer.find("\"index\":");
  if (at == std::string::npos) throw std::runtime_error(answer);
  return {std::stoull(answer.substr(at + 8))};
}

/// Keys and the agreement; the entry that proposed it.
base::EntryIndex found(std::uint16_t port, std::vector<Pen>& pens) {
  Line line(port);
  const auto file = [&](const std::string& body) {
    line.send(filing(port, body));
    return index_in(line.answer());
  };
  for (const char* party : {"blue", "red"}) {
    Pen root(std::string(party) + "/root");
    for (const Pen& pen : pens)
      if (pen.key().name().starts_with(std::string(party) + "/"))
        file(root.line(model::EntryKind::key_added, model::to_json(model::KeyAdded{pen.key().verifier(), {}, ""})));
  }
  const std::string text = ledger::pad_to_class(model::to_json(agreement_of()));
  const base::EntryIndex proposed = file(pens[0].line(model::EntryKind::agreement_proposed, text, {"red"}));
  const model::AgreementSigned signature{base::id_of(base::IdKind::agreement, proposed), ledger::sha256(text)};
  file(pens[1].line(model::EntryKind::agreement_signed, model::to_json(signature), {"blue"}, {proposed}));
  return proposed;
}

/// What happened when, by entry.
struct Times {
  std::mutex mutex{};
  std::map<std::uint64_t, Steady::time_point> sent{}, alerted{};
};

void listen(client::Client client, Times& times, const std::atomic<bool>& over) {
  client::EventStream stream(std::move(client), "/v1/events");
  while (!over) {
    const auto event = must(stream.next(base::Millis::from_ms(100)));
    const auto now = Steady::now();
    if (!event || event->name != "alert.raised") continue;
    const std::lock_guard lock(times.mutex);
    times.alerted.emplace(std::stoull(event->id), now);
  }
}

struct Tick {
  Steady::time_point when;
  std::string request;
};

void report(std::uint16_t port, const std::vector<Tick>& ticks, Times& times) {
  Line line(port);
  for (const Tick& tick : ticks) {
    std::this_thread::sleep_until(tick.when);
    const auto sent = Steady::now();
    line.send(tick.request);
    const base::EntryIndex index = index_in(line.answer());
    const std::lock_guard lock(times.mutex);
    times.sent.emplace(index.value, sent);
  }
}

/// Every batch of one key, signed before it is needed: units in turn, each once a second.
std::vector<Tick> ticks_of(std::uint16_t port, Pen& pen, std::size_t number, base::EntryIndex agreement,
                           const LiveAlertEffort& effort, base::Instant start, Steady::time_point start_steady) {
  const std::size_t own = effort.fixes_per_second / kPens, each = own / kBatchesASecond;
  const bool blue = pen.key().name().starts_with("blue");
  std::vector<Tick> ticks;
  for (std::size_t n = 0; n < effort.seconds * kBatchesASecond; ++n) {
    const auto offset = base::Millis::from_ms(static_cast<std::int64_t>(n * 1000 / kBatchesASecond + number * 10));
    std::vector<model::Position> batch;
    for (std::size_t i = 0; i < each; ++i)
      batch.push_back(fix_of(number * own + n % kBatchesASecond * each + i, blue ? "b" : "r", start + offset, start));
    ticks.push_back(
        {start_steady + std::chrono::milliseconds(offset.ms()),
         filing(port, pen.line(model::EntryKind::positions_reported, must(model::encode_positions(batch)), {}, {agreement}))});
  }
  return ticks;
}

/// Milliseconds from the batch that an alert follows to the alert on the stream; those of the first seconds are left out.
std::vector<double> latencies_of(const Times& times, Steady::time_point from) {
  std::vector<double> found;
  for (const auto& [index, alerted] : times.alerted) {
    auto batch = times.sent.lower_bound(index);
    if (batch == times.sent.begin()) continue;
    --batch;
    if (batch->second >= from) found.push_back(std::chrono::duration<double, std::milli>(alerted - batch->second).count());
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

LiveAlertFigures measure_live_alert(const LiveAlertEffort& effort) {
  const TemporaryFolder folder(effort.folder);
  House house(folder.path);
  std::vector<Pen> pens;
  for (std::size_t i = 0; i < kPens; ++i) pens.emplace_back(fmt::format("{}/feed-{}", i % 2 == 0 ? "blue" : "red", i));
  const base::EntryIndex agreement = found(house.port(), pens);
  // All is signed before the first is sent: 3 s for 15 s of it on the machine that this was written on.
  const base::Millis ahead = base::Millis::from_seconds(static_cast<std::int64_t>(2 + effort.seconds / 2));
  const base::Instant start = net::SystemClock().now() + ahead;
  const Steady::time_point start_steady = Steady::now() + std::chrono::milliseconds(ahead.ms());
  std::vector<std::vector<Tick>> ticks;
  for (std::size_t i = 0; i < kPens; ++i)
    ticks.push_back(ticks_of(house.port(), pens[i], i, agreement, effort, start, start_steady));
  if (Steady::now() > start_steady) throw std::runtime_error("signing took longer than was set aside for it");

  Times times;
  std::atomic<bool> over = false;
  std::vector<std::thread> listeners, reporters;
  for (std::size_t i = 0; i < 2; ++i)
    listeners.emplace_back(
        [&times, &over, client = session_of(house.port(), pens[i].key())]() mutable { listen(std::move(client), times, over); });
  std::this_thread::sleep_until(start_steady);
  const double cpu = house.cpu_seconds();
  for (const auto& each : ticks) reporters.emplace_back([&] { report(house.port(), each, times); });
  for (std::thread& each : reporters) each.join();
  const double wall = std::chrono::duration<double>(Steady::now() - start_steady).count();
  const double ran = house.cpu_seconds() - cpu;
  std::this_thread::sleep_for(std::chrono::seconds(1));
  over = true;
  for (std::thread& each : listeners) each.join();

  const auto latencies = latencies_of(times, start_steady + std::chrono::seconds(effort.warm_up_s));
  if (latencies.empty()) throw std::runtime_error("no alert was raised");
  const auto at = [&](double share) {
    return latencies[static_cast<std::size_t>(share * static_cast<double>(latencies.size() - 1))];
  };
  LiveAlertFigures figures;
  figures.fixes_per_s = static_cast<double>(effort.fixes_per_second * effort.seconds) / wall;
  figures.alerts = latencies.size();
  figures.p50_ms = at(0.5);
  figures.p99_ms = at(0.99);
  figures.most_ms = latencies.back();
  figures.server_load = ran / wall;
  return figures;
}

std::string to_text(const LiveAlertFigures& f) {
  return fmt::format(
      "fix to alert at {:.0f} fixes/s: {} alerts, p50 {:.1f} ms, p99 {:.1f} ms, most {:.1f} ms; the server ran {:.0f} % of a "
      "core\n",
      f.fixes_per_s, f.alerts, f.p50_ms, f.p99_ms, f.most_ms, f.server_load * 100);
}

std::string to_json(const LiveAlertFigures& f) {
  json::Writer w;
  w.begin_object().key("fixes_per_s").number(f.fixes_per_s).key("alerts").integer(static_cast<std::int64_t>(f.alerts));
  w.key("p50_ms").number(f.p50_ms).key("p99_ms").number(f.p99_ms).key("most_ms").number(f.most_ms);
  return w.key("server_load").number(f.server_load).end_object().take();
}

std::string measure_live_server(bool quick, const std::string& folder) {
  json::Writer w;
  w.begin_object().key("through_http").begin_array();
  for (const bool tracks : {false, true}) {
    LiveHttpEffort effort;
    effort.folder = folder;
    if (quick) effort.batches = 8;
    const auto figures = measure_live_http(tracks, effort);
    std::fputs(to_text(figures).c_str(), stderr);
    w.raw(to_json(figures));
  }
  LiveAlertEffort effort;
  effort.folder = folder;
  if (quick) effort = {.fixes_per_second = 10'000, .seconds = 6, .warm_up_s = 1, .folder = folder};
  const auto figures = measure_live_alert(effort);
  std::fputs(to_text(figures).c_str(), stderr);
  w.end_array().key("fix_to_alert").raw(to_json(figures));
  return w.end_object().take();
}

int run_live_server(const std::vector<std::string>& words) {
  bool as_json = false, quick = false;
  std::string folder;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--json")
      as_json = true;
    else if (words[i] == "--quick")
      quick = true;
    else if (words[i] == "--folder" && i + 1 < words.size())
      folder = words[++i];
    else
      return 2;
  }
  try {
    const std::string object = measure_live_server(quick, folder);
    if (as_json) std::puts(object.c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "wideberth-bench: %s\n", error.what());
    return 1;
  }
}

}  // namespace wideberth::bench
