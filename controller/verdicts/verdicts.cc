#include "controller/verdicts/verdicts.h"

#include <algorithm>
#include <utility>

#include "controller/output/json.h"

namespace selvage::controller {
namespace {

using policy::Decision;
using policy::Direction;
using policy::FlowKey;

const char* word(bool allowed) { return allowed ? "allowed" : "denied"; }

const char* word(policy::Action action) {
  switch (action) {
    case policy::Action::allow:
      return "allow";
    case policy::Action::deny:
      return "deny";
    case policy::Action::pass:
      return "pass";
    case policy::Action::log:
      return "log";
  }
  return "";
}

Json json_of(const Decision& decision) {
  switch (decision.by) {
    case Decision::By::rule:
      return {{"tier", decision.tier},
              {"kind", policy::to_string(decision.rule->policy.kind)},
              {"policy", policy::qualified_name(decision.rule->policy)},
              {"rule", decision.rule->rule.index},
              {"name", decision.rule->rule.name},
              {"action", word(decision.rule->action)}};
    case Decision::By::tier_end:
      return {{"tier", decision.tier}, {"action", "deny"}, {"end", true}};
    case Decision::By::last_end:
      return {{"action", "allow"}, {"end", true}};
    case Decision::By::nothing:
      return {{"judged", false}};
  }
  return {};
}

Json error_of(const std::string& text) { return {{"error", text}}; }

/// The pod's node; empty for what is no pod of the pod network.
std::string node_of(const policy::Pod* pod) { return pod == nullptr || pod->host_network ? "" : pod->node; }

/// Whether no node has tables for the pod yet.
bool is_unscheduled(const policy::Pod* pod) { return pod != nullptr && !pod->host_network && pod->node.empty(); }

/// Whether one end is a pod and the other the node that it runs on: nothing judges their traffic.
bool is_own_node(const policy::Pod* pod, const policy::Pod* other) {
  return !node_of(pod).empty() && other != nullptr && other->host_network && other->node == pod->node;
}

}  // namespace

Verdicts::Verdicts(std::vector<policy::Object> objects, bool tables)
    : objects_(std::move(objects)), state_(policy::state_of(objects_)) {
  if (tables) tables_.emplace(objects_);
}

/// The pod with the address; of pods on the host's network, any.
const policy::Pod* Verdicts::owner_of(const IpAddress& address) const {
  if (const policy::Pod* pod = policy::pod_at(state_, address)) return pod;
  const auto host = std::ranges::find_if(state_.pods, [&](const policy::Pod& pod) {
    return pod.host_network && !pod.finished && std::ranges::count(pod.addresses, address) > 0;
  });
  return host == state_.pods.end() ? nullptr : &*host;
}

/// What the text can mean: one for each address, the first address first.
Result<std::vector<Verdicts::End>> Verdicts::ends_of(const FlowEnd& end, const char* member) const {
  if (end.kind == FlowEnd::Kind::address) {
    const IpAddress address = *IpAddress::parse(end.text);
    return std::vector<End>{{address, owner_of(address)}};
  }
  const bool node = end.kind == FlowEnd::Kind::node;
  const auto pod = std::ranges::find_if(state_.pods, [&](const policy::Pod& one) {
    if (one.finished || one.addresses.empty()) return false;
    return node ? one.host_network && one.node == end.text : policy::qualified_name(one) == end.text;
  });
  if (pod == state_.pods.end()) {
    return fail(std::string(member) + ": " +
                (node ? "no pod on the network of node " + end.text + " is known, so no address of the node"
                      : "there is no pod " + end.text + " with an address"));
  }
  std::vector<End> ends;
  for (const IpAddress& address : pod->addresses) ends.push_back({address, &*pod});
  return ends;
}

Result<std::pair<Verdicts::End, Verdicts::End>> Verdicts::resolve(const FlowQuery& query) const {
  const auto sources = ends_of(query.source, "source");
  if (!sources) return tl::unexpected(sources.error());
  const auto destinations = ends_of(query.destination, "destination");
  if (!destinations) return tl::unexpected(destinations.error());
  for (const End& source : *sources) {
    if (query.family && source.address.family() != *query.family) continue;
    for (const End& destination : *destinations) {
      if (source.address.family() == destination.address.family()) return std::pair(source, destination);
    }
  }
  return fail("source, destination: have no addresses of one family" +
              std::string(query.family ? " as asked for" : ""));
}

VerdictLine Verdicts::answer(std::string_view line) {
  const auto query = parse_flow_query(line);
  if (!query) return {to_line(error_of(query.error().message)), true, false};
  const auto ends = resolve(*query);
  if (!ends) return {to_line(error_of(ends.error().message)), true, false};
  const auto& [source, destination] = *ends;
  const FlowKey flow{source.address, destination.address, query->protocol, query->port};
  const bool judged = !is_own_node(source.pod, destination.pod) && !is_own_node(destination.pod, source.pod);
  const auto decide = [&](Direction direction) {
    return judged ? policy::decide(state_, direction, flow) : Decision{};
  };
  const Decision egress = decide(Direction::egress);
  const Decision ingress = decide(Direction::ingress);
  const bool allowed = egress.allowed && ingress.allowed;
  Json answer = {{"egress", word(egress.allowed)},
                 {"ingress", word(ingress.allowed)},
                 {"allowed", allowed},
                 {"decidedBy", {{"egress", json_of(egress)}, {"ingress", json_of(ingress)}}}};
  if (!tables_ || is_unscheduled(source.pod) || is_unscheduled(destination.pod)) {
    return {to_line(answer), false, false};
  }
  const bool accepted = !judged || tables_->accept(flow, node_of(source.pod), node_of(destination.pod));
  answer["tables"] = word(accepted);
  return {to_line(answer), false, accepted != allowed};
}

}  // namespace selvage::controller
