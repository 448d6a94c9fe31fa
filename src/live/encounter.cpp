#include "live/encounter.h"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace wideberth::live {
namespace {

constexpr double kCellM = 2000;
constexpr double kRoundingM = 0.01;
constexpr double kShortStepS = 0.5;

double span_seconds(Millis span) { return static_cast<double>(span.ms()) / 1000; }
Millis millis_of(double s) { return Millis::from_ms(static_cast<std::int64_t>(std::floor(s * 1000 + 0.5))); }

std::array<std::int32_t, 3> cell_of(const Vec3& at) {
  const auto part = [](double x) { return static_cast<std::int32_t>(std::floor(x / kCellM)); };
  return {part(at.x), part(at.y), part(at.z)};
}

std::uint64_t key_of(const std::array<std::int32_t, 3>& cell) {
  std::uint64_t key = 0;  // 21 bits a part: +-2^20 cells of 2 km hold the earth many times over
  for (const std::int32_t part : cell) key = key << 21U | (static_cast<std::uint64_t>(part + (1 << 20)) & 0x1FFFFFU);
  return key;
}

/// Where a unit was between two of its samples. REQUIRES: from.time <= when <= to.time.
Vec3 between(const Sample& from, const Sample& to, Instant when) {
  if (to.time == from.time) return to.at;
  return from.at + (to.at - from.at) * (span_seconds(when - from.time) / span_seconds(to.time - from.time));
}

/// While |r + v t| <= far, t in [0, end]; none where never.
std::optional<std::pair<double, double>> inside(const Vec3& r, const Vec3& v, double end, double far) {
  const double a = norm2(v), b = dot(r, v), c = norm2(r) - far * far;
  if (a * end * end < 1e-12) return c <= 0 ? std::optional(std::pair(0.0, end)) : std::nullopt;
  const double under = b * b - a * c;
  if (under < 0) return std::nullopt;
  // The stable form: one root from the sum that does not cancel, the other from their product.
  const double q = -(b + (b >= 0 ? std::sqrt(under) : -std::sqrt(under)));
  double first = q / a, second = q == 0 ? first : c / q;
  if (first > second) std::swap(first, second);
  if (second < 0 || first > end) return std::nullopt;
  return std::pair(std::max(first, 0.0), std::min(second, end));
}

std::vector<UnitIndex> sorted_once(std::vector<UnitIndex> units) {
  std::sort(units.begin(), units.end());
  units.erase(std::unique(units.begin(), units.end()), units.end());
  return units;
}

}  // namespace

std::string_view name_of(EncounterEnd ended) noexcept {
  switch (ended) {
    case EncounterEnd::apart: return "went apart";
    case EncounterEnd::silence: return "silence";
    case EncounterEnd::length: return "longest";
    case EncounterEnd::closing: return "end of tracks";
    case EncounterEnd::joined: return "joined";
  }
  return "";
}

const Contact& Encounter::closest() const {
  return *std::min_element(contacts.begin(), contacts.end(),
                           [](const Contact& x, const Contact& y) { return x.closest_m < y.closest_m; });
}

void Encounters::take(const Units& units, UnitIndex unit, const Track& track, Taken taken, Instant at) {
  if (pasts_.size() < units.size()) pasts_.resize(units.size());
  if (!admit(unit)) return;
  Past& past = pasts_[unit.value];
  if (is_doubt(taken)) {
    past.doubts.push_back(at);
    if (past.doubts.size() > kKept) past.doubts.erase(past.doubts.begin(), past.doubts.begin() + kKept / 2);
    for (const std::uint64_t number : past.groups) groups_.at(number).tracks.at(unit).doubts.push_back(at);
  }
  if (!is_used(taken)) return;
  keep(unit, track, taken);
  now_ = std::max(now_, at);
  const std::size_t count = past.kept.size();
  const Kept to = past.kept[count - 1];
  for (const std::uint64_t number : past.groups) groups_.at(number).tracks.at(unit).samples.push_back(to.sample);
  const bool alone = count < 2 || taken == Taken::reacquired || to.sample.time - past.kept[count - 2].sample.time > limits_.gap;
  const Kept from = alone ? to : past.kept[count - 2];
  if (!alone) learn_pace(past);
  for (const UnitIndex other : candidates(units, unit, from, to)) sweep(units, unit, other, from, to);
  if (now_ - looked_ >= Millis::from_seconds(10)) advance(units, now_);
}

