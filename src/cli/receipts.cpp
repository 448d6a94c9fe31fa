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
Result<void> keep_parts(FilesTogether& into, const std::string& file, const client::Proved& entry) {
  if (entry.parts.empty()) return {};
  std::error_code failed;
  if (!fs::exists(file, failed)) return into.put(file, client::to_json(entry.parts));
  WB_TRY(split, ledger::parse_leaf(entry.leaf));
  WB_TRY(note, ledger::parse_note(split.note));
  WB_TRY(text, ledger::parse_entry_text(note.text));
  WB_TRY(kept, read_kept_parts(file, text));
  const std::size_t before = kept.size();
  for (const client::KeptPart& each : entry.parts)
    if (std::none_of(kept.begin(), kept.end(), [&](const auto& there) { return there.name == each.name; })) kept.push_back(each);
  if (kept.size() == before) return {};
  return into.put(file, client::to_json(kept));
}

/// The proof is put last: where it lies, what it proves lies beside it.
Result<void> put_receipt(FilesTogether& into, const std::string& folder, const client::Proved& entry) {
  const std::string stem = folder + "/" + std::to_string(entry.index.value);
  std::error_code failed;
  if (fs::exists(stem + ".leaf", failed)) {
    WB_TRY(kept, read_file(stem + ".leaf", ledger::kMostEntryBytes));
    if (kept != entry.leaf)
      return refuse(Rule::file_exists, "another entry is kept there as number " + std::to_string(entry.index.value),
                    "a folder of receipts for each log", stem + ".leaf");
  } else {
    WB_TRY_VOID(into.put(stem + ".leaf", entry.leaf));
  }
  WB_TRY_VOID(keep_parts(into, stem + ".parts.json", entry));
  return into.put(stem + ".tlog-proof", entry.receipt);
}

}  // namespace

Result<void> keep_receipt(const std::string& folder, const client::Proved& entry) {
  const client::Proved* const one[] = {&entry};
  return keep_receipts(folder, one);
}

Result<void> keep_receipts(const std::string& folder, std::span<const client::Proved* const> entries) {
  WB_TRY_VOID(make_folder(folder));
  FilesTogether files;
  for (const client::Proved* each : entries) WB_TRY_VOID(put_receipt(files, folder, *each));
  return files.finish();
}

Result<std::vector<client::KeptPart>> read_kept_parts(const std::string& file, const ledger::EntryText& text) {
  WB_TRY(document, read_file(file, kMostPartsBytes));
  const auto tree = json::parse(document, {kMostPartsBytes, 8});
  auto parts = tree ? client::read_parts(json::Reader(*tree), text) : tl::make_unexpected(tree.error());
  if (!parts) parts.error().where = file + (parts.error().where.empty() ? "" : ": " + parts.error().where);
  return parts;
}

}  // namespace wideberth::cli
