#include "measure.h"

#include <malloc.h>
#include <sched.h>
#include <time.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "over_http.h"

namespace wideberth::bench {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

std::optional<cpu_set_t> every_core;

double now_us(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) * 1e-3;
}

clockid_t clock_of(const Engine& engine, const Effort& effort) {
  return effort.cpu_time && !engine.is_outside() ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC;
}

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

// `search` answers one question and says how many were found. Stops early where `seconds` are over, but not before `kLeast`.
template <class Search>
Timed ask(const Round& round, std::size_t searches, double seconds, clockid_t clock, const Search& search) {
  constexpr std::size_t kLeast = 5;
  // Searches that nobody counts: those of the other end of what is asked.
  for (std::size_t i = 1; i <= 200 && i * 50 < searches; ++i) search(round.at(round.asked.size() - i));
  Timed timed;
  timed.us.reserve(searches);
  const auto begin = Clock::now();
  for (std::size_t i = 0; i < searches; ++i) {
    const Movement& asked = round.at(i);
    const double before = now_us(clock);
    const std::size_t found = search(asked);
    timed.us.push_back(now_us(clock) - before);
    timed.answers += found;
    if (i >= kLeast && seconds_since(begin) > seconds) break;
  }
  return timed;
}

Timed ask_all(Engine& engine, const Round& round, std::size_t searches, const Effort& effort) {
  return ask(round, searches, effort.peer_seconds, clock_of(engine, effort),
             [&](const Movement& asked) { return engine.ask(asked).size(); });
}
Timed ask_which(Engine& engine, const Round& round, std::size_t searches, const Effort& effort) {
  return ask(round, searches, effort.peer_seconds, clock_of(engine, effort),
             [&](const Movement& asked) { return engine.which(asked).size(); });
}

// The p50 of theirs by that of the same searches of ours.
double ratio(const Timed& theirs, const Timed& ours) {
  const auto asked = static_cast<std::ptrdiff_t>(std::min(theirs.us.size(), ours.us.size()));
  return median({theirs.us.begin(), theirs.us.begin() + asked}) / median({ours.us.begin(), ours.us.begin() + asked});
}

struct Loaded {
  double seconds = 0;
  double heap_bytes = 0;  // held after loading and not before, all of this process
};
Loaded load(Engine& engine, const Workload& workload, const Effort& effort) {
  const double heap = heap_in_use(), begin = now_us(clock_of(engine, effort));
  engine.load(workload);
  return {(now_us(clock_of(engine, effort)) - begin) * 1e-6, heap_in_use() - heap};
}

struct Peer {
  std::unique_ptr<Engine> engine;
  std::vector<double> p50, ratios, which_p50, which_ratios;
  Timed last;  // of the round at hand
};

std::vector<Peer> load_peers(const Workload& workload, const std::vector<MakeEngine>& make, const Effort& effort,
                             Figures& figures) {
  std::vector<Peer> peers;
  for (const MakeEngine maker : make) try {
      Peer peer{maker(), {}, {}, {}, {}, {}};
      const Loaded loaded = load(*peer.engine, workload, effort);
      figures.peers.push_back(
          {.name = peer.engine->name(),
           .build_legs_per_s = loaded.seconds > 1e-4 ? static_cast<double>(workload.pieces) / loaded.seconds : 0});
      peers.push_back(std::move(peer));
    } catch (const Unavailable& unavailable) {
      figures.left_out.emplace_back(unavailable.what());
    }
  return peers;
}

std::size_t compare(Engine& ours, Engine& peer, const Round& round, std::size_t searches) {
  std::size_t differ = 0;
  for (std::size_t i = 0; i < searches; ++i) {
    const std::vector<Answer> answers = ours.ask(round.at(i));
    std::vector<std::uint32_t> numbers;
    for (const Answer& answer : answers) numbers.push_back(answer.filed);
    differ += same(answers, peer.ask(round.at(i))) && numbers == ours.which(round.at(i)) ? 0U : 1U;
  }
  return differ;
}

/// The index over HTTP, asked what the round asks, after the peers.
class Door {
 public:
  Door(const Workload& workload, conflict::Index index, OverHttp::Cores cores, const std::vector<Peer>& peers)
      : over_{workload, std::move(index), cores} {
    figures_.name = cores == OverHttp::Cores::two ? "over_http" : "over_http_one_core";
    for (const Peer& peer : peers)
      if (peer.engine->is_outside()) figures_.peers.push_back({.name = peer.engine->name()});
    ratios_.resize(figures_.peers.size());
  }

  void take_turn(const Round& round, std::size_t searches, const std::vector<Peer>& peers, const Effort& effort) {
    const Timed mine = ask(round, searches, effort.peer_seconds, CLOCK_MONOTONIC,
                           [&](const Movement& asked) { return over_.ask(asked).size(); });
    p50_.push_back(median(mine.us));
    p99_.push_back(percentile_99(mine.us));
    figures_.requests += mine.us.size();
    bytes_ += mine.answers;
    std::size_t outside = 0;
    for (const Peer& peer : peers)
      if (peer.engine->is_outside()) ratios_[outside++].push_back(ratio(peer.last, mine));
  }

  /// Byte by byte with what the index says in this process.
  std::size_t differing(Engine& ours, const Round& round, std::size_t searches) {
    std::size_t differ = 0;
    for (std::size_t i = 0; i < searches; ++i) differ += to_json(ours.ask(round.at(i))) == over_.ask(round.at(i)) ? 0U : 1U;
    return differ;
  }

