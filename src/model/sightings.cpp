#include "model/sightings.h"

#include <array>

#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr std::array<std::string_view, 3> kSightingWords = {"ours", "not ours", "not saying"};
constexpr std::size_t kMostSightingBytes = std::size_t{16} << 10;

Result<SightingReported> read_sighting_reported(const Reader& at) {
  WB_TRY_VOID(at.only({"count", "type", "place", "within_m", "seen", "observer", "remark"}));
  SightingReported said;
  WB_TRY(count, read::integer(at, "count", 1, kMostSeen));
  said.count = count;
  WB_TRY(type, read::text(at, "type", kMostLabel));
  said.type = std::move(type);
  WB_TRY(place_at, at.member("place"));
  WB_TRY(place, read::place(place_at));
  said.place = place;
  WB_TRY(within, read::metres(at, "within_m", Metres::from_metres(1), Metres::from_metres(100'000)));
  said.within = within;
  WB_TRY(seen, read::instant(at, "seen"));
  said.seen = seen;
  WB_TRY(observer, read::text(at, "observer", kMostLabel));
  said.observer = std::move(observer);
  WB_TRY(remark, read::text_if_any(at, "remark", kMostReason, true));
  said.remark = std::move(remark);
  return said;
}

Result<SightingAnswered> read_sighting_answered(const Reader& at) {
  WB_TRY_VOID(at.only({"answer", "person", "note"}));
  SightingAnswered said;
  WB_TRY(answer_at, at.member("answer"));
  WB_TRY(answer, read::word<SightingWord>(answer_at, kSightingWords));
  said.answer = answer;
  WB_TRY(person, read::text(at, "person", kMostLabel));
  said.person = std::move(person);
  WB_TRY(note, read::text_if_any(at, "note", kMostReason, true));
  said.note = std::move(note);
  return said;
}

}  // namespace

std::string_view name_of(SightingWord word) noexcept { return kSightingWords[static_cast<std::size_t>(word)]; }

Result<SightingReported> parse_sighting_reported(std::string_view json) {
  return read::whole<SightingReported>(json, kMostSightingBytes, read_sighting_reported);
}
Result<SightingAnswered> parse_sighting_answered(std::string_view json) {
  return read::whole<SightingAnswered>(json, kMostSightingBytes, read_sighting_answered);
}

std::string to_json(const SightingReported& said) {
  Writer writer;
  writer.begin_object().key("count").integer(said.count).key("type").string(said.type).key("place");
  read::write_place(writer, said.place);
  read::write_metres(writer, "within_m", said.within).key("seen").string(base::to_short_text(said.seen));
  writer.key("observer").string(said.observer);
  read::write_text_if_any(writer, "remark", said.remark);
  return writer.end_object().take();
}

std::string to_json(const SightingAnswered& said) {
  Writer writer;
  writer.begin_object().key("answer").string(name_of(said.answer)).key("person").string(said.person);
  read::write_text_if_any(writer, "note", said.note);
  return writer.end_object().take();
}

}  // namespace wideberth::model
