#include "cli/terminal.h"

#include <unistd.h>

#include <cstdio>

#include "http/problem.h"

namespace wideberth::cli {
namespace {

void put(std::FILE* stream, std::string_view line) {
  std::fwrite(line.data(), 1, line.size(), stream);
  std::fputc('\n', stream);
}

/// "found x" reads on as a sentence.
std::string sentence(std::string text) {
  if (!text.empty() && text.front() >= 'a' && text.front() <= 'z') text.front() = static_cast<char>(text.front() - 'a' + 'A');
  if (!text.empty() && text.back() != '.' && text.back() != '?') text += '.';
  return text;
}

/// What a person does now. Nothing where the rule says it already.
std::string_view next_step(Rule rule) {
  switch (rule) {
    case Rule::server_unreachable: return "Check --server, the cable and that the server runs, then give the same command again.";
    case Rule::server_silent: return "Give the same command again; with the same --receipts folder nothing is entered twice.";
    case Rule::server_stopping:
    case Rule::server_full:
    case Rule::queue_full: return "Wait a minute and give the same command again.";
    case Rule::server_untrusted:
      return "Do not go on. Ask the operator by another way which certificate the server has, and pin that one.";
    case Rule::key_file_locked: return "Try the passphrase again, or name the file that holds it with --passphrase-file.";
    case Rule::key_unknown: return "The party's root key adds a desk's key first: wideberth key add VKEY-FILE --key ROOT.";
    case Rule::challenge_untrue:
      return "If this key is new, the party's root key adds it first: wideberth key add VKEY-FILE --key ROOT.";
    case Rule::key_not_valid: return "Take another key of your party, and ask who revoked this one and why.";
    case Rule::id_check_character:
      return "Read the id again, character by character; ask for it to be repeated if it came by voice.";
    case Rule::revision_superseded: return "Look at the latest revision first: wideberth show ID.";
    case Rule::receipt_view:
    case Rule::part_untrue:
    case Rule::proof_untrue:
    case Rule::note_signature_untrue:
    case Rule::receipt_line_unknown:
    case Rule::checkpoint_other_log:
      return "Do not rely on it. Keep the file as it is, and compare with what the other side and the observer hold.";
    case Rule::store_in_use: return "Another process serves this log. Stop it first, or use its address.";
    case Rule::store_untrue: return "Do not serve this log. Keep the disk as it is, and compare with the other sides' receipts.";
    case Rule::file_exists: return "Choose another name, or look at what is there first.";
    default: return {};
  }
}

}  // namespace

void say(std::string_view line) { put(stdout, line); }
void warn(std::string_view line) { put(stderr, line); }

int exit_code_of(const Refusal& refusal) noexcept {
  if (refusal.rule == Rule::url_malformed) return kUsage;  // a server's address comes from the command line alone
  return base::kind_of(refusal.rule) == base::Kind::unavailable ? kNotNow : kRefused;
}

std::string explain(const Refusal& refusal) {
  const std::string rule = std::string(base::title_of(refusal.rule)) + " (" + std::string(base::code_of(refusal.rule)) + ")";
  std::string text = "Not done. ";
  text += refusal.found.empty() ? rule : sentence(refusal.found);
  if (!refusal.where.empty()) text += "\n  where:  " + refusal.where;
  if (!refusal.found.empty()) text += "\n  rule:   " + rule;
  if (!refusal.accepted.empty()) text += "\n  needed: " + refusal.accepted;
  // A place within the act speaks of another key than the one that signed.
  const bool other_key = refusal.rule == Rule::key_unknown && !refusal.where.empty();
  if (const auto next = next_step(refusal.rule); !next.empty() && !other_key) text += "\n  next:   " + std::string(next);
  return text;
}

int fail(const Refusal& refusal, bool json) {
  if (exit_code_of(refusal) == kUsage) return wrong_usage(refusal, json);
  if (json) say(http::problem_json(refusal));
  warn(explain(refusal));
  return exit_code_of(refusal);
}

int wrong_usage(std::string_view what, bool json) {
  if (json) say(http::problem_json(Refusal{Rule::usage_wrong, std::string(what), {}, {}}));
  warn(what);
  return kUsage;
}

int wrong_usage(const Refusal& refusal, bool json) {
  if (json) say(http::problem_json(refusal));
  warn(refusal.where + ": " + refusal.found + (refusal.accepted.empty() ? "." : "; needed: " + refusal.accepted + "."));
  return kUsage;
}

std::string counted(std::uint64_t n, std::string_view one, std::string_view many) {
  return std::to_string(n) + " " + std::string(n == 1 ? one : many);
}

Progress::Progress(std::string what)
    : what_(std::move(what)), begun_(std::chrono::steady_clock::now()), shown_(begun_), terminal_(isatty(STDERR_FILENO) == 1) {}

Progress::~Progress() {
  if (drawn_) std::fputs("\r\033[K", stderr);
}

void Progress::show(std::uint64_t done, std::uint64_t of) {
  if (!terminal_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - begun_ < std::chrono::seconds(1) || now - shown_ < std::chrono::milliseconds(200)) return;
  shown_ = now;
  drawn_ = true;
  const std::uint64_t percent = of == 0 ? 100 : done * 100 / of;
  const std::string line =
      "\r\033[K" + what_ + ": " + std::to_string(done) + " of " + std::to_string(of) + " (" + std::to_string(percent) + " %)";
  std::fputs(line.c_str(), stderr);
}

}  // namespace wideberth::cli
