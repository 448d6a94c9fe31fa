#include "model/pact_findings.h"

#include <array>
#include <limits>

#include "geo/text.h"
#include "model/read.h"
#include "model/rules_text.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr std::array<std::string_view, 3> kTouchedNames = {"exclusion", "special_caution_area", "composition_tolerance"};
constexpr std::array<std::string_view, 3> kAboutNames = {"separation", "regime", "governing agreement"};
constexpr std::size_t kMostPactFindingBytes = std::size_t{256} << 10;
constexpr std::size_t kMostUnder = 200;
constexpr std::int64_t kMostCounted = 1'000'000'000;
constexpr Metres kMostRead = Metres::from_metres(1'000'000);
constexpr int kMgrsMetres = 5;

Result<Under> read_under(const Reader& at) {
  WB_TRY_VOID(at.only({"of", "reading", "touched", "separation_m", "regime", "governs"}));
  Under under;
  WB_TRY(of, read::short_name(at, "of"));
  under.of = std::move(of);
  if (at.find("reading")) {
    WB_TRY(reading, read::index(at, "reading"));
    under.reading = reading;
  }
  if (const auto touched_at = at.find("touched")) {
    WB_TRY(touched, touched_at->boolean());
    under.touched = touched;
  }
  if (at.find("separation_m")) {
    WB_TRY(separation, read::metres(at, "separation_m", Metres{}, kMostRead));
    under.separation = separation;
  }
  if (const auto regime_at = at.find("regime")) {
    WB_TRY(regime, read::word<Regime>(*regime_at, kRegimeNames));
    under.regime = regime;
  }
  if (at.find("governs")) {
    WB_TRY(governs, read::id(at, "governs"));
    under.governs = std::move(governs);
  }
  return under;
}

Result<std::vector<Under>> read_unders(const Reader& at) {
  std::vector<Under> unders;
  const auto list_at = at.find("under");
  if (!list_at) return unders;
  WB_TRY(list, list_at->elements(0, kMostUnder));
  for (const Reader& each : list) {
    WB_TRY(under, read_under(each));
    unders.push_back(std::move(under));
  }
  return unders;
}

Result<Counts> read_counts(const Reader& object, std::string_view name) {
  WB_TRY(at, object.member(name));
  WB_TRY_VOID(at.only({"vehicles", "people"}));
  Counts counts;
  if (at.find("vehicles")) {
    WB_TRY(vehicles, read::integer(at, "vehicles", 0, kMostCounted));
    counts.vehicles = vehicles;
  }
  if (at.find("people")) {
    WB_TRY(people, read::integer(at, "people", 0, kMostCounted));
    counts.people = people;
  }
  return counts;
}

Result<void> read_what(const Reader& at, RuleTouched& touched) {
  if (at.find("window")) {
    WB_TRY(window, read::span(at, "window"));
    WB_TRY(place_at, at.member("place"));
    WB_TRY(place, read::place(place_at));
    touched.what = ExactTouch{window, place};
  } else if (const auto cell_at = at.find("cell")) {
    CoarseConflict cell;
    WB_TRY(south_west, read::place(*cell_at));
    cell.cell_south_west = south_west;
    WB_TRY(size_at, at.member("cell_deg"));
    WB_TRY(size, size_at.fixed(7, kLeastCell_e7, kMostCell_e7));
    cell.cell_e7 = static_cast<std::int32_t>(size);
    WB_TRY(slot, read::span(at, "slot"));
    cell.slot = slot;
    touched.what = cell;
  }
  return {};
}

/// The members that both findings about a notification begin with.
template <class Finding>
Result<void> read_heading(const Reader& at, Finding& into) {
  WB_TRY(movement, read::id(at, "movement"));
  into.movement = std::move(movement);
  WB_TRY(revision, read::index(at, "revision"));
  into.revision = revision;
  WB_TRY(agreement, read::id(at, "agreement"));
  into.agreement = std::move(agreement);
  WB_TRY(version, read::integer(at, "version", 1, std::numeric_limits<std::int32_t>::max()));
  into.version = static_cast<std::uint32_t>(version);
  WB_TRY(clause, read::text(at, "clause", kMostClause));
  into.clause = std::move(clause);
  WB_TRY(unders, read_unders(at));
  into.under = std::move(unders);
  return {};
}

