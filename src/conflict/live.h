// One writer, many readers: a reader holds the index as it stood at one moment, whole.
#pragma once

#include <memory>
#include <mutex>
#include <utility>

#include "conflict/conflict.h"

namespace wideberth::conflict {

/// The writer works on a copy and puts it in the place of the old one when it is done, however long that took; what readers
/// hold stays as it is. The lock guards the exchange of one pointer, a few nanoseconds, and nothing else: neither waits for
/// the other's work.
class Live {
 public:
  explicit Live(Index index = {}) : now_{std::make_shared<const Index>(std::move(index))} {}
  Live(const Live&) = delete;
  Live& operator=(const Live&) = delete;

  /// The index as of now; unchanged for as long as it is held.
  std::shared_ptr<const Index> read() const {
    const std::lock_guard hold{pointer_};
    return now_;
  }

  /// Calls `change` with a copy of the index and publishes it as a whole: readers see all that it did, or nothing. Several
  /// writers wait for one another.
  template <class Change>
  void amend(const Change& change) {
    const std::lock_guard one{writers_};
    Index next = *read();
    change(next);
    auto ready = std::make_shared<const Index>(std::move(next));
    {
      const std::lock_guard hold{pointer_};
      now_.swap(ready);
    }
    // What was there before, if nobody holds it any more, is taken apart here and not under the lock.
  }

 private:
  mutable std::mutex pointer_;
  std::mutex writers_;
  std::shared_ptr<const Index> now_;
};

}  // namespace wideberth::conflict
