// The ruling on what a party says of its units. Whether it is so is not judged here.
#include "base/bytes.h"
#include "core/rulings.h"

namespace wideberth::core {

using base::refuse;

namespace {

Result<void> check_unit(const Question& q, const AgreementState& agreement, const model::UnitText& unit, std::size_t place) {
  const std::string where = "/units/" + std::to_string(place);
  const model::Agreement& terms = *agreement.agreement;
  if (!terms.has_class(unit.platform_class)) {
    std::string classes;
    for (const std::string& each : terms.platform_classes) classes += (classes.empty() ? "" : ", ") + each;
    return refuse(Rule::platform_class_unknown, "\"" + base::excerpt(unit.platform_class) + "\"", classes,
                  where + "/platform_class");
  }
  if (!unit.formation_with.empty()) {
    const model::Party* with = terms.find_party(unit.formation_with);
    if (with == nullptr || with->role != model::Role::party || with->party == q.party())
      return refuse(Rule::unit_formation, "\"" + base::excerpt(unit.formation_with) + "\"", "another party to " + agreement.id,
                    where + "/formation_with");
  }
  if (unit.movement.empty()) return {};
  const NotificationState* movement = q.state.notification(unit.movement);
  if (movement == nullptr || movement->party != q.party())
    return refuse(Rule::unit_movement, "\"" + base::excerpt(unit.movement) + "\"", "one of " + q.party() + "'s own",
                  where + "/movement");
  return {};
}

}  // namespace

Ruling rule_unit_described(const Question& q) {
  WB_TRY_VOID(only_reference(q.note));
  WB_TRY(agreement, bound_agreement(q));
  for (const std::string& to : q.note.text.to)
    if (agreement->agreement->find_party(to) == nullptr)
      return refuse(Rule::recipient_not_disclosed, "\"" + base::excerpt(to) + "\"", "parties that " + agreement->id + " names",
                    "to");
  WB_TRY(full, full_part(q.note));
  WB_TRY(described, model::parse_unit_described(full));
  const auto known = q.state.units.by_party.find(q.party());
  std::size_t count = known == q.state.units.by_party.end() ? 0 : known->second.size();
  for (std::size_t i = 0; i < described.units.size(); ++i) {
    WB_TRY_VOID(check_unit(q, *agreement, described.units[i], i));
    if (q.state.units.find(q.party(), described.units[i].unit) == nullptr) ++count;
  }
  if (count > UnitBook::kMost)
    return refuse(Rule::unit_count, std::to_string(count) + " units", "at most " + std::to_string(UnitBook::kMost), "/units");
  return std::vector<Draft>{};
}

}  // namespace wideberth::core
