#include "tests/support/pod_network.h"

#include <catch2/catch.hpp>
#include <set>
#include <stdexcept>

#include "tests/support/must.h"

namespace selvage::testing {
namespace {

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

}  // namespace

std::vector<std::string> surprises(const std::vector<Expectation>& expectations) {
  const std::vector<Probe> probes = probes_of(expectations);
  const auto outcomes = run_probes(probes);
  if (!outcomes) throw std::runtime_error(outcomes.error().message);
  std::vector<std::string> wrong;
  for (std::size_t i = 0; i < probes.size(); ++i) {
    const Outcome expected = expectations[i / 2].allowed ? Outcome::answered : Outcome::silent;
    const Outcome outcome = (*outcomes)[i];
    if (outcome == expected) continue;
    wrong.push_back(probes[i].from->name() + " to " + expectations[i / 2].to->space.name() + " " +
                    probes[i].to.address.to_string() + " port " + std::to_string(probes[i].to.port) + "/" +
                    to_string(probes[i].transport) + ": " + to_string(outcome) + ", expected " + to_string(expected));
  }
  return wrong;
}

std::string node_name(unsigned number) { return "node-" + std::to_string(number); }

std::string network_policy_yaml(const std::string& namespace_name, const std::string& name, const std::string& spec) {
  return "apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: " + name +
         ", namespace: " + namespace_name + "}\nspec: " + spec + "\n";
}

PodNetwork::PodNetwork(unsigned nodes, NodeOptions options) : underlay_((sweep_leftovers(), must(Underlay::create()))) {
  std::vector<const Node*> all;
  for (unsigned number = 1; number <= nodes; ++number)
    all.push_back(&nodes_.emplace_back(must(Node::create(underlay_, number, options))));
  for (const Node* node : all)
    for (const Node* other : all)
      if (node != other) must(node->learn(*other));
  outside_.push_back(must(add_outside_host(underlay_, 100, all)));
}

TestPod& PodNetwork::add_pod(PodSetup setup) {
  Host* host = must(node(setup.node).add_pod(setup.namespace_name + "-" + setup.name));
  TestPod& pod = pods_.emplace_back(TestPod{std::move(setup), host});
  std::set<std::uint16_t> numbers{80, 81};
  for (const ManifestPort& port : pod.setup.ports) numbers.insert(port.number);
  for (const std::uint16_t number : numbers)
    for (const Transport transport : {Transport::tcp, Transport::udp, Transport::sctp})
      serve(host->space, transport, number);
  return pod;
}

void PodNetwork::nft(unsigned number, const std::string& script) {
  must(run(node(number).space(), {"nft", "-f", "-"}, script));
}

void PodNetwork::serve(const Namespace& where, Transport transport, std::uint16_t port) {
  must(echo_.serve(where, transport, port));
}

void PodNetwork::check(const std::vector<Expectation>& expectations) {
  for (const std::string& surprise : surprises(expectations)) FAIL_CHECK(surprise);
  CHECK_FALSE(expectations.empty());
}

bool PodNetwork::become(const std::vector<Expectation>& expectations) {
  const bool all = eventually([&] { return surprises(expectations).empty(); });
  check(expectations);
  return all;
}

}  // namespace selvage::testing
