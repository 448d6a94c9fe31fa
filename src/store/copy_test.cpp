// A copy beside a writer, on a full disk, over a file that is there, of a store that was changed.
#include "store/copy.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <fstream>
#include <thread>

#include "base/check.h"
#include "store/reread.h"
#include "store/testing.h"

namespace wideberth::store {
namespace {

namespace copying {

std::vector<std::string> names_in(const testing::Folder& folder) {
  std::vector<std::string> names;
  for (const auto& each : std::filesystem::directory_iterator(folder.path())) names.push_back(each.path().filename().string());
  return names;
}

}  // namespace copying

TEST(Copy, HoldsWhatTheStoreHeldAndStandsAlone) {
  const testing::Folder folder, elsewhere;
  testing::Growth growth{11};
  std::vector<StoredEntry> kept;
  const auto store = testing::grown(folder / "log", {3, 5, 1}, growth, &kept);
  const Hash blob = store->put_blob("invented bytes").value();
  ASSERT_TRUE(store->put_setting("a", "b"));
  ASSERT_TRUE(copy_sqlite(folder / "log", elsewhere / "copy"));
  EXPECT_EQ(copying::names_in(elsewhere), std::vector<std::string>{"copy"});
  struct ::stat made{};
  ASSERT_EQ(::stat((elsewhere / "copy").c_str(), &made), 0);
  EXPECT_EQ(made.st_mode & 0777U, 0600U);
  const auto copy = open_sqlite(elsewhere / "copy", Mode::write);
  ASSERT_TRUE(copy) << base::to_text(copy.error());
  EXPECT_EQ(testing::everything(**copy), kept);
  EXPECT_EQ((*copy)->head(), store->head());
  EXPECT_EQ((*copy)->get_blob(blob), "invented bytes");
  EXPECT_EQ((*copy)->setting("a").value(), "b");
  // It goes on as the store would.
  const auto batch = growth.batch(2);
  EXPECT_TRUE((*copy)->append(batch, growth.before(), growth.after()));
}

TEST(Copy, BesideAWriterIsAlwaysOneMomentOfTheLog) {
  const testing::Folder folder;
  testing::Growth growth{12};
  const auto store = testing::grown(folder / "log", {1}, growth);
  std::atomic<bool> stop = false;
  std::atomic<std::uint64_t> promised = 1;
  std::thread writing([&] {
    for (std::size_t count = 1; !stop; count = count % 7 + 1) {
      const auto batch = growth.batch(count);
      WB_CHECK(store->append(batch, growth.before(), growth.after()).has_value());
      promised = growth.after().size;
    }
  });
  std::uint64_t last = 0;
  for (int round = 0; round < 12; ++round) {
    const std::uint64_t before = promised;
    const auto file = folder.path() / ("copy-" + std::to_string(round));
    const auto copied = copy_sqlite(folder / "log", file);
    ASSERT_TRUE(copied) << base::to_text(copied.error());
    const auto copy = open_sqlite(file, Mode::read);
    ASSERT_TRUE(copy) << base::to_text(copy.error());
    const auto again = reread(**copy);
    ASSERT_TRUE(again) << base::to_text(again.error());
    EXPECT_GE(again->tree.size(), before) << "what was promised when it began is in it";
    EXPECT_GE(again->tree.size(), last);
    last = again->tree.size();
  }
  stop = true;
  writing.join();
  // Each is the beginning of what the log became.
  const auto whole = reread(*store);
  ASSERT_TRUE(whole);
  for (int round = 0; round < 12; ++round) {
    const auto copy = open_sqlite(folder.path() / ("copy-" + std::to_string(round)), Mode::read);
    const Head head = (*copy)->head().value();
    EXPECT_EQ(whole->tree.root(head.size), head.root);
  }
}

TEST(Copy, OverwritesNothing) {
  const testing::Folder folder;
  testing::Growth growth{13};
  testing::grown(folder / "log", {2}, growth).reset();
  std::ofstream(folder / "there") << "somebody's";
  EXPECT_EQ(copy_sqlite(folder / "log", folder / "there").error().rule, Rule::store_exists);
  EXPECT_EQ(std::filesystem::file_size(folder / "there"), 10U);
  EXPECT_EQ(copy_sqlite(folder / "none", folder / "copy").error().rule, Rule::store_not_found);
  EXPECT_EQ(copy_sqlite(folder / "there", folder / "copy").error().rule, Rule::store_untrue);
  EXPECT_EQ(copy_sqlite(folder / "log", folder / "no" / "copy").error().rule, Rule::store_unavailable);
  EXPECT_FALSE(std::filesystem::exists(folder / "copy"));
}

TEST(Copy, OnAFullDiskLeavesNothing) {
  const testing::Folder folder{testing::Folder::Place::disk}, elsewhere{testing::Folder::Place::disk};
  testing::Growth growth{14};
  testing::grown(folder / "log", {40}, growth).reset();
  const pid_t child = fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{30'000, 30'000};
    WB_CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    const auto copied = copy_sqlite(folder / "log", elsewhere / "copy");
    _exit(!copied && copied.error().rule == Rule::store_unavailable ? 0 : 1);
  }
  int status = -1;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(copying::names_in(elsewhere).empty());
}

}  // namespace
}  // namespace wideberth::store
