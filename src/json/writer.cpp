#include "json/writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/bytes.h"
#include "base/check.h"

namespace wideberth::json {
namespace {

/// Written as they are, whatever stands around them: ASCII but controls, the quote and the backslash.
constexpr auto kPlain = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

bool all_plain(std::string_view text) {
  bool plain = true;
  for (const char c : text) plain &= kPlain[static_cast<unsigned char>(c)];
  return plain;
}

}  // namespace

void Writer::line() {
  if (style_ == Style::compact) return;
  out_ += '\n';
  out_.append(levels_.size() * 2, ' ');
}

void Writer::before_value() {
  if (levels_.empty()) {
    WB_CHECK(out_.empty());  // one value to a text
    return;
  }
  Level& level = levels_.back();
  if (level.object) {
    WB_CHECK(keyed_);
    keyed_ = false;
    return;
  }
  if (!level.empty) out_ += ',';
  level.empty = false;
  line();
}

void Writer::begin(char bracket, bool object) {
  before_value();
  out_ += bracket;
  levels_.push_back(Level{object, true});
}

void Writer::end(char bracket, bool object) {
  WB_CHECK(!levels_.empty() && levels_.back().object == object && !keyed_);
  const bool empty = levels_.back().empty;
  levels_.pop_back();
  if (!empty) line();
  out_ += bracket;
}

Writer& Writer::begin_object() { return begin('{', true), *this; }
Writer& Writer::end_object() { return end('}', true), *this; }
Writer& Writer::begin_array() { return begin('[', false), *this; }
Writer& Writer::end_array() { return end(']', false), *this; }

Writer& Writer::key(std::string_view name) {
  WB_CHECK(!levels_.empty() && levels_.back().object && !keyed_);
  if (!levels_.back().empty) out_ += ',';
  levels_.back().empty = false;
  line();
  escaped(name);
  out_ += style_ == Style::compact ? ":" : ": ";
  keyed_ = true;
  return *this;
}

void Writer::escaped(std::string_view text) {
  if (all_plain(text)) {
    const std::size_t at = out_.size();
    out_.resize(at + text.size() + 2, '"');
    std::copy(text.begin(), text.end(), out_.begin() + static_cast<std::ptrdiff_t>(at + 1));
    return;
  }
  const bool utf8 = base::is_utf8(text);
  out_ += '"';
  std::size_t plain = 0;  // what is not yet copied begins here
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\' && (utf8 || c < 0x80)) continue;
    out_.append(text.substr(plain, i - plain));
    plain = i + 1;
    switch (c) {
      case '"': out_ += "\\\""; break;
      case '\\': out_ += "\\\\"; break;
      case '\n': out_ += "\\n"; break;
      case '\r': out_ += "\\r"; break;
      case '\t': out_ += "\\t"; break;
      default: out_ += c < 0x20 ? "\\u00" + base::to_hex(text.substr(i, 1)) : std::string("\xEF\xBF\xBD"); break;
    }
  }
  out_.append(text.substr(plain));
  out_ += '"';
}

Writer& Writer::string(std::string_view text) {
  before_value();
  escaped(text);
  return *this;
}

Writer& Writer::integer(std::int64_t value) {
  WB_CHECK(value >= -kMostInteger && value <= kMostInteger);
  before_value();
  std::array<char, 24> buffer;
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  out_.append(buffer.data(), written.ptr);
  return *this;
}

Writer& Writer::fixed(std::int64_t value, int decimals) {
  WB_CHECK(decimals >= 0 && decimals <= 18);
  while (decimals > 0 && value % 10 == 0) value /= 10, --decimals;
  if (decimals == 0) return integer(value);
  before_value();
  // The magnitude as unsigned: the least int64 has no positive twin.
  const std::uint64_t magnitude =
      value < 0 ? std::uint64_t{0} - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  constexpr std::size_t kMostZeros = 20;  // before the digits, so that one stands before the point
  std::array<char, 2 * kMostZeros + 4> buffer;
  std::fill_n(buffer.begin(), kMostZeros, '0');
  char* first = buffer.data() + kMostZeros;
  char* const end = std::to_chars(first, buffer.data() + buffer.size(), magnitude).ptr;
  first = std::min(first, end - decimals - 1);
  if (value < 0) out_ += '-';
  out_.append(first, end - decimals);
  out_ += '.';
  out_.append(end - decimals, end);
  return *this;
}

Writer& Writer::number(double value) {
  WB_CHECK(std::isfinite(value));
  before_value();
  std::array<char, 32> buffer;
  const auto written = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
  const std::string_view digits(buffer.data(), static_cast<std::size_t>(written.ptr - buffer.data()));
  out_ += digits;
  if (digits.find_first_of(".e") == std::string_view::npos) out_ += ".0";  // so that it reads back as a double, not an integer
  return *this;
}

Writer& Writer::boolean(bool value) {
  before_value();
  out_ += value ? "true" : "false";
  return *this;
}

Writer& Writer::null() {
  before_value();
  out_ += "null";
  return *this;
}

Writer& Writer::value(const Value& tree) {
  switch (tree.kind()) {
    case Value::Kind::null: return null();
    case Value::Kind::boolean: return boolean(tree.boolean());
    case Value::Kind::integer: return integer(tree.integer());
    case Value::Kind::number: return number(tree.number());
    case Value::Kind::string: return string(tree.string());
    case Value::Kind::array:
      begin_array();
      for (const Value& each : tree.array()) value(each);
      return end_array();
    case Value::Kind::object:
      begin_object();
      for (const auto& [name, each] : tree.object()) key(name).value(each);
      return end_object();
  }
  base::check_failed("every kind can be written", __FILE__, __LINE__);
}

Writer& Writer::raw(std::string_view json) {
  before_value();
  out_ += json;
  return *this;
}

std::string Writer::take() {
  WB_CHECK(levels_.empty() && !out_.empty());
  return std::exchange(out_, {});
}

std::string to_json(const Value& value) {
  Writer writer;
  writer.value(value);
  return writer.take();
}

}  // namespace wideberth::json
