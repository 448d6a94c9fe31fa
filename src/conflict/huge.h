// Large arrays on large pages: a search jumps about in them, and each small page that it meets must first be looked up.
#pragma once

#include <sys/mman.h>

#include <cstddef>
#include <cstdlib>
#include <new>
#include <vector>

namespace wideberth::conflict {

/// Asks for large pages from 4 MiB on; without them all goes on as before.
template <class T>
struct OnHugePages {
  using value_type = T;
  OnHugePages() = default;
  template <class U>
  explicit OnHugePages(const OnHugePages<U>& /*other*/) {}

  static constexpr std::size_t kPage = std::size_t{1} << 21;
  static constexpr std::align_val_t kAlign{alignof(T) < 64 ? 64 : alignof(T)};

  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    if (bytes < 2 * kPage) return static_cast<T*>(::operator new(bytes, kAlign));
    const std::size_t whole = (bytes + kPage - 1) / kPage * kPage;
    void* at = std::aligned_alloc(kPage, whole);
    if (at == nullptr) throw std::bad_alloc{};
    static_cast<void>(::madvise(at, whole, MADV_HUGEPAGE));
    return static_cast<T*>(at);
  }
  void deallocate(T* at, std::size_t count) {
    if (count * sizeof(T) < 2 * kPage)
      ::operator delete(at, kAlign);
    else
      std::free(at);
  }
  friend bool operator==(const OnHugePages& /*a*/, const OnHugePages& /*b*/) { return true; }
};

template <class T>
using Huge = std::vector<T, OnHugePages<T>>;

}  // namespace wideberth::conflict
