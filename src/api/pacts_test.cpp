// Agreements in force as readers see them over HTTP: withdrawals, special caution, consultations, reports, confidential texts,
// and the findings by their rules. All data is invented.
#include <gtest/gtest.h>

#include "api/testing.h"

namespace wideberth::api {
namespace {

using namespace testing;

class PactsTest : public ::testing::Test, protected Harness {
 protected:
  void SetUp() override {
    for (const char* party : {"blue", "red", "green", "mission"}) tokens_[party] = login(std::string(party) + "/ops");
  }
  Body as(const std::string& party, const std::string& path, http::Fields query = {}) {
    return read(path, tokens_.at(party), std::move(query));
  }
  /// An agreement of blue and red with these rules besides: clauses x1, x2 …
  void agree_with(const std::vector<model::RuleBody>& rules) {
    model::Agreement terms = core::testing::agreement_of({});
    for (const model::RuleBody& body : rules)
      terms.rules.push_back({"x" + std::to_string(terms.rules.size() - 7), "An invented sentence.", body});
    proposed_ = file({model::EntryKind::agreement_proposed, "blue/ops", model::to_json(terms), {"red", "mission"}});
    id_ = base::id_of(base::IdKind::agreement, proposed_);
    file(world().signature(id_, "red"));
  }
  template <class Act>
  EntryIndex say(model::EntryKind kind, const std::string& party, const Act& act, std::vector<EntryIndex> further = {}) {
    Note note{kind, party + "/ops", model::to_json(act)};
    note.refs = {proposed_};
    note.refs.insert(note.refs.end(), further.begin(), further.end());
    return file(note);
  }
  Body agreement_as(const std::string& party) { return as(party, "/v1/agreements/" + id_); }

