// links: model
// Any text as each of the small documents and findings: what is accepted is written and read back, to the same bytes.
#include <cstddef>
#include <cstdint>

#include "base/check.h"
#include "model/acts.h"
#include "model/agreement.h"
#include "model/alerts.h"
#include "model/conflict.h"
#include "model/conformance.h"
#include "model/crossed.h"
#include "model/encounters.h"
#include "model/findings.h"
#include "model/holds.h"
#include "model/hotline.h"
#include "model/outline.h"
#include "model/pact.h"
#include "model/pact_findings.h"
#include "model/paper.h"
#include "model/presence.h"
#include "model/sightings.h"
#include "model/units.h"

namespace {

template <class Parse>
void trip(Parse parse, std::string_view text) {
  using namespace wideberth;
  const auto found = parse(text);
  if (!found) {
    WB_CHECK(!base::to_text(found.error()).empty());
    return;
  }
  const std::string written = model::to_json(*found);
  const auto again = parse(written);
  WB_CHECK(again.has_value());
  WB_CHECK(model::to_json(*again) == written);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wideberth;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  trip(model::parse_received, text);
  trip(model::parse_acknowledged, text);
  trip(model::parse_objected, text);
  trip(model::parse_answered, text);
  trip(model::parse_unit_informed, text);
  trip(model::parse_withdrawn, text);
  trip(model::parse_completed, text);
  trip(model::parse_outcome, text);
  trip(model::parse_suspended, text);
  trip(model::parse_resumed, text);
  trip(model::parse_queried, text);
  trip(model::parse_query_answered, text);
  trip(model::parse_delivered, text);
  trip(model::parse_deadline_missed, text);
  trip(model::parse_deadline_channel_down, text);
  trip(model::parse_channel_down, text);
  trip(model::parse_clock_stepped, text);
  trip(model::parse_seen_disputed, text);
  trip(model::parse_note_refused, text);
  trip(model::parse_expired, text);
  trip(model::parse_rules_changed, text);
  trip(model::parse_conflict_found, text);
  trip(model::parse_alert_raised, text);
  trip(model::parse_alert_closed, text);
  trip(model::parse_alert_acknowledged, text);
  trip(model::parse_alert_snoozed, text);
  trip(model::parse_crossed, text);
  trip(model::parse_crossed_disputed, text);
  trip(model::parse_outline, text);
  trip(model::parse_unit_described, text);
  trip(model::parse_conformance_changed, text);
  trip(model::parse_encounter_opened, text);
  trip(model::parse_encounter_closed, text);
  trip(model::parse_agreement_withdrawn, text);
  trip(model::parse_caution_said, text);
  trip(model::parse_consultation_held, text);
  trip(model::parse_incident_reported, text);
  trip(model::parse_rule_touched, text);
  trip(model::parse_reading_differs, text);
  trip(model::parse_sender_warned, text);
  trip(model::parse_agreement_left, text);
  trip(model::parse_agreement_reading, text);
  trip(model::parse_message_sent, text);
  trip(model::parse_message_seen, text);
  trip(model::parse_message_answered, text);
  trip(model::parse_checked_in, text);
  trip(model::parse_call_logged, text);
  trip(model::parse_call_confirmed, text);
  trip(model::parse_call_disputed, text);
  trip(model::parse_phrases_reviewed, text);
  trip(model::parse_statement_relayed, text);
  trip(model::parse_sighting_reported, text);
  trip(model::parse_sighting_answered, text);
  trip(model::parse_on_paper, text);
  trip(model::parse_paper_confirmed, text);
  trip(model::parse_paper_disputed, text);
  trip(model::parse_presence_stated, text);
  trip(model::parse_sighting_differs, text);
  return 0;
}
