// Every case of tests/vectors/tlog-vectors.json, which an independent implementation made, byte for byte.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <sstream>
#include <variant>

#include "base/bytes.h"
#include "ledger/checkpoint.h"
#include "ledger/proof.h"
#include "ledger/testing.h"
#include "ledger/tile.h"

namespace wideberth::ledger {
namespace {

/// As much of JSON as the file has: objects, arrays, whole numbers, strings with \n and \uXXXX. Anything else fails the test.
struct Json {
  std::variant<std::uint64_t, std::string, std::vector<Json>, std::map<std::string, Json>> value;

  const Json& operator[](const std::string& name) const { return object().at(name); }
  const std::map<std::string, Json>& object() const { return std::get<std::map<std::string, Json>>(value); }
  const std::vector<Json>& array() const { return std::get<std::vector<Json>>(value); }
  const std::string& text() const { return std::get<std::string>(value); }
  std::uint64_t number() const { return std::get<std::uint64_t>(value); }
};

class JsonReader {
 public:
  explicit JsonReader(std::string_view text) : rest_{text} {}

  Json read() {
    switch (peek()) {
      case '{': return {read_object()};
      case '[': return {read_array()};
      case '"': return {read_text()};
      default: return {read_number()};
    }
  }
  bool done() { return skip(), rest_.empty(); }

