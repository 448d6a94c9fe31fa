// Rulings on acts on paper, and on what the other side says of them.
#include <algorithm>

#include "core/rulings.h"

namespace wideberth::core {

using base::refuse;

Result<void> check_paper(const Question& q) {
  const std::string* paper = q.note.part(model::kPaperPart);
  if (paper == nullptr) return {};
  if (!model::may_be_on_paper(q.note.kind))
    return refuse(Rule::paper_act, q.note.text.kind, "an act that an officer does on paper; docs/hotline.md lists them",
                  "/parts");
  const auto& occurred = q.note.text.occurred;
  if (!occurred || *occurred > q.received)
    return refuse(Rule::paper_act, occurred ? "done at " + to_short_text(*occurred) : "no time at which it was done",
                  "a time no later than " + to_short_text(q.received), "occurred");
  WB_TRY(said, model::parse_on_paper(*paper));
  static_cast<void>(said);
  return {};
}

Ruling rule_paper_judged(const Question& q) {
  WB_TRY(ref, only_reference(q.note));
  const auto at = q.state.papers.of.find(ref);
  const auto said_to_signer = [&](const PaperState& act) {
    return std::find(act.to.begin(), act.to.end(), q.party()) != act.to.end();
  };
  if (at == q.state.papers.of.end() || !said_to_signer(at->second))
    return refuse(Rule::paper_unknown, "entry " + std::to_string(ref.value),
                  "the entry of an act on paper that was said to " + q.party());
  const PaperState& act = at->second;
  if (q.note.text.to != std::vector<std::string>{act.party})
    return refuse(Rule::recipient_missing, std::to_string(q.note.text.to.size()) + " parties in `to`", act.party + " alone",
                  "to");
  WB_TRY(full, full_part(q.note));
  if (q.note.kind == model::EntryKind::paper_confirmed) {
    WB_TRY(said, model::parse_paper_confirmed(full));
    static_cast<void>(said);
  } else {
    WB_TRY(said, model::parse_paper_disputed(full));
    static_cast<void>(said);
  }
  for (const auto* judged : {&act.confirmed, &act.disputed})
    if (const auto before = judged->find(q.party()); before != judged->end())
      return refuse(Rule::answered_already, q.party() + " did so in entry " + std::to_string(before->second.value),
                    "the first stands; what is to be added is a message of its own");
  return std::vector<Draft>{};
}

}  // namespace wideberth::core
