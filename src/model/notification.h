// A movement, an activity or a site as it is notified: one GeoJSON Feature (RFC 7946). docs/movement-format.md is its page.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "geo/plan.h"
#include "geo/route.h"
#include "json/reader.h"
#include "model/names.h"

namespace wideberth::model {

enum class Subject : unsigned char { movement, activity, site };
std::string_view name_of(Subject subject) noexcept;

struct CompositionLine {
  std::string type;  ///< as its owner calls it: "Typhoon-K", "M-ATV"
  std::int64_t count = 0;
  // Of an escort alone:
  std::optional<bool> armed{};  ///< none where nothing is said
  std::string of{};             ///< whose escort it is; empty: the submitter's own
  friend bool operator==(const CompositionLine&, const CompositionLine&) = default;
};
struct Composition {
  std::vector<CompositionLine> vehicles, escorts;
  std::optional<std::int64_t> people;
  friend bool operator==(const Composition&, const Composition&) = default;
};

/// Where what moves may wait, beside the road or on it.
struct HoldingPoint {
  std::string name;
  geo::Place place;
  friend bool operator==(const HoldingPoint&, const HoldingPoint&) = default;
};
/// When the marking of vehicles or of a building can be seen: by day, by night, by a thermal sensor.
struct Marking {
  bool day = false, night = false, thermal = false;
  friend bool operator==(const Marking&, const Marking&) = default;
};
/// Another route that may be taken instead, filed with the movement and compared as such. Its line, column and altitude are
/// those of the movement; its windows are its own.
struct Alternate {
  std::string name;
  geo::Route route;
};

/// The part `full` of notification.filed and notification.amended, and what `wideberth check` reads.
struct Notification {
  std::optional<std::string> feature_id;  ///< the Feature's "id"
  std::string party;      ///< in `check` any text of up to 64 bytes; what is filed must bear the signer's party name
  std::string agreement;  ///< id; empty in `check`
  Subject subject = Subject::movement;
  std::variant<geo::Route, geo::Area> where;
  std::vector<std::string> place_names;  ///< one per vertex of a route (at most one of an area), "" where unnamed; or none
  std::string platform_class = "vehicle";
  Composition composition;
  std::string purpose, unit, focal_point;  ///< may be empty
  bool emergency = false;
  std::string reason;             ///< of an amendment, or of an emergency; may be empty here
  std::string organisation;       ///< for whom it is notified; may be empty
  std::optional<bool> consent{};  ///< whether the organisation agreed that it is passed on; none where nothing is said
  std::optional<Marking> marking{};
  std::vector<HoldingPoint> holding_points{};
  std::vector<Alternate> alternates{};  ///< of a movement alone

  bool is_route() const noexcept { return std::holds_alternative<geo::Route>(where); }
  Metres half_width() const noexcept;
  std::optional<geo::AltitudeBand> altitude() const noexcept;
  friend bool operator==(const Notification& a, const Notification& b);
};

inline constexpr std::size_t kMostVertices = 10'000;   ///< of a line; of all rings of a polygon together
inline constexpr std::size_t kMostFeatures = 100'000;  ///< in one FeatureCollection
inline constexpr std::size_t kMostFeatureBytes = std::size_t{4} << 20;
inline constexpr std::size_t kMostCollectionBytes = std::size_t{256} << 20;
inline constexpr std::size_t kMostCompositionLines = 200;
inline constexpr std::size_t kMostHoldingPoints = 100;
inline constexpr std::size_t kMostAlternates = 7;
inline constexpr Metres kMostHalfWidth = Metres::from_metres(100'000);  ///< also of a radius and of a column's length

/// Members that are not known are foreign members (RFC 7946 section 6.1) and pass, unless they look like a known one misspelt.
/// Refuses with the json_ rules, feature_member_misspelt, feature_geometry, feature_altitude_in_place, feature_windows,
/// feature_reference_system, feature_subject, ring_malformed, and geo's rules for places. Whether the geometry makes a plan
/// (length without duration, crossing rings) is compile's to say.
Result<Notification> parse_feature(const json::Reader& feature);
Result<Notification> parse_feature(std::string_view json);
/// A Feature or a FeatureCollection.
Result<std::vector<Notification>> parse_features(std::string_view json);

/// Ours, compact, members in one fixed order.
///  Law: parse_feature(to_json(n)) == n for every n that parse_feature gave.
std::string to_json(const Notification& notification);

Result<geo::Plan> compile(const Notification& notification);
/// One plan for each alternate, in order.
Result<std::vector<geo::Plan>> compile_alternates(const Notification& notification);
/// From the earliest start to the latest end, alternates included, without a column's passing time.
Interval window_of(const Notification& notification);
/// Every vertex in order: of the route, of the rings, or the one centre.
std::vector<geo::Place> places_of(const Notification& notification);

}  // namespace wideberth::model
