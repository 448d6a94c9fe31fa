#include "client/acts.h"

#include <algorithm>

#include "json/writer.h"
#include "model/disclosure.h"

namespace wideberth::client {
namespace {

using base::refuse;
using base::Rule;
using json::Reader;

constexpr std::int64_t kMostIndex = std::int64_t{1} << 53;
constexpr std::size_t kMostWord = 256;
constexpr std::size_t kMostQuestion = 2000;

Result<EntryIndex> index_of(const Reader& from, std::string_view name) {
  WB_TRY(member, from.member(name));
  WB_TRY(value, member.integer(0, kMostIndex));
  return EntryIndex{static_cast<std::uint64_t>(value)};
}

Result<std::optional<EntryIndex>> index_if_any(const Reader& from, std::string_view name) {
  if (!from.find(name)) return std::optional<EntryIndex>();
  WB_TRY(index, index_of(from, name));
  return std::optional<EntryIndex>(index);
}

Result<std::string> word(const Reader& from, std::string_view name) {
  WB_TRY(member, from.member(name));
  return member.text(kMostWord);
}

Result<ledger::Hash> hash(const Reader& from, std::string_view name) {
  WB_TRY(text, word(from, name));
  return ledger::hash_from_base64(text);
}

Result<HandlingView> read_handling(const Reader& from) {
  HandlingView handling;
  WB_TRY(delivered, index_of(from, "delivered"));
  WB_TRY(bytes, hash(from, "bytes"));
  handling.delivered = delivered;
  handling.bytes = bytes;
  const std::pair<const char*, std::optional<EntryIndex>*> facts[] = {{"received", &handling.received},
                                                                      {"acknowledged", &handling.acknowledged},
                                                                      {"answered", &handling.answered},
                                                                      {"objected", &handling.objected},
                                                                      {"unit_informed", &handling.unit_informed}};
  for (const auto& [name, into] : facts) {
    WB_TRY(fact, index_if_any(from, name));
    *into = fact;
  }
  return handling;
}

Result<void> read_revision(const Reader& from, MovementView& movement) {
  WB_TRY(entry, index_of(from, "entry"));
  movement.revision = entry;
  WB_TRY(view, word(from, "view"));
  movement.view = view;
  WB_TRY(slip, word(from, "slip_code"));
  movement.slip_code = slip;
  if (view != name_of(model::View::outline)) {
    WB_TRY(member, from.member("feature"));
    WB_TRY(feature, model::parse_feature(member));
    movement.feature = std::move(feature);
  }
  WB_TRY(handling, from.member("handling"));
  for (const auto& [recipient, each] : handling.members()) {
    WB_TRY(read, read_handling(each));
    movement.handling.emplace(recipient, read);
  }
  return {};
}

std::vector<ActPart> full(std::string json) {
  std::vector<ActPart> parts;
  parts.push_back(ActPart{std::string(model::kFullPart), std::move(json)});
  return parts;
}

Act act(model::EntryKind kind, std::vector<std::string> to, std::vector<EntryIndex> refs, std::string json) {
  Act made;
  made.kind = kind;
  made.to = std::move(to);
  made.refs = std::move(refs);
  made.parts = full(std::move(json));
  return made;
}

std::vector<std::string> others(const model::Agreement& agreement, const std::string& self) {
  std::vector<std::string> to;
  for (const model::Party& member : agreement.parties)
    if (member.party != self) to.push_back(member.party);
  return to;
}

/// Everybody to whom the revision was delivered.
std::vector<std::string> recipients(const MovementView& movement) {
  std::vector<std::string> to;
  for (const auto& [recipient, handling] : movement.handling) to.push_back(recipient);
  return to;
}

bool has_left(const AgreementView& agreement, const std::string& party) {
  return std::find(agreement.left.begin(), agreement.left.end(), party) != agreement.left.end();
}

Result<Act> notification(const Desk& desk, model::EntryKind kind, const AgreementView& agreement,
                         model::Notification notification) {
  notification.party = desk.party();
  notification.agreement = agreement.id;
  Act made;
  made.kind = kind;
  made.parts = full(model::to_json(notification));
  bool corridor = false;
  std::optional<model::Agreement::Disclosed> outline;
  for (const model::Party& member : agreement.agreement.parties) {
    if (member.party == desk.party() || has_left(agreement, member.party)) continue;
    const auto disclosed = agreement.agreement.disclosure(desk.party(), member.party);
    if (disclosed.view == model::View::conflict_only) continue;
    made.to.push_back(member.party);
    corridor = corridor || disclosed.view == model::View::corridor;
    if (disclosed.view == model::View::outline) outline = disclosed;
  }
  if (corridor) made.parts.push_back(ActPart{std::string(model::kCorridorPart), model::corridor_of(notification)});
  if (outline) {
    WB_TRY(coarse, model::outline_of(notification, outline->cell_e7, outline->slot));
    made.parts.push_back(ActPart{std::string(model::kOutlinePart), std::move(coarse)});
  }
  return made;
}

}  // namespace

Result<AgreementView> read_agreement(Desk& desk, std::string_view id) {
  WB_TRY(value, desk.get("/v1/agreements/" + std::string(id)));
  const Reader root(value);
  AgreementView view;
  WB_TRY(name, word(root, "id"));
  WB_TRY(proposed, index_of(root, "proposed"));
  WB_TRY(document, hash(root, "document"));
  WB_TRY(agreement, root.member("agreement"));
  if (agreement.is_null())
    return refuse(Rule::agreement_not_party, "the text of " + name + " is confidential and not shown to " + desk.party(),
                  "a party to it, or a reader whom its text names");
  WB_TRY(parsed, model::parse_agreement(json::to_json(agreement.value())));
  view.id = name;
  view.proposed = proposed;
  view.document = document;
  view.in_force = root.find("in_force").has_value();
  WB_TRY(withdrawals, root.member("withdrawals"));
  for (const auto& [party, each] : withdrawals.members())
    if (each.find("left")) view.left.push_back(party);
  view.agreement = std::move(parsed);
  return view;
}

namespace {

Result<void> read_queries(const Reader& from, MovementView& movement) {
  WB_TRY(member, from.member("queries"));
  WB_TRY(list, member.elements(0, 100'000));
  for (const Reader& each : list) {
    MovementView::Query query;
    WB_TRY(entry, index_of(each, "entry"));
    query.entry = entry;
    WB_TRY(by, word(each, "by"));
    query.by = by;
    WB_TRY(question_at, each.member("question"));
    WB_TRY(question, question_at.text(kMostQuestion, true));
    query.question = question;
    query.answered = each.find("answered").has_value();
    movement.queries.push_back(std::move(query));
  }
  return {};
}

}  // namespace

Result<MovementView> read_movement(Desk& desk, std::string_view id) {
  WB_TRY(value, desk.get("/v1/movements/" + std::string(id)));
  const Reader root(value);
  MovementView movement;
  const std::pair<const char*, std::string*> words[] = {
      {"id", &movement.id}, {"party", &movement.party}, {"agreement", &movement.agreement}};
  for (const auto& [name, into] : words) {
    WB_TRY(text, word(root, name));
    *into = text;
  }
  WB_TRY(member, root.member("revisions"));
  WB_TRY(revisions, member.elements(1, 100'000));
  WB_TRY_VOID(read_revision(revisions.back(), movement));
  WB_TRY_VOID(read_queries(root, movement));
  return movement;
}

Result<Act> propose(const Desk& desk, std::string_view agreement_json) {
  WB_TRY(agreement, model::parse_agreement(agreement_json));
  return act(model::EntryKind::agreement_proposed, others(agreement, desk.party()), {}, std::string(agreement_json));
}

Act sign(const Desk& desk, const AgreementView& agreement) {
  return act(model::EntryKind::agreement_signed, others(agreement.agreement, desk.party()), {agreement.proposed},
             model::to_json(model::AgreementSigned{agreement.id, agreement.document}));
}

Act about_agreement(const Desk& desk, const AgreementView& agreement, model::EntryKind kind, std::string json,
                    const std::vector<EntryIndex>& further) {
  std::vector<std::string> to = others(agreement.agreement, desk.party());
  std::erase_if(to, [&](const std::string& each) { return has_left(agreement, each); });
  std::vector<EntryIndex> refs{agreement.proposed};
  refs.insert(refs.end(), further.begin(), further.end());
  return act(kind, std::move(to), std::move(refs), std::move(json));
}

Act state_reading(const Desk& desk, const AgreementView& agreement, const model::AgreementReading& reading) {
  return about_agreement(desk, agreement, model::EntryKind::agreement_reading, model::to_json(reading));
}

Result<Act> notify(const Desk& desk, const AgreementView& agreement, model::Notification filed) {
  return notification(desk, model::EntryKind::notification_filed, agreement, std::move(filed));
}

Result<Act> amend(const Desk& desk, const AgreementView& agreement, const MovementView& movement, model::Notification amended,
                  std::string reason) {
  amended.reason = std::move(reason);
  WB_TRY(made, notification(desk, model::EntryKind::notification_amended, agreement, std::move(amended)));
  made.refs.push_back(movement.revision);
  return std::move(made);
}

Result<Act> receive(Desk& desk, const MovementView& movement) {
  const auto own = movement.handling.find(desk.party());
  if (own == movement.handling.end())
    return refuse(Rule::movement_not_seen, movement.id + " was not delivered to " + desk.party());
  WB_TRY(notified, desk.entry(movement.revision));
  WB_TRY(delivery, desk.entry(own->second.delivered));
  const std::string* committed = delivery.part(model::kFullPart);
  const std::string* bytes = notified.part(movement.view);
  if (committed == nullptr || bytes == nullptr)
    return refuse(Rule::receipt_view, "the server does not show what it says it delivered");
  WB_TRY(delivered, model::parse_delivered(*committed));
  if (ledger::sha256(*bytes) != delivered.bytes)
    return refuse(Rule::receipt_view,
                  "the bytes at hand are not those that entry " + std::to_string(own->second.delivered.value) + " commits to",
                  "nothing; sign no receipt, and tell the other side and the operator");
  return act(model::EntryKind::notification_received, {movement.party}, {own->second.delivered},
             model::to_json(model::Received{delivered.bytes}));
}

Act acknowledge(const MovementView& movement, model::Acknowledged acknowledged) {
  if (acknowledged.echo.empty() && movement.feature) {
    const std::vector<geo::Place> places = model::places_of(*movement.feature);
    acknowledged.echo.push_back({places.front()});
    if (places.back() != places.front()) acknowledged.echo.push_back({places.back()});
  }
  return act(model::EntryKind::notification_acknowledged, {movement.party}, {movement.revision}, model::to_json(acknowledged));
}

Act object(const MovementView& movement, const model::Objected& objected) {
  return act(model::EntryKind::notification_objected, {movement.party}, {movement.revision}, model::to_json(objected));
}

Act answer(const MovementView& movement, const model::Answered& answered) {
  return act(model::EntryKind::notification_answered, {movement.party}, {movement.revision}, model::to_json(answered));
}

Act inform_unit(const MovementView& movement, const model::UnitInformed& informed) {
  return act(model::EntryKind::notification_unit_informed, {movement.party}, {movement.revision}, model::to_json(informed));
}

Act withdraw(const MovementView& movement, const std::string& reason) {
  return act(model::EntryKind::notification_withdrawn, recipients(movement), {movement.revision},
             model::to_json(model::Withdrawn{reason}));
}

Act complete(const MovementView& movement, const std::string& note) {
  return act(model::EntryKind::notification_completed, recipients(movement), {movement.revision},
             model::to_json(model::Completed{note}));
}

Act state_outcome(const Desk& desk, const MovementView& movement, const model::Outcome& outcome) {
  auto to = movement.party == desk.party() ? recipients(movement) : std::vector<std::string>{movement.party};
  return act(model::EntryKind::notification_outcome, std::move(to), {movement.revision}, model::to_json(outcome));
}

Act suspend(const MovementView& movement, const model::Suspended& suspended) {
  return act(model::EntryKind::notification_suspended, recipients(movement), {movement.revision}, model::to_json(suspended));
}

Act resume(const MovementView& movement, const std::string& note) {
  return act(model::EntryKind::notification_resumed, recipients(movement), {movement.revision},
             model::to_json(model::Resumed{note}));
}

Act query(const MovementView& movement, const model::Queried& queried) {
  return act(model::EntryKind::notification_queried, {movement.party}, {movement.revision}, model::to_json(queried));
}

Act answer_query(EntryIndex question, const std::string& asked_by, const model::QueryAnswered& answered) {
  return act(model::EntryKind::notification_query_answered, {asked_by}, {question}, model::to_json(answered));
}

Result<Act> report(const std::vector<model::Position>& positions, std::optional<EntryIndex> agreement_proposed) {
  WB_TRY(batch, model::encode_positions(positions));
  Act made;
  made.kind = model::EntryKind::positions_reported;
  if (agreement_proposed) made.refs.push_back(*agreement_proposed);
  made.parts.push_back(ActPart{std::string(model::kFullPart), std::move(batch), std::string(model::kPositionsMediaType)});
  return made;
}

}  // namespace wideberth::client
