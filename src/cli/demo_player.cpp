#include "cli/demo_player.h"

#include <algorithm>

#include "base/id.h"
#include "cli/files.h"
#include "cli/notify.h"
#include "client/pages.h"
#include "model/kinds.h"
#include "model/paper.h"

namespace wideberth::cli {
namespace {

using base::EntryIndex;
using base::refuse;
using base::Result;
using base::Rule;

constexpr std::size_t kMostFile = std::size_t{4} << 20;

}  // namespace

Result<client::Filed> Player::play(const Step& step) {
  House& house = houses_.of(step);
  client::Desk& desk = house.desk(step.who);
  WB_TRY(act, act_of(desk, step));
  act.occurred = step.occurred;
  if (!step.paper.empty()) act.parts.push_back(client::ActPart{std::string(model::kPaperPart), step.paper});
  WB_TRY(filed, desk.file(act));
  Made made{filed.index, {}, house.keeper(), step.who};
  if (step.act == "propose") made.id = agreement_ = base::id_of(base::IdKind::agreement, filed.index);
  if (step.act == "notify") {
    WB_TRY(notification, feature(step));
    made.id = base::id_of(kind_of_subject(notification.subject), filed.index);
  }
  if (!step.name.empty()) made_[step.name] = std::move(made);
  return std::move(filed);
}

Result<client::Act> Player::act_of(client::Desk& desk, const Step& step) {
  if (step.act == "propose") {
    WB_TRY(text, read_file(scenario_.folder / step.file, kMostFile));
    return client::propose(desk, text);
  }
  if (step.act == "enter") return enter(desk, step);
  if (step.act == "sign" || step.act == "reading" || step.act == "notify") return act_on_agreement(desk, step);
  return act_on_movement(desk, step);
}

Result<model::Notification> Player::feature(const Step& step) {
  WB_TRY(text, read_file(scenario_.folder / step.file, kMostFile));
  return model::parse_feature(text);
}

Result<client::MovementView> Player::movement_of(client::Desk& desk, const Step& step, const std::string& name) {
  const Made& made = made_.at(name);
  if (made.log == houses_.of(step).keeper()) return client::read_movement(desk, made.id);
  Step home;
  home.who = made.desk;
  client::Desk& over_there = houses_.of(home).desk(made.desk);
  WB_TRY(there, client::read_movement(over_there, made.id));
  WB_TRY(original, over_there.entry(there.revision));
  WB_TRY(document, client::get_all(desk, "/v1/movements", {{"party", there.party}}));
  WB_TRY(member, json::Reader(document).member("movements"));
  WB_TRY(movements, member.elements(0, 10'000));
  for (const json::Reader& each : movements) {
    WB_TRY(id_at, each.member("id"));
    WB_TRY(id, id_at.text(64));
    WB_TRY(here, client::read_movement(desk, id));
    WB_TRY(carried, desk.entry(here.revision));
    // What was carried has the same commitment in both logs.
    for (const ledger::PartLine& part : carried.text.parts)
      if (std::any_of(original.text.parts.begin(), original.text.parts.end(),
                      [&](const ledger::PartLine& own) { return own.commitment == part.commitment; }))
        return here;
  }
  return refuse(Rule::movement_not_seen, name + ", of which this log has no part in common with that of " + made.log);
}

Result<client::Act> Player::act_on_agreement(client::Desk& desk, const Step& step) {
  WB_TRY(agreement, client::read_agreement(desk, made_.at(step.of).id));
  if (step.act == "sign") return client::sign(desk, agreement);
  if (step.act == "reading")
    return client::state_reading(desk, agreement, model::AgreementReading{step.clause, step.reading, false});
  WB_TRY(notification, feature(step));
  return client::notify(desk, agreement, std::move(notification));
}

Result<client::Act> Player::act_on_movement(client::Desk& desk, const Step& step) {
  WB_TRY(movement, movement_of(desk, step, step.of));
  if (step.act == "receipt") return client::receive(desk, movement);
  if (step.act == "acknowledge") return client::acknowledge(movement, model::Acknowledged{step.person, step.post, {}});
  if (step.act == "unit-informed")
    return client::inform_unit(movement, model::UnitInformed{step.post, step.person, movement.slip_code});
  if (step.act == "complete") return client::complete(movement, "");
  if (step.act == "amend") {
    WB_TRY(agreement, client::read_agreement(desk, movement.agreement));
    WB_TRY(notification, feature(step));
    return client::amend(desk, agreement, movement, std::move(notification), step.reason);
  }
  for (const auto word : {model::OutcomeWord::facilitated, model::OutcomeWord::impeded, model::OutcomeWord::delayed,
                          model::OutcomeWord::denied, model::OutcomeWord::cancelled})
    if (name_of(word) == step.outcome) return client::state_outcome(desk, movement, model::Outcome{word, ""});
  return refuse(Rule::scenario_step, "the outcome \"" + step.outcome + "\"", "facilitated, impeded, delayed, denied, cancelled");
}

/// Any kind of entry, its document as the scenario has it. It refers to the proposal of an agreement, to the newest revision of
/// a movement, and to any other thing by the entry that made it.
Result<client::Act> Player::enter(client::Desk& desk, const Step& step) {
  client::Act act;
  act.kind = *model::kind_named(step.kind);  // scenario.cpp has looked
  act.parts.push_back(client::ActPart{std::string(model::kFullPart), step.document});
  for (const std::string& name : step.about) {
    const Made& made = made_.at(name);
    if (made.id.empty() || made.id.starts_with(base::letters_of(base::IdKind::agreement))) {
      act.refs.push_back(made.entry);
    } else {
      WB_TRY(movement, movement_of(desk, step, name));
      act.refs.push_back(movement.revision);
      if (act.refs.size() > 1 || !step.to.empty()) continue;
      if (movement.party != desk.party())
        act.to = {movement.party};
      else
        for (const auto& [party, handling] : movement.handling) act.to.push_back(party);
    }
  }
  if (!step.to.empty()) act.to = step.to;
  if (act.to.empty() && !step.about.empty() &&
      made_.at(step.about.front()).id.starts_with(base::letters_of(base::IdKind::agreement))) {
    WB_TRY(agreement, client::read_agreement(desk, made_.at(step.about.front()).id));
    act.to = client::about_agreement(desk, agreement, act.kind, {}).to;
  }
  return act;
}

}  // namespace wideberth::cli
