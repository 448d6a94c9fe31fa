#include "core/state.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/check.h"
#include "base/id.h"

namespace wideberth::core {
namespace {

template <class Map>
const typename Map::mapped_type* find_in(const Map& map, std::string_view key) {
  const auto at = map.find(key);
  return at == map.end() ? nullptr : &at->second;
}

}  // namespace

const KeyState* State::key(std::string_view name) const { return find_in(keys, name); }
const AgreementState* State::agreement(std::string_view id) const { return find_in(agreements, id); }
const NotificationState* State::notification(std::string_view id) const { return find_in(notifications, id); }

const NotificationState* State::notification_at(EntryIndex revision) const {
  const auto at = revision_of.find(revision);
  return at == revision_of.end() ? nullptr : notification(at->second);
}

const Revision* State::revision_at(EntryIndex revision) const {
  const NotificationState* of = notification_at(revision);
  if (of == nullptr) return nullptr;
  for (const Revision& each : of->revisions)
    if (each.entry == revision) return &each;
  return nullptr;
}

std::optional<model::Role> State::role_of(std::string_view party) const {
  if (opening)
    for (const model::OpeningParty& each : opening->parties)
      if (each.party.party == party) return each.party.role;
  return std::nullopt;
}

bool State::has_key(std::string_view party) const {
  if (opening)
    for (const model::OpeningParty& each : opening->parties)
      if (each.party.party == party) return each.root.has_value();
  return false;
}

bool State::is_party(std::string_view name) const { return role_of(name).has_value(); }

std::string_view name_of(Standing standing) noexcept {
  switch (standing) {
    case Standing::standing: return "standing";
    case Standing::withdrawn: return "withdrawn";
    case Standing::expired: return "expired";
    case Standing::completed: return "completed";
  }
  base::check_failed("every standing has a name", __FILE__, __LINE__);
}

static_assert(model::kMostAlternates <= 8);

EntryIndex alternate_key(EntryIndex revision, std::size_t n) noexcept { return EntryIndex{revision.value * 8 + n}; }

std::pair<EntryIndex, std::size_t> alternate_of(EntryIndex key) noexcept {
  return {EntryIndex{key.value / 8}, static_cast<std::size_t>(key.value % 8)};
}

base::IdKind id_kind_of(model::Subject subject) noexcept {
  switch (subject) {
    case model::Subject::movement: return base::IdKind::movement;
    case model::Subject::activity: return base::IdKind::activity;
    case model::Subject::site: return base::IdKind::site;
  }
  base::check_failed("every subject has an id", __FILE__, __LINE__);
}

model::View view_of(const AgreementState& agreement, std::string_view from, std::string_view reader) {
  if (from == reader) return model::View::full;
  return agreement.agreement->disclosure(from, reader).view;
}

bool is_exact(model::View view) noexcept { return view == model::View::full || view == model::View::corridor; }

std::string_view part_named(model::View view) noexcept {
  switch (view) {
    case model::View::full: return "full";
    case model::View::corridor: return "corridor";
    case model::View::outline: return "outline";
    case model::View::conflict_only: return "";
  }
  base::check_failed("every view has a part", __FILE__, __LINE__);
}

std::string slip_code(const ledger::Hash& text) { return base::spoken_code(text.view(), 5); }

std::string slip_code(const Revision& revision) {
  return slip_code(revision.crossed && !revision.parts.empty() ? revision.parts.front() : revision.text);
}

bool is_slip_code(const State& state, const Revision& revision, std::string_view code) {
  if (code == slip_code(revision)) return true;
  const bool direct = state.opening && state.opening->direct;
  return direct && std::any_of(revision.parts.begin(), revision.parts.end(),
                               [&](const ledger::Hash& each) { return slip_code(each) == code; });
}

bool crosses(const State& state, std::string_view party) {
  return state.opening && state.opening->direct && state.opening->direct->keeper != party;
}

}  // namespace wideberth::core
