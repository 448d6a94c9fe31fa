// Positions in a batch: the part `full` of positions.reported. docs/positions.md has the format byte by byte.
//
// A batch is a set, and has one form: units in the order of their names, each with its fixes in the order of their times. Whoever
// makes it sorts; what is not sorted is refused. Nothing is dropped: the same fix twice, or two places of a unit at one time, are
// what the party said, and stand. That a fix came late shows by the entry that it came in, so an order within a batch would
// tell nothing that the times do not. What duplicated, late and future fixes mean is for `live` to say.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/entry.h"
#include "ledger/items.h"
#include "model/position.h"

namespace wideberth::model {

inline constexpr std::string_view kPositionsMediaType = "application/vnd.wideberth.positions";
inline constexpr std::size_t kMostFixes = 10'000;  ///< of one batch
inline constexpr std::size_t kMostPositionBytes = std::size_t{2} << 20;

/// Fixes in the order of the format, one after another. Refuses with position_batch, naming the byte, what is not exactly what
/// encode_positions writes.
class PositionReader {
 public:
  /// Reads the head. The bytes outlive the reader.
  static Result<PositionReader> open(std::string_view bytes);

  std::size_t fixes() const { return fixes_; }
  std::size_t units() const { return units_; }
  /// How many were read or passed over: the last one that next() gave has the index read() - 1.
  std::size_t read() const { return fixes_read_; }
  /// The next fix; false after the last, once the padding was seen to be one. Keeps the room that `into` has.
  Result<bool> next(Position& into);
  /// After the first fix of a unit: passes over its others without looking at them. For bytes that were read whole before.
  void skip_unit();

 private:
  PositionReader(std::string_view bytes) : bytes_{bytes} {}
  Result<void> begin_unit();
  Result<void> read_fix(Position& into);
  Result<std::uint64_t> varint(std::uint64_t most, const char* what);
  Result<std::int64_t> delta(const char* what);
  Result<bool> finish() const;
  tl::unexpected<Refusal> bad(std::string found, std::string accepted = {}) const;

  /// What the next fix is told as a difference from.
  struct From {
    std::int64_t ms = 0, lon = 0, lat = 0, altitude = 0;
  };

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::size_t units_ = 0, fixes_ = 0;  ///< as the head says
  std::size_t units_begun_ = 0, fixes_read_ = 0;
  std::size_t left_ = 0, unit_end_ = 0;  ///< of the present unit
  bool first_ = false;                   ///< the next fix is its unit's first
  std::string_view unit_{};
  From before_{}, head_{};  ///< the fix before; the first fix of the unit before
};

/// The batch, padded. Sorts by unit and time; fixes of one unit and time keep their order. Refused with position_batch where
/// there is none or more than kMostFixes, and as check_position refuses.
Result<std::string> encode_positions(const std::vector<Position>& positions);
/// Laws. (1) parse_positions(*encode_positions(p)) is p, sorted. (2) encode_positions(*parse_positions(b)) == b.
Result<std::vector<Position>> parse_positions(std::string_view bytes);

/// One fix alone, as the leaf of the commitment has it.
///  Law: parse_fix(fix_bytes(p)) == p for every p that check_position lets through, and fix_bytes(*parse_fix(b)) == b.
std::string fix_bytes(const Position& position);
/// Refused with position_batch and as check_position refuses.
Result<Position> parse_fix(std::string_view bytes);

/// What a batch says of one unit.
struct UnitSpan {
  std::string unit;
  Instant from{}, to{};
  std::uint32_t fixes = 0;
  friend bool operator==(const UnitSpan&, const UnitSpan&) = default;
};
/// A batch read once: what the fold keeps of it, and the commitment where there was a salt.
struct PositionSummary {
  Instant from{}, to{};
  std::uint32_t fixes = 0;
  std::vector<UnitSpan> units;  ///< by name
};
/// Refused as parse_positions refuses.
Result<PositionSummary> summarise_positions(std::string_view bytes);

/// The commitment of a batch: the root over fix_bytes of its fixes (ledger/items.h). Refused as parse_positions refuses.
/// REQUIRES: 32 bytes of salt.
Result<ledger::Hash> positions_commitment(std::string_view salt32, std::string_view bytes);

/// Whether these are the salt and the bytes that the line committed to, by the rule of its media type. Refused with part_untrue,
/// and as parse_positions refuses.
Result<void> check_entry_part(const ledger::PartLine& line, std::string_view salt, std::string_view bytes);

/// One fix of a batch with its proof. Refused as parse_positions refuses, and with position_batch where there is no such fix.
/// REQUIRES: 32 bytes of salt.
Result<ledger::ItemProof> prove_fix(std::string_view salt32, std::string_view bytes, std::uint32_t index);
/// The fix, if the proof shows it to be one of the batch that the line of an entry commits to.
Result<Position> check_fix(const ledger::PartLine& line, const ledger::ItemProof& proof);

/// The least size of a padded batch that holds so many bytes: 512, 640, 768, 896, 1024, 1280 … (quarters between the powers of
/// 2).
std::size_t position_class(std::size_t bytes) noexcept;

}  // namespace wideberth::model
