// An act as a signed line, made without a server: what a desk files at once, and what a feed keeps until there is a server again.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/ports.h"
#include "client/desk.h"
#include "ledger/entry.h"
#include "ledger/key.h"

namespace wideberth::client {

/// What a signature says beside the act. Each key's notes are numbered and name the one before.
struct Signing {
  const ledger::SigningKey& key;
  std::string origin;
  Chain chain{};
  std::optional<ledger::Seen> seen{};
  Instant at{};
};

struct SignedAct {
  std::string line;  ///< for POST /v1/entries, with its end
  std::string note;
  Chain next{};  ///< for the act after this one
};

/// Draws a salt for each part, commits to it, signs. Refused as ledger::checked_text and model::positions_commitment refuse.
Result<SignedAct> sign_act(const Act& act, const Signing& signing, base::Entropy& entropy);

/// The note of a line.
Result<std::string> note_of_line(const std::string& line);
/// The parts of a line of ours, in the order of its note, each checked against what the note commits to.
Result<std::vector<KeptPart>> parts_of_line(const std::string& line, const ledger::EntryText& text);

/// The act that a line of ours says, to be signed anew, and where the line stands in its chain.
struct ReadLine {
  Act act{};
  std::string note{};
  std::uint64_t number = 0;
  ledger::Hash text_hash{};
};
/// Refused with the json_ rules, note_malformed, entry_malformed, part_untrue.
Result<ReadLine> read_line(const std::string& line);

}  // namespace wideberth::client
