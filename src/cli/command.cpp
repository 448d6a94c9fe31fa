#include "cli/command.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>

#include "cli/terminal.h"

namespace wideberth::cli {

struct Command::Table {
  CLI::App app;
  Outline outline{};
  std::map<const CLI::App*, std::function<int()>> actions{};
};

namespace {

constexpr const char* kExitCodes =
    "\nExit codes: 0 done, or it holds; 1 refused, or it does not hold; 2 wrong usage; 3 no server, disk or network.\n";

CLI::App& app_of(void* app) { return *static_cast<CLI::App*>(app); }

void describe(CLI::Option* option, const Item& item) {
  if (!item.value.empty()) option->type_name(item.value);
  if (item.required) option->required();
  if (!item.env.empty()) option->envname(item.env);
}

/// The command that the line named, the last of the chain.
const CLI::App* named(const CLI::App& app) {
  const CLI::App* at = &app;
  while (!at->get_subcommands().empty()) at = at->get_subcommands().front();
  return at;
}

/// Whether a line that could not be read asks for JSON.
bool wants_json(int argc, const char* const* argv) {
  return std::find(argv, argv + argc, std::string_view("--json")) != argv + argc;
}

}  // namespace

Command Command::add(const std::string& name, const std::string& summary) {
  CLI::App* sub = app_of(app_).add_subcommand(name, summary);
  sub->footer(kExitCodes);
  sub->require_subcommand(0, 1);
  outline_->below.push_back(std::make_unique<Outline>(Outline{name, summary}));
  return Command(table_, sub, outline_->below.back().get());
}

Command& Command::option(const Item& item, std::string& into) {
  CLI::Option* option = app_of(app_).add_option(item.name, into, item.help);
  describe(option, item);
  outline_->items.push_back({item, Outline::Takes::one});
  if (item.name.front() == '-') option->multi_option_policy(CLI::MultiOptionPolicy::Throw);
  return *this;
}

Command& Command::options(const Item& item, std::vector<std::string>& into) {
  CLI::Option* option = app_of(app_).add_option(item.name, into, item.help);
  describe(option, item);
  outline_->items.push_back({item, Outline::Takes::many});
  if (item.name.front() == '-') option->allow_extra_args(false);
  return *this;
}

Command& Command::flag(const Item& item, bool& into) {
  describe(app_of(app_).add_flag(item.name, into, item.help), item);
  outline_->items.push_back({item, Outline::Takes::nothing});
  return *this;
}

Command& Command::not_both(const std::string& one, const std::string& other) {
  app_of(app_).get_option(one)->excludes(app_of(app_).get_option(other));
  return *this;
}

Command& Command::foot(const std::string& text) {
  app_of(app_).footer("\n" + text + kExitCodes);
  outline_->foot = text;
  return *this;
}

Command& Command::action(std::function<int()> act) {
  table_->actions[static_cast<const CLI::App*>(app_)] = std::move(act);
  return *this;
}

Command& Command::action_on_all(std::function<int(const Outline&)> act) {
  // The table's own action must not keep the table alive.
  return action([all = &table_->outline, act = std::move(act)] { return act(*all); });
}

Program::Program(const std::string& summary, const std::string& version)
    : root_(std::make_shared<Command::Table>(), nullptr, nullptr) {
  CLI::App& app = root_.table_->app;
  root_.app_ = &app;
  root_.outline_ = &root_.table_->outline;
  root_.outline_->name = "wideberth";
  root_.outline_->summary = summary;
  root_.outline_->foot = version;
  app.description(summary);
  app.name("wideberth");
  app.set_version_flag("--version", "wideberth " + version);
  app.require_subcommand(0, 1);
  app.footer("\nwideberth COMMAND --help says more of each, with an example.\n" + std::string(kExitCodes));
  app.get_formatter()->column_width(34);
}

int Program::run(int argc, const char* const* argv) {
  CLI::App& app = root_.table_->app;
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& said) {  // --help and --version
    app.exit(said);
    return std::fflush(stdout) == 0 ? kDone : kNotNow;
  } catch (const CLI::ParseError& wrong) {
    const CLI::App* at = named(app);
    std::string whole;
    for (const CLI::App* each = at; each != nullptr; each = each->get_parent())
      whole = whole.empty() ? each->get_name() : each->get_name() + " " + whole;
    return wrong_usage(std::string(wrong.what()) + ".\nHow it is used: " + whole + " --help", wants_json(argc, argv));
  }
  const CLI::App* at = named(app);
  const auto action = root_.table_->actions.find(at);
  if (action == root_.table_->actions.end()) {
    std::fputs(app.help().c_str(), stderr);
    return kUsage;
  }
  int code = kDone;
  try {
    code = action->second();
  } catch (const std::exception& lost) {
    warn("This machine failed: " + std::string(lost.what()) + ". Nothing more was done.");
    code = kNotNow;
  }
  if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
    warn("What was to be printed could not be written: is the disk full?");
    return kNotNow;
  }
  return code;
}

}  // namespace wideberth::cli
