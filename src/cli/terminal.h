// What is printed, the exit codes, and progress.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/instant.h"
#include "base/refusal.h"

namespace wideberth::cli {

using base::Refusal;
using base::refuse;
using base::Result;
using base::Rule;

// The exit codes of every command.
inline constexpr int kDone = 0;     ///< done, or it holds
inline constexpr int kRefused = 1;  ///< refused, or it does not hold
inline constexpr int kUsage = 2;    ///< the command line makes no sense
inline constexpr int kNotNow = 3;   ///< no server, disk or network

/// A line on the standard output.
void say(std::string_view line);
/// A line on the standard error.
void warn(std::string_view line);

/// 1, 2 or 3: what sort of trouble the rule is about.
int exit_code_of(const Refusal& refusal) noexcept;
/// Several lines for a tired person: what happened, where, by which rule, what would do, what to do next.
std::string explain(const Refusal& refusal);
/// Explains on the standard error, and where `json` prints the problem document on the standard output too. Gives the exit code.
int fail(const Refusal& refusal, bool json = false);
/// Says what is wrong with the command line, and where `json` prints a problem document too; gives 2.
int wrong_usage(std::string_view what, bool json = false);
/// The same, of an option that was read: `where` is the option.
int wrong_usage(const Refusal& refusal, bool json = false);

/// "1 entry", "3 entries".
std::string counted(std::uint64_t n, std::string_view one, std::string_view many);

/// How far a long piece of work is, on the standard error: only where that is a terminal, and only after a second.
class Progress {
 public:
  explicit Progress(std::string what);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// Wipes the line.
  ~Progress();
  void show(std::uint64_t done, std::uint64_t of);

 private:
  std::string what_;
  std::chrono::steady_clock::time_point begun_, shown_;
  bool terminal_, drawn_ = false;
};

}  // namespace wideberth::cli
