// A loss of power at every write: what append promised is there afterwards, and nothing is half there.
//
// A layer between SQLite and the disk remembers, for each file, what stood there at its last flush and what was written
// since. Before each write, cut and flush it takes three pictures of what a disk may hold if the power goes now: nothing of
// the unflushed writes, all of them, or a random choice of their 512-byte sectors. Each picture must open, hold every batch
// that was promised by then, and end at a batch. A disk that lies about its flushes is the control: it must be caught.
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <map>
#include <random>
#include <set>

#include "base/check.h"
#include "store/reread.h"
#include "store/sqlite.h"
#include "store/testing.h"

namespace wideberth::store {
namespace {

using testing::Folder;
using testing::Growth;

constexpr std::size_t kSector = 512;

struct PendingWrite {
  std::size_t offset = 0;
  std::string bytes;
  bool is_cut = false;  // the file ends at `offset`
};

struct ShadowFile {
  std::string flushed;
  std::vector<PendingWrite> pending;
};

struct Picture {
  std::map<std::string, std::string> files;
  std::uint64_t promised = 0;
};

struct Disk {
  bool lies = false;
  std::uint64_t promised = 0;
  std::map<std::string, ShadowFile> files;
  std::vector<Picture> pictures;
  std::mt19937_64 chance{20200825};
};

Disk* g_disk = nullptr;  // one test at a time has one: SQLite hands the layer nothing of ours

enum class Survives : unsigned char { nothing, all, chosen_sectors };

void apply(std::string& content, const PendingWrite& write, Survives survives) {
  if (survives == Survives::chosen_sectors && write.is_cut && g_disk->chance() % 2 == 0) return;
  if (write.is_cut) return content.resize(write.offset);
  for (std::size_t at = 0; at < write.bytes.size(); at += kSector) {
    if (survives == Survives::chosen_sectors && g_disk->chance() % 2 == 0) continue;
    const std::string_view sector = std::string_view{write.bytes}.substr(at, kSector);
    if (content.size() < write.offset + at + sector.size()) content.resize(write.offset + at + sector.size());
    content.replace(write.offset + at, sector.size(), sector);
  }
}

void take_pictures() {
  for (const Survives survives : {Survives::nothing, Survives::all, Survives::chosen_sectors}) {
    Picture picture{{}, g_disk->promised};
    for (const auto& [name, file] : g_disk->files) {
      std::string content = file.flushed;
      if (survives != Survives::nothing) {
        for (const PendingWrite& write : file.pending) apply(content, write, survives);
      }
      picture.files[name] = std::move(content);
    }
    g_disk->pictures.push_back(std::move(picture));
  }
}

// SQLite's file object: ours in front, the real one behind it in the same piece of memory.
struct LayerFile {
  sqlite3_file base;
  ShadowFile* shadow;  // none for files that need not survive
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

LayerFile* layer(sqlite3_file* file) { return reinterpret_cast<LayerFile*>(file); }
sqlite3_file* real(sqlite3_file* file) { return layer(file)->real(); }
sqlite3_vfs* real(sqlite3_vfs* vfs) { return static_cast<sqlite3_vfs*>(vfs->pAppData); }

int layer_write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  if (ShadowFile* shadow = layer(file)->shadow; shadow != nullptr && g_disk != nullptr) {
    take_pictures();
    shadow->pending.push_back(
        {static_cast<std::size_t>(offset), {static_cast<const char*>(data), static_cast<std::size_t>(size)}, false});
  }
  return real(file)->pMethods->xWrite(real(file), data, size, offset);
}

int layer_truncate(sqlite3_file* file, sqlite3_int64 size) {
  if (ShadowFile* shadow = layer(file)->shadow; shadow != nullptr && g_disk != nullptr) {
    take_pictures();
    shadow->pending.push_back({static_cast<std::size_t>(size), {}, true});
  }
  return real(file)->pMethods->xTruncate(real(file), size);
}

int layer_sync(sqlite3_file* file, int flags) {
  if (ShadowFile* shadow = layer(file)->shadow; shadow != nullptr && g_disk != nullptr) {
    take_pictures();
    if (!g_disk->lies) {
      for (const PendingWrite& write : shadow->pending) apply(shadow->flushed, write, Survives::all);
      shadow->pending.clear();
    }
  }
  return real(file)->pMethods->xSync(real(file), flags);
}

int layer_close(sqlite3_file* file) { return real(file)->pMethods->xClose(real(file)); }
int layer_read(sqlite3_file* file, void* out, int size, sqlite3_int64 at) {
  return real(file)->pMethods->xRead(real(file), out, size, at);
}
int layer_size(sqlite3_file* file, sqlite3_int64* out) { return real(file)->pMethods->xFileSize(real(file), out); }
int layer_lock(sqlite3_file* file, int level) { return real(file)->pMethods->xLock(real(file), level); }
int layer_unlock(sqlite3_file* file, int level) { return real(file)->pMethods->xUnlock(real(file), level); }
int layer_reserved(sqlite3_file* file, int* out) { return real(file)->pMethods->xCheckReservedLock(real(file), out); }
int layer_control(sqlite3_file* file, int code, void* data) { return real(file)->pMethods->xFileControl(real(file), code, data); }
int layer_sector(sqlite3_file* file) { return real(file)->pMethods->xSectorSize(real(file)); }
int layer_traits(sqlite3_file* file) { return real(file)->pMethods->xDeviceCharacteristics(real(file)); }
int layer_shm_map(sqlite3_file* file, int page, int size, int extend, void volatile** out) {
  return real(file)->pMethods->xShmMap(real(file), page, size, extend, out);
}
int layer_shm_lock(sqlite3_file* file, int at, int n, int flags) {
  return real(file)->pMethods->xShmLock(real(file), at, n, flags);
}
void layer_shm_barrier(sqlite3_file* file) { real(file)->pMethods->xShmBarrier(real(file)); }
int layer_shm_unmap(sqlite3_file* file, int gone) { return real(file)->pMethods->xShmUnmap(real(file), gone); }

const sqlite3_io_methods kMethods = {2,
                                     layer_close,
                                     layer_read,
                                     layer_write,
                                     layer_truncate,
                                     layer_sync,
                                     layer_size,
                                     layer_lock,
                                     layer_unlock,
                                     layer_reserved,
                                     layer_control,
                                     layer_sector,
                                     layer_traits,
                                     layer_shm_map,
                                     layer_shm_lock,
                                     layer_shm_barrier,
                                     layer_shm_unmap,
                                     nullptr,
                                     nullptr};

int layer_open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* file, int flags, int* taken) {
  const int code = real(vfs)->xOpen(real(vfs), name, real(file), flags, taken);
  layer(file)->shadow = nullptr;
  file->pMethods = code == SQLITE_OK ? &kMethods : nullptr;
  const int lasting = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
  if (code == SQLITE_OK && name != nullptr && (flags & lasting) != 0 && g_disk != nullptr) {
    layer(file)->shadow = &g_disk->files[std::filesystem::path{name}.filename().string()];
  }
  return code;
}

int layer_delete(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  if (g_disk != nullptr) g_disk->files[std::filesystem::path{name}.filename().string()] = {};
  return real(vfs)->xDelete(real(vfs), name, sync_folder);
}

// The layer is SQLite's default as long as this lives.
class Layer {
 public:
  explicit Layer(Disk& disk) : under_{sqlite3_vfs_find(nullptr)}, vfs_{*under_} {
    vfs_.szOsFile = under_->szOsFile + static_cast<int>(sizeof(LayerFile));
    vfs_.zName = "power";
    vfs_.pAppData = under_;
    vfs_.xOpen = layer_open;
    vfs_.xDelete = layer_delete;
    g_disk = &disk;
    WB_CHECK(sqlite3_vfs_register(&vfs_, 1) == SQLITE_OK);
  }
  ~Layer() {
    sqlite3_vfs_unregister(&vfs_);
    sqlite3_vfs_register(under_, 1);
    g_disk = nullptr;
  }
  Layer(const Layer&) = delete;
  Layer& operator=(const Layer&) = delete;

