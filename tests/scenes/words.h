// The words of one line of a scene, taken one after another; what is not as expected is thrown as Wrong with its line.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/quantity.h"
#include "scene.h"

namespace wideberth::scenes {

/// Thrown by the helpers below and caught in read_scene alone: this is a reader of the tests' own files.
struct Wrong {
  Malformed malformed;
};

struct Line {
  int number = 0;
  std::vector<std::string> words;
  std::string text;
};

[[noreturn]] void wrong(const Line& line, std::string what);

/// Split at spaces.
std::vector<std::string> words_of(std::string_view text);

/// Plain decimal digits, with a sign where below 0.
double number(const Line& line, std::string_view text);

/// "low..high"
std::pair<std::string, std::string> two(const Line& line, const std::string& text);

class Words {
 public:
  explicit Words(const Line& line) : line_{line} {}
  bool done() const { return at_ >= line_.words.size(); }
  /// The next word; empty at the end.
  const std::string& peek() const;
  const std::string& next(const char* what);
  /// Goes on if the next word is this one.
  bool take(std::string_view word);
  void expect(std::string_view word);
  void end() const;
  const Line& line() const { return line_; }

  double number(const char* what);
  /// "200 m"
  double metres(const char* what, double least = 0);
  /// The same, to the nearest millimetre.
  base::Metres length(const char* what);

 private:
  const Line& line_;
  std::size_t at_ = 0;
};

}  // namespace wideberth::scenes
