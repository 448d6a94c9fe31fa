#include "model/conformance.h"

#include <array>

#include "geo/text.h"
#include "model/position.h"
#include "model/read.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr std::array<std::string_view, 7> kKeepingNames = {"unwatched", "conforming", "off corridor",     "early",
                                                           "late",      "unnotified", "position doubtful"};
constexpr std::size_t kMostConformanceBytes = std::size_t{64} << 10;
constexpr Metres kFurthestOff = Metres::from_metres(50'000'000);
constexpr Millis kMostDeviation = Millis::from_seconds(std::int64_t{86'400} * 366);
constexpr std::int64_t kMostCounted = 1'000'000'000;

Result<KeepingChanged> read_keeping(const Reader& at) {
  WB_TRY_VOID(at.only({"was", "now", "since", "off_m", "deviation_s", "doubt"}));
  KeepingChanged changed;
  WB_TRY(was_at, at.member("was"));
  WB_TRY(was, read::word<Keeping>(was_at, kKeepingNames));
  changed.was = was;
  WB_TRY(now_at, at.member("now"));
  WB_TRY(now, read::word<Keeping>(now_at, kKeepingNames));
  changed.now = now;
  if (at.find("since")) {
    WB_TRY(since, read::instant(at, "since"));
    changed.since = since;
  }
  if (at.find("off_m")) {
    WB_TRY(off, read::metres(at, "off_m", Metres{}, kFurthestOff));
    changed.off = off;
  }
  if (at.find("deviation_s")) {
    WB_TRY(deviation, read::seconds(at, "deviation_s", Millis{} - kMostDeviation, kMostDeviation));
    changed.deviation = deviation;
  }
  WB_TRY(doubt, read::text_if_any(at, "doubt", kMostLabel));
  changed.doubt = std::move(doubt);
  return changed;
}

Result<CompositionChanged> read_composition_changed(const Reader& at) {
  WB_TRY_VOID(at.only({"mismatch", "declared", "counted"}));
  CompositionChanged changed;
  WB_TRY(mismatch_at, at.member("mismatch"));
  WB_TRY(mismatch, mismatch_at.boolean());
  changed.mismatch = mismatch;
  WB_TRY(declared, read::integer(at, "declared", 0, kMostCounted));
  changed.declared = declared;
  WB_TRY(counted, read::integer(at, "counted", 0, kMostCounted));
  changed.counted = counted;
  return changed;
}

Result<Foreseen> read_foreseen(const Reader& at) {
  WB_TRY_VOID(at.only({"conflicts", "other_party", "with", "deviation_s", "place", "when"}));
  Foreseen foreseen;
  WB_TRY(conflicts_at, at.member("conflicts"));
  WB_TRY(conflicts, conflicts_at.boolean());
  foreseen.conflicts = conflicts;
  WB_TRY(party, read::short_name(at, "other_party"));
  foreseen.other_party = std::move(party);
  WB_TRY(with, read::id(at, "with"));
  foreseen.with = std::move(with);
  WB_TRY(deviation, read::seconds(at, "deviation_s", Millis{} - kMostDeviation, kMostDeviation));
  foreseen.deviation = deviation;
  WB_TRY(place_at, at.member("place"));
  WB_TRY(place, read::place(place_at));
  foreseen.place = place;
  WB_TRY(when, read::span(at, "when"));
  foreseen.when = when;
  return foreseen;
}

Result<void> read_what(const Reader& at, ConformanceChanged& changed) {
  const auto state = at.find("state"), composition = at.find("composition"), foreseen = at.find("foreseen");
  if (static_cast<int>(state.has_value()) + static_cast<int>(composition.has_value()) + static_cast<int>(foreseen.has_value()) !=
      1)
    return at.refuse(base::Rule::json_member_missing, "none or several of them", "one of state, composition, foreseen");
  if (state) {
    WB_TRY(read, read_keeping(*state));
    changed.what = std::move(read);
  } else if (composition) {
    WB_TRY(read, read_composition_changed(*composition));
    changed.what = read;
  } else {
    WB_TRY(read, read_foreseen(*foreseen));
    changed.what = std::move(read);
  }
  return {};
}

Result<ConformanceChanged> read_conformance_changed(const Reader& at) {
  WB_TRY_VOID(at.only({"agreement", "party", "unit", "movement", "clause", "at", "state", "composition", "foreseen"}));
  ConformanceChanged changed;
  WB_TRY(agreement, read::id(at, "agreement"));
  changed.agreement = std::move(agreement);
  WB_TRY(party, read::short_name(at, "party"));
  changed.party = std::move(party);
  if (const auto unit_at = at.find("unit")) {
    WB_TRY(unit, unit_at->string(kMostUnitName));
    WB_TRY_VOID(read::placed(*unit_at, check_unit_name(unit)));
    changed.unit = std::string(unit);
  }
  if (at.find("movement")) {
    WB_TRY(movement, read::id(at, "movement"));
    changed.movement = std::move(movement);
  }
  WB_TRY(clause, read::text_if_any(at, "clause", kMostClause));
  changed.clause = std::move(clause);
  WB_TRY(instant, read::instant(at, "at"));
  changed.at = instant;
  WB_TRY_VOID(read_what(at, changed));
  return changed;
}

void write_keeping(Writer& w, const KeepingChanged& changed) {
  w.key("state").begin_object().key("was").string(name_of(changed.was)).key("now").string(name_of(changed.now));
  if (changed.since) w.key("since").string(to_text(*changed.since));
  if (changed.off) read::write_metres(w, "off_m", *changed.off);
  if (changed.deviation) read::write_seconds(w, "deviation_s", *changed.deviation);
  read::write_text_if_any(w, "doubt", changed.doubt);
  w.end_object();
}

void write_foreseen(Writer& w, const Foreseen& foreseen) {
  w.key("foreseen").begin_object().key("conflicts").boolean(foreseen.conflicts);
  w.key("other_party").string(foreseen.other_party).key("with").string(foreseen.with);
  read::write_seconds(w, "deviation_s", foreseen.deviation);
  w.key("place");
  read::write_place(w, foreseen.place);
  w.key("when");
  read::write_span(w, foreseen.when);
  w.end_object();
}

std::string whole_minutes(Millis span) {
  const std::int64_t minutes = ((span.ms() < 0 ? -span.ms() : span.ms()) + 30'000) / 60'000;
  return std::to_string(minutes) + " min";
}

std::string said(const ConformanceChanged& changed, const KeepingChanged& state) {
  const std::string who = changed.unit.empty() ? changed.party + "'s " + changed.movement : changed.unit;
  std::string text = who + " is " + (state.now == Keeping::doubtful ? "in doubt" : std::string(name_of(state.now)));
  if (state.now == Keeping::doubtful) text = "The position of " + who + " is doubtful: " + state.doubt;
  if (state.now == Keeping::off_corridor && state.off)
    text += ", " + std::to_string((state.off->mm() + 500) / 1000) + " m from its line";
  if ((state.now == Keeping::late || state.now == Keeping::early) && state.deviation)
    text += ", by " + whole_minutes(*state.deviation);
  if (!changed.movement.empty() && !changed.unit.empty()) text += " (" + changed.movement + ")";
  return text + ".";
}

std::string said(const ConformanceChanged& changed, const CompositionChanged& composition) {
  if (!composition.mismatch) return "The vehicles of " + changed.movement + " agree with what was declared again.";
  return std::to_string(composition.counted) + " vehicles report in " + changed.movement + "; " +
         std::to_string(composition.declared) + " were declared.";
}

std::string said(const ConformanceChanged& changed, const Foreseen& foreseen) {
  const std::int64_t late = foreseen.deviation.ms();
  const std::string how = late > 0   ? whole_minutes(foreseen.deviation) + " late"
                          : late < 0 ? whole_minutes(foreseen.deviation) + " early"
                                     : std::string("off its route");
  const std::string other = foreseen.other_party + "'s " + foreseen.with;
  if (!foreseen.conflicts) return changed.unit + ", " + how + ": no longer conflicts with " + other + ".";
  const Millis away = foreseen.when.from - changed.at;
  return changed.unit + ", " + how + ": now conflicts with " + other + " at " + geo::to_mgrs(foreseen.place, 4) +
         (away > Millis::from_seconds(30) ? " in " + whole_minutes(away) : std::string(" from now on")) + ".";
}

}  // namespace

std::string_view name_of(Keeping keeping) noexcept { return kKeepingNames[static_cast<std::size_t>(keeping)]; }

Result<ConformanceChanged> parse_conformance_changed(std::string_view json) {
  return read::whole<ConformanceChanged>(json, kMostConformanceBytes, read_conformance_changed);
}

std::string to_json(const ConformanceChanged& changed) {
  Writer w;
  w.begin_object().key("agreement").string(changed.agreement).key("party").string(changed.party);
  read::write_text_if_any(w, "unit", changed.unit);
  read::write_text_if_any(w, "movement", changed.movement);
  read::write_text_if_any(w, "clause", changed.clause);
  w.key("at").string(to_text(changed.at));
  if (const auto* state = std::get_if<KeepingChanged>(&changed.what)) {
    write_keeping(w, *state);
  } else if (const auto* composition = std::get_if<CompositionChanged>(&changed.what)) {
    w.key("composition").begin_object().key("mismatch").boolean(composition->mismatch);
    w.key("declared").integer(composition->declared).key("counted").integer(composition->counted).end_object();
  } else {
    write_foreseen(w, std::get<Foreseen>(changed.what));
  }
  w.end_object();
  return w.take();
}

std::string to_sentence(const ConformanceChanged& changed) {
  return std::visit([&](const auto& what) { return said(changed, what); }, changed.what);
}

}  // namespace wideberth::model
