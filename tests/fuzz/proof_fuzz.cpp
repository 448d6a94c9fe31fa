// links: ledger
// Any text as a receipt: what is read writes back the same, and nothing is verified but the one true statement of the golden
// vectors (tests/vectors), whose keys these are: entry 500 of the tree of 1,000.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "ledger/proof.h"

namespace {

using namespace wideberth;

const ledger::Policy& policy() {
  static const ledger::Policy read =
      ledger::parse_policy(
          "log wideberth.example/log1+7c7a5ca9+AYqI4910CfGV/VLbLTy6XXLKZwm/HZQSG/N0iAG0D29c\n"
          "witness w witness.example/w1+df1c0a35+BIE5dw6ofRdfVqNUZsNMfszLjYqRtO43ol32D1uPybOU\nquorum none\n")
          .value();
  return read;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto receipt = ledger::parse_receipt(text);
  if (receipt) WB_CHECK(ledger::to_text(*receipt) == text);
  const auto verified = ledger::verify_receipt(policy(), text, "wideberth leaf 500");
  if (!verified) return 0;
  WB_CHECK(receipt && !receipt->extra);
  WB_CHECK(verified->index.value == 500 && verified->checkpoint.size == 1000);
  WB_CHECK(ledger::to_base64(verified->checkpoint.root) == "kEictCCp+jnq1DSAe8aqYFNV7TFXZ7nIkaP3I0OK3sg=");
  WB_CHECK(ledger::verify_receipt(policy(), text, "wideberth leaf 500", ledger::Unproved::ignore).has_value());
  WB_CHECK(!ledger::verify_receipt(policy(), text, "wideberth leaf 501"));
  return 0;
}
