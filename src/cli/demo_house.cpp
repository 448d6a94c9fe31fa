#include "cli/demo_house.h"

#include <thread>

#include "api/api.h"
#include "base/check.h"
#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/terminal.h"
#include "core/deadlines.h"
#include "ledger/keyfile.h"
#include "model/keys.h"
#include "store/sqlite.h"

namespace wideberth::cli {
namespace {

using base::Instant;
using base::Millis;
using base::Result;

std::int64_t elapsed_ms(std::chrono::steady_clock::time_point since) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - since).count();
}

/// These are keys of a demonstration: in clear.
Result<void> keep_key(const ledger::SigningKey& key, const std::filesystem::path& folder) {
  std::string file = key.name();
  for (char& c : file)
    if (c == '/') c = '-';
  return write_new_file(folder / (file + ".key"), ledger::write_key_file(key));
}

}  // namespace

Instant QuickenedClock::now() { return Instant::from_ms(start_ms_ + elapsed_ms(begun_)); }

void QuickenedClock::jump(Instant to) {
  const std::int64_t start = to.ms() - elapsed_ms(begun_);
  if (start > start_ms_) start_ms_ = start;
}

/// Names the parties in the opening; gives those that have a key, and its root.
std::vector<std::pair<ScenarioParty, ledger::SigningKey>> House::take_part(const Scenario& scenario, const Ending& ending,
                                                                           model::Opening& opening) {
  std::vector<std::pair<ScenarioParty, ledger::SigningKey>> with_key;
  for (const ScenarioParty& each : scenario.parties_in(ending)) {
    model::OpeningParty party;
    party.party = each.party;
    if (!each.desk.empty()) {
      with_key.emplace_back(each, ledger::SigningKey::generate(each.party.party + "/root", entropy_));
      party.root = with_key.back().second.verifier();
    }
    opening.parties.push_back(std::move(party));
  }
  return with_key;
}

Result<std::unique_ptr<House>> House::open(const Scenario& scenario, const Ending& ending, const std::filesystem::path& folder,
                                           std::uint16_t port, std::shared_ptr<QuickenedClock> clock,
                                           std::optional<Keeping> kept) {
  std::unique_ptr<House> house(new House(std::move(clock)));
  model::Opening opening;
  opening.origin = kept ? kept->key.name() : scenario.origin;
  opening.operator_name = scenario.operator_name;
  opening.time = model::TimeMode::quickened;
  opening.checkpoint_every = Millis::from_ms(100);
  auto with_key = house->take_part(scenario, ending, opening);
  std::optional<ledger::SigningKey> made;
  if (kept) {
    house->keeper_ = kept->keeper;
    opening.operator_name = kept->keeper;
    opening.direct = model::DirectLog{kept->keeper, {kept->other}};
    made = std::move(kept->key);
  }
  WB_TRY(policy, make_deployment(folder, opening, *house->clock_, house->entropy_, std::move(made)));
  house->policy_ = policy;
  house->folder_ = folder;
  const std::filesystem::path keys = folder / "keys";
  WB_TRY_VOID(make_folder(keys));
  for (const auto& [party, root] : with_key) WB_TRY_VOID(keep_key(root, keys));
  WB_TRY_VOID(house->serve(port));
  for (auto& [party, root] : with_key) WB_TRY_VOID(house->add_desk(party, keys, std::move(root)));
  return house;
}

Result<void> House::serve(std::uint16_t port) {
  WB_TRY(store, store::open_sqlite(folder_ / kStoreFile, store::Mode::write));
  store_ = std::move(store);
  WB_TRY(key_text, read_file(folder_ / kServerKeyFile, std::size_t{1} << 16));
  WB_TRY(server_key, ledger::read_key_file(key_text, {}));
  engine::Ports ports{*clock_, entropy_, *store_};
  const auto lost = [](const base::Refusal& why) {
    fail(why);
    std::_Exit(kNotNow);
  };
  WB_TRY(engine, engine::Engine::start(ports, std::move(server_key), engine::Limits{}, lost));
  engine_ = std::move(engine);
  api::Parts parts{*engine_, entropy_, steady_};
  net::ServerConfig config;
  config.port = port;
  WB_TRY(server, net::Server::listen(config, api::make_router(parts), steady_));
  server_ = std::move(server);
  return {};
}

House::~House() { close(); }

Result<client::Desk> House::open_desk(ledger::SigningKey key, client::Drawer* drawer) {
  client::DeskConfig config;
  config.client.server = url();
  return client::Desk::open(config, std::move(key), policy_, client::DeskPorts{*clock_, entropy_, drawer});
}

Result<void> House::add_desk(const ScenarioParty& party, const std::filesystem::path& keys, ledger::SigningKey root) {
  ledger::SigningKey key = ledger::SigningKey::generate(party.desk, entropy_);
  WB_TRY_VOID(keep_key(key, keys));
  WB_TRY(first, open_desk(std::move(root)));
  WB_TRY_VOID(add_key(first, key, "the desk of " + party.party.name, {}));
  if (party.party.role == model::Role::party) {
    const ledger::SigningKey feed = ledger::SigningKey::generate(party.party.party + "/feed-1", entropy_);
    WB_TRY_VOID(keep_key(feed, keys));
    WB_TRY_VOID(add_key(first, feed, "the feed of " + party.party.name, {"positions.reported"}));
    feeds_.emplace(party.party.party, feed.skey_text());
  }
  auto& tokens = tokens_[party.desk];
  tokens = std::make_unique<Tokens>();
  WB_TRY(desk, open_desk(std::move(key), tokens.get()));
  desks_.emplace(party.desk, std::move(desk));
  if (keeper_.empty()) return {};
  ledger::SigningKey cross = ledger::SigningKey::generate(party.party.party + "/cross-1", entropy_);
  WB_TRY_VOID(keep_key(cross, keys));
  WB_TRY_VOID(add_key(first, cross, "what " + party.party.party + " carries from log to log", {}));
  WB_TRY(crossing, open_desk(std::move(cross)));
  desks_.emplace(party.party.party + "/cross-1", std::move(crossing));
  return {};
}

Result<void> House::add_key(client::Desk& root, const ledger::SigningKey& key, const std::string& note,
                            std::vector<std::string> kinds) {
  client::Act act;
  act.kind = model::EntryKind::key_added;
  act.parts.push_back(
      client::ActPart{std::string(model::kFullPart), model::to_json(model::KeyAdded{key.verifier(), std::move(kinds), note})});
  WB_TRY_VOID(root.file(act));
  return {};
}

client::EventStream House::follow(const std::string& key_name) {
  client::ClientConfig config;
  config.server = url();
  auto made = client::Client::make(std::move(config));
  WB_CHECK(made.has_value());  // the desks speak with the same server
  made->set_token(tokens_.at(key_name)->kept);
  return client::EventStream(std::move(*made), "/v1/events");
}

std::optional<Instant> House::next_due() const {
  std::optional<Instant> next;
  engine_->view([&](const core::State& state) { next = core::next_due(state); });
  return next;
}

void House::settle() {
  engine_->poke();
  for (auto next = next_due(); next && *next <= clock_->now(); next = next_due())
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
}

void House::pass(Instant to) {
  for (auto next = next_due(); next && *next <= to; next = next_due()) {
    clock_->jump(*next);
    settle();
  }
  clock_->jump(to);
  settle();
}

void House::close() {
  desks_.clear();
  if (server_) server_->stop();
  if (engine_) engine_->stop();
}

}  // namespace wideberth::cli
