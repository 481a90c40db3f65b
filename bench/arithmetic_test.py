# SPDX-License-Identifier: Apache-2.0
"""Tests the arithmetic of the benchmarks: ratios, verdicts, the plan and the answers of turns.c, the results as JSON, the
picture. `python3 -m unittest` in this folder runs them."""
import types
import unittest
import xml.dom.minidom

import main
import picture
import report
import turns
from lib import Row

MACHINE = {"cores": 2, "processor": "P", "virtual": True, "system": "S", "kernel": "6.1", "load": 0.1, "date": "2026-01-02"}


def row(own, rivals=None, **more):
    return Row("list", "a line", more.pop("unit", "ms"), own, rivals or {}, **more)


class Ratios(unittest.TestCase):
    def test_a_ratio_is_the_median_of_the_pairs(self):
        self.assertEqual(row([2, 40, 3], {"r": [1, 10, 3]}).times("r"), 2)  # the pairs are 2, 4 and 1

    def test_a_slow_rival_is_compared_in_its_own_rounds(self):
        self.assertEqual(row([2, 4, 100, 100], {"r": [1, 1]}).times("r"), 3)

    def test_what_was_not_measured_in_the_same_rounds_is_compared_by_medians(self):
        self.assertEqual(row([2, 4, 6], {"r": [-1, 2, 1, 2, 2]}, paired=False).times("r"), 2)
        self.assertIsNone(row([2], {"r": [0, 0]}, paired=False).times("r"))

    def test_there_is_no_ratio_to_nothing(self):
        for other in ("not installed", [], [0, 1], [-1, 2]):
            self.assertIsNone(row([1, 2], {"r": other}).times("r"))
        self.assertIsNone(row([], {"r": [1]}).times("r"))
        self.assertIsNone(row([1]).times("nobody"))


class Verdicts(unittest.TestCase):
    def test_a_budget_is_a_multiple_or_a_number(self):
        cases = ((dict(budget=2, rival="r"), "kept"), (dict(budget=1.9, rival="r"), "MISSED"), (dict(budget=4), "kept"),
                 (dict(budget=3.9), "MISSED"), (dict(budget=4, at_least=True), "kept"), (dict(budget=5, at_least=True), "MISSED"),
                 (dict(budget=0), "MISSED"), ({}, ""), (dict(budget=1, rival="nobody"), "not measured"))
        for more, verdict in cases:
            self.assertEqual(row([4], {"r": [2]}, **more).verdict(), verdict, more)

    def test_noise_is_the_median_span_of_the_quartiles(self):
        self.assertIsNone(report.noise([row([1], {"r": [1, 2]})]))
        self.assertEqual(report.noise([row([1], {"r": [10] * 9, "s": "not installed"})]), 0)
        self.assertAlmostEqual(report.noise([row([1], {"r": [8, 9, 10, 11, 12]})]), 0.3)


class Results(unittest.TestCase):
    def test_json_keeps_each_line(self):
        rows = [row([1.5, 2], {"r": [3, 4], "s": "not installed"}, budget=1, rival="r", against="r", note="n",
                    machine=MACHINE),
                row([5], unit="KB", budget=3, at_least=True, paired=False)]
        self.assertEqual(report.from_json(report.as_json(rows)), rows)

    def test_numbers_have_three_digits(self):
        shown = {0: "0", 0.001234: "0.0012", 1.234: "1.23", 12.34: "12.3", 123.4: "123", 12345: "12,345"}
        self.assertEqual({value: report.number(value) for value in shown}, shown)

    def test_a_small_ratio_is_not_shown_as_zero(self):
        self.assertEqual(report.ratio(row([1], {"r": [400]}), "r"), "0.003 x")

    def test_the_minima_are_compared_apart(self):
        self.assertEqual(report.least_ratio(row([3, 9, 9], {"r": [2, 2, 2]}), "r"), "1.50 x")
        self.assertEqual(report.least_ratio(row([0], {"r": [2], "s": "not installed"}), "r"), "")

    def test_each_machine_is_named_once(self):
        later = dict(MACHINE, date="2026-01-05", load=9)
        self.assertEqual(report.machines([row([1], machine=each) for each in (MACHINE, later, None)]),
                         ["2 cores, P, a virtual machine, S, Linux 6.1, 2026-01-02 to 2026-01-05"])

    def test_the_table_names_what_is_missing(self):
        text = report.table([row([1], {"r": "not installed"}), row([4], {"r": [2]}, budget=1, rival="r", machine=MACHINE)])
        self.assertIn("not installed", text)
        self.assertIn("0 budgets kept, 1 missed", text)


