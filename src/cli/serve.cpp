// wideberth serve: the server.
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <memory>

#include "api/api.h"
#include "base/bytes.h"
#include "cli/cli.h"
#include "cli/deployment.h"
#include "cli/files.h"
#include "cli/server_log.h"
#include "cli/terminal.h"
#include "core/dump.h"
#include "engine/engine.h"
#include "json/writer.h"
#include "ledger/keyfile.h"
#include "net/server.h"
#include "net/system.h"
#include "store/sqlite.h"

namespace wideberth::cli {
namespace {

struct ServeOptions {
  std::string folder, listen = "127.0.0.1:8480", tls_cert, tls_key, state_dump, log = "json", metrics_token;
  bool json = false;
};

/// Runs evenly, whatever happens to the computer's idea of the time: for rates and sessions.
class EvenClock final : public base::Clock {
 public:
  explicit EvenClock(base::Instant from) : from_(from), began_(std::chrono::steady_clock::now()) {}
  base::Instant now() override {
    const auto passed = std::chrono::steady_clock::now() - began_;
    return from_ + base::Millis::from_ms(std::chrono::duration_cast<std::chrono::milliseconds>(passed).count());
  }

 private:
  const base::Instant from_;
  const std::chrono::steady_clock::time_point began_;
};

/// The signals that a server heeds, taken from a descriptor: nothing of ours runs inside a signal handler. Blocked before any
/// thread starts, so that every thread leaves them alone.
class Signals {
 public:
  Signals() {
    sigemptyset(&heeded_);
    for (const int each : {SIGTERM, SIGINT, SIGUSR1}) sigaddset(&heeded_, each);
    pthread_sigmask(SIG_BLOCK, &heeded_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    from_ = ::signalfd(-1, &heeded_, SFD_CLOEXEC);
  }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;
  ~Signals() { ::close(from_); }

  /// The next signal.
  int wait() const {
    ::signalfd_siginfo info{};
    while (::read(from_, &info, sizeof info) != static_cast<::ssize_t>(sizeof info)) {
    }
    return static_cast<int>(info.ssi_signo);
  }

 private:
  ::sigset_t heeded_{};
  int from_ = -1;
};

Result<net::ServerConfig> read_listen(const ServeOptions& given) {
  net::ServerConfig config;
  const std::size_t colon = given.listen.rfind(':');
  const std::string_view port_text = colon == std::string::npos ? "" : std::string_view(given.listen).substr(colon + 1);
  const auto port = base::parse_decimal(port_text, 65'535);
  std::string address = given.listen.substr(0, colon);
  if (address.size() > 2 && address.front() == '[' && address.back() == ']') address = address.substr(1, address.size() - 2);
  if (!port || address.empty())
    return refuse(Rule::address_unusable, "found \"" + base::excerpt(given.listen) + "\"",
                  "ADDRESS:PORT, such as 127.0.0.1:8480 or [::1]:8480; port 0 is a free one", "--listen");
  config.address = std::move(address);
  config.port = static_cast<std::uint16_t>(*port);
  if (given.tls_cert.empty() != given.tls_key.empty())
    return refuse(Rule::address_unusable, "a certificate without its key, or a key without its certificate",
                  "--tls-cert and --tls-key together", "--tls-cert");
  if (!given.tls_cert.empty()) config.tls = net::TlsFiles{given.tls_cert, given.tls_key};
  return config;
}

bool is_loopback(const std::string& address) { return address == "::1" || address.starts_with("127."); }

std::string text_of(const Refusal& refusal) { return base::to_text(refusal); }

/// A lost store ends the process at once: nothing is retried and nobody is told yes. What was answered is on the disk.
[[noreturn]] void end_without_store(const Refusal& why) {
  log_error("store_lost", {{"why", text_of(why)}});
  std::_Exit(kNotNow);
}

void dump_state(const engine::Engine& engine, const std::string& file) {
  if (file.empty()) return log_error("state_dump", {{"why", "--state-dump was not given"}});
  std::string text;
  std::uint64_t size = 0;
  engine.view([&](const core::State& state) {
    text = core::dump(state);
    size = state.tree.size();
  });
  if (const auto written = replace_file(file, text); !written)
    log_error("state_dump", {{"why", text_of(written.error())}});
  else
    log_info("state_dump", {{"file", file}, {"size", std::to_string(size)}});
}

struct Parts {
  std::unique_ptr<store::Store> store;
  std::unique_ptr<engine::Engine> engine;
};

Result<Parts> start_engine(const ServeOptions& given, base::Clock& clock, base::Entropy& entropy) {
  const std::filesystem::path folder = given.folder;
  Parts parts;
  store::SqliteOptions soon;
  soon.check_later = true;  // the engine's start sees to it
  WB_TRY(store, store::open_sqlite(folder / kStoreFile, store::Mode::write, soon));
  parts.store = std::move(store);
  WB_TRY(opening, read_opening(*parts.store));
  WB_TRY_VOID(check_real_time(opening));
  WB_TRY(secret, read_file(folder / kServerKeyFile, 16 * 1024));
  auto key = ledger::read_key_file(secret);
  ledger::wipe(secret);
  if (!key) {
    key.error().where = (folder / kServerKeyFile).string();
    return tl::make_unexpected(std::move(key).error());
  }
  Progress progress("Reading the log " + opening.origin);
  WB_TRY(engine, engine::Engine::start({clock, entropy, *parts.store}, std::move(*key), {}, end_without_store,
                                       [&](std::uint64_t done, std::uint64_t of) { progress.show(done, of); }));
  parts.engine = std::move(engine);
  return parts;
}

/// What the person who started it reads; scripts take the address from the first line.
void announce(const net::Server& server, const net::ServerConfig& config, const engine::Engine& engine, bool json) {
  std::string origin, size;
  engine.view([&](const core::State& state) {
    origin = state.opening ? state.opening->origin : "";
    size = std::to_string(state.tree.size());
  });
  if (json) {
    json::Writer writer;
    writer.begin_object().key("serving").string(server.url()).key("log").string(origin);
    say(writer.key("size").raw(size).key("pid").integer(::getpid()).end_object().take());
  } else {
    say("Serving " + server.url());
  }
  std::fflush(stdout);
  log_info("serving", {{"address", server.url()}, {"log", origin}, {"size", size}, {"pid", std::to_string(::getpid())}});
  if (!is_loopback(config.address))
    log_info("open_to_the_network", {{"address", config.address},
                                     {"means", "other machines can reach this address; reads need a session"},
                                     {"tls", config.tls ? "yes" : "no: what is read travels in the clear"}});
}

/// The first line of the file; at least 16 bytes, so that nobody guesses it.
Result<std::string> read_token(const std::string& file) {
  if (file.empty()) return std::string();
  WB_TRY(text, read_file(file, 4096));
  std::string token = text.substr(0, text.find('\n'));
  const bool plain = std::all_of(token.begin(), token.end(), [](char each) { return each > ' ' && each < '\x7f'; });
  if (plain && token.size() >= 16) return token;
  return refuse(Rule::address_unusable, "a token of " + std::to_string(token.size()) + " bytes",
                "a line of 16 bytes or more, readable ASCII without spaces", file);
}

Result<void> run_server(const ServeOptions& given, const net::ServerConfig& config, const Signals& signals) {
  net::keep_memory();
  net::SystemClock clock;
  net::SystemEntropy entropy;
  EvenClock even(clock.now());
  WB_TRY(token, read_token(given.metrics_token));
  WB_TRY(parts, start_engine(given, clock, entropy));
  api::Parts api_parts{*parts.engine, entropy, even, {}, std::move(token)};
  WB_TRY(server, net::Server::listen(config, api::make_router(api_parts), clock));
  announce(*server, config, *parts.engine, given.json);
  for (;;) {
    const int signal = signals.wait();
    if (signal == SIGUSR1) {
      dump_state(*parts.engine, given.state_dump);
      continue;
    }
    log_info("stopping", {{"signal", signal == SIGTERM ? "SIGTERM" : "SIGINT"}});
    break;
  }
  const net::ServerCounts counts = server->counts();
  // The server first: answers in flight still leave, and nobody asks the engine any more. Then what was taken is committed.
  server->stop();
  server.reset();
  parts.engine->stop();
  std::string size;
  parts.engine->view([&](const core::State& state) { size = std::to_string(state.tree.size()); });
  log_info("stopped",
           {{"size", size}, {"requests", std::to_string(counts.requests)}, {"refused", std::to_string(counts.refused)}});
  return {};
}

}  // namespace

void add_serve(Command& program) {
  const auto given = std::make_shared<ServeOptions>();
  Command command = program.add("serve", "Serve a log over HTTP");
  command.option({.name = "DIR", .help = "the folder that init made", .required = true}, given->folder)
      .option({.name = "--listen",
               .value = "ADDRESS:PORT",
               .help = "127.0.0.1:8480 where not given: this machine alone; port 0 is a free one"},
              given->listen)
      .option({.name = "--tls-cert", .value = "FILE", .help = "serve HTTPS with this certificate (PEM, leaf first)"},
              given->tls_cert)
      .option({.name = "--tls-key", .value = "FILE", .help = "the certificate's key (PEM)"}, given->tls_key)
      .option({.name = "--state-dump", .value = "FILE", .help = "where SIGUSR1 has the whole state written"}, given->state_dump)
      .option({.name = "--log", .value = "json|text", .help = "the running log: JSON lines where not given"}, given->log)
      .option(
          {.name = "--metrics-token", .value = "FILE", .help = "/metrics for who shows this token, rather than for this machine"},
          given->metrics_token)
      .flag({.name = "--json", .help = "print the line that says that it is ready as JSON"}, given->json)
      .foot(
          "Example: wideberth serve log --listen 192.0.2.7:8480 --tls-cert cert.pem --tls-key key.pem\n"
          "Prints one line with the address when it is ready; its running log goes to the standard error, a line an event.\n"
          "SIGTERM and SIGINT stop it: everything accepted is committed first.\n")
      .action([given] {
        const auto config = read_listen(*given);
        if (!config) return wrong_usage(config.error(), given->json);
        if (given->log != "json" && given->log != "text")
          return wrong_usage("--log: found \"" + given->log + "\"; json or text is needed.", given->json);
        set_log_form(given->log == "json" ? LogForm::json : LogForm::text);
        const Signals signals;
        const auto run = run_server(*given, *config, signals);
        return run ? kDone : fail(run.error(), given->json);
      });
}

}  // namespace wideberth::cli
