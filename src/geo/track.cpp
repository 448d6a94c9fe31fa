#include "geo/track.h"

#include <array>
#include <bit>
#include <cstring>
#include <limits>
#include <type_traits>

#include "geo/plan.h"

namespace wideberth::geo {

void Track::unpack(Piece* pieces, std::uint32_t which) const {
  for (which &= kAll >> (kMost - count); which != 0; which &= which - 1) {
    const auto i = static_cast<std::uint32_t>(std::countr_zero(which));
    const Corner &from = corners[i], &to = corners[i + 1];
    pieces[i] = {.from = {from.x, from.y, from.z},
                 .along = {to.x - from.x, to.y - from.y, to.z - from.z},
                 .e0 = from.ms - apart_ms,
                 .e1 = to.ms - apart_ms,
                 .l0 = from.ms + apart_ms,
                 .l1 = to.ms + apart_ms,
                 .s0 = from.ms,
                 .s1 = to.ms,
                 .h0 = from.ms,
                 .h1 = to.ms};
  }
}

// Only what comes out again to the bit.
std::optional<Track> track_of(const Plan& plan) {
  const auto pieces = plan.pieces();
  if (plan.shape() != Plan::Shape::route || pieces.size() > Track::kMost) return std::nullopt;
  Track track;
  track.sag_m = plan.sag_m(), track.sideways_m = plan.sideways_m();
  track.slack = plan.slack();
  const auto fits = [](Metres metres) { return metres.mm() >= 0 && metres.mm() <= std::numeric_limits<std::uint32_t>::max(); };
  if (!fits(plan.half_width()) || !fits(plan.altitude().low) || !fits(plan.altitude().high)) return std::nullopt;
  track.half_width_mm = static_cast<std::uint32_t>(plan.half_width().mm());
  track.low_mm = static_cast<std::uint32_t>(plan.altitude().low.mm());
  track.high_mm = static_cast<std::uint32_t>(plan.altitude().high.mm());
  track.apart_ms = pieces[0].s0 - pieces[0].e0;
  track.count = static_cast<std::uint32_t>(pieces.size());
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const Piece& p = pieces[i];
    track.corners[i] = {p.from.x, p.from.y, p.from.z, p.s0};
    track.corners[i + 1] = {p.from.x + p.along.x, p.from.y + p.along.y, p.from.z + p.along.z, p.s1};
  }
  track.begins_ms = track.corners[0].ms;
  if (track.begins_ms != plan.bounds().s) return std::nullopt;
  std::array<Piece, Track::kMost> out;
  track.unpack(out.data());
  static_assert(std::is_trivially_copyable_v<Piece> && sizeof(Piece) == 14 * sizeof(double));
  for (std::size_t i = 0; i < pieces.size(); ++i)
    if (std::memcmp(static_cast<const void*>(&out[i]), static_cast<const void*>(&pieces[i]), sizeof(Piece)) != 0)
      return std::nullopt;
  return track;
}

}  // namespace wideberth::geo
