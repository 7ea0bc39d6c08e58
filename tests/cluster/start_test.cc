#include <catch2/catch.hpp>
#include <csignal>

#include "tests/cluster/fault_scene.h"

/// An agent before its first full list.
namespace selvage::testing {

TEST_CASE("an agent that starts without a server commits nothing, logs that, and begins by itself") {
  FaultScene s;
  s.wire().refuse();
  const Process agent = s.start_agent();
  CHECK(s.says("stale since"));
  CHECK(s.tables().empty());
  s.check({allow(s.other, s.api)});
  s.wire().listen();
  s.expect_right();
}

TEST_CASE("nothing is committed until all three lists are complete, whichever is late") {
  FaultScene s;
  for (const std::string late : {"/pods", "/namespaces", "/networkpolicies"}) {
    INFO(late);
    const std::size_t mark = s.wire().log().mark();
    s.wire().set(late, answer("500 Internal Server Error", "{}"));
    Process agent = s.start_agent();
    // Between its third tries there is time for the other two lists to come in.
    REQUIRE(s.wire().log().saw(
        mark, [&](const ProxiedRequest& request) { return holds(request.path, late); }, 3));
    REQUIRE(s.wire().log().saw(
        mark, [](const ProxiedRequest& request) { return request.status == 200; }, 2));
    CHECK(s.tables().empty());
    s.check({allow(s.other, s.api)});
    s.wire().clear();
    s.expect_right();
    CHECK(agent.stop(SIGTERM) == 0);
    REQUIRE(run(s.node(1).space(), {SELVAGE_BINARY, "cleanup"}));
  }
}

TEST_CASE("an agent that starts while the server is away leaves its predecessor's policy in place") {
  FaultScene s;
  CHECK(s.converged_agent().stop(SIGTERM) == 0);
  const std::string before = s.tables();
  s.wire().refuse();
  s.turn_door();
  Prober prober(s.steady());
  const std::size_t from = s.agent_log().size();
  const Process successor = s.start_agent();
  CHECK(s.says("stale since", from));
  CHECK(s.tables() == before);
  s.wire().listen();
  s.expect_right();
  prober.check();
}

}  // namespace selvage::testing
