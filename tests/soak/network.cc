#include "network.h"

#include "must.h"

namespace selvage::soak {

Network::Network() : underlay_(must(lab::Underlay::create())) {
  for (const unsigned number : {1U, 2U}) nodes_.push_back(must(lab::Node::create(underlay_, number)));
  must(nodes_[0].learn(nodes_[1]));
  must(nodes_[1].learn(nodes_[0]));
  outside_.push_back(must(lab::add_outside_host(underlay_, 100, {&nodes_[0], &nodes_[1]})));
  for (int i = 0; i < 6; ++i) machines_.push_back({must(nodes_[0].add_pod("pod")), 1});
  for (int i = 0; i < 2; ++i) machines_.push_back({must(nodes_[1].add_pod("pod")), 2});
  machines_.push_back({&outside_.front(), 0});
  for (int i = 0; i < 2; ++i) canaries_.push_back(must(nodes_[0].add_pod("canary")));
  for (const Machine& machine : machines_)
    for (const std::uint16_t port : kPorts) must(echo_.serve(machine.host->space, lab::Transport::tcp, port));
  // Connection tracking soon forgets single datagrams, so that the table stays small.
  must(nodes_[0].space().sysctl("net/netfilter/nf_conntrack_udp_timeout", "15"));
}

std::vector<Tuple> Network::tuples(lab::Transport transport, std::vector<std::uint16_t> ports) const {
  const auto part = transport == lab::Transport::tcp ? Tuple::Part::both_ways : Tuple::Part::first_packet;
  std::vector<Tuple> all;
  for (std::size_t from = 0; from < machines_.size(); ++from)
    for (std::size_t to = 0; to < machines_.size(); ++to)
      for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
        for (const std::uint16_t port : ports) {
          const bool ours = machines_[from].node == kNodeNumber || machines_[to].node == kNodeNumber;
          if (from != to && ours) all.push_back({from, to, family, transport, port, part});
        }
  return all;
}

std::string Network::describe(const Tuple& tuple) const {
  const auto end = [&](std::size_t at) {
    return "machine " + std::to_string(at) + " (" + machines_[at].host->addresses.of(tuple.family).to_string() + ")";
  };
  return end(tuple.from) + " > " + end(tuple.to) + " " + to_string(tuple.transport) + " " + std::to_string(tuple.port);
}

}  // namespace selvage::soak
