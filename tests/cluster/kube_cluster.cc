#include "tests/cluster/kube_cluster.h"

#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <numeric>
#include <regex>
#include <set>
#include <sstream>

#include "tests/cluster/shared_server.h"

namespace selvage::testing {
namespace {

using nlohmann::json;

template <class T>
T value_of(Result<T> result) {
  if (!result) FAIL(result.error().message);
  return std::move(*result);
}

void write(const std::string& file, const std::string& text) {
  if (const Result<void> done = write_whole(file, text); !done) FAIL(done.error().message);
}

std::string pods_path(const std::string& name_space) { return "/api/v1/namespaces/" + name_space + "/pods"; }

std::string policies_path(const std::string& name_space) {
  return "/apis/networking.k8s.io/v1/namespaces/" + name_space + "/networkpolicies";
}

json object_of(const TestPod& pod) {
  json ports = json::array();
  for (const ManifestPort& port : pod.setup.ports)
    ports.push_back({{"name", port.name}, {"protocol", to_string(port.transport)}, {"containerPort", port.number}});
  const json container = {{"name", "main"}, {"image", "none"}, {"ports", ports}};
  return {{"metadata", {{"name", pod.setup.name}, {"labels", pod.setup.labels}}},
          {"spec", {{"nodeName", node_name(pod.setup.node)}, {"containers", {container}}}}};
}

}  // namespace

KubeCluster::KubeCluster(unsigned nodes, std::optional<ApiServerOptions> options)
    : PodNetwork(nodes),
      folder_(value_of(TemporaryFolder::create())),
      server_(options ? own_server_.emplace(std::move(*options)) : shared_server()),
      admin_(server_) {
  (void)server_.must_kubectl({"apply", "-f", SELVAGE_AGENT_RBAC});
  write_token(std::chrono::hours(1));
  for (unsigned number = 1; number <= nodes; ++number) wires_.emplace_back(server_, node(number).space());
  trust(server_.ca_file());
  std::filesystem::create_directory(folder_.path() / "state");
}

TestPod& KubeCluster::pod(PodSetup setup) {
  TestPod& pod = add_pod(std::move(setup));
  create(pod);
  return pod;
}

void KubeCluster::create(const TestPod& pod) {
  name_space(pod.setup.namespace_name, {});
  must(admin_.post(pods_path(pod.setup.namespace_name), object_of(pod).dump()));
  if (pod.setup.address_known) set_status(pod, "Running");
}

void KubeCluster::set_status(const TestPod& pod, const std::string& phase) {
  json addresses = json::array();
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
    addresses.push_back({{"ip", pod.address(family).to_string()}});
  must(admin_.patch(pods_path(pod.setup.namespace_name) + "/" + pod.setup.name + "/status",
                    json{{"status", {{"phase", phase}, {"podIPs", addresses}}}}.dump()));
}

void KubeCluster::remove(const TestPod& pod) {
  must(admin_.remove(pods_path(pod.setup.namespace_name) + "/" + pod.setup.name));
}

void KubeCluster::name_space(const std::string& name, const LabelMap& labels) {
  const json wanted = {{"metadata", {{"name", name}, {"labels", labels}}}};
  const ApiResponse made = admin_.post("/api/v1/namespaces", wanted.dump());
  if (made.status != 409) must(made);
  if (made.status == 409 && !labels.empty()) must(admin_.patch("/api/v1/namespaces/" + name, wanted.dump()));
}

void KubeCluster::create_policy(const std::string& namespace_name, const std::string& name, const std::string& spec) {
  must(admin_.patch(policies_path(namespace_name) + "/" + name + "?fieldManager=test&force=true",
                    network_policy_yaml(namespace_name, name, spec), "application/apply-patch+yaml"));
}

void KubeCluster::remove_policy(const std::string& namespace_name, const std::string& name) {
  must(admin_.remove(policies_path(namespace_name) + "/" + name));
}

void KubeCluster::write_token(std::chrono::seconds lifetime) {
  write(file("token"), server_.service_account_token("kube-system", "selvage", lifetime));
}

void KubeCluster::trust(const std::string& ca_file) {
  for (unsigned number = 1; number <= nodes().size(); ++number) make_kubeconfig(number, ca_file);
}

void KubeCluster::make_kubeconfig(unsigned node, const std::string& ca_file) const {
  write(kubeconfig(node),
        "apiVersion: v1\nkind: Config\ncurrent-context: node\n"
        "clusters: [{name: rig, cluster: {server: \"" +
            wires_[node - 1].url() + "\", certificate-authority: " + ca_file +
            "}}]\n"
            "users: [{name: selvage, user: {tokenFile: " +
            file("token") +
            "}}]\n"
            "contexts: [{name: node, context: {cluster: rig, user: selvage}}]\n");
}

Process KubeCluster::start_agent(unsigned node, const Argv& more) {
  const std::string number = std::to_string(node);
  Argv command{SELVAGE_BINARY, "agent", "--node", node_name(node), "--kubeconfig", kubeconfig(node)};
  command.insert(command.end(), more.begin(), more.end());
  return value_of(Process::start(this->node(node).space(), command, file("agent-" + number + ".log")));
}

std::string KubeCluster::agent_log(unsigned node) const {
  return read_whole(file("agent-" + std::to_string(node) + ".log")).value_or("");
}

bool KubeCluster::says(const std::string& part, std::size_t from, unsigned node) const {
  const auto deadline = std::chrono::steady_clock::now() + kRecovery;
  while (agent_log(node).find(part, from) == std::string::npos) {
    if (std::chrono::steady_clock::now() > deadline) {
      UNSCOPED_INFO("the agent does not say \"" << part << "\" but:\n" << agent_log(node).substr(from));
      return false;
    }
    std::this_thread::sleep_for(milliseconds(10));
  }
  return true;
}

std::string KubeCluster::wrong(unsigned node) {
  const std::string state = file("state");
  for (const char* path : {"/api/v1/namespaces", "/api/v1/pods", "/apis/networking.k8s.io/v1/networkpolicies"})
    write(state + "/" + std::filesystem::path(path).filename().string() + ".json", must(admin_.get(path)));
  const std::string printed =
      value_of(run(this->node(node).space(),
                   {SELVAGE_BINARY, "agent", "--manifests", state, "--node", node_name(node), "--once", "--dry-run"}));
  const std::string heading = "# plan\n";
  const std::size_t plan = printed.find(heading);
  if (plan == std::string::npos) FAIL("the dry run prints no plan: " << printed);
  const std::string changes = printed.substr(plan + heading.size());
  return changes == "# nothing to change\n" ? "" : changes;
}

void KubeCluster::converge() {
  const auto deadline = std::chrono::steady_clock::now() + kRecovery;
  for (unsigned number = 1; number <= nodes().size(); ++number) {
    std::string changes = wrong(number);
    while (!changes.empty() && std::chrono::steady_clock::now() < deadline) changes = wrong(number);
    if (!changes.empty())
      FAIL(node_name(number) << " is not right:\n" << changes << "its agent:\n" << agent_log(number));
  }
}

std::string KubeCluster::tables(unsigned node) {
  const std::string text = value_of(run(this->node(node).space(), {"nft", "-s", "list", "ruleset"}));
  static const std::regex kPassing(
      " # progname \\w+|\n\tflags [^\n]*|\tset (cut|fastpath-state|fastpath-pods[46]) \\{[^]*?\n\t\\}");
  // Sets and chains are listed in the order in which they were made, which an agent that stops may change.
  std::istringstream listing(std::regex_replace(text, kPassing, ""));
  std::multiset<std::string> lines;
  for (std::string line; std::getline(listing, line);)
    if (!line.empty()) lines.insert(line + "\n");
  return std::accumulate(lines.begin(), lines.end(), std::string());
}

}  // namespace selvage::testing
