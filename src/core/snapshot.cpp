#include "core/snapshot.h"

#include <algorithm>
#include <boost/pfr/core.hpp>
#include <cstring>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/applications.h"

namespace wideberth::core {
namespace {

template <class T, template <class...> class Of>
constexpr bool is = false;
template <template <class...> class Of, class... Args>
constexpr bool is<Of<Args...>, Of> = true;

template <class T>
constexpr bool is_array = false;
template <class T, std::size_t n>
constexpr bool is_array<std::array<T, n>> = true;

template <class T>
constexpr bool is_plain = std::is_arithmetic_v<T> || std::is_enum_v<T>;
/// Numbers that bear a unit.
template <class T>
constexpr bool is_measure = std::is_same_v<T, Metres> || std::is_same_v<T, Millis> || std::is_same_v<T, Instant>;
/// What follows from the rest.
template <class T>
constexpr bool is_derived = std::is_same_v<T, conflict::Index> || std::is_same_v<T, OutlineIndex>;
template <class T>
constexpr bool is_list = is<T, std::vector> || is<T, std::set> || is<T, std::map>;

std::int64_t number_of(Metres x) { return x.mm(); }
std::int64_t number_of(Millis x) { return x.ms(); }
std::int64_t number_of(Instant x) { return x.ms(); }
void set(Metres& x, std::int64_t number) { x = Metres::from_mm(number); }
void set(Millis& x, std::int64_t number) { x = Millis::from_ms(number); }
void set(Instant& x, std::int64_t number) { x = Instant::from_ms(number); }

class Out {
 public:
  template <class T>
  void put(const T& value) {
    if constexpr (is_plain<T>) {
      raw(&value, sizeof value);
    } else if constexpr (is_measure<T>) {
      put(number_of(value));
    } else if constexpr (std::is_same_v<T, std::string>) {
      count(value.size());
      bytes_ += value;
    } else if constexpr (is_array<T>) {
      for (const auto& each : value) put(each);
    } else if constexpr (is_list<T>) {
      count(value.size());
      for (const auto& each : value) put(each);
    } else if constexpr (is<T, std::optional>) {
      put(value.has_value());
      if (value) put(*value);
    } else if constexpr (is<T, std::shared_ptr>) {
      put(value != nullptr);
      if constexpr (!std::is_same_v<typename T::element_type, const geo::Plan>)
        if (value) put(*value);
    } else if constexpr (is<T, std::variant>) {
      put(static_cast<unsigned char>(value.index()));
      std::visit([&](const auto& each) { put(each); }, value);
    } else if constexpr (is<T, std::pair> || is<T, std::tuple>) {
      std::apply([&](const auto&... each) { (put(each), ...); }, value);
    } else if constexpr (std::is_same_v<T, ledger::Tree>) {
      count(value.size());
      for (const ledger::Hash& leaf : value.full_nodes(0)) raw(leaf.bytes.data(), leaf.bytes.size());
    } else if constexpr (!is_derived<T>) {
      boost::pfr::for_each_field(value, [&](const auto& each) { put(each); });
    }
  }

  std::string take() { return std::move(bytes_); }

 private:
  void raw(const void* from, std::size_t size) { bytes_.append(static_cast<const char*>(from), size); }
  /// Seven bits a byte: most counts are small.
  void count(std::uint64_t n) {
    for (; n >= 0x80; n >>= 7) bytes_ += static_cast<char>(n | 0x80);
    bytes_ += static_cast<char>(n);
  }

  std::string bytes_;
};

/// Once something does not fit, nothing more is taken, and all that is asked for comes out empty.
class In {
 public:
  explicit In(std::string_view bytes) : left_{bytes} {}

