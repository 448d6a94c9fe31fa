#include "feeds/geojson.h"

#include "base/bytes.h"
#include "feeds/number.h"
#include "json/json.h"

namespace wideberth::feeds {
namespace {

using json::Reader;

constexpr std::size_t kMostElements = std::size_t{1} << 24;
constexpr std::int64_t kMostMs = 253'402'300'799'999;  // the year 9999

Result<Instant> time_of(const Reader& at) {
  if (at.is_integer()) {
    WB_TRY(ms, at.integer(0, kMostMs));
    return Instant::from_ms(ms);
  }
  WB_TRY(text, at.string(64));
  if (const auto time = read_time(text)) return *time;
  return at.refuse(Rule::time_malformed, "\"" + base::excerpt(text) + "\"",
                   "such as 2020-08-25T06:58:12Z, or milliseconds since 1970");
}

// [lon, lat] or [lon, lat, altitude] of a position.
Result<void> place_of(const Reader& at, model::Position& into) {
  WB_TRY(numbers, at.elements(2, 3));
  for (const Reader& number : numbers) {
    if (!number.is_number()) return at.refuse(Rule::json_kind, "a coordinate that is no number", "numbers");
  }
  const auto lon = numbers[0].fixed(7, -1'800'000'000, 1'800'000'000), lat = numbers[1].fixed(7, -900'000'000, 900'000'000);
  if (!lon || !lat)
    return at.refuse(Rule::place_out_of_range, "a coordinate out of range",
                     "longitude within 180 and latitude within 90 degrees");
  into.place = {static_cast<std::int32_t>(*lon), static_cast<std::int32_t>(*lat)};
  if (numbers.size() == 3) {
    WB_TRY(altitude, numbers[2].fixed(3, model::kLeastAltitude.mm(), model::kMostAltitude.mm()));
    into.altitude = Metres::from_mm(altitude);
  }
  return {};
}

class FeatureReader {
 public:
  FeatureReader(const TrackOptions& options, Readings& into) : options_{options}, into_{into} {}

  // Each refusal costs a walk to its place, so their number is limited.
  bool is_full() const { return into_.refused_count >= kMostGeoJsonRefusals; }

  void read(const Reader& feature) {
    if (auto done = take_feature(feature); !done) into_.refuse(std::move(done).error());
  }

 private:
  Result<void> take_feature(const Reader& feature) {
    const auto geometry = feature.find("geometry"), properties = feature.find("properties");
    const auto type = geometry ? geometry->find("type") : std::nullopt;
    const auto name = type ? type->string(64) : Result<std::string_view>(std::string_view());
    if (!feature.is_object() || !name || name->empty()) {
      return feature.refuse(Rule::track_feature, "a feature without a geometry that has a type", "a LineString or a Point");
    }
    if (*name != "LineString" && *name != "Point") {
      ++into_.of_other_kinds;
      return {};
    }
    WB_TRY(coordinates, geometry->member("coordinates"));
    Reading first;
    WB_TRY_VOID(names(feature, properties, first));
    if (*name == "Point") return point(coordinates, properties, first);
    return line(coordinates, properties, first);
  }

  Result<void> names(const Reader& feature, const std::optional<Reader>& properties, Reading& into) const {
    into.position.unit = options_.unit;
    if (properties) {
      for (const char* member : {"unit", "name"}) {
        const auto found = properties->find(member);
        if (!found || !into.position.unit.empty()) continue;
        WB_TRY(text, found->text(model::kMostUnitName));
        into.position.unit = text;
      }
      if (const auto party = properties->find("party")) {
        WB_TRY(text, party->text(model::kMostShortName));
        if (!model::is_short_name(text))
          return party->refuse(Rule::name_malformed, "\"" + text + "\"", "the short name of a party");
        into.party = text;
      }
    }
    const auto id = feature.find("id");
    if (into.position.unit.empty() && id && id->is_string()) {
      WB_TRY(text, id->text(model::kMostUnitName));
      into.position.unit = text;
    }
    return {};
  }

