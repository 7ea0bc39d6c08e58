#include "controller/preflight/preflight_specimen.h"

#include <unistd.h>

#include <string>
#include <vector>

#include "controller/tables/render.h"
#include "policy/compile/compiler.h"

namespace selvage::controller {
namespace {

using policy::PortMatch;
using policy::Protocol;

constexpr const char* kNode = "node";
constexpr const char* kNamespace = "default";

policy::Pod pod(const std::string& name, const std::string& node, const char* v4, const char* v6) {
  policy::Pod result;
  result.namespace_name = kNamespace;
  result.name = name;
  result.node = node;
  result.addresses = {IpAddress::parse(v4).value(), IpAddress::parse(v6).value()};
  return result;
}

policy::IpBlock block(const char* cidr, const char* except) {
  return {IpPrefix::parse(cidr).value(), {IpPrefix::parse(except).value()}};
}

/// One rule for each kind of set: all ports, all ports of a protocol, one port, a range of ports.
std::vector<policy::Rule> rules_to(const std::vector<policy::Peer>& peers) {
  const PortMatch protocol{Protocol::udp, std::monostate{}};
  const PortMatch one{Protocol::tcp, PortMatch::Range{80, 80}};
  const PortMatch range{Protocol::sctp, PortMatch::Range{9000, 9100}};
  const bool any_peer = peers.empty();
  return {{any_peer, peers, true, {}}, {any_peer, peers, false, {protocol, one, range}}};
}

/// Allows pods, blocks and any peer in both directions.
policy::NetworkPolicy policy_of_all_kinds() {
  policy::NetworkPolicy result;
  result.namespace_name = kNamespace;
  result.name = "all-kinds";
  result.isolates_ingress = result.isolates_egress = true;
  const std::vector<std::vector<policy::Peer>> all_peers = {
      {},
      {policy::PodPeer{}},
      {block("198.51.100.0/24", "198.51.100.7/32"), block("2001:db8:1::/48", "2001:db8:1::7/128")}};
  for (const auto& peers : all_peers) {
    for (auto& rule : rules_to(peers)) {
      result.ingress.push_back(rule);
      result.egress.push_back(std::move(rule));
    }
  }
  return result;
}

}  // namespace

nft::Ruleset specimen_tables(const RenderOptions& options) {
  const std::vector<policy::Object> objects = {
      policy::Namespace{kNamespace, policy::Labels({{"kubernetes.io/metadata.name", kNamespace}})},
      pod("local", kNode, "192.0.2.1", "2001:db8::1"), pod("other", "elsewhere", "192.0.2.2", "2001:db8::2"),
      policy_of_all_kinds()};
  const auto compiler = policy::compile(objects, kNode);
  const auto name_of = [&](policy::PodId id) { return compiler->pod_name(id); };
  nft::Ruleset renamed;
  for (auto& [key, table] : render(compiler->result(), name_of, options)) {
    renamed[{key.family, "selvage-preflight-" + std::to_string(::getpid())}] = table;
  }
  return renamed;
}

}  // namespace selvage::controller
