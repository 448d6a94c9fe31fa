// The one place with Asio. Session coroutines are free functions that own what they use; no brace stands inside a co_await
// expression (g++ 12 corrupts such temporaries).
#if defined(__SANITIZE_THREAD__)
// The thread sanitizer does not know bare fences, and says so; Asio's locks, which it knows, order what the threads share.
#define BOOST_ASIO_DISABLE_FENCED_BLOCK 1
#endif

#include "net/server.h"

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <thread>

#include "http/problem.h"
#include "net/connection.h"
#include "net/tls.h"

#if defined(__GNUC__) && !defined(__clang__)
// At -O1 g++ 12 takes the frame's own operator new, once inlined, for another than its operator delete.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

namespace wideberth::net {

namespace asio = boost::asio;
using base::Refusal;
using base::Rule;
using boost::system::error_code;

// Concrete all the way: the type-erased executor of Asio's default costs more than the parsing does.
using Executor = asio::io_context::executor_type;
using Tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using Acceptor = asio::basic_socket_acceptor<Tcp, Executor>;
using SteadyTimer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
using TlsStream = asio::ssl::stream<Socket>;
using Token = asio::use_awaitable_t<Executor>;
template <class T>
using Task = asio::awaitable<T, Executor>;

struct Server::Core final : Hub {
  Core(const ServerConfig& config, http::Router router_in, base::Clock& clock_in)
      : Hub(config.limits, std::move(router_in), clock_in), address(config.address) {}

  void run_there(std::function<void()> work) override { asio::dispatch(io, std::move(work)); }
  void run_later(std::function<void()> work) override { asio::post(io, std::move(work)); }

  const std::string address;
  asio::io_context io{1};
  std::optional<asio::ssl::context> tls{};
  Acceptor acceptor{io};
  SteadyTimer ticker{io};
  std::uint16_t port = 0;
  std::optional<Moment> stop_by{};
  std::thread thread{};
  std::once_flag stopped{};
};

/// A name that the Server's friends share.
struct ServerParts {
  using Core = Server::Core;
  static Result<void> open(Core& core, const ServerConfig& config);
};
using Core = ServerParts::Core;

// Not in the anonymous namespace: g++ 12 will not have a coroutine's frame hold such a type.
template <class Stream>
class Link final : public Connection {
 public:
  template <class... Arguments>
  Link(const std::shared_ptr<Core>& core, std::string peer, Socket socket, Arguments&&... arguments)
      : Connection(core, std::move(peer)), stream(std::move(socket), std::forward<Arguments>(arguments)...), resume(core->io) {
    resume.expires_at(Moment::max());
  }
  std::shared_ptr<Link> self() { return std::static_pointer_cast<Link>(shared_from_this()); }
  static constexpr bool kTls = std::is_same_v<Stream, TlsStream>;

  Stream stream;
  SteadyTimer resume;  ///< never due: cancelled to wake the reader

