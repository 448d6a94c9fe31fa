// Notes are filed, entries are read back.
#include <algorithm>

#include "api/read.h"
#include "api/submission.h"
#include "base/bytes.h"
#include "core/disclosure.h"
#include "http/problem.h"
#include "http/respond.h"

namespace wideberth::api {

using base::Refusal;
using base::refuse;
using base::Rule;

namespace {

constexpr std::string_view kJsonLines = "application/x-ndjson";
constexpr std::uint64_t kMostLooked = 65'536;  ///< entries asked about for one answer
constexpr std::size_t kEntryRun = 8;           ///< entries read from the store at once

// --- filing ---

/// One line of a body: refused here, or handed on to the engine.
struct Intake {
  std::optional<Refusal> refusal{};
  std::string counted{};  ///< the key that it was counted against; empty where it was none
};

Refusal too_fast(const Buckets& buckets, const std::string& whose) {
  return Refusal{Rule::rate_notes,
                 "more notes " + whose + " than may come at once",
                 std::to_string(buckets.rate().burst) + " at once; again in " + to_text(buckets.wait()),
                 {}};
}

/// Counts a line to its peer, before it is read.
std::optional<Refusal> count_line(Service& service, const std::string& peer) {
  const base::Instant now = service.steady_now();
  if (!service.untrue_notes_of_peer.has(peer, now))
    return too_fast(service.untrue_notes_of_peer, "that nobody known has signed from one address");
  if (!service.notes_of_peer.take(peer, now)) return too_fast(service.notes_of_peer, "from one address");
  return std::nullopt;
}

/// Counts a note to the key that it names. Only known names are counted, so that strangers cannot make us hold names.
std::optional<Refusal> count_note(Service& service, std::string_view note, Intake& intake) {
  const std::string signer(claimed_signer(note));
  bool known = false;
  service.engine().view([&](const core::State& state) { known = state.key(signer) != nullptr; });
  if (!known) return std::nullopt;
  if (!service.notes_of_key.take(signer, service.steady_now())) return too_fast(service.notes_of_key, "of " + signer);
  intake.counted = signer;
  return std::nullopt;
}

bool unproved(const Refusal& refusal) {
  return refusal.rule == Rule::note_signature_untrue || refusal.rule == Rule::note_unsigned ||
         refusal.rule == Rule::note_signatures || refusal.rule == Rule::key_unknown || refusal.rule == Rule::note_malformed ||
         refusal.rule == Rule::entry_malformed || refusal.rule == Rule::entry_origin || refusal.rule == Rule::entry_kind;
}

std::string line_of(const engine::Committed& committed) {
  json::Writer w;
  w.begin_object();
  write_index(w, "index", committed.index);
  write_instant(w, "received", committed.received);
  w.key("receipt").string(committed.receipt).end_object();
  return w.take();
}

http::Response answer_lines(const std::vector<Intake>& intakes, const std::vector<engine::Outcome>& outcomes) {
  http::Response response;
  response.content_type = kJsonLines;
  std::size_t at = 0;
  std::optional<Refusal> last;
  for (const Intake& intake : intakes) {
    last = intake.refusal;
    if (!intake.refusal) {
      const engine::Outcome& outcome = outcomes[at++];
      if (outcome)
        response.body += line_of(*outcome) + "\n";
      else
        last = outcome.error();
    }
    if (last) response.body += http::problem_json(*last) + "\n";
  }
  if (intakes.size() == 1 && last) {
    response = http::problem(*last);
    if (last->rule == Rule::rate_notes) response.headers.emplace_back("Retry-After", "1");
  }
  return response;
}

/// A name is not to be used up by others: what was not proved is given back to the key and counted to the peer.
void settle(Service& service, const std::string& peer, const std::vector<Intake>& intakes,
            const std::vector<engine::Outcome>& outcomes) {
  const base::Instant now = service.steady_now();
  std::size_t at = 0;
  for (const Intake& intake : intakes) {
    if (intake.refusal) continue;
    const engine::Outcome& outcome = outcomes[at++];
    if (outcome || !unproved(outcome.error())) continue;
    service.untrue_notes_of_peer.take(peer, now);
    if (!intake.counted.empty()) service.notes_of_key.give_back(intake.counted, now);
  }
}

/// Counts the refusals among several lines; of one line the answer itself is the refusal, and counted as such.
void tally_lines(const Service& service, const std::vector<Intake>& intakes, const std::vector<engine::Outcome>& outcomes) {
  if (intakes.size() == 1) return;
  for (const Intake& intake : intakes)
    if (intake.refusal) service.tally->refused(intake.refusal->rule);
  for (const engine::Outcome& outcome : outcomes)
    if (!outcome) service.tally->refused(outcome.error().rule);
}

/// Bytes that a body takes up until it is answered.
class Hold {
 public:
  Hold(const ServicePtr& service, std::size_t bytes) : service_(service), bytes_(bytes) {
    waiting_ = service->body_bytes_waiting.fetch_add(bytes) + bytes;
  }
  Hold(const Hold&) = delete;
  Hold& operator=(const Hold&) = delete;
  ~Hold() {
    if (const auto service = service_.lock()) service->body_bytes_waiting.fetch_sub(bytes_);
  }
  std::size_t waiting() const { return waiting_; }
  std::weak_ptr<Service> service() const { return service_; }

