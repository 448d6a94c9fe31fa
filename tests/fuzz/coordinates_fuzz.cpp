// links: geo
// Any bytes: as text, what parse_place accepts is a place that writes and reads back; as numbers, what compile accepts is a plan
// that can be asked about, whose answer is of one piece.
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "base/check.h"
#include "geo/geo.h"

namespace {

using namespace wideberth;

class Bytes {
 public:
  Bytes(const std::uint8_t* data, std::size_t size) : data_{data}, size_{size} {}
  std::int64_t take(std::size_t count) {
    std::int64_t value = 0;
    for (; count > 0; --count) {
      value = value * 256 + (size_ > 0 ? *data_ : 0);
      if (size_ > 0) ++data_, --size_;
    }
    return value;
  }
  geo::Place place() {
    const auto part = [&] { return static_cast<std::int32_t>(static_cast<std::uint32_t>(take(4))); };
    const std::int32_t lon = part();
    return {lon, part()};
  }
  base::Interval window() {
    const std::int64_t from = take(6) - (std::int64_t{1} << 47);
    return {base::Instant::from_ms(from), base::Instant::from_ms(from + static_cast<std::int16_t>(take(2)))};
  }
  geo::Route route() {
    geo::Route route;
    route.line = take(1) % 2 == 0 ? geo::Line::geodesic : geo::Line::lon_lat_linear;
    route.half_width = base::Metres::from_mm(take(3));
    route.column_length = base::Metres::from_mm(take(3));
    const geo::Place start = place();
    base::Interval window = this->window();
    for (auto count = take(1) % 8; count > 0; --count) {
      // Steps of any size, most of them small: else hardly anything would compile.
      const auto step = [&] {
        return static_cast<std::int32_t>(static_cast<std::int16_t>(take(2)) * (take(1) % 4 == 0 ? 10'000 : 10));
      };
      const std::int64_t lon = std::int64_t{start.lon_e7} + step(), lat = std::int64_t{start.lat_e7} + step();
      route.waypoints.push_back({{static_cast<std::int32_t>(lon), static_cast<std::int32_t>(lat)}, window});
      const auto pass = base::Millis::from_ms(take(2));
      window = {window.from + pass, window.to + pass + base::Millis::from_ms(take(1))};
    }
    return route;
  }
  geo::Area area() {
    geo::Area area;
    area.line = take(1) % 2 == 0 ? geo::Line::geodesic : geo::Line::lon_lat_linear;
    area.margin = base::Metres::from_mm(take(2));
    area.window = window();
    if (take(1) % 3 == 0) {
      area.centre = place();
      area.radius = base::Metres::from_mm(take(3));
    }
    for (auto rings = take(1) % 3; rings > 0; --rings) {
      std::vector<geo::Place> ring;
      for (auto corners = take(1) % 9; corners > 0; --corners) ring.push_back(place());
      area.rings.push_back(ring);
    }
    return area;
  }

 private:
  const std::uint8_t* data_;
  std::size_t size_;
};

void read_as_text(std::string_view text) {
  const auto place = geo::parse_place(text);
  if (!place) {
    WB_CHECK(!place.error().accepted.empty());
    return;
  }
  WB_CHECK(geo::in_range(*place));
  WB_CHECK(*geo::parse_place(geo::to_dd(*place)) == *place);
  WB_CHECK(geo::parse_place(geo::to_dms(*place)));
  WB_CHECK(geo::parse_place(geo::to_mgrs(*place, 5)));
}

geo::Result<geo::Plan> any_plan(Bytes& bytes) {
  return bytes.take(1) % 3 == 0 ? geo::compile(bytes.area()) : geo::compile(bytes.route());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  read_as_text({reinterpret_cast<const char*>(data), size});
  Bytes bytes{data, size};
  const auto separation = base::Metres::from_mm(bytes.take(3));
  const auto a = any_plan(bytes), b = any_plan(bytes);
  if (!a || !b) return 0;
  for (const auto* other : {&*a, &*b}) {
    const auto met = geo::meet(*a, *other, separation);
    const auto back = geo::meet(*other, *a, separation);
    WB_CHECK(met.has_value() == back.has_value());
    if (!met) continue;
    WB_CHECK(met->least_possible_m == back->least_possible_m && met->kind == back->kind);
    WB_CHECK(!met->least_m || met->least_possible_m <= *met->least_m);
    WB_CHECK(met->window.from <= met->window.to && !met->delay_set.empty());
    WB_CHECK(met->likelihood >= 0 && met->likelihood <= 1);
  }
  return 0;
}
