#include "http/message.h"

#include <algorithm>

#include "base/check.h"

namespace wideberth::http {

namespace {

char lowered(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same_without_case(std::string_view a, std::string_view b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lowered(x) == lowered(y); });
}

}  // namespace

std::optional<std::string_view> find_field(const Fields& fields, std::string_view name) {
  for (const auto& [each, value] : fields)
    if (same_without_case(each, name)) return std::string_view(value);
  return std::nullopt;
}

std::optional<std::string_view> Request::query_value(std::string_view name) const {
  for (const auto& [each, value] : query)
    if (each == name) return std::string_view(value);
  return std::nullopt;
}

const std::string& Request::parameter(std::string_view name) const {
  for (const auto& [each, value] : parameters)
    if (each == name) return value;
  base::check_failed("a handler asks only for parameters that its route's path names", __FILE__, __LINE__);
}

void Feed::set_waker(std::function<void()> waker) {
  const std::lock_guard lock(mutex_);
  waker_ = std::move(waker);
}

void Feed::wake() {
  // Called under the lock, so that who cleared the waker knows that no call of it is still under way.
  const std::lock_guard lock(mutex_);
  if (waker_) waker_();
}

}  // namespace wideberth::http
