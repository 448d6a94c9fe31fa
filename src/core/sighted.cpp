#include "core/sighted.h"

#include <algorithm>

#include "core/rulings.h"
#include "geo/place.h"
#include "geo/polygon.h"

namespace wideberth::core {
namespace {

/// Letter case of ASCII ignored.
bool same_word(std::string_view a, std::string_view b) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return small(x) == small(y); });
}

/// The vehicles that the agreement lets differ, and the clause; none where it has no such rule.
std::optional<std::pair<std::int64_t, std::string>> tolerance_of(const AgreementState& agreement) {
  for (const model::Rule& rule : agreement.agreement->rules)
    if (const auto* tolerance = std::get_if<model::CompositionToleranceRule>(&rule.body))
      return std::pair{tolerance->vehicles, rule.clause};
  return std::nullopt;
}

/// A number of things under several names.
struct Stated {
  std::int64_t count = 0;
  std::vector<std::string> words;
};

/// What is compared: the line that the observer's word names, or, where it names none, all of them together.
struct Against {
  std::int64_t count = 0;
  bool named = false;
};
Against against(const std::vector<Stated>& lines, std::string_view type) {
  Against all;
  Against named;
  for (const Stated& line : lines) {
    all.count += line.count;
    if (!std::any_of(line.words.begin(), line.words.end(), [&](const std::string& word) { return same_word(word, type); }))
      continue;
    named.count += line.count;
    named.named = true;
  }
  return named.named ? named : all;
}

std::vector<std::string> words_of(const std::vector<Stated>& lines) {
  std::vector<std::string> words;
  for (const Stated& line : lines)
    for (const std::string& word : line.words)
      if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
  return words;
}

model::SightingDiffers heading_of(const SightingState& sighting, const AgreementState& agreement, const std::string& answerer) {
  model::SightingDiffers found;
  found.sighting = sighting.id;
  found.seen_by = sighting.party;
  found.seen = sighting.said->count;
  found.seen_type = sighting.said->type;
  found.seen_at = sighting.said->seen;
  found.stated_by = answerer;
  found.agreement = agreement.id;
  found.version = agreement.agreement->version;
  return found;
}

/// Compares; answers whether anything differs.
bool hold_against(model::SightingDiffers& found, const std::vector<Stated>& lines, std::int64_t tolerance) {
  const Against other = against(lines, found.seen_type);
  found.stated = other.count;
  found.stated_types = words_of(lines);
  found.tolerance = tolerance;
  found.count_differs = found.seen - other.count > tolerance;
  found.type_differs = !other.named;
  return found.count_differs || found.type_differs;
}

Draft told(const model::SightingDiffers& found, std::vector<std::string> to, EntryIndex answer) {
  return finding(model::EntryKind::sighting_differs, std::move(to), {answer}, model::to_json(found));
}

void hold_against_movement(const State& state, const SightingState& sighting, const AgreementState& agreement,
                           const std::string& answerer, EntryIndex entry, EntryIndex answer, std::vector<Draft>& drafts) {
  const NotificationState* of = state.notification_at(entry);
  const Revision* revision = state.revision_at(entry);
  const auto tolerance = tolerance_of(agreement);
  if (of == nullptr || of->agreement != agreement.id || revision->notification == nullptr || !tolerance) return;
  const model::Composition& notified = revision->notification->composition;
  std::vector<Stated> lines;
  for (const auto* from : {&notified.vehicles, &notified.escorts})
    for (const model::CompositionLine& line : *from) lines.push_back({line.count, {line.type}});
  if (lines.empty()) return;  // nothing was said of it
  model::SightingDiffers found = heading_of(sighting, agreement, answerer);
  found.against = model::StatedIn::composition;
  found.clause = tolerance->second;
  found.movement = of->id;
  found.revision = entry;
  if (!hold_against(found, lines, tolerance->first)) return;
  std::vector<std::string> to{answerer};
  if (view_of(agreement, answerer, sighting.party) == model::View::full) to.push_back(sighting.party);
  drafts.push_back(told(found, std::move(to), answer));
}

bool lies_in(const AgreementState& agreement, const std::string& area, geo::Place place) {
  const auto& areas = agreement.agreement->areas;
  for (std::size_t i = 0; i < areas.size(); ++i)
    if (areas[i].area == area) return geo::is_inside(*agreement.areas[i], geo::to_ecef(place));
  return false;
}

void hold_against_presence(const State& state, const SightingState& sighting, const AgreementState& agreement,
                           const std::string& answerer, EntryIndex answer, std::vector<Draft>& drafts) {
  const auto tolerance = tolerance_of(agreement);
  for (const model::Rule& rule : agreement.agreement->rules) {
    const auto* presence = std::get_if<model::PresenceRule>(&rule.body);
    if (presence == nullptr || presence->party != answerer || !lies_in(agreement, presence->area, sighting.said->place)) continue;
    const StatedPresence* stated = state.presence.at(agreement.id, rule.clause, sighting.said->seen);
    const auto& classes = stated == nullptr ? presence->classes : stated->said.classes;
    std::vector<Stated> lines;
    for (const model::PresenceClass& each : classes) {
      Stated line{each.most, each.called};
      line.words.insert(line.words.begin(), each.platform_class);
      lines.push_back(std::move(line));
    }
    model::SightingDiffers found = heading_of(sighting, agreement, answerer);
    found.against = model::StatedIn::presence;
    found.clause = rule.clause;
    found.area = presence->area;
    if (stated != nullptr) found.stated_entry = stated->entry;
    if (hold_against(found, lines, tolerance ? tolerance->first : 0))
      drafts.push_back(told(found, {answerer, sighting.party}, answer));
  }
}

}  // namespace

std::vector<Draft> find_sighting_differs(const State& state, const SightingState& sighting, const std::string& answerer,
                                         std::optional<EntryIndex> revision, EntryIndex answer) {
  std::vector<Draft> drafts;
  const AgreementState* agreement = state.agreement(sighting.agreement);
  if (agreement == nullptr || !sighting.said) return drafts;
  if (revision)
    hold_against_movement(state, sighting, *agreement, answerer, *revision, answer, drafts);
  else
    hold_against_presence(state, sighting, *agreement, answerer, answer, drafts);
  return drafts;
}

}  // namespace wideberth::core
