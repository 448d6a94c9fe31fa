#include "model/handover.h"

#include <algorithm>

#include "base/id.h"
#include "ledger/hash.h"
#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr std::size_t kMostHandoverBytes = std::size_t{2} << 20;

const std::array<std::string_view, 10>& deadline_names() {
  static const auto names = [] {
    std::array<std::string_view, 10> all;
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = name_of(static_cast<DeadlineKind>(i));
    return all;
  }();
  return names;
}

Result<Officer> read_officer(const Reader& object, std::string_view name) {
  WB_TRY(at, object.member(name));
  WB_TRY_VOID(at.only({"person", "key"}));
  WB_TRY(person, read::text(at, "person", kMostLabel));
  WB_TRY(key, read::text(at, "key", kMostLabel));
  return Officer{std::move(person), std::move(key)};
}

Result<std::vector<OpenDeadline>> read_deadlines(const Reader& object) {
  WB_TRY(at, object.member("deadlines"));
  WB_TRY(list, at.elements(0, kMostHandedOver));
  std::vector<OpenDeadline> deadlines;
  for (const Reader& each : list) {
    WB_TRY_VOID(each.only({"kind", "party", "about", "due"}));
    WB_TRY(kind_at, each.member("kind"));
    WB_TRY(kind, read::word<DeadlineKind>(kind_at, deadline_names()));
    WB_TRY(party, read::short_name(each, "party"));
    WB_TRY(about, read::index(each, "about"));
    WB_TRY(due, read::instant(each, "due"));
    deadlines.push_back({kind, std::move(party), about, due});
  }
  return deadlines;
}

Result<std::vector<EntryIndex>> read_entries(const Reader& object, std::string_view name) {
  WB_TRY(at, object.member(name));
  WB_TRY(list, at.elements(0, kMostHandedOver));
  std::vector<EntryIndex> entries;
  for (const Reader& each : list) {
    WB_TRY(entry, each.integer(0, json::kMostInteger));
    const EntryIndex index{static_cast<std::uint64_t>(entry)};
    if (!entries.empty() && index <= entries.back())
      return each.refuse(base::Rule::json_range, std::to_string(entry), "entries in ascending order, each once");
    entries.push_back(index);
  }
  return entries;
}

Result<OpenMatters> read_open(const Reader& at) {
  WB_TRY_VOID(at.only({"deadlines", "queries", "messages", "movements", "alarms"}));
  WB_TRY(deadlines, read_deadlines(at));
  WB_TRY(queries, read_entries(at, "queries"));
  WB_TRY(messages, read_entries(at, "messages"));
  WB_TRY(movements, read_entries(at, "movements"));
  WB_TRY(alarms, read_entries(at, "alarms"));
  return OpenMatters{std::move(deadlines), std::move(queries), std::move(messages), std::move(movements), std::move(alarms)};
}

Result<WatchHandedOver> read_handed_over(const Reader& at) {
  WB_TRY_VOID(at.only({"outgoing", "incoming", "open", "remark"}));
  WatchHandedOver said;
  WB_TRY(outgoing, read_officer(at, "outgoing"));
  said.outgoing = std::move(outgoing);
  WB_TRY(incoming, read_officer(at, "incoming"));
  said.incoming = std::move(incoming);
  WB_TRY(open_at, at.member("open"));
  WB_TRY(open, read_open(open_at));
  said.open = std::move(open);
  WB_TRY(remark, read::text_if_any(at, "remark", kMostReason, true));
  said.remark = std::move(remark);
  return said;
}

void write_officer(Writer& writer, std::string_view name, const Officer& officer) {
  writer.key(name).begin_object().key("person").string(officer.person).key("key").string(officer.key).end_object();
}

void write_entries(Writer& writer, std::string_view name, const std::vector<EntryIndex>& entries) {
  writer.key(name).begin_array();
  for (const EntryIndex each : entries) writer.integer(static_cast<std::int64_t>(each.value));
  writer.end_array();
}

void write_open(Writer& writer, const OpenMatters& open) {
  writer.begin_object().key("deadlines").begin_array();
  for (const OpenDeadline& each : open.deadlines) {
    writer.begin_object().key("kind").string(name_of(each.kind)).key("party").string(each.party);
    writer.key("about").integer(static_cast<std::int64_t>(each.about.value));
    writer.key("due").string(base::to_short_text(each.due)).end_object();
  }
  writer.end_array();
  write_entries(writer, "queries", open.queries);
  write_entries(writer, "messages", open.messages);
  write_entries(writer, "movements", open.movements);
  write_entries(writer, "alarms", open.alarms);
  writer.end_object();
}

}  // namespace

Result<WatchHandedOver> parse_watch_handed_over(std::string_view json) {
  return read::whole<WatchHandedOver>(json, kMostHandoverBytes, read_handed_over);
}

Result<OpenMatters> parse_open_matters(std::string_view json) {
  return read::whole<OpenMatters>(json, kMostHandoverBytes, read_open);
}

std::string to_json(const OpenMatters& open) {
  Writer writer;
  write_open(writer, open);
  return writer.take();
}

std::string to_json(const WatchHandedOver& said) {
  Writer writer;
  writer.begin_object();
  write_officer(writer, "outgoing", said.outgoing);
  write_officer(writer, "incoming", said.incoming);
  writer.key("open");
  write_open(writer, said.open);
  read::write_text_if_any(writer, "remark", said.remark);
  return writer.end_object().take();
}

std::string list_code(const OpenMatters& open) { return base::spoken_code(ledger::sha256(to_json(open)).view(), 5); }

}  // namespace wideberth::model
