#include <gtest/gtest.h>

#include <functional>
#include <map>

#include "base/bytes.h"
#include "json/value.h"
#include "model/feature_text.h"
#include "model/model.h"
#include "model/rules_text.h"
#include "model/testing.h"

namespace wideberth::model {
namespace {

std::string doc_page(const std::string& name) { return testing::data_file("../../docs/" + name); }

/// The first block of JSON after a heading.
std::string example_of(const std::string& page, const std::string& heading) {
  const auto at = page.find("\n" + heading + "\n");
  if (at == std::string::npos) return "no heading " + heading;
  const auto from = page.find('\n', page.find("\n```", at) + 1) + 1;
  return page.substr(from, page.find("\n```", from) - from);
}

template <class Parse>
std::function<std::string(std::string_view)> reads(Parse parse) {
  return [parse](std::string_view text) {
    const auto found = parse(text);
    return found ? std::string("accepted") : base::to_text(found.error());
  };
}

using ParseFeatureText = Result<Notification> (*)(std::string_view);

TEST(Docs, EveryKindHasAnExampleThatIsRead) {
  const auto feature = reads(static_cast<ParseFeatureText>(parse_feature));
  const auto positions = [](std::string_view hex) {
    std::string bytes = base::from_hex(hex).value_or("");
    bytes.resize(position_class(bytes.size()), '\0');
    return reads(parse_positions)(bytes);
  };
  const std::map<EntryKind, std::function<std::string(std::string_view)>> readers = {
      {EntryKind::log_opened, reads(parse_opening)},
      {EntryKind::key_added, reads(parse_key_added)},
      {EntryKind::key_revoked, reads(parse_key_revoked)},
      {EntryKind::key_compromised, reads(parse_key_compromised)},
      {EntryKind::agreement_proposed, reads(parse_agreement)},
      {EntryKind::agreement_signed, reads(parse_agreement_signed)},
      {EntryKind::agreement_reading, reads(parse_agreement_reading)},
      {EntryKind::notification_filed, feature},
      {EntryKind::notification_amended, feature},
      {EntryKind::notification_withdrawn, reads(parse_withdrawn)},
      {EntryKind::notification_received, reads(parse_received)},
      {EntryKind::notification_acknowledged, reads(parse_acknowledged)},
      {EntryKind::notification_objected, reads(parse_objected)},
      {EntryKind::notification_answered, reads(parse_answered)},
      {EntryKind::notification_unit_informed, reads(parse_unit_informed)},
      {EntryKind::notification_completed, reads(parse_completed)},
      {EntryKind::notification_outcome, reads(parse_outcome)},
      {EntryKind::positions_reported, positions},
      {EntryKind::alert_acknowledged, reads(parse_alert_acknowledged)},
      {EntryKind::alert_snoozed, reads(parse_alert_snoozed)},
      {EntryKind::notification_suspended, reads(parse_suspended)},
      {EntryKind::notification_resumed, reads(parse_resumed)},
      {EntryKind::notification_queried, reads(parse_queried)},
      {EntryKind::notification_query_answered, reads(parse_query_answered)},
      {EntryKind::unit_described, reads(parse_unit_described)},
      {EntryKind::conformance_changed, reads(parse_conformance_changed)},
      {EntryKind::encounter_opened, reads(parse_encounter_opened)},
      {EntryKind::encounter_closed, reads(parse_encounter_closed)},
      {EntryKind::agreement_withdrawn, reads(parse_agreement_withdrawn)},
      {EntryKind::caution_joined, reads(parse_caution_said)},
      {EntryKind::caution_left, reads(parse_caution_said)},
      {EntryKind::consultation_held, reads(parse_consultation_held)},
      {EntryKind::incident_reported, reads(parse_incident_reported)},
      {EntryKind::rule_touched, reads(parse_rule_touched)},
      {EntryKind::reading_differs, reads(parse_reading_differs)},
      {EntryKind::sender_warned, reads(parse_sender_warned)},
      {EntryKind::agreement_left, reads(parse_agreement_left)},
      {EntryKind::message_sent, reads(parse_message_sent)},
      {EntryKind::message_seen, reads(parse_message_seen)},
      {EntryKind::message_answered, reads(parse_message_answered)},
      {EntryKind::hotline_checked_in, reads(parse_checked_in)},
      {EntryKind::call_logged, reads(parse_call_logged)},
      {EntryKind::call_confirmed, reads(parse_call_confirmed)},
      {EntryKind::call_disputed, reads(parse_call_disputed)},
      {EntryKind::phrases_reviewed, reads(parse_phrases_reviewed)},
      {EntryKind::statement_relayed, reads(parse_statement_relayed)},
      {EntryKind::sighting_reported, reads(parse_sighting_reported)},
      {EntryKind::sighting_answered, reads(parse_sighting_answered)},
      {EntryKind::watch_handed_over, reads(parse_watch_handed_over)},
      {EntryKind::alert_raised, reads(parse_alert_raised)},
      {EntryKind::alert_closed, reads(parse_alert_closed)},
      {EntryKind::notification_delivered, reads(parse_delivered)},
      {EntryKind::notification_expired, reads(parse_expired)},
      {EntryKind::conflict_found, reads(parse_conflict_found)},
      {EntryKind::deadline_missed, reads(parse_deadline_missed)},
      {EntryKind::deadline_channel_down, reads(parse_deadline_channel_down)},
      {EntryKind::channel_down, reads(parse_channel_down)},
      {EntryKind::clock_stepped, reads(parse_clock_stepped)},
      {EntryKind::seen_disputed, reads(parse_seen_disputed)},
      {EntryKind::note_refused, reads(parse_note_refused)},
      {EntryKind::rules_changed, reads(parse_rules_changed)},
      {EntryKind::entry_crossed, reads(parse_crossed)},
      {EntryKind::crossed_disputed, reads(parse_crossed_disputed)},
  };
  const std::string page = doc_page("entries.md");
  for (const auto& row : kinds()) {
    ASSERT_TRUE(readers.contains(row.kind)) << row.name;
    const auto text = example_of(page, "### " + std::string(row.name));
    EXPECT_EQ(readers.at(row.kind)(text), "accepted") << row.name << ": " << text;
    EXPECT_NE(page.find("### " + std::string(row.name) + "\nSigned by: " + std::string(name_of(row.signs)) + "."),
              std::string::npos)
        << row.name;
  }
}

TEST(Docs, TheMovementFormatsExamplesAreReadAndItsTableIsWhole) {
  const std::string page = doc_page("movement-format.md");
  for (const auto* from : {"## A worked example",
                           "An activity is a Polygon (holes as in RFC 7946) or a Point with `radius_m`, with single times:"}) {
    const auto at = page.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    const auto begin = page.find("```json\n", at) + 8;
    const auto found = parse_feature(page.substr(begin, page.find("\n```", begin) - begin));
    EXPECT_TRUE(found && compile(*found)) << from;
  }
  for (const auto property : kFeatureProperties)
    EXPECT_NE(page.find("`" + std::string(property) + "`"), std::string::npos) << property;
}

}  // namespace
}  // namespace wideberth::model
