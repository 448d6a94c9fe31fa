// Cursor-on-Target events (MITRE base schema, version 2.0) as XML, as ATAK and others send them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "feeds/reading.h"
#include "feeds/xml.h"
#include "geo/place.h"

namespace wideberth::feeds {

/// One event. What this program does not know of an event is kept as it stood and written again.
struct CotEvent {
  std::string uid{}, type{}, how{};     ///< how may be empty
  std::string access{}, qos{}, opex{};  ///< may be empty
  Instant time{}, start{}, stale{};     ///< made, valid from, valid until
  geo::Place place{};
  std::optional<Metres> hae{};       ///< above the ellipsoid; none where the device says 9999999 (999999 and above)
  std::optional<Metres> ce{}, le{};  ///< one sigma, or for areas a radius; the same
  std::string attributes{};          ///< other attributes of <event>, escaped: ` caveat="x"`
  std::string others{};              ///< other elements within <event>, as they stood
  std::string detail{};              ///< the whole <detail> element, as it stood; empty where there is none

  // What detail says that is used here; writing goes by `detail` alone.
  std::string callsign{};                     ///< <contact callsign>, also where it stands beside <detail>
  std::optional<std::int32_t> speed_mmps{};   ///< <track speed>
  std::optional<std::int32_t> course_cdeg{};  ///< <track course>, 0 to 35999
  friend bool operator==(const CotEvent&, const CotEvent&) = default;
};

/// The largest event, in bytes of XML.
inline constexpr std::size_t kMostCotEvent = std::size_t{256} << 10;

/// Reads events one after the other; keeps its parser between them. Not for two threads at once.
class CotReader {
 public:
  /// One whole document. Lenient where devices are known to differ (encodings falsely declared, numbers in E notation, finer
  /// or coarser fractions of a second, <contact> beside <detail>, unknown attributes, absent how, hae, ce and le); strict
  /// about the rest. Refused with feed_record_too_large, xml_malformed, cot_event (an element or attribute missing, twice or
  /// too long, another version), time_malformed, number_malformed, place_out_of_range.
  Result<CotEvent> read(std::string_view xml);

 private:
  XmlParser parser_{};
};

/// The event as ATAK writes it: declaration, event, point, detail, without white space between.
/// Law: CotReader().read(to_xml(e)) == e for every e that was read.
std::string to_xml(const CotEvent& event);

/// Cuts a stream of events (protocol version 0: one after the other, each with or without a declaration) into documents, after
/// each "</event>". Holds at most kMostCotEvent bytes that have not ended.
class CotSplitter {
 public:
  void add(std::string_view bytes);
  /// The next whole event, valid until the next call; none where more bytes are needed. What is longer than kMostCotEvent is
  /// passed over to its end and counted.
  std::optional<std::string_view> next();
  /// How many were too long since the last call.
  std::uint64_t take_too_long();
  /// The bytes that no event was made of yet.
  std::string_view rest() const { return std::string_view(held_).substr(done_); }

 private:
  std::string held_{};
  std::size_t done_ = 0;      ///< bytes of held_ that were handed out
  std::size_t searched_ = 0;  ///< no end begins before this byte of held_
  bool is_skipping_ = false;
  std::uint64_t too_long_ = 0;
};

struct CotOptions {
  bool by_uid = false;      ///< the unit is called by its uid; otherwise by its callsign where it has one
  bool every_side = false;  ///< also atoms that are not marked as one's own (a-f-…)
};

/// Adds the fix of an event that says where a unit is: type a-f-… (a-… with every_side). Others count as of_other_kinds. At 0,0
/// with an unknown ce, which is what a device without a fix sends, it counts as without_place. accuracy is 2.448 ce: ce is one
/// sigma of a circular normal error, accuracy holds 95 in 100. source is observed for how h-g-… (set by hand), otherwise cot.
/// time is that of the event.
void take_cot(const CotEvent& event, const CotOptions& options, Readings& into, const std::string& where = {});

}  // namespace wideberth::feeds
