#include "conflict/layers.h"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <string>
#include <utility>

namespace wideberth::conflict {

namespace {

constexpr std::size_t kGrowth = 3;   // a layer is at least so many times as large as the next
constexpr std::size_t kAtOnce = 96;  // so few are packed in less time than a thread takes to begin

std::shared_ptr<const Pack> packed(const std::vector<Layer>& parts) {
  std::vector<Filed> filed;
  for (const Layer& layer : parts)
    for (std::size_t i = 0; i < layer.pack->size(); ++i) {
      const Slot& slot = layer.pack->slot(i);
      if (layer.holds(i)) filed.push_back({slot.key, std::string{layer.pack->party_of(slot)}, slot.plan});
    }
  return std::make_shared<const Pack>(std::move(filed));
}

}  // namespace

void Layers::add(std::vector<Filed> filed) {
  adopt(false);
  const std::size_t count = filed.size();
  if (count > 0) put({.pack = std::make_shared<const Pack>(std::move(filed)), .gone = {}, .alive = count});
  merge();
}

void Layers::put(Layer layer) {
  const auto smaller = [&](const Layer& each) { return each.alive < layer.alive; };
  layers_.insert(std::find_if(layers_.begin(), layers_.end(), smaller), std::move(layer));
}

bool Layers::is_merging(const Layer& layer) const {
  return std::any_of(merges_.begin(), merges_.end(), [&](const Merge& merge) {
    return std::find(merge.of.begin(), merge.of.end(), layer.pack.get()) != merge.of.end();
  });
}

void Layers::mark_gone(Layer& layer, std::size_t slot) {
  auto gone = layer.gone ? *layer.gone : std::vector<std::uint64_t>((layer.pack->size() + 63) / 64);
  gone[slot / 64] |= std::uint64_t{1} << (slot % 64);
  layer.gone = std::make_shared<const std::vector<std::uint64_t>>(std::move(gone));
  --layer.alive;
}

bool Layers::erase(EntryIndex key) {
  for (Layer& layer : layers_) {
    const auto slot = layer.pack->slot_of(key);
    if (!slot || !layer.holds(*slot)) continue;
    mark_gone(layer, *slot);
    for (Merge& merge : merges_)
      if (std::find(merge.of.begin(), merge.of.end(), layer.pack.get()) != merge.of.end()) merge.gone_since.push_back(key);
    adopt(false);
    merge();
    return true;
  }
  return false;
}

// What is merged takes the place of its parts, less what was erased meanwhile.
void Layers::adopt(bool wait) {
  for (std::size_t i = 0; i < merges_.size();) {
    if (!wait && merges_[i].made.wait_for(std::chrono::seconds{0}) != std::future_status::ready) {
      ++i;
      continue;
    }
    const Merge merge = std::move(merges_[i]);
    merges_.erase(merges_.begin() + static_cast<std::ptrdiff_t>(i));
    const auto is_part = [&](const Layer& layer) {
      return std::find(merge.of.begin(), merge.of.end(), layer.pack.get()) != merge.of.end();
    };
    std::vector<Layer> done;
    std::copy_if(layers_.begin(), layers_.end(), std::back_inserter(done), is_part);
    std::erase_if(layers_, is_part);
    clear_away(std::move(done));
    Layer made{.pack = merge.made.get(), .gone = {}, .alive = 0};
    made.alive = made.pack->size();
    for (const EntryIndex key : merge.gone_since) mark_gone(made, *made.pack->slot_of(key));
    if (made.alive > 0) put(std::move(made));
  }
}

// A large pack holds on to many plans, each somewhere else in memory: letting go of them takes as long as it took to pack them.
void Layers::clear_away(std::vector<Layer> done) {
  std::erase_if(clearing_, [](const auto& each) { return each.wait_for(std::chrono::seconds{0}) == std::future_status::ready; });
  std::size_t count = 0;
  for (const Layer& layer : done) count += layer.pack->size();
  if (count > kAtOnce)
    clearing_.push_back(std::async(std::launch::async, [done = std::move(done)]() mutable { done.clear(); }).share());
}

// Of the layers that nobody merges yet: those at the end that are too large for the one before them, and one of which half is
// gone, so that plans that nobody can meet any more do not pile up.
void Layers::merge() {
  std::vector<Layer> idle;
  for (const Layer& layer : layers_)
    if (!is_merging(layer)) idle.push_back(layer);
  std::vector<Layer> parts;
  std::size_t together = 0;
  while (!idle.empty() && (parts.empty() || idle.back().alive < kGrowth * together)) {
    together += idle.back().alive;
    parts.push_back(std::move(idle.back()));
    idle.pop_back();
  }
  if (parts.size() > 1 || (!parts.empty() && parts[0].alive * 2 < parts[0].pack->size())) merge(std::move(parts));
  for (Layer& layer : idle)
    if (layer.alive * 2 < layer.pack->size()) merge({std::move(layer)});
}

void Layers::merge(std::vector<Layer> parts) {
  std::size_t count = 0;
  Merge merge;
  for (const Layer& layer : parts) {
    count += layer.alive;
    merge.of.push_back(layer.pack.get());
  }
  const auto how = count <= kAtOnce ? std::launch::deferred : std::launch::async;
  merge.made = std::async(how, [parts = std::move(parts)]() mutable {
                 auto made = packed(parts);
                 parts.clear();  // here, and not wherever the result is taken
                 return made;
               }).share();
  if (how == std::launch::deferred) merge.made.wait();
  merges_.push_back(std::move(merge));
  if (how == std::launch::deferred) adopt(false);
}

void Layers::settle() {
  while (!merges_.empty()) {
    adopt(true);
    merge();
  }
}

std::size_t Layers::bytes() const {
  std::size_t bytes = 0;
  for (const Layer& layer : layers_) bytes += sizeof layer + layer.pack->bytes() + (layer.gone ? layer.gone->size() * 8 : 0);
  return bytes;
}

}  // namespace wideberth::conflict
