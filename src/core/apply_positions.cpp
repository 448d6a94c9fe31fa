// What alerts change; and what a batch of positions changes: which spans of time and which units there are fixes of. The fixes
// stay beside the log.
#include <algorithm>

#include "core/applications.h"

namespace wideberth::core {
namespace {

void extend(UnitTrack& track, const model::UnitSpan& span, EntryIndex entry) {
  track.from = track.fixes == 0 ? span.from : std::min(track.from, span.from);
  track.to = track.fixes == 0 ? span.to : std::max(track.to, span.to);
  track.fixes += span.fixes;
  track.last = entry;
}

}  // namespace

Result<void> apply_positions(State& state, const Entry& entry, const std::string& party) {
  const std::string* full = entry.part("full");
  if (full == nullptr) return {};
  auto summary = entry.positions;
  if (summary == nullptr) {
    WB_TRY(read, model::summarise_positions(*full));
    summary = std::make_shared<const model::PositionSummary>(std::move(read));
  }
  PartyTracks& tracks = state.tracks[party];
  tracks.batches.push_back({entry.index, summary->from, summary->to, summary->fixes});
  // Both are in the order of names: one walk along the map instead of a search a unit.
  auto at = tracks.units.begin();
  for (const model::UnitSpan& span : summary->units) {
    if (at == tracks.units.end() || at->first != span.unit) at = tracks.units.lower_bound(span.unit);
    if (at == tracks.units.end() || at->first != span.unit) at = tracks.units.emplace_hint(at, span.unit, UnitTrack{});
    extend(at->second, span, entry.index);
    ++at;
  }
  return {};
}

Result<void> apply_alert(State& state, const Entry& entry) {
  const std::string* full = entry.part("full");
  if (entry.kind == model::EntryKind::alert_raised) {
    if (entry.text.to.empty())
      return base::refuse(Rule::log_entry_strange, "entry " + std::to_string(entry.index.value) + " alerts nobody");
    AlertState alert;
    alert.entry = entry.index;
    alert.party = entry.text.to.front();
    if (full != nullptr) {
      WB_TRY(raised, model::parse_alert_raised(*full));
      alert.raised = std::move(raised);
    }
    state.alerts.emplace(entry.index, std::move(alert));
    state.open_alerts.insert(entry.index);
    return {};
  }
  const auto alert = state.alerts.find(entry.text.refs.front());
  if (alert == state.alerts.end())
    return base::refuse(Rule::log_entry_strange, "entry " + std::to_string(entry.index.value) + " is about no alert");
  if (entry.kind == model::EntryKind::alert_acknowledged) alert->second.acknowledged.push_back(entry.index);
  if (entry.kind == model::EntryKind::alert_snoozed && full != nullptr) {
    WB_TRY(snoozed, model::parse_alert_snoozed(*full));
    alert->second.quiet_until = snoozed.until;
  }
  if (entry.kind != model::EntryKind::alert_closed) return {};
  if (full != nullptr) {
    WB_TRY(closed, model::parse_alert_closed(*full));
    alert->second.ended = closed.ended;
  }
  alert->second.closed = entry.index;
  state.open_alerts.erase(alert->first);
  return {};
}

}  // namespace wideberth::core
