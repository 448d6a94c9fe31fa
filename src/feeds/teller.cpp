#include "feeds/teller.h"

#include <algorithm>
#include <set>
#include <utility>

#include "client/pages.h"
#include "feeds/tak_out.h"
#include "json/json.h"
#include "model/disclosure.h"

namespace wideberth::feeds {
namespace {

constexpr Millis kEvery = Millis::from_seconds(10);

Result<EntryIndex> index_at(const json::Reader& at, std::string_view name) {
  WB_TRY(member, at.member(name));
  WB_TRY(index, member.integer(0, json::kMostInteger));
  return EntryIndex{static_cast<std::uint64_t>(index)};
}

Result<std::string> text_at(const json::Reader& at, std::string_view name) {
  WB_TRY(member, at.member(name));
  return member.text(2000);
}

}  // namespace

Result<void> Teller::step() {
  if (!desk_) {
    WB_TRY(desk, open_());
    desk_.emplace(std::move(desk));
  }
  const auto look = [this]() -> Result<void> {
    WB_TRY_VOID(look_at_entries());
    const Instant now = clock_.now();
    if (looked_ && now - *looked_ < kEvery && now >= *looked_) return {};
    WB_TRY_VOID(look_at_movements());
    WB_TRY_VOID(look_at_conflicts());
    looked_ = now;
    return {};
  };
  auto looked = look();
  if (!looked) desk_.reset();
  return looked;
}

Result<void> Teller::look_at_entries() {
  if (!next_) {
    const std::uint64_t size = desk_->seen() ? desk_->seen()->size : 0;
    next_ = size > kLookBack ? size - kLookBack : 0;
  }
  for (;;) {
    WB_TRY(tree, desk_->get("/v1/entries", {{"from", std::to_string(*next_)}, {"count", "256"}}));
    const json::Reader page(tree);
    WB_TRY(list_at, page.member("entries"));
    WB_TRY(list, list_at.elements(0, 256));
    for (const json::Reader& each : list) {
      WB_TRY(index, index_at(each, "index"));
      WB_TRY(kind, text_at(each, "kind"));
      WB_TRY_VOID(look_at_entry(index, kind));
    }
    WB_TRY(next, index_at(page, "next"));
    if (next.value <= *next_) return {};
    next_ = next.value;
  }
}

Result<void> Teller::look_at_entry(EntryIndex index, std::string_view kind) {
  const auto known = model::kind_named(kind);
  using K = model::EntryKind;
  if (known != K::alert_raised && known != K::alert_closed && known != K::encounter_opened && known != K::encounter_closed &&
      known != K::conformance_changed)
    return {};
  WB_TRY(entry, desk_->entry(index));
  const std::string* part = entry.part(model::kFullPart);
  if (part == nullptr || entry.text.refs.empty()) return {};
  const Instant now = clock_.now();
  if (known == K::encounter_opened) {
    WB_TRY(opened, model::parse_encounter_opened(*part));
    for (CotEvent& event : encounter_events(opened, index, intake_.place_of(opened.unit), now)) outbox_.put(std::move(event));
  } else if (known == K::encounter_closed) {
    WB_TRY(closed, model::parse_encounter_closed(*part));
    outbox_.drop(encounter_uid(entry.text.refs[0]), now);
    outbox_.put(encounter_over_event(closed, entry.text.refs[0], now));
  } else if (known == K::conformance_changed) {
    WB_TRY(changed, model::parse_conformance_changed(*part));
    outbox_.put(conformance_event(changed, index, now));
  } else if (known == K::alert_raised) {
    WB_TRY(alert, model::parse_alert_raised(*part));
    for (CotEvent& event : alert_events(alert, index, intake_.place_of(alert.unit), now)) outbox_.put(std::move(event));
  } else {
    WB_TRY(closed, model::parse_alert_closed(*part));
    outbox_.drop(alert_uid(entry.text.refs[0]), now);
    outbox_.put(alert_over_event(closed, entry.text.refs[0], now));
  }
  return {};
}

Result<void> Teller::look_at_movements() {
  WB_TRY(tree, client::get_all(*desk_, "/v1/movements", {{"standing", "standing"}, {"brief", "true"}}));
  WB_TRY(list_at, json::Reader(tree).member("movements"));
  WB_TRY(list, list_at.elements(0, 1'000'000));
  std::set<std::string> standing;
  for (const json::Reader& each : list) {
    WB_TRY(id, text_at(each, "id"));
    WB_TRY(party, text_at(each, "party"));
    WB_TRY(revisions_at, each.member("revisions"));
    WB_TRY(revisions, revisions_at.elements(1, 100'000));
    WB_TRY(revision, index_at(revisions.back(), "entry"));
    WB_TRY(view, text_at(revisions.back(), "view"));
    if (view == model::name_of(model::View::outline)) continue;  // cells and slots: nothing to be drawn as a line
    standing.insert(id);
    if (const auto shown = movements_.find(id); shown != movements_.end() && shown->second == revision) continue;
    WB_TRY(entry, desk_->entry(revision));
    const std::string* part = entry.part(view);
    if (part == nullptr) continue;
    WB_TRY(notification, model::parse_feature(*part));
    outbox_.put(corridor_event({id, revision, party, view, std::move(notification)}, clock_.now()));
    movements_[id] = revision;
  }
  std::erase_if(movements_, [&](const auto& shown) {
    if (standing.contains(shown.first)) return false;
    outbox_.drop("wideberth-" + shown.first, clock_.now());
    return true;
  });
  return {};
}

Result<void> Teller::look_at_conflicts() {
  WB_TRY(tree, client::get_all(*desk_, "/v1/conflicts"));
  WB_TRY(list_at, json::Reader(tree).member("conflicts"));
  WB_TRY(list, list_at.elements(0, 1'000'000));
  std::set<std::uint64_t> current;
  for (const json::Reader& each : list) {
    WB_TRY(current_at, each.member("current"));
    WB_TRY(is_current, current_at.boolean());
    WB_TRY(index, index_at(each, "entry"));
    if (!is_current) continue;
    current.insert(index.value);
    if (conflicts_.contains(index.value)) continue;
    WB_TRY(entry, desk_->entry(index));
    const std::string* part = entry.part(model::kFullPart);
    if (part == nullptr) continue;
    WB_TRY(found, model::parse_conflict_found(*part));
    CotEvent event = conflict_event(found, index, clock_.now());
    conflicts_[index.value] = event.uid;
    outbox_.put(std::move(event));
  }
  std::erase_if(conflicts_, [&](const auto& shown) {
    if (current.contains(shown.first)) return false;
    outbox_.drop(shown.second, clock_.now());
    return true;
  });
  return {};
}

}  // namespace wideberth::feeds
