// Agreements that name the reader.
#include "api/read.h"
#include "base/bytes.h"
#include "base/id.h"
#include "core/disclosure.h"
#include "core/pact_rules.h"

namespace wideberth::api {

using base::refuse;
using base::Rule;

namespace {

bool names_reader(const core::AgreementState& agreement, const std::string& reader) {
  return agreement.agreement->find_party(reader) != nullptr;
}

/// The agreement as this reader may see it: a copy without what is not theirs to read.
struct SeenAgreement {
  core::AgreementState agreement;
  bool text = true;  ///< its words may be shown
  core::Pact pact{};
  std::vector<std::pair<std::string, bool>> caution{};  ///< clause, and whether it is in force
};

SeenAgreement seen_by(const Sight& sight, const core::AgreementState& agreement) {
  SeenAgreement seen{agreement, core::may_see_text(agreement, sight.party)};
  const auto hidden = [&](const auto& each) { return !core::may_read(sight.now, each.entry, sight.party); };
  std::erase_if(seen.agreement.readings, hidden);
  if (const core::Pact* pact = sight.then.pacts.find(agreement.id)) seen.pact = *pact;
  std::erase_if(seen.pact.withdrawals, [&](const auto& each) { return hidden(each.second); });
  std::erase_if(seen.pact.consultations, hidden);
  std::erase_if(seen.pact.reports, hidden);
  for (auto& [clause, joined] : seen.pact.joined) {
    std::erase_if(joined, [&](const auto& each) { return !core::may_read(sight.now, each.second, sight.party); });
    seen.caution.emplace_back(clause, core::caution_in_force(sight.then, agreement, clause));
  }
  return seen;
}

void write_pact(json::Writer& w, const SeenAgreement& seen) {
  w.key("withdrawals").begin_object();
  for (const auto& [party, withdrawal] : seen.pact.withdrawals) {
    w.key(party).begin_object();
    write_index(w, "entry", withdrawal.entry);
    write_instant(w, "effect", withdrawal.effect);
    write_index_or_null(w, "left", withdrawal.left).end_object();
  }
  w.end_object().key("caution").begin_array();
  for (const auto& [clause, in_force] : seen.caution) {
    w.begin_object().key("clause").string(clause).key("joined").begin_object();
    for (const auto& [party, entry] : seen.pact.joined.at(clause)) write_index(w, party, entry);
    w.end_object().key("in_force").boolean(in_force).end_object();
  }
  w.end_array().key("consultations").begin_array();
  for (const core::ConsultationState& each : seen.pact.consultations) {
    w.begin_object();
    write_index(w, "entry", each.entry).key("party").string(each.party).key("said");
    each.said ? w.raw(model::to_json(*each.said)) : w.null();
    w.end_object();
  }
  w.end_array().key("reports").begin_array();
  for (const core::IncidentReportState& each : seen.pact.reports) {
    w.begin_object();
    write_index(w, "entry", each.entry).key("party").string(each.party);
    write_index_or_null(w, "answers", each.answers).key("said");
    each.said ? w.raw(model::to_json(*each.said)) : w.null();
    w.end_object();
  }
  w.end_array();
}

void write_agreement(json::Writer& w, const SeenAgreement& seen) {
  const core::AgreementState& agreement = seen.agreement;
  w.key("id").string(agreement.id);
  write_index(w, "proposed", agreement.proposed);
  w.key("proposer").string(agreement.proposer).key("document").string(ledger::to_base64(agreement.document));
  w.key("signatures").begin_object();
  for (const auto& [party, entry] : agreement.signatures) write_index(w, party, entry);
  w.end_object().key("relayed").begin_object();
  for (const auto& [party, entry] : agreement.relayed) write_index(w, party, entry);
  w.end_object();
  write_index_or_null(w, "in_force", agreement.in_force);
  agreement.superseded_by ? w.key("superseded_by").string(*agreement.superseded_by) : w.key("superseded_by").null();
  w.key("readings").begin_array();
  for (const core::ReadingState& reading : agreement.readings) {
    w.begin_object();
    write_index(w, "entry", reading.entry).key("party").string(reading.party);
    w.key("reading");
    seen.text ? w.raw(model::to_json(reading.reading)) : w.null();
    w.end_object();
  }
  w.end_array();
  write_pact(w, seen);
  w.key("agreement");
  seen.text ? w.raw(model::to_json(*agreement.agreement)) : w.null();
}

Result<Telling> look_at_agreements(const Sight& sight, const http::Request& request) {
  WB_TRY(page, read_page(request));
  std::vector<SeenAgreement> seen;
  std::optional<std::string> next;
  for (auto at = sight.then.agreements.upper_bound(page.after); at != sight.then.agreements.end() && !next; ++at) {
    if (!names_reader(at->second, sight.party)) continue;
    if (seen.size() == page.count)
      next = seen.back().agreement.id;
    else
      seen.push_back(seen_by(sight, at->second));
  }
  return Telling{[seen = std::move(seen), next](json::Writer& w) {
    w.key("agreements").begin_array();
    for (const SeenAgreement& agreement : seen) {
      w.begin_object();
      write_agreement(w, agreement);
      w.end_object();
    }
    w.end_array();
    write_next(w, next);
  }};
}

Result<Telling> look_at_agreement(const Sight& sight, const http::Request& request) {
  const std::string& asked = request.parameter("id");
  WB_TRY(id, base::index_of(asked));
  const core::AgreementState* found = sight.then.agreement(base::id_of(id.kind, id.index));
  if (found == nullptr || !names_reader(*found, sight.party))
    return refuse(Rule::id_unknown, "\"" + base::excerpt(asked) + "\"", "the id of an agreement that names " + sight.party);
  return Telling{[seen = seen_by(sight, *found)](json::Writer& w) { write_agreement(w, seen); }};
}

}  // namespace

Routes agreement_routes(const ServicePtr& service) {
  http::Route list = row("GET", "/v1/agreements", "list_agreements", "The agreements that name the reader.");
  list.session = true;
  list.query = {"as-of", "count", "after"};
  list.handler = state_read(service, look_at_agreements);
  http::Route one = row("GET", "/v1/agreements/{id}", "read_agreement", "One agreement that names the reader.");
  one.session = true;
  one.query = {"as-of"};
  one.handler = state_read(service, look_at_agreement);
  return {list, one};
}

}  // namespace wideberth::api
