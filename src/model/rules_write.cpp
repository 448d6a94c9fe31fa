#include <algorithm>

#include "model/read.h"
#include "model/rules_text.h"

namespace wideberth::model {
namespace {

using json::Writer;

std::string time_of_day(Millis since_midnight) {
  const auto minutes = since_midnight.ms() / 60'000;
  const auto two = [](std::int64_t n) {
    return std::string(1, static_cast<char>('0' + n / 10)) + static_cast<char>('0' + n % 10);
  };
  return two(minutes / 60) + ":" + two(minutes % 60) + "Z";
}

/// Writes the members that are a kind's own.
struct BodyWriter {
  Writer& writer;

  void operator()(const NoticeRule& rule) const {
    read::write_seconds(writer, "lead_s", rule.lead);
    read::write_seconds(writer, "emergency_lead_s", rule.emergency_lead);
  }
  void operator()(const AnswerWithinRule& rule) const {
    read::write_seconds(writer, "within_s", rule.within);
    read::write_seconds(writer, "amendment_within_s", rule.amendment_within);
  }
  void operator()(const UnitInformedRule& rule) const { read::write_seconds(writer, "before_s", rule.before); }
  void operator()(const SeparationRule& rule) const {
    writer.key("class_a").string(rule.class_a).key("class_b").string(rule.class_b);
    read::write_metres(writer, "distance_m", rule.distance);
  }
  void operator()(const DisclosureRule& rule) const {
    writer.key("from").string(rule.from).key("to").string(rule.to).key("view").string(name_of(rule.view));
    writer.key("cell_deg").fixed(rule.cell_e7, 7);
    read::write_seconds(writer, "slot_s", rule.slot);
  }
  void operator()(const CompositionToleranceRule& rule) const {
    writer.key("vehicles").integer(rule.vehicles).key("people").integer(rule.people);
  }
  void operator()(const ExclusionRule& rule) const {
    writer.key("area").string(rule.area).key("platform_class").string(rule.platform_class);
    writer.key("except_with_notice").boolean(rule.except_with_notice);
  }
  void operator()(const SpecialCautionAreaRule& rule) const {
    writer.key("area").string(rule.area).key("window");
    read::write_span(writer, rule.window);
    writer.key("measures").string(rule.measures);
  }
  void operator()(const ProhibitedConductRule& rule) const {
    writer.key("conduct").string(rule.conduct).key("test").begin_object();
    for (const auto& each : rule.test) writer.key(each.name).fixed(each.thousandths, 3);
    writer.end_object();
  }
  void operator()(const CheckInRule& rule) const {
    writer.key("times").begin_array();
    for (const auto each : rule.times) writer.string(time_of_day(each));
    writer.end_array();
    if (rule.within) read::write_seconds(writer, "within_s", *rule.within);
  }
  void operator()(const EscalationLadderRule& rule) const { list("steps", rule.steps); }
  void operator()(const IncidentReportWithinRule& rule) const { read::write_seconds(writer, "within_s", rule.within); }
  void operator()(const ConsultationEveryRule& rule) const { read::write_seconds(writer, "every_s", rule.every); }
  void operator()(const RetentionRule& rule) const { read::write_seconds(writer, "keep_s", rule.keep); }
  void operator()(const ConfidentialRule& rule) const { list("may_see", rule.may_see); }
  void operator()(const PositionsRule& rule) const {
    writer.key("from").string(rule.from).key("to").string(rule.to).key("use").string(name_of(rule.use));
  }
  void operator()(const PresenceRule& rule) const {
    writer.key("party").string(rule.party).key("area").string(rule.area);
    write_presence_classes(writer, rule.classes);
    read::write_seconds(writer, "notice_s", rule.notice);
  }

 private:
  void list(std::string_view name, const std::vector<std::string>& texts) const {
    writer.key(name).begin_array();
    for (const auto& each : texts) writer.string(each);
    writer.end_array();
  }
};

/// The first name that a rule speaks of and the agreement does not hold; none where all are there.
struct NameFinder {
  const Agreement& agreement;
  using Unknown = std::optional<std::string>;

  Unknown operator()(const SeparationRule& rule) const {
    if (auto unknown = platform_class(rule.class_a)) return unknown;
    return platform_class(rule.class_b);
  }
  Unknown operator()(const DisclosureRule& rule) const {
    if (auto unknown = party(rule.from)) return unknown;
    return party(rule.to);
  }
  Unknown operator()(const PositionsRule& rule) const {
    if (auto unknown = party(rule.from)) return unknown;
    return party(rule.to);
  }
  Unknown operator()(const ExclusionRule& rule) const {
    if (auto unknown = area(rule.area)) return unknown;
    return platform_class(rule.platform_class);
  }
  Unknown operator()(const SpecialCautionAreaRule& rule) const { return area(rule.area); }
  Unknown operator()(const PresenceRule& rule) const {
    if (auto unknown = party(rule.party)) return unknown;
    if (auto unknown = area(rule.area)) return unknown;
    for (const PresenceClass& each : rule.classes)
      if (auto unknown = platform_class(each.platform_class)) return unknown;
    return std::nullopt;
  }
  Unknown operator()(const ConfidentialRule& rule) const {
    for (const auto& each : rule.may_see)
      if (auto unknown = party(each)) return unknown;
    return std::nullopt;
  }
  template <class Other>
  Unknown operator()(const Other&) const {
    return std::nullopt;
  }

 private:
  Unknown platform_class(const std::string& name) const {
    if (name == "*" || agreement.has_class(name)) return std::nullopt;
    return "the platform class \"" + name + "\"";
  }
  Unknown party(const std::string& name) const {
    if (name == "*" || agreement.find_party(name) != nullptr) return std::nullopt;
    return "the party \"" + name + "\"";
  }
  Unknown area(const std::string& name) const {
    if (agreement.find_area(name) != nullptr) return std::nullopt;
    return "the area \"" + name + "\"";
  }
};

}  // namespace

void write_presence_classes(Writer& writer, const std::vector<PresenceClass>& classes) {
  writer.key("classes").begin_array();
  for (const PresenceClass& each : classes) {
    writer.begin_object().key("platform_class").string(each.platform_class);
    if (!each.called.empty()) {
      writer.key("called").begin_array();
      for (const std::string& word : each.called) writer.string(word);
      writer.end_array();
    }
    writer.key("most").integer(each.most).end_object();
  }
  writer.end_array();
}

void write_rule(Writer& writer, const Rule& rule) {
  writer.begin_object().key("clause").string(rule.clause).key("text").string(rule.text);
  writer.key("kind").string(kind_name_of(rule.body));
  std::visit(BodyWriter{writer}, rule.body);
  writer.end_object();
}

Result<void> check_names_of_rule(const json::Reader& at, const Rule& rule, const Agreement& agreement) {
  const auto unknown = std::visit(NameFinder{agreement}, rule.body);
  if (!unknown) return {};
  return at.refuse(base::Rule::agreement_names_unknown, *unknown, "one that the agreement names");
}

}  // namespace wideberth::model
