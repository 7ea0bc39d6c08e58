#include <catch2/catch.hpp>
#include <csignal>
#include <optional>
#include <thread>

#include "stream.h"

/// What policy allows before and after a change passes while the change is made. The kernel publishes the contents of
/// interval sets after the rest of a transaction: each packet of a dense stream that meets a moment in between would be
/// lost.
namespace selvage::packets {
namespace {

constexpr std::uint16_t kStreamPort = 85;

/// Blocks in which the host outside lies, and many others: the more there is to commit, the longer it takes.
std::string many_blocks() {
  std::string list = "{ipBlock: {cidr: 172.31.0.0/24}}";
  for (int i = 0; i < 400; ++i)
    list += ", {ipBlock: {cidr: 198.18." + std::to_string(i / 2) + ".0/" + std::to_string(24 + i % 2) + "}}";
  return list;
}

/// Two ways to let the host outside reach api on kStreamPort.
const std::string kByRange = "{from: [" + many_blocks() + "], ports: [{protocol: UDP, port: 80, endPort: 90}]}";
const std::string kByPort =
    "{from: [{ipBlock: {cidr: 172.0.0.0/8, except: [172.31.1.0/24]}}], ports: [{protocol: UDP, "
    "port: 85}]}, {from: [{podSelector: {}}], ports: [{port: 81}]}";

struct StreamScene : Cluster {
  TestPod& api = pod({"prod", "api", {{"app", "api"}}});
  TestPod& other = pod({"prod", "other", {{"app", "other"}}});

  void isolate(const std::string& rules) {
    apply("policy.yaml",
          policy("prod", "policy", "{podSelector: {matchLabels: {app: api}}, ingress: [" + rules + "]}"));
  }
  /// Starts an agent and waits until it has committed something.
  Process start(const std::string& table_owner) {
    const std::size_t before = agent_log().size();
    Process agent = start_agent(1, {"--table-owner", table_owner});
    CHECK(eventually([&] {
      std::this_thread::sleep_for(milliseconds(10));
      return agent_log().find("committed", before) != std::string::npos;
    }));
    return agent;
  }
};

}  // namespace

TEST_CASE("what policy allows passes while it begins to isolate, and while its rules change") {
  StreamScene scene;
  const Process agent = scene.start("auto");
  Stream stream(scene.outside(), scene.api, kStreamPort);
  for (int round = 0; round < 12; ++round) {
    scene.isolate(kByRange);
    scene.await({deny(scene.other, scene.api), deny(scene.other, scene.api, 81)});
    scene.isolate(kByPort);
    scene.await({deny(scene.other, scene.api), allow(scene.other, scene.api, 81)});
    scene.withdraw("policy.yaml");
    scene.await({allow(scene.other, scene.api)});
  }
  CHECK(stream.lost() == 0);
  CHECK(stream.arrived() > 1000);
}

}  // namespace selvage::packets
