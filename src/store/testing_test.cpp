// What testing.h declares.
#include "store/testing.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <fstream>

#include "base/check.h"
#include "ledger/checkpoint.h"
#include "ledger/entry.h"
#include "ledger/key.h"

namespace wideberth::store::testing {

Folder::Folder(Place place) {
  const std::filesystem::path memory = "/dev/shm";
  const bool in_memory = place == Place::memory && access(memory.c_str(), W_OK) == 0;
  std::string name = ((in_memory ? memory : std::filesystem::temp_directory_path()) / "wideberth-store-XXXXXX").string();
  WB_CHECK(mkdtemp(name.data()) != nullptr);
  path_ = name;
}

Folder::~Folder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string Growth::bytes(std::size_t count) {
  std::string made(count, '\0');
  for (std::size_t at = 0; at < count; at += sizeof(std::uint64_t)) {
    const std::uint64_t drawn = chance_();
    std::memcpy(made.data() + at, &drawn, std::min(sizeof drawn, count - at));
  }
  return made;
}

std::vector<StoredEntry> Growth::batch(std::size_t count) {
  before_ = Head{tree_.size(), tree_.root(), {}};
  std::vector<StoredEntry> entries;
  for (std::size_t i = 0; i < count; ++i) {
    StoredEntry entry{EntryIndex{tree_.size()}, "leaf " + std::to_string(tree_.size()) + bytes(1 + chance_() % 900), {}};
    const std::size_t parts = chance_() % 4;
    for (std::size_t part = 0; part < parts; ++part) {
      StoredPart made{part == 0 ? "full" : part == 1 ? "corridor" : "outline", {}, bytes(32), {}, false};
      made.bytes = bytes(part == 0 ? chance_() % 20'000 : chance_() % 600);
      made.commitment = ledger::commitment_of(made.salt, made.bytes);
      entry.parts.push_back(std::move(made));
    }
    tree_.append(ledger::leaf_hash(entry.leaf));
    entries.push_back(std::move(entry));
  }
  after_ = Head{tree_.size(), tree_.root(), {}};
  return entries;
}

Result<std::vector<StoredEntry>> everything(Store& store) {
  WB_TRY(head, store.head());
  return store.read(EntryIndex{0}, static_cast<std::size_t>(head.size));
}

std::unique_ptr<Store> grown(const std::filesystem::path& file, const std::vector<std::size_t>& batches, Growth& growth,
                             std::vector<StoredEntry>* kept) {
  auto store = open_sqlite(file, Mode::create);
  WB_CHECK(store.has_value());
  for (const std::size_t size : batches) {
    const auto batch = growth.batch(size);
    WB_CHECK((*store)->append(batch, growth.before(), growth.after()).has_value());
    if (kept != nullptr) kept->insert(kept->end(), batch.begin(), batch.end());
  }
  Head signed_head = growth.after();
  const auto key = ledger::SigningKey::from_seed("invented.example/log", std::string(32, '\x07'));
  WB_CHECK(key.has_value());
  signed_head.checkpoint = ledger::sign_checkpoint({"invented.example/log", signed_head.size, signed_head.root, {}}, *key);
  WB_CHECK((*store)->put_checkpoint(signed_head).has_value());
  return std::move(*store);
}

std::string content_of(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  std::string content(in ? static_cast<std::size_t>(in.tellg()) : 0, '\0');
  in.seekg(0);
  in.read(content.data(), static_cast<std::streamsize>(content.size()));
  return content;
}

void set_content(const std::filesystem::path& file, std::string_view bytes) {
  std::ofstream out(file, std::ios::binary | std::ios::trunc);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  WB_CHECK(out.flush().good());
}

// flipped(blob): its first byte with the lowest bit turned over.
static void flip_first_bit(sqlite3_context* context, int, sqlite3_value** values) {
  const auto* data = static_cast<const char*>(sqlite3_value_blob(values[0]));
  const int size = sqlite3_value_bytes(values[0]);
  WB_CHECK(data != nullptr && size > 0);
  std::string turned{data, static_cast<std::size_t>(size)};
  turned[0] = static_cast<char>(turned[0] ^ 1);
  sqlite3_result_blob(context, turned.data(), size, SQLITE_TRANSIENT);
}

void meddle(const std::filesystem::path& file, const std::string& sql) {
  sqlite3* raw = nullptr;
  WB_CHECK(sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK);
  WB_CHECK(sqlite3_exec(raw, "PRAGMA ignore_check_constraints = ON", nullptr, nullptr, nullptr) == SQLITE_OK);
  WB_CHECK(sqlite3_create_function(raw, "flipped", 1, SQLITE_UTF8, nullptr, flip_first_bit, nullptr, nullptr) == SQLITE_OK);
  const int before = sqlite3_total_changes(raw);
  WB_CHECK(sqlite3_exec(raw, sql.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK);
  WB_CHECK(sqlite3_total_changes(raw) > before);
  WB_CHECK(sqlite3_close(raw) == SQLITE_OK);
}

}  // namespace wideberth::store::testing
