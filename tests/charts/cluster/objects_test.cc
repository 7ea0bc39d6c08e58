#include <catch2/catch.hpp>

#include "tests/charts/chart.h"
#include "tests/charts/cluster/kubelet.h"

/// A real API server accepts the chart's objects, with strict field validation.
namespace selvage::testing {
namespace {

using nlohmann::json;

const std::vector<std::string> kApply = {"apply", "--server-side", "--validate=strict", "-f", "-"};

void define_monitors(const ApiServer& server) {
  for (const std::string kind : {"servicemonitors", "podmonitors", "prometheusrules"}) {
    (void)server.must_kubectl({"apply", "--server-side", "-f", SELVAGE_CHART_PROGRAMS "/" + kind + ".yaml"});
    (void)server.must_kubectl(
        {"wait", "--for=condition=Established", "--timeout=60s", "crd/" + kind + ".monitoring.coreos.com"});
  }
}

/// Creates a pod of each template, since admission judges pods and templates differently.
void try_pods(const ApiServer& server, const std::vector<YAML::Node>& objects) {
  for (const YAML::Node& node : objects) {
    const auto pod_template = pod_template_of(node);
    if (!pod_template) continue;
    YAML::Node pod = YAML::Clone(*pod_template);
    pod["apiVersion"] = "v1";
    pod["kind"] = "Pod";
    pod["metadata"]["name"] = "try";
    pod["metadata"]["namespace"] = "kube-system";
    const KubectlResult made =
        server.kubectl({"create", "--dry-run=server", "--validate=strict", "-f", "-"}, YAML::Dump(pod));
    INFO(YAML::Dump(pod) << made.errors);
    CHECK(made.status == 0);
  }
}

}  // namespace

TEST_CASE("the API server accepts each object of the chart, whatever is enabled") {
  const ApiServer server;
  define_monitors(server);
  for (const auto& [name, values] : value_sets()) {
    INFO(name);
    const auto text = render_text(values);
    REQUIRE(text);
    const KubectlResult applied = server.kubectl(kApply, *text);
    INFO(applied.errors);
    CHECK(applied.status == 0);
    try_pods(server, render(values));
  }
  for (const std::string file : {"deploy/selvage.yaml", "deploy/selvage-cleanup.yaml"}) {
    const KubectlResult applied = server.kubectl(kApply, source_file(file));
    INFO(file << applied.errors);
    CHECK(applied.status == 0);
  }
  std::string misspelt = source_file("deploy/selvage.yaml");
  misspelt.replace(misspelt.find("dnsPolicy"), 9, "dnsPolice");
  CHECK(server.kubectl(kApply, misspelt).status != 0);
}

TEST_CASE("the agent has the permissions that the chart grants, and no more") {
  const ApiServer server;
  (void)server.must_kubectl(kApply, source_file("deploy/selvage.yaml"));
  const auto may = [&](const std::string& verb, const std::string& group, const std::string& resource,
                       const std::string& subresource = "") {
    const json review = {
        {"apiVersion", "authorization.k8s.io/v1"},
        {"kind", "SubjectAccessReview"},
        {"spec",
         {{"user", "system:serviceaccount:kube-system:selvage"},
          {"resourceAttributes",
           {{"verb", verb}, {"group", group}, {"resource", resource}, {"subresource", subresource}}}}}};
    const std::string answer =
        server.must_kubectl({"create", "-f", "-", "-o", "jsonpath={.status.allowed}"}, review.dump());
    REQUIRE((answer == "true" || answer == "false"));
    return answer == "true";
  };
  using Names = std::vector<std::pair<std::string, std::string>>;
  for (const auto& [group, resource] :
       Names{{"", "pods"}, {"", "namespaces"}, {"networking.k8s.io", "networkpolicies"}}) {
    INFO(resource);
    for (const std::string verb : {"get", "list", "watch"}) CHECK(may(verb, group, resource));
    for (const std::string verb : {"create", "update", "patch", "delete"}) CHECK_FALSE(may(verb, group, resource));
  }
  for (const auto& [group, resource] : Names{{"policy.networking.k8s.io", "clusternetworkpolicies"},
                                             {"projectcalico.org", "stagednetworkpolicies"},
                                             {"crd.projectcalico.org", "globalnetworkpolicies"},
                                             {"cilium.io", "ciliumnetworkpolicies"}}) {
    INFO(resource);
    CHECK(may("list", group, resource));
    for (const std::string verb : {"get", "watch", "create", "delete"}) CHECK_FALSE(may(verb, group, resource));
  }
  for (const std::string resource : {"secrets", "configmaps", "nodes", "services"})
    CHECK_FALSE(may("get", "", resource));
  CHECK(may("create", "events.k8s.io", "events"));
  for (const auto& [resource, subresource] : Names{{"pods", "exec"}, {"pods", "status"}, {"serviceaccounts", "token"}})
    CHECK_FALSE(may("create", "", resource, subresource));
}

}  // namespace selvage::testing
