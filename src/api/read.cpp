#include "api/read.h"

#include <algorithm>
#include <exception>

#include "base/bytes.h"
#include "core/disclosure.h"
#include "http/problem.h"
#include "http/respond.h"
#include "model/party.h"

namespace wideberth::api {

using base::refuse;
using base::Rule;

namespace {

constexpr std::uint64_t kMostIndex = std::uint64_t{1} << 53;

http::Response tell(EntryIndex as_of, const Telling& telling) {
  json::Writer w;
  w.begin_object();
  write_index(w, "as_of", as_of);
  telling(w);
  w.end_object();
  return http::json_response(w.take());
}

/// The answer from the state at hand, or nothing where another one is asked for.
std::optional<http::Response> answer_now(Service& service, const http::Request& request, const Look& look,
                                         const std::optional<EntryIndex>& as_of) {
  std::optional<base::Result<Telling>> found;
  EntryIndex last;
  service.engine().view([&](const core::State& state) {
    last = EntryIndex{state.next().value - 1};
    if (!as_of || *as_of == last)
      found = look(Sight{state, state, request.caller, std::max(state.last_received, service.engine().now())}, request);
  });
  if (!found) return std::nullopt;
  return *found ? tell(last, **found) : http::problem(found->error());
}

/// REQUIRES: on the `folds` thread.
http::Response answer_then(Service& service, const http::Request& request, const Look& look, EntryIndex as_of) {
  if (!service.folded || service.folded->next().value != as_of.value + 1) {
    service.folded.reset();
    auto folded = service.engine().as_of(as_of);
    if (!folded) return http::problem(folded.error());
    service.folded = *std::move(folded);
  }
  std::optional<base::Result<Telling>> found;
  service.engine().view([&](const core::State& state) {
    found = look(Sight{state, *service.folded, request.caller, service.folded->last_received}, request);
  });
  return *found ? tell(as_of, **found) : http::problem(found->error());
}

}  // namespace

http::Handler state_read(const ServicePtr& service, Look look) {
  return [service, look = std::move(look)](http::Request request, const http::Reply& reply) {
    Service* const at = service.get();  // a job does not hold the service: it stands until its workers have ended
    const auto as_of = query_index(request, "as-of");
    if (!as_of) return reply(http::problem(as_of.error()));
    const std::string party = request.caller;
    const auto present = [at, party, look, reply, request = std::move(request),
                          as_of = *as_of]() -> std::optional<http::Response> {
      if (auto response = answer_now(*at, request, look, as_of)) return response;
      wait_for_disk(*at, at->folds, party, reply, [=] { return answer_then(*at, request, look, *as_of); });
      return std::nullopt;
    };
    wait_for_disk(*at, at->reads, party, reply, present);
  };
}

void wait_for_disk(Service& service, Worker& worker, const std::string& party, const http::Reply& reply, Job job) {
  const std::size_t most = service.parts.limits.most_reads_of_party;
  bool taken = false;
  {
    const std::lock_guard lock(service.reads_mutex);
    std::size_t& waiting = service.reads_waiting[party];
    taken = waiting < most;
    if (taken) ++waiting;
  }
  Service* const at = &service;
  const auto done = [at, party] {
    const std::lock_guard lock(at->reads_mutex);
    const auto found = at->reads_waiting.find(party);
    if (found != at->reads_waiting.end() && --found->second == 0) at->reads_waiting.erase(found);
  };
  const bool posted = taken && worker.post([job = std::move(job), reply, done] {
    std::optional<http::Response> response;
    try {
      response = job();
    } catch (const std::exception&) {
      // A lost machine, such as one without memory: what happened is not for the peer.
      response = http::problem(base::Refusal{Rule::server_failed, "the read did not finish", {}, {}});
    }
    done();
    if (response) reply(*std::move(response));
  });
  if (posted) return;
  if (taken) done();
  reply(http::problem(base::Refusal{
      Rule::rate_reads, "as many reads wait as may", "at most " + std::to_string(most) + " of a party at once", {}}));
}

base::Result<EntryIndex> parse_index(std::string_view text, std::string_view where) {
  auto number = base::parse_decimal(text, kMostIndex);
  if (number) return EntryIndex{*number};
  return refuse(Rule::number_malformed, "found \"" + base::excerpt(text) + "\"", "the index of an entry, such as 0 or 812",
                std::string(where));
}

base::Result<std::optional<EntryIndex>> query_index(const http::Request& request, std::string_view name) {
  const auto value = request.query_value(name);
  if (!value) return std::optional<EntryIndex>{};
  WB_TRY(index, parse_index(*value, name));
  return std::optional<EntryIndex>{index};
}

base::Result<std::optional<base::Instant>> query_instant(const http::Request& request, std::string_view name) {
  const auto value = request.query_value(name);
  if (!value) return std::optional<base::Instant>{};
  auto at = base::Instant::parse(*value);
  if (at) return std::optional<base::Instant>{*at};
  at.error().where = std::string(name);
  return tl::make_unexpected(std::move(at).error());
}

base::Result<Page> read_page(const http::Request& request, std::size_t most) {
  Page page;
  page.count = most;
  WB_TRY(count, query_index(request, "count"));
  if (count) {
    if (count->value < 1 || count->value > most)
      return refuse(Rule::number_malformed, "found " + std::to_string(count->value), "1 to " + std::to_string(most), "count");
    page.count = static_cast<std::size_t>(count->value);
  }
  if (const auto after = request.query_value("after")) page.after = *after;
  return page;
}

Result<OpenQuestion> read_open_question(const http::Request& request) {
  OpenQuestion question;
  if (const auto open = request.query_value("open")) {
    if (*open != "true" && *open != "false")
      return refuse(Rule::json_choice, "found another word", "\"true\" or \"false\"", "open");
    question.open = *open == "true";
  }
  WB_TRY(from, query_index(request, "from"));
  question.from = from.value_or(EntryIndex{});
  return question;
}

bool terms_hidden(const Sight& sight, const std::string& agreement) {
  const core::AgreementState* found = sight.then.agreement(agreement);
  return found != nullptr && found->agreement->find_party(sight.party) != nullptr && !core::may_see_text(*found, sight.party);
}

bool is_neutral(const core::AgreementState& agreement, std::string_view reader) {
  const model::Party* member = agreement.agreement->find_party(reader);
  return member != nullptr && member->role != model::Role::party;
}

json::Writer& write_index(json::Writer& writer, std::string_view name, EntryIndex index) {
  return writer.key(name).integer(static_cast<std::int64_t>(index.value));
}

json::Writer& write_index_or_null(json::Writer& writer, std::string_view name, const std::optional<EntryIndex>& index) {
  return index ? write_index(writer, name, *index) : writer.key(name).null();
}

json::Writer& write_next(json::Writer& writer, const std::optional<std::string>& next) {
  writer.key("next");
  return next ? writer.string(*next) : writer.null();
}

json::Writer& write_instant(json::Writer& writer, std::string_view name, base::Instant at) {
  return writer.key(name).string(to_text(at));
}

}  // namespace wideberth::api
