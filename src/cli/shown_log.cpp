#include "cli/shown_log.h"

#include <algorithm>
#include <system_error>

#include "base/bytes.h"
#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/receipts.h"
#include "ledger/checkpoint.h"
#include "ledger/keyfile.h"
#include "ledger/note.h"
#include "model/kinds.h"
#include "store/reread.h"
#include "store/sqlite.h"

namespace wideberth::cli {
namespace {

namespace fs = std::filesystem;
using base::refuse;
using base::Result;
using base::Rule;
using client::ShownLog;

constexpr std::size_t kMostPairReceipt = std::size_t{2} << 20;

template <typename T>
Result<T> located(Result<T> result, const std::string& where) {
  if (!result) result.error().where = where + (result.error().where.empty() ? "" : ", " + result.error().where);
  return result;
}

bool is_crossed(const std::string& kind) { return kind == model::name_of(model::EntryKind::entry_crossed); }

/// What an entry.crossed holds, from the bytes of its part, which are known to be what the entry commits to.
Result<void> take_held(ShownLog& log, base::EntryIndex index, std::string_view json, const PairTrust& trust) {
  WB_TRY(crossed, model::parse_crossed(json));
  return client::take_crossed(log, index, crossed, trust.other, trust.other.logs.front().key.name, trust.unproved);
}

Result<void> take_stored(ShownLog& log, const store::StoredEntry& stored, const PairTrust& trust) {
  WB_TRY(split, ledger::parse_leaf(stored.leaf));
  WB_TRY(note, ledger::parse_note(split.note));
  WB_TRY(text, ledger::parse_entry_text(note.text));
  if (text.origin != log.origin)
    return refuse(Rule::checkpoint_other_log, "an entry of " + text.origin, "an entry of " + log.origin);
  log.entries.emplace(stored.index,
                      client::ShownEntry{ledger::leaf_hash(stored.leaf), split.received, text.kind, text.signer, text.parts});
  if (!is_crossed(text.kind)) return {};
  for (const store::StoredPart& part : stored.parts)
    if (part.name == model::kFullPart && !part.erased) WB_TRY_VOID(take_held(log, stored.index, part.bytes, trust));
  return {};
}

/// The head as a signed note: as it was kept, or signed now by the key in the folder, where that is the policy's.
Result<std::string> head_note(ShownLog& log, const fs::path& folder, const store::Head& head, const PairTrust& trust) {
  if (!head.checkpoint.empty()) return head.checkpoint;
  const fs::path file = folder / kServerKeyFile;
  WB_TRY(secret, read_file(file, 16 * 1024));
  const auto key = ledger::read_key_file(secret);
  ledger::wipe(secret);
  if (!key) return located(Result<std::string>(tl::make_unexpected(key.error())), file.string());
  if (key->verifier() != trust.own.logs.front().key)
    return refuse(Rule::log_key_mismatch, "the key in the folder is " + ledger::to_text(key->verifier()),
                  ledger::to_text(trust.own.logs.front().key), file.string());
  log.signed_here = true;
  return ledger::sign_checkpoint({log.origin, head.size, head.root, {}}, *key);
}

/// Every entry leads to the head, and a receipt of the last one says whether the head is one that the policy vouches for.
Result<ShownLog> read_store(const fs::path& folder, const PairTrust& trust) {
  const std::string file = (folder / kStoreFile).string();
  ShownLog log{trust.own.logs.front().key.name};
  WB_TRY(store, located(store::open_sqlite(file, store::Mode::read), file));
  std::string last;
  const auto take = [&](const store::StoredEntry& stored) -> Result<void> {
    last = stored.leaf;
    return located(take_stored(log, stored, trust), "entry " + std::to_string(stored.index.value));
  };
  WB_TRY(reread, located(store::reread(*store, take), file));
  if (reread.head.size == 0) return refuse(Rule::log_not_open, "the store is empty", {}, file);
  const std::uint64_t size = reread.head.size;
  WB_TRY(checkpoint, head_note(log, folder, reread.head, trust));
  const ledger::Receipt receipt{{}, base::EntryIndex{size - 1}, reread.tree.inclusion(size - 1, size), checkpoint};
  WB_TRY(taken,
         located(client::take_receipt(log, trust.own, ledger::to_text(receipt), last, trust.unproved), file + ", its head"));
  if (taken.index.value + 1 != size || log.size() != size)
    return refuse(Rule::store_untrue, "the kept checkpoint is of another head", {}, file);
  return log;
}

Result<void> take_kept(ShownLog& log, const fs::path& proof, const PairTrust& trust) {
  fs::path leaf_file = proof, parts_file = proof;
  leaf_file.replace_extension(".leaf");
  parts_file.replace_extension(".parts.json");
  WB_TRY(receipt, read_file(proof, kMostPairReceipt));
  WB_TRY(leaf, read_file(leaf_file, kMostPairReceipt));
  WB_TRY(taken, located(client::take_receipt(log, trust.own, receipt, leaf, trust.unproved), proof.string()));
  std::error_code ignored;
  if (!is_crossed(taken.text.kind) || !fs::exists(parts_file, ignored)) return {};
  WB_TRY(parts, read_kept_parts(parts_file.string(), taken.text));
  for (const client::KeptPart& part : parts)
    if (part.name == model::kFullPart) WB_TRY_VOID(located(take_held(log, taken.index, part.json, trust), parts_file.string()));
  return {};
}

Result<std::vector<fs::path>> proofs_in(const fs::path& folder) {
  std::vector<fs::path> proofs;
  std::error_code failed;
  for (fs::directory_iterator each(folder, failed); !failed && each != fs::directory_iterator(); each.increment(failed))
    if (each->path().extension() == ".tlog-proof") proofs.push_back(each->path());
  if (failed) return refuse(Rule::file_unreadable, failed.message(), "the folder of a log, or one of receipts", folder.string());
  std::sort(proofs.begin(), proofs.end());
  return proofs;
}

}  // namespace

Result<std::string> origin_of(const ledger::Policy& policy, const std::string& file) {
  if (policy.logs.size() != 1)
    return refuse(Rule::policy_malformed, std::to_string(policy.logs.size()) + " logs", "one log", file);
  return policy.logs.front().key.name;
}

Result<ShownLog> read_shown_log(const fs::path& folder, const PairTrust& trust) {
  std::error_code ignored;
  if (fs::exists(folder / kStoreFile, ignored)) return read_store(folder, trust);
  const fs::path receipts = fs::is_directory(folder / "receipts", ignored) ? folder / "receipts" : folder;
  WB_TRY(proofs, proofs_in(receipts));
  if (proofs.empty())
    return refuse(Rule::file_unreadable, "neither a log nor a receipt is in it", "the folder of a log, or one of receipts",
                  folder.string());
  ShownLog log{trust.own.logs.front().key.name};
  for (const fs::path& proof : proofs) WB_TRY_VOID(take_kept(log, proof, trust));
  return log;
}

}  // namespace wideberth::cli
