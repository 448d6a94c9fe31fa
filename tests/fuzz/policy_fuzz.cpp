// links: ledger
// Any text as a policy: what is read can be written and read as the same policy, all witnesses together make its quorum, and
// one witness more never unmakes it.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "ledger/policy.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wideberth;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto policy = ledger::parse_policy(text);
  if (!policy) {
    WB_CHECK(!policy.error().found.empty());
    return 0;
  }
  const auto again = ledger::parse_policy(ledger::to_text(*policy));
  WB_CHECK(again == policy);
  std::vector<std::string> present;
  bool met = ledger::quorum_met(*policy, present);
  WB_CHECK(met == (policy->quorum == "none"));
  for (const auto& witness : policy->witnesses) {
    present.push_back(witness.name);
    const bool now = ledger::quorum_met(*policy, present);
    WB_CHECK(now || !met);
    met = now;
  }
  WB_CHECK(met);
  return 0;
}
