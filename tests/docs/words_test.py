#!/usr/bin/env python3
"""Words that the product never says: it records what happened, and neither permits nor judges. Looked for in what people are shown:
--help of every command, the manual page, the interface's own description, problem documents, a day's account and the receipts and
parts that it leaves, the documents, what is installed and drawn. What a
party wrote is its own; in the documents such a word stands only within quotation marks or backticks."""
import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest
import urllib.request

PROGRAM = os.environ["WIDEBERTH"]
SOURCE = pathlib.Path(os.environ["WIDEBERTH_SOURCE_DIR"])
NEVER_SAID = re.compile(r"\b(?:approved|authori[sz]ed|cleared|safe|safely|violat(?:ion|ions|ed)|hostiles?|enem(?:y|ies)|guilty)\b", re.I)
QUOTED = re.compile(r'"[^"\n]*"|“[^”\n]*”|`[^`\n]*`')


def said(*arguments, **more):
    done = subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL, **more)
    return done.stdout + done.stderr


class Words(unittest.TestCase):
    def never(self, text, where):
        for number, line in enumerate(text.splitlines(), 1):
            found = NEVER_SAID.search(line)
            self.assertIsNone(found, f"{where}:{number}: {line.strip()[:200]}")

    def test_help_of_every_command(self):
        looked = 0
        waiting = [()]
        while waiting:
            path = waiting.pop()
            text = said(*path, "--help")
            self.never(text, " ".join(("wideberth", *path, "--help")))
            looked += 1
            if "Subcommands:" in text:
                waiting += [(*path, name) for name in re.findall(r"^  ([a-z][a-z-]*)  ", text.split("Subcommands:")[1], re.M)]
        self.assertGreater(looked, 40)

    def test_manual_and_completion(self):
        self.never(said("manual"), "wideberth manual")
        self.never(said("completion", "bash"), "wideberth completion bash")

    def test_interface_and_problems(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="wideberth-words-"))
        self.addCleanup(shutil.rmtree, folder)
        said("key", "new", "blue/root", "--out", "blue", "--no-passphrase", cwd=folder)
        said("key", "new", "red/root", "--out", "red", "--no-passphrase", cwd=folder)
        said("init", "log", "--origin", "invented.example/log", "--operator", "Nobody", "--party", "blue=blue.vkey", "--party", "red=red.vkey", cwd=folder)
        server = subprocess.Popen([PROGRAM, "serve", "log", "--listen", "127.0.0.1:0", "--json"], cwd=folder, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=True)
        try:
            url = json.loads(server.stdout.readline())["serving"]
            with urllib.request.urlopen(url + "/openapi.json", timeout=30) as answer:
                text = answer.read().decode()
            self.assertIn("/v1/movements", text)
            self.never(text, "/openapi.json")
            with urllib.request.urlopen(url + "/metrics", timeout=30) as answer:
                self.never(answer.read().decode(), "/metrics")
        finally:
            server.terminate()
            _, log = server.communicate(timeout=30)
        self.never(log, "the running log")
        # Every rule as a problem document says it: the table is what they are written from.
        titles = re.findall(r'^WB_RULE\(\w+, \w+,\s*"([^"]*)"', (SOURCE / "src/base/rule.def").read_text(), re.M)
        self.assertGreater(len(titles), 150)
        for title in titles:
            self.never(title, "rule.def")

    def test_a_day_s_account_and_what_it_leaves(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="wideberth-words-"))
        self.addCleanup(shutil.rmtree, folder)
        text = said("demo", "--headless", "--keep", str(folder / "day"))
        self.assertGreater(len(text), 1000)
        self.never(QUOTED.sub("", text), "wideberth demo")
        for more in (["--ending", "telephone"], ["--ending", "direct"], ["--scenario", str(SOURCE / "scenarios/aid")]):
            text = said("demo", "--headless", *more)
            self.assertGreater(len(text), 1000)
            self.never(QUOTED.sub("", text), f"wideberth demo {more}")
        text = said("demo", "--headless", "--json", "--ending", "not-reached")
        self.assertGreater(len(text), 1000)
        self.never(text, "wideberth demo --json")
        looked = 0
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            try:
                self.never(file.read_text(), file.relative_to(folder))
            except UnicodeDecodeError:
                continue  # the log itself, and batches of positions
            looked += 1
        self.assertGreater(looked, 20)

    def test_the_sheet_of_notices(self):
        self.never(said("notify", "--template"), "wideberth notify --template")

    def test_what_is_installed_and_drawn(self):
        files = [*SOURCE.glob("deploy/*"), *SOURCE.glob("docs/live/*.svg"), SOURCE / "deps/debian.txt", SOURCE / "Makefile"]
        self.assertGreater(len(files), 4)
        for file in files:
            self.never(file.read_text(), file.relative_to(SOURCE))

    def test_documents(self):
        pages = [*SOURCE.glob("docs/*.md"), *SOURCE.glob("docs/how-to/*.md"), SOURCE / "README.md", SOURCE / "CHANGELOG.md"]
        self.assertGreater(len(pages), 15)
        for page in pages:
            self.never(QUOTED.sub("", page.read_text()), page.relative_to(SOURCE))

    def test_the_net_catches(self):
        for word in ("Approved", "cleared", "safe", "violation", "violations", "hostile"):
            with self.assertRaises(AssertionError):
                self.never(f"It is {word}.", "here")
        self.assertEqual(QUOTED.sub("", 'red said "it was cleared" at noon'), "red said  at noon")


if __name__ == "__main__":
    unittest.main()
