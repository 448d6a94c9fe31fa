#include "cli/demo.h"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/demo_account.h"
#include "cli/demo_houses.h"
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

/// Whose eyes tell a log: its keeper's desk, or in one that a neutral keeps for all the last that is no party to the agreement.
client::Desk& reader_of(House& house, const std::vector<ScenarioParty>& parties) {
  const ScenarioParty* reader = &parties.back();
  for (const ScenarioParty& each : parties)
    if (house.keeper().empty() ? each.party.role != model::Role::party : each.party.party == house.keeper()) {
      reader = &each;
      break;
    }
  return house.desk(reader->desk);
}

/// A day as it is played: its logs, and what is told of each.
class Day {
 public:
  Day(const Scenario& scenario, const Ending& ending, Houses& houses, bool json, const Print& print)
      : scenario_(scenario), ending_(ending), houses_(houses), json_(json), print_(print), parties_(scenario.parties_in(ending)) {
    for (const auto& house : houses.all())
      tellings_.emplace_back(reader_of(*house, parties_), print, json, house->keeper(), day_);
  }

  Result<void> play() {
    Player player(scenario_, houses_);
    WB_TRY_VOID(tell(nullptr, nullptr, {}));
    for (const Step& step : scenario_.steps) {
      if (!step.happens_in(ending_.name)) continue;
      WB_TRY_VOID(houses_.pass(step.at));
      WB_TRY_VOID(tell(nullptr, nullptr, {}));
      if (auto done = take(player, step); !done) {
        done.error().where = step.who + ", " + step.act + (done.error().where.empty() ? "" : ", " + done.error().where);
        return done;
      }
    }
    for (Telling& each : tellings_) each.say_counted();
    return {};
  }

  /// What each side can prove, from each log.
  Result<void> account(const Print& print) {
    for (std::size_t i = 0; i < tellings_.size(); ++i) {
      House& house = *houses_.all()[i];
      if (!house.keeper().empty()) print("\n" + house.keeper() + "'s own log");
      client::Desk& reader = reader_of(house, parties_);
      WB_TRY_VOID(account_of(reader, parties_, print));
      if (!house.keeper().empty()) continue;  // its folder is searched
      std::vector<std::pair<std::string, client::Desk*>> desks;
      for (const ScenarioParty& each : parties_)
        if (each.party.role == model::Role::party && !each.desk.empty())
          desks.emplace_back(each.party.party, &house.desk(each.desk));
      WB_TRY_VOID(check_disclosed(reader, desks, print));
    }
    return {};
  }

  /// Leaves the receipts of each log beside it, and verifies them with no server. Gives how many held.
  Result<std::size_t> keep_and_verify(const Print& print) {
    std::size_t verified = 0;
    for (std::size_t i = 0; i < tellings_.size(); ++i) {
      const std::filesystem::path& folder = houses_.all()[i]->folder();
      WB_TRY_VOID(keep_receipts(tellings_[i].entries(), folder));
      WB_TRY(held, verify_receipts(folder, tellings_[i].entries().size(), print));
      verified += held;
    }
    return verified;
  }

  /// Whether the day left what its ending expects, in all logs together.
  bool expected() const {
    bool all = true;
    for (const auto& [kind, count] : ending_.expect) {
      std::size_t found = 0;
      for (const Telling& each : tellings_)
        if (const auto at = each.kinds().find(kind); at != each.kinds().end()) found += at->second;
      if (found == count) continue;
      warn(fmt::format("The day should have left {} entries of {}; it left {}.", count, kind, found));
      all = false;
    }
    return all;
  }
  std::size_t entries() const {
    std::size_t all = 0;
    for (const Telling& each : tellings_) all += each.entries().size();
    return all;
  }

