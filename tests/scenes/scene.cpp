// Reads a scene, line by line: words at the margin begin something, what is indented belongs to it.
#include "scene.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>

#include "words.h"

namespace wideberth::scenes {

namespace {

using base::Instant;
using base::Interval;
using base::Metres;
using base::Millis;

constexpr double kMostTimeTolerance = 5;  // seconds: beyond it an expectation says little
constexpr int kLeastComments = 3;         // lines: a scene without its arithmetic is no scene

bool is_point(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_drawing(char c) { return std::string_view(".-|/\\+").find(c) != std::string_view::npos; }

class SceneReader {
 public:
  explicit SceneReader(std::string_view text) { split(text); }

  Scene read() {
    while (at_ < lines_.size()) top(lines_[at_++]);
    finish();
    return std::move(scene_);
  }

 private:
  void split(std::string_view text) {
    int number = 0;
    while (!text.empty()) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      Line line{++number, {}, std::string(text.substr(0, end))};
      text.remove_prefix(std::min(end + 1, text.size()));
      if (line.text.find_first_of("\t\r") != std::string::npos) wrong(line, "a tab or a carriage return");
      if (!line.text.empty() && line.text.back() == ' ') wrong(line, "a space at the end of the line");
      if (line.text.starts_with("#")) {
        ++comments_;
        continue;
      }
      line.words = words_of(line.text);
      if (!line.words.empty()) lines_.push_back(std::move(line));
    }
    last_ = number;
  }

  bool indented() const { return at_ < lines_.size() && lines_[at_].text.starts_with("  "); }

  void top(const Line& line) {
    if (line.text.front() == ' ') wrong(line, "an indented line that belongs to nothing");
    Words words{line};
    const std::string& first = words.next("a word");
    if (first == "scene") return title(line);
    if (first == "day") return day(words);
    if (first == "map") return map(words);
    if (first == "separation") return separation(words);
    if (first == "times") return times(words);
    if (first == "expect") return expect(words);
    mover(words);
  }

  void once(const Line& line, const char* what) {
    if (!said_.insert(what).second) wrong(line, std::string("a second \"") + what + "\"");
  }

  void title(const Line& line) {
    once(line, "scene");
    if (line.words.size() < 2) wrong(line, "a scene without a title");
    scene_.title = line.text.substr(6);
  }

  void day(Words& words) {
    once(words.line(), "day");
    day_ = words.next("a date");
    if (!Instant::parse(day_ + "T00:00:00Z")) wrong(words.line(), "\"" + day_ + "\" is no date");
    words.end();
  }

  // map 1 character = 100 m, X at 37.1 N 42 E
  void map(Words& words) {
    once(words.line(), "map");
    for (const char* word : {"1", "character", "="}) words.expect(word);
    const double scale = words.number("a length");
    if (!(scale > 0)) wrong(words.line(), "a scale that is not above 0");
    words.expect("m,");
    const std::string anchor = words.next("the anchor");
    if (anchor.size() != 1 || !(is_point(anchor[0]) || anchor[0] == '+'))
      wrong(words.line(), "the anchor is a letter, a digit or +");
    words.expect("at");
    scene_.lat_deg = degrees(words, "N", "S", 90);
    scene_.lon_deg = degrees(words, "E", "W", 180);
    words.end();
    draw(words.line(), anchor[0], scale);
  }

  double degrees(Words& words, const char* plus, const char* minus, double most) {
    const double value = words.number("degrees");
    if (!(value >= 0 && value <= most)) wrong(words.line(), "degrees out of range");
    if (words.take(plus)) return value;
    words.expect(minus);
    return -value;
  }

  void draw(const Line& head, char anchor, double scale) {
    struct Mark {
      double column, row;
    };
    std::map<char, Mark> marks;
    std::optional<Mark> origin;
    std::size_t width = 0;
    int row = 0;
    for (; indented(); ++at_, ++row) {
      const Line& line = lines_[at_];
      const std::string drawn = line.text.substr(2);
      if (row == 0) width = drawn.size();
      if (drawn.size() != width)
        wrong(line, "a row of " + std::to_string(drawn.size()) + " characters, not " + std::to_string(width));
      for (std::size_t column = 0; column < width; ++column) {
        const char c = drawn[column];
        if (!is_point(c) && !is_drawing(c)) wrong(line, std::string("\"") + c + "\" means nothing on a map");
        const Mark here{static_cast<double>(column), static_cast<double>(row)};
        if (is_point(c) && !marks.emplace(c, here).second) wrong(line, std::string("a second ") + c);
        if (c == anchor && std::exchange(origin, here)) wrong(line, std::string("a second anchor ") + c);
      }
    }
    if (!origin) wrong(head, std::string("no anchor ") + anchor + " on the map");
    for (const auto& [letter, mark] : marks)
      scene_.letters[letter] = {(mark.column - origin->column) * scale, (origin->row - mark.row) * scale};
    anchor_ = anchor;
  }

  // separation 200 m / separation red white 300 m / separation red white nothing
  void separation(Words& words) {
    if (words.line().words.size() == 3) {
      once(words.line(), "separation");
      scene_.separation = words.length("a separation");
      return words.end();
    }
    std::string one = words.next("a party"), other = words.next("a party");
    if (one == other) wrong(words.line(), "a party owes itself nothing");
    if (other < one) std::swap(one, other);
    std::optional<Metres> owed;
    if (!words.take("nothing")) owed = words.length("a separation");
    words.end();
    if (!scene_.between.emplace(std::pair{one, other}, owed).second) wrong(words.line(), "said twice");
  }

  // times 300 m at 10 m/s: / times exact
  void times(Words& words) {
    once(words.line(), "times");
    if (words.take("exact")) return words.end();
    const double path = words.metres("a length");
    words.expect("at");
    const double speed = words.number("a speed");
    words.expect("m/s");
    words.end();
    scene_.time_tolerance_s = speed > 0 ? (path * 0.001 + 1) / speed : kMostTimeTolerance + 1;
    if (scene_.time_tolerance_s > kMostTimeTolerance) wrong(words.line(), "a tolerance of more than 5 s");
  }

  // red movement Patrol half-width 0 m … / red activity Range circle C radius 500 m from 06:00 to 08:00 …
  void mover(Words& words) {
    Mover made;
    made.line = words.line().number;
    made.party = words.line().words[0];
    const std::string kind = words.next("movement, activity or site");
    if (kind != "movement" && kind != "activity" && kind != "site")
      wrong(words.line(), "\"" + made.party + " " + kind + "\" begins nothing");
    made.site = kind == "site";
    made.name = words.next("a name");
    for (const Mover& other : scene_.movers)
      if (other.name == made.name) wrong(words.line(), "a second " + made.name);
    if (kind == "movement") {
      movement(words, made);
    } else {
      area(words, made);
    }
    scene_.movers.push_back(std::move(made));
  }

  void movement(Words& words, Mover& made) {
    words.expect("half-width");
    made.half_width = words.length("a half-width");
    if (words.take("column")) made.column = words.length("a column's length");
    options(words, made);
    for (; indented(); ++at_) {
      Words stop{lines_[at_]};
      const std::string letter = stop.next("a letter");
      if (letter.size() != 1 || !is_point(letter[0])) wrong(stop.line(), "\"" + letter + "\" is no point of the map");
      use(stop.line(), letter);
      made.stops.push_back({letter[0], window(stop.line(), stop.next("a time"))});
      stop.end();
    }
    if (made.stops.size() < 2) wrong(words.line(), "a movement has two stops or more");
  }

  void area(Words& words, Mover& made) {
    if (words.take("circle")) {
      made.shape = Mover::Shape::circle;
      made.rings.push_back(words.next("a letter"));
      if (made.rings[0].size() != 1) wrong(words.line(), "a circle has one centre");
      words.expect("radius");
      made.radius = words.length("a radius");
    } else {
      words.expect("polygon");
      made.shape = Mover::Shape::polygon;
      do {
        made.rings.push_back(words.next("letters"));
        if (made.rings.back().size() < 3) wrong(words.line(), "a ring has three letters or more");
      } while (words.take("hole"));
    }
    for (const std::string& ring : made.rings) use(words.line(), ring);
    words.expect("from");
    made.window.from = instant(words.line(), words.next("a time"));
    words.expect("to");
    made.window.to = instant(words.line(), words.next("a time"));
    if (made.window.to < made.window.from) wrong(words.line(), "a window that ends before it begins");
    if (words.take("margin")) made.half_width = words.length("a margin");
    options(words, made);
  }

  void options(Words& words, Mover& made) {
    if (words.take("altitude")) {
      const auto [low, high] = two(words.line(), words.next("a band"));
      made.altitude = std::pair{Metres::from_mm(std::llround(number(words.line(), low) * 1000)),
                                Metres::from_mm(std::llround(number(words.line(), high) * 1000))};
      words.expect("m");
    }
    if (words.take("line")) {
      words.expect("lon-lat");
      words.expect("linear");
      made.lon_lat_linear = true;
    }
    words.end();
  }

  void use(const Line& line, const std::string& letters) {
    if (!said_.contains("map")) wrong(line, "the map stands before what moves on it");
    for (const char letter : letters) {
      if (!scene_.letters.contains(letter)) wrong(line, std::string("no ") + letter + " on the map");
      used_.insert(letter);
    }
  }

  Instant instant(const Line& line, const std::string& text) {
    if (day_.empty()) wrong(line, "the day stands before the times");
    std::string whole = text;
    if (whole.find('T') == std::string::npos) whole = day_ + "T" + text + (text.size() == 5 ? ":00Z" : "Z");
    const auto parsed = Instant::parse(whole);
    if (!parsed) wrong(line, "\"" + text + "\" is no time such as 06:05, 06:05:12.5 or 2020-08-25T06:05:00Z");
    return *parsed;
  }

  Interval window(const Line& line, const std::string& text) {
    if (text.find("..") == std::string::npos) {
      const Instant at = instant(line, text);
      return {at, at};
    }
    const auto [from, to] = two(line, text);
    const Interval window{instant(line, from), instant(line, to)};
    if (window.to < window.from) wrong(line, "a window that ends before it begins");
    return window;
  }

  // expect Patrol Convoy on schedule, and what is indented below
  void expect(Words& words) {
    Expectation made;
    made.line = words.line().number;
    made.a = words.next("a name");
    made.b = words.next("a name");
    for (const std::string& name : {made.a, made.b})
      if (std::none_of(scene_.movers.begin(), scene_.movers.end(), [&](const Mover& m) { return m.name == name; }))
        wrong(words.line(), "nothing is called " + name);
    if (made.a == made.b || !expected_.insert(std::minmax(made.a, made.b)).second)
      wrong(words.line(), "the same pair twice, or one with itself");
    made.kind = words.next("a kind");
    if (made.kind == "on") {
      words.expect("schedule");
      made.kind = "on schedule";
    }
    if (made.kind != "on schedule" && made.kind != "possible" && made.kind != "certain" && made.kind != "none")
      wrong(words.line(), "\"" + made.kind + "\" is no kind: on schedule, possible, certain or none");
    words.end();
    details(words.line(), made);
    scene_.expectations.push_back(std::move(made));
  }

  void details(const Line& head, Expectation& made) {
    std::set<std::string> said;
    for (; indented(); ++at_) {
      Words words{lines_[at_]};
      const std::string name = words.next("a word");
      if (made.kind == "none") wrong(words.line(), "where nothing is found there is nothing to say of it");
      if (!said.insert(name).second) wrong(words.line(), "a second " + name);
      detail(words, name, made);
      words.end();
    }
    if (made.kind == "none") return;
    for (const char* name : {"least", "possible", "window", "delays", "later", "earlier"})
      if (!said.contains(name)) wrong(head, std::string("no \"") + name + "\" is expected");
  }

  void detail(Words& words, const std::string& name, Expectation& made) {
    if (name == "least") {
      if (!words.take("never")) made.least_m = words.metres("a distance");
    } else if (name == "possible") {
      made.possible_m = words.metres("a distance");
    } else if (name == "window") {
      made.window = window(words.line(), words.next("a window"));
    } else if (name == "delays") {
      while (words.peek() != "s") made.delays.push_back(span(words.line(), words.next("a span")));
      words.expect("s");
      if (made.delays.empty()) wrong(words.line(), "no span of delays");
    } else if (name == "later" || name == "earlier") {
      const double seconds = words.number("seconds");
      if (seconds < 1 || seconds != std::floor(seconds)) wrong(words.line(), "a shift is a whole number of seconds above 0");
      (name == "later" ? made.later : made.earlier) = Millis::from_seconds(std::llround(seconds));
      words.expect("s");
    } else if (name == "likelihood") {
      made.likelihood = words.number("a share");
    } else if (name == "place") {
      const double east = words.metres("metres east", -1e6);
      words.expect("east");
      made.place = Spot{east, words.metres("metres north", -1e6)};
      words.expect("north");
    } else {
      wrong(words.line(), "\"" + name + "\" is nothing that can be expected");
    }
  }

  static Millis millis(const Line& line, const std::string& text) {
    return Millis::from_ms(std::llround(number(line, text) * 1000));
  }

  Span span(const Line& line, const std::string& text) {
    const auto [low, high] = two(line, text);
    const Span made{millis(line, low), millis(line, high)};
    if (made.high < made.low) wrong(line, "a span that ends before it begins");
    return made;
  }

  void finish() {
    const Line end{last_, {}, {}};
    for (const char* what : {"scene", "day", "map", "separation", "times"})
      if (!said_.contains(what)) wrong(end, std::string("no line \"") + what + "\"");
    for (const auto& [letter, spot] : scene_.letters)
      if (letter != anchor_ && !used_.contains(letter)) wrong(end, std::string("nobody uses ") + letter);
    std::set<std::string> parties;
    for (const Mover& mover : scene_.movers) parties.insert(mover.party);
    for (const auto& [pair, owed] : scene_.between)
      if (!parties.contains(pair.first) || !parties.contains(pair.second))
        wrong(end, "a separation between " + pair.first + " and " + pair.second + ", and one of them is not there");
    for (std::size_t i = 0; i < scene_.movers.size(); ++i)
      for (std::size_t j = i + 1; j < scene_.movers.size(); ++j)
        if (const auto &a = scene_.movers[i].name, &b = scene_.movers[j].name; !expected_.contains(std::minmax(a, b)))
          wrong(end, "no expectation for " + a + " and " + b);
    if (scene_.expectations.empty()) wrong(end, "no expectation");
    if (comments_ < kLeastComments) wrong(end, "no arithmetic: three lines of comment at least");
  }

  std::vector<Line> lines_;
  std::size_t at_ = 0;
  int last_ = 0, comments_ = 0;
  std::string day_;
  char anchor_ = 0;
  std::set<std::string> said_;
  std::set<char> used_;
  std::set<std::pair<std::string, std::string>> expected_;
  Scene scene_;
};

}  // namespace

const Mover& Scene::mover(std::string_view name) const {
  const auto found = std::find_if(movers.begin(), movers.end(), [&](const Mover& m) { return m.name == name; });
  if (found == movers.end()) throw std::logic_error("no such mover");
  return *found;
}

std::optional<Metres> Scene::owed(const std::string& party, const std::string& other) const {
  const auto found = between.find(std::minmax(party, other));
  return found == between.end() ? std::optional(separation) : found->second;
}

tl::expected<Scene, Malformed> read_scene(std::string_view text) {
  try {
    return SceneReader{text}.read();
  } catch (const Wrong& wrong) {
    return tl::make_unexpected(wrong.malformed);
  }
}

}  // namespace wideberth::scenes
