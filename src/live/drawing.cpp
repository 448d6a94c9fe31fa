#include "live/drawing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "geo/ellipsoid.h"
#include "live/hull.h"
#include "live/look.h"
#include "live/report.h"

namespace wideberth::live {
namespace {

constexpr double kWide = 800, kHigh = 420, kMargin = 40;
constexpr std::size_t kMostDots = 2000, kMostLine = 120;

struct Flat {
  double x = 0, y = 0;
};

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '>') {
      out += "&gt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '"') {
      out += "&quot;";
    } else {
      out += c;
    }
  }
  return out;
}

/// Lines of at most so many bytes, cut at spaces.
std::vector<std::string> wrapped(std::string_view text) {
  std::vector<std::string> lines;
  while (text.size() > kMostLine) {
    const std::size_t space = text.rfind(' ', kMostLine);
    const std::size_t cut = space == std::string_view::npos || space == 0 ? kMostLine : space;
    lines.emplace_back(text.substr(0, cut));
    text.remove_prefix(text[cut] == ' ' ? cut + 1 : cut);
  }
  lines.emplace_back(text);
  return lines;
}

/// A tenth of a unit, never "-0.0".
std::string number(double value) {
  const auto tenths = static_cast<std::int64_t>(std::floor(value * 10 + 0.5));
  return fmt::format("{}{}.{}", tenths < 0 ? "-" : "", std::abs(tenths) / 10, std::abs(tenths) % 10);
}

class Drawing {
 public:
  Drawing(const Units& units, const Reviewed& reviewed, const Surroundings& around)
      : units_(units), reviewed_(reviewed), around_(around) {
    const Encounter& encounter = reviewed.encounter;
    shown_ = encounter.when;
    if (!reviewed.findings.candidates.empty()) {
      shown_ = reviewed.findings.candidates.front().when;
      for (const Candidate& each : reviewed.findings.candidates)
        shown_ = {std::min(shown_.from, each.when.from), std::max(shown_.to, each.when.to)};
      shown_ = {shown_.from - Millis::from_seconds(15), shown_.to + Millis::from_seconds(15)};
    }
    origin_ = geo::to_ecef(encounter.closest().place_a);
    up_ = geo::normal_at(origin_);
    const Vec3 away = std::abs(up_.z) < 0.9999 ? Vec3{0, 0, 1} : Vec3{1, 0, 0};
    east_ = cross(away, up_);
    east_ = east_ * (1 / norm(east_));
    north_ = cross(up_, east_);
    fit();
  }

