"""Reads C++ source for house.py: files of a tree, text without comments or strings, string literals, function bodies."""
import os
import re

SKIPPED_FOLDERS = {".git", "build", "node_modules", "corpus", "vectors", "__pycache__"}
TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      |(?P<raw>R"(?P<mark>[^()\\\s"]{0,16})\((?P<rawtext>.*?)\)(?P=mark)")
      |(?P<string>"(?:\\.|[^"\\\n])*")
      |(?P<char>'(?:\\.|[^'\\\n])+')
      |[0-9][A-Za-z_0-9.]*(?:'[0-9A-Za-z]+)*
      |[A-Za-z_][A-Za-z_0-9]*""",
    re.S | re.X,
)


class Source:
    """One file. `code`: comments and the insides of literals blanked, lines kept. `uncommented`: comments alone blanked."""

    def __init__(self, path, text):
        self.path = path
        self.text = text
        self.is_cpp = path.endswith((".h", ".cpp", ".def"))
        self.is_test = path.startswith("tests/") or path.endswith("_test.cpp")
        self.code = text
        self.uncommented = text
        self.literals = []  # (line, text)
        if self.is_cpp:
            self._split()

    def line_of(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def _split(self):
        code, uncommented, at = [], [], 0
        includes = {m.start(1) for m in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*(")', self.text, re.M)}
        for token in TOKEN.finditer(self.text):
            before = self.text[at : token.start()]
            whole = token.group()
            kept = blanked = whole
            if token.group("comment"):
                kept = blanked = blank(whole)
            elif token.group("string") or token.group("raw") or token.group("char"):
                if not token.group("char") and token.start() not in includes:
                    inside = token.group("rawtext") if token.group("raw") else whole[1:-1]
                    self.literals.append((self.line_of(token.start()), inside))
                blanked = whole[0] + blank(whole[1:-1]) + whole[-1]
            code.append(before + blanked)
            uncommented.append(before + kept)
            at = token.end()
        self.code = "".join(code) + self.text[at:]
        self.uncommented = "".join(uncommented) + self.text[at:]

    def includes(self):
        """(line, name, is_quoted) of each #include."""
        for found in re.finditer(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', self.uncommented, re.M):
            yield self.line_of(found.start()), found.group(2), found.group(1) == '"'

    def functions(self):
        """(first line, lines, header) of each function body at namespace or class level; a lambda belongs to its function.

        A heuristic that reads braces as clang-format lays them out; clang-tidy's readability-function-size is the exact one.
        """
        text = re.sub(r"^[ \t]*#(?:[^\n]*\\\n)*[^\n]*", lambda m: blank(m.group()), self.code, flags=re.M)
        stack, boundary = [], 0
        for found in re.finditer(r"[{};]", text):
            mark, at = found.group(), found.start()
            in_function = any(kind == "function" for kind, _, _ in stack)
            if mark == ";":
                boundary = at + 1
            elif mark == "{":
                header = " ".join(text[boundary:at].split())
                kind = "block" if in_function else kind_of_brace(header)
                stack.append((kind, at, header))
                if kind != "initialiser":
                    boundary = at + 1
            elif stack:
                kind, start, header = stack.pop()
                if kind != "initialiser":
                    boundary = at + 1
                if kind == "function":
                    first = self.line_of(start)
                    yield first, self.line_of(at) - first + 1, header


def blank(text):
    return re.sub(r"[^\n]", " ", text)


def kind_of_brace(header):
    """What a brace outside any function opens, from the text before it: scope, function or initialiser."""
    bare = re.sub(r"^(?:(?:public|private|protected)\s*:|\[\[.*?\]\]|\s)+", "", header)
    if re.match(r"(?:inline\s+)?namespace\b|extern\b", bare) and "(" not in bare:
        return "scope"
    if re.match(r"(?:template\s*<.*>\s*)?(?:typedef\s+)?(?:class|struct|union|enum)\b", bare) and "(" not in bare:
        return "scope"
    if ")" in bare and re.search(r"(?:\)|\}|\bconst|\bnoexcept|\boverride|\bfinal|\btry|&)$|->[\w:<>,&*\s]+$", bare):
        return "function"
    return "initialiser"


def read_tree(root):
    """Every text file of the tree, by path; folders that are not ours to judge are left out."""
    sources = {}
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(f for f in folders if f not in SKIPPED_FOLDERS and not f.startswith("build-"))
        for name in sorted(set(names) - SKIPPED_FOLDERS):  # .git is a file in a linked work tree
            path = os.path.relpath(os.path.join(folder, name), root)
            try:
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    sources[path] = Source(path, file.read())
            except UnicodeDecodeError:
                continue  # binary data
    return sources
