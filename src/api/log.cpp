// The log for strangers: checkpoint, policy, tiles; and its entries for neutral readers.
#include <algorithm>

#include "api/read.h"
#include "base/bytes.h"
#include "core/disclosure.h"
#include "http/problem.h"
#include "http/respond.h"
#include "ledger/checkpoint.h"
#include "ledger/policy.h"
#include "ledger/tile.h"

namespace wideberth::api {

using base::refuse;
using base::Rule;

namespace {

constexpr std::string_view kText = "text/plain; charset=utf-8";
constexpr std::size_t kBundleRun = 8;  ///< entries read from the store at once

http::Response plain(std::string body) {
  http::Response response;
  response.content_type = kText;
  response.body = std::move(body);
  return response;
}

/// The size that everybody is shown: what grew since is not told by a tile.
Result<std::uint64_t> public_size(const Service& service) {
  WB_TRY(note, ledger::parse_note(service.engine().public_checkpoint()));
  WB_TRY(checkpoint, ledger::parse_checkpoint(note.text));
  return checkpoint.size;
}

Result<ledger::TileId> public_tile(const Service& service, const std::string& path) {
  WB_TRY(tile, ledger::parse_tile_path(path));
  WB_TRY(size, public_size(service));
  if (tile.width > ledger::tile_width(tile.level, tile.index, size))
    return refuse(Rule::tile_not_there, "found " + to_path(tile), "tiles of " + std::to_string(size) + " leaves");
  return tile;
}

Result<http::Response> answer_tile(const Service& service, const http::Request& request) {
  WB_TRY(tile, public_tile(service, "tile/" + request.parameter("tile")));
  Result<std::string> bytes;
  service.engine().view([&](const core::State& state) { bytes = ledger::tile_bytes(state.tree, tile); });
  if (!bytes) return tl::make_unexpected(std::move(bytes).error());
  http::Response response;
  response.content_type = "application/octet-stream";
  response.body = *std::move(bytes);
  // What stands under this path can never change.
  response.headers.emplace_back("Cache-Control", "public, max-age=31536000, immutable");
  return response;
}

Result<void> check_bundle_reader(const Service& service, const ledger::TileId& tile, const std::string& reader) {
  bool neutral = false, all = true;
  service.engine().view([&](const core::State& state) {
    const auto role = state.role_of(reader);
    neutral = role && *role != model::Role::party;
    for (std::uint64_t i = 0; neutral && all && i < tile.width; ++i)
      all = core::may_read(state, EntryIndex{tile.index * ledger::kTileWidth + i}, reader);
  });
  if (!neutral) return refuse(Rule::bundle_readers, reader + " has the role party", "an observer or a mediator");
  if (!all)
    return refuse(Rule::bundle_readers, "the bundle holds entries that are not " + reader + "'s to read",
                  "the entries one by one, at /v1/entries");
  return {};
}

Result<http::Response> answer_bundle(const Service& service, const http::Request& request) {
  WB_TRY(tile, public_tile(service, "tile/entries/" + request.parameter("tile")));
  WB_TRY_VOID(check_bundle_reader(service, tile, request.caller));
  std::vector<std::string> leaves;
  while (leaves.size() < tile.width) {
    const EntryIndex from{tile.index * ledger::kTileWidth + leaves.size()};
    WB_TRY(entries, service.engine().entries(from, std::min<std::size_t>(kBundleRun, tile.width - leaves.size())));
    for (core::Entry& entry : entries) leaves.push_back(std::move(entry.leaf));
  }
  const std::vector<std::string_view> views(leaves.begin(), leaves.end());
  http::Response response;
  response.content_type = "application/octet-stream";
  response.body = ledger::write_bundle(views);
  return response;
}

/// The quorum of entry 0 in the words of a policy.
ledger::Policy policy_of(const model::Opening& opening) {
  ledger::Policy policy;
  policy.logs.push_back({opening.server, {}});
  std::vector<std::string> names;
  for (const ledger::VerifierKey& key : opening.witnesses) {
    names.push_back("witness-" + std::to_string(names.size() + 1));
    policy.witnesses.push_back({names.back(), key, {}});
  }
  if (opening.quorum == "none" || names.empty()) return policy;
  ledger::Policy::Group group{"witnesses", 1, names};
  if (opening.quorum == "all") group.threshold = names.size();
  if (const auto count = base::parse_decimal(opening.quorum, names.size())) group.threshold = *count;
  policy.quorum = group.name;
  policy.groups.push_back(std::move(group));
  return policy;
}

std::string policy_text(const Service& service) {
  std::string text;
  service.engine().view([&](const core::State& state) { text = to_text(policy_of(*state.opening)); });
  return text;
}

}  // namespace

Routes log_routes(const ServicePtr& service) {
  http::Route checkpoint =
      row("GET", "/log/checkpoint", "read_checkpoint", "The public checkpoint, renewed at the cadence of entry 0.");
  checkpoint.handler = [service](const http::Request&, const http::Reply& reply) {
    reply(plain(service->engine().public_checkpoint()));
  };
  http::Route policy = row("GET", "/log/policy", "read_policy",
                           "A policy that names this log's key: to compare with the one that was pinned, never instead of it.");
  policy.handler = [service](const http::Request&, const http::Reply& reply) { reply(plain(policy_text(*service))); };

  http::Route tile =
      row("GET", "/log/tile/{tile...}", "read_tile", "A tile of hashes, within the size of the public checkpoint.");
  tile.handler = [service](const http::Request& request, const http::Reply& reply) {
    auto response = answer_tile(*service, request);
    reply(response ? *std::move(response) : http::problem(response.error()));
  };
  http::Route bundle = row("GET", "/log/tile/entries/{tile...}", "read_bundle",
                           "An entry bundle, for observers and mediators that may read every entry in it.");
  bundle.session = true;
  bundle.handler = [service](http::Request request, const http::Reply& reply) {
    Service* const at = service.get();
    const std::string party = request.caller;
    wait_for_disk(*at, at->reads, party, reply, [at, request = std::move(request)]() -> std::optional<http::Response> {
      auto response = answer_bundle(*at, request);
      return response ? *std::move(response) : http::problem(response.error());
    });
  };
  return {checkpoint, policy, tile, bundle};
}

}  // namespace wideberth::api
