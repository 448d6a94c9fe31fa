#!/usr/bin/env python3
"""Every limit of the code stands in docs/limits.md with its figure and a test at it: limits.py [ROOT].

A limit is a constant named kMost…, kMax…, kLongest…, kLeast…, kShortest…, kWidest… or kFurthest…, or a member most_…, longest_…,
least_… of a struct of settings. A row of the page that names one (`folder/file.h` `kName`) gives its figure and the tests that
stand at it: `Suite.Name` or `file_test.py`. Such a test must exist, and its file must name the constant or its figure.
"""
import os
import re
import sys

from source import read_tree

NAMED = r"k(?:Most|Max|Longest|Least|Shortest|Widest|Furthest)\w*"
SET = r"(?:most|longest|least)_[a-z_]+"
UNITS = {"bytes": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30, "ms": 1, "s": 1000, "min": 60_000, "h": 3_600_000, "days": 86_400_000,
         "mm": 1, "m": 1000, "km": 1_000_000}


def declared(sources):
    """{(file, name): expression} of every limit in src, tests left out."""
    found = {}
    for path, source in sources.items():
        if not path.startswith("src/") or not source.is_cpp or source.is_test or "testing" in os.path.basename(path):
            continue
        for statement in re.finditer(r"\bconstexpr\b[^;]*;", source.code):
            for name, value in re.findall(r"\b(" + NAMED + r")\s*=\s*((?:[^,;({]|\([^)]*\)|\{[^}]*\})*(?:\([^;]*?\)[^,;]*)?)", statement.group()):
                found[path[4:], name] = value.strip()
        if path.endswith(".h"):
            for name, value in re.findall(r"\b(" + SET + r")\s*=\s*([^;,]+);", source.code):
                if re.search(r"[1-9]", value) and "\n" not in value:  # 0: a value that is measured, no setting
                    found[path[4:], name] = value.strip()
    return found


def figure(expression, limits, path, depth=0):
    """The number that the expression is, in bytes, milliseconds, millimetres or pieces; None where it is none."""
    text = re.sub(r"(?<=\d)'(?=\d)", "", expression)
    text = re.sub(r"\b(?:static_cast<[^<>]*>|std::(?:size_t|u?int\d+_t)|(?:base::)?(?:Millis|Metres)::from_m[sm])\s*([({])", r"\1", text)
    text = re.sub(r"\b(?:base::)?(?:Millis::from_seconds|Metres::from_metres)\s*\(", "1000*(", text)
    text = re.sub(r"(?<=\d)(?:LL|ULL|U|L)\b", "", text).replace("{", "(").replace("}", ")")
    text = re.sub(r"\bstd::numeric_limits<std::int64_t>::max\(\)", str((1 << 63) - 1), text)
    text = re.sub(r"\bSIZE_MAX\b", str((1 << 64) - 1), text)
    for space, name in set(re.findall(r"(?:(\w+)::)?\b(" + NAMED + r")\b", text)):
        folder = space or os.path.dirname(path)
        of = sorted((p for p, n in limits if n == name), key=lambda p: (p != path or bool(space), os.path.dirname(p) != folder, p))
        inner = figure(limits[of[0], name], limits, of[0], depth + 1) if of and depth < 5 else None
        if inner is None:
            return None
        text = re.sub(r"(?:\w+::)*\b" + name + r"\b", str(inner), text)
    text = re.sub(r"(?<!/)/(?!/)", "//", text) if re.fullmatch(r"[\d\s()*+<>/-]+", text) else text
    if not re.fullmatch(r"[\d.e\s()*+<>/-]+", text):
        return None
    try:
        return eval(text, {"__builtins__": {}})  # digits and operators alone
    except (SyntaxError, ArithmeticError):
        return None


def stated(text):
    """The number that a cell of the page states, as figure() counts."""
    power = re.fullmatch(r"2\^(\d+)(?: - (\d+))?", text)
    if power:
        return (1 << int(power[1])) - int(power[2] or 0)
    plain = re.fullmatch(r"(-?[\d,]+(?:\.\d+)?)(?: (\w+))?", text)
    if not plain:
        return None
    number = float(plain[1].replace(",", "")) if "." in plain[1] else int(plain[1].replace(",", ""))
    return number * UNITS.get(plain[2], 1)


def rows(page):
    """(line, {(file, name)}, figure, tests) of each row of the page that names a constant."""
    for number, line in enumerate(page.splitlines(), 1):
        cells = [c.strip() for c in line.strip().strip("|").split("|")] if line.startswith("|") else []
        named = [(f, n) for c in cells for f, n in re.findall(r"`([\w/]+\.(?:h|cpp))` `(\w+)`", c)]
        if named:
            yield number, named, cells[1], re.findall(r"`(\w+\.\w+|\w+_test\.py)`", cells[3]) if len(cells) > 3 else None


def offences(sources):
    page = sources["docs/limits.md"].text if "docs/limits.md" in sources else ""
    limits = declared(sources)
    tests = {}
    for path, source in sources.items():
        if path.endswith("_test.py"):
            tests[os.path.basename(path)] = source
        elif path.endswith("_test.cpp"):
            for suite, name in re.findall(r"\b(?:TEST|TEST_F|TEST_P|RC_GTEST_PROP|RC_GTEST_FIXTURE_PROP)\(\s*(\w+),\s*(\w+)", source.text):
                tests[f"{suite}.{name}"] = source
    told = set()
    for line, named, most, at in rows(page):
        for key in named:
            told.add(key)
            if key not in limits:
                yield f"docs/limits.md:{line}: {key[0]} has no {key[1]}"
                continue
            value = figure(limits[key], limits, key[0])
            if stated(most) != value and not (not isinstance(value, int) and most == "see the code"):
                yield f"docs/limits.md:{line}: {key[1]} is {limits[key]} = {value}, the page says {most}"
        if at == []:
            yield f"docs/limits.md:{line}: names no test"
        for test in at or []:
            if test not in tests:
                yield f"docs/limits.md:{line}: there is no test {test}"
            elif not mentions(tests[test].text, [n for _, n in named], stated(most)):
                yield f"docs/limits.md:{line}: the file of {test} names neither {named[0][1]} nor {most}"
    for path, name in sorted(set(limits) - told):
        yield f"src/{path}: {name} = {limits[path, name]} is not in docs/limits.md"


def mentions(text, names, value):
    if "limits.md" in text:
        return True  # the test reads the page itself
    if any(re.search(r"\b" + name + r"\b", text) for name in names):
        return True
    plain = re.sub(r"(?<=\d)[',_](?=\d)", "", text)
    forms = {value, value // 1000 if isinstance(value, int) and value % 1000 == 0 else value}
    shifts = {f"{value >> k} << {k}" for k in (10, 20, 30) if isinstance(value, int) and value % (1 << k) == 0}
    return any(re.search(r"(?<![\w.])" + re.escape(str(form)) + r"(?:LL|U|L)?(?![\w.])", plain) for form in forms) or any(s in plain.replace("}", "") for s in shifts)


def main():
    found = list(offences(read_tree(sys.argv[1] if len(sys.argv) > 1 else ".")))
    print("\n".join(found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
