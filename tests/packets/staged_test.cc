#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>

#include "monitored.h"

/// Staged policies on a node with a real agent: packets that they would deny pass, are counted and logged.
namespace selvage::packets {
namespace {

using Json = nlohmann::json;

constexpr const char* kAllowWeb =
    "{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], "
    "ports: [{port: 80}]}]}";

std::string with_mode(std::string manifest, const std::string& mode) {
  const std::string metadata = "metadata: {";
  const auto place = manifest.find(metadata);
  REQUIRE(place != std::string::npos);
  return manifest.insert(place + metadata.size(), "annotations: {selvage.dev/mode: " + mode + "}, ");
}

struct Scene : Monitored {
  void set_policy(const std::string& mode) {
    apply("policy.yaml", with_mode(policy("prod", "allow-web", kAllowWeb), mode));
  }
  Process start(const Argv& more = {}) {
    Argv arguments = {"--log-format", "json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return launch_ready(arguments);
  }
  /// Packets that the policy would have denied to the pod; -1 where the page has no such series.
  double would_be_denied(const std::string& pod) {
    return metric(R"(selvage_staged_denied_packets_total{direction="ingress",namespace="prod",pod=")" + pod +
                  R"(",policies="prod/allow-web"})");
  }
  /// Whether the log has a packet between the two pods with this verdict.
  bool logged(const std::string& verdict, const TestPod& from, const TestPod& to) {
    std::istringstream lines(agent_log());
    for (std::string line; std::getline(lines, line);) {
      const Json json = Json::parse(line, nullptr, false);
      if (json.is_object() && json.value("verdict", "") == verdict &&
          json["source"].value("pod_name", "") == from.setup.name &&
          json["destination"].value("pod_name", "") == to.setup.name && json["policies"] == Json{"prod/allow-web"}) {
        return true;
      }
    }
    return false;
  }
};

}  // namespace

TEST_CASE("packets that a staged policy would deny pass, are counted and logged; enforced, it denies them") {
  Scene scene;
  scene.set_policy("staged");
  const Process agent = scene.start();
  scene.check({allow(scene.web, scene.api), allow(scene.other, scene.api), allow(scene.web, scene.other)});
  // Staged policies are committed after enforced ones; readiness does not wait for them.
  CHECK(soon([&] {
    scene.check({allow(scene.other, scene.api)});
    return scene.would_be_denied("api") > 0;
  }));
  CHECK(soon([&] { return scene.logged("AUDIT", scene.other, scene.api); }));
  CHECK_FALSE(scene.logged("AUDIT", scene.web, scene.api));
  CHECK_FALSE(scene.logged("DROPPED", scene.other, scene.api));
  CHECK(scene.would_be_denied("other") == -1);
  const Json status = Json::parse(scene.selvage(1, {"status", "--socket", scene.socket(), "--json"}));
  for (const auto& pod : status["pods"]) {
    CHECK(pod["ingress"]["policies"].empty());
    CHECK(pod["ingress"].contains("staged_policies") == (pod["pod"] == "prod/api"));
  }

  scene.set_policy("enforced");
  scene.await({allow(scene.web, scene.api), deny(scene.other, scene.api)});
  CHECK(soon([&] { return scene.logged("DROPPED", scene.other, scene.api); }));
  CHECK(soon([&] { return scene.would_be_denied("api") == -1; }));
}

TEST_CASE("an established connection outlives a staged denial, and ends with the enforced one") {
  Scene scene;
  scene.set_policy("staged");
  const Process agent = scene.start();
  auto flow = lab::Flow::open({scene.other.host, scene.api.host, IpFamily::v4, Transport::tcp});
  REQUIRE(flow);
  CHECK(flow->client_reaches_server(kAllowed));
  CHECK(flow->server_reaches_client(kAllowed));
  scene.set_policy("enforced");
  scene.await({deny(scene.other, scene.api)});
  CHECK_FALSE(flow->server_reaches_client(kDenied));
}

TEST_CASE("a namespace's annotation and --staged stage policies, and a policy's own annotation takes precedence") {
  Scene scene;
  scene.apply("policy.yaml", policy("prod", "allow-web", kAllowWeb));
  {
    const Process agent = scene.start({"--staged"});
    scene.check({allow(scene.other, scene.api)});
    scene.set_policy("enforced");
    scene.await({deny(scene.other, scene.api)});
  }
  scene.apply("policy.yaml", policy("prod", "allow-web", kAllowWeb));
  const std::string prod = "apiVersion: v1\nkind: Namespace\nmetadata: {name: prod}\n";
  scene.apply("staged-namespace.yaml", with_mode(prod, "staged"));
  const Process agent = scene.start();
  scene.check({allow(scene.other, scene.api)});
  scene.withdraw("staged-namespace.yaml");
  scene.await({deny(scene.other, scene.api)});
}

TEST_CASE("an invalid mode is rejected, and stages nothing") {
  Scene scene;
  scene.set_policy("enforced");
  const Process agent = scene.start();
  scene.check({deny(scene.other, scene.api)});
  scene.set_policy("stagd");
  CHECK(soon([&] {
    return scene.agent_log().find("stagd") != std::string::npos ||
           scene.agent_log().find("expected enforced or staged") != std::string::npos;
  }));
  scene.check({deny(scene.other, scene.api), allow(scene.web, scene.api)});
}

TEST_CASE("an invalid mode of a namespace does not freeze its labels: a removed label still removes access") {
  Scene scene;
  TestPod& guest = scene.pod({"guests", "guest", {}});
  const auto guests = [&](const std::string& labels) {
    scene.apply(
        "guests.yaml",
        with_mode("apiVersion: v1\nkind: Namespace\nmetadata: {name: guests, labels: {" + labels + "}}\n", "Staged"));
  };
  guests("trusted: really");
  scene.apply("policy.yaml", policy("prod", "allow-trusted",
                                    "{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {}, "
                                    "namespaceSelector: {matchLabels: {trusted: really}}}]}]}"));
  const Process agent = scene.start();
  scene.check({allow(guest, scene.api), deny(scene.other, scene.api)});
  guests("");
  scene.await({deny(guest, scene.api)});
}

TEST_CASE("the staged table can be listed as text, is self-checked, and is removed by cleanup") {
  Scene scene;
  scene.set_policy("staged");
  {
    Process agent = scene.start();
    scene.check({allow(scene.other, scene.api)});
    (void)scene.selvage(1, {"verify", "--manifests", scene.manifests(), "--node", node_name(1)});
    CHECK(agent.stop(SIGTERM) == 0);
  }
  const auto tables = [&] { return run(scene.node(1).space(), {"nft", "list", "tables"}).value(); };
  CHECK(tables().find("table inet selvage-staged") != std::string::npos);
  (void)scene.selvage(1, {"cleanup"});
  CHECK(tables().empty());
}

}  // namespace selvage::packets
