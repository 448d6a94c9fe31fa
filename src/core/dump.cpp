#include "core/dump.h"

#include "json/writer.h"

namespace wideberth::core {
namespace {

using json::Writer;

void index_or_null(Writer& w, std::string_view name, const std::optional<EntryIndex>& entry) {
  w.key(name);
  entry ? w.integer(static_cast<std::int64_t>(entry->value)) : w.null();
}

void index(Writer& w, std::string_view name, EntryIndex entry) { w.key(name).integer(static_cast<std::int64_t>(entry.value)); }
void text(Writer& w, std::string_view name, std::string_view value) { w.key(name).string(value); }
void instant(Writer& w, std::string_view name, Instant at) { w.key(name).string(to_text(at)); }

void interval(Writer& w, std::string_view name, const Interval& window) {
  w.key(name).begin_array().string(to_text(window.from)).string(to_text(window.to)).end_array();
}

void texts(Writer& w, std::string_view name, const std::vector<std::string>& values) {
  w.key(name).begin_array();
  for (const std::string& value : values) w.string(value);
  w.end_array();
}

void dump_keys(Writer& w, const State& state) {
  w.key("keys").begin_object();
  for (const auto& [name, key] : state.keys) {
    w.key(name).begin_object();
    text(w, "vkey", ledger::to_text(key.key));
    text(w, "party", key.party);
    w.key("root").boolean(key.root);
    texts(w, "kinds", key.kinds);
    index(w, "added", key.added);
    index_or_null(w, "revoked", key.revoked);
    index_or_null(w, "compromised_since", key.compromised_since);
    w.key("next_number").integer(static_cast<std::int64_t>(key.next_number));
    text(w, "last_text", key.last_text ? ledger::to_base64(*key.last_text) : "-");
    w.end_object();
  }
  w.end_object();
}

void dump_agreements(Writer& w, const State& state) {
  w.key("agreements").begin_object();
  for (const auto& [id, agreement] : state.agreements) {
    w.key(id).begin_object();
    index(w, "proposed", agreement.proposed);
    text(w, "proposer", agreement.proposer);
    text(w, "document", ledger::to_base64(agreement.document));
    w.key("signatures").begin_object();
    for (const auto& [party, entry] : agreement.signatures) index(w, party, entry);
    w.end_object();
    if (!agreement.relayed.empty()) {
      w.key("relayed").begin_object();
      for (const auto& [party, entry] : agreement.relayed) index(w, party, entry);
      w.end_object();
    }
    index_or_null(w, "in_force", agreement.in_force);
    text(w, "superseded_by", agreement.superseded_by.value_or(""));
    w.key("readings").begin_array();
    for (const ReadingState& reading : agreement.readings) {
      w.begin_object();
      index(w, "entry", reading.entry);
      text(w, "party", reading.party);
      w.key("reading").raw(model::to_json(reading.reading));
      w.end_object();
    }
    w.end_array();
    w.key("agreement").raw(model::to_json(*agreement.agreement));
    w.end_object();
  }
  w.end_object();
}

void dump_handling(Writer& w, const Handling& handling) {
  w.begin_object();
  index(w, "delivered", handling.delivered);
  instant(w, "delivered_at", handling.delivered_at);
  text(w, "view", model::name_of(handling.view));
  text(w, "bytes", ledger::to_base64(handling.bytes));
  index_or_null(w, "received", handling.received);
  index_or_null(w, "acknowledged", handling.acknowledged);
  index_or_null(w, "answered", handling.answered);
  index_or_null(w, "objected", handling.objected);
  index_or_null(w, "unit_informed", handling.unit_informed);
  text(w, "answer", handling.answer ? model::name_of(*handling.answer) : "");
  text(w, "post", handling.post);
  w.key("slip_quoted").boolean(handling.slip_quoted);
  w.end_object();
}

/// Written where there is something, so that what logs without such entries fold to keeps its text.
void dump_on_the_way(Writer& w, const NotificationState& of) {
  if (of.held) {
    w.key("held").begin_object();
    index(w, "entry", of.held->entry);
    instant(w, "since", of.held->since);
    w.key("said").raw(model::to_json(of.held->said)).end_object();
  }
  bool others = false;
  for (const auto& [party, stated] : of.outcomes) others = others || party != of.party;
  if (!others) return;
  w.key("outcomes").begin_object();
  for (const auto& [party, stated] : of.outcomes) {
    w.key(party).begin_object();
    index(w, "entry", stated.entry);
    text(w, "outcome", model::name_of(stated.word));
    w.end_object();
  }
  w.end_object();
}

void dump_queries(Writer& w, const State& state) {
  if (state.queries.empty()) return;
  w.key("queries").begin_array();
  for (const auto& [entry, query] : state.queries) {
    w.begin_object();
    index(w, "entry", entry);
    text(w, "by", query.by);
    text(w, "of", query.of);
    index(w, "revision", query.revision);
    text(w, "due", query.due ? to_text(*query.due) : "");
    index_or_null(w, "answered", query.answered);
    w.key("asked").raw(model::to_json(query.asked)).key("answer").raw(model::to_json(query.answer)).end_object();
  }
  w.end_array();
}

void dump_notifications(Writer& w, const State& state) {
  w.key("notifications").begin_object();
  for (const auto& [id, each] : state.notifications) {
    w.key(id).begin_object();
    text(w, "subject", model::name_of(each.subject));
    text(w, "party", each.party);
    text(w, "agreement", each.agreement);
    text(w, "regime", model::name_of(each.regime));
    text(w, "standing", name_of(each.standing));
    index_or_null(w, "ended", each.ended);
    text(w, "outcome", each.outcome ? model::name_of(*each.outcome) : "");
    dump_on_the_way(w, each);
    w.key("revisions").begin_array();
    for (const Revision& revision : each.revisions) {
      w.begin_object();
      index(w, "entry", revision.entry);
      instant(w, "received", revision.received);
      text(w, "text", ledger::to_base64(revision.text));
      interval(w, "window", revision.window);
      w.key("notification");
      revision.notification ? w.raw(model::to_json(*revision.notification)) : w.null();
      if (revision.outline) w.key("outline").raw(model::to_json(*revision.outline));
      w.key("handling").begin_object();
      for (const auto& [recipient, handling] : revision.handling) {
        w.key(recipient);
        dump_handling(w, handling);
      }
      w.end_object().end_object();
    }
    w.end_array().end_object();
  }
  w.end_object();
}

void dump_findings(Writer& w, const State& state) {
  w.key("conflicts").begin_array();
  for (const ConflictState& conflict : state.conflicts) {
    w.begin_object();
    index(w, "entry", conflict.entry);
    texts(w, "told", conflict.told);
    w.key("found").raw(model::to_json(conflict.found));
    w.end_object();
  }
  w.end_array().key("deadlines").begin_array();
  for (const auto& [key, deadline] : state.deadlines) w.raw(model::to_json(model::DeadlineMissed{deadline}));
  w.end_array().key("ended_deadlines").begin_array();
  for (const EndedDeadline& ended : state.ended_deadlines) {
    w.begin_object();
    index(w, "entry", ended.entry);
    w.key("channel_down").boolean(ended.channel_down);
    if (ended.withdrawn) w.key("withdrawn").boolean(true);
    w.key("deadline").raw(model::to_json(model::DeadlineMissed{ended.deadline}));
    w.end_object();
  }
  w.end_array().key("expiries").begin_array();
  for (const auto& [at, revision] : state.expiries)
    w.begin_array().string(to_text(at)).integer(static_cast<std::int64_t>(revision.value)).end_array();
  w.end_array().key("outages").begin_array();
  for (const Interval& outage : state.outages)
    w.begin_array().string(to_text(outage.from)).string(to_text(outage.to)).end_array();
  w.end_array();
}

void dump_tracks(Writer& w, const State& state) {
  if (state.tracks.empty()) return;
  w.key("tracks").begin_object();
  for (const auto& [party, tracks] : state.tracks) {
    w.key(party).begin_object().key("batches").begin_array();
    for (const TrackBatch& batch : tracks.batches) {
      w.begin_object();
      index(w, "entry", batch.entry);
      interval(w, "window", {batch.from, batch.to});
      w.key("fixes").integer(batch.fixes).end_object();
    }
    w.end_array().key("units").begin_object();
    for (const auto& [unit, track] : tracks.units) {
      w.key(unit).begin_object();
      interval(w, "window", {track.from, track.to});
      w.key("fixes").integer(static_cast<std::int64_t>(track.fixes));
      index(w, "last", track.last);
      w.end_object();
    }
    w.end_object().end_object();
  }
  w.end_object();
}

void dump_alerts(Writer& w, const State& state) {
  if (state.alerts.empty()) return;
  w.key("alerts").begin_array();
  for (const auto& [entry, alert] : state.alerts) {
    w.begin_object();
    index(w, "entry", entry);
    text(w, "party", alert.party);
    w.key("raised").raw(model::to_json(alert.raised)).key("acknowledged").begin_array();
    for (const EntryIndex each : alert.acknowledged) w.integer(static_cast<std::int64_t>(each.value));
    w.end_array();
    index_or_null(w, "closed", alert.closed);
    text(w, "ended", alert.ended ? model::name_of(*alert.ended) : "");
    if (alert.quiet_until) instant(w, "quiet_until", *alert.quiet_until);
    w.key("open").boolean(state.open_alerts.contains(entry)).end_object();
  }
  w.end_array();
}

void dump_crossings(Writer& w, const State& state) {
  if (state.crossings.logs.empty() && state.crossings.disputes.empty()) return;
  w.key("crossings").begin_object();
  for (const auto& [origin, log] : state.crossings.logs) {
    w.key(origin).begin_object().key("entries").begin_object();
    for (const auto& [at, held] : log.entries) {
      w.key(std::to_string(at.value)).begin_object();
      index(w, "entry", held.entry);
      text(w, "leaf", ledger::to_base64(held.leaf));
      w.end_object();
    }
    w.end_object().key("heads").begin_object();
    for (const auto& [size, head] : log.heads) {
      w.key(std::to_string(size)).begin_object();
      index(w, "entry", head.entry);
      text(w, "root", ledger::to_base64(head.root));
      w.end_object();
    }
    w.end_object().end_object();
  }
  w.end_object().key("crossed_disputes").begin_array();
  for (const DisputeState& each : state.crossings.disputes) w.raw(model::to_json(each.said));
  w.end_array();
}

void dump_units(Writer& w, const State& state) {
  if (state.units.by_party.empty()) return;
  w.key("units").begin_object();
  for (const auto& [party, units] : state.units.by_party) {
    w.key(party).begin_array();
    for (const auto& [name, unit] : units) {
      w.begin_object();
      index(w, "entry", unit.entry);
      text(w, "agreement", unit.agreement);
      texts(w, "to", unit.to);
      w.key("said").raw(model::to_json(*unit.said)).end_object();
    }
    w.end_array();
  }
  w.end_object();
}

void dump_encounters(Writer& w, const State& state) {
  if (!state.encounters.all.empty()) {
    w.key("encounters").begin_array();
    for (const auto& [entry, encounter] : state.encounters.all) {
      w.begin_object();
      index(w, "entry", entry);
      text(w, "party", encounter.party);
      w.key("opened");
      encounter.opened ? w.raw(model::to_json(*encounter.opened)) : w.null();
      index_or_null(w, "over", encounter.over);
      w.key("closed");
      encounter.closed ? w.raw(model::to_json(*encounter.closed)) : w.null();
      w.end_object();
    }
    w.end_array();
  }
  if (state.encounters.conformance.empty()) return;
  w.key("conformance").begin_array();
  for (const auto& [key, told] : state.encounters.conformance) {
    w.begin_object();
    index(w, "entry", told.entry);
    text(w, "reader", std::get<0>(key));
    w.key("told").raw(model::to_json(*told.told)).end_object();
  }
  w.end_array();
}

void dump_record(Writer& w, const State& state) {
  w.key("entries").begin_array();
  for (const EntryFacts& facts : state.facts) {
    w.begin_object();
    text(w, "kind", model::name_of(facts.kind));
    text(w, "signer_party", facts.signer_party);
    texts(w, "to", facts.to);
    index_or_null(w, "agreement", facts.agreement);
    w.end_object();
  }
  w.end_array().key("texts").begin_object();
  for (const auto& [hash, fate] : state.texts) {
    w.key(ledger::to_base64(hash)).begin_object();
    index(w, "entry", fate.entry);
    w.key("refused").boolean(fate.refused);
    text(w, "rule", fate.refused ? base::code_of(fate.rule) : "");
    text(w, "found", fate.found);
    w.end_object();
  }
  w.end_object();
}

}  // namespace

std::string dump(const State& state) {
  Writer w(Writer::Style::indented);
  w.begin_object();
  w.key("size").integer(static_cast<std::int64_t>(state.tree.size()));
  text(w, "root", ledger::to_base64(state.tree.root()));
  instant(w, "last_received", state.last_received);
  w.key("clock_behind").boolean(state.clock_behind);
  w.key("opening");
  state.opening ? w.raw(model::to_json(*state.opening)) : w.null();
  dump_keys(w, state);
  dump_agreements(w, state);
  dump_notifications(w, state);
  dump_queries(w, state);
  dump_findings(w, state);
  dump_tracks(w, state);
  dump_alerts(w, state);
  dump_crossings(w, state);
  dump_units(w, state);
  dump_encounters(w, state);
  dump_pacts(w, state.pacts);
  dump_hotline(w, state);
  dump_handovers(w, state.handovers);
  dump_record(w, state);
  w.end_object();
  return w.take() + "\n";
}

}  // namespace wideberth::core
