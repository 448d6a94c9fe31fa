#!/usr/bin/env python3
"""The desk's words by the program itself: messages, calls, check-ins, sightings, phrases, a party with a telephone only.

All of it is invented."""
import base64
import datetime
import hashlib
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from cli_test import AGREEMENT, REFUSED, SOURCE, USAGE, Served, feature  # noqa: E402

PHRASES = SOURCE / "scenarios/phrases/hotline.json"


def ago(minutes):
    at = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(minutes=minutes)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Hotline(Served):
    def lines(self, key, *arguments):
        return [json.loads(line) for line in self.as_(key, *arguments, "--json")[0].splitlines()]

    def waiting(self, key):
        return [(w["kind"], w["id"]) for w in self.told(key, "inbox")["hotline"] if w["kind"] != "check-in"]

    def test_a_message_is_seen_and_answered_once(self):
        sent = self.told("blue-ops", "say", "message", "Are these trucks yours?", "--class", "query", "--person", "Maj. A.")
        ident = sent["id"]
        self.assertTrue(ident.startswith("HL-"))
        self.assertEqual(self.waiting("red-ops"), [("message", ident)])
        self.assertIn("say answer " + ident, self.as_("red-ops", "inbox")[0])
        self.told("red-ops", "say", "seen", ident, "--person", "Cpt. B.")
        self.assertEqual(self.waiting("red-ops"), [("message", ident)])
        self.told("red-ops", "say", "answer", ident, "They are not.", "--person", "Cpt. B.")
        self.refused("answered_already", "red-ops", "say", "answer", ident, "They are.", "--person", "Cpt. E.")
        self.assertEqual(self.waiting("red-ops"), [])
        self.assertIn("red: answered, entry", self.as_("blue-ops", "say", "list", "--all")[0])
        self.assertEqual(self.as_("blue-ops", "say", "list")[0], "")
        self.refused("id_check_character", "red-ops", "say", "answer", ident[:-1] + ("0" if ident[-1] != "0" else "1"), "x", "--person", "B")
        self.refused("hotline_unknown", "blue-ops", "say", "answer", ident, "x", "--person", "A")  # one's own
        shown = self.as_("red-ops", "show", ident)[0]
        self.assertIn("Are these trucks yours?", shown)
        self.assertIn("message.answered by red/ops", shown)
        self.assertIn("They are not.", shown)
        self.assertEqual(self.told("blue-ops", "show", ident)["answers"][0]["answer"]["text"], "They are not.")
        self.refused("json_choice", "blue-ops", "say", "message", "x", "--class", "order", "--person", "A")

    def test_a_step_that_is_skipped_goes_out_and_is_marked(self):
        first = self.told("blue-ops", "say", "message", "Turn back.", "--class", "warning", "--step", "2", "--person", "A")["id"]
        self.assertIn("step 2 of the ladder; not on record: step 1", self.as_("red-ops", "say", "list")[0])
        self.refused("hotline_step", "blue-ops", "say", "message", "x", "--class", "warning", "--step", "32", "--person", "A")
        again = self.told("blue-ops", "say", "message", "Turn back.", "--class", "warning", "--step", "2", "--person", "A", "--about", first)["id"]
        listed = {m["id"]: m for m in self.lines("red-ops", "say", "list")}
        self.assertEqual(listed[again]["matter"], listed[first]["entry"])

    def test_a_call_is_the_word_of_one_side_until_the_other_speaks(self):
        log = ["call", "log", "We halt.", "--with", "red", "--person", "A", "--spoke-with", "Col. D.", "--occurred"]
        self.refused("hotline_occurred", "blue-ops", *log, ago(-5))
        ident = self.told("blue-ops", *log, ago(5))["id"]
        self.assertEqual(self.waiting("red-ops"), [("call", ident)])
        self.assertEqual(self.lines("red-ops", "call", "list")[0]["standing"], "open")
        self.told("red-ops", "call", "dispute", ident, "--person", "Col. D.", "--reason", "I said that we were not told.")
        self.refused("answered_already", "red-ops", "call", "confirm", ident, "--person", "Col. D.")
        self.assertIn("(disputed)", self.as_("blue-ops", "call", "list", "--all")[0])

    def test_a_sighting_is_answered_or_not_said(self):
        ident = self.told("blue-ops", "sighting", "report", "--count", "3", "--type", "truck", "--place", "37.177N 42.14E", "--within", "200",
                          "--seen", ago(9), "--observer", "Post 4")["id"]
        self.assertEqual(self.waiting("red-ops"), [("sighting", ident)])
        self.as_("red-ops", "sighting", "answer", ident, "theirs", "--person", "D", code=USAGE)
        self.told("red-ops", "sighting", "answer", ident, "not-saying", "--person", "Col. D.")
        self.assertIn('answered "not saying"', self.as_("blue-ops", "sighting", "list", "--all")[0])

    def test_phrases_are_unreviewed_until_a_speaker_signs_for_their_bytes(self):
        out, _ = self.run_here("phrases", "list", PHRASES)
        self.assertIn("Invented", out)
        self.assertEqual(out.count("unreviewed"), out.count("  ["))
        self.told("observer-ops", "phrases", "review", str(PHRASES), "--language", "ru", "--speaker", "N. I.")
        out, _ = self.as_("blue-ops", "phrases", "list", str(PHRASES))
        self.assertIn("reviewed by N. I. (of observer, entry", out)
        self.assertIn("unreviewed", out)
        # One byte more, and nobody has read it.
        self.put("more.json", PHRASES.read_text() + " ")
        self.assertNotIn("reviewed by", self.as_("blue-ops", "phrases", "list", "more.json")[0])
        phrase = ["say", "message", "--phrase", "hold-1", "--phrases", str(PHRASES), "--language", "ru", "--person", "A"]
        sent = self.told("blue-ops", *phrase)["id"]
        said = self.lines("red-ops", "say", "list")[0]["said"]
        self.assertEqual((said["text"], said["class"]), ("Остановитесь на месте. Ответьте.", "hold"))
        for out in (self.as_("red-ops", "say", "list")[0], self.as_("red-ops", "show", sent)[0]):
            self.assertRegex(out, r"phrase hold-1, en: “Halt where you are. Answer.”, said “halt .*”, unreviewed\n")
            self.assertRegex(out, r"phrase hold-1, ru: “Остановитесь .*”, said “.*”, reviewed by “N. I.” \(of observer, entry \d+\)\n")
        self.refused("json_choice", "blue-ops", *phrase, "--class", "info")
        self.refused("json_choice", "blue-ops", "say", "message", "--phrase", "holding", "--phrases", str(PHRASES), "--person", "A")
        self.refused("json_choice", "blue-ops", "say", "message", "--phrase", "hold-1", "--person", "A")
        self.told("red-ops", "say", "answer", sent, "--phrase", "holding", "--phrases", str(PHRASES), "--person", "B")
        self.refused("json_choice", "blue-ops", "say", "message", "--phrase", "none", "--phrases", str(PHRASES), "--person", "A")
        for bad, rule in ((["x"], "json_kind"), ({"about": "x", "languages": ["en"], "phrases": [], "more": 1}, "json_member_unknown")):
            self.put("bad.json", bad)
            out, _ = self.run_here("phrases", "list", "bad.json", "--json", code=REFUSED)
            self.assertEqual(json.loads(out)["type"], "urn:wideberth:rule:" + rule)

    def test_check_ins(self):
        agreement = json.loads(AGREEMENT.read_text())
        agreement["name"] += ", watched"
        for rule in agreement["rules"]:
            if rule["kind"] == "check_in":
                rule["within_s"] = 1800
        self.put("watched.json", agreement)
        ident = self.told("blue-ops", "agree", "propose", "watched.json")["id"]
        self.told("red-ops", "agree", "sign", ident)
        self.assertIn(("check-in", ident), [(w["kind"], w["id"]) for w in self.told("red-ops", "inbox")["hotline"]])
        self.told("red-ops", "checkin", "--person", "Sgt. C.", "--agreement", ident)
        self.refused("agreement_unknown", "red-ops", "checkin", "--person", "Sgt. C.")

    def test_a_sheet_holds_what_its_reader_may_see_and_is_checked(self):
        drive = feature("b1", 0)
        drive["properties"] |= {"purpose": "To the wells <b> & back", "composition": {"vehicles": [{"type": "M-ATV", "count": 4}]}}
        self.put("blue.geojson", drive)
        ident = self.told("blue-ops", "notify", "blue.geojson", "--agreement", self.agreement)["id"]
        day = ["--day", drive["properties"]["earliest"][0][:10]]
        own, _ = self.as_("blue-ops", "sheet", *day)
        theirs, _ = self.as_("red-ops", "sheet", *day)
        slip = self.told("red-ops", "show", ident)["revisions"][0]["slip_code"]
        for text in (own, theirs):
            self.assertIn(ident, text)
            self.assertIn("slip code " + slip, text)
        self.assertIn("To the wells <b> & back", own)
        self.assertIn("4 “M-ATV”", own)
        for hidden in ("wells", "M-ATV"):  # the agreement gives red the corridor
            self.assertNotIn(hidden, theirs)
        page, _ = self.as_("blue-ops", "sheet", *day, "--html")
        self.assertNotIn("<b>", page)
        # Filed later: the sheet stands for its entry.
        self.put("later.geojson", feature("b2", 5))
        self.told("blue-ops", "notify", "later.geojson", "--agreement", self.agreement)
        for text in (own, page):
            self.put("sheet", text)
            self.run_here("sheet", "--verify", "sheet")
            self.as_("blue-ops", "sheet", "--verify", "sheet")
            self.put("sheet", text.replace("M-ATV", "M-ATU"))
            out, _ = self.run_here("sheet", "--verify", "sheet", "--json", code=REFUSED)
            self.assertFalse(json.loads(out)["holds"])
        # Drawn up anew with another truth: the code fits, and the log tells something else.
        lines = own.replace("4 “M-ATV”", "2 “M-ATV”").splitlines(keepends=True)
        code = base64.b64encode(hashlib.sha256("".join(lines[:-1]).encode()).digest()).decode()
        self.put("sheet", "".join(lines[:-1]) + "Sheet code: " + code + "\n")
        self.run_here("sheet", "--verify", "sheet")
        self.as_("blue-ops", "sheet", "--verify", "sheet", code=REFUSED)
        self.refused("time_malformed", "blue-ops", "sheet", "--day", "tomorrow")


