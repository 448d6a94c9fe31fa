#!/usr/bin/env python3
"""The rules of the house, read off the source: house.py [ROOT] prints each offence as path:line: what, and fails if there is one.

Floors, third-party headers, sizes, words, leftovers, machine paths, compiler traps, and that every rule a refusal can name
is used and tested. Each check is a function from the tree to offences; house_test.py seeds an offence against every one.
"""
import codecs
import re
import sys

from source import read_tree

MOST_LINES = 500
MOST_FUNCTION_LINES = 60

# Words that the product never says to a person (glossary: the record names what happened, it does not judge or permit).
NEVER_SAID = re.compile(
    r"\b(approv(?:ed|al|e)|authori[sz]e[ds]?|cleared|safe(?:ly)?|target(?:s|ed|ing)?|enem(?:y|ies)|hostiles?|guilty|violat(?:ion|ions|ed|es))\b",
    re.I,
)
LEFTOVERS = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b|\b(?i:placeholder)\b")
MACHINE_PATHS = re.compile(r"(?<![\w.])/(?:" + "|".join(("wor" + "k/", "home/[a-z]", "root/")) + ")")
# Written in ROT13 so that this file does not offend against itself.
TOOLING_WORDS = re.compile(
    r"\b(" + codecs.decode("pynhqr|naguebcvp|pungtcg|pbcvybg|fho-?ntragf?|ynathntr zbqry|guvf jbexcynpr", "rot13") + r")\b", re.I
)

STANDARD_HEADER = re.compile(r"^[a-z_0-9]+$")
SYSTEM_HEADER = re.compile(
    r"^(?:sys/|linux/|netinet/|arpa/|net/if)|^(?:unistd|fcntl|signal|poll|netdb|dirent|termios|spawn|pthread|sched|immintrin|endian|time|errno"
    r"|stdlib|string|math|fenv|malloc|pwd|ftw)\.h$"
)
# Who may include what; nobody else may. Tests beside a folder's source may include what the folder may.
THIRD_PARTY = [
    ("simdjson.h", r"^src/json/[^/]*\.cpp$"),
    ("boost/asio", r"^src/net/"),
    ("boost/pfr", r"^src/core/snapshot\.cpp$"),
    ("boost/", r"^src/(?:net/|http/[^/]*\.cpp$)"),
    ("sqlite3.h", r"^src/store/[^/]*\.cpp$|^src/store/sqlite[^/]*\.h$"),
    ("libpq-fe.h", r"^src/store/postgres[^/]*\.cpp$"),
    ("sodium", r"^src/(?:ledger|net)/[^/]*\.cpp$"),
    ("openssl/", r"^src/(?:net/|ledger/[^/]*\.cpp$)"),
    ("GeographicLib/", r"^src/geo/text[^/]*\.cpp$|^src/[^/]*/[^/]*_test\.cpp$"),
    ("pugixml.hpp", r"^src/feeds/[^/]*\.cpp$"),
    ("protozero/", r"^src/feeds/[^/]*\.cpp$"),
    ("fmt/", r"^src/[^/]*/[^/]*\.cpp$"),
    ("spdlog/", r"^src/cli/[^/]*\.cpp$"),
    ("CLI/", r"^src/cli/[^/]*\.cpp$"),
    ("tl/expected.hpp", r"^src/"),
    ("gtest/", r"_test\.cpp$|/testing\.h$"),
    ("gmock/", r"_test\.cpp$"),
    ("rapidcheck", r"_test\.cpp$"),
    ("zip.h", r"^tests/"),
    ("zlib.h", r"^(?:tests|bench)/"),
    ("benchmark/", r"^bench/"),
    ("s2/", r"^bench/"),
]
# What g++ 12.2 gets wrong without a word, and what it lacks (CONTRIBUTING, "Compiler traps").
TRAPS = [
    (re.compile(r"\?[^;{}?]*:[^;{}]*\)\s*=\s*\{"), "a braced list assigned to a conditional: g++ 12 drops members (trap 1)"),
    (re.compile(r"\bco_await\b[^;]*\w\{[^;}]"), "a braced temporary inside a co_await expression: g++ 12 destroys it twice (trap 2)"),
    (re.compile(r"\bWB_TRY(?:_VOID)?\s*\([^;]*\bco_await\b"), "WB_TRY around co_await (trap 3)"),
    (re.compile(r"\bstd::(?:expected|unexpected)\b"), "std::expected is not in this library: base::Result (trap 4)"),
    (re.compile(r"\bstd::(?:format|print|println|stacktrace|mdspan|flat_map|generator)\b"), "not in this standard library (trap 5)"),
    (re.compile(r"\bstd::(?:regex|smatch|cmatch)\b"), "std::regex recurses on its input: parse by hand"),
]


def declared_folders(sources):
    """Folders in the order of src/CMakeLists.txt with what each uses: [(name, line, [used])]."""
    lists = sources.get("src/CMakeLists.txt")
    folders = []
    for found in re.finditer(r"^wideberth_folder\(([^)]*)\)", lists.text if lists else "", re.M):
        words = found.group(1).split()
        uses, key = [], None
        for word in words[1:]:
            if word in ("USES", "LINKS", "TEST_LINKS"):
                key = word
            elif key == "USES":
                uses.append(word)
        folders.append((words[0], lists.line_of(found.start()), uses))
    return folders


