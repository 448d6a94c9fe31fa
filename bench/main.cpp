// wideberth-bench: the figures of docs/performance.md. See bench/README.md.
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string_view>

#include "desk.h"
#include "live.h"
#include "live_feeds.h"
#include "live_http.h"
#include "options.h"
#include "report.h"

namespace wideberth::bench {
namespace {

constexpr const char* kUsage =
    "wideberth-bench live [options]: its own --help; or\n"
    "wideberth-bench conflict [options]\n"
    "  --json              one object on stdout, nothing else there; the table goes to stderr\n"
    "  --only NAME         one of W1, W1M, W1S, W1G, kernel, insert, growth; may be given several times\n"
    "  --quick             a hundredth of the movements and few searches: shows that it runs, measures nothing\n"
    "  --cpu-time          counts the time that the process ran, for a busy machine; adds about 0.2 us a search\n"
    "  --seed N            of what is invented (1)\n"
    "  --gtfs FILE         the timetable of W1G, a GTFS archive; without it W1G is left out\n"
    "  --svg FILE          where the picture of the growth goes\n"
    "  --without-postgis   leaves out that peer\n"
    "wideberth-bench feeds [--json] [--quick] [--data DIR]\n"
    "wideberth-bench live-server [--json] [--quick] [--folder DIR]\n"
    "  positions through the whole server, and from a fix to its alert; the log goes to DIR (of a real disk)\n"
    "wideberth-bench desk [--json] [--quick] [--seed N] [--folder DIR]\n"
    "  a restart with 100,000 entries, an inbox of 10,000, 340 notices; logs in DIR are used again\n";

std::optional<Options> parse(const std::vector<std::string>& words) {
  if (words.empty() || words[0] != "conflict") return {};
  return parse_options({words.begin() + 1, words.end()}, {"--without-postgis"}, {"--gtfs", "--svg"});
}

class Run {
 public:
  explicit Run(Options options) : options_{std::move(options)}, effort_{} {
    if (options_.quick) effort_ = {.rounds = 2, .searches = 50, .peer_seconds = 0.2};
    effort_.cpu_time = options_.cpu_time;
  }

  int go() {
    say(machine(pin()));
    if (options_.cpu_time) say("times are those that the process ran (--cpu-time); PostGIS's are what passed\n");
    if (options_.wants("kernel")) say(to_text(measure_kernels(options_.seed)));
    if (options_.wants("insert")) say(to_text(measure_inserts(size(1'000'000), options_.seed)));
    towns();
    if (options_.wants("W1S")) {
      const auto filed = invent(Spread::crowd, size(200'000), options_.seed);
      const auto asked = invent(Spread::crowd, kAsked, options_.seed + 1);
      take(Workload{"W1S", filed, asked, kSeparation}, {make_rtree, make_brute_force});
    }
    if (options_.wants("W1G")) timetable();
    if (options_.json) std::fputs(to_json(all_).c_str(), stdout);
    return differ_ ? 1 : 0;
  }

 private:
  static constexpr std::size_t kAsked = 20'200;  // of five rounds, and some to warm up with
  static constexpr geo::Metres kSeparation = geo::Metres::from_metres(1'000);

  std::size_t size(std::size_t count) const { return options_.quick ? count / 100 : count; }
  void say(const std::string& text) const {
    std::fputs(text.c_str(), options_.json ? stderr : stdout);
    std::fflush(options_.json ? stderr : stdout);
  }
  void take(const Workload& workload, const std::vector<MakeEngine>& peers, bool over_http = false) {
    all_.push_back(measure(workload, peers, effort_, over_http));
    differ_ |= all_.back().disagreements > 0;
    say(to_text(all_.back()));
  }

  // W1, W1M and the growth are the first so many movements of one seed.
  void towns() {
    const bool large = options_.wants("W1M") || options_.wants("growth");
    if (!large && !options_.wants("W1")) return;
    const auto count = size(large ? 1'000'000 : 200'000);
    const auto made = invent(Spread::towns, count + kAsked, options_.seed);
    const std::span<const Movement> every{made.data(), count}, asked{made.data() + count, kAsked};
    if (options_.wants("W1")) {
      std::vector<MakeEngine> peers{make_rtree, make_brute_force};
      if (!options_.has("--without-postgis")) peers.push_back(make_postgis);
      take(Workload{"W1", every.first(size(200'000)), asked, kSeparation}, peers, true);
    }
    if (options_.wants("W1M")) take(Workload{"W1M", every, asked, kSeparation}, {make_rtree, make_brute_force});
    if (options_.wants("growth")) growth(every, asked);
  }

  void growth(std::span<const Movement> every, std::span<const Movement> asked) {
    std::vector<Figures> steps;
    for (const std::size_t count : {10'000U, 30'000U, 100'000U, 300'000U, 1'000'000U}) {
      const Workload workload{"growth", every.first(size(count)), asked, kSeparation};
      steps.push_back(measure(workload, {make_rtree}, effort_));
      differ_ |= steps.back().disagreements > 0;
    }
    say(growth_text(steps));
    if (options_.value("--svg").empty()) return;
    std::ofstream file{options_.value("--svg")};
    file << to_svg(steps);
    if (!file.flush()) say(fmt::format("cannot write {}\n", options_.value("--svg")));
  }

  void timetable() {
    if (options_.value("--gtfs").empty()) return say("W1G: left out: no timetable was named (--gtfs)\n");
    std::vector<Movement> trips;
    try {
      trips = read_timetable(options_.value("--gtfs"));
    } catch (const std::runtime_error& error) {
      return say(fmt::format("W1G: left out: {}\n", error.what()));
    }
    take(Workload{"W1G", trips, trips, geo::Metres::from_metres(200)}, {make_rtree, make_brute_force});
  }

  Options options_;
  Effort effort_;
  std::vector<Figures> all_;
  bool differ_ = false;
};

}  // namespace
}  // namespace wideberth::bench

int main(int count, char** words) {
  if (count > 1 && std::string_view{words[1]} == "live") {
    try {
      return wideberth::bench::run_live({words + 2, words + count});
    } catch (const std::exception& error) {
      std::fprintf(stderr, "wideberth-bench: %s\n", error.what());
      return 1;
    }
  }
  if (count > 1 && std::string_view(words[1]) == "feeds") return wideberth::bench::run_feeds({words + 1, words + count});
  const auto options = wideberth::bench::parse({words + 1, words + count});
  if (!options) {
    if (count > 1 && words[1] == std::string_view("live-server"))
      return wideberth::bench::run_live_server({words + 2, words + count});
    if (count > 1 && words[1] == std::string_view("desk")) return wideberth::bench::run_desk({words + 2, words + count});
    std::fputs(wideberth::bench::kUsage, stderr);
    return 2;
  }
  try {
    return wideberth::bench::Run{*options}.go();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "wideberth-bench: %s\n", error.what());
    return 1;
  }
}
