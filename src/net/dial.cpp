#include "net/dial.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

#include "base/bytes.h"
#include "net/tls.h"

namespace wideberth::net {

using base::Refusal;
using base::refuse;
using base::Rule;

namespace {

using SteadyClock = std::chrono::steady_clock;

class Deadline {
 public:
  explicit Deadline(Millis within) : at_(SteadyClock::now() + std::chrono::milliseconds(within.ms())) {}
  int left_ms() const {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(at_ - SteadyClock::now()).count();
    return static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000'000));
  }

 private:
  SteadyClock::time_point at_;
};

/// Waits until the socket can be read (or written); false where the time is over first.
bool wait_for(int fd, bool to_write, const Deadline& deadline) {
  for (;;) {
    pollfd waiting{fd, static_cast<short>(to_write ? POLLOUT : POLLIN), 0};
    const int left = deadline.left_ms();
    const int ready = ::poll(&waiting, 1, left);
    if (ready > 0) return true;
    if (ready == 0 && left == 0) return false;
    if (ready < 0 && errno != EINTR) return true;  // the next call on the socket says what is wrong
  }
}

std::string place_of(const Dial& to) {
  return (to.host.find(':') != std::string::npos ? "[" + to.host + "]" : to.host) + ":" + std::to_string(to.port);
}

tl::unexpected<Refusal> unreachable(const Dial& to, const std::string& why) {
  return refuse(Rule::server_unreachable, "no server answers at " + place_of(to) + " (" + why + ")",
                "a server that runs there and a network that leads there", place_of(to));
}

// OpenSSL's own socket BIO writes without MSG_NOSIGNAL, and a peer that hangs up would end the process.
int bio_write(BIO* bio, const char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const auto fd = static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
  const ssize_t n = ::send(fd, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(n);
}

int bio_read(BIO* bio, char* bytes, int size) {
  BIO_clear_retry_flags(bio);
  const auto fd = static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio)));
  const ssize_t n = ::recv(fd, bytes, static_cast<std::size_t>(size), 0);
  if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_read(bio);
  return static_cast<int>(n);
}

long bio_ctrl(BIO*, int command, long, void*) { return command == BIO_CTRL_FLUSH ? 1 : 0; }

BIO* socket_bio(int fd) {
  static BIO_METHOD* const method = [] {
    BIO_METHOD* made = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wideberth socket");
    BIO_meth_set_write(made, bio_write);
    BIO_meth_set_read(made, bio_read);
    BIO_meth_set_ctrl(made, bio_ctrl);
    return made;
  }();
  BIO* bio = BIO_new(method);
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(fd)));
  BIO_set_init(bio, 1);
  return bio;
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { ::freeaddrinfo(list); }
};
Result<int> connect_one(const Dial& to, const addrinfo& address, const Deadline& deadline) {
  const int fd = ::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return unreachable(to, std::strerror(errno));
  const auto give_up = [&](const std::string& why) {
    ::close(fd);
    return unreachable(to, why);
  };
  if (::connect(fd, address.ai_addr, address.ai_addrlen) != 0) {
    if (errno != EINPROGRESS) return give_up(std::strerror(errno));
    if (!wait_for(fd, true, deadline)) return give_up("no answer in time");
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) return give_up(std::strerror(error));
  }
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

Result<int> connect_any(const Dial& to, const Deadline& deadline) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* list = nullptr;
  if (const int error = ::getaddrinfo(to.host.c_str(), std::to_string(to.port).c_str(), &hints, &list); error != 0)
    return unreachable(to, error == EAI_NONAME ? "no such host" : ::gai_strerror(error));
  const std::unique_ptr<addrinfo, FreeAddresses> addresses(list);
  Result<int> last = unreachable(to, "no address");
  for (const addrinfo* each = list; each && !last; each = each->ai_next) last = connect_one(to, *each, deadline);
  return last;
}

}  // namespace

struct Wire::State {
  explicit State(int fd_in) : fd(fd_in) {}
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (tls && !broken) SSL_shutdown(tls.get());  // says goodbye; the answer is not waited for
    ::close(fd);
  }
  Result<void> begin_tls(const Dial& to, const Deadline& deadline);
  Result<void> check_pin(const Dial& to);
  tl::unexpected<Refusal> untrusted(const Dial& to);

  const int fd;
  std::unique_ptr<SSL_CTX, FreeTls> context{};
  std::unique_ptr<SSL, FreeTls> tls{};
  bool broken = false;
};

