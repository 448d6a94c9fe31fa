// conflict: which of the plans on record can come too near to this one?
//
// Purpose.  An index of compiled plans by log index, and searches that ask the leg-pair kernel of every one that may be near.
//
// Promise.  (1) Exact: every answer is that of asking every entry with geo::meet. The boxes in front may report too much,
//   never too little; nothing beyond geo::bound_m is invented (geo/plan.h: at most 0.5 m, tested against GeographicLib).
//   (2) Answers are ordered by key; the order of filing never shows. (3) An Index is a value: a copy shares what is packed,
//   costs microseconds, and is independent. (4) Live readers never wait for a writer and never see half an amendment.
//
// How.  Legs are filed once, in groups of up to eight that follow one another, by the cube of space and the moment at which the
// group
//   begins, in classes by size, so that a convoy of 600 km or a month-long polygon makes no search for a patrol slower. One look
//   compares all boxes of a group. Plans are packed in layers of which each is at least three times as large as the next, merged
//   on threads of their own; the newest few lie beside them unpacked. What is erased is marked.
//
// Map, in reading order.
//   conflict.h   Index: insert, erase, search, near, clear_all
//   live.h       one writer, many readers
//   layers.h     the packs, and how they become one
//   pack.h       one layer: its plans, and the decision for each that may be near
//   grid.h       one size class of a layer
//   compare.h    a group of boxes against another, all pairs in one look
//   filed.h      what is filed
//
// May use.  base, geo.
// May not use.  Clocks, files. Threads but in layers.h and live.h.
// Tested by.  conflict_test.cpp and layers_test.cpp against asking every entry; live_test.cpp with threads; tests/gtfs with a
//   day of real buses; tests/end_to_end over HTTP.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "conflict/layers.h"
#include "geo/occupancy.h"

namespace wideberth::conflict {

using geo::Millis;

struct Hit {
  EntryIndex key;
  geo::Meeting meeting;  ///< a is the plan that was searched with, b the entry
};

/// An entry that comes too near, without the rest of the answer.
struct Near {
  EntryIndex key;
  double least_m = 0;  ///< as Meeting::least_possible_m, to rounding
};

/// Shifts of departure that clear every conflict that was found, all at once: whole seconds > 0. A plan shifted so meets none
/// of them any more, under any rigid delay within the slacks. It claims nothing about entries that the unshifted plan does not
/// meet, nor about what is not in the index.
struct Clearance {
  Millis later{};
  Millis earlier{};
};

class Index {
 public:
  /// Files a plan under a key; an earlier plan under the same key is replaced.
  void insert(EntryIndex key, std::string party, std::shared_ptr<const geo::Plan> plan);
  /// Files many at once: the same as inserting them in order, and faster.
  void insert_all(std::vector<Filed> filed);
  /// Forgets the key; nothing happens if it is not there.
  void erase(EntryIndex key);
  std::size_t size() const { return size_; }
  /// Waits until nothing is being merged: for who measures. Answers are the same before and after.
  void settle() { layers_.settle(); }
  /// What the index holds in memory, the plans not counted.
  std::size_t bytes() const;

  /// What another entry is owed, or none if it is to be skipped before any geometry. Once for each entry at most; may not search.
  using Separation = std::function<std::optional<Metres>(EntryIndex)>;

  /// Every entry of another party that meets `plan` at the separation owed; ordered by key.
  /// `widest`: no entry is owed more, REQUIRES; without it all entries are gone through.
  std::vector<Hit> search(const geo::Plan& plan, std::string_view party, const Separation& separation,
                          std::optional<Metres> widest = {}) const;

  /// The same entries, and how near they can come, without times, delays and advice.
  std::vector<Near> near(const geo::Plan& plan, std::string_view party, const Separation& separation,
                         std::optional<Metres> widest = {}) const;

  /// None where nothing is met.
  std::optional<Clearance> clear_all(const geo::Plan& plan, std::string_view party, const Separation& separation,
                                     std::optional<Metres> widest = {}) const;

 private:
  struct Candidate;
  template <class Each>
  void visit(const geo::Plan& plan, std::string_view party, const Separation& separation, std::optional<Metres> widest,
             const Each& each) const;
  /// Calls each(key, plan, meeting) for all that meet, in no order.
  template <class Each>
  void meet_all(const geo::Plan& plan, std::string_view party, const Separation& separation, std::optional<Metres> widest,
                const Each& each) const;
  bool forget(EntryIndex key);

  Layers layers_;
  std::vector<Filed> fresh_;  ///< not yet packed
  std::size_t size_ = 0;
};

/// The shifts that clear these hits of one plan.
std::optional<Clearance> clearance(const geo::Plan& plan, const std::vector<std::pair<const geo::Plan*, geo::Meeting>>& met);

}  // namespace wideberth::conflict