bool Encounters::admit(UnitIndex unit) {
  Past& past = pasts_[unit.value];
  if (past.followed) return true;
  const bool full = followed_.size() >= limits_.most_units;
  if (full != past.left_out) left_out_ = full ? left_out_ + 1 : left_out_ - 1;
  past.left_out = full;
  if (full) return false;
  past.followed = true;
  followed_.push_back(unit);
  return true;
}

/// Of units that nothing more is to be said about, nothing is kept.
void Encounters::make_room() {
  std::erase_if(followed_, [&](UnitIndex unit) {
    Past& past = pasts_[unit.value];
    if (!past.partners.empty() || (!past.kept.empty() && now_ - past.kept.back().sample.time <= limits_.gap)) return false;
    if (past.filed) std::erase(cells_[key_of(past.cell)], unit);
    past = Past{};
    return true;
  });
}

void Encounters::learn_pace(const Past& past) {
  const auto& kept = past.kept;
  const Instant last = kept.back().sample.time;
  double short_way = 0;
  for (std::size_t i = kept.size() - 1; i > 0 && last - kept[i].sample.time < Millis::from_seconds(1); --i) {
    const double way = kept[i].path_m - kept[i - 1].path_m, span = span_seconds(kept[i].sample.time - kept[i - 1].sample.time);
    if (span < kShortStepS) short_way += way;
    if (i + 1 != kept.size()) continue;  // the steps before were looked at when they were new
    fastest_mps_ = std::max(fastest_mps_, way / span);
    if (span >= kShortStepS) even_mps_ = std::max(even_mps_, way / span);
  }
  short_way_m_ = std::max(short_way_m_, short_way);
}

// No unit drove further within a span: by its greatest speed; or by that of long steps, and the short ones second by second, of
// which a span touches at most two more than it is long.
double Encounters::most_way_m(Millis span) const {
  const double seconds = span_seconds(span);
  return std::min(fastest_mps_ * seconds, even_mps_ * seconds + short_way_m_ * (seconds + 2));
}

void Encounters::keep(UnitIndex unit, const Track& track, Taken taken) {
  Past& past = pasts_[unit.value];
  const Sample& sample = track.last();
  if (taken == Taken::reacquired) past.kept.clear();
  const double step = past.kept.empty() ? 0 : norm(sample.at - past.kept.back().sample.at);
  past.kept.push_back({sample, past.kept.empty() ? 0 : past.kept.back().path_m + step});
  const Instant oldest = sample.time - limits_.gap;
  if (past.kept.size() > kKept || (past.kept.size() % 64 == 0 && past.kept[past.kept.size() / 2].sample.time < oldest))
    past.kept.erase(past.kept.begin(), past.kept.begin() + static_cast<std::ptrdiff_t>(past.kept.size() / 2));
  file(unit, sample.at);
}

void Encounters::file(UnitIndex unit, const Vec3& at) {
  Past& past = pasts_[unit.value];
  const auto cell = cell_of(at);
  if (past.filed && past.cell == cell) return;
  if (past.filed) std::erase(cells_[key_of(past.cell)], unit);
  cells_[key_of(cell)].push_back(unit);
  past.cell = cell;
  past.filed = true;
}

