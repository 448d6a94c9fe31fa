// alibi: could two units have met, given their fixes and how fast they can go?
#include <algorithm>
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/numbers.h"
#include "cli/terminal.h"
#include "cli/tracks.h"
#include "geo/text.h"
#include "json/writer.h"
#include "live/alibi.h"

namespace wideberth::cli {
namespace {

struct AlibiOptions {
  std::string a, b, unit_a, unit_b, speed, speed_a, speed_b, within = "0";
  bool json = false;
};

struct Who {
  std::string name;
  std::vector<live::Sighting> fixes;
  std::int64_t speed_mmps = 0;
};

/// The one unit of a file, or the one that is named.
Result<Who> read_who(const std::string& file, const std::string& unit, const char* option) {
  Recorded recorded;
  WB_TRY_VOID(read_tracks(file, "any", recorded));
  if (!recorded.refused.empty()) return tl::make_unexpected(recorded.refused.front());
  WB_TRY(chosen, choose_unit(recorded, unit, option));
  Who who{recorded.units[chosen].name, {}, 0};
  for (const live::Fix& fix : recorded.fixes)
    if (fix.unit == chosen)
      who.fixes.push_back({fix.time, fix.place,
                           base::Metres::from_mm(
                               fix.accuracy_m > 0 ? static_cast<std::int64_t>(static_cast<double>(fix.accuracy_m) * 1000) : 0)});
  std::sort(who.fixes.begin(), who.fixes.end(), [](const live::Sighting& x, const live::Sighting& y) {
    return std::tuple(x.time, x.place) < std::tuple(y.time, y.place);
  });
  return who;
}

void write_answer(const Who& a, const Who& b, const live::Alibi& alibi, base::Metres within) {
  json::Writer writer;
  writer.begin_object().key("a").string(a.name).key("b").string(b.name).key("within_m").fixed(within.mm(), 3);
  writer.key("speed_a_mps").fixed(a.speed_mmps, 3).key("speed_b_mps").fixed(b.speed_mmps, 3);
  writer.key("could_have_met").string(live::name_of(alibi.answer));
  if (alibi.covered)
    writer.key("covered")
        .begin_object()
        .key("from")
        .string(to_text(alibi.covered->from))
        .key("to")
        .string(to_text(alibi.covered->to))
        .end_object();
  const auto place = [&](const char* name, geo::Place at) {
    writer.key(name).begin_array().fixed(at.lon_e7, 7).fixed(at.lat_e7, 7).end_array();
  };
  writer.key("windows").begin_array();
  for (const live::MeetingWindow& each : alibi.windows) {
    writer.begin_object().key("earliest").string(to_text(each.when.from)).key("latest").string(to_text(each.when.to));
    writer.key("at").string(to_text(each.at));
    place("place_a", each.place_a);
    place("place_b", each.place_b);
    writer.key("apart_m")
        .fixed(each.apart.mm(), 3)
        .key("gap_a")
        .integer(static_cast<std::int64_t>(each.gap_a))
        .key("gap_b")
        .integer(static_cast<std::int64_t>(each.gap_b))
        .end_object();
  }
  writer.end_array().key("broken").begin_array();
  for (const live::BrokenGap& each : alibi.broken) {
    writer.begin_object()
        .key("unit")
        .string(each.track == 'a' ? a.name : b.name)
        .key("gap")
        .integer(static_cast<std::int64_t>(each.gap))
        .key("needs_mps");
    if (each.least_speed_mmps >= 0)
      writer.fixed(each.least_speed_mmps, 3);
    else
      writer.null();
    writer.end_object();
  }
  say(writer.end_array().key("stretch").number(alibi.stretch).end_object().take());
}

void print_answer(const Who& a, const Who& b, const live::Alibi& alibi, const std::string& within) {
  const std::string question = a.name + " and " + b.name + " within " + within + " m of each other: ";
  if (alibi.answer == live::CouldMeet::no) say(question + "they cannot have been, at any time that both tracks cover.");
  if (alibi.answer == live::CouldMeet::unsaid) say(question + "nothing can be said.");
  if (alibi.answer == live::CouldMeet::yes) say(question + "they could have been.");
  for (const live::MeetingWindow& each : alibi.windows)
    say("  from " + to_short_text(each.when.from) + " to " + to_short_text(each.when.to) + "; at " + to_short_text(each.at) +
        " near " + geo::to_dd(each.place_a) + "  " + geo::to_mgrs(each.place_a, 4));
  if (!alibi.covered) say("  the tracks have no time in common");
  for (const live::BrokenGap& each : alibi.broken)
    say("  " + (each.track == 'a' ? a.name : b.name) + " breaks its own bound after fix " + std::to_string(each.gap + 1) +
        (each.least_speed_mmps >= 0 ? ": that way takes " + std::to_string((each.least_speed_mmps + 999) / 1000) + " m/s"
                                    : ": two places at one time"));
}

int alibi(const AlibiOptions& given) {
  auto a = read_who(given.a, given.unit_a, "--unit-a");
  if (!a) return fail(a.error(), given.json);
  auto b = read_who(given.b, given.unit_b, "--unit-b");
  if (!b) return fail(b.error(), given.json);
  const auto speed = [&](const std::string& own, const char* option) -> Result<std::int64_t> {
    if (own.empty() && given.speed.empty())
      return base::refuse(base::Rule::number_malformed, "no speed", "how fast each may have gone, in m/s, such as --speed 25",
                          option);
    auto read = parse_metres(own.empty() ? given.speed : own, base::Metres::from_mm(live::kMostSpeed_mmps));
    if (!read) {
      read.error().where = option;
      return tl::make_unexpected(read.error());
    }
    return read->mm();
  };
  const auto speed_a = speed(given.speed_a, given.speed_a.empty() ? "--speed" : "--speed-a");
  const auto speed_b = speed(given.speed_b, given.speed_b.empty() ? "--speed" : "--speed-b");
  auto within = parse_metres(given.within, base::Metres::from_metres(1'000'000));
  if (!speed_a) return wrong_usage(speed_a.error(), given.json);
  if (!speed_b) return wrong_usage(speed_b.error(), given.json);
  if (!within) return wrong_usage(within.error(), given.json);
  a->speed_mmps = *speed_a;
  b->speed_mmps = *speed_b;
  const auto answer = live::could_have_met({a->fixes, a->speed_mmps}, {b->fixes, b->speed_mmps}, *within);
  if (!answer) return fail(answer.error(), given.json);
  if (given.json) {
    write_answer(*a, *b, *answer, *within);
  } else {
    print_answer(*a, *b, *answer, given.within);
  }
  return kDone;
}

}  // namespace

void add_alibi(Command& program) {
  const auto given = std::make_shared<AlibiOptions>();
  Command command = program.add("alibi", "Could two units have met? From sparse tracks and how fast each can go; no server");
  command.option({.name = "A", .help = "the track of one: a CSV file", .required = true}, given->a)
      .option({.name = "B", .help = "the track of the other; may be the same file", .required = true}, given->b)
      .option({.name = "--speed", .value = "M/S", .help = "no faster than this, either of them"}, given->speed)
      .option({.name = "--speed-a", .value = "M/S", .help = "A no faster than this"}, given->speed_a)
      .option({.name = "--speed-b", .value = "M/S", .help = "B no faster than this"}, given->speed_b)
      .option({.name = "--within", .value = "METRES", .help = "how near counts as having met (0)"}, given->within)
      .option({.name = "--unit-a", .value = "NAME", .help = "which unit of A, where it holds several"}, given->unit_a)
      .option({.name = "--unit-b", .value = "NAME", .help = "which unit of B"}, given->unit_b)
      .flag({.name = "--json", .help = "print one JSON object"}, given->json)
      .foot(
          "Example: wideberth alibi red.csv blue.csv --speed 25 --within 100\n"
          "Exact, not sampled: no meeting is missed that the fixes and the bounds allow (docs/live.md). \"They could have\" is "
          "no\n"
          "statement that they did. Exit code 0 where there is an answer.\n")
      .action([given] { return alibi(*given); });
}

}  // namespace wideberth::cli
