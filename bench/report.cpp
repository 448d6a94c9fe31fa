#include "report.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>

namespace wideberth::bench {
namespace {

constexpr double kLeft = 80, kTop = 40, kWide = 620, kHigh = 340;
constexpr const char* kColours[] = {"#0b6e4f", "#c8553d", "#3d5a80", "#8a6d3b"};

struct Axes {
  double x0, x1, y0, y1;  // powers of ten
  double x(double value) const { return kLeft + kWide * (std::log10(value) - x0) / (x1 - x0); }
  double y(double value) const { return kTop + kHigh * (y1 - std::log10(value)) / (y1 - y0); }
};

std::string grid(const Axes& axes) {
  std::string out;
  for (double power = axes.x0; power <= axes.x1 + 0.01; ++power) {
    const double x = axes.x(std::pow(10, power));
    out += fmt::format(
        "<path d=\"M{:.1f} {} v{}\" class=\"grid\"/><text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{:.0f}</text>\n", x, kTop,
        kHigh, x, kTop + kHigh + 20, std::pow(10, power));
  }
  for (double power = axes.y0; power <= axes.y1 + 0.01; ++power) {
    const double y = axes.y(std::pow(10, power));
    out += fmt::format("<path d=\"M{} {:.1f} h{}\" class=\"grid\"/><text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{:g}</text>\n",
                       kLeft, y, kWide, kLeft - 8, y + 4, std::pow(10, power));
  }
  return out;
}

struct Line {
  std::string name;
  std::vector<std::pair<double, double>> points;
};

void add_point(std::vector<Line>& lines, const std::string& name, double count, double us) {
  auto line = std::find_if(lines.begin(), lines.end(), [&](const Line& each) { return each.name == name; });
  if (line == lines.end()) line = lines.insert(lines.end(), {name, {}});
  line->points.emplace_back(count, us);
}

std::vector<Line> lines_of(const std::vector<Figures>& growth) {
  std::vector<Line> lines;
  for (const Figures& at : growth) {
    const auto count = static_cast<double>(at.movements);
    add_point(lines, "wideberth", count, at.p50_us);
    add_point(lines, "wideberth, which", count, at.which_p50_us);
    for (const PeerFigures& peer : at.peers) {
      add_point(lines, peer.name, count, peer.p50_us);
      add_point(lines, peer.name + ", which", count, peer.which_p50_us);
    }
  }
  return lines;
}

std::string first_after(const std::string& path, const std::string& word) {
  std::ifstream file{path};
  for (std::string line; std::getline(file, line);)
    if (line.starts_with(word)) return line.substr(std::min(line.find(':') + 2, line.size()));
  return "unknown";
}

std::string over_http_json(const DoorFigures& door) {
  std::string out =
      fmt::format(", \"{}\": {{\"p50_us\": {:.3f}, \"p99_us\": {:.3f}, \"peers\": {{", door.name, door.p50_us, door.p99_us);
  for (const PeerFigures& peer : door.peers)
    out += fmt::format("{}\"{}\": {{\"ratio_p50\": {:.3f}}}", &peer == door.peers.data() ? "" : ", ", peer.name, peer.ratio_p50);
  return out + "}}";
}

std::string over_http_text(const DoorFigures& door) {
  std::string out =
      fmt::format("  {:<20} {:>10.2f}  p99 {:>10.2f}   {:>10} requests by a route of the bench alone, {:.0f} bytes an answer",
                  door.name, door.p50_us, door.p99_us, door.requests, door.answer_bytes);
  for (const PeerFigures& peer : door.peers) out += fmt::format("; {} takes {:.2f}x as long", peer.name, peer.ratio_p50);
  return out + '\n';
}

}  // namespace

std::string to_json(const std::vector<Figures>& all) {
  std::string out = "{";
  for (const Figures& each : all) {
    out += fmt::format(
        "{}\n  \"{}\": {{\"p50_us\": {:.3f}, \"p99_us\": {:.3f}, \"build_legs_per_s\": {:.0f}, \"bytes_per_movement\": {:.1f}, "
        "\"answers_per_search\": {:.3f}, \"peers\": {{",
        out.size() > 1 ? "," : "", each.workload, each.p50_us, each.p99_us, each.build_legs_per_s, each.bytes_per_movement,
        each.answers_per_search);
    for (const PeerFigures& peer : each.peers)
      out +=
          fmt::format("{}\"{}\": {{\"ratio_p50\": {:.3f}}}", &peer == each.peers.data() ? "" : ", ", peer.name, peer.ratio_p50);
    out += '}';
    for (const DoorFigures& door : each.over_http) out += over_http_json(door);
    out += '}';
  }
  return out + "\n}\n";
}

std::string to_text(const Figures& figures) {
  std::string out = fmt::format(
      "{}: {} movements, {:.2f} answers a search; {:.2f} M legs/s loaded, {:.0f} bytes a movement\n"
      "                p50 us, whole answers     p99      p50 us, which ones only   searches   M legs/s loaded\n"
      "  {:<12} {:>10.2f}           {:>10.2f}   {:>10.2f}             {:>10}   {:>8.2f}\n",
      figures.workload, figures.movements, figures.answers_per_search, figures.build_legs_per_s * 1e-6,
      figures.bytes_per_movement, "wideberth", figures.p50_us, figures.p99_us, figures.which_p50_us, figures.searches,
      figures.build_legs_per_s * 1e-6);
  for (const PeerFigures& peer : figures.peers) {
    const std::string built = peer.build_legs_per_s > 0 ? fmt::format("{:.2f}", peer.build_legs_per_s * 1e-6) : "-";
    out += fmt::format("  {:<12} {:>10.2f} {:>8.2f}x              {:>10.2f} {:>8.2f}x   {:>10}   {:>8}\n", peer.name, peer.p50_us,
                       peer.ratio_p50, peer.which_p50_us, peer.which_ratio_p50, peer.searches, built);
  }
  for (const DoorFigures& door : figures.over_http) out += over_http_text(door);
  for (const std::string& why : figures.left_out) out += fmt::format("  left out: {}\n", why);
  out += figures.disagreements == 0 ? "  the peers gave the same answers\n"
                                    : fmt::format("  THE ANSWERS DIFFER in {} searches\n", figures.disagreements);
  return out;
}

std::string to_text(const InsertFigures& f) {
  return fmt::format("inserts, one by one: {} into {}: p50 {:.2f} us, p99 {:.1f}, p99.9 {:.1f}, longest {:.1f}\n", f.inserted,
                     f.before, f.p50_us, f.p99_us, f.p999_us, f.most_us);
}

std::string to_text(const KernelFigures& k) {
  return fmt::format(
      "kernels, {} pairs of legs, {:.0f} % of them too near\n"
      "  two legs, yes or no                           {:>8.1f} ns\n"
      "  two legs, whole answer, one pair at a time    {:>8.1f} ns\n"
      "  the same, 8 pairs at once, a pair             {:>8.1f} ns\n"
      "  the same, 64 pairs at once, a pair            {:>8.1f} ns\n"
      "  two legs, geo::meet: a whole meeting          {:>8.1f} ns\n"
      "  two movements of 8 legs that conflict         {:>8.2f} us\n"
      "  the same, {:>4.1f} others at once, each          {:>8.2f} us\n"
      "  two movements of 8 legs that do not           {:>8.1f} ns\n"
      "  making and compiling a route of 8 legs        {:>8.2f} us\n",
      k.pairs, 100 * k.near_share, k.too_near_ns, k.leg_answer_ns, k.leg_of_8_ns, k.leg_of_64_ns, k.leg_meeting_ns, k.meet_hit_us,
      k.at_once, k.meet_all_us, k.meet_miss_ns, k.compile_us);
}

std::string growth_text(const std::vector<Figures>& growth) {
  std::string out =
      "growth, microseconds\n"
      "  movements   answers      p50      p99    which   M legs/s   bytes a movement   peer p50 (ratio)   which (ratio)\n";
  for (const Figures& at : growth) {
    out += fmt::format("  {:>9}  {:>8.2f} {:>8.2f} {:>8.2f} {:>8.2f}   {:>8.2f}   {:>16.0f}", at.movements, at.answers_per_search,
                       at.p50_us, at.p99_us, at.which_p50_us, at.build_legs_per_s * 1e-6, at.bytes_per_movement);
    for (const PeerFigures& peer : at.peers)
      out += fmt::format("   {} {:>9.2f} ({:.2f})   {:>9.2f} ({:.2f})", peer.name, peer.p50_us, peer.ratio_p50, peer.which_p50_us,
                         peer.which_ratio_p50);
    out += '\n';
  }
  return out;
}

std::string to_svg(const std::vector<Figures>& growth) {
  if (growth.empty()) return {};
  const std::vector<Line> lines = lines_of(growth);
  Axes axes{9, 0, 9, -9};
  for (const Line& line : lines)
    for (const auto& [count, us] : line.points) {
      axes = {std::min(axes.x0, std::floor(std::log10(count))), std::max(axes.x1, std::ceil(std::log10(count))),
              std::min(axes.y0, std::floor(std::log10(us))), std::max(axes.y1, std::ceil(std::log10(us)))};
    }
  axes.x1 = std::max(axes.x1, axes.x0 + 1);
  axes.y1 = std::max(axes.y1, axes.y0 + 1);
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {} {}\" font-family=\"sans-serif\" font-size=\"12\">\n"
      "<title>Microseconds a search against movements on record</title>\n"
      "<style>.grid{{stroke:#ccc;fill:none}}</style>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
      "<text x=\"{}\" y=\"24\" font-size=\"14\">p50 of one search, microseconds, by movements on record; whole answers, and "
      "which ones only</text>\n",
      kLeft + kWide + 140, kTop + kHigh + 40, kLeft);
  out += grid(axes);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const char* colour = kColours[i % std::size(kColours)];
    std::string points;
    for (const auto& [count, us] : lines[i].points) {
      points += fmt::format("{:.1f},{:.1f} ", axes.x(count), axes.y(us));
      out += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\" fill=\"{}\"/>\n", axes.x(count), axes.y(us), colour);
    }
    const auto& [count, us] = lines[i].points.back();
    out += fmt::format("<polyline points=\"{}\" fill=\"none\" stroke=\"{}\" stroke-width=\"2\"/>\n", points, colour);
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" fill=\"{}\">{}</text>\n", axes.x(count) + 8,
                       axes.y(us) + (i % 4 < 2 ? 12 : -4), colour, lines[i].name);
  }
  return out + "</svg>\n";
}

std::string machine(int core) {
  double load[3] = {-1, -1, -1};
  if (getloadavg(load, 3) != 3) load[0] = -1;
  const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch());
  return fmt::format("{}, {}, pinned to core {}, load {:.2f} {:.2f} {:.2f}, built by {}\n",
                     to_text(geo::Instant::from_ms(now.count())), first_after("/proc/cpuinfo", "model name"), core, load[0],
                     load[1], load[2], WIDEBERTH_BENCH_COMPILER);
}

}  // namespace wideberth::bench
