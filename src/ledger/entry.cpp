#include "ledger/entry.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/bytes.h"
#include "base/check.h"
#include "ledger/key.h"
#include "ledger/text.h"
#include "ledger/tree.h"

namespace wideberth::ledger {
namespace {

constexpr std::string_view kEntryHeader = "wideberth/entry/v1";
constexpr std::string_view kReceived = "received ";
constexpr std::size_t kReceivedLine = 9 + 24 + 1;
static_assert(kMostNoteBytes + kReceivedLine == kMostEntryBytes, "a leaf is the line of receipt and the note");
/// Sizes and numbers of notes stay where every JSON reader holds them exactly.
constexpr std::uint64_t kMostNumber = std::uint64_t{1} << 53;
constexpr std::size_t kMostKindBytes = 64, kMostPartNameBytes = 32, kMostMediaBytes = 127;

tl::unexpected<base::Refusal> bad_entry(std::string found, std::string accepted, std::string where) {
  return base::refuse(Rule::entry_malformed, std::move(found), std::move(accepted), std::move(where));
}
std::string quoted(std::string_view found) { return "found \"" + base::excerpt(found) + "\""; }

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// A lower-case letter, then letters, digits, '-' and '_'.
bool is_word(std::string_view text) {
  return !text.empty() && is_lower(text[0]) &&
         std::all_of(text.begin(), text.end(), [](char c) { return is_lower(c) || is_digit(c) || c == '-' || c == '_'; });
}

bool is_kind(std::string_view text) {
  if (text.size() > kMostKindBytes) return false;
  while (const auto word = take_until(text, '.'))
    if (!is_word(*word)) return false;
  return is_word(text);
}

/// type/subtype as RFC 6838 section 4.2 restricts their names, in lower case.
bool is_media_type(std::string_view text) {
  const auto is_name = [](std::string_view name) {
    return !name.empty() && (is_lower(name[0]) || is_digit(name[0])) && std::all_of(name.begin(), name.end(), [](char c) {
      return is_lower(c) || is_digit(c) || std::string_view("!#$&-^_.+").find(c) != std::string_view::npos;
    });
  };
  if (text.size() > kMostMediaBytes) return false;
  const auto type = take_until(text, '/');
  return type && is_name(*type) && is_name(text);
}

/// The shortest form only, so that one instant has one text.
Result<Instant> parse_short_instant(std::string_view text, const std::string& where) {
  const auto at = Instant::parse(text);
  if (!at || base::to_short_text(*at) != text) return bad_entry(quoted(text), "a time such as 2020-08-25T06:58:11Z", where);
  return *at;
}

/// Reads the lines of one entry, in their order.
class EntryReader {
 public:
  explicit EntryReader(std::string_view text) : lines_{text} {}

  Result<EntryText> read() {
    if (lines_.next() != kEntryHeader) return bad_entry("found another first line", std::string(kEntryHeader), "line 1");
    WB_TRY_VOID(head());
    WB_TRY_VOID(times());
    WB_TRY_VOID(recipients());
    WB_TRY_VOID(references());
    WB_TRY_VOID(parts());
    if (!lines_.rest().empty()) return bad_entry("found more after the parts", "parts up to the end", lines_.where_next());
    return std::move(entry_);
  }

 private:
  Result<std::string_view> need(std::string_view key) {
    if (const auto value = lines_.next(key)) return *value;
    const std::string_view rest = lines_.rest();
    return bad_entry(quoted(rest.substr(0, rest.find('\n'))), std::string(key) + " …", lines_.where_next());
  }

  Result<std::string> need_name(std::string_view text) {
    if (auto named = check_key_name(text); !named) return bad_entry(named.error().found, "a name", lines_.where());
    return std::string(text);
  }

