#!/usr/bin/env python3
"""What a person is told where something does not fit, and what an observer sees who may not see the text; by the program itself.

All of it is invented."""
import json
import pathlib
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cli_test import AGREEMENT, REFUSED, USAGE, Served, feature  # noqa: E402


class Errors(Served):
    def notify(self, name, *more, **properties):
        self.put(name, feature(name, 0, **properties))
        return self.told("blue-ops", "notify", name, "--agreement", self.agreement, *more)

    def test_what_is_wrong_is_what_is_named(self):
        moving = self.notify("one.json")["id"]
        self.put("a.csv", "unit,time,lat,lon\nb-1,2020-08-25T06:00:00Z,37.0,42.0\nb-1,2020-08-25T07:00:00Z,37.1,42.0\n")
        for wrong, arguments in (("--answer is empty", ["reply", moving, "--person", "A", "--answer", ""]),
                                 ("--question is empty", ["query", moving, "--person", "A", "--question", ""]),
                                 ("--movement is given once", ["sighting", "answer", "SG-1", "ours", "--person", "A", "--movement", moving, "--movement", moving]),
                                 ("no speed", ["alibi", "a.csv", "a.csv"])):
            out, err = self.run_here(*arguments, code=USAGE, env={"WIDEBERTH_SERVER": self.url, "WIDEBERTH_POLICY": "log/policy", "WIDEBERTH_KEY": "blue-ops"})
            self.assertIn(wrong, out + err)
        self.put("rows.csv", "unit,time,lat,lon\n")
        self.run_here("watch", "rows.csv", "--local", "--party", "blue", "--movements", "one.json")  # which notify filed

    def test_what_no_test_uses_is_told_when_it_is_proposed(self):
        terms = json.loads(AGREEMENT.read_text())
        blocking = next(rule for rule in terms["rules"] if rule.get("conduct") == "blocking")
        blocking["test"]["colour_of_sky"] = 3
        self.put("odd.json", terms)
        proposed = self.told("blue-ops", "agree", "propose", "odd.json")
        self.assertTrue(any("colour_of_sky" in each for each in proposed["remarks"]), proposed)
        self.assertIn("remark: ", self.as_("blue-ops", "agree", "propose", "odd.json")[0])

    def test_what_may_have_been_forgotten_is_told_by_every_revision(self):
        site = {"type": "Feature", "id": "site", "geometry": {"type": "Point", "coordinates": [42.14, 37.177]},
                "properties": {"subject": "site", "radius_m": 10, "earliest": self.instant(0), "latest": self.instant(60 * 24 * 20),
                               "organisation": "Aid body (invented)", "consent": True, "marking": {"day": True, "night": False, "thermal": False}}}
        self.put("site.json", site)
        filed = self.told("blue-ops", "notify", "site.json", "--agreement", self.agreement)
        self.assertEqual(filed["reminders"], ["night_marking"])
        site["properties"]["latest"] = self.instant(60 * 24 * 30)
        self.put("site.json", site)
        self.assertEqual(self.told("blue-ops", "amend", filed["id"], "site.json", "--reason", "x")["reminders"], ["night_marking"])
        self.assertIn("reminder: ", self.as_("blue-ops", "notify", "--renew", filed["id"], "--until", self.instant(60 * 24 * 40))[0])
        template = self.as_("blue-ops", "notify", "--template")[0]
        self.put("template.csv", template)
        self.assertNotIn("refused", self.as_("blue-ops", "notify", "--from", "template.csv", "--agreement", self.agreement)[0].replace("0 were refused", ""))

    def test_many_commands_in_a_row_are_one_session(self):
        runtime = self.dir / "runtime"
        runtime.mkdir(mode=0o700)
        env = {"WIDEBERTH_SERVER": self.url, "WIDEBERTH_POLICY": "log/policy", "WIDEBERTH_KEY": "red-ops", "XDG_RUNTIME_DIR": str(runtime)}
        begun = time.monotonic()
        for _ in range(25):
            self.assertEqual(self.run_here("inbox", env=env)[1], "")
        self.assertLess(time.monotonic() - begun, 20)
        (kept,) = (runtime / "wideberth").iterdir()
        self.assertEqual(kept.stat().st_mode & 0o077, 0)
        kept.write_text("no token of this server")
        self.run_here("inbox", env=env)
        runtime.chmod(0o755)  # others could read it: nothing is kept there
        kept.unlink()
        self.run_here("inbox", env=env)
        self.assertEqual(list((runtime / "wideberth").iterdir()), [])

    def test_an_observer_without_the_text_is_shown_the_rest(self):
        terms = json.loads(AGREEMENT.read_text())
        terms["rules"] = [rule for rule in terms["rules"] if rule["kind"] != "confidential"]
        terms["rules"].append({"clause": "99", "text": "The text is between the two sides.", "kind": "confidential", "may_see": []})
        self.put("closed.json", terms)
        self.agreement = self.told("blue-ops", "agree", "propose", "closed.json")["id"]
        self.told("red-ops", "agree", "sign", self.agreement)
        moving = self.notify("one.json")["id"]
        self.put("two.json", feature("two", 0))
        self.told("red-ops", "notify", "two.json", "--agreement", self.agreement)
        for what in ("conflicts", "deadlines", moving):
            seen, hidden = (self.as_(desk, "show", what)[0] for desk in ("blue-ops", "observer-ops"))
            self.assertIn("not shown to you", hidden)
            self.assertNotIn("not shown to you", seen)
            self.assertNotIn("owed, ", hidden)
        self.as_("observer-ops", "show", "movements")
        self.as_("observer-ops", "inbox")
        self.as_("observer-ops", "sheet")
        self.refused("agreement_not_party", "observer-ops", "checkin", "--person", "A", "--agreement", self.agreement)
        self.assertIn("is confidential", self.as_("observer-ops", "agree", "read", self.agreement, "--clause", "1", "--text", "x", code=REFUSED)[1])


if __name__ == "__main__":
    own = [f"{case.__name__}.{name}" for case in (Errors,) for name in vars(case) if name.startswith("test_")]
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]], defaultTest=own)
