// Reading line by line, for the formats of this folder.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace wideberth::ledger {

/// Takes lines from the front of a text. A line is what stands before a \n; bytes after the last \n are no line.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_{text} {}

  /// The next line without its \n.
  std::optional<std::string_view> next() {
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    ++number_;
    return line;
  }
  /// The next line without the key and one space before it, if it begins so.
  std::optional<std::string_view> next(std::string_view key) {
    const std::size_t skip = key.size() + 1;
    if (rest_.size() < skip || !rest_.starts_with(key) || rest_[key.size()] != ' ') return std::nullopt;
    const std::optional<std::string_view> line = next();
    if (line) return line->substr(skip);
    return std::nullopt;
  }
  std::string_view rest() const { return rest_; }
  /// "line 7": the line that next() gave last.
  std::string where() const { return "line " + std::to_string(number_); }
  /// "line 8": the line that next() would give.
  std::string where_next() const { return "line " + std::to_string(number_ + 1); }

 private:
  std::string_view rest_;
  std::size_t number_ = 0;
};

/// What stands before the first `mark`, which goes too; nullopt, and nothing taken, where there is none.
inline std::optional<std::string_view> take_until(std::string_view& text, char mark) {
  const std::size_t end = text.find(mark);
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view found = text.substr(0, end);
  text.remove_prefix(end + 1);
  return found;
}

/// Whether a space of Unicode (White_Space above the control characters) stands in the UTF-8 text.
bool has_unicode_space(std::string_view text);

}  // namespace wideberth::ledger
