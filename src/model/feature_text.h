// Inside this folder only: what the reader and the writers of Features share.
#pragma once

#include <array>
#include <string_view>

#include "json/writer.h"
#include "model/notification.h"

namespace wideberth::model {

/// Every property that this program reads; docs/movement-format.md has a row for each.
inline constexpr std::array<std::string_view, 23> kFeatureProperties = {
    "party",        "agreement",       "subject",  "line",           "earliest",  "latest",
    "half_width_m", "column_length_m", "radius_m", "altitude_m",     "names",     "platform_class",
    "composition",  "purpose",         "unit",     "focal_point",    "emergency", "reason",
    "organisation", "consent",         "marking",  "holding_points", "alternates"};
inline constexpr std::size_t kMostFeatureRings = 256;

/// "geodesic", "lon-lat linear".
std::string_view line_name_of(geo::Line line) noexcept;

/// The windows of so many vertices: the members "earliest" and "latest".
Result<std::vector<Interval>> read_windows(const json::Reader& properties, std::size_t count);
/// The members organisation, consent, marking, holding_points and alternates; where and how it moves was read before.
Result<void> read_aid(const json::Reader& properties, Notification& found);
/// Likewise written, nothing for what is left out; the alternates apart, since a corridor shows them.
void write_aid(json::Writer& writer, const Notification& notification);
void write_alternates(json::Writer& writer, const Notification& notification);
bool same_route(const geo::Route& a, const geo::Route& b);

/// The member "geometry".
void write_geometry(json::Writer& writer, const Notification& notification);
/// The properties that a corridor shows, in their order, without the object's brackets.
void write_corridor_properties(json::Writer& writer, const Notification& notification);

}  // namespace wideberth::model
