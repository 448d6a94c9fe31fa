// How often something may be done: token buckets by name, on a clock that is handed in.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "api/api.h"

namespace wideberth::api {

/// Buckets by name. Any thread may call.
///
/// Laws.
///  (1) From a bucket no more than burst + per_second × t are taken within t seconds of its clock.
///  (2) A clock that steps back gives nothing; one that leaps ahead gives a full bucket and no more.
///  (3) What is held is at most `most_names` names; further names share one bucket until a full bucket makes room.
class Buckets {
 public:
  Buckets(Rate rate, std::size_t most_names) : rate_(rate), most_names_(most_names) {}

  /// Takes one; false where there is none.
  bool take(std::string_view name, base::Instant now);
  /// Whether one could be taken.
  bool has(std::string_view name, base::Instant now);
  /// Gives one back that was taken.
  void give_back(std::string_view name, base::Instant now);
  /// How long until there is one: at least a second, whole seconds.
  base::Millis wait() const;
  const Rate& rate() const { return rate_; }
  std::size_t names() const;

 private:
  struct Bucket {
    double tokens = 0;
    base::Instant at{};
  };
  void fill(Bucket& bucket, base::Instant now) const;
  Bucket& bucket_of(std::string_view name, base::Instant now);

  Rate rate_;
  std::size_t most_names_;
  mutable std::mutex mutex_;
  std::map<std::string, Bucket, std::less<>> buckets_;
  std::optional<Bucket> others_;
  base::Instant swept_{};
};

}  // namespace wideberth::api