  DoorFigures figures() const {
    DoorFigures all = figures_;
    all.p50_us = median(p50_);
    all.p99_us = median(p99_);
    all.answer_bytes = static_cast<double>(bytes_) / static_cast<double>(all.requests);
    for (std::size_t i = 0; i < ratios_.size(); ++i) all.peers[i].ratio_p50 = median(ratios_[i]);
    return all;
  }

 private:
  OverHttp over_;
  DoorFigures figures_;
  std::vector<double> p50_, p99_;
  std::vector<std::vector<double>> ratios_;
  std::size_t bytes_ = 0;
};

std::vector<std::unique_ptr<Door>> open_doors(const Workload& workload, const std::vector<Peer>& peers, Figures& figures) {
  std::vector<std::unique_ptr<Door>> doors;
  const conflict::Index index = index_of(workload);
  for (const auto cores : {OverHttp::Cores::two, OverHttp::Cores::one}) try {
      doors.push_back(std::make_unique<Door>(workload, index, cores, peers));
    } catch (const Unavailable& unavailable) {
      figures.left_out.emplace_back(unavailable.what());
    }
  return doors;
}

/// Asks every peer what the round asks, and notes its times beside those of the index.
void ask_peers(std::vector<Peer>& peers, const Round& round, const Timed& mine, const Timed& mine_which, const Effort& effort,
               Figures& figures) {
  for (std::size_t i = 0; i < peers.size(); ++i) {
    Peer& peer = peers[i];
    peer.last = ask_all(*peer.engine, round, mine.us.size(), effort);
    const Timed theirs_which = ask_which(*peer.engine, round, mine_which.us.size(), effort);
    peer.p50.push_back(median(peer.last.us));
    peer.ratios.push_back(ratio(peer.last, mine));
    peer.which_p50.push_back(median(theirs_which.us));
    peer.which_ratios.push_back(ratio(theirs_which, mine_which));
    figures.peers[i].searches += peer.last.us.size();
  }
}

/// The last of every_core; -1 where the system refuses or nothing was pinned.
int pin_to_last() {
  if (!every_core) return -1;
  cpu_set_t cores;
  std::size_t last = 0;
  for (std::size_t core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &*every_core)) last = core;
  CPU_ZERO(&cores);
  CPU_SET(last, &cores);
  return sched_setaffinity(0, sizeof cores, &cores) == 0 ? static_cast<int>(last) : -1;
}

}  // namespace

int pin() {
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) return -1;
  every_core = cores;
  return pin_to_last();
}

void unpin() {
  if (every_core) sched_setaffinity(0, sizeof *every_core, &*every_core);
}

OnAnotherCore::OnAnotherCore() {
  cpu_set_t here;
  if (!every_core || sched_getaffinity(0, sizeof here, &here) != 0) return;
  cpu_set_t others;
  CPU_ZERO(&others);
  for (std::size_t core = 0; core < CPU_SETSIZE; ++core)
    if (CPU_ISSET(core, &*every_core) && !CPU_ISSET(core, &here)) CPU_SET(core, &others);
  if (CPU_COUNT(&others) > 0) sched_setaffinity(0, sizeof others, &others);
}

OnAnotherCore::~OnAnotherCore() { pin_to_last(); }

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

Figures measure(const Workload& workload, const std::vector<MakeEngine>& make_peers, const Effort& effort, bool over_http) {
  Figures figures;
  figures.workload = workload.name;
  figures.movements = workload.filed.size();
  const auto ours = make_index();
  const Loaded loaded = load(*ours, workload, effort);
  figures.build_legs_per_s = static_cast<double>(workload.pieces) / loaded.seconds;
  figures.bytes_per_movement = loaded.heap_bytes / static_cast<double>(workload.filed.size());
  std::vector<Peer> peers = load_peers(workload, make_peers, effort, figures);
  std::vector<std::unique_ptr<Door>> doors;
  if (over_http) doors = open_doors(workload, peers, figures);

  std::vector<double> p50, p99, which_p50;
  std::size_t answers = 0;
  for (int r = 0; r < effort.rounds; ++r) {
    const Round round{workload.asked, static_cast<std::size_t>(r) * effort.searches};
    const Timed mine = ask_all(*ours, round, effort.searches, effort);
    const Timed mine_which = ask_which(*ours, round, effort.searches, effort);
    p50.push_back(median(mine.us));
    p99.push_back(percentile_99(mine.us));
    which_p50.push_back(median(mine_which.us));
    answers += mine.answers;
    figures.searches += mine.us.size();
    ask_peers(peers, round, mine, mine_which, effort, figures);
    for (const auto& door : doors) door->take_turn(round, effort.searches, peers, effort);
    if (r > 0) continue;
    for (const Peer& peer : peers)
      figures.disagreements += compare(*ours, *peer.engine, round, std::min<std::size_t>(peer.last.us.size(), 500));
    for (const auto& door : doors)
      figures.disagreements += door->differing(*ours, round, std::min<std::size_t>(effort.searches, 2'000));
  }
  figures.p50_us = median(p50);
  figures.p99_us = median(p99);
  figures.which_p50_us = median(which_p50);
  figures.answers_per_search = static_cast<double>(answers) / static_cast<double>(figures.searches);
  for (std::size_t i = 0; i < peers.size(); ++i) {
    figures.peers[i].p50_us = median(peers[i].p50);
    figures.peers[i].ratio_p50 = median(peers[i].ratios);
    figures.peers[i].which_p50_us = median(peers[i].which_p50);
    figures.peers[i].which_ratio_p50 = median(peers[i].which_ratios);
  }
  for (const auto& door : doors) figures.over_http.push_back(door->figures());
  return figures;
}

}  // namespace wideberth::bench
