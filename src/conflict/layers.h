// The packs of an index: each at least three times as large as the next, merged beside the work and not in its way.
#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <vector>

#include "conflict/pack.h"

namespace wideberth::conflict {

/// A pack, and what of it has been erased since.
struct Layer {
  std::shared_ptr<const Pack> pack;
  std::shared_ptr<const std::vector<std::uint64_t>> gone{};  ///< a bit for each slot; none where nothing is gone
  std::size_t alive = 0;
  bool holds(std::size_t slot) const { return !gone || ((*gone)[slot / 64] >> (slot % 64) & 1) == 0; }
};

/// A value: a copy shares the packs. What is filed or erased is in effect at once; that packs become one happens on a thread of
/// its own as soon as there is much to do, and shows in nothing but speed.
class Layers {
 public:
  /// Files these as a layer. REQUIRES keys that are in no layer, and differ.
  void add(std::vector<Filed> filed);
  /// Whether the key was there.
  bool erase(EntryIndex key);
  const std::vector<Layer>& all() const { return layers_; }  ///< the largest first
  /// Waits for what is being merged: for who measures.
  void settle();
  std::size_t bytes() const;

 private:
  struct Merge {
    std::vector<const Pack*> of{};
    std::shared_future<std::shared_ptr<const Pack>> made{};
    std::vector<EntryIndex> gone_since{};
  };
  void put(Layer layer);
  bool is_merging(const Layer& layer) const;
  void adopt(bool wait);
  void merge();
  void merge(std::vector<Layer> parts);
  void clear_away(std::vector<Layer> done);
  static void mark_gone(Layer& layer, std::size_t slot);

  std::vector<Layer> layers_;
  std::vector<Merge> merges_;
  std::vector<std::shared_future<void>> clearing_;  ///< of what nobody needs any more
};

}  // namespace wideberth::conflict
