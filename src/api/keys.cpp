// The keys of the log, and how far the reader's own have got.
#include "api/read.h"

namespace wideberth::api {

namespace {

Result<Telling> look_at_keys(const Sight& sight, const http::Request&) {
  std::vector<std::pair<std::string, core::KeyState>> keys(sight.then.keys.begin(), sight.then.keys.end());
  return Telling{[keys = std::move(keys), party = sight.party](json::Writer& w) {
    w.key("keys").begin_array();
    for (const auto& [name, key] : keys) {
      w.begin_object().key("name").string(name).key("party").string(key.party);
      w.key("vkey").string(ledger::to_text(key.key)).key("root").boolean(key.root);
      w.key("kinds").begin_array();
      for (const std::string& kind : key.kinds) w.string(kind);
      w.end_array();
      write_index(w, "added", key.added);
      write_index_or_null(w, "revoked", key.revoked);
      write_index_or_null(w, "compromised_since", key.compromised_since);
      if (key.party == party) {
        w.key("next_number").integer(static_cast<std::int64_t>(key.next_number));
        key.last_text ? w.key("last_text").string(ledger::to_base64(*key.last_text)) : w.key("last_text").null();
      }
      w.end_object();
    }
    w.end_array();
  }};
}

}  // namespace

Routes key_routes(const ServicePtr& service) {
  http::Route list = row("GET", "/v1/keys", "list_keys", "All keys of the log; the chain of the reader's own only.");
  list.session = true;
  list.query = {"as-of"};
  list.handler = state_read(service, look_at_keys);
  return {list};
}

}  // namespace wideberth::api