Result<RuleTouched> read_touched(const Reader& at) {
  WB_TRY_VOID(at.only({"rule", "movement", "revision", "agreement", "version", "clause", "area", "platform_class", "notice_short",
                       "measures", "notified", "counted", "window", "place", "mgrs", "cell", "cell_deg", "slot", "under"}));
  WB_TRY_VOID(read::text_if_any(at, "mgrs", kMostShortName));  // follows from the place, and is bounded all the same
  RuleTouched touched;
  WB_TRY(rule_at, at.member("rule"));
  WB_TRY(rule, read::word<TouchedRule>(rule_at, kTouchedNames));
  touched.rule = rule;
  WB_TRY_VOID(read_heading(at, touched));
  if (rule == TouchedRule::composition_tolerance) {
    WB_TRY(notified, read_counts(at, "notified"));
    touched.notified = notified;
    WB_TRY(counted, read_counts(at, "counted"));
    touched.counted = counted;
    return touched;
  }
  WB_TRY(area, read::short_name(at, "area"));
  touched.area = std::move(area);
  if (rule == TouchedRule::exclusion) {
    WB_TRY(platform_class, read::short_name_or_any(at, "platform_class"));
    touched.platform_class = std::move(platform_class);
    if (const auto short_at = at.find("notice_short")) {
      WB_TRY(notice_short, short_at->boolean());
      touched.notice_short = notice_short;
    }
  } else {
    WB_TRY(measures, read::text(at, "measures", kMostReason, true));
    touched.measures = std::move(measures);
  }
  WB_TRY_VOID(read_what(at, touched));
  return touched;
}

Result<ReadingDiffers> read_differs(const Reader& at) {
  WB_TRY_VOID(
      at.only({"about", "movement", "revision", "agreement", "version", "clause", "other", "other_revision", "area", "under"}));
  ReadingDiffers differs;
  WB_TRY(about_at, at.member("about"));
  WB_TRY(about, read::word<DiffersAbout>(about_at, kAboutNames));
  differs.about = about;
  WB_TRY_VOID(read_heading(at, differs));
  if (at.find("other")) {
    WB_TRY(other, read::id(at, "other"));
    differs.other = std::move(other);
    WB_TRY(revision, read::index(at, "other_revision"));
    differs.other_revision = revision;
  }
  if (at.find("area")) {
    WB_TRY(area, read::short_name(at, "area"));
    differs.area = std::move(area);
  }
  return differs;
}

Result<SenderWarned> read_warned(const Reader& at) {
  WB_TRY_VOID(at.only({"agreement", "party", "effect", "notifications"}));
  SenderWarned warned;
  WB_TRY(agreement, read::id(at, "agreement"));
  warned.agreement = std::move(agreement);
  WB_TRY(party, read::short_name(at, "party"));
  warned.party = std::move(party);
  WB_TRY(effect, read::instant(at, "effect"));
  warned.effect = effect;
  WB_TRY(list_at, at.member("notifications"));
  WB_TRY(list, list_at.elements(1, kMostWarned));
  for (const Reader& each : list) {
    WB_TRY(id, each.text(kMostLabel));
    warned.notifications.push_back(std::move(id));
  }
  return warned;
}

Result<AgreementLeft> read_left(const Reader& at) {
  WB_TRY_VOID(at.only({"agreement", "party", "effect"}));
  WB_TRY(agreement, read::id(at, "agreement"));
  WB_TRY(party, read::short_name(at, "party"));
  WB_TRY(effect, read::instant(at, "effect"));
  return AgreementLeft{std::move(agreement), std::move(party), effect};
}

void write_under(Writer& w, const std::vector<Under>& unders) {
  if (unders.empty()) return;
  w.key("under").begin_array();
  for (const Under& each : unders) {
    w.begin_object().key("of").string(each.of);
    if (each.reading) w.key("reading").integer(static_cast<std::int64_t>(each.reading->value));
    if (each.touched) w.key("touched").boolean(*each.touched);
    if (each.separation) read::write_metres(w, "separation_m", *each.separation);
    if (each.regime) w.key("regime").string(name_of(*each.regime));
    read::write_text_if_any(w, "governs", each.governs);
    w.end_object();
  }
  w.end_array();
}

