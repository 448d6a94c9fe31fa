// Where live feeds come in: a connection out or in, or datagrams, each read in a thread of its own, fixes put into the spool.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/ports.h"
#include "feeds/nmea.h"
#include "feeds/spool.h"
#include "feeds/tak_stream.h"
#include "net/accept.h"

namespace wideberth::feeds {

enum class FeedFormat : unsigned char { cot, nmea, gpx, geojson, csv };
std::optional<FeedFormat> feed_format_named(std::string_view name) noexcept;

/// What is taken of what is read, and what became of it.
class Intake {
 public:
  Intake(Spool& spool, std::string party) : spool_{spool}, party_{std::move(party)} {}
  /// Puts the fixes into the spool, those of another party and of no party's own aside; clears the readings. From any thread.
  void take(Readings& readings);
  /// Where the unit was last, as far as this run knows; of the first kMostUnits units.
  std::optional<geo::Place> place_of(const std::string& unit) const;
  /// Why a fix could not be kept, if one could not: the feed ends then.
  std::optional<Refusal> trouble() const;

  struct Counts {
    std::uint64_t taken = 0, refused = 0, of_others = 0, without_place = 0;
  };
  Counts counts() const;
  /// The last refusals since it was asked last, to be told to whoever watches.
  std::vector<Refusal> take_refused();

 private:
  Spool& spool_;
  std::string party_;
  mutable std::mutex mutex_{};
  Counts counts_{};
  std::vector<Refusal> refused_{};
  std::optional<Refusal> trouble_{};
  std::map<std::string, geo::Place> places_{};
};
inline constexpr std::size_t kMostUnits = 100'000;

/// Fixes in one batch at most, so that no batch grows beyond what may be filed.
inline constexpr std::size_t kMostBatch = 5'000;

/// What goes out to every ATAK device that is connected: the latest event of each uid, until it is stale.
class Outbox {
 public:
  void put(CotEvent event);
  /// Takes an event away: from who comes later by forgetting it, from who has it by a t-x-d-d.
  void drop(const std::string& uid, Instant now);
  /// Events that were put after `since`, which is moved on; those that are stale at `now` are left out.
  std::vector<CotEvent> after(std::uint64_t& since, Instant now) const;

 private:
  struct Kept {
    std::uint64_t version = 0;
    CotEvent event{};
  };
  mutable std::mutex mutex_{};
  std::uint64_t version_ = 0;
  std::map<std::string, Kept> events_{};
};

struct GateConfig {
  enum class Kind : unsigned char { dial, listen, datagrams };
  Kind kind = Kind::dial;
  FeedFormat format = FeedFormat::cot;  ///< cot or nmea
  net::Dial dial{};
  net::ListenAt listen{};  ///< also the address and port of datagrams
  NmeaOptions nmea{};
  CotOptions cot{};
  std::function<void(const std::string&)> say{};  ///< told of connections and troubles; from any thread
};

/// Reads until it is destroyed.
class Gate {
 public:
  /// Refused with address_unusable.
  static Result<std::unique_ptr<Gate>> open(GateConfig config, Intake& intake, const Outbox& outbox, base::Clock& clock,
                                            base::Entropy& entropy);
  Gate(const Gate&) = delete;
  Gate& operator=(const Gate&) = delete;
  ~Gate();
  /// Where it listens.
  std::uint16_t port() const { return port_; }

 private:
  Gate(GateConfig config, Intake& intake, const Outbox& outbox, base::Clock& clock, base::Entropy& entropy);
  void run_dial();
  void run_listen();
  void run_datagrams();
  void serve(net::Wire wire, TakRole role);
  void serve_cot(net::Wire& wire, TakRole role);
  void serve_nmea(net::Wire& wire);
  void tell(const std::string& what) const;
  std::string new_uid() const;
  bool rest(Millis span) const;

  GateConfig config_;
  Intake& intake_;
  const Outbox& outbox_;
  base::Clock& clock_;
  base::Entropy& entropy_;
  std::uint16_t port_ = 0;
  std::optional<net::Listener> listener_{};
  std::optional<net::Datagrams> datagrams_{};
  std::atomic<bool> stopping_{false};
  std::thread thread_{};
};

/// Devices at once.
inline constexpr std::size_t kMostConnections = 64;

}  // namespace wideberth::feeds
