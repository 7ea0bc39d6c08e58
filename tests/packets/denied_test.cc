#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "cluster.h"
#include "host/packet_log.h"

/// Denied packets in the agent's log.
namespace selvage::packets {
namespace {

using Json = nlohmann::json;

/// web may reach api on 8080; other may not reach it at all.
struct Scene : Cluster {
  TestPod& web = pod({"prod", "web", {{"app", "web"}}});
  TestPod& api = pod({"prod", "api", {{"app", "api"}}, 1, {{"http", Transport::tcp, 8080}}});
  TestPod& other = pod({"prod", "other", {{"app", "other"}}});

  Scene() {
    apply("policy.yaml", policy("prod", "allow-web", R"({podSelector: {matchLabels: {app: api}},
      ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 8080}]}]})"));
  }
  Process start(const Argv& more = {}) {
    Process agent = start_agent(1, more);
    await({allow(web, api, 8080), deny(other, api, 8080)});
    return agent;
  }

  std::vector<std::string> lines_with(const std::string& part) {
    std::vector<std::string> found;
    std::istringstream lines(agent_log());
    for (std::string line; std::getline(lines, line);) {
      if (line.find(part) != std::string::npos) found.push_back(line);
    }
    return found;
  }
  /// The lines of a JSON log about denied packets from one pod to another.
  std::vector<Json> denials(const TestPod& from, const TestPod& to) {
    std::vector<Json> found;
    for (const auto& line : lines_with("DROPPED")) {
      const Json json = Json::parse(line, nullptr, false);
      REQUIRE(json.is_object());
      if (json["source"]["pod_name"] == from.setup.name && json["destination"]["pod_name"] == to.setup.name) {
        found.push_back(json);
      }
    }
    return found;
  }
  /// Packets that the deny chain dropped.
  std::uint64_t dropped() {
    const auto text = run(node(1).space(), {"nft", "-j", "list", "chain", "inet", "selvage", "deny"});
    REQUIRE(text);
    const Json listing = Json::parse(*text);
    for (const auto& item : listing["nftables"]) {
      if (!item.contains("rule")) continue;
      for (const auto& statement : item["rule"]["expr"]) {
        if (statement.contains("counter")) return statement["counter"]["packets"].get<std::uint64_t>();
      }
    }
    return 0;
  }
};

bool waits_a_moment() {
  std::this_thread::sleep_for(milliseconds(20));
  return true;
}

