// wideberth manual: the manual page, written from the table of commands that --help reads.
#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "cli/cli.h"
#include "cli/terminal.h"

namespace wideberth::cli {
namespace {

constexpr std::string_view kDate = "2026-11-22";  ///< of this version; a build by another day makes the same page
constexpr std::size_t kSharedBy = 8;              ///< an option that so many commands have alike is told once

std::size_t sign_bytes(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte >= 0xE0 ? 3 : byte >= 0xC0 ? 2 : 1;
}

/// "\[u2026]" of the bytes of a sign.
std::string sign_of(std::string_view bytes) {
  unsigned number = static_cast<unsigned char>(bytes[0]) & (bytes.size() == 3 ? 0x0FU : 0x1FU);
  for (const char each : bytes.substr(1)) number = number << 6U | (static_cast<unsigned char>(each) & 0x3FU);
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text = "\\[u";
  for (int shift = 12; shift >= 0; shift -= 4) text += kDigits[number >> static_cast<unsigned>(shift) & 0xFU];
  return text + "]";
}

/// Text of a line that man(7) may fill: no request at its beginning, no escape in it.
std::string text_of(std::string_view plain) {
  std::string out;
  for (std::size_t at = 0; at < plain.size(); ++at) {
    const char each = plain[at];
    // roff reads bytes: what is not ASCII is written by its number. Our own texts are UTF-8 of at most three bytes a sign.
    if (const std::size_t more = sign_bytes(each); more > 1 && at + more <= plain.size()) {
      out += sign_of(plain.substr(at, more));
      at += more - 1;
    } else if (each == '\\')
      out += "\\e";
    else if (each == '-')
      out += "\\-";
    else
      out += each;
  }
  if (!out.empty() && (out.front() == '.' || out.front() == '\'')) out.insert(0, "\\&");
  return out;
}

std::string bold(std::string_view plain) { return "\\fB" + text_of(plain) + "\\fR"; }
std::string italic(std::string_view plain) { return "\\fI" + text_of(plain) + "\\fR"; }

bool positional(const Outline::Shown& shown) { return shown.item.name.front() != '-'; }

/// "--out FILE", "FILE…", "--json".
std::string item_name(const Outline::Shown& shown) {
  if (positional(shown)) return italic(shown.item.name) + (shown.takes == Outline::Takes::many ? " ..." : "");
  return bold(shown.item.name) + (shown.item.value.empty() ? "" : " " + italic(shown.item.value));
}

/// What makes two options the same, wherever they stand.
std::string mark_of(const Outline::Shown& shown) { return shown.item.name + "\n" + shown.item.value + "\n" + shown.item.help; }

class Page {
 public:
  explicit Page(const Outline& program) : program_(program) {
    count(program_);
    std::erase_if(met_, [](const auto& each) { return each.second < kSharedBy; });
  }

  std::string write() {
    head();
    line(".SH COMMANDS");
    for (const auto& each : program_.below) command(*each, program_.name);
    line(".SH OPTIONS OF MANY COMMANDS");
    line("The commands above that list them by name alone take these.");
    shared(program_);
    foot();
    return std::move(out_);
  }

 private:
  void line(std::string_view text) { out_ += std::string(text) + "\n"; }

  void count(const Outline& at) {
    for (const Outline::Shown& each : at.items) ++met_[mark_of(each)];
    for (const auto& each : at.below) count(*each);
  }

  void head() {
    line(".\\\" Written by `wideberth manual' from the table that --help reads. Not edited by hand.");
    line(".TH WIDEBERTH 1 " + std::string(kDate) + " \"wideberth " + program_.foot + "\" \"General Commands Manual\"");
    line(".SH NAME");
    line("wideberth \\- keeps forces with no common commander out of each other\\(aqs way, on the record");
    line(".SH SYNOPSIS");
    line(bold("wideberth") + " " + italic("COMMAND") + " [" + italic("OPTION") + " ...]");
    line(".br");
    line(bold("wideberth") + " " + italic("COMMAND") + " " + bold("--help"));
    line(".SH DESCRIPTION");
    line(text_of(program_.summary));
    line("A movement is notified with its route, its windows and its vehicles. What it comes too near to is found at once,");
    line("the other side signs what it received, deadlines that pass are recorded, and each act leaves a receipt that proves");
    line("it offline.");
    line(".PP");
    line("With " + bold("--json") + " a command prints JSON, and a refusal as a problem document (RFC 9457).");
  }

  void item(const Outline::Shown& shown) {
    line(".TP");
    line(item_name(shown));
    std::string help = text_of(shown.item.help);
    if (shown.item.required && !positional(shown)) help += " (required)";
    if (!shown.item.env.empty()) help += " (or " + bold(shown.item.env) + ")";
    line(help.empty() ? "\\&" : help);
  }

  bool is_shared(const Outline::Shown& shown) const { return !positional(shown) && met_.contains(mark_of(shown)); }

  void command(const Outline& at, const std::string& above) {
    const std::string name = above + " " + at.name;
    std::string use = ".SS \"" + text_of(name);
    for (const Outline::Shown& each : at.items)
      if (positional(each)) use += " " + text_of(each.item.name) + (each.takes == Outline::Takes::many ? " ..." : "");
    line(use + "\"");
    line(text_of(at.summary) + ".");
    std::string also;
    for (const Outline::Shown& each : at.items) {
      if (is_shared(each))
        also += (also.empty() ? "" : ", ") + bold(each.item.name);
      else
        item(each);
    }
    if (!also.empty()) {
      line(".PP");
      line("Also " + also + ".");
    }
    remarks(at.foot);
    for (const auto& each : at.below) command(*each, name);
  }

  void remarks(std::string_view text) {
    if (text.empty()) return;
    line(".PP");
    line(".nf");
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      const std::string_view each = text.substr(0, end);
      line(each.empty() ? ".sp" : text_of(each));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    line(".fi");
  }

  void shared(const Outline& at) {
    for (const Outline::Shown& each : at.items)
      if (is_shared(each) && told_.insert(mark_of(each)).second) item(each);
    for (const auto& each : at.below) shared(*each);
  }

  void code(std::string_view number, std::string_view means) {
    line(".TP");
    line(bold(number));
    line(text_of(means));
  }

  void foot() {
    line(".SH OPTIONS OF THE PROGRAM");
    code("--help", "What the program or a command takes, with an example.");
    code("--version", "Which version this is.");
    line(".SH EXIT STATUS");
    code("0", "Done; or what was asked about holds.");
    code("1", "Refused, or it does not hold. The rule is named; nothing was half done.");
    code("2", "The command line makes no sense. Nothing was tried.");
    code("3", "No server, no disk or no network. Try again later.");
    line(".SH FILES");
    code("log.db, server.key, policy",
         "What init makes in the folder of a log: the store, the log's signing key, and what parties pin.");
    code("<index>.tlog-proof, .leaf, .parts.json", "What --receipts keeps of each act.");
    line(".SH SEE ALSO");
    line("The pages under share/doc/wideberth: the tutorial, how\\-to pages, the reference and the explanations.");
  }

  const Outline& program_;
  std::map<std::string, std::size_t> met_{};
  std::set<std::string> told_{};
  std::string out_{};
};

}  // namespace

void add_manual(Command& program) {
  Command command = program.add("manual", "Print the manual page, wideberth(1)");
  command.foot("Example: wideberth manual | man -l -\n").action_on_all([](const Outline& all) {
    std::string page = Page(all).write();
    page.pop_back();  // say() ends the last line
    say(page);
    return kDone;
  });
}

}  // namespace wideberth::cli
