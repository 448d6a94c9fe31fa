// geo against the oracle, a program with other formulas: on random pairs no conflict may be missed and none invented, distances
// agree within 0.1 % + 1 m, and delay sets and advice stand when one of the two is shifted and the question asked again.
// Where the oracle's own bounds straddle the threshold either verdict is right; how often that happens is counted and limited.
// WIDEBERTH_PAIRS sets the number of pairs (default 10000), WIDEBERTH_FIRST_PAIR where to begin.
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <map>

#include "geo/occupancy.h"
#include "pairs.h"

namespace wideberth::oracle {
namespace {

struct Answer {
  double possible_below, possible_above, planned_below, planned_above;
};

class Oracle {
 public:
  Oracle() : path_{"/tmp/oracle_XXXXXX"} {
    const int file = mkstemp(path_.data());
    if (file >= 0) close(file);
    questions_.open(path_);
  }
  ~Oracle() { std::remove(path_.c_str()); }
  Oracle(const Oracle&) = delete;
  Oracle& operator=(const Oracle&) = delete;

  void ask(const Notified& a, const Notified& b, geo::Metres separation, bool exact) {
    questions_ << line_for_oracle(a) << '\n' << line_for_oracle(b) << '\n' << "? " << separation.mm() << ' ' << exact << '\n';
  }
  std::vector<Answer> answers() {
    questions_.close();
    std::vector<Answer> answers;
    const char* program = std::getenv("WIDEBERTH_ORACLE");
    FILE* pipe = popen((std::string{program != nullptr ? program : "oracle"} + " < " + path_).c_str(), "r");
    Answer a{};
    while (std::fscanf(pipe, "%lf %lf %lf %lf", &a.possible_below, &a.possible_above, &a.planned_below, &a.planned_above) == 4)
      answers.push_back(a);
    EXPECT_EQ(pclose(pipe), 0);
    return answers;
  }

 private:
  std::string path_;
  std::ofstream questions_;
};

geo::Plan plan_of(const Notified& notified) {
  auto plan = std::visit([](const auto& n) { return geo::compile(n); }, notified);
  if (!plan) ADD_FAILURE() << to_text(plan.error()) << "\n" << line_for_oracle(notified);
  return *std::move(plan);
}

bool holds(const std::vector<geo::DelaySpan>& spans, geo::Millis delay) {
  return std::any_of(spans.begin(), spans.end(), [&](const auto& s) { return s.low <= delay && delay <= s.high; });
}

// A delay worth asking about: near an end of the set, inside it, or anywhere around.
geo::Millis probe(const std::vector<geo::DelaySpan>& spans, std::uint64_t n) {
  const auto& span = spans[n % spans.size()];
  const std::int64_t width = (span.high - span.low).ms();
  switch (n / 7 % 5) {
    case 0: return span.low - geo::Millis::from_ms(2 + width / 50);
    case 1: return span.low + geo::Millis::from_ms(width / 50);
    case 2: return span.high - geo::Millis::from_ms(width / 50);
    case 3: return span.high + geo::Millis::from_ms(2 + width / 50);
    default: return span.low + geo::Millis::from_ms(width / 2);
  }
}

struct Case {
  std::uint64_t n;
  Pair pair;
  double reach, bound;
  std::optional<geo::Meeting> meeting;
  geo::Millis delay{};
};

class Auditor {
 public:
  std::map<std::string, int> counts;

  void check(const Case& c, const Answer& asked) {
    const bool must = asked.possible_above <= c.reach, must_not = asked.possible_below > c.reach + c.bound;
    if (must) {
      ++counts["conflicts"];
      EXPECT_TRUE(c.meeting) << "missed" << describe(c, asked);
    } else if (must_not) {
      ++counts["clear"];
      EXPECT_FALSE(c.meeting) << "invented" << describe(c, asked);
    } else {
      ++counts["either is right"];
    }
    if (!c.meeting || asked.possible_below > c.reach + 1) return;
    agree(c.meeting->least_possible_m, asked.possible_below, asked.possible_above, "least possible", c, asked);
    EXPECT_EQ(c.meeting->least_m.has_value(), std::isfinite(asked.planned_above)) << describe(c, asked);
    if (c.meeting->least_m && std::isfinite(asked.planned_above))
      agree(*c.meeting->least_m, asked.planned_below, asked.planned_above, "least on schedule", c, asked);
    const bool on_schedule = c.meeting->kind != geo::Likeness::possible;
    if (asked.planned_above <= c.reach) {
      EXPECT_TRUE(on_schedule) << describe(c, asked);
    }
    if (asked.planned_below > c.reach + c.bound) {
      EXPECT_FALSE(on_schedule) << describe(c, asked);
    }
    ++counts[on_schedule ? "on schedule" : "only possible"];
  }

