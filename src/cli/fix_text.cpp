#include "cli/fix_text.h"

#include <fmt/format.h>

#include "geo/text.h"

namespace wideberth::cli {

std::string fix_text(const model::Position& fix) {
  std::string text = to_short_text(fix.time) + "  " + geo::to_dd(fix.place);
  if (fix.accuracy) text += fmt::format("  ± {:.1f} m", fix.accuracy->metres());
  if (fix.speed_mmps) text += fmt::format("  {:.1f} m/s", *fix.speed_mmps / 1000.0);
  if (fix.course_cdeg) text += fmt::format("  {:.1f}°", *fix.course_cdeg / 100.0);
  if (fix.altitude) text += fmt::format("  {:.0f} m high", fix.altitude->metres());
  return text;
}

void write_fix_json(json::Writer& writer, const model::Position& fix) {
  writer.begin_object().key("unit").string(fix.unit).key("time").string(to_text(fix.time));
  writer.key("place").begin_array().fixed(fix.place.lon_e7, 7).fixed(fix.place.lat_e7, 7).end_array();
  if (fix.accuracy) writer.key("accuracy_m").fixed(fix.accuracy->mm(), 3);
  if (fix.speed_mmps) writer.key("speed_mps").fixed(*fix.speed_mmps, 3);
  if (fix.course_cdeg) writer.key("course_deg").fixed(*fix.course_cdeg, 2);
  if (fix.altitude) writer.key("altitude_m").fixed(fix.altitude->mm(), 3);
  writer.key("source").string(name_of(fix.source)).end_object();
}

}  // namespace wideberth::cli
