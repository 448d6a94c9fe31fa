// watch: the alerts that a server tells of; or --local, a party's own units against what was disclosed to it, on its own machine.
#include <fstream>
#include <iostream>
#include <map>
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/desk_options.h"
#include "cli/files.h"
#include "cli/numbers.h"
#include "cli/picture.h"
#include "cli/terminal.h"
#include "cli/watch_alerts.h"
#include "conflict/conflict.h"
#include "feeds/csv.h"
#include "geo/text.h"
#include "net/system.h"

namespace wideberth::cli {
namespace {

struct WatchOptions {
  DeskOptions desk;
  std::string file = "-", party, agreement, separation, span = "0";
  std::vector<std::string> movements, disclosed;
  bool local = false, recorded = false, lines = false;
};

constexpr std::size_t kMostRow = feeds::kMostCsvRow;
constexpr base::Millis kAhead = base::Millis::from_seconds(600), kAgain = base::Millis::from_seconds(30);

/// What the other side disclosed: movements, compiled, with what they are called and owed.
struct Disclosed {
  conflict::Index index{};
  std::vector<std::string> names{};
  std::vector<std::shared_ptr<const geo::Plan>> plans{};
  base::Metres separation = base::Metres::from_metres(500);
};

Result<void> read_disclosed(const std::string& file, const std::string& own, Disclosed& into) {
  WB_TRY(text, read_file(file, model::kMostCollectionBytes));
  auto features = model::parse_features(text);
  if (!features) {
    features.error().where.insert(0, file + ": ");
    return tl::make_unexpected(std::move(features).error());
  }
  for (const model::Notification& each : *features) {
    if (each.party == own) continue;
    WB_TRY(plan, model::compile(each));
    const base::EntryIndex key{into.plans.size()};
    into.plans.push_back(std::make_shared<const geo::Plan>(std::move(plan)));
    into.names.push_back(each.party + "'s " + (each.feature_id ? *each.feature_id : "movement"));
    into.index.insert(key, each.party, into.plans.back());
  }
  return {};
}

/// A unit that goes on straight as it goes now: does it come near a disclosed movement within ten minutes?
class StraightOn {
 public:
  explicit StraightOn(const Disclosed& disclosed) : disclosed_(disclosed) {}

  std::vector<std::string> look(const live::Live& live, live::UnitIndex unit, const std::string& party) {
    const live::Track& track = live.tracks().of(unit);
    if (track.empty() || track.doubtful() || disclosed_.plans.empty()) return {};
    Of& of = of_[unit];
    const live::Sample& last = track.last();
    if (last.time - of.asked < kAgain) return {};
    of.asked = last.time;
    const auto plan = ahead(last);
    if (!plan) return {};
    std::vector<std::string> lines;
    std::map<std::uint64_t, bool> met;
    const auto hits =
        disclosed_.index.search(*plan, party, [&](base::EntryIndex) { return disclosed_.separation; }, disclosed_.separation);
    for (const conflict::Hit& hit : hits) {
      met[hit.key.value] = true;
      if (of.met.contains(hit.key.value)) continue;
      const auto in = (hit.meeting.window.from - last.time).ms() / 1000;
      lines.push_back(to_short_text(last.time) + " warning: " + live.units()[unit].name + ", as it goes, comes within " +
                      metres_text(disclosed_.separation.metres()) + " of " + disclosed_.names[hit.key.value] + " in " +
                      std::to_string(std::max<std::int64_t>(0, in)) + " s, near " + geo::to_mgrs(hit.meeting.place, 4));
    }
    for (const auto& [key, was] : of.met)
      if (!met.contains(key))
        lines.push_back(to_short_text(last.time) + " warning closed: " + live.units()[unit].name + " and " +
                        disclosed_.names[key]);
    of.met = std::move(met);
    return lines;
  }

 private:
  struct Of {
    base::Instant asked{};
    std::map<std::uint64_t, bool> met{};
  };
  static std::optional<geo::Plan> ahead(const live::Sample& last) {
    const geo::Vec3 end = last.at + last.velocity * (static_cast<double>(kAhead.ms()) / 1000);
    geo::Route route;
    route.waypoints = {{last.place, {last.time, last.time}}, {geo::to_place(end), {last.time + kAhead, last.time + kAhead}}};
    auto plan = geo::compile(route);
    return plan ? std::optional(std::move(*plan)) : std::nullopt;
  }

  const Disclosed& disclosed_;
  std::map<live::UnitIndex, Of> of_{};
};

/// Reads rows as they come and takes each.
class Watching {
 public:
  Watching(Prepared& prepared, const Disclosed& disclosed, const WatchOptions& given)
      : prepared_(prepared), given_(given), straight_(disclosed), screen_(!given.lines) {}

  Result<void> run(std::istream& rows) {
    std::string header, row;
    if (!std::getline(rows, header))
      return refuse(Rule::csv_header, "nothing", "a first row that names the columns", given_.file);
    WB_TRY_VOID(feeds::read_csv(header + "\n", {.party_needed = false}));
    for (std::uint64_t number = 2; std::getline(rows, row); ++number) {
      if (row.size() > kMostRow) row.resize(kMostRow + 1);  // the reader refuses it
      take(header, row, number);
    }
    screen_.add(step_text(prepared_, prepared_.playback.close()));
    screen_.draw(prepared_.playback.live());
    return {};
  }
  std::uint64_t refused() const { return refused_; }

