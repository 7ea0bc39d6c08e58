#include <catch2/catch.hpp>
#include <csignal>
#include <thread>

#include "tests/charts/chart.h"
#include "tests/charts/cluster/kubelet.h"

/// The agent run as the applied DaemonSet defines it, and real installs and uninstalls by Helm.
namespace selvage::testing {
namespace {

using nlohmann::json;

constexpr const char* kApps = "apis/apps/v1";

struct Release : ChartCluster {
  /// `helm install`, or another of its commands, as the cluster's administrator.
  Result<std::string> helm_here(std::vector<std::string> arguments, const std::string& values = "") {
    arguments.insert(arguments.end(), {"--namespace", "kube-system", "--kubeconfig", server().kubeconfig()});
    return helm(arguments, values);
  }
  /// Returns Helm's output.
  std::string install(const std::string& values) {
    const auto installed = helm_here({"install", "selvage", SELVAGE_SOURCE_DIR "/charts/selvage", "--values", "-"},
                                     api_server_values() + values);
    INFO((installed ? "" : installed.error().message));
    REQUIRE(installed);
    return *installed;
  }
  json container(const json& pod) { return pod["spec"]["containers"][0]; }
  void apply_policy() {
    create_policy(
        "prod", "api",
        "{podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}");
  }
  /// Whether the node has Selvage's tables.
  bool enforced() { return tables().find("table inet selvage") != std::string::npos; }

