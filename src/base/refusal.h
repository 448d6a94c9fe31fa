// Refusals: the expected kind of trouble, as a value that names the rule, what was found and what would be accepted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

namespace wideberth::base {

/// What sort of trouble a rule is about; the HTTP status and the exit code of a command follow from it alone.
enum class Kind : std::uint8_t {
  malformed,        ///< cannot be read
  unauthenticated,  ///< nobody known speaks
  forbidden,        ///< known, but not theirs to do or see
  not_found,        ///< nothing there, or nothing that this reader may see
  conflicting,      ///< stands against what is already recorded
  too_large,        ///< above a stated limit
  unprocessable,    ///< can be read, but breaks a rule of the agreement or of sense
  too_many,         ///< above a stated rate
  unavailable,      ///< not now: the server stops, is full, or has lost its store
  untrue,           ///< a proof, hash or signature that does not hold
};

enum class Rule : std::uint16_t {
#define WB_RULE(code, kind, title) code,
#include "base/rule.def"
#undef WB_RULE
};

inline constexpr std::size_t kRuleCount = 0
#define WB_RULE(code, kind, title) +1
#include "base/rule.def"
#undef WB_RULE
    ;

/// The stable name of a rule, as it stands in rule.def.
std::string_view code_of(Rule rule) noexcept;
Kind kind_of(Rule rule) noexcept;
/// One sentence for a person.
std::string_view title_of(Rule rule) noexcept;
/// The rule with this code, if there is one.
std::optional<Rule> rule_named(std::string_view code) noexcept;
/// The name of a kind, such as "not_found".
std::string_view name_of(Kind kind) noexcept;

/// An ordinary answer: no. Never an exception.
struct Refusal {
  Rule rule;
  std::string found{};     ///< what was wrong, with the value as found (cut to a sane length)
  std::string accepted{};  ///< what would be accepted instead; may be empty where the title says it all
  std::string where{};     ///< a JSON pointer, a line number, a flag or a file name; may be empty

  friend bool operator==(const Refusal&, const Refusal&) = default;
};

/// One line for a person: where, what was found, the rule, what would be accepted.
std::string to_text(const Refusal& refusal);

template <class T>
using Result = tl::expected<T, Refusal>;

/// `return refuse(Rule::x, "found …", "accepted …");`
[[nodiscard]] inline tl::unexpected<Refusal> refuse(Rule rule, std::string found = {}, std::string accepted = {},
                                                    std::string where = {}) {
  return tl::unexpected<Refusal>(Refusal{rule, std::move(found), std::move(accepted), std::move(where)});
}

}  // namespace wideberth::base

#define WB_JOIN_(a, b) a##b
#define WB_JOIN(a, b) WB_JOIN_(a, b)
/// `WB_TRY(value, expression);` binds the value or returns the refusal. Plain functions only, never in a coroutine.
#define WB_TRY(name, expression)                                                                                    \
  auto WB_JOIN(wb_result_, __LINE__) = (expression);                                                                \
  if (!WB_JOIN(wb_result_, __LINE__)) return tl::make_unexpected(std::move(WB_JOIN(wb_result_, __LINE__)).error()); \
  auto& name = *WB_JOIN(wb_result_, __LINE__)
/// The same for a Result<void>.
#define WB_TRY_VOID(expression)                                                          \
  if (auto WB_JOIN(wb_result_, __LINE__) = (expression); !WB_JOIN(wb_result_, __LINE__)) \
  return tl::make_unexpected(std::move(WB_JOIN(wb_result_, __LINE__)).error())
