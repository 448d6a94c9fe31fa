#include "desk.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <stdexcept>

#include "desk_log.h"
#include "engine/engine.h"
#include "json/reader.h"
#include "json/writer.h"
#include "ledger/hash.h"
#include "live_house.h"
#include "model/disclosure.h"
#include "net/system.h"
#include "options.h"
#include "report.h"
#include "store/sqlite.h"

namespace wideberth::bench {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kRounds = 5;
/// The most that a server at work writes before the state is kept again (engine::Limits::carry_every, four times).
constexpr std::uint64_t kLongestTail = 4 * engine::Limits{}.carry_every;

template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error(to_text(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

double ms_since(Steady::time_point begun) { return std::chrono::duration<double, std::milli>(Steady::now() - begun).count(); }

double median(std::vector<double> of) {
  std::sort(of.begin(), of.end());
  return of[of.size() / 2];
}

/// All in milliseconds.
struct DeskFigures {
  std::uint64_t entries = 0;
  double carried = 0, after_kill = 0, folded = 0;  ///< from the beginning of the process to its first answer
  double stopping = 0;
  std::uint64_t notices = 0;
  double inbox = 0;        ///< one request for all of them, until its last byte is here
  double inbox_cpu = 0;    ///< that the server ran for it
  double inbox_read = 0;   ///< and until it is read as JSON
  double inbox_whole = 0;  ///< and all else that `wideberth inbox` asks
  std::size_t inbox_bytes = 0;
  std::size_t filed = 0;
  double filing = 0;  ///< from signing the first to the last receipt
};

class Run {
 public:
  Run(Options options, fs::path folder) : options_{std::move(options)}, folder_{std::move(folder)} {}

  DeskFigures go() {
    const auto now = net::SystemClock().now();
    const std::uint64_t entries = options_.quick ? 2'000 : 100'000, notices = options_.quick ? 200 : 10'000;
    const fs::path desk = folder_ / "desk", inbox = folder_ / "inbox";
    if (!fs::exists(desk / "log.db")) tell("desk", make_desk_log(desk, entries, options_.seed, now));
    if (!fs::exists(inbox / "log.db")) tell("inbox", make_inbox_log(inbox, notices, options_.seed, now));
    if (options_.wants("restart")) restarts(desk);
    if (options_.wants("inbox")) read_inbox(inbox);
    if (options_.wants("filing")) file_morning(desk);
    return figures_;
  }

 private:
  void tell(const char* name, const DeskLog& log) const {
    std::string kinds;
    for (const auto& [kind, count] : log.kinds) kinds += fmt::format(" {} {},", count, kind);
    fmt::print(stderr, "{}: {} entries, {:.0f} MB, made in {:.1f} s:{}\n", name, log.entries,
               static_cast<double>(log.bytes) / 1e6, log.made_s, kinds);
  }

  /// From the beginning of the process to its first answer, over HTTP; then it is stopped.
  double restart(const fs::path& desk) {
    const auto begun = Steady::now();
    double served = 0;
    Steady::time_point stop;
    {
      const House house(desk, false);
      Line line(house.port());
      line.send("GET /log/checkpoint HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
      line.answer();
      served = ms_since(begun);
      stop = Steady::now();
    }
    figures_.stopping = ms_since(stop);
    return served;
  }

  /// The state as it was so many entries before the end: as a server that is killed leaves it at worst.
  void carry(const fs::path& desk, std::uint64_t tail) {
    const auto store = must(store::open_sqlite(desk / "log.db", store::Mode::write));
    const std::uint64_t size = must(store->head()).size;
    figures_.entries = size;
    const core::State state = must(engine::fold_to(*store, base::EntryIndex{size - std::min(size - 1, tail) - 1}));
    const auto sealed = engine::seal(state, bench_key(kHouseOrigin));
    if (!sealed) throw std::runtime_error("no state is kept on this system");
    must(store->put_cache(*sealed));
  }

  void restarts(const fs::path& desk) {
    fs::remove(desk / "log.db-state");
    figures_.folded = restart(desk);
    std::vector<double> killed, carried;
    for (std::size_t round = 0; round < 3; ++round) {
      carry(desk, kLongestTail);
      killed.push_back(restart(desk));
    }
    carry(desk, 0);
    for (std::size_t round = 0; round < kRounds; ++round) carried.push_back(restart(desk));
    figures_.after_kill = median(killed);
    figures_.carried = median(carried);
  }

  /// The pages of a list; how many bytes they were.
  static std::size_t pages(client::Client& client, const std::string& path, http::Fields query = {}) {
    std::size_t bytes = 0;
    for (std::string after;;) {
      http::Fields asked = query;
      if (!after.empty()) asked.emplace_back("after", after);
      const auto answer = must(client.get(path, asked));
      bytes += answer.body.size();
      const auto tree = must(answer.as_json());
      const auto next = json::Reader(tree).find("next");
      if (!next || next->is_null()) return bytes;
      after = std::string(must(next->string(64)));
    }
  }

  void read_inbox(const fs::path& folder) {
    const House house(folder, false);
    client::Client red = session_of(house.port(), bench_key("red/ops"));
    const http::Fields brief = {{"standing", "standing"}, {"brief", "true"}, {"count", "10000"}};
    std::vector<double> got, cpu, read, whole;
    for (std::size_t round = 0; round < 15; ++round) {
      const auto begun = Steady::now();
      const double ran = house.cpu_seconds();
      const auto answer = must(red.get("/v1/movements", brief));
      got.push_back(ms_since(begun));
      cpu.push_back((house.cpu_seconds() - ran) * 1000);
      const auto tree = must(answer.as_json());
      read.push_back(ms_since(begun));
      figures_.inbox_bytes = answer.body.size();
      figures_.notices = must(must(json::Reader(tree).member("movements")).elements(0, 10'000)).size();
      pages(red, "/v1/agreements");
      pages(red, "/v1/deadlines");
      pages(red, "/v1/conflicts");
      whole.push_back(ms_since(begun));
    }
    figures_.inbox = median(got);
    figures_.inbox_cpu = median(cpu);
    figures_.inbox_read = median(read);
    figures_.inbox_whole = median(whole);
  }

  /// Blue files a morning's movements in one request, into the log of the restart.
  void file_morning(const fs::path& desk) {
    const House house(desk, false);
    client::Client blue = session_of(house.port(), bench_key("blue/ops"));
    const auto keys = must(must(blue.get("/v1/keys")).as_json());
    Pen pen("blue/ops");
    for (const json::Reader& each : must(must(json::Reader(keys).member("keys")).elements(0, 100)))
      if (must(must(each.member("name")).string(255)) == "blue/ops")
        pen.resume(static_cast<std::uint64_t>(must(must(each.member("next_number")).integer(1, std::int64_t{1} << 53))) - 1,
                   must(ledger::hash_from_base64(must(must(each.member("last_text")).string(64)))));
    const auto agreements = must(must(blue.get("/v1/agreements")).as_json());
    const auto first = must(must(json::Reader(agreements).member("agreements")).elements(0, 100)).front();
    const std::string agreement(must(must(first.member("id")).string(64)));
    const auto all = morning_of(agreement, options_.quick ? 34 : 340, options_.seed + 7, net::SystemClock().now());
    const auto begun = Steady::now();
    std::string body;
    for (const model::Notification& each : all)
      body +=
          pen.line(model::EntryKind::notification_filed, model::to_json(each), {"red", "mission"}, {}, model::corridor_of(each));
    Line line(house.port());
    line.send(filing(house.port(), body));
    const std::string answer = line.answer();
    figures_.filing = ms_since(begun);
    for (std::size_t at = answer.find("\"receipt\""); at != std::string::npos; at = answer.find("\"receipt\"", at + 1))
      ++figures_.filed;
    if (figures_.filed != all.size()) throw std::runtime_error("a notice without a receipt: " + answer.substr(0, 400));
  }

  Options options_;
  fs::path folder_;
  DeskFigures figures_;
};

std::string to_text(const DeskFigures& f) {
  std::string text = fmt::format(
      "restart with {} entries, from the process's beginning to its first answer: {:.0f} ms; killed {} entries after the state "
      "was\n"
      "kept: {:.0f} ms; with no state kept, all folded: {:.0f} ms; stopping: {:.0f} ms\n",
      f.entries, f.carried, kLongestTail, f.after_kill, f.folded, f.stopping);
  if (f.notices > 0)
    text += fmt::format(
        "inbox of {} notices ({:.1f} MB): {:.1f} ms until it is here (the server ran {:.1f}), {:.1f} ms until it is read, {:.1f} "
        "ms with all that the "
        "inbox asks\n"
        "{} notices signed, filed in one request and receipted: {:.0f} ms\n",
        f.notices, static_cast<double>(f.inbox_bytes) / 1e6, f.inbox, f.inbox_cpu, f.inbox_read, f.inbox_whole, f.filed,
        f.filing);
  return text;
}

std::string to_json(const DeskFigures& f) {
  json::Writer w;
  const auto count = [](std::uint64_t n) { return static_cast<std::int64_t>(n); };
  w.begin_object().key("restart").begin_object().key("entries").integer(count(f.entries));
  w.key("serves_ms").number(f.carried).key("after_kill_ms").number(f.after_kill).key("folded_ms").number(f.folded);
  w.key("stops_ms").number(f.stopping).end_object();
  w.key("inbox").begin_object().key("notices").integer(count(f.notices)).key("bytes").integer(count(f.inbox_bytes));
  w.key("lists_ms").number(f.inbox).key("server_cpu_ms").number(f.inbox_cpu);
  w.key("read_ms").number(f.inbox_read).key("whole_ms").number(f.inbox_whole).end_object();
  w.key("filing").begin_object().key("notices").integer(count(f.filed)).key("ms").number(f.filing).end_object();
  return w.end_object().take();
}

}  // namespace

int run_desk(const std::vector<std::string>& words) {
  const auto options = parse_options(words, {}, {"--folder"});
  if (!options) {
    std::fputs("wideberth-bench desk [--json] [--quick] [--seed N] [--folder DIR] [--only restart|inbox|filing]\n", stderr);
    return 2;
  }
  try {
    const std::string given = options->value("--folder");
    const fs::path folder =
        given.empty() ? fs::temp_directory_path() / ("wideberth-bench-desk-" + std::to_string(::getpid())) : fs::path(given);
    const DeskFigures figures = Run(*options, folder).go();
    if (given.empty()) fs::remove_all(folder);
    std::fputs(to_text(figures).c_str(), options->json ? stderr : stdout);
    if (options->json) std::puts(to_json(figures).c_str());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "wideberth-bench desk: %s\n", error.what());
    return 1;
  }
}

}  // namespace wideberth::bench
