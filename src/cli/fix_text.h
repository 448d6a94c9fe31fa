// A fix as this program prints it: as a line for a person and as JSON.
#pragma once

#include <string>

#include "json/writer.h"
#include "model/position.h"

namespace wideberth::cli {

/// "2020-08-25T06:58:12Z  37.1770000N 42.1400000E  ± 4.7 m  11.2 m/s  271.5°  450 m".
std::string fix_text(const model::Position& fix);
/// {"unit", "time", "place": [lon, lat], "accuracy_m", "speed_mps", "course_deg", "altitude_m", "source"}; what is not known is
/// left out.
void write_fix_json(json::Writer& writer, const model::Position& fix);

}  // namespace wideberth::cli
