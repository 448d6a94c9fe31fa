#include "cli/unlock.h"

#include <termios.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "cli/files.h"
#include "cli/terminal.h"
#include "ledger/keyfile.h"

namespace wideberth::cli {
namespace {

volatile std::sig_atomic_t interrupted = 0;

/// What is typed does not show while this lives. An interrupt ends the reading first, so that the terminal is not left mute.
class Silence {
 public:
  Silence() {
    struct ::sigaction note{};
    note.sa_handler = [](int signal) { interrupted = signal; };
    ::sigaction(SIGINT, &note, &interrupt_before_);  // without SA_RESTART: a read returns
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    ::termios quiet = before_;
    quiet.c_lflag &= ~static_cast<::tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;
  ~Silence() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    ::sigaction(SIGINT, &interrupt_before_, nullptr);
  }

 private:
  struct ::sigaction interrupt_before_{};
  ::termios before_{};
  bool changed_ = false;
};

Result<std::string> ask_once(const std::string& prompt) {
  std::fputs(prompt.c_str(), stderr);
  std::string typed;
  {
    const Silence silence;
    char c = 0;
    while (::read(STDIN_FILENO, &c, 1) == 1 && c != '\n') typed += c;
  }
  std::fputc('\n', stderr);
  if (interrupted != 0) ::raise(SIGINT);
  if (typed.empty()) return refuse(Rule::passphrase_missing, "nothing was typed");
  return typed;
}

Result<std::string> in_file(Result<std::string> read, const std::string& file) {
  if (!read) read.error().where = file;
  return read;
}

template <class T>
Result<T> of_file(Result<T> read, const std::string& file) {
  if (!read) read.error().where = read.error().where.empty() ? file : file + ", " + read.error().where;
  return read;
}

}  // namespace

Result<std::string> read_passphrase(const std::string& file) {
  WB_TRY(bytes, read_file(file, 4096));
  std::string line = bytes.substr(0, bytes.find('\n'));
  if (!line.empty() && line.back() == '\r') line.pop_back();
  ledger::wipe(bytes);
  if (line.empty()) return refuse(Rule::passphrase_missing, "its first line is empty", "the passphrase on the first line", file);
  return line;
}

Result<std::string> ask_passphrase(const std::string& prompt, bool again) {
  if (::isatty(STDIN_FILENO) != 1)
    return refuse(Rule::passphrase_missing, "there is no terminal to ask at", "--passphrase-file FILE");
  WB_TRY(first, ask_once(prompt + ": "));
  if (!again) return std::move(first);
  WB_TRY(second, ask_once("The same again: "));
  const bool same = first == second;
  ledger::wipe(second);
  if (!same) return refuse(Rule::passphrase_missing, "the two are not the same", "the same passphrase twice");
  return std::move(first);
}

Result<ledger::SigningKey> unlock(const std::string& key_file, const std::string& passphrase_file) {
  WB_TRY(bytes, read_file(key_file, kMostKeyFileBytes));
  std::string passphrase;
  const bool wanted = ledger::wants_passphrase(bytes);
  if (wanted) {
    auto said = passphrase_file.empty() ? in_file(ask_passphrase("Passphrase of " + key_file, false), key_file)
                                        : read_passphrase(passphrase_file);
    if (!said) return tl::make_unexpected(std::move(said).error());
    passphrase = std::move(*said);
  }
  auto key = wanted ? ledger::read_key_file(bytes, passphrase) : ledger::read_key_file(bytes);
  ledger::wipe(passphrase);
  ledger::wipe(bytes);
  return of_file(std::move(key), key_file);
}

Result<ledger::VerifierKey> read_verifier(const std::string& file) {
  WB_TRY(bytes, read_file(file, kMostKeyFileBytes));
  if (bytes.starts_with("PRIVATE+KEY+") || ledger::wants_passphrase(bytes)) {
    auto half = ledger::public_half(bytes);
    ledger::wipe(bytes);
    return of_file(std::move(half), file);
  }
  std::string_view line = bytes;
  while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.remove_suffix(1);
  return of_file(ledger::parse_vkey(line), file);
}

}  // namespace wideberth::cli
