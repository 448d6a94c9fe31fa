// The folder of a log:
//     log.db       the store, with SQLite's own files beside it
//     server.key   the log's signing key, in clear, mode 0600
//     policy       what whoever verifies receipts pins: the log's public key
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "base/ports.h"
#include "base/refusal.h"
#include "ledger/key.h"
#include "ledger/policy.h"
#include "model/opening.h"
#include "store/store.h"

namespace wideberth::cli {

inline constexpr std::string_view kStoreFile = "log.db", kServerKeyFile = "server.key", kPolicyFile = "policy";

/// Makes the folder with a new server key and entry 0, whole or not at all. `opening` comes without its server key, which is
/// made here and named `opening.origin`. A folder that is there must be empty. Refused with file_exists, file_unwritable,
/// store_… and what an opening is refused for.
/// `made`: a key that was made before, where the other side's opening had to name it first.
base::Result<ledger::Policy> make_deployment(const std::filesystem::path& folder, model::Opening opening, base::Clock& clock,
                                             base::Entropy& entropy, std::optional<ledger::SigningKey> made = {});

/// Entry 0 of the store, read back. Refused with log_not_open.
base::Result<model::Opening> read_opening(store::Store& store);
/// A log of quickened time tells of a day that is played, not of the world's. Refused with time_not_real.
base::Result<void> check_real_time(const model::Opening& opening);
/// The folder's policy.
base::Result<ledger::Policy> read_policy(const std::filesystem::path& file);

}  // namespace wideberth::cli
