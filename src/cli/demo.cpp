#include "cli/demo.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/demo_account.h"
#include "cli/demo_house.h"
#include "cli/demo_live.h"
#include "cli/demo_player.h"
#include "cli/demo_telling.h"
#include "cli/files.h"
#include "cli/sheet_text.h"
#include "cli/terminal.h"
#include "json/writer.h"

namespace wideberth::cli {
namespace {

constexpr auto kPause = std::chrono::milliseconds(350);

/// A folder of its own for one run, gone afterwards.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "wideberth-demo-XXXXXX").string();
    if (::mkdtemp(pattern.data()) != nullptr) folder_ = pattern;
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::filesystem::path path() const { return folder_ / "deployment"; }

 private:
  std::filesystem::path folder_;
};

const Ending* find_ending(const Scenario& scenario, const std::string& name) {
  for (const Ending& ending : scenario.endings)
    if (name.empty() || ending.name == name) return &ending;
  return nullptr;
}

/// The neutral party whose eyes tell the day: the last one named that is no party to the agreement.
const ScenarioParty& neutral(const Scenario& scenario) {
  for (const ScenarioParty& each : scenario.parties)
    if (each.party.role != model::Role::party) return each;
  return scenario.parties.back();
}

Result<void> play_day(const Scenario& scenario, const Ending& ending, House& house, Telling& telling, bool json,
                      const Print& print) {
  Player player(scenario, house);
  WB_TRY_VOID(telling.tell_new(nullptr, {}));
  for (const Step& step : scenario.steps) {
    if (!step.happens_in(ending.name)) continue;
    house.pass(step.at);
    WB_TRY_VOID(telling.tell_new(nullptr, {}));
    if (step.act == "narrate") {
      telling.narrate(step);
      continue;
    }
    if (step.act == "tracks") {
      telling.narrate(step);
      WB_TRY_VOID(drive(scenario, step, player.agreement(), house, json, print));
      WB_TRY_VOID(telling.tell_new(nullptr, {}));
      continue;
    }
    if (step.act == "sheet") {
      telling.narrate(step);
      WB_TRY(sheet, sheet_of_day(house.desk(step.who), base::to_text(step.at).substr(0, 10), {}));
      telling.show(sheet);
      continue;
    }
    auto filed = player.play(step);
    if (!filed) {
      filed.error().where = step.who + ", " + step.act + (filed.error().where.empty() ? "" : ", " + filed.error().where);
      return tl::make_unexpected(std::move(filed).error());
    }
    WB_TRY_VOID(telling.tell_new(&step, filed->index));
  }
  return {};
}

bool expected(const Ending& ending, const std::map<std::string, std::size_t>& kinds) {
  bool all = true;
  for (const auto& [kind, count] : ending.expect) {
    const auto at = kinds.find(kind);
    const std::size_t found = at == kinds.end() ? 0 : at->second;
    if (found == count) continue;
    warn(fmt::format("The day should have left {} entries of {}; it left {}.", count, kind, found));
    all = false;
  }
  return all;
}

int play(const Scenario& scenario, const Ending& ending, const DemoOptions& options, const std::filesystem::path& folder) {
  auto opened = House::open(scenario, ending, folder, options.port);
  if (!opened) return fail(opened.error(), options.json);
  House& house = **opened;
  const bool pauses = !options.headless && !options.json && ::isatty(STDOUT_FILENO) == 1;
  const auto print = [&](const std::string& line) {
    say(line);
    if (pauses && !line.empty()) std::this_thread::sleep_for(kPause);
  };
  const auto remark = [&](const std::string& line) {
    if (!options.json) print(line);
  };
  remark(scenario.title);
  remark(ending.meaning);
  remark(scenario.notice);
  remark(fmt::format("A fresh log, {}, is served at {}; its time is quickened. UTC; [n] is the entry's index.", scenario.origin,
                     house.url()));

  client::Desk& reader = house.desk(neutral(scenario).desk);
  Telling telling(reader, print, options.json);
  if (const auto played = play_day(scenario, ending, house, telling, options.json, print); !played)
    return fail(played.error(), options.json);
  const auto account = account_of(reader, scenario.parties_in(ending), remark);
  if (!account) return fail(account.error(), options.json);
  house.close();

  const auto kept = keep_receipts(telling.entries(), folder);
  if (!kept) return fail(kept.error(), options.json);
  const auto verified = verify_receipts(folder, telling.entries().size(), remark);
  if (!verified) return fail(verified.error(), options.json);
  const bool held = expected(ending, telling.kinds());
  if (options.json) {
    json::Writer writer;
    const auto receipts = static_cast<std::int64_t>(telling.entries().size());
    writer.begin_object().key("receipts").integer(receipts).key("verified").integer(static_cast<std::int64_t>(*verified));
    say(writer.key("held").boolean(held).end_object().take());
  }
  if (!options.keep.empty())
    remark(
        fmt::format("Kept: {0}. Check any of it yourself, with no server: wideberth verify {0}/receipts/0.tlog-proof --leaf "
                    "{0}/receipts/0.leaf --policy {0}/policy",
                    folder.string()));
  return held ? kDone : kRefused;
}

}  // namespace

