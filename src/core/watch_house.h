// What the watch keeps of one agreement. Inside core only.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "core/watch.h"
#include "live/conduct.h"
#include "live/house.h"

namespace wideberth::core {

/// Drafts as they arise, numbered; or, while a log is gone through again, held against what stands in it.
class Telling {
 public:
  /// `recall`: nothing is said; a draft is what the log holds, or nothing.
  explicit Telling(const State& state, bool recall = false) : state_(state), recall_(recall) {}

  /// The entry that it will be, or that it is; none where the log that is gone through holds no such open entry.
  std::optional<EntryIndex> say(Draft draft);
  /// While a log is gone through: the alert in it, open or over, that this one is; none otherwise.
  std::optional<EntryIndex> recalled_alert(const std::string& party, const model::AlertRaised& alert) const;
  bool recalls() const { return recall_; }
  const State& state() const { return state_; }
  std::vector<Draft> take() { return std::move(drafts_); }

 private:
  std::optional<EntryIndex> recalled(const Draft& draft) const;

  const State& state_;
  bool recall_;
  std::vector<Draft> drafts_{};
};

/// What is watched under one agreement.
struct Watch::House {
  /// An encounter that lasts longer ends there, and a new one begins.
  static constexpr Millis kLongestEncounter = Millis::from_seconds(1'800);
  /// Tests of conduct are made on so many contacts of an encounter, the closest, and on the units in them: it bounds the work.
  static constexpr std::size_t kMostTested = 64;
  /// A side is told of a change of one unit, or of one movement, no more often: what changed back in between is not told.
  static constexpr Millis kAgain = Millis::from_seconds(60);
  /// And of no more changes in one second under one agreement; the others are told in the next ones.
  static constexpr std::size_t kMostChanges = 50;
  /// Movements of one party, standing about now, among which a unit is looked for.
  static constexpr std::size_t kMostStanding = 1'000;

  /// None where the agreement's areas make no sense, which no agreement that holds has.
  static std::optional<House> make(const State& state, const AgreementState& agreement);

  /// Which fix of which batch a unit was heard of last.
  struct Heard {
    EntryIndex batch{};
    std::uint32_t fix = 0;
  };
  /// The used fixes of a unit that came by one batch.
  struct Run {
    EntryIndex batch{};
    Instant from{}, to{};
  };
  /// The entries by which the sides of a pair, a then b, were told; none where a side was not, or asked for quiet.
  struct Told {
    live::UnitIndex a, b;
    live::Grade grade{};
    std::array<std::optional<EntryIndex>, 2> entries;
    std::array<std::optional<Draft>, 2> unsaid{};  ///< while a log is gone through: what it does not hold
  };
  /// Of a pair, a then b: the latest alert that each side was told of, and when the last one ended.
  struct Last {
    std::array<std::optional<EntryIndex>, 2> entries;
    std::optional<Instant> ended{};  ///< none while one is open
  };
  /// So long after its end an alert is named by the next of its pair: longer than any quiet that follows from an alert.
  static constexpr Millis kContinued = Millis::from_seconds(600);
  struct ToldEncounter {
    std::array<std::string, 2> parties;  ///< a, b
    std::array<std::optional<EntryIndex>, 2> entries;
    std::array<std::optional<Draft>, 2> unsaid{};
  };
  struct Quiet {
    Instant until{};
    live::Grade up_to{};
  };
  /// What was told of a unit or of a movement, and what has been found since.
  struct Change {
    bool asked = false;  ///< `told` is what the state says
    model::Keeping told = model::Keeping::unwatched;
    std::optional<Instant> told_at{};
    live::ConformanceEvent latest{};
  };
  /// A party's movements that stand, or will, or did, near now.
  struct Standing {
    Instant looked{};
    std::size_t heard = 0;  ///< how many the party had notified then
    std::vector<std::string> ids{};
  };
  /// How late the fixes of a unit come: the least of received − time, over kEnvelope. Less than nothing is provably a clock that
  /// is ahead (by so much at least); always late by much is a clock that is behind, or a path that is slow.
  struct Envelope {
    std::uint32_t fixes = 0;
    Instant since{};
    Millis least{};
    std::string doubt{};  ///< what the last whole span showed; empty: nothing
  };
  static constexpr Millis kEnvelope = Millis::from_seconds(60);
  static constexpr std::uint32_t kFixesInEnvelope = 10;
  static constexpr Millis kAhead = Millis::from_seconds(1), kBehind = Millis::from_seconds(10);
  /// What is older when it comes was kept back, and says nothing of a clock.
  static constexpr Millis kKeptBack = Millis::from_seconds(60);

  explicit House(live::Live made) : live{std::move(made)} {}

  live::Live live;
  std::string agreement{};  ///< id
  live::Tests tests{};
  std::vector<Heard> heard{};                                   ///< by unit
  std::vector<std::vector<Run>> runs{};                         ///< by unit
  std::vector<std::optional<Instant>> sought{};                 ///< by unit: when a movement was last looked for
  std::map<std::string, EntryIndex, std::less<>> last_batch{};  ///< by party
  std::map<std::uint64_t, Told> told{};
  std::map<std::pair<live::UnitIndex, live::UnitIndex>, Last> last_told{};
  std::map<std::uint64_t, ToldEncounter> encounters{};
  std::map<std::tuple<std::string, std::uint32_t, std::uint32_t>, Quiet> quiet{};  ///< by side and pair
  std::vector<Envelope> envelopes{};                                               ///< by unit
  std::map<live::UnitIndex, Change> changes{};
  std::set<live::UnitIndex> pending{};
  std::map<std::pair<std::string, std::uint32_t>, Change> changes_of_movement{};  ///< by reader and movement
  std::set<std::pair<std::string, std::uint32_t>> pending_movements{};
  std::map<std::uint32_t, std::set<live::UnitIndex>> astray{};              ///< by movement
  std::map<std::string, std::vector<std::string>, std::less<>> notified{};  ///< by party: ids under this agreement
  std::map<std::string, Standing, std::less<>> standing{};
  std::map<std::uint32_t, EntryIndex> revisions{};  ///< by movement: what it was made of
  std::int64_t second = 0;
  std::size_t said_in_second = 0;

  // units (watch_units.cpp)
  std::optional<live::UnitIndex> number_of(const State& state, const AgreementState& terms, const std::string& party,
                                           const std::string& unit);
  void describe(const State& state, const AgreementState& terms, const std::string& party, const std::string& unit);
  void hush(Instant now);
  void follow(const State& state, live::UnitIndex unit, const live::Fix& fix);
  void keep_up(const State& state);
  std::optional<std::uint32_t> movement_for(const State& state, live::UnitIndex unit, const live::Fix& fix);
  std::optional<std::uint32_t> watched(const NotificationState& movement);
  const std::vector<std::string>& standing_of(const State& state, const std::string& party, Instant now);

  // fixes in (watch.cpp)
  void take(const AgreementState& terms, const Entry& batch, const std::string& party, Telling& telling);
  void ran(const live::Fix& fix, EntryIndex batch);
  void tell(const AgreementState& terms, Instant received, Telling& telling);
  void look_ahead(const AgreementState& terms, const State& state);

  // alerts (watch_alerts.cpp)
  void raise(const AgreementState& terms, const live::AlertEvent& event, Instant received, Telling& telling);
  void close(const live::AlertEvent& event, Telling& telling);
  std::optional<EntryIndex> continued(const live::AlertEvent& event, std::size_t side, bool tracks) const;
  bool is_quiet(const std::string& party, const live::AlertEvent& event, Instant received);
  void snoozed(const AlertState& alert, const model::AlertSnoozed& said, Instant received, Telling& telling);
  void recall_quiet(const State& state, const AgreementState& terms);
  void say_unsaid(Instant now, Telling& telling);

  // conformance (watch_conformance.cpp)
  void changed(const AgreementState& terms, const live::ConformanceEvent& event);
  void time_fix(const live::Fix& fix, Instant received);
  void counted(const live::CompositionEvent& event, Telling& telling);
  void foresee(const live::RemainingEvent& event, const State& state, Telling& telling);
  void flush(const AgreementState& terms, Instant received, Telling& telling);
  bool say_change(Change& change, live::UnitIndex unit, Instant received, Telling& telling);
  bool say_change(const AgreementState& terms, const std::string& reader, std::uint32_t movement, Change& change,
                  Instant received, Telling& telling);

  // encounters (watch_encounters.cpp)
  void opened(const AgreementState& terms, const live::EncounterEvent& event, Telling& telling);
  void closed(const AgreementState& terms, const live::EncounterEvent& event, Telling& telling);
  live::Surroundings around(const live::Encounter& encounter) const;
};

/// The positions of each are used for the other.
bool compared(const model::Agreement& agreement, const std::string& a, const std::string& b);
/// A double in metres as whole millimetres, upwards: nothing looks nearer than it is told. The double is live's, which uses
/// + − × ÷ and square root alone.
Metres metres_up(double metres);
Draft closed_for(const std::string& party, EntryIndex alert, model::AlertEnd ended, Instant at);

}  // namespace wideberth::core
