#!/bin/bash
# run.sh BUILD_DIR SECONDS [JOBS]: runs each fuzz target for SECONDS from its corpus, JOBS at a time. New inputs that reach new code are kept in
# BUILD_DIR/corpus/<name>; an input that breaks a target is kept in BUILD_DIR/broken/ and its name printed: put it
# into tests/fuzz/corpus/<name>/ together with the repair.
set -u
build=$(cd "$1" && pwd) || exit 2
seconds=$2
jobs=${3:-1}
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$build/broken" "$build/logs"

fuzz_one() {
  local binary=$1 name
  name=$(basename "$binary" _fuzz)
  mkdir -p "$build/corpus/$name"
  local seeds=$here/corpus/$name
  [ -d "$seeds" ] || seeds=
  # shellcheck disable=SC2086
  if "$binary" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -artifact_prefix="$build/broken/$name-" \
    -print_final_stats=1 "$build/corpus/$name" $seeds >"$build/logs/$name.log" 2>&1; then
    echo "$name: held, $(sed -n 's/^stat::number_of_executed_units: *//p' "$build/logs/$name.log") inputs"
  else
    echo "$name: BROKEN"
    grep -E 'ERROR|SUMMARY|Assertion|broken promise|Test unit written' "$build/logs/$name.log" || tail -n 20 "$build/logs/$name.log"
    return 1
  fi
}
export -f fuzz_one
export build seconds here

targets=$(find "$build/fuzzers" -maxdepth 1 -name '*_fuzz' -type f 2>/dev/null | sort)
[ -n "$targets" ] || { echo "no fuzz target was built" >&2; exit 2; }
printf '%s\n' "$targets" | xargs -P "$jobs" -I{} bash -c 'fuzz_one {}'
