// Places that were probably not meant, and what is said about them.
#include "core/coordinates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/testing.h"
#include "geo/text.h"

namespace wideberth::core {
namespace {

using namespace testing;  // NOLINT: the vocabulary of these tests

TEST(Coordinates, EachSlipIsAnsweredWithWhatWasProbablyMeant) {
  World world;
  const std::string id = world.agree();
  const geo::Place meant{422000000, 375000000};
  const auto refusal = [&](geo::Place written) {
    Drive drive;
    drive.to = written;
    const auto checked = check_coordinates(*world.state.agreement(id), notification_of(drive, id));
    return checked ? std::optional<Refusal>{} : std::optional(checked.error());
  };
  EXPECT_FALSE(refusal(meant));
  struct Slip {
    const char* name;
    geo::Place written;
    const char* said;
  };
  for (const Slip& slip :
       {Slip{"exchanged", {375000000, 422000000}, "latitude and longitude exchanged"},
        Slip{"west for east", {-422000000, 375000000}, "the other hemisphere, east or west"},
        Slip{"south for north", {422000000, -375000000}, "the other hemisphere, north or south"},
        Slip{"both", {-422000000, -375000000}, "the other hemisphere both ways"},
        Slip{"exchanged and west for east", {375000000, -422000000}, "exchanged and the sign of the longitude turned"},
        Slip{"exchanged and south for north", {-375000000, 422000000}, "exchanged and the sign of the latitude turned"}}) {
    SCOPED_TRACE(slip.name);
    const auto found = refusal(slip.written);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->rule, Rule::place_outside_area);
    EXPECT_EQ(found->where, "/geometry/coordinates/1");
    EXPECT_THAT(found->accepted, ::testing::HasSubstr(slip.said));
    EXPECT_THAT(found->accepted, ::testing::HasSubstr(geo::to_dd(meant)));
    EXPECT_THAT(found->found, ::testing::HasSubstr(geo::to_dd(slip.written)));
  }
  const auto nowhere = refusal({1000000000, -100000000});
  ASSERT_TRUE(nowhere);
  EXPECT_THAT(nowhere->accepted, ::testing::Not(::testing::HasSubstr("probably")));
  EXPECT_THAT(nowhere->accepted, ::testing::HasSubstr("50 km"));
}

TEST(Coordinates, TheMarginIsTheAgreements) {
  World world;
  const std::string id = world.agree();
  Drive drive;
  drive.to = {422000000, 380400000};  // 0.44 degrees, 48.8 km, north of the area
  EXPECT_TRUE(check_coordinates(*world.state.agreement(id), notification_of(drive, id)));
  drive.to.lat_e7 = 380600000;  // 51.1 km
  EXPECT_FALSE(check_coordinates(*world.state.agreement(id), notification_of(drive, id)));
}

TEST(Coordinates, ANameIsHeldAgainstTheGazetteer) {
  World world;
  const std::string id = world.agree();
  Drive drive;
  drive.to = {421400000, 372000000};  // 2.6 km north of Dayrik
  drive.names = {"", "DERIK"};
  EXPECT_TRUE(check_coordinates(*world.state.agreement(id), notification_of(drive, id)));
  drive.to.lat_e7 = 373000000;
  const auto checked = check_coordinates(*world.state.agreement(id), notification_of(drive, id));
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().rule, Rule::place_far_from_name);
  EXPECT_THAT(checked.error().found, ::testing::HasSubstr("13 km away at " + geo::to_dd({421400000, 371770000})));
  EXPECT_THAT(checked.error().accepted, ::testing::HasSubstr("within 5 km of Dayrik"));
  drive.names = {"", "a place that nobody knows"};
  EXPECT_TRUE(check_coordinates(*world.state.agreement(id), notification_of(drive, id)));
}

TEST(Coordinates, RequestGovernsWhatTouchesItsArea) {
  World world;
  const AgreementState& agreement = *world.state.agreement(world.agree());
  const auto regime = [&](const Drive& drive) {
    return regime_of(agreement, model::compile(notification_of(drive, agreement.id)).value());
  };
  Drive drive;
  EXPECT_EQ(regime(drive), model::Regime::notify);
  drive.to = {420000000, 372900000};  // ends inside
  EXPECT_EQ(regime(drive), model::Regime::request);
  drive.from = {417000000, 371500000};  // crosses it, both ends outside
  drive.to = {422000000, 371500000};
  EXPECT_EQ(regime(drive), model::Regime::request);
}

}  // namespace
}  // namespace wideberth::core
