// wideberth cross: a party's own log and the other side's kept in step, from a machine of its own.
#include <chrono>
#include <csignal>
#include <memory>
#include <thread>

#include "cli/cli.h"
#include "cli/desk_options.h"
#include "cli/numbers.h"
#include "client/crossing.h"

namespace wideberth::cli {
namespace {

struct CrossOptions {
  DeskOptions desk;
  std::string other, other_policy, every = "2";
  bool once = false;
};

volatile std::sig_atomic_t g_stop = 0;
void ask_to_end(int) { g_stop = 1; }

struct Pair {
  std::unique_ptr<Sitting> own, other;
  std::unique_ptr<client::Crossing> crossing;
};

Result<Pair> open_both(const CrossOptions& given) {
  Pair pair;
  WB_TRY(own, Sitting::open(given.desk));
  DeskOptions there = given.desk;
  there.server = given.other;
  there.policy = given.other_policy;
  // The other log's receipts are held in our own log, so no folder is kept of them.
  there.receipts.clear();
  WB_TRY(other, Sitting::open(there));
  pair.own = std::move(own);
  pair.other = std::move(other);
  pair.crossing = std::make_unique<client::Crossing>(pair.own->desk(), pair.other->desk());
  return pair;
}

void tell(const client::CrossingStep& step, bool json) {
  for (const Refusal& each : step.refused) warn("The other log refused " + each.where + ":\n" + explain(each));
  if (step.carried == 0 && step.held == 0 && step.refused.empty()) return;
  if (json) {
    json::Writer writer;
    writer.begin_object().key("carried").integer(static_cast<std::int64_t>(step.carried));
    writer.key("held").integer(static_cast<std::int64_t>(step.held));
    writer.key("waiting").integer(static_cast<std::int64_t>(step.waiting));
    say(writer.key("refused").integer(static_cast<std::int64_t>(step.refused.size())).end_object().take());
    return;
  }
  say("Carried " + std::to_string(step.carried) + ", held " + std::to_string(step.held) +
      (step.waiting == 0 ? "." : ", waiting for what is not there yet: " + std::to_string(step.waiting) + "."));
}

/// Until the next round, or a signal.
void pause_for(base::Millis time) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(time.ms());
  while (g_stop == 0 && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds(20));
}

/// What waiting may cure: a server that is away, a session that ran out.
bool may_pass(const Refusal& why) { return exit_code_of(why) == kNotNow || why.rule == Rule::session_needed; }

int cross(const CrossOptions& given) {
  auto every = parse_seconds(given.every, base::Millis::from_seconds(86'400));
  if (!every) {
    every.error().where = "--every";
    return wrong_usage(every.error(), given.desk.json);
  }
  std::signal(SIGINT, ask_to_end);
  std::signal(SIGTERM, ask_to_end);
  Pair pair;
  bool cut = false;
  while (g_stop == 0) {
    Result<client::CrossingStep> step = client::CrossingStep{};
    if (!pair.crossing) {
      if (auto opened = open_both(given))
        pair = std::move(*opened);
      else
        step = tl::make_unexpected(std::move(opened).error());
    }
    if (pair.crossing) step = pair.crossing->round();
    if (!step && (given.once || !may_pass(step.error()))) return fail(step.error(), given.desk.json);
    if (!step) {
      if (!cut) warn("Not in step at present, and trying again:\n" + explain(step.error()));
    } else {
      tell(*step, given.desk.json);
      if (given.once) return kDone;
    }
    cut = !step;
    pause_for(*every);
  }
  return kDone;
}

}  // namespace

void add_cross(Command& program) {
  const auto given = std::make_shared<CrossOptions>();
  Command command = program.add("cross", "Keep your own log and the other side's in step (direct logs)");
  add_desk_options(command, given->desk);
  command.option({.name = "--other", .value = "URL", .help = "the other side's server", .required = true}, given->other)
      .option({.name = "--other-policy", .value = "FILE", .help = "the policy that pins the other side's log", .required = true},
              given->other_policy)
      .option({.name = "--every", .value = "SECONDS", .help = "between two rounds; 2 where not given"}, given->every)
      .flag({.name = "--once", .help = "one round, then end"}, given->once)
      .foot(
          "Example: wideberth cross --server https://blue.example:8443 --policy blue.policy --key blue-cross.key \\\n"
          "           --other https://red.example:8443 --other-policy red.policy\n"
          "Nothing of a plan goes to the other side but the part that the agreement gives it.\n")
      .action([given] { return cross(*given); });
}

}  // namespace wideberth::cli
