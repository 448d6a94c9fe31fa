#!/usr/bin/env python3
"""What `make install` puts under a prefix: the program runs from there, the manual page and the completion tell what --help
tells, the unit of systemd is one that systemd takes."""
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

PROGRAM = pathlib.Path(os.environ["WIDEBERTH"])
BUILD = PROGRAM.parent
SOURCE = pathlib.Path(os.environ["WIDEBERTH_SOURCE_DIR"])


def said(*command, **more):
    done = subprocess.run([str(each) for each in command], capture_output=True, text=True, timeout=60, **more)
    if done.returncode != 0:
        raise AssertionError(f"{command}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def commands(path=()):
    """Every command as a tuple of words, with its options, read off --help."""
    text = said(PROGRAM, *path, "--help")
    names = ",".join(re.findall(r"^  (-[a-zA-Z,-]+)", text, re.M)).split(",")
    found = [(path, sorted({name for name in names if name.startswith("--")} - {"--help"}))]
    below = text.split("Subcommands:")[1] if "Subcommands:" in text else ""
    for name in re.findall(r"^  ([a-z][a-z-]*)  ", below, re.M):
        found += commands((*path, name))
    return found


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = pathlib.Path(tempfile.mkdtemp(prefix="wideberth-install-"))
        cls.prefix = cls.dir / "usr"
        said("cmake", "--install", BUILD, "--prefix", cls.prefix)
        cls.table = commands()

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.dir)

    def test_the_program_runs_from_there(self):
        clean = {"PATH": "/usr/bin:/bin", "HOME": str(self.dir)}
        program = self.prefix / "bin/wideberth"
        self.assertRegex(said(program, "--version", env=clean), r"^wideberth \d+\.\d+\.\d+")
        # The scenarios that were installed, and no other: the folder holds none.
        away = self.dir / "away"
        away.mkdir()
        told = said(program, "check", self.prefix / "share/wideberth/scenarios/dayrik/red-patrol.geojson",
                    self.prefix / "share/wideberth/scenarios/dayrik/blue-patrol.geojson", "--separation", "500", cwd=away, env=clean)
        self.assertIn("movements", told)
        self.assertNotIn(str(SOURCE), (self.prefix / "lib/systemd/system/wideberth.service").read_text())

    def test_everything_that_is_promised_is_there(self):
        for name in ("bin/wideberth", "share/man/man1/wideberth.1", "share/bash-completion/completions/wideberth",
                     "share/zsh/site-functions/_wideberth", "share/fish/vendor_completions.d/wideberth.fish",
                     "lib/systemd/system/wideberth.service", "lib/sysusers.d/wideberth.conf", "share/doc/wideberth/LICENSE",
                     "share/doc/wideberth/docs/cli.md", "share/wideberth/scenarios/dayrik/scenario.json"):
            self.assertTrue((self.prefix / name).is_file(), name)

    def test_destdir_is_heeded(self):
        stage = self.dir / "stage"
        said("cmake", "--install", BUILD, "--prefix", "/usr", env={**os.environ, "DESTDIR": str(stage)})
        self.assertTrue((stage / "usr/bin/wideberth").is_file())
        self.assertIn("ExecStart=/usr/bin/wideberth serve", (stage / "usr/lib/systemd/system/wideberth.service").read_text())

    def test_the_manual_page_tells_what_help_tells(self):
        page = self.prefix / "share/man/man1/wideberth.1"
        said("mandoc", "-T", "lint", "-W", "warning", page)
        plain = page.read_text().replace("\\-", "-")
        plain = re.sub(r"\\f[BRI]", "", plain)
        self.assertGreater(len(self.table), 40)
        for path, options in self.table:
            self.assertIn(" ".join(("wideberth", *path)), plain)
            for option in options:
                self.assertIn(option, plain, path)

    @unittest.skipUnless(shutil.which("groff"), "groff is not there")
    def test_groff_takes_the_manual_page(self):
        done = subprocess.run(["groff", "-ww", "-man", "-Tutf8", self.prefix / "share/man/man1/wideberth.1"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def complete(self, *words):
        """What bash would offer after these words, in a bash of its own that has read the installed file."""
        script = ("source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); "
                  "complete -p wideberth >/dev/null || exit 9; _wideberth; printf '%s\\n' \"${COMPREPLY[@]}\"")
        file = self.prefix / "share/bash-completion/completions/wideberth"
        return said("bash", "--norc", "-uc", script, "bash", file, "wideberth", *words).split()

    def test_bash_completes_every_command_and_option(self):
        for path, options in self.table:
            below = sorted(other[-1] for other, _ in self.table if len(other) == len(path) + 1 and other[: len(path)] == path)
            self.assertEqual(sorted(self.complete(*path, "")), below, path)
            extra = {"--help", "--version"} if not path else {"--help"}
            self.assertEqual(sorted(self.complete(*path, "-")), sorted({*options, *extra}), path)

    def test_bash_completes_what_was_begun(self):
        self.assertEqual(self.complete("rece"), ["receipt"])
        self.assertEqual(self.complete("key", "comp"), ["compromised"])
        self.assertEqual(self.complete("serve", "log", "--listen", "127.0.0.1:0", "--sta"), ["--state-dump"])
        self.assertEqual(self.complete("serve", "log", "--log", ""), ["json", "text"])
        self.assertEqual(self.complete("serve", "log", "--tls-cert", ""), [])  # nothing of ours: the shell offers files

    def offered(self, path, options):
        below = sorted(other[-1] for other, _ in self.table if len(other) == len(path) + 1 and other[: len(path)] == path)
        return below, sorted({*options, "--help", *([] if path else ["--version"])})

    @unittest.skipUnless(shutil.which("zsh"), "zsh is not there")
    def test_zsh_completes_every_command_and_option(self):
        # What zsh's own functions would be handed, printed instead.
        script = ("_describe() { local of=${@[-1]}; print -l -- ${(@)${(@P)of}%%:*} }; _files() { print files }; compadd() { shift; print -l -- $@ }; "
                  "file=$1; shift; words=(wideberth \"$@\"); CURRENT=$#words; . $file")
        file = self.prefix / "share/zsh/site-functions/_wideberth"
        tried = lambda *words: said("zsh", "-fuc", script, "zsh", file, *words).split()
        said("zsh", "-n", file)
        for path, options in self.table:
            below, all_options = self.offered(path, options)
            self.assertEqual(sorted(tried(*path, "")), below or ["files"], path)
            self.assertEqual(sorted(tried(*path, "-")), all_options, path)
        self.assertEqual(tried("serve", "log", "--log", ""), ["json", "text"])
        self.assertEqual(tried("serve", "log", "--tls-cert", ""), ["files"])

    @unittest.skipUnless(shutil.which("fish"), "fish is not there")
    def test_fish_completes_every_command_and_option(self):
        file = self.prefix / "share/fish/vendor_completions.d/wideberth.fish"
        asked = [(path, end) for path, _ in self.table for end in ("", "--")]
        lines = "; ".join(f"complete -C 'wideberth {' '.join([*path, end])}'; echo ====" for path, end in asked)
        env = {**os.environ, "HOME": str(self.dir), "XDG_CONFIG_HOME": str(self.dir), "XDG_DATA_HOME": str(self.dir)}
        told = said("fish", "--no-config", "-c", f"source {file}; {lines}", env=env, cwd=self.dir).split("====\n")
        options_of = dict(self.table)
        for (path, end), printed in zip(asked, told):
            words = sorted(line.split("\t")[0] for line in printed.splitlines())
            below, options = self.offered(path, options_of[path])
            if end:
                self.assertEqual(words, options, path)
            else:
                self.assertEqual([w for w in words if w in below], below, path)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd is not there")
    def test_systemd_takes_the_unit(self):
        unit = self.prefix / "lib/systemd/system/wideberth.service"
        done = subprocess.run(["systemd-analyze", "verify", "--man=no", unit], capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        text = unit.read_text()
        for line in ("--listen 127.0.0.1:8480", "IPAddressDeny=any", "IPAddressAllow=localhost", "NoNewPrivileges=yes",
                     "ProtectSystem=strict", "StateDirectory=wideberth", "CapabilityBoundingSet=\n", f"ExecStart={self.prefix}/bin/wideberth"):
            self.assertIn(line, text)


if __name__ == "__main__":
    unittest.main()
