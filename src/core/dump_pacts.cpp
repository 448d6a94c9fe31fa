// The state of agreements beyond their text, as text; nothing where there is none.
#include "core/dump.h"
#include "json/writer.h"

namespace wideberth::core {
namespace {

using json::Writer;

std::int64_t number(EntryIndex entry) { return static_cast<std::int64_t>(entry.value); }

void dump_told(Writer& w, EntryIndex entry, const std::vector<std::string>& told) {
  w.begin_object().key("entry").integer(number(entry)).key("told").begin_array();
  for (const std::string& each : told) w.string(each);
  w.end_array();
}

void dump_pact(Writer& w, const Pact& pact) {
  w.begin_object().key("withdrawals").begin_object();
  for (const auto& [party, withdrawal] : pact.withdrawals) {
    w.key(party).begin_object().key("entry").integer(number(withdrawal.entry)).key("effect").string(to_text(withdrawal.effect));
    w.key("left");
    withdrawal.left ? w.integer(number(*withdrawal.left)) : w.null();
    w.end_object();
  }
  w.end_object().key("joined").begin_object();
  for (const auto& [clause, parties] : pact.joined) {
    w.key(clause).begin_object();
    for (const auto& [party, entry] : parties) w.key(party).integer(number(entry));
    w.end_object();
  }
  w.end_object().key("consultations").begin_array();
  for (const ConsultationState& each : pact.consultations) {
    w.begin_object().key("entry").integer(number(each.entry)).key("party").string(each.party).key("said");
    each.said ? w.raw(model::to_json(*each.said)) : w.null();
    w.end_object();
  }
  w.end_array().key("reports").begin_array();
  for (const IncidentReportState& each : pact.reports) {
    w.begin_object().key("entry").integer(number(each.entry)).key("party").string(each.party).key("answers");
    each.answers ? w.integer(number(*each.answers)) : w.null();
    w.key("said");
    each.said ? w.raw(model::to_json(*each.said)) : w.null();
    w.end_object();
  }
  w.end_array().end_object();
}

}  // namespace

void dump_pacts(Writer& w, const Pacts& pacts) {
  if (pacts.of.empty() && pacts.touched.empty() && pacts.differs.empty()) return;
  w.key("pacts").begin_object();
  for (const auto& [id, pact] : pacts.of) {
    w.key(id);
    dump_pact(w, pact);
  }
  w.end_object().key("touched").begin_array();
  for (const TouchedState& each : pacts.touched) {
    dump_told(w, each.entry, each.told);
    w.key("found").raw(model::to_json(each.found)).end_object();
  }
  w.end_array().key("differs").begin_array();
  for (const DiffersState& each : pacts.differs) {
    dump_told(w, each.entry, each.told);
    w.key("found").raw(model::to_json(each.found)).end_object();
  }
  w.end_array();
}

}  // namespace wideberth::core
