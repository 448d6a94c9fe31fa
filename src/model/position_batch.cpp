#include "model/position_batch.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/bytes.h"
#include "base/check.h"

namespace wideberth::model {
namespace {

using base::refuse;

constexpr std::string_view kMagic("WBP\x01", 4);
constexpr unsigned kHasAccuracy = 1, kHasSpeed = 2, kHasCourse = 4, kHasAltitude = 8, kSourceShift = 4;
constexpr unsigned kMostSource = static_cast<unsigned>(PositionSource::observed);
/// What a difference may be at most: of two times, places or altitudes within their ranges.
constexpr std::int64_t kMostDelta = std::int64_t{1} << 44;

std::uint64_t zigzag(std::int64_t number) {
  return (static_cast<std::uint64_t>(number) << 1) ^ static_cast<std::uint64_t>(number >> 63);
}
std::int64_t unzigzag(std::uint64_t number) { return static_cast<std::int64_t>((number >> 1) ^ (~(number & 1) + 1)); }

void put(std::string& out, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) out.push_back(static_cast<char>(number | 0x80));
  out.push_back(static_cast<char>(number));
}

unsigned flags_of(const Position& p) {
  return (p.accuracy ? kHasAccuracy : 0) | (p.speed_mmps ? kHasSpeed : 0) | (p.course_cdeg ? kHasCourse : 0) |
         (p.altitude ? kHasAltitude : 0) | static_cast<unsigned>(p.source) << kSourceShift;
}

bool are_flags(unsigned flags) { return flags >> kSourceShift <= kMostSource; }

std::uint64_t unsigned_of(std::int64_t number) { return static_cast<std::uint64_t>(number); }

/// Whether a is told before b in a batch; both are of one vector, and those of one unit and time keep its order.
bool before(const Position* a, const Position* b) {
  const int names = a->unit.compare(b->unit);
  if (names != 0) return names < 0;
  return a->time != b->time ? a->time < b->time : a < b;
}

/// Fixes of one unit; `from` is the first fix of the unit before.
void put_unit(std::string& out, std::span<const Position* const> unit, const Position* from) {
  std::string fixes;
  std::int64_t altitude = 0;
  for (std::size_t i = 0; i < unit.size(); ++i) {
    const Position& p = *unit[i];
    const std::int64_t ms = p.time.ms() - (from == nullptr ? 0 : from->time.ms());
    fixes.push_back(static_cast<char>(flags_of(p)));
    put(fixes, i == 0 ? zigzag(ms) : unsigned_of(ms));
    put(fixes, zigzag(std::int64_t{p.place.lon_e7} - (from == nullptr ? 0 : from->place.lon_e7)));
    put(fixes, zigzag(std::int64_t{p.place.lat_e7} - (from == nullptr ? 0 : from->place.lat_e7)));
    if (p.accuracy) put(fixes, unsigned_of(p.accuracy->mm()));
    if (p.speed_mmps) put(fixes, unsigned_of(*p.speed_mmps));
    if (p.course_cdeg) put(fixes, unsigned_of(*p.course_cdeg));
    if (p.altitude) put(fixes, zigzag(p.altitude->mm() - altitude));
    if (p.altitude) altitude = p.altitude->mm();
    from = &p;
  }
  put(out, unit.front()->unit.size());
  out += unit.front()->unit;
  put(out, unit.size());
  put(out, fixes.size());
  out += fixes;
}

}  // namespace

std::size_t position_class(std::size_t bytes) noexcept {
  std::size_t step = 128;  // a quarter of 512
  while (step * 7 < bytes) step *= 2;
  return std::max<std::size_t>(512, (bytes + step - 1) / step * step);
}

Result<std::string> encode_positions(const std::vector<Position>& positions) {
  if (positions.empty() || positions.size() > kMostFixes)
    return refuse(base::Rule::position_batch, std::to_string(positions.size()) + " fixes", "1 to " + std::to_string(kMostFixes));
  for (std::size_t i = 0; i < positions.size(); ++i)
    if (auto checked = check_position(positions[i]); !checked) {
      checked.error().where.insert(0, "/" + std::to_string(i));
      return tl::make_unexpected(std::move(checked).error());
    }
  std::vector<const Position*> sorted;
  for (const Position& each : positions) sorted.push_back(&each);
  std::sort(sorted.begin(), sorted.end(), before);
  std::string units;
  std::size_t count = 0;
  const Position* from = nullptr;
  for (std::span<const Position* const> left = sorted; !left.empty(); ++count) {
    std::size_t size = 1;
    while (size < left.size() && left[size]->unit == left[0]->unit) ++size;
    put_unit(units, left.first(size), from);
    from = left[0];
    left = left.subspan(size);
  }
  std::string out(kMagic);
  put(out, count);
  put(out, positions.size());
  out += units;
  out.resize(position_class(out.size()), '\0');
  return out;
}

tl::unexpected<Refusal> PositionReader::bad(std::string found, std::string accepted) const {
  return refuse(base::Rule::position_batch, std::move(found), std::move(accepted), "byte " + std::to_string(at_));
}

Result<PositionReader> PositionReader::open(std::string_view bytes) {
  PositionReader reader(bytes);
  if (bytes.size() > kMostPositionBytes || !bytes.starts_with(kMagic))
    return reader.bad(std::to_string(bytes.size()) + " bytes, or another beginning", "WBP, 1, and at most 2 MiB");
  reader.at_ = kMagic.size();
  WB_TRY(units, reader.varint(kMostFixes, "units"));
  WB_TRY(fixes, reader.varint(kMostFixes, "fixes"));
  if (units == 0 || fixes < units) return reader.bad(std::to_string(units) + " units and " + std::to_string(fixes) + " fixes");
  reader.units_ = units;
  reader.fixes_ = fixes;
  return reader;
}