 private:
  void take(const std::string& header, const std::string& row, std::uint64_t number) {
    const auto readings = feeds::read_csv(header + "\n" + row + "\n", {.party_needed = false});
    if (!readings) return;
    for (Refusal each : readings->refused) {
      ++refused_;
      if (each.where.starts_with("row 2"))
        each.where.replace(0, 5, "row " + std::to_string(number));  // it saw header and row alone
      warn(base::to_text(each));
    }
    for (const feeds::Reading& reading : readings->fixes) take(reading);
  }

  void take(const feeds::Reading& reading) {
    live::Live& live = prepared_.playback.live();
    const std::string party = reading.party.empty() ? given_.party : reading.party;
    const bool known = live.units().find(party, reading.position.unit).has_value();
    const auto unit = live.units().add({.party = party, .name = reading.position.unit});
    if (!unit) return warn(base::to_text(unit.error()));
    if (!known && party == given_.party && live.watcher().movements() > 0) live.watcher().assign(*unit, 0);
    const auto fix = live::make_fix(*unit, reading.position);
    if (!fix) return warn(base::to_text(fix.error()));
    live.take(*fix, given_.recorded ? fix->time : clock_.now());
    screen_.add(step_text(prepared_, prepared_.playback.gathered()));
    screen_.add(straight_.look(live, *unit, party));
    screen_.draw(live);
  }

  Prepared& prepared_;
  const WatchOptions& given_;
  StraightOn straight_;
  Screen screen_;
  net::SystemClock clock_{};
  std::uint64_t refused_ = 0;
};

int watch_server(const WatchOptions& given) {
  auto span = parse_seconds(given.span, base::Millis::from_seconds(86'400 * 30));
  if (!span) {
    span.error().where = "--for";
    return wrong_usage(span.error(), given.desk.json);
  }
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto watched = watch_alerts((*sitting)->desk(), *span, given.desk.json, !given.lines);
  return watched ? kDone : fail(watched.error(), given.desk.json);
}

int watch(const WatchOptions& given) {
  if (!given.local) {
    if (!given.desk.server.empty() && !given.desk.key.empty() && !given.desk.policy.empty()) return watch_server(given);
    return wrong_usage("neither --local nor --server with --key and --policy", given.desk.json);
  }
  if (given.party.empty()) return wrong_usage("whose units they are is not said: --party NAME");
  Disclosed disclosed;
  if (!given.separation.empty()) {
    auto separation = parse_metres(given.separation, base::Metres::from_metres(geo::kMaxWidthMetres));
    if (!separation) {
      separation.error().where = "--separation";
      return wrong_usage(separation.error());
    }
    disclosed.separation = *separation;
  }
  auto prepared = prepare({}, {given.agreement, given.movements, {}, {}, given.party});
  if (!prepared) return fail(prepared.error());
  if (given.separation.empty() && prepared->agreement)
    if (const auto widest = prepared->agreement->widest_separation()) disclosed.separation = *widest;
  for (const std::string& file : given.disclosed)
    if (const auto read = read_disclosed(file, given.party, disclosed); !read) return fail(read.error());
  prepared->playback.live().look_ahead_in({.index = &disclosed.index,
                                           .owed = [&](const live::Movement&, base::EntryIndex) { return disclosed.separation; },
                                           .name = [&](base::EntryIndex key) { return disclosed.names[key.value]; },
                                           .widest = disclosed.separation});
  Watching watching(*prepared, disclosed, given);
  std::ifstream file;
  if (given.file != "-") {
    file.open(given.file, std::ios::binary);
    if (!file)
      return fail(
          Refusal{Rule::file_unreadable, "it cannot be opened", "a file that can be read, or - for standard input", given.file});
  }
  if (const auto watched = watching.run(given.file == "-" ? std::cin : file); !watched) return fail(watched.error());
  return watching.refused() > 0 ? kRefused : kDone;
}

}  // namespace

void add_watch(Command& program) {
  const auto given = std::make_shared<WatchOptions>();
  Command command = program.add("watch", "The alerts of a server; or --local: one's own units against what was disclosed");
  add_desk_options(command, given->desk, false);
  command
      .option({.name = "FILE", .help = "--local: rows of CSV as they come (unit,time,lat,lon …); - is standard input"},
              given->file)
      .flag({.name = "--local", .help = "one-sided, on this machine: nothing leaves it"}, given->local)
      .option({.name = "--for", .value = "SECONDS", .help = "of a server: stop after so long; 0: never"}, given->span)
      .option({.name = "--party", .value = "NAME", .help = "whose units they are"}, given->party)
      .option({.name = "--agreement", .value = "FILE", .help = "the agreement whose distances hold"}, given->agreement)
      .options({.name = "--movements", .value = "FILE", .help = "one's own movement as notified: early, late, off corridor"},
               given->movements)
      .options({.name = "--disclosed", .value = "FILE", .help = "GeoJSON: the other side's movements as disclosed"},
               given->disclosed)
      .option(
          {.name = "--separation", .value = "METRES", .help = "how far to keep from them; else the agreement's widest, else 500"},
          given->separation)
      .flag({.name = "--recorded", .help = "take each fix as received at its own time"}, given->recorded)
      .flag({.name = "--lines", .help = "a line for each event, and no picture"}, given->lines)
      .foot("Example: wideberth watch --local --party blue --disclosed red.geojson --movements own.geojson < rows-as-they-come\n")
      .action([given] { return watch(*given); });
}

}  // namespace wideberth::cli
