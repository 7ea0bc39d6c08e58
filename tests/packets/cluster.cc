#include "cluster.h"

#include <catch2/catch.hpp>

#include "tests/support/must.h"

namespace selvage::packets {

Cluster::Cluster(unsigned nodes, NodeOptions options)
    : PodNetwork(nodes, options), folder_(must(TemporaryFolder::create())) {
  std::filesystem::create_directory(folder_.path() / "manifests");
}

TestPod& Cluster::pod(PodSetup setup) {
  TestPod& pod = add_pod(std::move(setup));
  write(pod);
  return pod;
}

void Cluster::write(const TestPod& pod) {
  PodManifest manifest{pod.setup.namespace_name, pod.setup.name, node_name(pod.setup.node), pod.setup.labels};
  manifest.ports = pod.setup.ports;
  if (pod.setup.address_known) manifest.addresses = {pod.address(IpFamily::v4), pod.address(IpFamily::v6)};
  apply("pod-" + pod.setup.namespace_name + "-" + pod.setup.name + ".yaml", manifest.to_yaml());
}

void Cluster::name_space(const std::string& name, const LabelMap& labels) {
  apply("namespace-" + name + ".yaml", namespace_yaml(name, labels));
}

void Cluster::apply(const std::string& file, const std::string& yaml) {
  must(write_whole(folder_.path() / "manifests" / file, yaml));
}

void Cluster::withdraw(const std::string& file) { std::filesystem::remove(folder_.path() / "manifests" / file); }

Argv Cluster::agent_command(unsigned node, const Argv& more) const {
  Argv command{SELVAGE_BINARY, "agent", "--manifests", folder_.path() / "manifests", "--node", node_name(node)};
  command.insert(command.end(), more.begin(), more.end());
  return command;
}

void Cluster::enforce(const Argv& more) {
  for (const Node& node : nodes()) must(run_once(node.number(), more));
}

Result<std::string> Cluster::run_once(unsigned number, const Argv& more) {
  Argv once{"--once"};
  once.insert(once.end(), more.begin(), more.end());
  return run(node(number).space(), agent_command(number, once));
}

std::string Cluster::selvage(unsigned number, const Argv& arguments) {
  Argv command{SELVAGE_BINARY};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return must(run(node(number).space(), command));
}

Process Cluster::start_agent(unsigned number, const Argv& more) {
  return must(Process::start(node(number).space(), agent_command(number, more), folder_.path() / "agent.log"));
}

std::string Cluster::agent_log() const { return read_whole(folder_.path() / "agent.log").value_or(""); }

void Cluster::await(const std::vector<Expectation>& expectations) {
  if (!become(expectations)) FAIL("not as expected in time; the agent says:\n" << agent_log());
}

bool answered(const Namespace& from, Transport transport, const Endpoint& to, milliseconds patience) {
  return must(run_probe({&from, transport, to, patience})) == Outcome::answered;
}

}  // namespace selvage::packets
