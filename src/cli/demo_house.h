// The house in which a scenario is played: a fresh log, a real server on loopback, and a desk with its own keys for each party.
// All in one process, but nothing passes between a desk and the log other than over HTTP.
#pragma once

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "cli/scenario.h"
#include "client/desk.h"
#include "client/events.h"
#include "engine/engine.h"
#include "net/server.h"
#include "net/system.h"

namespace wideberth::cli {

/// Quickened time: runs like the world's clock, and jumps to the next moment of the scenario when told. Entry 0 says so.
class QuickenedClock final : public base::Clock {
 public:
  explicit QuickenedClock(base::Instant start) : start_ms_(start.ms()), begun_(std::chrono::steady_clock::now()) {}
  base::Instant now() override;
  /// Never back: an instant that has passed changes nothing.
  void jump(base::Instant to);

 private:
  std::atomic<std::int64_t> start_ms_;
  std::chrono::steady_clock::time_point begun_;
};

/// Of a log that one side keeps for itself: whose it is, its key, made before the other's opening had to name it, and the
/// other's.
struct Keeping {
  std::string keeper;
  ledger::SigningKey key;
  ledger::VerifierKey other;
};

class House {
 public:
  /// Makes the log in `folder` (which is empty or not there), starts the server on `port` (0: a free one), and has the root key
  /// of every party that has one in this ending add its desk's key. Keys lie in folder/keys. With `kept` it is a direct log, and
  /// each party has a further desk there, "<party>/cross-1".
  static base::Result<std::unique_ptr<House>> open(const Scenario& scenario, const Ending& ending,
                                                   const std::filesystem::path& folder, std::uint16_t port,
                                                   std::shared_ptr<QuickenedClock> clock, std::optional<Keeping> kept = {});
  ~House();

  std::string url() const { return server_->url(); }
  const ledger::Policy& policy() const { return policy_; }
  /// None where its party has no key in this ending.
  bool has_desk(const std::string& key_name) const { return desks_.contains(key_name); }
  /// REQUIRES: has_desk.
  client::Desk& desk(const std::string& key_name) { return desks_.at(key_name); }
  base::Instant now() { return clock_->now(); }
  base::Clock& clock() { return *clock_; }
  base::Entropy& entropy() { return entropy_; }
  const std::filesystem::path& folder() const { return folder_; }
  /// The party that keeps the log for itself; empty where a neutral keeps it for all.
  const std::string& keeper() const { return keeper_; }
  /// The key of a party's feed, which signs positions and nothing else. REQUIRES: it is a party to the agreement.
  const std::string& feed_key(const std::string& party) const { return feeds_.at(party); }
  /// What happens from now on, as the party with this desk is told.
  client::EventStream follow(const std::string& key_name);
  /// Lets time pass up to `to`, stopping at each moment at which something falls due until it stands in the log.
  void pass(base::Instant to);
  /// When something falls due next.
  std::optional<base::Instant> next_due() const;
  /// Waits until all that is due by now stands in the log.
  void settle();
  /// Stops the server; everything accepted is committed.
  void close();

 private:
  explicit House(std::shared_ptr<QuickenedClock> clock) : clock_(std::move(clock)) {}
  std::vector<std::pair<ScenarioParty, ledger::SigningKey>> take_part(const Scenario& scenario, const Ending& ending,
                                                                      model::Opening& opening);
  base::Result<void> serve(std::uint16_t port);
  base::Result<void> add_desk(const ScenarioParty& party, const std::filesystem::path& keys, ledger::SigningKey root);
  base::Result<client::Desk> open_desk(ledger::SigningKey key, client::Drawer* drawer = nullptr);
  base::Result<void> add_key(client::Desk& root, const ledger::SigningKey& key, const std::string& note,
                             std::vector<std::string> kinds);

  /// Keeps the token of a desk's session, for its event stream.
  struct Tokens final : client::Drawer {
    std::string kept{};
    base::Result<void> keep_pending(std::string_view) override { return {}; }
    base::Result<std::string> pending() override { return std::string(); }
    void keep_token(std::string_view token) override { kept = std::string(token); }
    std::string token() override { return {}; }
  };

  std::shared_ptr<QuickenedClock> clock_;
  net::SystemClock steady_{};
  net::SystemEntropy entropy_{};
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<engine::Engine> engine_;
  std::unique_ptr<net::Server> server_;
  ledger::Policy policy_;
  std::map<std::string, std::unique_ptr<Tokens>> tokens_;
  std::map<std::string, client::Desk> desks_;
  std::map<std::string, std::string> feeds_;
  std::filesystem::path folder_;
  std::string keeper_{};
};

}  // namespace wideberth::cli
