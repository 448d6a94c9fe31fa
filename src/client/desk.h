// A party's desk: signs acts, files them, and calls nothing done before its receipt was verified against the pinned policy.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/ports.h"
#include "client/client.h"
#include "client/parts.h"
#include "json/reader.h"
#include "json/value.h"
#include "ledger/entry.h"
#include "ledger/key.h"
#include "ledger/policy.h"
#include "ledger/proof.h"
#include "model/kinds.h"

namespace wideberth::client {

using base::EntryIndex;
using base::Instant;

/// What a desk keeps between two runs, for whoever has a disk: all of it may be lost, and costs a question then.
class Drawer {
 public:
  virtual ~Drawer() = default;
  /// A line that is about to be sent and whose answer is not known yet; empty once it is. Refused, nothing is sent.
  virtual Result<void> keep_pending(std::string_view line) = 0;
  /// The line that was kept and never answered; empty where there is none.
  virtual Result<std::string> pending() = 0;
  /// A session's token, to be asked for again instead of another session; both empty where there is none.
  virtual void keep_token(std::string_view token) = 0;
  virtual std::string token() = 0;
};

struct DeskConfig {
  ClientConfig client{};
  int tries = 4;                                         ///< of one filing, where the answer was lost or the server was busy
  Millis between = Millis::from_seconds(2);              ///< two tries
  std::function<void(const base::Refusal&)> on_retry{};  ///< told before each wait
};

/// The world, handed in. All outlive the desk; `drawer` may be null.
struct DeskPorts {
  base::Clock& clock;
  base::Entropy& entropy;
  Drawer* drawer = nullptr;
};

/// One part of an act, before it is salted; JSON is padded too.
struct ActPart {
  std::string name;
  std::string json;  ///< or bytes in another form, as the media type has it
  std::string media_type{"application/json"};
  std::string salt{};  ///< 32 bytes; empty: one is drawn. The same salt and bytes give the same commitment
};

struct Act {
  model::EntryKind kind{};
  std::vector<std::string> to{};
  std::vector<EntryIndex> refs{};
  std::vector<ActPart> parts{};
  std::optional<Instant> occurred{};  ///< when the act was, where it was on paper or by radio
  /// Whose lines follow the desk's own, where the kind asks for them; not owned, alive until it is filed.
  std::vector<const ledger::SigningKey*> officers{};
};

/// Where the notes of a key stand: the number of the next one, and the hash of the text of the last one.
struct Chain {
  std::uint64_t number = 1;
  std::optional<ledger::Hash> previous{};
  friend bool operator==(const Chain&, const Chain&) = default;
};

/// An entry with its proof: what a desk keeps of it.
struct Proved {
  EntryIndex index{};
  Instant received{};
  std::string leaf{};             ///< what the receipt proves
  std::string receipt{};          ///< c2sp.org/tlog-proof@v1, verified
  std::vector<KeptPart> parts{};  ///< those that this reader gets, each what the leaf commits to
};

/// An entry of one's own.
struct Filed : Proved {
  std::string kind{};
};

/// An entry read back and verified: its leaf is in the log, and the parts are those that it commits to.
struct Read : Proved {
  ledger::EntryText text{};

  /// The bytes of a part; none where this reader does not get it or it was erased.
  const std::string* part(std::string_view name) const;
};

/// Not for two threads at once.
///
/// Laws.
///  (1) Nothing is returned as filed or read whose receipt the pinned policy does not vouch for.
///  (2) A text whose answer was lost is sent again as it stands, so that it is entered once.
///  (3) What is signed to begin a session is a challenge for the pinned log and this key, and nothing else.
class Desk {
 public:
  /// Reads the public checkpoint and begins a session. Refused with log_not_pinned where the server speaks for another log
  /// than the policy's, and as Client refuses.
  static Result<Desk> open(DeskConfig config, ledger::SigningKey key, ledger::Policy policy, DeskPorts ports);

  const std::string& key_name() const { return key_.name(); }
  /// The party that the key speaks for.
  const std::string& party() const { return party_; }
  const std::string& origin() const { return log_.key.name; }
  const ledger::Policy& policy() const { return policy_; }
  /// The latest checkpoint that was verified; goes into every note.
  const std::optional<ledger::Seen>& seen() const { return seen_; }
  Instant now() { return ports_.clock.now(); }

  /// Signs the act as the next note of this key, files it, verifies its receipt. Where another process that signs with the
  /// same key was quicker, the act is numbered and signed anew.
  Result<Filed> file(const Act& act);
  /// The act as the note at this place of the key's chain and at no other, which is moved on: whoever looks whether an act is in
  /// the log after he read the chain enters it once, whatever of an earlier run is still on its way. Refused with
  /// chain_number_used or chain_gap where another was quicker.
  Result<Filed> file_at(const Act& act, Chain& at);
  /// Signs the acts as the next notes of this key and files them in bodies of at most kMostTogether lines; for each, in order,
  /// its proof or why it is refused. One that is refused does not stop the others. A refusal of the whole: nothing is known of
  /// the acts from the first that has no answer on; what was sent may stand, and sent lines are not kept in the drawer.
  struct FiledTogether {
    std::vector<Result<Filed>> acts{};          ///< of those that were answered
    std::optional<base::Refusal> broken_off{};  ///< why the others have no answer
  };
  FiledTogether file_together(const std::vector<Act>& acts, const std::function<void(std::size_t)>& on_answered = {});
  static constexpr std::size_t kMostTogether = 200;
  /// What was sent before and never answered, sent again; none where there is nothing. A refusal is the server's last word.
  Result<std::optional<Filed>> finish_pending();

  /// A line that was signed before (sign.h), sent as it stands and its receipt verified; sent twice, it is entered once. Refused
  /// with chain_number_used or chain_gap where another was quicker with this key.
  Result<Filed> file_line(const std::string& line);
  /// Where the key's notes stand, as the server tells it.
  Result<Chain> read_chain();

  /// A read with the session: the document.
  Result<json::Value> get(const std::string& path, http::Fields query = {});
  /// An entry with its parts, verified. Refused with entry_unknown, and where something does not hold.
  Result<Read> entry(EntryIndex index);

 private:
  Desk(DeskConfig config, Client client, ledger::SigningKey key, ledger::Policy policy, DeskPorts ports);
  Result<void> look_at_log();
  Result<void> begin_session();
  Result<std::string> sign_challenge(std::string_view challenge) const;
  Result<Answer> ask(const Question& question);
  Result<Answer> ask_until_answered(const Question& question);
  Result<std::vector<Result<Filed>>> file_body(std::span<const Act> acts);
  Result<Filed> file_once(const Act& act);
  Result<Filed> send(const std::string& line, const std::string& note);
  Result<Filed> proved(std::string_view answer, const std::string& note, const std::string& line);
  Result<ledger::Verified> verify(EntryIndex index, std::string_view receipt, std::string_view leaf);
  Result<void> take_view(const ledger::Checkpoint& checkpoint);
  void wait() const;

  DeskConfig config_;
  Client client_;
  ledger::SigningKey key_;
  ledger::Policy policy_;
  ledger::Policy::Log log_;
  DeskPorts ports_;
  std::string party_;
  std::optional<Chain> chain_{};  ///< none: ask the server
  std::optional<ledger::Seen> seen_{};
};

}  // namespace wideberth::client
