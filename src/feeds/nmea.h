// NMEA 0183 sentences: one's own position from a GNSS receiver, and AIS from a receiver of ships.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "feeds/ais.h"
#include "feeds/reading.h"

namespace wideberth::feeds {

struct NmeaOptions {
  std::string own_unit = "own";    ///< what GGA, GLL, GNS, RMC and VDO are about
  std::optional<Instant> about{};  ///< roughly when: for sentences that do not name the day; NmeaReader::heard_at sets it anew
};

/// Reads lines one after the other; keeps the day, the halves of messages, and what other sentences said of the next fix.
///
/// Understood: !--VDM and !--VDO of any talker with AIS types 1, 2, 3, 5, 18, 19, 24, 27 in one or more parts; $--RMC, $--GNS,
/// $--GGA, $--GLL, $--VTG (speed and course of the next fix), $--ZDA (the day); TAG blocks before a sentence or on a line of
/// their own (c: is the time of the next sentence, in seconds or milliseconds); $PGHP (the same). All else that has a good
/// checksum counts as of_other_kinds.
///
/// Time. An AIS report names the second of the minute alone: its fix is at the last such second before it was heard (PGHP, TAG,
/// heard_at, or the last full date and time of the stream), or when it was heard where that lies more than 20 s back or no second
/// is named. A time of day is placed on the day nearest to the last instant known; refused with nmea_time_unknown where there is
/// none. Years of two digits lie nearest to `about`, without it from 1980 to 2079; a date 1024 or 2048 weeks before `about`, to a
/// day, is a receiver's rolled-over week and is moved on. One receiver that sends several of RMC, GNS, GGA and GLL gives one fix
/// a time, of the best of these, in this order. altitude is that of GGA or GNS of the same time, with the geoid's added. Fixes
/// marked void, simulated or by hand count as without_place.
///
/// Refused, where: "line 7": nmea_sentence (over kMostSentence bytes, not printable, no or a wrong checksum, a field that cannot
/// be read), ais_payload, place_out_of_range, nmea_time_unknown.
class NmeaReader {
 public:
  explicit NmeaReader(NmeaOptions options = {}) : options_{std::move(options)}, day_{options_.about} {}

  /// The clock, for what arrives from now on.
  void heard_at(Instant now) { heard_ = day_ = now; }
  /// One line, without its end or with it.
  void line(std::string_view line, Readings& into);
  /// All lines of a text. A last line without end is a line.
  void text(std::string_view lines, Readings& into);
  /// What is still waiting for its other parts is refused with ais_payload.
  void finish(Readings& into);

 private:
  struct Parts {
    unsigned total = 0, have = 0, id = 0;
    char channel = 0;
    std::array<std::string, 9> payloads{};
    unsigned fill = 0;
    std::uint64_t last_line = 0;
    std::optional<Instant> heard{};
    bool is_own = false;
  };
  struct Fields;
  void sentence(std::string_view sentence, Readings& into);
  bool tag_block(std::string_view block);
  void ais(const Fields& fields, Readings& into);
  void part(const Fields& fields, unsigned total, unsigned number, unsigned fill, bool is_own, Readings& into);
  void message(std::string_view payload, unsigned fill, bool is_own, std::optional<Instant> heard, Readings& into);
  void rmc(const Fields& fields, Readings& into);
  void gga(const Fields& fields, Readings& into);
  void gns(const Fields& fields, Readings& into);
  void gll(const Fields& fields, Readings& into);
  void vtg(const Fields& fields);
  void zda(const Fields& fields);
  void pghp(const Fields& fields);
  void fix(const Fields& fields, std::size_t time, std::size_t lat, int rank, std::optional<Instant> day, Readings& into);
  void refuse(Readings& into, Rule rule, std::string found, std::string accepted) const;
  std::string where() const { return "line " + std::to_string(line_); }

  NmeaOptions options_;
  std::optional<Instant> heard_{};    ///< the clock, where there is one
  std::optional<Instant> stream_{};   ///< the last instant that the stream itself named in full
  std::optional<Instant> day_{};      ///< what a time of day is placed near
  std::optional<Instant> stamped_{};  ///< by a TAG block or PGHP, for the next sentence
  std::uint64_t line_ = 0;
  std::vector<Parts> parts_{};
  int rank_ = 0;  ///< of the best sentence with a position that was met lately
  std::optional<Instant> ranked_{}, last_fix_{};
  std::optional<std::int32_t> speed_mmps_{}, course_cdeg_{};
  std::optional<std::int64_t> altitude_time_{};
  Metres altitude_{};
};

inline constexpr std::size_t kMostSentence = 1024;

}  // namespace wideberth::feeds
