// What an observer is told of an agreement whose text it may not see, over every route: none of its numbers. All of it invented.
#include <gtest/gtest.h>

#include <random>

#include "api/testing.h"
#include "base/bytes.h"

namespace wideberth::api {
namespace {

using namespace testing;

/// Blue and red under an agreement with numbers that stand nowhere else; conflicts, questions, calls, check-ins, misses.
class SecretTerms : public Harness {
 public:
  SecretTerms(std::uint32_t seed, bool named) : chance_(seed) {
    for (const char* party : {"blue", "red", "mission"}) tokens_[party] = login(std::string(party) + "/ops");
    core::testing::Terms given;
    given.within = seconds(4 * 3600 + odd());
    given.informed_before = seconds(3600 + odd());
    model::Agreement terms = core::testing::agreement_of(given);
    separation_ = 1000 + odd();
    for (model::Rule& rule : terms.rules)
      if (auto* owed = std::get_if<model::SeparationRule>(&rule.body)) owed->distance = base::Metres::from_metres(separation_);
    const auto add = [&](model::RuleBody body) {
      terms.rules.push_back({"x" + std::to_string(terms.rules.size()), "An invented sentence.", std::move(body)});
    };
    model::ConfidentialRule confidential;
    if (named) confidential.may_see = {"mission"};
    add(confidential);
    add(model::ConsultationEveryRule{seconds(2 * 86'400 + odd())});
    add(model::RetentionRule{seconds(30 * 86'400 + odd())});
    add(model::CheckInRule{{core::testing::hours(9), core::testing::hours(17)}, seconds(1800 + odd())});
    proposed_ = file({model::EntryKind::agreement_proposed, "blue/ops", model::to_json(terms), {"red", "mission"}});
    id_ = base::id_of(base::IdKind::agreement, proposed_);
    file(world().signature(id_, "red"));
  }

  void live_through_two_days() {
    Drive blue, red;
    blue.start = red.start = blue.start + seconds(odd());
    red.party = "red";
    red.from.lat_e7 += 40'000;
    red.to.lat_e7 += 40'000;
    const EntryIndex first = drive(blue, id_);
    drive(red, id_);
    file(world().act(model::EntryKind::notification_queried, "red", first, model::Queried{"R.", "Why?"}));
    say(model::EntryKind::message_sent, model::MessageSent{model::MessageClass::query, "Yours?", "Maj. A.", "", "", {}, {}});
    say(model::EntryKind::call_logged, model::CallLogged{"Maj. A.", "Cpt. B.", "", "We spoke.", ""}, clock_.now());
    remember();
    clock_.move(seconds(5 * 3600 + odd()));
    say(model::EntryKind::message_sent, model::MessageSent{model::MessageClass::hold, "Halt.", "Maj. A.", "", "", {}, {}});
    remember();
    clock_.move(seconds(30 * 3600 + odd()));
    say(model::EntryKind::hotline_checked_in, model::CheckedIn{"Maj. A.", "", ""});
    remember();
  }

  /// Everything that the server tells this party: each route that is read, each entry, each part of it.
  std::string told(const std::string& party) {
    std::string all;
    const Body paths = Body(get("/openapi.json").body)["paths"];
    for (const auto& [path, operations] : paths.value().object()) {
      if (path == "/v1/events" || path.find('{') != std::string::npos) continue;  // events name entries, and hold no part
      for (const char* count : {"1", "1000"}) all += pages(path, party, count);
    }
    std::vector<std::string> single{"/v1/agreements/" + id_};
    engine_->view([&](const core::State& state) {
      for (const auto& [id, each] : state.notifications) single.push_back("/v1/movements/" + id);
    });
    for (const std::string& path : single) all += get(path, tokens_.at(party)).body + "\n";
    for (std::uint64_t i = 0; i < size(); ++i) {
      const http::Response response = get("/v1/entries/" + std::to_string(i), tokens_.at(party));
      if (response.status != 200) continue;
      const Body entry(response.body);
      for (std::size_t part = 0; part < entry["parts"].size(); ++part)
        all += base::from_base64(entry["parts"][part]["bytes"].text()).value() + "\n";
    }
    return all;
  }

  const std::set<std::string>& secrets() const { return secrets_; }
  std::size_t deadlines_seen() const { return deadlines_; }

 private:
  static base::Millis seconds(std::int64_t n) { return base::Millis::from_seconds(n); }
  std::int64_t odd() { return std::uniform_int_distribution<std::int64_t>(101, 899)(chance_); }

  template <class Said>
  void say(model::EntryKind kind, const Said& said, std::optional<Instant> occurred = {}) {
    Note note{kind, "blue/ops", model::to_json(said), {"red"}, {proposed_}};
    note.occurred = occurred;
    file(note);
  }

  std::string pages(const std::string& path, const std::string& party, const std::string& count) {
    std::string all;
    for (std::string after; all.size() < (std::size_t{8} << 20);) {
      http::Fields query;
      if (count == "1") query.emplace_back("count", count);
      if (!after.empty()) query.emplace_back("after", after);
      const http::Response response = get(path, tokens_.at(party), query);
      all += path + " " + response.body + "\n";
      if (response.status != 200 || count != "1" || response.body.front() != '{') return all;
      const json::Value document = json::parse(response.body, {std::size_t{64} << 20, 64}).value();
      const auto next = json::Reader(document).find("next");
      if (!next || next->value().kind() != json::Value::Kind::string) return all;
      after = next->value().string();
    }
    return all;
  }

  /// What follows from the numbers as they stand now.
  void remember() {
    secrets_.insert("\"separation_m\":" + std::to_string(separation_));
    secrets_.insert("\"regime\":\"notify\"");
    engine_->view([&](const core::State& state) {
      const auto due = [&](const model::Deadline& each) {
        ++deadlines_;
        secrets_.insert(base::to_short_text(each.due).substr(0, 19));
      };
      for (const auto* list : {&state.deadlines, &state.pacts.dates})
        for (const auto& [key, each] : *list) due(each);
      for (const core::EndedDeadline& each : state.ended_deadlines) due(each.deadline);
    });
  }

  std::mt19937 chance_;
  std::int64_t separation_ = 0;
  std::map<std::string, std::string> tokens_;
  std::string id_;
  EntryIndex proposed_{};
  std::set<std::string> secrets_;
  std::size_t deadlines_ = 0;
};

TEST(ConfidentialLaws, NoRouteTellsANumberOfATextThatItsReaderMayNotSee) {
  for (std::uint32_t seed = 1; seed <= 6; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    SecretTerms hidden(seed, false);
    hidden.live_through_two_days();
    ASSERT_GT(hidden.deadlines_seen(), 10u);
    const std::string mission = hidden.told("mission"), blue = hidden.told("blue");
    EXPECT_NE(mission.find("\"cited\""), std::string::npos) << "that there is a conflict, and by which clause, is told";
    EXPECT_NE(mission.find("\"due\":null"), std::string::npos) << "that something is owed is told";
    for (const std::string& secret : hidden.secrets()) {
      EXPECT_EQ(mission.find(secret), std::string::npos)
          << secret << " in " << mission.substr(mission.rfind('\n', mission.find(secret)) + 1, 300);
      EXPECT_NE(blue.find(secret), std::string::npos) << secret;
    }
  }
  SecretTerms shown(1, true);
  shown.live_through_two_days();
  const std::string mission = shown.told("mission");
  for (const std::string& secret : shown.secrets()) EXPECT_NE(mission.find(secret), std::string::npos) << secret;
}

}  // namespace
}  // namespace wideberth::api
