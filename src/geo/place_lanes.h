// Inside this folder only: place.cpp's way from space to latitude and longitude, in N lanes. Each line is one of its, or of
// trig.cpp's.
#pragma once

#include "geo/ellipsoid.h"
#include "geo/lanes.h"
#include "geo/trig.h"

namespace wideberth::geo {

template <std::size_t N>
struct PlaceKernel : Lanes<N> {
  using In = Lanes<N>;
  using Reals = typename In::Reals;
  using Holds = typename In::Holds;
  using In::all, In::pick, In::root, In::load, In::store;

  WIDEBERTH_LANES Reals small_angle(Reals t) {
    for (int i = 0; i < 2; ++i) t = t / (1 + root(1 + t * t));
    const Reals q = t * t, q2 = q * q, q4 = q2 * q2;
    const Reals low = two<3>(q) + q2 * two<7>(q), middle = two<11>(q) + q2 * two<15>(q), high = two<19>(q) + q2 * two<23>(q);
    const Reals sum = -q * (low + q4 * (middle + q4 * high));
    return 4 * (t + t * sum);
  }
  template <int At>
  WIDEBERTH_LANES Reals two(Reals q) {
    constexpr double kFirst = 1.0 / At, kSecond = 1.0 / (At + 2);
    return kFirst - q * kSecond;
  }
  WIDEBERTH_LANES Reals angle_of(Reals y, Reals x) {
    const Reals ay = pick(y < 0.0, -y, y), ax = pick(x < 0.0, -x, x);
    const Holds flat = ay <= ax;
    const Reals small = small_angle(pick(flat, ay, ax) / pick(flat, ax, ay));
    Reals angle = pick(flat, small, kPi / 2 - small);
    angle = pick(x < 0.0, kPi - angle, angle);
    angle = pick(y < 0.0, -angle, angle);
    return pick((ax == 0.0) & (ay == 0.0), Reals{}, angle);
  }

  // x, y and z of each; latitude and longitude take the place of the first two, in units of 1e-7 degrees and not yet whole.
  static void places(double* x, double* y, const double* z, std::size_t count) {
    for (std::size_t k = 0; k < count; k += N) {
      const Reals px = load(x + k), py = load(y + k), pz = load(z + k);
      const Reals out = root(px * px + py * py);
      Reals s = pz * kEquatorM, c = out * kPolarM, up{}, along{};
      for (int round = 0; round < 2; ++round) {
        const Reals length = root(s * s + c * c);
        s = pick(length > 0.0, s / length, Reals{});
        c = pick(length > 0.0, c / length, all(1));
        up = pz + (kEccentricity2 / (1 - kEccentricity2) * kPolarM) * (s * s * s);
        along = out - (kEccentricity2 * kEquatorM) * (c * c * c);
        s = (1 - kFlattening) * up;
        c = along;
      }
      store(angle_of(up, along) * (1.8e9 / kPi), x + k);
      store(angle_of(py, px) * (1.8e9 / kPi), y + k);
    }
  }
};

}  // namespace wideberth::geo
