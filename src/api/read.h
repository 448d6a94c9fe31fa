// Reads of the state: as it stands, or as it stood after an entry. Inside this folder only.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "api/service.h"
#include "core/state.h"
#include "json/writer.h"

namespace wideberth::api {

using base::EntryIndex;

/// What a read sees. `then` is what is told; `now` says who may be told it: today's rights. The two are the same object where
/// no as-of was asked for.
struct Sight {
  const core::State& now;
  const core::State& then;
  std::string party;  ///< the reader
  base::Instant at;   ///< what time it is in `then`: the log's clock now, or when the entry was received
};

/// Writes the members of the answer, after "as_of"; called without any lock, so it holds copies of what it tells.
using Telling = std::function<void(json::Writer&)>;
/// Copies out of the state what the reader may see; called while the published state is held, so it is quick.
using Look = std::function<base::Result<Telling>(const Sight&, const http::Request&)>;

/// A handler that answers {"as_of": index, …}; the row must allow the query as-of.
http::Handler state_read(const ServicePtr& service, Look look);

/// None where the job has seen to the reply in another way.
using Job = std::function<std::optional<http::Response>()>;
/// Runs a job on a worker for this caller's party, unless too much waits: then the reply is rate_reads.
void wait_for_disk(Service& service, Worker& worker, const std::string& party, const http::Reply& reply, Job job);

/// An index from a query or a path. Refused with number_malformed, naming where.
base::Result<EntryIndex> parse_index(std::string_view text, std::string_view where);
base::Result<std::optional<EntryIndex>> query_index(const http::Request& request, std::string_view name);

/// A time from a query. Refused with time_malformed, naming where.
base::Result<std::optional<base::Instant>> query_instant(const http::Request& request, std::string_view name);

/// Which piece of a list is asked for: `count` (1 to kMostListed, that many where it is not given) items after the one that
/// `after` names; the answer's "next", where it is not null, is the `after` to go on with.
inline constexpr std::size_t kMostListed = 1'000;
inline constexpr std::size_t kMostListedBriefly = 10'000;
struct Page {
  std::size_t count = kMostListed;
  std::string after;  ///< empty: from the beginning
};
/// Refused with number_malformed where `count` is no number within 1 and `most`.
base::Result<Page> read_page(const http::Request& request, std::size_t most = kMostListed);

/// What lists of alerts and of the hotline are asked: `open` (those alone that wait for somebody), `from` (no entry before it).
struct OpenQuestion {
  bool open = false;
  EntryIndex from{};
};
/// Refused with json_choice, and as query_index refuses.
base::Result<OpenQuestion> read_open_question(const http::Request& request);

/// The reader is neutral under the agreement: it mediates or observes.
bool is_neutral(const core::AgreementState& agreement, std::string_view reader);

/// The agreement names this reader and its text is not the reader's to see: none of its numbers is told either, nor what they
/// can be reckoned from (core::may_read_part says which parts of entries that is).
bool terms_hidden(const Sight& sight, const std::string& agreement);

json::Writer& write_index(json::Writer& writer, std::string_view name, EntryIndex index);
json::Writer& write_index_or_null(json::Writer& writer, std::string_view name, const std::optional<EntryIndex>& index);
/// "next": a text, or null where the list ended.
json::Writer& write_next(json::Writer& writer, const std::optional<std::string>& next);
json::Writer& write_instant(json::Writer& writer, std::string_view name, base::Instant at);

}  // namespace wideberth::api
