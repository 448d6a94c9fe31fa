// Rulings on keys and agreements.
#include <algorithm>

#include "base/bytes.h"
#include "base/id.h"
#include "core/rulings.h"

namespace wideberth::core {
namespace {

using base::refuse;

/// The key that a root key's note is about: of the same party, and not the root itself.
Result<const KeyState*> own_key(const Question& q, const std::string& name) {
  const KeyState* key = q.state.key(name);
  if (key == nullptr || key->party != q.party())
    return refuse(Rule::key_unknown, "\"" + base::excerpt(name) + "\"", "a key that " + q.party() + " has added", "/key");
  if (key->root) return refuse(Rule::key_root_stays, "\"" + name + "\"", "a key other than the root key", "/key");
  if (key->compromised_since)
    return refuse(Rule::key_not_valid,
                  "\"" + name + "\" is stated compromised since entry " + std::to_string(key->compromised_since->value), {},
                  "/key");
  return key;
}

Result<const AgreementState*> referenced_agreement(const Question& q) {
  WB_TRY(ref, only_reference(q.note));
  const AgreementState* agreement = q.state.agreement(base::id_of(base::IdKind::agreement, ref));
  if (agreement == nullptr)
    return refuse(Rule::agreement_unknown, "entry " + std::to_string(ref.value) + " proposes no agreement",
                  "ref: the entry that proposed it");
  const model::Party* member = agreement->agreement->find_party(q.party());
  if (member == nullptr || member->role != model::Role::party)
    return refuse(Rule::agreement_not_party, q.party() + " is no party to " + agreement->id, "its parties in the role of party");
  WB_TRY_VOID(check_not_left(q.state, *agreement, q.party()));
  return agreement;
}

/// A notification has one part "outline", so all who get the outline of one party's get it at one grain.
Result<void> check_one_grain(const model::Agreement& agreement) {
  for (const model::Party& from : agreement.parties) {
    std::optional<model::Agreement::Disclosed> first;
    for (const model::Party& to : agreement.parties) {
      const auto disclosed = agreement.disclosure(from.party, to.party);
      if (from.party == to.party || disclosed.view != model::View::outline) continue;
      if (first && (first->cell_e7 != disclosed.cell_e7 || first->slot != disclosed.slot))
        return refuse(
            Rule::disclosure_grain,
            "clauses " + first->clause + " and " + disclosed.clause + " show outlines of " + from.party + " at two grains",
            "one cell and slot for all outlines of a party", "/rules");
      if (!first) first = disclosed;
    }
  }
  return {};
}

/// Where no neutral holds both plans, a side that shows nothing cannot be kept apart from.
Result<void> check_shown(const model::Agreement& agreement) {
  for (const model::Party& from : agreement.parties)
    for (const model::Party& to : agreement.parties) {
      if (from.role != model::Role::party || to.role != model::Role::party || from.party == to.party) continue;
      if (agreement.disclosure(from.party, to.party).view == model::View::conflict_only)
        return refuse(Rule::direct_view, from.party + " shows " + to.party + " conflicts alone",
                      "a disclosure rule that gives an outline or more, or a log kept by a neutral", "/rules");
    }
  return {};
}

}  // namespace

Ruling rule_key_added(const Question& q) {
  WB_TRY(full, full_part(q.note));
  WB_TRY(added, model::parse_key_added(full));
  const std::string& name = added.key.name;
  if (name.rfind(q.party() + "/", 0) != 0 || name.size() == q.party().size() + 1)
    return refuse(Rule::key_name_mismatch, "\"" + base::excerpt(name) + "\"", q.party() + "/ and the name of the desk", "/key");
  if (q.state.key(name) != nullptr)
    return refuse(Rule::key_name_taken, "\"" + name + "\"", "a name never used before, such as " + name + "-2", "/key");
  return std::vector<Draft>{};
}

Ruling rule_key_revoked(const Question& q) {
  WB_TRY(full, full_part(q.note));
  WB_TRY(revoked, model::parse_key_revoked(full));
  WB_TRY(key, own_key(q, revoked.key));
  if (key->revoked) return refuse(Rule::key_not_valid, "\"" + revoked.key + "\" is revoked already", {}, "/key");
  return std::vector<Draft>{};
}

Ruling rule_key_compromised(const Question& q) {
  WB_TRY(full, full_part(q.note));
  WB_TRY(compromised, model::parse_key_compromised(full));
  // A theft is often learnt after the key was revoked, so a revoked key can still be stated compromised.
  WB_TRY(key, own_key(q, compromised.key));
  if (compromised.since < key->added || compromised.since >= q.index())
    return refuse(Rule::note_references, "since " + std::to_string(compromised.since.value),
                  "an entry from " + std::to_string(key->added.value) + ", where the key was added, to the latest", "/since");
  return std::vector<Draft>{};
}

Ruling rule_agreement_proposed(const Question& q) {
  WB_TRY(full, full_part(q.note));
  WB_TRY(agreement, model::parse_agreement(full));
  for (const model::Party& member : agreement.parties) {
    const auto role = q.state.role_of(member.party);
    if (!role)
      return refuse(Rule::recipient_unknown, "\"" + member.party + "\"", "parties that this log was opened with", "/parties");
    if (member.role == model::Role::party && *role != model::Role::party)
      return refuse(Rule::agreement_not_party, member.party + " opened this log as " + std::string(model::name_of(*role)), {},
                    "/parties");
    const auto& to = q.note.text.to;
    if (member.party != q.party() && std::find(to.begin(), to.end(), member.party) == to.end())
      return refuse(Rule::recipient_missing, "\"" + member.party + "\" is not in `to`", "every party that the agreement names",
                    "to");
  }
  const model::Party* own = agreement.find_party(q.party());
  if (own == nullptr || own->role == model::Role::observer)
    return refuse(Rule::agreement_not_party, q.party() + " is no party to what it proposes",
                  "a proposal by a party or the mediator", "/parties");
  WB_TRY_VOID(check_one_grain(agreement));
  if (q.state.opening->direct) WB_TRY_VOID(check_shown(agreement));
  if (agreement.supersedes) {
    const AgreementState* before = q.state.agreement(*agreement.supersedes);
    if (before == nullptr || !before->holds())
      return refuse(Rule::agreement_unknown, "\"" + base::excerpt(*agreement.supersedes) + "\"",
                    "the id of an agreement in force", "/supersedes");
    // Whoever is bound by the agreement before must sign the one that takes its place.
    for (const model::Party& bound : before->agreement->parties) {
      if (bound.role != model::Role::party || q.state.pacts.has_left(before->id, bound.party)) continue;
      const model::Party* still = agreement.find_party(bound.party);
      if (still == nullptr || still->role != model::Role::party)
        return refuse(Rule::agreement_not_party, bound.party + " is a party to " + before->id + " and not to what supersedes it",
                      "every party of " + before->id, "/supersedes");
    }
  }
  return std::vector<Draft>{};
}

Ruling rule_agreement_signed(const Question& q) {
  WB_TRY(agreement, referenced_agreement(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(signature, model::parse_agreement_signed(full));
  if (signature.agreement != agreement->id)
    return refuse(Rule::agreement_unknown, "\"" + base::excerpt(signature.agreement) + "\"", agreement->id, "/agreement");
  if (signature.document != agreement->document)
    return refuse(Rule::agreement_document, "another document",
                  "the hash of the document proposed: " + ledger::to_base64(agreement->document), "/document");
  if (agreement->signatures.contains(q.party()))
    return refuse(Rule::answered_already, q.party() + " has signed " + agreement->id);
  if (const auto& before = agreement->agreement->supersedes)
    if (const AgreementState* superseded = q.state.agreement(*before); superseded == nullptr || !superseded->holds())
      return refuse(Rule::agreement_unknown, *before + " does not hold any more, so nothing can supersede it",
                    "a proposal that supersedes the agreement in force");
  return std::vector<Draft>{};
}

Ruling rule_agreement_reading(const Question& q) {
  WB_TRY(agreement, referenced_agreement(q));
  WB_TRY(full, full_part(q.note));
  WB_TRY(reading, model::parse_agreement_reading(full));
  for (const model::Rule& clause : agreement->agreement->rules)
    if (clause.clause == reading.clause) {
      WB_TRY_VOID(check_means(q, *agreement, clause, reading.means));
      return std::vector<Draft>{};
    }
  return refuse(Rule::agreement_clause, "clause \"" + base::excerpt(reading.clause) + "\"", "a clause of " + agreement->id,
                "/clause");
}

}  // namespace wideberth::core
