#include "controller/output/text_table.h"

#include <catch2/catch.hpp>

namespace selvage::testing {
namespace {

using controller::text_table;

const std::vector<controller::TextRow> kRows = {{"POD", "POLICIES", "DENIED"},
                                                {"prod/api-0", "prod/allow-web, prod/deny", "37"},
                                                {"prod/web-0", "none: open", "0"}};

TEST_CASE("without a width, columns are as wide as their widest cell") {
  CHECK(text_table(kRows) ==
        "POD         POLICIES                   DENIED\n"
        "prod/api-0  prod/allow-web, prod/deny  37\n"
        "prod/web-0  none: open                 0\n");
  CHECK(text_table(kRows, 200) == text_table(kRows));
  CHECK(text_table({}).empty());
}

TEST_CASE("the widest columns are folded between words first") {
  CHECK(text_table(kRows, 35) ==
        "POD         POLICIES         DENIED\n"
        "prod/api-0  prod/allow-web,  37\n"
        "            prod/deny\n"
        "prod/web-0  none: open       0\n");
}

TEST_CASE("words wider than their column are folded after signs, and else anywhere") {
  CHECK(text_table({{"monitoring/prometheus-0", "x"}}, 15) ==
        "monitoring/   x\n"
        "prometheus-0\n");
  CHECK(text_table({{"abcdefghijklmnop"}}, 10) == "abcdefghij\nklmnop\n");
  CHECK(text_table({{"ääääääääää"}}, 8) == "ääääääää\nää\n");
}

TEST_CASE("the least width is that of the longest words, with slashes as the ends of words") {
  CHECK(controller::least_width(kRows) == 5 + 2 + 10 + 2 + 6);
  CHECK(controller::least_width({}) == 0);
  const std::string folded = text_table(kRows, 25);
  CHECK(folded ==
        "POD    POLICIES    DENIED\n"
        "prod/  prod/       37\n"
        "api-0  allow-web,\n"
        "       prod/deny\n"
        "prod/  none: open  0\n"
        "web-0\n");
}

TEST_CASE("line breaks in a cell begin new lines of the cell, other control characters are escaped") {
  CHECK(text_table({{"Ready:", "no\nsources: stale\x1b[1m"}, {"Tables:", "owned"}}) ==
        "Ready:   no\n"
        "         sources: stale\\u001b[1m\n"
        "Tables:  owned\n");
}

TEST_CASE("words are not broken to less than eight characters") {
  CHECK(text_table({{"abcdefghijk", "x"}}, 4) == "abcdefgh  x\nijk\n");
}

}  // namespace
}  // namespace selvage::testing
