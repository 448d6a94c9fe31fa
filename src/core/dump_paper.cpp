// Acts on paper and presence lists, as text; nothing where there is none.
#include "core/dump.h"
#include "json/writer.h"

namespace wideberth::core {
namespace {

using json::Writer;

std::int64_t numbered(EntryIndex entry) { return static_cast<std::int64_t>(entry.value); }

void dump_judged(Writer& w, std::string_view name, const std::map<std::string, EntryIndex>& judged) {
  w.key(name).begin_object();
  for (const auto& [party, entry] : judged) w.key(party).integer(numbered(entry));
  w.end_object();
}

}  // namespace

void dump_papers(Writer& w, const Papers& papers) {
  if (papers.of.empty()) return;
  w.key("papers").begin_array();
  for (const auto& [entry, act] : papers.of) {
    w.begin_object().key("entry").integer(numbered(entry)).key("party").string(act.party);
    w.key("kind").string(model::name_of(act.kind)).key("refs").begin_array();
    for (const EntryIndex each : act.refs) w.integer(numbered(each));
    w.end_array().key("to").begin_array();
    for (const std::string& each : act.to) w.string(each);
    w.end_array().key("occurred").string(to_text(act.occurred)).key("received").string(to_text(act.received)).key("said");
    act.said ? w.raw(model::to_json(*act.said)) : w.null();
    dump_judged(w, "confirmed", act.confirmed);
    dump_judged(w, "disputed", act.disputed);
    w.key("met").begin_array();
    for (const auto& [due, revision, kind, party] : act.met)
      w.begin_object()
          .key("due")
          .string(to_text(due))
          .key("revision")
          .integer(numbered(revision))
          .key("kind")
          .string(model::name_of(kind))
          .end_object();
    w.end_array().end_object();
  }
  w.end_array();
}

void dump_presence(Writer& w, const Presence& presence) {
  if (!presence.stated.empty()) {
    w.key("presence").begin_array();
    for (const auto& [of, lists] : presence.stated)
      for (const StatedPresence& each : lists) {
        w.begin_object().key("agreement").string(of.first).key("entry").integer(numbered(each.entry));
        w.key("party").string(each.party).key("effect").string(to_text(each.effect));
        w.key("said").raw(model::to_json(each.said)).end_object();
      }
    w.end_array();
  }
  if (presence.differing.empty()) return;
  w.key("sightings_differing").begin_array();
  for (const DifferingSighting& each : presence.differing) {
    w.begin_object().key("entry").integer(numbered(each.entry)).key("told").begin_array();
    for (const std::string& party : each.told) w.string(party);
    w.end_array().key("found").raw(model::to_json(each.found)).end_object();
  }
  w.end_array();
}

}  // namespace wideberth::core
