// analyse: recorded tracks through the live code, with no server.
#include <fstream>
#include <memory>

#include "base/bytes.h"
#include "cli/analysis.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/numbers.h"
#include "cli/terminal.h"
#include "cli/tracks.h"
#include "live/drawing.h"
#include "live/report.h"

namespace wideberth::cli {
namespace {

struct AnalyseOptions {
  std::vector<std::string> files;
  std::string agreement, party, distance, drawings;
  std::vector<std::string> movements, roads;
  bool json = false;
};

void write_refused(json::Writer& writer, const Recorded& recorded) {
  writer.begin_object().key("count").integer(static_cast<std::int64_t>(recorded.refused_count)).key("records").begin_array();
  for (const Refusal& each : recorded.refused) {
    writer.begin_object().key("where").string(each.where).key("rule").string(base::code_of(each.rule));
    writer.key("found").string(each.found).key("accepted").string(each.accepted).end_object();
  }
  writer.end_array().end_object();
}

std::string as_json(const Recorded& recorded, const Prepared& prepared, const Analysis& analysis) {
  json::Writer writer;
  writer.begin_object().key("agreement");
  if (prepared.agreement) {
    writer.begin_object()
        .key("name")
        .string(prepared.agreement->name)
        .key("version")
        .integer(prepared.agreement->version)
        .end_object();
  } else {
    writer.null();
  }
  writer.key("units").integer(static_cast<std::int64_t>(recorded.units.size()));
  const auto& outcomes = prepared.playback.live().outcomes();
  writer.key("fixes").begin_object();
  for (std::size_t i = 0; i < outcomes.size(); ++i)
    writer.key(live::name_of(static_cast<live::Taken>(i))).integer(static_cast<std::int64_t>(outcomes[i]));
  writer.end_object().key("refused");
  write_refused(writer, recorded);
  writer.key("remarks").begin_array();
  for (const std::string& each : prepared.remarks) writer.string(each);
  writer.end_array().key("alerts").begin_array();
  for (const live::AlertEvent& each : analysis.alerts) live::write_alert(writer, recorded.units, each);
  const auto id_of = [&](std::uint32_t movement) {
    return movement < prepared.movement_ids.size() ? prepared.movement_ids[movement] : "";
  };
  writer.end_array().key("conformance").begin_array();
  for (const live::ConformanceEvent& each : analysis.conformance)
    live::write_conformance(writer, recorded.units, each, id_of(each.movement));
  writer.end_array().key("compositions").begin_array();
  for (const live::CompositionEvent& each : analysis.compositions) live::write_composition(writer, each, id_of(each.movement));
  writer.end_array().key("encounters").begin_array();
  for (const live::Reviewed& each : analysis.encounters)
    live::write_reviewed(writer, recorded.units, each, prepared.playback.tests());
  writer.end_array().key("note").string("A candidate is what tracks show until a person confirms it. No fault is assigned.");
  return writer.end_object().take();
}

void print(const Recorded& recorded, const Prepared& prepared, const Analysis& analysis) {
  const live::Units& units = recorded.units;
  for (const Refusal& each : recorded.refused) warn(base::to_text(each));
  for (const std::string& each : prepared.remarks) warn(each);
  for (const live::AlertEvent& each : analysis.alerts) say(alert_text(units, each));
  for (const live::ConformanceEvent& each : analysis.conformance) say(conformance_text(units, each, prepared.movement_ids));
  for (const live::Reviewed& each : analysis.encounters) {
    for (const std::string& line : encounter_text(units, each)) say(line);
  }
  say(counted(analysis.encounters.size(), "encounter", "encounters") + " of " + counted(units.size(), "unit", "units") + " in " +
      counted(recorded.fixes.size(), "fix", "fixes") +
      (recorded.refused_count > 0 ? "; " + counted(recorded.refused_count, "record", "records") + " could not be read." : "."));
}

Result<void> draw(const AnalyseOptions& given, const Recorded& recorded, const Prepared& prepared, const Analysis& analysis) {
  if (given.drawings.empty()) return {};
  WB_TRY_VOID(make_folder(given.drawings));
  for (const live::Reviewed& each : analysis.encounters) {
    if (each.encounter.contacts.empty()) continue;
    const std::string file = given.drawings + "/encounter-" + std::to_string(each.encounter.number) + ".svg";
    WB_TRY_VOID(replace_file(file, live::drawing_of(recorded.units, each, prepared.playback.around(),
                                                    "Encounter " + std::to_string(each.encounter.number))));
  }
  return {};
}

int analyse(const AnalyseOptions& given) {
  Recorded recorded;
  for (const std::string& file : given.files)
    if (const auto read = read_tracks(file, given.party, recorded); !read) return fail(read.error(), given.json);
  Beside beside{given.agreement, given.movements, given.roads, {}};
  if (!given.distance.empty()) {
    auto distance = parse_metres(given.distance, base::Metres::from_metres(100'000));
    if (!distance) {
      distance.error().where = "--encounter-distance";
      return wrong_usage(distance.error(), given.json);
    }
    beside.encounter_distance = *distance;
  }
  auto prepared = prepare(recorded.units, beside);
  if (!prepared) return fail(prepared.error(), given.json);
  const Analysis analysis = analyse_tracks(*prepared, recorded.fixes);
  if (const auto drawn = draw(given, recorded, *prepared, analysis); !drawn) return fail(drawn.error(), given.json);
  if (given.json) {
    say(as_json(recorded, *prepared, analysis));
  } else {
    print(recorded, *prepared, analysis);
  }
  return recorded.refused_count > 0 ? kRefused : kDone;
}

}  // namespace

void add_analyse(Command& program) {
  const auto given = std::make_shared<AnalyseOptions>();
  Command command = program.add("analyse", "Run the live code over recorded tracks: alerts, encounters, candidates; no server");
  command
      .options({.name = "FILE",
                .help = "tracks: CSV (unit,party,time,lat,lon …), GPX, GeoJSON, NMEA/AIS, CoT; NAME=FILE says whose",
                .required = true},
               given->files)
      .option({.name = "--agreement", .value = "FILE", .help = "the agreement whose distances and tests hold; else the defaults"},
              given->agreement)
      .option({.name = "--party", .value = "NAME", .help = "whose tracks they are, where the files do not say"}, given->party)
      .options({.name = "--movements", .value = "FILE", .help = "GeoJSON movements: the notified ways, for blocking and roads"},
               given->movements)
      .options({.name = "--roads", .value = "FILE", .help = "GeoJSON lines: the roads, for forced-off-road"}, given->roads)
      .option({.name = "--encounter-distance", .value = "METRES", .help = "nearer than this is an encounter (500)"},
              given->distance)
      .option({.name = "--svg", .value = "FOLDER", .help = "draw each encounter into this folder"}, given->drawings)
      .flag({.name = "--json", .help = "print one JSON object"}, given->json)
      .foot(
          "Example: wideberth analyse blue.csv red.csv --agreement agreement.json --json\n"
          "Rows that cannot be read are named with row, column and rule; the others count, and the exit code is 1.\n")
      .action([given] { return analyse(*given); });
}

}  // namespace wideberth::cli
