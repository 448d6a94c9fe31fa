// What the log found in a revision, read and told.
#include "cli/finding_text.h"
#include "cli/notify.h"
#include "cli/party_text.h"
#include "client/pages.h"
#include "geo/text.h"
#include "json/writer.h"
#include "model/kinds.h"

namespace wideberth::cli {
namespace {

using base::EntryIndex;

constexpr std::size_t kMostFound = 1'000'000;

Result<EntryIndex> entry_at(const json::Reader& from) {
  WB_TRY(member, from.member("entry"));
  WB_TRY(number, member.integer(0, json::kMostInteger));
  return EntryIndex{static_cast<std::uint64_t>(number)};
}

Result<void> read_conflicts(client::Desk& desk, const std::string& id, Findings& into) {
  WB_TRY(tree, client::get_all(desk, "/v1/conflicts", {{"movement", id}}));
  WB_TRY(list_at, json::Reader(tree).member("conflicts"));
  WB_TRY(list, list_at.elements(0, kMostFound));
  for (const json::Reader& each : list) {
    WB_TRY(current_at, each.member("current"));
    WB_TRY(current, current_at.boolean());
    if (!current || each.find("cited")) continue;
    WB_TRY(found_at, each.member("found"));
    WB_TRY(found, model::parse_conflict_found(json::to_json(found_at.value())));
    if (found.a != id && found.b != id) continue;
    WB_TRY(entry, entry_at(each));
    into.conflicts.push_back({entry, std::move(found)});
  }
  WB_TRY(clear_all_at, json::Reader(tree).member("clear_all"));
  WB_TRY(clear_all, clear_all_at.elements(0, kMostFound));
  for (const json::Reader& each : clear_all) {
    WB_TRY(all, model::parse_clear_all(each));
    if (all.movement == id) into.clear_all = std::move(all);
  }
  return {};
}

Result<void> read_late_notice(client::Desk& desk, EntryIndex revision, Findings& into) {
  WB_TRY(tree, client::get_all(desk, "/v1/deadlines"));
  WB_TRY(list_at, json::Reader(tree).member("ended"));
  WB_TRY(list, list_at.elements(0, kMostFound));
  for (const json::Reader& each : list) {
    WB_TRY(deadline_at, each.member("deadline"));
    if (!deadline_at.find("due")) continue;  // of an agreement that we only observe
    WB_TRY(missed, model::parse_deadline_missed(json::to_json(deadline_at.value())));
    if (missed.deadline.kind != model::DeadlineKind::notice || missed.deadline.revision != revision) continue;
    WB_TRY(entry, entry_at(each));
    into.late = LateNotice{entry, std::move(missed.deadline)};
  }
  return {};
}

Result<void> read_rules(client::Desk& desk, const std::string& id, Findings& into) {
  WB_TRY(tree, client::get_all(desk, "/v1/findings", {{"movement", id}}));
  WB_TRY(list_at, json::Reader(tree).member("findings"));
  WB_TRY(list, list_at.elements(0, kMostFound));
  for (const json::Reader& each : list) {
    WB_TRY(current_at, each.member("current"));
    WB_TRY(current, current_at.boolean());
    if (!current) continue;
    WB_TRY(lines, finding_lines(each));
    into.rules.push_back(json::to_json(each.value()));
    into.rule_lines.push_back(std::move(lines));
  }
  return {};
}

std::string finding_text(const model::ConflictFound& found, const std::string& id) {
  // The finding names the party of b alone; where b is ours, a is the other's.
  std::string text = found.a != id ? found.a : (found.b.empty() ? "a movement" : found.b) + " of " + found.other_party;
  for (const std::string* route : {&found.a_route, &found.b_route})
    if (!route->empty()) text += ", by the alternate " + in_quotes(*route);
  text += ", clause " + found.clause + ": ";
  if (const auto* exact = std::get_if<model::ExactConflict>(&found.what)) {
    const geo::Meeting& meeting = exact->meeting;
    text += std::string(geo::name_of(meeting.kind)) + ", between " + to_short_text(meeting.window.from) + " and " +
            to_short_text(meeting.window.to) + ", near " + geo::to_mgrs(meeting.place, 3) + "; " +
            model::advice_of(found.a, found.b, meeting);
  } else {
    const auto& coarse = std::get<model::CoarseConflict>(found.what);
    text += "between " + to_short_text(coarse.slot.from) + " and " + to_short_text(coarse.slot.to) + ", in the cell from " +
            geo::to_dd(coarse.cell_south_west);
  }
  return text;
}

/// The warnings of the same step: whom this does not reach. They stand right behind the revision, signed by the log.
Result<void> read_warnings(client::Desk& desk, EntryIndex revision, Findings& into) {
  for (std::int64_t from = static_cast<std::int64_t>(revision.value) + 1;;) {
    WB_TRY(tree, desk.get("/v1/entries", {{"from", std::to_string(from)}}));
    const json::Reader page(tree);
    WB_TRY(next_at, page.member("next"));
    WB_TRY(next, next_at.integer(0, json::kMostInteger));
    WB_TRY(list_at, page.member("entries"));
    WB_TRY(list, list_at.elements(0, kMostFound));
    for (const json::Reader& each : list) {
      WB_TRY(signer_at, each.member("signer"));
      WB_TRY(signer, signer_at.string(512));
      if (signer != desk.origin()) return {};
      WB_TRY(kind_at, each.member("kind"));
      WB_TRY(kind, kind_at.string(64));
      if (kind != model::name_of(model::EntryKind::sender_warned)) continue;
      WB_TRY(index_at, each.member("index"));
      WB_TRY(index, index_at.integer(0, json::kMostInteger));
      WB_TRY(entry, desk.entry(EntryIndex{static_cast<std::uint64_t>(index)}));
      const std::string* full = entry.part(model::kFullPart);
      if (full == nullptr || entry.text.refs != std::vector{revision}) continue;
      WB_TRY(warned, model::parse_sender_warned(*full));
      into.warned.push_back({entry.index, std::move(warned)});
    }
    if (next <= from) return {};
    from = next;
  }
}

void write_findings(json::Writer& writer, const Result<Findings>& findings) {
  if (!findings) {
    writer.key("conflicts").null().key("clear_all").null().key("rules").null().key("warned").null().key("late_notice").null();
    return;
  }
  writer.key("conflicts").begin_array();
  for (const auto& [entry, found] : findings->conflicts)
    writer.begin_object()
        .key("entry")
        .integer(static_cast<std::int64_t>(entry.value))
        .key("found")
        .raw(model::to_json(found))
        .end_object();
  writer.end_array().key("clear_all");
  if (findings->clear_all)
    model::write_clear_all(writer, *findings->clear_all);
  else
    writer.null();
  writer.key("rules").begin_array();
  for (const std::string& each : findings->rules) writer.raw(each);
  writer.end_array().key("warned").begin_array();
  for (const auto& [entry, warned] : findings->warned) {
    writer.begin_object().key("entry").integer(static_cast<std::int64_t>(entry.value)).key("party").string(warned.party);
    writer.key("effect").string(to_text(warned.effect)).end_object();
  }
  writer.end_array().key("late_notice");
  if (!findings->late) {
    writer.null();
    return;
  }
  const auto& [entry, deadline] = *findings->late;
  writer.begin_object().key("entry").integer(static_cast<std::int64_t>(entry.value));
  writer.key("due").string(to_text(deadline.due)).key("clause").string(deadline.clause).end_object();
}

}  // namespace

Result<Findings> read_findings(client::Desk& desk, const std::string& id, EntryIndex revision) {
  Findings findings;
  WB_TRY_VOID(read_conflicts(desk, id, findings));
  WB_TRY_VOID(read_rules(desk, id, findings));
  WB_TRY_VOID(read_late_notice(desk, revision, findings));
  WB_TRY_VOID(read_warnings(desk, revision, findings));
  return findings;
}

bool says_more(const model::ClearAll& all) { return all.conflicts > 1 || all.coarse || all.left_out > 0; }

void write_reminders(json::Writer& writer, const std::vector<model::Reminder>& reminders) {
  writer.key("reminders").begin_array();
  for (const model::Reminder each : reminders) writer.string(model::name_of(each));
  writer.end_array();
}

std::optional<std::vector<model::Reminder>> reminders_of_entry(Sitting& sitting, EntryIndex revision) {
  const auto read = sitting.desk().entry(revision);
  const std::string* full = read ? read->part(model::kFullPart) : nullptr;
  if (full == nullptr) return std::nullopt;
  const auto notified = model::parse_feature(*full);
  if (!notified) return std::nullopt;
  return model::reminders_of(*notified);
}

int tell_notified(Sitting& sitting, const client::Filed& filed, const std::string& id, std::string_view said, Told more,
                  const std::optional<std::vector<model::Reminder>>& reminders) {
  const auto findings = read_findings(sitting.desk(), id, filed.index);
  const int code = tell_filed(sitting, filed, said, more, [&](json::Writer& writer) {
    write_findings(writer, findings);
    if (reminders) write_reminders(writer, *reminders);
  });
  if (!findings) {
    warn("What the log found in " + id + " could not be read; " + id + " stands all the same. " + explain(findings.error()));
    return code;
  }
  if (sitting.options().json) return code;
  for (const NotedConflict& each : findings->conflicts) say("  conflict with " + finding_text(each.found, id));
  if (findings->clear_all && says_more(*findings->clear_all)) say("  " + model::advice_of(*findings->clear_all));
  for (const std::string& lines : findings->rule_lines) say("  by the agreement: " + lines);
  for (const auto& [entry, warned] : findings->warned)
    say("  it does not reach " + warned.party + ", which withdrew from " + warned.agreement + " with effect from " +
        to_short_text(warned.effect) + " (entry " + std::to_string(entry.value) + ").");
  if (findings->late)
    say("  late: its notice was owed by " + to_short_text(findings->late->deadline.due) + " (clause " +
        findings->late->deadline.clause + "), which entry " + std::to_string(findings->late->entry.value) +
        " records. It stands all the same.");
  for (const model::Reminder each : reminders.value_or(std::vector<model::Reminder>{}))
    say("  reminder: " + std::string(model::sentence_of(each)));
  return code;
}

}  // namespace wideberth::cli
