#include <gtest/gtest.h>

#include "model/disclosure.h"
#include "model/holds.h"
#include "model/notification.h"
#include "model/reminders.h"
#include "model/testing.h"

namespace wideberth::model {
namespace {

using testing::outcome;
using testing::with;

/// Invented: an aid convoy with all that can be said of one.
const std::string kConvoyText =
    R"json({"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[42.0, 37.0], [42.1, 37.1]]},
        "properties": {"party": "aid", "earliest": ["2026-03-10T09:00:00Z", "2026-03-10T10:00:00Z"],
        "latest": ["2026-03-10T09:10:00Z", "2026-03-10T10:10:00Z"], "half_width_m": 50, "emergency": true, "reason": "Births.",
        "organisation": "Aid body (invented)", "consent": true,
        "marking": {"day": true, "night": false, "thermal": false},
        "composition": {"vehicles": [{"type": "lorry", "count": 6}], "people": 14,
          "escorts": [{"type": "pickup", "count": 2, "armed": true, "of": "blue"}]},
        "holding_points": [{"name": "the mill", "place": [42.05, 37.06]}],
        "alternates": [{"name": "by the river", "coordinates": [[42.0, 37.0], [42.0, 37.1], [42.1, 37.1]],
          "earliest": ["2026-03-10T09:00:00Z", "2026-03-10T09:40:00Z", "2026-03-10T10:20:00Z"],
          "latest": ["2026-03-10T09:10:00Z", "2026-03-10T09:50:00Z", "2026-03-10T10:30:00Z"]}]}})json";

Notification convoy() { return parse_feature(kConvoyText).value(); }

TEST(FeatureAid, AllOfAConvoyIsRead) {
  const auto read = parse_feature(kConvoyText);
  ASSERT_TRUE(read) << base::to_text(read.error());
  EXPECT_EQ(read->organisation, "Aid body (invented)");
  EXPECT_EQ(read->consent, true);
  EXPECT_EQ(read->marking, (Marking{true, false, false}));
  ASSERT_EQ(read->composition.escorts.size(), 1U);
  EXPECT_EQ(read->composition.escorts[0].armed, true);
  EXPECT_EQ(read->composition.escorts[0].of, "blue");
  ASSERT_EQ(read->holding_points.size(), 1U);
  EXPECT_EQ(read->holding_points[0].place, (geo::Place{420'500'000, 370'600'000}));
  ASSERT_EQ(read->alternates.size(), 1U);
  EXPECT_EQ(read->alternates[0].route.half_width, Metres::from_metres(50));  // the movement's, where it says none
  EXPECT_EQ(compile_alternates(*read)->size(), 1U);
  EXPECT_EQ(base::to_short_text(window_of(*read).to), "2026-03-10T10:30:00Z");
  EXPECT_EQ(parse_feature(to_json(*read)).value(), *read);
}

TEST(FeatureAid, WhoeverSeesTheCorridorSeesTheAlternatesAndNothingElseOfIt) {
  const std::string corridor = corridor_of(convoy());
  EXPECT_NE(corridor.find("by the river"), std::string::npos);
  for (const char* hidden : {"Aid body", "mill", "marking", "escorts", "consent"})
    EXPECT_EQ(corridor.find(hidden), std::string::npos) << hidden;
  EXPECT_TRUE(follows(to_json(convoy()), View::corridor, corridor));
}

TEST(FeatureAid, RefusalsNameWhere) {
  const auto changed = [](const std::string& from, const std::string& to) {
    return outcome(parse_feature(with(kConvoyText, from, to)));
  };
  EXPECT_EQ(changed("\"organisation\"", "\"organization\""), "feature_member_misspelt at /properties/organization");
  EXPECT_EQ(changed("\"consent\": true", "\"consent\": \"yes\""), "json_kind at /properties/consent");
  EXPECT_EQ(changed(", \"thermal\": false", ""), "json_member_missing at /properties/marking/thermal");
  EXPECT_EQ(changed("\"count\": 6", "\"count\": 6, \"armed\": true"),
            "json_member_unknown at /properties/composition/vehicles/0/armed");
  EXPECT_EQ(changed("\"name\": \"the mill\", ", ""), "json_member_missing at /properties/holding_points/0/name");
  EXPECT_EQ(changed("\"2026-03-10T10:20:00Z\"", "\"2026-03-10T09:20:00Z\""),
            "feature_windows at /properties/alternates/0/earliest/2");
  const std::string one = R"({"name": "b", "coordinates": [[42.0, 37.0], [42.1, 37.1]], "earliest": ["2026-03-10T09:00:00Z",
      "2026-03-10T10:00:00Z"], "latest": ["2026-03-10T09:00:00Z", "2026-03-10T10:00:00Z"]})";
  EXPECT_EQ(changed("\"alternates\": [", "\"alternates\": [" + one + ", " + one + ", "),
            "name_twice at /properties/alternates/1");
  std::string eight = with(one, "\"b\"", "\"n0\"");
  for (int i = 1; i < 8; ++i) eight += ", " + with(one, "\"b\"", "\"n" + std::to_string(i) + "\"");
  EXPECT_EQ(changed("\"alternates\": [", "\"alternates\": [" + eight + ", "), "json_length at /properties/alternates");
}

