#include "model/acts.h"

#include <algorithm>
#include <array>

#include "geo/text.h"
#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr std::array<std::string_view, 3> kAnswerNames = {"no objection", "agreed", "not agreed"};
constexpr std::array<std::string_view, 5> kOutcomeNames = {"facilitated", "impeded", "delayed", "denied", "cancelled"};
/// A grid reference names a square of 1 m by its centre, and dms is rounded to 0.3 m.
constexpr double kEchoTolerance_m = 2.0;
constexpr int kMetreDigits = 5;

Result<Received> read_received(const Reader& at) {
  WB_TRY_VOID(at.only({"view"}));
  WB_TRY(view, read::hash(at, "view"));
  return Received{view};
}

Result<PlaceEcho> read_echo(const Reader& at) {
  WB_TRY_VOID(at.only({"place", "dd", "dms", "mgrs"}));
  WB_TRY(place_at, at.member("place"));
  WB_TRY(place, read::place(place_at));
  bool said = false;
  for (const auto name : {"dd", "dms", "mgrs"}) {
    const auto text_at = at.find(name);
    if (!text_at) continue;
    WB_TRY(text, text_at->text(kMostLabel));
    WB_TRY(named, read::placed(*text_at, geo::parse_place(text)));
    if (!(geo::distance_m(named, place) <= kEchoTolerance_m))
      return text_at->refuse(base::Rule::echo_disagrees, "\"" + base::excerpt(text) + "\"", geo::to_dd(place));
    said = true;
  }
  if (!said) return at.refuse(base::Rule::json_member_missing, "a place without a text", "one of dd, dms, mgrs");
  return PlaceEcho{place};
}

/// An acknowledgement of receipt with a condition would be an answer under another name.
Result<void> refuse_conditions(const Reader& at) {
  constexpr std::array<std::string_view, 3> kKnown = {"person", "post", "echo"};
  for (const auto& [name, value] : at.members())
    if (std::find(kKnown.begin(), kKnown.end(), name) == kKnown.end())
      return value.refuse(base::Rule::acknowledgement_conditional, "\"" + base::excerpt(name) + "\"", "person, post, echo");
  return {};
}

Result<Acknowledged> read_acknowledged(const Reader& at) {
  WB_TRY_VOID(refuse_conditions(at));
  Acknowledged act;
  WB_TRY(person, read::text(at, "person", kMostLabel));
  act.person = std::move(person);
  WB_TRY(post, read::text(at, "post", kMostLabel));
  act.post = std::move(post);
  WB_TRY(echo_at, at.member("echo"));
  WB_TRY(echo, echo_at.elements(0, kMostEchoes));
  for (const auto& each : echo) {
    WB_TRY(place, read_echo(each));
    act.echo.push_back(place);
  }
  return act;
}

Result<Objected> read_objected(const Reader& at) {
  WB_TRY_VOID(at.only({"person", "reason", "clause"}));
  WB_TRY(person, read::text(at, "person", kMostLabel));
  WB_TRY(reason, read::text(at, "reason", kMostReason, true));
  WB_TRY(clause, read::text_if_any(at, "clause", kMostClause));
  return Objected{std::move(person), std::move(reason), std::move(clause)};
}

Result<Answered> read_answered(const Reader& at) {
  WB_TRY_VOID(at.only({"answer", "person", "reason"}));
  WB_TRY(answer_at, at.member("answer"));
  WB_TRY(answer, read::word<AnswerWord>(answer_at, kAnswerNames));
  WB_TRY(person, read::text(at, "person", kMostLabel));
  WB_TRY(reason, read::text_if_any(at, "reason", kMostReason, true));
  if (answer == AnswerWord::not_agreed && reason.find_first_not_of(" \n") == std::string::npos)
    return at.refuse(base::Rule::reason_missing, "\"not agreed\" without a reason", "\"reason\"");
  return Answered{answer, std::move(person), std::move(reason)};
}

Result<UnitInformed> read_unit_informed_act(const Reader& at) {
  WB_TRY_VOID(at.only({"post", "person", "slip"}));
  WB_TRY(post, read::text(at, "post", kMostLabel));
  WB_TRY(person, read::text(at, "person", kMostLabel));
  WB_TRY(slip, read::text_if_any(at, "slip", kMostShortName));
  return UnitInformed{std::move(post), std::move(person), std::move(slip)};
}

