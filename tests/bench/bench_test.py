"""The measuring programs run and say what they should, and a document is made of it. Nothing here depends on a time.

    bench_test.py CHECKOUT PRESET
"""

import json
import math
import pathlib
import subprocess
import sys
import tempfile
import unittest
import xml.dom.minidom

ROOT = pathlib.Path(sys.argv[1])
PRESET = sys.argv[2]
sys.path.insert(0, str(ROOT / "bench" / "report"))

import fold  # noqa: E402
import report  # noqa: E402
import results as r  # noqa: E402
import svg  # noqa: E402


def run_tiny():
    command = [ROOT / "scripts" / "bench", "--tiny", "--json", "--preset", PRESET]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise AssertionError(ran.stderr)
    return ran.stdout


class ShortRun(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.text = run_tiny()
        cls.figures = r.read(cls.text.splitlines())

    def test_each_line_is_a_figure(self):
        for line in self.text.splitlines():
            self.assertIn("figure", json.loads(line))

    def test_each_layout_carries_each_kind_of_traffic(self):
        self.assertEqual(r.of(self.figures, "left_out"), [])
        for work in report.ALL_WORK:
            found = r.packets(self.figures, work=work, path="bridge")
            self.assertEqual(set(found), {*r.LAYOUTS, r.AGAIN}, work)
            for figure in found.values():
                self.assertGreater(figure["ns"], 0)
        self.assertIn("Selvage", r.packets(self.figures, work="udp_judged", path="vxlan"))

    def test_each_way_enforces_each_change(self):
        changes = {figure["change"] for figure in r.of(self.figures, "change", subject="Selvage")}
        self.assertGreater(len(changes), 9)
        for subject in r.SUBJECTS:
            self.assertEqual(len(r.of(self.figures, "start", subject=subject)), 1)
            self.assertEqual({f["change"] for f in r.of(self.figures, "change", subject=subject)}, changes)

    def test_a_document_with_pictures_is_made(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "docs" / "images").mkdir(parents=True)
            (path / "results.jsonl").write_text(self.text, encoding="utf-8")
            report.main(path, path)
            text = (path / "docs" / "benchmarks.md").read_text(encoding="utf-8")
            self.assertNotIn("{{", text)
            for picture in (path / "docs" / "images").iterdir():
                xml.dom.minidom.parse(str(picture))


class Figures(unittest.TestCase):
    def test_an_exponent_is_that_of_the_power_law(self):
        for power in (-1, 0, 0.5, 2):
            self.assertAlmostEqual(r.exponent([(x, 7 * x**power) for x in (1, 10, 50, 1000)]), power)
        self.assertIsNone(r.exponent([(10, 1), (10, 2)]))

    def test_noise_is_where_the_quartiles_meet(self):
        again = {"ratio_low": 0.99, "ratio_high": 1.02}
        self.assertTrue(r.within_noise({"ratio_low": 1.01, "ratio_high": 1.1}, again))
        self.assertFalse(r.within_noise({"ratio_low": 1.03, "ratio_high": 1.1}, again))

    def test_equal_stacks_are_counted_together(self):
        sample = ["\t 1 std::vector<int>::f(int)+0x4 (/bin/x)", "\t 2 main (/bin/x)", ""]
        self.assertEqual(fold.fold(sample * 3), {"main;vector::f": 3})

    def test_a_flame_graph_gives_each_call_its_share(self):
        graph = svg.flame_graph("t", ["start;main;a 3", "start;main;b 1", "start;other 9"])
        self.assertIn("a: 75.0 %", graph)
        self.assertNotIn("other", graph)

    def test_a_chart_is_well_formed_and_names_its_lines(self):
        chart = svg.chart("a < b", "x", "y", {"one": [(1, 2.0), (1000, math.pi)], "two": [(1, 1.0)]})
        xml.dom.minidom.parseString(chart)
        self.assertIn("two", chart)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