bool Encounters::wanted(const Units& units, UnitIndex a, UnitIndex b) const {
  if (units.party_of(a) == units.party_of(b)) return false;
  if (units[a].moored && units[b].moored) return false;
  return units.formation_of(a) == 0 || units.formation_of(a) != units.formation_of(b);
}

std::vector<UnitIndex> Encounters::candidates(const Units& units, UnitIndex unit, const Kept& from, const Kept& to) const {
  // How far the last known place of another may be from `to` though the two were near in between.
  const double reach = limits_.within.metres() * limits_.release + (to.path_m - from.path_m) +
                       most_way_m(std::max(now_, to.sample.time) - from.sample.time) + kRoundingM;
  std::vector<UnitIndex> out;
  const auto consider = [&](UnitIndex other) {
    const Past& past = pasts_[other.value];
    if (past.kept.empty() || !wanted(units, unit, other) || past.kept.back().sample.time < from.sample.time) return;
    if (norm2(past.kept.back().sample.at - to.sample.at) <= reach * reach) out.push_back(other);
  };
  const double across = std::ceil(reach / kCellM) * 2 + 1;
  out = pasts_[unit.value].partners;
  if (across * across * across > static_cast<double>(pasts_.size())) {
    for (std::uint32_t i = 0; i < pasts_.size(); ++i) consider(UnitIndex{i});
    return sorted_once(std::move(out));
  }
  const auto low = cell_of(to.sample.at - Vec3{reach, reach, reach}), high = cell_of(to.sample.at + Vec3{reach, reach, reach});
  for (std::int32_t x = low[0]; x <= high[0]; ++x)
    for (std::int32_t y = low[1]; y <= high[1]; ++y)
      for (std::int32_t z = low[2]; z <= high[2]; ++z)
        if (const auto found = cells_.find(key_of({x, y, z})); found != cells_.end())
          for (const UnitIndex other : found->second) consider(other);
  return sorted_once(std::move(out));
}

void Encounters::sweep(const Units& units, UnitIndex unit, UnitIndex other, const Kept& from, const Kept& to) {
  const std::vector<Kept>& theirs = pasts_[other.value].kept;
  const bool first = units[unit].party < units[other].party;
  const UnitPair key = first ? UnitPair{unit, other} : UnitPair{other, unit};
  // The pieces of the other's way that overlap this one in time, earliest first.
  std::size_t i = theirs.size() - 1;
  while (i > 0 && theirs[i].sample.time > from.sample.time) --i;
  const Sample own[2] = {from.sample, to.sample};
  if (theirs.size() == 1) i = 0;
  for (; i < theirs.size(); ++i) {
    const std::size_t next = std::min(i + 1, theirs.size() - 1);
    const Sample piece[2] = {theirs[i].sample, theirs[next].sample};
    if (piece[1].time - piece[0].time > limits_.gap) continue;
    const Instant begin = std::max(own[0].time, piece[0].time), end = std::min(own[1].time, piece[1].time);
    if (begin > end || (begin == end && own[0].time != own[1].time && piece[0].time != piece[1].time)) continue;
    if (first) {
      step(units, key, own, piece, begin, end);
    } else {
      step(units, key, piece, own, begin, end);
    }
  }
}

