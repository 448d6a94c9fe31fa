// Rulings on what another side notifies in a direct log: the part that the agreement gives the keeper, and nothing finer.
#include <algorithm>

#include "base/bytes.h"
#include "base/id.h"
#include "core/cells.h"
#include "core/coordinates.h"
#include "core/deadlines.h"
#include "core/rulings.h"

namespace wideberth::core {
namespace {

using base::refuse;

/// What was filed: exact, or an outline alone.
struct AcrossRead {
  const AgreementState* agreement;
  model::View view{};
  std::optional<model::Notification> notification{};
  std::optional<geo::Plan> plan{};
  std::vector<geo::Plan> alternates{};
  std::optional<model::Outline> outline{};

  model::Subject subject() const { return outline ? outline->subject : notification->subject; }
  Interval window() const { return outline ? model::window_of(*outline) : model::window_of(*notification); }
};

/// One part, to the keeper and to nobody else.
Result<std::string_view> check_shape(const Question& q, const model::Agreement::Disclosed& shown) {
  const std::string& keeper = q.state.opening->direct->keeper;
  if (shown.view == model::View::conflict_only)
    return refuse(Rule::direct_view, q.party() + " shows " + keeper + " conflicts alone",
                  "an outline or more by the agreement, or a log kept by a neutral");
  if (q.note.text.to != std::vector<std::string>{keeper})
    return refuse(Rule::direct_view, std::to_string(q.note.text.to.size()) + " in `to`", keeper + " alone, which keeps this log",
                  "to");
  const std::string_view name = part_named(shown.view);
  if (q.note.parts.size() != 1 || q.note.parts.front().name != name)
    return refuse(Rule::direct_view,
                  std::to_string(q.note.parts.size()) + " parts" +
                      (q.note.parts.empty() ? "" : ", the first \"" + base::excerpt(q.note.parts.front().name) + "\""),
                  "one part \"" + std::string(name) + "\": what clause " + shown.clause + " gives " + keeper, "/parts");
  return std::string_view(q.note.parts.front().bytes);
}

Result<void> read_exact(const Question& q, std::string_view part, AcrossRead& read) {
  WB_TRY(notification, model::parse_feature(part));
  // Whoever sends more than a corridor by mistake is stopped before it is in the record.
  if (read.view == model::View::corridor) WB_TRY_VOID(model::follows(part, read.view, part));
  if (!read.agreement->agreement->has_class(notification.platform_class))
    return refuse(Rule::platform_class_unknown, "\"" + base::excerpt(notification.platform_class) + "\"",
                  "a platform class of " + read.agreement->id, "/properties/platform_class");
  WB_TRY(plan, model::compile(notification));
  WB_TRY(alternates, model::compile_alternates(notification));
  WB_TRY_VOID(check_coordinates(*read.agreement, notification));
  if (notification.party != q.party())
    return refuse(Rule::notification_party, "\"" + notification.party + "\"", q.party() + ", which signs", "/properties/party");
  read.notification = std::move(notification);
  read.plan = std::move(plan);
  read.alternates = std::move(alternates);
  return {};
}

Result<void> read_outline_alone(const Question& q, std::string_view part, const model::Agreement::Disclosed& shown,
                                AcrossRead& read) {
  WB_TRY(outline, model::parse_outline(part));
  if (outline.party != q.party())
    return refuse(Rule::notification_party, "\"" + outline.party + "\"", q.party() + ", which signs", "/properties/party");
  if (outline.cell_e7 != shown.cell_e7 || outline.slot != shown.slot)
    return refuse(Rule::disclosure_grain, "cells or slots of another size", "those of clause " + shown.clause, "/properties");
  read.outline = std::move(outline);
  return {};
}

Result<AcrossRead> read_across(const Question& q, const AgreementState* agreement) {
  const std::string& keeper = q.state.opening->direct->keeper;
  if (agreement == nullptr || !agreement->holds())
    return refuse(Rule::agreement_not_in_force, "what the note refers to",
                  "the proposal, in this log, of an agreement that all its parties have signed", "ref");
  for (const std::string& each : {q.party(), keeper}) {
    const model::Party* member = agreement->agreement->find_party(each);
    if (member == nullptr || member->role != model::Role::party)
      return refuse(Rule::agreement_not_party, each + " is no party to " + agreement->id);
    WB_TRY_VOID(check_not_left(q.state, *agreement, each));
  }
  const auto shown = agreement->agreement->disclosure(q.party(), keeper);
  WB_TRY(part, check_shape(q, shown));
  AcrossRead read{agreement, shown.view};
  if (is_exact(shown.view)) {
    WB_TRY_VOID(read_exact(q, part, read));
  } else {
    WB_TRY_VOID(read_outline_alone(q, part, shown, read));
  }
  const Interval window = read.window();
  if (window.from < kAllTimes.from || window.to > kAllTimes.to)
    return refuse(Rule::window_out_of_reach, "from " + to_short_text(window.from) + " to " + to_short_text(window.to),
                  "a window between " + to_short_text(kAllTimes.from) + " and " + to_short_text(kAllTimes.to));
  return read;
}

std::vector<Draft> findings_across(const Question& q, const AcrossRead& read, const std::string& id, bool amendment) {
  const std::string& keeper = q.state.opening->direct->keeper;
  std::vector<Draft> drafts;
  const model::Delivered delivered{keeper, read.view, ledger::sha256(q.note.parts.front().bytes)};
  drafts.push_back(
      finding(model::EntryKind::notification_delivered, {keeper, q.party()}, {q.index()}, model::to_json(delivered)));
  const bool emergency = read.notification && read.notification->emergency;
  // Cells tell the start to a slot: late is what is late wherever in its first slot it starts.
  const Millis slot = read.outline ? read.agreement->agreement->disclosure(q.party(), keeper).slot : Millis{};
  if (!amendment)
    if (const auto late =
            short_notice(*read.agreement, q.party(), id, q.index(), read.window().from + slot, emergency, q.received))
      drafts.push_back(finding(model::EntryKind::deadline_missed, {q.party(), keeper}, {q.index()},
                               model::to_json(model::DeadlineMissed{*late})));
  const auto add = [&](std::vector<Draft> conflicts) {
    for (Draft& each : conflicts) drafts.push_back(std::move(each));
  };
  if (read.outline) {
    add(find_conflicts(q.state, OutlineCandidate{id, q.index(), read.agreement, &*read.outline}));
    return drafts;
  }
  const Candidate candidate{id, q.index(), read.agreement, &*read.notification, &*read.plan, &read.alternates};
  add(find_conflicts(q.state, candidate));
  add(find_alternate_conflicts(q.state, candidate));
  return drafts;
}

}  // namespace

Ruling rule_filed_across(const Question& q) {
  WB_TRY(ref, only_reference(q.note));
  WB_TRY(filed, read_across(q, q.state.agreement(base::id_of(base::IdKind::agreement, ref))));
  return findings_across(q, filed, base::id_of(id_kind_of(filed.subject()), q.index()), false);
}

Ruling rule_amended_across(const Question& q) {
  WB_TRY(before, amended_by(q));
  WB_TRY(amended, read_across(q, q.state.agreement(before->agreement)));
  if (amended.subject() != before->subject)
    return refuse(Rule::notification_subject, "another subject than " + before->id, "a new notification", "/properties/subject");
  return findings_across(q, amended, before->id, true);
}

}  // namespace wideberth::core
