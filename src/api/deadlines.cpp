// Deadlines that the reader owes or is owed.
#include <algorithm>
#include <map>
#include <set>

#include "api/read.h"
#include "base/bytes.h"
#include "core/deadlines.h"
#include "core/disclosure.h"
#include "ledger/tree.h"

namespace wideberth::api {

using base::refuse;
using base::Rule;

namespace {

/// Who owes it, whom it is owed to (who notified, asked or reported), and neutral readers; not the other recipients.
bool concerns(const Sight& sight, const model::Deadline& deadline) {
  if (deadline.party == sight.party) return true;
  const core::NotificationState* of = sight.then.notification_at(deadline.revision);
  if (of != nullptr && of->party == sight.party) return true;
  if (deadline.kind == model::DeadlineKind::query && of != nullptr)  // whoever asked
    for (const EntryIndex each : of->queries)
      if (const core::QueryState& query = sight.then.queries.at(each);
          query.by == sight.party && query.revision == deadline.revision && query.due == deadline.due)
        return true;
  if (deadline.kind != model::DeadlineKind::query)  // whose askers were looked up above, without a walk through all questions
    for (const std::string& each : core::owed_to(sight.then, deadline))
      if (each == sight.party) return true;
  const core::AgreementState* agreement = sight.then.agreement(deadline.agreement);
  return agreement != nullptr && is_neutral(*agreement, sight.party);
}

/// "open <due in ms> <revision> <kind> <party>": where a page ended among the open ones; "ended <entry>": among the others.
std::string cursor_of(const core::DueKey& key) {
  const auto& [due, revision, kind, party] = key;
  return "open " + std::to_string(due.ms()) + " " + std::to_string(revision.value) + " " +
         std::to_string(static_cast<int>(kind)) + " " + party;
}

/// Where the reader may not be told when something is due, how many were told before stands for it.
std::string cursor_of(std::size_t told) { return "told " + std::to_string(told); }

struct From {
  std::optional<core::DueKey> open;  ///< after this one; none: all open ones were told
  std::optional<EntryIndex> ended;   ///< after this one
  bool start = false;
  std::size_t told = 0;  ///< so many open ones were told before
};

Result<From> read_cursor(const std::string& after) {
  if (after.empty()) return From{std::nullopt, std::nullopt, true};
  const auto strange = [&] {
    return refuse(Rule::number_malformed, "found \"" + base::excerpt(after) + "\"", "the \"next\" of an answer", "after");
  };
  std::vector<std::string> words(1);
  for (const char c : after) {
    if (c == ' ' && words.size() < 5)
      words.emplace_back();
    else
      words.back() += c;
  }
  if (words.size() == 2 && words[0] == "ended") {
    WB_TRY(entry, parse_index(words[1], "after"));
    return From{std::nullopt, entry, false};
  }
  if (words.size() == 2 && words[0] == "told") {
    WB_TRY(told, base::parse_decimal(words[1], ledger::kMostLeaves));
    return From{std::nullopt, std::nullopt, true, static_cast<std::size_t>(told)};
  }
  if (words.size() != 5 || words[0] != "open") return strange();
  const bool before_1970 = words[1].starts_with("-");
  WB_TRY(ms, base::parse_decimal(words[1].substr(before_1970 ? 1 : 0), std::uint64_t{1} << 52));
  WB_TRY(revision, parse_index(words[2], "after"));
  WB_TRY(kind, base::parse_decimal(words[3], static_cast<std::uint64_t>(model::DeadlineKind::consultation)));
  const auto due = static_cast<std::int64_t>(ms);
  return From{
      core::DueKey{base::Instant::from_ms(before_1970 ? -due : due), revision, static_cast<model::DeadlineKind>(kind), words[4]},
      std::nullopt, false};
}

struct DeadlinePage {
  std::vector<model::Deadline> open;
  std::vector<core::EndedDeadline> ended;
  std::set<std::string> hidden;  ///< agreements whose terms the reader may not know: nothing of theirs has a time
  std::size_t passed = 0;        ///< of the open ones, told before and on this page
  std::map<core::DueKey, core::PaperState> on_paper;  ///< acts in time for those that ended, filed later
  std::optional<std::string> next;
};

/// Where a page that holds open ones alone ended.
std::string end_of_open(const DeadlinePage& page) {
  if (!page.hidden.empty()) return cursor_of(page.passed);
  const model::Deadline& last = page.open.back();
  return cursor_of({last.due, last.revision, last.kind, last.party});
}

void gather_open(const Sight& sight, const From& from, std::size_t count, DeadlinePage& into) {
  if (!from.start && !from.open) return;
  const auto& owed = sight.then.deadlines;
  const auto& dates = sight.then.pacts.dates;
  auto a = from.open ? owed.upper_bound(*from.open) : owed.begin();
  auto b = from.open ? dates.upper_bound(*from.open) : dates.begin();
  while ((a != owed.end() || b != dates.end()) && !into.next) {
    const bool first = b == dates.end() || (a != owed.end() && a->first < b->first);
    const auto& [key, deadline] = first ? *a++ : *b++;
    if (!concerns(sight, deadline) || into.passed++ < from.told) continue;
    if (into.open.size() == count) {
      --into.passed;
      into.next = end_of_open(into);
    } else {
      into.open.push_back(deadline);
    }
  }
}

void gather_ended(const Sight& sight, const From& from, std::size_t count, DeadlinePage& into) {
  const auto& all = sight.then.ended_deadlines;  // in the order of their entries
  auto at = from.ended ? std::upper_bound(all.begin(), all.end(), *from.ended,
                                          [](EntryIndex entry, const auto& each) { return entry < each.entry; })
                       : all.begin();
  for (; at != all.end() && !into.next; ++at) {
    // A withdrawal ends many at once, each with its own readers; all of them stand on one page.
    if (!(at->withdrawn ? concerns(sight, at->deadline) : core::may_read(sight.now, at->entry, sight.party))) continue;
    const bool one_more = !into.ended.empty() && into.ended.back().entry == at->entry;
    if (into.open.size() + into.ended.size() >= count && !one_more) {
      into.next = into.ended.empty() ? end_of_open(into) : "ended " + std::to_string(into.ended.back().entry.value);
    } else {
      into.ended.push_back(*at);
      const auto met = sight.then.papers.met.find(core::key_of(at->deadline));
      if (!at->withdrawn && met != sight.then.papers.met.end() && core::may_read(sight.now, met->second, sight.party))
        into.on_paper.emplace(met->first, sight.then.papers.of.at(met->second));
    }
  }
}

void write_deadline(json::Writer& w, const DeadlinePage& page, const model::Deadline& deadline) {
  if (!page.hidden.contains(deadline.agreement)) {
    w.raw(model::to_json(model::DeadlineMissed{deadline}));
    return;
  }
  w.begin_object().key("kind").string(model::name_of(deadline.kind)).key("party").string(deadline.party);
  if (!deadline.notification.empty()) w.key("notification").string(deadline.notification);
  write_index(w, "revision", deadline.revision).key("due").null();
  w.key("clause").string(deadline.clause).key("agreement").string(deadline.agreement).end_object();
}

Result<Telling> look_at_deadlines(const Sight& sight, const http::Request& request) {
  WB_TRY(page, read_page(request));
  WB_TRY(from, read_cursor(page.after));
  DeadlinePage told;
  for (const auto& [id, agreement] : sight.then.agreements)
    if (terms_hidden(sight, id)) told.hidden.insert(id);
  // A cursor with a time in it would answer whether something is due before that time.
  if (!told.hidden.empty() && from.open)
    return refuse(Rule::number_malformed, "found \"" + base::excerpt(page.after) + "\"", "the \"next\" of an answer", "after");
  gather_open(sight, from, page.count, told);
  if (!told.next) gather_ended(sight, from, page.count, told);
  return Telling{[told = std::move(told)](json::Writer& w) {
    w.key("open").begin_array();
    for (const model::Deadline& each : told.open) write_deadline(w, told, each);
    w.end_array().key("ended").begin_array();
    for (const core::EndedDeadline& each : told.ended) {
      w.begin_object();
      write_index(w, "entry", each.entry).key("channel_down").boolean(each.channel_down).key("withdrawn").boolean(each.withdrawn);
      w.key("met_on_paper");
      if (const auto act = told.on_paper.find(core::key_of(each.deadline)); act != told.on_paper.end()) {
        w.begin_object();
        write_index(w, "entry", act->second.entry);
        write_instant(w, "occurred", act->second.occurred);
        write_instant(w, "received", act->second.received).key("standing").string(core::standing_of(act->second)).end_object();
      } else {
        w.null();
      }
      w.key("deadline");
      write_deadline(w, told, each.deadline);
      w.end_object();
    }
    w.end_array();
    write_next(w, told.next);
  }};
}

}  // namespace

Routes deadline_routes(const ServicePtr& service) {
  http::Route list = row("GET", "/v1/deadlines", "list_deadlines", "Deadlines, open and ended, that the reader owes or is owed.");
  list.session = true;
  list.query = {"as-of", "count", "after"};
  list.handler = state_read(service, look_at_deadlines);
  return {list};
}

}  // namespace wideberth::api