 private:
  std::weak_ptr<Service> service_;
  std::size_t bytes_, waiting_ = 0;
};

void file(Service& service, const std::shared_ptr<Hold>& hold, const http::Request& request, const http::Reply& reply) {
  const auto lines = lines_of(request.body, service.parts.limits.most_lines);
  if (!lines) return reply(http::problem(lines.error()));
  auto intakes = std::make_shared<std::vector<Intake>>();
  std::vector<core::Submission> notes;
  for (const std::string_view line : *lines) {
    Intake& intake = intakes->emplace_back();
    intake.refusal = count_line(service, request.peer);
    if (intake.refusal) continue;
    auto parsed = parse_submission(line);
    if (!parsed) {
      intake.refusal = parsed.error();
      continue;
    }
    intake.refusal = count_note(service, parsed->note, intake);
    if (!intake.refusal) notes.push_back(*std::move(parsed));
  }
  if (notes.empty()) {
    tally_lines(service, *intakes, {});
    return reply(answer_lines(*intakes, {}));
  }
  const auto taken = service.engine().submit(
      std::move(notes), [hold, intakes, peer = request.peer, reply](const std::vector<engine::Outcome>& outcomes) {
        if (const auto still = hold->service().lock()) {
          settle(*still, peer, *intakes, outcomes);
          tally_lines(*still, *intakes, outcomes);
        }
        reply(answer_lines(*intakes, outcomes));
      });
  if (!taken) reply(http::problem(taken.error()));
}

void take_body(const ServicePtr& service, http::Request request, const http::Reply& reply) {
  Service* const at = service.get();  // a job does not hold the service: it stands until its workers have ended
  const std::size_t most = at->parts.limits.most_bodies_waiting;
  const auto hold = std::make_shared<Hold>(service, request.body.size());
  if (hold->waiting() <= most &&
      at->intake.post([at, hold, reply, request = std::move(request)] { file(*at, hold, request, reply); }))
    return;
  reply(http::problem(Refusal{Rule::queue_full,
                              std::to_string(hold->waiting()) + " bytes of notes wait",
                              "at most " + std::to_string(most) + " bytes",
                              {}}));
}

// --- reading back ---

std::string entry_json(Service& service, const core::Entry& entry, const std::string& reader) {
  std::vector<bool> gets;
  service.engine().view([&](const core::State& state) {
    for (const core::PartBody& part : entry.parts) gets.push_back(core::may_read_part(state, entry.index, part.name, reader));
  });
  json::Writer w;
  w.begin_object();
  write_index(w, "index", entry.index);
  write_instant(w, "received", entry.received);
  w.key("kind").string(entry.text.kind).key("signer").string(entry.text.signer);
  w.key("to").begin_array();
  for (const std::string& party : entry.text.to) w.string(party);
  w.end_array().key("refs").begin_array();
  for (const EntryIndex ref : entry.text.refs) w.integer(static_cast<std::int64_t>(ref.value));
  w.end_array().key("leaf").string(entry.leaf);
  w.key("parts").begin_array();
  for (std::size_t i = 0; i < entry.parts.size(); ++i) {
    const core::PartBody& part = entry.parts[i];
    if (!gets[i]) continue;
    w.begin_object().key("name").string(part.name).key("media_type").string(entry.text.parts[i].media_type);
    if (part.erased)
      w.key("erased").boolean(true);
    else
      w.key("salt").string(base::to_base64(part.salt)).key("bytes").string(base::to_base64(part.bytes));
    w.end_object();
  }
  w.end_array().end_object();
  return w.take();
}

tl::unexpected<Refusal> no_entry(EntryIndex index) { return refuse(Rule::entry_unknown, "entry " + std::to_string(index.value)); }

/// The same answer for an entry that is not there and for one that this reader may not read.
Result<void> check_entry(Service& service, EntryIndex index, const std::string& reader) {
  bool may = false;
  service.engine().view([&](const core::State& state) { may = core::may_read(state, index, reader); });
  if (!may) return no_entry(index);
  return {};
}

Result<http::Response> one_entry(Service& service, const http::Request& request) {
  WB_TRY(index, parse_index(request.parameter("index"), "index"));
  WB_TRY_VOID(check_entry(service, index, request.caller));
  WB_TRY(entry, service.engine().entry(index));
  return http::json_response(entry_json(service, entry, request.caller));
}

Result<http::Response> one_receipt(Service& service, const http::Request& request) {
  WB_TRY(index, parse_index(request.parameter("index"), "index"));
  WB_TRY_VOID(check_entry(service, index, request.caller));
  http::Response response;
  WB_TRY(receipt, service.engine().receipt(index));
  response.content_type = "text/plain; charset=utf-8";
  response.body = std::move(receipt);
  return response;
}

Result<http::Response> many_entries(Service& service, const http::Request& request) {
  const Limits& limits = service.parts.limits;
  WB_TRY(asked, query_index(request, "from"));
  WB_TRY(count, query_index(request, "count"));
  if (count && (count->value == 0 || count->value > limits.most_entries))
    return refuse(Rule::number_malformed, "found " + std::to_string(count->value), "1 to " + std::to_string(limits.most_entries),
                  "count");
  const std::size_t most = count ? count->value : limits.most_entries;
  EntryIndex next = asked.value_or(EntryIndex{});
  const EntryIndex from = next;
  std::vector<EntryIndex> wanted;
  service.engine().view([&](const core::State& state) {
    for (; next < state.next() && wanted.size() < most && next.value - from.value < kMostLooked; ++next.value)
      if (core::may_read(state, next, request.caller)) wanted.push_back(next);
  });
  json::Writer w;
  w.begin_object().key("entries").begin_array();
  for (std::size_t at = 0; at < wanted.size();) {
    std::size_t run = 1;
    while (run < kEntryRun && at + run < wanted.size() && wanted[at + run].value == wanted[at].value + run) ++run;
    WB_TRY(entries, service.engine().entries(wanted[at], run));
    for (const core::Entry& entry : entries) {
      const std::string json = entry_json(service, entry, request.caller);
      if (at > 0 && w.size() + json.size() > limits.most_entry_bytes) {
        next = entry.index;
        at = wanted.size();
        break;
      }
      w.raw(json);
      ++at;
    }
  }
  w.end_array();
  write_index(w, "next", next).end_object();
  return http::json_response(w.take());
}

using Read = Result<http::Response> (*)(Service&, const http::Request&);

http::Handler from_disk(const ServicePtr& service, Read read) {
  return [service, read](http::Request request, const http::Reply& reply) {
    Service* const at = service.get();
    const std::string party = request.caller;
    wait_for_disk(*at, at->reads, party, reply, [at, read, request = std::move(request)]() -> std::optional<http::Response> {
      auto response = read(*at, request);
      return response ? *std::move(response) : http::problem(response.error());
    });
  };
}

}  // namespace

Routes entry_routes(const ServicePtr& service) {
  http::Route filing = row("POST", "/v1/entries", "file_entries", "Notes become entries of the log, each with its receipt.");
  filing.most_body = service->parts.limits.most_body;
  filing.handler = [service](http::Request request, const http::Reply& reply) { take_body(service, std::move(request), reply); };

  http::Route list = row("GET", "/v1/entries", "list_entries", "The entries from an index on that this reader may read.");
  list.session = true;
  list.query = {"from", "count"};
  list.handler = from_disk(service, many_entries);

  http::Route one =
      row("GET", "/v1/entries/{index}", "read_entry", "An entry: its leaf verbatim, and the parts that this reader gets.");
  one.session = true;
  one.handler = from_disk(service, one_entry);

  http::Route receipt =
      row("GET", "/v1/entries/{index}/receipt", "read_receipt", "The best offline proof that the log can give now.");
  receipt.session = true;
  receipt.handler = from_disk(service, one_receipt);
  return {filing, list, one, receipt};
}

}  // namespace wideberth::api
