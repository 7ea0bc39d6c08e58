#include <catch2/catch.hpp>
#include <csignal>
#include <functional>

#include "tests/cluster/fault_scene.h"
#include "tests/cluster/pulse.h"

/// SIGTERM in every state: the agent ends by itself, with 0, long before the five seconds after which Process::stop
/// kills it, and its policy stays enforced.
namespace selvage::testing {
namespace {

struct State {
  const char* name;
  std::function<void()> begin;  ///< of the fault; the log is waited for afterwards
};

std::vector<State> states(FaultScene& s) {
  const auto answer_all = [&s](const Fault& fault) {
    s.wire().set(fault);
    s.wire().hang_up();
  };
  return {
      {"refused", [&] { s.wire().refuse(); }},
      {"stalled before the handshake", [&] { s.wire().set(stall()); }},
      {"stalled after it", [&] { s.wire().set("/api", stall()); }},
      {"half an answer, then silence", [&] { s.wire().set(drip(100, std::chrono::hours(1))); }},
      {"asked to come back later", [=] { answer_all(answer("429 Too Many Requests", "{}", "Retry-After: 50\r\n")); }},
      {"errors", [=] { answer_all(answer("500 Internal Server Error", "{}")); }},
      {"frozen", [&] { s.server().freeze_api_server(true); }},
  };
}

void end(FaultScene& s) {
  s.server().freeze_api_server(false);
  s.wire().clear();
  s.wire().hang_up();
  s.wire().refuse();
  s.wire().listen();
}

}  // namespace

TEST_CASE("SIGTERM ends an agent that watches, and one that has just become stale, and the tables stay") {
  FaultScene s;
  const Pulse pulse(s.server());
  std::optional<Prober> prober;
  for (const State& state : states(s)) {
    INFO(state.name);
    Process agent = s.converged_agent();
    if (!prober) prober.emplace(s.steady());
    const std::string before = s.tables();
    const std::size_t from = s.agent_log().size();
    state.begin();
    CHECK(s.says("stale since", from));
    CHECK(agent.stop(SIGTERM) == 0);
    CHECK(s.tables() == before);
    end(s);
  }
  Process agent = s.converged_agent();
  CHECK(agent.stop(SIGTERM) == 0);
  s.check(s.steady());
  prober->check();
}

TEST_CASE("SIGTERM ends an agent that never got its first list, and the tables stay") {
  FaultScene s;
  CHECK(s.converged_agent().stop(SIGTERM) == 0);
  Prober prober(s.steady());
  const std::string before = s.tables();
  for (const State& state : states(s)) {
    INFO(state.name);
    const std::size_t from = s.agent_log().size();
    state.begin();
    Process agent = s.start_agent(1, {"--api-idle-timeout", "2"});
    CHECK(s.says("stale since", from));
    CHECK(agent.stop(SIGTERM) == 0);
    CHECK(s.tables() == before);
    end(s);
  }
  prober.check();
}

}  // namespace selvage::testing
