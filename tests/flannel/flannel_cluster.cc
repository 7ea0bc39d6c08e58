#include "tests/flannel/flannel_cluster.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "lab/manifest.h"
#include "tests/flannel/plan.h"
#include "tests/support/pod_network.h"

namespace selvage::testing {
namespace {

constexpr unsigned kControl = 200;

template <class T>
T value_of(Result<T> result) {
  if (!result) FAIL(result.error().message);
  return std::move(*result);
}

ApiServerOptions server_options(const Host& control) {
  ApiServerOptions options;
  options.where = &control.space;
  options.addresses = {control.addresses.v4.to_string()};
  options.flags = {std::string("--service-cluster-ip-range=") + kServiceNetworks};
  return options;
}

}  // namespace

FlannelCluster::FlannelCluster(FlannelOptions options)
    : options_(std::move(options)),
      folder_(value_of(TemporaryFolder::create())),
      underlay_((sweep_leftovers(), value_of(Underlay::create()))),
      control_(make_host(underlay_, "control", kControl)),
      outside_(make_host(underlay_, "outside", 100)),
      stranger_(make_host(underlay_, "stranger", 101)),
      server_(server_options(control_)),
      admin_(server_) {
  (void)server_.must_kubectl({"apply", "-f", SELVAGE_AGENT_RBAC});
  admin_kubeconfig_ = write_kubeconfig("admin.kubeconfig", "client-certificate: " + server_.file("admin.crt") +
                                                               ", client-key: " + server_.file("admin.key"));
  agent_kubeconfig_ =
      write_kubeconfig("agent.kubeconfig", "token: " + server_.service_account_token("kube-system", "selvage"));
  must(admin_.post("/api/v1/namespaces", R"({"metadata": {"name": "prod"}})"));
  for (const unsigned number : {1U, 2U}) add_node(number);
  for (const Host* host : {&outside_, &stranger_}) serve(host->space, {kTargetPort});
}

std::string FlannelCluster::write_kubeconfig(const std::string& name, const std::string& user) const {
  const std::string file = folder_.path() / name;
  const std::string url = "https://" + control_.addresses.v4.to_string() + ":" + std::to_string(server_.port());
  const Result<void> done = write_whole(
      file, "apiVersion: v1\nkind: Config\ncurrent-context: rig\nclusters: [{name: rig, cluster: {server: \"" + url +
                "\", certificate-authority: " + server_.ca_file() + "}}]\nusers: [{name: rig, user: {" + user +
                "}}]\ncontexts: [{name: rig, context: {cluster: rig, user: rig}}]\n");
  if (!done) FAIL(done.error().message);
  return file;
}

void FlannelCluster::add_node(unsigned number) {
  const std::filesystem::path folder = folder_.path() / ("node-" + std::to_string(number));
  std::filesystem::create_directories(folder);
  Machine& node = *nodes_.emplace_back(std::make_unique<Machine>(underlay_, number, folder, admin_kubeconfig_));
  must(admin_.post("/api/v1/nodes", node_object(number).dump()));
  must(admin_.patch("/api/v1/nodes/" + node.name() + "/status", node_status(node.addresses()).dump()));
}

void FlannelCluster::start_flannel() {
  for (const auto& node : nodes_) node->start_flannel(options_);
}

void FlannelCluster::start_kube_proxy(const std::string& mode) {
  for (const auto& node : nodes_) node->start_kube_proxy(mode);
}

void FlannelCluster::start_agents() {
  for (const auto& node : nodes_) node->start_agent(agent_kubeconfig_);
}

const Host& FlannelCluster::pod(const PodPlan& plan) {
  Namespace space = make_space(plan.name);
  const Addresses addresses = value_of(node(plan.node).cni().add(space, plan.host_ports));
  Pod& pod = pods_[plan.name] = {plan.node, std::make_unique<Host>(Host{std::move(space), addresses})};
  serve(pod.host->space, {80, 81, kTargetPort});
  const std::string path = "/api/v1/namespaces/prod/pods";
  must(admin_.post(path, pod_object(plan.name, plan.labels, plan.node).dump()));
  must(admin_.patch(path + "/" + plan.name + "/status", pod_status(addresses).dump()));
  return *pod.host;
}

void FlannelCluster::service(const ServiceSetup& setup) {
  must(admin_.post("/api/v1/namespaces/prod/services", service_object(setup).dump()));
  const Pod& pod = pods_.at(setup.pod);
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
    must(admin_.post("/apis/discovery.k8s.io/v1/namespaces/prod/endpointslices",
                     endpoint_slice(setup, family, pod.host->addresses.of(family), pod.node).dump()));
}

void FlannelCluster::policy(const std::string& name, const std::string& spec) {
  must(admin_.patch("/apis/networking.k8s.io/v1/namespaces/prod/networkpolicies/" + name + "?fieldManager=test",
                    network_policy_yaml("prod", name, spec), "application/apply-patch+yaml"));
}

void FlannelCluster::serve(const Namespace& where, const std::vector<std::uint16_t>& ports) {
  for (const std::uint16_t port : ports)
    for (const Transport transport : {Transport::tcp, Transport::udp})
      if (const Result<void> done = echo_.serve(where, transport, port); !done) FAIL(done.error().message);
}

void FlannelCluster::await(const std::vector<Crossing>& crossings) const {
  if (become(crossings)) return;
  std::string logs;
  for (const auto& node : nodes_) logs += node->logs();
  FAIL(logs);
}

}  // namespace selvage::testing
