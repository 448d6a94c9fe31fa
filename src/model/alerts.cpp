#include "model/alerts.h"

#include <array>

#include "model/position_batch.h"
#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr std::array<std::string_view, 2> kGradeNames = {"caution", "warning"};
constexpr std::array<std::string_view, 5> kAlertEndNames = {"eased", "company", "lost", "snoozed", "restarted"};
constexpr std::size_t kMostAlertBytes = std::size_t{64} << 10;
constexpr Metres kMostAlertDistance = Metres::from_metres(50'000'000);
constexpr Millis kMostAhead = Millis::from_seconds(86'400);

std::int64_t up_to(std::int64_t value, std::int64_t step) { return (value + step - 1) / step * step; }

Result<std::string> unit_name(const Reader& object, std::string_view name) {
  WB_TRY(at, object.member(name));
  WB_TRY(text, at.string(kMostUnitName));
  std::string unit(text);
  WB_TRY_VOID(read::placed(at, check_unit_name(unit)));
  return unit;
}

Result<AlertRaised> read_raised(const Reader& at) {
  WB_TRY_VOID(at.only({"grade", "agreement", "clause", "unit", "fix", "other_party", "other_unit", "at", "now_m", "least_m",
                       "in_s", "continues"}));
  AlertRaised alert;
  WB_TRY(grade_at, at.member("grade"));
  WB_TRY(grade, read::word<AlertGrade>(grade_at, kGradeNames));
  alert.grade = grade;
  WB_TRY(agreement, read::id(at, "agreement"));
  alert.agreement = std::move(agreement);
  WB_TRY(clause, read::text(at, "clause", kMostClause));
  alert.clause = std::move(clause);
  WB_TRY(unit, unit_name(at, "unit"));
  alert.unit = std::move(unit);
  WB_TRY(fix, read::integer(at, "fix", 0, static_cast<std::int64_t>(kMostFixes) - 1));
  alert.fix = static_cast<std::uint32_t>(fix);
  WB_TRY(party, read::short_name(at, "other_party"));
  alert.other_party = std::move(party);
  if (at.find("other_unit")) {
    WB_TRY(other, unit_name(at, "other_unit"));
    alert.other_unit = std::move(other);
  }
  WB_TRY(instant, read::instant(at, "at"));
  alert.at = instant;
  WB_TRY(now, read::metres(at, "now_m", Metres{}, kMostAlertDistance));
  alert.now = now;
  WB_TRY(least, read::metres(at, "least_m", Metres{}, kMostAlertDistance));
  alert.least = least;
  WB_TRY(in, read::seconds(at, "in_s", Millis{}, kMostAhead));
  alert.in = in;
  if (at.find("continues")) {
    WB_TRY(before, read::index(at, "continues"));
    alert.continues = before;
  }
  return alert;
}

Result<AlertClosed> read_closed(const Reader& at) {
  WB_TRY_VOID(at.only({"ended", "at"}));
  WB_TRY(ended_at, at.member("ended"));
  WB_TRY(ended, read::word<AlertEnd>(ended_at, kAlertEndNames));
  WB_TRY(instant, read::instant(at, "at"));
  return AlertClosed{ended, instant};
}

Result<AlertAcknowledged> read_alert_acknowledged(const Reader& at) {
  WB_TRY_VOID(at.only({"person", "post"}));
  WB_TRY(person, read::text(at, "person", kMostLabel));
  WB_TRY(post, read::text(at, "post", kMostLabel));
  return AlertAcknowledged{std::move(person), std::move(post)};
}

Result<AlertSnoozed> read_snoozed(const Reader& at) {
  WB_TRY_VOID(at.only({"person", "reason", "until"}));
  WB_TRY(person, read::text(at, "person", kMostLabel));
  WB_TRY(reason, read::text(at, "reason", kMostReason, true));
  WB_TRY(until, read::instant(at, "until"));
  return AlertSnoozed{std::move(person), std::move(reason), until};
}

}  // namespace

std::string_view name_of(AlertGrade grade) noexcept { return kGradeNames[static_cast<std::size_t>(grade)]; }
std::string_view name_of(AlertEnd end) noexcept { return kAlertEndNames[static_cast<std::size_t>(end)]; }

AlertRaised coarsened(AlertRaised alert) {
  alert.other_unit.clear();
  alert.now = Metres::from_mm(up_to(alert.now.mm(), 100'000));
  alert.least = Metres::from_mm(up_to(alert.least.mm(), 100'000));
  alert.in = Millis::from_ms(up_to(alert.in.ms(), 10'000));
  return alert;
}

Result<AlertRaised> parse_alert_raised(std::string_view json) {
  return read::whole<AlertRaised>(json, kMostAlertBytes, read_raised);
}
Result<AlertClosed> parse_alert_closed(std::string_view json) {
  return read::whole<AlertClosed>(json, kMostAlertBytes, read_closed);
}
Result<AlertAcknowledged> parse_alert_acknowledged(std::string_view json) {
  return read::whole<AlertAcknowledged>(json, kMostAlertBytes, read_alert_acknowledged);
}
Result<AlertSnoozed> parse_alert_snoozed(std::string_view json) {
  return read::whole<AlertSnoozed>(json, kMostAlertBytes, read_snoozed);
}

std::string to_json(const AlertRaised& alert) {
  Writer w;
  w.begin_object().key("grade").string(name_of(alert.grade)).key("agreement").string(alert.agreement);
  w.key("clause").string(alert.clause).key("unit").string(alert.unit).key("fix").integer(alert.fix);
  w.key("other_party").string(alert.other_party);
  if (!alert.other_unit.empty()) w.key("other_unit").string(alert.other_unit);
  w.key("at").string(to_short_text(alert.at));
  read::write_metres(w, "now_m", alert.now);
  read::write_metres(w, "least_m", alert.least);
  read::write_seconds(w, "in_s", alert.in);
  if (alert.continues) w.key("continues").integer(static_cast<std::int64_t>(alert.continues->value));
  return w.end_object().take();
}

std::string to_json(const AlertClosed& alert) {
  Writer w;
  w.begin_object().key("ended").string(name_of(alert.ended)).key("at").string(to_short_text(alert.at));
  return w.end_object().take();
}

std::string to_json(const AlertAcknowledged& alert) {
  Writer w;
  w.begin_object().key("person").string(alert.person).key("post").string(alert.post);
  return w.end_object().take();
}

std::string to_json(const AlertSnoozed& alert) {
  Writer w;
  w.begin_object().key("person").string(alert.person).key("reason").string(alert.reason);
  return w.key("until").string(to_short_text(alert.until)).end_object().take();
}

}  // namespace wideberth::model