void Encounters::step(const Units& units, UnitPair key, const Sample a[2], const Sample b[2], Instant from, Instant to) {
  const double span = span_seconds(to - from), within = limits_.within.metres();
  const Vec3 a0 = between(a[0], a[1], from), b0 = between(b[0], b[1], from);
  const Vec3 r = b0 - a0, moved = (between(b[0], b[1], to) - b0) - (between(a[0], a[1], to) - a0);
  const Vec3 v = span > 0 ? moved * (1 / span) : Vec3{};
  const auto near = inside(r, v, span, within);
  auto found = pairs_.find(key);
  if (!near && found == pairs_.end()) return;
  if (near && found == pairs_.end()) {
    open_pair(units, key, from + millis_of(near->first));
    found = pairs_.find(key);
  }
  Pair& pair = found->second;
  pair.covered = std::max(pair.covered, to);
  if (near) {
    Contact& contact = pair.contact;
    pair.within_s += near->second - near->first;
    contact.within = millis_of(pair.within_s);
    contact.when.to = std::max(contact.when.to, from + millis_of(near->second));
    contact.most_relative_mps = std::max(contact.most_relative_mps, norm(v));
    const double square = norm2(v);
    const double t = square > 0 ? std::clamp(-dot(r, v) / square, near->first, near->second) : near->first;
    if (const double distance = norm(r + v * t); distance < contact.closest_m) {
      contact.closest_m = distance;
      contact.closest_at = from + millis_of(t);
      const auto place = [&](const Sample s[2], const Vec3& start) {
        return geo::to_place(span > 0 ? start + (between(s[0], s[1], to) - start) * (t / span) : start);
      };
      contact.place_a = place(a, a0);
      contact.place_b = place(b, b0);
      contact.relative_mps = norm(v);
    }
  }
  if (const auto still = inside(r, v, span, within * limits_.release)) pair.last_near = from + millis_of(still->second);
  if (pair.covered - pair.last_near >= limits_.apart) end_pair(found, EncounterEnd::apart);
}

Encounters::Pair& Encounters::open_pair(const Units& units, UnitPair key, Instant at) {
  Pair pair;
  pair.contact.a = key.first;
  pair.contact.b = key.second;
  pair.contact.when = {at, at};
  pair.contact.closest_at = at;
  pair.contact.closest_m = HUGE_VAL;
  pair.covered = pair.last_near = at;
  pair.group = group_for(units, key, at);
  Group& group = groups_.at(pair.group);
  group.open.insert(key);
  pasts_[key.first.value].partners.push_back(key.second);
  pasts_[key.second.value].partners.push_back(key.first);
  enter(group, pair.group, key.first, at);
  enter(group, pair.group, key.second, at);
  return pairs_.emplace(key, pair).first->second;
}

std::uint64_t Encounters::group_for(const Units& units, UnitPair key, Instant at) {
  const std::uint16_t a = units.party_of(key.first), b = units.party_of(key.second);
  std::set<std::uint64_t> numbers;  // the earliest goes on, the others become part of it
  for (const UnitIndex unit : {key.first, key.second})
    for (const std::uint64_t number : pasts_[unit.value].groups)
      if (const Encounter& one = groups_.at(number).encounter; one.party_a == a && one.party_b == b) numbers.insert(number);
  const std::uint64_t found = numbers.empty() ? 0 : *numbers.begin();
  const std::vector<std::uint64_t> others(numbers.empty() ? numbers.end() : std::next(numbers.begin()), numbers.end());
  for (const std::uint64_t other : others) join(found, other, at);
  if (found != 0) return found;
  Group group;
  group.encounter.number = next_++;
  group.encounter.party_a = a;
  group.encounter.party_b = b;
  group.encounter.when = {at, at};
  EncounterEvent event{EncounterEvent::Kind::opened, at, group.encounter};
  event.encounter.contacts.push_back({key.first, key.second, {at, at}});
  events_.push_back(std::move(event));
  const std::uint64_t number = group.encounter.number;
  groups_.emplace(number, std::move(group));
  return number;
}

void Encounters::join(std::uint64_t into, std::uint64_t from, Instant at) {
  Group& whole = groups_.at(into);
  Group& part = groups_.at(from);
  for (const UnitPair& key : part.open) {
    whole.open.insert(key);
    pairs_.at(key).group = into;
  }
  for (auto& [unit, track] : part.tracks) {
    auto& groups = pasts_[unit.value].groups;
    std::erase(groups, from);
    if (!whole.tracks.contains(unit)) groups.push_back(into);
    UnitTrack& own = whole.tracks[unit];
    if (own.samples.empty() || (!track.samples.empty() && track.samples.front().time < own.samples.front().time)) own = track;
  }
  whole.encounter.when.from = std::min(whole.encounter.when.from, part.encounter.when.from);
  for (const Contact& contact : part.encounter.contacts) whole.encounter.contacts.push_back(contact);
  EncounterEvent event{EncounterEvent::Kind::closed, at, std::move(part.encounter)};
  event.encounter.when.to = at;
  event.encounter.ended = EncounterEnd::joined;
  event.encounter.joined = into;
  event.encounter.contacts.clear();
  events_.push_back(std::move(event));
  groups_.erase(from);
}

