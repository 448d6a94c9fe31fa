#include "cli/receipts.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "cli/files.h"
#include "ledger/note.h"

namespace wideberth::cli {
namespace {

namespace fs = std::filesystem;
using base::refuse;
using base::Result;
using base::Rule;

constexpr std::size_t kMostPartsBytes = std::size_t{64} << 20;

/// What is kept stays, also where the log has erased it since: nobody could make it again.
Result<void> keep_parts(const std::string& file, const client::Proved& entry) {
  if (entry.parts.empty()) return {};
  std::error_code failed;
  if (!fs::exists(file, failed)) return write_new_file(file, client::to_json(entry.parts));
  WB_TRY(split, ledger::parse_leaf(entry.leaf));
  WB_TRY(note, ledger::parse_note(split.note));
  WB_TRY(text, ledger::parse_entry_text(note.text));
  WB_TRY(kept, read_kept_parts(file, text));
  const std::size_t before = kept.size();
  for (const client::KeptPart& each : entry.parts)
    if (std::none_of(kept.begin(), kept.end(), [&](const auto& there) { return there.name == each.name; })) kept.push_back(each);
  if (kept.size() == before) return {};
  return replace_file(file, client::to_json(kept));
}

}  // namespace

Result<void> keep_receipt(const std::string& folder, const client::Proved& entry) {
  WB_TRY_VOID(make_folder(folder));
  const std::string stem = folder + "/" + std::to_string(entry.index.value);
  std::error_code failed;
  if (fs::exists(stem + ".leaf", failed)) {
    WB_TRY(kept, read_file(stem + ".leaf", ledger::kMostEntryBytes));
    if (kept != entry.leaf)
      return refuse(Rule::file_exists, "another entry is kept there as number " + std::to_string(entry.index.value),
                    "a folder of receipts for each log", stem + ".leaf");
  } else {
    WB_TRY_VOID(write_new_file(stem + ".leaf", entry.leaf));
  }
  WB_TRY_VOID(keep_parts(stem + ".parts.json", entry));
  return replace_file(stem + ".tlog-proof", entry.receipt);
}

Result<std::vector<client::KeptPart>> read_kept_parts(const std::string& file, const ledger::EntryText& text) {
  WB_TRY(document, read_file(file, kMostPartsBytes));
  const auto tree = json::parse(document, {kMostPartsBytes, 8});
  auto parts = tree ? client::read_parts(json::Reader(*tree), text) : tl::make_unexpected(tree.error());
  if (!parts) parts.error().where = file + (parts.error().where.empty() ? "" : ": " + parts.error().where);
  return parts;
}

}  // namespace wideberth::cli
