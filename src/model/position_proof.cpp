// A batch as a whole: read, summarised, committed to; and one fix of it proved alone.
#include <cstring>

#include "base/check.h"
#include "model/position_batch.h"

namespace wideberth::model {
namespace {

using base::refuse;

// One fix alone: big-endian, absent fields zero.
constexpr std::size_t kTimeAt = 0, kLonAt = 8, kLatAt = 12, kFlagsAt = 16, kAccuracyAt = 17, kSpeedAt = 21, kCourseAt = 25,
                      kAltitudeAt = 27, kUnitAt = 31;
constexpr unsigned kAccuracyBit = 1, kSpeedBit = 2, kCourseBit = 4, kAltitudeBit = 8, kSourceBits = 4;

/// `size` bytes from `at`, the most significant first.
void put_big(char* at, std::uint64_t number, std::size_t size) {
  for (std::size_t i = size; i-- > 0; number >>= 8) at[i] = static_cast<char>(number);
}

std::uint64_t take_big(const char* at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = number << 8 | static_cast<unsigned char>(at[i]);
  return number;
}

std::int32_t signed32(std::uint64_t number) { return static_cast<std::int32_t>(static_cast<std::uint32_t>(number)); }
std::uint64_t bits_of(std::int64_t number) { return static_cast<std::uint64_t>(number); }

/// Writes over `out`, so that a batch takes no memory a fix.
void write_fix(std::string& out, const Position& p) {
  out.resize(kUnitAt);
  char* const at = out.data();
  put_big(at + kTimeAt, bits_of(p.time.ms()), 8);
  put_big(at + kLonAt, bits_of(p.place.lon_e7), 4);
  put_big(at + kLatAt, bits_of(p.place.lat_e7), 4);
  const unsigned flags = (p.accuracy ? kAccuracyBit : 0) | (p.speed_mmps ? kSpeedBit : 0) | (p.course_cdeg ? kCourseBit : 0) |
                         (p.altitude ? kAltitudeBit : 0) | static_cast<unsigned>(p.source) << kSourceBits;
  at[kFlagsAt] = static_cast<char>(flags);
  put_big(at + kAccuracyAt, p.accuracy ? bits_of(p.accuracy->mm()) : 0, 4);
  put_big(at + kSpeedAt, bits_of(p.speed_mmps.value_or(0)), 4);
  put_big(at + kCourseAt, bits_of(p.course_cdeg.value_or(0)), 2);
  put_big(at + kAltitudeAt, p.altitude ? bits_of(p.altitude->mm()) : 0, 4);
  out += p.unit;
}

/// Reads all of a batch.
template <class Each>
Result<void> each_fix(std::string_view bytes, Each&& each) {
  WB_TRY(reader, PositionReader::open(bytes));
  Position position;
  for (;;) {
    WB_TRY(more, reader.next(position));
    if (!more) return {};
    each(static_cast<const Position&>(position));
  }
}

void extend(PositionSummary& summary, const Position& p) {
  if (summary.units.empty() || summary.units.back().unit != p.unit) summary.units.push_back({p.unit, p.time, p.time, 0});
  UnitSpan& unit = summary.units.back();
  unit.to = p.time;
  ++unit.fixes;
  if (summary.fixes == 0 || p.time < summary.from) summary.from = p.time;
  if (summary.fixes == 0 || p.time > summary.to) summary.to = p.time;
  ++summary.fixes;
}

}  // namespace

std::string fix_bytes(const Position& position) {
  std::string out;
  write_fix(out, position);
  return out;
}

Result<Position> parse_fix(std::string_view bytes) {
  if (bytes.size() <= kUnitAt) return refuse(base::Rule::position_batch, "a fix of " + std::to_string(bytes.size()) + " bytes");
  const char* const at = bytes.data();
  const unsigned flags = static_cast<unsigned char>(at[kFlagsAt]);
  Position p;
  p.unit = bytes.substr(kUnitAt);
  p.time = Instant::from_ms(static_cast<std::int64_t>(take_big(at + kTimeAt, 8)));
  p.place = {signed32(take_big(at + kLonAt, 4)), signed32(take_big(at + kLatAt, 4))};
  if ((flags & kAccuracyBit) != 0) p.accuracy = Metres::from_mm(static_cast<std::int64_t>(take_big(at + kAccuracyAt, 4)));
  if ((flags & kSpeedBit) != 0) p.speed_mmps = signed32(take_big(at + kSpeedAt, 4));
  if ((flags & kCourseBit) != 0) p.course_cdeg = static_cast<std::int32_t>(take_big(at + kCourseAt, 2));
  if ((flags & kAltitudeBit) != 0) p.altitude = Metres::from_mm(signed32(take_big(at + kAltitudeAt, 4)));
  if (flags >> kSourceBits > static_cast<unsigned>(PositionSource::observed))
    return refuse(base::Rule::position_batch, "a fix with flags of " + std::to_string(flags), "flags that are known");
  p.source = static_cast<PositionSource>(flags >> kSourceBits);
  WB_TRY_VOID(check_position(p));
  if (fix_bytes(p) != bytes)
    return refuse(base::Rule::position_batch, "a fix with bytes in a field that it lacks", "zeros there");
  return p;
}

Result<std::vector<Position>> parse_positions(std::string_view bytes) {
  std::vector<Position> positions;
  WB_TRY_VOID(each_fix(bytes, [&](const Position& p) { positions.push_back(p); }));
  return positions;
}

Result<PositionSummary> summarise_positions(std::string_view bytes) {
  PositionSummary summary;
  WB_TRY_VOID(each_fix(bytes, [&](const Position& p) { extend(summary, p); }));
  return summary;
}

Result<ledger::Hash> positions_commitment(std::string_view salt32, std::string_view bytes) {
  WB_TRY(head, PositionReader::open(bytes));
  ledger::ItemRoot root(salt32, static_cast<std::uint32_t>(head.fixes()));
  std::string item;
  WB_TRY_VOID(each_fix(bytes, [&](const Position& p) {
    write_fix(item, p);
    root.add(item);
  }));
  return root.root();
}

Result<void> check_entry_part(const ledger::PartLine& line, std::string_view salt, std::string_view bytes) {
  if (line.media_type != kPositionsMediaType) return ledger::check_part(line, salt, bytes);
  const auto untrue = [&](std::string found) {
    return refuse(base::Rule::part_untrue, std::move(found), "what the entry committed to", "part " + line.name);
  };
  if (salt.size() != 32) return untrue("found a salt of " + std::to_string(salt.size()) + " bytes");
  if (bytes.size() != line.size)
    return untrue("found " + std::to_string(bytes.size()) + " bytes, not " + std::to_string(line.size));
  WB_TRY(commitment, positions_commitment(salt, bytes));
  if (commitment != line.commitment) return untrue("found other fixes or another salt");
  return {};
}

Result<ledger::ItemProof> prove_fix(std::string_view salt32, std::string_view bytes, std::uint32_t index) {
  std::vector<std::string> items;
  WB_TRY_VOID(each_fix(bytes, [&](const Position& p) { items.push_back(fix_bytes(p)); }));
  if (index < items.size()) return ledger::prove_item(salt32, items, index);
  return refuse(base::Rule::position_batch, "fix " + std::to_string(index), "0 to " + std::to_string(items.size() - 1));
}

Result<Position> check_fix(const ledger::PartLine& line, const ledger::ItemProof& proof) {
  if (line.media_type != kPositionsMediaType)
    return refuse(base::Rule::part_untrue, "a part of " + line.media_type, std::string(kPositionsMediaType), "part " + line.name);
  WB_TRY_VOID(ledger::check_item(line.commitment, proof));
  return parse_fix(proof.item);
}

}  // namespace wideberth::model