  std::map<std::string, std::string> tokens_;
  std::string id_;
  EntryIndex proposed_{};
};

const model::SpecialCautionAreaRule kCaution{
    "north", {core::testing::at("2020-08-26T00:00:00Z"), core::testing::at("2020-08-27T00:00:00Z")}, "Walking pace."};

TEST_F(PactsTest, UntilWhenPartsAreKeptIsToldFromTheLatestWindow) {
  agree_with({model::RetentionRule{core::testing::hours(48)}});
  const EntryIndex filed = drive(Drive{}, id_);
  const std::string path = "/v1/movements/" + base::id_of(base::IdKind::movement, filed);
  for (const char* party : {"blue", "red", "mission"}) {
    const Body seen = as(party, path);
    const auto end = base::Instant::parse(seen["revisions"][0]["window"][1].text());
    EXPECT_EQ(seen["kept_until"].text(), base::to_text(*end + core::testing::hours(48))) << party;
  }
}

TEST_F(PactsTest, FindingsAreToldToThoseWhoseTheyAre) {
  agree_with({model::ExclusionRule{"north", "vehicle", false}});
  say(model::EntryKind::agreement_reading, "red",
      model::AgreementReading{"4", "So we read it.", false, model::SeparationMeans{base::Metres::from_metres(1500)}});
  const EntryIndex filed = drive(Drive{}, id_);
  Drive red;
  red.party = "red";
  red.from.lat_e7 += 110'000;
  red.to.lat_e7 += 110'000;
  drive(red, id_);
  for (const char* party : {"blue", "red", "mission"}) {
    const Body found = as(party, "/v1/findings")["findings"];
    ASSERT_EQ(found.size(), 3u) << party << ": two exclusions and a reading";
    EXPECT_EQ(found[0]["kind"].text(), "rule.touched");
    EXPECT_EQ(found[0]["found"]["clause"].text(), "x1");
    EXPECT_TRUE(found[0]["current"].boolean());
    EXPECT_EQ(found[2]["kind"].text(), "reading.differs");
    EXPECT_EQ(found[2]["found"]["under"][1]["of"].text(), "red");
  }
  EXPECT_EQ(as("green", "/v1/findings")["findings"].size(), 0u);
  const std::string id = base::id_of(base::IdKind::movement, filed);
  EXPECT_EQ(as("blue", "/v1/findings", {{"movement", id}})["findings"].size(), 2u);
  const Body page = as("blue", "/v1/findings", {{"count", "1"}});
  EXPECT_EQ(page["findings"].size(), 1u);
  EXPECT_EQ(as("blue", "/v1/findings", {{"after", page["next"].text()}})["findings"].size(), 2u);
  EXPECT_EQ(refused(get("/v1/findings", tokens_.at("blue"), {{"after", "x"}})), "400 number_malformed");
  file(world().withdrawal("blue", filed));
  EXPECT_FALSE(as("red", "/v1/findings")["findings"][0]["current"].boolean());
}

TEST_F(PactsTest, AConfidentialTextIsWithheldAndThatThereIsOneIsNot) {
  agree_with({model::ConfidentialRule{{}}});
  say(model::EntryKind::agreement_reading, "red", model::AgreementReading{"4", "So we read it.", false, {}});
  const Body red = agreement_as("red");
  EXPECT_EQ(red["agreement"]["name"].text(), "Invented protocol");
  EXPECT_EQ(red["readings"][0]["reading"]["reading"].text(), "So we read it.");
  const Body mission = agreement_as("mission");
  EXPECT_TRUE(mission["agreement"].null());
  EXPECT_TRUE(mission["readings"][0]["reading"].null());
  EXPECT_EQ(mission["readings"][0]["party"].text(), "red");
  EXPECT_FALSE(mission["in_force"].null());
  const auto entry = get("/v1/entries/" + std::to_string(proposed_.value), tokens_.at("mission"));
  EXPECT_EQ(entry.status, 200);
  EXPECT_EQ(Body(entry.body)["parts"].size(), 0u);
  EXPECT_EQ(as("mission", "/v1/agreements")["agreements"].json().find("invented sentence"), std::string::npos);
}

TEST_F(PactsTest, CautionConsultationsAndReportsAreShown) {
  agree_with({kCaution, model::ConsultationEveryRule{core::testing::hours(48)},
              model::IncidentReportWithinRule{core::testing::hours(2)}});
  say(model::EntryKind::caution_joined, "blue", model::CautionSaid{"x1", "A"});
  EXPECT_FALSE(agreement_as("red")["caution"][0]["in_force"].boolean());
  say(model::EntryKind::caution_joined, "red", model::CautionSaid{"x1", "B"});
  EXPECT_TRUE(agreement_as("red")["caution"][0]["in_force"].boolean());
  EXPECT_EQ(agreement_as("red")["caution"][0]["joined"].size(), 2u);
  say(model::EntryKind::consultation_held, "blue", model::ConsultationHeld{clock_.now(), {"Col. B."}, ""});
  const EntryIndex report =
      say(model::EntryKind::incident_reported, "blue", model::IncidentReported{clock_.now(), "They touched.", "A", ""});
  const Body red = agreement_as("mission");
  EXPECT_EQ(red["consultations"][0]["said"]["participants"][0].text(), "Col. B.");
  EXPECT_EQ(red["reports"][0]["said"]["summary"].text(), "They touched.");
  for (const char* party : {"blue", "red", "mission"}) {
    const Body open = as(party, "/v1/deadlines")["open"];
    ASSERT_EQ(open.size(), 3u) << party << ": red's report, and a consultation of each";
    EXPECT_EQ(open[0]["kind"].text(), "incident_report");
    EXPECT_FALSE(open[0].has("notification"));
  }
  EXPECT_EQ(as("green", "/v1/deadlines")["open"].size(), 0u);
  say(model::EntryKind::incident_reported, "red", model::IncidentReported{clock_.now(), "They did not.", "V", ""}, {report});
  EXPECT_EQ(as("blue", "/v1/deadlines")["open"].size(), 2u);
  EXPECT_EQ(agreement_as("blue")["reports"][1]["answers"].number(), report.value);
}

TEST_F(PactsTest, AWithdrawalIsShownAndWhatItEndsCountsAgainstNobody) {
  agree_with({});
  drive(Drive{}, id_);
  say(model::EntryKind::agreement_withdrawn, "red",
      model::AgreementWithdrawn{"Invented.", clock_.now() + core::testing::hours(1)});
  EXPECT_TRUE(agreement_as("blue")["withdrawals"]["red"]["left"].null());
  EXPECT_EQ(as("blue", "/v1/deadlines")["open"].size(), 2u);
  clock_.move(core::testing::hours(2));
  // Whatever is filed next comes after what has fallen due.
  file({model::EntryKind::agreement_proposed, "blue/ops", model::to_json(core::testing::agreement_of({})), {"red", "mission"}});
  EXPECT_FALSE(agreement_as("blue")["withdrawals"]["red"]["left"].null());
  for (const char* party : {"blue", "red"}) {
    const Body deadlines = as(party, "/v1/deadlines");
    EXPECT_EQ(deadlines["open"].size(), 0u);
    ASSERT_EQ(deadlines["ended"].size(), 2u) << party;
    EXPECT_TRUE(deadlines["ended"][0]["withdrawn"].boolean());
  }
  EXPECT_EQ(as("green", "/v1/deadlines")["ended"].size(), 0u);
}

}  // namespace
}  // namespace wideberth::api
