#!/usr/bin/env python3
"""Tests house.py: a small tree that holds every rule, then one offence at a time put into a copy of it.

The offences stand here in pieces (joined at run time) only where the tree's own check would otherwise meet them.
"""
import os
import sys
import tempfile

from house import CHECKS, offences

SOUND = {
    "src/CMakeLists.txt": "wideberth_folder(base)\nwideberth_folder(json USES base LINKS simdjson::simdjson)\n"
    "wideberth_folder(geo USES base)\nwideberth_folder(store USES base)\nwideberth_folder(net USES base json)\n",
    "src/base/rule.def": 'WB_RULE(text_malformed, malformed, "Text is valid UTF-8.")\n',
    "src/base/text.h": '#pragma once\n#include <string_view>\n#include <tl/expected.hpp>\nstruct Text {\n  int length{0};\n};\n',
    "src/base/text.cpp": '#include "base/text.h"\nint check() { return Rule::text_malformed; }\n',
    "src/base/text_test.cpp": '#include <gtest/gtest.h>\n#include "base/text.h"\nTEST(Text, Refuses) { EXPECT_EQ(check(), Rule::text_malformed); }\n',
    "src/json/parse.cpp": '#include <simdjson.h>\n#include "base/text.h"\n',
    "src/geo/text.cpp": "#include <GeographicLib/MGRS.hpp>\n",
    "src/store/store.cpp": "#include <sqlite3.h>\n#include <unistd.h>\n",
    "src/net/socket.h": "#include <boost/asio/ip/tcp.hpp>\n",
    # What looks like an offence and is none: identifiers, comments, other words, digits with ticks, numbers of lines.
    "src/base/near.cpp": "// a target that is safe is no literal\nint target_size = 1'000'000;\nconst char* kText = \"unsafety, targeting_id, "
    "approver\";\nchar quote = '\"';\nauto raw = R\"(\n{{{ // not code )\";\n",
    "src/base/long.cpp": "int f() {\n" + "  step();\n" * 58 + "}\nint g() {\n" + "  step();\n" * 58 + "}\nconst int kTable[] = {\n" + "  1,\n" * 100 + "};\n",
    "tests/tidy/allowed_words.txt": "# path: word  # reason\n",
}

