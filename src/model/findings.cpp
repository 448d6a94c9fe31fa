#include "model/findings.h"

#include <array>
#include <limits>

#include "model/read.h"
#include "model/rules_text.h"

namespace wideberth::model {
namespace {

using json::Reader;
using json::Writer;

constexpr std::array<std::string_view, 10> kDeadlineNames = {"notice",          "acknowledge",    "answer",   "unit_informed",
                                                             "query",           "message_answer", "check_in", "sighting",
                                                             "incident_report", "consultation"};
constexpr std::size_t kMostFindingBytes = std::size_t{64} << 10;

bool of_agreement(DeadlineKind kind) { return kind == DeadlineKind::incident_report || kind == DeadlineKind::consultation; }

Result<Delivered> read_delivered(const Reader& at) {
  WB_TRY_VOID(at.only({"recipient", "view", "bytes"}));
  WB_TRY(recipient, read::short_name(at, "recipient"));
  WB_TRY(view_at, at.member("view"));
  WB_TRY(view, read::word<View>(view_at, kViewNames));
  WB_TRY(bytes, read::hash(at, "bytes"));
  return Delivered{std::move(recipient), view, bytes};
}

Result<Deadline> read_deadline(const Reader& at) {
  Deadline deadline;
  WB_TRY(kind_at, at.member("kind"));
  WB_TRY(kind, read::word<DeadlineKind>(kind_at, kDeadlineNames));
  deadline.kind = kind;
  WB_TRY(party, read::short_name(at, "party"));
  deadline.party = std::move(party);
  if (!of_agreement(kind)) {
    WB_TRY(notification, read::id(at, "notification"));
    deadline.notification = std::move(notification);
  }
  WB_TRY(revision, read::index(at, "revision"));
  deadline.revision = revision;
  WB_TRY(due, read::instant(at, "due"));
  deadline.due = due;
  WB_TRY(clause, read::text(at, "clause", kMostClause));
  deadline.clause = std::move(clause);
  WB_TRY(agreement, read::id(at, "agreement"));
  deadline.agreement = std::move(agreement);
  return deadline;
}

Result<DeadlineMissed> read_missed(const Reader& at) {
  WB_TRY_VOID(at.only({"kind", "party", "notification", "revision", "due", "clause", "agreement"}));
  WB_TRY(deadline, read_deadline(at));
  return DeadlineMissed{std::move(deadline)};
}

Result<DeadlineChannelDown> read_deadline_channel_down(const Reader& at) {
  WB_TRY_VOID(at.only({"kind", "party", "notification", "revision", "due", "clause", "agreement", "outage"}));
  WB_TRY(deadline, read_deadline(at));
  WB_TRY(outage, read::span(at, "outage"));
  return DeadlineChannelDown{std::move(deadline), outage};
}

Result<ChannelDown> read_channel_down(const Reader& at) {
  WB_TRY_VOID(at.only({"outage", "cause"}));
  WB_TRY(outage, read::span(at, "outage"));
  WB_TRY(cause, read::text(at, "cause", kMostReason, true));
  return ChannelDown{outage, std::move(cause)};
}

Result<ClockStepped> read_clock_stepped(const Reader& at) {
  WB_TRY_VOID(at.only({"from", "to"}));
  WB_TRY(from, read::instant(at, "from"));
  WB_TRY(to, read::instant(at, "to"));
  return ClockStepped{from, to};
}

Result<SeenDisputed> read_seen_disputed(const Reader& at) {
  WB_TRY_VOID(at.only({"size", "claimed", "ours"}));
  WB_TRY(size, read::integer(at, "size", 0, json::kMostInteger));
  WB_TRY(claimed, read::hash(at, "claimed"));
  WB_TRY(ours, read::hash(at, "ours"));
  return SeenDisputed{static_cast<std::uint64_t>(size), claimed, ours};
}

Result<NoteRefused> read_note_refused(const Reader& at) {
  WB_TRY_VOID(at.only({"text", "signer", "number", "rule", "found"}));
  NoteRefused finding;
  WB_TRY(text, read::hash(at, "text"));
  finding.text = text;
  WB_TRY(signer, read::text(at, "signer", ledger::kMostNameBytes));
  finding.signer = std::move(signer);
  WB_TRY(number, read::integer(at, "number", 1, json::kMostInteger));
  finding.number = static_cast<std::uint64_t>(number);
  // The code is kept as it was: a later release may have rules that this one does not know.
  WB_TRY(rule, read::text(at, "rule", kMostLabel));
  finding.rule = std::move(rule);
  WB_TRY(found, read::text_if_any(at, "found", kMostReason, true));
  finding.found = std::move(found);
  return finding;
}

Result<Expired> read_expired(const Reader& at) {
  WB_TRY_VOID(at.only({"notification"}));
  WB_TRY(notification, read::id(at, "notification"));
  return Expired{std::move(notification)};
}

Result<RulesChanged> read_rules_changed(const Reader& at) {
  WB_TRY_VOID(at.only({"rules"}));
  WB_TRY(rules, read::integer(at, "rules", 1, std::numeric_limits<std::int32_t>::max()));
  return RulesChanged{static_cast<std::uint32_t>(rules)};
}

void write_deadline(Writer& writer, const Deadline& deadline) {
  writer.key("kind").string(name_of(deadline.kind)).key("party").string(deadline.party);
  read::write_text_if_any(writer, "notification", deadline.notification);
  writer.key("revision").integer(static_cast<std::int64_t>(deadline.revision.value));
  writer.key("due").string(base::to_short_text(deadline.due)).key("clause").string(deadline.clause);
  writer.key("agreement").string(deadline.agreement);
}

}  // namespace

std::string_view name_of(DeadlineKind kind) noexcept { return kDeadlineNames[static_cast<std::size_t>(kind)]; }

Result<Delivered> parse_delivered(std::string_view json) {
  return read::whole<Delivered>(json, kMostFindingBytes, read_delivered);
}
Result<DeadlineMissed> parse_deadline_missed(std::string_view json) {
  return read::whole<DeadlineMissed>(json, kMostFindingBytes, read_missed);
}
Result<DeadlineChannelDown> parse_deadline_channel_down(std::string_view json) {
  return read::whole<DeadlineChannelDown>(json, kMostFindingBytes, read_deadline_channel_down);
}
Result<ChannelDown> parse_channel_down(std::string_view json) {
  return read::whole<ChannelDown>(json, kMostFindingBytes, read_channel_down);
}
Result<ClockStepped> parse_clock_stepped(std::string_view json) {
  return read::whole<ClockStepped>(json, kMostFindingBytes, read_clock_stepped);
}
Result<SeenDisputed> parse_seen_disputed(std::string_view json) {
  return read::whole<SeenDisputed>(json, kMostFindingBytes, read_seen_disputed);
}
Result<NoteRefused> parse_note_refused(std::string_view json) {
  return read::whole<NoteRefused>(json, kMostFindingBytes, read_note_refused);
}
Result<Expired> parse_expired(std::string_view json) { return read::whole<Expired>(json, kMostFindingBytes, read_expired); }
Result<RulesChanged> parse_rules_changed(std::string_view json) {
  return read::whole<RulesChanged>(json, kMostFindingBytes, read_rules_changed);
}

std::string to_json(const Delivered& finding) {
  Writer writer;
  writer.begin_object().key("recipient").string(finding.recipient).key("view").string(name_of(finding.view));
  writer.key("bytes").string(ledger::to_base64(finding.bytes)).end_object();
  return writer.take();
}

std::string to_json(const DeadlineMissed& finding) {
  Writer writer;
  writer.begin_object();
  write_deadline(writer, finding.deadline);
  writer.end_object();
  return writer.take();
}

std::string to_json(const DeadlineChannelDown& finding) {
  Writer writer;
  writer.begin_object();
  write_deadline(writer, finding.deadline);
  writer.key("outage");
  read::write_span(writer, finding.outage);
  writer.end_object();
  return writer.take();
}

std::string to_json(const ChannelDown& finding) {
  Writer writer;
  writer.begin_object().key("outage");
  read::write_span(writer, finding.outage);
  writer.key("cause").string(finding.cause).end_object();
  return writer.take();
}

std::string to_json(const ClockStepped& finding) {
  Writer writer;
  writer.begin_object().key("from").string(base::to_short_text(finding.from));
  writer.key("to").string(base::to_short_text(finding.to)).end_object();
  return writer.take();
}

std::string to_json(const SeenDisputed& finding) {
  Writer writer;
  writer.begin_object().key("size").integer(static_cast<std::int64_t>(finding.size));
  writer.key("claimed").string(ledger::to_base64(finding.claimed));
  writer.key("ours").string(ledger::to_base64(finding.ours)).end_object();
  return writer.take();
}

std::string to_json(const NoteRefused& finding) {
  Writer writer;
  writer.begin_object().key("text").string(ledger::to_base64(finding.text)).key("signer").string(finding.signer);
  writer.key("number").integer(static_cast<std::int64_t>(finding.number)).key("rule").string(finding.rule);
  read::write_text_if_any(writer, "found", base::excerpt(finding.found, kMostReason - 8));
  writer.end_object();
  return writer.take();
}

std::string to_json(const Expired& finding) {
  Writer writer;
  writer.begin_object().key("notification").string(finding.notification).end_object();
  return writer.take();
}

std::string to_json(const RulesChanged& finding) {
  Writer writer;
  writer.begin_object().key("rules").integer(finding.rules).end_object();
  return writer.take();
}

}  // namespace wideberth::model
