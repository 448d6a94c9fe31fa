#include "live/report.h"

#include <algorithm>
#include <cmath>

#include "live/look.h"

namespace wideberth::live {
namespace {

constexpr std::size_t kMostTimes = 600;

std::int64_t in_thousandths_of(double value) { return in_thousandths(std::isfinite(value) ? value : 0); }

void write_metres(json::Writer& writer, std::string_view name, double metres) {
  writer.key(name).fixed(in_thousandths_of(metres), 3);
}

void write_place(json::Writer& writer, std::string_view name, Place place) {
  writer.key(name).begin_array().fixed(place.lon_e7, 7).fixed(place.lat_e7, 7).end_array();
}

void write_interval(json::Writer& writer, Interval when) {
  writer.key("from").string(base::to_text(when.from)).key("to").string(base::to_text(when.to));
}

void write_contact(json::Writer& writer, const Units& units, const Contact& contact) {
  writer.begin_object().key("a");
  write_unit(writer, units, contact.a);
  writer.key("b");
  write_unit(writer, units, contact.b);
  write_interval(writer, contact.when);
  writer.key("within_s").fixed(contact.within.ms(), 3);
  write_metres(writer, "closest_m", contact.closest_m);
  writer.key("closest_at").string(base::to_text(contact.closest_at));
  write_place(writer, "place_a", contact.place_a);
  write_place(writer, "place_b", contact.place_b);
  write_metres(writer, "relative_speed_mps", contact.relative_mps);
  write_metres(writer, "greatest_relative_speed_mps", contact.most_relative_mps);
  writer.key("fixes_a").integer(contact.fixes_a).key("fixes_b").integer(contact.fixes_b).end_object();
}

void write_by(json::Writer& writer, const Units& units, const std::vector<UnitIndex>& by, UnitIndex upon) {
  writer.key("by").begin_array();
  for (const UnitIndex unit : by) write_unit(writer, units, unit);
  writer.end_array().key("upon");
  write_unit(writer, units, upon);
}

void write_candidate(json::Writer& writer, const Units& units, const Candidate& candidate, const Tests& tests) {
  writer.begin_object().key("conduct").string(name_of(candidate.conduct)).key("status").string("candidate");
  write_by(writer, units, candidate.by, candidate.upon);
  if (!candidate.also_upon.empty()) {
    writer.key("also_upon").begin_array();
    for (const UnitIndex unit : candidate.also_upon) write_unit(writer, units, unit);
    writer.end_array();
  }
  write_interval(writer, candidate.when);
  const std::string& clause = tests.clause[static_cast<std::size_t>(candidate.conduct)];
  if (!clause.empty()) writer.key("clause").string(clause);
  writer.key("values").begin_object();
  for (const ConductValue& each : candidate.values) writer.key(each.name).fixed(each.thousandths, 3);
  writer.end_object().key("test").begin_object();
  for (std::size_t i = 0; i < kLimitCount; ++i)
    if (limit_rows()[i].conduct == candidate.conduct) writer.key(limit_rows()[i].name).fixed(tests.thousandths[i], 3);
  writer.end_object().key("rests_on").begin_array();
  for (const RestsOn& each : candidate.rests_on) {
    writer.begin_object().key("unit").string(units[each.unit].name).key("fixes");
    writer.integer(static_cast<std::int64_t>(each.fixes.size())).key("times").begin_array();
    for (std::size_t i = 0; i < std::min(each.fixes.size(), kMostTimes); ++i) writer.string(base::to_text(each.fixes[i]));
    writer.end_array().end_object();
  }
  writer.end_array().end_object();
}

void write_unreported(json::Writer& writer, const Units& units, const Unreported& unreported) {
  writer.begin_object().key("conduct").string(name_of(unreported.conduct)).key("status").string("not reported");
  write_by(writer, units, unreported.by, unreported.upon);
  write_interval(writer, unreported.when);
  writer.key("why").string(name_of(unreported.why));
  if (unreported.of) writer.key("of").string(units[*unreported.of].name);
  if (unreported.needed != 0) writer.key("found").fixed(unreported.found, 3).key("needed").fixed(unreported.needed, 3);
  writer.end_object();
}

std::string names(const Units& units, const std::vector<UnitIndex>& by) {
  std::string out;
  for (const UnitIndex unit : by) out += (out.empty() ? "" : ", ") + units[unit].name;
  return out;
}

std::string number_text(std::int64_t thousandths) {
  json::Writer writer;
  return writer.fixed(thousandths, 3).take();
}

}  // namespace

void write_unit(json::Writer& writer, const Units& units, UnitIndex unit) {
  writer.begin_object().key("party").string(units[unit].party).key("unit").string(units[unit].name).end_object();
}

void write_alert(json::Writer& writer, const Units& units, const AlertEvent& event) {
  writer.begin_object().key("alert").integer(static_cast<std::int64_t>(event.id.value));
  writer.key("change").string(name_of(event.change)).key("grade").string(name_of(event.grade));
  writer.key("at").string(base::to_text(event.at)).key("a");
  write_unit(writer, units, event.a);
  writer.key("b");
  write_unit(writer, units, event.b);
  if (event.change == AlertChange::raised) {
    write_metres(writer, "distance_m", event.ahead.now_m);
    write_metres(writer, "closest_ahead_m", event.ahead.distance_m);
    write_metres(writer, "closest_in_s", event.ahead.seconds);
    write_metres(writer, "relative_speed_mps", event.ahead.relative_mps);
  }
  if (event.change == AlertChange::closed) writer.key("ended").string(name_of(event.ended));
  writer.end_object();
}

void write_conformance(json::Writer& writer, const Units& units, const ConformanceEvent& event, const std::string& movement) {
  writer.begin_object().key("unit");
  write_unit(writer, units, event.unit);
  writer.key("was").string(name_of(event.was)).key("now").string(name_of(event.now));
  writer.key("since").string(base::to_text(event.since)).key("at").string(base::to_text(event.at));
  if (!movement.empty()) {
    writer.key("movement").string(movement);
    write_metres(writer, "off_m", event.off_m);
    write_metres(writer, "deviation_s", event.deviation_s);
  }
  if (event.now == Conformance::doubtful) writer.key("doubt").string(name_of(event.doubt));
  writer.end_object();
}

void write_composition(json::Writer& writer, const CompositionEvent& event, const std::string& movement) {
  writer.begin_object().key("movement").string(movement).key("mismatch").boolean(event.mismatch);
  writer.key("declared").integer(event.declared).key("counted").integer(event.counted);
  writer.key("since").string(base::to_text(event.since)).key("at").string(base::to_text(event.at)).end_object();
}

void write_reviewed(json::Writer& writer, const Units& units, const Reviewed& reviewed, const Tests& tests) {
  const Encounter& encounter = reviewed.encounter;
  writer.begin_object().key("encounter").integer(static_cast<std::int64_t>(encounter.number)).key("parties").begin_array();
  writer.string(units.parties()[encounter.party_a]).string(units.parties()[encounter.party_b]).end_array();
  write_interval(writer, encounter.when);
  writer.key("ended").string(name_of(encounter.ended));
  if (encounter.ended == EncounterEnd::joined) writer.key("joined").integer(static_cast<std::int64_t>(encounter.joined));
  if (!encounter.contacts.empty()) {
    writer.key("closest");
    write_contact(writer, units, encounter.closest());
  }
  writer.key("contacts").begin_array();
  for (const Contact& contact : encounter.contacts) write_contact(writer, units, contact);
  writer.end_array().key("candidates").begin_array();
  for (const Candidate& candidate : reviewed.findings.candidates) write_candidate(writer, units, candidate, tests);
  writer.end_array().key("not_reported").begin_array();
  for (const Unreported& each : reviewed.findings.unreported) write_unreported(writer, units, each);
  writer.end_array().end_object();
}

std::string to_text(const Units& units, const Candidate& candidate) {
  std::string out = std::string(name_of(candidate.conduct)) + " by " + names(units, candidate.by) + " upon " +
                    units[candidate.upon].name + (candidate.also_upon.empty() ? "" : ", ") + names(units, candidate.also_upon) +
                    ", " + base::to_short_text(candidate.when.from) + " to " + base::to_short_text(candidate.when.to) + ":";
  for (const ConductValue& each : candidate.values)
    out += " " + std::string(each.name) + " " + number_text(each.thousandths) + ",";
  out.back() = '.';
  return out;
}

std::string to_text(const Units& units, const Unreported& unreported) {
  std::string out = std::string(name_of(unreported.conduct)) + " between " + names(units, unreported.by) + " and " +
                    units[unreported.upon].name + " is not reported: " + std::string(name_of(unreported.why));
  if (unreported.of) out += " of " + units[*unreported.of].name;
  if (unreported.needed != 0) out += " " + number_text(unreported.found) + ", needed " + number_text(unreported.needed);
  return out + ".";
}

}  // namespace wideberth::live
