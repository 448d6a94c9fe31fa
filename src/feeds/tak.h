// TAK Protocol version 1: a Cursor-on-Target event as protobuf, and its two framings.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "feeds/cot.h"

namespace wideberth::feeds {

/// Which versions the sender can decode, as it announces on a mesh.
struct TakControl {
  std::uint32_t least_version = 1, most_version = 1;
  std::string contact_uid{};
  friend bool operator==(const TakControl&, const TakControl&) = default;
};

struct TakMessage {
  std::optional<TakControl> control{};
  std::optional<CotEvent> event{};
};

/// The largest payload, in bytes.
inline constexpr std::size_t kMostTakMessage = kMostCotEvent;
inline constexpr unsigned char kTakMagic = 0xBF;

// The payload of version 1 is a protobuf message (numbers of fields; "s" text, "d" double, "u" unsigned varint, "m" message):
//   TakMessage  1 m control, 2 m event
//   control     1 u least version, 2 u most version, 3 s uid of the contact
//   event       1 s type, 2 s access, 3 s qos, 4 s opex, 5 s uid, 6 u time, 7 u start, 8 u stale (each in ms since 1970), 9 s
//   how,
//               10 d lat, 11 d lon, 12 d hae, 13 d ce, 14 d le (999999 where not known), 15 m detail, 16 s caveat, 17 s
//               releasableTo
//   detail      1 s xmlDetail: what of <detail> has no message; 2 m contact: 1 s endpoint, 2 s callsign; 3 m __group: 1 s name, 2
//   s role;
//               4 m precisionlocation: 1 s geopointsrc, 2 s altsrc; 5 m status: 1 u battery;
//               6 m takv: 1 s device, 2 s platform, 3 s os, 4 s version; 7 m track: 1 d speed, 2 d course

/// Reads payloads one after the other.
class TakReader {
 public:
  /// Refused with tak_message (no protobuf, no event and no control, a detail that is no XML), feed_record_too_large, and
  /// as CotReader refuses. Fields that are not known are passed over. What stands in xmlDetail goes before its message.
  Result<TakMessage> read(std::string_view payload);

 private:
  CotReader cot_{};
  XmlParser xml_{};
};

/// Writes payloads one after the other.
class TakWriter {
 public:
  /// A child of <detail> that its message holds whole is written so, every other as it stands in xmlDetail. Elements beside
  /// <detail> go to xmlDetail too. Attributes of <event> and <detail> that have no field are lost: the protocol has no place for
  /// them. Law: what TakReader reads from it has the same uid, type, how, access, qos, opex, times, place, hae, ce, le, callsign,
  /// speed and course, and the same children of <detail>, messages first.
  /// Refused with xml_malformed where the event's own detail is no XML, which cannot be where it was read.
  Result<std::string> write(const CotEvent& event);

 private:
  XmlParser xml_{};
};
std::string to_tak(const TakControl& control);

/// BF 01 BF and the payload: one datagram of a mesh.
std::string mesh_datagram(std::string_view payload);
/// BF, the length as a varint, the payload: one message of a stream.
std::string stream_frame(std::string_view payload);

/// One datagram: XML (version 0), or BF 01 BF and a payload. Refused with tak_frame (another version, no end of the header)
/// and as the readers refuse.
class DatagramReader {
 public:
  Result<TakMessage> read(std::string_view datagram);

 private:
  TakReader tak_{};
  CotReader cot_{};
};

/// A length at the front of a stream's bytes: BF and a varint of at most five bytes.
struct TakFrameHead {
  std::size_t head = 0;     ///< bytes of the head
  std::size_t payload = 0;  ///< bytes of the payload
};
/// None where more bytes are needed; refused with tak_frame (not BF, a varint without end), feed_record_too_large.
Result<std::optional<TakFrameHead>> read_frame_head(std::string_view bytes);

}  // namespace wideberth::feeds
