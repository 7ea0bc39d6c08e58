#include "policy/model/labels.h"

#include <catch2/catch.hpp>

namespace selvage::policy {
namespace {

TEST_CASE("labels are found by their whole key") {
  const Labels labels{{"app", "web"}, {"app.kubernetes.io/name", "shop"}, {"empty", ""}, {"tier", "app"}};
  CHECK(labels.find("app") == "web");
  CHECK(labels.find("app.kubernetes.io/name") == "shop");
  CHECK(labels.find("empty") == "");
  CHECK_FALSE(labels.find("ap").has_value());
  CHECK_FALSE(labels.find("web").has_value());
  CHECK_FALSE(labels.find("").has_value());
}

TEST_CASE("a label's value is never taken for a key") {
  const Labels labels{{"a", "b"}, {"c", "d"}};
  CHECK_FALSE(labels.find("b").has_value());
  CHECK_FALSE(labels.find("d").has_value());
}

TEST_CASE("equal labels are equal in whatever order they came") {
  CHECK(Labels{{"a", "1"}, {"b", "2"}} == Labels{{"b", "2"}, {"a", "1"}});
  CHECK(Labels{{"a", "1"}} != Labels{{"a", "2"}});
  CHECK(Labels{{"a", ""}} != Labels{});
  CHECK(Labels{{"a", "bc"}} != Labels{{"ab", "c"}});
}

TEST_CASE("of a key given twice the last value counts") {
  const Labels labels{{"a", "1"}, {"b", "x"}, {"a", "2"}};
  CHECK(labels.find("a") == "2");
  CHECK(labels == Labels{{"a", "2"}, {"b", "x"}});
}

TEST_CASE("pairs come back sorted by key") {
  const std::vector<Labels::Pair> sorted = {{"a", "1"}, {"b", ""}, {"c", "3"}};
  CHECK(Labels{{"c", "3"}, {"a", "1"}, {"b", ""}}.pairs() == sorted);
  CHECK(Labels(sorted).pairs() == sorted);
  CHECK(Labels{}.pairs().empty());
  CHECK(Labels{}.empty());
}

}  // namespace
}  // namespace selvage::policy
