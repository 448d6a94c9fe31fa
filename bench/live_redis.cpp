// Redis as a peer: its own server in a temporary folder, spoken to in RESP over a unix socket.
#include <fmt/format.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <thread>

#include "live.h"
#include "measure.h"

namespace wideberth::bench {
namespace {

constexpr const char* kProgram = "/usr/bin/redis-server";
constexpr std::size_t kInOneWrite = 64;

class Redis final : public NearPeer {
 public:
  Redis() {
    if (!std::filesystem::exists(kProgram)) throw PeerUnavailable{"redis_geosearch: redis-server is not installed"};
    folder_ = (std::filesystem::temp_directory_path() / "wideberth-bench-XXXXXX").string();
    if (mkdtemp(folder_.data()) == nullptr) throw PeerUnavailable{"redis_geosearch: no temporary folder can be made"};
    start();
    connect();
  }
  ~Redis() override {
    if (socket_ >= 0) close(socket_);
    if (server_ > 0) {
      kill(server_, SIGKILL);
      waitpid(server_, nullptr, 0);
    }
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  std::string name() const override { return "redis_geosearch"; }
  bool is_outside() const override { return true; }

  void load(const std::vector<Ask>& units, double radius_m) override {
    radius_ = fmt::format("{}", radius_m);
    for (std::size_t i = 0; i < units.size();) {
      std::size_t sent = 0;
      for (; sent < 1000 && i < units.size(); ++sent, ++i) add(units[i]);
      flush();
      for (std::size_t k = 0; k < sent; ++k) skip_reply();
    }
  }

  void ask(const Ask* first, std::size_t count, std::vector<std::vector<std::uint32_t>>& answers) override {
    answers.resize(count);
    for (std::size_t i = 0; i < count; i += kInOneWrite) {
      const std::size_t end = std::min(count, i + kInOneWrite);
      for (std::size_t k = i; k < end; ++k) {
        add(first[k]);
        command({"GEOSEARCH", "u", "FROMLONLAT", degrees(first[k].place.lon_e7), degrees(first[k].place.lat_e7), "BYRADIUS",
                 radius_, "m"});
      }
      flush();
      for (std::size_t k = i; k < end; ++k) {
        skip_reply();
        read_members(first[k].unit, answers[k]);
      }
    }
  }

 private:
  void start() {
    server_ = fork();
    if (server_ < 0) throw PeerUnavailable{"redis_geosearch: no process can be made"};
    if (server_ > 0) return;
    unpin();
    const std::string path = folder_ + "/s";
    if (freopen("/dev/null", "w", stdout) == nullptr) _exit(127);
    execl(kProgram, "redis-server", "--port", "0", "--unixsocket", path.c_str(), "--save", "", "--appendonly", "no", "--dir",
          folder_.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }

  void connect() {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    const std::string path = folder_ + "/s";
    std::memcpy(address.sun_path, path.c_str(), std::min(path.size() + 1, sizeof address.sun_path - 1));
    for (int round = 0; round < 200; ++round) {
      socket_ = socket(AF_UNIX, SOCK_STREAM, 0);
      if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return;
      close(socket_);
      socket_ = -1;
      std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    throw PeerUnavailable{"redis_geosearch: its server does not answer"};
  }

  static std::string degrees(std::int32_t e7) { return fmt::format("{:.7f}", e7 / 1e7); }
  void command(std::initializer_list<std::string_view> words) {
    out_ += fmt::format("*{}\r\n", words.size());
    for (const std::string_view word : words) out_ += fmt::format("${}\r\n{}\r\n", word.size(), word);
  }
  void add(const Ask& one) {
    command({"GEOADD", "u", degrees(one.place.lon_e7), degrees(one.place.lat_e7), std::to_string(one.unit)});
  }
  void flush() {
    for (std::size_t sent = 0; sent < out_.size();) {
      const ssize_t count = write(socket_, out_.data() + sent, out_.size() - sent);
      if (count <= 0) throw std::runtime_error("redis_geosearch: the connection broke");
      sent += static_cast<std::size_t>(count);
    }
    out_.clear();
  }
  std::string_view line() {
    for (;;) {
      const std::size_t end = in_.find("\r\n", read_);
      if (end != std::string::npos) {
        const std::string_view found{in_.data() + read_, end - read_};
        read_ = end + 2;
        return found;
      }
      in_.erase(0, read_);
      read_ = 0;
      char more[65'536];
      const ssize_t count = read(socket_, more, sizeof more);
      if (count <= 0) throw std::runtime_error("redis_geosearch: the connection broke");
      in_.append(more, static_cast<std::size_t>(count));
    }
  }
  void skip_reply() {
    if (line().substr(0, 1) != ":") throw std::runtime_error("redis_geosearch: GEOADD was refused");
  }
  static std::uint32_t number(std::string_view text) {
    std::uint32_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
  }
  void read_members(std::uint32_t self, std::vector<std::uint32_t>& members) {
    const std::string_view head = line();
    if (head.substr(0, 1) != "*") throw std::runtime_error("redis_geosearch: GEOSEARCH was refused");
    members.clear();
    for (std::uint32_t left = number(head.substr(1)); left > 0; --left) {
      line();
      if (const std::uint32_t member = number(line()); member != self) members.push_back(member);
    }
  }

  std::string folder_, radius_, out_, in_;
  std::size_t read_ = 0;
  pid_t server_ = -1;
  int socket_ = -1;
};

}  // namespace

std::unique_ptr<NearPeer> make_redis() { return std::make_unique<Redis>(); }

}  // namespace wideberth::bench
