#include "controller/tables/table_layout.h"

#include <algorithm>

namespace selvage::controller {
namespace {

using policy::PortKind;

/// One byte, padded as a field of a concatenation.
std::string protocol_field(std::uint8_t protocol) { return {static_cast<char>(protocol), '\0', '\0', '\0'}; }

/// Two bytes in network order, padded as a field of a concatenation.
std::string port_field(std::uint16_t port) {
  return {static_cast<char>(port >> 8), static_cast<char>(port & 0xff), '\0', '\0'};
}

/// The port that a key ends with.
std::uint32_t port_of(const std::string& key) {
  const std::size_t at = key.size() - port_field(0).size();
  return static_cast<std::uint32_t>(static_cast<unsigned char>(key[at])) << 8 | static_cast<unsigned char>(key[at + 1]);
}

std::string with_port(std::string key, std::uint32_t port) {
  const std::string field = port_field(static_cast<std::uint16_t>(port));
  return key.replace(key.size() - field.size(), field.size(), field);
}

}  // namespace

std::optional<std::string> other_layout(const nft::Ruleset& have) {
  const auto table = have.find(kInetTable);
  if (table == have.end()) return std::nullopt;
  std::string others;
  for (const auto& [name, chain] : table->second.chains) {
    if (name == kLayout) return std::nullopt;
    if (is_chain(name, ChainRole::Kind::layout)) others += (others.empty() ? "" : ", ") + name;
  }
  return others.empty() ? "no layout" : others;
}

nft::Ruleset with_fast_path_of(nft::Ruleset want, const nft::Ruleset& have) {
  const auto wanted = want.find(kInetTable);
  const auto there = have.find(kInetTable);
  if (wanted == want.end() || there == have.end()) return want;
  for (auto& [name, set] : wanted->second.sets) {
    if (!is_set(name, SetRole::Kind::fastpath_state) && !is_set(name, SetRole::Kind::fastpath_pods)) continue;
    const auto found = there->second.sets.find(name);
    if (found != there->second.sets.end() && found->second.spec == set.spec) set.elements = found->second.elements;
  }
  return want;
}

nft::SetSpec address_set_spec(IpFamily family, std::size_t fields) {
  nft::SetSpec spec;
  spec.key.assign(fields, address_type(family));
  return spec;
}

nft::SetSpec fastpath_pods_spec(IpFamily family) {
  nft::SetSpec spec = address_set_spec(family);
  spec.size = kMaxFastpathPods;
  spec.comment = "pods whose connections are all allowed";
  return spec;
}

nft::SetSpec fastpath_state_spec() {
  nft::SetSpec spec;
  spec.key = {nft::FieldType::ct_state};
  spec.size = 8;  // of a fixed size, as those of pods
  spec.comment = "connection states that the fast path accepts; empty while it is off";
  return spec;
}

nft::SetSpec denied_set_spec(IpFamily family) {
  nft::SetSpec spec = address_set_spec(family);
  spec.counters = true;
  return spec;
}

nft::SetSpec address_map_spec(IpFamily family, bool interval) {
  nft::SetSpec spec = address_set_spec(family);
  spec.verdict_map = true;
  spec.interval = interval;
  return spec;
}

nft::SetSpec predicate_set_spec(PortKind kind, IpFamily family, const std::string& comment, bool counters) {
  nft::SetSpec spec;
  spec.counters = counters;
  spec.comment = comment;
  spec.key.push_back(address_type(family));
  if (kind != PortKind::all) spec.key.push_back(nft::FieldType::inet_proto);
  if (kind == PortKind::ports || kind == PortKind::ranges) spec.key.push_back(nft::FieldType::inet_service);
  spec.interval = kind == PortKind::ranges;
  return spec;
}

nft::ElementKey permission_element(const policy::PermissionKey& key) {
  nft::ElementKey element{key.local.key(), {}};
  if (key.kind == PortKind::all) return element;
  element.first += protocol_field(key.protocol);
  if (key.kind == PortKind::protocols) return element;
  if (key.kind == PortKind::ranges) element.last = element.first + port_field(key.last);
  element.first += port_field(key.first);
  return element;
}

bool is_range_of_ports(const nft::ElementKey& key) {
  return key.last.empty() || with_port(key.first, 0) == with_port(key.last, 0);
}

std::vector<nft::ElementKey> uncovered_ports(const nft::ElementKey& range, const std::set<nft::ElementKey>& others) {
  std::vector<nft::ElementKey> parts;
  const auto put = [&](std::uint32_t first, std::uint32_t last) {
    if (first <= last) parts.push_back({with_port(range.first, first), with_port(range.first, last)});
  };
  std::uint32_t next = port_of(range.first);
  const nft::ElementKey lowest{with_port(range.first, 0), {}};
  for (auto other = others.lower_bound(lowest); other != others.end() && other->first <= range.last; ++other) {
    if (other->last < range.first) continue;
    if (const std::uint32_t begin = port_of(other->first); begin > 0) put(next, begin - 1);
    next = std::max(next, port_of(other->last) + 1);
  }
  put(next, port_of(range.last));
  return parts;
}

nft::FieldType address_type(IpFamily family) {
  return family == IpFamily::v4 ? nft::FieldType::ipv4_addr : nft::FieldType::ipv6_addr;
}

nft::Selector source_selector(IpFamily family) {
  return family == IpFamily::v4 ? nft::Selector::ip_saddr : nft::Selector::ip6_saddr;
}

nft::Selector destination_selector(IpFamily family) {
  return family == IpFamily::v4 ? nft::Selector::ip_daddr : nft::Selector::ip6_daddr;
}

}  // namespace selvage::controller
