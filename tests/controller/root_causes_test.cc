#include "controller/refusals/root_causes.h"

#include <catch2/catch.hpp>
#include <cerrno>

#include "controller/tables/table_layout.h"
#include "tests/controller/reconciled_node.h"

/// The parts to blame when one refused part has others refused.
namespace selvage::testing {
namespace {

using Kind = nft::PlanPart::Kind;

nft::PlanPart inet_part(Kind kind, const std::string& name) {
  nft::PlanPart part;
  part.table = controller::kInetTable;
  part.kind = kind;
  part.name = name;
  return part;
}

/// The tables of web_to_api, and the names of its one set and its one class.
struct OnePolicy {
  nft::Ruleset want = ruleset_from_scratch(world_with({web_to_api()}));
  const nft::Table& table = want.at(controller::kInetTable);
  std::string set = first(table.sets, "p-");
  std::string chain = first(table.chains, "k4-");

  template <class Map>
  static std::string first(const Map& map, const std::string& prefix) {
    const auto found = map.lower_bound(prefix);
    REQUIRE(found != map.end());
    REQUIRE(found->first.starts_with(prefix));
    return found->first;
  }
  [[nodiscard]] nft::PlanPart element(const std::string& of) const {
    nft::PlanPart part = inet_part(Kind::element, of);
    part.element = table.sets.at(of).elements.begin()->first;
    return part;
  }
};

TEST_CASE_METHOD(OnePolicy, "a refused set has its elements and the rules that ask it refused") {
  const nft::RefusedPart cause{inet_part(Kind::set, set), EINVAL};
  CHECK(controller::root_causes({cause, {element(set), ENOENT}, {inet_part(Kind::rule, chain), ENOENT}}, want) ==
        std::vector{cause});
}

TEST_CASE_METHOD(OnePolicy, "a refused chain has its rules and the elements that lead to it refused") {
  const nft::RefusedPart cause{inet_part(Kind::chain, chain), EINVAL};
  CHECK(controller::root_causes({cause, {element("ingress-peer4"), ENOENT}, {inet_part(Kind::rule, chain), ENOENT}},
                                want) == std::vector{cause});
}

TEST_CASE_METHOD(OnePolicy, "root causes stay, beside other refusals and removals") {
  nft::PlanPart removal = inet_part(Kind::set, set);
  removal.deletion = true;
  nft::PlanPart last = inet_part(Kind::rule, chain);
  last.rule = table.chains.at(chain).rules.size() - 1;  // asks no set
  const std::vector<nft::RefusedPart> all = {
      {removal, EBUSY}, {inet_part(Kind::set, "other"), EINVAL}, {element(set), EINVAL}, {last, EINVAL}};
  CHECK(controller::root_causes(all, want) == all);
}

}  // namespace
}  // namespace selvage::testing
