// Signs what waits in a spool and sends it, in order, for as long as it takes.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/ports.h"
#include "client/desk.h"
#include "feeds/spool.h"

namespace wideberth::feeds {

struct ForwardConfig {
  client::DeskConfig desk{};
  std::optional<base::EntryIndex> agreement{};  ///< whose `positions` rule says what else they may be used for
  Millis first_wait = Millis::from_ms(500);     ///< after the server was lost; twice as long each time
  Millis longest_wait = Millis::from_seconds(30);
};

/// One step at a time: the caller decides when, and waits between. Not for two threads at once.
class Forwarder {
 public:
  /// A key whose bytes are given out again for each desk that is opened.
  using MakeKey = std::function<Result<ledger::SigningKey>()>;
  Forwarder(ForwardConfig config, MakeKey key, ledger::Policy policy, base::Clock& clock, base::Entropy& entropy, Spool& spool);

  /// Signs every closed segment, with the server or without, once the key's chain is known.
  Result<void> sign();
  /// Sends the oldest line. What was entered, if anything was; none where nothing waits, or where the server is not to be had:
  /// then `trouble()` says why and `wait()` how long to leave it alone. Refused where sending again would not help. Where another
  /// process has signed with the same key meanwhile, all lines that wait are numbered and signed anew.
  Result<std::optional<client::Filed>> send();

  const std::optional<Refusal>& trouble() const { return trouble_; }
  Millis wait() const { return wait_; }

 private:
  Result<bool> have_desk();
  Result<void> sign_anew();
  Result<client::Chain> sign_segment(const Spool::Segment& segment, const client::Chain& chain, const ledger::SigningKey& key);
  void lost(Refusal why);

  ForwardConfig config_;
  MakeKey make_key_;
  ledger::Policy policy_;
  base::Clock& clock_;
  base::Entropy& entropy_;
  Spool& spool_;
  std::optional<ledger::SigningKey> key_{};
  std::optional<client::Desk> desk_{};
  std::optional<Refusal> trouble_{};
  Millis wait_{};
};

}  // namespace wideberth::feeds
