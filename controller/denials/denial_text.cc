#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

#include "controller/denials/denial.h"
#include "controller/output/json.h"
#include "controller/tables/deny_chains.h"
#include "policy/explain/explain_text.h"

namespace selvage::controller {
namespace {

using policy::Direction;
using policy::Explanation;
using policy::FlowEnd;

const char* name_of(FlowEnd::Kind kind) {
  switch (kind) {
    case FlowEnd::Kind::pod:
      return "pod";
    case FlowEnd::Kind::node:
      return "node";
    case FlowEnd::Kind::unknown_pod:
      return "unknown_pod";
    case FlowEnd::Kind::address:
      return "address";
  }
  return "address";
}

const char* name_of(policy::FlowVerdict verdict) {
  switch (verdict) {
    case policy::FlowVerdict::denied:
      return "denied";
    case policy::FlowVerdict::allowed:
      return "allowed";
    case policy::FlowVerdict::not_isolated:
      return "not_isolated";
    case policy::FlowVerdict::no_local_pod:
      return "no_local_pod";
  }
  return "denied";
}

/// In the format of the log's own times.
std::string time_text(WallTime time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(WallClock::to_time_t(time)), ms);
}

/// "prod/web-0 (10.244.1.2:40000)", "[2001:db8::9]:443"; without a port if the protocol has none.
std::string end_text(const FlowEnd& end, std::uint16_t port) {
  std::string address = end.address.to_string();
  if (port != 0) {
    address = (end.address.family() == IpFamily::v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
  }
  return end.name.empty() ? address : policy::describe(end) + " (" + address + ")";
}

Json end_json(const FlowEnd& end, std::uint16_t port) {
  Json json = {{"kind", name_of(end.kind)}};
  if (end.kind == FlowEnd::Kind::pod) json.update({{"namespace", end.namespace_name}, {"pod_name", end.name}});
  if (end.kind == FlowEnd::Kind::node && !end.name.empty()) json["node_name"] = end.name;
  json["ip"] = end.address.to_string();
  if (port != 0) json["port"] = port;
  return json;
}

std::string policies_text(const Explanation& explanation) {
  constexpr std::size_t kMaxNamed = 4;
  std::string text;
  for (std::size_t i = 0; i < std::min(kMaxNamed, explanation.policies.size()); ++i) {
    text += (text.empty() ? "; isolated by " : ", ") + explanation.policies[i];
  }
  if (explanation.policy_count <= kMaxNamed) return text;
  return text + " and " + std::to_string(explanation.policy_count - kMaxNamed) + " more";
}

Json nearest_json(const Explanation& explanation) {
  const policy::NearestRule& nearest = *explanation.nearest;
  std::vector<std::string> conditions;
  for (const auto& condition : nearest.failed) conditions.push_back(policy::describe(condition, explanation));
  Json json = {{"policy", nearest.policy}, {"rule", nearest.rule}};
  if (nearest.peer) json["peer"] = *nearest.peer;
  json["failed_conditions"] = conditions;
  json["failed_condition_count"] = nearest.failed_count;
  return json;
}

std::string message_of(const Explanation& explanation, const DenialCount& count, policy::Mode mode) {
  std::string text = mode == policy::Mode::staged ? "would be denied" : "denied";
  text += explanation.direction == Direction::ingress ? " at ingress" : " at egress";
  if (count.span.count() > 0) text += fmt::format(" {} times in {} s", count.packets, count.span.count());
  return text + ": " + policy::protocol_name(explanation.flow.protocol) + " " +
         end_text(explanation.source, count.source_port.value_or(0)) + " > " +
         end_text(explanation.destination, explanation.flow.destination_port) + ": " + policy::reason(explanation) +
         policies_text(explanation);
}

Json json_of(const Explanation& explanation, const DenialCount& count, policy::Mode mode) {
  const bool in = explanation.direction == Direction::ingress;
  Json json = {{"verdict", mode == policy::Mode::staged ? "AUDIT" : "DROPPED"},
               {"traffic_direction", in ? "INGRESS" : "EGRESS"},
               {"protocol", policy::protocol_name(explanation.flow.protocol)},
               {"source", end_json(explanation.source, count.source_port.value_or(0))},
               {"destination", end_json(explanation.destination, explanation.flow.destination_port)},
               {"count", count.packets},
               {"seconds", count.span.count()}};
  if (count.first) json["first_seen"] = time_text(*count.first);
  if (count.last) json["last_seen"] = time_text(*count.last);
  json["flow_verdict"] = name_of(explanation.verdict);
  json["reason"] = policy::reason(explanation);
  json["policies"] = explanation.policies;
  json["policy_count"] = explanation.policy_count;
  if (explanation.nearest) json["nearest"] = nearest_json(explanation);
  return json;
}

}  // namespace

std::optional<Denial> denial_of(const host::LoggedPacket& packet) {
  const auto source = source_of_prefix(packet.prefix);
  if (!source) return std::nullopt;
  const host::PacketHeaders& headers = packet.headers;
  return Denial{source->direction,
                {headers.source, headers.destination, headers.protocol, headers.destination_port.value_or(0)},
                headers.source_port,
                packet.when,
                source->mode};
}

DenialLine denial_line(const Explanation& explanation, const DenialCount& count, policy::Mode mode) {
  return {message_of(explanation, count, mode), members_line(json_of(explanation, count, mode))};
}

DenialLine unreported_line(const Unreported& unreported, policy::Mode mode) {
  std::string text =
      mode == policy::Mode::staged ? "packets that would be denied, without a line:" : "denied packets without a line:";
  if (unreported.packets > 0)
    text += fmt::format(" {} of {} flows, over the limit of lines", unreported.packets, unreported.flows);
  if (unreported.lost > 0) {
    text += fmt::format("{} {} logged faster than they were read", unreported.packets > 0 ? "," : "", unreported.lost);
  }
  return {std::move(text), members_line({{"unreported_packets", unreported.packets},
                                         {"unreported_flows", unreported.flows},
                                         {"lost", unreported.lost}})};
}

}  // namespace selvage::controller
