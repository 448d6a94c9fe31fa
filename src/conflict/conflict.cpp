#include "conflict/conflict.h"

#include <algorithm>
#include <map>
#include <utility>

#include "base/check.h"
#include "conflict/pack.h"
#include "geo/answers.h"
#include "geo/delay.h"

namespace wideberth::conflict {

namespace {

constexpr std::size_t kMostFresh = 32;  // about as many as are gone through in the time of a look into one layer

Metres owed_within(Metres owed) { return std::clamp(owed, Metres{}, Metres::from_metres(geo::kMaxWidthMetres)); }

bool may_meet(const geo::Box& a, const geo::Box& b) {
  return a.e <= b.l && b.e <= a.l && a.low.x <= b.high.x && b.low.x <= a.high.x && a.low.y <= b.high.y && b.low.y <= a.high.y &&
         a.low.z <= b.high.z && b.low.z <= a.high.z;
}

}  // namespace

// What may be near, to be asked exactly: an entry, and where it stands in a pack, the slot and its pairs.
struct Index::Candidate {
  EntryIndex key;
  const geo::Plan& plan;
  Metres owed;
  const Slot* slot = nullptr;
  std::span<const GroupPair> pairs{};
};

void Index::insert(EntryIndex key, std::string party, std::shared_ptr<const geo::Plan> plan) {
  erase(key);
  fresh_.push_back({key, std::move(party), std::move(plan)});
  ++size_;
  if (fresh_.size() >= kMostFresh) layers_.add(std::exchange(fresh_, {}));
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
    layers_.add(std::move(filed));
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
  return layers_.erase(key);
}

std::size_t Index::bytes() const { return sizeof *this + fresh_.capacity() * sizeof(Filed) + layers_.bytes(); }

template <class Each>
void Index::visit(const geo::Plan& plan, std::string_view party, const Separation& separation, std::optional<Metres> widest,
                  const Each& each) const {
  const auto ask = [&](EntryIndex key) {
    auto owed = separation(key);
    if (owed) owed = owed_within(*owed);
    WB_CHECK(!owed || !widest || *owed <= owed_within(*widest));
    return owed;
  };
  const auto whole = [&](EntryIndex key, std::string_view whose, const geo::Plan& other) {
    if (whose == party || plan.bounds().e > other.bounds().l || other.bounds().e > plan.bounds().l) return;
    if (const auto owed = ask(key)) each(Candidate{key, other, *owed});
  };
  if (!widest) {
    for (const Filed& filed : fresh_) whole(filed.key, filed.party, *filed.plan);
    for (const Layer& layer : layers_.all())
      for (std::size_t i = 0; i < layer.pack->size(); ++i) {
        const Slot& slot = layer.pack->slot(i);
        if (layer.holds(i)) whole(slot.key, layer.pack->party_of(slot), *slot.plan);
      }
    return;
  }
  const Probe probe{plan, owed_within(*widest)};
  for (const Filed& filed : fresh_) {
    const auto meets = [all = filed_bounds(*filed.plan)](const geo::Box& box) { return may_meet(box, all); };
    if (std::any_of(probe.boxes.begin(), probe.boxes.end(), meets)) whole(filed.key, filed.party, *filed.plan);
  }
  std::vector<GroupPair> pairs;
  for (const Layer& layer : layers_.all()) {
    pairs.clear();
    layer.pack->find(probe, pairs);
    const std::uint32_t own = layer.pack->number_of(party);
    for (std::size_t at = 0, end = 0; at < pairs.size(); at = end) {
      const std::size_t i = pairs[at].slot;
      while (end < pairs.size() && pairs[end].slot == i) ++end;
      const Slot& slot = layer.pack->slot(i);
      if (slot.party == own || !layer.holds(i)) continue;
      if (const auto owed = ask(slot.key))
        each(Candidate{slot.key, *slot.plan, *owed, &slot, std::span{pairs}.subspan(at, end - at)});
    }
  }
}

namespace {

// Within a layer by key already.
template <class Found>
void put_in_order(std::vector<Found>& found) {
  const auto by_key = [](const Found& a, const Found& b) { return a.key < b.key; };
  if (!std::is_sorted(found.begin(), found.end(), by_key)) std::sort(found.begin(), found.end(), by_key);
}

}  // namespace

namespace {

constexpr std::size_t kLegsAtOnce = geo::Track::kMost;  // pieces of a plan that is asked with others

// The candidates of a search that are asked all together, which is most of them: whose pieces are one group on either side.
class AtOnce {
 public:
  explicit AtOnce(const geo::Plan& plan) {
    if (plan.shape() != geo::Plan::Shape::polygon && plan.pieces().size() <= kLegsAtOnce) self_ = geo::facing_of(plan);
    others.clear();
    keys.clear();
    taken_.clear();
    filed_.clear();
  }
  // Whether it does.
  bool take(EntryIndex key, const Slot* slot, Metres owed, std::span<const GroupPair> pairs) {
    if (!self_ || slot == nullptr || slot->pieces == nullptr || pairs.size() != 1) return false;
    if (slot->track == nullptr && slot->plan->pieces().size() > kLegsAtOnce) return false;
    others.push_back({slot->track != nullptr ? geo::Facing{} : geo::facing_of(*slot->plan),
                      owed,
                      pairs[0].now,
                      {pairs[0].ever, pairs[0].on_schedule}});
    filed_.push_back(pairs[0].filed());
    keys.push_back(key);
    taken_.push_back(slot);
    return true;
  }
  const geo::Facing& self() const { return *self_; }
  const geo::Plan& plan(std::size_t i) const { return *taken_[i]->plan; }
  // To be asked for when all are taken: pieces of tracks need room that stays where it is.
  bool ready() {
    room_.resize(taken_.size() * kLegsAtOnce);
    for (std::size_t i = 0; i < taken_.size(); ++i)
      if (const geo::Track* track = taken_[i]->track; track != nullptr)
        others[i].plan =
            geo::facing_of(*track, &room_[i * kLegsAtOnce], track->begins_ms == self_->begins ? geo::Track::kAll : filed_[i]);
    return !taken_.empty();
  }

