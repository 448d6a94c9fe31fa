// wideberth track: positions reported as signed batches, and tracks read back. prove and check stand in track_proof.cpp.
#include "cli/track.h"

#include <algorithm>
#include <iostream>
#include <iterator>
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/files.h"
#include "cli/unlock.h"
#include "feeds/csv.h"
#include "geo/text.h"
#include "model/keys.h"

namespace wideberth::cli {
namespace {

constexpr std::size_t kMostTrackFile = std::size_t{256} << 20;
constexpr std::size_t kUsualBatch = 1'000;

struct ReportOptions {
  DeskOptions desk;
  std::string file, agreement, batch, from_fix;
};

Result<std::string> read_rows(const std::string& file) {
  if (file != "-") return read_file(file, kMostTrackFile);
  std::string text;
  for (std::istreambuf_iterator<char> at(std::cin), end; at != end; ++at) {
    if (text.size() == kMostTrackFile) return refuse(Rule::file_too_large, "more than 256 MiB", "256 MiB at most", "-");
    text.push_back(*at);
  }
  return text;
}

/// All fixes of the file, or the first row that is no fix: half a file is not reported.
Result<std::vector<model::Position>> read_fixes(const std::string& file, std::string_view party) {
  const auto placed = [&](Refusal refusal) {
    refusal.where = (file == "-" ? "standard input" : file) + (refusal.where.empty() ? "" : ", " + refusal.where);
    return tl::make_unexpected(std::move(refusal));
  };
  WB_TRY(text, read_rows(file));
  feeds::CsvOptions options;
  options.party_needed = false;
  auto read = feeds::read_csv(text, options);
  if (!read) return placed(std::move(read).error());
  if (!read->refused.empty()) return placed(std::move(read->refused.front()));
  std::vector<model::Position> fixes;
  for (feeds::Reading& each : read->fixes) {
    if (!each.party.empty() && each.party != party)
      return placed(Refusal{Rule::notification_party, "a fix of " + each.party, "fixes of " + std::string(party), {}});
    fixes.push_back(std::move(each.position));
  }
  if (fixes.empty()) return placed(Refusal{Rule::position_batch, "no fix", "a row for each fix", {}});
  return fixes;
}

Result<std::uint64_t> read_number(const std::string& typed, std::uint64_t usual, std::uint64_t most, const char* option) {
  if (typed.empty()) return usual;
  auto number = base::parse_decimal(typed, most);
  if (!number) number.error().where = option;
  return number;
}

/// One batch after the other, in the order of the file; says after each how far it is.
Result<void> report_all(Sitting& sitting, const ReportOptions& given, const std::vector<model::Position>& fixes,
                        std::size_t batch, std::size_t from, std::optional<base::EntryIndex> under) {
  Progress progress("Reporting");
  for (std::size_t at = from; at < fixes.size();) {
    const std::size_t count = std::min(batch, fixes.size() - at);
    const auto first = fixes.begin() + static_cast<std::ptrdiff_t>(at);
    WB_TRY(act, client::report({first, first + static_cast<std::ptrdiff_t>(count)}, under));
    auto filed = sitting.file(act);
    if (!filed) {
      warn("Fixes 0 to " + std::to_string(at) + " (not counting the last) stand; go on with --from-fix " + std::to_string(at) +
           ".");
      return tl::make_unexpected(std::move(filed).error());
    }
    at += count;
    tell_filed(sitting, *filed, counted(count, "fix is", "fixes are") + " reported.", {}, [&](json::Writer& writer) {
      writer.key("fixes").integer(static_cast<std::int64_t>(count)).key("next").integer(static_cast<std::int64_t>(at));
    });
    progress.show(at, fixes.size());
  }
  if (!given.desk.json)
    say(counted(fixes.size() - from, "fix", "fixes") + " in " +
        counted((fixes.size() - from + batch - 1) / batch, "batch.", "batches."));
  return {};
}

int report(const ReportOptions& given) {
  const auto batch = read_number(given.batch, kUsualBatch, model::kMostFixes, "--batch");
  if (!batch || *batch == 0) return wrong_usage("--batch is 1 to " + std::to_string(model::kMostFixes) + ".", given.desk.json);
  const auto from = read_number(given.from_fix, 0, kMostTrackFile, "--from-fix");
  if (!from) return wrong_usage(from.error(), given.desk.json);
  const auto key = read_verifier(given.desk.key);
  if (!key) return fail(key.error(), given.desk.json);
  const auto fixes = read_fixes(given.file, model::party_of_key(key->name));
  if (!fixes) return fail(fixes.error(), given.desk.json);
  for (const model::Position& each : *fixes)
    if (const auto checked = model::check_position(each); !checked) return fail(checked.error(), given.desk.json);
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  std::optional<base::EntryIndex> under;
  if (!given.agreement.empty()) {
    const auto agreement = (*sitting)->agreement(given.agreement);
    if (!agreement) return fail(agreement.error(), given.desk.json);
    under = agreement->proposed;
  }
  const auto done = report_all(**sitting, given, *fixes, *batch, *from, under);
  return done ? kDone : fail(done.error(), given.desk.json);
}

// --- read back ---

struct TrackOptions {
  DeskOptions desk;
  std::string unit, party, since, until, as_of;
};

/// Asks page after page and has each told. `next` of an answer goes into the query `after`.
Result<void> all_pages(client::Desk& desk, const std::string& path, const http::Fields& query, std::string_view list,
                       const std::function<Result<void>(const json::Reader&)>& tell) {
  std::string after;
  for (;;) {
    http::Fields asked = query;
    if (!after.empty()) asked.emplace_back("after", after);
    WB_TRY(page, desk.get(path, std::move(asked)));
    WB_TRY(list_at, json::Reader(page).member(list));
    WB_TRY(elements, list_at.elements(0, 1'000'000));
    for (const json::Reader& each : elements) WB_TRY_VOID(tell(each));
    const auto next = json::Reader(page).find("next");
    if (!next) return {};
    WB_TRY(place, next->string(256));
    after = std::string(place);
  }
}

Result<std::string> word_of(const json::Reader& object, std::string_view name) {
  WB_TRY(at, object.member(name));
  WB_TRY(text, at.string(256));
  return std::string(text);
}

Result<void> print_told_fix(const json::Reader& fix) {
  WB_TRY(time, word_of(fix, "time"));
  WB_TRY(place_at, fix.member("place"));
  WB_TRY(place, place_at.elements(2, 2));
  WB_TRY(lon, place[0].fixed(7, -1'800'000'000, 1'800'000'000));
  WB_TRY(lat, place[1].fixed(7, -900'000'000, 900'000'000));
  WB_TRY(entry_at, fix.member("entry"));
  WB_TRY(entry, entry_at.integer(0, json::kMostInteger));
  WB_TRY(index_at, fix.member("index"));
  WB_TRY(index, index_at.integer(0, json::kMostInteger));
  say(time + "  " + geo::to_dd({static_cast<std::int32_t>(lon), static_cast<std::int32_t>(lat)}) + "  entry " +
      std::to_string(entry) + ", fix " + std::to_string(index));
  return {};
}

int show_track(const TrackOptions& given) {
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  http::Fields query{{"unit", given.unit}};
  const std::pair<const char*, const std::string*> more[] = {
      {"party", &given.party}, {"since", &given.since}, {"until", &given.until}, {"as-of", &given.as_of}};
  for (const auto& [name, value] : more)
    if (!value->empty()) query.emplace_back(name, *value);
  const auto told =
      all_pages((*sitting)->desk(), "/v1/tracks/fixes", query, "fixes", [&](const json::Reader& fix) -> Result<void> {
        if (!given.desk.json) return print_told_fix(fix);
        say(json::to_json(fix.value()));
        return {};
      });
  return told ? kDone : fail(told.error(), given.desk.json);
}

int show_units(const TrackOptions& given) {
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  http::Fields query;
  if (!given.as_of.empty()) query.emplace_back("as-of", given.as_of);
  const auto told = all_pages((*sitting)->desk(), "/v1/tracks", query, "units", [&](const json::Reader& unit) -> Result<void> {
    if (given.desk.json) {
      say(json::to_json(unit.value()));
      return {};
    }
    WB_TRY(name, word_of(unit, "unit"));
    WB_TRY(from, word_of(unit, "from"));
    WB_TRY(to, word_of(unit, "to"));
    WB_TRY(fixes_at, unit.member("fixes"));
    WB_TRY(fixes, fixes_at.integer(0, json::kMostInteger));
    say(name + "  " + counted(static_cast<std::uint64_t>(fixes), "fix", "fixes") + " from " + from + " to " + to);
    return {};
  });
  return told ? kDone : fail(told.error(), given.desk.json);
}

void add_track_report(Command& track) {
  const auto given = std::make_shared<ReportOptions>();
  Command command = track.add("report", "Report positions as signed batches");
  command
      .option({.name = "FILE", .help = "rows of unit,time,lat,lon[,…] with a header; - is the standard input", .required = true},
              given->file)
      .option({.name = "--agreement", .value = "AG-…", .help = "its positions rule says who may use them; without it, nobody"},
              given->agreement)
      .option({.name = "--batch", .value = "N", .help = "fixes in a batch: 1 to 10000, 1000 where it is not given"}, given->batch)
      .option({.name = "--from-fix", .value = "N", .help = "go on with fix N of the file, counted from 0"}, given->from_fix);
  add_desk_options(command, given->desk);
  command
      .foot(
          "Example: wideberth track report patrol.csv --agreement AG-52XD-A0\n"
          "Columns: unit, time, lat, lon, and where known accuracy_m, speed_mps, course_deg, altitude_m, source.\n"
          "A file with a row that cannot be read is refused whole. For a stream that never ends: wideberth feed.\n")
      .action([given] { return report(*given); });
}

void add_track_reads(Command& track) {
  const auto units = std::make_shared<TrackOptions>();
  Command list = track.add("units", "List the units that there are tracks of");
  add_desk_options(list, units->desk);
  list.option({.name = "--as-of", .value = "INDEX", .help = "as it stood after this entry"}, units->as_of)
      .foot("Example: wideberth track units\n")
      .action([units] { return show_units(*units); });

  const auto given = std::make_shared<TrackOptions>();
  Command show = track.add("show", "Show the track of a unit");
  show.option({.name = "UNIT", .help = "its name, as it was reported", .required = true}, given->unit);
  add_desk_options(show, given->desk);
  show.option({.name = "--since", .value = "TIME", .help = "such as 2020-08-25T06:00:00Z"}, given->since)
      .option({.name = "--until", .value = "TIME", .help = "to this time, itself included"}, given->until)
      .option({.name = "--party", .value = "NAME", .help = "another party's, as the agreement gives it: at most an hour"},
              given->party)
      .option({.name = "--as-of", .value = "INDEX", .help = "as it stood after this entry"}, given->as_of)
      .foot(
          "Example: wideberth track show patrol-1 --since 2020-08-25T06:00:00Z --until 2020-08-25T07:00:00Z\n"
          "In the order in which it was reported. The list is the server's word; `track prove` proves a fix.\n")
      .action([given] { return show_track(*given); });
}

}  // namespace

void add_track(Command& program) {
  Command track = program.add("track", "Report where one's units are, read tracks back, prove one fix");
  add_track_report(track);
  add_track_reads(track);
  add_track_proofs(track);
}

}  // namespace wideberth::cli
