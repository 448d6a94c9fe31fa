// wideberth ack: a named person has read it. No condition, no consent.
#include <memory>

#include "cli/cli.h"
#include "cli/movement_act.h"
#include "geo/text.h"

namespace wideberth::cli {
namespace {

/// The places as understood: those given, or the first and the last as delivered. Shown in all three forms, to be compared.
Result<std::vector<model::PlaceEcho>> read_echo(const std::vector<std::string>& given, const client::MovementView& movement) {
  std::vector<model::PlaceEcho> echo;
  for (const std::string& each : given) {
    auto place = geo::parse_place(each);
    if (!place) {
      place.error().where = "--echo";
      return tl::make_unexpected(std::move(place).error());
    }
    echo.push_back({*place});
  }
  if (echo.empty() && movement.feature) {
    const std::vector<geo::Place> places = model::places_of(*movement.feature);
    echo.push_back({places.front()});
    if (places.back() != places.front()) echo.push_back({places.back()});
  }
  for (const auto& [place] : echo) warn("  understood: " + place_text(place));
  return echo;
}

}  // namespace

void add_ack(Command& program) {
  const auto given = std::make_shared<MovementActOptions>();
  Command command = program.add("ack", "Acknowledge a notification: a named person has read it");
  add_movement_options(command, *given);
  command.option({.name = "--person", .value = "TEXT", .help = "who has read it", .required = true}, given->person)
      .option({.name = "--post", .value = "TEXT", .help = "that person's post", .required = true}, given->post)
      .options(
          {.name = "--echo",
           .value = "PLACE",
           .help = "a place as you understood it: degrees with N/S and E/W, or MGRS; the first and the last where not given"},
          given->echo)
      .foot(
          "Example: wideberth ack MV-7Q4M-K2 --person \"Maj. Ivanova\" --post \"Duty officer\" --echo \"37.177N 42.14E\"\n"
          "An acknowledgement carries no condition. It says that it was read, and nothing about consent.\n")
      .action([given] {
        return act_on_movement(*given, "is acknowledged.",
                               [given](Sitting&, const client::MovementView& movement) -> Result<client::Act> {
                                 WB_TRY(echo, read_echo(given->echo, movement));
                                 return client::acknowledge(movement, {given->person, given->post, std::move(echo)});
                               });
      });
}

}  // namespace wideberth::cli
