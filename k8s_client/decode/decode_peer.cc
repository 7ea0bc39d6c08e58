#include "k8s_client/decode/decode.h"

namespace selvage::k8s_client {
namespace {

std::optional<IpPrefix> decode_prefix(const Field& field) {
  const auto text = field.text();
  if (!text) return std::nullopt;
  const auto prefix = IpPrefix::parse(*text);
  if (!prefix) return field.complain("expected a CIDR block such as 10.0.0.0/8 or fd00::/8");
  return *prefix;
}

std::optional<policy::Peer> decode_ip_block(const Field& block) {
  if (!block.has_only({"cidr", "except"})) return std::nullopt;
  const auto cidr = decode_prefix(block["cidr"]);
  if (!cidr) return std::nullopt;
  const auto decode_except = [&](const Field& field) -> std::optional<IpPrefix> {
    const auto except = decode_prefix(field);
    if (!except) return std::nullopt;
    const bool within = cidr->contains(*except) && except->length() > cidr->length();
    if (!within) return field.complain("expected a block within " + cidr->to_string() + ", and smaller than it");
    return *except;
  };
  auto except = decode_list<IpPrefix>(block["except"], decode_except);
  if (!except) return std::nullopt;
  return policy::IpBlock{*cidr, std::move(*except)};
}

}  // namespace

std::optional<policy::Peer> decode_peer(const Field& peer) {
  if (!peer.has_only({"podSelector", "namespaceSelector", "ipBlock"})) return std::nullopt;
  const Field pods = peer["podSelector"];
  const Field namespaces = peer["namespaceSelector"];
  const Field block = peer["ipBlock"];
  const bool selects = !pods.absent() || !namespaces.absent();
  if (!selects && block.absent()) {
    return peer.complain("expected podSelector, namespaceSelector or ipBlock; leave the list out to mean anyone");
  }
  if (selects && !block.absent())
    return block.complain("an ipBlock must be alone; put the selectors into another peer");
  if (!selects) return decode_ip_block(block);
  auto pod_selector = decode_selector(pods);
  auto namespace_selector = decode_selector(namespaces);
  if (!pod_selector || !namespace_selector) return std::nullopt;
  if (namespaces.absent()) namespace_selector.reset();
  return policy::PodPeer{std::move(namespace_selector), std::move(*pod_selector)};
}

}  // namespace selvage::k8s_client
