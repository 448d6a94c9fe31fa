#include "cli/line.h"

#include "base/bytes.h"
#include "base/id.h"
#include "ledger/tree.h"

namespace wideberth::cli {
namespace {

constexpr std::size_t kMostOnLine = 1'000'000;

Result<std::string> word_on_line(const json::Reader& at, std::string_view name) {
  WB_TRY(member, at.member(name));
  WB_TRY(text, member.string(4096));
  return std::string(text);
}

/// The agreement named, or the only one that holds and names us.
Result<client::AgreementView> agreement_for(Sitting& sitting, const std::string& named) {
  if (!named.empty()) return sitting.agreement(named);
  WB_TRY(tree, sitting.desk().get("/v1/agreements"));
  WB_TRY(list_at, json::Reader(tree).member("agreements"));
  WB_TRY(list, list_at.elements(0, kMostOnLine));
  std::vector<std::string> ids;
  for (const json::Reader& each : list) {
    if (!each.find("in_force") || each.find("superseded_by")) continue;
    WB_TRY(id, word_on_line(each, "id"));
    ids.push_back(id);
  }
  if (ids.size() == 1) return sitting.agreement(ids.front());
  return refuse(Rule::agreement_unknown, std::to_string(ids.size()) + " agreements hold here",
                ids.empty() ? "one that its parties have signed" : "--agreement AG-… with the one that is meant", "--agreement");
}

}  // namespace

void add_line_options(Command& command, LineOptions& into) {
  command
      .option({.name = "--agreement", .value = "AG-ID", .help = "the agreement; not needed where only one holds"}, into.agreement)
      .options({.name = "--to", .value = "PARTY", .help = "who is told; all other parties where not given"}, into.to)
      .options({.name = "--about", .value = "ID", .help = "what it is about: HL-…, SG-…, MV-…, or the index of an entry"},
               into.about)
      .option({.name = "--occurred", .value = "TIME", .help = "when it took place, where that was earlier: on paper, by radio"},
              into.occurred);
  add_desk_options(command, into.desk);
}

Result<base::EntryIndex> read_subject(Sitting& sitting, const std::string& typed) {
  if (const auto index = base::parse_decimal(typed, ledger::kMostLeaves - 1)) return base::EntryIndex{*index};
  WB_TRY(id, base::index_of(typed));
  if (id.kind == base::IdKind::hotline || id.kind == base::IdKind::sighting) return id.index;
  WB_TRY(movement, sitting.movement(typed));
  return movement.revision;
}

Result<client::Act> act_on_line(Sitting& sitting, const LineOptions& given, model::EntryKind kind, std::string json) {
  WB_TRY(agreement, agreement_for(sitting, given.agreement));
  client::Act act;
  act.kind = kind;
  act.refs = {agreement.proposed};
  for (const std::string& each : given.about) {
    WB_TRY(entry, read_subject(sitting, each));
    act.refs.push_back(entry);
  }
  act.to = given.to;
  if (act.to.empty())
    for (const model::Party& member : agreement.agreement.parties)
      if (member.party != sitting.desk().party() && member.role == model::Role::party) act.to.push_back(member.party);
  if (!given.occurred.empty()) {
    auto occurred = base::Instant::parse(given.occurred);
    if (!occurred) {
      occurred.error().where = "--occurred";
      return tl::make_unexpected(std::move(occurred).error());
    }
    act.occurred = *occurred;
  }
  act.parts.push_back(client::ActPart{std::string(model::kFullPart), std::move(json)});
  return act;
}

Result<json::Value> said_at(Sitting& sitting, const std::string& list, base::EntryIndex entry, const std::string& as_of) {
  http::Fields query{{"from", std::to_string(entry.value)}};
  if (!as_of.empty()) query.emplace_back("as-of", as_of);
  WB_TRY(page, sitting.desk().get("/v1/" + list, std::move(query)));
  WB_TRY(list_at, json::Reader(page).member(list));
  WB_TRY(said, list_at.elements(0, kMostOnLine));
  if (!said.empty()) {
    WB_TRY(entry_at, said.front().member("entry"));
    WB_TRY(found, entry_at.integer(0, json::kMostInteger));
    if (static_cast<std::uint64_t>(found) == entry.value) return said.front().value();
  }
  return refuse(Rule::hotline_unknown, "entry " + std::to_string(entry.value), "one that was said to this party", "ID");
}

Result<client::Act> act_on_said(Sitting& sitting, const std::string& list, const std::string& typed, model::EntryKind kind,
                                std::string json) {
  WB_TRY(entry, read_subject(sitting, typed));
  WB_TRY(said, said_at(sitting, list, entry));
  WB_TRY(party, word_on_line(json::Reader(said), "party"));
  if (party == sitting.desk().party())
    return refuse(Rule::hotline_unknown, base::excerpt(typed) + " is " + party + "'s own", "one that another party said", "ID");
  client::Act act;
  act.kind = kind;
  act.to = {party};
  act.refs = {entry};
  act.parts.push_back(client::ActPart{std::string(model::kFullPart), std::move(json)});
  return act;
}

int file_on_line(const LineOptions& given, const std::function<Result<client::Act>(Sitting&)>& make, const std::string& said,
                 std::optional<base::IdKind> id) {
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto act = make(**sitting);
  if (!act) return fail(act.error(), given.desk.json);
  const auto filed = (*sitting)->file(*act);
  if (!filed) return fail(filed.error(), given.desk.json);
  if (!id) return tell_filed(**sitting, *filed, said);
  const std::string named = base::id_of(*id, filed->index);
  return tell_filed(**sitting, *filed, named + " " + said, {{"id", named}});
}

Result<void> each_said(Sitting& sitting, const std::string& list, bool open,
                       const std::function<Result<void>(const json::Reader&)>& tell) {
  for (std::string from;;) {
    http::Fields query{{"open", open ? "true" : "false"}};
    if (!from.empty()) query.emplace_back("from", from);
    WB_TRY(page, sitting.desk().get("/v1/" + list, std::move(query)));
    WB_TRY(list_at, json::Reader(page).member(list));
    WB_TRY(said, list_at.elements(0, kMostOnLine));
    for (const json::Reader& each : said) WB_TRY_VOID(tell(each));
    const auto next = json::Reader(page).find("next");
    if (!next) return {};
    WB_TRY(index, next->integer(0, json::kMostInteger));
    from = std::to_string(index);
  }
}

int print_list(const DeskOptions& given, const std::string& list, bool open,
               const std::function<Result<std::vector<std::string>>(const json::Reader&)>& lines) {
  const auto sitting = Sitting::open(given);
  if (!sitting) return fail(sitting.error(), given.json);
  const auto told = each_said(**sitting, list, open, [&](const json::Reader& each) -> Result<void> {
    if (given.json) {
      say(json::to_json(each.value()));
      return {};
    }
    WB_TRY(text, lines(each));
    for (const std::string& line : text) say(line);
    return {};
  });
  return told ? kDone : fail(told.error(), given.json);
}

}  // namespace wideberth::cli
