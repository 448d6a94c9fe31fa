// Messages, calls, relayed statements and sightings as lines for people.
#include "cli/line.h"
#include "cli/party_text.h"
#include "model/hotline.h"
#include "model/sightings.h"

namespace wideberth::cli {
namespace {

Result<std::string> text_in(const json::Reader& at, std::string_view name) {
  WB_TRY(member, at.member(name));
  WB_TRY(text, member.string(8192));
  return std::string(text);
}

/// "HL-7Q4M-K2  2020-08-25T06:58:12Z  blue".
Result<std::string> head_of(const json::Reader& said) {
  WB_TRY(id, text_in(said, "id"));
  WB_TRY(party, text_in(said, "party"));
  WB_TRY(received_at, said.member("received"));
  WB_TRY(received, received_at.instant());
  return id + "  " + to_short_text(received) + "  " + party;
}

template <class Said>
Result<std::optional<Said>> document_of(const json::Reader& said, Result<Said> (*parse)(std::string_view)) {
  const auto at = said.find("said");
  if (!at) return std::optional<Said>();
  WB_TRY(document, parse(json::to_json(at->value())));
  return std::optional<Said>(std::move(document));
}

/// What became of it at each of those told.
Result<void> add_heard(const json::Reader& said, std::vector<std::string>& lines) {
  WB_TRY(heard, said.member("heard"));
  for (const auto& [party, each] : heard.members()) {
    std::string line = "    " + party + ": ";
    const auto answer = each.find("answer");
    const auto due = each.find("due");
    WB_TRY(late_at, each.member("late"));
    WB_TRY(late, late_at.boolean());
    if (const auto answered = each.find("answered")) {
      WB_TRY(entry, answered->integer(0, json::kMostInteger));
      line += "answered";
      if (answer) {
        WB_TRY(word, answer->string(64));
        line += " \"" + std::string(word) + "\"";
      }
      line += ", entry " + std::to_string(entry) + (late ? ", late" : "");
    } else {
      line += each.find("seen") ? "seen, not answered" : "no answer";
      if (due) {
        WB_TRY(by_when, due->instant());
        line += ", owed by " + to_short_text(by_when);
      }
    }
    lines.push_back(std::move(line));
  }
  return {};
}

std::string by(const std::string& person, const std::string& post) { return person + (post.empty() ? "" : ", " + post); }

}  // namespace

Result<std::vector<std::string>> lines_of_phrase(const std::string& phrase, const model::PhraseOf& of,
                                                 const std::vector<json::Reader>& reviewed) {
  std::vector<std::string> lines;
  for (const model::PhraseWords& words : of.words) {
    std::string by = "unreviewed";
    for (const json::Reader& each : reviewed) {
      WB_TRY(language, text_in(each, "language"));
      if (language != words.language) continue;
      WB_TRY(speaker, text_in(each, "speaker"));
      WB_TRY(party, text_in(each, "party"));
      WB_TRY(entry_at, each.member("entry"));
      WB_TRY(entry, entry_at.integer(0, json::kMostInteger));
      by = "reviewed by " + in_quotes(speaker) + " (of " + party + ", entry " + std::to_string(entry) + ")";
    }
    lines.push_back("    phrase " + phrase + ", " + words.language + ": " + in_quotes(words.text) + ", said " +
                    in_quotes(words.pronounced) + ", " + by);
  }
  return lines;
}

Result<std::vector<std::string>> lines_of_message(const json::Reader& message) {
  WB_TRY(head, head_of(message));
  WB_TRY(said, document_of(message, model::parse_message_sent));
  std::vector<std::string> lines;
  if (!said) {
    lines.push_back(head + ": erased");
    return lines;
  }
  lines.push_back(head + ", " + std::string(name_of(said->meant)) + " (" + by(said->person, said->post) +
                  "): " + in_quotes(said->text));
  if (const auto occurred_at = message.find("occurred")) {
    WB_TRY(occurred, occurred_at->instant());
    lines.push_back("    said at " + to_short_text(occurred) + ", filed later");
  }
  if (said->phrase_of) {
    WB_TRY(reviewed_at, message.member("reviewed"));
    WB_TRY(reviewed, reviewed_at.elements(0, 1'000'000));
    WB_TRY(words, lines_of_phrase(said->phrase, *said->phrase_of, reviewed));
    for (std::string& line : words) lines.push_back(std::move(line));
  } else if (!said->phrase.empty()) {
    lines.push_back("    called the phrase " + in_quotes(said->phrase) + "; its other words are not with it, unreviewed");
  }
  if (said->step) {
    std::string step = "    step " + std::to_string(*said->step) + " of the ladder";
    WB_TRY(missing_at, message.member("steps_missing"));
    WB_TRY(missing, missing_at.elements(0, 64));
    for (std::size_t i = 0; i < missing.size(); ++i) {
      WB_TRY(number, missing[i].integer(1, model::kMostSteps));
      step += (i == 0 ? "; not on record: step " : ", ") + std::to_string(number);
    }
    lines.push_back(std::move(step));
  }
  WB_TRY_VOID(add_heard(message, lines));
  return lines;
}

Result<std::vector<std::string>> lines_of_call(const json::Reader& call) {
  WB_TRY(head, head_of(call));
  WB_TRY(said, document_of(call, model::parse_call_logged));
  WB_TRY(other, text_in(call, "with"));
  WB_TRY(occurred, text_in(call, "occurred"));
  WB_TRY(standing, text_in(call, "standing"));
  std::vector<std::string> lines;
  lines.push_back(head + " says that it spoke with " + other + " at " + occurred + " (" + standing + ")");
  if (!said) return lines;
  lines.push_back("    " + by(said->person, said->post) + " to " + said->spoke_with + ": " + in_quotes(said->said));
  if (!said->answered.empty()) lines.push_back("    heard: " + in_quotes(said->answered));
  if (standing == "silent") lines.push_back("    " + other + " has said nothing of it: that is no agreement.");
  return lines;
}

Result<std::vector<std::string>> lines_of_statement(const json::Reader& statement) {
  WB_TRY(head, head_of(statement));
  WB_TRY(said, document_of(statement, model::parse_statement_relayed));
  WB_TRY(occurred, text_in(statement, "occurred"));
  std::vector<std::string> lines;
  if (!said) {
    lines.push_back(head + ": erased");
    return lines;
  }
  lines.push_back(head + " states that " + said->of + " said, by telephone at " + occurred + ":");
  lines.push_back("    " + by(said->speaker, said->post) + ": " + in_quotes(said->said));
  lines.push_back("    read back: " + in_quotes(said->read_back) + "; taken by " + said->taken_by + ". " + said->of +
                  " has signed nothing: this answers and acknowledges nothing.");
  return lines;
}

Result<std::vector<std::string>> lines_of_sighting(const json::Reader& sighting) {
  WB_TRY(head, head_of(sighting));
  WB_TRY(said, document_of(sighting, model::parse_sighting_reported));
  std::vector<std::string> lines;
  if (!said) {
    lines.push_back(head + ": erased");
    return lines;
  }
  lines.push_back(head + " saw " + std::to_string(said->count) + " x " + in_quotes(said->type) + " at " +
                  to_short_text(said->seen) + " within " + std::to_string((said->within.mm() + 999) / 1000) + " m of " +
                  place_text(said->place));
  lines.push_back("    observer: " + said->observer + (said->remark.empty() ? "" : "; " + in_quotes(said->remark)));
  WB_TRY_VOID(add_heard(sighting, lines));
  return lines;
}

}  // namespace wideberth::cli
