// How a command states its options. CLI11 does the reading; nobody else sees it, for its header costs nine seconds.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace wideberth::cli {

/// One option ("--out"), flag, or positional value ("FILE": no dashes).
struct Item {
  std::string name;
  std::string value{};  ///< what the value is called in --help: "FILE"; of a positional it is the name
  std::string help;
  bool required = false;
  std::string env{};  ///< the variable of the environment that gives it where the command line does not
};

/// A command as it was described: what --help, the manual page and the completion of shells all tell.
struct Outline {
  enum class Takes : unsigned char { one, many, nothing };  ///< one value, several of them, a flag
  struct Shown {
    Item item;
    Takes takes = Takes::one;
  };
  std::string name, summary;
  std::string foot{};  ///< examples and remarks
  std::vector<Shown> items{};
  std::vector<std::unique_ptr<Outline>> below{};
};

/// A command while it is described. A handle: copies speak of the same command.
class Command {
 public:
  /// A command below this one.
  Command add(const std::string& name, const std::string& summary);

  // What is given goes into `into`, which must live as long as the program. Left alone where it is not given.
  Command& option(const Item& item, std::string& into);
  /// May be given several times, one value each time; a positional takes all that follow.
  Command& options(const Item& item, std::vector<std::string>& into);
  Command& flag(const Item& item, bool& into);
  /// Two flags of which at most one may be given. Both must have been stated.
  Command& not_both(const std::string& one, const std::string& other);
  /// Text at the foot of --help: examples and remarks. The exit codes follow by themselves.
  Command& foot(const std::string& text);
  /// What the command does; gives the exit code.
  Command& action(std::function<int()> act);
  /// The same for a command that tells of all commands: `act` is given the program's outline.
  Command& action_on_all(std::function<int(const Outline&)> act);

 private:
  friend class Program;
  struct Table;
  Command(std::shared_ptr<Table> table, void* app, Outline* outline) : table_(std::move(table)), app_(app), outline_(outline) {}
  std::shared_ptr<Table> table_;
  void* app_;         ///< CLI::App, owned by the table
  Outline* outline_;  ///< the same command in words, owned by the table
};

class Program {
 public:
  Program(const std::string& summary, const std::string& version);
  Command& commands() { return root_; }
  /// Reads the line, does what it says, and gives the exit code.
  int run(int argc, const char* const* argv);

 private:
  Command root_;
};

}  // namespace wideberth::cli
