// What holds after an entry. A value: copying it is a snapshot.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "base/id.h"
#include "conflict/conflict.h"
#include "core/crossed.h"
#include "core/encounters.h"
#include "core/entry.h"
#include "core/handover.h"
#include "core/hotline.h"
#include "core/movement_life.h"
#include "core/outlines.h"
#include "core/pacts.h"
#include "core/units.h"
#include "ledger/key.h"
#include "ledger/tree.h"
#include "model/acts.h"
#include "model/agreement.h"
#include "model/alerts.h"
#include "model/conflict.h"
#include "model/disclosure.h"
#include "model/findings.h"
#include "model/keys.h"
#include "model/notification.h"
#include "model/opening.h"
#include "model/outline.h"

namespace wideberth::core {

/// The version of decide and apply that this program speaks. It is written into entry 0; a log that names another is refused
/// until a program that holds that version reads it (design, "One idea").
inline constexpr std::uint32_t kRulesVersion = 1;

/// The chain of one key's notes: numbers from 1 without a gap, each naming the hash of the text before it.
struct KeyState {
  ledger::VerifierKey key;
  std::string party;  ///< whose it is; the origin for the server's own
  bool root = false;
  std::vector<std::string> kinds;  ///< empty: every kind
  EntryIndex added{};
  std::optional<EntryIndex> revoked{};            ///< not valid from this entry on
  std::optional<EntryIndex> compromised_since{};  ///< its notes from here on are in question; none is accepted any more
  std::uint64_t next_number = 1;
  std::optional<ledger::Hash> last_text{};

  bool valid() const { return !revoked && !compromised_since; }
};

struct ReadingState {
  EntryIndex entry{};
  std::string party;
  model::AgreementReading reading;
};

struct AgreementState {
  std::string id;
  EntryIndex proposed{};
  std::string proposer;
  std::shared_ptr<const model::Agreement> agreement;  ///< agreements are never erased
  ledger::Hash document{};                            ///< SHA-256 of the proposal's part, which every party signs
  std::map<std::string, EntryIndex> signatures;       ///< party → the entry by which it signed
  std::map<std::string, EntryIndex> relayed;          ///< party without a key → who else said that it agrees; no signature
  std::optional<EntryIndex> in_force{};               ///< the entry that made it so: the last signature
  std::optional<std::string> superseded_by{};         ///< the id of the agreement that took its place
  std::vector<ReadingState> readings;
  std::vector<std::shared_ptr<const geo::Plan>> areas;  ///< its areas compiled, standing at all times, in order

  bool holds() const { return in_force && !superseded_by; }
};

/// Delivery, receipt, acknowledgement and unit informed are four facts with four times.
struct Handling {
  EntryIndex delivered{};
  Instant delivered_at{};
  model::View view{};
  ledger::Hash bytes{};  ///< SHA-256 of what lay ready
  std::optional<EntryIndex> received{}, acknowledged{}, answered{}, objected{}, unit_informed{};
  std::optional<model::AnswerWord> answer{};
  std::string post;          ///< the post that was informed
  bool slip_quoted = false;  ///< that post quoted this revision's slip code; otherwise the claim is "asserted"
  std::vector<DueKey> owed;  ///< the deadlines that the delivery opened
};

struct Revision {
  EntryIndex entry{};
  Instant received{};
  ledger::Hash text{};
  std::shared_ptr<const model::Notification> notification;   ///< none once erased
  std::shared_ptr<const geo::Plan> plan;                     ///< none once erased
  std::vector<std::shared_ptr<const geo::Plan>> alternates;  ///< of its other routes, in order
  std::shared_ptr<const model::Outline> outline{};           ///< where another side filed an outline alone in a direct log
  std::vector<ledger::Hash> parts{};                         ///< the commitments of its coarser parts, the same in every log
  bool crossed = false;                                      ///< filed without its whole, in another side's log
  Interval window{};                                         ///< earliest start to latest end
  std::map<std::string, Handling> handling;                  ///< recipient party → what became of it there
};

enum class Standing : unsigned char { standing, withdrawn, expired, completed };
std::string_view name_of(Standing standing) noexcept;

struct NotificationState {
  std::string id;
  model::Subject subject{};
  std::string party;
  std::string agreement;  ///< id
  model::Regime regime{};
  std::vector<Revision> revisions;  ///< at least one
  Standing standing = Standing::standing;
  std::optional<EntryIndex> ended{};             ///< the entry that ended it
  std::optional<model::OutcomeWord> outcome{};   ///< as its submitter states it
  std::map<std::string, OutcomeState> outcomes;  ///< party → how it went, as that side states it; both stand
  std::optional<HoldState> held{};               ///< it is suspended
  std::vector<EntryIndex> queries;               ///< the questions about any of its revisions, in order

