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

/// A text within single quotes of a shell.
std::string shell_quoted(const std::string& text, const std::string& quote_within) {
  std::string quoted = "'";
  for (const char c : text)
    if (c == '\'')
      quoted += quote_within;
    else
      quoted += c == '\n' ? ' ' : c;
  return quoted + "'";
}

/// What zsh takes apart in a description: colons.
std::string zsh_word(const std::string& name, const std::string& about) {
  std::string text;
  for (const char c : name + "\n" + about)
    text += c == ':' ? std::string("\\:") : c == '\n' ? std::string(":") : std::string(1, c);
  return shell_quoted(text, "'\\''");
}

void tell_zsh(const Outline& at, const std::string& path, Cases& into) {
  std::string below_words, options;
  for (const auto& each : at.below) {
    below_words += " " + zsh_word(each->name, each->summary);
    const std::string below = path.empty() ? each->name : path + " " + each->name;
    into.steps += "      '" + path + "/" + each->name + "') at='" + below + "' ;;\n";
    tell_zsh(*each, below, into);
  }
  for (const Outline::Shown& each : at.items) {
    if (each.item.name.front() != '-') continue;
    for (const std::string& name : names_of(each.item.name)) {
      options += " " + zsh_word(name, each.item.help);
      if (each.takes == Outline::Takes::nothing) continue;
      const std::string words = words_of_value(each.item.value);
      into.values += "    '" + path + "/" + name + "') " + (words.empty() ? "_files" : "compadd -- " + words) + "; return ;;\n";
    }
  }
  options += " " + zsh_word("--help", "what the command does");
  if (path.empty()) options += " " + zsh_word("--version", "the version");
  into.words += "    '" + path + "') below=(" + below_words + ") options=(" + options + ") ;;\n";
}

std::string zsh_of(const Outline& all) {
  Cases cases;
  tell_zsh(all, {}, cases);
  return "#compdef wideberth\n"
         "# Completes lines of wideberth in zsh. Written by `wideberth completion zsh` from the table that --help reads.\n"
         "_wideberth() {\n"
         "  local at= i\n"
         "  local -a below options\n"
         "  for ((i = 2; i < CURRENT; i++)); do\n"
         "    case \"$at/${words[i]}\" in\n" +
         cases.steps +
         "    esac\n"
         "  done\n"
         "  case \"$at/${words[CURRENT-1]}\" in\n" +
         cases.values +
         "  esac\n"
         "  case \"$at\" in\n" +
         cases.words +
         "  esac\n"
         "  if [[ ${words[CURRENT]} == -* ]]; then\n"
         "    _describe -o option options\n"
         "  elif (( ${#below} )); then\n"
         "    _describe command below\n"
         "  else\n"
         "    _files\n"
         "  fi\n"
         "}\n"
         "_wideberth \"$@\"";
}

/// The commands of one place, as a condition of fish, and what may follow there.
void tell_fish(const Outline& at, const std::string& path, std::string& into) {
  const std::string where = "complete -c wideberth -n " + shell_quoted("__wideberth_at " + shell_quoted(path, ""), "\\'");
  for (const auto& each : at.below) {
    into += where + " -f -a " + each->name + " -d " + shell_quoted(each->summary, "\\'") + "\n";
    tell_fish(*each, path.empty() ? each->name : path + " " + each->name, into);
  }
  for (const Outline::Shown& each : at.items) {
    if (each.item.name.front() != '-') continue;
    for (const std::string& name : names_of(each.item.name)) {
      into += where + " -l " + name.substr(2);
      const std::string words = words_of_value(each.item.value);
      if (each.takes != Outline::Takes::nothing) into += words.empty() ? " -r -F" : " -x -a " + shell_quoted(words, "\\'");
      into += " -d " + shell_quoted(each.item.help, "\\'") + "\n";
    }
  }
  into += where + " -l help -d 'what the command does'\n";
}

/// Every place of the table, for the function that says at which one the line is.
void places_of(const Outline& at, const std::string& path, std::string& into) {
  for (const auto& each : at.below) {
    into +=
        "      case '" + path + "/" + each->name + "'\n        set at '" + (path.empty() ? "" : path + " ") + each->name + "'\n";
    places_of(*each, path.empty() ? each->name : path + " " + each->name, into);
  }
}

std::string fish_of(const Outline& all) {
  std::string places, told;
  places_of(all, {}, places);
  tell_fish(all, {}, told);
  return "# Completes lines of wideberth in fish. Written by `wideberth completion fish` from the table that --help reads.\n"
         "function __wideberth_at\n"
         "  set -l at ''\n"
         "  for word in (commandline -opc)[2..-1]\n"
         "    switch \"$at/$word\"\n" +
         places +
         "    end\n"
         "  end\n"
         "  test \"$at\" = \"$argv[1]\"\n"
         "end\n" +
         told + "complete -c wideberth -n '__wideberth_at \"\"' -l version -d 'the version'";
}

}  // namespace

void add_completion(Command& program) {
  const auto shell = std::make_shared<std::string>();
  Command command = program.add("completion", "Print what a shell needs to complete these commands");
  command.option({.name = "SHELL", .help = "bash, zsh or fish", .required = true}, *shell)
      .foot(
          "Example: wideberth completion bash > ~/.local/share/bash-completion/completions/wideberth\n"
          "         wideberth completion zsh > ~/.zfunc/_wideberth\n"
          "         wideberth completion fish > ~/.config/fish/completions/wideberth.fish\n")
      .action_on_all([shell](const Outline& all) {
        using Write = std::string (*)(const Outline&);
        for (const auto& [name, write] :
             {std::pair<std::string_view, Write>{"bash", bash_of}, {"zsh", zsh_of}, {"fish", fish_of}})
          if (*shell == name) {
            say(write(all));
            return kDone;
          }
        return wrong_usage("SHELL: \"" + *shell + "\"; bash, zsh and fish are known.");
      });
}

}  // namespace wideberth::cli
