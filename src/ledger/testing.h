// What the tests of this folder share: keys and trees that are the same in every run. Invented data.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "base/check.h"
#include "ledger/key.h"
#include "ledger/tree.h"

namespace wideberth::ledger::testing {

/// A key whose seed is this byte 32 times.
inline SigningKey key_of(std::string name, char seed) {
  auto made = SigningKey::from_seed(std::move(name), std::string(32, seed));
  WB_CHECK(made.has_value());
  return std::move(*made);
}

/// Counts up, so that every draw differs and every run is the same.
class CountingEntropy : public base::Entropy {
 public:
  void fill(std::span<unsigned char> out) override {
    for (unsigned char& byte : out) byte = next_++;
  }

 private:
  unsigned char next_ = 1;
};

/// The leaves of the golden vectors: "wideberth leaf 0", "wideberth leaf 1", …
inline std::string vector_entry(std::uint64_t index) { return "wideberth leaf " + std::to_string(index); }

inline Tree vector_tree(std::uint64_t size) {
  Tree tree;
  for (std::uint64_t i = 0; i < size; ++i) tree.append(leaf_hash(vector_entry(i)));
  return tree;
}

}  // namespace wideberth::ledger::testing
