#!/bin/bash
# clang_tidy.sh BUILD_DIR [JOBS]: clang-tidy 19 over every translation unit that BUILD_DIR compiles from this tree, with
# .clang-tidy's checks, warnings as errors. The unity files stand for their folder's sources. Tests are left out: they are tables, two
# compilers and two sanitizers have read them, and they would double the time.
set -eu
build=$(cd "$1" && pwd)
jobs=${2:-1}
cd "$(dirname "$0")/../.."
command -v clang-tidy-19 >/dev/null || { echo "clang-tidy-19 is missing: make deps-deep" >&2; exit 2; }

units=$(sed -n 's/^  "file": "\(.*\)",\{0,1\}$/\1/p' "$build/compile_commands.json" | grep -v -E '_test\.dir/|/tests/' | sort -u)
[ -n "$units" ] || { echo "no translation unit in $build/compile_commands.json" >&2; exit 2; }
echo "clang-tidy reads $(wc -l <<<"$units") translation units"
lint() {
  clang-tidy-19 -p "$build" --quiet "$1" 2> >(grep -v -E '^[0-9]+ warnings? generated|^Suppressed|^Use -header-filter' >&2)
}
export -f lint
export build
tr '\n' '\0' <<<"$units" | xargs -0 -n 1 -P "$jobs" bash -c 'lint "$1"' lint
