#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "tests/cluster/fault_scene.h"

/// Kubernetes Events that agents write to the real API server.
namespace selvage::testing {
namespace {

using nlohmann::json;

const std::string kEvents = "/apis/events.k8s.io/v1/namespaces/";

/// Two nodes. The policy api can be made invalid for agents, although the API server accepts it.
struct Scene : KubeCluster {
  explicit Scene(unsigned nodes = 2) : KubeCluster(nodes) {
    create_policy("prod", "api", "{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}");
  }

  TestPod& api = pod({"prod", "api", {{"app", "api"}}});
  TestPod& web = pod({"prod", "web", {{"app", "web"}}});

  /// Returns the object.
  json spoil(const std::string& how) {
    return json::parse(must(admin().patch("/apis/networking.k8s.io/v1/namespaces/prod/networkpolicies/api",
                                          json{{"metadata", {{"annotations", {{"selvage.dev/mode", how}}}}}}.dump())));
  }
  /// Those of the namespace with that reason.
  json events(const std::string& name_space, const std::string& reason) {
    json found = json::array();
    const json list = json::parse(must(admin().get(kEvents + name_space + "/events")));
    for (const json& event : list.at("items"))
      if (event.at("reason") == reason) found.push_back(event);
    return found;
  }
  bool come(const std::string& name_space, const std::string& reason, std::size_t count) {
    const bool here = eventually([&] { return events(name_space, reason).size() >= count; });
    if (!here) UNSCOPED_INFO("the agent says:\n" << agent_log());
    return here;
  }
  /// What was answered to the first Event that the agent of the node has posted since.
  [[nodiscard]] int answered(unsigned node, std::size_t from = 0) {
    const auto such = [](const ProxiedRequest& request) { return request.method == "POST" && request.status != 0; };
    REQUIRE(wire(node).log().saw(from, such));
    const auto requests = wire(node).log().since(from);
    return std::find_if(requests.begin(), requests.end(), such)->status;
  }
  /// The agent of the node may or may not create Events.
  void allow_events(bool allowed) {
    (void)server().must_kubectl({"apply", "-f", SELVAGE_AGENT_RBAC});
    if (!allowed) {
      json role = json::parse(server().must_kubectl({"get", "clusterrole", "selvage", "-o", "json"}));
      std::erase_if(role["rules"].get_ref<json::array_t&>(),
                    [](const json& rule) { return rule["resources"] == json::array({"events"}); });
      (void)server().must_kubectl({"replace", "-f", "-"}, role.dump());
    }
    ApiClient as_agent(server(), server().service_account_token("kube-system", "selvage"));
    REQUIRE(eventually([&] { return (as_agent.post(kEvents + "default/events", "{}").status == 403) != allowed; }));
  }
};

}  // namespace

TEST_CASE("two nodes see a bad policy, and one Event names version, field and remedy") {
  Scene s;
  const Process first = s.start_agent(1);
  const Process second = s.start_agent(2);
  s.converge();
  const json bad = s.spoil("nonsense");
  REQUIRE(s.come("prod", "InvalidNetworkPolicy", 1));
  // One agent has created it, the other has tried.
  CHECK(std::set<int>{s.answered(1), s.answered(2)} == std::set<int>{201, 409});
  const json events = s.events("prod", "InvalidNetworkPolicy");
  REQUIRE(events.size() == 1);
  CHECK(events[0]["regarding"]["name"] == "api");
  CHECK(events[0]["regarding"]["uid"] == bad["metadata"]["uid"]);
  CHECK(events[0]["regarding"]["resourceVersion"] == bad["metadata"]["resourceVersion"]);
  CHECK(holds(events[0]["note"], "selvage.dev/mode"));
  // As users see it.
  const std::string shown =
      s.server().must_kubectl({"events", "-n", "prod", "--for", "networkpolicy/api", "--no-headers"});
  CHECK(holds(shown, "InvalidNetworkPolicy"));
  CHECK(std::count(shown.begin(), shown.end(), '\n') == 1);

  // The same version is not reported again, a new bad one is.
  s.wire(1).hang_up();
  (void)s.spoil("nonsense of another kind");
  CHECK(s.come("prod", "InvalidNetworkPolicy", 2));
  (void)s.spoil("enforced");
  s.converge();
  s.check({deny(s.web, s.api)});
  CHECK(s.events("prod", "InvalidNetworkPolicy").size() == 2);
}

TEST_CASE("an agent that may not create Events logs that once and continues") {
  Scene s(1);
  s.allow_events(false);
  const Process agent = s.start_agent();
  s.converge();
  (void)s.spoil("nonsense");
  REQUIRE(s.answered(1) == 403);
  const std::size_t mark = s.wire().log().mark();
  (void)s.spoil("nonsense of another kind");
  REQUIRE(s.answered(1, mark) == 403);
  s.create_policy("prod", "web", "{podSelector: {matchLabels: {app: web}}, policyTypes: [Ingress]}");
  CHECK(s.become({deny(s.web, s.api), deny(s.api, s.web)}));
  CHECK(s.events("prod", "InvalidNetworkPolicy").empty());
  const std::string line = "Events are not written";
  REQUIRE(s.says(line));
  CHECK(s.agent_log().find(line) == s.agent_log().rfind(line));
  s.allow_events(true);
  (void)s.spoil("nonsense of a third kind");
  CHECK(s.come("prod", "InvalidNetworkPolicy", 1));
}

TEST_CASE("commits that keep failing lead to one Event of the node") {
  Scene s(1);
  // The owner of the tables keeps others from changing them.
  const Process owner = s.start_agent(1, {"--table-owner", "on", "--status-socket", "off", "--http-address", "off"});
  s.converge();
  const Process refused = s.start_agent(1, {"--table-owner", "on", "--status-socket", "off", "--http-address", "off"});
  REQUIRE(s.come("default", "PolicyNotEnforced", 1));
  std::this_thread::sleep_for(std::chrono::seconds(3));  // it goes on failing, once a second
  const json events = s.events("default", "PolicyNotEnforced");
  REQUIRE(events.size() == 1);
  CHECK(events[0]["regarding"]["kind"] == "Node");
  CHECK(events[0]["regarding"]["name"] == node_name(1));
  CHECK(holds(events[0]["note"], "errno 1"));
  CHECK(holds(events[0]["note"], "inet selvage"));
}

TEST_CASE("Events are optional, and not written if nothing is committed") {
  Scene s(3);
  (void)s.spoil("nonsense");
  const Process off = s.start_agent(1, {"--events", "off"});
  const Process once = s.start_agent(2, {"--once"});
  const Process dry_run = s.start_agent(3, {"--dry-run"});
  for (unsigned node = 1; node <= 3; ++node) REQUIRE(s.says("selvage.dev/mode", 0, node));
  std::this_thread::sleep_for(std::chrono::seconds(4));  // longer than Events wait
  for (unsigned node = 1; node <= 3; ++node)
    for (const ProxiedRequest& request : s.wire(node).log().since()) CHECK(request.method == "GET");
}

}  // namespace selvage::testing
