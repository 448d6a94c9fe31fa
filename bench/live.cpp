#include "live.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

#include "live_encounters.h"
#include "live_feeds.h"
#include "live_http.h"
#include "measure.h"
#include "options.h"
#include "report.h"
#include "watch.h"

namespace wideberth::bench {
namespace {

constexpr const char* kUsage =
    "wideberth-bench live [options]\n"
    "  --json          one object on stdout, nothing else there; the table goes to stderr\n"
    "  --only NAME     one of W2, W2S, W2A, server, feeds; may be given several times\n"
    "  --quick         a hundredth of the units and few fixes: shows that it runs, measures nothing\n"
    "  --cpu-time      counts the time that the process ran, for a machine that does other work (Redis: always what passed)\n"
    "  --alone         without the peers\n"
    "  --seed N        of what is invented (1)\n"
    "  --ships FILE    the AIS minutes of W2A, gzipped NMEA; without it W2A is left out\n";

struct PeerRow {
  std::string name;
  double per_s = 0;
  std::size_t asked = 0, missed = 0;
  double near = 0;
};

struct LiveFigures {
  std::string name, what;
  std::size_t units = 0, fixes = 0;
  double together_per_s = 0, step_p50_ms = 0, step_p99_ms = 0;  ///< whole seconds of fixes in one take()
  double tick_p50_ms = 0, tick_p99_ms = 0;                      ///< of that, proximity alone
  double each_per_s = 0, each_p50_us = 0, each_p99_us = 0;      ///< one fix a take()
  double looked_at = 0, judged = 0;                             ///< pairs a fix
  std::size_t events = 0, alerts = 0, open = 0;
  EncounterFigures encounters{};
  std::vector<PeerRow> peers{};
  std::vector<std::string> left_out{};
};

/// Whole seconds at once, from what sources report to the events.
void measure_together(const LiveWorkload& workload, bool cpu, LiveFigures& figures) {
  live::Live live = new_live(workload);
  std::vector<double> ms;
  std::vector<live::Fix> fixes;
  double total = 0;
  std::size_t counted = 0;
  for (std::size_t s = 0; s < workload.seconds.size(); ++s) {
    const auto& second = workload.seconds[s];
    const Watch watch{cpu};
    fixes.clear();
    for (const RawFix& raw : second) fixes.push_back(fix_of(raw));
    live.take(fixes, received_of(second));
    const auto events = live.drain();
    const double took = watch.seconds();
    for (const live::Event& event : events) {
      ++figures.events;
      const auto* alert = std::get_if<live::AlertEvent>(&event);
      if (alert != nullptr && alert->change == live::AlertChange::raised) ++figures.alerts;
    }
    if (s < warm_up(workload)) continue;
    ms.push_back(took * 1000);
    total += took;
    counted += second.size();
  }
  figures.open = live.open_alerts().size();
  figures.together_per_s = static_cast<double>(counted) / total;
  figures.step_p50_ms = median(ms);
  figures.step_p99_ms = percentile_99(ms);
}

/// Proximity alone, the tracks having taken the fixes.
void measure_tick(const LiveWorkload& workload, bool cpu, LiveFigures& figures) {
  const live::Live named = new_live(workload);  // its units, registered
  live::Proximity proximity{named.proximity().settings(), false};
  live::Tracks tracks{proximity.settings().track};
  std::vector<double> ms;
  double looked_at = 0, judged = 0, moved_in_all = 0;
  for (std::size_t s = 0; s < workload.seconds.size(); ++s) {
    std::vector<live::UnitIndex> moved;
    for (const RawFix& raw : workload.seconds[s])
      if (is_used(tracks.take(named.units(), fix_of(raw), raw.time)) && (moved.empty() || moved.back().value != raw.unit))
        moved.push_back({raw.unit});
    std::sort(moved.begin(), moved.end());
    moved.erase(std::unique(moved.begin(), moved.end()), moved.end());
    const Watch watch{cpu};
    proximity.step(named.units(), tracks, moved, live::Path::together);
    if (s < warm_up(workload)) continue;
    ms.push_back(watch.seconds() * 1000);
    looked_at += static_cast<double>(proximity.looked_at());
    judged += static_cast<double>(proximity.judged());
    moved_in_all += static_cast<double>(moved.size());
  }
  figures.tick_p50_ms = median(ms);
  figures.tick_p99_ms = percentile_99(ms);
  figures.looked_at = looked_at / moved_in_all;
  figures.judged = judged / moved_in_all;
}

/// One fix at a time: the first second that counts for how long each takes, the others for how many a second.
void measure_each(const LiveWorkload& workload, bool cpu, LiveFigures& figures) {
  live::Live live = new_live(workload);
  std::vector<double> us;
  double total = 0;
  std::size_t counted = 0;
  for (std::size_t s = 0; s < workload.seconds.size() && total < 10; ++s) {
    const auto& second = workload.seconds[s];
    const geo::Instant received = received_of(second);
    if (s < warm_up(workload)) {
      for (const RawFix& raw : second) live.take(fix_of(raw), received);
      live.drain();
      continue;
    }
    const bool singly = us.size() < 50'000;
    const Watch watch{cpu};
    for (const RawFix& raw : second) {
      if (!singly) {
        live.take(fix_of(raw), received);
        continue;
      }
      const Watch one{cpu};
      live.take(fix_of(raw), received);
      us.push_back(one.seconds() * 1e6);
    }
    live.drain();
    if (singly && workload.seconds.size() < 100) continue;
    total += watch.seconds();
    counted += second.size();
  }
  figures.each_per_s = static_cast<double>(counted) / std::max(total, 1e-9);
  figures.each_p50_us = median(us);
  figures.each_p99_us = percentile_99(us);
}

/// Where everybody was last: what peers start from.
std::vector<NearPeer::Ask> placed(const LiveWorkload& workload, std::size_t before) {
  std::vector<NearPeer::Ask> at(workload.units.size());
  for (std::uint32_t i = 0; i < at.size(); ++i) at[i].unit = i;
  for (std::size_t s = workload.seconds.size(); s > 0; --s)
    for (const RawFix& raw : workload.seconds[s - 1])
      if (s - 1 < before || at[raw.unit].place == geo::Place{}) at[raw.unit].place = raw.place;
  return at;
}

/// How many of the units that are surely near are not among the answers: what a peer's own earth makes of the edge is let pass.
std::size_t missed_by(const std::vector<geo::Vec3>& at, std::uint32_t unit, double radius_m,
                      const std::vector<std::uint32_t>& answer) {
  std::size_t missed = 0;
  for (std::uint32_t i = 0; i < at.size(); ++i)
    if (i != unit && geo::norm(at[i] - at[unit]) < 0.99 * radius_m && std::find(answer.begin(), answer.end(), i) == answer.end())
      ++missed;
  return missed;
}

PeerRow measure_peer(const LiveWorkload& workload, NearPeer& peer, double seconds, bool cpu) {
  const std::size_t before = warm_up(workload);
  const auto start = placed(workload, before);
  std::vector<geo::Vec3> at;
  for (const auto& one : start) at.push_back(geo::to_ecef(one.place));
  peer.load(start, workload.radius_m);
  PeerRow row{peer.name()};
  std::vector<std::vector<std::uint32_t>> answers;
  double total = 0, near = 0;
  std::vector<NearPeer::Ask> asks;
  for (std::size_t s = before; s < workload.seconds.size() && total < seconds; ++s)
    for (std::size_t i = 0; i < workload.seconds[s].size() && total < seconds;) {
      asks.clear();
      for (; asks.size() < 64 && i < workload.seconds[s].size(); ++i)
        asks.push_back({workload.seconds[s][i].unit, workload.seconds[s][i].place});
      const Watch watch{cpu && !peer.is_outside()};
      peer.ask(asks.data(), asks.size(), answers);
      total += watch.seconds();
      const bool last_of_each = row.asked < 256;
      for (std::size_t k = 0; k < asks.size(); ++k) {
        at[asks[k].unit] = geo::to_ecef(asks[k].place);
        near += static_cast<double>(answers[k].size());
        // A pipelined peer may have moved all 64 first or one after the other: these differ by metres, the edge by 50.
        if (last_of_each) row.missed += missed_by(at, asks[k].unit, workload.radius_m, answers[k]);
      }
      row.asked += asks.size();
    }
  row.per_s = static_cast<double>(row.asked) / total;
  row.near = near / static_cast<double>(row.asked);
  return row;
}

LiveFigures measure_live(const LiveWorkload& workload, const Options& options) {
  LiveFigures figures{workload.name, workload.what, workload.units.size()};
  for (const auto& second : workload.seconds) figures.fixes += second.size();
  measure_together(workload, options.cpu_time, figures);
  measure_tick(workload, options.cpu_time, figures);
  measure_each(workload, options.cpu_time, figures);
  figures.encounters = measure_encounters(workload, options.cpu_time);
  for (const auto make : {make_pair_loop, make_s2, make_redis}) {
    if (options.has("--alone")) break;
    try {
      const auto peer = make();
      figures.peers.push_back(measure_peer(workload, *peer, options.quick ? 0.2 : 3, options.cpu_time));
    } catch (const PeerUnavailable& why) {
      figures.left_out.emplace_back(why.what());
    }
  }
  return figures;
}

std::string to_text(const LiveFigures& f) {
  std::string text = fmt::format(
      "\n{}: {} units, {} fixes; {}\n"
      "  together  {:>10.0f} fixes/s   a second of fixes in {:.2f} ms (p99 {:.2f})   of that the tick {:.2f} ms (p99 {:.2f})\n"
      "  each      {:>10.0f} fixes/s   a fix in {:.2f} us (p99 {:.2f})\n"
      "  {:.1f} pairs looked at and {:.2f} judged a fix; {} events, {} alerts raised, {} open at the end\n",
      f.name, f.units, f.fixes, f.what, f.together_per_s, f.step_p50_ms, f.step_p99_ms, f.tick_p50_ms, f.tick_p99_ms,
      f.each_per_s, f.each_p50_us, f.each_p99_us, f.looked_at, f.judged, f.events, f.alerts, f.open);
  text += to_text(f.encounters);
  for (const PeerRow& p : f.peers)
    text += fmt::format("  {:<16}{:>10.0f} fixes/s   each {:.1f}x, together {:.1f}x   {:.1f} near, {} missed\n", p.name, p.per_s,
                        f.each_per_s / p.per_s, f.together_per_s / p.per_s, p.near, p.missed);
  for (const std::string& why : f.left_out) text += "  left out: " + why + "\n";
  return text;
}

std::string to_json(const std::vector<LiveFigures>& all, const std::string& server, const std::vector<FeedSpeed>& feeds) {
  std::string text = "{";
  for (const LiveFigures& f : all) {
    text += fmt::format(
        "{}\"{}\":{{\"units\":{},\"fixes\":{},\"fixes_per_s\":{:.0f},\"step_p50_ms\":{:.3f},\"step_p99_ms\":{:.3f},\"tick_ms\":{:"
        ".3f},"
        "\"tick_p99_ms\":{:.3f},\"each_fixes_per_s\":{:.0f},\"each_p50_us\":{:.3f},\"each_p99_us\":{:.3f},\"pairs_looked_at\":{:."
        "2f},"
        "\"pairs_judged\":{:.3f},\"alerts\":{},\"encounters\":{},\"peers\":{{",
        &f == all.data() ? "" : ",", f.name, f.units, f.fixes, f.together_per_s, f.step_p50_ms, f.step_p99_ms, f.tick_p50_ms,
        f.tick_p99_ms, f.each_per_s, f.each_p50_us, f.each_p99_us, f.looked_at, f.judged, f.alerts, to_json(f.encounters));
    for (const PeerRow& p : f.peers)
      text += fmt::format("{}\"{}\":{{\"fixes_per_s\":{:.0f},\"ratio\":{:.2f},\"ratio_together\":{:.2f},\"missed\":{}}}",
                          &p == f.peers.data() ? "" : ",", p.name, p.per_s, f.each_per_s / p.per_s, f.together_per_s / p.per_s,
                          p.missed);
    text += "}}";
  }
  if (!server.empty()) text += (all.empty() ? "\"server\":" : ",\"server\":") + server;
  if (!feeds.empty()) text += (all.empty() && server.empty() ? "\"feeds\":" : ",\"feeds\":") + to_json(feeds);
  return text + "}\n";
}

}  // namespace

live::Live new_live(const LiveWorkload& workload, bool encounters) {
  live::Live::Options options;
  options.settings = live::settings_of(live::PairLimits{.reach_m = workload.radius_m});
  options.encounters = encounters;
  live::Live live{std::move(options)};
  for (const live::Unit& unit : workload.units)
    if (!live.units().add(unit)) throw std::runtime_error("too many units");
  for (std::uint32_t i = 0; i < workload.units.size(); ++i)
    if (workload.movements[i]) live.watcher().assign({i}, live.watcher().add(workload.movements[i]));
  return live;
}

live::Fix fix_of(const RawFix& raw) { return *live::make_fix({raw.unit}, raw.time, raw.place, raw.said); }

geo::Instant received_of(const std::vector<RawFix>& second) {
  geo::Instant last = second.front().time;
  for (const RawFix& raw : second) last = std::max(last, raw.time);
  return last;
}

std::size_t warm_up(const LiveWorkload& workload) { return std::min<std::size_t>(3, workload.seconds.size() / 2); }

int run_live(const std::vector<std::string>& words) {
  const auto options = parse_options(words, {"--alone"}, {"--ships"});
  if (!options) {
    std::fputs(kUsage, stderr);
    return 2;
  }
  const auto say = [&](const std::string& text) {
    std::fputs(text.c_str(), options->json ? stderr : stdout);
    std::fflush(options->json ? stderr : stdout);
  };
  say(machine(pin()));
  if (options->cpu_time) say("times are those that the process ran (--cpu-time); Redis's are what passed\n");
  const std::size_t units = options->quick ? 1'000 : 100'000, seconds = options->quick ? 5 : 14;
  std::vector<LiveFigures> all;
  const auto take = [&](const LiveWorkload& workload) {
    all.push_back(measure_live(workload, *options));
    say(to_text(all.back()));
  };
  if (options->wants("W2")) take(invent_live(Lie::evenly, units, seconds, options->seed));
  if (options->wants("W2S")) take(invent_live(Lie::roads, units, seconds, options->seed));
  const std::string ships = options->value("--ships");
  if (options->wants("W2A") && !ships.empty()) take(read_ships_live(ships));
  if (options->wants("W2A") && ships.empty()) say("W2A: left out: no AIS minutes were named (--ships)\n");
  unpin();  // the server and its client choose their own cores
  const std::string server = options->wants("server") ? measure_live_server(options->quick, {}) : "";
  std::vector<FeedSpeed> feeds;
  if (options->wants("feeds")) {
    const auto folder = ships.rfind('/');
    feeds = measure_feeds(folder == std::string::npos ? "" : ships.substr(0, folder), options->quick ? 0.05 : 2);
    say("\n" + to_text(feeds));
  }
  if (options->json) std::fputs(to_json(all, server, feeds).c_str(), stdout);
  return 0;
}

}  // namespace wideberth::bench