 private:
  Result<void> take(Player& player, const Step& step) {
    House& house = houses_.of(step);
    if (step.act == "narrate" || step.act == "tracks" || step.act == "sheet") tellings_.front().narrate(step);
    if (step.act == "narrate") return {};
    if (step.act == "tracks") {
      WB_TRY_VOID(drive(scenario_, step, player.agreement(), house, json_, print_));
      return tell(nullptr, nullptr, {});
    }
    if (step.act == "sheet") {
      WB_TRY(sheet, sheet_of_day(house.desk(step.who), base::to_text(step.at).substr(0, 10), {}));
      tellings_.front().show(sheet);
      return {};
    }
    if (Player::is_of_rows(step.act)) {
      tellings_.front().narrate(step);
      WB_TRY(lines, player.play_rows(step));
      for (const std::string& line : lines) tellings_.front().show(line);
      return tell(nullptr, nullptr, {});
    }
    WB_TRY(filed, player.play(step));
    WB_TRY_VOID(tell(&step, &house, filed.index));
    WB_TRY_VOID(houses_.carry());
    return tell(nullptr, nullptr, {});
  }
  /// Tells what is new in each log; `own` is the entry of the step, in the log of `house`.
  Result<void> tell(const Step* step, const House* house, std::optional<base::EntryIndex> own) {
    for (std::size_t i = 0; i < tellings_.size(); ++i) {
      const bool here = houses_.all()[i].get() == house;
      WB_TRY_VOID(tellings_[i].tell_new(here ? step : nullptr, here ? own : std::nullopt));
    }
    return {};
  }

  const Scenario& scenario_;
  const Ending& ending_;
  Houses& houses_;
  bool json_;
  const Print& print_;
  std::vector<ScenarioParty> parties_;
  Calendar day_{};
  std::vector<Telling> tellings_{};
};

void introduce(const Scenario& scenario, const Ending& ending, const Houses& houses, const Print& print) {
  print(scenario.title);
  print(ending.meaning);
  print(scenario.notice);
  std::string where;
  for (const auto& house : houses.all())
    where += (where.empty() ? "" : ", and ") + house->policy().logs.front().key.name + " at " + house->url();
  print("A fresh log is served: " + where + "; its time is quickened. UTC; [n] is the entry's index.");
}

int play(const Scenario& scenario, const Ending& ending, const DemoOptions& options, const std::filesystem::path& folder) {
  const bool pauses = !options.headless && !options.json && ::isatty(STDOUT_FILENO) == 1;
  const Print print = [&](const std::string& line) {
    say(line);
    if (pauses && !line.empty()) std::this_thread::sleep_for(kPause);
  };
  const Print remark = [&](const std::string& line) {
    if (!options.json) print(line);
  };
  auto opened = Houses::open(scenario, ending, folder, options.port);
  if (!opened) return fail(opened.error(), options.json);
  Houses& houses = **opened;
  introduce(scenario, ending, houses, remark);
  Day day(scenario, ending, houses, options.json, print);
  if (const auto played = day.play(); !played) return fail(played.error(), options.json);
  if (const auto account = day.account(remark); !account) return fail(account.error(), options.json);
  houses.close();

  const auto verified = day.keep_and_verify(remark);
  if (!verified) return fail(verified.error(), options.json);
  if (ending.direct) {
    if (const auto apart = check_kept_apart(scenario, ending, folder, remark); !apart) return fail(apart.error(), options.json);
    if (const auto beside = check_beside(scenario, ending, folder, remark); !beside) return fail(beside.error(), options.json);
  }
  const bool held = day.expected();
  if (options.json) {
    json::Writer writer;
    writer.begin_object().key("receipts").integer(static_cast<std::int64_t>(day.entries()));
    writer.key("verified").integer(static_cast<std::int64_t>(*verified));
    say(writer.key("held").boolean(held).end_object().take());
  }
  if (!options.keep.empty())
    remark(
        fmt::format("Kept: {0}. Check any of it yourself, with no server: wideberth verify {0}/receipts/0.tlog-proof --leaf "
                    "{0}/receipts/0.leaf --policy {0}/policy",
                    houses.all().front()->folder().string()));
  if (!options.keep.empty() && ending.direct)
    remark(fmt::format("Both beside each other: wideberth verify-pair {0} {1} --policy {0}/policy --other-policy {1}/policy",
                       houses.all().front()->folder().string(), houses.all().back()->folder().string()));
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
      .option({.name = "--scenario",
               .value = "NAME",
               .help = "a scenario beside the program: dayrik (where none is given) or aid; or a folder"},
              given->options.scenario)
      .option({.name = "--ending", .value = "NAME", .help = "for dayrik: not-reached, reached, telephone or direct"},
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
