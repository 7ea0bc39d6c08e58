#include <algorithm>

#include "base/ip_protocol.h"
#include "policy/explain/explain_text.h"

namespace selvage::policy {
namespace {

/// "a, b, c or d"; where `items` are the first of more, "a, b, c, ...".
std::string list_of(const std::vector<std::string>& items, std::size_t count, const char* last_word) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == count ? std::string(" ") + last_word + " " : ", ";
    text += items[i];
  }
  return items.size() < count ? text + ", ..." : text;
}

/// The requirement, in the syntax of a selector.
std::string wanted(const LabelMismatch& failed) {
  const LabelRequirement& requirement = failed.requirement;
  if (requirement.op == LabelRequirement::Operator::exists) return requirement.key;
  if (requirement.values.size() == 1) return requirement.key + "=" + requirement.values.front();
  return requirement.key + " (" + list_of(requirement.values, failed.value_count, "or") + ")";
}

/// The part of a flow that ports are about.
struct Asked {
  const FlowKey& flow;
  const FlowEnd& destination;
};

std::string number_text(const PortMismatch::Allowed& allowed, const Asked& asked) {
  if (const auto* range = std::get_if<PortMatch::Range>(&allowed.port.port)) {
    const std::string first = std::to_string(range->first);
    return range->first == range->last ? first : first + "-" + std::to_string(range->last);
  }
  const auto* name = std::get_if<std::string>(&allowed.port.port);
  if (name == nullptr) return {};
  if (allowed.number) return *name + " (" + std::to_string(*allowed.number) + ")";
  return *name + " (which " + describe(asked.destination) + " does not have)";
}

/// "TCP 80, TCP 443, UDP 53", each protocol said once where it stays the same: "TCP 80, 443 and UDP 53".
std::string ports_text(const PortMismatch& failed, const Asked& asked) {
  std::vector<std::string> items;
  std::optional<Protocol> before;
  for (const PortMismatch::Allowed& allowed : failed.allowed) {
    const std::string number = number_text(allowed, asked);
    const bool same = before == allowed.port.protocol && !number.empty();
    std::string item = same ? number : to_string(allowed.port.protocol);
    if (!same && !number.empty()) item += " " + number;
    items.push_back(std::move(item));
    before = allowed.port.protocol;
  }
  return list_of(items, failed.count, "and");
}

std::string asked_text(const PortMismatch& failed, const FlowKey& flow) {
  const bool same_protocol = std::all_of(failed.allowed.begin(), failed.allowed.end(), [&](const auto& allowed) {
    return static_cast<std::uint8_t>(allowed.port.protocol) == flow.protocol;
  });
  const std::string port = flow.destination_port == 0 ? "" : std::to_string(flow.destination_port);
  if (same_protocol && !port.empty()) return port;
  return protocol_name(flow.protocol) + (port.empty() ? "" : " " + port);
}

struct Describe {
  const Explanation& explanation;
  const FlowEnd& peer;

  std::string operator()(const ExceptMismatch& failed) const {
    return peer.address.to_string() + " is in " + failed.except.to_string() + ", which is excepted from " +
           failed.cidr.to_string();
  }

  std::string operator()(const LabelMismatch& failed) const {
    using Operator = LabelRequirement::Operator;
    const LabelRequirement& requirement = failed.requirement;
    const std::string object = (failed.object == LabelMismatch::Object::pod ? "pod " : "namespace ") + failed.name;
    if (!failed.value) return object + " lacks label " + wanted(failed);
    const std::string present = object + " has label " + requirement.key + "=" + *failed.value;
    if (requirement.op == Operator::does_not_exist) return present + ", which must not be there";
    const char* relation = requirement.values.size() == 1 ? ", not " : ", none of ";
    if (requirement.op == Operator::not_in) return present + ", which is ruled out";
    return present + relation + list_of(requirement.values, failed.value_count, "or");
  }

  std::string operator()(const NamespaceMismatch& failed) const {
    return "allows pods of namespace " + failed.wanted + ", not of " + failed.present;
  }

  std::string operator()(const UnknownNamespace& failed) const {
    return "namespace " + failed.name + " is not known, so no namespaceSelector matches it";
  }

  std::string operator()(const BlockMismatch& failed) const {
    if (failed.blocks <= 1) return peer.address.to_string() + " is outside of " + failed.nearest.to_string();
    return peer.address.to_string() + " is outside of all " + std::to_string(failed.blocks) +
           " blocks, the nearest is " + failed.nearest.to_string();
  }

  std::string operator()(const PortMismatch& failed) const {
    if (failed.allowed.empty()) return "allows no port: all that it names are invalid";
    const FlowKey& flow = explanation.flow;
    return "allows " + ports_text(failed, {flow, explanation.destination}) + ", not " + asked_text(failed, flow);
  }
};

}  // namespace

std::string describe(const FailedCondition& failed, const Explanation& explanation) {
  const bool in = explanation.direction == Direction::ingress;
  return std::visit(Describe{explanation, in ? explanation.source : explanation.destination}, failed);
}

std::string protocol_name(std::uint8_t protocol) {
  switch (protocol) {
    case ip_protocol::kIcmp:
      return "ICMP";
    case ip_protocol::kTcp:
      return "TCP";
    case ip_protocol::kUdp:
      return "UDP";
    case ip_protocol::kIcmpv6:
      return "ICMPv6";
    case ip_protocol::kSctp:
      return "SCTP";
    default:
      return "protocol " + std::to_string(protocol);
  }
}

}  // namespace selvage::policy
