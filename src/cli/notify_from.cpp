// wideberth notify --from: every row of a sheet is checked first, then all are filed together.

#include "base/bytes.h"
#include "cli/files.h"
#include "cli/notify.h"
#include "cli/notify_sheet.h"
#include "cli/numbers.h"
#include "cli/terminal.h"
#include "cli/unlock.h"
#include "feeds/notices.h"
#include "feeds/number.h"
#include "json/writer.h"
#include "model/keys.h"

namespace wideberth::cli {
namespace {

using feeds::NoticeRow;

Result<base::Metres> read_near(const std::string& text) {
  if (text.empty()) return feeds::kSameSite;
  const auto mm = feeds::read_fixed(text, 3);
  if (!mm || *mm < 0 || *mm > 100'000'000)
    return refuse(Rule::number_malformed, "\"" + base::excerpt(text) + "\"", "0 to 100000 metres", "--near");
  return base::Metres::from_mm(*mm);
}

void tell_refused(const std::vector<base::Refusal>& refused, bool json) {
  for (const base::Refusal& each : refused) {
    if (!json) {
      warn(line_of_unread(each));
      continue;
    }
    json::Writer writer;
    writer.begin_object().key("where").string(each.where).key("refused").string(base::code_of(each.rule));
    say(writer.key("found").string(each.found).key("accepted").string(each.accepted).end_object().take());
  }
}

void tell_json(const NoticeRow& row, const RowFate& fate) {
  json::Writer writer;
  writer.begin_object().key("row").integer(static_cast<std::int64_t>(row.row)).key("name").string(row.id).key("id");
  fate.id.empty() ? writer.null() : writer.string(fate.id);
  writer.key("stands_already").boolean(fate.stood).key("same_as");
  fate.same_as ? writer.string(*fate.same_as) : writer.null();
  writer.key("refused");
  fate.refusal ? writer.string(base::code_of(fate.refusal->rule)) : writer.null();
  writer.key("conflicts").integer(static_cast<std::int64_t>(fate.conflicts)).key("late_notice").boolean(fate.late);
  write_reminders(writer, fate.reminders);
  say(writer.end_object().take());
}

/// What became of each row, then of all. Gives the exit code.
int tell(const SheetFiling& filing, const std::vector<NoticeRow>& rows, bool json) {
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (json) {
      tell_json(rows[i], filing.fates()[i]);
      continue;
    }
    for (const std::string& line : lines_of(rows[i], filing.fates()[i])) say(line);
  }
  if (!json) say(filing.summary());
  if (filing.broken_off()) return fail(*filing.broken_off(), json);
  return filing.refused() == 0 ? kDone : kRefused;
}

}  // namespace

int notify_from(const NotifyOptions& given) {
  const auto id = read_id(given.agreement, "AG");
  if (!id) return fail(id.error(), given.desk.json);
  const auto near = read_near(given.near);
  if (!near) return fail(near.error(), given.desk.json);
  const auto key = read_verifier(given.desk.key);
  if (!key) return fail(key.error(), given.desk.json);
  const auto text = read_file(given.from, feeds::kMostNoticeBytes);
  if (!text) return fail(text.error(), given.desk.json);
  auto sheet = feeds::read_notices(*text, std::string(model::party_of_key(key->name)), *id);
  if (!sheet) {
    sheet.error().where = given.from + ", " + sheet.error().where;
    return fail(sheet.error(), given.desk.json);
  }
  tell_refused(sheet->refused, given.desk.json);
  if (!sheet->refused.empty() && !given.good_rows) {
    warn("Nothing was filed: " + counted(sheet->refused.size(), "row", "rows") + " of " + given.from +
         " cannot be read. --good-rows files the " + std::to_string(sheet->rows.size()) + " others.");
    return kRefused;
  }
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto agreement = (*sitting)->agreement(*id);
  if (!agreement) return fail(agreement.error(), given.desk.json);
  const auto together = [&](const std::vector<client::Act>& acts) {
    Progress progress("Filing");
    return (*sitting)->file_together(acts, [&](std::size_t done) { progress.show(done, acts.size()); });
  };
  SheetFiling filing((*sitting)->desk(), *agreement, sheet->rows, together);
  const auto filed = filing.file(given.again ? std::nullopt : std::optional(*near));
  const int told = tell(filing, sheet->rows, given.desk.json);
  if (!filed) return fail(filed.error(), given.desk.json);
  return told == kDone && !sheet->refused.empty() ? kRefused : told;
}

}  // namespace wideberth::cli
