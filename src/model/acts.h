// The small documents that parties sign: the part `full` of their kinds. Strict, all of them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "geo/place.h"
#include "ledger/hash.h"
#include "model/names.h"

namespace wideberth::model {

/// notification.received {"view": base64}: the SHA-256 of the exact bytes that were delivered, as in notification.delivered.
struct Received {
  ledger::Hash view;
  friend bool operator==(const Received&, const Received&) = default;
};

/// A place as the recipient understood it. Written as the place and as three texts, which must all name it (within 2 m) when
/// they are read: {"place": [lon, lat], "dd": "…", "dms": "…", "mgrs": "…"}; a text may be left out, one must be there.
struct PlaceEcho {
  geo::Place place;
  friend bool operator==(const PlaceEcho&, const PlaceEcho&) = default;
};
/// notification.acknowledged {"person", "post", "echo": […]}. Any other member is refused with acknowledgement_conditional: an
/// acknowledgement carries no condition.
struct Acknowledged {
  std::string person, post;
  std::vector<PlaceEcho> echo;
  friend bool operator==(const Acknowledged&, const Acknowledged&) = default;
};
/// notification.objected {"person", "reason", "clause"}; the clause may be left out.
struct Objected {
  std::string person, reason, clause;
  friend bool operator==(const Objected&, const Objected&) = default;
};
/// "no objection", "agreed", "not agreed". Which of them the regime knows is core's to say.
enum class AnswerWord : unsigned char { no_objection, agreed, not_agreed };
std::string_view name_of(AnswerWord word) noexcept;
/// notification.answered {"answer", "person", "reason"}; "not agreed" needs a reason.
struct Answered {
  AnswerWord answer = AnswerWord::no_objection;
  std::string person, reason;
  friend bool operator==(const Answered&, const Answered&) = default;
};
/// notification.unit_informed {"post", "person", "slip"}; without the slip code it counts as asserted only.
struct UnitInformed {
  std::string post, person, slip;
  friend bool operator==(const UnitInformed&, const UnitInformed&) = default;
};
/// notification.withdrawn {"reason"}.
struct Withdrawn {
  std::string reason;
  friend bool operator==(const Withdrawn&, const Withdrawn&) = default;
};
/// notification.completed {"note"}; the note may be left out.
struct Completed {
  std::string note;
  friend bool operator==(const Completed&, const Completed&) = default;
};
/// "facilitated", "impeded", "delayed", "denied", "cancelled".
enum class OutcomeWord : unsigned char { facilitated, impeded, delayed, denied, cancelled };
std::string_view name_of(OutcomeWord word) noexcept;
/// notification.outcome {"outcome", "note"}; the note may be left out.
struct Outcome {
  OutcomeWord outcome = OutcomeWord::facilitated;
  std::string note;
  friend bool operator==(const Outcome&, const Outcome&) = default;
};

inline constexpr std::size_t kMostEchoes = 1000;
inline constexpr std::size_t kMostActBytes = std::size_t{1} << 20;

Result<Received> parse_received(std::string_view json);
Result<Acknowledged> parse_acknowledged(std::string_view json);
Result<Objected> parse_objected(std::string_view json);
Result<Answered> parse_answered(std::string_view json);
Result<UnitInformed> parse_unit_informed(std::string_view json);
Result<Withdrawn> parse_withdrawn(std::string_view json);
Result<Completed> parse_completed(std::string_view json);
Result<Outcome> parse_outcome(std::string_view json);

std::string to_json(const Received& act);
std::string to_json(const Acknowledged& act);
std::string to_json(const Objected& act);
std::string to_json(const Answered& act);
std::string to_json(const UnitInformed& act);
std::string to_json(const Withdrawn& act);
std::string to_json(const Completed& act);
std::string to_json(const Outcome& act);

}  // namespace wideberth::model
