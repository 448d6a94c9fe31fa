// Tracks read back: the reader's own by unit and span of time; another party's as its agreement says, an hour at a time.
#include <algorithm>
#include <vector>

#include "api/read.h"
#include "base/bytes.h"
#include "core/disclosure.h"
#include "model/position_batch.h"

namespace wideberth::api {

using base::refuse;
using base::Rule;

namespace {

constexpr std::uint64_t kMostUnits = 1'000;      ///< in one answer
constexpr std::uint64_t kMostFixesTold = 5'000;  ///< in one answer
constexpr std::size_t kMostBatchesLooked = 512;  ///< for one answer
constexpr Millis kMostOfAnother = Millis::from_seconds(3600);

Result<std::uint64_t> query_count(const http::Request& request, std::uint64_t most) {
  const auto value = request.query_value("count");
  if (!value) return most;
  auto count = base::parse_decimal(*value, most);
  if (count && *count > 0) return *count;
  return refuse(Rule::number_malformed, "found \"" + base::excerpt(*value) + "\"", "1 to " + std::to_string(most), "count");
}

// --- which units there are tracks of ---

Result<Telling> look_at_units(const Sight& sight, const http::Request& request) {
  WB_TRY(count, query_count(request, kMostUnits));
  const std::string after(request.query_value("after").value_or(""));
  std::vector<std::pair<std::string, core::UnitTrack>> units;
  bool more = false;
  if (const auto tracks = sight.then.tracks.find(sight.party); tracks != sight.then.tracks.end()) {
    auto at = tracks->second.units.upper_bound(after);
    for (; at != tracks->second.units.end() && units.size() < count; ++at) units.emplace_back(at->first, at->second);
    more = at != tracks->second.units.end();
  }
  return Telling{[units = std::move(units), more](json::Writer& w) {
    w.key("units").begin_array();
    for (const auto& [unit, track] : units) {
      w.begin_object().key("unit").string(unit);
      write_instant(w, "from", track.from);
      write_instant(w, "to", track.to);
      w.key("fixes").integer(static_cast<std::int64_t>(track.fixes));
      write_index(w, "last", track.last).end_object();
    }
    w.end_array().key("next");
    more ? w.string(units.back().first) : w.null();
  }};
}

// --- the fixes of one unit ---

/// Where an answer goes on: a fix of a batch.
struct FixPlace {
  EntryIndex entry{};
  std::uint64_t index = 0;
};

Result<FixPlace> query_place(const http::Request& request) {
  const auto value = request.query_value("after");
  if (!value) return FixPlace{};
  const auto dot = value->find('.');
  WB_TRY(entry, parse_index(value->substr(0, dot), "after"));
  auto index = base::parse_decimal(dot == std::string_view::npos ? "" : value->substr(dot + 1), model::kMostFixes);
  if (index) return FixPlace{entry, *index};
  return refuse(Rule::number_malformed, "found \"" + base::excerpt(*value) + "\"", "the \"next\" of an answer, such as 812.17",
                "after");
}

struct TrackQuestion {
  std::string party, unit;
  base::Interval span{model::kEarliestPosition, model::kLatestPosition};
  FixPlace from;
  std::uint64_t count = kMostFixesTold;
};

Result<TrackQuestion> read_question(const http::Request& request, const std::string& reader) {
  TrackQuestion question;
  const auto unit = request.query_value("unit");
  if (!unit) return refuse(Rule::track_unit, "no unit", "unit: its name, as it was reported", "unit");
  question.unit = std::string(*unit);
  question.party = std::string(request.query_value("party").value_or(reader));
  WB_TRY(since, query_instant(request, "since"));
  WB_TRY(until, query_instant(request, "until"));
  question.span = {since.value_or(question.span.from), until.value_or(question.span.to)};
  WB_TRY(from, query_place(request));
  question.from = from;
  WB_TRY(count, query_count(request, kMostFixesTold));
  question.count = count;
  if (question.party != reader && (!since || !until || *until - *since > kMostOfAnother))
    return refuse(Rule::track_span, "a longer span of another party's track", "since and until, at most an hour apart", "until");
  return question;
}

/// A batch to be looked into, and when it was received.
struct Looked {
  EntryIndex entry{};
  base::Instant received{};
};

struct Batches {
  std::vector<Looked> wanted;
  std::optional<EntryIndex> next;  ///< where to go on; none where all were looked at
};

/// Those of the span that the reader may read, from the place on.
Batches batches_of(const Sight& sight, const TrackQuestion& question) {
  Batches found;
  const auto tracks = sight.then.tracks.find(question.party);
  if (tracks == sight.then.tracks.end()) return found;
  const auto& all = tracks->second.batches;
  auto at = std::lower_bound(all.begin(), all.end(), question.from.entry,
                             [](const core::TrackBatch& batch, EntryIndex from) { return batch.entry < from; });
  for (; at != all.end(); ++at) {
    if (!question.span.meets({at->from, at->to}) || !core::may_read_track(sight.now, at->entry, sight.party)) continue;
    if (found.wanted.size() == kMostBatchesLooked) {
      found.next = at->entry;
      break;
    }
    found.wanted.push_back({at->entry, sight.now.facts[at->entry.value].received});
  }
  return found;
}

void write_fix(json::Writer& w, const model::Position& p, const Looked& batch, std::uint64_t index) {
  w.begin_object();
  write_instant(w, "time", p.time);
  w.key("place").begin_array().fixed(p.place.lon_e7, 7).fixed(p.place.lat_e7, 7).end_array();
  if (p.accuracy) w.key("accuracy_m").fixed(p.accuracy->mm(), 3);
  if (p.speed_mmps) w.key("speed_mps").fixed(*p.speed_mmps, 3);
  if (p.course_cdeg) w.key("course_deg").fixed(*p.course_cdeg, 2);
  if (p.altitude) w.key("altitude_m").fixed(p.altitude->mm(), 3);
  w.key("source").string(model::name_of(p.source));
  write_index(w, "entry", batch.entry);
  w.key("index").integer(static_cast<std::int64_t>(index));
  write_instant(w, "received", batch.received).end_object();
}

/// Tells the fixes of one batch that are asked for. The place of the first that was left for another answer, if one was.
std::optional<FixPlace> tell_batch(json::Writer& w, const core::Entry& entry, const Looked& batch, const TrackQuestion& question,
                                   std::uint64_t& told) {
  const std::string* full = entry.part("full");
  auto reader = full == nullptr ? refuse(Rule::position_batch) : model::PositionReader::open(*full);
  if (!reader) return std::nullopt;  // erased
  model::Position p;
  for (auto more = reader->next(p); more && *more; more = reader->next(p)) {
    if (p.unit > question.unit) break;
    if (p.unit < question.unit) {
      reader->skip_unit();
      continue;
    }
    const std::uint64_t index = reader->read() - 1;
    const bool before = entry.index == question.from.entry && index < question.from.index;
    if (before || !question.span.holds(p.time)) continue;
    if (told == question.count) return FixPlace{entry.index, index};
    write_fix(w, p, batch, index);
    ++told;
  }
  return std::nullopt;
}

void tell_fixes(json::Writer& w, engine::Engine& engine, const TrackQuestion& question, const Batches& batches) {
  w.key("party").string(question.party).key("unit").string(question.unit).key("fixes").begin_array();
  std::uint64_t told = 0;
  std::optional<FixPlace> next;
  for (const Looked& batch : batches.wanted) {
    const auto entry = engine.entry(batch.entry);
    next = entry ? tell_batch(w, *entry, batch, question, told) : FixPlace{batch.entry, 0};
    if (next) break;
  }
  if (!next && batches.next) next = FixPlace{*batches.next, 0};
  w.end_array().key("next");
  next ? w.string(std::to_string(next->entry.value) + "." + std::to_string(next->index)) : w.null();
}

}  // namespace

Routes track_routes(const ServicePtr& service) {
  http::Route units = row("GET", "/v1/tracks", "list_tracks", "The reader's own units that there are tracks of.");
  units.session = true;
  units.query = {"as-of", "after", "count"};
  units.handler = state_read(service, look_at_units);

  http::Route fixes = row("GET", "/v1/tracks/fixes", "read_track", "The fixes of one unit in a span of time, as reported.");
  fixes.session = true;
  fixes.query = {"as-of", "unit", "party", "since", "until", "after", "count"};
  engine::Engine* const engine = &service->engine();
  fixes.handler = state_read(service, [engine](const Sight& sight, const http::Request& request) -> Result<Telling> {
    WB_TRY(question, read_question(request, sight.party));
    return Telling{[engine, question, batches = batches_of(sight, question)](json::Writer& w) {
      tell_fixes(w, *engine, question, batches);
    }};
  });
  return {units, fixes};
}

}  // namespace wideberth::api
