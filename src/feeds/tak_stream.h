// A connection between an ATAK device and a TAK server as a pure state machine: bytes and the time in, events and bytes out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feeds/tak.h"

namespace wideberth::feeds {

/// Which end of the connection this program is.
enum class TakRole : unsigned char { server, client };

/// What came of some bytes or of the passing of time.
struct TakTold {
  std::vector<CotEvent> events{};  ///< those that are not about the connection itself
  std::vector<Refusal> refused{};  ///< each event that could not be read; the connection goes on unless is_over
  std::string reply{};             ///< to be sent as it stands
  bool is_over = false;            ///< the connection is to be closed: framing lost, no answer, or silence
};

/// Negotiation, framing and keep-alive of a stream.
///
/// Both ends begin with XML. A server offers version 1 at once (t-x-takp-v) and agrees to a request for it (t-x-takp-q) for as
/// long as the connection stands; from its answer (t-x-takp-r) on, both send version 1. A client that is offered version 1 asks
/// for it, is silent until it is answered, gives up after 60 s, and goes on in XML where it is refused. Pings (t-x-c-t) are
/// answered with pongs (t-x-c-t-r). A client that has heard nothing for 15 s pings, again every 4.5 s, and gives up after 25 s. A
/// server gives up on a client after 10 minutes of silence. None of these events is handed out. An event that cannot be read is
/// refused and the next one read. Where framing is lost in version 1 (tak_frame) nothing more can be read, and the connection is
/// over.
class TakStream {
 public:
  /// `uid` names the negotiation; a server makes one for each connection.
  TakStream(TakRole role, std::string uid, Instant now);

  /// What is to be sent first.
  std::string open(Instant now);
  TakTold receive(std::string_view bytes, Instant now);
  /// To be called about once a second.
  TakTold tick(Instant now);
  /// The other end has closed: refused with tak_frame where an event or a message was cut off.
  TakTold end();
  /// The bytes of an event in the form that is spoken now; empty while a client must be silent, in which case the event is sent
  /// with the next reply.
  std::string send(const CotEvent& event);

  bool speaks_version_1() const { return state_ == State::version_1; }

 private:
  enum class State : unsigned char { xml, asked, version_1 };
  void read_xml(Instant now, TakTold& told);
  void read_frames(Instant now, TakTold& told);
  void take(CotEvent&& event, Instant now, TakTold& told);
  void negotiate(const CotEvent& event, Instant now, TakTold& told);
  void flush(TakTold& told);

  TakRole role_;
  std::string uid_;
  State state_ = State::xml;
  Instant heard_, asked_{}, pinged_{};
  CotSplitter splitter_{};
  std::string frames_{};
  CotReader cot_{};
  TakReader tak_{};
  TakWriter writer_{};
  std::vector<CotEvent> held_{};  ///< by a client that must be silent
};

/// The most events that a silent client holds; the oldest go first.
inline constexpr std::size_t kMostHeld = 1000;

/// An event about the connection itself, such as t-x-c-t: at no place, good for a minute.
CotEvent control_event(std::string uid, std::string type, Instant now, std::string detail = {});

}  // namespace wideberth::feeds
