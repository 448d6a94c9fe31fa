#include "model/conflict.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "geo/text.h"
#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr std::size_t kMostConflictBytes = std::size_t{4} << 20;
constexpr std::size_t kMostDelaySpans = 20'000;
constexpr std::array<std::string_view, 3> kLikenessNames = {"possible", "on schedule", "certain"};
constexpr Metres kMostDistance = Metres::from_metres(100'000'000);
constexpr Millis kMostShift = Millis::from_seconds(400LL * 366 * 86'400 * 100);
constexpr int kPlaceDigits = 5;

/// The most millimetres that are, read as metres, no more than this: what is written never looks farther apart than it is.
std::int64_t mm_down(double metres) {
  auto mm = static_cast<std::int64_t>(std::floor(metres * 1000.0)) + 1;
  while (static_cast<double>(mm) / 1000.0 > metres) --mm;
  return std::max<std::int64_t>(mm, 0);
}

/// The fewest millionths that are no less than this share.
std::int64_t millionths_up(double share) {
  auto units = static_cast<std::int64_t>(std::ceil(share * 1e6)) - 1;
  while (static_cast<double>(units) / 1e6 < share) ++units;
  return std::clamp<std::int64_t>(units, 0, 1'000'000);
}

/// To the second and nothing left out: a shift that is shortened may not clear.
void add_shift(std::string& text, Millis shift) {
  const std::int64_t s = (shift.ms() + 999) / 1000;
  const std::size_t before = text.size();
  const auto part = [&](std::int64_t count, std::string_view unit) {
    if (count == 0) return;
    if (text.size() > before) text += ' ';
    text.append(std::to_string(count)).append(unit);
  };
  part(s / 86'400, " d");
  part(s / 3600 % 24, " h");
  part(s / 60 % 60, " min");
  part(s % 60, " s");
  if (text.size() == before) text += "0 s";
}

bool add_shifts(std::string& text, std::string_view who, const std::optional<Millis>& later,
                const std::optional<Millis>& earlier) {
  if (!later && !earlier) return false;
  // A site does not leave: its window begins.
  const bool stands = who.starts_with("ST-") || who.starts_with("AC-");
  text.append(who).append(stands ? " begins " : " leaves ");
  if (later) {
    add_shift(text, *later);
    text += " later";
  }
  if (later && earlier) text += ", or ";
  if (earlier) {
    add_shift(text, *earlier);
    text += " earlier";
  }
  return true;
}

void write_shift(Writer& writer, std::string_view name, const std::optional<Millis>& shift) {
  writer.key(name);
  if (shift)
    writer.fixed(shift->ms(), 3);
  else
    writer.null();
}

/// All that the kernel found, from "kind" on.
void write_meeting(Writer& writer, std::string_view a, std::string_view b, const geo::Meeting& meeting) {
  writer.key("kind").string(geo::name_of(meeting.kind)).key("least_m");
  if (meeting.least_m)
    writer.fixed(mm_down(*meeting.least_m), 3);
  else
    writer.null();
  writer.key("least_possible_m").fixed(mm_down(meeting.least_possible_m), 3).key("window");
  read::write_span(writer, meeting.window);
  writer.key("place");
  read::write_place(writer, meeting.place);
  writer.key("mgrs").string(geo::to_mgrs(meeting.place, kPlaceDigits)).key("delay_set_s").begin_array();
  for (const auto& span : meeting.delay_set) writer.begin_array().fixed(span.low.ms(), 3).fixed(span.high.ms(), 3).end_array();
  writer.end_array().key("likelihood").fixed(millionths_up(meeting.likelihood), 6).key("clear_shift_s").begin_object();
  write_shift(writer, "later", meeting.clear_later);
  write_shift(writer, "earlier", meeting.clear_earlier);
  write_shift(writer, "b_later", meeting.b_clear_later);
  write_shift(writer, "b_earlier", meeting.b_clear_earlier);
  writer.end_object().key("advice").string(advice_of(a, b, meeting));
}

Result<std::optional<Millis>> read_shift(const Reader& object, std::string_view name) {
  const auto at = object.find(name);
  if (!at) return std::optional<Millis>{};
  WB_TRY(shift, read::seconds(*at, Millis{}, kMostShift));
  return std::optional<Millis>(shift);
}

Result<void> read_clear_shifts(const Reader& at, geo::Meeting& meeting) {
  WB_TRY(shifts, at.member("clear_shift_s"));
  WB_TRY_VOID(shifts.only({"later", "earlier", "b_later", "b_earlier"}));
  WB_TRY(later, read_shift(shifts, "later"));
  meeting.clear_later = later;
  WB_TRY(earlier, read_shift(shifts, "earlier"));
  meeting.clear_earlier = earlier;
  WB_TRY(b_later, read_shift(shifts, "b_later"));
  meeting.b_clear_later = b_later;
  WB_TRY(b_earlier, read_shift(shifts, "b_earlier"));
  meeting.b_clear_earlier = b_earlier;
  return {};
}

Result<ExactConflict> read_meeting(const Reader& at) {
  geo::Meeting meeting;
  WB_TRY(kind_at, at.member("kind"));
  WB_TRY(kind, read::word<geo::Likeness>(kind_at, kLikenessNames));
  meeting.kind = kind;
  if (const auto least_at = at.find("least_m")) {
    WB_TRY(least, read::metres(*least_at, Metres{}, kMostDistance));
    meeting.least_m = least.metres();
  }
  WB_TRY(possible, read::metres(at, "least_possible_m", Metres{}, kMostDistance));
  meeting.least_possible_m = possible.metres();
  WB_TRY(window, read::span(at, "window"));
  meeting.window = window;
  WB_TRY(place_at, at.member("place"));
  WB_TRY(place, read::place(place_at));
  meeting.place = place;
  WB_TRY(delays_at, at.member("delay_set_s"));
  WB_TRY(delays, delays_at.elements(0, kMostDelaySpans));
  for (const auto& each : delays) {
    WB_TRY(ends, each.elements(2, 2));
    WB_TRY(low, read::seconds(ends[0], -kMostShift, kMostShift));
    WB_TRY(high, read::seconds(ends[1], -kMostShift, kMostShift));
    if (high < low || (!meeting.delay_set.empty() && low <= meeting.delay_set.back().high))
      return each.refuse(base::Rule::span_backwards, "a span that ends before it begins, or not after the one before",
                         "[low, high], rising");
    meeting.delay_set.push_back({low, high});
  }
  WB_TRY(likelihood_at, at.member("likelihood"));
  WB_TRY(likelihood, likelihood_at.fixed(6, 0, 1'000'000));
  meeting.likelihood = static_cast<double>(likelihood) / 1e6;
  WB_TRY_VOID(read_clear_shifts(at, meeting));
  return ExactConflict{std::move(meeting)};
}

Result<CoarseConflict> read_coarse(const Reader& at) {
  CoarseConflict coarse;
  WB_TRY(cell_at, at.member("cell"));
  WB_TRY(cell, read::place(cell_at));
  coarse.cell_south_west = cell;
  WB_TRY(size_at, at.member("cell_deg"));
  WB_TRY(size, size_at.fixed(7, kLeastCell_e7, kMostCell_e7));
  coarse.cell_e7 = static_cast<std::int32_t>(size);
  WB_TRY(slot, read::span(at, "slot"));
  coarse.slot = slot;
  return coarse;
}

Result<ConflictFound> read_conflict_found(const Reader& at) {
  const bool coarse = at.find("cell").has_value();
  if (coarse) {
    WB_TRY_VOID(at.only({"a", "b", "a_revision", "b_revision", "agreement", "clause", "separation_m", "other_party", "cell",
                         "cell_deg", "slot"}));
  } else {
    WB_TRY_VOID(at.only(
        {"a",           "b",          "a_revision",    "b_revision", "agreement",        "clause", "separation_m", "other_party",
         "a_route",     "b_route",    "kind",          "least_m",    "least_possible_m", "window", "place",        "mgrs",
         "delay_set_s", "likelihood", "clear_shift_s", "advice"}));
    WB_TRY_VOID(read::text_if_any(at, "mgrs", kMostShortName));  // follows from the rest, and is bounded all the same
    WB_TRY_VOID(read::text_if_any(at, "advice", kMostReason));
  }
  ConflictFound finding;
  WB_TRY(a, read::id(at, "a"));
  finding.a = std::move(a);
  WB_TRY(a_revision, read::index(at, "a_revision"));
  finding.a_revision = a_revision;
  if (at.find("b")) {
    WB_TRY(b, read::id(at, "b"));
    finding.b = std::move(b);
    WB_TRY(b_revision, read::index(at, "b_revision"));
    finding.b_revision = b_revision;
  }
  WB_TRY(agreement, read::id(at, "agreement"));
  finding.agreement = std::move(agreement);
  WB_TRY(clause, read::text(at, "clause", kMostClause));
  finding.clause = std::move(clause);
  WB_TRY(separation, read::metres(at, "separation_m", Metres{}, kMostDistance));
  finding.separation = separation;
  WB_TRY(other, read::short_name(at, "other_party"));
  finding.other_party = std::move(other);
  WB_TRY(a_route, read::text_if_any(at, "a_route", kMostLabel));
  finding.a_route = std::move(a_route);
  WB_TRY(b_route, read::text_if_any(at, "b_route", kMostLabel));
  finding.b_route = std::move(b_route);
  if (coarse) {
    WB_TRY(what, read_coarse(at));
    finding.what = what;
  } else {
    WB_TRY(what, read_meeting(at));
    finding.what = std::move(what);
  }
  return finding;
}

}  // namespace

std::string advice_of(std::string_view a, std::string_view b, const geo::Meeting& meeting) {
  std::string text = "clear if ";
  text.reserve(160);
  if (!add_shifts(text, a, meeting.clear_later, meeting.clear_earlier) &&
      !add_shifts(text, b, meeting.b_clear_later, meeting.b_clear_earlier))
    return "no shift of either alone clears this pair; nothing is said of other movements";
  return text += "; nothing is said of other movements";
}

std::string advice_of(const ClearAll& all) {
  const std::size_t counted = all.conflicts - all.left_out;
  std::string text = counted == 1 ? "its one conflict clears if " : "all " + std::to_string(counted) + " conflicts clear if ";
  if (!add_shifts(text, all.movement, all.later, all.earlier))
    text = "no shift of " + all.movement + " can be computed from what is disclosed";
  else if (all.coarse)
    text += ", as far as the disclosed cells and slots tell";
  if (counted > 0 && all.left_out > 0) text += "; " + std::to_string(all.left_out) + " more cannot be computed with";
  return text += "; nothing is said of other movements";
}

void write_clear_all(Writer& writer, const ClearAll& all) {
  writer.begin_object().key("movement").string(all.movement);
  writer.key("conflicts").integer(static_cast<std::int64_t>(all.conflicts));
  writer.key("left_out").integer(static_cast<std::int64_t>(all.left_out)).key("coarse").boolean(all.coarse);
  writer.key("clear_shift_s").begin_object();
  write_shift(writer, "later", all.later);
  write_shift(writer, "earlier", all.earlier);
  writer.end_object().key("advice").string(advice_of(all)).end_object();
}

Result<ClearAll> parse_clear_all(const Reader& at) {
  constexpr std::int64_t kMost = std::int64_t{1} << 40;
  WB_TRY_VOID(at.only({"movement", "conflicts", "left_out", "coarse", "clear_shift_s", "advice"}));
  WB_TRY_VOID(read::text_if_any(at, "advice", kMostReason));  // follows from the rest, and is bounded all the same
  ClearAll all;
  WB_TRY(movement, read::text(at, "movement", kMostLabel));
  all.movement = std::move(movement);
  WB_TRY(conflicts, read::integer(at, "conflicts", 1, kMost));
  all.conflicts = static_cast<std::size_t>(conflicts);
  WB_TRY(left_out, read::integer(at, "left_out", 0, conflicts));
  all.left_out = static_cast<std::size_t>(left_out);
  WB_TRY(coarse_at, at.member("coarse"));
  WB_TRY(coarse, coarse_at.boolean());
  all.coarse = coarse;
  WB_TRY(shifts, at.member("clear_shift_s"));
  WB_TRY_VOID(shifts.only({"later", "earlier"}));
  WB_TRY(later, read_shift(shifts, "later"));
  all.later = later;
  WB_TRY(earlier, read_shift(shifts, "earlier"));
  all.earlier = earlier;
  return all;
}

void write_conflict(Writer& writer, std::string_view a, std::string_view b, const geo::Meeting& meeting) {
  writer.begin_object().key("a").string(a).key("b").string(b);
  write_meeting(writer, a, b, meeting);
  writer.end_object();
}

std::string conflict_to_json(std::string_view a, std::string_view b, const geo::Meeting& meeting) {
  Writer writer;
  write_conflict(writer, a, b, meeting);
  return writer.take();
}

std::string to_json(const ConflictFound& finding) {
  Writer writer;
  writer.begin_object().key("a").string(finding.a);
  writer.key("a_revision").integer(static_cast<std::int64_t>(finding.a_revision.value));
  if (!finding.b.empty()) {
    writer.key("b").string(finding.b).key("b_revision").integer(static_cast<std::int64_t>(finding.b_revision.value));
  }
  writer.key("agreement").string(finding.agreement).key("clause").string(finding.clause);
  read::write_metres(writer, "separation_m", finding.separation).key("other_party").string(finding.other_party);
  if (const auto* exact = std::get_if<ExactConflict>(&finding.what)) {
    read::write_text_if_any(writer, "a_route", finding.a_route);
    read::write_text_if_any(writer, "b_route", finding.b_route);
    const auto called = [](std::string id, const std::string& route) { return route.empty() ? id : id + " by " + route; };
    const std::string other = finding.b.empty() ? "the movement of " + finding.other_party : finding.b;
    write_meeting(writer, called(finding.a, finding.a_route), called(other, finding.b_route), exact->meeting);
  } else {
    const auto& coarse = std::get<CoarseConflict>(finding.what);
    writer.key("cell");
    read::write_place(writer, coarse.cell_south_west);
    writer.key("cell_deg").fixed(coarse.cell_e7, 7).key("slot");
    read::write_span(writer, coarse.slot);
  }
  writer.end_object();
  return writer.take();
}

Result<ConflictFound> parse_conflict_found(std::string_view json) {
  return read::whole<ConflictFound>(json, kMostConflictBytes, read_conflict_found);
}

}  // namespace wideberth::model