  void check_delay(const Case& c, const Answer& asked) {
    const bool in = holds(c.meeting->delay_set, c.delay);
    if (asked.planned_above <= c.reach) {
      ++counts["delays in"];
      EXPECT_TRUE(in) << "delay " << c.delay.ms() << " is missing" << describe(c, asked);
    } else if (asked.planned_below > c.reach + c.bound + 0.1) {  // a millisecond at 100 m/s
      ++counts["delays out"];
      EXPECT_FALSE(in) << "delay " << c.delay.ms() << " is too much" << describe(c, asked);
    }
  }

  void check_advice(const Case& c, const Answer& asked) {
    ++counts["advice"];
    EXPECT_GT(asked.possible_above, c.reach) << "not clear after " << c.meeting->clear_later->ms() << describe(c, asked);
  }

 private:
  void agree(double ours, double below, double above, const char* what, const Case& c, const Answer& asked) {
    const double allowed = 1 + 0.001 * ours;
    EXPECT_TRUE(ours >= below - allowed && ours <= above + allowed) << what << " " << ours << describe(c, asked);
    worst_ = std::max(worst_, std::max(below - ours, ours - above) / allowed);
    counts["worst distance, % of what is allowed"] = static_cast<int>(std::ceil(100 * worst_));
    if (above - below > 1 + 0.001 * above) ++counts["oracle unsure of a distance"];
  }

  static std::string describe(const Case& c, const Answer& asked) {
    char text[300];
    std::snprintf(text, sizeof text, "\npair %llu (%s), reach %.3f + %.3f, oracle: possible %.3f..%.3f, on schedule %.3f..%.3f\n",
                  static_cast<unsigned long long>(c.n), c.pair.kind.c_str(), c.reach, c.bound, asked.possible_below,
                  asked.possible_above, asked.planned_below, asked.planned_above);
    return text + line_for_oracle(c.pair.a) + "\n" + line_for_oracle(c.pair.b);
  }

  double worst_ = 0;
};

std::uint64_t number(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text != nullptr ? std::strtoull(text, nullptr, 10) : otherwise;
}

TEST(OracleLaws, NothingMissedNothingInvented) {
  const std::uint64_t first = number("WIDEBERTH_FIRST_PAIR", 0), count = number("WIDEBERTH_PAIRS", 10'000);
  Auditor auditor;
  for (std::uint64_t n = first; n < first + count && !HasFailure(); n += 2'000) {
    std::vector<Case> cases;
    Oracle oracle;
    for (std::uint64_t i = n; i < std::min(n + 2'000, first + count); ++i) {
      Case c{i, pair_of(i), 0, 0, {}};
      const geo::Plan a = plan_of(c.pair.a), b = plan_of(c.pair.b);
      c.meeting = geo::meet(a, b, c.pair.separation);
      c.reach = (c.pair.separation + a.half_width() + b.half_width()).metres();
      c.bound = geo::bound_m(a, b);
      oracle.ask(c.pair.a, c.pair.b, c.pair.separation, c.meeting.has_value());
      if (c.meeting) {
        c.delay = probe(c.meeting->delay_set, i);
        oracle.ask(shifted(c.pair.a, c.delay), c.pair.b, c.pair.separation, false);
        oracle.ask(shifted(c.pair.a, *c.meeting->clear_later), c.pair.b, c.pair.separation, false);
      }
      cases.push_back(std::move(c));
    }
    const std::vector<Answer> answers = oracle.answers();
    std::size_t next = 0;
    for (const Case& c : cases) {
      ASSERT_LT(next, answers.size());
      auditor.check(c, answers[next++]);
      if (!c.meeting) continue;
      ASSERT_LE(next + 2, answers.size());
      auditor.check_delay(c, answers[next++]);
      auditor.check_advice(c, answers[next++]);
    }
  }
  for (const auto& [what, how_many] : auditor.counts) std::printf("%8d %s\n", how_many, what.c_str());
  EXPECT_LT(auditor.counts["either is right"] * 50, static_cast<int>(count) + 500);
  EXPECT_LT(auditor.counts["oracle unsure of a distance"] * 50, static_cast<int>(count) + 500);
}

}  // namespace
}  // namespace wideberth::oracle
