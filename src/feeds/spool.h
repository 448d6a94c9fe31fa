// Store and forward: a folder in which fixes wait to be signed, and signed batches wait to be sent.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "client/sign.h"
#include "feeds/reading.h"

namespace wideberth::feeds {

/// What is in the folder, each file written whole or added to by whole rows:
///
///   source                what feeds it: one source to a folder
///   chain                 where the key's notes stand: number, hash of the last text, and the last checkpoint seen
///   <n>-<k>.open.csv      segment n: fixes as they came, one row each; k fixes came before it in all
///   <n>-<k>.csv           the same, closed: to be signed as one batch
///   <n>-<k>.line          the same, signed: to be sent as it stands; k fixes came up to its end
///   lock                  held while a feed runs
///
/// Promise. (1) What add() took is there after the process is killed at any instruction; after cut() also after a loss of power.
/// (2) Each fix is in exactly one segment, each segment becomes exactly one line, and lines are handed out in order. (3) added()
/// is the number of fixes that were ever taken, also after a restart: a source that begins anew skips as many. A segment whose
/// line is there is as good as gone: which of the two survives a kill does not matter. One thread may add and cut while another
/// signs and sends.
///
/// Refused with spool_in_use, spool_other_source, spool_unreadable (a file that this program did not write), spool_unwritable.
class Spool {
 public:
  static Result<std::unique_ptr<Spool>> open(const std::string& folder, const std::string& source);
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool();

  // By whoever takes fixes in.
  /// REQUIRES: each has passed model::check_position.
  Result<void> add(const std::vector<model::Position>& fixes);
  /// Fixes in the open segment.
  std::size_t waiting() const;
  /// Closes the open segment, if there is anything in it.
  Result<void> cut();
  std::uint64_t added() const;

  // By whoever signs and sends.
  struct Segment {
    std::uint64_t number = 0;
    std::uint64_t before = 0;
    std::vector<model::Position> fixes{};
  };
  /// The first that is closed and not signed.
  Result<std::optional<Segment>> next_segment();
  /// The line of that segment, and where the key's notes stand after it.
  Result<void> keep_line(const Segment& segment, const std::string& line, const client::Chain& after);
  struct Line {
    std::uint64_t number = 0;
    std::string text{};
  };
  Result<std::optional<Line>> next_line();
  /// All lines in order, for signing them anew.
  Result<std::vector<Line>> lines();
  Result<void> replace_line(const Line& line);
  /// It was entered.
  Result<void> drop_line(std::uint64_t number);
  std::size_t lines_waiting() const;
  std::size_t segments_waiting() const;

  /// None where nothing is known yet: ask the server.
  std::optional<client::Chain> chain() const;
  Result<void> keep_chain(const client::Chain& chain, const std::optional<ledger::Seen>& seen);
  std::optional<ledger::Seen> seen() const;

 private:
  Spool() = default;
  Result<std::vector<std::string>> take_stock();
  Result<void> read_chain();
  Result<void> begin_segment();
  std::string path(std::uint64_t number, std::uint64_t fixes, const char* ending) const;

  struct Piece {
    std::uint64_t number = 0;
    std::uint64_t fixes = 0;
  };
  std::string folder_{};
  int lock_ = -1;
  mutable std::mutex mutex_{};
  std::deque<Piece> closed_{}, lines_{};
  Piece open_{};
  int open_file_ = -1;
  std::size_t open_rows_ = 0;
  std::uint64_t added_ = 0;
  std::optional<client::Chain> chain_{};
  std::optional<ledger::Seen> seen_{};
};

/// One fix as a row of CSV in the columns of kSpoolHead. Law: read_csv of head and row gives the fix.
std::string csv_row(const model::Position& position);
inline constexpr std::string_view kSpoolHead = "unit,time,lat,lon,accuracy_m,speed_mps,course_deg,altitude_m,source\n";

}  // namespace wideberth::feeds