/// The kernel's figure, in bytes.
std::size_t resident_bytes(const Process& process) {
  std::ifstream statm("/proc/" + std::to_string(process.pid()) + "/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  statm >> size >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

/// Sends `count` empty datagrams to the pod, each to another port, as fast as one core can.
void flood(const TestPod& from, const TestPod& to, std::size_t count) {
  const UniqueFd fd = from.space().socket(AF_INET, SOCK_DGRAM).value();
  std::vector<SocketAddress> targets;
  constexpr std::size_t kPorts = 20'000;
  for (std::size_t port = 1; port <= kPorts; ++port) {
    targets.emplace_back(Endpoint{to.address(IpFamily::v4), static_cast<std::uint16_t>(port)});
  }
  for (std::size_t sent = 0; sent < count; ++sent) {
    const auto& target = targets[sent % kPorts];
    sendto(fd.get(), nullptr, 0, MSG_DONTWAIT, target.get(), target.size());
  }
}

}  // namespace

TEST_CASE("a denied packet is logged with both pods, the isolating policies, and the nearest rule") {
  Scene scene;
  const Process agent = scene.start({"--log-format", "json"});
  scene.check({deny(scene.web, scene.api, 81)});
  REQUIRE(eventually([&] { return !scene.denials(scene.web, scene.api).empty() || !waits_a_moment(); }));
  const Json denial = scene.denials(scene.web, scene.api).front();
  CHECK(denial["traffic_direction"] == "INGRESS");
  CHECK(denial["protocol"] == "TCP");
  CHECK(denial["source"]["namespace"] == "prod");
  CHECK(denial["destination"]["port"] == 81);
  CHECK(denial["policies"] == Json::array({"prod/allow-web"}));
  CHECK(denial["nearest"]["policy"] == "prod/allow-web");
  CHECK(denial["reason"].get<std::string>().find("8080") != std::string::npos);
  CHECK(denial["flow_verdict"] == "denied");
  REQUIRE(eventually([&] { return !scene.denials(scene.other, scene.api).empty() || !waits_a_moment(); }));
  CHECK(scene.denials(scene.other, scene.api).front()["reason"].get<std::string>().find("app=other") !=
        std::string::npos);
}

TEST_CASE("a denial is explained by the objects at the time of its log line") {
  Scene scene;
  const Process agent = scene.start({"--log-format", "json"});
  scene.apply("deny.yaml",
              policy("prod", "deny-out", "{podSelector: {matchLabels: {app: web}}, policyTypes: [Egress]}"));
  scene.await({deny(scene.web, scene.api, 8080)});
  const auto by_egress = [&] {
    const auto found = scene.denials(scene.web, scene.api);
    return std::ranges::any_of(found, [](const Json& denial) {
      return denial["traffic_direction"] == "EGRESS" && denial["policies"] == Json::array({"prod/deny-out"});
    });
  };
  CHECK(eventually([&] { return by_egress() || !waits_a_moment(); }));
}

TEST_CASE("with --log-denied-group off the tables log no packet, and the agent no denial") {
  Scene scene;
  const Process agent = scene.start({"--log-denied-group", "off", "--log-format", "json"});
  CHECK(scene.denials(scene.other, scene.api).empty());
  CHECK(scene.dropped() > 0);
  const auto listed = run(scene.node(1).space(), {"nft", "list", "ruleset"});
  REQUIRE(listed);
  CHECK(listed->find(" log ") == std::string::npos);
}

TEST_CASE("policy holds while another program has the NFLOG group, and denials are logged once it has ended") {
  Scene scene;
  auto reader = scene.node(1).space().inside([] { return host::PacketLog::open(4711); });
  REQUIRE(reader);
  const Process agent = scene.start({"--log-denied-group", "4711", "--log-format", "json"});
  REQUIRE(eventually([&] { return !scene.lines_with("4711").empty() || !waits_a_moment(); }));
  CHECK(scene.denials(scene.other, scene.api).empty());
  reader = fail("closed");
  CHECK(eventually([&] {
    scene.check({deny(scene.other, scene.api, 8080)});
    return !scene.denials(scene.other, scene.api).empty();
  }));
}

TEST_CASE("a flood of denied packets makes a bounded log, and memory does not grow") {
  Scene scene;
  Process agent = scene.start({"--log-format", "json"});
  flood(scene.other, scene.api, 100'000);
  const std::size_t before = resident_bytes(agent);
  const auto begun = std::chrono::steady_clock::now();
  const std::size_t lines_before = scene.lines_with("DROPPED").size();
  flood(scene.other, scene.api, 500'000);
  const auto seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  CHECK(scene.dropped() > 100'000);
  // The agent still follows other changes.
  scene.apply("more.yaml", policy("prod", "more", R"({podSelector: {matchLabels: {app: api}}, ingress: [{from:
    [{podSelector: {matchLabels: {app: other}}}], ports: [{port: 81}]}]})"));
  scene.await({allow(scene.other, scene.api, 81)});
  const std::size_t lines = scene.lines_with("DROPPED").size() - lines_before;
  CHECK(lines > 0);
  CHECK(static_cast<double>(lines) < 50 + 10 * (seconds + 20));
  CHECK(resident_bytes(agent) < before + (8U << 20));
  CHECK(agent.stop(SIGTERM) == 0);
}

}  // namespace selvage::packets