tl::unexpected<Refusal> Wire::State::untrusted(const Dial& to) {
  const long verdict = SSL_get_verify_result(tls.get());
  const std::string why = verdict != X509_V_OK ? X509_verify_cert_error_string(verdict) : tls_complaint();
  return refuse(Rule::server_untrusted, "no trusted connection to " + place_of(to) + ": " + why,
                "a certificate for " + to.host + " from a trusted authority, or the certificate's pin", place_of(to));
}

/// A pin as fingerprint_of writes it: tools print fingerprints in capitals and with colons.
Result<std::string> plain_pin(std::string_view pin) {
  std::string digits;
  for (const char c : pin)
    if (c != ':') digits += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  const auto bytes = base::from_hex(digits);
  if (!bytes || bytes->size() != 32)
    return refuse(Rule::server_untrusted, "the pin \"" + base::excerpt(pin) + "\" is no fingerprint",
                  "the certificate's SHA-256: 64 hexadecimal digits, with colons or without");
  return base::to_hex(*bytes);
}

Result<void> Wire::State::check_pin(const Dial& to) {
  WB_TRY(pin, plain_pin(to.trust.pin));
  const std::unique_ptr<X509, FreeTls> shown(SSL_get1_peer_certificate(tls.get()));
  const std::string found = shown ? fingerprint_of(shown.get()) : std::string("no certificate");
  if (found == pin) return {};
  return refuse(Rule::server_untrusted, "the server at " + place_of(to) + " shows another certificate: " + found, pin,
                place_of(to));
}

Result<void> Wire::State::begin_tls(const Dial& to, const Deadline& deadline) {
  ERR_clear_error();
  context.reset(SSL_CTX_new(TLS_client_method()));
  if (!context || !harden(context.get())) return refuse(Rule::server_untrusted, "TLS 1.2 is not to be had: " + tls_complaint());
  if (to.trust.pin.empty()) {
    const bool loaded = to.trust.authorities.empty() ? SSL_CTX_set_default_verify_paths(context.get()) == 1
                                                     : SSL_CTX_load_verify_file(context.get(), to.trust.authorities.c_str()) == 1;
    if (!loaded)
      return refuse(Rule::server_untrusted, "the authorities cannot be read: " + tls_complaint(),
                    "a PEM file with their certificates", to.trust.authorities);
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  }
  tls.reset(SSL_new(context.get()));
  if (!tls) return refuse(Rule::server_untrusted, tls_complaint());
  BIO* bio = socket_bio(fd);
  SSL_set_bio(tls.get(), bio, bio);
  in6_addr number{};
  const bool is_address =
      ::inet_pton(AF_INET, to.host.c_str(), &number) == 1 || ::inet_pton(AF_INET6, to.host.c_str(), &number) == 1;
  const bool named = is_address ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls.get()), to.host.c_str()) == 1
                                : SSL_set1_host(tls.get(), to.host.c_str()) == 1;
  if (!is_address)
    SSL_ctrl(tls.get(), SSL_CTRL_SET_TLSEXT_HOSTNAME, TLSEXT_NAMETYPE_host_name, const_cast<char*>(to.host.c_str()));
  if (!named)
    return refuse(Rule::server_untrusted, "no certificate can be for " + place_of(to), "a host's name or an IP address");
  for (;;) {
    const int done = SSL_connect(tls.get());
    if (done == 1) break;
    const int error = SSL_get_error(tls.get(), done);
    if (error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE) {
      broken = true;
      const bool hung_up = SSL_get_verify_result(tls.get()) == X509_V_OK && ERR_peek_error() == 0;
      if (hung_up) return unreachable(to, "it hung up before TLS began; does it speak https?");
      return untrusted(to);
    }
    if (!wait_for(fd, error == SSL_ERROR_WANT_WRITE, deadline)) {
      broken = true;
      return refuse(Rule::server_silent, place_of(to) + " was silent during the TLS handshake", "an answer", place_of(to));
    }
  }
  if (!to.trust.pin.empty()) return check_pin(to);
  return {};
}

