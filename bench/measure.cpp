#include "measure.h"

#include <malloc.h>
#include <sched.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

namespace wideberth::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

std::optional<cpu_set_t> every_core;

double heap_in_use() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
}

// The searches of one round: a stretch of what is asked, begun anew at the end.
struct Round {
  std::span<const Movement> asked;
  std::size_t begin = 0;
  const Movement& at(std::size_t i) const { return asked[(begin + i) % asked.size()]; }
};

bool same(const std::vector<Answer>& a, const std::vector<Answer>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Answer& x, const Answer& y) {
    return x.filed == y.filed && x.meeting.kind == y.meeting.kind && x.meeting.delay_set == y.meeting.delay_set;
  });
}

struct Timed {
  std::vector<double> us;
  std::size_t answers = 0;
};

// Stops early where `seconds` are over, but not before `kLeast` searches.
Timed ask(Engine& engine, const Round& round, std::size_t searches, double seconds) {
  constexpr std::size_t kLeast = 5;
  // Searches that nobody counts: those of the other end of what is asked.
  for (std::size_t i = 1; i <= std::min<std::size_t>(searches / 10, 200) && i * 50 < searches; ++i)
    engine.ask(round.at(round.asked.size() - i));
  Timed timed;
  timed.us.reserve(searches);
  const auto begin = Clock::now();
  for (std::size_t i = 0; i < searches; ++i) {
    const Movement& asked = round.at(i);
    const auto before = Clock::now();
    const std::vector<Answer> answers = engine.ask(asked);
    timed.us.push_back(1e6 * seconds_since(before));
    timed.answers += answers.size();
    if (i >= kLeast && seconds_since(begin) > seconds) break;
  }
  return timed;
}

struct Peer {
  std::unique_ptr<Engine> engine;
  std::vector<double> p50, ratios;
};

std::vector<Peer> load_peers(const Workload& workload, const std::vector<MakeEngine>& make, Figures& figures) {
  std::vector<Peer> peers;
  for (const MakeEngine maker : make) try {
      Peer peer{maker(), {}, {}};
      const Loaded loaded = load(*peer.engine, workload);
      figures.peers.push_back(
          {.name = peer.engine->name(), .build_legs_per_s = static_cast<double>(workload.pieces) / loaded.seconds});
      peers.push_back(std::move(peer));
    } catch (const Unavailable& unavailable) {
      figures.left_out.emplace_back(unavailable.what());
    }
  return peers;
}

std::size_t compare(Engine& ours, Engine& peer, const Round& round, std::size_t searches) {
  std::size_t differ = 0;
  for (std::size_t i = 0; i < searches; ++i) differ += same(ours.ask(round.at(i)), peer.ask(round.at(i))) ? 0U : 1U;
  return differ;
}

}  // namespace

int pin() {
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) return -1;
  every_core = cores;
  std::size_t last = 0;
  for (std::size_t core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &cores)) last = core;
  CPU_ZERO(&cores);
  CPU_SET(last, &cores);
  return sched_setaffinity(0, sizeof cores, &cores) == 0 ? static_cast<int>(last) : -1;
}

void unpin() {
  if (every_core) sched_setaffinity(0, sizeof *every_core, &*every_core);
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

double percentile_99(std::vector<double> values) {
  const auto rank = static_cast<std::size_t>(std::ceil(0.99 * static_cast<double>(values.size())));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(std::max<std::size_t>(rank, 1) - 1);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

Loaded load(Engine& engine, const Workload& workload) {
  const double before = heap_in_use();
  const auto begin = Clock::now();
  engine.load(workload);
  const double seconds = seconds_since(begin);
  return {seconds, heap_in_use() - before};
}

Figures measure(const Workload& workload, const std::vector<MakeEngine>& make_peers, const Effort& effort) {
  Figures figures;
  figures.workload = workload.name;
  figures.movements = workload.filed.size();
  const auto ours = make_index();
  const Loaded loaded = load(*ours, workload);
  figures.build_legs_per_s = static_cast<double>(workload.pieces) / loaded.seconds;
  figures.bytes_per_movement = loaded.heap_bytes / static_cast<double>(workload.filed.size());
  std::vector<Peer> peers = load_peers(workload, make_peers, figures);

  std::vector<double> p50, p99;
  std::size_t answers = 0;
  for (int r = 0; r < effort.rounds; ++r) {
    const Round round{workload.asked, static_cast<std::size_t>(r) * effort.searches};
    const Timed mine = ask(*ours, round, effort.searches, effort.peer_seconds);
    p50.push_back(median(mine.us));
    p99.push_back(percentile_99(mine.us));
    answers += mine.answers;
    figures.searches += mine.us.size();
    for (std::size_t i = 0; i < peers.size(); ++i) {
      const Timed theirs = ask(*peers[i].engine, round, mine.us.size(), effort.peer_seconds);
      const std::size_t asked = theirs.us.size();
      peers[i].p50.push_back(median(theirs.us));
      peers[i].ratios.push_back(peers[i].p50.back() /
                                median({mine.us.begin(), mine.us.begin() + static_cast<std::ptrdiff_t>(asked)}));
      figures.peers[i].searches += asked;
      if (r == 0) figures.disagreements += compare(*ours, *peers[i].engine, round, std::min<std::size_t>(asked, 500));
    }
  }
  figures.p50_us = median(p50);
  figures.p99_us = median(p99);
  figures.answers_per_search = static_cast<double>(answers) / static_cast<double>(figures.searches);
  for (std::size_t i = 0; i < peers.size(); ++i) {
    figures.peers[i].p50_us = median(peers[i].p50);
    figures.peers[i].ratio_p50 = median(peers[i].ratios);
  }
  return figures;
}

}  // namespace wideberth::bench