  const Revision& latest() const { return revisions.back(); }
};

/// One finding of a conflict as one side was told it.
struct ConflictState {
  EntryIndex entry{};
  std::vector<std::string> told;  ///< the parties that this entry went to
  model::ConflictFound found;
};

struct EndedDeadline {
  EntryIndex entry{};
  bool channel_down = false;  ///< fell in an outage; otherwise missed
  bool withdrawn = false;     ///< ended with a withdrawal before it fell due, and counts against nobody
  model::Deadline deadline;
};

/// What is needed to say who may read an entry, without reading it.
struct EntryFacts {
  model::EntryKind kind{};
  Instant received{};
  std::string signer_party;  ///< the origin for the server's own
  std::vector<std::string> to;
  std::optional<EntryIndex> agreement{};  ///< the proposal of the agreement that it falls under
};

/// What became of a text: its own entry, or the entry that refused it.
struct TextFate {
  EntryIndex entry{};
  bool refused = false;
  Rule rule{};        ///< of a refusal
  std::string found;  ///< of a refusal
};

/// A batch of positions: which span of time it speaks of.
struct TrackBatch {
  EntryIndex entry{};
  Instant from{}, to{};
  std::uint32_t fixes = 0;
};
/// What is kept in memory of the track of a unit; the fixes stand beside the log.
struct UnitTrack {
  Instant from{}, to{};     ///< of all its fixes
  std::uint64_t fixes = 0;  ///< as reported, doubles among them
  EntryIndex last{};        ///< the entry that brought the latest batch of it
};
/// What one party reported.
struct PartyTracks {
  std::vector<TrackBatch> batches;  ///< by entry
  std::map<std::string, UnitTrack, std::less<>> units;
};

/// An alert as one side was told of it.
struct AlertState {
  EntryIndex entry{};
  std::string party;  ///< the side
  model::AlertRaised raised;
  std::vector<EntryIndex> acknowledged;
  std::optional<EntryIndex> closed{};
  std::optional<model::AlertEnd> ended{};
  std::optional<Instant> quiet_until{};  ///< this side asked for quiet about the pair
};

class State {
 public:
  std::optional<model::Opening> opening;
  Instant last_received{};
  ledger::Tree tree;
  std::vector<EntryFacts> facts;                      ///< by index
  std::map<std::string, KeyState, std::less<>> keys;  ///< by key name
  std::map<ledger::Hash, TextFate> texts;
  std::map<std::string, AgreementState, std::less<>> agreements;         ///< by id
  std::map<std::string, NotificationState, std::less<>> notifications;   ///< by id
  std::map<EntryIndex, std::string> revision_of;                         ///< entry → id of its notification
  std::map<EntryIndex, std::pair<EntryIndex, std::string>> delivery_of;  ///< delivered entry → revision and recipient
  conflict::Index index;                                                 ///< the standing plans, by revision entry
  conflict::Index alternates;                                            ///< their other routes, by alternate_key
  OutlineIndex outlines;                                                 ///< of the same, what others get of them as cells
  std::set<EntryIndex> outlines_alone;  ///< standing revisions of which there is an outline and nothing finer
  Crossings crossings;                  ///< what a direct log holds of other logs
  std::vector<ConflictState> conflicts;
  std::map<DueKey, model::Deadline> deadlines;  ///< open
  std::vector<EndedDeadline> ended_deadlines;
  std::set<std::pair<Instant, EntryIndex>> expiries;  ///< (when, latest revision) of standing notifications
  std::vector<Interval> outages;
  std::map<std::string, PartyTracks, std::less<>> tracks;  ///< by party
  std::map<EntryIndex, AlertState> alerts;
  std::set<EntryIndex> open_alerts;
  std::map<EntryIndex, QueryState> queries;  ///< by the question's entry
  UnitBook units;                            ///< what parties said of theirs
  EncounterBook encounters;                  ///< and how units keep to what was notified, as each side was told
  Hotline hotline;                           ///< what was said, asked and seen
  Pacts pacts;                               ///< what holds of agreements beyond their text
  HandoverBook handovers;                    ///< who has the watch at which desk
  bool clock_behind = false;                 ///< the server's clock stands before `last_received`, and that was recorded

  EntryIndex next() const { return EntryIndex{tree.size()}; }
  const KeyState* key(std::string_view name) const;
  const AgreementState* agreement(std::string_view id) const;
  const NotificationState* notification(std::string_view id) const;
  /// The notification whose revision this entry is; none where it is no such entry.
  const NotificationState* notification_at(EntryIndex revision) const;
  /// This revision; none where the entry is none.
  const Revision* revision_at(EntryIndex revision) const;
  bool is_party(std::string_view name) const;
  std::optional<model::Role> role_of(std::string_view party) const;
  /// Whether the party signs for itself; one that has no key speaks by telephone, and others relay it.
  bool has_key(std::string_view party) const;
};

/// The key of the n-th alternate of a revision in State::alternates, and back.
EntryIndex alternate_key(EntryIndex revision, std::size_t n) noexcept;
std::pair<EntryIndex, std::size_t> alternate_of(EntryIndex key) noexcept;
/// The kind of id that a subject bears.
base::IdKind id_kind_of(model::Subject subject) noexcept;
/// The part that `reader` gets of what `from` notifies under the agreement: its submitter and neutral readers get all of it.
model::View view_of(const AgreementState& agreement, std::string_view from, std::string_view reader);
/// Whether a view shows places and times; the coarser ones show cells and slots alone.
bool is_exact(model::View view) noexcept;
/// The name of the part of an entry that carries a view: "full", "corridor", "outline"; empty for conflict only.
std::string_view part_named(model::View view) noexcept;
/// The code by which a post shows that it holds this very revision: five characters and a check character from its text hash.
std::string slip_code(const ledger::Hash& text);
/// Of a revision; where another side filed it in a direct log, from the commitment of its part, which is the same in both logs.
std::string slip_code(const Revision& revision);
/// Whether this is a code of the revision: the one above, or in a direct log one that a reader of a coarser part has.
bool is_slip_code(const State& state, const Revision& revision, std::string_view code);
/// Whether another side than the keeper files or amends in a direct log.
bool crosses(const State& state, std::string_view party);

}  // namespace wideberth::core
