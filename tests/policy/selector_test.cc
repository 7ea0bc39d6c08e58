#include "policy/model/selector.h"

#include <catch2/catch.hpp>

namespace selvage::policy {
namespace {

using Operator = LabelRequirement::Operator;

const Labels kNone;
const Labels kWeb{{"app", "web"}, {"tier", ""}};
const Labels kDb{{"app", "db"}};

TEST_CASE("In holds for a listed value only") {
  const LabelRequirement in{"app", Operator::in, {"api", "web"}};
  CHECK(in.matches(kWeb));
  CHECK_FALSE(in.matches(kDb));
  CHECK_FALSE(in.matches(kNone));
}

TEST_CASE("NotIn holds for other values and for an absent key") {
  const LabelRequirement not_in{"app", Operator::not_in, {"api", "web"}};
  CHECK_FALSE(not_in.matches(kWeb));
  CHECK(not_in.matches(kDb));
  CHECK(not_in.matches(kNone));
}

TEST_CASE("Exists and DoesNotExist depend on the key, not on its value") {
  const LabelRequirement exists{"tier", Operator::exists, {}};
  const LabelRequirement absent{"tier", Operator::does_not_exist, {}};
  CHECK(exists.matches(kWeb));
  CHECK_FALSE(exists.matches(kDb));
  CHECK_FALSE(absent.matches(kWeb));
  CHECK(absent.matches(kDb));
}

TEST_CASE("an empty value is a value") {
  CHECK(LabelRequirement{"tier", Operator::in, {""}}.matches(kWeb));
  CHECK_FALSE(LabelRequirement{"tier", Operator::in, {""}}.matches(kDb));
  CHECK_FALSE(LabelRequirement{"tier", Operator::not_in, {""}}.matches(kWeb));
}

TEST_CASE("a selector without requirements matches everything") {
  CHECK(LabelSelector{}.matches(kWeb));
  CHECK(LabelSelector{}.matches(kNone));
}

TEST_CASE("all requirements of a selector must hold") {
  const LabelSelector both{{{"app", Operator::in, {"web"}}, {"tier", Operator::does_not_exist, {}}}};
  CHECK_FALSE(both.matches(kWeb));
  CHECK_FALSE(both.matches(kDb));
  CHECK(both.matches(Labels{{"app", "web"}}));
}

TEST_CASE("normalized selectors with the same meaning are equal") {
  LabelSelector one{{{"b", Operator::exists, {}}, {"a", Operator::in, {"2", "1", "2"}}}};
  LabelSelector two{{{"a", Operator::in, {"1", "2"}}, {"b", Operator::exists, {}}, {"b", Operator::exists, {}}}};
  CHECK(one != two);
  one.normalize();
  two.normalize();
  CHECK(one == two);
  CHECK(one.matches(Labels{{"a", "2"}, {"b", ""}}));
}

TEST_CASE("matchLabels are requirements of one value") {
  const LabelSelector selector = match_labels({{"tier", ""}, {"app", "web"}});
  CHECK(selector.matches(kWeb));
  CHECK_FALSE(selector.matches(Labels{{"app", "web"}}));
  CHECK(selector == match_labels({{"app", "web"}, {"tier", ""}}));
  CHECK(match_labels({}) == LabelSelector{});
}

TEST_CASE("a selector in words tells its operators apart") {
  const LabelSelector selector{{{"app", Operator::in, {"web"}},
                                {"env", Operator::not_in, {"dev", "test"}},
                                {"old", Operator::does_not_exist, {}},
                                {"team", Operator::exists, {}},
                                {"tier", Operator::in, {"a", "b"}}}};
  CHECK(selector.to_string() == "app=web,env notin (dev,test),!old,team,tier in (a,b)");
  CHECK(LabelSelector{}.to_string().empty());
}

}  // namespace
}  // namespace selvage::policy