# (name, files that differ, the check that must speak, words of its message)
SEEDED = [
    ("a floor that is not declared", {"src/attic/a.cpp": "int a;\n"}, "floors", "attic is not declared"),
    ("a folder that stands later", {"src/base/up.cpp": '#include "json/parse.h"\n'}, "floors", "base may not use json"),
    ("a folder that is not used", {"src/geo/side.cpp": '#include "json/parse.h"\n'}, "floors", "geo may not use json"),
    ("a use that stands later", {"src/CMakeLists.txt": "wideberth_folder(base USES json)\nwideberth_folder(json)\nwideberth_folder(geo)\n"
      "wideberth_folder(store)\nwideberth_folder(net)\n"}, "floors", "does not stand earlier"),
    ("an include without its folder", {"src/base/near.cpp": '#include "text.h"\n'}, "floors", "folder/file.h"),
    ("an include hidden in spaces", {"src/base/up.cpp": '  #  include   "json/parse.h"\n'}, "floors", "may not use json"),
    ("a floor crossed by a test", {"src/geo/x_test.cpp": '#include "net/socket.h"\n'}, "floors", "geo may not use net"),
    ("simdjson outside json", {"src/net/x.cpp": "#include <simdjson.h>\n"}, "third_party", "simdjson.h"),
    ("simdjson in a header", {"src/json/parse.h": "#include <simdjson.h>\n"}, "third_party", "simdjson.h"),
    ("Asio outside net", {"src/store/x.cpp": "#include <boost/asio.hpp>\n"}, "third_party", "boost/asio.hpp"),
    ("SQLite outside store", {"src/net/x.cpp": "#include <sqlite3.h>\n"}, "third_party", "sqlite3.h"),
    ("sodium outside ledger and net", {"src/store/x.cpp": "#include <sodium.h>\n"}, "third_party", "sodium.h"),
    ("OpenSSL outside ledger and net", {"src/geo/x.cpp": "#include <openssl/evp.h>\n"}, "third_party", "openssl/evp.h"),
    ("GeographicLib in the kernel", {"src/geo/occupancy.cpp": "#include <GeographicLib/Geodesic.hpp>\n"}, "third_party", "GeographicLib"),
    ("fmt in a header", {"src/net/x.h": "#include <fmt/core.h>\n"}, "third_party", "fmt/core.h"),
    ("a library nobody chose", {"src/net/x.cpp": "#include <nlohmann/json.hpp>\n"}, "third_party", "no header of the standard"),
    ("a test library in the product", {"src/net/x.cpp": "#include <gtest/gtest.h>\n"}, "third_party", "gtest"),
    ("a file that is too long", {"src/base/long.cpp": "int a;\n" * 501}, "sizes", "501 lines"),
    ("a function that is too long", {"src/base/long.cpp": "int f() {\n" + "  step();\n" * 59 + "}\n"}, "sizes", "a function of 61 lines"),
    ("a long member with initialisers", {"src/base/long.cpp": "namespace a::b {\nclass A {\n public:\n  A(int x) : x_{x}, y_{1} {\n" + "    step();\n" * 60
      + "  }\n};\n}\n"}, "sizes", "a function of 62 lines"),
    ("a long const member", {"src/base/long.cpp": "struct A {\n  auto f() const noexcept -> Result<void> {\n" + "    if (a) { step(); }\n" * 60 + "  }\n};\n"},
     "sizes", "a function of 62 lines"),
    ("a judgement", {"src/net/x.cpp": 'auto a = "the route is safe";\n'}, "words", '"safe"'),
    ("a permission", {"src/net/x.cpp": 'auto a = "Approved.";\n'}, "words", '"Approved"'),
    ("a permission, American", {"src/net/x.cpp": 'auto a = "not authorized";\n'}, "words", '"authorized"'),
    ("a judgement in a raw string", {"src/net/x.cpp": 'auto a = R"(a\nviolation)";\n'}, "words", '"violation"'),
    ("a judgement in the rules", {"src/base/rule.def": 'WB_RULE(text_malformed, malformed, "The enemy wrote it.")\n'}, "words", '"enemy"'),
    ("an allowance without a reason", {"src/net/x.cpp": 'auto a = "safe";\n', "tests/tidy/allowed_words.txt": "src/net/x.cpp: safe\n"},
     "words", "no reason"),
    ("an allowance that outlived its word", {"tests/tidy/allowed_words.txt": "src/net/x.cpp: safe  # quoted\n"}, "words", "does not occur"),
    ("work left over", {"src/net/x.cpp": "// TO" + "DO: later\n"}, "leftovers", "a leftover"),
    ("a stub", {"src/net/x.cpp": "// a place" + "holder\n"}, "leftovers", "a leftover"),
    ("a path of one machine", {"docs/a.md": "see /ho" + "me/ann/wideberth\n"}, "leftovers", "a path of one machine"),
    ("a rule nobody uses", {"src/base/text.cpp": '#include "base/text.h"\n'}, "rules", "no source uses text_malformed"),
    ("a rule used in a comment only", {"src/base/text.cpp": "// Rule::text_malformed\n"}, "rules", "no source uses text_malformed"),
    ("a rule nobody tests", {"src/base/text_test.cpp": "// text_malformed\n"}, "rules", "no test mentions text_malformed"),
    ("a rule without a subject", {"src/base/rule.def": 'WB_RULE(Malformed, malformed, "…")\n'}, "rules", "lower_snake_case"),
    ("a rule twice", {"src/base/rule.def": 'WB_RULE(text_malformed, malformed, "…")\n' * 2}, "rules", "stands on line 1 already"),
    ("no rules at all", {"src/base/rule.def": None}, "rules", "missing"),
    ("trap 1", {"src/net/x.cpp": "void f() { (c ? lo : hi) = {2.5, g()}; }\n"}, "traps", "trap 1"),
    ("trap 2", {"src/net/x.cpp": "void f() { co_await send(Frame{a, b}); }\n"}, "traps", "trap 2"),
    ("trap 3", {"src/net/x.cpp": "void f() { WB_TRY(a, co_await read()); }\n"}, "traps", "trap 3"),
    ("trap 4", {"src/net/x.cpp": "std::expected<int, int> f();\n"}, "traps", "trap 4"),
    ("trap 5", {"src/net/x.cpp": "auto a = std::format(x);\n"}, "traps", "trap 5"),
    ("std::regex", {"src/net/x.cpp": "std::regex r;\n"}, "traps", "recurses"),
]


def judged(changes):
    with tempfile.TemporaryDirectory() as root:
        for path, text in {**SOUND, **changes}.items():
            if text is None:
                continue
            os.makedirs(os.path.dirname(os.path.join(root, path)), exist_ok=True)
            with open(os.path.join(root, path), "w", encoding="utf-8") as file:
                file.write(text)
        return offences(root)


def main():
    failures = [f"the sound tree: {offence}" for offence in judged({})]
    allowed = {"src/net/x.cpp": 'auto a = "safe";\n', "tests/tidy/allowed_words.txt": "src/net/x.cpp: safe  # a quoted clause\n"}
    failures += [f"an allowed word: {offence}" for offence in judged(allowed)]
    for name, changes, check, message in SEEDED:
        found = judged(changes)
        if not any(check == offence[0] and message in offence[3] for offence in found):
            failures.append(f"{name}: [{check}] said nothing of '{message}'; found: {found}")
    unproven = {check.__name__ for check in CHECKS} - {check for _, _, check, _ in SEEDED}
    failures += [f"no offence is seeded against {check}" for check in sorted(unproven)]
    for failure in failures:
        print(failure)
    print(f"{len(SEEDED)} offences seeded, {len(failures)} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
