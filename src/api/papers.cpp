// Acts done on paper and filed later, and what parties say that they have in areas; as the reader may know both.
#include <vector>

#include "api/read.h"
#include "core/disclosure.h"

namespace wideberth::api {
namespace {

constexpr std::size_t kMostPapers = 1'000;  ///< in one answer

void write_judged(json::Writer& w, std::string_view name, const std::map<std::string, EntryIndex>& judged) {
  w.key(name).begin_object();
  for (const auto& [party, entry] : judged) w.key(party).integer(static_cast<std::int64_t>(entry.value));
  w.end_object();
}

void write_paper(json::Writer& w, const core::PaperState& act) {
  w.begin_object();
  write_index(w, "entry", act.entry).key("party").string(act.party).key("kind").string(model::name_of(act.kind));
  write_instant(w, "occurred", act.occurred);
  write_instant(w, "received", act.received).key("said");
  act.said ? w.raw(model::to_json(*act.said)) : w.null();
  w.key("standing").string(core::standing_of(act));
  write_judged(w, "confirmed", act.confirmed);
  write_judged(w, "disputed", act.disputed);
  w.key("met").begin_array();
  for (const auto& [due, revision, kind, party] : act.met) {
    w.begin_object().key("kind").string(model::name_of(kind));
    write_instant(w, "due", due);
    write_index(w, "revision", revision).end_object();
  }
  w.end_array().end_object();
}

Result<Telling> look_at_papers(const Sight& sight, const http::Request& request) {
  WB_TRY(question, read_open_question(request));
  std::vector<core::PaperState> papers;
  std::optional<EntryIndex> next;
  const auto& all = sight.then.papers.of;
  for (auto at = all.lower_bound(question.from); at != all.end() && !next; ++at) {
    if (!core::may_read(sight.now, at->first, sight.party)) continue;
    if (question.open && core::standing_of(at->second) != "stated") continue;
    if (papers.size() == kMostPapers) {
      next = at->first;
      continue;
    }
    papers.push_back(at->second);
    core::PaperState& act = papers.back();
    const auto hidden = [&](const auto& each) { return !core::may_read(sight.now, each.second, sight.party); };
    std::erase_if(act.confirmed, hidden);
    std::erase_if(act.disputed, hidden);
  }
  return Telling{[papers = std::move(papers), next](json::Writer& w) {
    w.key("papers").begin_array();
    for (const core::PaperState& each : papers) write_paper(w, each);
    w.end_array();
    write_index_or_null(w, "next", next);
  }};
}

struct PresenceList {
  std::string agreement, clause, party, area;
  std::vector<model::PresenceClass> classes;
  std::optional<core::StatedPresence> stated{}, next{};
};

/// What holds at the time of the state that is looked at, and what takes its place next.
PresenceList list_of(const core::State& state, const core::AgreementState& agreement, const std::string& clause,
                     const model::PresenceRule& rule) {
  PresenceList list{agreement.id, clause, rule.party, rule.area, rule.classes};
  const base::Instant when = state.last_received;
  if (const core::StatedPresence* now = state.presence.at(agreement.id, clause, when)) {
    list.stated = *now;
    list.classes = now->said.classes;
  }
  if (const auto all = state.presence.stated.find({agreement.id, clause}); all != state.presence.stated.end())
    for (const core::StatedPresence& each : all->second)
      if (each.effect > when && (!list.next || each.effect <= list.next->effect)) list.next = each;
  return list;
}

void write_presence_list(json::Writer& w, const PresenceList& list) {
  w.begin_object().key("agreement").string(list.agreement).key("clause").string(list.clause);
  w.key("party").string(list.party).key("area").string(list.area).key("classes").begin_array();
  for (const model::PresenceClass& each : list.classes) {
    w.begin_object().key("platform_class").string(each.platform_class).key("called").begin_array();
    for (const std::string& word : each.called) w.string(word);
    w.end_array().key("most").integer(each.most).end_object();
  }
  w.end_array();
  write_index_or_null(w, "stated", list.stated ? std::optional(list.stated->entry) : std::nullopt);
  w.key("next");
  if (list.next) {
    w.begin_object();
    write_index(w, "entry", list.next->entry);
    write_instant(w, "effect", list.next->effect).end_object();
  } else {
    w.null();
  }
  w.end_object();
}

Result<Telling> look_at_presence(const Sight& sight, const http::Request&) {
  std::vector<PresenceList> lists;
  for (const auto& [id, agreement] : sight.then.agreements) {
    if (!agreement.holds() || !core::may_see_text(agreement, sight.party) || sight.now.pacts.has_left(id, sight.party)) continue;
    for (const model::Rule& rule : agreement.agreement->rules)
      if (const auto* presence = std::get_if<model::PresenceRule>(&rule.body))
        lists.push_back(list_of(sight.then, agreement, rule.clause, *presence));
  }
  return Telling{[lists = std::move(lists)](json::Writer& w) {
    w.key("presence").begin_array();
    for (const PresenceList& each : lists) write_presence_list(w, each);
    w.end_array();
  }};
}

}  // namespace

Routes paper_routes(const ServicePtr& service) {
  http::Route papers = row("GET", "/v1/papers", "list_papers", "Acts that were done on paper and filed later, with both times.");
  papers.session = true;
  papers.query = {"as-of", "open", "from"};
  papers.handler = state_read(service, look_at_papers);
  http::Route presence =
      row("GET", "/v1/presence", "list_presence", "What parties say that they have in areas, and what changes next.");
  presence.session = true;
  presence.query = {"as-of"};
  presence.handler = state_read(service, look_at_presence);
  return {papers, presence};
}

}  // namespace wideberth::api
