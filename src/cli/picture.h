// What watch and replay print: a line for each event, and on a terminal the picture of all units.
#pragma once

#include <string>
#include <vector>

#include "cli/analysis.h"

namespace wideberth::cli {

/// The events of one step as lines; encounters that are over with all that they show.
std::vector<std::string> step_text(const Prepared& prepared, const live::PlaybackStep& step);
/// One row for each unit heard of: party, name, state, speed, course, grid reference, age of its last fix. At most `most` rows.
std::vector<std::string> picture_of(const live::Live& live, std::size_t most);
/// Clears the terminal and draws the picture with the last lines of what happened. Does nothing where there is no terminal.
class Screen {
 public:
  explicit Screen(bool wanted);
  bool drawing() const { return drawing_; }
  void add(const std::vector<std::string>& lines);
  void draw(const live::Live& live);

 private:
  bool drawing_;
  std::vector<std::string> last_{};
};

}  // namespace wideberth::cli
