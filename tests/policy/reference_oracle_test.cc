#include <catch2/catch.hpp>
#include <set>

#include "tests/support/policy_cases.h"

namespace selvage::testing {
namespace {

TEST_CASE("the reference oracle agrees with the hand-written cases") {
  for (const auto& one : policy_cases()) {
    for (const auto& probe : one.probes) {
      const auto answer = ask_oracle(one.objects, kNode, probe.packet);
      INFO(one.name << ": " << to_string(probe.packet) << ": " << answer.reason);
      CHECK(answer.allowed == probe.allowed);
    }
  }
}

TEST_CASE("hand-written cases have names of their own, and probes") {
  std::set<std::string> names;
  for (const auto& one : policy_cases()) {
    INFO(one.name);
    CHECK(names.insert(one.name).second);
    CHECK_FALSE(one.probes.empty());
  }
}

}  // namespace
}  // namespace selvage::testing
