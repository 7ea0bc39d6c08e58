#include <catch2/catch.hpp>

#include "policy/compile/compiler.h"
#include "policy/explain/explain.h"
#include "tests/support/policy_cases.h"

namespace selvage::testing {
namespace {

using Kind = policy::FlowEnd::Kind;

TEST_CASE("the pod networks decide which addresses are a node's and which an unknown pod's") {
  const auto compiler = policy::compile(world_with({}), kNode);
  const auto kind_of = [&](const policy::PodNetworks& networks, const char* text) {
    return policy::find_end(*compiler, networks, address(text)).kind;
  };
  CHECK(kind_of({{16, 64}, 1}, "10.244.77.5") == Kind::unknown_pod);
  CHECK(kind_of({{16, 64}, 1}, "10.244.0.0") == Kind::node);
  CHECK(kind_of({{16, 64}, 1}, "10.244.2.1") == Kind::unknown_pod);
  CHECK(kind_of({{24, 64}, 0}, "10.244.2.0") == Kind::unknown_pod);
  CHECK(kind_of({{32, 128}, 2}, "10.244.2.77") == Kind::address);
}

}  // namespace
}  // namespace selvage::testing
