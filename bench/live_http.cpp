#include "live_http.h"

#include <fmt/format.h>
#include <chrono>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "base/check.h"
#include "json/writer.h"
#include "live_house.h"
#include "model/keys.h"
#include "model/position_batch.h"

namespace wideberth::bench {
namespace {

constexpr std::size_t kInFlight = 2;                ///< requests of one connection
constexpr std::int64_t kStart = 1'598'338'692'000;  ///< 2020-08-25T06:58:12Z

/// An invented unit that drives along, once a second.
model::Position fix_of(std::size_t unit, std::size_t second) {
  const auto u = static_cast<std::int32_t>(unit), s = static_cast<std::int32_t>(second);
  model::Position p;
  p.unit = fmt::format("unit-{:06}", unit);
  p.time = base::Instant::from_ms(kStart + s * 1000 + u % 997);
  p.place = {421'000'000 + (u * 7919) % 2'000'000 + s * (900 + u % 60),
             374'000'000 + (u * 104'729) % 2'000'000 - s * (400 + u % 45)};
  p.accuracy = base::Metres::from_mm(3'000 + u % 4'000);
  p.speed_mmps = 8'000 + (u * 31 + s * 17) % 9'000;
  p.course_cdeg = (u * 97 + s * 3) % 36'000;
  p.source = model::PositionSource::gnss;
  return p;
}

/// The n-th batch of a key whose units are [first, first + units).
std::string batch_of(bool tracks, std::size_t first, std::size_t units, std::size_t n, std::size_t fixes) {
  std::vector<model::Position> batch;
  const std::size_t wide = tracks ? 50 : std::min(units, fixes);  // units in the batch
  const std::size_t turns = units / wide;                         // batches until the same units come again
  const std::size_t from = first + n % turns * wide, long_run = fixes / wide;
  for (std::size_t u = 0; u < wide; ++u)
    for (std::size_t s = 0; s < long_run; ++s) batch.push_back(fix_of(from + u, n / turns * long_run + s));
  auto bytes = model::encode_positions(batch);
  if (!bytes) throw std::runtime_error(to_text(bytes.error()));
  return *std::move(bytes);
}

/// A desk on a connection of its own: what it will send, and how far it is.
struct Reporter {
  Pen pen;
  std::shared_ptr<Line> line;
  std::vector<std::string> requests;
  std::size_t sent = 0, answered = 0;
};

void add_key(Pen& root, Line& line, std::uint16_t port, const ledger::VerifierKey& key) {
  line.send(
      filing(port, root.line(model::EntryKind::key_added, model::to_json(model::KeyAdded{key, {"positions.reported"}, ""}))));
  line.answer();
}

/// Keeps every connection busy until all is answered.
void drive(std::vector<Reporter>& reporters) {
  for (bool busy = true; busy;) {
    busy = false;
    for (Reporter& each : reporters) {
      for (; each.sent < each.requests.size() && each.sent - each.answered < kInFlight; ++each.sent)
        each.line->send(each.requests[each.sent]);
    }
    for (Reporter& each : reporters) {
      if (each.answered == each.sent) continue;
      if (each.line->answer().find("\"receipt\"") == std::string::npos) throw std::runtime_error("an answer without a receipt");
      ++each.answered;
      busy = true;
    }
  }
}

std::uintmax_t size_of(const std::filesystem::path& folder) {
  std::uintmax_t size = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder)) size += file.file_size();
  return size;
}

}  // namespace

LiveHttpFigures measure_live_http(bool tracks, const LiveHttpEffort& effort) {
  const TemporaryFolder folder(effort.folder);
  House house(folder.path);
  LiveHttpFigures figures;
  figures.shape = tracks ? "50 units a batch, a track of each" : "one fix of each of many units a batch";
  std::vector<Reporter> reporters;
  Pen root("blue/root");
  Line first(house.port());
  const std::size_t units = effort.units / effort.keys, batches = effort.batches / effort.keys;
  for (std::size_t k = 0; k < effort.keys; ++k) {
    reporters.push_back({Pen(fmt::format("blue/feed-{}", k)), std::make_shared<Line>(house.port()), {}});
    Reporter& reporter = reporters.back();
    add_key(root, first, house.port(), reporter.pen.key().verifier());
    for (std::size_t n = 0; n < batches; ++n) {
      std::string batch = batch_of(tracks, k * units, units, n, effort.fixes_per_batch);
      figures.fixes += model::PositionReader::open(batch).value().fixes();
      figures.bytes_per_fix += static_cast<double>(batch.size());
      reporter.requests.push_back(
          filing(house.port(), reporter.pen.line(model::EntryKind::positions_reported, std::move(batch))));
    }
  }
  figures.batches = batches * effort.keys;
  figures.bytes_per_fix /= static_cast<double>(figures.fixes);
  const double cpu = house.cpu_seconds();
  const auto begun = std::chrono::steady_clock::now();
  drive(reporters);
  figures.wall_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  figures.server_cpu_s = house.cpu_seconds() - cpu;
  figures.log_bytes_per_fix = static_cast<double>(size_of(folder.path)) / static_cast<double>(figures.fixes);
  return figures;
}

std::string to_text(const LiveHttpFigures& f) {
  return fmt::format(
      "{}: {} fixes in {} batches, {:.2f} s: {:.0f} fixes/s; {:.0f} fixes to a second of the server's core ({:.1f} bytes a fix, "
      "{:.1f} in the log's files)\n",
      f.shape, f.fixes, f.batches, f.wall_s, f.per_second(), f.per_server_core(), f.bytes_per_fix, f.log_bytes_per_fix);
}

std::string to_json(const LiveHttpFigures& f) {
  json::Writer w;
  w.begin_object().key("shape").string(f.shape).key("fixes").integer(static_cast<std::int64_t>(f.fixes));
  w.key("batches").integer(static_cast<std::int64_t>(f.batches)).key("wall_s").number(f.wall_s);
  w.key("server_cpu_s").number(f.server_cpu_s).key("fixes_per_s").number(f.per_second());
  w.key("fixes_per_server_core_s").number(f.per_server_core()).key("bytes_per_fix").number(f.bytes_per_fix);
  return w.key("log_bytes_per_fix").number(f.log_bytes_per_fix).end_object().take();
}

}  // namespace wideberth::bench