Wire::Wire(std::unique_ptr<State> state) : state_(std::move(state)) {}
Wire::Wire(Wire&&) noexcept = default;
Wire& Wire::operator=(Wire&&) noexcept = default;
Wire::~Wire() = default;

Result<Wire> Wire::dial(const Dial& to) {
  if (to.tls && !to.trust.pin.empty()) WB_TRY_VOID(plain_pin(to.trust.pin));
  const Deadline deadline(to.within);
  WB_TRY(fd, connect_any(to, deadline));
  auto state = std::make_unique<State>(fd);
  if (to.tls) WB_TRY_VOID(state->begin_tls(to, deadline));
  return Wire(std::move(state));
}

std::optional<Wire> Wire::taken(int fd, void* context, Millis within) {
  auto state = std::make_unique<State>(fd);
  const int on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (context == nullptr) return Wire(std::move(state));
  const Deadline deadline(within);
  ERR_clear_error();
  state->tls.reset(SSL_new(static_cast<SSL_CTX*>(context)));
  if (!state->tls) return {};
  BIO* bio = socket_bio(fd);
  SSL_set_bio(state->tls.get(), bio, bio);
  for (;;) {
    const int done = SSL_accept(state->tls.get());
    if (done == 1) return Wire(std::move(state));
    const int error = SSL_get_error(state->tls.get(), done);
    const bool goes_on = error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE;
    if (!goes_on || !wait_for(fd, error == SSL_ERROR_WANT_WRITE, deadline)) {
      state->broken = true;
      return {};
    }
  }
}

Result<void> Wire::send(std::string_view bytes, Millis within) {
  while (!bytes.empty()) {
    const Deadline deadline(within);  // anew for each step forward
    ssize_t n = 0;
    bool to_write = true, fault = false;
    if (state_->tls) {
      ERR_clear_error();
      n = SSL_write(state_->tls.get(), bytes.data(), static_cast<int>(std::min<std::size_t>(bytes.size(), 16 * 1024)));
      const int error = n > 0 ? SSL_ERROR_NONE : SSL_get_error(state_->tls.get(), static_cast<int>(n));
      to_write = error != SSL_ERROR_WANT_READ;
      fault = error != SSL_ERROR_NONE && error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
    } else {
      n = ::send(state_->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      fault = n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR;
    }
    if (n > 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
    } else if (fault) {
      state_->broken = true;
      return refuse(Rule::server_unreachable, "the connection was cut while sending", "a server that stays");
    } else if (!wait_for(state_->fd, to_write, deadline)) {
      return refuse(Rule::server_silent, "the server took no byte for " + base::to_text(within), "a server that reads");
    }
  }
  return {};
}

Result<Received> Wire::receive(Millis within) {
  const Deadline deadline(within);
  std::array<char, 64 * 1024> buffer;
  for (;;) {
    ssize_t n = 0;
    bool to_write = false, fault = false;
    if (state_->tls) {
      ERR_clear_error();
      n = SSL_read(state_->tls.get(), buffer.data(), static_cast<int>(buffer.size()));
      const int error = n > 0 ? SSL_ERROR_NONE : SSL_get_error(state_->tls.get(), static_cast<int>(n));
      if (error == SSL_ERROR_ZERO_RETURN) return Received{{}, true, false};
      to_write = error == SSL_ERROR_WANT_WRITE;
      fault = error != SSL_ERROR_NONE && error != SSL_ERROR_WANT_READ && !to_write;
    } else {
      n = ::recv(state_->fd, buffer.data(), buffer.size(), 0);
      if (n == 0) return Received{{}, true, false};
      fault = n < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR;
    }
    if (n > 0) return Received{std::string(buffer.data(), static_cast<std::size_t>(n)), false, false};
    if (fault) {
      state_->broken = true;
      return refuse(Rule::server_unreachable, "the connection was cut while an answer was awaited", "a server that stays");
    }
    if (!wait_for(state_->fd, to_write, deadline)) return Received{{}, false, true};
  }
}

void Wire::end_output() {
  if (!state_->tls) ::shutdown(state_->fd, SHUT_WR);
}

}  // namespace wideberth::net
