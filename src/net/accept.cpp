#include "net/accept.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "net/tls.h"

namespace wideberth::net {

using base::refuse;
using base::Rule;

namespace {

constexpr Millis kHandshake = Millis::from_seconds(5);
constexpr int kBacklog = 64;

struct Address {
  sockaddr_storage bytes{};
  socklen_t size = 0;
  bool is_group = false;
};

std::optional<Address> read_address(const std::string& text, std::uint16_t port) {
  Address address;
  auto* four = reinterpret_cast<sockaddr_in*>(&address.bytes);
  auto* six = reinterpret_cast<sockaddr_in6*>(&address.bytes);
  if (::inet_pton(AF_INET, text.c_str(), &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    four->sin_port = ::htons(port);
    address.size = sizeof *four;
    address.is_group = (::ntohl(four->sin_addr.s_addr) >> 28) == 0xE;
    return address;
  }
  if (::inet_pton(AF_INET6, text.c_str(), &six->sin6_addr) == 1) {
    six->sin6_family = AF_INET6;
    six->sin6_port = ::htons(port);
    address.size = sizeof *six;
    address.is_group = six->sin6_addr.s6_addr[0] == 0xFF;
    return address;
  }
  return {};
}

Result<int> bound(const std::string& text, std::uint16_t port, int type) {
  const std::string place = text + ":" + std::to_string(port);
  const auto address = read_address(text, port);
  if (!address) return refuse(Rule::address_unusable, "\"" + text + "\" is no address", "an IP address, such as 0.0.0.0", place);
  const int fd = ::socket(address->bytes.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  const auto give_up = [&]() -> Result<int> {
    const std::string why = std::strerror(errno);
    if (fd >= 0) ::close(fd);
    return refuse(Rule::address_unusable, why, "an address and a port of this machine that are free", place);
  };
  if (fd < 0) return give_up();
  const int on = 1;
  ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(fd, reinterpret_cast<const sockaddr*>(&address->bytes), address->size) != 0) return give_up();
  if (address->is_group && address->bytes.ss_family == AF_INET) {
    ip_mreq group{};
    group.imr_multiaddr = reinterpret_cast<const sockaddr_in*>(&address->bytes)->sin_addr;
    if (::setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP, &group, sizeof group) != 0) return give_up();
  } else if (address->is_group) {
    ipv6_mreq group{};
    group.ipv6mr_multiaddr = reinterpret_cast<const sockaddr_in6*>(&address->bytes)->sin6_addr;
    if (::setsockopt(fd, IPPROTO_IPV6, IPV6_JOIN_GROUP, &group, sizeof group) != 0) return give_up();
  }
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_storage bytes{};
  socklen_t size = sizeof bytes;
  if (::getsockname(fd, reinterpret_cast<sockaddr*>(&bytes), &size) != 0) return 0;
  return ::ntohs(bytes.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6*>(&bytes)->sin6_port
                                             : reinterpret_cast<sockaddr_in*>(&bytes)->sin_port);
}

bool ready(int fd, Millis within) {
  pollfd waiting{fd, POLLIN, 0};
  return ::poll(&waiting, 1, static_cast<int>(within.ms())) > 0;
}

}  // namespace

struct Listener::State {
  int fd = -1;
  std::unique_ptr<SSL_CTX, FreeTls> context{};
  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (fd >= 0) ::close(fd);
  }
};

Listener::Listener(std::unique_ptr<State> state) : state_(std::move(state)) {}
Listener::Listener(Listener&&) noexcept = default;
Listener& Listener::operator=(Listener&&) noexcept = default;
Listener::~Listener() = default;

Result<Listener> Listener::open(const ListenAt& at) {
  auto state = std::make_unique<State>();
  if (at.tls) {
    ERR_clear_error();
    state->context.reset(SSL_CTX_new(TLS_server_method()));
    if (!state->context || !harden(state->context.get()))
      return refuse(Rule::address_unusable, "TLS 1.2 is not to be had: " + tls_complaint());
    WB_TRY_VOID(load_identity(state->context.get(), *at.tls));
    if (!at.authorities.empty()) {
      if (SSL_CTX_load_verify_file(state->context.get(), at.authorities.c_str()) != 1) {
        return refuse(Rule::address_unusable, "the authorities cannot be read: " + tls_complaint(),
                      "a PEM file with their certificates", at.authorities);
      }
      SSL_CTX_set_verify(state->context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    }
  }
  WB_TRY(fd, bound(at.address, at.port, SOCK_STREAM));
  state->fd = fd;
  if (::listen(fd, kBacklog) != 0) return refuse(Rule::address_unusable, std::strerror(errno), "a free port");
  return Listener(std::move(state));
}

std::uint16_t Listener::port() const { return port_of(state_->fd); }

Result<std::optional<Wire>> Listener::accept(Millis within) {
  if (!ready(state_->fd, within)) return std::optional<Wire>{};
  const int fd = ::accept4(state_->fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) {
    // What went wrong with one that wanted to come in is no trouble of the listener's.
    if (errno == EBADF || errno == EINVAL || errno == ENOTSOCK) return refuse(Rule::address_unusable, std::strerror(errno));
    return std::optional<Wire>{};
  }
  return Wire::taken(fd, state_->context.get(), kHandshake);
}

Result<Datagrams> Datagrams::open(const std::string& address, std::uint16_t port) {
  WB_TRY(fd, bound(address, port, SOCK_DGRAM));
  return Datagrams(fd);
}

Datagrams::Datagrams(Datagrams&& other) noexcept : fd_{std::exchange(other.fd_, -1)} {}
Datagrams& Datagrams::operator=(Datagrams&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}
Datagrams::~Datagrams() {
  if (fd_ >= 0) ::close(fd_);
}

std::uint16_t Datagrams::port() const { return port_of(fd_); }

Result<std::optional<std::string>> Datagrams::receive(Millis within) {
  if (!ready(fd_, within)) return std::optional<std::string>{};
  std::string bytes(64 * 1024, '\0');
  const ssize_t count = ::recv(fd_, bytes.data(), bytes.size(), 0);
  if (count < 0) return std::optional<std::string>{};
  bytes.resize(static_cast<std::size_t>(count));
  return std::optional(std::move(bytes));
}

}  // namespace wideberth::net
