// Encounters: every time that units of two parties come within the encounter distance of each other, benign ones included:
// they are what any count of the others is measured against.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "live/fix.h"
#include "live/track.h"

namespace wideberth::live {

struct EncounterLimits {
  Metres within = Metres::from_metres(500);  ///< the encounter distance: nearer than this is an encounter
  double release = 1.2;  ///< a contact ends when the two were further apart than this many times the distance …
  Millis apart = Millis::from_seconds(60);        ///< … for so long
  Millis gap = Millis::from_seconds(240);         ///< nothing is said of the way between two fixes that are further apart in time
  Millis longest = Millis::from_seconds(21'600);  ///< a longer encounter ends there, and a new one begins
  Millis before = Millis::from_seconds(120);      ///< how much of a track from before an encounter is kept with it
  std::size_t most_units = SIZE_MAX;              ///< followed at once; who comes when there are so many, has no encounters
};

/// What one pair of units did while they were near. Distances are between the places that the fixes say, along the chord.
struct Contact {
  UnitIndex a, b;        ///< of the party whose name sorts first, and of the other
  Interval when{};       ///< from first to last within the distance
  Millis within{};       ///< how long of that they were within it
  double closest_m = 0;  ///< closed form between fixes, not the nearest pair of fixes
  Instant closest_at{};
  Place place_a{}, place_b{};              ///< where both were then
  double relative_mps = 0;                 ///< how fast they moved past each other then
  double most_relative_mps = 0;            ///< the greatest while within
  std::uint32_t fixes_a = 0, fixes_b = 0;  ///< that fell within `when`
};

/// A unit's fixes in an encounter and a little before, with the times at which its position was doubtful.
struct UnitTrack {
  UnitIndex unit;
  std::vector<Sample> samples{};
  std::vector<Instant> doubts{};
};

enum class EncounterEnd : std::uint8_t {
  apart,    ///< they went apart
  silence,  ///< a unit was not heard of any more
  length,   ///< longer than `longest`
  closing,  ///< the tracks end, or live is closed
  joined    ///< it became one with an earlier encounter
};
/// "went apart", "silence", "longest", "end of tracks", "joined".
std::string_view name_of(EncounterEnd ended) noexcept;

/// Contacts between units of two parties that share a unit and overlap in time are one encounter.
struct Encounter {
  std::uint64_t number = 0;                ///< 1, 2, 3 … in the order in which they began
  std::uint16_t party_a = 0, party_b = 0;  ///< Units::parties; the name of a sorts first
  Interval when{};
  EncounterEnd ended = EncounterEnd::closing;
  std::uint64_t joined = 0;         ///< the number of the one that it became part of, where `ended` says so
  std::vector<Contact> contacts{};  ///< in order of their beginning
  std::vector<UnitTrack> tracks{};  ///< of every unit in it, in order of number
  /// The contact that came closest. REQUIRES: there is one.
  const Contact& closest() const;
};

struct EncounterEvent {
  enum class Kind : std::uint8_t { opened, closed };
  Kind kind = Kind::opened;
  Instant at{};         ///< the instant it is about: when the distance was first crossed, or when the last contact ended
  Encounter encounter;  ///< when opened: number, parties, and the one contact as far as it is known
};

/// Finds them. Fixes in as they are taken, encounters out.
///
///  (1) The way between two fixes is swept: a pair that was within the distance at any common instant of its two tracks (no gap
///      longer than `gap`) has an encounter, even if no fix of either fell into it.
///  (2) Every encounter that was opened is closed, once.
///  (3) The same fixes in the same order give the same events, to the byte.
///  (4) A pair that lies still by declaration (both moored) or moves together by arrangement (one formation) has none; nor have
///  units
///      of one party.
/// It keeps the last `gap` of each unit (at most kKept fixes) and the tracks of open encounters; about 100 bytes a fix.
class Encounters {
 public:
  static constexpr std::size_t kKept = 512;

