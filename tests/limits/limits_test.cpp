// links: base json geo ledger model feeds http store client cli
// What is read from strangers and files, at the limit that docs/limits.md states and one beyond it. Entries have their own
// (src/model/limits_test.cpp). All data is invented.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>

#include "cli/files.h"
#include "cli/phrase_file.h"
#include "feeds/cot.h"
#include "feeds/geojson.h"
#include "feeds/gpx.h"
#include "feeds/nmea.h"
#include "feeds/tak.h"
#include "feeds/xml.h"
#include "geo/geo.h"
#include "http/http.h"
#include "json/json.h"
#include "ledger/entry.h"
#include "ledger/key.h"
#include "model/notification.h"

namespace wideberth {
namespace {

using base::Rule;

/// One limit: what is read with so many, and the rule that one more meets. The refusal must say what was found and what would
/// be accepted, but where the rule's own sentence (Rule's title) has the figure.
struct Limit {
  const char* what;
  std::size_t most;
  std::function<std::optional<base::Refusal>(std::size_t)> read;
  Rule rule;
};

template <class T>
std::optional<base::Refusal> refusal_of(const base::Result<T>& result) {
  return result ? std::nullopt : std::optional(result.error());
}

void hold(const std::vector<Limit>& limits) {
  for (const Limit& limit : limits) {
    const auto at = limit.read(limit.most);
    EXPECT_FALSE(at) << limit.what << ": " << base::to_text(*at);
    const auto beyond = limit.read(limit.most + 1);
    ASSERT_TRUE(beyond) << limit.what << " is read beyond its limit";
    EXPECT_EQ(beyond->rule, limit.rule) << limit.what << ": " << base::to_text(*beyond);
    EXPECT_FALSE(beyond->found.empty()) << limit.what << ": " << base::to_text(*beyond);
    EXPECT_FALSE(beyond->accepted.empty() && base::title_of(beyond->rule).empty()) << limit.what;
  }
}

std::string letters(std::size_t n) { return std::string(n, 'a'); }
std::string repeated(std::size_t n, const std::string& text) {
  std::string all;
  for (std::size_t i = 0; i < n; ++i) all += text;
  return all;
}

TEST(Limits, OfJson) {
  hold({{"depth", 16, [](std::size_t n) { return refusal_of(json::parse(repeated(n, "[") + repeated(n, "]"))); },
         Rule::json_too_large},
        {"bytes", json::Limits{}.most_bytes, [](std::size_t n) { return refusal_of(json::parse("1" + std::string(n - 1, ' '))); },
         Rule::json_too_large},
        {"deepest that may be asked for", json::kMostDepth,
         [](std::size_t n) {
           return refusal_of(
               json::parse(repeated(n, "[") + repeated(n, "]"), {.most_bytes = 1000, .most_depth = json::kMostDepth}));
         },
         Rule::json_too_large}});
}

std::optional<base::Refusal> read_request(const std::string& bytes) {
  http::RequestParser parser({}, [](std::string_view, std::string_view) { return std::size_t{64} << 10; });
  parser.add(bytes);
  if (parser.next() == http::RequestParser::Step::request) return std::nullopt;
  return parser.refusal();
}

TEST(Limits, OfRequests) {
  const std::string head = "GET / HTTP/1.1\r\nHost: a\r\n";
  const auto body = [](std::size_t n) {
    return "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(n) + "\r\n\r\n" + std::string(n, 'x');
  };
  const auto query = [](std::size_t n) {
    std::string all;
    for (std::size_t i = 0; i < n; ++i) all += (i == 0 ? "q" : "&q") + std::to_string(i) + "=1";
    return all;
  };
  const http::HeadLimits limits;
  hold({{"head", limits.most_head_bytes,
         [&](std::size_t n) { return read_request(head + "X: " + letters(n - head.size() - 7) + "\r\n\r\n"); },
         Rule::http_head_too_large},
        {"fields", limits.most_fields, [&](std::size_t n) { return read_request(head + repeated(n - 1, "A: 1\r\n") + "\r\n"); },
         Rule::http_head_too_large},
        {"target", limits.most_target_bytes,
         [](std::size_t n) { return read_request("GET /" + letters(n - 1) + " HTTP/1.1\r\nHost: a\r\n\r\n"); },
         Rule::http_head_too_large},
        {"query values", http::kMostQueryValues,
         [&](std::size_t n) { return read_request("GET /?" + query(n) + " HTTP/1.1\r\nHost: a\r\n\r\n"); },
         Rule::http_query_malformed},
        {"body", std::size_t{64} << 10, [&](std::size_t n) { return read_request(body(n)); }, Rule::http_body_too_large},
        {"event of a stream", std::size_t{1} << 20,
         [](std::size_t n) { return refusal_of(http::EventReader().add("data: " + letters(n - 6) + "\n")); },
         Rule::server_unintelligible}});
}

ledger::EntryText entry_text() {
  ledger::EntryText entry;
  entry.origin = "dayrik.example/log", entry.kind = "notification.filed", entry.signer = "blue/ops-1", entry.number = 1;
  entry.at = base::Instant::from_ms(1'598'338'691'000);
  entry.parts = {{"full", "application/json", 512, ledger::sha256("x")}};
  return entry;
}

TEST(Limits, OfNotesAndKeys) {
  const auto changed = [](const std::function<void(ledger::EntryText&)>& change) {
    ledger::EntryText entry = entry_text();
    change(entry);
    return refusal_of(ledger::checked_text(entry));
  };
  hold({{"kind of an entry", 64, [&](std::size_t n) { return changed([&](auto& e) { e.kind = letters(n); }); },
         Rule::entry_malformed},
        {"name of a part", 32, [&](std::size_t n) { return changed([&](auto& e) { e.parts[0].name = letters(n); }); },
         Rule::entry_malformed},
        {"media type", 127,
         [&](std::size_t n) { return changed([&](auto& e) { e.parts[0].media_type = "a/" + letters(n - 2); }); },
         Rule::entry_malformed},
        {"number of a note", std::size_t{1} << 53 /* kMostNumber */,
         [&](std::size_t n) { return changed([&](auto& e) { e.number = n, e.previous = ledger::sha256("before"); }); },
         Rule::entry_malformed},
        {"name of a key", ledger::kMostNameBytes, [](std::size_t n) { return refusal_of(ledger::check_key_name(letters(n))); },
         Rule::key_name_malformed}});
}

model::Notification movement() {
  return model::parse_feature(R"json({"type":"Feature","geometry":{"type":"LineString","coordinates":[[42,37],[42.1,37.1]]},
      "properties":{"party":"aid","earliest":["2026-03-10T09:00:00Z","2026-03-10T10:00:00Z"],
      "latest":["2026-03-10T09:10:00Z","2026-03-10T10:10:00Z"],"half_width_m":50}})json")
      .value();
}

TEST(Limits, OfRoutes) {
  const auto route = [](const std::function<void(geo::Route&)>& change) {
    geo::Route changed = std::get<geo::Route>(movement().where);
    change(changed);
    return refusal_of(geo::compile(changed));
  };
  const auto metres = [](std::size_t mm) { return base::Metres::from_mm(static_cast<std::int64_t>(mm)); };
  const auto most_width = static_cast<std::size_t>(geo::kMaxWidthMetres) * 1000;
  hold({{"waypoints", geo::kMaxWaypoints,
         [&](std::size_t n) { return route([&](auto& r) { r.waypoints.resize(n, r.waypoints.back()); }); }, Rule::route_too_long},
        {"half width", most_width, [&](std::size_t n) { return route([&](auto& r) { r.half_width = metres(n); }); },
         Rule::geo_length_out_of_range},
        {"length of a column", most_width, [&](std::size_t n) { return route([&](auto& r) { r.column_length = metres(n); }); },
         Rule::geo_length_out_of_range},
        {"altitude", static_cast<std::size_t>(geo::kMaxAltitudeMetres) * 1000,
         [&](std::size_t n) { return route([&](auto& r) { r.altitude = geo::AltitudeBand{{}, metres(n)}; }); },
         Rule::altitude_band_backwards}});
  // A chord of exactly 9,000 km cannot be laid between whole degrees x 10^7: one just below, one just beyond.
  const auto along_equator = [&](std::int32_t lon_e7) {
    return route([&](auto& r) {
      r.waypoints.front().place = {0, 0};
      r.waypoints.back().place = {lon_e7, 0};
    });
  };
  EXPECT_FALSE(along_equator(897'000'000));
  const auto beyond = along_equator(899'000'000);
  ASSERT_TRUE(beyond);
  EXPECT_NE(base::to_text(*beyond).find(std::to_string(geo::kMaxLegMetres / 1000)), std::string::npos) << base::to_text(*beyond);
}

TEST(Limits, OfWrittenPlaces) {
  hold({{"text of a place", 80,
         [](std::size_t n) { return refusal_of(geo::parse_place("37.1N 42.1E" + std::string(n - 11, ' '))); },
         Rule::place_malformed}});
}

std::string event_with(const std::string& uid, const std::string& detail) {
  return "<event version='2.0' uid='" + uid +
         "' type='a-f-G-U-C' how='m-g' time='2020-08-25T06:58:12.417Z' start='2020-08-25T06:58:12.417Z' "
         "stale='2020-08-25T07:04:27.417Z'><point lat='37' lon='42' hae='400' ce='5' le='9'/><detail>" +
         detail + "</detail></event>";
}

TEST(Limits, OfFeeds) {
  const auto event = [](const std::string& uid, const std::string& detail) {
    return refusal_of(feeds::CotReader().read(event_with(uid, detail)));
  };
  const std::size_t bare = event_with("u", "").size();
  const auto sentence = [](std::size_t n) -> std::optional<base::Refusal> {
    feeds::Readings into;
    feeds::NmeaReader().line("$GPGGA," + letters(n - 7), into);
    for (const base::Refusal& each : into.refused)
      if (each.accepted.starts_with("at most")) return each;
    return std::nullopt;
  };
  const auto frame = [](std::size_t n) {
    std::string varint;
    for (std::size_t left = n; varint.empty() || left > 0; left >>= 7)
      varint += static_cast<char>((left & 0x7f) | (left >> 7 > 0 ? 0x80U : 0U));
    return refusal_of(feeds::read_frame_head("\xBF" + varint));
  };
  const auto attributes = [&](std::size_t n) {
    std::string all;
    for (std::size_t i = 0; i < n; ++i) all += " a" + std::to_string(i) + "='1'";
    return event("u", "<x" + all + "/>");
  };
  // <event> and <detail> are two elements of the depth.
  const auto depth = [&](std::size_t n) { return event("u", repeated(n - 2, "<x>") + repeated(n - 2, "</x>")); };
  hold({{"attribute that is kept", 1024, [&](std::size_t n) { return event(letters(n), ""); }, Rule::cot_event},
        {"event", feeds::kMostCotEvent, [&](std::size_t n) { return event("u", std::string(n - bare, ' ')); },
         Rule::feed_record_too_large},
        {"attributes of an element", 256, attributes, Rule::xml_malformed},
        {"depth", static_cast<std::size_t>(feeds::kMostXmlDepth), depth, Rule::xml_malformed},
        {"TAK message", feeds::kMostTakMessage, frame, Rule::feed_record_too_large},
        {"NMEA sentence", feeds::kMostSentence, sentence, Rule::nmea_sentence},
        {"GeoJSON track", feeds::kMostGeoJson,
         [](std::size_t n) {
           const std::string bare_text = R"({"type":"FeatureCollection","features":[]})";
           return refusal_of(feeds::read_geojson(bare_text + std::string(n - bare_text.size(), ' ')));
         },
         Rule::json_too_large}});
}

TEST(Limits, OfFilesThatACommandReads) {
  const auto folder = std::filesystem::temp_directory_path() / "wideberth-limits";
  std::filesystem::create_directories(folder);
  const auto file = folder / "file";
  std::ofstream(file).put('x');
  const auto read = [&](std::size_t most) {
    return [&, most](std::size_t n) {
      std::filesystem::resize_file(file, n);  // sparse: no such file is written
      return refusal_of(cli::read_file(file, most));
    };
  };
  std::vector<Limit> limits;
  // Key files; proofs of a fix; phrases; receipts; agreements and collections; tracks of the demonstration.
  for (const std::size_t most : {std::size_t{16} << 10, std::size_t{256} << 10, std::size_t{1} << 20, std::size_t{2} << 20,
                                 std::size_t{4} << 20, std::size_t{16} << 20})
    limits.push_back({"file", most, read(most), Rule::file_too_large});
  hold(limits);
  // What waits to be sent, sheets, parts; sheets of notices; tracks and roads: too large before a byte is held.
  for (const std::size_t most : {std::size_t{64} << 20, std::size_t{32} << 20, std::size_t{256} << 20, std::size_t{1} << 30})
    EXPECT_EQ(read(most)(most + 1).value().rule, Rule::file_too_large) << most;
  std::filesystem::remove_all(folder);
}

TEST(Limits, OfPhraseFiles) {
  const auto language = [](std::size_t i) {
    return "\"" + std::string(1, static_cast<char>('a' + i / 26)) + static_cast<char>('a' + i % 26) + "\"";
  };
  const auto phrase = [](const std::string& name, const std::string& words) {
    return R"({"phrase":")" + name + R"(","class":"info","words":{)" + words + "}}";
  };
  const auto file = [&](std::size_t languages, std::size_t phrases, const std::string& said) {
    std::string codes, words, all;
    for (std::size_t i = 0; i < languages; ++i) {
      codes += (i == 0 ? "" : ",") + language(i);
      words += (i == 0 ? "" : ",") + language(i) + R"(:{"text":")" + said + R"(","pronounced":"p"})";
    }
    for (std::size_t i = 0; i < phrases; ++i) all += (i == 0 ? "" : ",") + phrase("p" + std::to_string(i), words);
    return refusal_of(cli::parse_phrase_file(R"({"about":"invented","languages":[)" + codes + R"(],"phrases":[)" + all + "]}"));
  };
  hold({{"languages", 16, [&](std::size_t n) { return file(n, 1, "x"); }, Rule::json_length},
        {"phrases", cli::kMostPhrases, [&](std::size_t n) { return file(1, n, "x"); }, Rule::json_length},
        {"words of a phrase", 500, [&](std::size_t n) { return file(1, 1, letters(n)); }, Rule::json_length}});
}

}  // namespace
}  // namespace wideberth
