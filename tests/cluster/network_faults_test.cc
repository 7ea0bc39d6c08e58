#include <catch2/catch.hpp>
#include <functional>

#include "tests/cluster/fault_scene.h"
#include "tests/cluster/pulse.h"

/// Connections to the API server that are refused, cut, silent or slow. Known objects stay enforced, changes are caught
/// up afterwards, and no connection is ever treated otherwise.
namespace selvage::testing {
namespace {

/// Whether the agent logs from `from` on that a watch is stale.
bool gets_stale(const FaultScene& s, std::size_t from) { return s.says("stale since", from); }

/// All packets of the agent's connections are lost, or no longer.
void lose_packets(FaultScene& s, bool lost) {
  const std::string port = s.wire().url().substr(s.wire().url().rfind(':') + 1);
  s.nft(1, lost ? "table inet lost { chain out { type filter hook output priority -300; tcp dport " + port +
                      " drop; tcp sport " + port + " drop; }\n}\n"
                : "delete table inet lost\n");
}

}  // namespace

TEST_CASE("refused, silent and lost connections: policies stay enforced, and changes are caught up") {
  FaultScene s;
  const Pulse pulse(s.server());
  const Process agent = s.converged_agent();
  Prober prober(s.steady());
  struct Case {
    const char* name;
    std::function<void()> begin;
    std::function<void()> end;
  };
  for (const Case& one : {
           Case{"refused", [&] { s.wire().refuse(); }, [&] { s.wire().listen(); }},
           Case{"stalled", [&] { s.wire().set(stall()); }, [&] { s.wire().clear(); }},
           Case{"stalled after the handshake", [&] { s.wire().set("/api", stall()); }, [&] { s.wire().clear(); }},
           Case{"lost", [&] { lose_packets(s, true); }, [&] { lose_packets(s, false); }},
       }) {
    INFO(one.name);
    const std::size_t from = s.agent_log().size();
    one.begin();
    const std::string before = s.tables();
    s.turn_door();
    CHECK(gets_stale(s, from));
    CHECK(s.tables() == before);
    one.end();
    s.expect_right();
  }
  prober.check();
}

TEST_CASE("connections cut in the middle of a line: no half event is used, and nothing is lost") {
  FaultScene s;
  const Process agent = s.converged_agent();
  Prober prober(s.steady());
  for (const std::size_t bytes : {1, 100, 300, 700}) {
    INFO(bytes);
    const std::size_t mark = s.wire().log().mark();
    s.wire().set(cut_after(bytes));
    s.turn_door();
    CHECK(s.wire().log().saw(mark, any, 3));
    s.wire().clear();
    s.expect_right();
  }
  prober.check();
}

TEST_CASE("after a lost connection a watch resumes from the last version, without a list") {
  FaultScene s;
  const Process agent = s.converged_agent();
  s.turn_door();
  s.expect_right();
  for (int i = 0; i < 2; ++i) {
    const std::size_t mark = s.wire().log().mark();
    s.wire().hang_up();
    s.turn_door();
    REQUIRE(s.wire().log().saw(mark, any, 3));
    s.expect_right();
    for (const ProxiedRequest& request : s.wire().log().since(mark)) {
      if (request.is_discovery()) continue;
      CHECK(request.is_watch());
      CHECK_FALSE(request.streams_list());
      CHECK(std::stoll("0" + request.value("resourceVersion")) > 0);
      CHECK(request.value("allowWatchBookmarks") == "true");
    }
  }
}

TEST_CASE("an answer that takes longer than the idle limit is accepted while bytes arrive") {
  FaultScene s;
  s.wire().set(drip(4, std::chrono::milliseconds(3)));
  const Process agent = s.converged_agent();  // its idle limit: two seconds
  Prober prober(s.steady());
  s.turn_door();
  s.expect_right();
  prober.check();
}

TEST_CASE("the API server is killed and comes back, freezes and thaws") {
  FaultScene s;
  const Pulse pulse(s.server());
  const Process agent = s.converged_agent();
  Prober prober(s.steady());
  std::size_t from = s.agent_log().size();
  s.turn_door();
  s.converge();
  s.server().stop_api_server();
  CHECK(gets_stale(s, from));
  s.check(s.steady());
  s.server().start_api_server();
  s.turn_door();
  s.expect_right();

  from = s.agent_log().size();
  s.server().freeze_api_server(true);
  CHECK(gets_stale(s, from));
  s.server().freeze_api_server(false);
  s.turn_door();
  s.expect_right();
  prober.check();
}

}  // namespace selvage::testing
