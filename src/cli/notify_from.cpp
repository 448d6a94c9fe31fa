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

<<<<<<< HEAD
/// What became of a row.
struct RowFate {
  std::string id;  ///< of the notification; empty where it was refused
  base::EntryIndex entry{};
  bool stood = false;                    ///< word for word, before
  std::optional<std::string> same_as{};  ///< the site that it is taken for
  std::optional<base::Refusal> refusal{};
  std::size_t conflicts = 0;
  bool late = false;
  std::vector<model::Reminder> reminders{};
};

class SheetFiling {
 public:
  SheetFiling(const NotifyOptions& given, Sitting& sitting, const client::AgreementView& agreement, base::Metres near,
              const std::vector<NoticeRow>& rows)
      : given_(given), sitting_(sitting), agreement_(agreement), near_(near), rows_(rows), fates_(rows.size()) {}

  Result<void> file() {
    if (!given_.again) WB_TRY_VOID(find_duplicates());
    std::vector<client::Act> acts;
    std::vector<std::size_t> of;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (fates_[i].stood || fates_[i].same_as) continue;
      auto act = client::notify(sitting_.desk(), agreement_, rows_[i].notification);
      if (!act) {
        fates_[i].refusal = std::move(act).error();
        continue;
      }
      acts.push_back(*std::move(act));
      of.push_back(i);
    }
    Progress progress("Filing");
    auto filed = sitting_.file_together(acts, [&](std::size_t done) { progress.show(done, acts.size()); });
    for (std::size_t k = 0; k < filed.acts.size(); ++k) take(fates_[of[k]], rows_[of[k]], filed.acts[k]);
    broken_off_ = std::move(filed.broken_off);
    unanswered_ = acts.size() - filed.acts.size();
    return look_at_findings();
  }

  int tell() const {
    std::size_t filed = 0, stood = 0, same = 0, refused = 0;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const RowFate& fate = fates_[i];
      filed += !fate.id.empty() && !fate.stood ? 1U : 0U;
      stood += fate.stood ? 1U : 0U;
      same += fate.same_as ? 1U : 0U;
      refused += fate.refusal ? 1U : 0U;
      given_.desk.json ? tell_json(rows_[i], fate) : tell_text(rows_[i], fate);
    }
    if (!given_.desk.json)
      say("Of " + counted(rows_.size(), "row", "rows") + " " + std::to_string(filed) + " were filed, " + std::to_string(stood) +
          " stood already, " + std::to_string(same) + " are taken for a site that stands, " + std::to_string(refused) +
          " were refused" + (unanswered_ > 0 ? ", " + std::to_string(unanswered_) + " have no answer" : "") + ".");
    if (broken_off_) return fail(*broken_off_, given_.desk.json);
    return refused == 0 ? kDone : kRefused;
  }

 private:
  void take(RowFate& fate, const NoticeRow& row, const Result<client::Filed>& filed) {
    if (!filed) {
      fate.refusal = filed.error();
      return;
    }
    fate.entry = filed->index;
    fate.reminders = model::reminders_of(row.notification);
    fate.id = base::id_of(kind_of_subject(row.notification.subject), filed->index);
  }

  /// The rule: what says the same word for word stands already; a site of one name with another, or within `near` of it, is
  /// that site, whether it stands or comes in an earlier row.
  Result<void> find_duplicates() {
    WB_TRY(standing, read_standing(sitting_.desk()));
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
        if (feeds::same_site(rows_[i].notification, each.notification, near_)) fates_[i].same_as = each.id;
      for (std::size_t k = 0; k < i && !fates_[i].same_as; ++k)
        if (!fates_[k].same_as && feeds::same_site(rows_[i].notification, rows_[k].notification, near_))
          fates_[i].same_as = "row " + std::to_string(rows_[k].row);
    }
    return {};
  }

  /// The conflicts that stand and the late notices, asked once for all rows.
  Result<void> look_at_findings() {
    std::map<std::string, RowFate*> by_id;
    for (RowFate& fate : fates_)
      if (!fate.id.empty() && !fate.stood) by_id.emplace(fate.id, &fate);
    if (by_id.empty()) return {};
    const auto noted = [&](const std::string& id) {
      const auto at = by_id.find(id);
      return at == by_id.end() ? nullptr : at->second;
    };
    WB_TRY(conflicts, client::get_all(sitting_.desk(), "/v1/conflicts"));
    WB_TRY(list_at, json::Reader(conflicts).member("conflicts"));
    WB_TRY(list, list_at.elements(0, 1'000'000));
    for (const json::Reader& each : list) {
      if (each.find("cited")) continue;  // of an agreement that we only observe
      WB_TRY(found_at, each.member("found"));
      WB_TRY(found, model::parse_conflict_found(json::to_json(found_at.value())));
      for (const std::string* id : {&found.a, &found.b})
        if (RowFate* fate = noted(*id)) ++fate->conflicts;
    }
    WB_TRY(deadlines, client::get_all(sitting_.desk(), "/v1/deadlines"));
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

  static void tell_text(const NoticeRow& row, const RowFate& fate) {
    const std::string head = "row " + std::to_string(row.row) + "  " + row.id + "  ";
    if (fate.refusal) {
      say(head + "refused: " + base::to_text(*fate.refusal));
    } else if (fate.same_as) {
      say(head + "the same site as " + *fate.same_as + ", not filed; --again files it nevertheless");
    } else if (fate.stood) {
      say(head + fate.id + " stands already");
    } else if (!fate.id.empty()) {
      say(head + fate.id + " is filed" + (fate.conflicts > 0 ? "; " + counted(fate.conflicts, "conflict", "conflicts") : "") +
          (fate.late ? "; its notice came too late" : ""));
      for (const model::Reminder each : fate.reminders) say("  reminder: " + std::string(model::sentence_of(each)));
    } else {
      say(head + "has no answer: it may stand");
    }
  }

  static void tell_json(const NoticeRow& row, const RowFate& fate) {
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

  const NotifyOptions& given_;
  Sitting& sitting_;
  const client::AgreementView& agreement_;
  base::Metres near_;
  const std::vector<NoticeRow>& rows_;
  std::vector<RowFate> fates_;
  std::optional<base::Refusal> broken_off_{};
  std::size_t unanswered_ = 0;
};

=======
>>>>>>> main
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
