// A parsed JSON text as an immutable tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/refusal.h"

namespace wideberth::json {

using base::Result;

/// The largest integer either way that every JSON reader holds exactly (RFC 8259 section 6): 2^53.
inline constexpr std::int64_t kMostInteger = std::int64_t{1} << 53;

struct Limits {
  std::size_t most_bytes = std::size_t{1} << 20;
  /// Arrays and objects inside one another; a bare number has depth 0. At most kMostDepth.
  std::size_t most_depth = 16;
};
inline constexpr std::size_t kMostDepth = 256;

/// One JSON value. It owns its text; only parse makes anything but null.
class Value {
 public:
  using Array = std::vector<Value>;
  using Object = std::vector<std::pair<std::string, Value>>;  ///< members in the order of the text
  enum class Kind : std::uint8_t { null, boolean, integer, number, string, array, object };

  Value() = default;

  Kind kind() const noexcept { return static_cast<Kind>(content_.index()); }
  bool is_null() const noexcept { return kind() == Kind::null; }

  // REQUIRES of each: the value is of that kind. Reader is the way to ask untrusted values.
  bool boolean() const { return std::get<bool>(content_); }
  std::int64_t integer() const { return std::get<std::int64_t>(content_); }      ///< within ±kMostInteger
  double number() const { return std::get<double>(content_); }                   ///< finite; written with '.', 'e' or 'E'
  const std::string& string() const { return std::get<std::string>(content_); }  ///< valid UTF-8; any character
  const Array& array() const { return std::get<Array>(content_); }
  const Object& object() const { return std::get<Object>(content_); }

  /// The same kinds and values; members in the same order. 1 and 1.0 differ.
  friend bool operator==(const Value&, const Value&) = default;

 private:
  using Content = std::variant<std::monostate, bool, std::int64_t, double, std::string, Array, Object>;
  explicit Value(Content content) : content_(std::move(content)) {}
  friend class Builder;
  Content content_{};
};

/// "null", "a boolean", "a whole number", "a number", "a text", "an array", "an object".
std::string_view name_of(Value::Kind kind) noexcept;

/// Reads one JSON text strictly; see the promise in json.h. Refuses with json_too_large (size, depth), json_malformed
/// (where: "line 2, column 7"), json_member_twice (where: the pointer of the member), json_integer_too_large.
Result<Value> parse(std::string_view text, Limits limits = {});

}  // namespace wideberth::json