Result<Withdrawn> read_withdrawn(const Reader& at) {
  WB_TRY_VOID(at.only({"reason"}));
  WB_TRY(reason, read::text(at, "reason", kMostReason, true));
  return Withdrawn{std::move(reason)};
}

Result<Completed> read_completed(const Reader& at) {
  WB_TRY_VOID(at.only({"note"}));
  if (!at.is_object()) return at.refuse(base::Rule::json_kind, "no object", "an object");
  WB_TRY(note, read::text_if_any(at, "note", kMostReason, true));
  return Completed{std::move(note)};
}

Result<Outcome> read_outcome(const Reader& at) {
  WB_TRY_VOID(at.only({"outcome", "note"}));
  WB_TRY(outcome_at, at.member("outcome"));
  WB_TRY(outcome, read::word<OutcomeWord>(outcome_at, kOutcomeNames));
  WB_TRY(note, read::text_if_any(at, "note", kMostReason, true));
  return Outcome{outcome, std::move(note)};
}

}  // namespace

std::string_view name_of(AnswerWord word) noexcept { return kAnswerNames[static_cast<std::size_t>(word)]; }
std::string_view name_of(OutcomeWord word) noexcept { return kOutcomeNames[static_cast<std::size_t>(word)]; }

Result<Received> parse_received(std::string_view json) { return read::whole<Received>(json, kMostActBytes, read_received); }
Result<Acknowledged> parse_acknowledged(std::string_view json) {
  return read::whole<Acknowledged>(json, kMostActBytes, read_acknowledged);
}
Result<Objected> parse_objected(std::string_view json) { return read::whole<Objected>(json, kMostActBytes, read_objected); }
Result<Answered> parse_answered(std::string_view json) { return read::whole<Answered>(json, kMostActBytes, read_answered); }
Result<UnitInformed> parse_unit_informed(std::string_view json) {
  return read::whole<UnitInformed>(json, kMostActBytes, read_unit_informed_act);
}
Result<Withdrawn> parse_withdrawn(std::string_view json) { return read::whole<Withdrawn>(json, kMostActBytes, read_withdrawn); }
Result<Completed> parse_completed(std::string_view json) { return read::whole<Completed>(json, kMostActBytes, read_completed); }
Result<Outcome> parse_outcome(std::string_view json) { return read::whole<Outcome>(json, kMostActBytes, read_outcome); }

std::string to_json(const Received& act) {
  Writer writer;
  writer.begin_object().key("view").string(ledger::to_base64(act.view)).end_object();
  return writer.take();
}

std::string to_json(const Acknowledged& act) {
  Writer writer;
  writer.begin_object().key("person").string(act.person).key("post").string(act.post).key("echo").begin_array();
  for (const auto& each : act.echo) {
    writer.begin_object().key("place");
    read::write_place(writer, each.place);
    writer.key("dd").string(geo::to_dd(each.place)).key("dms").string(geo::to_dms(each.place));
    writer.key("mgrs").string(geo::to_mgrs(each.place, kMetreDigits)).end_object();
  }
  writer.end_array().end_object();
  return writer.take();
}

std::string to_json(const Objected& act) {
  Writer writer;
  writer.begin_object().key("person").string(act.person).key("reason").string(act.reason);
  read::write_text_if_any(writer, "clause", act.clause);
  writer.end_object();
  return writer.take();
}

std::string to_json(const Answered& act) {
  Writer writer;
  writer.begin_object().key("answer").string(name_of(act.answer)).key("person").string(act.person);
  read::write_text_if_any(writer, "reason", act.reason);
  writer.end_object();
  return writer.take();
}

std::string to_json(const UnitInformed& act) {
  Writer writer;
  writer.begin_object().key("post").string(act.post).key("person").string(act.person);
  read::write_text_if_any(writer, "slip", act.slip);
  writer.end_object();
  return writer.take();
}

std::string to_json(const Withdrawn& act) {
  Writer writer;
  writer.begin_object().key("reason").string(act.reason).end_object();
  return writer.take();
}

std::string to_json(const Completed& act) {
  Writer writer;
  writer.begin_object();
  read::write_text_if_any(writer, "note", act.note);
  writer.end_object();
  return writer.take();
}

std::string to_json(const Outcome& act) {
  Writer writer;
  writer.begin_object().key("outcome").string(name_of(act.outcome));
  read::write_text_if_any(writer, "note", act.note);
  writer.end_object();
  return writer.take();
}

}  // namespace wideberth::model