 private:
  void write_some(std::string_view bytes) override {
    stream.async_write_some(asio::buffer(bytes.data(), bytes.size()),
                            [link = self()](const error_code& error, std::size_t n) { link->written(n, error.failed()); });
  }
  void shut_output() override {
    if constexpr (kTls) {
      stream.async_shutdown([link = self()](const error_code&) { link->close(); });
    } else {
      error_code error;
      stream.shutdown(Socket::shutdown_send, error);
      if (error) close();
    }
  }
  void close_socket() override {
    error_code error;
    stream.lowest_layer().close(error);
  }
  void wake_reader() override { resume.cancel(); }
};

/// Reads from one peer until it has no more to say, or we no longer listen.
template <class Stream>
Task<void> converse(std::shared_ptr<Link<Stream>> link) {
  const Token token;
  error_code error;
  std::array<char, 16 * 1024> buffer;
  if constexpr (Link<Stream>::kTls) {
    co_await link->stream.async_handshake(asio::ssl::stream_base::server, asio::redirect_error(token, error));
    if (error) link->close();
  }
  if (!link->closed()) link->opened();
  while (!link->closed()) {
    if (link->paused()) {
      co_await link->resume.async_wait(asio::redirect_error(token, error));
      continue;
    }
    const std::size_t n = co_await link->stream.async_read_some(asio::buffer(buffer), asio::redirect_error(token, error));
    if (error) {
      link->input_ended();
      break;
    }
    link->arrived(std::string_view(buffer.data(), n));
  }
  // Who has no more questions may still wait for answers: this frame keeps the connection.
  while (!link->closed()) co_await link->resume.async_wait(asio::redirect_error(token, error));
}

namespace {

/// What a coroutine threw is a bug or a lost machine: it ends the process, by way of the I/O thread.
void rethrow(std::exception_ptr fault) {
  if (fault) std::rethrow_exception(fault);
}

/// Said in one breath, without waiting: who floods us does not get a connection's care.
void turn_away(const std::shared_ptr<Core>& core, Socket& socket) {
  ++core->turned_away;
  error_code error;
  if (!core->tls) {
    http::Manner manner;
    manner.keep_alive = false;
    manner.date = core->clock.now();
    const std::string bytes = http::to_bytes(http::problem(Refusal{Rule::server_full, "", "", ""}), manner);
    socket.non_blocking(true, error);
    socket.write_some(asio::buffer(bytes), error);
  }
  socket.shutdown(Socket::shutdown_both, error);
  socket.close(error);
}

void welcome(const std::shared_ptr<Core>& core, Socket socket) {
  error_code error;
  const auto remote = socket.remote_endpoint(error);
  if (error) return;  // gone already
  std::string peer = remote.address().to_string();
  const auto seat = core->peers.find(peer);
  const std::size_t of_peer = seat == core->peers.end() ? 0 : seat->second;
  if (core->connections.size() >= core->limits.most_connections || of_peer >= core->limits.most_connections_per_peer)
    return turn_away(core, socket);
  ++core->accepted;
  socket.set_option(Tcp::no_delay(true), error);
  if (core->tls)
    asio::co_spawn(core->io, converse(std::make_shared<Link<TlsStream>>(core, std::move(peer), std::move(socket), *core->tls)),
                   rethrow);
  else
    asio::co_spawn(core->io, converse(std::make_shared<Link<Socket>>(core, std::move(peer), std::move(socket))), rethrow);
}

Task<void> accept_all(std::shared_ptr<Core> core) {
  const Token token;
  error_code error;
  SteadyTimer pause(core->io);
  while (core->acceptor.is_open()) {
    Socket socket = co_await core->acceptor.async_accept(asio::redirect_error(token, error));
    if (!core->acceptor.is_open()) break;
    if (!error) {
      welcome(core, std::move(socket));
      continue;
    }
    // Out of file descriptors, most likely: those who are here go on, and room may come.
    pause.expires_after(std::chrono::milliseconds(100));
    co_await pause.async_wait(asio::redirect_error(token, error));
  }
}

std::vector<std::shared_ptr<Connection>> all_connections(Core& core) {
  std::vector<std::shared_ptr<Connection>> all;
  all.reserve(core.connections.size());
  for (Connection* each : core.connections)
    if (auto held = each->weak_from_this().lock()) all.push_back(std::move(held));
  return all;
}

/// The one watch over every time limit; the last to leave when the server stops.
Task<void> sweep_all(std::shared_ptr<Core> core) {
  const Token token;
  error_code error;
  while (!core->stopping || !core->connections.empty()) {
    const auto wait = core->stopping ? std::min<std::int64_t>(core->limits.sweep.ms(), 20) : core->limits.sweep.ms();
    core->ticker.expires_after(std::chrono::milliseconds(wait));
    co_await core->ticker.async_wait(asio::redirect_error(token, error));
    const Moment now = std::chrono::steady_clock::now();
    const bool over = core->stop_by && now > *core->stop_by;
    for (const auto& each : all_connections(*core)) over ? each->close() : each->sweep(now);
  }
}

}  // namespace

Result<void> ServerParts::open(Core& core, const ServerConfig& config) {
  const std::string where = config.address + ":" + std::to_string(config.port);
  const auto unusable = [&](const error_code& error, const std::string& accepted) {
    return base::refuse(Rule::address_unusable, "cannot listen: " + error.message(), accepted, where);
  };
  error_code error;
  const auto address = asio::ip::make_address(config.address, error);
  if (error) return unusable(error, "an IP address of this machine, such as 127.0.0.1, ::1 or 0.0.0.0");
  if (config.tls) {
    core.tls.emplace(asio::ssl::context::tls_server);
    if (!harden(core.tls->native_handle()))
      return base::refuse(Rule::address_unusable, "TLS 1.2 is not to be had: " + tls_complaint());
    WB_TRY_VOID(load_identity(core.tls->native_handle(), *config.tls));
  }
  const Tcp::endpoint endpoint(address, config.port);
  core.acceptor.open(endpoint.protocol(), error);
  if (!error) core.acceptor.set_option(Acceptor::reuse_address(true), error);
  if (!error) core.acceptor.bind(endpoint, error);
  if (!error) core.acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) return unusable(error, "an address of this machine with a port that is free and not below 1024");
  core.port = core.acceptor.local_endpoint(error).port();
  return {};
}

Result<std::unique_ptr<Server>> Server::listen(const ServerConfig& config, http::Router router, base::Clock& clock) {
  auto core = std::make_shared<Core>(config, std::move(router), clock);
  WB_TRY_VOID(ServerParts::open(*core, config));
  asio::co_spawn(core->io, accept_all(core), rethrow);
  asio::co_spawn(core->io, sweep_all(core), rethrow);
  // Run until nothing is left to do, which is only after a stop: no coroutine is ever abandoned half-way.
  core->thread = std::thread([running = core.get()] { running->io.run(); });
  return std::unique_ptr<Server>(new Server(std::move(core)));
}

Server::Server(std::shared_ptr<Core> core) : core_(std::move(core)) {}

Server::~Server() { stop(); }

std::uint16_t Server::port() const { return core_->port; }

std::string Server::url() const {
  const bool six = core_->address.find(':') != std::string::npos;
  return std::string(core_->tls ? "https://" : "http://") + (six ? "[" + core_->address + "]" : core_->address) + ":" +
         std::to_string(core_->port);
}

void Server::stop() {
  std::call_once(core_->stopped, [&core = *core_] {
    asio::post(core.io, [&core] {
      core.stopping = true;
      core.stop_by = std::chrono::steady_clock::now() + std::chrono::milliseconds(core.limits.stop_time.ms());
      error_code error;
      core.acceptor.close(error);
      for (const auto& each : all_connections(core)) each->begin_stop();
      core.ticker.cancel();
    });
    core.thread.join();
    // A reply still under way on a handler's thread keeps this core, and with it the router: what the handlers stand on may go
    // once we return.
    core.router.close();
  });
}

ServerCounts Server::counts() const {
  return ServerCounts{core_->open, core_->accepted, core_->turned_away, core_->requests, core_->refused, core_->timed_out};
}

}  // namespace wideberth::net

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
