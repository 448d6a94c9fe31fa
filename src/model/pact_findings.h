// What the server finds by the rules of an agreement beside separations and deadlines: a rule that a notification touches, two
// readings that lead to two answers, and what follows from a withdrawal. The part `full` of the kinds that it signs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "geo/place.h"
#include "model/agreement.h"
#include "model/conflict.h"
#include "model/names.h"

namespace wideberth::model {

/// What follows under the text, or under one party's reading of it. Members that do not apply are left out.
struct Under {
  std::string of;                       ///< "text", or the party whose reading it is
  std::optional<EntryIndex> reading{};  ///< the entry of the reading; none for the text
  std::optional<bool> touched{};        ///< whether the rule is touched, or the separation not kept
  std::optional<Metres> separation{};
  std::optional<Regime> regime{};
  std::string governs{};  ///< the id of the agreement that is held to govern; may be empty
  friend bool operator==(const Under&, const Under&) = default;
};

/// Vehicles, escorts among them, and people; none where the count is not known.
struct Counts {
  std::optional<std::int64_t> vehicles{}, people{};
  friend bool operator==(const Counts&, const Counts&) = default;
};

enum class TouchedRule : unsigned char { exclusion, special_caution_area, composition_tolerance };
/// "exclusion", "special_caution_area", "composition_tolerance".
std::string_view name_of(TouchedRule rule) noexcept;

/// Where and when, for a reader who may see the corridor.
struct ExactTouch {
  Interval window;
  geo::Place place;
  friend bool operator==(const ExactTouch&, const ExactTouch&) = default;
};

/// rule.touched: one entry for each way in which readers may see it.
struct RuleTouched {
  TouchedRule rule = TouchedRule::exclusion;
  std::string movement;  ///< id
  EntryIndex revision;
  std::string agreement;
  std::uint32_t version = 1;  ///< of the agreement
  std::string clause;
  std::string area;              ///< short name; empty for a composition
  std::string platform_class;    ///< of an exclusion: as the rule has it
  bool notice_short = false;     ///< of an exclusion with an exception: its notice came too late
  std::string measures;          ///< of a special caution area
  Counts notified{}, counted{};  ///< of a composition
  std::variant<std::monostate, ExactTouch, CoarseConflict> what{};
  std::vector<Under> under{};  ///< text first, then readings by party; empty where no reading changes anything
  friend bool operator==(const RuleTouched&, const RuleTouched&) = default;
};

enum class DiffersAbout : unsigned char { separation, regime, governing_agreement };
/// "separation", "regime", "governing agreement".
std::string_view name_of(DiffersAbout about) noexcept;

/// reading.differs: what follows under the text and under each reading, side by side. Both stand.
struct ReadingDiffers {
  DiffersAbout about = DiffersAbout::separation;
  std::string movement;
  EntryIndex revision;
  std::string agreement;
  std::uint32_t version = 1;
  std::string clause;
  std::string other;  ///< of a separation: the other movement
  std::optional<EntryIndex> other_revision{};
  std::string area;          ///< of a regime: the area
  std::vector<Under> under;  ///< text first, then readings by party
  friend bool operator==(const ReadingDiffers&, const ReadingDiffers&) = default;
};

/// The most notifications that one sender.warned names; more make a further entry.
inline constexpr std::size_t kMostWarned = 2000;

/// sender.warned {"agreement", "party", "effect", "notifications"}: to a sender, of what it notified to a party that withdraws.
struct SenderWarned {
  std::string agreement, party;
  Instant effect;
  std::vector<std::string> notifications;
  friend bool operator==(const SenderWarned&, const SenderWarned&) = default;
};
/// agreement.left {"agreement", "party", "effect"}: a withdrawal has taken effect.
struct AgreementLeft {
  std::string agreement, party;
  Instant effect;
  friend bool operator==(const AgreementLeft&, const AgreementLeft&) = default;
};

Result<RuleTouched> parse_rule_touched(std::string_view json);
Result<ReadingDiffers> parse_reading_differs(std::string_view json);
Result<SenderWarned> parse_sender_warned(std::string_view json);
Result<AgreementLeft> parse_agreement_left(std::string_view json);

std::string to_json(const RuleTouched& finding);
std::string to_json(const ReadingDiffers& finding);
std::string to_json(const SenderWarned& finding);
std::string to_json(const AgreementLeft& finding);

}  // namespace wideberth::model
