// wideberth show: what stands, as it stands or as it stood after an entry.
#include <algorithm>
#include <memory>

#include "base/bytes.h"
#include "base/id.h"
#include "cli/cli.h"
#include "cli/desk_options.h"
#include "cli/finding_text.h"
#include "cli/fix_text.h"
#include "cli/line.h"
#include "cli/receipts.h"
#include "cli/show_text.h"
#include "client/pages.h"
#include "json/writer.h"
#include "model/hotline.h"
#include "model/position_batch.h"

namespace wideberth::cli {
namespace {

using base::EntryIndex;

struct ShowOptions {
  DeskOptions desk;
  std::string what, as_of, save;
};

using Print = Result<void> (*)(const json::Value&);

/// What is asked of the server, and how it is printed.
struct Shown {
  std::string path;
  Print print;
  std::string movement{};                   ///< its conflicts are shown too
  std::optional<base::IdReference> said{};  ///< what was said or sighted
};

Result<Shown> resolve(const std::string& what) {
  const std::pair<std::string_view, Shown> lists[] = {{"movements", {"/v1/movements", print_movements}},
                                                      {"agreements", {"/v1/agreements", print_agreements}},
                                                      {"conflicts", {"/v1/conflicts", print_conflicts}},
                                                      {"findings", {"/v1/findings", print_findings}},
                                                      {"deadlines", {"/v1/deadlines", print_deadlines}},
                                                      {"keys", {"/v1/keys", print_keys}},
                                                      {"encounters", {"/v1/encounters", print_encounters}},
                                                      {"conformance", {"/v1/conformance", print_conformance}},
                                                      {"units", {"/v1/units", print_units}}};
  for (const auto& [name, shown] : lists)
    if (what == name) return shown;
  if (what.find('-') == std::string::npos)
    return refuse(
        Rule::json_choice, "\"" + base::excerpt(what) + "\"",
        "an id, the index of an entry, or one of agreements, movements, conflicts, findings, deadlines, keys, encounters, "
        "conformance, units");
  WB_TRY(id, base::index_of(what));
  const std::string written = base::id_of(id.kind, id.index);
  if (id.kind == base::IdKind::agreement) return Shown{"/v1/agreements/" + written, print_agreement};
  if (id.kind == base::IdKind::hotline || id.kind == base::IdKind::sighting) return Shown{{}, print_said, {}, id};
  if (id.kind == base::IdKind::conflict) return refuse(Rule::id_malformed, written, "wideberth show conflicts lists them");
  return Shown{"/v1/movements/" + written, print_movement, written};
}

/// Every entry that a document names as being about what it shows.
void gather(const json::Value& value, std::vector<EntryIndex>& into) {
  if (value.kind() == json::Value::Kind::array)
    for (const json::Value& each : value.array()) gather(each, into);
  if (value.kind() != json::Value::Kind::object) return;
  for (const auto& [name, member] : value.object()) {
    static constexpr std::string_view kNames[] = {"entry",    "delivered",     "received", "acknowledged", "answered",
                                                  "objected", "unit_informed", "ended",    "proposed",     "in_force",
                                                  "seen",     "confirmed",     "disputed"};
    const bool named = std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
    if (named && member.kind() == json::Value::Kind::integer && member.integer() >= 0)
      into.push_back(EntryIndex{static_cast<std::uint64_t>(member.integer())});
    if (name == "signatures" && member.kind() == json::Value::Kind::object)
      for (const auto& [party, entry] : member.object())
        if (entry.kind() == json::Value::Kind::integer) into.push_back(EntryIndex{static_cast<std::uint64_t>(entry.integer())});
    gather(member, into);
  }
}

Result<std::size_t> save_all(Sitting& sitting, const std::string& folder, std::vector<EntryIndex> entries) {
  std::sort(entries.begin(), entries.end());
  entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
  Progress progress("Fetching receipts");
  std::size_t saved = 0;
  for (const EntryIndex index : entries) {
    const auto read = sitting.desk().entry(index);
    // What others alone may read stays with them; everything else must hold.
    if (!read && read.error().rule == Rule::entry_unknown) continue;
    if (!read) return tl::make_unexpected(read.error());
    WB_TRY_VOID(keep_receipt(folder, *read));
    progress.show(++saved, entries.size());
  }
  return saved;
}

/// JSON as it was signed; a batch of positions as a list of fixes.
Result<void> write_part(json::Writer& writer, const client::KeptPart& part) {
  if (part.media_type != model::kPositionsMediaType) {
    writer.raw(part.json);
    return {};
  }
  WB_TRY(fixes, model::parse_positions(part.json));
  writer.begin_array();
  for (const model::Position& each : fixes) write_fix_json(writer, each);
  writer.end_array();
  return {};
}

int show_entry(const ShowOptions& given, EntryIndex index) {
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto entry = (*sitting)->desk().entry(index);
  if (!entry) return fail(entry.error(), given.desk.json);
  if (!given.save.empty())
    if (const auto saved = keep_receipt(given.save, *entry); !saved) return fail(saved.error(), given.desk.json);
  if (!given.desk.json) {
    print_entry(*entry);
    return kDone;
  }
  json::Writer writer;
  writer.begin_object().key("index").integer(static_cast<std::int64_t>(index.value)).key("verified").boolean(true);
  writer.key("received")
      .string(to_text(entry->received))
      .key("kind")
      .string(entry->text.kind)
      .key("signer")
      .string(entry->text.signer);
  writer.key("leaf").string(entry->leaf).key("receipt").string(entry->receipt).key("parts").begin_object();
  for (const client::KeptPart& each : entry->parts) {
    writer.key(each.name);
    if (const auto written = write_part(writer, each); !written) return fail(written.error(), true);
  }
  say(writer.end_object().end_object().take());
  return kDone;
}

/// The document; of a movement, with a member "conflicts": the answer of /v1/conflicts about it.
Result<json::Value> read_shown(Sitting& sitting, const Shown& shown, const std::string& as_of) {
  if (shown.said) return read_said(sitting, *shown.said, as_of);
  client::Desk& desk = sitting.desk();
  http::Fields query;
  if (!as_of.empty()) query.emplace_back("as-of", as_of);
  WB_TRY(document, client::get_all(desk, shown.path, query));
  if (shown.movement.empty()) return document;
  // As of the same entry as the movement itself, whatever was filed in between.
  WB_TRY(as_of_at, json::Reader(document).member("as_of"));
  WB_TRY(at, as_of_at.integer(0, json::kMostInteger));
  WB_TRY(conflicts, client::get_all(desk, "/v1/conflicts", {{"as-of", std::to_string(at)}, {"movement", shown.movement}}));
  json::Writer writer;
  writer.begin_object();
  for (const auto& [name, member] : document.object()) writer.key(name).value(member);
  writer.key("conflicts").begin_object();
  for (const auto& [name, member] : conflicts.object())
    if (name != "as_of") writer.key(name).value(member);
  return json::parse(writer.end_object().end_object().take(), {std::size_t{1} << 30, 32});
}

/// What others relayed of parties without a key that they agree to it or do not, each word with who states it; none is a
/// signature, and a later one takes no earlier one away.
Result<void> print_relayed(client::Desk& desk, const std::string& agreement, const std::string& as_of) {
  http::Fields query;
  if (!as_of.empty()) query.emplace_back("as-of", as_of);
  WB_TRY(document, client::get_all(desk, "/v1/statements", query));
  WB_TRY(list_at, json::Reader(document).member("statements"));
  WB_TRY(list, list_at.elements(0, 1'000'000));
  for (const json::Reader& each : list) {
    WB_TRY(about, each.member("agreement"));
    WB_TRY(of, about.text(64));
    const auto said_at = each.find("said");
    if (of != agreement || !said_at) continue;
    WB_TRY(said, model::parse_statement_relayed(json::to_json(said_at->value())));
    if (said.word == model::RelayedWord::none) continue;
    WB_TRY(by_at, each.member("party"));
    WB_TRY(by, by_at.text(64));
    WB_TRY(entry_at, each.member("entry"));
    WB_TRY(entry, entry_at.integer(0, json::kMostInteger));
    WB_TRY(occurred_at, each.member("occurred"));
    WB_TRY(occurred, occurred_at.instant());
    say("  entry " + std::to_string(entry) + ": " + by + " states that " + said.of + " said by telephone at " +
        to_short_text(occurred) + ": " + std::string(model::name_of(said.word)));
  }
  return {};
}

int show(const ShowOptions& given) {
  if (!given.as_of.empty())
    if (const auto index = base::parse_decimal(given.as_of, ledger::kMostLeaves - 1); !index)
      return wrong_usage("--as-of: " + index.error().found + "; the index of an entry is needed, such as 812.", given.desk.json);
  if (const auto index = base::parse_decimal(given.what, ledger::kMostLeaves - 1)) {
    if (!given.as_of.empty()) return wrong_usage("An entry never changes: --as-of goes with an id or a list.", given.desk.json);
    return show_entry(given, EntryIndex{*index});
  }
  const auto shown = resolve(given.what);
  if (!shown && shown.error().rule == Rule::json_choice)
    return wrong_usage(shown.error().found + " is nothing to show; needed: " + shown.error().accepted + ".", given.desk.json);
  if (!shown) return fail(shown.error(), given.desk.json);
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto document = read_shown(**sitting, *shown, given.as_of);
  if (!document) return fail(document.error(), given.desk.json);
  if (given.desk.json)
    say(json::to_json(*document));
  else if (const auto printed = shown->print(*document); !printed)
    return fail(printed.error());
  if (!given.desk.json && shown->print == print_agreement)
    if (const auto relayed = print_relayed((*sitting)->desk(),
                                           base::id_of(base::IdKind::agreement, base::index_of(given.what)->index), given.as_of);
        !relayed)
      return fail(relayed.error());
  if (given.save.empty()) return kDone;
  std::vector<EntryIndex> entries;
  gather(*document, entries);
  const auto saved = save_all(**sitting, given.save, std::move(entries));
  if (!saved) return fail(saved.error());
  warn(counted(*saved, "receipt", "receipts") + " in " + given.save + ", each verified.");
  return kDone;
}

}  // namespace

void add_show(Command& program) {
  const auto given = std::make_shared<ShowOptions>();
  Command command = program.add("show", "Show what stands: a movement, an agreement, an entry, or a list");
  command.option({.name = "WHAT",
                  .help = "an id, the index of an entry, or agreements, movements, conflicts, findings, deadlines, keys, "
                          "encounters, conformance, units",
                  .required = true},
                 given->what);
  add_desk_options(command, given->desk);
  command.option({.name = "--as-of", .value = "INDEX", .help = "as it stood after this entry: who knew what, when"}, given->as_of)
      .option(
          {.name = "--save", .value = "DIR", .help = "leave the receipt, leaf and parts of every entry that it rests on there"},
          given->save)
      .foot(
          "Example: wideberth show MV-7Q4M-K2 --as-of 812\n"
          "An entry is shown only after its receipt and its parts were verified; lists are the server's word.\n")
      .action([given] { return show(*given); });
}

}  // namespace wideberth::cli
