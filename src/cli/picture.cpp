#include "cli/picture.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cmath>

#include "cli/terminal.h"
#include "geo/text.h"

namespace wideberth::cli {
namespace {

constexpr std::size_t kMostRows = 30, kMostLines = 12;

}  // namespace

std::vector<std::string> step_text(const Prepared& prepared, const live::PlaybackStep& step) {
  const live::Units& units = prepared.playback.live().units();
  std::vector<std::string> lines;
  for (const live::Event& event : step.events) {
    if (const auto* alert = std::get_if<live::AlertEvent>(&event)) lines.push_back(alert_text(units, *alert));
    if (const auto* state = std::get_if<live::ConformanceEvent>(&event); state != nullptr && !prepared.movement_ids.empty())
      lines.push_back(conformance_text(units, *state, prepared.movement_ids));
    if (const auto* rest = std::get_if<live::RemainingEvent>(&event))
      lines.push_back(to_short_text(rest->at) + " " + units[rest->unit].name + ": " + live::sentence(*rest));
    if (const auto* encounter = std::get_if<live::EncounterEvent>(&event))
      lines.push_back(to_short_text(encounter->at) + " encounter " + std::to_string(encounter->encounter.number) + " begins");
  }
  for (const live::Reviewed& each : step.closed) {
    if (each.encounter.ended == live::EncounterEnd::joined) continue;
    for (std::string& line : encounter_text(units, each)) lines.push_back(std::move(line));
  }
  return lines;
}

std::vector<std::string> picture_of(const live::Live& live, std::size_t most) {
  std::vector<std::string> rows;
  const live::Units& units = live.units();
  for (std::uint32_t i = 0; i < units.size() && rows.size() < most; ++i) {
    const live::UnitIndex unit{i};
    const live::Track& track = live.tracks().of(unit);
    if (track.empty()) continue;
    const live::Sample& last = track.last();
    const live::Ground ground = live::over_ground(last.at, last.velocity);
    std::string_view state = live::name_of(live.watcher().state(unit));
    if (track.doubtful()) state = live::name_of(live::Conformance::doubtful);
    std::size_t alerts = 0;
    for (const auto& [id, alert] : live.open_alerts()) alerts += alert.raised.a == unit || alert.raised.b == unit ? 1U : 0U;
    rows.push_back(fmt::format("{:<10} {:<16} {:<18} {:5.1f} m/s {:>4.0f}°  {:<16} {:>4} s ago{}", units[unit].party,
                               units[unit].name, state, ground.speed_mps, ground.course_deg, geo::to_mgrs(last.place, 4),
                               (live.now() - last.time).ms() / 1000,
                               alerts > 0 ? fmt::format("  ! {}", counted(alerts, "alert", "alerts")) : ""));
  }
  return rows;
}

Screen::Screen(bool wanted) : drawing_(wanted && ::isatty(STDOUT_FILENO) == 1) {}

void Screen::add(const std::vector<std::string>& lines) {
  for (const std::string& line : lines) {
    if (!drawing_) say(line);
    last_.push_back(line);
    if (last_.size() > kMostLines) last_.erase(last_.begin());
  }
}

void Screen::draw(const live::Live& live) {
  if (!drawing_) return;
  std::string page = "\x1b[H\x1b[2J" + to_short_text(live.now()) + "\n\n";
  for (const std::string& row : picture_of(live, kMostRows)) page += row + "\n";
  page += "\n";
  for (const std::string& line : last_) page += line + "\n";
  say(page);
}

}  // namespace wideberth::cli
