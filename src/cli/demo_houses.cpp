#include "cli/demo_houses.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/shown_log.h"
#include "model/keys.h"
#include "model/notification.h"

namespace wideberth::cli {
namespace {

using base::refuse;
using base::Result;
using base::Rule;

constexpr std::size_t kMostLogFile = std::size_t{1} << 30;
/// Each round carries what the one before it made possible; a day's step needs three or four.
constexpr int kMostRounds = 20;

/// Every byte of every file of a log but its keys, which are words of nobody.
Result<std::string> bytes_of(const std::filesystem::path& folder) {
  std::string all;
  for (const auto& each : std::filesystem::recursive_directory_iterator(folder)) {
    if (!each.is_regular_file() || each.path().extension() == ".key") continue;
    WB_TRY(bytes, read_file(each.path(), kMostLogFile));
    all += bytes;
  }
  return all;
}

/// What each party calls its units in what it notifies in this ending.
Result<std::map<std::string, std::set<std::string>>> units_of(const Scenario& scenario, const Ending& ending) {
  std::map<std::string, std::set<std::string>> units;
  for (const Step& step : scenario.steps) {
    if (!step.happens_in(ending.name) || (step.act != "notify" && step.act != "amend")) continue;
    WB_TRY(text, read_file(scenario.folder / step.file, std::size_t{4} << 20));
    WB_TRY(notification, model::parse_feature(text));
    if (!notification.unit.empty()) units[std::string(model::party_of_key(step.who))].insert(notification.unit);
  }
  return units;
}

}  // namespace

Result<std::unique_ptr<Houses>> Houses::open(const Scenario& scenario, const Ending& ending, const std::filesystem::path& folder,
                                             std::uint16_t port) {
  auto houses = std::make_unique<Houses>();
  houses->clock_ = std::make_shared<QuickenedClock>(scenario.opens);
  if (!ending.direct) {
    WB_TRY(house, House::open(scenario, ending, folder, port, houses->clock_));
    houses->houses_.push_back(std::move(house));
    return houses;
  }
  const auto sides = scenario.parties_in(ending);
  if (sides.size() != 2)
    return refuse(Rule::scenario_step, fmt::format("{} parties in \"{}\"", sides.size(), ending.name),
                  "two, for a direct ending");
  net::SystemEntropy entropy;
  std::vector<ledger::SigningKey> keys;
  for (const ScenarioParty& side : sides)
    keys.push_back(ledger::SigningKey::generate(side.party.party + "." + scenario.origin, entropy));
  const std::vector<ledger::VerifierKey> verifiers{keys[0].verifier(), keys[1].verifier()};
  WB_TRY_VOID(make_folder(folder));
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string& keeper = sides[i].party.party;
    WB_TRY(house, House::open(scenario, ending, folder / keeper, i == 0 ? port : std::uint16_t{0}, houses->clock_,
                              Keeping{keeper, std::move(keys[i]), verifiers[1 - i]}));
    houses->houses_.push_back(std::move(house));
  }
  for (std::size_t i = 0; i < 2; ++i) {
    const std::string cross = sides[i].party.party + "/cross-1";
    houses->crossings_.emplace_back(houses->houses_[i]->desk(cross), houses->houses_[1 - i]->desk(cross));
  }
  return houses;
}

House& Houses::of(const Step& step) const {
  const std::string keeper = step.log.empty() ? std::string(model::party_of_key(step.who)) : step.log;
  for (const auto& house : houses_)
    if (house->keeper() == keeper) return *house;
  return *houses_.front();
}

Result<void> Houses::carry() {
  for (int round = 0; round < kMostRounds; ++round) {
    std::size_t done = 0;
    for (client::Crossing& each : crossings_) {
      WB_TRY(step, each.round());
      if (!step.refused.empty()) return tl::make_unexpected(step.refused.front());
      done += step.carried + step.held;
    }
    if (done == 0) return {};
  }
  return refuse(Rule::direct_only, fmt::format("two logs that are not in step after {} rounds", kMostRounds));
}

Result<void> Houses::pass(base::Instant to) {
  if (houses_.size() == 1) {
    houses_.front()->pass(to);
    return {};
  }
  for (;;) {
    std::optional<base::Instant> next;
    for (const auto& house : houses_)
      if (const auto due = house->next_due(); due && (!next || *due < *next)) next = due;
    if (!next || *next > to) break;
    clock_->jump(*next);
    for (const auto& house : houses_) house->settle();
  }
  clock_->jump(to);
  for (const auto& house : houses_) house->settle();
  return carry();
}

void Houses::close() {
  crossings_.clear();
  for (const auto& house : houses_) house->close();
}

Result<void> check_kept_apart(const Scenario& scenario, const Ending& ending, const std::filesystem::path& folder,
                              const std::function<void(const std::string&)>& print) {
  WB_TRY(units, units_of(scenario, ending));
  for (const auto& [keeper, own] : units) {
    WB_TRY(bytes, bytes_of(folder / keeper));
    for (const auto& [party, words] : units)
      for (const std::string& word : words)
        if ((bytes.find(word) != std::string::npos) != (party == keeper))
          return refuse(
              Rule::proof_untrue,
              fmt::format("the folder of {} {} \"{}\", which is {}'s", keeper, party == keeper ? "lacks" : "holds", word, party),
              "each side's own words in its own folder alone", (folder / keeper).string());
    print(fmt::format(
        "{}'s folder was searched, {} bytes: it holds what {} calls its unit, and nothing of what the other calls its own.",
        keeper, bytes.size(), keeper));
  }
  return {};
}

Result<void> check_beside(const Scenario& scenario, const Ending& ending, const std::filesystem::path& folder,
                          const std::function<void(const std::string&)>& print) {
  std::vector<std::filesystem::path> kept;
  std::vector<ledger::Policy> policies;
  for (const ScenarioParty& side : scenario.parties_in(ending)) {
    kept.push_back(folder / side.party.party);
    WB_TRY(policy, read_policy(kept.back() / kPolicyFile));
    policies.push_back(std::move(policy));
  }
  WB_TRY(first, read_shown_log(kept.at(0) / "receipts", {policies[0], policies[1]}));
  WB_TRY(second, read_shown_log(kept.at(1) / "receipts", {policies[1], policies[0]}));
  const client::PairReport report = client::compare(std::move(first), std::move(second));
  if (!report.differences.empty())
    return refuse(Rule::proof_untrue, report.differences.front().origin + " contradicts itself", "one history of each log");
  print(fmt::format(
      "The two logs beside each other, by their receipts: {} acts stand in both with the same commitments, {} in {} "
      "alone, {} in {} alone; nothing at hand of either contradicts the rest of it.",
      report.both.size(), report.alone[0].size(), report.logs[0].origin, report.alone[1].size(), report.logs[1].origin));
  return {};
}

}  // namespace wideberth::cli
