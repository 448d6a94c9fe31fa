// How often what was answered. Inside this folder only.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

#include "base/refusal.h"
#include "http/message.h"

namespace wideberth::api {

/// Any thread may call. What is held is bounded by the table of routes, the statuses in use and the table of rules: nothing that
/// a peer sends becomes a name.
class Tally {
 public:
  void answered(std::string_view operation, const http::Response& response);
  void refused(base::Rule rule);

  using Answers = std::map<std::pair<std::string, int>, std::uint64_t>;  ///< by operation and status
  using Refusals = std::map<base::Rule, std::uint64_t>;
  Answers answers() const;
  Refusals refusals() const;

 private:
  mutable std::mutex mutex_{};
  Answers answers_{};
  Refusals refusals_{};
};

}  // namespace wideberth::api
