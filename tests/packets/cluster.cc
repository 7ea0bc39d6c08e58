#include "cluster.h"

#include <catch2/catch.hpp>
#include <set>

namespace selvage::packets {
namespace {

/// The value, or the end of the test case with the error's text.
template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().message);
  return std::move(*result);
}

void must(Result<void> result) {
  if (!result) FAIL(result.error().message);
}

std::string node_name(unsigned number) { return "node-" + std::to_string(number); }

Probe probe_of(const Expectation& expectation, IpFamily family) {
  return {&expectation.from->space,
          expectation.transport,
          {expectation.to->addresses.of(family), expectation.port},
          expectation.allowed ? kAllowed : kDenied};
}

std::vector<Probe> probes_of(const std::vector<Expectation>& expectations) {
  std::vector<Probe> probes;
  for (const Expectation& expectation : expectations)
    for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) probes.push_back(probe_of(expectation, family));
  return probes;
}

/// Descriptions of the probes that did not go as expected.
std::vector<std::string> surprises(const std::vector<Expectation>& expectations) {
  const std::vector<Probe> probes = probes_of(expectations);
  const std::vector<Outcome> outcomes = must(run_probes(probes));
  std::vector<std::string> wrong;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const Outcome expected = expectations[i / 2].allowed ? Outcome::answered : Outcome::silent;
    if (outcomes[i] == expected) continue;
    wrong.push_back(probes[i].from->name() + " to " + expectations[i / 2].to->space.name() + " " +
                    probes[i].to.address.to_string() + " port " + std::to_string(probes[i].to.port) + "/" +
                    to_string(probes[i].transport) + ": " + to_string(outcomes[i]) + ", expected " +
                    to_string(expected));
  }
  return wrong;
}

}  // namespace

std::string policy(const std::string& namespace_name, const std::string& name, const std::string& spec) {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: " + name +
         ", namespace: " + namespace_name + "}\nspec: " + spec + "\n";
}

Cluster::Cluster(unsigned nodes, NodeOptions options)
    : folder_(must(TemporaryFolder::create())), underlay_((sweep_leftovers(), must(Underlay::create()))) {
  std::filesystem::create_directory(folder_.path() / "manifests");
  std::vector<const Node*> all;
  for (unsigned number = 1; number <= nodes; ++number)
    all.push_back(&nodes_.emplace_back(must(Node::create(underlay_, number, options))));
  for (const Node* node : all)
    for (const Node* other : all)
      if (node != other) must(node->learn(*other));
  outside_.push_back(must(add_outside_host(underlay_, 100, all)));
}

TestPod& Cluster::pod(PodSetup setup) {
  Host* host = must(node(setup.node).add_pod(setup.namespace_name + "-" + setup.name));
  TestPod& pod = pods_.emplace_back(TestPod{std::move(setup), host});
  std::set<std::uint16_t> numbers{80, 81};
  for (const ManifestPort& port : pod.setup.ports) numbers.insert(port.number);
  for (const std::uint16_t number : numbers)
    for (const Transport transport : {Transport::tcp, Transport::udp, Transport::sctp})
      serve(host->space, transport, number);
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
  Argv once{"--once"};
  once.insert(once.end(), more.begin(), more.end());
  for (const Node& node : nodes_) must(run(node.space(), agent_command(node.number(), once)));
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

void Cluster::nft(unsigned number, const std::string& script) {
  must(run(node(number).space(), {"nft", "-f", "-"}, script));
}

void Cluster::serve(const Namespace& where, Transport transport, std::uint16_t port) {
  must(echo_.serve(where, transport, port));
}

void Cluster::check(const std::vector<Expectation>& expectations) {
  for (const std::string& surprise : surprises(expectations)) FAIL_CHECK(surprise);
  CHECK_FALSE(expectations.empty());
}

void Cluster::await(const std::vector<Expectation>& expectations) {
  if (eventually([&] { return surprises(expectations).empty(); })) return check(expectations);
  check(expectations);
  FAIL("not as expected in time; the agent says:\n" << agent_log());
}

bool answered(const Namespace& from, Transport transport, const Endpoint& to, milliseconds patience) {
  return must(run_probe({&from, transport, to, patience})) == Outcome::answered;
}

}  // namespace selvage::packets
