// What the tests and the drawings of conduct share: encounters drawn from the accounts of 25 August 2020 near Dayrik. EVERY TRACK
// IN HERE IS INVENTED: the accounts say that vehicles blocked, boxed in, struck and hovered, and nobody published a track.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "live/conduct.h"
#include "live/testing.h"

namespace wideberth::live::testing {

/// A moment on a unit's way, in metres east and north of kField; straight and even in between.
struct Turn {
  double t, east, north;
};

struct Drive {
  std::string party, name;
  std::vector<Turn> way;
  double every_s = 1;
  Said said{.accuracy_m = 1};
  std::string platform_class = "vehicle";
  double from = 0, to = 1e9;  ///< fixes only in here
  double length_m = 0, width_m = 0;
  std::string formation{};
  double silent_from = 1e9, silent_to = 1e9;  ///< no fixes in here
  double rough_from = 1e9;                    ///< from here on the accuracy is `rough_m`
  float rough_m = kNone;
};

struct Scene {
  std::string title;
  std::vector<Drive> drives;
  std::vector<Turn> road{};      ///< a road line
  std::vector<Turn> notified{};  ///< the way of the first drive
  double half_width_m = 50;
};

/// A scene, run through the code.
struct Played {
  Units units{};
  std::vector<Encounter> encounters{};
  std::vector<EncounterEvent> events{};
  Surroundings around{};
  Findings findings{};  ///< of all encounters
};

inline Turn on_way_at(const std::vector<Turn>& way, double t) {
  std::size_t i = 0;
  while (i + 2 < way.size() && way[i + 1].t <= t) ++i;
  if (way.size() == 1 || t <= way.front().t) return {t, way.front().east, way.front().north};
  if (t >= way.back().t) return {t, way.back().east, way.back().north};
  const double share = (t - way[i].t) / (way[i + 1].t - way[i].t);
  return {t, way[i].east + (way[i + 1].east - way[i].east) * share, way[i].north + (way[i + 1].north - way[i].north) * share};
}

inline std::vector<Vec3> line_of(const std::vector<Turn>& turns) {
  std::vector<Vec3> line;
  for (const Turn& turn : turns) line.push_back(geo::to_ecef(offset(kField, turn.east, turn.north)));
  return line;
}

inline Played play(const Scene& scene, const Tests& tests = {}) {
  Played out;
  std::vector<Fix> fixes;
  for (const Drive& drive : scene.drives) {
    Unit unit{.party = drive.party, .name = drive.name, .platform_class = drive.platform_class};
    unit.length = Metres::from_mm(static_cast<std::int64_t>(drive.length_m * 1000));
    unit.width = Metres::from_mm(static_cast<std::int64_t>(drive.width_m * 1000));
    unit.formation = drive.formation;
    const UnitIndex index = *out.units.add(unit);
    const double first = std::max(drive.from, drive.way.front().t), last = std::min(drive.to, drive.way.back().t);
    for (int k = 0; first + k * drive.every_s <= last + 1e-9; ++k) {
      const Turn at = on_way_at(drive.way, first + k * drive.every_s);
      Said said = drive.said;
      if (at.t >= drive.rough_from) said.accuracy_m = drive.rough_m;
      if (at.t < drive.silent_from || at.t > drive.silent_to) fixes.push_back(fix_at(index, at.t, at.east, at.north, said));
    }
  }
  std::sort(fixes.begin(), fixes.end(),
            [](const Fix& a, const Fix& b) { return std::tuple(a.time, a.unit) < std::tuple(b.time, b.unit); });
  if (!scene.road.empty()) out.around.roads.push_back(line_of(scene.road));
  if (!scene.notified.empty()) out.around.ways[UnitIndex{0}] = {line_of(scene.notified), scene.half_width_m};
  Tracks tracks;
  Encounters encounters;
  for (const Fix& fix : fixes) {
    const Taken taken = tracks.take(out.units, fix, fix.time);
    encounters.take(out.units, fix.unit, tracks.of(fix.unit), taken, fix.time);
  }
  encounters.close(out.units);
  out.events = encounters.drain();
  for (const EncounterEvent& event : out.events) {
    if (event.kind != EncounterEvent::Kind::closed || event.encounter.ended == EncounterEnd::joined) continue;
    Findings found = find_conduct(out.units, event.encounter, tests, out.around);
    out.findings.candidates.insert(out.findings.candidates.end(), found.candidates.begin(), found.candidates.end());
    out.findings.unreported.insert(out.findings.unreported.end(), found.unreported.begin(), found.unreported.end());
    out.encounters.push_back(event.encounter);
  }
  return out;
}

// The golden scenes. Red drives east along a road at north = 0; the first drive is the one upon whom.

inline Scene blocking_scene() {
  return {"Blocking: red comes along its way; blue has pulled across it and stands",
          {{"red", "R-1", {{0, -600, 0}, {45, -60, 0}, {50, -30, 0}, {140, -30, 0}}, 5, {.accuracy_m = 5}},
           {"blue", "B-1", {{0, 0, 120}, {20, 0, 2}, {140, 0, 2}}, 5, {.accuracy_m = 5}}}};
}
inline Scene tailing_scene() {
  return {"Tailing: blue follows red at 80 metres",
          {{"red", "R-1", {{0, 0, 0}, {60, 600, 0}, {130, 1300, 0}}, 5, {.accuracy_m = 5}},
           {"blue", "B-1", {{0, -80, 0}, {60, 520, 0}, {130, 1220, 0}}, 5, {.accuracy_m = 5}}}};
}
inline Scene overtaking_scene() {
  return {"Close overtaking: blue passes red with two metres between the sides",
          {{"red", "R-1", {{0, 0, 0}, {20, 200, 0}}}, {"blue", "B-1", {{0, -65, 4.5}, {20, 265, 4.5}}}}};
}
inline Scene cut_in_scene() {
  return {"Cutting in: blue comes from beside and merges before red",
          {{"red", "R-1", {{0, 0, 0}, {6, 72, 0}, {8, 86, 0}, {16, 126, 0}}},
           {"blue", "B-1", {{0, -1.5, 8}, {5, 74.5, 8}, {7, 88.5, -2}, {8, 95.5, -2}, {16, 143.5, -2}}}}};
}
inline Scene forced_off_road_scene() {
  return {"Forced off the road: after blue cuts in, red leaves the road line",
          {{"red", "R-1", {{0, 0, 0}, {6, 72, 0}, {8, 86, -6}, {12, 108, -21}, {16, 120, -21}}},
           {"blue", "B-1", {{0, -1.5, 8}, {5, 74.5, 8}, {7, 88.5, -2}, {8, 95.5, -2}, {16, 143.5, -2}}}},
          {{0, -100, 0}, {0, 300, 0}}};
}
inline Scene boxing_in_scene() {
  return {"Boxing in: three of red's stand around blue",
          {{"blue", "B-1", {{0, -100, 0}, {20, 0, 0}, {60, 0, 0}}},
           {"red", "R-1", {{0, -60, 0}, {18, 12, 0}, {60, 12, 0}}},
           {"red", "R-2", {{0, -130, 0}, {22, -12, 0}, {60, -12, 0}}},
           {"red", "R-3", {{0, -100, -9}, {21, 0, -9}, {60, 0, -9}}}}};
}
inline Scene pursuit_scene() {
  const auto way = [](double late) {
    return std::vector<Turn>{
        {late, 0, 0},           {late + 50, 600, 0}, {late + 90, 600, 480}, {late + 130, 1080, 480}, {late + 170, 1080, 960},
        {late + 220, 1680, 960}};
  };
  return {"Pursuit: blue takes every turn of red's, fast, three seconds behind",
          {{"red", "R-1", way(0), 1, {.accuracy_m = 3}}, {"blue", "B-1", way(4), 1, {.accuracy_m = 3}}}};
}
inline Scene sized(Scene scene, double length_m, double width_m) {
  for (Drive& drive : scene.drives) drive.length_m = length_m, drive.width_m = width_m;
  return scene;
}
inline Scene contact_scene() {
  return sized({"Contact: red comes up from behind, and both change their speed at once",
                {{"blue", "B-1", {{0, 0, 0}, {20, 160, 0}, {24, 200, 1}, {40, 240, 1}}, 1, {.accuracy_m = 1}},
                 {"red", "R-1", {{0, -80, 2}, {20, 155, 2}, {30, 185, 2}, {40, 195, 2}}, 1, {.accuracy_m = 1}}}},
               6, 2.5);
}
inline Scene low_overflight_scene() {
  return {"Low overflight: a helicopter of red's hovers over blue, thirty metres up",
          {{"blue", "B-1", {{0, 0, 0}, {60, 60, 0}}, 1, {.accuracy_m = 3, .altitude_m = 450}},
           {"red",
            "H-1",
            {{0, -400, 100}, {20, 10, 20}, {40, 30, 20}, {60, 500, 150}},
            1,
            {.accuracy_m = 3, .altitude_m = 480},
            "helicopter"}}};
}

}  // namespace wideberth::live::testing
