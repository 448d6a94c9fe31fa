// links: base json geo ledger model conflict core store engine http api net client cli
// A sheet never prints what its reader may not see: random logs, every reader, beside what core::may_read_part says.
#include <gtest/gtest.h>

#include <random>

#include "api/testing.h"
#include "cli/sheet_text.h"
#include "core/disclosure.h"
#include "geo/text.h"

namespace wideberth::api {
namespace {

using namespace testing;

/// A revision as it was filed, with words in it that stand nowhere else.
struct Planted {
  EntryIndex entry{}, opened{};
  std::vector<std::string> of_full;  ///< words that the full part alone has
  geo::Place from{};
  bool is_latest = true;
};

class RandomLog : public Harness {
 public:
  explicit RandomLog(std::uint32_t seed, const std::vector<std::string>& without_key = {}) : Harness(without_key), chance_(seed) {
    for (const char* party : kReaders)
      if (world_.state.has_key(party)) tokens_[party] = login(std::string(party) + "/ops");
    const model::View views[] = {model::View::full, model::View::corridor, model::View::outline, model::View::conflict_only};
    core::testing::Terms terms;
    terms.blue_to_red = views[below(4)];
    terms.red_to_blue = views[below(4)];
    terms.with_green = true;
    agreement_ = world_.state.has_key("green") ? agree(terms) : agree_with_green_by_telephone(terms, views[below(4)]);
    for (int i = 0; i < 7; ++i) act();
  }

  void expect_that_no_sheet_says_too_much() {
    for (const char* reader : kReaders)
      for (const std::uint64_t as_of : {size() - 1, size() - 1 - below(8)}) expect_of(reader, as_of);
  }
  /// Green has no key: a sheet for it holds what green may see and who prints it may too, and what blue notified to it is on it.
  void expect_of_green_by(const std::string& printer) {
    const Body told = read("/v1/movements", tokens_.at(printer), {{"standing", "standing"}, {"for", "green"}});
    const base::Instant day = core::testing::at("2020-08-26T00:00:00Z");
    const auto sheet =
        cli::sheet_of(told.value(), {"2020-08-26", {day, day + core::testing::hours(24)}, "green", "log", day, printer});
    ASSERT_TRUE(sheet) << base::to_text(sheet.error());
    EXPECT_NE(sheet->find("For green, which has no key, printed by " + printer + "."), std::string::npos);
    engine_->view([&](const core::State& state) {
      for (const Planted& each : planted_) {
        const auto gets = [&](const std::string& reader, const char* part) {
          return core::may_read_part(state, each.entry, part, reader);
        };
        const auto both = [&](const char* part) { return gets("green", part) && (gets(printer, part) || gets(printer, "full")); };
        const auto on_it = [&](const std::string& words) { return sheet->find(words) != std::string::npos; };
        for (const std::string& word : each.of_full) EXPECT_FALSE(on_it(word) && !both("full")) << word << "\n" << *sheet;
        EXPECT_FALSE(on_it(geo::to_dd(each.from)) && !both("full") && !both("corridor")) << *sheet;
        hidden_ += both("full") ? 0U : 1U;
        const bool notified = each.is_latest && state.notification_at(each.entry)->party == printer;
        if (!notified || !core::may_read(state, each.entry, "green")) continue;
        EXPECT_TRUE(on_it(base::id_of(base::IdKind::movement, each.opened))) << *sheet;
        EXPECT_EQ(on_it(each.of_full.front()), gets("green", "full")) << *sheet;
        ++shown_;
      }
    });
  }
  void expect_that_nobody_else_is_read_for() {
    for (const char* reader : {"mission", "blue", "red"}) {
      for (const char* of : {"red", "blue", "mission", "nobody"})
        EXPECT_EQ(get("/v1/movements", tokens_.at(reader), {{"for", of}}).status, 422) << reader << " for " << of;
    }
    EXPECT_EQ(get("/v1/movements", tokens_.at("mission"), {{"for", "green"}}).status, 422) << "an observer relays for nobody";
  }
  static constexpr std::array<const char*, 4> kReaders = {"blue", "red", "green", "mission"};

 private:
  std::uint32_t below(std::uint32_t most) { return std::uniform_int_distribution<std::uint32_t>(0, most - 1)(chance_); }

  /// Blue and red notify to green, which has no key, in this view.
  std::string agree_with_green_by_telephone(const core::testing::Terms& terms, model::View view) {
    model::Agreement text = core::testing::agreement_of(terms);
    text.rules.push_back({"70", "An invented sentence.", model::DisclosureRule{"*", "green", view}});
    Note proposal{model::EntryKind::agreement_proposed, "blue/ops", model::to_json(text), {"red", "mission", "green"}};
    const std::string id = base::id_of(base::IdKind::agreement, file(proposal));
    file(world().signature(id, "red"));
    file(green_agrees(id));
    return id;
  }

