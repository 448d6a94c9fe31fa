#include "cli/notify_sheet.h"

#include <algorithm>
#include <map>

#include "cli/numbers.h"
#include "client/pages.h"

namespace wideberth::cli {

using feeds::NoticeRow;

Result<void> SheetFiling::file(std::optional<base::Metres> near) {
  if (near) WB_TRY_VOID(find_duplicates(*near));
  std::vector<client::Act> acts;
  std::vector<std::size_t> of;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (fates_[i].stood || fates_[i].same_as) continue;
    auto act = client::notify(desk_, agreement_, rows_[i].notification);
    if (!act) {
      fates_[i].refusal = std::move(act).error();
      continue;
    }
    acts.push_back(*std::move(act));
    of.push_back(i);
  }
  auto filed = together_(acts);
  for (std::size_t k = 0; k < filed.acts.size(); ++k) take(of[k], filed.acts[k]);
  broken_off_ = std::move(filed.broken_off);
  unanswered_ = acts.size() - filed.acts.size();
  return look_at_findings();
}

void SheetFiling::take(std::size_t row, const Result<client::Filed>& filed) {
  RowFate& fate = fates_[row];
  if (!filed) {
    fate.refusal = filed.error();
    return;
  }
  fate.entry = filed->index;
  fate.reminders = model::reminders_of(rows_[row].notification);
  fate.id = base::id_of(kind_of_subject(rows_[row].notification.subject), filed->index);
}

/// The rule: what says the same word for word stands already; a site of one name with another, or within `near` of it, is
/// that site, whether it stands or comes in an earlier row.
Result<void> SheetFiling::find_duplicates(base::Metres near) {
  WB_TRY(standing, read_standing(desk_));
  std::multimap<std::string, std::string> said;
  for (const StandingNotice& each : standing) said.emplace(said_by(each.notification), each.id);
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    if (const auto at = said.find(said_by(rows_[i].notification)); at != said.end()) {
      fates_[i].stood = true;
      fates_[i].id = at->second;
      said.erase(at);  // two rows that say the same are two notices, unless they are sites
      continue;
    }
    for (const StandingNotice& each : standing)
      if (feeds::same_site(rows_[i].notification, each.notification, near)) fates_[i].same_as = each.id;
    for (std::size_t k = 0; k < i && !fates_[i].same_as; ++k)
      if (!fates_[k].same_as && feeds::same_site(rows_[i].notification, rows_[k].notification, near))
        fates_[i].same_as = "row " + std::to_string(rows_[k].row);
  }
  return {};
}

/// The conflicts that stand and the late notices, asked once for all rows.
Result<void> SheetFiling::look_at_findings() {
  std::map<std::string, RowFate*> by_id;
  for (RowFate& fate : fates_)
    if (!fate.id.empty() && !fate.stood) by_id.emplace(fate.id, &fate);
  if (by_id.empty()) return {};
  const auto noted = [&](const std::string& id) {
    const auto at = by_id.find(id);
    return at == by_id.end() ? nullptr : at->second;
  };
  WB_TRY(conflicts, client::get_all(desk_, "/v1/conflicts"));
  WB_TRY(list_at, json::Reader(conflicts).member("conflicts"));
  WB_TRY(list, list_at.elements(0, 1'000'000));
  for (const json::Reader& each : list) {
    if (each.find("cited")) continue;  // of an agreement that we only observe
    WB_TRY(found_at, each.member("found"));
    WB_TRY(found, model::parse_conflict_found(json::to_json(found_at.value())));
    for (const std::string* id : {&found.a, &found.b})
      if (RowFate* fate = noted(*id)) ++fate->conflicts;
  }
  WB_TRY(deadlines, client::get_all(desk_, "/v1/deadlines"));
  WB_TRY(ended_at, json::Reader(deadlines).member("ended"));
  WB_TRY(ended, ended_at.elements(0, 1'000'000));
  for (const json::Reader& each : ended) {
    WB_TRY(deadline_at, each.member("deadline"));
    if (!deadline_at.find("due")) continue;
    WB_TRY(missed, model::parse_deadline_missed(json::to_json(deadline_at.value())));
    if (missed.deadline.kind != model::DeadlineKind::notice) continue;
    if (RowFate* fate = noted(missed.deadline.notification)) fate->late = true;
  }
  return {};
}

std::size_t SheetFiling::refused() const {
  return static_cast<std::size_t>(
      std::count_if(fates_.begin(), fates_.end(), [](const RowFate& each) { return each.refusal.has_value(); }));
}

std::string SheetFiling::summary() const {
  std::size_t filed = 0, stood = 0, same = 0;
  for (const RowFate& fate : fates_) {
    filed += !fate.id.empty() && !fate.stood ? 1U : 0U;
    stood += fate.stood ? 1U : 0U;
    same += fate.same_as ? 1U : 0U;
  }
  return "Of " + counted(rows_.size(), "row", "rows") + " " + std::to_string(filed) + " were filed, " + std::to_string(stood) +
         " stood already, " + std::to_string(same) + " are taken for a site that stands, " + std::to_string(refused()) +
         " were refused" + (unanswered_ > 0 ? ", " + std::to_string(unanswered_) + " have no answer" : "") + ".";
}

std::vector<std::string> lines_of(const NoticeRow& row, const RowFate& fate) {
  const std::string head = "row " + std::to_string(row.row) + "  " + row.id + "  ";
  if (fate.refusal) return {head + "refused: " + base::to_text(*fate.refusal)};
  if (fate.same_as) return {head + "the same site as " + *fate.same_as + ", not filed; --again files it nevertheless"};
  if (fate.stood) return {head + fate.id + " stands already"};
  if (fate.id.empty()) return {head + "has no answer: it may stand"};
  std::vector<std::string> lines{head + fate.id + " is filed" +
                                 (fate.conflicts > 0 ? "; " + counted(fate.conflicts, "conflict", "conflicts") : "") +
                                 (fate.late ? "; its notice came too late" : "")};
  for (const model::Reminder each : fate.reminders) lines.push_back("  reminder: " + std::string(model::sentence_of(each)));
  return lines;
}

std::string line_of_unread(const base::Refusal& refusal) {
  return refusal.where + ": " + refusal.found + " [" + std::string(base::code_of(refusal.rule)) +
         "]; needed: " + (refusal.accepted.empty() ? std::string(base::title_of(refusal.rule)) : refusal.accepted);
}

}  // namespace wideberth::cli
