#!/usr/bin/env bash
# The script of notes must give the log, the state and the findings of the last release to the byte. A change that is meant to
# change them raises the version of the rules (core/state.h) and says so in CHANGELOG.md; then: golden.sh PROGRAM AGREEMENT GOLDEN --write
set -euo pipefail
program=$1 agreement=$2 golden=$3
now=$("$program" "$agreement" 2>/dev/null)
if [ "${4:-}" = --write ]; then printf '%s\n' "$now" > "$golden"; exit 0; fi
diff <(printf '%s\n' "$now") "$golden"
