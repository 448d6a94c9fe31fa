// Rulings on what is notified: filing and amending.
#include <algorithm>

#include "base/bytes.h"
#include "base/id.h"
#include "core/conflicts.h"
#include "core/coordinates.h"
#include "core/deadlines.h"
#include "core/pact_rules.h"
#include "core/rulings.h"

namespace wideberth::core {
namespace {

using base::refuse;

/// The parts that the agreement gives the recipients are there, and each coarser one follows from the whole.
Result<void> check_parts(const Question& q, const AgreementState& agreement, const model::Notification& notification,
                         std::string_view full) {
  for (const model::Party& member : agreement.agreement->parties) {
    if (member.party == q.party()) continue;
    const auto rule = agreement.agreement->disclosure(q.party(), member.party);
    const bool named = std::find(q.note.text.to.begin(), q.note.text.to.end(), member.party) != q.note.text.to.end();
    if (q.state.pacts.has_left(agreement.id, member.party)) {
      if (named)
        return refuse(Rule::recipient_withdrawn, "\"" + member.party + "\" in `to`",
                      "nobody who has withdrawn from " + agreement.id, "to");
      continue;
    }
    if (rule.view == model::View::conflict_only) {
      if (named)
        return refuse(Rule::recipient_not_disclosed, "\"" + member.party + "\" in `to`",
                      "nobody to whom only conflicts are disclosed", "to");
      if (auto cells = model::cells_of(notification, rule.cell_e7, rule.slot); !cells)
        return tl::make_unexpected(std::move(cells).error());
      continue;
    }
    if (!named)
      return refuse(Rule::recipient_missing, "\"" + member.party + "\" is not in `to`",
                    "every party to which " + agreement.id + " discloses", "to");
    const std::string_view name = part_named(rule.view);
    const std::string* part = q.note.part(name);
    if (part == nullptr)
      return refuse(Rule::part_missing, "no part \"" + std::string(name) + "\"",
                    "the part that " + agreement.id + " gives " + member.party, "/parts");
    if (rule.view != model::View::full) WB_TRY_VOID(model::follows(full, rule.view, *part, rule.cell_e7, rule.slot));
  }
  for (const std::string& to : q.note.text.to)
    if (agreement.agreement->find_party(to) == nullptr)
      return refuse(Rule::recipient_unknown, "\"" + to + "\" is not named by " + agreement.id, {}, "to");
  // A part that nobody gets was not held against the whole, so it does not enter the record.
  for (const PartBody& part : q.note.parts) {
    const bool given = std::any_of(q.note.text.to.begin(), q.note.text.to.end(), [&](const std::string& to) {
      return part.name == part_named(view_of(agreement, q.party(), to));
    });
    if (part.name != model::kFullPart && part.name != model::kPaperPart && !given)
      return refuse(Rule::part_missing, "a part \"" + base::excerpt(part.name) + "\"",
                    "full, and the parts that " + agreement.id + " gives a recipient", "/parts");
  }
  return {};
}

struct Read {
  const AgreementState* agreement;
  model::Notification notification;
  geo::Plan plan;
  std::vector<geo::Plan> alternates;
};

/// What is said of it agrees with itself.
Result<void> check_said(const model::Notification& notification) {
  if (!notification.organisation.empty() && notification.consent != true)
    return refuse(Rule::consent_missing, "filed for \"" + base::excerpt(notification.organisation) + "\" without its consent",
                  "\"consent\": true, once it agreed that this is passed on", "/properties/consent");
  if (notification.emergency && notification.reason.empty())
    return refuse(Rule::reason_missing, "an emergency without a reason", "why the shorter notice is asked for, in a sentence",
                  "/properties/reason");
  return {};
}

/// Everything that filing and amending check alike.
Result<Read> read(const Question& q) {
  WB_TRY(full, full_part(q.note));
  WB_TRY(notification, model::parse_feature(full));
  if (notification.party != q.party())
    return refuse(Rule::notification_party, "\"" + notification.party + "\"", q.party() + ", which signs", "/properties/party");
  const AgreementState* agreement = q.state.agreement(notification.agreement);
  if (agreement == nullptr || !agreement->holds())
    return refuse(Rule::agreement_not_in_force, "\"" + base::excerpt(notification.agreement) + "\"",
                  "the id of an agreement that all its parties have signed", "/properties/agreement");
  const model::Party* member = agreement->agreement->find_party(q.party());
  if (member == nullptr || member->role != model::Role::party)
    return refuse(Rule::agreement_not_party, q.party() + " is no party to " + agreement->id);
  WB_TRY_VOID(check_not_left(q.state, *agreement, q.party()));
  if (!agreement->agreement->has_class(notification.platform_class))
    return refuse(Rule::platform_class_unknown, "\"" + base::excerpt(notification.platform_class) + "\"",
                  "a platform class of " + agreement->id, "/properties/platform_class");
  WB_TRY_VOID(check_said(notification));
  WB_TRY(plan, model::compile(notification));
  WB_TRY(alternates, model::compile_alternates(notification));
  WB_TRY_VOID(check_parts(q, *agreement, notification, full));
  WB_TRY_VOID(check_coordinates(*agreement, notification));
  const Interval window = model::window_of(notification);
  if (window.from < kAllTimes.from || window.to > kAllTimes.to)
    return refuse(Rule::window_out_of_reach, "from " + to_short_text(window.from) + " to " + to_short_text(window.to),
                  "a window between " + to_short_text(kAllTimes.from) + " and " + to_short_text(kAllTimes.to));
  if (window.to < q.received && !q.note.text.occurred)
    return refuse(Rule::window_past, "it ends at " + to_short_text(window.to),
                  "a window that has not ended; or `occurred` in the note, for what was done on paper");
  return Read{agreement, std::move(notification), std::move(plan), std::move(alternates)};
}

/// Whom the agreement names and who has withdrawn from it: the sender is told that this does not reach them.
void warn_of_withdrawn(const Question& q, const AgreementState& agreement, const std::string& id, std::vector<Draft>& drafts) {
  for (const model::Party& member : agreement.agreement->parties)
    if (q.state.pacts.has_left(agreement.id, member.party))
      drafts.push_back(
          finding(model::EntryKind::sender_warned, {q.party()}, {q.index()},
                  model::to_json(model::SenderWarned{
                      agreement.id, member.party, q.state.pacts.withdrawal(agreement.id, member.party)->effect, {id}})));
}

std::vector<Draft> findings_of(const Question& q, const Read& read, const std::string& id, const Revision* before) {
  std::vector<Draft> drafts;
  for (const std::string& recipient : q.note.text.to) {
    const model::View view = view_of(*read.agreement, q.party(), recipient);
    const std::string* bytes = q.note.part(part_named(view));
    const model::Delivered delivered{recipient, view, ledger::sha256(*bytes)};
    drafts.push_back(
        finding(model::EntryKind::notification_delivered, {recipient, q.party()}, {q.index()}, model::to_json(delivered)));
  }
  // An amendment has a short deadline of its own to be acknowledged, and no lead: rain does not give a day's notice.
  const auto late =
      before != nullptr ? std::nullopt : short_notice(*read.agreement, q.party(), id, q.index(), read.notification, q.received);
  if (late) {
    // The time that it was due tells the start to the millisecond: it goes to those alone who may know that.
    std::vector<std::string> to{q.party()};
    for (const std::string& recipient : q.note.text.to)
      if (is_exact(view_of(*read.agreement, q.party(), recipient))) to.push_back(recipient);
    drafts.push_back(
        finding(model::EntryKind::deadline_missed, std::move(to), {q.index()}, model::to_json(model::DeadlineMissed{*late})));
  }
  const Candidate candidate{id, q.index(), read.agreement, &read.notification, &read.plan, &read.alternates};
  for (Draft& conflict : find_conflicts(q.state, candidate)) drafts.push_back(std::move(conflict));
  for (Draft& conflict : find_alternate_conflicts(q.state, candidate)) drafts.push_back(std::move(conflict));
  for (Draft& touched : find_touched(q.state, candidate, q.received, before)) drafts.push_back(std::move(touched));
  for (Draft& differs : find_differing(q.state, candidate)) drafts.push_back(std::move(differs));
  warn_of_withdrawn(q, *read.agreement, id, drafts);
  return drafts;
}

}  // namespace

Ruling rule_filed(const Question& q) {
  if (crosses(q.state, q.party())) return rule_filed_across(q);
  WB_TRY(filed, read(q));
  if (!q.note.text.refs.empty() && q.note.text.refs.front() != filed.agreement->proposed)
    return refuse(
        Rule::note_references, "ref " + std::to_string(q.note.text.refs.front().value),
        "none, or the proposal of " + filed.agreement->id + ": entry " + std::to_string(filed.agreement->proposed.value));
  return findings_of(q, filed, base::id_of(id_kind_of(filed.notification.subject), q.index()), nullptr);
}

Result<const NotificationState*> amended_by(const Question& q) {
  WB_TRY(ref, only_reference(q.note));
  const NotificationState* before = q.state.notification_at(ref);
  if (before == nullptr || before->party != q.party())
    return refuse(Rule::notification_unknown, "entry " + std::to_string(ref.value),
                  "the latest revision of a notification of " + q.party());
  if (before->latest().entry != ref)
    return refuse(Rule::revision_superseded, "entry " + std::to_string(ref.value),
                  "the latest revision: entry " + std::to_string(before->latest().entry.value));
  if (before->standing != Standing::standing)
    return refuse(Rule::notification_ended, before->id + " is " + std::string(name_of(before->standing)));
  return before;
}

Ruling rule_amended(const Question& q) {
  if (crosses(q.state, q.party())) return rule_amended_across(q);
  WB_TRY(before, amended_by(q));
  WB_TRY(amended, read(q));
  if (amended.notification.agreement != before->agreement)
    return refuse(Rule::agreement_unknown, amended.notification.agreement, before->agreement + ", under which it was filed",
                  "/properties/agreement");
  if (amended.notification.subject != before->subject)
    return refuse(Rule::notification_subject, "another subject than " + before->id, "a new notification", "/properties/subject");
  if (amended.notification.reason.empty())
    return refuse(Rule::reason_missing, "no reason", "why it is amended, in a sentence", "/properties/reason");
  return findings_of(q, amended, before->id, &before->latest());
}

}  // namespace wideberth::core
