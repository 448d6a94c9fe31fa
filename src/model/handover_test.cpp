#include "model/handover.h"

#include <gtest/gtest.h>

#include "model/testing.h"

namespace wideberth::model {
namespace {

using testing::outcome;

WatchHandedOver handed_over() {
  OpenMatters open;
  for (int i = 0; i <= static_cast<int>(DeadlineKind::consultation); ++i)
    open.deadlines.push_back(
        {static_cast<DeadlineKind>(i), "red", EntryIndex{static_cast<std::uint64_t>(i)}, Instant::from_ms(1'598'343'492'000)});
  open.queries = {EntryIndex{3}, EntryIndex{9}};
  open.movements = {EntryIndex{2}};
  return {{"Maj. A.", "red/maj"}, {"Cpt. B.", "red/cpt"}, open, "Calm.\nRain."};
}

TEST(HandoverText, IsReadAndWrittenBack) {
  const auto said = handed_over();
  const auto read = parse_watch_handed_over(to_json(said));
  ASSERT_TRUE(read) << base::to_text(read.error());
  EXPECT_EQ(*read, said);
  EXPECT_EQ(parse_open_matters(to_json(said.open)).value(), said.open);
}

TEST(HandoverText, RefusalsNameTheirPlace) {
  const auto with = [](const std::string& open) {
    return outcome(parse_watch_handed_over(
        R"({"outgoing":{"person":"A","key":"red/a"},"incoming":{"person":"B","key":"red/b"},"open":)" + open + "}"));
  };
  EXPECT_EQ(with(R"({"deadlines":[],"queries":[],"messages":[],"movements":[],"alarms":[]})"), "accepted");
  EXPECT_EQ(with(R"({"deadlines":[],"queries":[2,2],"messages":[],"movements":[],"alarms":[]})"),
            "json_range at /open/queries/1");
  EXPECT_EQ(
      with(R"({"deadlines":[{"kind":"tea","party":"red","about":1,"due":"2020-08-25T06:00:00Z"}],"queries":[],"messages":[],)"
           R"("movements":[],"alarms":[]})"),
      "json_choice at /open/deadlines/0/kind");
  EXPECT_EQ(with(R"({"deadlines":[],"queries":[],"messages":[],"movements":[]})"), "json_member_missing at /open/alarms");
}

TEST(HandoverText, TakesAsManyItemsAsItSaysAndNoMore) {
  OpenMatters open;
  for (std::size_t i = 0; i < kMostHandedOver; ++i) open.alarms.push_back(EntryIndex{i});
  EXPECT_EQ(outcome(parse_open_matters(to_json(open))), "accepted");
  open.alarms.push_back(EntryIndex{kMostHandedOver});
  EXPECT_EQ(outcome(parse_open_matters(to_json(open))), "json_length at /alarms");
}

TEST(HandoverText, TheCodeStandsForTheWholeList) {
  const auto said = handed_over();
  auto other = said;
  other.open.movements.push_back(EntryIndex{7});
  EXPECT_NE(list_code(said.open), list_code(other.open));
}

}  // namespace
}  // namespace wideberth::model
