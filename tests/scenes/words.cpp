#include "words.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace wideberth::scenes {

void wrong(const Line& line, std::string what) { throw Wrong{{line.number, std::move(what)}}; }

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = text.find_first_not_of(' ', at);
    if (begin == std::string_view::npos) break;
    at = std::min(text.find(' ', begin), text.size());
    words.emplace_back(text.substr(begin, at - begin));
  }
  return words;
}

double number(const Line& line, std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    wrong(line, "\"" + std::string(text) + "\" is no number");
  return value;
}

std::pair<std::string, std::string> two(const Line& line, const std::string& text) {
  const std::size_t dots = text.find("..");
  if (dots == std::string::npos) wrong(line, "\"" + text + "\" is no span such as 1..2");
  return {text.substr(0, dots), text.substr(dots + 2)};
}

const std::string& Words::peek() const {
  static const std::string nothing;
  return done() ? nothing : line_.words[at_];
}

const std::string& Words::next(const char* what) {
  if (done()) wrong(line_, std::string("the line ends where ") + what + " should stand");
  return line_.words[at_++];
}

bool Words::take(std::string_view word) {
  if (done() || line_.words[at_] != word) return false;
  ++at_;
  return true;
}

void Words::expect(std::string_view word) {
  if (!take(word)) wrong(line_, "\"" + peek() + "\" where \"" + std::string(word) + "\" should stand");
}

void Words::end() const {
  if (!done()) wrong(line_, "\"" + peek() + "\" is too much");
}

double Words::number(const char* what) { return scenes::number(line_, next(what)); }

double Words::metres(const char* what, double least) {
  const double value = number(what);
  if (value < least) wrong(line_, std::string(what) + " is below " + std::to_string(least));
  expect("m");
  return value;
}

base::Metres Words::length(const char* what) { return base::Metres::from_mm(std::llround(metres(what) * 1000)); }

}  // namespace wideberth::scenes