  TestPod& api = pod({"prod", "api", {{"app", "api"}}});
  TestPod& web = pod({"prod", "web", {{"app", "web"}}});
  TestPod& other = pod({"prod", "other", {{"app", "other"}}});
};

/// Waits for an object to appear in the API server.
template <class Get>
json wait_for(Get get) {
  json found;
  REQUIRE(eventually([&] {
    std::this_thread::sleep_for(milliseconds(50));
    try {
      found = get();
    } catch (const std::runtime_error&) {
      return false;
    }
    return true;
  }));
  return found;
}

void check_enforced(Release& r, const std::string& daemon_set, const std::string& socket) {
  const json pod = r.make_pod(r.read(kApps, "daemonsets", daemon_set), "agent-of-node-1");
  CHECK(pod["spec"]["priority"] == 2000001000);
  const json container = r.container(pod);
  r.apply_policy();
  Process agent = r.start_container(pod, container);
  CHECK(r.becomes_ready(pod, container, "startupProbe"));
  CHECK(r.becomes_ready(pod, container, "livenessProbe"));
  REQUIRE(r.becomes_ready(pod, container, "readinessProbe"));
  CHECK(r.become({allow(r.web, r.api), deny(r.other, r.api), allow(r.other, r.web)}));
  // As by `kubectl exec`.
  const auto status = run(r.node(1).space(), {"nsenter", "--mount", "--target", std::to_string(agent.pid()),
                                              SELVAGE_BINARY, "status", "--socket", socket});
  INFO((status ? "" : status.error().message) << r.container_log(container));
  CHECK(status);
  CHECK(agent.stop(SIGTERM) == 0);
}

}  // namespace

TEST_CASE("the agent enforces with the chart's permissions and defaults") {
  Release r;
  const std::string notes = r.install("");
  for (const std::string next : {"rollout status daemonset/selvage", "exec daemonset/selvage -- selvage preflight",
                                 "exec daemonset/selvage -- selvage status"})
    CHECK(notes.find("  kubectl -n kube-system " + next + "\n") != std::string::npos);
  check_enforced(r, "selvage", "/run/selvage/agent.sock");
}

TEST_CASE("the agent enforces with every option of the chart") {
  Release r;
  std::string values = source_file("tests/charts/values/everything.yaml");
  for (const std::string monitor : {"podMonitor", "serviceMonitor", "prometheusRule"}) {
    const std::string on = "\n" + monitor + ": {enabled: true";
    values.replace(values.find(on), on.size(), "\n" + monitor + ": {enabled: false");
  }
  (void)r.install(values);
  check_enforced(r, "walls", "/run/selvage/other.sock");
}

TEST_CASE("the optional init container sets the node's sysctls with the chart's permissions") {
  Release r;
  (void)r.install(
      "nodeSetup: {enabled: true, modules: [], sysctls: {net.ipv4.ip_forward: '1', net.ipv4.conf.all.arp_ignore: "
      "'2'}}");
  const Namespace& space = r.node(1).space();
  REQUIRE(space.sysctl("net/ipv4/ip_forward", "0"));
  const json pod = r.make_pod(r.read(kApps, "daemonsets", "selvage"), "agent-of-node-1");
  const json step = pod["spec"]["initContainers"][0];
  Process set = r.start_container(pod, step);
  CHECK(set.wait(kRecovery) == 0);
  INFO(r.container_log(step));
  CHECK(run(space, {"cat", "/proc/sys/net/ipv4/ip_forward"}).value_or("") == "1\n");
  CHECK(run(space, {"cat", "/proc/sys/net/ipv4/conf/all/arp_ignore"}).value_or("") == "2\n");
}

namespace {

/// The remaining objects of the release: names, one per line.
std::string left_over(Release& r) {
  std::string all;
  for (const std::string kinds : {"daemonsets,jobs,pods,services,configmaps,serviceaccounts,roles,rolebindings",
                                  "clusterroles,clusterrolebindings"})
    all += r.server().must_kubectl(
        {"get", kinds, "-n", "kube-system", "-l", "app.kubernetes.io/instance=selvage", "-o", "name"});
  return all + r.server().must_kubectl({"get", "secrets", "-n", "kube-system", "-l", "owner=helm", "-o", "name"});
}

/// Plays the DaemonSet controller and kubelet for the cleanup on the only node.
void run_cleanup(Release& r) {
  const json set = wait_for([&] { return r.read(kApps, "daemonsets", "selvage-cleanup"); });
  const json pod = r.make_pod(set, "cleanup-of-node-1");
  const json step = pod["spec"]["initContainers"][0];
  Process cleanup = r.start_container(pod, step);
  CHECK(cleanup.wait(kRecovery) == 0);
  INFO(r.container_log(step));
  CHECK_FALSE(r.enforced());
}

/// The status that the DaemonSet controller sets once all pods are available.
void say_clean(Release& r) {
  const json status = {{"observedGeneration", 1},     {"currentNumberScheduled", 1}, {"desiredNumberScheduled", 1},
                       {"updatedNumberScheduled", 1}, {"numberAvailable", 1},        {"numberReady", 1},
                       {"numberMisscheduled", 0}};
  (void)must(r.admin().patch("/apis/apps/v1/namespaces/kube-system/daemonsets/selvage-cleanup/status",
                             json{{"status", status}}.dump()));
}

/// The status that the Job controller sets when its pod has succeeded, or when it gives up.
void end_job(Release& r, bool well) {
  const std::string now = "2026-01-01T00:00:00Z";
  const auto condition = [&](const char* type) {
    return json{{"type", type}, {"status", "True"}, {"lastProbeTime", now}, {"lastTransitionTime", now}};
  };
  json status = {{"startTime", now}};
  if (well) {
    status["completionTime"] = now;
    status["succeeded"] = 1;
    status["conditions"] = {condition("SuccessCriteriaMet"), condition("Complete")};
  } else {
    status["conditions"] = {condition("FailureTarget"), condition("Failed")};
  }
  (void)must(r.admin().patch("/apis/batch/v1/namespaces/kube-system/jobs/selvage-cleanup/status",
                             json{{"status", status}}.dump()));
}

}  // namespace

TEST_CASE("helm uninstall deletes the tables after the agent has ended, and leaves nothing") {
  Release r;
  (void)r.install("");
  json pod = r.make_pod(r.read(kApps, "daemonsets", "selvage"), "agent-of-node-1");
  Process agent = r.start_container(pod, r.container(pod));
  REQUIRE(r.becomes_ready(pod, r.container(pod), "readinessProbe"));
  CHECK(r.enforced());

  Result<std::string> uninstalled = fail("not run");
  std::jthread uninstall([&] { uninstalled = r.helm_here({"uninstall", "selvage", "--timeout", "2m"}); });
  (void)wait_for([&] { return r.read(kApps, "daemonsets", "selvage-cleanup"); });
  CHECK(r.admin().get("/apis/apps/v1/namespaces/kube-system/daemonsets/selvage").status == 404);
  CHECK(agent.stop(SIGTERM) == 0);
  (void)must(r.admin().remove("/api/v1/namespaces/kube-system/pods/agent-of-node-1"));
  CHECK(r.enforced());

  const json job = wait_for([&] { return r.read("apis/batch/v1", "jobs", "selvage-cleanup"); });
  const json waiter = r.make_pod(job, "waiter");
  Process wait = r.start_container(waiter, r.container(waiter));
  run_cleanup(r);
  CHECK_FALSE(wait.wait(milliseconds(0)));
  say_clean(r);
  CHECK(wait.wait(kRecovery) == 0);
  INFO(r.container_log(r.container(waiter)));
  end_job(r, true);
  uninstall.join();
  INFO((uninstalled ? "" : uninstalled.error().message));
  CHECK(uninstalled);
  for (const std::string name : {"waiter", "cleanup-of-node-1"})
    (void)must(r.admin().remove("/api/v1/namespaces/kube-system/pods/" + name));
  CHECK(left_over(r).empty());
}

TEST_CASE("helm uninstall reports a node that is not cleaned, and still leaves nothing in the cluster") {
  Release r;
  (void)r.install("");
  Result<std::string> uninstalled = fail("not run");
  std::jthread uninstall([&] { uninstalled = r.helm_here({"uninstall", "selvage", "--timeout", "2m"}); });
  (void)wait_for([&] { return r.read("apis/batch/v1", "jobs", "selvage-cleanup"); });
  end_job(r, false);
  uninstall.join();
  CHECK_FALSE(uninstalled);
  CHECK(left_over(r).empty());
}

}  // namespace selvage::testing