template <class Finding>
void write_heading(Writer& w, const Finding& finding) {
  w.key("movement").string(finding.movement).key("revision").integer(static_cast<std::int64_t>(finding.revision.value));
  w.key("agreement").string(finding.agreement).key("version").integer(finding.version).key("clause").string(finding.clause);
}

void write_counts(Writer& w, std::string_view name, const Counts& counts) {
  w.key(name).begin_object();
  if (counts.vehicles) w.key("vehicles").integer(*counts.vehicles);
  if (counts.people) w.key("people").integer(*counts.people);
  w.end_object();
}

void write_what(Writer& w, const RuleTouched& touched) {
  if (const auto* exact = std::get_if<ExactTouch>(&touched.what)) {
    w.key("window");
    read::write_span(w, exact->window);
    w.key("place");
    read::write_place(w, exact->place);
    w.key("mgrs").string(geo::to_mgrs(exact->place, kMgrsMetres));
  } else if (const auto* coarse = std::get_if<CoarseConflict>(&touched.what)) {
    w.key("cell");
    read::write_place(w, coarse->cell_south_west);
    w.key("cell_deg").fixed(coarse->cell_e7, 7).key("slot");
    read::write_span(w, coarse->slot);
  }
}

}  // namespace

std::string_view name_of(TouchedRule rule) noexcept { return kTouchedNames[static_cast<std::size_t>(rule)]; }
std::string_view name_of(DiffersAbout about) noexcept { return kAboutNames[static_cast<std::size_t>(about)]; }

Result<RuleTouched> parse_rule_touched(std::string_view json) {
  return read::whole<RuleTouched>(json, kMostPactFindingBytes, read_touched);
}
Result<ReadingDiffers> parse_reading_differs(std::string_view json) {
  return read::whole<ReadingDiffers>(json, kMostPactFindingBytes, read_differs);
}
Result<SenderWarned> parse_sender_warned(std::string_view json) {
  return read::whole<SenderWarned>(json, kMostPactFindingBytes, read_warned);
}
Result<AgreementLeft> parse_agreement_left(std::string_view json) {
  return read::whole<AgreementLeft>(json, kMostPactFindingBytes, read_left);
}

std::string to_json(const RuleTouched& touched) {
  Writer w;
  w.begin_object().key("rule").string(name_of(touched.rule));
  write_heading(w, touched);
  if (touched.rule == TouchedRule::composition_tolerance) {
    write_counts(w, "notified", touched.notified);
    write_counts(w, "counted", touched.counted);
  } else {
    w.key("area").string(touched.area);
    if (touched.rule == TouchedRule::exclusion) {
      w.key("platform_class").string(touched.platform_class);
      if (touched.notice_short) w.key("notice_short").boolean(true);
    } else {
      w.key("measures").string(touched.measures);
    }
    write_what(w, touched);
  }
  write_under(w, touched.under);
  return w.end_object().take();
}

std::string to_json(const ReadingDiffers& differs) {
  Writer w;
  w.begin_object().key("about").string(name_of(differs.about));
  write_heading(w, differs);
  if (differs.other_revision) {
    w.key("other").string(differs.other);
    w.key("other_revision").integer(static_cast<std::int64_t>(differs.other_revision->value));
  }
  read::write_text_if_any(w, "area", differs.area);
  write_under(w, differs.under);
  return w.end_object().take();
}

std::string to_json(const SenderWarned& warned) {
  Writer w;
  w.begin_object().key("agreement").string(warned.agreement).key("party").string(warned.party);
  w.key("effect").string(base::to_short_text(warned.effect)).key("notifications").begin_array();
  for (const std::string& each : warned.notifications) w.string(each);
  return w.end_array().end_object().take();
}

std::string to_json(const AgreementLeft& left) {
  Writer w;
  w.begin_object().key("agreement").string(left.agreement).key("party").string(left.party);
  return w.key("effect").string(base::to_short_text(left.effect)).end_object().take();
}

}  // namespace wideberth::model
