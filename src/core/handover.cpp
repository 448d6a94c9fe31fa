#include "core/handover.h"

#include <algorithm>

#include "core/deadlines.h"
#include "core/rulings.h"

namespace wideberth::core {
namespace {

using base::refuse;

template <class Item>
void cut(std::vector<Item>& list) {
  if (list.size() > model::kMostHandedOver) list.resize(model::kMostHandedOver);
}

void add_deadlines(const State& state, std::string_view party, const std::map<DueKey, model::Deadline>& from,
                   std::vector<model::OpenDeadline>& into) {
  for (const auto& [key, deadline] : from) {
    bool concerned = deadline.party == party;
    if (!concerned)
      for (const std::string& each : owed_to(state, deadline)) concerned = concerned || each == party;
    if (concerned) into.push_back({deadline.kind, deadline.party, deadline.revision, deadline.due});
  }
}

bool waits(const MessageState& message, std::string_view party) {
  const auto heard = message.heard.find(std::string(party));
  return heard != message.heard.end() && !heard->second.answered && (heard->second.due || !heard->second.seen);
}

bool concerns(const NotificationState& of, std::string_view party) {
  return of.standing == Standing::standing && (of.party == party || of.latest().handling.contains(std::string(party)));
}

std::string told(const model::OpenDeadline& deadline) {
  return "the deadline \"" + std::string(model::name_of(deadline.kind)) + "\" of " + deadline.party + " about entry " +
         std::to_string(deadline.about.value) + ", due " + to_short_text(deadline.due);
}
std::string told(EntryIndex entry) { return "entry " + std::to_string(entry.value); }

/// Refuses with the first item in which the lists differ.
template <class Item>
Result<void> same(const std::vector<Item>& listed, const std::vector<Item>& open, std::string_view name) {
  const auto refused = [&](const Item& item, std::string_view how) {
    return refuse(Rule::handover_list, told(item) + std::string(how), "the list as it stands now; read it again before you sign",
                  "/open/" + std::string(name));
  };
  if (listed == open) return {};
  const auto differ = std::mismatch(open.begin(), open.end(), listed.begin(), listed.end());
  const bool missing = differ.first != open.end() && std::find(differ.second, listed.end(), *differ.first) == listed.end();
  return missing ? refused(*differ.first, " is open and not listed")
                 : refused(*differ.second, " is listed, and is not open or stands elsewhere in the list");
}

/// The three keys: distinct, of the signer's party, valid, in scope; and the document names the two that signed beside it.
Result<void> check_officers(const Question& q, const model::WatchHandedOver& said) {
  const auto wrong = [&](std::string found) {
    return refuse(Rule::handover_officers, std::move(found),
                  "signature lines by " + q.key.key.name + ", " + said.outgoing.key + " and " + said.incoming.key +
                      ": three keys that " + q.party() + "'s root key has added");
  };
  if (said.outgoing.key == said.incoming.key || said.outgoing.key == q.key.key.name || said.incoming.key == q.key.key.name)
    return wrong("one key in two roles");
  if (q.note.countersigners != std::vector<std::string>{said.outgoing.key, said.incoming.key})
    return wrong("the lines after the desk's are by others, or in another order");
  for (const std::string& name : q.note.countersigners) {
    const KeyState* key = q.state.key(name);
    if (key == nullptr || !key->valid() || key->root || key->party != q.party())
      return wrong("\"" + name + "\" is no valid key of " + q.party() + " at entry " + std::to_string(q.index().value));
    if (!model::allows(key->kinds, q.note.text.kind)) return wrong("\"" + name + "\" may not sign " + q.note.text.kind);
  }
  return {};
}

}  // namespace

model::OpenMatters open_matters(const State& state, std::string_view party) {
  model::OpenMatters open;
  add_deadlines(state, party, state.deadlines, open.deadlines);
  add_deadlines(state, party, state.pacts.dates, open.deadlines);
  std::sort(open.deadlines.begin(), open.deadlines.end(), [](const auto& a, const auto& b) {
    return std::tie(a.due, a.about, a.kind, a.party) < std::tie(b.due, b.about, b.kind, b.party);
  });
  for (const auto& [entry, query] : state.queries) {
    const NotificationState* of = state.notification(query.of);
    if (!query.answered && (query.by == party || (of != nullptr && of->party == party))) open.queries.push_back(entry);
  }
  for (const auto& [entry, message] : state.hotline.messages)
    if (waits(message, party)) open.messages.push_back(entry);
  for (const auto& [id, each] : state.notifications)
    if (concerns(each, party)) open.movements.push_back(each.latest().entry);
  std::sort(open.movements.begin(), open.movements.end());
  for (const EntryIndex entry : state.open_alerts)
    if (const auto at = state.alerts.find(entry); at != state.alerts.end() && at->second.party == party)
      open.alarms.push_back(entry);
  cut(open.deadlines);
  cut(open.queries);
  cut(open.messages);
  cut(open.movements);
  cut(open.alarms);
  return open;
}

Ruling rule_handed_over(const Question& q) {
  if (!q.note.text.to.empty())
    return refuse(Rule::recipient_not_disclosed, "\"" + q.note.text.to.front() + "\" in `to`",
                  "nobody: a handover is the party's own", "to");
  WB_TRY(full, full_part(q.note));
  WB_TRY(said, model::parse_watch_handed_over(full));
  WB_TRY_VOID(check_officers(q, said));
  const model::OpenMatters open = open_matters(q.state, q.party());
  WB_TRY_VOID(same(said.open.deadlines, open.deadlines, "deadlines"));
  WB_TRY_VOID(same(said.open.queries, open.queries, "queries"));
  WB_TRY_VOID(same(said.open.messages, open.messages, "messages"));
  WB_TRY_VOID(same(said.open.movements, open.movements, "movements"));
  WB_TRY_VOID(same(said.open.alarms, open.alarms, "alarms"));
  return std::vector<Draft>{};
}

}  // namespace wideberth::core
