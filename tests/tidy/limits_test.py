#!/usr/bin/env python3
"""Tests limits.py: a small tree whose page is right, then one thing at a time wrong in a copy of it."""
import sys

from limits import figure, offences, stated
from source import Source

SOUND = {
    "docs/limits.md": "| text | 64 KiB | `base/text.h` `kMostText` | `Text.HasALimit` |\n| wait | 2 min | `base/text.h` `kLongestWait` | `Text.HasALimit` |\n",
    "src/base/text.h": "inline constexpr std::size_t kMostText = std::size_t{64} << 10;\n"
    "inline constexpr Millis kLongestWait = Millis::from_seconds(120);\n",
    "src/base/text_test.cpp": "TEST(Text, HasALimit) { read(kMostText), read(kMostText + 1), wait(120'000); }\n",
}
WRONG = [  # (what, path, from, to)
    ("another figure", "docs/limits.md", "64 KiB", "63 KiB"),
    ("a constant of no file", "docs/limits.md", "`kMostText`", "`kMostWords`"),
    ("no such test", "docs/limits.md", "`Text.HasALimit` |\n| wait", "`Text.HasNone` |\n| wait"),
    ("a row without a test", "docs/limits.md", "`Text.HasALimit` |\n| wait", " |\n| wait"),
    ("a limit that the page does not know", "src/base/text.h", "inline constexpr Millis", "inline constexpr int kMostWords = 3;\ninline constexpr Millis"),
    ("a setting that the page does not know", "src/base/text.h", "inline constexpr Millis", "struct S { int most_words = 3; };\ninline constexpr Millis"),
    ("a test that stands at no limit", "src/base/text_test.cpp", "read(kMostText), read(kMostText + 1)", "read(7)"),
]


def tree(files):
    return {path: Source(path, text) for path, text in files.items()}


def main():
    failed = [f"the sound tree offends: {each}" for each in offences(tree(SOUND))]
    for what, path, old, new in WRONG:
        assert old in SOUND[path], what
        if not list(offences(tree({**SOUND, path: SOUND[path].replace(old, new)}))):
            failed.append(f"not found: {what}")
    for expression, value in [("std::size_t{1} << 20", 1 << 20), ("32'000", 32_000), ("Metres::from_metres(-12'000)", -12_000_000),
                              ("(std::uint64_t{1} << 63) - 1", (1 << 63) - 1), ("unknown(3)", None)]:
        if figure(expression, {}, "base/x.h") != value:
            failed.append(f"{expression} is read as {figure(expression, {}, 'base/x.h')}")
    for text, value in [("1,000", 1000), ("2^53", 1 << 53), ("4 MiB", 4 << 20), ("30 days", 30 * 86_400_000), ("-12 km", -12_000_000), ("many", None)]:
        if stated(text) != value:
            failed.append(f"{text} is read as {stated(text)}")
    print("\n".join(failed))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
