// Documents of a direct log. All data is invented.
#include "model/crossed.h"

#include <gtest/gtest.h>

#include "model/opening.h"
#include "model/outline.h"
#include "model/testing.h"

namespace wideberth::model {
namespace {

using testing::outcome;

ledger::VerifierKey verifier_of(const std::string& name) {
  return ledger::SigningKey::from_seed(name, ledger::sha256(name).view()).value().verifier();
}

TEST(DirectDocuments, TheOpeningNamesItsKeeperAndTheOtherLogs) {
  Opening opening;
  opening.origin = "blue.example/log";
  opening.server = verifier_of(opening.origin);
  opening.operator_name = "Blue (invented)";
  opening.parties = {{{"blue", Role::party, "Blue"}, verifier_of("blue/root")},
                     {{"mission", Role::observer, "Mission"}, verifier_of("mission/root")}};
  EXPECT_EQ(to_json(opening).find("direct"), std::string::npos) << "a mediated log's bytes are what they were";
  opening.direct = DirectLog{"blue", {verifier_of("red.example/log")}};
  EXPECT_EQ(parse_opening(to_json(opening)).value(), opening);
  Opening other = opening;
  other.direct->keeper = "mission";
  EXPECT_EQ(outcome(parse_opening(to_json(other))), "opening_keeper at /direct");
  other.direct->keeper = "green";
  EXPECT_EQ(outcome(parse_opening(to_json(other))), "opening_keeper at /direct");
  other = opening;
  other.direct->others.push_back(verifier_of("red.example/log"));
  EXPECT_EQ(outcome(parse_opening(to_json(other))), "name_twice at /direct/others/1");
  other.direct->others = {opening.server};
  EXPECT_EQ(outcome(parse_opening(to_json(other))), "name_twice at /direct/others/0");
  other.direct->others.clear();
  EXPECT_EQ(outcome(parse_opening(to_json(other))), "json_length at /direct/others");
}

const char* const kOutline =
    R"({"type":"Feature","geometry":null,"properties":{"party":"red","subject":"movement","cell_deg":0.1,"slot_s":3600,"cells":)";

TEST(DirectDocuments, AnOutlineIsCellsInOrderOnItsGrid) {
  const auto read = [](const std::string& cells) { return outcome(parse_outline(kOutline + cells + "}}")); };
  const std::string one = R"([42.1,37.4,"2020-08-26T06:00:00Z"])", two = R"([42.2,37.4,"2020-08-26T06:00:00Z"])";
  EXPECT_EQ(read("[" + one + "," + two + "]"), "accepted");
  const auto outline = parse_outline(kOutline + ("[" + one + "," + two + "]}}")).value();
  EXPECT_EQ(parse_outline(to_json(outline)).value(), outline);
  EXPECT_EQ(window_of(outline).to - window_of(outline).from, Millis::from_seconds(3600));
  EXPECT_EQ(read("[" + two + "," + one + "]"), "outline_cell at /properties/cells/1");
  EXPECT_EQ(read("[" + one + "," + one + "]"), "outline_cell at /properties/cells/1");
  EXPECT_EQ(read(R"([[42.15,37.4,"2020-08-26T06:00:00Z"]])"), "outline_cell at /properties/cells/0");
  EXPECT_EQ(read(R"([[42.1,37.4,"2020-08-26T06:30:00Z"]])"), "outline_cell at /properties/cells/0");
  EXPECT_EQ(read("[]"), "json_length at /properties/cells");
  std::string shape = to_json(outline);
  shape.replace(shape.find("null"), 4, R"({"type":"Point","coordinates":[42.1,37.4]})");
  EXPECT_EQ(outcome(parse_outline(shape)), "outline_cell at /geometry");
}

TEST(DirectDocuments, CrossedEntriesAndDisputesTrip) {
  Crossed crossed{"red.example/log", EntryIndex{7}, "received\nnote", "receipt\n", Continuation{3, {ledger::sha256("x")}}};
  EXPECT_EQ(parse_crossed(to_json(crossed)).value(), crossed);
  crossed.continues.reset();
  EXPECT_EQ(parse_crossed(to_json(crossed)).value(), crossed);
  crossed.origin = "no name";
  EXPECT_FALSE(parse_crossed(to_json(crossed)));
  for (const Dispute each : {Dispute::other_root, Dispute::other_entry, Dispute::no_continuation}) {
    const CrossedDisputed said{"red.example/log", each, 9, ledger::sha256("a"), EntryIndex{4}, 8, ledger::sha256("b")};
    EXPECT_EQ(parse_crossed_disputed(to_json(said)).value(), said);
  }
}

}  // namespace
}  // namespace wideberth::model