  Result<void> head() {
    WB_TRY(origin, need("origin"));
    WB_TRY(origin_name, need_name(origin));
    entry_.origin = std::move(origin_name);
    WB_TRY(kind, need("kind"));
    if (!is_kind(kind)) return bad_entry(quoted(kind), "dotted lower-case words", lines_.where());
    entry_.kind = kind;
    WB_TRY(signer, need("signer"));
    WB_TRY_VOID(chain(signer));
    WB_TRY(seen, need("seen"));
    if (seen == "-") return {};
    std::string_view root = seen;
    const auto size = take_until(root, ' ');
    const auto leaves = size ? base::parse_decimal(*size, kMostLeaves) : base::refuse(Rule::number_malformed);
    const auto hash = hash_from_base64(root);
    if (!leaves || !hash) return bad_entry(quoted(seen), "a size and a root hash, or -", lines_.where());
    entry_.seen = Seen{*leaves, *hash};
    return {};
  }

  Result<void> chain(std::string_view signer) {
    std::string_view rest = signer;
    const auto name = take_until(rest, ' '), number = name ? take_until(rest, ' ') : std::nullopt;
    if (!number) return bad_entry(quoted(signer), "a name, a number and a hash or -", lines_.where());
    WB_TRY(known, need_name(*name));
    entry_.signer = std::move(known);
    const auto counted = base::parse_decimal(*number, kMostNumber);
    if (!counted || *counted == 0) return bad_entry(quoted(*number), "a number from 1 to 2^53", lines_.where());
    entry_.number = *counted;
    if (entry_.number == 1) {
      if (rest != "-") return bad_entry(quoted(rest), "- in a signer's note 1", lines_.where());
      return {};
    }
    const auto hash = hash_from_base64(rest);
    if (!hash) return bad_entry(quoted(rest), "the hash of the text of this signer's previous note", lines_.where());
    entry_.previous = *hash;
    return {};
  }

  Result<void> times() {
    WB_TRY(at, need("at"));
    WB_TRY(at_instant, parse_short_instant(at, lines_.where()));
    entry_.at = at_instant;
    if (const auto occurred = lines_.next("occurred")) {
      WB_TRY(occurred_instant, parse_short_instant(*occurred, lines_.where()));
      entry_.occurred = occurred_instant;
    }
    return {};
  }

  Result<void> recipients() {
    auto names = lines_.next("to");
    if (!names) return {};
    for (bool more = true; more;) {
      const auto before = take_until(*names, ' ');
      more = before.has_value();
      WB_TRY(name, need_name(more ? *before : *names));
      if (std::find(entry_.to.begin(), entry_.to.end(), name) != entry_.to.end() || entry_.to.size() == kMostRecipients)
        return bad_entry(quoted(name) + " once more than it may be", "at most 64 names, each once", lines_.where());
      entry_.to.push_back(std::move(name));
    }
    return {};
  }

  Result<void> references() {
    while (const auto ref = lines_.next("ref")) {
      const auto index = base::parse_decimal(*ref, kMostLeaves);
      if (!index) return bad_entry(quoted(*ref), "the index of an entry", lines_.where());
      const EntryIndex found{*index};
      if (std::find(entry_.refs.begin(), entry_.refs.end(), found) != entry_.refs.end() || entry_.refs.size() == kMostRefs)
        return bad_entry(quoted(*ref) + " once more than it may be", "at most 256 refs, each once", lines_.where());
      entry_.refs.push_back(found);
    }
    return {};
  }

  Result<void> parts() {
    do {
      WB_TRY(line, need("part"));
      WB_TRY(part, parse_part(line));
      const auto same = [&](const PartLine& other) { return other.name == part.name; };
      if (std::any_of(entry_.parts.begin(), entry_.parts.end(), same) || entry_.parts.size() == kMostParts)
        return bad_entry(quoted(part.name) + " once more than it may be", "at most 64 parts, each name once", lines_.where());
      entry_.parts.push_back(std::move(part));
    } while (!lines_.rest().empty());
    return {};
  }

  Result<PartLine> parse_part(std::string_view line) {
    std::string_view rest = line;
    const auto name = take_until(rest, ' '), media = name ? take_until(rest, ' ') : std::nullopt;
    const auto size = media ? take_until(rest, ' ') : std::nullopt;
    if (!size) return bad_entry(quoted(line), "a name, a media type, a size and a hash", lines_.where());
    if (!is_word(*name) || name->size() > kMostPartNameBytes)
      return bad_entry(quoted(*name), "a lower-case word", lines_.where());
    if (!is_media_type(*media)) return bad_entry(quoted(*media), "a media type such as application/json", lines_.where());
    const auto bytes = base::parse_decimal(*size, kMostNumber);
    const auto hash = hash_from_base64(rest);
    if (!bytes || !hash) return bad_entry(quoted(line), "a size in bytes and a hash at the end", lines_.where());
    return PartLine{std::string(*name), std::string(*media), *bytes, *hash};
  }