  template <class T>
  void get(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      unsigned char byte = 0;
      raw(&byte, 1);
      value = byte != 0;
    } else if constexpr (is_plain<T>) {
      raw(&value, sizeof value);
    } else if constexpr (is_measure<T>) {
      std::int64_t number = 0;
      get(number);
      set(value, number);
    } else if constexpr (std::is_same_v<T, std::string>) {
      const std::size_t size = count();
      value.assign(left_.substr(0, size));
      left_.remove_prefix(size);
    } else if constexpr (is_array<T>) {
      for (auto& each : value) get(each);
    } else if constexpr (is_list<T>) {
      get_list(value);
    } else if constexpr (is<T, std::optional>) {
      if (flag()) get(value.emplace());
    } else if constexpr (is<T, std::shared_ptr>) {
      get_shared(value);
    } else if constexpr (is<T, std::variant>) {
      unsigned char which = 0;
      get(which);
      get_variant(value, which);
    } else if constexpr (is<T, std::pair> || is<T, std::tuple>) {
      std::apply([&](auto&... each) { (get(each), ...); }, value);
    } else if constexpr (std::is_same_v<T, ledger::Tree>) {
      ledger::Hash leaf;
      for (std::size_t n = count(); n > 0 && whole_; --n) {
        raw(leaf.bytes.data(), leaf.bytes.size());
        value.append(leaf);
      }
    } else if constexpr (!is_derived<T>) {
      boost::pfr::for_each_field(value, [&](auto& each) { get(each); });
    }
  }

  /// Whether all that was asked for was there.
  bool whole() const { return whole_; }
  bool at_end() const { return left_.empty(); }

 private:
  void raw(void* to, std::size_t size) {
    if (size > left_.size()) return stop();
    std::memcpy(to, left_.data(), size);
    left_.remove_prefix(size);
  }
  bool flag() {
    bool yes = false;
    get(yes);
    return yes;
  }
  void stop() {
    whole_ = false;
    left_ = {};
  }
  /// No more than there are bytes left: everything that is counted takes one at least.
  std::size_t count() {
    std::uint64_t n = 0;
    for (unsigned shift = 0;; shift += 7) {
      unsigned char byte = 0;
      raw(&byte, 1);
      n |= std::uint64_t{byte & 0x7fU} << shift;
      if (byte < 0x80) break;
      if (shift == 56) stop();
    }
    if (n > left_.size()) stop();
    return whole_ ? static_cast<std::size_t>(n) : 0;
  }
  template <class T>
  void get_list(T& value) {
    const std::size_t n = count();
    if constexpr (is<T, std::vector>) value.reserve(std::min<std::size_t>(n, 1024));
    for (std::size_t i = 0; i < n && whole_; ++i) {
      if constexpr (is<T, std::vector>) {
        get(value.emplace_back());
      } else if constexpr (is<T, std::map>) {
        std::pair<typename T::key_type, typename T::mapped_type> each{};
        get(each);
        value.emplace_hint(value.end(), std::move(each));
      } else {
        typename T::value_type each{};
        get(each);
        value.emplace_hint(value.end(), std::move(each));
      }
    }
  }
  template <class T>
  void get_shared(std::shared_ptr<const T>& value) {
    if (!flag()) return;
    if constexpr (!std::is_same_v<T, geo::Plan>) {
      auto made = std::make_shared<T>();
      get(*made);
      value = std::move(made);
    }
  }
  template <class T, std::size_t n = 0>
  void get_variant(T& value, std::size_t which) {
    if constexpr (n < std::variant_size_v<T>) {
      if (which != n) return get_variant<T, n + 1>(value, which);
      get(value.template emplace<n>());
    } else {
      stop();
    }
  }

  std::string_view left_;
  bool whole_ = true;
};

}  // namespace

std::string save(const State& state) {
  Out out;
  out.put(state);
  return out.take();
}

std::optional<State> load(std::string_view bytes) {
  In in(bytes);
  std::optional<State> state(std::in_place);
  in.get(*state);
  if (!in.whole() || !in.at_end() || !derive(*state)) return std::nullopt;
  return state;
}

}  // namespace wideberth::core
