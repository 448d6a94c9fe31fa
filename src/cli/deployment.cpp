#include "cli/deployment.h"

#include <unistd.h>

#include <system_error>

#include "cli/files.h"
#include "cli/terminal.h"
#include "engine/engine.h"
#include "ledger/keyfile.h"
#include "store/sqlite.h"

namespace wideberth::cli {
namespace {

namespace fs = std::filesystem;

Result<void> fill_deployment(const fs::path& folder, const model::Opening& opening, const ledger::SigningKey& key,
                             const ledger::Policy& policy, base::Clock& clock, base::Entropy& entropy) {
  std::string secret = ledger::write_key_file(key);
  auto written = write_new_file(folder / kServerKeyFile, secret);
  ledger::wipe(secret);
  if (!written) return written;
  WB_TRY_VOID(write_new_file(folder / kPolicyFile, ledger::to_text(policy)));
  WB_TRY(store, store::open_sqlite(folder / kStoreFile, store::Mode::create));
  return engine::Engine::open_log({clock, entropy, *store}, key, opening);
}

}  // namespace

Result<ledger::Policy> make_deployment(const fs::path& folder, model::Opening opening, base::Clock& clock, base::Entropy& entropy,
                                       std::optional<ledger::SigningKey> made) {
  WB_TRY_VOID(ledger::check_key_name(opening.origin));
  std::error_code failed;
  if (fs::exists(folder, failed) && !(fs::is_directory(folder, failed) && fs::is_empty(folder, failed)))
    return refuse(Rule::file_exists, "there is something at this place already", "a new folder, or an empty one",
                  folder.string());
  const ledger::SigningKey key = made ? *std::move(made) : ledger::SigningKey::generate(opening.origin, entropy);
  opening.server = key.verifier();
  // What is written reads back, so that nobody is locked out of his own log by a slip of the command line.
  WB_TRY(checked, model::parse_opening(model::to_json(opening)));
  ledger::Policy policy;
  policy.logs.push_back({key.verifier(), {}});
  const fs::path plain = folder.has_filename() ? folder : folder.parent_path();
  const fs::path beside = plain.string() + ".new-" + std::to_string(::getpid());
  WB_TRY_VOID(make_folder(beside));
  auto filled = fill_deployment(beside, checked, key, policy, clock, entropy);
  if (filled) {
    fs::rename(beside, plain, failed);
    if (failed) filled = refuse(Rule::file_unwritable, failed.message(), {}, plain.string());
  }
  if (!filled) {
    fs::remove_all(beside, failed);
    return tl::make_unexpected(std::move(filled).error());
  }
  return policy;
}

Result<model::Opening> read_opening(store::Store& store) {
  WB_TRY(first, store.read(base::EntryIndex{0}, 1));
  if (first.empty()) return refuse(Rule::log_not_open, "the store is empty");
  WB_TRY(entry, engine::entry_from(std::move(first.front())));
  const std::string* full = entry.part(model::kFullPart);
  if (full == nullptr || entry.kind != model::EntryKind::log_opened)
    return refuse(Rule::log_entry_strange, "entry 0 does not open a log");
  return model::parse_opening(*full);
}

Result<void> check_real_time(const model::Opening& opening) {
  if (opening.time == model::TimeMode::real) return {};
  return refuse(Rule::time_not_real, "the log " + opening.origin + " runs in quickened time", "a log that init made");
}

Result<ledger::Policy> read_policy(const fs::path& file) {
  WB_TRY(text, read_file(file, ledger::kMostPolicyBytes));
  auto policy = ledger::parse_policy(text);
  if (!policy) policy.error().where = file.string() + (policy.error().where.empty() ? "" : ", " + policy.error().where);
  return policy;
}

}  // namespace wideberth::cli
