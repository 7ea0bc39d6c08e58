#include "policy/explain/explain_text.h"

#include <utility>

namespace selvage::policy {
namespace {

const FlowEnd& local_end(const Explanation& explanation) {
  return explanation.direction == Direction::ingress ? explanation.destination : explanation.source;
}

const FlowEnd& peer_end(const Explanation& explanation) {
  return explanation.direction == Direction::ingress ? explanation.source : explanation.destination;
}

/// A sentence about what the policy allows continues its name; others follow it after a colon.
std::string about(const std::string& policy, const FailedCondition& failed, const Explanation& explanation) {
  const bool continues =
      std::holds_alternative<PortMismatch>(failed) || std::holds_alternative<NamespaceMismatch>(failed);
  return policy + (continues ? " " : ": ") + describe(failed, explanation);
}

std::string nearest_text(const Explanation& explanation) {
  const NearestRule& nearest = *explanation.nearest;
  std::string text;  // of the peer's conditions at most one fails, and only the port comes after another
  for (const FailedCondition& failed : nearest.failed) {
    text += text.empty() ? about(nearest.policy, failed, explanation) : ", and it " + describe(failed, explanation);
  }
  return text;
}

std::string denied_text(const Explanation& explanation) {
  if (explanation.names_peer()) return nearest_text(explanation);
  const FlowEnd& peer = peer_end(explanation);
  std::string text = "no rule of any policy names this peer";
  if (!explanation.complete) text = "no match in the first 30,000 conditions (search limit reached)";
  if (peer.kind == FlowEnd::Kind::unknown_pod) text += ": no known pod has the address " + peer.address.to_string();
  if (peer.kind == FlowEnd::Kind::node) text += "; it is a node, and only ipBlocks name nodes";
  return text;
}

}  // namespace

std::string reason(const Explanation& explanation) {
  switch (explanation.verdict) {
    case FlowVerdict::denied:
      return denied_text(explanation);
    case FlowVerdict::allowed:
      return (explanation.allowed_by.empty() ? "it" : explanation.allowed_by + " allows it, so it") +
             " is allowed now: something has changed since";
    case FlowVerdict::not_isolated:
      return "no policy isolates " + describe(local_end(explanation)) + " for " + to_string(explanation.direction) +
             " now: something has changed since";
    case FlowVerdict::no_local_pod:
      return "no known pod of this node has the address " + local_end(explanation).address.to_string();
  }
  return {};
}

std::string describe(const FlowEnd& end) {
  if (end.kind == FlowEnd::Kind::pod) return qualified_name(end);
  if (end.kind == FlowEnd::Kind::node && !end.name.empty()) return "node " + end.name;
  return end.address.to_string();
}

}  // namespace selvage::policy