int run_demo(const DemoOptions& options) {
  std::filesystem::path folder = options.scenario;
  std::string accepted = "a folder with a scenario.json";
  if (options.scenario.find('/') == std::string::npos) {
    const auto scenarios = scenarios_folder();
    folder = scenarios ? *scenarios / options.scenario : std::filesystem::path();
    accepted = scenarios ? "the name of a folder in " + scenarios->string() + ", or a path to a folder with a scenario.json"
                         : "a path to a folder with a scenario.json: no folder of scenarios is near this program";
  }
  std::error_code ignored;
  if (folder.empty() || !std::filesystem::exists(folder / "scenario.json", ignored))
    return fail(
        Refusal{Rule::scenario_unknown, "\"" + base::excerpt(options.scenario) + "\" is no scenario", accepted, "--scenario"},
        options.json);
  const auto scenario = read_scenario(folder);
  if (!scenario) return fail(scenario.error(), options.json);
  const Ending* ending = find_ending(*scenario, options.ending);
  if (ending == nullptr) return wrong_usage("the scenario has no ending \"" + options.ending + "\"", options.json);
  if (!options.keep.empty()) return play(*scenario, *ending, options, options.keep);
  const TemporaryFolder temporary;
  return play(*scenario, *ending, options, temporary.path());
}

void add_demo(Command& program) {
  struct Given {
    DemoOptions options;
    std::string port, keep;
  };
  const auto given = std::make_shared<Given>();
  Command command = program.add("demo", "Play a day through a real server, and show what each side can prove");
  command
      .option({.name = "--scenario", .value = "NAME", .help = "a scenario beside the program, or a folder (dayrik)"},
              given->options.scenario)
      .option({.name = "--ending", .value = "NAME", .help = "for dayrik: not-reached, reached or telephone"},
              given->options.ending)
      .option({.name = "--port", .value = "PORT", .help = "where the server listens on 127.0.0.1 (a free one)"}, given->port)
      .option({.name = "--keep", .value = "DIR", .help = "leave the log, the policy, the keys and every receipt there"},
              given->keep)
      .flag({.name = "--headless", .help = "no pauses; exit 0 when all of it held"}, given->options.headless)
      .flag({.name = "--json", .help = "an object a line for each entry, then one for the receipts; no pauses"},
            given->options.json)
      .foot("Example: wideberth demo --ending not-reached --keep ./dayrik")
      .action([given] {
        if (!given->port.empty()) {
          const auto port = base::parse_decimal(given->port, 65'535);
          if (!port) return wrong_usage("--port " + given->port + ": a number from 0 to 65535", given->options.json);
          given->options.port = static_cast<std::uint16_t>(*port);
        }
        given->options.keep = given->keep;
        return run_demo(given->options);
      });
}

}  // namespace wideberth::cli
