// wideberth sheet: the movements of a day on paper, for those who have nothing else.
#include <algorithm>
#include <memory>

#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/desk_options.h"
#include "cli/files.h"
#include "cli/sheet_text.h"
#include "ledger/hash.h"
#include "ledger/tree.h"
#include "model/notification.h"

namespace wideberth::cli {
namespace {

using json::Reader;

constexpr std::size_t kMostSheet = std::size_t{64} << 20;
constexpr std::string_view kCode = kSheetCode, kDrawnUp = kSheetDrawnUp, kSheetTitle = "Movements of ";

struct SheetOptions {
  DeskOptions desk;
  std::string day, as_of, verify, reader;
  bool html = false;
};

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
  if (!text.starts_with(kSheetTitle) || code == std::string::npos)
    return tell_verified(false, "This is no sheet that wideberth sheet printed, or its beginning or its code is lost.",
                         given.desk.json);
  if (with_sheet_code(text.substr(0, code)) != text)
    return tell_verified(false, "The code does not fit: this sheet is not as it was drawn up.", given.desk.json);
  if (given.desk.server.empty())
    return tell_verified(
        true, "The code fits: nothing on this sheet was changed by mistake. With --server, --key and --policy the log is asked.",
        given.desk.json);
  const auto sitting = Sitting::open(given.desk);
  if (!sitting) return fail(sitting.error(), given.desk.json);
  const auto again = sheet_of_day((*sitting)->desk(), header_word(text, kSheetTitle, ", UTC\n"),
                                  header_word(text, ", as of entry ", ".\n"), header_word(text, "\nFor ", kSheetPrintedBy));
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
  const auto text = sheet_of_day((*sitting)->desk(), day, given.as_of, given.reader);
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
      .option({.name = "--for",
               .value = "PARTY",
               .help = "what a party without a key may see, as far as you may know it, for you to hand or read to it"},
              given->reader)
      .flag({.name = "--html", .help = "a page to be printed from a browser, instead of plain text"}, given->html)
      .option(
          {.name = "--verify", .value = "FILE", .help = "check a sheet's code; with a server, whether the log tells the same"},
          given->verify);
  add_desk_options(command, given->desk, false);
  command
      .foot(
          "Example: wideberth sheet --day 2020-08-25 --html > sheet.html\n"
          "         wideberth sheet --for red\n"
          "It holds what your own party may see, or the one that it is for, and nothing else: keep it as you keep your screen.\n")
      .action([given] { return sheet(*given); });
}

}  // namespace wideberth::cli
