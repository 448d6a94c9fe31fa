#include "model/presence.h"

#include <array>
#include <limits>

#include "model/read.h"
#include "model/rules_text.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr std::array<std::string_view, 2> kStatedIn = {"composition", "presence"};
constexpr std::size_t kMostPresenceBytes = std::size_t{64} << 10;
constexpr std::size_t kMostStatedTypes = 2000;
constexpr std::int64_t kMostStated = 1'000'000'000;

Result<PresenceStated> read_presence_stated(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "classes", "effect", "reason"}));
  PresenceStated said;
  WB_TRY(clause, read::text(at, "clause", kMostClause));
  said.clause = std::move(clause);
  WB_TRY(classes_at, at.member("classes"));
  WB_TRY(classes, read_presence_classes(classes_at));
  said.classes = std::move(classes);
  if (at.find("effect")) {
    WB_TRY(effect, read::instant(at, "effect"));
    said.effect = effect;
  }
  WB_TRY(reason, read::text(at, "reason", kMostReason, true));
  said.reason = std::move(reason);
  return said;
}

Result<void> read_sides(const Reader& at, SightingDiffers& found) {
  WB_TRY(seen_at, at.member("seen"));
  WB_TRY_VOID(seen_at.only({"by", "count", "type", "at"}));
  WB_TRY(seen_by, read::short_name(seen_at, "by"));
  found.seen_by = std::move(seen_by);
  WB_TRY(seen, read::integer(seen_at, "count", 1, kMostStated));
  found.seen = seen;
  WB_TRY(type, read::text(seen_at, "type", kMostLabel));
  found.seen_type = std::move(type);
  WB_TRY(when, read::instant(seen_at, "at"));
  found.seen_at = when;
  WB_TRY(stated_at, at.member("stated"));
  WB_TRY_VOID(stated_at.only({"by", "in", "count", "types"}));
  WB_TRY(stated_by, read::short_name(stated_at, "by"));
  found.stated_by = std::move(stated_by);
  WB_TRY(in_at, stated_at.member("in"));
  WB_TRY(in, read::word<StatedIn>(in_at, kStatedIn));
  found.against = in;
  WB_TRY(stated, read::integer(stated_at, "count", 0, kMostStated));
  found.stated = stated;
  WB_TRY(types_at, stated_at.member("types"));
  WB_TRY(types, types_at.elements(0, kMostStatedTypes));
  for (const Reader& each : types) {
    WB_TRY(word, each.text(kMostLabel));
    found.stated_types.push_back(std::move(word));
  }
  return {};
}

Result<SightingDiffers> read_sighting_differs(const Reader& at) {
  WB_TRY_VOID(at.only({"sighting", "seen", "stated", "tolerance", "count_differs", "type_differs", "agreement", "version",
                       "clause", "movement", "revision", "area", "stated_entry"}));
  SightingDiffers found;
  WB_TRY(sighting, read::id(at, "sighting"));
  found.sighting = std::move(sighting);
  WB_TRY_VOID(read_sides(at, found));
  WB_TRY(tolerance, read::integer(at, "tolerance", 0, kMostStated));
  found.tolerance = tolerance;
  WB_TRY(count_at, at.member("count_differs"));
  WB_TRY(count, count_at.boolean());
  found.count_differs = count;
  WB_TRY(type_at, at.member("type_differs"));
  WB_TRY(type, type_at.boolean());
  found.type_differs = type;
  WB_TRY(agreement, read::id(at, "agreement"));
  found.agreement = std::move(agreement);
  WB_TRY(version, read::integer(at, "version", 1, std::numeric_limits<std::int32_t>::max()));
  found.version = static_cast<std::uint32_t>(version);
  WB_TRY(clause, read::text(at, "clause", kMostClause));
  found.clause = std::move(clause);
  if (found.against == StatedIn::composition) {
    WB_TRY(movement, read::id(at, "movement"));
    found.movement = std::move(movement);
    WB_TRY(revision, read::index(at, "revision"));
    found.revision = revision;
    return found;
  }
  WB_TRY(area, read::short_name(at, "area"));
  found.area = std::move(area);
  if (at.find("stated_entry")) {
    WB_TRY(entry, read::index(at, "stated_entry"));
    found.stated_entry = entry;
  }
  return found;
}

}  // namespace

std::string_view name_of(StatedIn in) noexcept { return kStatedIn[static_cast<std::size_t>(in)]; }

Result<PresenceStated> parse_presence_stated(std::string_view json) {
  return read::whole<PresenceStated>(json, kMostPresenceBytes, read_presence_stated);
}
Result<SightingDiffers> parse_sighting_differs(std::string_view json) {
  return read::whole<SightingDiffers>(json, std::size_t{1} << 20, read_sighting_differs);
}

std::string to_json(const PresenceStated& said) {
  Writer writer;
  writer.begin_object().key("clause").string(said.clause);
  write_presence_classes(writer, said.classes);
  if (said.effect) writer.key("effect").string(base::to_short_text(*said.effect));
  return writer.key("reason").string(said.reason).end_object().take();
}

std::string to_json(const SightingDiffers& found) {
  Writer writer;
  writer.begin_object().key("sighting").string(found.sighting).key("seen").begin_object();
  writer.key("by").string(found.seen_by).key("count").integer(found.seen).key("type").string(found.seen_type);
  writer.key("at").string(base::to_short_text(found.seen_at)).end_object().key("stated").begin_object();
  writer.key("by").string(found.stated_by).key("in").string(name_of(found.against)).key("count").integer(found.stated);
  writer.key("types").begin_array();
  for (const std::string& each : found.stated_types) writer.string(each);
  writer.end_array().end_object().key("tolerance").integer(found.tolerance);
  writer.key("count_differs").boolean(found.count_differs).key("type_differs").boolean(found.type_differs);
  writer.key("agreement").string(found.agreement).key("version").integer(found.version).key("clause").string(found.clause);
  read::write_text_if_any(writer, "movement", found.movement);
  if (found.revision) writer.key("revision").integer(static_cast<std::int64_t>(found.revision->value));
  read::write_text_if_any(writer, "area", found.area);
  if (found.stated_entry) writer.key("stated_entry").integer(static_cast<std::int64_t>(found.stated_entry->value));
  return writer.end_object().take();
}

}  // namespace wideberth::model
