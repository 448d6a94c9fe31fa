// A real server in a process of its own, for benches that go through HTTP; and a client that has signed everything before.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "client/client.h"
#include "http/parser.h"
#include "ledger/hash.h"
#include "ledger/key.h"
#include "model/kinds.h"
#include "net/dial.h"

namespace wideberth::bench {

inline constexpr const char* kHouseOrigin = "bench.example/log";

/// Gone, with all that is in it, when it goes. Where no path is given, one among the system's temporary files.
struct TemporaryFolder {
  std::filesystem::path path;
  explicit TemporaryFolder(const std::string& given);
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  ~TemporaryFolder();
};

/// The same name gives the same key. Invented: nobody's.
ledger::SigningKey bench_key(const std::string& name);

/// The server: engine, SQLite store, router and sockets as `wideberth serve` has them, pinned to one core or free to use all.
class House {
 public:
  /// Serves the log in the folder; where there is none, one with the parties blue and red is made. Back as soon as it listens.
  /// REQUIRES: no other thread runs in this process.
  explicit House(const std::filesystem::path& folder, bool pinned = true);
  House(const House&) = delete;
  House& operator=(const House&) = delete;
  /// Stops it and waits.
  ~House();

  std::uint16_t port() const { return port_; }
  /// What all its threads have run so far.
  double cpu_seconds() const;

 private:
  std::uint16_t port_ = 0;
  ::pid_t child_ = -1;
  int until_ = -1;  ///< closed when it is to stop
};

/// One connection, requests answered in order.
class Line {
 public:
  explicit Line(std::uint16_t port);
  void send(const std::string& bytes);
  /// The body of the next answer; throws where it is not 200.
  std::string answer();

 private:
  net::Wire wire_;
  http::ResponseParser parser_{};
};

/// Bytes of a request to file one note.
std::string filing(std::uint16_t port, const std::string& line);

/// Notes of one key, chained.
class Pen {
 public:
  explicit Pen(const std::string& name) : key_{bench_key(name)} {}
  /// Goes on from a note that the log has.
  void resume(std::uint64_t number, ledger::Hash text) { number_ = number, previous_ = text; }
  /// A JSON line with one part `full`: JSON, or a batch where the kind is positions.reported; and perhaps one `corridor`.
  std::string line(model::EntryKind kind, std::string full, std::vector<std::string> to = {},
                   std::vector<base::EntryIndex> refs = {}, std::string corridor = {});
  const ledger::SigningKey& key() const { return key_; }

 private:
  ledger::SigningKey key_;
  std::uint64_t number_ = 0;
  std::optional<ledger::Hash> previous_{};
};

/// A client with a session of this key.
client::Client session_of(std::uint16_t port, const ledger::SigningKey& key);

}  // namespace wideberth::bench
