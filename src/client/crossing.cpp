#include "client/crossing.h"

#include <algorithm>
#include <array>

#include "base/bytes.h"
#include "model/keys.h"
#include "model/opening.h"
#include "model/paper.h"

namespace wideberth::client {
namespace {

using base::refuse;
using base::Rule;
using Said = model::EntryKind;

constexpr std::array kCarried = {Said::notification_filed,    Said::notification_amended,       Said::notification_withdrawn,
                                 Said::notification_received, Said::notification_acknowledged,  Said::notification_objected,
                                 Said::notification_answered, Said::notification_unit_informed, Said::notification_completed,
                                 Said::notification_outcome,  Said::notification_suspended,     Said::notification_resumed,
                                 Said::notification_queried,  Said::notification_query_answered};

std::optional<Said> carried_kind(std::string_view name) {
  const auto kind = model::kind_named(name);
  if (!kind || std::find(kCarried.begin(), kCarried.end(), *kind) == kCarried.end()) return std::nullopt;
  return kind;
}

bool files(Said kind) { return kind == Said::notification_filed || kind == Said::notification_amended; }

/// Whether the server may hear another answer later: then the round ends and nothing is given up.
bool passes(const base::Refusal& why) {
  const base::Kind kind = base::kind_of(why.rule);
  return kind == base::Kind::unavailable || kind == base::Kind::too_many || kind == base::Kind::unauthenticated;
}

bool overtaken(const base::Refusal& why) { return why.rule == Rule::chain_number_used || why.rule == Rule::chain_gap; }

std::string_view part_of(model::View view) {
  switch (view) {
    case model::View::full: return model::kFullPart;
    case model::View::corridor: return model::kCorridorPart;
    case model::View::outline: return model::kOutlinePart;
    case model::View::conflict_only: return {};
  }
  return {};
}

}  // namespace

bool crosses(std::string_view kind) noexcept { return carried_kind(kind).has_value(); }

Result<CrossingStep> Crossing::round() {
  CrossingStep step;
  WB_TRY_VOID(begin(own_));
  WB_TRY_VOID(begin(other_));
  WB_TRY_VOID(check_keepers());
  WB_TRY_VOID(carry(step));
  WB_TRY_VOID(read(other_));
  WB_TRY_VOID(hold(step));
  return step;
}

Result<void> Crossing::check_keepers() const {
  if (own_.keeper != own_.desk.party())
    return refuse(Rule::direct_only, own_.desk.origin() + (own_.keeper.empty() ? " has no keeper" : " is kept by " + own_.keeper),
                  "a direct log that " + own_.desk.party() + " keeps", "--server");
  if (other_.keeper.empty() || other_.keeper == own_.keeper)
    return refuse(Rule::direct_only,
                  other_.desk.origin() + (other_.keeper.empty() ? " has no keeper" : " is kept by " + other_.keeper),
                  "a direct log that another side keeps", "--other");
  return {};
}

/// The chain first, then the log: see Desk::file_at.
Result<void> Crossing::begin(Side& side) {
  WB_TRY(chain, side.desk.read_chain());
  side.chain = chain;
  return read(side);
}

Result<void> Crossing::read(Side& side) {
  WB_TRY(now, side.desk.get("/v1/agreements"));
  const json::Reader at(now);
  WB_TRY(as_of_at, at.member("as_of"));
  WB_TRY(as_of, as_of_at.integer(0, std::int64_t{1} << 52));
  for (; side.next <= static_cast<std::uint64_t>(as_of); ++side.next) {
    auto found = side.desk.entry(EntryIndex{side.next});
    if (!found && found.error().rule == Rule::entry_unknown) continue;  // not ours to read
    if (!found) return tl::make_unexpected(std::move(found).error());
    WB_TRY_VOID(take(side, *found));
  }
  return {};
}

Result<void> Crossing::take(Side& side, const Read& read) {
  Known known{read.text.kind, std::string(model::party_of_key(read.text.signer)), read.text.refs, {}};
  for (const ledger::PartLine& part : read.text.parts) known.parts.push_back(part.commitment);
  if (carried_kind(known.kind))
    for (const ledger::Hash& part : known.parts) side.by_part.emplace(part, read.index);
  const std::string* full = read.part(model::kFullPart);
  if (read.index.value == 0 && full != nullptr) {
    WB_TRY(opening, model::parse_opening(*full));
    if (opening.direct) side.keeper = opening.direct->keeper;
  }
  if (known.kind == name_of(Said::notification_delivered) && !read.text.to.empty() && !read.text.refs.empty() &&
      read.text.to.front() == side.desk.party())
    side.delivered[read.text.refs.front()] = read.index;
  if (known.kind == name_of(Said::entry_crossed) && full != nullptr) {
    WB_TRY(crossed, model::parse_crossed(*full));
    held_.emplace(std::move(crossed.origin), crossed.index);
  }
  side.entries.emplace(read.index, std::move(known));
  return {};
}

std::optional<EntryIndex> Crossing::over_there(EntryIndex own) const {
  const auto known = own_.entries.find(own);
  if (known == own_.entries.end()) return std::nullopt;
  if (known->second.kind == name_of(Said::notification_delivered)) {
    if (known->second.refs.empty()) return std::nullopt;
    const auto revision = over_there(known->second.refs.front());
    const auto at = revision ? other_.delivered.find(*revision) : other_.delivered.end();
    return at == other_.delivered.end() ? std::nullopt : std::optional(at->second);
  }
  for (const ledger::Hash& part : known->second.parts)
    if (const auto at = other_.by_part.find(part); at != other_.by_part.end()) return at->second;
  return std::nullopt;
}

bool Crossing::is_carried(EntryIndex own) const {
  const auto& parts = own_.entries.at(own).parts;
  return std::any_of(parts.begin(), parts.end(), [&](const ledger::Hash& part) { return other_.by_part.contains(part); });
}

/// The agreement of the same text there: its id differs, as ids say where in a log a thing stands.
Result<std::optional<EntryIndex>> Crossing::agreement_over_there(const AgreementView& own) {
  if (const auto known = agreements_.find(own.id); known != agreements_.end()) return std::optional(known->second);
  WB_TRY(list, other_.desk.get("/v1/agreements"));
  const json::Reader at(list);
  WB_TRY(all_at, at.member("agreements"));
  WB_TRY(all, all_at.elements(0, 100'000));
  for (const json::Reader& each : all) {
    WB_TRY(document_at, each.member("document"));
    WB_TRY(document, document_at.string(64));
    WB_TRY(in_force, each.member("in_force"));
    if (document != ledger::to_base64(own.document) || in_force.is_null()) continue;
    WB_TRY(proposed_at, each.member("proposed"));
    WB_TRY(proposed, proposed_at.integer(0, std::int64_t{1} << 52));
    const EntryIndex found{static_cast<std::uint64_t>(proposed)};
    agreements_.emplace(own.id, found);
    return std::optional(found);
  }
  return std::optional<EntryIndex>();
}

Result<std::optional<Act>> Crossing::act_of(const Read& read) {
  Act act;
  act.kind = *carried_kind(read.text.kind);
  act.to = {other_.keeper};
  act.occurred = read.text.occurred.value_or(read.text.at);
  std::string_view part = model::kFullPart;
  std::optional<EntryIndex> ref;
  if (files(act.kind)) {
    const std::string* full = read.part(model::kFullPart);
    if (full == nullptr) return std::optional<Act>();
    WB_TRY(notification, model::parse_feature(*full));
    WB_TRY(agreement, read_agreement(own_.desk, notification.agreement));
    part = part_of(agreement.agreement.disclosure(own_.desk.party(), other_.keeper).view);
    WB_TRY(proposed, agreement_over_there(agreement));
    ref = proposed;
  }
  if (act.kind != Said::notification_filed) ref = read.text.refs.empty() ? std::nullopt : over_there(read.text.refs.front());
  if (!ref || part.empty()) return std::optional<Act>();
  act.refs = {*ref};
  for (const KeptPart& each : read.parts)
    if (each.name == part) act.parts.push_back(ActPart{each.name, each.json, each.media_type, each.salt});
  if (act.parts.empty()) return std::optional<Act>();
  for (const KeptPart& each : read.parts)  // how and by whom it was done on paper
    if (each.name == model::kPaperPart && each.name != part)
      act.parts.push_back(ActPart{each.name, each.json, each.media_type, each.salt});
  return std::optional(std::move(act));
}

Result<void> Crossing::carry(CrossingStep& step) {
  for (const auto& [index, known] : own_.entries) {
    if (known.party != own_.desk.party() || !carried_kind(known.kind) || given_up_.contains(index) || is_carried(index)) continue;
    WB_TRY(said, own_.desk.entry(index));
    WB_TRY(act, act_of(said));
    if (!act) {
      ++step.waiting;
      continue;
    }
    auto filed = other_.desk.file_at(*act, other_.chain);
    if (!filed && passes(filed.error())) return tl::make_unexpected(std::move(filed).error());
    if (!filed && overtaken(filed.error())) return {};  // the next round looks again
    if (!filed) {
      given_up_.insert(index);
      filed.error().where = "entry " + std::to_string(index.value) + " of " + own_.desk.origin();
      step.refused.push_back(std::move(filed).error());
      return begin(other_);
    }
    ++step.carried;
    // What comes after may speak of it.
    WB_TRY_VOID(read(other_));
  }
  return {};
}

Result<void> Crossing::hold(CrossingStep& step) {
  for (const auto& [index, known] : other_.entries) {
    if (held_.contains({other_.desk.origin(), index})) continue;
    WB_TRY(shown, other_.desk.entry(index));
    model::Crossed crossed{other_.desk.origin(), index, shown.leaf, shown.receipt, {}};
    Act act;
    act.kind = Said::entry_crossed;
    act.parts = {ActPart{std::string(model::kFullPart), model::to_json(crossed)}};
    for (const ledger::Hash& part : known.parts)
      if (const auto at = own_.by_part.find(part); act.refs.empty() && at != own_.by_part.end()) act.refs = {at->second};
    auto filed = own_.desk.file_at(act, own_.chain);
    if (!filed && overtaken(filed.error())) return {};  // the next round looks again
    if (!filed && filed.error().rule != Rule::crossed_already) return tl::make_unexpected(std::move(filed).error());
    held_.emplace(other_.desk.origin(), index);
    if (!filed) return begin(own_);
    ++step.held;
  }
  return {};
}

}  // namespace wideberth::client
