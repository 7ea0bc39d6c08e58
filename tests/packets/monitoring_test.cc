#include <catch2/catch.hpp>
#include <csignal>
#include <nlohmann/json.hpp>

#include "monitored.h"

/// Metrics, health, status and self-checks of a running agent.
namespace selvage::packets {
namespace {

using Json = nlohmann::json;

/// web may reach api on 80; other may not.
struct Scene : Monitored {
  Scene() {
    apply("policy.yaml", policy("prod", "allow-web", R"({podSelector: {matchLabels: {app: api}},
      ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 80}]}]})"));
  }
  Process start(const Argv& more = {}) {
    Process agent = launch_ready(more);
    check({allow(web, api), deny(other, api)});
    return agent;
  }
};

}  // namespace

TEST_CASE("a running agent's metrics count its work") {
  Scene scene;
  Process agent = scene.start({"--policy-counters"});
  CHECK(scene.metric(R"(selvage_denied_packets_total{direction="ingress",namespace="prod",pod="api"})") > 0);
  CHECK(scene.metric("selvage_event_to_enforced_seconds_count") >= 4);
  CHECK(scene.metric("selvage_commit_duration_seconds_count") >= 1);
  CHECK(soon([&] { return scene.metric(R"(selvage_isolated_pods{direction="ingress"})") == 1; }));
  CHECK(scene.metric(R"(selvage_objects{kind="Pod"})") == 3);
  CHECK(scene.metric("selvage_pending_changes") == 0);
  scene.check({allow(scene.web, scene.api)});
  // A page is reused for nine times as long as it took to make.
  CHECK(soon([&] {
    return scene.metric(R"(selvage_policy_allowed_packets_total{direction="ingress",policies="prod/allow-web"})") > 0;
  }));
  CHECK(scene.metric(R"(selvage_bad_objects_total{kind="NetworkPolicy"})") == 0);
  scene.apply("bad.yaml", policy("prod", "bad", "{podSelector: {}, ingress: [{ports: [{port: -1}]}]}"));
  CHECK(soon([&] { return scene.metric(R"(selvage_bad_objects_total{kind="NetworkPolicy"})") == 1; }));
}

TEST_CASE("an agent that finds its policy in place labels the existing counters") {
  Scene scene;
  { const Process before = scene.start({"--table-owner", "off"}); }
  const Process agent = scene.launch_ready({"--table-owner", "off"});
  CHECK(soon([&] {
    return scene.metric(R"(selvage_denied_packets_total{direction="ingress",namespace="prod",pod="api"})") > 0;
  }));
}

TEST_CASE("an agent is alive and ready once its policy is enforced") {
  Scene scene;
  const Process agent = scene.start();
  CHECK(scene.page("/livez") == "ok");
  CHECK(soon([&] { return scene.page("/readyz") == "ok"; }));
}

TEST_CASE("interference is counted") {
  Scene scene;
  const Process agent = scene.start({"--table-owner", "off"});
  CHECK(scene.metric("selvage_interference_total") == 0);
  scene.nft(1, "delete table inet selvage\n");
  CHECK(soon([&] { return scene.metric("selvage_interference_total") > 0; }));
  scene.await({allow(scene.web, scene.api), deny(scene.other, scene.api)});
}

TEST_CASE("SIGUSR1 starts a self-check") {
  Scene scene;
  const Process agent = scene.start({"--self-check-interval", "0"});
  CHECK(scene.metric("selvage_self_checks_total") == 0);
  kill(agent.pid(), SIGUSR1);
  CHECK(soon([&] { return scene.metric("selvage_self_checks_total") == 1; }));
  CHECK(scene.metric("selvage_divergent_objects") == 0);
  CHECK(scene.metric("selvage_self_check_errors_total") == 0);
}

TEST_CASE("an agent runs self-checks periodically") {
  Scene scene;
  const Process agent = scene.start({"--self-check-interval", "1"});
  CHECK(soon([&] { return scene.metric("selvage_self_checks_total") >= 2; }));
  CHECK(scene.metric("selvage_divergent_objects") == 0);
}

TEST_CASE("status counts a pod's denied packets") {
  Scene scene;
  const Process agent = scene.start();
  const Json status = Json::parse(scene.selvage(1, {"status", "--socket", scene.socket(), "--json"}));
  CHECK(status["ready"] == true);
  for (const auto& pod : status["pods"]) {
    const bool is_api = pod["pod"] == "prod/api";
    CHECK(pod["ingress"]["policies"].empty() != is_api);
    CHECK((pod["ingress"]["denied_packets"] > 0) == is_api);
  }
}

TEST_CASE("a device of kube-proxy's IPVS mode makes a node not ready, unless --allow-ipvs is set") {
  Scene scene;
  REQUIRE(scene.node(1).space().ip_batch("link add kube-ipvs0 type bridge\n"));
  {
    const Process agent = scene.launch();
    CHECK(soon([&] { return scene.page("/readyz").find("kube-ipvs0") != std::string::npos; }));
    CHECK(scene.page("/livez") == "ok");
  }
  const Process agent = scene.start({"--allow-ipvs"});
  CHECK(soon([&] { return scene.page("/readyz") == "ok"; }));
}

}  // namespace selvage::packets
