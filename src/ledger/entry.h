// What a party signs: the text of an entry; the leaf that the server makes of it; the commitments of its parts.
//
//     wideberth/entry/v1
//     origin dayrik.example/log
//     kind notification.filed
//     signer blue/ops-1 42 <base64 SHA256 of the text of this signer's note 41, or - for note 1>
//     seen 20852 <base64 root>                   or: seen -
//     at 2020-08-25T06:58:11Z
//     occurred 2020-08-25T06:41:00Z              only where the act was earlier than its entry
//     to red observer                            only where there are recipients
//     ref 812                                    none or more
//     part full application/json 2048 <base64 SHA256(salt[32] || bytes)>        one or more
//
// The lines stand in this order, and every line has one form only: so to_text(*parse_entry_text(x)) == x.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/hash.h"
#include "ledger/tile.h"  // kMostEntryBytes, kMostNoteBytes

namespace wideberth::ledger {

inline constexpr std::size_t kMostRecipients = 64, kMostRefs = 256, kMostParts = 64;

struct PartLine {
  std::string name;        ///< a lower-case word: full, corridor, outline
  std::string media_type;  ///< type/subtype, lower case, no parameters
  std::uint64_t size = 0;  ///< bytes, padding included
  Hash commitment;
  friend bool operator==(const PartLine&, const PartLine&) = default;
};

/// The latest checkpoint that the signer verified. The root is not checked here: a wrong one is recorded, not refused.
struct Seen {
  std::uint64_t size = 0;
  Hash root;
  friend bool operator==(const Seen&, const Seen&) = default;
};

struct EntryText {
  std::string origin;            ///< the log it is meant for: no replay into another
  std::string kind;              ///< dotted lower-case words
  std::string signer;            ///< the key's name
  std::uint64_t number = 1;      ///< of this signer's notes, from 1
  std::optional<Hash> previous;  ///< text_hash of note number - 1; absent exactly where number is 1
  std::optional<Seen> seen;
  Instant at;                       ///< the signer's own clock
  std::optional<Instant> occurred;  ///< when the act was, on paper or by radio
  std::vector<std::string> to;      ///< names, each once
  std::vector<EntryIndex> refs;     ///< entries that this one answers, amends or rests on, each once
  std::vector<PartLine> parts;      ///< one or more, names each once
  friend bool operator==(const EntryText&, const EntryText&) = default;
};

/// Refused with Rule::entry_malformed or entry_too_large, naming the line.
Result<EntryText> parse_entry_text(std::string_view text);
std::string to_text(const EntryText& entry);
/// to_text, refused as parse_entry_text refuses where the fields do not make a text that reads back the same: for
/// who fills the fields from what a person typed.
Result<std::string> checked_text(const EntryText& entry);

/// The hash of the text of a note (without signatures): what `previous` of the next note names.
Hash text_hash(std::string_view text);

/// SHA256(salt || bytes): of every media type but those that have a rule of their own (items.h). REQUIRES: 32 bytes of salt;
/// check_part is for input.
Hash commitment_of(std::string_view salt32, std::string_view bytes);
/// Whether these are the salt and the bytes that the line committed to. Rule::part_untrue otherwise.
Result<void> check_part(const PartLine& line, std::string_view salt, std::string_view bytes);

/// JSON with spaces after its end up to the next size class: 512, 2,048, 8,192, 32,768, … bytes (times 4). For media types
/// in which trailing spaces mean nothing. A length that is a class already stays.
std::string pad_to_class(std::string json);

/// One entry of the log: the server's line, then the submitted note verbatim.
struct Leaf {
  Instant received;
  std::string_view note;  ///< a view into the leaf
};
/// "received 2020-08-25T06:58:12.417Z\n" (34 bytes) and the note. REQUIRES: a note of at most kMostNoteBytes, years 0 to 9999.
std::string make_leaf(Instant received, std::string_view note);
/// Law: make_leaf(l.received, l.note) == leaf for every leaf that is accepted. Rule::leaf_malformed otherwise.
Result<Leaf> parse_leaf(std::string_view leaf);

}  // namespace wideberth::ledger
