// One ruling per kind of note, called by decide once the key and the chain hold. Inside core only.
#pragma once

#include "core/decide.h"
#include "core/disclosure.h"

namespace wideberth::core {

/// What every ruling looks at.
struct Question {
  const State& state;
  const Admitted& note;
  Instant received;
  const KeyState& key;

  const std::string& party() const { return note.signer_party; }
  /// Where the note will stand if it is accepted.
  EntryIndex index() const { return state.next(); }
};

/// The findings that follow from an accepted note, in order; or why it is refused.
using Ruling = Result<std::vector<Draft>>;

/// The part "full", or part_missing.
Result<std::string_view> full_part(const Admitted& note);
/// The only entry that the note answers, or note_references.
Result<EntryIndex> only_reference(const Admitted& note);
/// A finding with one part "full".
Draft finding(model::EntryKind kind, std::vector<std::string> to, std::vector<EntryIndex> refs, std::string json);

/// What an act on a notification is about.
struct About {
  const NotificationState* notification;
  const Revision* revision;
  const Handling* handling;  ///< the signer's, as recipient; none for the submitter
};
/// The latest revision that the note names, delivered to the signer. What was never delivered to the signer is answered like
/// what is not there: nobody learns by asking that there is a notification, or that it was amended.
Result<About> delivered_to_signer(const Question& q);
/// The latest revision that the note names, of the signer's own; and one that stands.
Result<About> own(const Question& q);
Result<About> own_standing(const Question& q);

// keys and agreements (rule_foundations.cpp)
Ruling rule_key_added(const Question& q);
Ruling rule_key_revoked(const Question& q);
Ruling rule_key_compromised(const Question& q);
Ruling rule_agreement_proposed(const Question& q);
Ruling rule_agreement_signed(const Question& q);
Ruling rule_agreement_reading(const Question& q);

// what is done about an agreement in force (rule_pacts.cpp)
Ruling rule_agreement_withdrawn(const Question& q);
Ruling rule_caution_joined(const Question& q);
Ruling rule_caution_left(const Question& q);
Ruling rule_consultation_held(const Question& q);
Ruling rule_incident_reported(const Question& q);
/// Refuses with agreement_withdrawn where the party's withdrawal has taken effect.
Result<void> check_not_left(const State& state, const AgreementState& agreement, const std::string& party);
/// Refuses with reading_means what does not fit the clause.
Result<void> check_means(const Question& q, const AgreementState& agreement, const model::Rule& rule,
                         const model::ReadingMeans& means);

// what is notified (rule_notifications.cpp)
/// The standing notification, of the signer, whose latest revision the note refers to. Refused with note_references,
/// notification_unknown, revision_superseded, notification_ended.
Result<const NotificationState*> amended_by(const Question& q);
Ruling rule_filed(const Question& q);
Ruling rule_amended(const Question& q);

// what another side files in a direct log, and what is held of its log (rule_across.cpp, rule_crossed.cpp)
Ruling rule_filed_across(const Question& q);
Ruling rule_amended_across(const Question& q);
Ruling rule_entry_crossed(const Question& q);

// what is answered and how it ends (rule_answers.cpp)
Ruling rule_received(const Question& q);
Ruling rule_acknowledged(const Question& q);
Ruling rule_objected(const Question& q);
Ruling rule_answered(const Question& q);
Ruling rule_unit_informed(const Question& q);
Ruling rule_withdrawn(const Question& q);
Ruling rule_completed(const Question& q);
Ruling rule_outcome(const Question& q);

// what happens to it on the way (rule_movements.cpp)
Ruling rule_suspended(const Question& q);
Ruling rule_resumed(const Question& q);
Ruling rule_queried(const Question& q);
Ruling rule_query_answered(const Question& q);

// where units were (rule_positions.cpp)
Ruling rule_positions_reported(const Question& q);
Ruling rule_alert_acknowledged(const Question& q);
Ruling rule_alert_snoozed(const Question& q);

// what a party says of its units (rule_units.cpp)
Ruling rule_unit_described(const Question& q);
// what is said beside it (rule_hotline.cpp)
Ruling rule_message_sent(const Question& q);
Ruling rule_message_seen(const Question& q);
Ruling rule_message_answered(const Question& q);
Ruling rule_checked_in(const Question& q);
Ruling rule_call_logged(const Question& q);
Ruling rule_call_judged(const Question& q);
Ruling rule_phrases_reviewed(const Question& q);
Ruling rule_statement_relayed(const Question& q);
Ruling rule_sighting_reported(const Question& q);
Ruling rule_sighting_answered(const Question& q);

// who has the watch (handover.cpp)
Ruling rule_handed_over(const Question& q);

}  // namespace wideberth::core
