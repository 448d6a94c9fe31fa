#include "model/encounters.h"
#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Writer;

void write_from_to(Writer& w, Interval when) { w.key("from").string(to_text(when.from)).key("to").string(to_text(when.to)); }

void write_encounter_unit(Writer& w, const EncounterUnit& unit) {
  w.begin_object().key("party").string(unit.party);
  read::write_text_if_any(w, "unit", unit.unit);
  w.end_object();
}

void write_by_upon(Writer& w, const std::vector<EncounterUnit>& by, const EncounterUnit& upon) {
  w.key("by").begin_array();
  for (const EncounterUnit& each : by) write_encounter_unit(w, each);
  w.end_array().key("upon");
  write_encounter_unit(w, upon);
}

void write_numbers(Writer& w, std::string_view name, const std::vector<NamedNumber>& numbers) {
  if (numbers.empty()) return;
  w.key(name).begin_object();
  for (const NamedNumber& each : numbers) w.key(each.name).fixed(each.thousandths, 3);
  w.end_object();
}

void write_encounter_contact(Writer& w, const EncounterContact& contact) {
  w.begin_object().key("unit").string(contact.unit);
  read::write_text_if_any(w, "other_unit", contact.other_unit);
  write_from_to(w, contact.when);
  read::write_metres(w, "closest_m", contact.closest);
  w.key("closest_at").string(to_text(contact.closest_at));
  if (contact.place) {
    w.key("place");
    read::write_place(w, *contact.place);
  }
  if (contact.other_place) {
    w.key("other_place");
    read::write_place(w, *contact.other_place);
  }
  if (contact.relative_mmps) w.key("relative_mps").fixed(*contact.relative_mmps, 3);
  if (contact.most_relative_mmps) w.key("greatest_relative_mps").fixed(*contact.most_relative_mmps, 3);
  w.end_object();
}

void write_candidate(Writer& w, const ConductCandidate& candidate) {
  w.begin_object().key("conduct").string(candidate.conduct).key("status").string("candidate");
  write_by_upon(w, candidate.by, candidate.upon);
  if (!candidate.also_upon.empty()) {
    w.key("also_upon").begin_array();
    for (const EncounterUnit& each : candidate.also_upon) write_encounter_unit(w, each);
    w.end_array();
  }
  write_from_to(w, candidate.when);
  read::write_text_if_any(w, "clause", candidate.clause);
  write_numbers(w, "values", candidate.values);
  write_numbers(w, "test", candidate.test);
  w.key("rests_on").begin_array();
  for (const FixesOf& each : candidate.rests_on) {
    w.begin_object().key("party").string(each.unit.party);
    read::write_text_if_any(w, "unit", each.unit.unit);
    w.key("fixes").integer(each.fixes).key("which").begin_array();
    for (const FixRef& fix : each.which)
      w.begin_array().integer(static_cast<std::int64_t>(fix.batch.value)).string(to_text(fix.at)).end_array();
    w.end_array().end_object();
  }
  w.end_array().end_object();
}

void write_not_reported(Writer& w, const NotReported& none) {
  w.begin_object().key("conduct").string(none.conduct).key("why").string(none.why);
  write_by_upon(w, none.by, none.upon);
  write_from_to(w, none.when);
  if (none.found) w.key("found").fixed(none.found->thousandths, 3);
  if (none.needed) w.key("needed").fixed(none.needed->thousandths, 3);
  w.end_object();
}

std::string unit_said(const EncounterUnit& unit) { return unit.unit.empty() ? "a unit of " + unit.party + "'s" : unit.unit; }

}  // namespace

std::string to_json(const EncounterOpened& opened) {
  Writer w;
  w.begin_object().key("agreement").string(opened.agreement).key("clause").string(opened.clause);
  w.key("unit").string(opened.unit).key("fix").integer(opened.fix).key("other_party").string(opened.other_party);
  read::write_text_if_any(w, "other_unit", opened.other_unit);
  w.key("at").string(to_text(opened.at));
  read::write_metres(w, "within_m", opened.within);
  w.end_object();
  return w.take();
}

std::string to_json(const EncounterClosed& closed) {
  Writer w;
  w.begin_object().key("ended").string(name_of(closed.ended));
  write_from_to(w, closed.when);
  if (closed.joined) w.key("joined").integer(static_cast<std::int64_t>(closed.joined->value));
  w.key("contacts").integer(closed.contacts).key("listed").begin_array();
  for (const EncounterContact& each : closed.listed) write_encounter_contact(w, each);
  w.end_array().key("candidates_found").integer(closed.candidates_found).key("candidates").begin_array();
  for (const ConductCandidate& each : closed.candidates) write_candidate(w, each);
  w.end_array().key("not_reported").begin_array();
  for (const NotReported& each : closed.not_reported) write_not_reported(w, each);
  w.end_array().end_object();
  return w.take();
}

std::string to_sentence(const ConductCandidate& candidate) {
  std::string text = candidate.conduct + " by ";
  for (std::size_t i = 0; i < candidate.by.size(); ++i) text += (i == 0 ? "" : ", ") + unit_said(candidate.by[i]);
  text += " upon " + unit_said(candidate.upon);
  for (const EncounterUnit& each : candidate.also_upon) text += ", " + unit_said(each);
  text += ", " + base::to_short_text(candidate.when.from) + " to " + base::to_short_text(candidate.when.to);
  for (std::size_t i = 0; i < candidate.values.size(); ++i) {
    Writer number;
    text += (i == 0 ? ": " : ", ") + candidate.values[i].name + " " + number.fixed(candidate.values[i].thousandths, 3).take();
  }
  return text + ".";
}

}  // namespace wideberth::model
