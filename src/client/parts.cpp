#include "client/parts.h"

#include <algorithm>
#include <utility>

#include "base/bytes.h"
#include "json/writer.h"
#include "model/position_batch.h"

namespace wideberth::client {
namespace {

using base::Result;
using base::Rule;

constexpr std::size_t kMostPartBytes = std::size_t{4} << 20;

Result<KeptPart> read_part(const json::Reader& from, std::string_view name, const ledger::EntryText& text) {
  const auto line = std::find_if(text.parts.begin(), text.parts.end(), [&](const auto& each) { return each.name == name; });
  if (line == text.parts.end())
    return from.refuse(Rule::part_untrue, "a part \"" + base::excerpt(name) + "\" that the entry does not name", "");
  WB_TRY(salt_at, from.member("salt"));
  WB_TRY(salt, salt_at.base64(32));
  WB_TRY(bytes_at, from.member("bytes"));
  WB_TRY(bytes, bytes_at.base64(kMostPartBytes));
  if (auto checked = model::check_entry_part(*line, salt, bytes); !checked)
    return from.refuse(checked.error().rule, std::move(checked.error().found), std::move(checked.error().accepted));
  return KeptPart{line->name, line->media_type, std::move(salt), std::move(bytes)};
}

}  // namespace

std::string to_json(const std::vector<KeptPart>& parts) {
  json::Writer writer;
  writer.begin_object().key("parts").begin_array();
  for (const KeptPart& each : parts) {
    writer.begin_object().key("name").string(each.name).key("media_type").string(each.media_type);
    writer.key("salt").string(base::to_base64(each.salt)).key("bytes").string(base::to_base64(each.json)).end_object();
  }
  return writer.end_array().end_object().take();
}

Result<std::vector<KeptPart>> read_parts(const json::Reader& document, const ledger::EntryText& text) {
  WB_TRY(parts_at, document.member("parts"));
  WB_TRY(list, parts_at.elements(0, ledger::kMostParts));
  std::vector<KeptPart> parts;
  for (const json::Reader& each : list) {
    WB_TRY(name_at, each.member("name"));
    WB_TRY(name, name_at.string(64));
    if (each.find("erased")) continue;
    WB_TRY(part, read_part(each, name, text));
    parts.push_back(std::move(part));
  }
  return parts;
}

}  // namespace wideberth::client