  Lines lines_;
  EntryText entry_;
};

}  // namespace

Result<EntryText> parse_entry_text(std::string_view text) {
  if (text.size() > kMostNoteBytes)
    return base::refuse(Rule::entry_too_large, "found a text of " + std::to_string(text.size()) + " bytes");
  if (auto readable = base::check_readable(text, true); !readable) return bad_entry(readable.error().found, "readable text", {});
  return EntryReader(text).read();
}

std::string to_text(const EntryText& entry) {
  std::string text(kEntryHeader);
  text +=
      "\norigin " + entry.origin + "\nkind " + entry.kind + "\nsigner " + entry.signer + " " + std::to_string(entry.number) + " ";
  text += entry.previous ? to_base64(*entry.previous) : "-";
  text += "\nseen " + (entry.seen ? std::to_string(entry.seen->size) + " " + to_base64(entry.seen->root) : "-");
  text += "\nat " + base::to_short_text(entry.at) + "\n";
  if (entry.occurred) text += "occurred " + base::to_short_text(*entry.occurred) + "\n";
  if (!entry.to.empty()) {
    text += "to";
    for (const std::string& name : entry.to) text += " " + name;
    text += "\n";
  }
  for (const EntryIndex ref : entry.refs) text += "ref " + std::to_string(ref.value) + "\n";
  for (const PartLine& part : entry.parts)
    text +=
        "part " + part.name + " " + part.media_type + " " + std::to_string(part.size) + " " + to_base64(part.commitment) + "\n";
  return text;
}

Result<std::string> checked_text(const EntryText& entry) {
  std::string text = to_text(entry);
  WB_TRY(read, parse_entry_text(text));
  if (read != entry) return bad_entry("found a field that reads back as something else", {}, {});
  return text;
}

Hash text_hash(std::string_view text) { return sha256(text); }

Hash commitment_of(std::string_view salt32, std::string_view bytes) {
  WB_CHECK(salt32.size() == 32);
  return sha256({salt32, bytes});
}

Result<void> check_part(const PartLine& line, std::string_view salt, std::string_view bytes) {
  const auto untrue = [&](std::string found) {
    return base::refuse(Rule::part_untrue, std::move(found), "what the entry committed to", "part " + base::excerpt(line.name));
  };
  if (salt.size() != 32) return untrue("found a salt of " + std::to_string(salt.size()) + " bytes");
  if (bytes.size() != line.size)
    return untrue("found " + std::to_string(bytes.size()) + " bytes, not " + std::to_string(line.size));
  if (commitment_of(salt, bytes) != line.commitment) return untrue("found other bytes or another salt");
  return {};
}

std::string pad_to_class(std::string json) {
  std::size_t size = 512;
  while (size < json.size()) size *= 4;
  json.resize(size, ' ');
  return json;
}

std::string make_leaf(Instant received, std::string_view note) {
  const std::string time = base::to_text(received);
  WB_CHECK(time.size() == 24 && note.size() <= kMostNoteBytes);
  return std::string(kReceived) + time + "\n" + std::string(note);
}

Result<Leaf> parse_leaf(std::string_view leaf) {
  const auto bad = [](std::string found) {
    return base::refuse(Rule::leaf_malformed, std::move(found), "received 2020-08-25T06:58:12.417Z and the note", "line 1");
  };
  if (leaf.size() < kReceivedLine || leaf.size() > kMostEntryBytes) return bad("found " + std::to_string(leaf.size()) + " bytes");
  const std::string_view line = leaf.substr(0, kReceivedLine);
  if (!line.starts_with(kReceived) || line.back() != '\n') return bad(quoted(line));
  const std::string_view time = line.substr(kReceived.size(), 24);
  const auto received = Instant::parse(time);
  if (!received || base::to_text(*received) != time) return bad(quoted(line));
  return Leaf{*received, leaf.substr(kReceivedLine)};
}

}  // namespace wideberth::ledger
