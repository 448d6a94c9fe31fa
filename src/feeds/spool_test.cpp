#include "feeds/spool.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <filesystem>
#include <fstream>

#include "client/acts.h"
#include "feeds/csv.h"

namespace wideberth::feeds {
namespace {

using testing::IsEmpty;
using testing::SizeIs;

namespace fs = std::filesystem;

// A folder that goes with the test.
class SpoolTest : public testing::Test {
 protected:
  SpoolTest() {
    std::string name = (fs::temp_directory_path() / "wideberth-spool-XXXXXX").string();
    EXPECT_NE(::mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  ~SpoolTest() override {
    std::error_code failed;
    fs::remove_all(folder_, failed);
  }
  std::unique_ptr<Spool> open(const std::string& source = "live") {
    auto spool = Spool::open(folder_.string(), source);
    EXPECT_TRUE(spool) << base::to_text(spool.error());
    return std::move(*spool);
  }
  fs::path folder_;
};

// Chance that is none.
class Counting final : public base::Entropy {
 public:
  void fill(std::span<unsigned char> out) override {
    for (unsigned char& byte : out) byte = next_++;
  }

 private:
  unsigned char next_ = 1;
};

model::Position fix(std::int64_t n) {
  model::Position position;
  position.unit = "TM \"3\", lead";
  position.time = Instant::from_ms(1'598'338'692'000 + n * 1000);
  position.place = {static_cast<std::int32_t>(420'000'000 + n), static_cast<std::int32_t>(-n)};
  position.source = model::PositionSource::gnss;
  return position;
}

std::vector<model::Position> fixes(std::int64_t from, std::int64_t count) {
  std::vector<model::Position> all;
  for (std::int64_t n = from; n < from + count; ++n) all.push_back(fix(n));
  return all;
}

client::SignedAct signed_line(const Spool::Segment& segment, const client::Chain& chain) {
  Counting chance;
  auto key = ledger::SigningKey::from_seed("blue/feed", std::string(32, 'k'));
  auto act = client::report(segment.fixes);
  EXPECT_TRUE(key && act);
  auto made = client::sign_act(*act, {*key, "spool.example/log", chain, {}, Instant::from_ms(0)}, chance);
  EXPECT_TRUE(made) << base::to_text(made.error());
  return *made;
}

TEST_F(SpoolTest, KeepsWhatItTookThroughEnds) {
  {
    auto spool = open();
    ASSERT_TRUE(spool->add(fixes(0, 3)));
    ASSERT_TRUE(spool->cut());
    ASSERT_TRUE(spool->cut());  // nothing to cut
    ASSERT_TRUE(spool->add(fixes(3, 2)));
    EXPECT_EQ(spool->waiting(), 2u);
    EXPECT_EQ(Spool::open(folder_.string(), "live").error().rule, Rule::spool_in_use);
  }
  auto spool = open();  // as after a kill: what was open is closed
  EXPECT_EQ(spool->added(), 5u);
  EXPECT_EQ(spool->segments_waiting(), 2u);
  client::Chain chain;
  std::vector<model::Position> all;
  for (int i = 0; i < 2; ++i) {
    const auto segment = spool->next_segment();
    ASSERT_TRUE(segment && *segment);
    EXPECT_EQ((*segment)->before, all.size());
    all.insert(all.end(), (*segment)->fixes.begin(), (*segment)->fixes.end());
    const auto made = signed_line(**segment, chain);
    ASSERT_TRUE(spool->keep_line(**segment, made.line, made.next));
    chain = made.next;
  }
  EXPECT_EQ(all, fixes(0, 5));
  spool.reset();
  spool = open();
  EXPECT_EQ(spool->added(), 5u);
  EXPECT_EQ(spool->segments_waiting(), 0u);
  EXPECT_EQ(spool->lines_waiting(), 2u);
  EXPECT_EQ(spool->chain(), chain);
  for (std::uint64_t number = 1; number <= 2; ++number) {
    const auto line = spool->next_line();
    ASSERT_TRUE(line && *line);
    EXPECT_EQ(client::read_line((*line)->text)->number, number);
    ASSERT_TRUE(spool->drop_line((*line)->number));
  }
  spool.reset();
  spool = open();
  EXPECT_EQ(spool->added(), 5u);  // also when nothing is left of them
  EXPECT_EQ(spool->lines_waiting(), 0u);
  EXPECT_EQ(spool->chain(), chain);
  spool.reset();
  EXPECT_EQ(open()->added(), 5u);
}

TEST_F(SpoolTest, TakesASegmentThatWasSignedForGone) {
  std::string line_file;
  {
    auto spool = open();
    ASSERT_TRUE(spool->add(fixes(0, 3)));
    ASSERT_TRUE(spool->cut());
    const auto segment = spool->next_segment();
    const fs::path csv = folder_ / "1-0.csv";
    ASSERT_TRUE(fs::exists(csv));
    fs::copy_file(csv, folder_ / "kept");
    fs::copy_file(folder_ / "source", folder_ / "chain-before");
    const auto made = signed_line(**segment, {});
    ASSERT_TRUE(spool->keep_line(**segment, made.line, made.next));
    EXPECT_FALSE(fs::exists(csv));
    // As a kill between the two steps leaves it: the line is there, the segment too, and `chain` is of before.
    fs::rename(folder_ / "kept", csv);
    fs::remove(folder_ / "chain");
    fs::remove(folder_ / "chain-before");
  }
  auto spool = open();
  EXPECT_EQ(spool->segments_waiting(), 0u);
  EXPECT_EQ(spool->lines_waiting(), 1u);
  EXPECT_EQ(spool->added(), 3u);
  ASSERT_TRUE(spool->chain());
  EXPECT_EQ(spool->chain()->number, 2u);
}

TEST_F(SpoolTest, PassesOverARowThatWasCutOff) {
  {
    auto spool = open();
    ASSERT_TRUE(spool->add(fixes(0, 2)));
  }
  for (const auto& file : fs::directory_iterator(folder_)) {
    if (file.path().string().ends_with(".open.csv")) std::ofstream(file.path(), std::ios::app) << "\"TM\",2020-08-2";
  }
  auto spool = open();
  const auto segment = spool->next_segment();
  ASSERT_TRUE(segment && *segment) << base::to_text(segment.error());
  EXPECT_THAT((*segment)->fixes, SizeIs(2));
  EXPECT_EQ(spool->added(), 2u);
}

TEST_F(SpoolTest, RefusesWhatItDidNotWrite) {
  open("file a").reset();
  EXPECT_EQ(Spool::open(folder_.string(), "file b").error().rule, Rule::spool_other_source);
  std::ofstream(folder_ / "chain") << "what\n";
  EXPECT_EQ(Spool::open(folder_.string(), "file a").error().rule, Rule::spool_unreadable);
  fs::remove(folder_ / "chain");
  std::ofstream(folder_ / "7-0.csv") << "unit\nx\n";
  auto spool = open("file a");
  EXPECT_EQ(spool->next_segment().error().rule, Rule::csv_header);
  EXPECT_EQ(Spool::open("/dev/null/spool", "live").error().rule, Rule::spool_unwritable);
}

RC_GTEST_PROP(SpoolLaws, ARowReadsAsItWasWritten, ()) {
  model::Position position;
  position.unit = *rc::gen::suchThat(rc::gen::container<std::string>(rc::gen::inRange<char>(' ', '~')),
                                     [](const std::string& unit) { return model::check_unit_name(unit).has_value(); });
  position.time = Instant::from_ms(*rc::gen::inRange<std::int64_t>(0, 7'258'118'400'000));
  position.place = {*rc::gen::inRange(-1'800'000'000, 1'800'000'001), *rc::gen::inRange(-900'000'000, 900'000'001)};
  if (*rc::gen::arbitrary<bool>()) position.accuracy = Metres::from_mm(*rc::gen::inRange<std::int64_t>(0, 1'000'000'001));
  if (*rc::gen::arbitrary<bool>()) position.speed_mmps = *rc::gen::inRange(0, 20'000'001);
  if (*rc::gen::arbitrary<bool>()) position.course_cdeg = *rc::gen::inRange(0, 36'000);
  if (*rc::gen::arbitrary<bool>()) position.altitude = Metres::from_mm(*rc::gen::inRange<std::int64_t>(-12'000'000, 100'000'001));
  position.source = static_cast<model::PositionSource>(*rc::gen::inRange(0, 5));
  const auto readings = read_csv(std::string(kSpoolHead) + csv_row(position), {.party_needed = false});
  RC_ASSERT(readings.has_value() && readings->fixes.size() == 1);
  RC_ASSERT(readings->fixes[0].position == position);
}

}  // namespace
}  // namespace wideberth::feeds
