#include "cli/finding_text.h"

#include "cli/cli.h"
#include "cli/desk_options.h"
#include "cli/numbers.h"
#include "cli/party_text.h"
#include "geo/text.h"
#include "json/writer.h"
#include "model/pact.h"
#include "model/pact_findings.h"
#include "model/presence.h"

namespace wideberth::cli {
namespace {

using json::Reader;

constexpr std::size_t kMostFindings = 1'000'000;

std::string where_text(const model::RuleTouched& touched) {
  if (const auto* exact = std::get_if<model::ExactTouch>(&touched.what))
    return ", between " + to_short_text(exact->window.from) + " and " + to_short_text(exact->window.to) + ", near " +
           geo::to_mgrs(exact->place, 3);
  if (const auto* coarse = std::get_if<model::CoarseConflict>(&touched.what))
    return ", between " + to_short_text(coarse->slot.from) + " and " + to_short_text(coarse->slot.to) + ", in the cell from " +
           geo::to_dd(coarse->cell_south_west);
  return {};
}

std::string count_text(const model::Counts& counts) {
  std::string text = counts.vehicles ? std::to_string(*counts.vehicles) + " vehicles" : "vehicles not stated";
  if (counts.people) text += ", " + std::to_string(*counts.people) + " people";
  return text;
}

std::string cited_clause(const std::string& agreement, std::uint32_t version, const std::string& clause) {
  return "clause " + clause + " of " + agreement + ", version " + std::to_string(version);
}

std::string under_text(const model::Under& under) {
  std::string line = "\n    under " + (under.of == "text" ? std::string("the text") : under.of + "'s reading");
  if (under.reading) line += " (entry " + std::to_string(under.reading->value) + ")";
  if (under.separation) line += ", " + metres_text(under.separation->metres()) + " owed";
  if (under.touched) line += *under.touched ? ": touched" : ": not touched";
  if (under.regime) line += ": regime " + std::string(name_of(*under.regime));
  if (!under.governs.empty()) line += ": " + under.governs + " governs";
  return line;
}

std::string touched_text(const model::RuleTouched& touched) {
  const std::string by = cited_clause(touched.agreement, touched.version, touched.clause);
  if (touched.rule == model::TouchedRule::composition_tolerance)
    return touched.movement + ", " + by + ": notified " + count_text(touched.notified) + "; now " + count_text(touched.counted);
  if (touched.rule == model::TouchedRule::special_caution_area)
    return touched.movement + ", " + by + ": special caution in " + touched.area + where_text(touched) + ": " +
           in_quotes(touched.measures);
  return touched.movement + ", " + by + ": " + (touched.platform_class == "*" ? "everything" : touched.platform_class) +
         " is excluded from " + touched.area + (touched.notice_short ? " unless notified in time, and it was not" : "") +
         where_text(touched);
}

std::string differs_text(const model::ReadingDiffers& differs) {
  std::string line = differs.movement + ", " + cited_clause(differs.agreement, differs.version, differs.clause) + ": " +
                     std::string(name_of(differs.about)) + " by each reading; none is preferred";
  if (!differs.other.empty()) line += "; the other is " + differs.other;
  if (!differs.area.empty()) line += "; area " + differs.area;
  return line;
}

std::string sighted_text(const model::SightingDiffers& found) {
  std::string line = found.sighting + ", " + cited_clause(found.agreement, found.version, found.clause) + ": " + found.seen_by +
                     " saw " + std::to_string(found.seen) + " \"" + found.seen_type + "\"; " + found.stated_by + " stated " +
                     std::to_string(found.stated) + " in its " + std::string(name_of(found.against)) +
                     (found.movement.empty() ? " in " + found.area : " of " + found.movement);
  std::string words;
  for (const std::string& each : found.stated_types) words += (words.empty() ? " (" : ", ") + each;
  return line + (words.empty() ? "" : words + ")") + "; both stand";
}

Result<std::string> name_at(const Reader& at, std::string_view name) {
  WB_TRY(member, at.member(name));
  return member.text(4000, true);
}

Result<std::string> number_at(const Reader& at, std::string_view name) {
  const auto member = at.find(name);
  if (!member) return std::string();
  WB_TRY(index, member->integer(0, json::kMostInteger));
  return std::to_string(index);
}

Result<void> print_caution(const Reader& each) {
  WB_TRY(clause, name_at(each, "clause"));
  WB_TRY(force_at, each.member("in_force"));
  WB_TRY(in_force, force_at.boolean());
  WB_TRY(joined, each.member("joined"));
  std::string who;
  for (const auto& [party, entry] : joined.members()) who += (who.empty() ? "" : ", ") + party;
  say("  special caution by clause " + clause + ": " + (in_force ? "in force" : "not in force") +
      "; opted in: " + (who.empty() ? "nobody" : who));
  return {};
}

}  // namespace

Result<std::string> finding_lines(const Reader& finding) {
  WB_TRY(kind, name_at(finding, "kind"));
  WB_TRY(found_at, finding.member("found"));
  const std::string json = json::to_json(found_at.value());
  std::string lines;
  std::vector<model::Under> unders;
  if (kind == "sighting.differs") {
    WB_TRY(sighted, model::parse_sighting_differs(json));
    return sighted_text(sighted);
  }
  if (kind == "rule.touched") {
    WB_TRY(touched, model::parse_rule_touched(json));
    lines = touched_text(touched);
    unders = std::move(touched.under);
  } else {
    WB_TRY(differs, model::parse_reading_differs(json));
    lines = differs_text(differs);
    unders = std::move(differs.under);
  }
  for (const model::Under& under : unders) lines += under_text(under);
  return lines;
}

Result<void> print_findings(const json::Value& document) {
  WB_TRY(list_at, Reader(document).member("findings"));
  WB_TRY(list, list_at.elements(0, kMostFindings));
  for (const Reader& each : list) {
    WB_TRY(entry, number_at(each, "entry"));
    WB_TRY(current_at, each.member("current"));
    WB_TRY(current, current_at.boolean());
    WB_TRY(lines, finding_lines(each));
    say("entry " + entry + (current ? "  " : "  (of a revision that stands no more) ") + lines);
  }
  if (list.empty()) say("No rule touched, and no reading that differs, that you were told of.");
  return {};
}

Result<void> print_pact(const Reader& agreement) {
  WB_TRY(withdrawals, agreement.member("withdrawals"));
  for (const auto& [party, each] : withdrawals.members()) {
    WB_TRY(entry, number_at(each, "entry"));
    WB_TRY(effect, name_at(each, "effect"));
    say("  " + party + (each.find("left") ? " has withdrawn" : " withdraws") + " by entry " + entry + ", with effect from " +
        effect);
  }
  WB_TRY(caution_at, agreement.member("caution"));
  WB_TRY(caution, caution_at.elements(0, kMostFindings));
  for (const Reader& each : caution) WB_TRY_VOID(print_caution(each));
  WB_TRY(consultations_at, agreement.member("consultations"));
  WB_TRY(consultations, consultations_at.elements(0, kMostFindings));
  for (const Reader& each : consultations) {
    WB_TRY(entry, number_at(each, "entry"));
    WB_TRY(party, name_at(each, "party"));
    const auto said = each.find("said");
    if (!said) continue;
    WB_TRY(held, name_at(*said, "held"));
    say("  " + party + " states that it consulted at " + held + " (entry " + entry + ")");
  }
  WB_TRY(reports_at, agreement.member("reports"));
  WB_TRY(reports, reports_at.elements(0, kMostFindings));
  for (const Reader& each : reports) {
    WB_TRY(entry, number_at(each, "entry"));
    WB_TRY(party, name_at(each, "party"));
    WB_TRY(answers, number_at(each, "answers"));
    const auto said = each.find("said");
    if (!said) continue;
    WB_TRY(summary, name_at(*said, "summary"));
    say("  " + party + " reports an incident (entry " + entry + (answers.empty() ? "" : ", answering entry " + answers) +
        "): " + in_quotes(summary));
  }
  return {};
}

}  // namespace wideberth::cli
