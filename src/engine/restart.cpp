#include "engine/restart.h"

#include <algorithm>
#include <vector>

#include "base/bytes.h"
#include "core/snapshot.h"
#include "store/beside.h"

namespace wideberth::engine {
namespace {

using base::EntryIndex;
using base::refuse;
using base::Result;
using base::Rule;

constexpr std::string_view kFirstLine = "wideberth/state/v1\n";
constexpr std::size_t kSignatureBytes = 64;

/// What is signed. The first line is no log's origin and not that of an entry, so it can be taken for neither.
std::string head_of(const core::State& state, std::string_view origin, const ledger::Hash& program, std::string_view body) {
  std::string head(kFirstLine);
  for (const std::string& line :
       {std::string(origin), std::to_string(state.tree.size()), ledger::to_base64(state.tree.root()),
        std::to_string(core::kRulesVersion), ledger::to_base64(program), ledger::to_base64(ledger::sha256(body))})
    head += line + "\n";
  return head;
}

/// The entries after those that the state has; together they must lead to the head.
Result<void> go_on(store::Store& store, core::State& state, const store::Head& head) {
  constexpr std::size_t kAtOnce = 256;
  while (state.tree.size() < head.size) {
    const auto left = static_cast<std::size_t>(std::min<std::uint64_t>(head.size - state.tree.size(), kAtOnce));
    WB_TRY(stored, store.read(state.next(), left));
    if (stored.empty()) return refuse(Rule::store_untrue, "it is missing", {}, "entry " + std::to_string(state.tree.size()));
    for (store::StoredEntry& each : stored) {
      WB_TRY(entry, entry_from(std::move(each)));
      WB_TRY_VOID(core::apply(state, entry));
    }
  }
  if (state.tree.root() == head.root) return {};
  return refuse(Rule::store_untrue, "the leaves do not lead to the root of the head", {}, "head");
}

std::optional<Restarted> carry_on(store::Store& store, const ledger::VerifierKey& key) {
  const auto head = store.head();
  const auto bytes = store.cache();
  if (!head || !bytes || !*bytes) return std::nullopt;
  auto state = unseal(**bytes, key);
  if (!state || state->tree.size() > head->size) return std::nullopt;
  Restarted again;
  again.carried = state->tree.size();
  if (!go_on(store, *state, *head)) return std::nullopt;
  again.folded.state = std::move(*state);
  again.folded.head = *head;
  return again;
}

}  // namespace

std::optional<std::string> seal(const core::State& state, const ledger::SigningKey& key) {
  const auto program = store::this_program();
  if (!program) return std::nullopt;
  const std::string body = core::save(state);
  std::string sealed = head_of(state, key.name(), *program, body);
  sealed += key.sign(sealed);
  return sealed += body;
}

std::optional<core::State> unseal(std::string_view bytes, const ledger::VerifierKey& key) {
  const auto program = store::this_program();
  // The head has as many lines as we write; where they end is found, what they say is compared below.
  std::size_t end = 0;
  for (int line = 0; line < 7; ++line) {
    const std::size_t at = bytes.find('\n', end);
    if (at > 4096) return std::nullopt;  // npos is greater
    end = at + 1;
  }
  if (!program || !bytes.starts_with(kFirstLine) || bytes.size() < end + kSignatureBytes) return std::nullopt;
  const std::string_view head = bytes.substr(0, end), signature = bytes.substr(end, kSignatureBytes);
  if (!ledger::verify_ed25519(key, head, signature)) return std::nullopt;
  const std::string_view body = bytes.substr(end + kSignatureBytes);
  // Before anything of it is read: that this very program wrote these very bytes.
  const std::string tail = ledger::to_base64(*program) + "\n" + ledger::to_base64(ledger::sha256(body)) + "\n";
  if (!head.ends_with(tail)) return std::nullopt;
  auto state = core::load(body);
  if (!state || head_of(*state, key.name, *program, body) != head) return std::nullopt;
  return state;
}

Result<Restarted> restart(store::Store& store, const ledger::VerifierKey& key, const Progress& progress) {
  if (auto carried = carry_on(store, key)) return std::move(*carried);
  WB_TRY_VOID(store.check());
  Restarted again;
  WB_TRY(folded, fold(store, Signatures::trust, progress));
  again.folded = std::move(folded);
  return again;
}

Result<void> reread_carried(store::Store& store, std::uint64_t carried, const LeafAt& leaf, const std::atomic<bool>& stop) {
  constexpr std::size_t kAtOnce = 16;  // a reader of the log waits for one such batch at most
  if (carried > 0) WB_TRY_VOID(store.check());
  for (std::uint64_t next = 0; next < carried && !stop;) {
    const auto left = static_cast<std::size_t>(std::min<std::uint64_t>(carried - next, kAtOnce));
    WB_TRY(stored, store.read(EntryIndex{next}, left));
    if (stored.empty()) return refuse(Rule::store_untrue, "it is missing", {}, "entry " + std::to_string(next));
    for (const store::StoredEntry& each : stored) {
      if (ledger::leaf_hash(each.leaf) != leaf(each.index))
        return refuse(Rule::store_untrue, "it is not the entry that the log's tree holds", {},
                      "entry " + std::to_string(each.index.value));
      ++next;
    }
  }
  return {};
}

}  // namespace wideberth::engine
