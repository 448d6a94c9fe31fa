// wideberth unit: what a party says of its units; and what it, or another that told it, has said.
#include <memory>

#include "base/bytes.h"
#include "base/id.h"
#include "cli/cli.h"
#include "cli/desk_options.h"
#include "cli/numbers.h"
#include "cli/show_text.h"
#include "model/units.h"

namespace wideberth::cli {
namespace {

struct UnitOptions {
  DeskOptions desk;
  std::string unit, agreement, platform_class, length, width, state, formation, formation_with, vehicles, movement;
  std::vector<std::string> to;
};

Result<std::optional<base::Metres>> length_of(const std::string& typed, const char* option) {
  if (typed.empty()) return std::optional<base::Metres>();
  auto length = parse_metres(typed, model::kMostUnitLength);
  if (!length) {
    length.error().where = option;
    return tl::make_unexpected(std::move(length).error());
  }
  return std::optional(*length);
}

/// Written and read back by the reader that the server uses: what it would refuse is refused here.
Result<model::UnitDescribed> described(const UnitOptions& given, const model::Agreement& agreement) {
  model::UnitText unit;
  unit.unit = given.unit;
  unit.platform_class = given.platform_class.empty() ? agreement.platform_classes.front() : given.platform_class;
  WB_TRY(length, length_of(given.length, "--length"));
  unit.length = length;
  WB_TRY(width, length_of(given.width, "--width"));
  unit.width = width;
  for (const auto state : {model::UnitRest::under_way, model::UnitRest::moored, model::UnitRest::parked})
    if (name_of(state) == given.state) unit.state = state;
  if (!given.state.empty() && name_of(unit.state) != given.state)
    return refuse(Rule::json_choice, "\"" + base::excerpt(given.state) + "\"", "under way, moored or parked", "--state");
  unit.formation = given.formation;
  unit.formation_with = given.formation_with;
  if (!given.vehicles.empty()) {
    WB_TRY(vehicles, base::parse_decimal(given.vehicles, model::kMostVehicles));
    unit.vehicles = static_cast<std::uint32_t>(vehicles);
  }
  if (!given.movement.empty()) {
    WB_TRY(movement, read_id(given.movement, "MV AC ST"));
    unit.movement = std::move(movement);
  }
  return model::parse_unit_described(model::to_json(model::UnitDescribed{{std::move(unit)}}));
}

int describe(const UnitOptions& given) {
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto agreement = (*sitting)->agreement(given.agreement);
  if (!agreement) return fail(agreement.error(), given.desk.json);
  const auto said = described(given, agreement->agreement);
  if (!said) return fail(said.error(), given.desk.json);
  client::Act act;
  act.kind = model::EntryKind::unit_described;
  act.to = given.to;
  act.refs = {agreement->proposed};
  act.parts.push_back(client::ActPart{std::string(model::kFullPart), model::to_json(*said)});
  const auto filed = (*sitting)->file(act);
  if (!filed) return fail(filed.error(), given.desk.json);
  return tell_filed(**sitting, *filed, "Unit " + given.unit + " is described; the latest description holds.");
}

int list_units(const UnitOptions& given) {
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto document = (*sitting)->desk().get("/v1/units", {});
  if (!document) return fail(document.error(), given.desk.json);
  if (given.desk.json) {
    say(json::to_json(*document));
    return kDone;
  }
  const auto printed = print_units(*document);
  return printed ? kDone : fail(printed.error());
}

}  // namespace

void add_unit(Command& program) {
  Command unit = program.add("unit", "What a party says of its units: class, size, whether they lie still, formation");
  const auto given = std::make_shared<UnitOptions>();
  Command say_it = unit.add("describe", "Describe one of one's own units; the latest description holds, as a whole");
  say_it.option({.name = "UNIT", .help = "as its positions are reported", .required = true}, given->unit)
      .option({.name = "--agreement", .value = "AG-…", .help = "under which", .required = true}, given->agreement)
      .option({.name = "--class", .value = "NAME", .help = "a platform class of the agreement (its first)"},
              given->platform_class)
      .option({.name = "--length", .value = "METRES", .help = "its length"}, given->length)
      .option({.name = "--width", .value = "METRES", .help = "its width"}, given->width)
      .option({.name = "--state", .value = "STATE", .help = "under way, moored or parked"}, given->state)
      .option({.name = "--formation", .value = "NAME", .help = "units that move together by arrangement"}, given->formation)
      .option({.name = "--formation-with", .value = "PARTY", .help = "whose units belong to it; counts when both say so"},
              given->formation_with)
      .option({.name = "--vehicles", .value = "COUNT", .help = "how many its one track stands for (1)"}, given->vehicles)
      .option({.name = "--movement", .value = "ID", .help = "the own movement that it drives in; else found by name or place"},
              given->movement)
      .options({.name = "--to", .value = "PARTY", .help = "another party that may read this; nobody by default"}, given->to);
  add_desk_options(say_it, given->desk);
  say_it.foot("Example: wideberth unit describe patrol-1 --agreement AG-1E0S-AN --class vehicle --length 7.2 --vehicles 5\n")
      .action([given] { return describe(*given); });
  const auto listing = std::make_shared<UnitOptions>();
  Command list = unit.add("list", "One's own units as described, and those that another party disclosed");
  add_desk_options(list, listing->desk);
  list.foot("Example: wideberth unit list\n").action([listing] { return list_units(*listing); });
}

}  // namespace wideberth::cli
