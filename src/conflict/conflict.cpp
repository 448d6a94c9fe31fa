#include "conflict/conflict.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/check.h"
#include "conflict/pack.h"
#include "geo/delay.h"

namespace wideberth::conflict {

namespace {

constexpr std::size_t kMostFresh = 32;  // about as many as are gone through in the time of a look into one layer
constexpr std::size_t kGrowth = 3;      // a layer is at least so many times as large as the next

Metres owed_within(Metres owed) { return std::clamp(owed, Metres{}, Metres::from_metres(geo::kMaxWidthMetres)); }

bool may_meet(const geo::Box& a, const geo::Box& b) {
  return a.e <= b.l && b.e <= a.l && a.low.x <= b.high.x && b.low.x <= a.high.x && a.low.y <= b.high.y && b.low.y <= a.high.y &&
         a.low.z <= b.high.z && b.low.z <= a.high.z;
}

}  // namespace

struct Index::Found {
  EntryIndex key;
  const geo::Plan* plan;
  Metres owed;
  double least_m;
};

// While one plan is met, the memory of the next ones is on its way: first the plan itself, then what it points to. All of a
// plan is read by meet(); of a long one the beginning will do.
void Index::ask_for(const std::vector<Found>& found, std::size_t now) {
  constexpr std::size_t kLine = 64, kMost = 32 * kLine;
  const auto ask = [](const void* from, std::size_t size) {
    for (std::size_t i = 0; i < size && i < kMost; i += kLine) __builtin_prefetch(static_cast<const char*>(from) + i);
  };
  const auto ask_plan = [&](std::size_t i) {
    if (i < found.size()) ask(found[i].plan, sizeof(geo::Plan));
  };
  const auto ask_parts = [&](std::size_t i) {
    if (i >= found.size()) return;
    ask(found[i].plan->tree().data(), found[i].plan->tree().size_bytes());
    ask(found[i].plan->leaves().data(), found[i].plan->leaves().size_bytes());
    ask(found[i].plan->pieces().data(), found[i].plan->pieces().size_bytes());
  };
  if (now == 0) {
    ask_plan(0);
    ask_plan(1);
    ask_parts(0);
  }
  ask_plan(now + 2);
  ask_parts(now + 1);
}

void Index::insert(EntryIndex key, std::string party, std::shared_ptr<const geo::Plan> plan) {
  erase(key);
  fresh_.push_back({key, std::move(party), std::move(plan)});
  ++size_;
  if (fresh_.size() >= kMostFresh) settle(std::exchange(fresh_, {}));
}

void Index::insert_all(std::vector<Filed> filed) {
  const auto by_key = [](const Filed& a, const Filed& b) { return a.key < b.key; };
  if (!std::is_sorted(filed.begin(), filed.end(), by_key)) {
    std::map<EntryIndex, Filed> sorted;
    for (Filed& each : filed) sorted.insert_or_assign(each.key, std::move(each));
    filed.clear();
    for (auto& [key, each] : sorted) filed.push_back(std::move(each));
  }
  // Of equal keys the last stands.
  const auto kept = std::unique(filed.rbegin(), filed.rend(), [](const Filed& a, const Filed& b) { return a.key == b.key; });
  filed.erase(filed.begin(), kept.base());
  for (std::size_t i = 0; size_ > 0 && i < filed.size(); ++i) erase(filed[i].key);
  size_ += filed.size();
  filed.insert(filed.end(), std::make_move_iterator(fresh_.begin()), std::make_move_iterator(fresh_.end()));
  fresh_.clear();
  if (filed.size() < kMostFresh)
    fresh_ = std::move(filed);
  else
    settle(std::move(filed));
}

void Index::take(const Layer& layer, std::vector<Filed>& into) {
  into.reserve(into.size() + layer.alive);
  for (std::size_t i = 0; i < layer.pack->size(); ++i) {
    const Slot& slot = layer.pack->slot(i);
    if (layer.holds(i)) into.push_back({slot.key, std::string{layer.pack->party_of(slot)}, slot.plan});
  }
}

// One new layer of these, and of all layers that would not be large enough before it.
void Index::settle(std::vector<Filed> filed) {
  while (!layers_.empty() && layers_.back().alive < kGrowth * filed.size()) {
    take(layers_.back(), filed);
    layers_.pop_back();
  }
  if (filed.empty()) return;
  const std::size_t count = filed.size();
  layers_.push_back({.pack = std::make_shared<const Pack>(std::move(filed)), .gone = {}, .alive = count});
}

void Index::erase(EntryIndex key) {
  if (forget(key)) --size_;
}

bool Index::forget(EntryIndex key) {
  const auto fresh = std::find_if(fresh_.begin(), fresh_.end(), [&](const Filed& each) { return each.key == key; });
  if (fresh != fresh_.end()) {
    fresh_.erase(fresh);
    return true;
  }
  for (auto layer = layers_.begin(); layer != layers_.end(); ++layer) {
    const auto slot = layer->pack->slot_of(key);
    if (!slot || !layer->holds(*slot)) continue;
    auto gone = layer->gone ? *layer->gone : std::vector<std::uint64_t>((layer->pack->size() + 63) / 64);
    gone[*slot / 64] |= std::uint64_t{1} << (*slot % 64);
    layer->gone = std::make_shared<const std::vector<std::uint64_t>>(std::move(gone));
    if (--layer->alive * 2 >= layer->pack->size()) return true;
    // Half of it is gone: what is left moves on, so that plans that nobody can meet any more do not pile up.
    const Layer left = std::move(*layer);
    layers_.erase(layer);
    std::vector<Filed> filed;
    take(left, filed);
    settle(std::move(filed));
    std::sort(layers_.begin(), layers_.end(), [](const Layer& a, const Layer& b) { return a.alive > b.alive; });
    return true;
  }
  return false;
}

std::size_t Index::bytes() const {
  std::size_t bytes = sizeof *this + fresh_.capacity() * sizeof(Filed);
  for (const Layer& layer : layers_) bytes += sizeof layer + layer.pack->bytes() + (layer.gone ? layer.gone->size() * 8 : 0);
  return bytes;
}

std::vector<Index::Found> Index::find(const geo::Plan& plan, std::string_view party, const Separation& separation,
                                      std::optional<Metres> widest) const {
  std::vector<Found> found;
  const auto ask = [&](EntryIndex key) {
    auto owed = separation(key);
    if (owed) owed = owed_within(*owed);
    WB_CHECK(!owed || !widest || *owed <= owed_within(*widest));
    return owed;
  };
  const auto whole = [&](EntryIndex key, std::string_view whose, const geo::Plan& other) {
    if (whose == party || plan.bounds().e > other.bounds().l || other.bounds().e > plan.bounds().l) return;
    if (const auto owed = ask(key))
      if (const auto least = geo::least_possible(plan, other, *owed)) found.push_back({key, &other, *owed, *least});
  };
  const auto in_order = [&] {
    std::sort(found.begin(), found.end(), [](const Found& a, const Found& b) { return a.key < b.key; });
    return std::move(found);
  };
  if (!widest) {
    for (const Filed& each : fresh_) whole(each.key, each.party, *each.plan);
    for (const Layer& layer : layers_)
      for (std::size_t i = 0; i < layer.pack->size(); ++i) {
        const Slot& slot = layer.pack->slot(i);
        if (layer.holds(i)) whole(slot.key, layer.pack->party_of(slot), *slot.plan);
      }
    return in_order();
  }

  const Probe probe{plan, owed_within(*widest)};
  for (const Filed& each : fresh_) {
    const auto meets = [all = filed_bounds(*each.plan)](const geo::Box& box) { return may_meet(box, all); };
    if (std::any_of(probe.boxes.begin(), probe.boxes.end(), meets)) whole(each.key, each.party, *each.plan);
  }
  std::vector<std::uint64_t> pairs;
  for (const Layer& layer : layers_) {
    pairs.clear();
    layer.pack->find(probe, pairs);
    for (std::size_t at = 0, end = 0; at < pairs.size(); at = end) {
      const std::size_t i = pairs[at] >> 32;
      while (end < pairs.size() && pairs[end] >> 32 == i) ++end;
      const Slot& slot = layer.pack->slot(i);
      if (!layer.holds(i) || layer.pack->party_of(slot) == party) continue;
      const auto owed = ask(slot.key);
      if (!owed) continue;
      const auto least = least_of(plan, slot, *owed, std::span{pairs}.subspan(at, end - at));
      if (least) found.push_back({slot.key, slot.plan.get(), *owed, *least});
    }
  }
  return in_order();
}

std::vector<Hit> Index::search(const geo::Plan& plan, std::string_view party, const Separation& separation,
                               std::optional<Metres> widest) const {
  const std::vector<Found> found = find(plan, party, separation, widest);
  std::vector<Hit> hits;
  hits.reserve(found.size());
  for (std::size_t i = 0; i < found.size(); ++i) {
    ask_for(found, i);
    auto meeting = geo::meet(plan, *found[i].plan, found[i].owed);
    WB_CHECK(meeting);
    hits.push_back({found[i].key, *std::move(meeting)});
  }
  return hits;
}

std::vector<Near> Index::near(const geo::Plan& plan, std::string_view party, const Separation& separation,
                              std::optional<Metres> widest) const {
  std::vector<Near> all;
  for (const Found& each : find(plan, party, separation, widest)) all.push_back({each.key, each.least_m});
  return all;
}

std::optional<Clearance> Index::clear_all(const geo::Plan& plan, std::string_view party, const Separation& separation,
                                          std::optional<Metres> widest) const {
  std::vector<std::pair<const geo::Plan*, geo::Meeting>> met;
  const std::vector<Found> found = find(plan, party, separation, widest);
  for (std::size_t i = 0; i < found.size(); ++i) {
    ask_for(found, i);
    if (auto meeting = geo::meet(plan, *found[i].plan, found[i].owed)) met.emplace_back(found[i].plan, *std::move(meeting));
  }
  return clearance(plan, met);
}

// Each pair has its own slack: a shift s clears it if all of [s - slack, s + slack] misses its delay set, which is to say if s
// misses the set grown by the slack on both sides.
std::optional<Clearance> clearance(const geo::Plan& plan, const std::vector<std::pair<const geo::Plan*, geo::Meeting>>& met) {
  if (met.empty()) return std::nullopt;
  geo::DelaySet kept_from;
  for (const auto& [other, meeting] : met) {
    const double slack = static_cast<double>((plan.slack() + other->slack()).ms());
    for (const geo::DelaySpan& span : meeting.delay_set)
      kept_from.add(static_cast<double>(span.low.ms()) - slack, static_cast<double>(span.high.ms()) + slack);
  }
  const auto spans = kept_from.spans();
  return Clearance{geo::first_clear(spans, Millis{}), geo::first_clear_before(spans, Millis{})};
}

}  // namespace wideberth::conflict
