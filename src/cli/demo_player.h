// What a person at a desk does with a command, done for a step of a scenario.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/demo_houses.h"
#include "cli/scenario.h"
#include "client/acts.h"
#include "json/reader.h"

namespace wideberth::cli {

/// Remembers what the steps have made, by the names that they gave it.
class Player {
 public:
  Player(const Scenario& scenario, const Houses& houses) : scenario_(scenario), houses_(houses) {}

  /// One party's act, made and filed. Refused as the desk and the server refuse, and as the step's file does.
  base::Result<client::Filed> play(const Step& step);

  /// Whether play_rows plays it, and play does not.
  static bool is_of_rows(const std::string& act);
  /// What is done with all rows of a sheet at once: filed, received, acknowledged, renewed, completed, their outcomes stated and
  /// counted. Gives what the desk is told, a line each. A row that cannot be read files nothing and is no refusal here.
  base::Result<std::vector<std::string>> play_rows(const Step& step);

  /// The agreement that was proposed last; empty where none was.
  const std::string& agreement() const { return agreement_; }

 private:
  /// What a step made. An id where it is a thing that has one.
  struct Made {
    base::EntryIndex entry{};
    std::string id{};
    std::string log{};   ///< the keeper of the log that it was made in
    std::string desk{};  ///< who made it
  };

  struct Row {
    std::string name, id;  ///< of the sheet, of the log
  };

  base::Result<client::Act> act_of(client::Desk& desk, const Step& step);
  base::Result<client::Act> act_on_agreement(client::Desk& desk, const Step& step);
  base::Result<client::Act> act_on_movement(client::Desk& desk, const Step& step);
  base::Result<client::Act> enter(client::Desk& desk, const Step& step);
  base::Result<model::Notification> feature(const Step& step);
  /// The movement as the desk's log shows it: the same one has another id in another log.
  base::Result<client::MovementView> movement_of(client::Desk& desk, const Step& step, const std::string& name);

  base::Result<std::vector<std::string>> notify_from(client::Desk& desk, const Step& step);
  base::Result<std::vector<std::string>> act_on_each(client::Desk& desk, const Step& step);
  base::Result<std::optional<client::Act>> act_on_row(client::Desk& desk, const Step& step, const json::Reader& how,
                                                      const Row& row);

  const Scenario& scenario_;
  const Houses& houses_;
  std::map<std::string, Made> made_{};
  std::map<std::string, std::vector<Row>> sheets_{};  ///< what was filed from each, by the step's name
  std::string agreement_{};
};

}  // namespace wideberth::cli
