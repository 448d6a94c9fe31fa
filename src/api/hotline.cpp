// What the parties said to each other, as the reader may know it: messages, calls, relayed statements; who is on the line; which
// phrases were read by a speaker; what was sighted.
#include <vector>

#include "api/read.h"
#include "core/disclosure.h"

namespace wideberth::api {

using base::refuse;
using base::Rule;

namespace {

constexpr std::size_t kMostSaid = 1'000;  ///< in one answer

/// A page of what a map by entry holds, cut down to what this reader may read.
template <class Said>
struct Page {
  std::vector<Said> said;
  std::optional<EntryIndex> next;
};
template <class Said, class Open>
Page<Said> page_of(const Sight& sight, const std::map<EntryIndex, Said>& all, const OpenQuestion& question, Open&& open) {
  Page<Said> page;
  for (auto at = all.lower_bound(question.from); at != all.end() && !page.next; ++at) {
    if (!core::may_read(sight.now, at->first, sight.party)) continue;
    if (question.open && !open(at->second)) continue;
    if (page.said.size() == kMostSaid)
      page.next = at->first;
    else
      page.said.push_back(at->second);
  }
  return page;
}

/// What became of it at others shows where their entry may be read; what they owe, to who asked and to neutral readers.
void cut_heard(const Sight& sight, const std::string& asker, const std::string& agreement_id,
               std::map<std::string, core::Heard>& heard) {
  const core::AgreementState* agreement = sight.then.agreement(agreement_id);
  const bool all = asker == sight.party || (agreement != nullptr && is_neutral(*agreement, sight.party));
  const auto readable = [&](const std::optional<EntryIndex>& entry) {
    return entry && core::may_read(sight.now, *entry, sight.party);
  };
  for (auto& [party, each] : heard) {
    if (!readable(each.seen)) each.seen.reset();
    if (!readable(each.answered)) {
      each.answered.reset();
      each.word.reset();
      each.movement.reset();
      each.late = false;
    }
    if ((!all && party != sight.party) || terms_hidden(sight, agreement_id)) each.due.reset();
  }
}

bool waits(const std::map<std::string, core::Heard>& heard, bool to_be_seen) {
  for (const auto& [party, each] : heard)
    if ((to_be_seen && !each.seen && !each.answered) || (each.due && !each.answered)) return true;
  return false;
}

void write_indices(json::Writer& w, std::string_view name, const std::vector<EntryIndex>& entries) {
  w.key(name).begin_array();
  for (const EntryIndex each : entries) w.integer(static_cast<std::int64_t>(each.value));
  w.end_array();
}

void write_instant_or_null(json::Writer& w, std::string_view name, const std::optional<base::Instant>& at) {
  w.key(name);
  at ? w.string(to_text(*at)) : w.null();
}

void write_heard(json::Writer& w, const std::map<std::string, core::Heard>& heard, bool of_sighting) {
  w.key("heard").begin_object();
  for (const auto& [party, each] : heard) {
    w.key(party).begin_object();
    if (!of_sighting) write_index_or_null(w, "seen", each.seen);
    write_index_or_null(w, "answered", each.answered);
    write_instant_or_null(w, "due", each.due);
    w.key("late").boolean(each.late);
    if (of_sighting) {
      w.key("answer");
      each.word ? w.string(model::name_of(*each.word)) : w.null();
      write_index_or_null(w, "movement", each.movement);
    }
    w.end_object();
  }
  w.end_object();
}

template <class Said>
void write_head(json::Writer& w, const Said& said) {
  w.begin_object().key("id").string(said.id);
  write_index(w, "entry", said.entry);
  w.key("party").string(said.party).key("agreement").string(said.agreement);
  write_instant(w, "received", said.received).key("said");
  said.said ? w.raw(model::to_json(*said.said)) : w.null();
}

/// Of a phrase: in which of its languages a named speaker has read the file that it is of, as far as this reader may know.
void write_reviewed(json::Writer& w, const core::MessageState& message, const std::vector<core::ReviewState>& reviews) {
  w.key("reviewed").begin_array();
  const auto* of = message.said && message.said->phrase_of ? &*message.said->phrase_of : nullptr;
  for (const core::ReviewState& each : reviews) {
    if (of == nullptr || each.said.document != of->document) continue;
    w.begin_object().key("language").string(each.said.language).key("speaker").string(each.said.speaker);
    write_index(w.key("party").string(each.party), "entry", each.entry).end_object();
  }
  w.end_array();
}

std::vector<core::ReviewState> reviews_seen(const Sight& sight) {
  std::vector<core::ReviewState> reviews;
  for (const core::ReviewState& each : sight.then.hotline.reviews)
    if (core::may_read(sight.now, each.entry, sight.party)) reviews.push_back(each);
  return reviews;
}

void write_message(json::Writer& w, const core::MessageState& message, const std::vector<core::ReviewState>& reviews) {
  write_head(w, message);
  write_instant_or_null(w, "occurred", message.occurred);
  write_indices(w, "about", message.about);
  write_index(w, "matter", message.matter).key("steps_missing").begin_array();
  for (const std::int64_t step : message.steps_missing) w.integer(step);
  w.end_array();
  write_reviewed(w, message, reviews);
  write_heard(w, message.heard, false);
  w.end_object();
}

/// A call, and whether it may be told when it shows as silent: that follows from a term of the agreement.
struct CallSeen {
  core::CallState call;
  bool terms = true;
};

void write_call(json::Writer& w, const CallSeen& seen, base::Instant at) {
  const core::CallState& call = seen.call;
  write_head(w, call);
  w.key("with").string(call.other);
  write_instant(w, "occurred", call.occurred);
  write_indices(w, "about", call.about);
  w.key("standing").string(core::standing_of(call, at));
  write_instant_or_null(w, "silent_from", seen.terms ? std::optional(call.silent_from) : std::nullopt);
  write_index_or_null(w, "confirmed", call.confirmed);
  write_index_or_null(w, "disputed", call.disputed).end_object();
}

void write_statement(json::Writer& w, const core::RelayedState& relayed) {
  write_head(w, relayed);
  write_instant(w, "occurred", relayed.occurred);
  write_indices(w, "about", relayed.about);
  w.end_object();
}

Result<Telling> look_at_messages(const Sight& sight, const http::Request& request) {
  WB_TRY(question, read_open_question(request));
  auto page = page_of(sight, sight.then.hotline.messages, question,
                      [](const core::MessageState& each) { return waits(each.heard, true); });
  for (core::MessageState& each : page.said) cut_heard(sight, each.party, each.agreement, each.heard);
  return Telling{[page = std::move(page), reviews = reviews_seen(sight)](json::Writer& w) {
    w.key("messages").begin_array();
    for (const core::MessageState& each : page.said) write_message(w, each, reviews);
    w.end_array();
    write_index_or_null(w, "next", page.next);
  }};
}

Result<Telling> look_at_calls(const Sight& sight, const http::Request& request) {
  WB_TRY(question, read_open_question(request));
  auto page = page_of(sight, sight.then.hotline.calls, question,
                      [](const core::CallState& each) { return !each.confirmed && !each.disputed; });
  std::vector<CallSeen> seen;
  for (core::CallState& each : page.said) {
    const bool terms = !terms_hidden(sight, each.agreement);
    seen.push_back({std::move(each), terms});
  }
  return Telling{[seen = std::move(seen), next = page.next, at = sight.at](json::Writer& w) {
    w.key("calls").begin_array();
    for (const CallSeen& each : seen) write_call(w, each, at);
    w.end_array();
    write_index_or_null(w, "next", next);
  }};
}

Result<Telling> look_at_statements(const Sight& sight, const http::Request& request) {
  WB_TRY(question, read_open_question(request));
  auto page = page_of(sight, sight.then.hotline.statements, question, [](const core::RelayedState&) { return true; });
  return Telling{[page = std::move(page)](json::Writer& w) {
    w.key("statements").begin_array();
    for (const core::RelayedState& each : page.said) write_statement(w, each);
    w.end_array();
    write_index_or_null(w, "next", page.next);
  }};
}

Result<Telling> look_at_sightings(const Sight& sight, const http::Request& request) {
  WB_TRY(question, read_open_question(request));
  auto page = page_of(sight, sight.then.hotline.sightings, question,
                      [](const core::SightingState& each) { return waits(each.heard, false); });
  for (core::SightingState& each : page.said) cut_heard(sight, each.party, each.agreement, each.heard);
  return Telling{[page = std::move(page)](json::Writer& w) {
    w.key("sightings").begin_array();
    for (const core::SightingState& each : page.said) {
      write_head(w, each);
      write_heard(w, each.heard, true);
      w.end_object();
    }
    w.end_array();
    write_index_or_null(w, "next", page.next);
  }};
}

/// The check-ins of the agreements that name the reader, and the reviews of phrases that it may read.
Result<Telling> look_at_line(const Sight& sight, const http::Request&) {
  std::vector<std::pair<std::pair<std::string, std::string>, core::CheckInState>> lines;
  for (const auto& [line, each] : sight.then.hotline.check_ins) {
    const core::AgreementState* agreement = sight.then.agreement(line.first);
    if (agreement == nullptr || agreement->agreement->find_party(sight.party) == nullptr) continue;
    lines.emplace_back(line, each);
    if (terms_hidden(sight, line.first)) lines.back().second.next.reset();
  }
  return Telling{[lines = std::move(lines), reviews = reviews_seen(sight)](json::Writer& w) {
    w.key("check_ins").begin_array();
    for (const auto& [line, each] : lines) {
      w.begin_object().key("agreement").string(line.first).key("party").string(line.second);
      write_index_or_null(w, "last", each.last);
      write_instant_or_null(w, "last_at", each.last ? std::optional(each.last_at) : std::nullopt);
      write_instant_or_null(w, "next", each.next);
      w.end_object();
    }
    w.end_array().key("reviews").begin_array();
    for (const core::ReviewState& each : reviews) {
      w.begin_object();
      write_index(w, "entry", each.entry).key("party").string(each.party).key("said").raw(model::to_json(each.said));
      w.end_object();
    }
    w.end_array();
  }};
}

}  // namespace

Routes hotline_routes(const ServicePtr& service) {
  const auto list = [&](std::string path, std::string operation, std::string summary, Look look) {
    http::Route made = row("GET", std::move(path), std::move(operation), std::move(summary));
    made.session = true;
    made.query = {"as-of", "open", "from"};
    made.handler = state_read(service, std::move(look));
    return made;
  };
  http::Route line = row("GET", "/v1/line", "read_line", "Who was on the hotline when, and which phrases a speaker has read.");
  line.session = true;
  line.query = {"as-of"};
  line.handler = state_read(service, look_at_line);
  return {
      list("/v1/messages", "list_messages", "Messages on the hotline that the reader sent or was told.", look_at_messages),
      list("/v1/calls", "list_calls", "Calls as one side logged them, and what the other says of them.", look_at_calls),
      list("/v1/statements", "list_statements", "What parties without a key said, as others relayed it.", look_at_statements),
      list("/v1/sightings", "list_sightings", "What was sighted, and whether anybody says that it is theirs.", look_at_sightings),
      line};
}

}  // namespace wideberth::api
