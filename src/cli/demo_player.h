// What a person at a desk does with a command, done for a step of a scenario.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cli/demo_house.h"
#include "cli/scenario.h"
#include "client/acts.h"

namespace wideberth::cli {

/// Remembers what the steps have made, by the names that they gave it.
class Player {
 public:
  Player(const Scenario& scenario, House& house) : scenario_(scenario), house_(house) {}

  /// One party's act, made and filed. Refused as the desk and the server refuse, and as the step's file does.
  Result<client::Filed> play(const Step& step);

  /// The agreement that was proposed last; empty where none was.
  const std::string& agreement() const { return agreement_; }

 private:
  /// What a step made. An id where it is a thing that has one.
  struct Made {
    base::EntryIndex entry{};
    std::string id{};
  };

  Result<client::Act> act_of(client::Desk& desk, const Step& step);
  Result<client::Act> act_on_agreement(client::Desk& desk, const Step& step);
  Result<client::Act> act_on_movement(client::Desk& desk, const Step& step);
  Result<client::Act> enter(client::Desk& desk, const Step& step);
  Result<model::Notification> feature(const Step& step);

  const Scenario& scenario_;
  House& house_;
  std::map<std::string, Made> made_{};
  std::string agreement_{};
};

}  // namespace wideberth::cli
