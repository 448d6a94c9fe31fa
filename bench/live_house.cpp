#include "live_house.h"

#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <csignal>
#include <ctime>
#include <stdexcept>

#include "api/api.h"
#include "base/bytes.h"
#include "engine/engine.h"
#include "json/reader.h"
#include "json/writer.h"
#include "ledger/entry.h"
#include "ledger/note.h"
#include "model/opening.h"
#include "model/position_batch.h"
#include "net/server.h"
#include "net/system.h"
#include "store/sqlite.h"

namespace wideberth::bench {
namespace {

constexpr base::Millis kLong = base::Millis::from_seconds(60);

template <class T>
T must(base::Result<T> result) {
  if (!result) throw std::runtime_error(to_text(result.error()));
  if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// Ties this process to the n-th of the cores that it might use at first, or to the last: those that an earlier call left out are
/// there again.
void take_core(int nth) {
  static const ::cpu_set_t may = [] {
    ::cpu_set_t at_first{};
    ::sched_getaffinity(0, sizeof at_first, &at_first);
    return at_first;
  }();
  ::cpu_set_t one{};
  CPU_ZERO(&one);
  int last = -1;
  for (int core = 0; core < CPU_SETSIZE && nth >= 0; ++core)
    if (CPU_ISSET(static_cast<std::size_t>(core), &may)) {
      last = core;
      --nth;
    }
  if (last < 0) return;
  CPU_SET(static_cast<std::size_t>(last), &one);
  ::sched_setaffinity(0, sizeof one, &one);
}

model::Opening opening_of() {
  model::Opening opening;
  opening.origin = kHouseOrigin;
  opening.server = bench_key(kHouseOrigin).verifier();
  opening.operator_name = "Bench (invented)";
  for (const char* party : {"blue", "red"})
    opening.parties.push_back({{party, model::Role::party, party}, bench_key(std::string(party) + "/root").verifier()});
  return opening;
}

[[noreturn]] void serve(const std::filesystem::path& folder, int say, int until) {
  net::keep_memory();
  net::SystemClock clock;
  net::SystemEntropy entropy;
  const auto key = [] { return bench_key(kHouseOrigin); };
  const bool there = std::filesystem::exists(folder / "log.db");
  store::SqliteOptions options;
  options.check_later = true;
  const auto store = must(store::open_sqlite(folder / "log.db", there ? store::Mode::write : store::Mode::create, options));
  const engine::Ports ports{clock, entropy, *store};
  if (!there) must(engine::Engine::open_log(ports, key(), opening_of()));
  const auto engine = must(engine::Engine::start(ports, key(), {}, [](const base::Refusal&) { std::_Exit(3); }));
  api::Parts parts{*engine, entropy, clock, {}};
  auto server = must(net::Server::listen({}, api::make_router(parts), clock));
  const std::uint16_t port = server->port();
  if (::write(say, &port, sizeof port) != sizeof port) std::_Exit(3);
  char end = 0;
  while (::read(until, &end, 1) > 0) {
  }
  server->stop();
  server.reset();
  engine->stop();
  std::_Exit(0);
}

}  // namespace

TemporaryFolder::TemporaryFolder(const std::string& given)
    : path(given.empty() ? std::filesystem::temp_directory_path() / ("wideberth-bench-" + std::to_string(::getpid()))
                         : std::filesystem::path(given)) {
  std::filesystem::create_directories(path);
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path, ignored);
}

ledger::SigningKey bench_key(const std::string& name) {
  return must(ledger::SigningKey::from_seed(name, ledger::sha256("bench key " + name).view()));
}

House::House(const std::filesystem::path& folder, bool pinned) {
  if (pinned) take_core(1);  // before the server's process begins, so that both choose from the same cores
  int say[2], until[2];
  if (::pipe(say) != 0 || ::pipe(until) != 0) throw std::runtime_error("no pipe");
  child_ = ::fork();
  if (child_ < 0) throw std::runtime_error("no process");
  if (child_ == 0) {
    ::close(say[0]);
    ::close(until[1]);
    if (pinned) take_core(0);
    try {
      serve(folder, say[1], until[0]);
    } catch (const std::exception& why) {
      std::fprintf(stderr, "the server: %s\n", why.what());
      std::_Exit(3);
    }
  }
  ::close(say[1]);
  ::close(until[0]);
  until_ = until[1];
  const bool said = ::read(say[0], &port_, sizeof port_) == sizeof port_;
  ::close(say[0]);
  if (!said) throw std::runtime_error("the server did not start");
}

House::~House() {
  ::close(until_);
  int how = 0;
  ::waitpid(child_, &how, 0);
}

double House::cpu_seconds() const {
  ::clockid_t clock{};
  ::timespec ran{};
  if (::clock_getcpuclockid(child_, &clock) != 0 || ::clock_gettime(clock, &ran) != 0)
    throw std::runtime_error("no clock of the server");
  return static_cast<double>(ran.tv_sec) + static_cast<double>(ran.tv_nsec) * 1e-9;
}

Line::Line(std::uint16_t port) : wire_{must(net::Wire::dial({.host = "127.0.0.1", .port = port}))} {}

void Line::send(const std::string& bytes) { must(wire_.send(bytes, kLong)); }

std::string Line::answer() {
  parser_.expect(false);
  must(parser_.advance());
  while (!parser_.whole()) {
    const net::Received received = must(wire_.receive(kLong));
    if (received.ended || received.timed_out) throw std::runtime_error("no answer");
    parser_.add(received.bytes);
    must(parser_.advance());
  }
  std::string body = parser_.take_body();
  if (parser_.status() != 200) throw std::runtime_error(body);
  return body;
}

std::string filing(std::uint16_t port, const std::string& line) {
  return "POST /v1/entries HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) +
         "\r\nContent-Type: application/x-ndjson\r\nContent-Length: " + std::to_string(line.size()) + "\r\n\r\n" + line;
}

std::string Pen::line(model::EntryKind kind, std::string full, std::vector<std::string> to, std::vector<base::EntryIndex> refs,
                      std::string corridor) {
  const bool batch = kind == model::EntryKind::positions_reported;
  ledger::EntryText text;
  text.origin = kHouseOrigin;
  text.kind = std::string(model::name_of(kind));
  text.signer = key_.name();
  text.number = ++number_;
  text.previous = previous_;
  text.at = net::SystemClock().now();
  text.to = std::move(to);
  text.refs = std::move(refs);
  json::Writer parts;
  parts.begin_array();
  const auto add = [&](std::string_view name, std::string content) {
    const std::string bytes = batch ? std::move(content) : ledger::pad_to_class(std::move(content));
    const std::string salt(ledger::sha256("bench salt " + key_.name() + std::to_string(number_) + std::string(name)).view());
    text.parts.push_back({std::string(name), batch ? std::string(model::kPositionsMediaType) : "application/json", bytes.size(),
                          batch ? must(model::positions_commitment(salt, bytes)) : ledger::commitment_of(salt, bytes)});
    parts.begin_object().key("salt").string(base::to_base64(salt)).key("bytes").string(base::to_base64(bytes)).end_object();
  };
  add(model::kFullPart, std::move(full));
  if (!corridor.empty()) add(model::kCorridorPart, std::move(corridor));
  const std::string plain = must(ledger::checked_text(text));
  previous_ = ledger::text_hash(plain);
  json::Writer w;
  w.begin_object().key("note").string(ledger::sign_note(plain, key_)).key("parts").raw(parts.end_array().take());
  return w.end_object().take() + "\n";
}

client::Client session_of(std::uint16_t port, const ledger::SigningKey& key) {
  client::ClientConfig config;
  config.server = fmt::format("http://127.0.0.1:{}", port);
  auto client = must(client::Client::make(config));
  const auto word = [](const client::Answer& answer, std::string_view name) {
    const auto tree = must(answer.as_json());
    return std::string(must(must(json::Reader(tree).member(name)).string(4096)));
  };
  const auto challenge = must(client.post("/v1/challenges", "{\"key\":\"" + key.name() + "\"}"));
  json::Writer w;
  w.begin_object().key("note").string(ledger::sign_note(word(challenge, "challenge"), key)).end_object();
  client.set_token(word(must(client.post("/v1/sessions", w.take())), "token"));
  return client;
}

}  // namespace wideberth::bench
