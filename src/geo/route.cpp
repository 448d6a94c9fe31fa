#include "geo/route.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>

#include "geo/line.h"
#include "geo/plan_maker.h"

namespace wideberth::geo {

namespace {

// A leg before its pieces: where it lies along the route, and how long a column takes to pass a point of it.
struct Leg {
  CutLine line;
  double begin = 0;  // metres from the start of the route to the leg's first end
  double length() const { return line.reach.back(); }
  double end() const { return begin + length(); }
  bool moves() const { return length() > 0; }
  double passing = 0;  // ms
};

double schedule(const Interval& window) { return to_ms(window.from) + static_cast<double>((window.to - window.from).ms()) / 2; }

Result<void> check_route(const Route& route) {
  const auto& points = route.waypoints;
  if (points.size() < 2)
    return refuse(Rule::route_too_short, fmt::format("{} waypoints", points.size()), "two or more", "/waypoints");
  if (points.size() > kMaxWaypoints)
    return refuse(Rule::route_too_long, fmt::format("{} waypoints", points.size()), fmt::format("at most {}", kMaxWaypoints),
                  "/waypoints");
  WB_TRY_VOID(check_length(route.half_width, "half_width"));
  WB_TRY_VOID(check_length(route.column_length, "column_length"));
  for (std::size_t i = 0; i < points.size(); ++i) {
    const std::string where = fmt::format("/waypoints/{}", i);
    WB_TRY_VOID(check_place(points[i].place, where));
    WB_TRY_VOID(check_window(points[i].window, where));
    if (i == 0) continue;
    const Interval &before = points[i - 1].window, &now = points[i].window;
    if (now.from < before.from || now.to < before.to)
      return refuse(Rule::route_window_backwards,
                    fmt::format("{} to {} after {} to {}", to_short_text(now.from), to_short_text(now.to),
                                to_short_text(before.from), to_short_text(before.to)),
                    "an earliest and a latest passage that are no earlier than those of the waypoint before", where);
  }
  return {};
}

Result<std::vector<Leg>> cut_legs(const Route& route) {
  std::vector<Leg> legs;
  std::size_t pieces = 0;
  for (std::size_t i = 0; i + 1 < route.waypoints.size(); ++i) {
    const Waypoint &from = route.waypoints[i], &to = route.waypoints[i + 1];
    const std::string where = fmt::format("/waypoints/{}", i + 1);
    const double chord = distance_m(from.place, to.place);
    if (chord > static_cast<double>(kMaxLegMetres))
      return refuse(Rule::route_leg_too_long, fmt::format("{:.0f} km", chord / 1000),
                    fmt::format("at most {} km in a straight line; name a place in between", kMaxLegMetres / 1000), where);
    auto line = cut_line(from.place, to.place, route.line);
    if (!line) {
      line.error().where = where;
      return tl::make_unexpected(std::move(line).error());
    }
    Leg leg{.line = *std::move(line), .begin = legs.empty() ? 0 : legs.back().end()};
    if (leg.moves() && schedule(to.window) <= schedule(from.window))
      return refuse(Rule::route_leg_without_duration, fmt::format("{:.3f} m in no time", leg.length()),
                    "a later window, or the same place", where);
    pieces += leg.line.points.size() - 1;
    if (pieces > kMaxPieces)
      return refuse(Rule::route_too_long, fmt::format("more than {} pieces", kMaxPieces), "a shorter route", where);
    legs.push_back(std::move(leg));
  }
  return legs;
}

// Backwards over the legs, with the slowest of those that begin within one column length: a queue whose speeds fall
// towards its front, so that its far end is dropped when out of reach.
void set_passing(const Route& route, std::vector<Leg>& legs) {
  struct Ahead {
    double begin, slowness;  // ms per metre
  };
  const double column = route.column_length.metres();
  std::deque<Ahead> queue;
  double following = 0;  // passing time of the next leg that moves
  for (std::size_t i = legs.size(); i-- > 0;) {
    Leg& leg = legs[i];
    if (!leg.moves()) {
      leg.passing = following;
      continue;
    }
    const double slowness = (schedule(route.waypoints[i + 1].window) - schedule(route.waypoints[i].window)) / leg.length();
    while (!queue.empty() && queue.back().begin > leg.end() + column) queue.pop_back();
    while (!queue.empty() && queue.front().slowness <= slowness) queue.pop_front();
    queue.push_front({leg.begin, slowness});
    leg.passing = following = column * queue.back().slowness;
  }
  // Halts at the end of the route: as the last leg that moved.
  for (std::size_t i = 1; i < legs.size(); ++i)
    if (!legs[i].moves() && legs[i].passing == 0) legs[i].passing = legs[i - 1].passing;
}

// The halts in order; before each, the last column length of route stays occupied until it departs.
struct Halt {
  std::size_t leg;
  double at, reach;                  // metres along the route: where it is, and where the tail stands
  double latest_gone, planned_gone;  // ms: departure + passing
};

std::vector<Halt> halts_of(const Route& route, const std::vector<Leg>& legs) {
  std::vector<Halt> halts;
  const double column = route.column_length.metres();
  for (std::size_t i = 0; i < legs.size(); ++i) {
    if (legs[i].moves() || column <= 0) continue;
    const Interval& departure = route.waypoints[i + 1].window;
    halts.push_back(
        {i, legs[i].begin, legs[i].begin - column, to_ms(departure.to) + legs[i].passing, schedule(departure) + legs[i].passing});
  }
  return halts;
}

class PieceWriter {
 public:
  PieceWriter(const Route& route, const std::vector<Leg>& legs, std::vector<Piece>& out)
      : route_{route}, legs_{legs}, halts_{halts_of(route, legs)}, out_{out} {}

