#include "ledger/policy.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "ledger/text.h"

namespace wideberth::ledger {
namespace {

std::vector<std::string_view> items_of(std::string_view line) {
  std::vector<std::string_view> items;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t from = line.find_first_not_of(" \t", at);
    if (from == std::string_view::npos) break;
    at = std::min(line.find_first_of(" \t", from), line.size());
    items.push_back(line.substr(from, at - from));
  }
  return items;
}

/// A name or an address of a policy is shown to people: no hidden characters, though the format would bear them.
bool is_item(std::string_view item) { return base::check_readable(item).has_value(); }

/// Builds a policy line by line; knows which names are defined and which are taken as members.
class PolicyReader {
 public:
  Result<Policy> read(std::string_view text) {
    Lines lines(text);
    while (const auto line = lines.next()) {
      const auto bad_octet = [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7F'; };
      if (std::any_of(line->begin(), line->end(), bad_octet)) return bad("found a control character", lines.where());
      const auto items = items_of(*line);
      if (items.empty() || items[0].starts_with('#')) continue;
      if (auto taken = take(items); !taken) {
        taken.error().where = lines.where();
        return tl::make_unexpected(std::move(taken.error()));
      }
    }
    if (!lines.rest().empty()) return bad("found a last line without its newline", lines.where_next());
    if (!has_quorum_) return bad("found no quorum", {});
    return std::move(policy_);
  }

 private:
  using Items = std::span<const std::string_view>;

  static tl::unexpected<base::Refusal> bad(std::string found, std::string where = {}) {
    return base::refuse(Rule::policy_malformed, std::move(found), {}, std::move(where));
  }
  static std::string quoted(std::string_view found) { return "\"" + base::excerpt(found) + "\""; }

  Result<void> take(Items items) {
    if (!std::all_of(items.begin(), items.end(), is_item)) return bad("found hidden characters");
    if (items[0] == "log") return take_log(items.subspan(1));
    if (items[0] == "witness") return take_witness(items.subspan(1));
    if (items[0] == "group") return take_group(items.subspan(1));
    if (items[0] == "quorum") return take_quorum(items.subspan(1));
    return bad("found the word " + quoted(items[0]));
  }

  Result<void> define(std::string_view name) {
    if (name == "none" || !defined_.emplace(name).second) return bad("found the name " + quoted(name) + ", which is taken");
    return {};
  }

  Result<void> take_log(Items items) {
    if (items.empty() || items.size() > 2) return bad("found " + std::to_string(items.size()) + " values for a log");
    if (policy_.logs.size() == kMostPolicyLogs) return bad("found more than 64 logs");
    WB_TRY(key, parse_vkey(items[0]));
    if (key.type != KeyType::ed25519) return bad("found a log with the key of a cosigner");
    if (!log_keys_.insert(key.key).second) return bad("found the key of " + quoted(key.name) + " twice");
    policy_.logs.push_back({std::move(key), items.size() == 2 ? std::string(items[1]) : std::string()});
    return {};
  }

  Result<void> take_witness(Items items) {
    if (items.size() < 2 || items.size() > 3) return bad("found " + std::to_string(items.size()) + " values for a witness");
    if (policy_.witnesses.size() == kMostPolicyWitnesses) return bad("found more than 64 witnesses");
    WB_TRY_VOID(define(items[0]));
    WB_TRY(key, parse_vkey(items[1]));
    if (key.type != KeyType::cosignature_ed25519) return bad("found a witness whose key is no cosigner's");
    if (!witness_keys_.insert(key.key).second) return bad("found the key of " + quoted(key.name) + " twice");
    policy_.witnesses.push_back(
        {std::string(items[0]), std::move(key), items.size() == 3 ? std::string(items[2]) : std::string()});
    return {};
  }

  Result<void> take_group(Items items) {
    if (items.size() < 3) return bad("found a group without members");
    if (policy_.groups.size() == kMostPolicyGroups) return bad("found more than 64 groups");
    const Items members = items.subspan(2);
    Policy::Group group{std::string(items[0]), 1, {}};
    if (items[1] == "all") {
      group.threshold = members.size();
    } else if (items[1] != "any") {
      const auto threshold = base::parse_decimal(items[1], members.size());
      if (!threshold || *threshold == 0)
        return bad("found the threshold " + quoted(items[1]) + " for " + std::to_string(members.size()));
      group.threshold = static_cast<std::size_t>(*threshold);
    }
    for (const std::string_view member : members) {
      if (!defined_.contains(member)) return bad("found the member " + quoted(member) + ", which is not defined above");
      if (!members_.emplace(member).second) return bad("found " + quoted(member) + " as a member twice");
      group.members.emplace_back(member);
    }
    WB_TRY_VOID(define(items[0]));
    policy_.groups.push_back(std::move(group));
    return {};
  }

  Result<void> take_quorum(Items items) {
    if (items.size() != 1) return bad("found " + std::to_string(items.size()) + " values for the quorum");
    if (has_quorum_) return bad("found a second quorum");
    if (items[0] != "none" && !defined_.contains(items[0]))
      return bad("found the quorum " + quoted(items[0]) + ", which is not defined above");
    has_quorum_ = true;
    policy_.quorum = items[0];
    return {};
  }

  Policy policy_;
  bool has_quorum_ = false;
  std::set<std::string, std::less<>> defined_, members_;
  std::set<KeyBytes> log_keys_, witness_keys_;
};

std::string with_url(const std::string& url) { return url.empty() ? "\n" : " " + url + "\n"; }

}  // namespace

Result<Policy> parse_policy(std::string_view text) {
  if (text.size() > kMostPolicyBytes)
    return base::refuse(Rule::policy_malformed, "found " + std::to_string(text.size()) + " bytes", "at most 256 KiB");
  return PolicyReader().read(text);
}

std::string to_text(const Policy& policy) {
  std::string text;
  for (const auto& log : policy.logs) text += "log " + to_text(log.key) + with_url(log.url);
  for (const auto& witness : policy.witnesses)
    text += "witness " + witness.name + " " + to_text(witness.key) + with_url(witness.url);
  for (const auto& group : policy.groups) {
    const bool all = group.threshold == group.members.size();
    text += "group " + group.name + (all ? " all" : group.threshold == 1 ? " any" : " " + std::to_string(group.threshold));
    for (const std::string& member : group.members) text += " " + member;
    text += "\n";
  }
  return text + "quorum " + policy.quorum + "\n";
}

bool quorum_met(const Policy& policy, std::span<const std::string> witnesses) {
  if (policy.quorum == "none") return true;
  std::set<std::string_view> met;
  for (const auto& witness : policy.witnesses)
    if (std::find(witnesses.begin(), witnesses.end(), witness.name) != witnesses.end()) met.insert(witness.name);
  for (const auto& group : policy.groups) {  // members stand before their group, so one pass is enough
    const auto count =
        std::count_if(group.members.begin(), group.members.end(), [&](const std::string& name) { return met.contains(name); });
    if (static_cast<std::size_t>(count) >= group.threshold) met.insert(group.name);
  }
  return met.contains(policy.quorum);
}

}  // namespace wideberth::ledger
