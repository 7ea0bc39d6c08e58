"""The checks find what they are there to find, and nothing in what is right."""

import unittest

from alerts_table_check import with_alerts
from invariants_check import missing_tests
from links_check import link_faults as document_faults
from log_lines_check import log_faults
from no_paths_check import place_faults
from rooms_check import link_faults, source_faults, table_faults
from size_check import size_faults


class Rooms(unittest.TestCase):
    def assert_fault(self, path, include):
        self.assertEqual(len(list(source_faults(path, f"#pragma once\n#include {include}\n"))), 1, (path, include))

    def assert_right(self, path, include):
        self.assertEqual(list(source_faults(path, f"#include {include}\n")), [])

    def test_room_against_the_table(self):
        self.assert_fault("policy/model/a.cc", '"nft/model/table.h"')
        self.assert_fault("nft/model/a.cc", '"policy/model/model.h"')
        self.assert_fault("base/a.h", '"policy/model/model.h"')
        self.assert_fault("lab/a.h", '"nft/model/table.h"')
        self.assert_fault("k8s_client/decode/a.cc", '"nft/model/table.h"')
        self.assert_fault("k8s_client/decode/a.cc", '"policy/compile/compiler.h"')
        self.assert_fault("controller/tables/a.cc", '"controller/agent/agent.h"')
        self.assert_fault("controller/agent/a.cc", '"cli/config.h"')

    def test_room_within_the_table(self):
        self.assert_right("controller/tables/a.cc", '"nft/model/table.h"')
        self.assert_right("nft/model/a.cc", '"nft/model/table.h"')
        self.assert_right("policy/model/a.cc", '"base/ip_address.h"')
        self.assert_right("k8s_client/decode/a.cc", '"policy/model/model.h"')

    def test_include_not_from_the_root(self):
        self.assert_fault("nft/model/a.cc", '"table.h"')

    def test_libraries(self):
        self.assert_fault("nft/plan/diff.cc", "<libnftnl/rule.h>")
        self.assert_right("nft/wire/encode_rule.cc", "<libnftnl/rule.h>")
        self.assert_fault("controller/sync/a.cc", "<libmnl/libmnl.h>")
        self.assert_fault("cli/show.cc", "<yaml-cpp/yaml.h>")
        self.assert_right("cli/config.cc", "<yaml-cpp/yaml.h>")
        self.assert_fault("lab/a.cc", "<boost/asio.hpp>")
        self.assert_right("lab/a.cc", "<linux/if_link.h>")

    def test_policy_is_pure(self):
        self.assert_fault("policy/model/a.cc", "<sys/socket.h>")
        self.assert_fault("policy/compile/a.cc", "<unistd.h>")
        self.assert_fault("policy/compile/a.cc", "<chrono>")
        self.assert_right("policy/compile/a.cc", "<map>")

    def test_links(self):
        wrong = "selvage_room(policy_model LINKS selvage_nft_model)"
        self.assertEqual(len(list(link_faults("policy/model/CMakeLists.txt", wrong))), 1)
        right = "selvage_room(nft_text LINKS selvage_base selvage_nft_model)"
        self.assertEqual(list(link_faults("nft/text/CMakeLists.txt", right)), [])

    def test_table(self):
        uses = {"base": [], "nft": ["base"], "cli": ["nft"]}
        sources = {"base": [3, set()], "nft": [40, {"base"}], "cli": [1, {"nft"}]}
        self.assertEqual(list(table_faults(uses, sources)), [])
        self.assertEqual(len(list(table_faults({**uses, "base": ["nft"]}, {**sources, "base": [3, {"nft"}]}))), 1)
        self.assertEqual(len(list(table_faults(uses, {**sources, "cli": [1, set()]}))), 1)
        self.assertEqual(len(list(table_faults(uses, {**sources, "base": [41, set()]}))), 1)


class Alerts(unittest.TestCase):
    ALERTS = "  - alert: Slow\n    expr: a > b\n    for: 5m\n    labels:\n      severity: warning\n"

    def test_the_rows_are_the_charts(self):
        head = "x\n\n| alert | severity | expression |\n|---|---|---|\n"
        right = head + "| `Slow` | warning, for 5m | `a > b` |\n\ny\n"
        self.assertEqual(with_alerts(head + "| `Old` | info | `c` |\n\ny\n", self.ALERTS), right)
        self.assertEqual(with_alerts(right, self.ALERTS), right)