TEST(FeatureAid, AnAlternateThatMakesNoPlanIsNamed) {
  // Length without duration.
  auto wrong = convoy();
  for (auto& waypoint : wrong.alternates[0].route.waypoints) waypoint.window = {Instant::from_ms(0), Instant::from_ms(0)};
  const auto plans = compile_alternates(wrong);
  ASSERT_FALSE(plans);
  EXPECT_EQ(plans.error().rule, base::Rule::route_leg_without_duration);
  EXPECT_EQ(plans.error().where.rfind("/properties/alternates/0/coordinates", 0), 0U) << plans.error().where;
}

TEST(Holds, TripAndRefuse) {
  EXPECT_EQ(parse_suspended(to_json(Suspended{"Fire ahead.", "the mill"})).value(), (Suspended{"Fire ahead.", "the mill"}));
  EXPECT_EQ(parse_resumed(to_json(Resumed{})).value(), Resumed{});
  EXPECT_EQ(parse_queried(to_json(Queried{"Capt. R.", "How many?"})).value(), (Queried{"Capt. R.", "How many?"}));
  EXPECT_EQ(parse_query_answered(to_json(QueryAnswered{"A.", "Six."})).value(), (QueryAnswered{"A.", "Six."}));
  EXPECT_EQ(outcome(parse_suspended(R"({"reason": " "})")), "json_length at /reason");
  EXPECT_EQ(outcome(parse_resumed(R"({"reason": "x"})")), "json_member_unknown at /reason");
  EXPECT_EQ(outcome(parse_queried(R"({"person": "x"})")), "json_member_missing at /question");
  EXPECT_EQ(outcome(parse_query_answered(R"({"person": "x", "answer": "y", "agreed": true})")), "json_member_unknown at /agreed");
}

TEST(Reminders, DarkAsTheAlmanacHasIt) {
  // Civil twilight at Qamishli (37.05 N 41.22 E) on 10 March 2026: from about 03:02 to 15:15 UTC; a quarter of an hour either
  // way.
  const geo::Place here{412'200'000, 370'500'000};
  const auto at = [](const char* text) { return Instant::parse(text).value(); };
  EXPECT_TRUE(is_dark(here, at("2026-03-10T02:30:00.000Z")));
  EXPECT_FALSE(is_dark(here, at("2026-03-10T03:30:00.000Z")));
  EXPECT_FALSE(is_dark(here, at("2026-03-10T14:50:00.000Z")));
  EXPECT_TRUE(is_dark(here, at("2026-03-10T15:45:00.000Z")));
  // North of the circle: no night at midsummer, no day at midwinter.
  const geo::Place north{189'600'000, 696'500'000};
  EXPECT_FALSE(is_dark(north, at("2026-06-21T23:00:00.000Z")));
  EXPECT_TRUE(is_dark(north, at("2026-12-21T20:00:00.000Z")));
  // The other side of the world has its night at another time.
  EXPECT_TRUE(is_dark({-1'750'000'000, -370'000'000}, at("2026-03-10T10:00:00.000Z")));
}

TEST(Reminders, AConvoyByNightIsAskedForItsMarking) {
  auto by_day = convoy();
  EXPECT_TRUE(reminders_of(by_day).empty());
  auto by_night = parse_feature(with(kConvoyText, "\"2026-03-10T10:10:00Z\"", "\"2026-03-10T17:10:00Z\"")).value();
  EXPECT_EQ(reminders_of(by_night), std::vector<Reminder>{Reminder::night_marking});
  by_night.marking = Marking{true, false, true};
  EXPECT_TRUE(reminders_of(by_night).empty());
  by_night.marking.reset();
  EXPECT_FALSE(reminders_of(by_night).empty());  // it is filed for an organisation
  by_night.organisation.clear();
  EXPECT_TRUE(reminders_of(by_night).empty());  // armoured columns are not asked
}

}  // namespace
}  // namespace wideberth::model