  Result<void> point(const Reader& coordinates, const std::optional<Reader>& properties, Reading& reading) {
    const auto time = properties ? properties->find("time") : std::nullopt;
    if (!time) return coordinates.refuse(Rule::track_time_missing, "a point without a time", "properties.time");
    WB_TRY(at, time_of(*time));
    reading.position.time = at;
    WB_TRY_VOID(place_of(coordinates, reading.position));
    if (const auto accuracy = properties->find("accuracy_m")) {
      WB_TRY(mm, accuracy->fixed(3, 0, model::kMostAccuracy.mm()));
      reading.position.accuracy = Metres::from_mm(mm);
    }
    if (const auto speed = properties->find("speed_mps")) {
      WB_TRY(mmps, speed->fixed(3, 0, model::kMostSpeed_mmps));
      reading.position.speed_mmps = static_cast<std::int32_t>(mmps);
    }
    if (const auto course = properties->find("course_deg")) {
      WB_TRY(cdeg, course->fixed(2, 0, 36'000));
      reading.position.course_cdeg = static_cast<std::int32_t>(cdeg % 36'000);
    }
    if (auto good = model::check_position(reading.position); !good) {
      return coordinates.refuse(good.error().rule, good.error().found, good.error().accepted);
    }
    into_.fixes.push_back(std::move(reading));
    return {};
  }

  Result<void> line(const Reader& coordinates, const std::optional<Reader>& properties, const Reading& like) {
    auto times = properties ? properties->find("coordTimes") : std::nullopt;
    if (properties && !times) times = properties->find("times");
    if (!times)
      return coordinates.refuse(Rule::track_time_missing, "a line without times",
                                "properties.coordTimes, as many as there are places");
    WB_TRY(places, coordinates.elements(0, kMostElements));
    WB_TRY(instants, times->elements(0, kMostElements));
    if (places.size() != instants.size()) {
      return times->refuse(Rule::track_feature,
                           std::to_string(instants.size()) + " times for " + std::to_string(places.size()) + " places",
                           "as many times as places");
    }
    for (std::size_t i = 0; i < places.size() && !is_full(); ++i) {
      Reading reading = like;
      auto fine = place_of(places[i], reading.position);
      const auto at = time_of(instants[i]);
      if (fine && !at) fine = tl::unexpected<Refusal>(at.error());
      if (!fine) {
        into_.refuse(std::move(fine).error());
        continue;
      }
      reading.position.time = *at;
      if (auto good = model::check_position(reading.position); !good) {
        into_.refuse({good.error().rule, good.error().found, good.error().accepted, places[i].pointer()});
        continue;
      }
      into_.fixes.push_back(std::move(reading));
    }
    return {};
  }

  const TrackOptions& options_;
  Readings& into_;
};

}  // namespace

Result<Readings> read_geojson(std::string_view text, const TrackOptions& options) {
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  WB_TRY(tree, json::parse(text, {kMostGeoJson, 32}));
  const Reader root(tree);
  Readings readings;
  FeatureReader reader(options, readings);
  WB_TRY(type, root.member("type"));
  WB_TRY(name, type.string(64));
  if (name == "Feature") {
    reader.read(root);
  } else if (name == "FeatureCollection") {
    WB_TRY(list, root.member("features"));
    WB_TRY(features, list.elements(0, kMostElements));
    for (const Reader& feature : features) {
      if (reader.is_full()) break;
      reader.read(feature);
    }
  } else {
    return type.refuse(Rule::track_feature, "\"" + base::excerpt(name) + "\"", "Feature or FeatureCollection");
  }
  if (reader.is_full()) {
    readings.refuse({Rule::track_feature, "1000 refusals", "fewer: what follows was not read", {}});
  }
  return readings;
}

}  // namespace wideberth::feeds
