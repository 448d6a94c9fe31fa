#include "client/pair.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "client/crossing.h"
#include "ledger/note.h"
#include "ledger/tree.h"
#include "model/keys.h"

namespace wideberth::client {
namespace {

using base::refuse;
using base::Rule;

struct Proven {
  EntryIndex index;
  ShownEntry entry;
  ShownHead head;
  ledger::EntryText text;
};

Result<Proven> prove_entry(const ledger::Policy& policy, const std::string& origin, std::string_view receipt,
                           std::string_view leaf, ledger::Unproved unproved) {
  WB_TRY(verified, ledger::verify_receipt(policy, receipt, leaf, unproved));
  WB_TRY(split, ledger::parse_leaf(leaf));
  WB_TRY(note, ledger::parse_note(split.note));
  WB_TRY(text, ledger::parse_entry_text(note.text));
  for (const std::string& named : {verified.checkpoint.origin, text.origin})
    if (named != origin) return refuse(Rule::checkpoint_other_log, "an entry of " + named, "an entry of " + origin);
  Proven proven{verified.index, {}, {verified.checkpoint.size, verified.checkpoint.root}, std::move(text)};
  proven.entry = ShownEntry{ledger::leaf_hash(leaf), split.received, proven.text.kind, proven.text.signer, proven.text.parts};
  return proven;
}

/// What parties said of what both sides are to know.
bool is_act(const ShownEntry& entry) { return crosses(entry.kind) && !model::party_of_key(entry.signer).empty(); }

/// What the other log holds of this one: new here, or the same, or a difference.
void put_held(PairReport& report, std::size_t of, const std::vector<ShownLog::Held>& held) {
  ShownLog& log = report.logs.at(of);
  for (const ShownLog::Held& each : held) {
    log.heads.insert(each.head);
    const auto [at, is_new] = log.entries.emplace(each.index, each.entry);
    if (is_new)
      report.only_held.at(of).push_back(each.index);
    else if (at->second.leaf != each.entry.leaf)
      report.differences.push_back({log.origin, model::Dispute::other_entry, each.index.value});
  }
  std::sort(report.only_held.at(of).begin(), report.only_held.at(of).end());
}

/// Two roots for one size; and, as far as every entry from 0 on is there, a root that they do not lead to.
void look_at_heads(PairReport& report, std::size_t of) {
  const ShownLog& log = report.logs.at(of);
  ledger::Tree tree;
  for (const auto& [index, entry] : log.entries) {
    if (index.value != tree.size()) break;
    tree.append(entry.leaf);
  }
  std::map<std::uint64_t, ledger::Hash> roots;
  std::set<std::uint64_t> told;
  for (const ShownHead& head : log.heads) {
    const bool first = roots.emplace(head.size, head.root).first->second == head.root;
    if (first && (head.size > tree.size() || tree.root(head.size) == head.root)) continue;
    if (told.insert(head.size).second) report.differences.push_back({log.origin, model::Dispute::other_root, head.size});
  }
  report.whole.at(of) = told.empty() && tree.size() > 0 && tree.size() == log.size();
}

/// What was said, by whom and as what kind, and where it stands first.
using Acts = std::map<std::tuple<ledger::Hash, std::string, std::string>, EntryIndex>;

std::tuple<ledger::Hash, std::string, std::string> said(const ledger::PartLine& part, const ShownEntry& entry) {
  return {part.commitment, entry.kind, std::string(model::party_of_key(entry.signer))};
}

Acts acts_of(const ShownLog& log) {
  Acts acts;
  for (const auto& [index, entry] : log.entries) {
    if (!is_act(entry)) continue;
    for (const ledger::PartLine& part : entry.parts) acts.emplace(said(part, entry), index);
  }
  return acts;
}

/// The earliest entry of the other log that says the same.
std::optional<EntryIndex> same_act(const ShownEntry& entry, const Acts& there) {
  std::optional<EntryIndex> found;
  for (const ledger::PartLine& part : entry.parts)
    if (const auto at = there.find(said(part, entry)); at != there.end() && (!found || at->second < *found)) found = at->second;
  return found;
}

std::vector<std::string> parts_in_both(const ShownEntry& a, const ShownEntry& b) {
  std::vector<std::string> names;
  for (const ledger::PartLine& part : a.parts)
    if (std::any_of(b.parts.begin(), b.parts.end(), [&](const auto& each) { return each.commitment == part.commitment; }))
      names.push_back(part.name);
  return names;
}

}  // namespace

std::uint64_t ShownLog::size() const { return heads.empty() ? 0 : heads.rbegin()->size; }

Result<Taken> take_receipt(ShownLog& into, const ledger::Policy& policy, std::string_view receipt, std::string_view leaf,
                           ledger::Unproved unproved) {
  WB_TRY(proven, prove_entry(policy, into.origin, receipt, leaf, unproved));
  const auto [at, is_new] = into.entries.emplace(proven.index, proven.entry);
  if (!is_new && at->second.leaf != proven.entry.leaf)
    return refuse(Rule::proof_untrue, "two entries at index " + std::to_string(proven.index.value) + ", each with a receipt",
                  "one entry at an index");
  into.heads.insert(proven.head);
  return Taken{proven.index, std::move(proven.text)};
}

Result<void> take_crossed(ShownLog& into, EntryIndex by, const model::Crossed& crossed, const ledger::Policy& other_policy,
                          const std::string& other_origin, ledger::Unproved unproved) {
  if (crossed.origin != other_origin) return {};
  WB_TRY(proven, prove_entry(other_policy, other_origin, crossed.receipt, crossed.leaf, unproved));
  if (proven.index != crossed.index)
    return refuse(Rule::crossed_untrue,
                  "it names entry " + std::to_string(crossed.index.value) + ", and its receipt proves entry " +
                      std::to_string(proven.index.value),
                  "the same of both");
  into.held.push_back({by, proven.index, std::move(proven.entry), proven.head});
  return {};
}

PairReport compare(ShownLog first, ShownLog second) {
  PairReport report{{std::move(first), std::move(second)}};
  for (std::size_t i = 0; i < 2; ++i) {
    report.held.at(i) = report.logs.at(i).held.size();
    put_held(report, 1 - i, report.logs.at(i).held);
  }
  for (std::size_t i = 0; i < 2; ++i) look_at_heads(report, i);
  const std::array<Acts, 2> acts{acts_of(report.logs[0]), acts_of(report.logs[1])};
  std::set<std::pair<EntryIndex, EntryIndex>> pairs;
  for (std::size_t i = 0; i < 2; ++i) {
    for (const auto& [index, entry] : report.logs.at(i).entries) {
      if (!is_act(entry)) {
        ++report.others.at(i)[entry.kind];
        continue;
      }
      if (const auto there = same_act(entry, acts.at(1 - i)))
        pairs.insert(i == 0 ? std::pair(index, *there) : std::pair(*there, index));
      else
        report.alone.at(i).push_back(index);
    }
  }
  for (const auto& [a, b] : pairs)
    report.both.push_back({a, b, parts_in_both(report.logs[0].entries.at(a), report.logs[1].entries.at(b))});
  return report;
}

}  // namespace wideberth::client
