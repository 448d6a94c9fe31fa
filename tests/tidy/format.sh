#!/bin/bash
# format.sh --check | --write: every C++ file of src, tests and bench against .clang-format.
set -eu
cd "$(dirname "$0")/../.."
files() { find src tests bench \( -name '*.h' -o -name '*.cpp' \) -print0 2>/dev/null || true; }
case ${1:-} in
  --check) files | xargs -0 -r clang-format-19 --dry-run -Werror && echo "the layout of every file is as .clang-format has it" ;;
  --write) files | xargs -0 -r clang-format-19 -i ;;
  *) echo "usage: format.sh --check | --write" >&2; exit 2 ;;
esac
