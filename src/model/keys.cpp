#include "model/keys.h"

#include <algorithm>

#include "model/kinds.h"
#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

/// "notification.*" holds every kind that begins with "notification.".
bool holds(std::string_view pattern, std::string_view kind) noexcept {
  if (pattern.size() > 2 && pattern.ends_with(".*")) return kind.starts_with(pattern.substr(0, pattern.size() - 1));
  return pattern == kind;
}

bool is_known_scope(std::string_view pattern) noexcept {
  const auto all = kinds();
  return std::any_of(all.begin(), all.end(),
                     [pattern](const KindRow& row) { return row.signs == Signs::party && holds(pattern, row.name); });
}

Result<std::string> key_name(const Reader& object) {
  WB_TRY(at, object.member("key"));
  WB_TRY(name, at.text(ledger::kMostNameBytes));
  if (party_of_key(name).empty())
    return at.refuse(base::Rule::key_name_mismatch, "\"" + base::excerpt(name) + "\"", "such as \"blue/ops-1\"");
  return std::move(name);
}

Result<std::vector<std::string>> read_scope(const Reader& object) {
  std::vector<std::string> scope;
  const auto at = object.find("kinds");
  if (!at) return scope;
  WB_TRY(patterns, at->elements(0, kMostScopePatterns));
  for (const auto& each : patterns) {
    WB_TRY(pattern, each.text(kMostLabel));
    if (!is_known_scope(pattern))
      return each.refuse(base::Rule::key_scope_unknown, "\"" + base::excerpt(pattern) + "\"",
                         "a kind that parties sign, such as \"notification.filed\", or \"notification.*\"");
    if (std::find(scope.begin(), scope.end(), pattern) != scope.end())
      return each.refuse(base::Rule::name_twice, "\"" + base::excerpt(pattern) + "\" again", "each once");
    scope.push_back(std::move(pattern));
  }
  return scope;
}

Result<KeyAdded> read_added(const Reader& at) {
  WB_TRY_VOID(at.only({"key", "kinds", "note"}));
  KeyAdded document;
  WB_TRY(key_at, at.member("key"));
  WB_TRY(key, read::vkey(key_at, ledger::KeyType::ed25519));
  if (party_of_key(key.name).empty() || key.name.ends_with("/root"))
    return key_at.refuse(base::Rule::key_name_mismatch, "\"" + base::excerpt(key.name) + "\"",
                         "<party>/<desk>, such as \"blue/ops-1\"");
  document.key = std::move(key);
  WB_TRY(scope, read_scope(at));
  document.kinds = std::move(scope);
  WB_TRY(note, read::text_if_any(at, "note", kMostReason, true));
  document.note = std::move(note);
  return document;
}

Result<KeyRevoked> read_revoked(const Reader& at) {
  WB_TRY_VOID(at.only({"key", "reason"}));
  WB_TRY(key, key_name(at));
  WB_TRY(reason, read::text(at, "reason", kMostReason, true));
  return KeyRevoked{std::move(key), std::move(reason)};
}

Result<KeyCompromised> read_compromised(const Reader& at) {
  WB_TRY_VOID(at.only({"key", "since", "reason"}));
  WB_TRY(key, key_name(at));
  WB_TRY(since, read::index(at, "since"));
  WB_TRY(reason, read::text(at, "reason", kMostReason, true));
  return KeyCompromised{std::move(key), since, std::move(reason)};
}

constexpr std::size_t kMostKeyBytes = std::size_t{64} << 10;

}  // namespace

bool allows(const std::vector<std::string>& scope, std::string_view kind) noexcept {
  return scope.empty() || std::any_of(scope.begin(), scope.end(), [kind](const auto& each) { return holds(each, kind); });
}

std::string_view party_of_key(std::string_view key_name) noexcept {
  const auto slash = key_name.find('/');
  if (slash == std::string_view::npos || !is_short_name(key_name.substr(slash + 1))) return {};
  const auto party = key_name.substr(0, slash);
  return is_short_name(party) ? party : std::string_view{};
}

Result<KeyAdded> parse_key_added(std::string_view json) { return read::whole<KeyAdded>(json, kMostKeyBytes, read_added); }
Result<KeyRevoked> parse_key_revoked(std::string_view json) { return read::whole<KeyRevoked>(json, kMostKeyBytes, read_revoked); }
Result<KeyCompromised> parse_key_compromised(std::string_view json) {
  return read::whole<KeyCompromised>(json, kMostKeyBytes, read_compromised);
}

std::string to_json(const KeyAdded& document) {
  Writer writer;
  writer.begin_object().key("key").string(ledger::to_text(document.key));
  if (!document.kinds.empty()) {
    writer.key("kinds").begin_array();
    for (const auto& each : document.kinds) writer.string(each);
    writer.end_array();
  }
  read::write_text_if_any(writer, "note", document.note);
  writer.end_object();
  return writer.take();
}

std::string to_json(const KeyRevoked& document) {
  Writer writer;
  writer.begin_object().key("key").string(document.key).key("reason").string(document.reason).end_object();
  return writer.take();
}

std::string to_json(const KeyCompromised& document) {
  Writer writer;
  writer.begin_object().key("key").string(document.key).key("since").integer(static_cast<std::int64_t>(document.since.value));
  writer.key("reason").string(document.reason).end_object();
  return writer.take();
}

}  // namespace wideberth::model
