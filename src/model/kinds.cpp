#include "model/kinds.h"

#include <algorithm>
#include <array>

namespace wideberth::model {
namespace {

using K = EntryKind;
constexpr auto kServer = Signs::server;
constexpr auto kRoot = Signs::root;
constexpr auto kParty = Signs::party;
constexpr auto kFull = Parts::full;
constexpr auto kCoarser = Parts::full_and_coarser;
constexpr std::string_view kRevision = "the revision";
constexpr std::string_view kAbout = "the agreement's proposal, then what it is about";

// docs/entries.md says the same at length.
constexpr std::array kRows = {
    KindRow{K::log_opened, "log.opened", kServer, 0, 0, kFull, "", "Opens the log: keys, parties, witnesses, quorum, time."},
    KindRow{K::key_added, "key.added", kRoot, 0, 0, kFull, "", "A party gives a desk a key, with or without a narrower scope."},
    KindRow{K::key_revoked, "key.revoked", kRoot, 0, 0, kFull, "", "A key signs no more from here on."},
    KindRow{K::key_compromised, "key.compromised", kRoot, 0, 0, kFull, "", "What a key signed since an index is in doubt."},
    KindRow{K::agreement_proposed, "agreement.proposed", kParty, 0, 1, kFull, "the agreement that it supersedes",
            "A text of an agreement, to be signed by every party to it."},
    KindRow{K::agreement_signed, "agreement.signed", kParty, 1, 1, kFull, "the proposal", "A party signs exactly this text."},
    KindRow{K::agreement_reading, "agreement.reading", kParty, 1, 1, kFull, "the proposal",
            "How a party reads a clause, or what it reserves."},
    KindRow{K::notification_filed, "notification.filed", kParty, 0, 1, kCoarser, "the agreement's proposal",
            "A movement, an activity or a site is notified."},
    KindRow{K::notification_amended, "notification.amended", kParty, 1, 1, kCoarser, kRevision,
            "A new revision takes the place of the one before, with a reason."},
    KindRow{K::notification_withdrawn, "notification.withdrawn", kParty, 1, 1, kFull, kRevision, "It will not take place."},
    KindRow{K::notification_received, "notification.received", kParty, 1, 1, kFull, kRevision,
            "The recipient has the view that it names."},
    KindRow{K::notification_acknowledged, "notification.acknowledged", kParty, 1, 1, kFull, kRevision,
            "A named person has read it; no condition, no consent."},
    KindRow{K::notification_objected, "notification.objected", kParty, 1, 1, kFull, kRevision,
            "The recipient states why the plan conflicts."},
    KindRow{K::notification_answered, "notification.answered", kParty, 1, 1, kFull, kRevision,
            "No objection; or, where an answer is owed, agreed or not agreed."},
    KindRow{K::notification_unit_informed, "notification.unit_informed", kParty, 1, 1, kFull, kRevision,
            "A post in the field has been told, and quoted the slip code or not."},
    KindRow{K::notification_completed, "notification.completed", kParty, 1, 1, kFull, kRevision, "It has ended."},
    KindRow{K::notification_outcome, "notification.outcome", kParty, 1, 1, kFull, kRevision,
            "How it went: facilitated, impeded, delayed, denied, cancelled."},
    KindRow{K::positions_reported, "positions.reported", kParty, 0, 1, kFull, "the agreement's proposal",
            "Where a party's units were, in one batch, each fix to be proved alone."},
    KindRow{K::alert_acknowledged, "alert.acknowledged", kParty, 1, 1, kFull, "the alert", "Somebody has seen it."},
    KindRow{K::alert_snoozed, "alert.snoozed", kParty, 1, 1, kFull, "the alert",
            "This side asks for quiet about this pair until a time, and says why."},
    KindRow{K::notification_suspended, "notification.suspended", kParty, 1, 1, kFull, kRevision,
            "It waits: nothing of it goes on until it is resumed."},
    KindRow{K::notification_resumed, "notification.resumed", kParty, 1, 1, kFull, kRevision, "It goes on."},
    KindRow{K::notification_queried, "notification.queried", kParty, 1, 1, kFull, kRevision,
            "The recipient asks the submitter something about it."},
    KindRow{K::notification_query_answered, "notification.query_answered", kParty, 1, 1, kFull, "the question",
            "The submitter answers a question."},
    KindRow{K::entry_crossed, "entry.crossed", kParty, 0, 1, kFull, "the entry of this log that it answers or repeats",
            "Holds an entry of the other side's log, with the receipt that proves it there."},
    KindRow{K::unit_described, "unit.described", kParty, 1, 1, kFull, "the agreement's proposal",
            "What a party says of its units: class, size, whether they lie still, formation, vehicles."},
    KindRow{K::agreement_withdrawn, "agreement.withdrawn", kParty, 1, 1, kFull, "the proposal",
            "A party leaves an agreement, and says why and from when on."},
    KindRow{K::caution_joined, "caution.joined", kParty, 1, 1, kFull, "the proposal",
            "A party opts in to a special caution area; it is in force once all have."},
    KindRow{K::caution_left, "caution.left", kParty, 1, 1, kFull, "the proposal", "A party opts out of a special caution area."},
    KindRow{K::consultation_held, "consultation.held", kParty, 1, 1, kFull, "the proposal",
            "A party says when it consulted, and with whom."},
    KindRow{K::incident_reported, "incident.reported", kParty, 1, 2, kFull, "the proposal, and the report that it answers",
            "One side's own first account of an incident."},
    KindRow{K::message_sent, "message.sent", kParty, 1, 9, kFull, kAbout, "A message on the hotline, with its class."},
    KindRow{K::message_seen, "message.seen", kParty, 1, 1, kFull, "the message", "A named person has read the message."},
    KindRow{K::message_answered, "message.answered", kParty, 1, 1, kFull, "the message", "What is answered to the message."},
    KindRow{K::hotline_checked_in, "hotline.checked_in", kParty, 1, 1, kFull, "the agreement's proposal",
            "The hotline was tried, and this party is there."},
    KindRow{K::call_logged, "call.logged", kParty, 1, 9, kFull, kAbout, "What one side says was said on the telephone."},
    KindRow{K::call_confirmed, "call.confirmed", kParty, 1, 1, kFull, "the call", "The other side says the same of the call."},
    KindRow{K::call_disputed, "call.disputed", kParty, 1, 1, kFull, "the call", "The other side says otherwise, and why."},
    KindRow{K::phrases_reviewed, "phrases.reviewed", kParty, 0, 1, kFull, "the agreement's proposal",
            "A named speaker of a language has read these phrases."},
    KindRow{K::statement_relayed, "statement.relayed", kParty, 1, 9, kFull, kAbout,
            "What a party without a key said, as another one heard it."},
    KindRow{K::sighting_reported, "sighting.reported", kParty, 0, 1, kFull, "the agreement's proposal",
            "What was seen where, and whose it is not known to be."},
    KindRow{K::sighting_answered, "sighting.answered", kParty, 1, 2, kFull, "the sighting, then the answerer's own revision",
            "Ours, not ours, or not saying."},
    KindRow{K::watch_handed_over, "watch.handed_over", kParty, 0, 0, kFull, "",
            "The watch at a desk goes to another officer, with what is open; the desk and both officers sign.", 2},
    KindRow{K::notification_delivered, "notification.delivered", kServer, 1, 1, kFull, kRevision,
            "These exact bytes lay ready for this recipient."},
    KindRow{K::notification_expired, "notification.expired", kServer, 1, 1, kFull, kRevision,
            "Its windows are past and nobody said that it ended."},
    KindRow{K::conflict_found, "conflict.found", kServer, 1, 2, kFull,
            "the reader's revision, and the other where it may know it",
            "Two notified plans come nearer than they owe each other."},
    KindRow{K::alert_raised, "alert.raised", kServer, 1, 1, kFull, "the batch with the fix of the reader's own unit",
            "A unit of another party comes too near; one entry for each side."},
    KindRow{K::alert_closed, "alert.closed", kServer, 1, 1, kFull, "the alert", "It has ended for this side, and why."},
    KindRow{K::conformance_changed, "conformance.changed", kServer, 1, 1, kFull,
            "the batch with the fix of the reader's own unit, or the revision of the other's movement",
            "A unit keeps to its movement, or no longer; as its party, or another side, is told."},
    KindRow{K::encounter_opened, "encounter.opened", kServer, 1, 1, kFull, "the batch with the fix of the reader's own unit",
            "Units of two parties come within the encounter distance; one entry for each side."},
    KindRow{K::encounter_closed, "encounter.closed", kServer, 1, 1, kFull, "the entry that opened it for this side",
            "It is over: what was measured, and the candidates of conduct."},
    KindRow{K::deadline_missed, "deadline.missed", kServer, 1, 1, kFull, kRevision, "What was owed by a time was not there."},
    KindRow{K::deadline_channel_down, "deadline.channel_down", kServer, 1, 1, kFull, kRevision,
            "A deadline fell in an outage and counts against nobody."},
    KindRow{K::channel_down, "channel.down", kServer, 0, 0, kFull, "", "The channel was down between two instants."},
    KindRow{K::clock_stepped, "clock.stepped", kServer, 0, 0, kFull, "", "The server's clock stepped."},
    KindRow{K::seen_disputed, "seen.disputed", kServer, 1, 1, kFull, "the entry that says so",
            "A signer says that it saw another root than ours."},
    KindRow{K::note_refused, "note.refused", kServer, 0, 0, kFull, "", "A note was refused and its number is used up."},
    KindRow{K::rules_changed, "rules.changed", kServer, 0, 0, kFull, "", "Another version of the rules decides from here on."},
    KindRow{K::crossed_disputed, "crossed.disputed", kServer, 1, 1, kFull, "the entry.crossed that shows it",
            "What the other side's log showed at two times cannot both be true."},
    KindRow{K::rule_touched, "rule.touched", kServer, 1, 1, kFull, kRevision,
            "A rule on areas or composition that a notification touches, as its readers may see it."},
    KindRow{K::reading_differs, "reading.differs", kServer, 1, 2, kFull, "the revision, and the other where there is one",
            "What follows under the text and under each side's reading; all stand."},
    KindRow{K::sender_warned, "sender.warned", kServer, 1, 1, kFull, "the withdrawal, or the revision",
            "A party to whom this sender notifies withdraws, or has withdrawn."},
    KindRow{K::agreement_left, "agreement.left", kServer, 1, 1, kFull, "the withdrawal", "A withdrawal has taken effect."},
};

constexpr bool in_order() {
  for (std::size_t i = 0; i < kRows.size(); ++i)
    if (static_cast<std::size_t>(kRows[i].kind) != i) return false;
  return static_cast<std::size_t>(K::agreement_left) + 1 == kRows.size();
}
static_assert(in_order(), "one row for each kind, in the order of EntryKind");

}  // namespace

std::span<const KindRow> kinds() noexcept { return kRows; }

const KindRow& row_of(EntryKind kind) noexcept { return kRows[static_cast<std::size_t>(kind)]; }

std::string_view name_of(EntryKind kind) noexcept { return row_of(kind).name; }

std::string_view name_of(Signs signs) noexcept {
  switch (signs) {
    case Signs::server: return "server";
    case Signs::root: return "root";
    case Signs::party: return "party";
  }
  return "";
}

std::optional<EntryKind> kind_named(std::string_view name) noexcept {
  const auto row = std::find_if(kRows.begin(), kRows.end(), [name](const KindRow& each) { return each.name == name; });
  if (row == kRows.end()) return std::nullopt;
  return row->kind;
}

}  // namespace wideberth::model
