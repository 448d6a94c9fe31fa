#include "core/applications.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "base/id.h"
#include "core/coordinates.h"
#include "core/deadlines.h"

namespace wideberth::core {
namespace {

using base::refuse;

auto strange(const Entry& entry, std::string_view why) {
  return refuse(Rule::log_entry_strange,
                "entry " + std::to_string(entry.index.value) + " (" + entry.text.kind + ") " + std::string(why));
}

NotificationState* find(State& state, EntryIndex revision) {
  const auto at = state.revision_of.find(revision);
  return at == state.revision_of.end() ? nullptr : &state.notifications.at(at->second);
}

Revision* find_revision(NotificationState& of, EntryIndex entry) {
  for (Revision& each : of.revisions)
    if (each.entry == entry) return &each;
  return nullptr;
}

/// Calls with every grain in which the latest revision is shown as cells and slots.
template <class Call>
void each_outline(const State& state, const NotificationState& of, const Revision& revision, const Call& call) {
  const AgreementState* agreement = state.agreement(of.agreement);
  if (agreement == nullptr || !revision.notification) return;
  for (const Grain& grain : coarse_grains(*agreement->agreement, of.party)) call(grain);
}

/// What was pending for a revision that is amended or ended no longer falls due.
void drop_pending(State& state, const NotificationState& of) {
  const Revision& revision = of.latest();
  for (const auto& [recipient, handling] : revision.handling)
    for (const DueKey& key : handling.owed) state.deadlines.erase(key);
  state.expiries.erase({revision.window.to, revision.entry});
  state.index.erase(revision.entry);
  for (std::size_t n = 0; n < revision.alternates.size(); ++n) state.alternates.erase(alternate_key(revision.entry, n));
  state.outlines_alone.erase(revision.entry);
  each_outline(state, of, revision,
               [&](const Grain& grain) { state.outlines.erase(revision.entry, *revision.notification, grain); });
}

void close_deadlines(State& state, const Handling& handling, std::initializer_list<model::DeadlineKind> kinds) {
  for (const DueKey& key : handling.owed)
    if (std::find(kinds.begin(), kinds.end(), std::get<model::DeadlineKind>(key)) != kinds.end()) state.deadlines.erase(key);
}

/// The revision that an entry states; across: as another side files it in a direct log, where agreement is that of this log
/// whatever the part, which is the same in its own log, says. One whose part was erased keeps its entry, time and text hash.
Result<Revision> revision_from(const Entry& entry, const std::string& agreement, bool across) {
  Revision revision;
  revision.entry = entry.index;
  revision.received = entry.received;
  revision.text = entry.text_hash;
  revision.window = {entry.received, entry.received};
  revision.crossed = across;
  for (const ledger::PartLine& line : entry.text.parts)
    if (line.name != model::kPaperPart && (across || line.name != model::kFullPart)) revision.parts.push_back(line.commitment);
  const std::string* full = entry.part(model::kFullPart);
  if (across && full == nullptr) full = entry.part(model::kCorridorPart);
  if (const std::string* outline = across ? entry.part(model::kOutlinePart) : nullptr; full == nullptr && outline != nullptr) {
    WB_TRY(said, model::parse_outline(*outline));
    revision.window = model::window_of(said);
    revision.outline = std::make_shared<const model::Outline>(std::move(said));
    return revision;
  }
  if (full == nullptr) return revision;
  WB_TRY(notification, model::parse_feature(*full));
  if (across) notification.agreement = agreement;
  WB_TRY(plan, model::compile(notification));
  WB_TRY(alternates, model::compile_alternates(notification));
  for (geo::Plan& each : alternates) revision.alternates.push_back(std::make_shared<const geo::Plan>(std::move(each)));
  revision.window = model::window_of(notification);
  revision.plan = std::make_shared<const geo::Plan>(std::move(plan));
  revision.notification = std::make_shared<const model::Notification>(std::move(notification));
  return revision;
}

void stand(State& state, NotificationState& of, Revision revision) {
  if (revision.plan) {
    if (const AgreementState* agreement = state.agreement(of.agreement)) {
      of.regime = regime_of(*agreement, *revision.plan);
      for (const auto& each : revision.alternates)
        if (regime_of(*agreement, *each) == model::Regime::request) of.regime = model::Regime::request;
    }
    state.index.insert(revision.entry, of.party, revision.plan);
    for (std::size_t n = 0; n < revision.alternates.size(); ++n)
      state.alternates.insert(alternate_key(revision.entry, n), of.party, revision.alternates[n]);
    each_outline(state, of, revision,
                 [&](const Grain& grain) { state.outlines.insert(revision.entry, *revision.notification, grain); });
    state.expiries.emplace(revision.window.to, revision.entry);
  } else if (revision.outline) {
    if (const AgreementState* agreement = state.agreement(of.agreement)) of.regime = regime_of(*agreement, *revision.outline);
    state.outlines_alone.insert(revision.entry);
    state.expiries.emplace(revision.window.to, revision.entry);
  }
  state.revision_of.emplace(revision.entry, of.id);
  of.revisions.push_back(std::move(revision));
}

}  // namespace

Result<void> apply_notified(State& state, const Entry& entry, const std::string& party) {
  if (entry.kind == model::EntryKind::notification_amended) {
    if (entry.text.refs.empty()) return strange(entry, "amends nothing");
    NotificationState* before = find(state, entry.text.refs.front());
    if (before == nullptr) return strange(entry, "amends no notification");
    WB_TRY(revision, revision_from(entry, before->agreement, crosses(state, party)));
    drop_pending(state, *before);
    stand(state, *before, std::move(revision));
    return {};
  }
  NotificationState filed;
  filed.party = party;
  if (!entry.text.refs.empty()) filed.agreement = base::id_of(base::IdKind::agreement, entry.text.refs.front());
  WB_TRY(revision, revision_from(entry, filed.agreement, crosses(state, party)));
  if (revision.notification) {
    filed.subject = revision.notification->subject;
    filed.agreement = revision.notification->agreement;
  } else if (revision.outline) {
    filed.subject = revision.outline->subject;
  }
  filed.id = base::id_of(id_kind_of(filed.subject), entry.index);
  NotificationState& standing = state.notifications.emplace(filed.id, filed).first->second;
  stand(state, standing, std::move(revision));
  return {};
}

Result<void> apply_delivered(State& state, const Entry& entry) {
  model::Delivered delivered;
  if (const std::string* full = entry.part("full")) {
    WB_TRY(parsed, model::parse_delivered(*full));
    delivered = std::move(parsed);
  } else {
    // The recipient stands first in `to`; which bytes it had is known no more.
    if (entry.text.to.empty()) return strange(entry, "delivers to nobody");
    delivered.recipient = entry.text.to.front();
  }
  NotificationState* of = entry.text.refs.empty() ? nullptr : find(state, entry.text.refs.front());
  if (of == nullptr) return strange(entry, "delivers no notification");
  Revision& revision = *find_revision(*of, entry.text.refs.front());
  Handling handling;
  handling.delivered = entry.index;
  handling.delivered_at = entry.received;
  handling.view = delivered.view;
  handling.bytes = delivered.bytes;
  if (const AgreementState* agreement = state.agreement(of->agreement))
    for (model::Deadline& deadline : deadlines_of(*agreement, *of, revision, delivered.recipient, entry.received)) {
      const DueKey key{deadline.due, deadline.revision, deadline.kind, deadline.party};
      state.deadlines.emplace(key, std::move(deadline));
      handling.owed.push_back(key);
    }
  revision.handling[delivered.recipient] = std::move(handling);
  state.delivery_of[entry.index] = {revision.entry, delivered.recipient};
  return {};
}

Result<void> apply_answer(State& state, const Entry& entry, const std::string& party) {
  if (entry.text.refs.empty()) return strange(entry, "answers nothing");
  EntryIndex about = entry.text.refs.front();
  if (const auto delivery = state.delivery_of.find(about); delivery != state.delivery_of.end()) about = delivery->second.first;
  NotificationState* of = find(state, about);
  if (of == nullptr) return strange(entry, "answers no notification");
  // All is read before anything changes.
  const std::string* full = entry.part("full");
  std::optional<model::Answered> answered;
  std::optional<model::UnitInformed> informed;
  if (full != nullptr && entry.kind == model::EntryKind::notification_answered) {
    WB_TRY(parsed, model::parse_answered(*full));
    answered = std::move(parsed);
  }
  if (full != nullptr && entry.kind == model::EntryKind::notification_unit_informed) {
    WB_TRY(parsed, model::parse_unit_informed(*full));
    informed = std::move(parsed);
  }
  Handling& handling = find_revision(*of, about)->handling[party];
  switch (entry.kind) {
    case model::EntryKind::notification_received: handling.received = entry.index; break;
    case model::EntryKind::notification_acknowledged:
      handling.acknowledged = entry.index;
      close_deadlines(state, handling, {model::DeadlineKind::acknowledge});
      break;
    case model::EntryKind::notification_objected:
      handling.objected = entry.index;
      close_deadlines(state, handling, {model::DeadlineKind::acknowledge, model::DeadlineKind::answer});
      break;
    case model::EntryKind::notification_answered:
      handling.answered = entry.index;
      close_deadlines(state, handling, {model::DeadlineKind::acknowledge, model::DeadlineKind::answer});
      if (answered) handling.answer = answered->answer;
      break;
    default:
      handling.unit_informed = entry.index;
      close_deadlines(state, handling, {model::DeadlineKind::unit_informed});
      if (informed) {
        handling.post = informed->post;
        handling.slip_quoted = !informed->slip.empty();
      }
  }
  return {};
}

Result<void> apply_end(State& state, const Entry& entry) {
  NotificationState* of = entry.text.refs.empty() ? nullptr : find(state, entry.text.refs.front());
  if (of == nullptr) return strange(entry, "ends no notification");
  drop_pending(state, *of);
  of->ended = entry.index;
  of->standing = entry.kind == model::EntryKind::notification_withdrawn   ? Standing::withdrawn
                 : entry.kind == model::EntryKind::notification_completed ? Standing::completed
                                                                          : Standing::expired;
  return {};
}

Result<void> apply_conflict(State& state, const Entry& entry) {
  const std::string* full = entry.part("full");
  if (full == nullptr) return {};
  WB_TRY(found, model::parse_conflict_found(*full));
  ConflictState conflict;
  conflict.entry = entry.index;
  conflict.told = entry.text.to;
  conflict.found = std::move(found);
  state.conflicts.push_back(std::move(conflict));
  return {};
}

Result<void> apply_deadline(State& state, const Entry& entry) {
  const std::string* full = entry.part("full");
  if (full == nullptr) {
    // The finding was of the first that was due; who owed it stands first in `to`.
    const auto open = std::find_if(state.deadlines.begin(), state.deadlines.end(), [&](const auto& each) {
      const auto& [due, revision, kind, party] = each.first;
      return due <= entry.received && !entry.text.refs.empty() && revision == entry.text.refs.front() && !entry.text.to.empty() &&
             party == entry.text.to.front();
    });
    if (open != state.deadlines.end()) {
      const auto [due, revision, kind, party] = open->first;
      state.deadlines.erase(open);
      if (kind == model::DeadlineKind::check_in) miss_check_in(state, revision, party);
      return {};
    }
    std::erase_if(state.pacts.dates, [&](const auto& each) {
      const auto& [due, since, kind, party] = each.first;
      return due <= entry.received && !entry.text.refs.empty() && since == entry.text.refs.front() && !entry.text.to.empty() &&
             party == entry.text.to.front();
    });
    return {};
  }
  EndedDeadline ended;
  ended.entry = entry.index;
  ended.channel_down = entry.kind == model::EntryKind::deadline_channel_down;
  if (ended.channel_down) {
    WB_TRY(down, model::parse_deadline_channel_down(*full));
    ended.deadline = down.deadline;
  } else {
    WB_TRY(missed, model::parse_deadline_missed(*full));
    ended.deadline = missed.deadline;
  }
  const model::Deadline& d = ended.deadline;
  const DueKey key{d.due, d.revision, d.kind, d.party};
  state.deadlines.erase(key);
  state.pacts.dates.erase(key);
  if (d.kind == model::DeadlineKind::check_in) miss_check_in(state, d.revision, d.party);
  meet_on_paper(state, d);
  state.ended_deadlines.push_back(std::move(ended));
  return {};
}

Result<void> apply_record(State& state, const Entry& entry) {
  const std::string* full = entry.part("full");
  if (full == nullptr) return {};
  if (entry.kind == model::EntryKind::channel_down) {
    WB_TRY(down, model::parse_channel_down(*full));
    state.outages.push_back(down.outage);
  } else if (entry.kind == model::EntryKind::note_refused) {
    WB_TRY(refused, model::parse_note_refused(*full));
    if (const auto at = state.keys.find(refused.signer); at != state.keys.end()) {
      at->second.next_number = refused.number + 1;
      at->second.last_text = refused.text;
    }
    const Rule rule = base::rule_named(refused.rule).value_or(Rule::log_entry_strange);
    state.texts.emplace(refused.text, TextFate{entry.index, true, rule, refused.found});
  } else {
    WB_TRY(changed, model::parse_rules_changed(*full));
    if (changed.rules > kRulesVersion)
      return refuse(Rule::rules_version_unknown, "version " + std::to_string(changed.rules),
                    "up to " + std::to_string(kRulesVersion));
  }
  return {};
}

}  // namespace wideberth::core
