// conflict: which of the plans on record can come too near to this one?
//
// Purpose.  An index of compiled plans by log index, and the search that asks geo::meet of every one that may be near.
//
// Promise.  (1) Exact: the answer is that of asking every entry. The boxes in front may report too much, never too little.
//   (2) Answers are ordered by key; the order of filing never shows. (3) A copy is an independent index and shares the plans.
//
// Map.  conflict.h, conflict.cpp.
// May use.  base, geo.
// May not use.  Clocks, files, threads: the index is a value.
// Tested by.  conflict_test.cpp against asking every entry; tests/gtfs with a day of real buses.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/quantity.h"
#include "geo/occupancy.h"

namespace wideberth::conflict {

using base::EntryIndex;
using base::Metres;

struct Hit {
  EntryIndex key;
  geo::Meeting meeting;  ///< a is the plan that was searched with, b the entry
};

class Index {
 public:
  /// Files a plan under a key; an earlier plan under the same key is replaced.
  void insert(EntryIndex key, std::string party, std::shared_ptr<const geo::Plan> plan);
  /// Forgets the key; nothing happens if it is not there.
  void erase(EntryIndex key);
  std::size_t size() const { return entries_.size(); }

  /// What another entry is owed, or none if it is to be skipped before any geometry.
  using Separation = std::function<std::optional<Metres>(EntryIndex)>;

  /// Every entry of another party that meets `plan` at the separation owed; ordered by key.
  std::vector<Hit> search(const geo::Plan& plan, std::string_view party, const Separation& separation) const;

 private:
  struct Entry {
    std::string party;
    std::shared_ptr<const geo::Plan> plan;
  };
  std::map<EntryIndex, Entry> entries_;
};

}  // namespace wideberth::conflict
