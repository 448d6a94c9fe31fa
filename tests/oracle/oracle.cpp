// The auditor: how near can two plans come? Another program with other formulas, which shares no line with src/geo.
//
// Positions and distances are GeographicLib's geodesics on the ellipsoid. Legs are sampled at the middle of a box of shares
// (u of one leg, v of the other); since nobody moves further than the length of the way, a sample bounds the distance in the
// whole box from below, and a sample at which both may be there bounds the least from above. Boxes are halved, the most
// promising first, until the two bounds are within 0.2 m (or 0.02 %), or the work limit is reached: then the bounds are wide, but
// still bounds. Inside a polygon is where the azimuths to its edge turn once around.
//
// Input, one item a line (whole numbers: degrees x 10^7, mm, ms):
//   R line half_width column low high n (lon lat earliest latest) x n      a route; line 0 geodesic, 1 even in lon and lat
//   C lon lat radius low high from to                                      a circle
//   P line margin low high from to rings (n (lon lat) x n) x rings         a polygon
//   ? separation exact                                                     ask about the last two; exact 1: the least on
//                                                                          schedule even beyond the separation
//   T party, then a route on the next line                                 file it under the next number, from 0
//   ! separation                                                           which of those filed are too near another party's?
// Output for each question: least possible (from below, from above), least on schedule (likewise), in metres; inf for never.
// For all filed: a line "i j C below above" for every pair surely too near, "i j U below above" for what the bounds leave open.
#include <GeographicLib/Geodesic.hpp>
#include <GeographicLib/GeodesicLine.hpp>
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <queue>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace {

using GeographicLib::Geodesic;
using GeographicLib::GeodesicLine;

constexpr double kInf = std::numeric_limits<double>::infinity();
constexpr int kMostSamples = 60'000;

const Geodesic& earth() { return Geodesic::WGS84(); }

struct Spot {
  double lat, lon;
};

double between(const Spot& a, const Spot& b) {
  double metres = 0;
  earth().Inverse(a.lat, a.lon, b.lat, b.lon, metres);
  return metres;
}

// A way from one place to another; at(share) is where one is after that share of its length.
class Way {
 public:
  Way(const Spot& from, const Spot& to, bool even_degrees) : from_{from} {
    if (even_degrees) {
      double turn = to.lon - from.lon;
      if (turn > 180) turn -= 360;
      if (turn < -180) turn += 360;
      // A sample per hundred metres or so, and the length up to each.
      const int count = std::clamp(static_cast<int>(between(from, to) / 100), 16, 4000);
      for (int k = 0; k <= count; ++k) {
        const double share = static_cast<double>(k) / count;
        const Spot spot{from.lat + (to.lat - from.lat) * share, from.lon + turn * share};
        length_ = spots_.empty() ? 0 : length_ + between(spots_.back(), spot);
        spots_.push_back(spot);
        reach_.push_back(length_);
      }
    } else {
      line_ = earth().InverseLine(from.lat, from.lon, to.lat, to.lon);
      length_ = line_.Distance();
    }
  }
  double length() const { return length_; }
  Spot at(double share) const {
    if (length_ == 0) return from_;
    if (spots_.empty()) {
      Spot spot{};
      line_.Position(length_ * share, spot.lat, spot.lon);
      return spot;
    }
    const double metres = length_ * share;
    const auto after = std::clamp<std::ptrdiff_t>(std::upper_bound(reach_.begin(), reach_.end(), metres) - reach_.begin(), 1,
                                                  static_cast<std::ptrdiff_t>(reach_.size()) - 1);
    const auto i = static_cast<std::size_t>(after);
    const double t = std::clamp((metres - reach_[i - 1]) / (reach_[i] - reach_[i - 1]), 0.0, 1.0);
    return {spots_[i - 1].lat + (spots_[i].lat - spots_[i - 1].lat) * t,
            spots_[i - 1].lon + (spots_[i].lon - spots_[i - 1].lon) * t};
  }

 private:
  Spot from_;
  GeodesicLine line_;
  std::vector<Spot> spots_;
  std::vector<double> reach_;
  double length_ = 0;
};

// Times at the two ends of a leg; gone: an instant until which it stays occupied all along (before a halt of a column).
struct Times {
  double come0 = 0, come1 = 0, leave0 = 0, leave1 = 0, gone = -kInf;
  double come(double t) const { return t >= 1 ? come1 : come0 + (come1 - come0) * t; }
  double leave(double t) const { return std::max(gone, t >= 1 ? leave1 : leave0 + (leave1 - leave0) * t); }
  // The shares at which one has come by `end` and has not left before `begin`.
  std::pair<double, double> present(double begin, double end) const {
    double low = 0, high = 1;
    if (come1 > end) high = come0 > end ? -1 : come0 == come1 ? 1 : (end - come0) / (come1 - come0);
    if (gone < begin && leave0 < begin) low = leave1 < begin ? 2 : leave0 == leave1 ? 0 : (begin - leave0) / (leave1 - leave0);
    return {low, high};
  }
};

// Part of a leg: the shares [begin, end] of a way.
struct Strand {
  const Way* way;
  double begin, end;
  Times possible, planned;
  Spot middle{};
  double length() const { return way->length() * (end - begin); }
  Spot at(double t) const { return way->at(begin + (end - begin) * t); }
};

// Whether two strands are further apart than `metres` at all times, by degrees alone: one of latitude is never less than
// 110.5 km, one of longitude never less than 111.3 km times the cosine of the latitude. Not asked near poles or the antimeridian.
bool surely_apart(const Strand& p, const Strand& q, double metres) {
  const double needed = metres + (p.length() + q.length()) / 2 + 1;
  if (std::fabs(p.middle.lat - q.middle.lat) * 110'500 > needed) return true;
  const double highest = std::max(std::fabs(p.middle.lat), std::fabs(q.middle.lat)) + needed / 110'500;
  if (highest > 75 || std::max(std::fabs(p.middle.lon), std::fabs(q.middle.lon)) > 170) return false;
  return std::fabs(p.middle.lon - q.middle.lon) * 111'300 * std::cos(highest * 3.14159265358979 / 180) > needed;
}

struct Thing {
  std::vector<std::unique_ptr<Way>> ways;
  std::vector<Strand> strands;
  std::vector<std::vector<Spot>> outline;  // of a polygon, a spot per few kilometres
  double width = 0, low = 0, high = 0;
  double window_from = 0, window_to = 0;
};

struct Stop {
  Spot spot;
  double earliest, latest;
  double middle() const { return (earliest + latest) / 2; }
};

Spot read_spot(std::istream& in) {
  double lon = 0, lat = 0;
  in >> lon >> lat;
  return {lat / 1e7, lon / 1e7};
}

// How long a column takes to pass a point of leg i: its length at the slowest planned speed ahead.
std::vector<double> passing_times(const Thing& thing, const std::vector<Stop>& stops, double column) {
  const std::size_t legs = thing.ways.size();
  std::vector<double> passing(legs, 0);
  for (std::size_t i = 0; i < legs; ++i) {
    if (thing.ways[i]->length() == 0) continue;
    double slowest = kInf, ahead = 0;
    for (std::size_t j = i; j < legs && ahead <= column; ++j) {
      const double length = thing.ways[j]->length();
      if (length > 0) slowest = std::min(slowest, length / (stops[j + 1].middle() - stops[j].middle()));
      if (j > i) ahead += length;
    }
    passing[i] = column / slowest;
  }
  for (std::size_t i = 0; i < legs; ++i) {  // a halt: as the leg that follows, or at the end as the last that moved
    if (thing.ways[i]->length() > 0) continue;
    for (std::size_t j = i; j < legs && passing[i] == 0; ++j) passing[i] = passing[j];
    for (std::size_t j = i; j-- > 0 && passing[i] == 0;) passing[i] = passing[j];
  }
  return passing;
}

Thing read_route(std::istream& in) {
  Thing thing;
  int line = 0;
  double half = 0, column = 0;
  std::size_t count = 0;
  in >> line >> half >> column >> thing.low >> thing.high >> count;
  thing.width = half / 1000;
  column /= 1000;
  std::vector<Stop> stops(count);
  for (Stop& stop : stops) {
    stop.spot = read_spot(in);
    in >> stop.earliest >> stop.latest;
  }
  std::vector<double> starts{0};
  for (std::size_t i = 0; i + 1 < count; ++i) {
    thing.ways.push_back(std::make_unique<Way>(stops[i].spot, stops[i + 1].spot, line == 1));
    starts.push_back(starts.back() + thing.ways.back()->length());
  }
  const std::vector<double> passing = passing_times(thing, stops, column);
  for (std::size_t i = 0; i + 1 < count; ++i) {
    const double length = thing.ways[i]->length();
    // Where the tail of a column that halts further on stands within this leg.
    std::vector<double> cuts{0, 1};
    for (std::size_t j = i + 1; j + 1 < count; ++j)
      if (thing.ways[j]->length() == 0 && length > 0 && column > 0) {
        const double cut = (starts[j] - column - starts[i]) / length;
        if (cut > 0 && cut < 1) cuts.push_back(cut);
      }
    std::sort(cuts.begin(), cuts.end());
    for (std::size_t k = 0; k + 1 < cuts.size(); ++k) {
      Strand strand{thing.ways[i].get(), cuts[k], cuts[k + 1], {}, {}};
      strand.middle = strand.at(0.5);
      const auto at = [&](double first, double last, double t) { return t >= 1 ? last : first + (last - first) * t; };
      const Stop &a = stops[i], &b = stops[i + 1];
      for (const auto& [t, first] : {std::pair{cuts[k], true}, std::pair{cuts[k + 1], false}}) {
        (first ? strand.possible.come0 : strand.possible.come1) = at(a.earliest, b.earliest, t);
        (first ? strand.possible.leave0 : strand.possible.leave1) = at(a.latest, b.latest, t) + passing[i];
        (first ? strand.planned.come0 : strand.planned.come1) = at(a.middle(), b.middle(), t);
        (first ? strand.planned.leave0 : strand.planned.leave1) = at(a.middle(), b.middle(), t) + passing[i];
      }
      const double here = starts[i] + length * (cuts[k] + cuts[k + 1]) / 2;
      for (std::size_t j = i + 1; j + 1 < count; ++j)
        if (thing.ways[j]->length() == 0 && column > 0 && starts[j] - column <= here) {
          strand.possible.gone = stops[j + 1].latest + passing[j];
          strand.planned.gone = stops[j + 1].middle() + passing[j];
        }
      thing.strands.push_back(strand);
    }
  }
  return thing;
}

void stand(Thing& thing, const Spot& from, const Spot& to, bool even_degrees) {
  thing.ways.push_back(std::make_unique<Way>(from, to, even_degrees));
  const Times times{thing.window_from, thing.window_from, thing.window_to, thing.window_to};
  thing.strands.push_back({thing.ways.back().get(), 0, 1, times, times, thing.ways.back()->at(0.5)});
}

Thing read_circle(std::istream& in) {
  Thing thing;
  const Spot centre = read_spot(in);
  in >> thing.width >> thing.low >> thing.high >> thing.window_from >> thing.window_to;
  thing.width /= 1000;
  stand(thing, centre, centre, false);
  return thing;
}

Thing read_polygon(std::istream& in) {
  Thing thing;
  int line = 0;
  std::size_t rings = 0;
  in >> line >> thing.width >> thing.low >> thing.high >> thing.window_from >> thing.window_to >> rings;
  thing.width /= 1000;
  for (; rings > 0; --rings) {
    std::size_t count = 0;
    in >> count;
    std::vector<Spot> ring;
    for (; count > 0; --count) ring.push_back(read_spot(in));
    std::vector<Spot> outline;
    for (std::size_t i = 0; i < ring.size(); ++i) {
      stand(thing, ring[i], ring[(i + 1) % ring.size()], line == 1);
      const Way& way = *thing.ways.back();
      const int pieces = 1 + static_cast<int>(way.length() / 3000);
      for (int k = 0; k < pieces; ++k) outline.push_back(way.at(static_cast<double>(k) / pieces));
    }
    thing.outline.push_back(outline);
  }
  return thing;
}

bool is_inside(const Thing& polygon, const Spot& spot) {
  bool inside = false;
  for (const auto& ring : polygon.outline) {
    double turned = 0, before = 0;
    for (std::size_t i = 0; i <= ring.size(); ++i) {
      double azimuth = 0, ignored = 0;
      earth().Inverse(spot.lat, spot.lon, ring[i % ring.size()].lat, ring[i % ring.size()].lon, azimuth, ignored);
      if (i > 0) turned += std::remainder(azimuth - before, 360.0);
      before = azimuth;
    }
    if (std::fabs(turned) > 180) inside = !inside;
  }
  return inside;
}

struct Bounds {
  double below = kInf, above = kInf;
};

class Search {
 public:
  Search(const Thing& a, const Thing& b, bool planned, double enough) : a_{a}, b_{b}, planned_{planned}, enough_{enough} {}

  /// `settled`: no more is needed once the least is known to be no more than this.
  Bounds run(double settled = -1) {
    if (a_.low > b_.high || b_.low > a_.high) return {};
    if (visits_inside(a_, b_) || visits_inside(b_, a_)) return {0, 0};
    for (std::uint32_t i = 0; i < a_.strands.size(); ++i)
      for (std::uint32_t j = 0; j < b_.strands.size(); ++j)
        if (std::isinf(enough_) || !surely_apart(a_.strands[i], b_.strands[j], enough_)) push({i, j, 0, 1, 0, 1, 0});
    while (!boxes_.empty()) {
      const Box box = boxes_.top();
      // Good enough, or beyond what is asked, or too much work.
      if (above_ <= settled || above_ - box.below < std::max(0.2, 0.0002 * above_) || box.below > enough_ ||
          samples_ > kMostSamples)
        return {std::min(box.below, above_), above_};
      boxes_.pop();
      split(box);
    }
    return {above_, above_};
  }

 private:
  struct Box {
    std::uint32_t i, j;
    double u0, u1, v0, v1, below;
    bool operator<(const Box& other) const { return below > other.below; }
  };

  const Times& times(const Strand& s) const { return planned_ ? s.planned : s.possible; }

  // The edges bound what comes and goes; who stays inside from end to end is seen at the ends of their time there.
  bool visits_inside(const Thing& who, const Thing& polygon) {
    if (polygon.outline.empty()) return false;
    for (const Strand& strand : who.strands) {
      const auto [low, high] = times(strand).present(polygon.window_from, polygon.window_to);
      if (low > high) continue;
      if (is_inside(polygon, strand.at(std::clamp(low, 0.0, 1.0))) || is_inside(polygon, strand.at(std::clamp(high, 0.0, 1.0))))
        return true;
    }
    return false;
  }

  void push(Box box) {
    const Strand &p = a_.strands[box.i], &q = b_.strands[box.j];
    const Times &tp = times(p), &tq = times(q);
    if (tp.come(box.u0) > std::max(tq.leave(box.v1), tq.leave(box.v0)) ||
        tq.come(box.v0) > std::max(tp.leave(box.u1), tp.leave(box.u0)))
      return;
    const double u = (box.u0 + box.u1) / 2, v = (box.v0 + box.v1) / 2;
    const Spot spot_p = p.at(u);
    const double middle = distance(spot_p, q.at(v));
    const double radius = (p.length() * (box.u1 - box.u0) + q.length() * (box.v1 - box.v0)) / 2 * (1 + 1e-6);
    box.below = std::max(0.0, middle - radius);
    if (box.below > above_) return;
    for (const double at : {u, box.u0, box.u1}) {
      auto [low, high] = tq.present(tp.come(at), tp.leave(at));
      low = std::max(low, box.v0);
      high = std::min(high, box.v1);
      if (low > high + 1e-12) continue;
      const double best = std::clamp(v, low, std::max(low, high));
      above_ = std::min(above_, at == u && best == v ? middle : distance(p.at(at), q.at(best)));
      if (at == u) break;
    }
    boxes_.push(box);
  }

  void split(const Box& box) {
    const double long_p = a_.strands[box.i].length() * (box.u1 - box.u0), long_q = b_.strands[box.j].length() * (box.v1 - box.v0);
    // A leg that stands is halved too, by time, while its times matter; but not for ever.
    const double um = (box.u0 + box.u1) / 2, vm = (box.v0 + box.v1) / 2;
    const bool halve_p = (long_p >= long_q / 2 || long_q < 0.1) && box.u1 - box.u0 > 1e-9;
    const bool halve_q = (long_q >= long_p / 2 || long_p < 0.1) && box.v1 - box.v0 > 1e-9;
    if (!halve_p && !halve_q) return;
    for (const bool first : {true, false}) {
      Box half = box;
      if (halve_p) (first ? half.u1 : half.u0) = um;
      if (!halve_q) {
        push(half);
        continue;
      }
      for (const bool lower : {true, false}) {
        Box quarter = half;
        (lower ? quarter.v1 : quarter.v0) = vm;
        push(quarter);
      }
      if (!halve_p) break;
    }
  }

  double distance(const Spot& p, const Spot& q) {
    ++samples_;
    return between(p, q);
  }

  const Thing& a_;
  const Thing& b_;
  bool planned_;
  double enough_;
  double above_ = kInf;
  int samples_ = 0;
  std::priority_queue<Box> boxes_;
};

// All pairs of things filed: by squares of 0.02 degrees and slots of ten minutes, then one by one.
class Register {
 public:
  void file(int party, Thing thing) { things_.push_back({party, std::move(thing)}); }

  void ask(double separation_m) {
    struct Key {
      int lat, lon, slot;
      auto operator<=>(const Key&) const = default;
    };
    std::map<Key, std::vector<std::size_t>> squares;
    std::size_t asked = 0, near = 0, open = 0;
    for (std::size_t i = 0; i < things_.size(); ++i) {
      const Thing& thing = things_[i].second;
      std::set<Key> keys;
      for (const Strand& strand : thing.strands) {
        const double reach = strand.length() / 2 + separation_m + thing.width;
        const double lat = reach / 110'500, lon = lat / std::cos((std::fabs(strand.middle.lat) + 1) * 3.14159265358979 / 180);
        const auto cell = [](double x) { return static_cast<int>(std::floor(x)); };
        for (int y = cell((strand.middle.lat - lat) / 0.02); y <= cell((strand.middle.lat + lat) / 0.02); ++y)
          for (int x = cell((strand.middle.lon - lon) / 0.02); x <= cell((strand.middle.lon + lon) / 0.02); ++x)
            for (int t = cell(strand.possible.come0 / 600'000); t <= cell(strand.possible.leave(1) / 600'000); ++t)
              keys.insert({y, x, t});
      }
      std::set<std::size_t> others;
      for (const Key& key : keys) {
        auto& square = squares[key];
        for (const std::size_t j : square)
          if (things_[j].first != things_[i].first) others.insert(j);
        square.push_back(i);
      }
      for (const std::size_t j : others) {
        ++asked;
        const double reach = separation_m + thing.width + things_[j].second.width;
        const Bounds bounds = Search{things_[j].second, thing, false, reach + 0.6}.run(reach);
        if (bounds.below > reach + 0.6) continue;
        const bool sure = bounds.above <= reach;
        ++(sure ? near : open);
        std::printf("%zu %zu %c %.4f %.4f\n", j, i, sure ? 'C' : 'U', bounds.below, bounds.above);
      }
    }
    std::fprintf(stderr, "oracle: %zu pairs asked, %zu too near, %zu left open\n", asked, near, open);
  }

 private:
  std::vector<std::pair<int, Thing>> things_;
};

}  // namespace

int main() {
  std::ios::sync_with_stdio(false);
  Thing before, last;
  Register filed;
  for (std::string text; std::getline(std::cin, text);) {
    std::istringstream in{text};
    char what = 0;
    in >> what;
    if (what == '?') {
      double separation = 0;
      int exact = 0;
      in >> separation >> exact;
      const double reach = separation / 1000 + before.width + last.width;
      const Bounds possible = Search{before, last, false, reach + 1}.run();
      const Bounds planned = Search{before, last, true, exact != 0 ? kInf : reach + 1}.run();
      std::printf("%.4f %.4f %.4f %.4f\n", possible.below, possible.above, planned.below, planned.above);
      continue;
    }
    if (what == 'T') {
      int party = 0;
      in >> party;
      std::getline(std::cin, text);
      std::istringstream route{text.substr(1)};
      filed.file(party, read_route(route));
      continue;
    }
    if (what == '!') {
      double separation = 0;
      in >> separation;
      filed.ask(separation / 1000);
      continue;
    }
    before = std::move(last);
    last = what == 'R' ? read_route(in) : what == 'C' ? read_circle(in) : read_polygon(in);
    if (!in) {
      std::fprintf(stderr, "oracle: cannot read: %s\n", text.c_str());
      return 1;
    }
  }
}
