#include "cli/show_text.h"

#include "cli/desk_options.h"
#include "cli/finding_text.h"
#include "cli/fix_text.h"
#include "cli/notify.h"
#include "cli/numbers.h"
#include "cli/party_text.h"
#include "geo/text.h"
#include "json/writer.h"
#include "model/conflict.h"
#include "model/findings.h"
#include "model/position_batch.h"
#include "model/reminders.h"

namespace wideberth::cli {
namespace {

using json::Reader;

constexpr std::size_t kMostListed = 1'000'000;

Result<std::string> word_at(const Reader& at, std::string_view name) {
  WB_TRY(member, at.member(name));
  return member.text(4000, true);
}

Result<std::vector<Reader>> listed(const json::Value& document, std::string_view name) {
  WB_TRY(member, Reader(document).member(name));
  return member.elements(0, kMostListed);
}

/// The index that a member holds, as text; "" where it is null.
Result<std::string> index_at(const Reader& at, std::string_view name) {
  const auto member = at.find(name);
  if (!member) return std::string();
  WB_TRY(index, member->integer(0, json::kMostInteger));
  return std::to_string(index);
}

Result<std::string> window_at(const Reader& revision) {
  WB_TRY(member, revision.member("window"));
  WB_TRY(ends, member.elements(2, 2));
  WB_TRY(from, ends[0].instant());
  WB_TRY(to, ends[1].instant());
  return to_short_text(from) + " to " + to_short_text(to);
}

Result<void> print_heading(const Reader& movement) {
  WB_TRY(id, word_at(movement, "id"));
  WB_TRY(subject, word_at(movement, "subject"));
  WB_TRY(party, word_at(movement, "party"));
  WB_TRY(agreement, word_at(movement, "agreement"));
  std::string regime = "not shown to you: the text is confidential";
  if (const auto told = movement.find("regime")) {
    WB_TRY(word, told->text(64));
    regime = word;
  }
  WB_TRY(standing, word_at(movement, "standing"));
  WB_TRY(revisions_at, movement.member("revisions"));
  WB_TRY(revisions, revisions_at.elements(1, kMostListed));
  WB_TRY(window, window_at(revisions.back()));
  std::string line =
      id + "  " + subject + " of " + party + ", " + standing + ", " + window + "; " + agreement + ", regime " + regime;
  if (revisions.size() > 1) line += "; revision " + std::to_string(revisions.size());
  WB_TRY(outcomes, movement.member("outcomes"));
  for (const auto& [by, stated] : outcomes.members()) {
    WB_TRY(word, word_at(stated, "outcome"));
    line += "; outcome by " + by + ": " + word;
  }
  if (movement.find("held")) line += "; suspended";
  say(line);
  return {};
}

/// "  blue: delivered 13, received 15, acknowledged 16, not answered"
Result<void> print_handling(const std::string& recipient, const Reader& handling) {
  std::string line = "    " + recipient + ":";
  const std::pair<const char*, const char*> facts[] = {{"delivered", "delivered"},       {"received", "received"},
                                                       {"acknowledged", "acknowledged"}, {"objected", "objected"},
                                                       {"answered", "answered"},         {"unit_informed", "unit informed"}};
  for (const auto& [name, said] : facts) {
    WB_TRY(index, index_at(handling, name));
    if (!index.empty()) line += std::string(" ") + said + " (entry " + index + "),";
  }
  if (const auto answer = handling.find("answer")) {
    WB_TRY(word, answer->text(64));
    line += " answer: " + word + ",";
  }
  if (const auto informed = handling.find("unit_informed")) {
    WB_TRY(quoted_at, handling.member("slip_quoted"));
    WB_TRY(quoted, quoted_at.boolean());
    WB_TRY(post, word_at(handling, "post"));
    line += " post " + in_quotes(post) + (quoted ? " quoted the slip code," : ", asserted,");
  }
  line.pop_back();
  say(line);
  return {};
}

Result<void> print_feature(const Reader& revision) {
  WB_TRY(view, word_at(revision, "view"));
  const auto feature = revision.find("feature");
  if (!feature || view == name_of(model::View::outline)) return {};
  WB_TRY(read, model::parse_feature(*feature));
  for (const std::string& line : lines_of_notification(read)) say("    " + line);
  return {};
}

/// A deadline as the server tells it; of an agreement whose text is not the reader's, without its time.
Result<std::pair<model::Deadline, bool>> deadline_at(const Reader& at) {
  const bool timed = at.find("due").has_value();
  json::Writer writer;
  writer.begin_object();
  for (const auto& [name, value] : at.value().object())
    if (name == "due" && !timed)
      writer.key(name).string("1970-01-01T00:00:00Z");
    else
      writer.key(name).value(value);
  WB_TRY(missed, model::parse_deadline_missed(writer.end_object().take()));
  return std::pair(std::move(missed.deadline), timed);
}

Result<void> print_deadline(const Reader& at, const std::string& before, const std::string& after) {
  WB_TRY(told, deadline_at(at));
  const auto& [deadline, timed] = told;
  std::string kind(model::name_of(deadline.kind));
  if (kind == "unit_informed") kind = "unit informed";
  if (kind == "incident_report") kind = "incident report";
  const std::string& about = deadline.notification.empty() ? deadline.agreement : deadline.notification;
  say(before + kind + " by " + deadline.party + " for " + about + ", due " +
      (timed ? to_short_text(deadline.due) : "at a time that is not shown to you: the text is confidential") + ", clause " +
      deadline.clause + after);
  return {};
}

/// The suspension, the questions, and what may have been forgotten.
Result<void> print_on_the_way(const Reader& movement) {
  if (const auto held = movement.find("held")) {
    WB_TRY(since, word_at(*held, "since"));
    WB_TRY(reason, word_at(*held, "reason"));
    WB_TRY(at, word_at(*held, "at"));
    say("  suspended since " + since + (at.empty() ? "" : " at " + in_quotes(at)) + ": " + in_quotes(reason));
  }
  WB_TRY(queries_at, movement.member("queries"));
  WB_TRY(queries, queries_at.elements(0, kMostListed));
  for (const Reader& each : queries) {
    WB_TRY(entry, index_at(each, "entry"));
    WB_TRY(by, word_at(each, "by"));
    WB_TRY(question, word_at(each, "question"));
    WB_TRY(answered, index_at(each, "answered"));
    WB_TRY(answer, word_at(each, "answer"));
    say("  " + by + " asks (entry " + entry + "): " + in_quotes(question));
    say(answered.empty() ? "    not answered" : "    answered (entry " + answered + "): " + in_quotes(answer));
  }
  WB_TRY(reminders_at, movement.member("reminders"));
  WB_TRY(reminders, reminders_at.elements(0, 100));
  for (const Reader& each : reminders) {
    WB_TRY(word, each.text(64));
    if (word == model::name_of(model::Reminder::night_marking))
      say("  reminder: " + std::string(model::sentence_of(model::Reminder::night_marking)));
    else if (word == "ends_soon")
      say("  reminder: It ends soon. wideberth notify --renew files it anew until a later time.");
  }
  return {};
}

}  // namespace

Result<void> print_movements(const json::Value& document) {
  WB_TRY(list, listed(document, "movements"));
  for (const Reader& each : list) WB_TRY_VOID(print_heading(each));
  if (list.empty()) say("No movement, activity or site that you may see.");
  return {};
}

Result<void> print_movement(const json::Value& document) {
  const Reader movement(document);
  WB_TRY_VOID(print_heading(movement));
  WB_TRY(revisions_at, movement.member("revisions"));
  WB_TRY(revisions, revisions_at.elements(1, kMostListed));
  for (const Reader& each : revisions) {
    WB_TRY(entry, index_at(each, "entry"));
    WB_TRY(received, word_at(each, "received"));
    WB_TRY(view, word_at(each, "view"));
    WB_TRY(slip, word_at(each, "slip_code"));
    WB_TRY(window, window_at(each));
    say("  entry " + entry + ", received " + received + ", " + window + ", your view: " + view + ", slip code " + slip);
    WB_TRY_VOID(print_feature(each));
    WB_TRY(handling_at, each.member("handling"));
    for (const auto& [recipient, handling] : handling_at.members()) WB_TRY_VOID(print_handling(recipient, handling));
  }
  WB_TRY_VOID(print_on_the_way(movement));
  if (const auto kept = movement.find("kept_until")) {
    WB_TRY(until, kept->instant());
    say("  its parts are kept until " + to_short_text(until) + " by the agreement; nothing is cut by itself then");
  }
  WB_TRY(conflicts, movement.member("conflicts"));
  WB_TRY(list_at, conflicts.member("conflicts"));
  WB_TRY(list, list_at.elements(0, kMostListed));
  return list.empty() ? Result<void>{} : print_conflicts(conflicts.value());
}

Result<void> print_agreements(const json::Value& document) {
  WB_TRY(list, listed(document, "agreements"));
  for (const Reader& each : list) {
    WB_TRY(id, word_at(each, "id"));
    const auto text_at = each.find("agreement");
    if (!text_at) {
      say(id + "  its text is confidential and not shown to you");
      continue;
    }
    WB_TRY(agreement, model::parse_agreement(json::to_json(text_at->value())));
    WB_TRY(in_force, index_at(each, "in_force"));
    std::string state = in_force.empty() ? "not in force: not every party has signed" : "in force since entry " + in_force;
    if (const auto after = each.find("superseded_by")) {
      WB_TRY(other, after->text(32));
      state = "superseded by " + other;
    }
    say(id + "  " + in_quotes(agreement.name) + ", version " + std::to_string(agreement.version) + "; " + state);
  }
  if (list.empty()) say("No agreement that names you.");
  return {};
}

Result<void> print_agreement(const json::Value& document) {
  const Reader at(document);
  WB_TRY(id, word_at(at, "id"));
  const auto text_at = at.find("agreement");
  if (!text_at) {
    say(id + "  its text is confidential and not shown to you");
    return print_pact(at);
  }
  WB_TRY(agreement, model::parse_agreement(json::to_json(text_at->value())));
  WB_TRY(proposed, index_at(at, "proposed"));
  WB_TRY(in_force, index_at(at, "in_force"));
  say(id + "  " + in_quotes(agreement.name) + ", version " + std::to_string(agreement.version) + "; proposed in entry " +
      proposed + "; " + (in_force.empty() ? "not in force" : "in force since entry " + in_force));
  WB_TRY(signatures, at.member("signatures"));
  WB_TRY(relayed, at.member("relayed"));
  for (const model::Party& party : agreement.parties) {
    WB_TRY(signed_in, index_at(signatures, party.party));
    std::string line = "  " + party.party + " (" + std::string(model::name_of(party.role)) + "): " + in_quotes(party.name);
    if (party.role == model::Role::party) line += signed_in.empty() ? "; has not signed" : "; signed in entry " + signed_in;
    say(line);
    WB_TRY(relayed_in, index_at(relayed, party.party));
    if (!relayed_in.empty())
      say("    another party states that " + party.party + " agreed, by telephone (entry " + relayed_in +
          "): that is no signature of " + party.party + "'s");
  }
  for (const model::Rule& rule : agreement.rules)
    say("  " + rule.clause + "  " + in_quotes(rule.text) + " [" + std::string(model::kind_name_of(rule.body)) + "]");
  WB_TRY(readings_at, at.member("readings"));
  WB_TRY(readings, readings_at.elements(0, kMostListed));
  for (const Reader& each : readings) {
    WB_TRY(party, word_at(each, "party"));
    WB_TRY(entry, index_at(each, "entry"));
    WB_TRY(reading_at, each.member("reading"));
    WB_TRY(reading, model::parse_agreement_reading(json::to_json(reading_at.value())));
    say("  " + party + (reading.reservation ? " reserves, on clause " : " reads clause ") + reading.clause + " (entry " + entry +
        "): " + in_quotes(reading.reading));
  }
  return print_pact(at);
}

namespace {

/// A conflict under an agreement whose text is not the reader's: what was measured would tell what is owed.
Result<void> print_cited(const Reader& cited, const std::string& entry, bool current) {
  WB_TRY(a, word_at(cited, "a"));
  WB_TRY(b, word_at(cited, "b"));
  WB_TRY(other, word_at(cited, "other_party"));
  WB_TRY(clause, word_at(cited, "clause"));
  say("entry " + entry + "  " + a + " and " + (b.empty() ? "a movement" : b) + " of " + other + ", clause " + clause +
      (current ? "" : "; of a revision that stands no more"));
  say("  where, when and what is owed are not shown to you: the text is confidential");
  return {};
}

}  // namespace

Result<void> print_conflicts(const json::Value& document) {
  WB_TRY(list, listed(document, "conflicts"));
  for (const Reader& each : list) {
    WB_TRY(entry, index_at(each, "entry"));
    WB_TRY(current_at, each.member("current"));
    WB_TRY(current, current_at.boolean());
    if (const auto cited = each.find("cited")) {
      WB_TRY_VOID(print_cited(*cited, entry, current));
      continue;
    }
    WB_TRY(found_at, each.member("found"));
    WB_TRY(found, model::parse_conflict_found(json::to_json(found_at.value())));
    const std::string other = found.b.empty() ? "a movement of " + found.other_party : found.b + " of " + found.other_party;
    const auto by = [](const std::string& route) {
      return route.empty() ? std::string() : " by its alternate " + in_quotes(route);
    };
    say("entry " + entry + "  " + found.a + by(found.a_route) + " and " + other + by(found.b_route) + ", clause " + found.clause +
        ", " + metres_text(found.separation.metres()) + " owed" + (current ? "" : "; of a revision that stands no more"));
    if (const auto* exact = std::get_if<model::ExactConflict>(&found.what)) {
      const geo::Meeting& meeting = exact->meeting;
      say("  " + std::string(geo::name_of(meeting.kind)) + ", " + to_short_text(meeting.window.from) + " to " +
          to_short_text(meeting.window.to) + ", as near as " + metres_text(meeting.least_possible_m) + " at " +
          place_text(meeting.place));
      say("  " + model::advice_of(found.a, found.b.empty() ? "the other" : found.b, meeting));
    } else {
      const auto& coarse = std::get<model::CoarseConflict>(found.what);
      say("  " + to_short_text(coarse.slot.from) + " to " + to_short_text(coarse.slot.to) + ", in the cell that begins at " +
          geo::to_dd(coarse.cell_south_west) + "; nothing finer is disclosed");
    }
  }
  if (list.empty()) say("No conflict that you were told of.");
  WB_TRY(clear_all, listed(document, "clear_all"));
  for (const Reader& each : clear_all) {
    WB_TRY(all, model::parse_clear_all(each));
    if (says_more(all)) say(all.movement + "  " + model::advice_of(all));
  }
  return {};
}

namespace {

Result<void> print_met_on_paper(const Reader& act) {
  WB_TRY(entry, index_at(act, "entry"));
  WB_TRY(occurred, word_at(act, "occurred"));
  WB_TRY(standing, word_at(act, "standing"));
  say("met on paper, filed later: done " + occurred + ", entry " + entry + " (" + standing + "); the miss stays:");
  return {};
}

}  // namespace

Result<void> print_deadlines(const json::Value& document) {
  WB_TRY(open, listed(document, "open"));
  for (const Reader& each : open) WB_TRY_VOID(print_deadline(each, "open    ", ""));
  WB_TRY(ended, listed(document, "ended"));
  for (const Reader& each : ended) {
    WB_TRY(entry, index_at(each, "entry"));
    WB_TRY(down_at, each.member("channel_down"));
    WB_TRY(down, down_at.boolean());
    WB_TRY(deadline, each.member("deadline"));
    WB_TRY(withdrawn_at, each.member("withdrawn"));
    WB_TRY(withdrawn, withdrawn_at.boolean());
    if (withdrawn) {
      WB_TRY_VOID(
          print_deadline(deadline, "ended  ", ", ended with a withdrawal and counts against nobody (entry " + entry + ")"));
      continue;
    }
    if (const auto act = each.find("met_on_paper"); act && !act->is_null()) WB_TRY_VOID(print_met_on_paper(*act));
    WB_TRY_VOID(print_deadline(deadline, down ? "channel down  " : "missed  ",
                               down ? ", counts against nobody (entry " + entry + ")" : " (entry " + entry + ")"));
  }
  if (open.empty() && ended.empty()) say("No deadline that you owe or are owed.");
  return {};
}

Result<void> print_keys(const json::Value& document) {
  WB_TRY(list, listed(document, "keys"));
  for (const Reader& each : list) {
    WB_TRY(vkey, word_at(each, "vkey"));
    WB_TRY(added, index_at(each, "added"));
    WB_TRY(revoked, index_at(each, "revoked"));
    WB_TRY(compromised, index_at(each, "compromised_since"));
    std::string line = vkey + "  since entry " + added;
    if (!revoked.empty()) line += "; revoked in entry " + revoked;
    if (!compromised.empty()) line += "; in doubt from entry " + compromised + " on";
    WB_TRY(kinds_at, each.member("kinds"));
    WB_TRY(kinds, kinds_at.elements(0, kMostListed));
    for (const Reader& kind : kinds) {
      WB_TRY(name, kind.text(64));
      line += (&kind == &kinds.front() ? "; only " : ", ") + name;
    }
    say(line);
  }
  return {};
}

void print_part(const ledger::PartLine& line, const std::string* bytes) {
  const bool positions = bytes != nullptr && line.media_type == model::kPositionsMediaType;
  const auto fixes = model::parse_positions(positions ? *bytes : "");
  if (positions && fixes) {
    say("  part " + line.name + ": " + counted(fixes->size(), "fix", "fixes"));
    for (std::size_t i = 0; i < fixes->size(); ++i)
      say("    " + std::to_string(i) + "  " + (*fixes)[i].unit + "  " + fix_text((*fixes)[i]));
    return;
  }
  std::string shown = bytes == nullptr ? "not yours to see, or erased" : *bytes;
  while (!shown.empty() && shown.back() == ' ') shown.pop_back();
  say("  part " + line.name + ": " + barred(shown));
}

void print_entry(const client::Read& entry) {
  say("entry " + std::to_string(entry.index.value) + "  " + entry.text.kind + ", received " + to_text(entry.received) +
      "; its receipt holds");
  say("  signed as " + entry.text.signer + ", note " + std::to_string(entry.text.number) + ", at " + to_text(entry.text.at) +
      " by the signer's clock");
  std::string to, refs;
  for (const std::string& each : entry.text.to) to += " " + each;
  for (const auto each : entry.text.refs) refs += " " + std::to_string(each.value);
  if (!to.empty()) say("  to" + to);
  if (!refs.empty()) say("  about entry" + refs);
  for (const auto& line : entry.text.parts) {
    print_part(line, entry.part(line.name));
  }
}

}  // namespace wideberth::cli