  void write(std::size_t leg) {
    const CutLine& line = legs_[leg].line;
    for (std::size_t k = 0; k + 1 < line.points.size(); ++k) {
      const double begin = line.reach[k], end = line.reach[k + 1];
      double at = begin;
      // Cut where the tail of a column stands that halts further on.
      for (auto halt = first_beyond(legs_[leg].begin + begin); halt != halts_.end(); ++halt) {
        const double cut = halt->reach - legs_[leg].begin;
        if (cut >= end) break;
        if (cut > at) {
          add(leg, k, at, cut);
          at = cut;
        }
      }
      add(leg, k, at, end);
    }
  }

 private:
  std::vector<Halt>::const_iterator first_beyond(double metres) const {
    return std::upper_bound(halts_.begin(), halts_.end(), metres, [](double m, const Halt& h) { return m < h.reach; });
  }

  // A stretch of one chord. Where a column's halt further on ends later than the passing at one end and earlier at the other,
  // it is cut once more, so that what a piece says is linear.
  void add(std::size_t leg, std::size_t k, double begin, double end) {
    Piece piece = passed(leg, k, begin, end);
    const Halt* halt = halt_ahead(leg, legs_[leg].begin + (begin + end) / 2);
    if (halt == nullptr) return out_.push_back(piece);
    const auto turn = [&](double first, double last, double gone) {
      const double at = first < gone && gone < last ? begin + (end - begin) * ((gone - first) / (last - first)) : begin;
      return at > begin + kLeastCut && at < end - kLeastCut ? at : begin;
    };
    for (const double at : {turn(piece.l0, piece.l1, halt->latest_gone), turn(piece.h0, piece.h1, halt->planned_gone)}) {
      if (at == begin) continue;
      add(leg, k, begin, at);
      add(leg, k, at, end);
      return;
    }
    piece.l0 = std::max(piece.l0, halt->latest_gone);
    piece.l1 = std::max(piece.l1, halt->latest_gone);
    piece.h0 = std::max(piece.h0, halt->planned_gone);
    piece.h1 = std::max(piece.h1, halt->planned_gone);
    out_.push_back(piece);
  }

  // The stretch as if there were no halt.
  Piece passed(std::size_t leg, std::size_t k, double begin, double end) const {
    const CutLine& line = legs_[leg].line;
    const Interval &a = route_.waypoints[leg].window, &b = route_.waypoints[leg + 1].window;
    const double from = line.reach[k], to = line.reach[k + 1], whole = legs_[leg].length();
    const auto on_chord = [&](double metres) {
      if (metres == from) return line.points[k];
      if (metres == to) return line.points[k + 1];
      return line.points[k] + (line.points[k + 1] - line.points[k]) * ((metres - from) / (to - from));
    };
    const auto when = [](double first, double last, double t) { return t >= 1 ? last : first + (last - first) * t; };
    const double t0 = whole > 0 ? begin / whole : 0, t1 = whole > 0 ? end / whole : 1, passing = legs_[leg].passing;
    Piece piece;
    piece.from = on_chord(begin);
    piece.along = on_chord(whole > 0 ? end : begin) - piece.from;
    piece.e0 = when(to_ms(a.from), to_ms(b.from), t0);
    piece.e1 = when(to_ms(a.from), to_ms(b.from), t1);
    piece.l0 = when(to_ms(a.to), to_ms(b.to), t0) + passing;
    piece.l1 = when(to_ms(a.to), to_ms(b.to), t1) + passing;
    piece.s0 = when(schedule(a), schedule(b), t0);
    piece.s1 = when(schedule(a), schedule(b), t1);
    piece.h0 = piece.s0 + passing;
    piece.h1 = piece.s1 + passing;
    return piece;
  }

  // The last halt whose column still stands here, if there is one.
  const Halt* halt_ahead(std::size_t leg, double metres) const {
    const auto after = first_beyond(metres);
    return after != halts_.begin() && (after - 1)->leg > leg ? &*(after - 1) : nullptr;
  }

  static constexpr double kLeastCut = 1e-6;  // metres: below it the two instants are the same but for rounding
  const Route& route_;
  const std::vector<Leg>& legs_;
  std::vector<Halt> halts_;
  std::vector<Piece>& out_;
};

}  // namespace

Result<Plan> compile(const Route& route) {
  WB_TRY_VOID(check_route(route));
  PlanMaker maker;
  WB_TRY_VOID(maker.altitude(route.altitude));
  WB_TRY(legs, cut_legs(route));
  set_passing(route, legs);
  PieceWriter writer{route, legs, maker.pieces()};
  for (std::size_t i = 0; i < legs.size(); ++i) {
    writer.write(i);
    if (maker.pieces().size() > kMaxPieces)
      return refuse(Rule::route_too_long, fmt::format("more than {} pieces", kMaxPieces), "a shorter route or fewer halts",
                    "/waypoints");
    maker.stray(legs[i].line.sag_m, legs[i].line.sideways_m);
  }
  Millis slack;
  for (const Waypoint& point : route.waypoints)
    slack = std::max(slack, Millis::from_ms(((point.window.to - point.window.from).ms() + 1) / 2));
  maker.shape(Plan::Shape::route);
  maker.half_width(route.half_width);
  maker.slack(slack);
  return maker.finish();
}

}  // namespace wideberth::geo
