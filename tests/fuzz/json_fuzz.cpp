// Any text: what parse accepts is written and parsed again as the same tree, to the same bytes; what it refuses has a place,
// and the second reader (fault.h) agrees on what is JSON.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "json/fault.h"
#include "json/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wideberth;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto tree = json::parse(text);
  const bool is_json = !json::first_fault(text).has_value();
  if (tree) {
    WB_CHECK(is_json);
    const std::string written = json::to_json(*tree);
    const auto again = json::parse(written, {written.size(), 16});
    WB_CHECK(again && *again == *tree);
    WB_CHECK(json::to_json(*again) == written);
    const json::Reader reader(*tree);
    for (const auto& [name, member] : reader.members()) {
      WB_CHECK(member.pointer() == "/" + json::pointer_token(name));
      (void)member.text(100);
      (void)member.fixed(7, -1800000000, 1800000000);
      (void)member.one_of({"a", "bc"});
    }
    (void)reader.only({"kind", "route"});
  } else {
    const auto rule = tree.error().rule;
    WB_CHECK(!tree.error().found.empty());
    if (rule == base::Rule::json_malformed) WB_CHECK(!is_json);
    if (rule == base::Rule::json_member_twice) WB_CHECK(is_json);
  }
  return 0;
}
