// How movements went, counted: by who notified and by who says so.
#include <array>
#include <map>

#include "api/seen.h"
#include "core/disclosure.h"

namespace wideberth::api {

using base::refuse;
using base::Rule;

namespace {

using Words = std::array<std::int64_t, 5>;  ///< by OutcomeWord

/// What was notified by one party, as far as the reader may see it.
struct Counted {
  std::int64_t notified = 0, without = 0, differ = 0;
  std::map<std::string, Words> stated;  ///< by who states it
};

void count(const Sight& sight, const core::NotificationState& of, std::map<std::string, Counted>& into) {
  Counted& counted = into[of.party];
  ++counted.notified;
  std::optional<model::OutcomeWord> first;
  bool differ = false;
  for (const auto& [party, stated] : of.outcomes) {
    if (!core::may_read(sight.now, stated.entry, sight.party)) continue;
    differ = differ || (first && *first != stated.word);
    if (!first) first = stated.word;
    ++counted.stated[party][static_cast<std::size_t>(stated.word)];
  }
  counted.without += first ? 0 : 1;
  counted.differ += differ ? 1 : 0;
}

/// Whether the reader knows of the notification at all.
bool seen_at_all(const Sight& sight, const core::NotificationState& of) {
  const core::AgreementState* agreement = sight.then.agreement(of.agreement);
  return agreement != nullptr && core::view_of(*agreement, of.party, sight.party) != model::View::conflict_only &&
         core::may_read(sight.now, of.latest().entry, sight.party);
}

Result<Telling> look_at_outcomes(const Sight& sight, const http::Request& request) {
  WB_TRY(since, query_instant(request, "since"));
  WB_TRY(until, query_instant(request, "until"));
  if (since && until && *until < *since)
    return refuse(Rule::span_backwards, "until " + to_text(*until), to_text(*since) + " or later", "until");
  const auto party = request.query_value("party");
  std::map<std::string, Counted> counted;
  for (const auto& [id, each] : sight.then.notifications) {
    if ((party && *party != each.party) || !seen_at_all(sight, each)) continue;
    const base::Instant start = window_seen(sight, each, each.latest()).from;
    if ((since && start < *since) || (until && start >= *until)) continue;
    count(sight, each, counted);
  }
  return Telling{[counted = std::move(counted)](json::Writer& w) {
    w.key("parties").begin_array();
    for (const auto& [name, each] : counted) {
      w.begin_object().key("party").string(name).key("notified").integer(each.notified);
      w.key("without").integer(each.without).key("differ").integer(each.differ).key("stated").begin_array();
      for (const auto& [by, words] : each.stated) {
        w.begin_object().key("by").string(by);
        for (std::size_t i = 0; i < words.size(); ++i)
          w.key(model::name_of(static_cast<model::OutcomeWord>(i))).integer(words[i]);
        w.end_object();
      }
      w.end_array().end_object();
    }
    w.end_array();
  }};
}

}  // namespace

Routes outcome_routes(const ServicePtr& service) {
  http::Route list =
      row("GET", "/v1/outcomes", "count_outcomes", "How what was notified went, counted by party and by who says so.");
  list.session = true;
  list.query = {"as-of", "since", "until", "party"};
  list.handler = state_read(service, look_at_outcomes);
  return {list};
}

}  // namespace wideberth::api
