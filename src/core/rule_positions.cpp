// The ruling on positions. The fixes are not judged here: late, doubled and future ones are what the party said.
#include "base/bytes.h"
#include "base/id.h"
#include "core/rulings.h"

namespace wideberth::core {

using base::refuse;

Ruling rule_positions_reported(const Question& q) {
  if (!q.note.text.to.empty())
    return refuse(Rule::recipient_not_disclosed, "\"" + base::excerpt(q.note.text.to.front()) + "\"",
                  "nobody: the agreement's positions rule says who may use them", "to");
  if (q.note.text.refs.empty()) return std::vector<Draft>{};
  const EntryIndex ref = q.note.text.refs.front();
  const AgreementState* agreement = q.state.agreement(base::id_of(base::IdKind::agreement, ref));
  if (agreement == nullptr || !agreement->holds())
    return refuse(Rule::agreement_not_in_force, "entry " + std::to_string(ref.value),
                  "the proposal of an agreement that all its parties have signed, or no ref");
  const model::Party* member = agreement->agreement->find_party(q.party());
  if (member == nullptr || member->role != model::Role::party)
    return refuse(Rule::agreement_not_party, q.party() + " is no party to " + agreement->id);
  return std::vector<Draft>{};
}

}  // namespace wideberth::core
