#include "lab/node.h"

#include <algorithm>

#include "lab/command.h"

namespace selvage::lab {
namespace {

/// Flannel's: 1500 less the VXLAN headers over IPv6.
constexpr const char* kPodMtu = "1430";
constexpr const char* kUnderlayMtu = "1500";

IpAddress address(const std::string& text) { return IpAddress::parse(text).value_or(IpAddress()); }

std::string pod_prefix(IpFamily family, unsigned node) {
  return family == IpFamily::v4 ? "10.244." + std::to_string(node) + "." : "fd00:10:244:" + std::to_string(node) + "::";
}

/// The host part stands in both families with the same digits: 10.244.1.12 and fd00:10:244:1::12.
Addresses pod_addresses(unsigned node, unsigned host) {
  const std::string last = std::to_string(host);
  return {address(pod_prefix(IpFamily::v4, node) + last), address(pod_prefix(IpFamily::v6, node) + last)};
}

Addresses underlay_addresses(unsigned number) {
  return {address("172.31.0." + std::to_string(number)), address("fd00:172:31::" + std::to_string(number))};
}

/// The MAC address of a node's VXLAN device, which flanneld publishes in the node's annotations.
std::string vxlan_mac(unsigned node, IpFamily family) {
  char text[18];
  snprintf(text, sizeof text, "02:f1:a0:00:%02x:%02x", family == IpFamily::v4 ? 4U : 6U, node & 0xffU);
  return text;
}

/// A namespace whose addresses work at once (no duplicate address detection) and that may ping unprivileged.
Result<Namespace> make_machine(const std::string& label) {
  Result<Namespace> made = Namespace::create(label);
  if (!made) return made;
  for (const char* scope : {"all", "default"}) {
    const Result<void> set = made->sysctl(std::string("net/ipv6/conf/") + scope + "/accept_dad", "0");
    if (!set) return tl::unexpected<Error>(set.error());
  }
  const Result<void> set = made->sysctl("net/ipv4/ping_group_range", "0 2147483647");
  if (!set) return tl::unexpected<Error>(set.error());
  return made;
}

/// Plugs a veth pair: `port` on `bridge` of `host`, eth0 in `guest`. Both ends take packets of the same size: what is
/// larger than the MTU of the end that receives it is lost without a word.
Result<void> plug(const Namespace& host, const std::string& bridge, const std::string& port, const Namespace& guest,
                  const std::string& mtu, const std::string& port_flags) {
  return host.ip_batch("link add " + port + " mtu " + mtu + " type veth peer name eth0 mtu " + mtu + " netns " +
                       guest.name() + "\n" + "link set " + port + " master " + bridge + " up\n" +
                       (port_flags.empty() ? "" : "link set " + port + " type bridge_slave " + port_flags + "\n"));
}

std::string vxlan_lines(const char* device, IpFamily family, unsigned number) {
  const std::string local = underlay_addresses(number).of(family).to_string();
  const std::string own = pod_prefix(family, number) + (family == IpFamily::v4 ? "0/32" : "/128");
  return std::string("link add ") + device + " address " + vxlan_mac(number, family) + " mtu " + kPodMtu +
         " type vxlan id 1 dev eth0 local " + local + " dstport 8472 nolearning\n" +  //
         "addr add " + own + " dev " + device + (family == IpFamily::v6 ? " nodad" : "") + "\n" + "link set " + device +
         " up\n";
}

}  // namespace

Result<Underlay> Underlay::create() {
  Result<Namespace> space = make_machine("underlay");
  if (!space) return tl::unexpected<Error>(space.error());
  const Result<void> laid = space->ip_batch("link add lan type bridge mcast_snooping 0\nlink set lan up\n");
  if (!laid) return tl::unexpected<Error>(laid.error());
  return Underlay(std::move(*space));
}

Result<Addresses> Underlay::attach(const Namespace& machine, unsigned number) {
  const Result<void> plugged = plug(space_, "lan", "port" + std::to_string(number), machine, kUnderlayMtu, "");
  if (!plugged) return tl::unexpected<Error>(plugged.error());
  const Addresses own = underlay_addresses(number);
  const Result<void> set = machine.ip_batch("addr add " + own.v4.to_string() + "/24 dev eth0\n" + "addr add " +
                                            own.v6.to_string() + "/64 dev eth0 nodad\nlink set eth0 up\n");
  if (!set) return tl::unexpected<Error>(set.error());
  return own;
}

Result<Node> Node::create(Underlay& underlay, unsigned number, NodeOptions options) {
  Result<Namespace> space = make_machine("node" + std::to_string(number));
  if (!space) return tl::unexpected<Error>(space.error());
  Node node(number, std::move(*space));
  const Result<Addresses> attached = underlay.attach(node.space_, number);
  if (!attached) return tl::unexpected<Error>(attached.error());
  node.underlay_addresses_ = *attached;
  const Result<void> laid = node.lay(options);
  if (!laid) return fail("node " + std::to_string(number), laid.error());
  return node;
}

Result<void> Node::lay(const NodeOptions& options) const {
  const char* call = options.bridge_netfilter ? "1" : "0";
  for (const char* path : {"net/bridge/bridge-nf-call-iptables", "net/bridge/bridge-nf-call-ip6tables"})
    if (const Result<void> set = space_.sysctl(path, call); !set) return set;
  for (const char* path : {"net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding"})
    if (const Result<void> set = space_.sysctl(path, "1"); !set) return set;
  const Addresses own = gateway();
  return space_.ip_batch(std::string("link add cni0 mtu ") + kPodMtu + " type bridge nf_call_iptables " + call +
                         " nf_call_ip6tables " + call + "\n" +  //
                         "addr add " + own.v4.to_string() + "/24 brd + dev cni0\n" + "addr add " + own.v6.to_string() +
                         "/64 dev cni0 nodad\nlink set cni0 up\n" + vxlan_lines("flannel.1", IpFamily::v4, number_) +
                         vxlan_lines("flannel-v6.1", IpFamily::v6, number_));
}

Addresses Node::gateway() const { return pod_addresses(number_, 1); }

Result<Host*> Node::add_pod(const std::string& label) {
  Result<Namespace> space = make_machine(label);
  if (!space) return tl::unexpected<Error>(space.error());
  const unsigned host = next_pod_++;
  const Result<void> plugged = plug(space_, "cni0", "veth" + std::to_string(host), *space, kPodMtu, "hairpin on");
  if (!plugged) return fail("pod " + label, plugged.error());
  const Addresses own = pod_addresses(number_, host);
  const Addresses via = gateway();
  const Result<void> set =
      space->ip_batch("link set eth0 up\naddr add " + own.v4.to_string() +
                      "/24 brd + dev eth0\nroute add default via " + via.v4.to_string() + "\n" + "addr add " +
                      own.v6.to_string() + "/64 dev eth0 nodad\nroute add default via " + via.v6.to_string() + "\n");
  if (!set) return fail("pod " + label, set.error());
  return &pods_.emplace_back(Host{std::move(*space), own});
}

void Node::remove_pod(const Host* pod) {
  const auto found = std::find_if(pods_.begin(), pods_.end(), [&](const Host& host) { return &host == pod; });
  if (found == pods_.end()) return;
  const Namespace gone = std::move(found->space);
}

Result<void> Node::learn(const Node& other) const {
  std::string routes;
  std::string forwarding;
  for (const IpFamily family : {IpFamily::v4, IpFamily::v6}) {
    const std::string device = family == IpFamily::v4 ? "flannel.1" : "flannel-v6.1";
    const std::string via = pod_prefix(family, other.number_) + (family == IpFamily::v4 ? "0" : "");
    const std::string mac = vxlan_mac(other.number_, family);
    routes += "neigh replace " + via + " lladdr " + mac + " dev " + device + " nud permanent\n";
    routes += "route replace " + via + (family == IpFamily::v4 ? "/24" : "/64") + " via " + via + " dev " + device +
              " onlink\n";
    forwarding += "fdb replace " + mac + " dev " + device + " dst " + other.underlay_addresses_.of(family).to_string() +
                  " self permanent\n";
  }
  const Result<void> routed = space_.ip_batch(routes);
  if (!routed) return routed;
  const Result<std::string> set = run(space_, {"bridge", "-batch", "-"}, forwarding);
  if (!set) return tl::unexpected<Error>(set.error());
  return {};
}

Result<Host> add_outside_host(Underlay& underlay, unsigned number, const std::vector<const Node*>& nodes) {
  Result<Namespace> space = make_machine("outside");
  if (!space) return tl::unexpected<Error>(space.error());
  const Result<Addresses> own = underlay.attach(*space, number);
  if (!own) return tl::unexpected<Error>(own.error());
  std::string routes;
  for (const Node* node : nodes)
    for (const IpFamily family : {IpFamily::v4, IpFamily::v6})
      routes += "route add " + pod_prefix(family, node->number()) + (family == IpFamily::v4 ? "0/24" : "/64") +
                " via " + node->underlay_addresses().of(family).to_string() + "\n";
  const Result<void> routed = space->ip_batch(routes);
  if (!routed) return tl::unexpected<Error>(routed.error());
  return Host{std::move(*space), *own};
}

}  // namespace selvage::lab