class ByTelephone(Served):
    """Red has no key: blue enters what red says, and red acknowledges nothing by it."""

    def setUp(self):
        super(Served, self).setUp()
        for desk in ("root", "ops"):
            self.run_here("key", "new", f"blue/{desk}", "--out", f"blue-{desk}", "--no-passphrase")
        self.run_here("init", "log", "--origin", "invented.example/log", "--operator", "Nobody", "--party", "blue=blue-root.vkey",
                      "--party-without-key", "red:Red Force", "--checkpoint-every", "0.1")
        self.start()
        self.addCleanup(self.stop)
        self.as_("blue-root", "key", "add", "blue-ops.vkey")
        agreement = json.loads(AGREEMENT.read_text())
        agreement["parties"] = [p for p in agreement["parties"] if p["party"] in ("blue", "red")]
        agreement["rules"] = [r for r in agreement["rules"] if r["kind"] in ("answer_within", "separation", "disclosure")]
        self.put("agreement.json", agreement)
        self.agreement = self.told("blue-ops", "agree", "propose", "agreement.json")["id"]

    def relay(self, said, *more):
        return self.told("blue-ops", "relay", "state", said, "--of", "red", "--speaker", "Col. D.", "--read-back", "bridge", "--person",
                         "Sgt. C.", "--occurred", ago(3), "--agreement", self.agreement, *more)

    def test_what_is_relayed_is_kept_apart(self):
        shown = self.told("blue-ops", "show", self.agreement)
        self.assertIsNone(shown["in_force"])
        self.relay("We agree to that text.", "--word", "agreed")
        shown = self.told("blue-ops", "show", self.agreement)
        self.assertIsNotNone(shown["in_force"])
        self.assertEqual((list(shown["signatures"]), list(shown["relayed"])), (["blue"], ["red"]))
        text = self.as_("blue-ops", "show", self.agreement)[0]
        self.assertIn("another party states that red agreed, by telephone (entry", text)
        self.assertRegex(text, r"entry \d+: blue states that red said by telephone at \S+: agreed\n")
        self.relay("We do not agree to it any more.", "--word", "not-agreed")
        text = self.as_("blue-ops", "show", self.agreement)[0]
        self.assertRegex(text, r": agreed\n +entry \d+: blue states that red said by telephone at \S+: not agreed\n")
        asked = self.told("blue-ops", "say", "message", "Do you have our route?", "--class", "query", "--person", "A")["id"]
        before = self.told("blue-ops", "show", "deadlines")["open"]
        self.assertEqual([d["kind"] for d in before], ["message_answer"])
        self.relay("We have it.", "--about", asked)
        self.assertEqual(self.told("blue-ops", "show", "deadlines")["open"], before)
        self.assertIsNone(json.loads(self.as_("blue-ops", "say", "list", "--json")[0])["heard"]["red"]["answered"])
        self.put("told.json", feature("told", 0))
        moving = self.told("blue-ops", "notify", "told.json", "--agreement", self.agreement)["id"]
        day = self.told("blue-ops", "show", moving)["revisions"][0]["window"][0][:10]
        (self.dir / "red.txt").write_text(self.as_("blue-ops", "sheet", "--day", day, "--for", "red")[0])
        sheet = (self.dir / "red.txt").read_text()
        self.assertIn("For red, which has no key, printed by blue.", sheet)
        self.assertIn(moving, sheet)
        self.assertTrue(self.told("blue-ops", "sheet", "--verify", "red.txt")["holds"])
        self.refused("statement_party", "blue-ops", "sheet", "--for", "blue")  # it has a key
        self.assertIn("This is no sheet", self.as_("blue-ops", "sheet", "--verify", "agreement.json", code=REFUSED)[0])
        out, _ = self.as_("blue-ops", "relay", "list")
        self.assertIn("blue states that red said, by telephone at", out)
        self.assertIn("red has signed nothing", out)


if __name__ == "__main__":
    # Not those that Served brings along.
    own = [f"{case.__name__}.{name}" for case in (Hotline, ByTelephone) for name in vars(case) if name.startswith("test_")]
    unittest.main(argv=[sys.argv[0], *sys.argv[1:]], defaultTest=own)
