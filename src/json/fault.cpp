#include "json/fault.h"

#include <algorithm>
#include <charconv>
#include <vector>

#include "base/bytes.h"
#include "json/value.h"

namespace wideberth::json {
namespace {

class Scan {
 public:
  explicit Scan(std::string_view text) : text_(text) {}

  std::optional<Fault> run() {
    bool want_value = true;
    while (!fault_) {
      space();
      if (want_value)
        value(want_value);
      else if (open_.empty())
        break;
      else
        after_value(want_value);
    }
    if (!fault_ && at_ < text_.size()) fail("nothing but white space after the value");
    return fault_;
  }

 private:
  bool more() const { return at_ < text_.size(); }
  char peek() const { return more() ? text_[at_] : '\0'; }
  bool take(char c) {
    if (!more() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void fail(const char* expected) {
    if (!fault_) fault_ = Fault{at_, expected, false};
  }
  void space() {
    while (more() && (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')) ++at_;
  }

  void value(bool& want_value) {
    want_value = false;
    if (take('{')) {
      space();
      if (take('}')) return;
      open_.push_back('}');
      name(want_value);
    } else if (take('[')) {
      space();
      if (take(']')) return;
      open_.push_back(']');
      want_value = true;
    } else if (peek() == '"') {
      string();
    } else if (peek() == '-' || digit()) {
      number();
    } else {
      word();
    }
  }

  void after_value(bool& want_value) {
    if (take(open_.back())) {
      open_.pop_back();
    } else if (take(',')) {
      space();
      if (open_.back() == '}')
        name(want_value);
      else
        want_value = true;
    } else {
      fail(open_.back() == '}' ? "',' or '}'" : "',' or ']'");
    }
  }

  void name(bool& want_value) {
    if (peek() != '"') return fail("a member's name in double quotes");
    string();
    space();
    if (!take(':')) return fail("':'");
    want_value = true;
  }

  void word() {
    for (const std::string_view known : {"true", "false", "null"})
      if (text_.substr(at_, known.size()) == known) {
        at_ += known.size();
        return;
      }
    fail("a value: an object, an array, a text in double quotes, a number, true, false or null");
  }

  bool digit() const { return peek() >= '0' && peek() <= '9'; }
  std::size_t digits() {
    const std::size_t from = at_;
    while (digit()) ++at_;
    return at_ - from;
  }

  void number() {
    const std::size_t from = at_;
    take('-');
    bool whole = true;
    const bool zero = peek() == '0';
    const std::size_t length = digits();
    if (length == 0 || (zero && length > 1)) return fail("a number without leading zeros");
    if (take('.')) {
      whole = false;
      if (digits() == 0) return fail("a digit");
    }
    if (take('e') || take('E')) {
      whole = false;
      if (!take('+')) take('-');
      if (digits() == 0) return fail("a digit");
    }
    const char* first = text_.data() + from;
    const char* last = text_.data() + at_;
    double real = 0;
    std::int64_t integer = 0;
    const bool fits =
        whole ? std::from_chars(first, last, integer).ec == std::errc{} && integer <= kMostInteger && integer >= -kMostInteger
              : std::from_chars(first, last, real).ec == std::errc{} || !overflows(text_.substr(from, at_ - from));
    if (!fits && !fault_) fault_ = Fault{from, "a number between -2^53 and 2^53, or a fraction within a double's range", true};
  }

  /// from_chars says only that a number is out of range; too small reads as zero and is welcome. The place of the first
  /// significant digit tells which: 0.00e400 is zero, 12e400 too large, 12e-400 too small.
  static bool overflows(std::string_view text) {
    const std::size_t e = text.find_first_of("eE");
    const std::string_view digits = text.substr(0, e);
    const std::size_t first = digits.find_first_of("123456789");
    if (first == std::string_view::npos) return false;
    const std::size_t point = std::min(digits.find('.'), digits.size());
    const auto place = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(first);
    std::int64_t exponent = 0;
    if (e != std::string_view::npos)
      for (const char c : text.substr(e + 1))
        if (c >= '0' && c <= '9') exponent = std::min<std::int64_t>(exponent * 10 + (c - '0'), 1'000'000'000);
    const bool negative = e != std::string_view::npos && text[e + 1] == '-';
    return place + (negative ? -exponent : exponent) > 0;
  }

  void string() {
    ++at_;
    while (more()) {
      const auto c = static_cast<unsigned char>(text_[at_]);
      if (c == '"') {
        ++at_;
        return;
      }
      if (c < 0x20) return fail("a control character to be escaped");
      if (c == '\\') {
        escape();
        if (fault_) return;
      } else {
        ++at_;
      }
    }
    fail("the end of the text in double quotes");
  }

  void escape() {
    ++at_;
    if (!take('u')) {
      if (!more() || std::string_view("\"\\/bfnrt").find(peek()) == std::string_view::npos)
        return fail("one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\u");
      ++at_;
      return;
    }
    const int unit = hex4();
    if (unit >= 0xDC00 && unit <= 0xDFFF) return fail("a first half of a surrogate pair before its second");
    if (unit < 0xD800 || unit > 0xDBFF) return;
    if (!take('\\') || !take('u')) return fail("the second half of a surrogate pair");
    const int second = hex4();
    if (second >= 0 && (second < 0xDC00 || second > 0xDFFF)) fail("the second half of a surrogate pair");
  }

  int hex4() {
    int unit = 0;
    for (int i = 0; i < 4; ++i) {
      const char c = peek();
      const int four = c >= '0' && c <= '9'   ? c - '0'
                       : c >= 'a' && c <= 'f' ? c - 'a' + 10
                       : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                              : -1;
      if (four < 0) {
        fail("four hexadecimal digits");
        return -1;
      }
      unit = unit * 16 + four;
      ++at_;
    }
    return unit;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string open_{};  ///< the brackets that are owed
  std::optional<Fault> fault_{};
};

}  // namespace

std::optional<Fault> first_fault(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    if (lead >= 0x80 && !base::is_utf8(text.substr(at, length))) return Fault{at, "UTF-8", false};
    at += length;
  }
  return Scan(text).run();
}

std::string line_and_column(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, std::min(offset, text.size()));
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  const std::string_view row = before.substr(line_start);
  const auto columns =
      std::count_if(row.begin(), row.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; });
  return "line " + std::to_string(lines + 1) + ", column " + std::to_string(columns + 1);
}

}  // namespace wideberth::json
