#include "cli/watch_alerts.h"

#include <unistd.h>

#include <chrono>
#include <map>
#include <optional>
#include <thread>

#include "cli/numbers.h"
#include "cli/show_text.h"
#include "cli/terminal.h"
#include "json/reader.h"
#include "json/writer.h"
#include "model/alerts.h"
#include "model/conformance.h"
#include "model/encounters.h"

namespace wideberth::cli {
namespace {

constexpr std::int64_t kMostWatchedIndex = std::int64_t{1} << 53;
constexpr std::size_t kMostAlerts = 1000;

struct ToldAlert {
  std::int64_t entry = 0;
  model::AlertRaised raised{};
  std::optional<std::string> ended{};
};

Result<ToldAlert> read_told(const json::Reader& from) {
  ToldAlert told;
  WB_TRY(entry, from.member("entry"));
  WB_TRY(number, entry.integer(0, kMostWatchedIndex));
  told.entry = number;
  WB_TRY(raised, from.member("raised"));
  WB_TRY(parsed, model::parse_alert_raised(json::to_json(raised.value())));
  told.raised = std::move(parsed);
  if (const auto ended = from.find("ended")) {
    WB_TRY(word, ended->text(32));
    told.ended = std::move(word);
  }
  return told;
}

std::string raised_text(const ToldAlert& told) {
  const model::AlertRaised& r = told.raised;
  const std::string other =
      r.other_unit.empty() ? "a unit of " + r.other_party + "'s" : r.other_unit + " (" + r.other_party + ")";
  return to_short_text(r.at) + " [" + std::to_string(told.entry) + "] " + std::string(model::name_of(r.grade)) + ": " + r.unit +
         " and " + other + ", " + metres_text(r.now.metres()) + " apart; as they go, " + metres_text(r.least.metres()) + " in " +
         std::to_string(r.in.ms() / 1000) + " s";
}

class Round {
 public:
  Round(client::Desk& desk, bool json, bool picture)
      : desk_(desk), json_(json), picture_(picture && ::isatty(STDOUT_FILENO) == 1) {}

  /// What is new since the last time.
  Result<void> ask() {
    http::Fields query;
    query.emplace_back("from", std::to_string(open_.empty() ? next_ : open_.begin()->first));
    WB_TRY(value, desk_.get("/v1/alerts", query));
    const json::Reader root(value);
    WB_TRY(member, root.member("alerts"));
    WB_TRY(all, member.elements(0, kMostAlerts));
    for (const json::Reader& each : all) {
      WB_TRY(told, read_told(each));
      tell(told, each);
      next_ = std::max(next_, told.entry + 1);
    }
    WB_TRY_VOID(ask_encounters());
    WB_TRY_VOID(ask_conformance());
    if (picture_) draw();
    return {};
  }

 private:
  Result<void> ask_encounters() {
    const std::int64_t from = met_.empty() ? next_met_ : met_.begin()->first;
    WB_TRY(value, desk_.get("/v1/encounters", {{"from", std::to_string(from)}}));
    WB_TRY(member, json::Reader(value).member("encounters"));
    WB_TRY(all, member.elements(0, kMostAlerts));
    for (const json::Reader& each : all) {
      WB_TRY(entry_at, each.member("entry"));
      WB_TRY(entry, entry_at.integer(0, kMostWatchedIndex));
      const auto opened = each.find("opened"), closed = each.find("closed");
      const bool known = met_.contains(entry), over = each.find("over").has_value();
      if (!known && entry < next_met_) continue;
      next_met_ = std::max(next_met_, entry + 1);
      if (json_ && (!known || over)) say(json::to_json(each.value()));
      if (!known && opened && opened->is_object()) {
        WB_TRY(head, model::parse_encounter_opened(json::to_json(opened->value())));
        met_[entry] = "encounter: " + encounter_head(head);
        line(entry, met_[entry]);
      }
      if (!over) continue;
      met_.erase(entry);
      if (!closed || !closed->is_object()) continue;
      WB_TRY(told, model::parse_encounter_closed(json::to_json(closed->value())));
      for (const std::string& each_line : encounter_lines(told)) line(entry, "encounter " + each_line);
    }
    return {};
  }

  Result<void> ask_conformance() {
    WB_TRY(value, desk_.get("/v1/conformance", {{"from", std::to_string(next_state_)}}));
    WB_TRY(member, json::Reader(value).member("conformance"));
    WB_TRY(all, member.elements(0, kMostAlerts));
    for (const json::Reader& each : all) {
      WB_TRY(entry_at, each.member("entry"));
      WB_TRY(entry, entry_at.integer(0, kMostWatchedIndex));
      next_state_ = std::max(next_state_, entry + 1);
      WB_TRY(told_at, each.member("told"));
      WB_TRY(told, model::parse_conformance_changed(json::to_json(told_at.value())));
      if (json_) say(json::to_json(each.value()));
      line(entry, to_short_text(told.at) + " " + to_sentence(told));
    }
    return {};
  }

  /// As it comes; in the picture, the last few.
  void line(std::int64_t entry, const std::string& text) {
    if (json_) return;
    const std::string whole = "[" + std::to_string(entry) + "] " + text;
    if (!picture_) return say(whole);
    constexpr std::size_t kLast = 12;
    last_.push_back(whole);
    if (last_.size() > kLast) last_.erase(last_.begin());
  }

  void tell(const ToldAlert& told, const json::Reader& as_read) {
    const bool known = open_.contains(told.entry);
    if (!known && told.entry < next_) return;  // closed, and told so
    if (json_ && (!known || told.ended)) say(json::to_json(as_read.value()));
    if (!json_ && !picture_ && !known) say(raised_text(told));
    if (told.ended) {
      open_.erase(told.entry);
      if (!json_ && !picture_) say("[" + std::to_string(told.entry) + "] closed: " + *told.ended);
    } else {
      open_[told.entry] = raised_text(told);
    }
  }

  void draw() const {
    std::string page =
        "\x1b[H\x1b[2J" + to_short_text(desk_.now()) + "  " + counted(open_.size(), "open alert", "open alerts") + "\n\n";
    for (const auto& [entry, text] : open_) page += text + "\n";
    for (const auto& [entry, text] : met_) page += text + "\n";
    page += "\n";
    for (const std::string& each : last_) page += each + "\n";
    say(page);
  }

  client::Desk& desk_;
  bool json_, picture_;
  std::map<std::int64_t, std::string> open_{};
  std::int64_t next_ = 0;
  std::map<std::int64_t, std::string> met_{};  ///< open encounters
  std::int64_t next_met_ = 0, next_state_ = 0;
  std::vector<std::string> last_{};
};

}  // namespace

Result<void> watch_alerts(client::Desk& desk, base::Millis span, bool json, bool picture) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(span.ms());
  Round round(desk, json, picture);
  for (;;) {
    if (const auto asked = round.ask(); !asked) {
      const base::Kind kind = base::kind_of(asked.error().rule);
      if (kind != base::Kind::unavailable && kind != base::Kind::too_many) return asked;
      warn(base::to_text(asked.error()));
    }
    if (span.ms() > 0 && std::chrono::steady_clock::now() >= end) return {};
    std::this_thread::sleep_for(std::chrono::seconds(1));
  }
}

}  // namespace wideberth::cli
