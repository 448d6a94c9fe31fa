// wideberth completion: what a shell needs to complete a line, written from the table of commands that --help reads.
#include <algorithm>
#include <memory>

#include "cli/cli.h"
#include "cli/terminal.h"

namespace wideberth::cli {
namespace {

/// Where a command takes a value of a few words, they stand in its name: "csv|gpx".
std::string words_of_value(const std::string& value) {
  if (value.find('|') == std::string::npos) return {};
  std::string words = value;
  for (char& each : words)
    if (each == '|') each = ' ';
  return words;
}

/// An option may have two names: "--as,--key".
std::vector<std::string> names_of(const std::string& all) {
  std::vector<std::string> names;
  for (std::size_t from = 0; from < all.size();) {
    const std::size_t comma = std::min(all.find(',', from), all.size());
    names.push_back(all.substr(from, comma - from));
    from = comma + 1;
  }
  return names;
}

struct Cases {
  std::string steps;   ///< from a command to the one below it
  std::string words;   ///< what may follow
  std::string values;  ///< of an option: its words, or nothing: a file
};

void tell(const Outline& at, const std::string& path, Cases& into) {
  std::string words;
  for (const auto& each : at.below) {
    words += each->name + " ";
    const std::string below = path.empty() ? each->name : path + " " + each->name;
    into.steps += "      '" + path + "/" + each->name + "') path='" + below + "' ;;\n";
    tell(*each, below, into);
  }
  std::string options;
  for (const Outline::Shown& each : at.items) {
    if (each.item.name.front() != '-') continue;
    for (const std::string& name : names_of(each.item.name)) {
      options += name + " ";
      if (each.takes == Outline::Takes::nothing) continue;
      into.values += "    '" + path + "/" + name + "') valued=yes words='" + words_of_value(each.item.value) + "' ;;\n";
    }
  }
  into.words +=
      "    '" + path + "') words='" + words + "' options='" + options + "--help" + (path.empty() ? " --version" : "") + "' ;;\n";
}

std::string bash_of(const Outline& all) {
  Cases cases;
  tell(all, {}, cases);
  return "# Completes lines of wideberth in bash. Written by `wideberth completion bash` from the table that --help reads.\n"
         "# Where nothing is offered, the shell offers files.\n"
         "_wideberth() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path= words= options= valued= i\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case \"$path/${COMP_WORDS[i]}\" in\n" +
         cases.steps +
         "    esac\n"
         "  done\n"
         "  case \"$path/$prev\" in\n" +
         cases.values +
         "  esac\n"
         "  COMPREPLY=()\n"
         "  if [[ -n $valued ]]; then\n"
         "    COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "    return\n"
         "  fi\n"
         "  case \"$path\" in\n" +
         cases.words +
         "  esac\n"
         "  [[ $cur == -* ]] && words=$options\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "}\n"
         "complete -o default -F _wideberth wideberth";
}

}  // namespace

void add_completion(Command& program) {
  const auto shell = std::make_shared<std::string>();
  Command command = program.add("completion", "Print what a shell needs to complete these commands");
  command.option({.name = "SHELL", .help = "bash", .required = true}, *shell)
      .foot("Example: wideberth completion bash > ~/.local/share/bash-completion/completions/wideberth\n")
      .action_on_all([shell](const Outline& all) {
        if (*shell != "bash") return wrong_usage("SHELL: \"" + *shell + "\"; bash is the one that is known.");
        say(bash_of(all));
        return kDone;
      });
}

}  // namespace wideberth::cli