def floors(sources):
    folders = declared_folders(sources)
    if not folders:
        yield "src/CMakeLists.txt", 1, "no wideberth_folder(…) is declared"
    stand = {}
    for name, line, uses in folders:
        for used in uses:
            if used not in stand:
                yield "src/CMakeLists.txt", line, f"{name} uses {used}, which does not stand earlier"
        stand[name] = set(uses) | {name}
    for path, source in sources.items():
        parts = path.split("/")
        if not source.is_cpp or parts[0] != "src" or len(parts) < 3:
            continue
        if parts[1] not in stand:
            yield path, 1, f"the folder {parts[1]} is not declared in src/CMakeLists.txt"
            continue
        for line, name, is_quoted in source.includes():
            folder = name.split("/")[0]
            if is_quoted and "/" not in name:
                yield path, line, f'include "{name}": write "folder/file.h"'
            elif is_quoted and folder not in stand[parts[1]]:
                yield path, line, f'include "{name}": {parts[1]} may not use {folder} (src/CMakeLists.txt)'


def third_party(sources):
    for path, source in sources.items():
        if not source.is_cpp or not path.startswith(("src/", "tests/", "bench/")):
            continue
        for line, name, is_quoted in source.includes():
            if is_quoted or STANDARD_HEADER.match(name) or SYSTEM_HEADER.match(name):
                continue
            allowed = next((where for prefix, where in THIRD_PARTY if name.startswith(prefix)), None)
            if allowed is None:
                yield path, line, f"<{name}> is no header of the standard, the system or a library in the list of house.py"
            elif not path.startswith(("tests/", "bench/")) and not re.search(allowed, path):
                yield path, line, f"<{name}> may not be included here"


def sizes(sources):
    for path, source in sources.items():
        if not source.is_cpp or not path.startswith(("src/", "tests/")):
            continue
        lines = source.text.count("\n")
        if lines > MOST_LINES:
            yield path, lines, f"{lines} lines; at most {MOST_LINES}"
        if source.is_test:
            continue
        for line, length, header in source.functions():
            if length > MOST_FUNCTION_LINES:
                yield path, line, f"a function of {length} lines; at most {MOST_FUNCTION_LINES}: {header[-80:]}"


def allowed_words(sources):
    """tests/tidy/allowed_words.txt: `path: word  # reason`, one a line. Yields (path, word, line, has reason)."""
    listed = sources.get("tests/tidy/allowed_words.txt")
    for number, line in enumerate(listed.text.splitlines() if listed else [], 1):
        if not line.strip() or line.startswith("#"):
            continue
        entry, _, reason = line.partition("#")
        path, _, word = entry.partition(":")
        yield path.strip(), word.strip().lower(), number, bool(reason.strip())


def words(sources):
    entries = list(allowed_words(sources))
    met = set()
    for path, word, line, has_reason in entries:
        if not has_reason:
            yield "tests/tidy/allowed_words.txt", line, f"{path}: {word}: no reason is given"
    allowed = {(path, word) for path, word, _, _ in entries}
    for path, source in sources.items():
        if not source.is_cpp or source.is_test or not path.startswith("src/"):
            continue
        for line, literal in source.literals:
            for found in NEVER_SAID.finditer(literal):
                key = (path, found.group().lower())
                met.add(key)
                if key not in allowed:
                    yield path, line, f'"{found.group()}" is never said to a person (glossary)'
    for path, word, line, _ in entries:
        if (path, word) not in met:
            yield "tests/tidy/allowed_words.txt", line, f"{path}: {word} is allowed but does not occur"


def leftovers(sources):
    for path, source in sources.items():
        if path.startswith("tests/tidy/") or path == "LICENSE":
            continue
        for pattern, what in ((LEFTOVERS, "a leftover"), (MACHINE_PATHS, "a path of one machine"), (TOOLING_WORDS, "no word for this tree")):
            if pattern is LEFTOVERS and not path.startswith(("src/", "tests/", "cmake/", "bench/", "deps/", ".ci/")):
                continue
            for found in pattern.finditer(source.text):
                yield path, source.line_of(found.start()), f"{found.group()}: {what}"


def rules(sources):
    table = sources.get("src/base/rule.def")
    if not table:
        yield "src/base/rule.def", 1, "the table of rules is missing"
        return
    used, tested = set(), set()
    for path, source in sources.items():
        if not source.is_cpp or path == table.path:
            continue
        if source.is_test:
            tested |= set(re.findall(r"\w+", source.uncommented))
        elif path.startswith("src/"):
            used |= set(re.findall(r"\bRule::(\w+)", source.code))
    seen = {}
    for found in re.finditer(r"^WB_RULE\((\w+), *(\w+),", table.text, re.M):
        code, line = found.group(1), table.line_of(found.start())
        if code in seen:
            yield table.path, line, f"{code} stands on line {seen[code]} already"
        seen[code] = line
        if not re.fullmatch(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+", code):
            yield table.path, line, f"{code}: a code is lower_snake_case with its subject in front"
        if code not in used:
            yield table.path, line, f"no source uses {code}"
        if code not in tested:
            yield table.path, line, f"no test mentions {code}"


def traps(sources):
    for path, source in sources.items():
        if not source.is_cpp or not path.startswith(("src/", "tests/", "bench/")):
            continue
        for pattern, what in TRAPS:
            for found in pattern.finditer(source.code):
                yield path, source.line_of(found.start()), what


CHECKS = (floors, third_party, sizes, words, leftovers, rules, traps)


def offences(root):
    sources = read_tree(root)
    return [(check.__name__, *offence) for check in CHECKS for offence in check(sources)]


def main():
    found = offences(sys.argv[1] if len(sys.argv) > 1 else ".")
    for check, path, line, what in found:
        print(f"{path}:{line}: [{check}] {what}")
    print(f"{len(found)} offences against the rules of the house" if found else "the rules of the house hold")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
