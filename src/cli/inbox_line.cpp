#include "cli/inbox_line.h"

#include <algorithm>

#include "model/hotline.h"

namespace wideberth::cli {
namespace {

constexpr std::size_t kMostLines = 1'000'000;

Result<LineWaiting> waiting_of(const json::Reader& said, std::string_view kind) {
  LineWaiting waiting;
  waiting.kind = std::string(kind);
  WB_TRY(id_at, said.member("id"));
  WB_TRY(id, id_at.string(64));
  waiting.id = std::string(id);
  WB_TRY(party_at, said.member("party"));
  WB_TRY(party, party_at.string(64));
  waiting.party = std::string(party);
  return waiting;
}

/// What is owed of it by us: none where it was not said to us, or was answered, or was seen and no answer is owed.
Result<std::optional<LineWaiting>> heard_by_us(const json::Reader& said, const std::string& us, std::string_view kind) {
  WB_TRY(heard, said.member("heard"));
  const auto own = heard.find(us);
  if (!own || own->find("answered")) return std::optional<LineWaiting>();
  const auto due_at = own->find("due");
  if (!due_at && (own->find("seen") || kind == "sighting")) return std::optional<LineWaiting>();
  WB_TRY(waiting, waiting_of(said, kind));
  if (due_at) {
    WB_TRY(due, due_at->instant());
    waiting.due = due;
  }
  return std::optional<LineWaiting>(std::move(waiting));
}

Result<void> add_messages(Sitting& sitting, std::vector<LineWaiting>& all) {
  return each_said(sitting, "messages", true, [&](const json::Reader& each) -> Result<void> {
    WB_TRY(waiting, heard_by_us(each, sitting.desk().party(), "message"));
    if (!waiting) return {};
    WB_TRY(lines, lines_of_message(each));
    waiting->lines = std::move(lines);
    waiting->next = std::string("wideberth say ") + (waiting->due ? "answer " : "seen ") + waiting->id;
    all.push_back(*std::move(waiting));
    return {};
  });
}

Result<void> add_sightings(Sitting& sitting, std::vector<LineWaiting>& all) {
  return each_said(sitting, "sightings", true, [&](const json::Reader& each) -> Result<void> {
    WB_TRY(waiting, heard_by_us(each, sitting.desk().party(), "sighting"));
    if (!waiting) return {};
    WB_TRY(lines, lines_of_sighting(each));
    waiting->lines = std::move(lines);
    waiting->next = "wideberth sighting answer " + waiting->id;
    all.push_back(*std::move(waiting));
    return {};
  });
}

Result<void> add_calls(Sitting& sitting, std::vector<LineWaiting>& all) {
  return each_said(sitting, "calls", true, [&](const json::Reader& each) -> Result<void> {
    WB_TRY(with_at, each.member("with"));
    WB_TRY(with, with_at.string(64));
    if (with != sitting.desk().party()) return {};
    WB_TRY(waiting, waiting_of(each, "call"));
    WB_TRY(lines, lines_of_call(each));
    waiting.lines = std::move(lines);
    waiting.next = "wideberth call confirm " + waiting.id + ", or dispute";
    all.push_back(std::move(waiting));
    return {};
  });
}

Result<void> add_check_ins(Sitting& sitting, std::vector<LineWaiting>& all) {
  WB_TRY(tree, sitting.desk().get("/v1/line"));
  WB_TRY(list_at, json::Reader(tree).member("check_ins"));
  WB_TRY(list, list_at.elements(0, kMostLines));
  for (const json::Reader& each : list) {
    WB_TRY(party_at, each.member("party"));
    WB_TRY(party, party_at.string(64));
    const auto next_at = each.find("next");
    if (party != sitting.desk().party() || !next_at) continue;
    LineWaiting waiting;
    WB_TRY(agreement_at, each.member("agreement"));
    WB_TRY(agreement, agreement_at.string(64));
    waiting.id = std::string(agreement);
    waiting.kind = "check-in";
    waiting.party = std::string(party);
    WB_TRY(next, next_at->instant());
    waiting.due = next;
    waiting.lines = {"the next check-in under " + waiting.id + " is at " + to_short_text(next)};
    waiting.next = "wideberth checkin --agreement " + waiting.id;
    all.push_back(std::move(waiting));
  }
  return {};
}

}  // namespace

Result<std::vector<LineWaiting>> read_line_waiting(Sitting& sitting) {
  std::vector<LineWaiting> all;
  WB_TRY_VOID(add_messages(sitting, all));
  WB_TRY_VOID(add_sightings(sitting, all));
  WB_TRY_VOID(add_calls(sitting, all));
  WB_TRY_VOID(add_check_ins(sitting, all));
  std::sort(all.begin(), all.end(), [](const LineWaiting& a, const LineWaiting& b) {
    if (a.due.has_value() != b.due.has_value()) return a.due.has_value();
    return std::pair(a.due, a.id) < std::pair(b.due, b.id);
  });
  return all;
}

void write_line_waiting(json::Writer& writer, const std::vector<LineWaiting>& waiting) {
  writer.key("hotline").begin_array();
  for (const LineWaiting& each : waiting) {
    writer.begin_object().key("kind").string(each.kind).key("id").string(each.id).key("party").string(each.party).key("due");
    each.due ? writer.string(to_text(*each.due)) : writer.null();
    writer.end_object();
  }
  writer.end_array();
}

}  // namespace wideberth::cli
