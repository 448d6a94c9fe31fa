// A key file opened, with its passphrase from a file or from the person at the terminal.
#pragma once

#include <optional>
#include <string>

#include "base/refusal.h"
#include "ledger/key.h"

namespace wideberth::cli {

inline constexpr std::size_t kMostKeyFileBytes = 16 * 1024;

/// The first line of a file, without its end. Refused with passphrase_missing where it is empty.
base::Result<std::string> read_passphrase(const std::string& file);
/// Asks at the terminal without showing what is typed, twice where `again`. Refused with passphrase_missing where there is no
/// terminal, nothing was typed, or the two differ.
base::Result<std::string> ask_passphrase(const std::string& prompt, bool again);

/// Opens a key file. `passphrase_file` may be empty: then the person is asked, where the file wants a passphrase at all.
base::Result<ledger::SigningKey> unlock(const std::string& key_file, const std::string& passphrase_file);

/// A public key, from a file that holds its vkey on one line, or from a key file (which need not be opened for it).
base::Result<ledger::VerifierKey> read_verifier(const std::string& file);

}  // namespace wideberth::cli
