#include "cli/demo_telling.h"

#include <fmt/format.h>

#include <sstream>

#include "cli/show_text.h"
#include "geo/text.h"
#include "json/writer.h"
#include "model/conflict.h"
#include "model/conformance.h"
#include "model/encounters.h"
#include "model/findings.h"
#include "model/keys.h"
#include "model/kinds.h"

namespace wideberth::cli {
namespace {

using base::EntryIndex;
using base::Instant;
using base::Result;

constexpr std::size_t kCrowd = 5;  ///< of one kind at once: more are counted
constexpr std::int64_t kMostIndex = std::int64_t{1} << 53;

std::string clock_text(Instant at) { return base::to_text(at).substr(11, 5) + "Z"; }

std::string tell_delivered(std::string_view json) {
  const auto delivered = model::parse_delivered(json);
  if (!delivered) return {};
  const std::string what =
      delivered->view == model::View::full ? "all of it" : "its " + std::string(model::name_of(delivered->view));
  return fmt::format("{} lay ready for {}: these very bytes, SHA-256 {}…", what, delivered->recipient,
                     ledger::to_base64(delivered->bytes).substr(0, 12));
}

std::string tell_conflict(std::string_view json) {
  const auto found = model::parse_conflict_found(json);
  if (!found) return {};
  if (const auto* coarse = std::get_if<model::CoarseConflict>(&found->what))
    return fmt::format("{}: a conflict somewhere in a disclosed cell between {} and {}", found->a, clock_text(coarse->slot.from),
                       clock_text(coarse->slot.to));
  const geo::Meeting& m = std::get<model::ExactConflict>(found->what).meeting;
  const std::string least =
      m.least_m ? fmt::format("{:.0f} m on schedule, {:.0f} m within their windows", *m.least_m, m.least_possible_m)
                : fmt::format("{:.0f} m within their windows", m.least_possible_m);
  const auto called = [](const std::string& id, const std::string& route) {
    return route.empty() ? id : fmt::format("{} by its alternate \"{}\"", id, route);
  };
  return fmt::format("{} and {}: conflict, {}; between {} and {} at {}; least {}, {:.0f} m owed (clause {}); {}",
                     called(found->a, found->a_route), called(found->b, found->b_route), geo::name_of(m.kind),
                     clock_text(m.window.from), clock_text(m.window.to), geo::to_mgrs(m.place, 3), least,
                     found->separation.metres(), found->clause, model::advice_of(found->a, found->b, m));
}

std::string tell_deadline(const model::Deadline& d, std::string_view how) {
  switch (d.kind) {
    case model::DeadlineKind::notice:
      return fmt::format("{}: {} owed its notice by {} {} (clause {}), and it came later", d.notification, d.party,
                         base::to_text(d.due).substr(5, 5), clock_text(d.due), d.clause);
    case model::DeadlineKind::acknowledge:
      return fmt::format("{}: no acknowledgement by {} until {} (clause {}){}", d.notification, d.party, clock_text(d.due),
                         d.clause, how);
    case model::DeadlineKind::answer:
      return fmt::format("{}: no answer by {} until {} (clause {}){}", d.notification, d.party, clock_text(d.due), d.clause, how);
    case model::DeadlineKind::query:
      return fmt::format("{}: {} has not answered a question until {} (clause {}){}", d.notification, d.party, clock_text(d.due),
                         d.clause, how);
    case model::DeadlineKind::incident_report:
      return fmt::format("{}: {} has not reported an incident by {} (clause {}){}", d.agreement, d.party, clock_text(d.due),
                         d.clause, how);
    case model::DeadlineKind::consultation:
      return fmt::format("{}: {} has not consulted by {} (clause {}){}", d.agreement, d.party, clock_text(d.due), d.clause, how);
    case model::DeadlineKind::message_answer:
    case model::DeadlineKind::sighting:
      return fmt::format("{}: no answer by {} until {} ({}){}", d.notification, d.party, clock_text(d.due), d.clause, how);
    case model::DeadlineKind::check_in:
      return fmt::format("{}: {} did not check in until {} (clause {}){}", d.notification, d.party, clock_text(d.due), d.clause,
                         how);
    case model::DeadlineKind::unit_informed: break;
  }
  return fmt::format("{}: {} has not said by {} that its unit was told (clause {}){}", d.notification, d.party, clock_text(d.due),
                     d.clause, how);
}

}  // namespace

std::string marks_of(const Step& step) {
  if (step.basis.size() == 1 && step.basis.front() == "invented") return "(invented)";
  std::string sources;
  for (const std::string& each : step.basis) sources += (sources.empty() ? "[" : ", ") + each;
  return sources + "]";
}

std::string told(const Step& step) {
  const std::string marks = marks_of(step);
  const std::size_t last = step.say.rfind('(');
  const bool says_so = last != std::string::npos && step.say.find(')', last) + 2 >= step.say.size() &&
                       step.say.find("invented", last) != std::string::npos;
  return marks == "(invented)" && says_so ? step.say : step.say + " " + marks;
}

std::string sentence_of(const client::Read& entry) {
  const auto kind = model::kind_named(entry.text.kind);
  const std::string* full = entry.part(model::kFullPart);
  if (kind == model::EntryKind::unit_described) return "a party describes its units; nobody else may read what it says";
  if (!kind || full == nullptr) return {};
  switch (*kind) {
    case model::EntryKind::log_opened: return "the log is opened; its time is quickened, for it is a demonstration";
    case model::EntryKind::positions_reported:
      return "a batch of positions, committed to fix by fix; other parties see it as the agreement says";
    case model::EntryKind::key_added: return "a desk's key is added by its party's root key";
    case model::EntryKind::notification_delivered: return tell_delivered(*full);
    case model::EntryKind::conflict_found: return tell_conflict(*full);
    case model::EntryKind::notification_expired: {
      const auto expired = model::parse_expired(*full);
      return expired ? expired->notification + ": its last window has ended and nobody stated it completed" : std::string();
    }
    case model::EntryKind::deadline_missed: {
      const auto missed = model::parse_deadline_missed(*full);
      return missed ? tell_deadline(missed->deadline, "") : std::string();
    }
    case model::EntryKind::deadline_channel_down: {
      const auto down = model::parse_deadline_channel_down(*full);
      return down ? tell_deadline(down->deadline, ", while the channel was down: it counts against nobody") : std::string();
    }
    case model::EntryKind::conformance_changed: {
      const auto changed = model::parse_conformance_changed(*full);
      return changed ? "to " + entry.text.to.front() + ": " + model::to_sentence(*changed) : std::string();
    }
    case model::EntryKind::encounter_opened: {
      const auto opened = model::parse_encounter_opened(*full);
      return opened ? "to " + entry.text.to.front() + ": encounter, " + encounter_head(*opened) : std::string();
    }
    case model::EntryKind::encounter_closed: {
      const auto closed = model::parse_encounter_closed(*full);
      return closed ? "to " + entry.text.to.front() + ": encounter " + encounter_lines(*closed).front() : std::string();
    }
    default: return {};
  }
}

std::vector<std::string> further_lines(const client::Read& entry) {
  const std::string* full = entry.part(model::kFullPart);
  if (full == nullptr || entry.text.kind != model::name_of(model::EntryKind::encounter_closed)) return {};
  const auto closed = model::parse_encounter_closed(*full);
  if (!closed) return {};
  std::vector<std::string> lines = encounter_lines(*closed);
  lines.erase(lines.begin());
  return lines;
}

/// Batches, alerts and what is held of another log come by the hundred, and so do the notices of a sheet: a person reads how
/// many, and every one of them is kept with its receipt.
bool Telling::counts(const client::Read& entry, std::size_t at_once) {
  const std::string& kind = entry.text.kind;
  const bool many = kind == "positions.reported" || kind == "alert.raised" || kind == "alert.closed" || kind == "entry.crossed";
  const bool crowded = at_once > kCrowd && (kind.starts_with("notification.") || kind.starts_with("deadline."));
  if (json_ || (!many && !crowded)) return false;
  ++counted_[kind];
  return true;
}

void Telling::say_counted() {
  std::string all;
  for (const auto& [kind, count] : counted_) all += fmt::format("{}{} {}", all.empty() ? "" : ", ", count, kind);
  if (!all.empty())
    print_("          besides" + (log_.empty() ? log_ : " in " + log_ + "'s log") + ", each an entry with its receipt: " + all);
  counted_.clear();
}

void Telling::date(Instant at) {
  const std::string day = base::to_text(at).substr(0, 10);
  if (day == day_) return;
  day_ = day;
  print_("");
  print_(day);
}

void Telling::line(const client::Read& entry, const std::string& what) {
  if (json_) {
    json::Writer writer;
    writer.begin_object();
    if (!log_.empty()) writer.key("log").string(entry.text.origin);
    writer.key("index").integer(static_cast<std::int64_t>(entry.index.value));
    writer.key("received").string(to_text(entry.received)).key("kind").string(entry.text.kind);
    return print_(writer.key("signer").string(entry.text.signer).key("say").string(what).end_object().take());
  }
  date(entry.received);
  const std::string who = entry.text.signer == entry.text.origin ? "the log" : entry.text.signer;
  const std::string log = log_.empty() ? log_ : fmt::format("{:<7}", log_ + "'s");
  print_(fmt::format("{}  {}[{:>3}] {:<15} {:<27} {}", clock_text(entry.received), log, entry.index.value, who, entry.text.kind,
                     what));
}

void Telling::narrate(const Step& step) {
  if (json_) return;
  date(step.at);
  print_(fmt::format("{}    ·   {}", clock_text(step.at), told(step)));
}

void Telling::show(const std::string& text) {
  if (json_) return;
  std::istringstream lines(text);
  for (std::string each; std::getline(lines, each);) print_("          | " + each);
}

std::string Telling::what_of(const client::Read& entry) const {
  const auto party = model::party_of_key(entry.text.signer);
  const bool carried = !log_.empty() && entry.text.signer != entry.text.origin && party != log_ && entry.text.kind != "key.added";
  return carried ? fmt::format("carried here from {}'s own log", party) : sentence_of(entry);
}

Result<std::vector<client::Read>> Telling::read_new() {
  std::vector<client::Read> news;
  for (;;) {
    http::Fields query;
    query.emplace_back("from", std::to_string(next_));
    WB_TRY(value, reader_.get("/v1/entries", query));
    const json::Reader root(value);
    WB_TRY(member, root.member("entries"));
    WB_TRY(listed, member.elements(0, 256));
    WB_TRY(after, root.member("next"));
    WB_TRY(next, after.integer(0, kMostIndex));
    if (static_cast<std::uint64_t>(next) == next_) return news;
    next_ = static_cast<std::uint64_t>(next);
    for (const json::Reader& each : listed) {
      WB_TRY(position, each.member("index"));
      WB_TRY(number, position.integer(0, kMostIndex));
      WB_TRY(entry, reader_.entry(EntryIndex{static_cast<std::uint64_t>(number)}));
      news.push_back(std::move(entry));
    }
  }
}

Result<void> Telling::tell_new(const Step* step, std::optional<EntryIndex> own) {
  WB_TRY(news, read_new());
  std::map<std::string, std::size_t> at_once;
  for (const client::Read& entry : news) ++at_once[entry.text.kind];
  for (client::Read& entry : news) {
    const bool told_by_step = own && *own == entry.index && step != nullptr;
    if (!counts(entry, at_once[entry.text.kind])) {
      line(entry, told_by_step ? told(*step) : what_of(entry));
      if (!json_)
        for (const std::string& each_line : further_lines(entry)) print_("                " + each_line);
    }
    ++kinds_[entry.text.kind];
    entries_.push_back(std::move(entry));
  }
  if (log_.empty()) say_counted();  // what is held of another log comes with every step: at the end is soon enough
  return {};
}

}  // namespace wideberth::cli
