#include "cli/sheet_text.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "cli/party_text.h"
#include "cli/terminal.h"
#include "client/pages.h"
#include "ledger/hash.h"
#include "model/disclosure.h"
#include "model/notification.h"

namespace wideberth::cli {

using base::Result;
using json::Reader;

namespace {

/// A line of the sheet for each movement, in order of their beginning.
struct SheetLine {
  base::Instant from{};
  std::string id, text;
};

/// What a party wrote, on one line: nothing in it can look like a line of the sheet.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
  return text;
}

Result<std::string> sheet_word(const Reader& at, std::string_view name) {
  WB_TRY(member, at.member(name));
  WB_TRY(text, member.text(4000, true));
  return one_line(std::move(text));
}

/// Why and where it was suspended; empty where it is not.
Result<std::string> held_line(const Reader& movement) {
  const auto held = movement.find("held");
  if (!held) return std::string();
  WB_TRY(reason_at, held->member("reason"));
  WB_TRY(reason, reason_at.text(4000, true));
  WB_TRY(at_at, held->member("at"));
  WB_TRY(at, at_at.text(4000, true));
  return "    suspended" + (at.empty() ? "" : " at " + in_quotes(at)) + ": " + in_quotes(reason) + "\n";
}

/// What is told of where it goes and what drives; an outline is cells, and stays on the screen.
Result<std::string> details_of(const Reader& revision) {
  WB_TRY(view, sheet_word(revision, "view"));
  const auto feature = revision.find("feature");
  if (!feature || view == name_of(model::View::outline))
    return std::string("    told as cells and slots alone: wideberth show\n");
  WB_TRY(notified, model::parse_feature(*feature));
  std::string text;
  for (const std::string& line : lines_of_notification(notified)) text += "    " + line + "\n";
  return text;
}

Result<std::optional<SheetLine>> sheet_line(const Reader& movement, base::Interval day) {
  WB_TRY(revisions_at, movement.member("revisions"));
  WB_TRY(revisions, revisions_at.elements(1, 100'000));
  const Reader& latest = revisions.back();
  WB_TRY(window_at, latest.member("window"));
  WB_TRY(ends, window_at.elements(2, 2));
  WB_TRY(from, ends[0].instant());
  WB_TRY(to, ends[1].instant());
  if (!day.meets({from, to})) return std::optional<SheetLine>{};
  WB_TRY(id, sheet_word(movement, "id"));
  WB_TRY(subject, sheet_word(movement, "subject"));
  WB_TRY(party, sheet_word(movement, "party"));
  std::string regime = "not told";
  if (movement.find("regime")) {
    WB_TRY(told, sheet_word(movement, "regime"));
    regime = std::move(told);
  }
  WB_TRY(slip, sheet_word(latest, "slip_code"));
  WB_TRY(entry_at, latest.member("entry"));
  WB_TRY(entry, entry_at.integer(0, json::kMostInteger));
  WB_TRY(held, held_line(movement));
  WB_TRY(details, details_of(latest));
  if (const auto kept = movement.find("kept_until")) {
    WB_TRY(until, kept->instant());
    details += "    its parts are kept until " + to_short_text(until) + "; nothing is cut by itself then\n";
  }
  std::string text = to_short_text(from) + " to " + to_short_text(to) + "\n  " + id + "  " + subject + " of " + party +
                     ", revision " + std::to_string(revisions.size()) + " (entry " + std::to_string(entry) + "), regime " +
                     regime + ", slip code " + slip + (movement.find("held") ? ", SUSPENDED" : "") + "\n" + held + details;
  return std::optional<SheetLine>(SheetLine{from, id, std::move(text)});
}

}  // namespace

std::string with_sheet_code(std::string text) {
  const std::string code = ledger::to_base64(ledger::sha256(text));
  return std::move(text) + std::string(kSheetCode) + code + "\n";
}

Result<std::string> sheet_of(const json::Value& movements, const SheetHead& head) {
  WB_TRY(as_of_at, Reader(movements).member("as_of"));
  WB_TRY(at, as_of_at.integer(0, json::kMostInteger));
  WB_TRY(list_at, Reader(movements).member("movements"));
  WB_TRY(list, list_at.elements(0, 1'000'000));
  std::vector<SheetLine> lines;
  for (const Reader& each : list) {
    WB_TRY(line, sheet_line(each, head.day));
    if (line) lines.push_back(*std::move(line));
  }
  std::sort(lines.begin(), lines.end(),
            [](const SheetLine& a, const SheetLine& b) { return std::tie(a.from, a.id) < std::tie(b.from, b.id); });
  const std::string reader =
      head.printed_by.empty() ? head.party + " alone" : head.party + std::string(kSheetPrintedBy) + head.printed_by;
  std::string text = "Movements of " + head.day_text + ", UTC\nFor " + reader + ". Log " + head.origin + ", as of entry " +
                     std::to_string(at) + ".\n" + std::string(kSheetDrawnUp) + to_short_text(head.drawn_up) +
                     ". What was filed later is not on it. A notice permits nothing and takes no protection away.\n\n";
  for (const SheetLine& each : lines) text += each.text + "\n";
  if (lines.empty()) text += "Nothing that " + head.party + " may see stands for this day.\n\n";
  return with_sheet_code(text + counted(lines.size(), "movement, activity or site", "movements, activities and sites") + ".\n");
}

base::Result<std::string> sheet_of_day(client::Desk& desk, const std::string& day, const std::string& as_of,
                                       const std::string& reader) {
  WB_TRY(begin, base::Instant::parse(day + "T00:00:00Z"));
  http::Fields query{{"standing", "standing"}};
  if (!as_of.empty()) query.emplace_back("as-of", as_of);
  if (!reader.empty()) query.emplace_back("for", reader);
  WB_TRY(document, client::get_all(desk, "/v1/movements", query));
  const base::Interval whole{begin, begin + base::Millis::from_seconds(86'400) - base::Millis::from_ms(1)};
  const bool own = reader.empty();
  return sheet_of(document, {day, whole, own ? desk.party() : reader, desk.origin(), desk.now(), own ? "" : desk.party()});
}

}  // namespace wideberth::cli
