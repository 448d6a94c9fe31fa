// Rulings in a direct log: an entry of the other side's log, held in one's own.
#include <algorithm>

#include "base/bytes.h"
#include "core/rulings.h"
#include "ledger/entry.h"
#include "ledger/note.h"
#include "ledger/proof.h"

namespace wideberth::core {
namespace {

using base::refuse;

Result<ledger::Checkpoint> check_receipt(const model::DirectLog& direct, const model::Crossed& crossed) {
  const auto key = std::find_if(direct.others.begin(), direct.others.end(),
                                [&](const ledger::VerifierKey& each) { return each.name == crossed.origin; });
  if (key == direct.others.end())
    return refuse(Rule::crossed_untrue, "\"" + base::excerpt(crossed.origin) + "\"", "a log whose key entry 0 names", "/origin");
  ledger::Policy policy;
  policy.logs.push_back({*key, {}});
  // Cosignatures of the other log's witnesses are kept as they stand and claim nothing here.
  auto verified = ledger::verify_receipt(policy, crossed.receipt, crossed.leaf, ledger::Unproved::ignore);
  if (!verified)
    return refuse(Rule::crossed_untrue, base::to_text(verified.error()), "a receipt by the key of " + crossed.origin, "/receipt");
  if (verified->index != crossed.index)
    return refuse(Rule::crossed_untrue, "index " + std::to_string(crossed.index.value),
                  "that of the receipt: " + std::to_string(verified->index.value), "/index");
  WB_TRY(leaf, ledger::parse_leaf(crossed.leaf));
  WB_TRY(note, ledger::parse_note(leaf.note, ledger::kMostNoteBytes));
  WB_TRY(text, ledger::parse_entry_text(note.text));
  if (text.origin != crossed.origin)
    return refuse(Rule::crossed_untrue, "an entry for \"" + base::excerpt(text.origin) + "\"", crossed.origin, "/leaf");
  return std::move(verified->checkpoint);
}

/// What of this cannot be true beside what the other log showed before.
class Compare {
 public:
  Compare(const Question& q, const model::Crossed& crossed, const ledger::Checkpoint& head)
      : q_{q}, crossed_{crossed}, head_{head}, log_{nullptr} {
    if (const auto at = q.state.crossings.logs.find(crossed.origin); at != q.state.crossings.logs.end()) log_ = &at->second;
  }

  Ruling rule() {
    const auto same_entry = log_ == nullptr ? nullptr : find(log_->entries, crossed_.index);
    const auto same_size = log_ == nullptr ? nullptr : find(log_->heads, head_.size);
    const bool other_entry = same_entry != nullptr && same_entry->leaf != ledger::leaf_hash(crossed_.leaf);
    if (same_size != nullptr && same_size->root != head_.root)
      dispute(model::Dispute::other_root, same_size->entry, head_.size, same_size->root);
    if (other_entry) {
      const auto [size, root] = head_held_by(same_entry->entry);
      dispute(model::Dispute::other_entry, same_entry->entry, size, root);
    }
    WB_TRY_VOID(check_continuation());
    if (drafts_.empty() && same_entry != nullptr && same_size != nullptr)
      return refuse(Rule::crossed_already, "entry " + std::to_string(crossed_.index.value) + " of " + crossed_.origin,
                    "nothing: entry " + std::to_string(same_entry->entry.value) + " holds it");
    return std::move(drafts_);
  }

 private:
  template <class Map, class Key>
  static const typename Map::mapped_type* find(const Map& map, const Key& key) {
    const auto at = map.find(key);
    return at == map.end() ? nullptr : &at->second;
  }
  /// The head that an entry of ours held first; the head of this note where it held one that was known already.
  std::pair<std::uint64_t, ledger::Hash> head_held_by(EntryIndex entry) const {
    for (const auto& [size, head] : log_->heads)
      if (head.entry == entry) return {size, head.root};
    return {head_.size, head_.root};
  }
  Result<void> check_continuation() {
    if (!crossed_.continues) return {};
    const auto from = log_ == nullptr ? nullptr : find(log_->heads, crossed_.continues->from);
    if (from == nullptr || crossed_.continues->from > head_.size)
      return refuse(Rule::crossed_untrue, "from size " + std::to_string(crossed_.continues->from),
                    "an earlier head that this log holds", "/continues/from");
    if (!ledger::verify_consistency(crossed_.continues->from, from->root, head_.size, head_.root, crossed_.continues->hashes))
      dispute(model::Dispute::no_continuation, from->entry, crossed_.continues->from, from->root);
    return {};
  }
  void dispute(model::Dispute kind, EntryIndex before, std::uint64_t size, const ledger::Hash& root) {
    const model::CrossedDisputed said{crossed_.origin, kind, head_.size, head_.root, before, size, root};
    drafts_.push_back(finding(model::EntryKind::crossed_disputed, {q_.party()}, {q_.index()}, model::to_json(said)));
  }

  const Question& q_;
  const model::Crossed& crossed_;
  const ledger::Checkpoint& head_;
  const CrossedLog* log_;
  std::vector<Draft> drafts_{};
};

}  // namespace

Ruling rule_entry_crossed(const Question& q) {
  const auto& direct = q.state.opening->direct;
  if (!direct || direct->keeper != q.party())
    return refuse(Rule::direct_only, "entry.crossed by " + q.party(),
                  direct ? "one by the keeper, " + direct->keeper : "none: a neutral keeps this log for all");
  WB_TRY(full, full_part(q.note));
  WB_TRY(crossed, model::parse_crossed(full));
  WB_TRY(head, check_receipt(*direct, crossed));
  return Compare(q, crossed, head).rule();
}

}  // namespace wideberth::core
