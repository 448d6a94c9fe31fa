#include "core/dump.h"
#include "json/writer.h"

namespace wideberth::core {
namespace {

using json::Writer;

void number_or_null(Writer& w, std::string_view name, const std::optional<EntryIndex>& entry) {
  w.key(name);
  entry ? w.integer(static_cast<std::int64_t>(entry->value)) : w.null();
}

void time_or_null(Writer& w, std::string_view name, const std::optional<Instant>& at) {
  w.key(name);
  at ? w.string(to_text(*at)) : w.null();
}

template <class Said>
void said_or_null(Writer& w, const std::optional<Said>& said) {
  w.key("said");
  said ? w.raw(model::to_json(*said)) : w.null();
}

void numbers(Writer& w, std::string_view name, const std::vector<EntryIndex>& entries) {
  w.key(name).begin_array();
  for (const EntryIndex each : entries) w.integer(static_cast<std::int64_t>(each.value));
  w.end_array();
}

/// The members that all of them have.
template <class Said>
void head(Writer& w, const Said& said) {
  w.begin_object().key("entry").integer(static_cast<std::int64_t>(said.entry.value)).key("id").string(said.id);
  w.key("party").string(said.party).key("agreement").string(said.agreement).key("received").string(to_text(said.received));
  said_or_null(w, said.said);
}

void dump_heard(Writer& w, const std::map<std::string, Heard>& heard) {
  w.key("heard").begin_object();
  for (const auto& [party, each] : heard) {
    w.key(party).begin_object();
    number_or_null(w, "seen", each.seen);
    number_or_null(w, "answered", each.answered);
    time_or_null(w, "due", each.due);
    w.key("late").boolean(each.late).key("word").string(each.word ? model::name_of(*each.word) : "");
    number_or_null(w, "movement", each.movement);
    w.end_object();
  }
  w.end_object();
}

void dump_messages(Writer& w, const Hotline& hotline) {
  w.key("messages").begin_array();
  for (const auto& [entry, message] : hotline.messages) {
    head(w, message);
    time_or_null(w, "occurred", message.occurred);
    numbers(w, "about", message.about);
    number_or_null(w, "matter", message.matter);
    w.key("steps_missing").begin_array();
    for (const std::int64_t step : message.steps_missing) w.integer(step);
    w.end_array();
    dump_heard(w, message.heard);
    w.end_object();
  }
  w.end_array();
}

void dump_calls(Writer& w, const Hotline& hotline) {
  w.key("calls").begin_array();
  for (const auto& [entry, call] : hotline.calls) {
    head(w, call);
    w.key("other").string(call.other).key("occurred").string(to_text(call.occurred));
    w.key("silent_from").string(to_text(call.silent_from));
    numbers(w, "about", call.about);
    number_or_null(w, "confirmed", call.confirmed);
    number_or_null(w, "disputed", call.disputed);
    w.end_object();
  }
  w.end_array();
}

}  // namespace

void dump_hotline(Writer& w, const State& state) {
  const Hotline& hotline = state.hotline;
  if (!hotline.messages.empty()) dump_messages(w, hotline);
  if (!hotline.calls.empty()) dump_calls(w, hotline);
  if (!hotline.statements.empty()) {
    w.key("statements").begin_array();
    for (const auto& [entry, relayed] : hotline.statements) {
      head(w, relayed);
      w.key("occurred").string(to_text(relayed.occurred));
      numbers(w, "about", relayed.about);
      w.end_object();
    }
    w.end_array();
  }
  if (!hotline.sightings.empty()) {
    w.key("sightings").begin_array();
    for (const auto& [entry, sighting] : hotline.sightings) {
      head(w, sighting);
      dump_heard(w, sighting.heard);
      w.end_object();
    }
    w.end_array();
  }
  if (!hotline.check_ins.empty()) {
    w.key("check_ins").begin_array();
    for (const auto& [line, each] : hotline.check_ins) {
      w.begin_object().key("agreement").string(line.first).key("party").string(line.second);
      number_or_null(w, "last", each.last);
      time_or_null(w, "next", each.next);
      w.end_object();
    }
    w.end_array();
  }
  if (hotline.reviews.empty()) return;
  w.key("reviews").begin_array();
  for (const ReviewState& review : hotline.reviews) {
    w.begin_object().key("entry").integer(static_cast<std::int64_t>(review.entry.value)).key("party").string(review.party);
    w.key("said").raw(model::to_json(review.said)).end_object();
  }
  w.end_array();
}

}  // namespace wideberth::core
