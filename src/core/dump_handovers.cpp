#include "core/dump.h"

namespace wideberth::core {

void dump_handovers(json::Writer& w, const HandoverBook& book) {
  if (book.all.empty()) return;  // `latest` follows from `all`
  const auto officer = [&](std::string_view name, const std::optional<model::Officer>& each) {
    w.key(name);
    if (!each) {
      w.null();
      return;
    }
    w.begin_object().key("person").string(each->person).key("key").string(each->key).end_object();
  };
  w.key("handovers").begin_array();
  for (const auto& [entry, each] : book.all) {
    w.begin_object().key("entry").integer(static_cast<std::int64_t>(entry.value));
    w.key("received").string(to_text(each.received)).key("party").string(each.party).key("desk").string(each.desk);
    officer("outgoing", each.outgoing);
    officer("incoming", each.incoming);
    w.key("open").begin_array();
    for (const std::size_t count : each.open) w.integer(static_cast<std::int64_t>(count));
    w.end_array().key("follows");
    each.follows ? w.integer(static_cast<std::int64_t>(each.follows->value)) : w.null();
    w.end_object();
  }
  w.end_array();
}

}  // namespace wideberth::core