Result<std::uint64_t> PositionReader::varint(std::uint64_t most, const char* what) {
  std::uint64_t number = 0;
  for (unsigned shift = 0; shift < 63; shift += 7) {
    if (at_ >= bytes_.size()) return bad(std::string("the end within ") + what);
    const auto byte = static_cast<unsigned char>(bytes_[at_++]);
    number |= std::uint64_t{byte & 0x7FU} << shift;
    if (byte >= 0x80) continue;
    if (byte == 0 && shift > 0) return bad(std::string("a longer number than it takes for ") + what);
    if (number > most) return bad(std::to_string(number) + " for " + what, "at most " + std::to_string(most));
    return number;
  }
  return bad(std::string("a number without end for ") + what);
}

Result<std::int64_t> PositionReader::delta(const char* what) {
  WB_TRY(number, varint(unsigned_of(2 * kMostDelta), what));
  return unzigzag(number);
}

Result<void> PositionReader::begin_unit() {
  if (units_begun_ == units_) return bad("fewer fixes in all units than the head says", std::to_string(fixes_));
  WB_TRY(length, varint(kMostUnitName, "the length of a name"));
  if (length > bytes_.size() - at_) return bad("the end within a name");
  const std::string_view name = bytes_.substr(at_, length);
  if (auto checked = check_unit_name(name); !checked) return bad(checked.error().found, checked.error().accepted);
  if (units_begun_ > 0 && name <= unit_) return bad("\"" + base::excerpt(name) + "\" out of order", "names in rising order");
  at_ += length;
  WB_TRY(count, varint(fixes_ - fixes_read_, "fixes of a unit"));
  if (count == 0) return bad("a unit without fixes");
  WB_TRY(size, varint(bytes_.size(), "bytes of a unit"));
  if (size > bytes_.size() - at_) return bad("the end within a unit");
  unit_ = name;
  left_ = count;
  unit_end_ = at_ + size;
  first_ = true;
  ++units_begun_;
  before_ = head_;
  before_.altitude = 0;
  return {};
}

Result<void> PositionReader::read_fix(Position& into) {
  if (at_ >= unit_end_) return bad("the end of a unit before its last fix");
  const unsigned flags = static_cast<unsigned char>(bytes_[at_++]);
  if (!are_flags(flags)) return bad("flags of " + std::to_string(flags), "flags that are known");
  WB_TRY(passed, varint(unsigned_of(2 * kMostDelta), "a time"));
  WB_TRY(lon, delta("a longitude"));
  WB_TRY(lat, delta("a latitude"));
  into.accuracy.reset();
  into.speed_mmps.reset();
  into.course_cdeg.reset();
  into.altitude.reset();
  before_.ms += first_ ? unzigzag(passed) : static_cast<std::int64_t>(passed);
  before_.lon += lon;
  before_.lat += lat;
  if (before_.ms < kEarliestPosition.ms() || before_.ms > kLatestPosition.ms())
    return bad("a time of " + std::to_string(before_.ms) + " ms since 1970", "the years 1970 to 2199");
  if (before_.lon < -1'800'000'000 || before_.lon > 1'800'000'000 || before_.lat < -900'000'000 || before_.lat > 900'000'000)
    return bad("a place of " + std::to_string(before_.lon) + ", " + std::to_string(before_.lat), "a place on the globe");
  into.time = Instant::from_ms(before_.ms);
  into.place = {static_cast<std::int32_t>(before_.lon), static_cast<std::int32_t>(before_.lat)};
  into.source = static_cast<PositionSource>(flags >> kSourceShift);
  if ((flags & kHasAccuracy) != 0) {
    WB_TRY(mm, varint(unsigned_of(kMostAccuracy.mm()), "an accuracy"));
    into.accuracy = Metres::from_mm(static_cast<std::int64_t>(mm));
  }
  if ((flags & kHasSpeed) != 0) {
    WB_TRY(mmps, varint(unsigned_of(kMostSpeed_mmps), "a speed"));
    into.speed_mmps = static_cast<std::int32_t>(mmps);
  }
  if ((flags & kHasCourse) != 0) {
    WB_TRY(cdeg, varint(unsigned_of(kMostCourse_cdeg), "a course"));
    into.course_cdeg = static_cast<std::int32_t>(cdeg);
  }
  if ((flags & kHasAltitude) == 0) return {};
  WB_TRY(rise, delta("an altitude"));
  before_.altitude += rise;
  if (before_.altitude < kLeastAltitude.mm() || before_.altitude > kMostAltitude.mm())
    return bad("an altitude of " + std::to_string(before_.altitude) + " mm");
  into.altitude = Metres::from_mm(before_.altitude);
  return {};
}

Result<bool> PositionReader::finish() const {
  if (units_begun_ != units_) return bad("fewer units than the head says", std::to_string(units_));
  if (bytes_.size() != position_class(at_)) return bad(std::to_string(bytes_.size()) + " bytes", "the least size that holds it");
  if (bytes_.find_first_not_of('\0', at_) != std::string_view::npos) return bad("more after the last fix", "zeros");
  return false;
}

Result<bool> PositionReader::next(Position& into) {
  if (fixes_read_ == fixes_) return finish();
  if (left_ == 0) {
    WB_TRY_VOID(begin_unit());
    into.unit = unit_;
  }
  WB_TRY_VOID(read_fix(into));
  if (first_) head_ = before_;
  first_ = false;
  ++fixes_read_;
  if (--left_ == 0 && at_ != unit_end_) return bad("bytes between a unit's last fix and its end", "none");
  return true;
}

void PositionReader::skip_unit() {
  fixes_read_ += left_;
  left_ = 0;
  at_ = unit_end_;
}

}  // namespace wideberth::model
