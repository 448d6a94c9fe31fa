// wideberth inbox: what waits for this party.
#include <algorithm>
#include <map>
#include <memory>
#include <tuple>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/desk_options.h"
#include "cli/inbox_line.h"
#include "cli/party_text.h"
#include "client/pages.h"
#include "json/writer.h"
#include "model/conflict.h"
#include "model/findings.h"

namespace wideberth::cli {
namespace {

struct Waiting {
  std::string id, party, regime, from, to, view;
  std::vector<std::string> owed;  ///< the commands that are still to be given, in their order
  std::optional<base::Instant> due;
  base::Instant start{};  ///< of its window
};

/// Another party that withdraws, or has: what we notified under the agreement does not reach it from then on.
struct Leaving {
  std::string agreement, party, effect;
  bool left = false;
};

/// A question to this party that has no answer yet.
struct Question {
  std::string id, by, question, entry;
  std::optional<base::Instant> due;
};

struct Inbox {
  std::map<std::string, bool> bound_by;  ///< ids of the agreements that bind us: whether units are to be told
  std::vector<std::pair<std::string, std::string>> agreements;  ///< id and name of those not signed yet
  std::vector<Waiting> movements;
  std::vector<Question> questions;                          ///< to us, the nearest deadline first
  std::vector<std::pair<std::string, std::string>> ending;  ///< id and end of our sites that end soon
  std::vector<std::string> held;                            ///< ids of our movements that are suspended
  std::vector<Leaving> leaving;
  std::map<std::string, std::size_t> own_under;  ///< agreement → how many notices of ours stand under it
  std::size_t conflicts = 0;                     ///< that stand
  std::vector<model::ClearAll> clear_all;
  std::vector<LineWaiting> line;  ///< of the hotline
};

Result<std::string> text_at(const json::Reader& at, std::string_view name) {
  WB_TRY(member, at.member(name));
  return member.text(2000);
}

Result<std::vector<json::Reader>> list_at(const json::Value& tree, std::string_view name) {
  WB_TRY(member, json::Reader(tree).member(name));
  return member.elements(0, 1'000'000);
}

/// What is owed of the latest revision; none where it was not delivered to us, or all was done.
Result<std::optional<Waiting>> read_waiting(const json::Reader& movement, const std::string& party,
                                            const std::map<std::string, bool>& bound_by) {
  WB_TRY(revisions_at, movement.member("revisions"));
  WB_TRY(revisions, revisions_at.elements(1, 100'000));
  const json::Reader& latest = revisions.back();
  WB_TRY(handling_at, latest.member("handling"));
  const auto own = handling_at.find(party);
  if (!own) return std::optional<Waiting>{};
  Waiting waiting;
  const std::pair<const char*, std::string*> words[] = {{"id", &waiting.id}, {"party", &waiting.party}};
  for (const auto& [name, into] : words) {
    WB_TRY(word, text_at(movement, name));
    *into = std::move(word);
  }
  if (movement.find("regime")) {
    WB_TRY(regime, text_at(movement, "regime"));
    waiting.regime = std::move(regime);
  }
  WB_TRY(view, text_at(latest, "view"));
  waiting.view = std::move(view);
  WB_TRY(window_at, latest.member("window"));
  WB_TRY(window, window_at.elements(2, 2));
  WB_TRY(from, window[0].instant());
  WB_TRY(to, window[1].instant());
  waiting.start = from;
  waiting.from = to_short_text(from);
  waiting.to = to_short_text(to);
  WB_TRY(agreement, text_at(movement, "agreement"));
  const auto binding = bound_by.find(agreement);
  const bool bound = binding != bound_by.end();  // a neutral reader owes nothing but word that it came
  const bool answered = own->find("answered") || own->find("objected");
  if (!own->find("received")) waiting.owed.emplace_back("receipt");
  if (bound && !own->find("acknowledged") && !answered) waiting.owed.emplace_back("ack");
  if (bound && waiting.regime == "request" && !answered) waiting.owed.emplace_back("answer");
  if (bound && binding->second && !own->find("unit_informed")) waiting.owed.emplace_back("unit-informed");
  if (waiting.owed.empty()) return std::optional<Waiting>{};
  return std::optional<Waiting>(std::move(waiting));
}

/// What this party has to do about what it notified itself.
Result<void> read_own(const json::Reader& movement, Inbox& inbox) {
  WB_TRY(id, text_at(movement, "id"));
  if (movement.find("held")) inbox.held.push_back(id);
  WB_TRY(agreement, text_at(movement, "agreement"));
  ++inbox.own_under[agreement];
  WB_TRY(queries_at, movement.member("queries"));
  WB_TRY(queries, queries_at.elements(0, 100'000));
  for (const json::Reader& each : queries) {
    if (each.find("answered")) continue;
    Question asked;
    asked.id = id;
    WB_TRY(by, text_at(each, "by"));
    asked.by = by;
    WB_TRY(question_at, each.member("question"));
    WB_TRY(question, question_at.text(2000, true));
    asked.question = question;
    WB_TRY(entry_at, each.member("entry"));
    WB_TRY(entry, entry_at.integer(0, json::kMostInteger));
    asked.entry = std::to_string(entry);
    if (const auto due_at = each.find("due")) {
      WB_TRY(due, due_at->instant());
      asked.due = due;
    }
    inbox.questions.push_back(std::move(asked));
  }
  WB_TRY(reminders_at, movement.member("reminders"));
  WB_TRY(reminders, reminders_at.elements(0, 100));
  for (const json::Reader& each : reminders) {
    WB_TRY(word, each.text(64));
    if (word != "ends_soon") continue;
    WB_TRY(revisions_at, movement.member("revisions"));
    WB_TRY(revisions, revisions_at.elements(1, 100'000));
    WB_TRY(window_at, revisions.back().member("window"));
    WB_TRY(window, window_at.elements(2, 2));
    WB_TRY(to, window[1].instant());
    inbox.ending.emplace_back(id, to_short_text(to));
  }
  return {};
}

Result<void> read_leaving(const json::Reader& agreement, const std::string& id, const std::string& us, Inbox& inbox) {
  WB_TRY(withdrawals, agreement.member("withdrawals"));
  for (const auto& [party, each] : withdrawals.members()) {
    if (party == us) continue;
    WB_TRY(effect, text_at(each, "effect"));
    inbox.leaving.push_back({id, party, effect, each.find("left").has_value()});
  }
  return {};
}

Result<void> read_agreements(client::Desk& desk, Inbox& inbox) {
  WB_TRY(tree, client::get_all(desk, "/v1/agreements"));
  WB_TRY(list, list_at(tree, "agreements"));
  for (const json::Reader& each : list) {
    WB_TRY(signatures, each.member("signatures"));
    const auto text_of = each.find("agreement");  // none where its text is not ours to see
    if (!text_of) continue;
    WB_TRY(agreement, model::parse_agreement(json::to_json(text_of->value())));
    const model::Party* own = agreement.find_party(desk.party());
    if (own == nullptr || own->role != model::Role::party) continue;
    WB_TRY(id, text_at(each, "id"));
    inbox.bound_by.emplace(id, agreement.unit_informed().has_value());
    WB_TRY_VOID(read_leaving(each, id, desk.party(), inbox));
    if (signatures.find(desk.party()) || each.find("superseded_by")) continue;
    inbox.agreements.emplace_back(id, agreement.name);
  }
  return {};
}

Result<Inbox> read_inbox(client::Desk& desk) {
  Inbox inbox;
  WB_TRY_VOID(read_agreements(desk, inbox));
  WB_TRY(movements, client::get_all(desk, "/v1/movements", {{"standing", "standing"}, {"brief", "true"}}));
  WB_TRY(movement_list, list_at(movements, "movements"));
  for (const json::Reader& each : movement_list) {
    WB_TRY(waiting, read_waiting(each, desk.party(), inbox.bound_by));
    if (waiting) inbox.movements.push_back(std::move(*waiting));
    WB_TRY(submitter, text_at(each, "party"));
    if (submitter == desk.party()) WB_TRY_VOID(read_own(each, inbox));
  }
  std::sort(inbox.questions.begin(), inbox.questions.end(), [](const Question& a, const Question& b) {
    if (a.due.has_value() != b.due.has_value()) return a.due.has_value();
    return std::pair(a.due, a.entry) < std::pair(b.due, b.entry);
  });
  WB_TRY(deadlines, client::get_all(desk, "/v1/deadlines"));
  WB_TRY(open, list_at(deadlines, "open"));
  for (const json::Reader& each : open) {
    if (!each.find("due")) continue;  // of an agreement that we only observe
    WB_TRY(missed, model::parse_deadline_missed(json::to_json(each.value())));
    if (missed.deadline.party != desk.party()) continue;
    for (Waiting& waiting : inbox.movements)
      if (waiting.id == missed.deadline.notification && (!waiting.due || missed.deadline.due < *waiting.due))
        waiting.due = missed.deadline.due;
  }
  std::sort(inbox.movements.begin(), inbox.movements.end(), [](const Waiting& a, const Waiting& b) {
    if (a.due.has_value() != b.due.has_value()) return a.due.has_value();
    return std::pair(a.due, a.id) < std::pair(b.due, b.id);
  });
  WB_TRY(conflicts, client::get_all(desk, "/v1/conflicts"));
  WB_TRY(conflict_list, list_at(conflicts, "conflicts"));
  for (const json::Reader& each : conflict_list) {
    WB_TRY(current_at, each.member("current"));
    WB_TRY(current, current_at.boolean());
    inbox.conflicts += current ? 1 : 0;
  }
  WB_TRY(clear_all, list_at(conflicts, "clear_all"));
  for (const json::Reader& each : clear_all) {
    WB_TRY(all, model::parse_clear_all(each));
    inbox.clear_all.push_back(std::move(all));
  }
  return inbox;
}

std::size_t standing_under(const Inbox& inbox, const std::string& agreement) {
  const auto at = inbox.own_under.find(agreement);
  return at == inbox.own_under.end() ? 0 : at->second;
}

std::string to_json(const Inbox& inbox) {
  json::Writer writer;
  writer.begin_object().key("agreements_to_sign").begin_array();
  for (const auto& [id, name] : inbox.agreements)
    writer.begin_object().key("id").string(id).key("name").string(name).end_object();
  writer.end_array().key("movements").begin_array();
  for (const Waiting& each : inbox.movements) {
    writer.begin_object().key("id").string(each.id).key("party").string(each.party).key("regime").string(each.regime);
    writer.key("view").string(each.view).key("window").begin_array().string(each.from).string(each.to).end_array();
    writer.key("owed").begin_array();
    for (const std::string& command : each.owed) writer.string(command);
    writer.end_array().key("due");
    each.due ? writer.string(to_text(*each.due)) : writer.null();
    writer.end_object();
  }
  writer.end_array().key("questions").begin_array();
  for (const Question& each : inbox.questions) {
    writer.begin_object().key("id").string(each.id).key("entry").integer(std::stoll(each.entry)).key("by").string(each.by);
    writer.key("question").string(each.question).key("due");
    each.due ? writer.string(to_text(*each.due)) : writer.null();
    writer.end_object();
  }
  writer.end_array().key("ends_soon").begin_array();
  for (const auto& [id, end] : inbox.ending) writer.begin_object().key("id").string(id).key("end").string(end).end_object();
  writer.end_array().key("suspended").begin_array();
  for (const std::string& id : inbox.held) writer.string(id);
  writer.end_array().key("conflicts").integer(static_cast<std::int64_t>(inbox.conflicts)).key("clear_all").begin_array();
  for (const model::ClearAll& each : inbox.clear_all) model::write_clear_all(writer, each);
  writer.end_array().key("withdrawals").begin_array();
  for (const Leaving& each : inbox.leaving) {
    writer.begin_object().key("agreement").string(each.agreement).key("party").string(each.party);
    writer.key("effect").string(each.effect).key("left").boolean(each.left).key("own_standing");
    writer.integer(static_cast<std::int64_t>(standing_under(inbox, each.agreement))).end_object();
  }
  writer.end_array();
  write_line_waiting(writer, inbox.line);
  return writer.end_object().take();
}

std::string due_text(base::Instant due, base::Instant now) {
  if (due < now) return "due since " + to_short_text(due);
  return "due " + to_short_text(due) + ", in " + to_text(due - now);
}

/// One thing to be done, with the time by which it presses; none: after all that have one.
struct Pressing {
  std::optional<base::Instant> at;
  std::vector<std::string> lines;
};

Pressing pressing_of(const Waiting& each, base::Instant now) {
  std::string owed;
  for (const std::string& command : each.owed) owed += (owed.empty() ? "" : ", ") + command;
  return {
      each.due ? std::min(*each.due, each.start) : each.start,
      {each.id + "  of " + each.party + ", " + each.from + " to " + each.to + " (" + each.view + ", regime " + each.regime + ")",
       "  still to do: " + owed + (each.due ? "; " + due_text(*each.due, now) : ""),
       "  next: wideberth " + each.owed.front() + " " + each.id}};
}

/// Movements, questions and the hotline as one list: what presses first stands first, whatever it is.
std::vector<Pressing> by_urgency(const Inbox& inbox, base::Instant now) {
  std::vector<Pressing> all;
  for (const Waiting& each : inbox.movements) all.push_back(pressing_of(each, now));
  for (const Question& each : inbox.questions)
    all.push_back({each.due,
                   {each.id + "  " + each.by + " asks: " + in_quotes(each.question) +
                        (each.due ? "  (" + due_text(*each.due, now) + ")" : ""),
                    "  next: wideberth reply " + each.id + " --question " + each.entry}});
  for (const LineWaiting& each : inbox.line) {
    Pressing one{each.due, each.lines};
    one.lines.push_back("  next: " + each.next);
    all.push_back(std::move(one));
  }
  std::sort(all.begin(), all.end(), [](const Pressing& a, const Pressing& b) {
    if (a.at.has_value() != b.at.has_value()) return a.at.has_value();
    return std::tie(a.at, a.lines) < std::tie(b.at, b.lines);
  });
  return all;
}

void print_conflicts_left(const Inbox& inbox) {
  constexpr std::size_t kAdviceShown = 20;
  if (inbox.conflicts > 0) say(counted(inbox.conflicts, "conflict stands", "conflicts stand") + ": wideberth show conflicts");
  for (std::size_t i = 0; i < inbox.clear_all.size() && i < kAdviceShown; ++i)
    say("  " + inbox.clear_all[i].movement + "  " + model::advice_of(inbox.clear_all[i]));
  if (inbox.clear_all.size() > kAdviceShown)
    say("  … and " + std::to_string(inbox.clear_all.size() - kAdviceShown) + " more: wideberth show conflicts");
}

void print(const Inbox& inbox, base::Instant now) {
  for (const std::string& id : inbox.held) say(id + "  is suspended. Next: wideberth resume " + id + ", or amend it");
  for (const Leaving& each : inbox.leaving)
    if (const std::size_t standing = standing_under(inbox, each.agreement); standing > 0 || !each.left)
      say(each.agreement + "  " + each.party + (each.left ? " has withdrawn" : " withdraws") + " with effect from " +
          each.effect + "; " + counted(standing, "notice of yours stands", "notices of yours stand") +
          " under it. From then on nothing filed under it reaches " + each.party);
  const std::vector<Pressing> pressing = by_urgency(inbox, now);
  for (const Pressing& each : pressing)
    for (const std::string& line : each.lines) say(line);
  for (const auto& [id, name] : inbox.agreements)
    say(id + "  " + in_quotes(name) + ": not signed by you yet. Next: wideberth agree sign " + id);
  for (const auto& [id, end] : inbox.ending)
    say(id + "  ends at " + end + ". Next: wideberth notify --renew " + id + " --until TIME");
  print_conflicts_left(inbox);
  if (pressing.empty() && inbox.agreements.empty() && inbox.ending.empty() && inbox.held.empty() && inbox.conflicts == 0)
    say("Nothing waits for you.");
}

int inbox(const DeskOptions& given) {
  const auto sitting = Sitting::open(given);
  if (!sitting) return fail(sitting.error(), given.json);
  auto read = read_inbox((*sitting)->desk());
  if (!read) return fail(read.error(), given.json);
  auto line = read_line_waiting(**sitting);
  if (!line) return fail(line.error(), given.json);
  read->line = *std::move(line);
  if (given.json)
    say(to_json(*read));
  else
    print(*read, (*sitting)->desk().now());
  return kDone;
}

}  // namespace

void add_inbox(Command& program) {
  const auto given = std::make_shared<DeskOptions>();
  Command command = program.add("inbox", "What waits for you: what to receive, acknowledge, answer, sign, and by when");
  add_desk_options(command, *given);
  command.foot("Example: wideberth inbox\n").action([given] { return inbox(*given); });
}

}  // namespace wideberth::cli
