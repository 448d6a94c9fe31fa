// links: feeds
// Any text as a sheet of notices: what is read compiles, what is refused says where, and what was read is read again from itself.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "feeds/notices.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wideberth;
  const auto sheet = feeds::read_notices({reinterpret_cast<const char*>(data), size}, "aid", "");
  if (!sheet) {
    WB_CHECK(!sheet.error().where.empty() || sheet.error().rule == base::Rule::file_too_large);
    return 0;
  }
  for (const auto& row : sheet->rows) {
    WB_CHECK(model::compile(row.notification) && model::compile_alternates(row.notification));
    WB_CHECK(model::parse_feature(model::to_json(row.notification)).value() == row.notification);
  }
  for (const auto& refusal : sheet->refused) WB_CHECK(refusal.where.starts_with("row "));
  return 0;
}
