#include "cli/analysis.h"

#include <algorithm>
#include <map>

#include "base/bytes.h"
#include "cli/features.h"
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

namespace {

/// The distance takes the place of the one that the agreement names.
void set_encounter_distance(model::Agreement& agreement, base::Metres distance) {
  const model::Threshold threshold{"encounter_m", distance.mm()};
  for (model::Rule& rule : agreement.rules) {
    auto* named = std::get_if<model::ProhibitedConductRule>(&rule.body);
    if (named == nullptr || (named->conduct != "close-approach" && named->conduct != "close_approach")) continue;
    std::erase_if(named->test, [](const model::Threshold& each) { return each.name == "encounter_m"; });
    named->test.push_back(threshold);
    return;
  }
  agreement.rules.push_back({"", "", model::ProhibitedConductRule{"close-approach", {threshold}}});
}

Result<model::Agreement> agreement_of(const std::string& file) {
  WB_TRY(text, read_file(file, model::kMostAgreementBytes));
  auto parsed = model::parse_agreement(text);
  if (!parsed) parsed.error().where.insert(0, file + (parsed.error().where.empty() ? "" : ": "));
  return parsed;
}

Result<live::Live> live_of(const std::optional<model::Agreement>& agreement, const Beside& beside) {
  if (agreement) return live::Live::make(*agreement);
  live::PairLimits defaults;
  defaults.owed = true;
  live::Live::Options options{.settings = live::settings_of(defaults)};
  if (beside.encounter_distance) options.encounter.within = *beside.encounter_distance;
  return live::Live(std::move(options));
}

Result<void> add_movements(Prepared& prepared, const std::string& file, const std::string& of) {
  live::Live& live = prepared.playback.live();
  WB_TRY(features, read_movements(file, of));
  for (std::size_t i = 0; i < features.size(); ++i) {
    model::Notification& each = features[i];
    const std::string id = each.feature_id ? *each.feature_id : file + ":" + std::to_string(i);
    const std::string party = each.party, unit = each.unit;
    WB_TRY(movement, live::make_movement(id, std::move(each)));
    const std::uint32_t number = live.watcher().add(std::move(movement));
    if (number >= prepared.movement_ids.size()) prepared.movement_ids.resize(number + std::size_t{1});
    prepared.movement_ids[number] = id;
    const auto named = live.units().find(party, unit);
    for (std::uint32_t u = 0; u < live.units().size(); ++u) {
      const live::UnitIndex index{u};
      const bool own =
          named ? *named == index : live.units()[index].party == party && live.watcher().movement_of(index) == live::kNoMovement;
      if (own) live.watcher().assign(index, number);
    }
  }
  return {};
}

}  // namespace

Result<Prepared> prepare(const live::Units& units, const Beside& beside) {
  std::optional<model::Agreement> agreement;
  live::Tests tests;
  std::vector<std::string> remarks;
  if (!beside.agreement.empty()) {
    WB_TRY(parsed, agreement_of(beside.agreement));
    if (beside.encounter_distance) set_encounter_distance(parsed, *beside.encounter_distance);
    tests = live::tests_of(parsed);
    remarks = tests.remarks;
    for (const std::string& party : units.parties())
      if (std::none_of(parsed.parties.begin(), parsed.parties.end(), [&](const model::Party& p) { return p.party == party; }))
        remarks.push_back("the agreement names no party \"" + party + "\"");
    agreement = std::move(parsed);
  }
  live::Surroundings around;
  for (const std::string& file : beside.movements) WB_TRY_VOID(read_ways(file, units, around, beside.party));
  for (const std::string& file : beside.roads) WB_TRY_VOID(read_roads(file, around));
  WB_TRY(live, live_of(agreement, beside));
  live.units() = units;
  Prepared out{
      live::Playback(std::move(live), std::move(tests), std::move(around)), std::move(agreement), std::move(remarks), {}};
  for (const std::string& file : beside.movements) WB_TRY_VOID(add_movements(out, file, beside.party));
  return out;
}

Analysis analyse_tracks(Prepared& prepared, std::vector<live::Fix> fixes) {
  Analysis out;
  for (live::PlaybackStep& step : live::play_all(prepared.playback, std::move(fixes))) {
    for (const live::Event& event : step.events) {
      if (const auto* alert = std::get_if<live::AlertEvent>(&event)) out.alerts.push_back(*alert);
      if (prepared.movement_ids.empty()) continue;
      if (const auto* state = std::get_if<live::ConformanceEvent>(&event)) out.conformance.push_back(*state);
      if (const auto* count = std::get_if<live::CompositionEvent>(&event)) out.compositions.push_back(*count);
    }
    for (live::Reviewed& each : step.closed)
      if (each.encounter.ended != live::EncounterEnd::joined) out.encounters.push_back(std::move(each));
  }
  std::sort(out.encounters.begin(), out.encounters.end(),
            [](const live::Reviewed& a, const live::Reviewed& b) { return a.encounter.number < b.encounter.number; });
  return out;
}

std::string conformance_text(const live::Units& units, const live::ConformanceEvent& event, const std::vector<std::string>& ids) {
  std::string out =
      base::to_short_text(event.at) + " " + unit_text(units, event.unit) + ": " + std::string(live::name_of(event.now));
  if (event.now == live::Conformance::doubtful) out += ", " + std::string(live::name_of(event.doubt));
  if (event.now == live::Conformance::off_corridor) out += ", " + metres(event.off_m) + " from its line";
  if (event.now == live::Conformance::late || event.now == live::Conformance::early)
    out +=
        ", " + std::to_string(static_cast<std::int64_t>(event.deviation_s < 0 ? -event.deviation_s : event.deviation_s)) + " s";
  if (event.movement < ids.size()) out += ", on " + ids[event.movement];
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

namespace {

/// What was not reported, one line for each conduct and reason: the first in full, the others counted.
std::vector<std::string> unreported_text(const live::Units& units, const std::vector<live::Unreported>& all) {
  std::map<std::pair<live::Conduct, live::Why>, std::vector<const live::Unreported*>> by;
  for (const live::Unreported& each : all) by[{each.conduct, each.why}].push_back(&each);
  std::vector<std::string> lines;
  for (const auto& [key, same] : by)
    lines.push_back(live::to_text(units, *same.front()) +
                    (same.size() > 1 ? " And " + counted(same.size() - 1, "other pair.", "other pairs.") : ""));
  return lines;
}

}  // namespace

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
  for (std::string& line : unreported_text(units, reviewed.findings.unreported)) lines.push_back("  " + std::move(line));
  if (reviewed.findings.candidates.empty()) lines.emplace_back("  no candidate of any conduct");
  return lines;
}

}  // namespace wideberth::cli
