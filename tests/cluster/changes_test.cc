#include <catch2/catch.hpp>
#include <set>

#include "tests/cluster/kube_cluster.h"

/// What happens to objects in a cluster's life: labels change, pods end, policies and namespaces go; and who hears of
/// it.
namespace selvage::testing {
namespace {

bool holds(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Two nodes; api is on the first, and what wants to reach it on both.
struct Scene : KubeCluster {
  Scene() : KubeCluster(2) {}

  TestPod& api = pod({"prod", "api", {{"app", "api"}}, 1});
  TestPod& web = pod({"prod", "web", {{"app", "web"}}, 1});
  TestPod& far = pod({"prod", "far", {{"app", "far"}}, 2});
  TestPod& guest = pod({"dev", "guest", {{"app", "web"}}, 2});

  void kubectl(const std::vector<std::string>& arguments) { (void)server().must_kubectl(arguments); }
  void expect(const std::vector<Expectation>& expectations) {
    converge();
    check(expectations);
  }
};

}  // namespace

TEST_CASE("labels of pods and namespaces change, and with them peers and isolation") {
  Scene s;
  const Process first = s.start_agent(1);
  const Process second = s.start_agent(2);
  s.create_policy("prod", "api", R"({podSelector: {matchLabels: {app: api}}, ingress: [{from: [
    {podSelector: {matchLabels: {app: web}}}, {namespaceSelector: {matchLabels: {team: a}}}]}]})");
  s.expect({allow(s.web, s.api), deny(s.far, s.api), deny(s.guest, s.api)});
  s.kubectl({"label", "pod", "far", "-n", "prod", "app=web", "--overwrite"});
  s.expect({allow(s.web, s.api), allow(s.far, s.api), deny(s.guest, s.api)});
  s.kubectl({"label", "pod", "web", "-n", "prod", "app-"});
  s.expect({deny(s.web, s.api), allow(s.far, s.api)});
  s.kubectl({"label", "namespace", "dev", "team=a"});
  s.expect({deny(s.web, s.api), allow(s.guest, s.api)});
  s.kubectl({"label", "namespace", "dev", "team=b", "--overwrite"});
  s.expect({deny(s.guest, s.api), allow(s.far, s.api)});
  s.kubectl({"label", "pod", "api", "-n", "prod", "app=other", "--overwrite"});
  s.expect({allow(s.guest, s.api), allow(s.web, s.api)});
  s.kubectl({"label", "pod", "web", "-n", "prod", "app=api"});
  s.expect({deny(s.guest, s.web), allow(s.far, s.web), deny(s.api, s.web)});
}

TEST_CASE("pods finish and are deleted, policies and namespaces are deleted, and nothing of them remains") {
  Scene s;
  const Process first = s.start_agent(1);
  const Process second = s.start_agent(2);
  s.create_policy("prod", "api", R"({podSelector: {matchLabels: {app: api}}, ingress: [{from: [
    {namespaceSelector: {}, podSelector: {matchLabels: {app: web}}}]}]})");
  s.create_policy("dev", "closed", "{podSelector: {}, policyTypes: [Ingress]}");
  s.expect({allow(s.web, s.api), allow(s.guest, s.api), deny(s.far, s.api), deny(s.api, s.guest)});

  s.set_status(s.web, "Succeeded");  // its address is free now
  s.expect({deny(s.web, s.api), allow(s.guest, s.api)});
  s.remove(s.guest);
  s.expect({deny(s.guest, s.api)});
  CHECK_FALSE(holds(s.tables(1), s.guest.address(IpFamily::v4).to_string()));
  s.create(s.guest);
  s.expect({allow(s.guest, s.api), deny(s.api, s.guest)});

  s.remove_policy("dev", "closed");
  s.expect({allow(s.api, s.guest)});
  remove_namespace(s.admin(), "dev");
  s.expect({deny(s.guest, s.api)});
  remove_namespace(s.admin(), "prod");
  s.expect({allow(s.far, s.api), allow(s.web, s.far)});
  CHECK_FALSE(holds(s.tables(1), "prod/"));
}

TEST_CASE("an agent's table has only the policies of its own node's pods") {
  Scene s;
  const Process first = s.start_agent(1);
  const Process second = s.start_agent(2);
  s.converge();
  const std::string other_before = s.tables(2);
  s.create_policy("prod", "api", R"({podSelector: {matchLabels: {app: api}}, ingress: [{from: [
    {podSelector: {matchLabels: {app: web}}}]}]})");
  s.expect({allow(s.web, s.api), deny(s.far, s.api), allow(s.web, s.far)});
  CHECK(s.tables(2) == other_before);
  CHECK(holds(s.tables(1), "prod/api"));

  const std::string own_before = s.tables(1);
  s.create_policy("prod", "far", R"({podSelector: {matchLabels: {app: far}}, ingress: [{from: [
    {podSelector: {matchLabels: {app: api}}}]}]})");
  s.expect({allow(s.api, s.far), deny(s.web, s.far), allow(s.web, s.api)});
  CHECK(s.tables(1) == own_before);
  CHECK(holds(s.tables(2), "prod/far"));
}

TEST_CASE(
    "get, list and watch on three resources are all that an agent needs, and asks for while there is nothing to tell") {
  Scene s;
  const Process first = s.start_agent(1);
  const Process second = s.start_agent(2);
  s.create_policy("prod", "api", "{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}");
  s.expect({deny(s.web, s.api)});
  s.remove(s.far);
  s.converge();
  const std::set<std::string> needed{"/api/v1/pods", "/api/v1/namespaces",
                                     "/apis/networking.k8s.io/v1/networkpolicies"};
  std::set<std::string> asked;
  for (const ProxiedRequest& request : s.wire().log().since()) {
    CHECK(request.method == "GET");
    asked.insert(request.path);
  }
  asked.erase("/apis");  // which APIs there are, to count the policies of others
  CHECK(asked == needed);
}

TEST_CASE("an agent without a permission enforces nothing, and begins when it has it") {
  Scene s;
  const std::string rules = "/apis/rbac.authorization.k8s.io/v1/clusterroles/selvage";
  must(s.admin().patch(rules, R"({"rules":[{"apiGroups":[""],"resources":["pods","namespaces"],
    "verbs":["get","list","watch"]}]})"));
  // The server learns of its own roles by a watch.
  ApiClient as_agent(s.server(), s.server().service_account_token("kube-system", "selvage"));
  REQUIRE(eventually([&] { return as_agent.get("/apis/networking.k8s.io/v1/networkpolicies").status == 403; }));
  s.create_policy("prod", "api", "{podSelector: {matchLabels: {app: api}}, policyTypes: [Ingress]}");
  const Process agent = s.start_agent(1);
  const auto forbidden = [](const ProxiedRequest& request) { return request.status == 403; };
  REQUIRE(s.wire().log().saw(0, forbidden, 2));
  CHECK(s.says("networkpolicies"));
  CHECK(s.tables().empty());
  s.check({allow(s.far, s.api)});
  (void)s.server().must_kubectl({"apply", "-f", SELVAGE_AGENT_RBAC});
  const Process second = s.start_agent(2);
  s.expect({deny(s.far, s.api)});
}

}  // namespace selvage::testing