  explicit Encounters(EncounterLimits limits = {}) : limits_{limits} {}

  /// After Tracks::take of this fix: `track` is the unit's track, `taken` what became of the fix, `at` the fix's own time.
  void take(const Units& units, UnitIndex unit, const Track& track, Taken taken, Instant at);
  /// Time passes with no fix: contacts of silent units end.
  void advance(const Units& units, Instant now);
  /// Ends what is open.
  void close(const Units& units);
  /// What happened since the last call, in order.
  std::vector<EncounterEvent> drain() { return std::exchange(events_, {}); }
  std::size_t open() const { return groups_.size(); }
  /// Whether a unit is one of those that are followed. Who has been silent for longer than `gap` makes room for another.
  bool follows(UnitIndex unit) const { return unit.value < pasts_.size() && pasts_[unit.value].followed; }
  std::size_t followed() const { return followed_.size(); }
  /// Units that were heard of, and are not followed because most_units were.
  std::size_t left_out() const { return left_out_; }
  const EncounterLimits& limits() const { return limits_; }

 private:
  struct Kept {
    Sample sample;
    double path_m = 0;  ///< driven up to here
  };
  struct Past {
    std::vector<Kept> kept{};
    std::vector<Instant> doubts{};
    std::vector<std::uint64_t> groups{};  ///< open encounters whose tracks hold this unit
    std::vector<UnitIndex> partners{};    ///< of open contacts: followed until they are over, however far apart
    std::array<std::int32_t, 3> cell{};
    bool filed = false, followed = false, left_out = false;
  };
  struct Pair {
    Contact contact{};
    Instant covered{}, last_near{};
    double within_s = 0;
    std::uint64_t group = 0;
  };
  using UnitPair = std::pair<UnitIndex, UnitIndex>;
  struct Group {
    Encounter encounter{};
    std::set<UnitPair> open{};
    std::map<UnitIndex, UnitTrack> tracks{};
  };

  bool admit(UnitIndex unit);
  void make_room();
  void keep(UnitIndex unit, const Track& track, Taken taken);
  void learn_pace(const Past& past);
  double most_way_m(Millis span) const;
  void file(UnitIndex unit, const Vec3& at);
  std::vector<UnitIndex> candidates(const Units& units, UnitIndex unit, const Kept& from, const Kept& to) const;
  bool wanted(const Units& units, UnitIndex a, UnitIndex b) const;
  void sweep(const Units& units, UnitIndex unit, UnitIndex other, const Kept& from, const Kept& to);
  void step(const Units& units, UnitPair key, const Sample a[2], const Sample b[2], Instant from, Instant to);
  Pair& open_pair(const Units& units, UnitPair key, Instant at);
  std::uint64_t group_for(const Units& units, UnitPair key, Instant at);
  void join(std::uint64_t into, std::uint64_t from, Instant at);
  void enter(Group& group, std::uint64_t number, UnitIndex unit, Instant at);
  void end_pair(std::map<UnitPair, Pair>::iterator pair, EncounterEnd ended);
  void end_group(std::uint64_t number, EncounterEnd ended);

  EncounterLimits limits_;
  std::vector<Past> pasts_{};
  std::vector<UnitIndex> followed_{};
  std::size_t left_out_ = 0;
  std::unordered_map<std::uint64_t, std::vector<UnitIndex>> cells_{};
  std::map<UnitPair, Pair> pairs_{};
  std::map<std::uint64_t, Group> groups_{};
  std::vector<EncounterEvent> events_{};
  std::uint64_t next_ = 1;
  Instant now_{}, looked_{};
  /// Of any unit: its speed between two fixes; that between two at least half a second apart; and the way of steps shorter than
  /// that within one second, which is the receiver's noise more than anything.
  double fastest_mps_ = 0, even_mps_ = 0, short_way_m_ = 0;
};

}  // namespace wideberth::live