  std::string draw(std::string_view title) {
    std::size_t lines = 3;
    for (const Candidate& each : reviewed_.findings.candidates) lines += wrapped("Candidate: " + to_text(units_, each)).size();
    const double high = kHigh + 17 * static_cast<double>(lines);
    out_ = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" font-size=\"12\">\n"
        "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n<text x=\"12\" y=\"20\" font-size=\"15\">{}</text>\n",
        number(kWide), number(high), escaped(title));
    for (const auto& road : around_.roads) polyline(road, "#bbb", 6);
    for (const auto& [unit, way] : around_.ways) polyline(way.line, "#dcb", 6);
    for (const UnitTrack& track : reviewed_.encounter.tracks) unit(track);
    for (const Candidate& each : reviewed_.findings.candidates)
      if (each.conduct == Conduct::contact)
        for (const UnitTrack& track : reviewed_.encounter.tracks) outline(track, each.when.from);
    closest();
    scale();
    words();
    return out_ + "</svg>\n";
  }

 private:
  Flat flat(const Vec3& p) const { return {dot(p - origin_, east_), dot(p - origin_, north_)}; }
  Flat on_page(const Vec3& p) const {
    const Flat f = flat(p);
    return {kMargin + (f.x - low_.x) * scale_, kHigh - kMargin - (f.y - low_.y) * scale_};
  }

  void fit() {
    low_ = {1e12, 1e12};
    Flat high{-1e12, -1e12};
    for (const UnitTrack& track : reviewed_.encounter.tracks)
      for (const Sample& sample : track.samples) {
        if (!shown_.holds(sample.time)) continue;
        const Flat f = flat(sample.at);
        low_ = {std::min(low_.x, f.x), std::min(low_.y, f.y)};
        high = {std::max(high.x, f.x), std::max(high.y, f.y)};
      }
    if (low_.x > high.x) low_ = high = {0, 0};
    const double room =
        std::max({(high.x - low_.x) / (kWide - 2 * kMargin), (high.y - low_.y) / (kHigh - 2 * kMargin - 30), 0.02});
    scale_ = 1 / room;
    low_.x -= ((kWide - 2 * kMargin) * room - (high.x - low_.x)) / 2;
    low_.y -= ((kHigh - 2 * kMargin - 30) * room - (high.y - low_.y)) / 2;
  }

  void polyline(const std::vector<Vec3>& line, std::string_view colour, int width) {
    std::string points;
    for (const Vec3& p : line) points += number(on_page(p).x) + "," + number(on_page(p).y) + " ";
    if (!points.empty()) points.pop_back();
    out_ += fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"{}\"/>\n", points, colour, width);
  }

  std::string_view colour_of(UnitIndex unit) const {
    return units_.party_of(unit) == reviewed_.encounter.party_a ? "#1f5fa8" : "#b4382f";
  }

  bool rests_on(UnitIndex unit, Instant time) const {
    for (const Candidate& candidate : reviewed_.findings.candidates)
      for (const RestsOn& each : candidate.rests_on)
        if (each.unit == unit && std::binary_search(each.fixes.begin(), each.fixes.end(), time)) return true;
    return false;
  }

  void unit(const UnitTrack& track) {
    std::vector<Vec3> line;
    std::string dots;
    const std::string_view colour = colour_of(track.unit);
    std::size_t drawn = 0;
    for (const Sample& sample : track.samples) {
      if (!shown_.holds(sample.time)) continue;
      line.push_back(sample.at);
      const Flat at = on_page(sample.at);
      if (drawn++ < kMostDots)
        dots += fmt::format("<circle cx=\"{}\" cy=\"{}\" r=\"3\" fill=\"{}\" stroke=\"{}\"/>\n", number(at.x), number(at.y),
                            rests_on(track.unit, sample.time) ? colour : "#fff", colour);
    }
    if (line.empty()) return;
    polyline(line, colour, 1);
    out_ += dots;
    const Flat end = on_page(line.back());
    out_ += fmt::format("<text x=\"{}\" y=\"{}\" fill=\"{}\">{} ({})</text>\n", number(std::min(end.x + 6, kWide - 90)),
                        number(end.y - 7), colour, escaped(units_[track.unit].name), escaped(units_[track.unit].party));
  }

  /// The rectangle of a unit, where its size and heading are known.
  void outline(const UnitTrack& track, Instant when) {
    const Look look(units_[track.unit], track, EncounterLimits{}.gap);
    const auto moment = look.at(when);
    if (!moment || !look.is_sized() || norm2(moment->heading) == 0) return;
    const Flat middle = flat(moment->at);
    const GroundVec ahead{dot(moment->heading, east_), dot(moment->heading, north_)};
    const Corners corners = corners_of({middle.x, middle.y}, ahead, {look.length() / 2, look.width() / 2});
    std::string points;
    for (const GroundVec& corner : corners.at) {
      const Flat at = on_page(origin_ + east_ * corner.x + north_ * corner.y);
      points += (points.empty() ? "" : " ") + number(at.x) + "," + number(at.y);
    }
    out_ += fmt::format("<polygon points=\"{}\" fill=\"none\" stroke=\"{}\"/>\n", points, colour_of(track.unit));
  }

  void closest() {
    const Contact& contact = reviewed_.encounter.closest();
    if (!shown_.holds(contact.closest_at)) return;
    const Flat a = on_page(geo::to_ecef(contact.place_a)), b = on_page(geo::to_ecef(contact.place_b));
    out_ += fmt::format("<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"#000\" stroke-dasharray=\"3 2\"/>\n", number(a.x),
                        number(a.y), number(b.x), number(b.y));
  }

  void scale() {
    double length = 1;
    while (length * 10 * scale_ < 160) length *= 10;
    if (length * 5 * scale_ < 160) {
      length *= 5;
    } else if (length * 2 * scale_ < 160) {
      length *= 2;
    }
    out_ += fmt::format(
        "<path d=\"M{0} {1} h{2}\" stroke=\"#000\" stroke-width=\"2\"/>\n<text x=\"{0}\" y=\"{3}\">{4} m, north up</text>\n",
        number(kMargin), number(kHigh - 12), number(length * scale_), number(kHigh - 17), static_cast<std::int64_t>(length));
  }

  void words() {
    double y = kHigh + 14;
    const auto line = [&](const std::string& text) {
      for (const std::string& each : wrapped(text)) {
        out_ += fmt::format("<text x=\"12\" y=\"{}\">{}</text>\n", number(y), escaped(each));
        y += 17;
      }
    };
    const Contact& contact = reviewed_.encounter.closest();
    line(fmt::format("Closest: {} m between {} and {} at {} (dashed). Filled dots: the fixes that a candidate rests on.",
                     number(contact.closest_m), units_[contact.a].name, units_[contact.b].name,
                     base::to_short_text(contact.closest_at)));
    for (const Candidate& candidate : reviewed_.findings.candidates) line("Candidate: " + to_text(units_, candidate));
    line("A candidate is what the tracks show until a person confirms it. No fault is assigned.");
  }

  const Units& units_;
  const Reviewed& reviewed_;
  const Surroundings& around_;
  Interval shown_{};
  Vec3 origin_{}, up_{}, east_{}, north_{};
  Flat low_{};
  double scale_ = 1;
  std::string out_{};
};

}  // namespace

std::string drawing_of(const Units& units, const Reviewed& reviewed, const Surroundings& around, std::string_view title) {
  return Drawing(units, reviewed, around).draw(title);
}

}  // namespace wideberth::live
