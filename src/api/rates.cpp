#include "api/rates.h"

#include <algorithm>
#include <cmath>

namespace wideberth::api {

using base::Instant;

void Buckets::fill(Bucket& bucket, Instant now) const {
  const Millis passed = now - bucket.at;
  bucket.at = now;
  if (passed <= Millis{}) return;
  bucket.tokens =
      std::min(static_cast<double>(rate_.burst), bucket.tokens + rate_.per_second * static_cast<double>(passed.ms()) / 1000.0);
}

Buckets::Bucket& Buckets::bucket_of(std::string_view name, Instant now) {
  auto found = buckets_.find(name);
  if (found == buckets_.end() && buckets_.size() >= most_names_ && now - swept_ >= Millis::from_seconds(1)) {
    // A full bucket says nothing that a new one does not say; swept once a second at most, since it is a walk over all.
    swept_ = now;
    std::erase_if(buckets_, [&](const auto& each) {
      Bucket bucket = each.second;
      fill(bucket, now);
      return bucket.tokens >= static_cast<double>(rate_.burst);
    });
  }
  const Bucket full{static_cast<double>(rate_.burst), now};
  if (found == buckets_.end()) {
    if (buckets_.size() < most_names_) {
      found = buckets_.emplace(std::string(name), full).first;
    } else {
      if (!others_) others_ = full;
      fill(*others_, now);
      return *others_;
    }
  }
  fill(found->second, now);
  return found->second;
}

bool Buckets::take(std::string_view name, Instant now) {
  const std::lock_guard lock(mutex_);
  Bucket& bucket = bucket_of(name, now);
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

bool Buckets::has(std::string_view name, Instant now) {
  const std::lock_guard lock(mutex_);
  return bucket_of(name, now).tokens >= 1;
}

void Buckets::give_back(std::string_view name, Instant now) {
  const std::lock_guard lock(mutex_);
  Bucket& bucket = bucket_of(name, now);
  bucket.tokens = std::min(static_cast<double>(rate_.burst), bucket.tokens + 1);
}

Millis Buckets::wait() const {
  return Millis::from_seconds(std::max<std::int64_t>(1, static_cast<std::int64_t>(std::ceil(1.0 / rate_.per_second))));
}

std::size_t Buckets::names() const {
  const std::lock_guard lock(mutex_);
  return buckets_.size();
}

}  // namespace wideberth::api
