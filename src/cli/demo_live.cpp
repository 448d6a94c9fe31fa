#include "cli/demo_live.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/analysis.h"
#include "cli/numbers.h"
#include "cli/tracks.h"
#include "live/report.h"

namespace wideberth::cli {
namespace {

using base::Result;

std::string clock(base::Instant at) { return base::to_text(at).substr(11, 8) + "Z"; }

/// What one side is told of an alert: its own unit by name, of the other the party alone.
std::string told_to(const live::Units& units, const live::AlertEvent& alert, live::UnitIndex own, live::UnitIndex other) {
  return fmt::format("{}  live  to {:<5} {:<8} {}: a vehicle of {}'s is {} off; as both go, {} in {:.0f} s", clock(alert.at),
                     units[own].party, live::name_of(alert.grade), units[own].name, units[other].party,
                     metres_text(alert.ahead.now_m), metres_text(alert.ahead.distance_m), alert.ahead.seconds);
}

class Teller {
 public:
  Teller(const live::Units& units, const live::Tests& tests, bool json, const Print& print)
      : units_(units), tests_(tests), json_(json), print_(print) {}

  void tell(const live::PlaybackStep& step) {
    for (const live::Event& event : step.events) {
      if (const auto* alert = std::get_if<live::AlertEvent>(&event)) tell_alert(*alert);
      if (const auto* encounter = std::get_if<live::EncounterEvent>(&event); encounter != nullptr && !json_)
        print_(fmt::format("{}  live  both     encounter {} begins: {} and {} are within the encounter distance",
                           clock(encounter->at), encounter->encounter.number, units_.parties()[encounter->encounter.party_a],
                           units_.parties()[encounter->encounter.party_b]));
    }
    for (const live::Reviewed& each : step.closed)
      if (each.encounter.ended != live::EncounterEnd::joined) tell_encounter(each);
  }

  std::size_t encounters() const { return encounters_; }
  void end() {
    if (json_) return;
    if (cautions_ > 0)
      print_(fmt::format("          live  {} cautions were raised besides, and every alert was closed", cautions_));
    if (encounters_ == 0)
      print_("          live  no encounter: the columns never came within the encounter distance; nobody was warned");
  }

 private:
  void tell_alert(const live::AlertEvent& alert) {
    if (json_) {
      json::Writer writer;
      live::write_alert(writer, units_, alert);
      return print_(writer.take());
    }
    if (alert.change != live::AlertChange::raised) return;
    if (alert.grade != live::Grade::warning) {
      ++cautions_;
      return;
    }
    print_(told_to(units_, alert, alert.a, alert.b));
    print_(told_to(units_, alert, alert.b, alert.a));
  }

  void tell_encounter(const live::Reviewed& reviewed) {
    ++encounters_;
    if (json_) {
      json::Writer writer;
      live::write_reviewed(writer, units_, reviewed, tests_);
      return print_(writer.take());
    }
    for (const std::string& line : encounter_text(units_, reviewed)) print_("                " + line);
  }

  const live::Units& units_;
  const live::Tests& tests_;
  bool json_;
  const Print& print_;
  std::size_t encounters_ = 0, cautions_ = 0;
};

}  // namespace

std::vector<std::string> movements_before(const Scenario& scenario, const Ending& ending, const Step& step) {
  std::map<std::string, std::string> last;
  for (const Step& each : scenario.steps) {
    if (each.at > step.at || &each == &step) break;
    if (each.only && *each.only != ending.name) continue;
    if (each.act == "notify") last[each.name] = each.file;
    if (each.act == "amend") last[each.of] = each.file;
  }
  std::vector<std::string> files;
  for (const auto& [name, file] : last) files.push_back((scenario.folder / file).string());
  return files;
}

Result<void> drive(const Scenario& scenario, const Ending& ending, const Step& step, bool json, const Print& print) {
  Recorded columns;
  WB_TRY_VOID(read_tracks((scenario.folder / step.file).string(), "", columns));
  if (!columns.refused.empty()) return tl::make_unexpected(columns.refused.front());
  Beside beside;
  for (const Step& each : scenario.steps)
    if (each.act == "propose") beside.agreement = (scenario.folder / each.file).string();
  beside.movements = movements_before(scenario, ending, step);
  WB_TRY(prepared, prepare(columns.units, beside));
  Teller teller(columns.units, prepared.playback.tests(), json, print);
  for (const live::PlaybackStep& each : live::play_all(prepared.playback, columns.fixes)) teller.tell(each);
  teller.end();
  return {};
}

}  // namespace wideberth::cli
