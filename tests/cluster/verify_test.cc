#include <catch2/catch.hpp>
#include <csignal>

#include "tests/cluster/fault_scene.h"

/// `selvage verify` by the API server's objects.
namespace selvage::testing {
namespace {

constexpr int kFailed = 1;
constexpr int kDivergent = 5;

struct Scene : FaultScene {
  /// The exit status of `selvage verify` on the node.
  int verify() {
    const Argv command{SELVAGE_BINARY, "verify", "--node", node_name(1), "--kubeconfig", kubeconfig()};
    auto verifier = Process::start(node(1).space(), command, log_.path() / "verify.log");
    REQUIRE(verifier);
    return verifier->wait(kRecovery).value_or(-1);
  }
  /// What it printed, all times together.
  [[nodiscard]] std::string printed() const { return read_whole(log_.path() / "verify.log").value_or(""); }

 private:
  TemporaryFolder log_ = TemporaryFolder::create().value();
};

}  // namespace

TEST_CASE("verify compares with the API server's objects") {
  Scene s;
  Process agent = s.converged_agent();
  CHECK(s.verify() == 0);
  CHECK(agent.stop(SIGTERM) == 0);
  CHECK(s.verify() == 0);

  s.nft(1, "flush set inet selvage ingress-isolated4\n");
  CHECK(s.verify() == kDivergent);
  CHECK(holds(s.printed(), "ingress-isolated4"));

  s.wire().refuse();
  CHECK(s.verify() == kFailed);
}

}  // namespace selvage::testing