 private:
  sqlite3_vfs* under_;
  sqlite3_vfs vfs_;
};

// Makes a store, appends batches of growing size, cuts the write-ahead log in between, closes. The sizes at which a batch
// ended.
std::set<std::uint64_t> work_on(Disk& disk) {
  const Folder folder;
  const Layer layered{disk};
  Growth growth{5};
  auto store = open_sqlite(folder / "log", Mode::create).value();
  std::set<std::uint64_t> ends = {0};
  for (const std::size_t count : {1U, 3U, 2U, 5U, 1U, 4U}) {
    const auto batch = growth.batch(count);
    WB_CHECK(store->append(batch, growth.before(), growth.after()).has_value());
    disk.promised = growth.after().size;
    ends.insert(disk.promised);
    if (count == 2) WB_CHECK(store->purge().value());
  }
  store.reset();
  return ends;
}

struct Verdict {
  std::size_t whole = 0;      // opens, re-hashes, ends at a batch, holds all that was promised
  std::size_t unborn = 0;     // the store was still being made: nothing had been promised
  std::size_t forgotten = 0;  // a promised batch is gone
  std::size_t broken = 0;     // refused, or half a batch
};

Verdict judge(const std::vector<Picture>& pictures, const std::set<std::uint64_t>& ends) {
  Verdict verdict;
  for (const Picture& picture : pictures) {
    const Folder folder;
    for (const auto& [name, content] : picture.files) {
      if (!content.empty() || name == "log") testing::set_content(folder / name.c_str(), content);
    }
    const auto store = open_sqlite(folder / "log", Mode::write);
    const auto again = store ? reread(**store) : tl::make_unexpected(store.error());
    if (!again) {
      (picture.promised == 0 ? verdict.unborn : verdict.broken) += 1;
    } else if (!ends.contains(again->tree.size())) {
      verdict.broken += 1;
    } else {
      (again->tree.size() >= picture.promised ? verdict.whole : verdict.forgotten) += 1;
    }
  }
  return verdict;
}

TEST(Power, WhateverTheMomentAllThatWasPromisedIsThere) {
  Disk disk;
  const auto ends = work_on(disk);
  ASSERT_GT(disk.pictures.size(), 150U);
  const Verdict verdict = judge(disk.pictures, ends);
  EXPECT_EQ(verdict.forgotten, 0U);
  EXPECT_EQ(verdict.broken, 0U);
  EXPECT_GT(verdict.whole, 100U);
  RecordProperty("pictures", static_cast<int>(disk.pictures.size()));
}

TEST(Power, ADiskThatLiesAboutItsFlushesIsCaughtByThisTest) {
  Disk disk;
  disk.lies = true;
  const auto ends = work_on(disk);
  const Verdict verdict = judge(disk.pictures, ends);
  EXPECT_GT(verdict.forgotten + verdict.broken, 50U);
}

}  // namespace
}  // namespace wideberth::store
