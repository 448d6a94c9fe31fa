// wideberth sheet: the movements of a day on paper, for those who have nothing else.
#include <algorithm>
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/desk_options.h"
#include "cli/files.h"
#include "client/pages.h"
#include "ledger/hash.h"
#include "ledger/tree.h"
#include "model/notification.h"

namespace wideberth::cli {
namespace {

using json::Reader;

constexpr std::size_t kMostSheet = std::size_t{64} << 20;
constexpr base::Millis kDay = base::Millis::from_seconds(86'400);
constexpr std::string_view kCode = "Sheet code: ";
constexpr std::string_view kDrawnUp = "Drawn up ";

struct SheetOptions {
  DeskOptions desk;
  std::string day, as_of, verify;
  bool html = false;
};

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

std::string vehicles_of(const model::Notification& notified) {
  std::string text;
  for (const model::CompositionLine& each : notified.composition.vehicles)
    text += (text.empty() ? "" : ", ") + std::to_string(each.count) + " " + one_line(each.type);
  return text;
}

/// What is told of where it goes and what drives; an outline is cells, and stays on the screen.
Result<std::string> details_of(const Reader& revision) {
  WB_TRY(view, sheet_word(revision, "view"));
  const auto feature = revision.find("feature");
  if (!feature || view == name_of(model::View::outline))
    return std::string("    told as cells and slots alone: wideberth show\n");
  WB_TRY(notified, model::parse_feature(*feature));
  const std::vector<geo::Place> places = model::places_of(notified);
  std::string text = "    from  " + place_text(places.front()) + "\n";
  if (places.back() != places.front()) text += "    to    " + place_text(places.back()) + "\n";
  const std::pair<const char*, std::string> more[] = {{"vehicles", vehicles_of(notified)},
                                                      {"purpose", notified.purpose},
                                                      {"call", notified.focal_point},
                                                      {"for", notified.organisation}};
  for (const auto& [name, said] : more)
    if (!said.empty()) text += std::string("    ") + name + "  " + one_line(said) + "\n";
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
  WB_TRY(regime, sheet_word(movement, "regime"));
  WB_TRY(slip, sheet_word(latest, "slip_code"));
  WB_TRY(entry_at, latest.member("entry"));
  WB_TRY(entry, entry_at.integer(0, json::kMostInteger));
  WB_TRY(details, details_of(latest));
  std::string text = to_short_text(from) + " to " + to_short_text(to) + "\n  " + id + "  " + subject + " of " + party +
                     ", revision " + std::to_string(revisions.size()) + " (entry " + std::to_string(entry) + "), regime " +
                     regime + ", slip code " + slip + (movement.find("held") ? ", SUSPENDED" : "") + "\n" + details;
  return std::optional<SheetLine>(SheetLine{from, id, std::move(text)});
}

std::string with_code(std::string text) {
  const std::string code = ledger::to_base64(ledger::sha256(text));
  return std::move(text) + std::string(kCode) + code + "\n";
}

Result<std::string> draw_up(client::Desk& desk, const std::string& day_text, const std::string& as_of) {
  WB_TRY(begin, base::Instant::parse(day_text + "T00:00:00Z"));
  const base::Interval day{begin, begin + kDay - base::Millis::from_ms(1)};
  http::Fields query{{"standing", "standing"}};
  if (!as_of.empty()) query.emplace_back("as-of", as_of);
  WB_TRY(document, client::get_all(desk, "/v1/movements", query));
  WB_TRY(as_of_at, Reader(document).member("as_of"));
  WB_TRY(at, as_of_at.integer(0, json::kMostInteger));
  WB_TRY(list_at, Reader(document).member("movements"));
  WB_TRY(list, list_at.elements(0, 1'000'000));
  std::vector<SheetLine> lines;
  for (const Reader& each : list) {
    WB_TRY(line, sheet_line(each, day));
    if (line) lines.push_back(*std::move(line));
  }
  std::sort(lines.begin(), lines.end(),
            [](const SheetLine& a, const SheetLine& b) { return std::tie(a.from, a.id) < std::tie(b.from, b.id); });
  std::string text = "Movements of " + day_text + ", UTC\nFor " + desk.party() + " alone. Log " + desk.origin() +
                     ", as of entry " + std::to_string(at) + ".\n" + std::string(kDrawnUp) + to_short_text(desk.now()) +
                     ". What was filed later is not on it. A notice permits nothing and takes no protection away.\n\n";
  for (const SheetLine& each : lines) text += each.text + "\n";
  if (lines.empty()) text += "Nothing that " + desk.party() + " may see stands for this day.\n\n";
  return with_code(text + counted(lines.size(), "movement, activity or site", "movements, activities and sites") + ".\n");
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
  return text;
}

std::string to_page(const std::string& text) {
  const std::string escaped = replaced(replaced(replaced(text, "&", "&amp;"), "<", "&lt;"), ">", "&gt;");
  return "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Movements</title>\n"
         "<style>pre{font:11pt/1.35 monospace;white-space:pre-wrap}@page{margin:15mm}</style></head>\n<body><pre>" +
         escaped + "</pre></body>\n</html>\n";
}

/// The text of a sheet, as it stands or within its page.
std::string sheet_text(std::string sheet) {
  const std::size_t begin = sheet.find("<pre>"), end = sheet.rfind("</pre>");
  if (!sheet.starts_with("<!doctype") || begin == std::string::npos || end == std::string::npos || end < begin) return sheet;
  sheet = sheet.substr(begin + 5, end - begin - 5);
  return replaced(replaced(replaced(std::move(sheet), "&lt;", "<"), "&gt;", ">"), "&amp;", "&");
}

/// The text between two others on the sheet; empty where it is not so.
std::string header_word(const std::string& text, std::string_view before, std::string_view after) {
  const std::size_t begin = text.find(before);
  if (begin == std::string::npos) return {};
  const std::size_t end = text.find(after, begin + before.size());
  return end == std::string::npos ? std::string() : text.substr(begin + before.size(), end - begin - before.size());
}

/// Everything but when it was drawn up, and the code that rests on that.
std::string lasting(const std::string& text) {
  std::string rest = text.substr(0, text.rfind(kCode));
  const std::size_t at = rest.find(kDrawnUp);
  return at == std::string::npos ? rest : rest.erase(at, rest.find(". ", at) - at);
}

int tell_verified(bool holds, const std::string& why, bool json) {
  if (json) {
    json::Writer writer;
    writer.begin_object().key("holds").boolean(holds).key("why").string(why);
    say(writer.end_object().take());
  } else {
    say(why);
  }
  return holds ? kDone : kRefused;
}

int verify_sheet(const SheetOptions& given) {
  const auto file = read_file(given.verify, kMostSheet);
  if (!file) return fail(file.error(), given.desk.json);
  const std::string text = sheet_text(*file);
  const std::size_t code = text.rfind(kCode);
  if (code == std::string::npos || with_code(text.substr(0, code)) != text)
    return tell_verified(false, "The code does not fit: this sheet is not as it was drawn up.", given.desk.json);
  if (given.desk.server.empty())
    return tell_verified(
        true, "The code fits: nothing on this sheet was changed by mistake. With --server, --key and --policy the log is asked.",
        given.desk.json);
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto again =
      draw_up((*sitting)->desk(), header_word(text, "Movements of ", ", UTC\n"), header_word(text, ", as of entry ", ".\n"));
  if (!again) return fail(again.error(), given.desk.json);
  const bool same = lasting(*again) == lasting(text);
  return tell_verified(same, same ? "The log tells the same as of that entry." : "The log tells something else as of that entry.",
                       given.desk.json);
}

int sheet(const SheetOptions& given) {
  if (!given.verify.empty()) return verify_sheet(given);
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const std::string day = given.day.empty() ? to_text((*sitting)->desk().now()).substr(0, 10) : given.day;
  const auto text = draw_up((*sitting)->desk(), day, given.as_of);
  if (!text) return fail(text.error(), given.desk.json);
  std::string out = given.html ? to_page(*text) : *text;
  if (given.desk.json) {
    json::Writer writer;
    writer.begin_object().key("sheet").string(out);
    out = writer.end_object().take();
  } else {
    out.pop_back();  // say ends the line
  }
  say(out);
  return kDone;
}

}  // namespace

void add_sheet(Command& program) {
  const auto given = std::make_shared<SheetOptions>();
  Command command = program.add("sheet", "Print the movements of a day for those who have only paper");
  command.option({.name = "--day", .value = "DATE", .help = "such as 2020-08-25, UTC; today where it is not given"}, given->day)
      .option({.name = "--as-of", .value = "INDEX", .help = "as it stood after this entry"}, given->as_of)
      .flag({.name = "--html", .help = "a page to be printed from a browser, instead of plain text"}, given->html)
      .option(
          {.name = "--verify", .value = "FILE", .help = "check a sheet's code; with a server, whether the log tells the same"},
          given->verify);
  add_desk_options(command, given->desk, false);
  command
      .foot(
          "Example: wideberth sheet --day 2020-08-25 --html > sheet.html\n"
          "It holds what your own party may see, and nothing else: keep it as you keep your screen.\n")
      .action([given] { return sheet(*given); });
}

}  // namespace wideberth::cli
