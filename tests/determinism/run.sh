#!/usr/bin/env bash
# Same bits everywhere: g++ and clang, -O0 and -O3, and the C library without its fused and wide variants give the same log,
# state and findings to the byte. Usage: run.sh [FOLDER FOR BUILDS]
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
builds=${1:-$top/build/determinism}
mkdir -p "$builds"
first=""
failed=0 passed=0
compare() { # name, output
  if [ -z "$first" ]; then first=$2; printf '%s\n' "$2"; fi
  if [ "$2" = "$first" ]; then passed=$((passed + 1)); echo "same: $1"; else failed=$((failed + 1)); echo "DIFFERENT: $1"; printf '%s\n' "$2"; fi
}
for compiler in g++ clang++-19; do
  for level in -O0 -O3; do
    dir=$builds/$compiler$level
    if [ "$compiler$level" = clang++-19-O3 ] && [ -f "$top/build/clang/build.ninja" ]; then
      dir=$top/build/clang  # configured for clang-tidy, and compiled the very way that is asked for here
    else
      cmake -S "$top" -B "$dir" -G Ninja -DCMAKE_CXX_COMPILER=$compiler -DCMAKE_BUILD_TYPE=Release "-DCMAKE_CXX_FLAGS_RELEASE=$level -DNDEBUG" > "$builds.log" 2>&1 || { cat "$builds.log"; exit 1; }
    fi
    ninja -C "$dir" determinism > "$builds.log" 2>&1 || { tail -40 "$builds.log"; exit 1; }
    program=$(find "$dir" -name determinism -type f -perm -u+x | head -1)
    compare "$compiler $level" "$("$program" "$top/tests/data/agreement-dayrik-invented.json" 2> "$dir/libm")"
  done
done
# The last build again, on a C library that pretends to be on an older processor; its own sines show whether that took hold.
compare "$compiler $level, C library without FMA and AVX2" \
  "$(GLIBC_TUNABLES=glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2,-AVX2_Usable,-FMA_Usable,-FMA4_Usable "$program" "$top/tests/data/agreement-dayrik-invented.json" 2> "$dir/libm-plain")"
if cmp -s "$dir/libm" "$dir/libm-plain"; then echo "note: the C library's own sines did not change: this processor or library has one variant only"; else echo "the C library's own sines did change: the switch took hold"; fi
echo "determinism: $passed passed, $failed failed"
[ "$failed" = 0 ]
