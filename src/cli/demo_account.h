// What each side can prove at the end of a day, and the receipts that prove it.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "cli/scenario.h"
#include "client/desk.h"

namespace wideberth::cli {

using Print = std::function<void(const std::string&)>;

/// Prints, for each side, what it can show of each movement and by which entries, and where the record is silent. States no
/// fault: what no entry says is said to be in no entry.
base::Result<void> account_of(client::Desk& reader, const std::vector<ScenarioParty>& parties, const Print& print);

/// Asks as each of the other desks, by party, for all that it is told, and looks in it for whom to call about each notice, which
/// stands in the whole of a notice alone. Refused with recipient_not_disclosed where one is told it of another party's.
base::Result<void> check_disclosed(client::Desk& reader, const std::vector<std::pair<std::string, client::Desk*>>& desks,
                                   const Print& print);

/// Leaves folder/receipts/<index>.tlog-proof, .leaf and .parts.json for every entry.
base::Result<void> keep_receipts(const std::vector<client::Read>& entries, const std::filesystem::path& folder);

/// Reads them back from the disk and verifies each against folder/policy, with no server; and that one with a changed byte is
/// refused. Gives how many held. Refused where one does not hold.
base::Result<std::size_t> verify_receipts(const std::filesystem::path& folder, std::size_t entries, const Print& print);

}  // namespace wideberth::cli
