#!/usr/bin/env python3
"""The tutorial and the how-to pages, run as they stand: each ```sh block in order, in one shell a page, in an empty folder with the
program on the path; a ```text block after it is what was printed. In it `…` stands for anything within a line, and a line that is
`…` alone for any lines, or none. `<!-- begins after: FILE -->` has the blocks of another page run first. Where a page says port 8480,
a free one is meant. A ```console block is for people: it needs another machine, or root."""
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import unittest

PROGRAM = pathlib.Path(os.environ["WIDEBERTH"])
DOCS = pathlib.Path(os.environ["WIDEBERTH_SOURCE_DIR"]) / "docs"
PAGES = [DOCS / "tutorial.md", *sorted((DOCS / "how-to").glob("*.md"))]
MARK = "=====block"


def blocks_of(page):
    """[(line, script, expected or None)]"""
    found = [(m.group(1), m.group(2), page.read_text()[: m.start()].count("\n") + 2)
             for m in re.finditer(r"^```(\w+)\n(.*?)^```$", page.read_text(), re.M | re.S)]
    blocks = []
    for kind, text, line in found:
        if kind == "sh":
            blocks.append([line, text, None])
        elif kind == "text":
            assert blocks and blocks[-1][2] is None, f"{page}:{line}: no command stands before this output"
            blocks[-1][2] = text
        else:
            assert kind in ("console", "json"), f"{page}:{line}: a block of {kind} is neither run nor known"
    return blocks


def begins_after(page):
    found = re.search(r"^<!-- begins after: (\S+) -->$", page.read_text(), re.M)
    return (page.parent / found.group(1)).resolve() if found else None


def chain(page):
    before = begins_after(page)
    return [*(chain(before) if before else []), page]


def pattern_of(expected):
    """Lines to a regular expression; a line of … alone takes any number of lines."""
    out = ""
    for line in expected.splitlines():
        out += "(?:.*\n)*" if line.strip() == "…" else ".*".join(re.escape(part) for part in line.split("…")) + "\n"
    return out


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def run_page(page):
    """Yields (page, line, expected, printed) for each block; raises where a command fails."""
    port = free_port()
    blocks = [(each, *block) for each in chain(page) for block in blocks_of(each)]
    script = f"set -eu -o pipefail\nexec 2>&1\ntrap 'echo \"{MARK} over\"' EXIT\n"
    for number, (_, _, text, _) in enumerate(blocks):
        script += text.replace("8480", port) + f"\nprintf '\\n{MARK} {number}\\n'\n"
    folder = tempfile.mkdtemp(prefix="wideberth-docs-")
    clean = {k: v for k, v in os.environ.items() if not k.startswith("WIDEBERTH")}
    shell = subprocess.Popen(["bash", "--norc", "-c", script], cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                             start_new_session=True, env={**clean, "PATH": f"{PROGRAM.parent}:{clean['PATH']}", "HOME": folder, "LC_ALL": "C.UTF-8"})
    try:
        printed = ""
        for line in shell.stdout:  # a server in the background keeps the pipe open: the last mark ends it
            if line == f"{MARK} over\n":
                break
            printed += line
        told = [each if each.endswith("\n") or not each else each + "\n" for each in re.split(rf"\n{MARK} \d+\n", printed)]
        if len(told) <= len(blocks):
            raise AssertionError(f"{blocks[len(told) - 1][0].name}:{blocks[len(told) - 1][1]}: a command failed\n{told[-1]}")
        return [(each, line, expected, said.replace(port, "8480")) for (each, line, _, expected), said in zip(blocks, told)]
    finally:
        os.killpg(shell.pid, signal.SIGKILL)
        shell.wait()
        shell.stdout.close()
        shutil.rmtree(folder)


class Pages(unittest.TestCase):
    def test_each_page_does_what_it_says(self):
        self.assertGreaterEqual(len(PAGES), 7)
        for page in PAGES:
            with self.subTest(page.name):
                self.assertTrue(blocks_of(page), page)
                for where, line, expected, printed in run_page(page):
                    if expected is not None:
                        self.assertRegex(printed, re.compile(r"\A" + pattern_of(expected) + r"\Z"), f"{where.name}:{line}")

    def test_the_runner_notices_what_is_wrong(self):
        self.assertIsNone(re.fullmatch(pattern_of("one\n…x\n"), "one\ntwo\n"))
        self.assertIsNotNone(re.fullmatch(pattern_of("one\n…\nt…o\n"), "one\nand\nmore\ntwo\n"))
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "page.md"
            page.write_text("```sh\ntrue\n```\n```sh\nwideberth frob\n```\n")
            with self.assertRaisesRegex(AssertionError, "page.md:5: a command failed"):
                run_page(page)
            page.write_text("```sh\necho 8480 | wc -c\necho 8480\n```\n```text\n…\n8480\n```\n")
            self.assertEqual(run_page(page)[0][3].splitlines()[1], "8480")
            page.write_text("```sh\ntrue\n```\n```bash\ntrue\n```\n")
            with self.assertRaises(AssertionError):
                run_page(page)

    def test_links_lead_somewhere(self):
        for page in [*DOCS.glob("*.md"), *DOCS.glob("how-to/*.md"), DOCS.parent / "README.md"]:
            for link in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
                if "://" not in link:
                    self.assertTrue((page.parent / link).exists(), f"{page}: {link}")

    def test_the_index_names_every_page(self):
        index = (DOCS / "README.md").read_text()
        for page in [*DOCS.glob("*.md"), *DOCS.glob("how-to/*.md")]:
            if page.name != "README.md":
                self.assertIn(f"({page.relative_to(DOCS)})", index)


if __name__ == "__main__":
    unittest.main()
