// What readers ask of the engine.
#include "engine/engine.h"
#include "ledger/proof.h"

namespace wideberth::engine {

using base::EntryIndex;
using base::refuse;
using base::Result;
using base::Rule;

void Engine::view(const std::function<void(const core::State&)>& reader) const {
  const std::shared_lock published(published_mutex_);
  reader(published_);
}

Result<std::shared_ptr<const core::State>> Engine::as_of(EntryIndex entry) const {
  {
    const std::shared_lock published(published_mutex_);
    if (entry >= published_.next())
      return refuse(Rule::entry_unknown, "entry " + std::to_string(entry.value),
                    "entries before " + std::to_string(published_.next().value));
  }
  WB_TRY(state, trusted(folded_to(entry)));
  return std::make_shared<const core::State>(std::move(state));
}

Result<core::State> Engine::folded_to(EntryIndex entry) const {
  WB_TRY(state, fold_to(ports_.store, entry));
  const std::shared_lock published(published_mutex_);
  if (state.tree.root() == published_.tree.root(state.tree.size())) return std::move(state);
  return refuse(Rule::store_untrue, "the entries do not lead to the root that the log's tree has", {},
                "entry " + std::to_string(entry.value));
}

Result<std::vector<core::Entry>> Engine::entries(EntryIndex from, std::size_t count) const {
  {
    const std::shared_lock published(published_mutex_);
    const std::uint64_t size = published_.tree.size();
    if (from.value >= size) return std::vector<core::Entry>{};
    count = static_cast<std::size_t>(std::min<std::uint64_t>(count, size - from.value));
  }
  return trusted(read_entries(from, count));
}

ledger::Hash Engine::leaf_of(EntryIndex index) const {
  const std::shared_lock published(published_mutex_);
  return published_.tree.leaf(index.value);
}

Result<std::vector<core::Entry>> Engine::read_entries(EntryIndex from, std::size_t count) const {
  WB_TRY(stored, ports_.store.read(from, count));
  std::vector<core::Entry> entries;
  for (store::StoredEntry& each : stored) {
    // What was not read since the start (restart.h) is compared with the tree before it is shown to anybody.
    const bool holds = ledger::leaf_hash(each.leaf) == leaf_of(each.index);
    if (!holds)
      return refuse(Rule::store_untrue, "it is not the entry that the log's tree holds", {},
                    "entry " + std::to_string(each.index.value));
    WB_TRY(entry, entry_from(std::move(each)));
    entries.push_back(std::move(entry));
  }
  return entries;
}

Result<core::Entry> Engine::entry(EntryIndex index) const {
  WB_TRY(found, entries(index, 1));
  if (found.empty()) return refuse(Rule::entry_unknown, "entry " + std::to_string(index.value));
  return std::move(found.front());
}

std::string Engine::receipt_at(EntryIndex index, const std::string& checkpoint, std::uint64_t size) const {
  ledger::Receipt receipt;
  receipt.index = index;
  receipt.proof = published_.tree.inclusion(index.value, size);
  receipt.checkpoint = checkpoint;
  return ledger::to_text(receipt);
}

Result<std::string> Engine::receipt(EntryIndex index) const {
  const std::shared_lock published(published_mutex_);
  if (index >= published_.next()) return refuse(Rule::entry_unknown, "entry " + std::to_string(index.value));
  return receipt_at(index, checkpoint_, published_.tree.size());
}

Measures Engine::measures() const {
  const std::lock_guard lock(mutex_);
  Measures now = measures_;
  now.waiting = waiting_;
  now.most_waiting = limits_.most_waiting;
  return now;
}

std::string Engine::public_checkpoint() const {
  const std::shared_lock published(published_mutex_);
  return public_checkpoint_;
}

std::string Engine::checkpoint() const {
  const std::shared_lock published(published_mutex_);
  return checkpoint_;
}

}  // namespace wideberth::engine
