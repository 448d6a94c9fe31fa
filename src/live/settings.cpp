#include "live/settings.h"

#include <algorithm>

namespace wideberth::live {

namespace {

bool same_conduct(std::string_view a, std::string_view b) {
  const auto plain = [](char c) { return c == '-' ? '_' : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return plain(x) == plain(y); });
}

bool fits(const std::string& rule, std::string_view name) { return rule == "*" || rule == name; }

PairLimits limits_of(const model::Agreement& agreement) {
  PairLimits limits;
  const auto set = [&](double& value, std::string_view name) {
    if (const auto given = threshold(agreement, "close_approach", name)) value = *given;
  };
  set(limits.reach_m, "reach_m");
  set(limits.encounter_m, "encounter_m");
  set(limits.caution_m, "caution_m");
  set(limits.caution_s, "caution_s");
  set(limits.warning_m, "warning_m");
  set(limits.warning_s, "warning_s");
  return limits;
}

/// What is wider than the reach would never be found.
PairLimits with_reach(PairLimits limits, double widen) {
  limits.reach_m = std::max({limits.reach_m, limits.encounter_m, limits.caution_m * widen, limits.warning_m * widen});
  return limits;
}

}  // namespace

std::optional<double> threshold(const model::Agreement& agreement, std::string_view conduct, std::string_view name) {
  for (const model::Rule& rule : agreement.rules) {
    const auto* prohibited = std::get_if<model::ProhibitedConductRule>(&rule.body);
    if (prohibited == nullptr || !same_conduct(prohibited->conduct, conduct)) continue;
    for (const model::Threshold& given : prohibited->test)
      if (given.name == name) return static_cast<double>(given.thousandths) / 1000;
    return {};
  }
  return {};
}

PairLimits Settings::pair(std::string_view class_a, std::string_view class_b) const {
  for (const Rule& rule : rules)
    if ((fits(rule.class_a, class_a) && fits(rule.class_b, class_b)) ||
        (fits(rule.class_a, class_b) && fits(rule.class_b, class_a)))
      return rule.limits;
  return {};
}

Settings settings_of(const model::Agreement& agreement) {
  Settings settings;
  const PairLimits every = limits_of(agreement);
  // One rule for each pair of classes that has a name, so that the agreement's own order of rules decides.
  const auto& classes = agreement.platform_classes;
  for (std::size_t i = 0; i < classes.size(); ++i)
    for (std::size_t k = i; k < classes.size(); ++k)
      if (const auto owed = agreement.separation(classes[i], classes[k])) {
        PairLimits limits = every;
        limits.owed = true;
        limits.reach_m = std::max(limits.reach_m, owed->distance.metres());
        settings.rules.push_back({classes[i], classes[k], with_reach(limits, settings.alert.widen)});
      }
  return settings;
}

Settings settings_of(PairLimits limits) {
  Settings settings;
  limits.owed = true;
  settings.rules.push_back({"*", "*", with_reach(limits, settings.alert.widen)});
  return settings;
}

}  // namespace wideberth::live
