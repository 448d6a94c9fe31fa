#include "base/refusal.h"

#include <array>

#include "base/check.h"

namespace wideberth::base {
namespace {

struct Row {
  std::string_view code;
  Kind kind;
  std::string_view title;
};

constexpr Row kRules[] = {
#define WB_RULE(code, kind, title) {#code, Kind::kind, title},
#include "base/rule.def"
#undef WB_RULE
};

const Row& row_of(Rule rule) noexcept {
  const auto at = static_cast<std::size_t>(rule);
  WB_CHECK(at < std::size(kRules));
  return kRules[at];
}

}  // namespace

std::string_view code_of(Rule rule) noexcept { return row_of(rule).code; }
Kind kind_of(Rule rule) noexcept { return row_of(rule).kind; }
std::string_view title_of(Rule rule) noexcept { return row_of(rule).title; }

std::optional<Rule> rule_named(std::string_view code) noexcept {
  for (std::size_t i = 0; i < std::size(kRules); ++i)
    if (kRules[i].code == code) return static_cast<Rule>(i);
  return std::nullopt;
}

std::string_view name_of(Kind kind) noexcept {
  switch (kind) {
    case Kind::malformed: return "malformed";
    case Kind::unauthenticated: return "unauthenticated";
    case Kind::forbidden: return "forbidden";
    case Kind::not_found: return "not_found";
    case Kind::conflicting: return "conflicting";
    case Kind::too_large: return "too_large";
    case Kind::unprocessable: return "unprocessable";
    case Kind::too_many: return "too_many";
    case Kind::unavailable: return "unavailable";
    case Kind::untrue: return "untrue";
  }
  check_failed("every kind has a name", __FILE__, __LINE__);
}

std::string to_text(const Refusal& refusal) {
  std::string text;
  if (!refusal.where.empty()) text += refusal.where + ": ";
  if (!refusal.found.empty()) text += refusal.found + ". ";
  text += title_of(refusal.rule);
  if (!refusal.accepted.empty()) text += " Accepted: " + refusal.accepted + ".";
  text += " [" + std::string(code_of(refusal.rule)) + "]";
  return text;
}

}  // namespace wideberth::base
