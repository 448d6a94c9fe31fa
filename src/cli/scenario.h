// A scenario as data: who takes part, what each does when, and in which ending.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "base/refusal.h"
#include "model/party.h"

namespace wideberth::cli {

/// One step of the day. Which members are used depends on `act`.
struct Step {
  base::Instant at{};
  std::string who;  ///< the name of the key that acts; empty for what is only told
  std::string log;  ///< in a direct ending: the party whose log the act is filed in; empty: the actor's own
  std::string act;  ///< one of kActs in scenario.cpp; "enter" files any kind of entry with the document as it stands here
  std::string say;  ///< a sentence for the screen
  std::vector<std::string> basis;  ///< sources, or "invented"
  std::vector<std::string> only;   ///< the endings in which it happens; none: in all
  std::string name;                ///< what the thing that this step makes is called in later steps
  std::string of;                  ///< the thing that this step is about
  std::string file;                ///< beside the scenario: an agreement or a feature
  std::string clause, reading, person, post, reason, outcome;
  std::string kind;                         ///< enter: of the entry
  std::string document;                     ///< enter: its whole part, JSON
  std::vector<std::string> about;           ///< enter: the things it refers to, in their order
  std::vector<std::string> to;              ///< enter: the parties that may read it; none: as the first thing it refers to says
  std::optional<base::Instant> occurred{};  ///< when the act was, where it is filed later
  std::string paper;                        ///< its part `paper`, JSON; empty where there is none

  /// Whether it happens in this ending.
  bool happens_in(const std::string& ending) const;
};

struct ScenarioParty {
  model::Party party;
  std::string desk;  ///< the name of its desk's key; empty for a party that has none and speaks by telephone
};

struct Ending {
  std::string name, meaning;
  std::vector<std::pair<std::string, std::uint64_t>> expect;  ///< how many entries of a kind the day must leave
  std::vector<std::string> without_key;                       ///< parties that have no key in this ending
  bool direct = false;                                        ///< each party keeps a log of its own, and there is no neutral
};

struct Scenario {
  std::filesystem::path folder;
  std::string title, origin, operator_name, notice;
  base::Instant opens{};
  std::vector<ScenarioParty> parties;
  std::vector<Ending> endings;  ///< the first is played where none is asked for
  std::vector<Step> steps;      ///< in order of time

  /// Those who take part in an ending, a party that has no key in it without its desk; no neutral in a direct one.
  std::vector<ScenarioParty> parties_in(const Ending& ending) const;
};

/// Reads FOLDER/scenario.json strictly. Refused with file_…, the json_ rules, scenario_step (an act that is not known, a step
/// before the one before it, a party, thing or ending that was not named, an act by a party that has no key in that ending).
base::Result<Scenario> read_scenario(const std::filesystem::path& folder);

/// Where the scenarios of this program lie: ./scenarios, beside the source it was built from, or where it was installed.
/// None where there are none.
std::optional<std::filesystem::path> scenarios_folder();

}  // namespace wideberth::cli
