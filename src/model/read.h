// Inside this folder only: the few steps that all readers and writers of documents share.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "geo/place.h"
#include "json/reader.h"
#include "json/writer.h"
#include "ledger/hash.h"
#include "ledger/key.h"
#include "model/names.h"
#include "model/party.h"

namespace wideberth::model {

/// The members party, role and name of an object.
Result<Party> read_party(const json::Reader& at);
void write_party(json::Writer& writer, const Party& party);

}  // namespace wideberth::model

namespace wideberth::model::read {

using json::Reader;
using json::Writer;

/// A refusal from a place that knows no JSON, said to be about this one.
template <class T>
Result<T> placed(const Reader& at, Result<T> result) {
  if (!result) result.error().where = at.pointer();
  return result;
}

/// Parses the text and reads its one value.
template <class T, class Read>
Result<T> whole(std::string_view text, std::size_t most_bytes, Read&& read) {
  WB_TRY(tree, json::parse(text, {.most_bytes = most_bytes}));
  return std::forward<Read>(read)(Reader(tree));
}

/// A text that must be there and hold more than spaces.
Result<std::string> text(const Reader& object, std::string_view name, std::size_t most, bool lines = false);
/// The same, or "" where there is none.
Result<std::string> text_if_any(const Reader& object, std::string_view name, std::size_t most, bool lines = false);
Result<std::string> short_name(const Reader& at);
Result<std::string> short_name(const Reader& object, std::string_view name);
/// A short name, or "*".
Result<std::string> short_name_or_any(const Reader& object, std::string_view name);
/// The name of a thing with an id, such as MV-7Q4M-K2, as base::id_of writes it.
Result<std::string> id(const Reader& object, std::string_view name);
/// Metres, rounded to the nearest millimetre.
Result<Metres> metres(const Reader& at, Metres least, Metres most);
Result<Metres> metres(const Reader& object, std::string_view name, Metres least, Metres most);
/// Seconds, rounded to the nearest millisecond.
Result<Millis> seconds(const Reader& at, Millis least, Millis most);
Result<Millis> seconds(const Reader& object, std::string_view name, Millis least, Millis most);
/// [longitude, latitude] in degrees, rounded to 1e-7.
Result<geo::Place> place(const Reader& at);
/// A GeoJSON linear ring.
Result<std::vector<geo::Place>> ring(const Reader& at, std::size_t most_places);
/// [from, to]
Result<Interval> span(const Reader& at);
Result<Interval> span(const Reader& object, std::string_view name);
Result<Instant> instant(const Reader& object, std::string_view name);
Result<std::int64_t> integer(const Reader& object, std::string_view name, std::int64_t least, std::int64_t most);
Result<EntryIndex> index(const Reader& object, std::string_view name);
Result<ledger::Hash> hash(const Reader& object, std::string_view name);
Result<ledger::VerifierKey> vkey(const Reader& at, ledger::KeyType type);

/// The enumerator whose name the text is. `names` gives one name for each value from 0.
template <class Enum, std::size_t N>
Result<Enum> word(const Reader& at, const std::array<std::string_view, N>& names) {
  std::string all;
  for (std::size_t i = 0; i < N; ++i) {
    if (at.is_string() && at.value().string() == names[i]) return static_cast<Enum>(i);
    all += (i == 0 ? "\"" : ", \"") + std::string(names[i]) + "\"";
  }
  WB_TRY(found, at.text(kMostReason, true));
  return at.refuse(base::Rule::json_choice, "\"" + base::excerpt(found) + "\"", all);
}

void write_place(Writer& writer, geo::Place place);
void write_span(Writer& writer, Interval span);
Writer& write_metres(Writer& writer, std::string_view name, Metres length);
Writer& write_seconds(Writer& writer, std::string_view name, Millis time);
/// Nothing where the text is empty.
void write_text_if_any(Writer& writer, std::string_view name, std::string_view text);
void write_ring(Writer& writer, const std::vector<geo::Place>& ring);

/// How many single-character changes lead from a to b, letter case of ASCII ignored.
std::size_t edit_distance(std::string_view a, std::string_view b);

}  // namespace wideberth::model::read
