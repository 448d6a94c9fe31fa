#include "cli/analysis.h"

#include <algorithm>

#include "base/bytes.h"
#include "cli/files.h"
#include "cli/numbers.h"
#include "cli/terminal.h"
#include "geo/text.h"
#include "live/report.h"

namespace wideberth::cli {
namespace {

std::string unit_text(const live::Units& units, live::UnitIndex unit) {
  return units[unit].name + " (" + units[unit].party + ")";
}

std::string metres(double m) {
  const auto tenths = static_cast<std::int64_t>(m * 10);
  if (m >= 100) return metres_text(m);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " m";
}

}  // namespace

Result<Circumstances> circumstances_of(const live::Units& units, const std::string& agreement,
                                       const std::vector<std::string>& movements, const std::vector<std::string>& roads) {
  Circumstances out;
  live::PairLimits defaults;
  defaults.owed = true;
  out.settings = live::settings_of(defaults);
  if (!agreement.empty()) {
    WB_TRY(text, read_file(agreement, model::kMostAgreementBytes));
    auto parsed = model::parse_agreement(text);
    if (!parsed) {
      parsed.error().where.insert(0, agreement + (parsed.error().where.empty() ? "" : ": "));
      return tl::make_unexpected(std::move(parsed).error());
    }
    out.settings = live::settings_of(*parsed);
    out.tests = live::tests_of(*parsed);
    out.remarks = out.tests.remarks;
    if (const auto within = live::threshold(*parsed, "close-approach", "encounter_m"))
      out.limits.within = base::Metres::from_mm(static_cast<std::int64_t>(*within * 1000));
    for (const std::string& party : units.parties())
      if (std::none_of(parsed->parties.begin(), parsed->parties.end(), [&](const model::Party& p) { return p.party == party; }))
        out.remarks.push_back("the agreement names no party \"" + party + "\"");
    out.agreement = std::move(*parsed);
  }
  for (const std::string& file : movements) WB_TRY_VOID(read_ways(file, units, out.surroundings));
  for (const std::string& file : roads) WB_TRY_VOID(read_roads(file, out.surroundings));
  return out;
}

Analysis analyse_tracks(const Recorded& recorded, const Circumstances& around) {
  live::Playback playback(recorded.units, around.settings, around.limits, around.tests, around.surroundings);
  Analysis out;
  for (live::PlaybackStep& step : live::play_all(playback, recorded.fixes)) {
    out.alerts.insert(out.alerts.end(), step.alerts.begin(), step.alerts.end());
    for (live::Reviewed& each : step.closed)
      if (each.encounter.ended != live::EncounterEnd::joined) out.encounters.push_back(std::move(each));
  }
  std::sort(out.encounters.begin(), out.encounters.end(),
            [](const live::Reviewed& a, const live::Reviewed& b) { return a.encounter.number < b.encounter.number; });
  out.outcomes = playback.outcomes();
  return out;
}

std::string alert_text(const live::Units& units, const live::AlertEvent& event) {
  const std::string pair = unit_text(units, event.a) + " and " + unit_text(units, event.b);
  const std::string head = base::to_short_text(event.at) + " " + std::string(live::name_of(event.grade));
  if (event.change != live::AlertChange::raised)
    return head + " " + std::string(live::name_of(event.change)) + ": " + pair + ", " + std::string(live::name_of(event.ended));
  return head + ": " + pair + ", " + metres(event.ahead.now_m) + " apart; as they go, " + metres(event.ahead.distance_m) +
         " in " + std::to_string(static_cast<std::int64_t>(event.ahead.seconds)) + " s";
}

std::vector<std::string> encounter_text(const live::Units& units, const live::Reviewed& reviewed) {
  const live::Encounter& encounter = reviewed.encounter;
  std::vector<std::string> lines;
  std::string head = "Encounter " + std::to_string(encounter.number) + ", " + units.parties()[encounter.party_a] + " and " +
                     units.parties()[encounter.party_b] + ", " + to_short_text(encounter.when.from) + " to " +
                     to_short_text(encounter.when.to);
  if (!encounter.contacts.empty()) {
    const live::Contact& closest = encounter.closest();
    head += ": " + counted(encounter.contacts.size(), "contact", "contacts") + " of " +
            counted(encounter.tracks.size(), "unit", "units") + "; closest " + metres(closest.closest_m) + " between " +
            units[closest.a].name + " and " + units[closest.b].name + " at " + to_short_text(closest.closest_at) + ", " +
            geo::to_mgrs(closest.place_a, 5);
  }
  lines.push_back(head);
  for (const live::Candidate& each : reviewed.findings.candidates) lines.push_back("  candidate: " + live::to_text(units, each));
  for (const live::Unreported& each : reviewed.findings.unreported) lines.push_back("  " + live::to_text(units, each));
  if (reviewed.findings.candidates.empty()) lines.emplace_back("  no candidate of any conduct");
  return lines;
}

}  // namespace wideberth::cli
