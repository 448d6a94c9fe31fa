// wideberth show HL-… and SG-…: what was said or sighted, with what became of it at each of those told.
#include "base/bytes.h"
#include "cli/line.h"
#include "cli/party_text.h"
#include "model/sightings.h"

namespace wideberth::cli {
namespace {

using base::EntryIndex;
using json::Reader;

struct SaidList {
  std::string_view name;
  Result<std::vector<std::string>> (*lines)(const Reader&);
};
constexpr SaidList kSaidLists[] = {{"messages", lines_of_message},
                                   {"calls", lines_of_call},
                                   {"statements", lines_of_statement},
                                   {"sightings", lines_of_sighting}};

/// The entries by which it was answered, confirmed or disputed, as far as the reader is told of them.
std::vector<EntryIndex> answers_in(const Reader& said) {
  std::vector<EntryIndex> entries;
  const auto add = [&](const std::optional<Reader>& at) {
    if (!at) return;
    if (const auto index = at->integer(0, json::kMostInteger)) entries.push_back(EntryIndex{static_cast<std::uint64_t>(*index)});
  };
  if (const auto heard = said.find("heard"))
    for (const auto& [party, each] : heard->members()) add(each.find("answered"));
  add(said.find("confirmed"));
  add(said.find("disputed"));
  return entries;
}

Result<std::string> answer_line(const Reader& answer) {
  WB_TRY(entry_at, answer.member("entry"));
  WB_TRY(entry, entry_at.integer(0, json::kMostInteger));
  WB_TRY(signer_at, answer.member("signer"));
  WB_TRY(signer, signer_at.string(512));
  WB_TRY(kind_at, answer.member("kind"));
  WB_TRY(kind, kind_at.string(64));
  WB_TRY(received_at, answer.member("received"));
  WB_TRY(received, received_at.instant());
  std::string line = "  entry " + std::to_string(entry) + ", " + std::string(kind) + " by " + std::string(signer) + ", " +
                     to_short_text(received) + ":";
  const auto document = answer.find("answer");
  if (!document) return line + " not yours to see, or erased";
  for (const auto& [name, value] : document->members())
    if (value.is_string()) line += " " + name + " " + in_quotes(value.value().string());
  return line;
}

}  // namespace

Result<json::Value> read_said(Sitting& sitting, const base::IdReference& id, const std::string& as_of) {
  const bool sighted = id.kind == base::IdKind::sighting;
  for (const SaidList& list : kSaidLists) {
    if ((list.name == "sightings") != sighted) continue;
    auto found = said_at(sitting, std::string(list.name), id.index, as_of);
    if (!found && found.error().rule == Rule::hotline_unknown) continue;
    if (!found) return tl::make_unexpected(std::move(found).error());
    json::Writer writer;
    writer.begin_object().key("list").string(list.name).key("said").value(*found).key("answers").begin_array();
    for (const EntryIndex each : answers_in(Reader(*found))) {
      WB_TRY(answer, sitting.desk().entry(each));
      writer.begin_object().key("entry").integer(static_cast<std::int64_t>(each.value)).key("kind").string(answer.text.kind);
      writer.key("signer").string(answer.text.signer).key("received").string(to_text(answer.received)).key("answer");
      const std::string* full = answer.part(model::kFullPart);
      full != nullptr ? writer.raw(*full) : writer.null();
      writer.end_object();
    }
    return json::parse(writer.end_array().end_object().take(), {std::size_t{1} << 24, 32});
  }
  const std::string written = base::id_of(id.kind, id.index);
  return refuse(Rule::id_unknown, "\"" + written + "\"",
                "the id of " + std::string(sighted ? "a sighting" : "a message, a call or a relayed statement") + " that " +
                    sitting.desk().party() + " made or was told");
}

Result<void> print_said(const json::Value& document) {
  const Reader at(document);
  WB_TRY(list_at, at.member("list"));
  WB_TRY(name, list_at.string(64));
  WB_TRY(said, at.member("said"));
  for (const SaidList& list : kSaidLists) {
    if (list.name != name) continue;
    WB_TRY(lines, list.lines(said));
    for (const std::string& line : lines) say(line);
  }
  WB_TRY(entry_at, said.member("entry"));
  WB_TRY(entry, entry_at.integer(0, json::kMostInteger));
  say("  entry " + std::to_string(entry) + "; its receipt: wideberth show " + std::to_string(entry) + " --save DIR");
  WB_TRY(answers_at, at.member("answers"));
  WB_TRY(answers, answers_at.elements(0, 1'000));
  for (const Reader& each : answers) {
    WB_TRY(line, answer_line(each));
    say(line);
  }
  return {};
}

}  // namespace wideberth::cli
