// replay: recorded tracks at the pace at which they were driven, or faster.
#include <chrono>
#include <memory>
#include <thread>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/numbers.h"
#include "cli/picture.h"
#include "cli/terminal.h"

namespace wideberth::cli {
namespace {

struct ReplayOptions {
  std::vector<std::string> files, movements, roads;
  std::string agreement, party, speed = "1";
  bool lines = false;
};

/// Waits until so much of the recorded time has passed since the beginning, at that pace.
class Pace {
 public:
  explicit Pace(double speed) : speed_(speed), begun_(std::chrono::steady_clock::now()) {}
  void wait_for(base::Millis recorded) const {
    if (speed_ <= 0) return;
    const auto due =
        begun_ + std::chrono::microseconds(static_cast<std::int64_t>(static_cast<double>(recorded.ms()) * 1000 / speed_));
    std::this_thread::sleep_until(due);
  }

 private:
  double speed_;
  std::chrono::steady_clock::time_point begun_;
};

int replay(const ReplayOptions& given) {
  auto speed = parse_metres(given.speed, base::Metres::from_metres(100'000));
  if (!speed) {
    speed.error().where = "--speed";
    return wrong_usage(speed.error());
  }
  Recorded recorded;
  for (const std::string& file : given.files)
    if (const auto read = read_tracks(file, given.party, recorded); !read) return fail(read.error());
  for (const Refusal& each : recorded.refused) warn(base::to_text(each));
  auto prepared = prepare(recorded.units, {given.agreement, given.movements, given.roads, {}});
  if (!prepared) return fail(prepared.error());
  live::put_in_order(recorded.fixes);
  const std::span<const live::Fix> fixes(recorded.fixes);
  Screen screen(!given.lines);
  const Pace pace(speed->metres());
  base::Instant drawn{};
  for (std::size_t from = 0; from < fixes.size();) {
    const std::size_t end = live::moment_end(fixes, from);
    pace.wait_for(fixes[from].time - fixes.front().time);
    screen.add(step_text(*prepared, prepared->playback.step(fixes.subspan(from, end - from))));
    if (fixes[from].time - drawn >= base::Millis::from_seconds(1)) {
      screen.draw(prepared->playback.live());
      drawn = fixes[from].time;
    }
    from = end;
  }
  screen.add(step_text(*prepared, prepared->playback.close()));
  screen.draw(prepared->playback.live());
  return recorded.refused_count > 0 ? kRefused : kDone;
}

}  // namespace

void add_replay(Command& program) {
  const auto given = std::make_shared<ReplayOptions>();
  Command command = program.add("replay", "Play recorded tracks at the pace at which they were driven, or faster; no server");
  command.options({.name = "FILE", .help = "tracks, as for analyse", .required = true}, given->files)
      .option({.name = "--speed", .value = "TIMES", .help = "so many times the real pace (1); 0: without waiting"}, given->speed)
      .option({.name = "--agreement", .value = "FILE", .help = "the agreement whose distances and tests hold"}, given->agreement)
      .option({.name = "--party", .value = "NAME", .help = "whose tracks they are, where the files do not say"}, given->party)
      .options({.name = "--movements", .value = "FILE", .help = "GeoJSON movements: what was notified"}, given->movements)
      .options({.name = "--roads", .value = "FILE", .help = "GeoJSON lines: the roads"}, given->roads)
      .flag({.name = "--lines", .help = "a line for each event, and no picture"}, given->lines)
      .foot("Example: wideberth replay scenarios/dayrik/tracks.csv --agreement scenarios/dayrik/agreement.json --speed 20\n")
      .action([given] { return replay(*given); });
}

}  // namespace wideberth::cli
