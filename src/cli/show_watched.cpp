// What the watch found, and what parties say of their units, as lines for a person.
#include "cli/numbers.h"
#include "cli/show_text.h"
#include "cli/terminal.h"
#include "json/reader.h"
#include "json/writer.h"
#include "model/conformance.h"
#include "model/encounters.h"
#include "model/units.h"

namespace wideberth::cli {
namespace {

using base::to_short_text;
using json::Reader;

constexpr std::size_t kMostShown = 1'000'000;

Result<std::string> entry_of(const Reader& object) {
  WB_TRY(at, object.member("entry"));
  WB_TRY(index, at.integer(0, json::kMostInteger));
  return std::to_string(index);
}

Result<std::vector<Reader>> all_of(const json::Value& document, std::string_view name) {
  WB_TRY(at, Reader(document).member(name));
  return at.elements(0, kMostShown);
}

}  // namespace

std::vector<std::string> encounter_lines(const model::EncounterClosed& closed) {
  std::vector<std::string> lines{"over, " + std::string(name_of(closed.ended)) + ", " + to_short_text(closed.when.from) + " to " +
                                 to_short_text(closed.when.to)};
  if (!closed.listed.empty()) {
    const model::EncounterContact& near = closed.listed.front();
    lines.front() += "; " + counted(closed.contacts, "contact", "contacts") + ", the closest " +
                     metres_text(near.closest.metres()) + " of " + near.unit +
                     (near.other_unit.empty() ? "" : " and " + near.other_unit) + " at " + to_short_text(near.closest_at);
  }
  for (const model::ConductCandidate& each : closed.candidates) lines.push_back("candidate: " + model::to_sentence(each));
  if (closed.candidates_found > closed.candidates.size())
    lines.push_back("and " + std::to_string(closed.candidates_found - closed.candidates.size()) + " candidates more");
  if (closed.candidates.empty() && closed.ended == model::EncounterOver::apart) lines.emplace_back("no candidate of any conduct");
  if (!closed.not_reported.empty())
    lines.push_back(counted(closed.not_reported.size(), "test", "tests") + " could not be made; of " +
                    closed.not_reported.front().conduct + ": " + closed.not_reported.front().why);
  return lines;
}

std::string encounter_head(const model::EncounterOpened& opened) {
  return to_short_text(opened.at) + " " + opened.unit + " and " +
         (opened.other_unit.empty() ? "a unit of " + opened.other_party + "'s"
                                    : opened.other_unit + " (" + opened.other_party + ")") +
         " within " + metres_text(opened.within.metres());
}

Result<void> print_encounters(const json::Value& document) {
  WB_TRY(list, all_of(document, "encounters"));
  for (const Reader& each : list) {
    WB_TRY(entry, entry_of(each));
    std::string head = "encounter of entry " + entry;
    if (const auto at = each.find("opened"); at && at->is_object()) {
      WB_TRY(opened, model::parse_encounter_opened(json::to_json(at->value())));
      head += "  " + encounter_head(opened);
    }
    const auto at = each.find("closed");
    const bool is_over = at && at->is_object();
    say(head + (is_over ? "" : "; open"));
    if (!is_over) continue;
    WB_TRY(closed, model::parse_encounter_closed(json::to_json(at->value())));
    for (const std::string& line : encounter_lines(closed)) say("  " + line);
  }
  if (list.empty()) say("No encounter that you were told of.");
  return {};
}

Result<void> print_conformance(const json::Value& document) {
  WB_TRY(list, all_of(document, "conformance"));
  for (const Reader& each : list) {
    WB_TRY(entry, entry_of(each));
    WB_TRY(told_at, each.member("told"));
    WB_TRY(told, model::parse_conformance_changed(json::to_json(told_at.value())));
    say("entry " + entry + "  " + to_short_text(told.at) + " " + model::to_sentence(told));
  }
  if (list.empty()) say("Nothing was told of any unit.");
  return {};
}

Result<void> print_units(const json::Value& document) {
  WB_TRY(list, all_of(document, "units"));
  for (const Reader& each : list) {
    WB_TRY(entry, entry_of(each));
    WB_TRY(party_at, each.member("party"));
    WB_TRY(party, party_at.text(64));
    WB_TRY(said_at, each.member("said"));
    WB_TRY(said, model::parse_unit_described("{\"units\":[" + json::to_json(said_at.value()) + "]}"));
    const model::UnitText& unit = said.units.front();
    std::string line = party + "  " + unit.unit + "  " + unit.platform_class + ", " + std::string(name_of(unit.state));
    if (unit.length) line += ", " + metres_text(unit.length->metres()) + " long";
    if (unit.vehicles > 1) line += ", stands for " + std::to_string(unit.vehicles) + " vehicles";
    if (!unit.formation.empty())
      line += ", in " + unit.formation + (unit.formation_with.empty() ? "" : " with " + unit.formation_with);
    if (!unit.movement.empty()) line += ", drives in " + unit.movement;
    say(line + " (entry " + entry + ")");
  }
  if (list.empty()) say("No unit is described.");
  return {};
}

}  // namespace wideberth::cli
