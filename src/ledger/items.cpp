#include "ledger/items.h"

#include <array>
#include <bit>

#include "base/bytes.h"
#include "base/check.h"
#include "ledger/text.h"
#include "ledger/tree.h"

namespace wideberth::ledger {
namespace {

constexpr std::string_view kSaltLabel = "wideberth/item-salt", kItemProofHeader = "wideberth/item-proof/v1";
constexpr std::size_t kMostPath = 20;
static_assert(std::uint64_t{1} << kMostPath == kMostItems, "a tree of kMostItems is so deep");

std::array<char, 4> big_endian(std::uint32_t number) {
  return {static_cast<char>(number >> 24), static_cast<char>(number >> 16), static_cast<char>(number >> 8),
          static_cast<char>(number)};
}
std::string_view view_of(const std::array<char, 4>& bytes) { return {bytes.data(), bytes.size()}; }

tl::unexpected<base::Refusal> bad_proof(std::string found, std::string accepted, std::string where) {
  return base::refuse(Rule::item_proof_malformed, std::move(found), std::move(accepted), std::move(where));
}

/// "3 1000": an index and a count.
Result<void> read_numbers(std::string_view text, ItemProof& into) {
  const auto index = take_until(text, ' ');
  if (!index) return base::refuse(Rule::number_malformed, "found \"" + base::excerpt(text) + "\"");
  WB_TRY(count, base::parse_decimal(text, kMostItems));
  if (count == 0) return base::refuse(Rule::number_malformed, "found a count of 0");
  WB_TRY(number, base::parse_decimal(*index, count - 1));
  into.count = static_cast<std::uint32_t>(count);
  into.index = static_cast<std::uint32_t>(number);
  return {};
}

}  // namespace

Hash item_salt(std::string_view salt32, std::uint32_t index) {
  WB_CHECK(salt32.size() == 32);
  const auto number = big_endian(index);
  std::array<char, kSaltLabel.size() + 32 + 4> message{};
  kSaltLabel.copy(message.data(), kSaltLabel.size());
  salt32.copy(message.data() + kSaltLabel.size(), 32);
  view_of(number).copy(message.data() + kSaltLabel.size() + 32, 4);
  return sha256(std::string_view(message.data(), message.size()));
}

Hash item_leaf(const Hash& own_salt, std::uint32_t index, std::uint32_t count, std::string_view item) {
  const auto at = big_endian(index), of = big_endian(count);
  return sha256({std::string_view("\0", 1), own_salt.view(), view_of(at), view_of(of), item});
}

ItemRoot::ItemRoot(std::string_view salt32, std::uint32_t count) : salt_{salt32}, count_{count} {
  WB_CHECK(salt32.size() == 32 && count >= 1 && count <= kMostItems);
}

void ItemRoot::add(std::string_view item) {
  WB_CHECK(added_ < count_);
  Hash rising = item_leaf(item_salt(salt_, added_), added_, count_, item);
  // As many full subtrees end here as the number of items before has low bits set.
  for (std::uint32_t before = added_++; before % 2 == 1; before >>= 1) {
    rising = node_hash(peaks_.back(), rising);
    peaks_.pop_back();
  }
  peaks_.push_back(rising);
}

Hash ItemRoot::root() const {
  WB_CHECK(added_ == count_);
  Hash root = peaks_.back();
  for (std::size_t i = peaks_.size() - 1; i-- > 0;) root = node_hash(peaks_[i], root);
  return root;
}

ItemProof prove_item(std::string_view salt32, const std::vector<std::string>& items, std::uint32_t index) {
  WB_CHECK(index < items.size() && items.size() <= kMostItems);
  const auto count = static_cast<std::uint32_t>(items.size());
  Tree tree;
  for (std::uint32_t i = 0; i < count; ++i) tree.append(item_leaf(item_salt(salt32, i), i, count, items[i]));
  return {index, count, item_salt(salt32, index), items[index], tree.inclusion(index, count)};
}

Result<ItemProof> parse_item_proof(std::string_view text) {
  Lines lines(text);
  ItemProof read;
  if (lines.next() != kItemProofHeader) return bad_proof("found another first line", std::string(kItemProofHeader), "line 1");
  const auto numbers = lines.next("item");
  if (!numbers || !read_numbers(*numbers, read))
    return bad_proof(numbers ? "found \"" + base::excerpt(*numbers) + "\"" : "found no item",
                     "item and an index below a count of at most " + std::to_string(kMostItems), "line 2");
  const auto salt = lines.next("salt");
  const auto salt_hash = salt ? hash_from_base64(*salt) : base::refuse(Rule::hash_malformed);
  if (!salt_hash) return bad_proof("found no salt", "salt and 32 bytes in base64", "line 3");
  read.salt = *salt_hash;
  const auto bytes = lines.next("bytes");
  auto item = bytes ? base::from_base64(*bytes) : base::refuse(Rule::base64_malformed);
  if (!item || item->size() > kMostItemBytes)
    return bad_proof("found no bytes", "bytes and at most 65,535 bytes in base64", "line 4");
  read.item = std::move(*item);
  while (const auto line = lines.next()) {
    const auto hash = hash_from_base64(*line);
    if (!hash || read.path.size() == kMostPath)
      return bad_proof(hash ? "found more than 20 hashes" : hash.error().found, "hashes in base64, a line each", lines.where());
    read.path.push_back(*hash);
  }
  if (!lines.rest().empty()) return bad_proof("found a last line without its newline", {}, lines.where_next());
  return read;
}

std::string to_text(const ItemProof& proof) {
  std::string text(kItemProofHeader);
  text += "\nitem " + std::to_string(proof.index) + " " + std::to_string(proof.count) + "\nsalt " + to_base64(proof.salt) +
          "\nbytes " + base::to_base64(proof.item) + "\n";
  for (const Hash& hash : proof.path) text += to_base64(hash) + "\n";
  return text;
}

Result<void> check_item(const Hash& commitment, const ItemProof& proof) {
  return verify_inclusion(proof.index, proof.count, item_leaf(proof.salt, proof.index, proof.count, proof.item), proof.path,
                          commitment);
}

}  // namespace wideberth::ledger