void Encounters::enter(Group& group, std::uint64_t number, UnitIndex unit, Instant at) {
  if (group.tracks.contains(unit)) return;
  pasts_[unit.value].groups.push_back(number);
  UnitTrack track{unit, {}, {}};
  const Past& past = pasts_[unit.value];
  for (const Kept& each : past.kept)
    if (each.sample.time >= at - limits_.before) track.samples.push_back(each.sample);
  for (const Instant doubt : past.doubts)
    if (doubt >= at - limits_.before) track.doubts.push_back(doubt);
  group.tracks.emplace(unit, std::move(track));
}

void Encounters::end_pair(std::map<UnitPair, Pair>::iterator pair, EncounterEnd ended) {
  Group& group = groups_.at(pair->second.group);
  Contact contact = pair->second.contact;
  const auto fixes = [&](UnitIndex unit) {
    const auto& samples = group.tracks.at(unit).samples;
    return static_cast<std::uint32_t>(
        std::count_if(samples.begin(), samples.end(), [&](const Sample& s) { return contact.when.holds(s.time); }));
  };
  contact.fixes_a = fixes(contact.a);
  contact.fixes_b = fixes(contact.b);
  group.encounter.when.to = std::max(group.encounter.when.to, contact.when.to);
  group.encounter.contacts.push_back(contact);
  group.open.erase(pair->first);
  std::erase(pasts_[contact.a.value].partners, contact.b);
  std::erase(pasts_[contact.b.value].partners, contact.a);
  const std::uint64_t number = pair->second.group;
  pairs_.erase(pair);
  if (groups_.at(number).open.empty()) end_group(number, ended);
}

void Encounters::end_group(std::uint64_t number, EncounterEnd ended) {
  Group group = std::move(groups_.at(number));
  groups_.erase(number);
  Encounter& encounter = group.encounter;
  encounter.ended = ended;
  std::sort(encounter.contacts.begin(), encounter.contacts.end(), [](const Contact& x, const Contact& y) {
    return std::tuple(x.when.from, x.a, x.b, x.when.to) < std::tuple(y.when.from, y.a, y.b, y.when.to);
  });
  for (auto& [unit, track] : group.tracks) {
    std::erase(pasts_[unit.value].groups, number);
    encounter.tracks.push_back(std::move(track));
  }
  const Instant at = encounter.when.to;
  events_.push_back({EncounterEvent::Kind::closed, at, std::move(encounter)});
}

void Encounters::advance(const Units&, Instant now) {
  now_ = std::max(now_, now);
  looked_ = now_;
  std::vector<std::pair<UnitPair, EncounterEnd>> over;
  for (const auto& [key, pair] : pairs_) {
    if (now_ - pair.covered > limits_.gap) {
      over.emplace_back(key, EncounterEnd::silence);
    } else if (now_ - groups_.at(pair.group).encounter.when.from > limits_.longest) {
      over.emplace_back(key, EncounterEnd::length);
    }
  }
  for (const auto& [key, ended] : over) end_pair(pairs_.find(key), ended);
  if (followed_.size() >= limits_.most_units) make_room();
}

void Encounters::close(const Units&) {
  while (!pairs_.empty()) end_pair(pairs_.begin(), EncounterEnd::closing);
}

}  // namespace wideberth::live
