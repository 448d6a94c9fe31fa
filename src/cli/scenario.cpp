#include "cli/scenario.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "cli/files.h"
#include "json/reader.h"
#include "json/writer.h"
#include "model/kinds.h"

namespace wideberth::cli {
namespace {

using base::refuse;
using base::Result;
using base::Rule;
using json::Reader;

constexpr std::size_t kMostText = 1000, kMostSteps = 1000;
constexpr auto kActs = std::to_array<std::string_view>(
    {"propose",    "sign",          "reading",      "notify", "receipt",     "acknowledge",  "unit-informed",
     "amend",      "complete",      "outcome",      "enter",  "notify-from", "receipt-each", "acknowledge-each",
     "renew-each", "complete-each", "outcome-each", "counts", "sheet",       "narrate",      "tracks"});

std::string all_acts() {
  std::string all;
  for (const std::string_view act : kActs) all += (all.empty() ? "" : ", ") + std::string(act);
  return all;
}

/// The text of a member; empty where it is absent.
Result<std::string> text_of(const Reader& from, std::string_view name) {
  const auto member = from.find(name);
  if (!member) return std::string();
  return member->text(kMostText);
}

/// One text, or an array of them.
Result<std::vector<std::string>> texts_of(const Reader& from) {
  std::vector<std::string> texts;
  if (from.is_string()) {
    WB_TRY(word, from.text(kMostText));
    texts.push_back(word);
    return texts;
  }
  WB_TRY(elements, from.elements(1, 10));
  for (const Reader& each : elements) {
    WB_TRY(text, each.text(kMostText));
    texts.push_back(text);
  }
  return texts;
}

/// As texts_of; none where the member is absent.
Result<std::vector<std::string>> texts_of(const Reader& from, std::string_view name) {
  const auto member = from.find(name);
  if (!member) return std::vector<std::string>();
  return texts_of(*member);
}

Result<Step> read_step(const Reader& from) {
  WB_TRY_VOID(
      from.only({"at",      "who",    "log",  "act",    "say",     "basis", "only",     "name",  "of", "file",     "clause",
                 "reading", "person", "post", "reason", "outcome", "kind",  "document", "about", "to", "occurred", "paper"}));
  Step step;
  WB_TRY(at, from.member("at"));
  WB_TRY(instant, at.instant());
  step.at = instant;
  WB_TRY(basis, from.member("basis"));
  WB_TRY(sources, texts_of(basis));
  step.basis = sources;
  const std::pair<const char*, std::string*> texts[] = {
      {"who", &step.who},       {"act", &step.act},   {"say", &step.say},       {"name", &step.name},
      {"of", &step.of},         {"file", &step.file}, {"clause", &step.clause}, {"reading", &step.reading},
      {"person", &step.person}, {"post", &step.post}, {"reason", &step.reason}, {"outcome", &step.outcome},
      {"kind", &step.kind},     {"log", &step.log}};
  for (const auto& [name, into] : texts) {
    WB_TRY(text, text_of(from, name));
    *into = text;
  }
  const std::pair<const char*, std::vector<std::string>*> lists[] = {
      {"only", &step.only}, {"about", &step.about}, {"to", &step.to}};
  for (const auto& [name, into] : lists) {
    WB_TRY(list, texts_of(from, name));
    *into = list;
  }
  if (const auto document = from.find("document")) step.document = json::to_json(document->value());
  if (const auto paper = from.find("paper")) step.paper = json::to_json(paper->value());
  if (const auto occurred = from.find("occurred")) {
    WB_TRY(when, occurred->instant());
    step.occurred = when;
  }
  if (std::find(kActs.begin(), kActs.end(), step.act) == kActs.end())
    return from.refuse(Rule::scenario_step, "the act \"" + step.act + "\"", all_acts());
  if (step.act == "enter" && (!model::kind_named(step.kind) || step.document.empty()))
    return from.refuse(Rule::scenario_step, "it enters \"" + step.kind + "\"", "a kind of entry, and its document");
  return step;
}

Result<ScenarioParty> read_party(const Reader& from) {
  WB_TRY_VOID(from.only({"party", "role", "name", "desk"}));
  ScenarioParty read;
  const std::pair<const char*, std::string*> texts[] = {{"party", &read.party.party}, {"name", &read.party.name}};
  for (const auto& [name, into] : texts) {
    WB_TRY(member, from.member(name));
    WB_TRY(text, member.text(kMostText));
    *into = text;
  }
  WB_TRY(desk, text_of(from, "desk"));
  read.desk = desk;
  WB_TRY(member, from.member("role"));
  WB_TRY(role, member.one_of({"party", "mediator", "observer"}));
  read.party.role = *model::role_named(role);
  return read;
}

Result<Ending> read_ending(const std::string& name, const Reader& from) {
  WB_TRY_VOID(from.only({"meaning", "expect", "without_key", "direct"}));
  Ending ending;
  ending.name = name;
  WB_TRY(meaning, from.member("meaning"));
  WB_TRY(text, meaning.text(kMostText));
  ending.meaning = text;
  WB_TRY(without, texts_of(from, "without_key"));
  ending.without_key = without;
  if (const auto direct = from.find("direct")) {
    WB_TRY(is, direct->boolean());
    ending.direct = is;
  }
  WB_TRY(expect, from.member("expect"));
  for (const auto& [kind, count] : expect.members()) {
    WB_TRY(number, count.integer(0, 1'000'000));
    ending.expect.emplace_back(kind, static_cast<std::uint64_t>(number));
  }
  return ending;
}

/// What was named by the steps before, in each ending.
using Named = std::map<std::string, std::set<std::string>>;

/// By the key of a party, about things made before, in this ending.
Result<void> check_in(const Scenario& scenario, const Ending& ending, const Step& step, const std::set<std::string>& named,
                      const std::string& where) {
  const auto parties = scenario.parties_in(ending);
  const auto there = [&](const auto& is) { return std::any_of(parties.begin(), parties.end(), is); };
  if (step.act != "narrate" && step.act != "tracks" &&
      (step.who.empty() || !there([&](const ScenarioParty& p) { return p.desk == step.who; })))
    return refuse(Rule::scenario_step, "\"" + step.who + "\" acts",
                  "the desk of a party that has a key in the ending \"" + ending.name + "\"", where);
  if (!step.log.empty() && (!ending.direct || !there([&](const ScenarioParty& p) { return p.party.party == step.log; })))
    return refuse(Rule::scenario_step, "the log of \"" + step.log + "\"", "in a direct ending, a party that keeps a log", where);
  std::vector<std::string> things = step.about;
  if (!step.of.empty()) things.push_back(step.of);
  for (const std::string& thing : things)
    if (!named.contains(thing.substr(0, thing.find('/'))))
      return refuse(Rule::scenario_step, "it is about \"" + thing + "\"",
                    "a name given by a step before it in the ending \"" + ending.name + "\"", where);
  return {};
}

Result<void> check_step(const Scenario& scenario, const Step& step, Named& named, const std::string& where) {
  for (const std::string& only : step.only)
    if (std::none_of(scenario.endings.begin(), scenario.endings.end(), [&](const Ending& e) { return e.name == only; }))
      return refuse(Rule::scenario_step, "only in \"" + only + "\"", "an ending of the scenario", where);
  for (const Ending& ending : scenario.endings) {
    if (!step.happens_in(ending.name)) continue;
    WB_TRY_VOID(check_in(scenario, ending, step, named[ending.name], where));
    if (!step.name.empty()) named[ending.name].insert(step.name);
  }
  return {};
}

Result<void> check(const Scenario& scenario) {
  for (const Ending& ending : scenario.endings)
    for (const std::string& without : ending.without_key)
      if (std::none_of(scenario.parties.begin(), scenario.parties.end(),
                       [&](const ScenarioParty& p) { return p.party.party == without; }))
        return refuse(Rule::scenario_step, "\"" + without + "\" has no key in \"" + ending.name + "\"", "a party of the scenario",
                      "/endings/" + ending.name);
  Named named;
  for (std::size_t i = 0; i < scenario.steps.size(); ++i) {
    const Step& step = scenario.steps[i];
    const std::string where = "/steps/" + std::to_string(i);
    if (i > 0 && step.at < scenario.steps[i - 1].at)
      return refuse(Rule::scenario_step, "it is before the step before it", "steps in order of time", where);
    WB_TRY_VOID(check_step(scenario, step, named, where));
  }
  return {};
}

}  // namespace

bool Step::happens_in(const std::string& ending) const {
  return only.empty() || std::find(only.begin(), only.end(), ending) != only.end();
}

std::vector<ScenarioParty> Scenario::parties_in(const Ending& ending) const {
  std::vector<ScenarioParty> there = parties;
  for (ScenarioParty& each : there)
    if (std::find(ending.without_key.begin(), ending.without_key.end(), each.party.party) != ending.without_key.end())
      each.desk.clear();
  if (ending.direct) std::erase_if(there, [](const ScenarioParty& each) { return each.party.role != model::Role::party; });
  return there;
}

Result<Scenario> read_scenario(const std::filesystem::path& folder) {
  WB_TRY(text, read_file(folder / "scenario.json", std::size_t{1} << 20));
  WB_TRY(value, json::parse(text));
  const Reader root(value);
  WB_TRY_VOID(root.only({"scenario", "title", "origin", "operator", "opens", "notice", "parties", "endings", "steps"}));
  Scenario scenario;
  scenario.folder = folder;
  const std::pair<const char*, std::string*> texts[] = {{"title", &scenario.title},
                                                        {"origin", &scenario.origin},
                                                        {"operator", &scenario.operator_name},
                                                        {"notice", &scenario.notice}};
  for (const auto& [name, into] : texts) {
    WB_TRY(member, root.member(name));
    WB_TRY(read, member.text(kMostText));
    *into = read;
  }
  WB_TRY(opens, root.member("opens"));
  WB_TRY(instant, opens.instant());
  scenario.opens = instant;
  WB_TRY(parties, root.member("parties"));
  WB_TRY(each_party, parties.elements(2, 10));
  for (const Reader& each : each_party) {
    WB_TRY(party, read_party(each));
    scenario.parties.push_back(party);
  }
  WB_TRY(endings, root.member("endings"));
  for (const auto& [name, each] : endings.members()) {
    WB_TRY(ending, read_ending(name, each));
    scenario.endings.push_back(std::move(ending));
  }
  WB_TRY(steps, root.member("steps"));
  WB_TRY(each_step, steps.elements(1, kMostSteps));
  for (const Reader& each : each_step) {
    WB_TRY(step, read_step(each));
    scenario.steps.push_back(std::move(step));
  }
  WB_TRY_VOID(check(scenario));
  return scenario;
}

std::optional<std::filesystem::path> scenarios_folder() {
  std::error_code ignored;
  const std::filesystem::path program = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  for (const std::filesystem::path& candidate :
       {std::filesystem::path("scenarios"), program / ".." / "scenarios", program / ".." / ".." / "scenarios",
        program / ".." / "share" / "wideberth" / "scenarios"})
    if (std::filesystem::is_directory(candidate, ignored)) return candidate;
  return std::nullopt;
}

}  // namespace wideberth::cli
