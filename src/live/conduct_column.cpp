// One candidate for a column, not one for each vehicle of it.
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "live/conduct_tests.h"

namespace wideberth::live {
namespace {

std::int64_t value_of(const Candidate& candidate, std::string_view name, std::int64_t otherwise) {
  for (const ConductValue& each : candidate.values)
    if (each.name == name) return each.thousandths;
  return otherwise;
}

/// The least of what is a least, the greatest of what is a greatest; the rest is of the pair that was nearest.
std::vector<ConductValue> values_of(const std::vector<Candidate>& pairs, const Candidate& nearest, Interval when) {
  std::vector<ConductValue> values = nearest.values;
  for (ConductValue& value : values) {
    for (const Candidate& each : pairs) {
      const std::int64_t other = value_of(each, value.name, value.thousandths);
      if (value.name.starts_with("least_")) value.thousandths = std::min(value.thousandths, other);
      if (value.name.starts_with("greatest_")) value.thousandths = std::max(value.thousandths, other);
    }
    if (value.name == "duration_s") value.thousandths = (when.to - when.from).ms();
  }
  return values;
}

std::vector<RestsOn> rests_of(const std::vector<Candidate>& pairs) {
  std::map<UnitIndex, std::set<Instant>> fixes;
  for (const Candidate& each : pairs)
    for (const RestsOn& rests : each.rests_on) fixes[rests.unit].insert(rests.fixes.begin(), rests.fixes.end());
  std::vector<RestsOn> all;
  for (const auto& [unit, times] : fixes) all.push_back({unit, {times.begin(), times.end()}});
  return all;
}

Candidate one_of(const std::vector<Candidate>& pairs) {
  if (pairs.size() == 1) return pairs.front();
  const Candidate& nearest = *std::min_element(pairs.begin(), pairs.end(), [](const Candidate& x, const Candidate& y) {
    return value_of(x, "least_distance_m", 0) < value_of(y, "least_distance_m", 0);
  });
  std::set<UnitIndex> by, upon;
  Interval when = pairs.front().when;
  for (const Candidate& each : pairs) {
    by.insert(each.by.begin(), each.by.end());
    upon.insert(each.upon);
    when = {std::min(when.from, each.when.from), std::max(when.to, each.when.to)};
  }
  Candidate whole{nearest.conduct, {by.begin(), by.end()}, nearest.upon, when, values_of(pairs, nearest, when), rests_of(pairs)};
  whole.values.push_back({"units_by", static_cast<std::int64_t>(by.size()) * 1000});
  whole.values.push_back({"units_upon", static_cast<std::int64_t>(upon.size()) * 1000});
  upon.erase(nearest.upon);
  whole.also_upon.assign(upon.begin(), upon.end());
  return whole;
}

}  // namespace

bool Finder::is_of_columns(Conduct conduct) {
  return conduct == Conduct::blocking || conduct == Conduct::tailing || conduct == Conduct::pursuit;
}

bool Finder::are_one_column(UnitIndex a, UnitIndex b) const {
  return units_.party_of(a) == units_.party_of(b) && units_.formation_of(a) != 0 &&
         units_.formation_of(a) == units_.formation_of(b);
}

void Finder::merge_columns() {
  std::vector<Candidate> alone;
  std::vector<std::vector<Candidate>> columns;
  std::sort(out_.candidates.begin(), out_.candidates.end(), [](const Candidate& x, const Candidate& y) {
    return std::tuple(x.when.from, x.when.to, x.upon, x.by) < std::tuple(y.when.from, y.when.to, y.upon, y.by);
  });
  for (Candidate& each : out_.candidates) {
    if (!is_of_columns(each.conduct)) {
      alone.push_back(std::move(each));
      continue;
    }
    const auto goes_on = [&](const std::vector<Candidate>& column) {
      const Candidate& first = column.front();
      const bool same = [&](UnitIndex a, UnitIndex b) { return a == b || are_one_column(a, b); }(first.upon, each.upon) &&
                        (first.by == each.by || are_one_column(first.by.front(), each.by.front()));
      return same && first.conduct == each.conduct &&
             std::any_of(column.begin(), column.end(), [&](const Candidate& other) { return other.when.to >= each.when.from; });
    };
    const auto column = std::find_if(columns.begin(), columns.end(), goes_on);
    if (column == columns.end())
      columns.push_back({std::move(each)});
    else
      column->push_back(std::move(each));
  }
  out_.candidates = std::move(alone);
  for (const std::vector<Candidate>& column : columns) out_.candidates.push_back(one_of(column));
}

}  // namespace wideberth::live