 private:
  struct Memory {
    std::vector<geo::Other> others;
    std::vector<EntryIndex> keys;
    std::vector<const Slot*> taken;
    std::vector<geo::Piece> room;
    std::vector<std::uint32_t> filed;
  };
  // Used again by the next search of this thread.
  static Memory& memory() {
    thread_local Memory memory;
    return memory;
  }
  std::optional<geo::Facing> self_;
  std::vector<const Slot*>& taken_ = memory().taken;
  std::vector<geo::Piece>& room_ = memory().room;
  std::vector<std::uint32_t>& filed_ = memory().filed;  // as GroupPair::filed

 public:
  std::vector<geo::Other>& others = memory().others;
  std::vector<EntryIndex>& keys = memory().keys;
};

}  // namespace

template <class Each>
void Index::meet_all(const geo::Plan& plan, std::string_view party, const Separation& separation, std::optional<Metres> widest,
                     const Each& each) const {
  AtOnce together{plan};
  visit(plan, party, separation, widest, [&](const Candidate& other) {
    if (together.take(other.key, other.slot, other.owed, other.pairs)) return;
    auto meeting =
        other.slot == nullptr ? geo::meet(plan, other.plan, other.owed) : meeting_of(plan, *other.slot, other.owed, other.pairs);
    if (meeting) each(other.key, other.plan, *std::move(meeting));
  });
  if (!together.ready()) return;
  std::vector<geo::Answered> found;
  found.reserve(together.others.size());
  geo::meet_all(together.self(), together.others, found);
  for (geo::Answered& answer : found) each(together.keys[answer.other], together.plan(answer.other), std::move(answer.meeting));
}

std::vector<Hit> Index::search(const geo::Plan& plan, std::string_view party, const Separation& separation,
                               std::optional<Metres> widest) const {
  std::vector<Hit> hits;
  hits.reserve(8);
  meet_all(plan, party, separation, widest,
           [&](EntryIndex key, const geo::Plan&, geo::Meeting&& meeting) { hits.push_back({key, std::move(meeting)}); });
  put_in_order(hits);
  return hits;
}

std::vector<Near> Index::near(const geo::Plan& plan, std::string_view party, const Separation& separation,
                              std::optional<Metres> widest) const {
  std::vector<Near> all;
  AtOnce together{plan};
  visit(plan, party, separation, widest, [&](const Candidate& other) {
    if (together.take(other.key, other.slot, other.owed, other.pairs)) return;
    const auto least = other.slot == nullptr ? geo::least_possible(plan, other.plan, other.owed)
                                             : least_of(plan, *other.slot, other.owed, other.pairs);
    if (least) all.push_back({other.key, *least});
  });
  if (together.ready()) {
    std::vector<geo::NearAnswered> found;
    found.reserve(together.others.size());
    geo::near_all(together.self(), together.others, found);
    for (const geo::NearAnswered& answer : found) all.push_back({together.keys[answer.other], answer.least_possible_m});
  }
  put_in_order(all);
  return all;
}

std::optional<Clearance> Index::clear_all(const geo::Plan& plan, std::string_view party, const Separation& separation,
                                          std::optional<Metres> widest) const {
  std::vector<std::pair<const geo::Plan*, geo::Meeting>> met;
  meet_all(plan, party, separation, widest,
           [&](EntryIndex, const geo::Plan& other, geo::Meeting&& meeting) { met.emplace_back(&other, std::move(meeting)); });
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