 private:
  void skip() { rest_.remove_prefix(std::min(rest_.find_first_not_of(" \n"), rest_.size())); }
  char peek() { return skip(), rest_.empty() ? throw std::runtime_error("the vectors end early") : rest_[0]; }
  bool take(char c) { return peek() == c && (rest_.remove_prefix(1), true); }
  void need(char c) {
    if (!take(c)) throw std::runtime_error(std::string("the vectors lack a ") + c);
  }
  std::map<std::string, Json> read_object() {
    std::map<std::string, Json> object;
    need('{');
    do {
      skip();
      std::string name = read_text();
      need(':');
      object.emplace(std::move(name), read());
    } while (take(','));
    need('}');
    return object;
  }
  std::vector<Json> read_array() {
    std::vector<Json> array;
    need('[');
    if (take(']')) return array;
    do array.push_back(read());
    while (take(','));
    need(']');
    return array;
  }
  std::string read_text() {
    std::string text;
    need('"');
    for (; rest_.at(0) != '"'; rest_.remove_prefix(1)) {
      if (rest_[0] != '\\') {
        text += rest_[0];
      } else if (rest_.starts_with("\\n")) {
        text += '\n', rest_.remove_prefix(1);
      } else if (rest_.starts_with("\\u2014")) {
        text += "\xE2\x80\x94", rest_.remove_prefix(5);
      } else {
        throw std::runtime_error("the vectors have an escape that is not expected");
      }
    }
    rest_.remove_prefix(1);
    return text;
  }
  std::uint64_t read_number() {
    const std::size_t digits = rest_.find_first_not_of("0123456789");
    const auto number = base::parse_decimal(rest_.substr(0, digits), kMostLeaves);
    if (!number) throw std::runtime_error(base::to_text(number.error()));
    rest_.remove_prefix(digits);
    return *number;
  }
  std::string_view rest_;
};

const Json& vectors() {
  static const Json read = [] {
    std::ifstream file(WIDEBERTH_SOURCE_DIR "/tests/vectors/tlog-vectors.json", std::ios::binary);
    std::stringstream bytes;
    bytes << file.rdbuf();
    const std::string text = bytes.str();
    JsonReader reader(text);
    Json json = reader.read();
    if (!reader.done()) throw std::runtime_error("the vectors go on after their end");
    return json;
  }();
  return read;
}

const Tree& big_tree() {
  static const Tree tree = testing::vector_tree(70'000);
  return tree;
}

std::vector<std::string> texts_of(std::span<const Hash> hashes) {
  std::vector<std::string> texts;
  for (const Hash& hash : hashes) texts.push_back(to_base64(hash));
  return texts;
}

std::vector<std::string> texts_of(const Json& array) {
  std::vector<std::string> texts;
  for (const Json& item : array.array()) texts.push_back(item.text());
  return texts;
}

SigningKey log_key() {
  return *SigningKey::from_seed(vectors()["log"]["origin"].text(), *base::from_hex(vectors()["log"]["seed_hex"].text()));
}
SigningKey witness_key() {
  return *SigningKey::from_seed(vectors()["witness"]["name"].text(), *base::from_hex(vectors()["witness"]["seed_hex"].text()));
}
Checkpoint checkpoint_1000() { return {log_key().name(), 1000, big_tree().root(1000), {}}; }
/// The time in the cosignature of the vectors.
const Instant kCosignedAt = Instant::from_ms(1'700'000'000'000);

TEST(Vectors, HaveNoCaseThatIsNotTestedHere) {
  std::vector<std::string> names;
  for (const auto& [name, value] : vectors().object()) names.push_back(name);
  EXPECT_EQ(names, (std::vector<std::string>{"add_checkpoint_255_to_1000", "checkpoint_1000", "checkpoint_1000_cosigned",
                                             "consistency", "inclusion", "log", "roots", "tile_count_70000", "tiles_70000_sha256",
                                             "tlog_proof_500_of_1000", "tpath", "witness"}));
}

TEST(Vectors, Roots) {
  ASSERT_FALSE(vectors()["roots"].object().empty());
  for (const auto& [size, root] : vectors()["roots"].object())
    EXPECT_EQ(to_base64(big_tree().root(std::stoull(size))), root.text()) << size;
}

TEST(Vectors, InclusionProofs) {
  for (const Json& row : vectors()["inclusion"].array()) {
    const std::uint64_t size = row["size"].number(), index = row["index"].number();
    EXPECT_EQ(to_base64(big_tree().leaf(index)), row["leaf_hash"].text());
    const auto proof = big_tree().inclusion(index, size);
    EXPECT_EQ(texts_of(proof), texts_of(row["proof"])) << index << " of " << size;
    EXPECT_TRUE(verify_inclusion(index, size, big_tree().leaf(index), proof, big_tree().root(size)));
  }
}

TEST(Vectors, ConsistencyProofs) {
  for (const Json& row : vectors()["consistency"].array()) {
    const std::uint64_t from = row["old"].number(), to = row["new"].number();
    const auto proof = big_tree().consistency(from, to);
    EXPECT_EQ(texts_of(proof), texts_of(row["proof"])) << from << " to " << to;
    EXPECT_TRUE(verify_consistency(from, big_tree().root(from), to, big_tree().root(to), proof));
  }
}

TEST(Vectors, Tiles) {
  EXPECT_EQ(tiles_of(70'000).size(), vectors()["tile_count_70000"].number());
  for (const auto& [path, digest] : vectors()["tiles_70000_sha256"].object()) {
    const auto tile = parse_tile_path(path);
    ASSERT_TRUE(tile) << path;
    std::string bytes;
    if (tile->kind == TileKind::hashes) {
      bytes = *tile_bytes(big_tree(), *tile);
    } else {
      std::vector<std::string> entries;
      for (std::uint64_t i = 0; i < tile->width; ++i) entries.push_back(testing::vector_entry(tile->index * kTileWidth + i));
      bytes = write_bundle(std::vector<std::string_view>(entries.begin(), entries.end()));
      const auto read = parse_bundle(bytes, tile->width);
      ASSERT_TRUE(read);
      EXPECT_TRUE(std::equal(entries.begin(), entries.end(), read->begin(), read->end()));
    }
    EXPECT_EQ(base::to_hex(sha256(bytes).view()), digest.text()) << path;
  }
}

TEST(Vectors, TilePaths) {
  for (const auto& [number, path] : vectors()["tpath"].object()) {
    EXPECT_EQ(tile_number_path(std::stoull(number)), path.text());
    EXPECT_EQ(parse_tile_path("tile/0/" + path.text())->index, std::stoull(number));
  }
}

TEST(Vectors, Keys) {
  const Json &log = vectors()["log"], &witness = vectors()["witness"];
  EXPECT_EQ(to_text(log_key().verifier()), log["vkey"].text());
  EXPECT_EQ(*parse_vkey(log["vkey"].text()), log_key().verifier());
  const KeyBytes& key = log_key().verifier().key;
  EXPECT_EQ(base::to_hex({reinterpret_cast<const char*>(key.data()), key.size()}), log["pub_hex"].text());
  EXPECT_EQ(log_key().skey_text(), log["skey"].text());
  EXPECT_EQ(SigningKey::parse(log["skey"].text())->verifier(), log_key().verifier());
  EXPECT_EQ(to_text(witness_key().cosigner()), witness["vkey_cosig"].text());
  EXPECT_EQ(*parse_vkey(witness["vkey_cosig"].text()), witness_key().cosigner());
  const KeyBytes& other = witness_key().verifier().key;
  EXPECT_EQ(base::to_hex({reinterpret_cast<const char*>(other.data()), other.size()}), witness["pub_hex"].text());
}

TEST(Vectors, Checkpoints) {
  const std::string signed_note = sign_checkpoint(checkpoint_1000(), log_key());
  EXPECT_EQ(signed_note, vectors()["checkpoint_1000"].text());
  EXPECT_EQ(*open_checkpoint(signed_note, log_key().verifier()), checkpoint_1000());
  const std::string cosigned = signed_note + cosign(to_text(checkpoint_1000()), witness_key(), kCosignedAt);
  EXPECT_EQ(cosigned, vectors()["checkpoint_1000_cosigned"].text());
  const auto note = parse_note(cosigned);
  ASSERT_TRUE(note);
  EXPECT_EQ(verify_note(*note, std::vector{log_key().verifier(), witness_key().cosigner()}), (std::vector<std::size_t>{0, 1}));
  EXPECT_EQ(verify_cosignature(note->text, note->signatures[1], witness_key().cosigner()), kCosignedAt);
}

TEST(Vectors, RequestToAWitness) {
  const std::string& body = vectors()["add_checkpoint_255_to_1000"].text();
  const AddCheckpoint request{255, big_tree().consistency(255, 1000), sign_checkpoint(checkpoint_1000(), log_key())};
  EXPECT_EQ(to_text(request), body);
  EXPECT_EQ(parse_add_checkpoint(body), request);
}

TEST(Vectors, Receipt) {
  const std::string& text = vectors()["tlog_proof_500_of_1000"].text();
  const Receipt receipt{std::nullopt, EntryIndex{500}, big_tree().inclusion(500, 1000),
                        vectors()["checkpoint_1000_cosigned"].text()};
  EXPECT_EQ(to_text(receipt), text);
  const auto policy = parse_policy("log " + vectors()["log"]["vkey"].text() + "\nwitness w " +
                                   vectors()["witness"]["vkey_cosig"].text() + "\nquorum w\n");
  ASSERT_TRUE(policy);
  const auto verified = verify_receipt(*policy, text, testing::vector_entry(500));
  ASSERT_TRUE(verified) << base::to_text(verified.error());
  EXPECT_EQ(verified->index, EntryIndex{500});
  EXPECT_EQ(verified->checkpoint, checkpoint_1000());
  EXPECT_EQ(verified->witnesses, std::vector<std::string>{"w"});
  EXPECT_EQ(verified->witnessed_at, std::vector{kCosignedAt});
}

}  // namespace
}  // namespace wideberth::ledger
