#include "model/pact.h"

#include "model/acts.h"
#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

Result<AgreementWithdrawn> read_agreement_withdrawn(const Reader& at) {
  WB_TRY_VOID(at.only({"reason", "effect"}));
  AgreementWithdrawn act;
  WB_TRY(reason, read::text(at, "reason", kMostReason, true));
  act.reason = std::move(reason);
  if (at.find("effect")) {
    WB_TRY(effect, read::instant(at, "effect"));
    act.effect = effect;
  }
  return act;
}

Result<CautionSaid> read_caution_said(const Reader& at) {
  WB_TRY_VOID(at.only({"clause", "person"}));
  WB_TRY(clause, read::text(at, "clause", kMostClause));
  WB_TRY(person, read::text(at, "person", kMostLabel));
  return CautionSaid{std::move(clause), std::move(person)};
}

Result<ConsultationHeld> read_consultation_held(const Reader& at) {
  WB_TRY_VOID(at.only({"held", "participants", "reference"}));
  ConsultationHeld act;
  WB_TRY(held, read::instant(at, "held"));
  act.held = held;
  WB_TRY(list_at, at.member("participants"));
  WB_TRY(list, list_at.elements(1, kMostParticipants));
  for (const Reader& each : list) {
    WB_TRY(name, each.text(kMostLabel));
    act.participants.push_back(std::move(name));
  }
  WB_TRY(reference, read::text_if_any(at, "reference", kMostReason));
  act.reference = std::move(reference);
  return act;
}

Result<IncidentReported> read_incident_reported(const Reader& at) {
  WB_TRY_VOID(at.only({"occurred", "summary", "person", "reference"}));
  IncidentReported act;
  WB_TRY(occurred, read::instant(at, "occurred"));
  act.occurred = occurred;
  WB_TRY(summary, read::text(at, "summary", kMostReason, true));
  act.summary = std::move(summary);
  WB_TRY(person, read::text(at, "person", kMostLabel));
  act.person = std::move(person);
  WB_TRY(reference, read::text_if_any(at, "reference", kMostReason));
  act.reference = std::move(reference);
  return act;
}

}  // namespace

Result<AgreementWithdrawn> parse_agreement_withdrawn(std::string_view json) {
  return read::whole<AgreementWithdrawn>(json, kMostActBytes, read_agreement_withdrawn);
}
Result<CautionSaid> parse_caution_said(std::string_view json) {
  return read::whole<CautionSaid>(json, kMostActBytes, read_caution_said);
}
Result<ConsultationHeld> parse_consultation_held(std::string_view json) {
  return read::whole<ConsultationHeld>(json, kMostActBytes, read_consultation_held);
}
Result<IncidentReported> parse_incident_reported(std::string_view json) {
  return read::whole<IncidentReported>(json, kMostActBytes, read_incident_reported);
}

std::string to_json(const AgreementWithdrawn& act) {
  Writer writer;
  writer.begin_object().key("reason").string(act.reason);
  if (act.effect) writer.key("effect").string(base::to_short_text(*act.effect));
  return writer.end_object().take();
}

std::string to_json(const CautionSaid& act) {
  Writer writer;
  writer.begin_object().key("clause").string(act.clause).key("person").string(act.person);
  return writer.end_object().take();
}

std::string to_json(const ConsultationHeld& act) {
  Writer writer;
  writer.begin_object().key("held").string(base::to_short_text(act.held)).key("participants").begin_array();
  for (const std::string& each : act.participants) writer.string(each);
  writer.end_array();
  read::write_text_if_any(writer, "reference", act.reference);
  return writer.end_object().take();
}

std::string to_json(const IncidentReported& act) {
  Writer writer;
  writer.begin_object().key("occurred").string(base::to_short_text(act.occurred));
  writer.key("summary").string(act.summary).key("person").string(act.person);
  read::write_text_if_any(writer, "reference", act.reference);
  return writer.end_object().take();
}

}  // namespace wideberth::model
