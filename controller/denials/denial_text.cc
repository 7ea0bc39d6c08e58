#include <spdlog/fmt/chrono.h>
#include <spdlog/fmt/fmt.h>

#include "controller/denials/denial.h"
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

/// As the log's own times are written.
std::string time_text(WallTime time) {
  const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(WallClock::to_time_t(time)), ms);
}

/// "prod/web-0 (10.244.1.2:40000)", "[2001:db8::9]:443"; ports are left out where there is none.
std::string end_text(const FlowEnd& end, std::uint16_t port) {
  std::string address = end.address.to_string();
  if (port != 0) {
    address = (end.address.family() == IpFamily::v6 ? "[" + address + "]" : address) + ":" + std::to_string(port);
  }
  return end.name.empty() ? address : policy::describe(end) + " (" + address + ")";
}

JsonMembers end_members(const FlowEnd& end, std::uint16_t port) {
  JsonMembers members;
  members.add("kind", name_of(end.kind));
  if (end.kind == FlowEnd::Kind::pod) members.add("namespace", end.namespace_name).add("pod_name", end.name);
  if (end.kind == FlowEnd::Kind::node && !end.name.empty()) members.add("node_name", end.name);
  members.add("ip", end.address.to_string());
  if (port != 0) members.add("port", std::uint64_t{port});
  return members;
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

JsonMembers nearest_members(const Explanation& explanation) {
  const policy::NearestRule& nearest = *explanation.nearest;
  std::vector<std::string> misses;
  for (const auto& miss : nearest.failed) misses.push_back(policy::describe(miss, explanation));
  JsonMembers members;
  members.add("policy", nearest.policy).add("rule", std::uint64_t{nearest.rule});
  if (nearest.peer) members.add("peer", std::uint64_t{*nearest.peer});
  return members.add("misses", misses).add("miss_count", std::uint64_t{nearest.failed_count});
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

JsonMembers members_of(const Explanation& explanation, const DenialCount& count, policy::Mode mode) {
  const bool in = explanation.direction == Direction::ingress;
  JsonMembers members;
  members.add("verdict", mode == policy::Mode::staged ? "AUDIT" : "DROPPED")
      .add("traffic_direction", in ? "INGRESS" : "EGRESS");
  members.add("protocol", policy::protocol_name(explanation.flow.protocol));
  members.add("source", end_members(explanation.source, count.source_port.value_or(0)));
  members.add("destination", end_members(explanation.destination, explanation.flow.destination_port));
  members.add("count", count.packets);
  members.add("seconds", static_cast<std::uint64_t>(count.span.count()));
  if (count.first) members.add("first_seen", time_text(*count.first));
  if (count.last) members.add("last_seen", time_text(*count.last));
  members.add("standing", name_of(explanation.verdict)).add("reason", policy::reason(explanation));
  members.add("policies", explanation.policies).add("policy_count", std::uint64_t{explanation.policy_count});
  if (explanation.nearest) members.add("nearest", nearest_members(explanation));
  return members;
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
  return {message_of(explanation, count, mode), members_of(explanation, count, mode)};
}

DenialLine left_out_line(const LeftOut& left_out, policy::Mode mode) {
  std::string text = mode == policy::Mode::staged ? "packets that would be denied and that no line tells of:"
                                                  : "denied packets that no line tells of:";
  if (left_out.packets > 0)
    text += fmt::format(" {} of {} flows, of too many at once", left_out.packets, left_out.flows);
  if (left_out.lost > 0) {
    text += fmt::format("{} {} that were logged faster than they were read", left_out.packets > 0 ? "," : "",
                        left_out.lost);
  }
  JsonMembers members;
  members.add("left_out_packets", left_out.packets).add("left_out_flows", left_out.flows).add("lost", left_out.lost);
  return {std::move(text), std::move(members)};
}

}  // namespace selvage::controller