  /// A new notification, an amendment of one, or its end.
  void act() {
    const std::uint32_t what = below(10);
    if (what < 6 || planted_.empty()) return plant(std::nullopt);
    const std::size_t at = below(static_cast<std::uint32_t>(planted_.size()));
    if (!planted_[at].is_latest) return;
    if (what < 9) return plant(at);
    planted_[at].is_latest = false;
    file(world().act(model::EntryKind::notification_withdrawn, party_of(planted_[at].entry), planted_[at].entry,
                     model::Withdrawn{"invented"}));
  }

  void plant(std::optional<std::size_t> amended) {
    Drive drive;
    drive.party = amended ? party_of(planted_[*amended].entry) : kReaders[below(world_.state.has_key("green") ? 3 : 2)];
    const auto step = static_cast<std::int32_t>(below(1'000'000));
    drive.from = {420'000'000 + step, 374'000'000 + static_cast<std::int32_t>(below(900'000))};
    drive.to = {423'000'000 + step, 374'500'000};
    model::Notification said = core::testing::notification_of(drive, agreement_);
    Planted planted;
    planted.from = drive.from;
    const auto word = [&](const char* of) {
      planted.of_full.push_back(std::string(of) + std::to_string(words_++) + "x");
      return planted.of_full.back();
    };
    said.purpose = word("purpose"), said.focal_point = word("call"), said.organisation = word("body"), said.unit = word("unit");
    said.consent = true;
    said.composition.vehicles = {{word("lorry"), 3}};
    if (amended) said.reason = word("reason");
    Note note = world().filing(said, agreement_);
    if (amended) {
      note.kind = model::EntryKind::notification_amended;
      note.refs = {planted_[*amended].entry};
      planted_[*amended].is_latest = false;
    }
    planted.entry = file(note);
    planted.opened = amended ? planted_[*amended].opened : planted.entry;
    planted_.push_back(std::move(planted));
  }

  std::string party_of(EntryIndex entry) {
    std::string party;
    engine_->view([&](const core::State& state) { party = state.notification_at(entry)->party; });
    return party;
  }

  void expect_of(const std::string& reader, std::uint64_t as_of) {
    const Body told = read("/v1/movements", tokens_.at(reader), {{"standing", "standing"}, {"as-of", std::to_string(as_of)}});
    const base::Instant day = core::testing::at("2020-08-26T00:00:00Z");
    const auto sheet = cli::sheet_of(told.value(), {"2020-08-26", {day, day + core::testing::hours(24)}, reader, "log", day});
    ASSERT_TRUE(sheet) << base::to_text(sheet.error());
    engine_->view([&](const core::State& state) {
      for (const Planted& each : planted_) {
        const bool full = core::may_read_part(state, each.entry, "full", reader);
        const bool places = full || core::may_read_part(state, each.entry, "corridor", reader);
        const auto on_it = [&](const std::string& words) { return sheet->find(words) != std::string::npos; };
        const bool is_then = each.entry.value <= as_of;
        for (const std::string& word : each.of_full)
          EXPECT_FALSE(on_it(word) && !(full && is_then)) << reader << " as of " << as_of << " reads " << word << "\n" << *sheet;
        const std::string place = geo::to_dd(each.from);
        EXPECT_FALSE(on_it(place) && !(places && is_then)) << reader << " as of " << as_of << "\n" << *sheet;
        const std::string id = base::id_of(base::IdKind::movement, each.opened);
        EXPECT_FALSE(on_it(id) && !core::may_read(state, each.opened, reader)) << reader << "\n" << *sheet;
        shown_ += full && is_then ? 1 : 0;
        hidden_ += full ? 0 : 1;
        if (!each.is_latest || as_of + 1 != state.next().value || !core::may_read(state, each.entry, reader)) continue;
        EXPECT_TRUE(on_it(id)) << reader << "\n" << *sheet;
        EXPECT_EQ(on_it(each.of_full.front()), full) << reader << "\n" << *sheet;
        EXPECT_EQ(on_it(place), places) << reader << "\n" << *sheet;
      }
    });
  }

 public:
  std::size_t shown_ = 0, hidden_ = 0;

 private:
  std::mt19937 chance_;
  std::string agreement_;
  std::map<std::string, std::string> tokens_;
  std::vector<Planted> planted_;
  std::size_t words_ = 0;
};

TEST(SheetLaws, NoReaderFindsOnItWhatDisclosureWithholds) {
  std::size_t shown = 0, hidden = 0;
  for (std::uint32_t seed = 1; seed <= 16; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomLog log(seed);
    log.expect_that_no_sheet_says_too_much();
    shown += log.shown_;
    hidden += log.hidden_;
  }
  EXPECT_GT(shown, 100U);
  EXPECT_GT(hidden, 100U);
}

TEST(SheetLaws, ASheetForAPartyWithoutAKeyHoldsWhatBothMaySee) {
  std::size_t shown = 0, hidden = 0;
  for (std::uint32_t seed = 1; seed <= 16; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    RandomLog log(seed, {"green"});
    for (const char* printer : {"blue", "red"}) log.expect_of_green_by(printer);
    log.expect_that_nobody_else_is_read_for();
    shown += log.shown_;
    hidden += log.hidden_;
  }
  EXPECT_GT(shown, 20U);
  EXPECT_GT(hidden, 20U);
}

}  // namespace
}  // namespace wideberth::api
