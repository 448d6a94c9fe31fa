// What a desk does with a sheet of hundreds of notices at once, and with what came of it.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "cli/demo_player.h"
#include "cli/files.h"
#include "cli/notify_sheet.h"
#include "cli/outcome_text.h"
#include "model/keys.h"

namespace wideberth::cli {
namespace {

using base::refuse;
using base::Result;
using base::Rule;
using json::Reader;

/// Whether a row is meant by `those`, an array of beginnings of names; all are where there is none.
Result<bool> is_meant(const Reader& how, std::string_view those, const std::string& row) {
  const auto member = how.find(those);
  if (!member) return those == "those";
  WB_TRY(each, member->elements(1, 1000));
  for (const Reader& at : each) {
    WB_TRY(beginning, at.text(64));
    if (row.starts_with(beginning)) return true;
  }
  return false;
}

/// The notice with a later end.
Result<model::Notification> renewed(const client::MovementView& movement, const Reader& how) {
  WB_TRY(until_at, how.member("until"));
  WB_TRY(until, until_at.instant());
  if (!movement.feature || movement.feature->is_route())
    return refuse(Rule::notification_subject, movement.id, "a site or an activity, whole");
  model::Notification notification = *movement.feature;
  std::get<geo::Area>(notification.where).window.to = until;
  return notification;
}

}  // namespace

bool Player::is_of_rows(const std::string& act) { return act == "notify-from" || act == "counts" || act.ends_with("-each"); }

Result<std::vector<std::string>> Player::play_rows(const Step& step) {
  client::Desk& desk = houses_.of(step).desk(step.who);
  if (step.act == "notify-from") return notify_from(desk, step);
  if (step.act != "counts") return act_on_each(desk, step);
  WB_TRY(document, desk.get("/v1/outcomes"));
  return lines_of_counts(document);
}

Result<std::vector<std::string>> Player::notify_from(client::Desk& desk, const Step& step) {
  WB_TRY(text, read_file(scenario_.folder / step.file, feeds::kMostNoticeBytes));
  WB_TRY(agreement, client::read_agreement(desk, made_.at(step.of).id));
  WB_TRY(sheet, feeds::read_notices(text, desk.party(), agreement.id));
  std::vector<std::string> lines;
  for (const base::Refusal& each : sheet.refused) lines.push_back(step.file + ", " + line_of_unread(each));
  if (!sheet.refused.empty()) {
    lines.push_back(fmt::format("Nothing was filed: {} rows cannot be read.", sheet.refused.size()));
    return lines;
  }
  SheetFiling filing(desk, agreement, sheet.rows, [&](const std::vector<client::Act>& acts) { return desk.file_together(acts); });
  WB_TRY_VOID(filing.file(feeds::kSameSite));
  if (filing.broken_off()) return tl::make_unexpected(*filing.broken_off());
  for (std::size_t i = 0; i < sheet.rows.size(); ++i) {
    const RowFate& fate = filing.fates()[i];
    if (fate.same_as || fate.refusal)
      for (const std::string& line : lines_of(sheet.rows[i], fate)) lines.push_back(line);
    if (fate.id.empty()) continue;
    sheets_[step.name].push_back({sheet.rows[i].id, fate.id});
    made_[step.name + "/" + sheet.rows[i].id] = Made{fate.entry, fate.id, houses_.of(step).keeper(), step.who};
  }
  lines.push_back(filing.summary());
  return lines;
}

Result<std::vector<std::string>> Player::act_on_each(client::Desk& desk, const Step& step) {
  WB_TRY(value, json::parse(step.document.empty() ? "{}" : step.document));
  const Reader how(value);
  WB_TRY_VOID(how.only({"those", "until", "facilitated", "impeded", "delayed", "denied", "cancelled"}));
  std::vector<client::Act> acts;
  for (const Row& row : sheets_[step.of]) {
    WB_TRY(meant, is_meant(how, "those", row.name));
    if (!meant) continue;
    WB_TRY(act, act_on_row(desk, step, how, row));
    if (act) acts.push_back(*std::move(act));
  }
  const auto filed = desk.file_together(acts);
  if (filed.broken_off) return tl::make_unexpected(*filed.broken_off);
  for (const auto& each : filed.acts)
    if (!each) return tl::make_unexpected(each.error());
  return std::vector<std::string>{fmt::format("{} entries filed together", filed.acts.size())};
}

Result<std::optional<client::Act>> Player::act_on_row(client::Desk& desk, const Step& step, const Reader& how, const Row& row) {
  WB_TRY(movement, client::read_movement(desk, row.id));
  if (step.act == "receipt-each") {
    WB_TRY(act, client::receive(desk, movement));
    return std::optional(std::move(act));
  }
  if (step.act == "acknowledge-each")
    return std::optional(client::acknowledge(movement, model::Acknowledged{step.person, step.post, {}}));
  if (step.act == "complete-each") return std::optional(client::complete(movement, ""));
  if (step.act == "renew-each") {
    WB_TRY(agreement, client::read_agreement(desk, movement.agreement));
    WB_TRY(notification, renewed(movement, how));
    WB_TRY(act, client::amend(desk, agreement, movement, std::move(notification), step.reason));
    return std::optional(std::move(act));
  }
  // The word for most of them comes last: "facilitated": ["C-"] means the others.
  for (const auto word : {model::OutcomeWord::cancelled, model::OutcomeWord::denied, model::OutcomeWord::delayed,
                          model::OutcomeWord::impeded, model::OutcomeWord::facilitated}) {
    WB_TRY(meant, is_meant(how, name_of(word), row.name));
    if (meant) return std::optional(client::state_outcome(desk, movement, model::Outcome{word, ""}));
  }
  return std::optional<client::Act>();
}

}  // namespace wideberth::cli
