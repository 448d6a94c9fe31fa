// JSON written as a stream, numbers exactly.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace wideberth::json {

/// Writes one JSON text, or several after one another, each to be taken.
///
/// Laws.
///  (1) parse accepts what take() returns, within its limits, unless raw() was handed something else.
///  (2) A number reads back as the same number: integers exactly, fixed-point by Reader::fixed, doubles to the bit.
///  (3) The same calls give the same bytes, everywhere.
/// A call out of order (a value without its key, an end without its beginning) is our own slip and stops the process.
class Writer {
 public:
  enum class Style : std::uint8_t { compact, indented };
  explicit Writer(Style style = Style::compact) : style_(style) {}

  Writer& begin_object();
  Writer& end_object();
  Writer& begin_array();
  Writer& end_array();
  /// The name of the member that the next value is of. The caller sees to it that no name comes twice.
  Writer& key(std::string_view name);

  /// Valid UTF-8 (anything else is written as U+FFFD, byte by byte); controls, quotes and backslashes are escaped.
  Writer& string(std::string_view text);
  /// REQUIRES: within ±kMostInteger.
  Writer& integer(std::int64_t value);
  /// value × 10^-decimals in plain digits without trailing zeros: (421400000, 7) is 42.14, (-5, 1) is -0.5, (20, 1) is 2.
  /// REQUIRES: 0 <= decimals <= 18, and within ±kMostInteger where whole.
  Writer& fixed(std::int64_t value, int decimals);
  /// The shortest text that reads back as the same double, always with '.' or 'e'. REQUIRES: finite.
  Writer& number(double value);
  Writer& boolean(bool value);
  Writer& null();
  /// A whole value as parsed.
  Writer& value(const Value& tree);
  /// One value that is JSON already.
  Writer& raw(std::string_view json);

  /// How many bytes there are so far.
  std::size_t size() const { return out_.size(); }
  /// The text; the writer is as new afterwards. REQUIRES: everything begun has ended.
  std::string take();

 private:
  void before_value();
  void begin(char bracket, bool object);
  void end(char bracket, bool object);
  void line();
  void escaped(std::string_view text);

  struct Level {
    bool object;
    bool empty;
  };
  Style style_;
  std::string out_{};
  std::vector<Level> levels_{};
  bool keyed_ = false;  ///< a key is written and waits for its value
};

/// The value as compact JSON. Law: parse(to_json(v)) == v for every v that parse gave.
std::string to_json(const Value& value);

}  // namespace wideberth::json