class Turns(unittest.TestCase):
    def test_the_plan_has_every_word_of_a_command(self):
        bench = types.SimpleNamespace(env={"PATH": "/bin", "A": "b"})
        plan = turns.plan_of(bench, [turns.Variant(["/x", "1"], before="b", after="c", ok=turns.ANY, rounds=2, out="/o",
                                                   terminal=True, until_gone=True)])
        words = ["v", "p/x", "a/x", "a1", "ePATH=/bin", "eA=b", "s*", "bb", "cc", "o/o", "r2", "t", "g"]
        self.assertEqual(plan, "".join(word + "\0" for word in words))

    def test_the_answers_are_sorted_by_command(self):
        text = "1 0 2000000 7\n0 0 1000000 5\n2 failed x: exit status 3\n0 1 3000000 6\nwaited 1500\n"
        self.assertEqual(turns.samples_of(text, 3), ([[(1, 5), (3, 6)], [(2, 7)], "not available here: x: exit status 3"], 1.5))

    def test_what_fails_must_not_be_sigmund(self):
        found = {"sigmund": "not available here", "r": [1]}
        with self.assertRaises(RuntimeError):
            turns.take(found, "sigmund")
        self.assertEqual(turns.take(found, "r"), [1])


class Pictures(unittest.TestCase):
    def test_a_bar_goes_left_when_sigmund_needs_less(self):
        for own, side, words in ((1, "l", "2.0 × faster than r"), (4, "r", "2.0 × slower than r")):
            line = row([own], {"r": [2]}, against="r")
            drawn = "".join(picture.bar(line, line.times("r"), 0))
            self.assertIn(f'class="{side}"', drawn)
            self.assertIn(words, drawn)
            self.assertIn(f'<rect x="{picture.at(0.5 if own == 1 else 1):.1f}"', drawn)

    def test_words_fit_the_unit(self):
        self.assertEqual(picture.words(row([1], against="r", unit="KB"), 0.1), "10 × less than r")
        self.assertEqual(picture.words(row([1], against="r"), 1.01), "the same as r")

    def test_a_picture_is_xml_and_tells_its_content(self):
        rows = [row([1], {"a & b": [2]}, against="a & b", machine=MACHINE), row([1]),
                row([1], {"r": "not installed"}, against="r")]
        root = xml.dom.minidom.parseString(picture.draw(rows)).documentElement
        self.assertEqual(root.getAttribute("aria-labelledby"), "t d")
        self.assertEqual(root.getElementsByTagName("desc")[0].firstChild.data, "a line: 2.0 × faster than a & b.")
        self.assertEqual(len(picture.drawn(rows)), 1)

    def test_the_scale_is_never_left(self):
        self.assertEqual((picture.at(1e-9), picture.at(1e9)), (picture.LABELS, picture.LABELS + picture.SCALE))


class Choice(unittest.TestCase):
    def test_other_lines_stay(self):
        options = types.SimpleNamespace(only=["list"], json=__file__ + ".json")
        rows = [row([1])]
        self.assertEqual(main.earlier(options, rows), rows)  # there is no such file


if __name__ == "__main__":
    unittest.main()