class Invariants(unittest.TestCase):
    def test_a_name_that_no_test_has(self):
        text = "## Invariants\n1. **Bold.** *one\n   two*; *three*.\n## Next\n*four*"
        self.assertEqual(missing_tests(text, ['TEST_CASE("one "\n          "two") {']), ["three"])


class Links(unittest.TestCase):
    TEXTS = {"a.md": "[x](b.md#one-two) [y](b.md#three) [z](c.md) `[no](d.md)` [w](https://e)", "b.md": "# One, `two`\n"}

    def test_files_and_headings(self):
        faults = list(document_faults("a.md", self.TEXTS, set(self.TEXTS)))
        self.assertEqual(faults, ["a.md: no heading: b.md#three", "a.md: no file: c.md"])


class LogLines(unittest.TestCase):
    SOURCE = 'spdlog::warn("{}: stale {}, "\n            "no first list", a, b);'

    def test_line_that_nobody_explains(self):
        self.assertEqual(len(list(log_faults("a.cc", self.SOURCE, "| `no list` | nothing |"))), 1)

    def test_line_in_the_document(self):
        self.assertEqual(list(log_faults("a.cc", self.SOURCE, "| `X, no first\nlist` | nothing |")), [])

    def test_other_levels_and_other_texts(self):
        self.assertEqual(list(log_faults("a.cc", 'spdlog::info("all is well {}", a); spdlog::error("{}", b);', "")), [])


class Sizes(unittest.TestCase):
    @staticmethod
    def function(lines, indent="", first="int f(int a) {"):
        return "\n".join([indent + first] + [indent + "  a++;"] * (lines - 2) + [indent + "}"])

    def faults(self, text):
        return [name for name, _ in size_faults("nft/a.cc", text + "\n")]

    def test_function(self):
        self.assertEqual(self.faults(self.function(51)), ["nft/a.cc:f"])
        self.assertEqual(self.faults(self.function(50)), [])
        self.assertEqual(self.faults("namespace a {\n\n" + self.function(51) + "\n\n}  // namespace a"), ["nft/a.cc:f"])

    def test_member(self):
        self.assertEqual(self.faults("class A {\n public:\n" + self.function(51, "  ") + "\n};"), ["nft/a.cc:f"])

    def test_wrapped_signature_counts(self):
        self.assertEqual(self.faults("int f(int a,\n      int b) {\n" + "  a++;\n" * 48 + "}"), ["nft/a.cc:f"])

    def test_short_functions_after_each_other(self):
        self.assertEqual(self.faults("\n\n".join([self.function(30)] * 4)), [])

    def test_test_case_goes_by_its_name(self):
        self.assertEqual(self.faults(self.function(60, first='TEST_CASE("long one") {')), ["nft/a.cc:long one"])

    def test_raw_string_is_no_code(self):
        self.assertEqual(self.faults('int f() {\n  g(R"(\n}\n)");\n' + "  a++;\n" * 50 + "}"), ["nft/a.cc:f"])

    def test_file(self):
        self.assertEqual(self.faults("int a;\n" * 301), ["nft/a.cc"])
        self.assertEqual(self.faults("int a;\n" * 299), [])


class Places(unittest.TestCase):
    def faults(self, text):
        return len(list(place_faults("a.md", text)))

    def test_places_of_one_machine(self):
        # Put together here, so that this file itself passes the check.
        for place in (
            "/ho" "me/someone/x",
            "see /wo" "rk/main",
            "/tm" "p/x-build/y",
            "http://mirror.in" "ternal/",
            "${PROJECT_SOURCE_DIR}/." "./x",
        ):
            self.assertEqual(self.faults(place), 1, place)

    def test_places_of_the_product(self):
        for place in ("/etc/cni/net.d", "docs/work/plan.md", "https://kubernetes.default.svc/api", "/tmp/x", "/var/run"):
            self.assertEqual(self.faults(place), 0, place)


if __name__ == "__main__":
    unittest.main()
