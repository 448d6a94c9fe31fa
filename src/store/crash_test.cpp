// Processes that die in the middle of a commit, disks that are full, folders that may not be written to.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <random>
#include <set>
#include <thread>

#include "base/check.h"
#include "store/reread.h"
#include "store/sqlite.h"
#include "store/testing.h"

namespace wideberth::store {
namespace {

using testing::Folder;
using testing::Growth;

// Appends batches of 1, 2, 3, … entries until somebody ends the process, and says each size it was promised down the pipe.
[[noreturn]] void append_for_ever(const std::filesystem::path& file, int pipe_end) {
  const auto store = open_sqlite(file, Mode::write);
  WB_CHECK(store.has_value());
  auto again = reread(**store);
  WB_CHECK(again.has_value());
  Growth growth{again->tree.size() + 1};
  growth.resume(std::move(again->tree));
  for (std::size_t count = 1;; count = count % 9 + 1) {
    const auto batch = growth.batch(count);
    WB_CHECK((*store)->append(batch, growth.before(), growth.after()).has_value());
    const std::uint64_t promised = growth.after().size;
    WB_CHECK(write(pipe_end, &promised, sizeof promised) == sizeof promised);
    // Where the next batch would end: the size after the kill must be the one or the other.
    const std::uint64_t next = promised + count % 9 + 1;
    WB_CHECK(write(pipe_end, &next, sizeof next) == sizeof next);
  }
}

TEST(Crash, KilledInACommitTheLogEndsAtABatchAndHoldsAllThatWasPromised) {
  const Folder folder{Folder::Place::disk};
  ASSERT_TRUE(open_sqlite(folder / "log", Mode::create).has_value());
  std::mt19937_64 chance{20200825};
  std::uint64_t before = 0;
  for (int round = 0; round < 12; ++round) {
    int ends[2];
    ASSERT_EQ(pipe(ends), 0);
    const pid_t child = fork();
    if (child == 0) append_for_ever(folder / "log", ends[1]);
    close(ends[1]);
    std::uint64_t promised = 0;
    std::uint64_t next = 0;
    // Wait for the first promise, so that every round gets somewhere, then strike at any moment.
    ASSERT_EQ(read(ends[0], &promised, sizeof promised), ssize_t{sizeof promised});
    ASSERT_EQ(read(ends[0], &next, sizeof next), ssize_t{sizeof next});
    std::this_thread::sleep_for(std::chrono::microseconds{chance() % 30'000});
    kill(child, SIGKILL);
    int status = 0;
    waitpid(child, &status, 0);
    std::uint64_t value = 0;
    for (int n = 0; read(ends[0], &value, sizeof value) == ssize_t{sizeof value}; ++n) (n % 2 == 0 ? promised : next) = value;
    close(ends[0]);

    const auto store = open_sqlite(folder / "log", Mode::write);
    ASSERT_TRUE(store.has_value()) << base::to_text(store.error());
    const auto again = reread(**store);
    ASSERT_TRUE(again.has_value()) << base::to_text(again.error());
    // One commit may have been flushed whose promise nobody heard; its size is then the announced next one, unless the
    // announcement itself was cut off.
    if (next > promised) {
      EXPECT_THAT(again->tree.size(), ::testing::AnyOf(promised, next));
    } else {
      EXPECT_EQ(again->tree.size(), promised);
    }
    EXPECT_GT(again->tree.size(), before);
    before = again->tree.size();
  }
}

// Runs `work` in a process of its own that may not make a file longer than `bytes`; hands back its exit status.
template <class Work>
int with_small_disk(rlim_t bytes, Work work) {
  const pid_t child = fork();
  if (child == 0) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, bytes};
    WB_CHECK(setrlimit(RLIMIT_FSIZE, &limit) == 0);
    _exit(work());
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Crash, AFullDiskIsUnavailableAndFinal) {
  const Folder folder{Folder::Place::disk};
  Growth growth{3};
  testing::grown(folder / "log", {2, 2}, growth).reset();
  const int status = with_small_disk(400'000, [&] {
    const auto store = open_sqlite(folder / "log", Mode::write);
    if (!store) return 101;
    for (int i = 0; i < 100; ++i) {
      const auto batch = growth.batch(4);
      const auto done = (*store)->append(batch, growth.before(), growth.after());
      if (done) continue;
      if (done.error().rule != Rule::store_unavailable || base::kind_of(done.error().rule) != base::Kind::unavailable) return 102;
      // Never tried again, not even with something that would fit.
      const auto alive = (*store)->put_alive(Instant::from_ms(1));
      if (alive || alive.error().rule != Rule::store_unavailable) return 103;
      const auto head = (*store)->head();
      return head && head->size == growth.before().size ? i : 104;
    }
    return 105;
  });
  ASSERT_LT(status, 100);
  ASSERT_GT(status, 0) << "some batches fit";
  const auto store = open_sqlite(folder / "log", Mode::write);
  ASSERT_TRUE(store.has_value());
  const auto again = reread(**store);
  ASSERT_TRUE(again.has_value()) << base::to_text(again.error());
  EXPECT_EQ(again->tree.size(), 4U + 4U * static_cast<unsigned>(status));
  EXPECT_EQ((*store)->last_alive().value(), std::nullopt);
}

TEST(Crash, AStoreThatDoesNotFitIsNotMade) {
  const Folder folder{Folder::Place::disk};
  EXPECT_EQ(with_small_disk(10'000,
                            [&] {
                              const auto made = open_sqlite(folder / "log", Mode::create);
                              return !made && made.error().rule == Rule::store_unavailable ? 0 : 1;
                            }),
            0);
  EXPECT_FALSE(open_sqlite(folder / "log", Mode::write).has_value());
}

// The super-user may write anywhere, so the work is done by nobody (65534) where the test is run by it.
template <class Work>
int as_nobody(Work work) {
  const pid_t child = fork();
  if (child == 0) {
    if (geteuid() == 0) WB_CHECK(setgid(65534) == 0 && setuid(65534) == 0);
    _exit(work());
  }
  int status = -1;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(Crash, AFolderThatMayNotBeWrittenToIsUnavailable) {
  const Folder folder{Folder::Place::disk};
  Growth growth{4};
  testing::grown(folder / "log", {3}, growth).reset();
  for (const char* name : {"log", "log-mark"}) ASSERT_EQ(chmod((folder / name).c_str(), 0444), 0);
  ASSERT_EQ(chmod(folder.path().c_str(), 0555), 0);
  EXPECT_EQ(as_nobody([&] {
              const auto made = open_sqlite(folder / "new", Mode::create);
              if (made || made.error().rule != Rule::store_unavailable) return 1;
              const auto opened = open_sqlite(folder / "log", Mode::write);
              return !opened && opened.error().rule == Rule::store_unavailable ? 0 : 2;
            }),
            0);
  ASSERT_EQ(chmod(folder.path().c_str(), 0755), 0);
}

TEST(Crash, TheLockIsFreeAgainWhenItsHolderIsKilled) {
  const Folder folder{Folder::Place::disk};
  ASSERT_TRUE(open_sqlite(folder / "log", Mode::create).has_value());
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const pid_t child = fork();
  if (child == 0) {
    const auto held = open_sqlite(folder / "log", Mode::write);
    const char ready = held ? 'y' : 'n';
    WB_CHECK(write(ends[1], &ready, 1) == 1);
    pause();
    _exit(0);
  }
  char ready = 0;
  ASSERT_EQ(read(ends[0], &ready, 1), 1);
  EXPECT_EQ(ready, 'y');
  EXPECT_EQ(open_sqlite(folder / "log", Mode::write).error().rule, Rule::store_in_use);
  kill(child, SIGKILL);
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_TRUE(open_sqlite(folder / "log", Mode::write).has_value());
  close(ends[0]);
  close(ends[1]);
}

}  // namespace
}  // namespace wideberth::store
