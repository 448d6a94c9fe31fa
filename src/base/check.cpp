#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace wideberth::base {

void check_failed(const char* promise, const char* file, int line) noexcept {
  std::fprintf(stderr, "wideberth: a promise of the program is broken: %s (%s:%d)\n", promise, file, line);
  std::abort();
}

}  // namespace wideberth::base
