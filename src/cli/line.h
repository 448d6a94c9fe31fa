// What the commands of the hotline share: under which agreement something is said, to whom, and what it is about.
#pragma once

#include <string>
#include <vector>

#include "base/id.h"
#include "cli/desk_options.h"
#include "json/value.h"
#include "model/hotline.h"

namespace wideberth::cli {

struct LineOptions {
  DeskOptions desk;
  std::string agreement, occurred, id, text, person, post, phrase;
  std::vector<std::string> to, about;
};

/// Adds --agreement, --to, --about and --occurred, with the desk's options.
void add_line_options(Command& command, LineOptions& into);

/// An id (HL-…, SG-…, MV-…) or the index of an entry. Refused with id_malformed, id_check_character.
Result<base::EntryIndex> read_subject(Sitting& sitting, const std::string& typed);

/// An act with one part, said under the agreement that was named, or the only one that holds: its first reference is the
/// proposal, then what it is about. To those named, or to all other parties to it.
Result<client::Act> act_on_line(Sitting& sitting, const LineOptions& given, model::EntryKind kind, std::string json);

/// A message, call or sighting as the server's list tells it.
Result<json::Value> said_at(Sitting& sitting, const std::string& list, base::EntryIndex entry, const std::string& as_of = {});

/// What stands of a message, call, relayed statement or sighting (HL-…, SG-…): {"kind", "said": as its list tells it,
/// "answers": [{"entry", "party", "received", "answer"}…]}, the answers from their entries, each verified.
Result<json::Value> read_said(Sitting& sitting, const base::IdReference& id, const std::string& as_of);
Result<void> print_said(const json::Value& document);
/// An act about it, said to who said it.
Result<client::Act> act_on_said(Sitting& sitting, const std::string& list, const std::string& typed, model::EntryKind kind,
                                std::string json);

/// Opens the desk, has the act made, files it and says `said`; an id of this kind follows from the entry, where one is asked for.
int file_on_line(const LineOptions& given, const std::function<Result<client::Act>(Sitting&)>& make, const std::string& said,
                 std::optional<base::IdKind> id = {});

/// Every element of a list of the server, page by page.
Result<void> each_said(Sitting& sitting, const std::string& list, bool open,
                       const std::function<Result<void>(const json::Reader&)>& tell);

/// Lines for people.
Result<std::vector<std::string>> lines_of_message(const json::Reader& message);
Result<std::vector<std::string>> lines_of_call(const json::Reader& call);
Result<std::vector<std::string>> lines_of_statement(const json::Reader& statement);
Result<std::vector<std::string>> lines_of_sighting(const json::Reader& sighting);

/// Of a phrase, a line for each of its languages: the words, how they are said, and who has read them, or "unreviewed".
/// `reviewed` is what the server tells of reviews: [{"language", "speaker", "party", "entry"}…].
Result<std::vector<std::string>> lines_of_phrase(const std::string& phrase, const model::PhraseOf& of,
                                                 const std::vector<json::Reader>& reviewed);

/// Prints a list: what is told of each, or its JSON.
int print_list(const DeskOptions& given, const std::string& list, bool open,
               const std::function<Result<std::vector<std::string>>(const json::Reader&)>& lines);

}  // namespace wideberth::cli
