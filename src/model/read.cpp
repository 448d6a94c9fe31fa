#include "model/read.h"

#include <algorithm>
#include <limits>

#include "base/id.h"

namespace wideberth::model {

bool is_short_name(std::string_view text) noexcept {
  if (text.empty() || text.size() > kMostShortName || text[0] < 'a' || text[0] > 'z') return false;
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
}

namespace read {

using base::Rule;

namespace {

bool is_blank(std::string_view text) { return text.find_first_not_of(" \n") == std::string_view::npos; }

}  // namespace

Result<std::string> text(const Reader& object, std::string_view name, std::size_t most, bool lines) {
  WB_TRY(at, object.member(name));
  WB_TRY(found, at.text(most, lines));
  if (is_blank(found)) return at.refuse(Rule::json_length, "an empty text", "1 to " + std::to_string(most) + " bytes of text");
  return std::move(found);
}

Result<std::string> text_if_any(const Reader& object, std::string_view name, std::size_t most, bool lines) {
  const auto at = object.find(name);
  if (!at) return std::string();
  return at->text(most, lines);
}

Result<std::string> short_name(const Reader& at) {
  WB_TRY(found, at.text(kMostReason, true));
  if (!is_short_name(found)) return at.refuse(Rule::name_malformed, "\"" + base::excerpt(found) + "\"", "such as \"blue\"");
  return std::move(found);
}

Result<std::string> short_name(const Reader& object, std::string_view name) {
  WB_TRY(at, object.member(name));
  return short_name(at);
}

Result<std::string> short_name_or_any(const Reader& object, std::string_view name) {
  WB_TRY(at, object.member(name));
  if (at.is_string() && at.value().string() == "*") return std::string("*");
  return short_name(at);
}

Result<std::string> id(const Reader& object, std::string_view name) {
  WB_TRY(at, object.member(name));
  WB_TRY(found, at.text(kMostLabel));
  WB_TRY(named, placed(at, base::index_of(found)));
  // Reading forgives case and look-alikes; a document holds the one spelling, so that equal ids are equal texts.
  const std::string written = base::id_of(named.kind, named.index);
  if (found != written) return at.refuse(Rule::id_malformed, "\"" + base::excerpt(found) + "\"", "\"" + written + "\"");
  return std::move(found);
}

Result<Metres> metres(const Reader& at, Metres least, Metres most) {
  WB_TRY(mm, at.fixed(3, least.mm(), most.mm()));
  return Metres::from_mm(mm);
}

Result<Metres> metres(const Reader& object, std::string_view name, Metres least, Metres most) {
  WB_TRY(at, object.member(name));
  return metres(at, least, most);
}

Result<Millis> seconds(const Reader& at, Millis least, Millis most) {
  WB_TRY(ms, at.fixed(3, least.ms(), most.ms()));
  return Millis::from_ms(ms);
}

Result<Millis> seconds(const Reader& object, std::string_view name, Millis least, Millis most) {
  WB_TRY(at, object.member(name));
  return seconds(at, least, most);
}

Result<geo::Place> place(const Reader& at) {
  constexpr double kHuge =
      std::numeric_limits<double>::max();  // the range is make_place's to judge: it knows what was probably meant
  WB_TRY(parts, at.elements(2, 4));
  if (parts.size() > 2)
    return at.refuse(Rule::feature_altitude_in_place, "a place with " + std::to_string(parts.size()) + " numbers",
                     "[longitude, latitude]; heights stand in \"altitude_m\": [low, high]");
  WB_TRY(lon, parts[0].number(-kHuge, kHuge));
  WB_TRY(lat, parts[1].number(-kHuge, kHuge));
  return placed(at, geo::make_place(lon, lat));
}

Result<std::vector<geo::Place>> ring(const Reader& at, std::size_t most_places) {
  WB_TRY(places, at.elements(0, most_places));
  std::vector<geo::Place> found;
  found.reserve(places.size());
  for (const auto& each : places) {
    WB_TRY(one, place(each));
    found.push_back(one);
  }
  if (found.size() < 4)
    return at.refuse(Rule::ring_malformed, "a ring of " + std::to_string(found.size()) + " places", "four or more");
  if (found.front() != found.back())
    return at.refuse(Rule::ring_malformed, "a ring that ends elsewhere than it began", "the first place again at the end");
  return found;
}

Result<Interval> span(const Reader& at) {
  WB_TRY(ends, at.elements(2, 2));
  WB_TRY(from, ends[0].instant());
  WB_TRY(to, ends[1].instant());
  if (to < from)
    return at.refuse(Rule::span_backwards, base::to_short_text(from) + " to " + base::to_short_text(to),
                     "[from, to], from <= to");
  return Interval{from, to};
}

Result<Interval> span(const Reader& object, std::string_view name) {
  WB_TRY(at, object.member(name));
  return span(at);
}

Result<Instant> instant(const Reader& object, std::string_view name) {
  WB_TRY(at, object.member(name));
  return at.instant();
}

Result<std::int64_t> integer(const Reader& object, std::string_view name, std::int64_t least, std::int64_t most) {
  WB_TRY(at, object.member(name));
  return at.integer(least, most);
}

Result<EntryIndex> index(const Reader& object, std::string_view name) {
  WB_TRY(found, integer(object, name, 0, json::kMostInteger));
  return EntryIndex{static_cast<std::uint64_t>(found)};
}

Result<ledger::Hash> hash(const Reader& object, std::string_view name) {
  WB_TRY(at, object.member(name));
  WB_TRY(found, at.string(64));
  return placed(at, ledger::hash_from_base64(found));
}

Result<ledger::VerifierKey> vkey(const Reader& at, ledger::KeyType type) {
  WB_TRY(found, at.string(1000));
  WB_TRY(key, placed(at, ledger::parse_vkey(found)));
  const bool log = type == ledger::KeyType::ed25519;
  if (key.type != type)
    return at.refuse(Rule::key_kind_mismatch, log ? "a key for cosignatures (type 04)" : "a key for texts (type 01)",
                     log ? "an Ed25519 key (type 01)" : "a key for cosignatures (type 04)");
  return std::move(key);
}

void write_place(Writer& writer, geo::Place place) {
  writer.begin_array().fixed(place.lon_e7, 7).fixed(place.lat_e7, 7).end_array();
}

void write_span(Writer& writer, Interval span) {
  writer.begin_array().string(base::to_short_text(span.from)).string(base::to_short_text(span.to)).end_array();
}

Writer& write_metres(Writer& writer, std::string_view name, Metres length) { return writer.key(name).fixed(length.mm(), 3); }

Writer& write_seconds(Writer& writer, std::string_view name, Millis time) { return writer.key(name).fixed(time.ms(), 3); }

void write_text_if_any(Writer& writer, std::string_view name, std::string_view text) {
  if (!text.empty()) writer.key(name).string(text);
}

void write_ring(Writer& writer, const std::vector<geo::Place>& ring) {
  writer.begin_array();
  for (const auto place : ring) write_place(writer, place);
  writer.end_array();
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace read
}  // namespace wideberth::model
