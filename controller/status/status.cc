#include "controller/status/status.h"

#include <spdlog/fmt/chrono.h>

#include <algorithm>

#include "controller/output/json_members.h"
#include "controller/tables/table_layout.h"

namespace selvage::controller {
namespace {

using policy::Direction;

std::vector<std::string> isolating(const std::vector<const policy::Policy*>& policies, Direction direction) {
  std::vector<std::string> names;
  for (const auto* policy : policies) {
    if (policy->isolates(direction)) names.push_back(qualified_name(policy->origin));
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// Adds the counters to the pods that they are of.
void count_denied(std::map<std::string, PodStatus>& pods, const std::vector<telemetry::PacketCount>& counts) {
  for (auto& [name, pod] : pods) {
    for (auto& direction : pod.directions) direction.denied_packets = 0;
  }
  for (const auto& count : counts) {
    if (!count.direction) continue;
    const auto pod = pods.find(policy::qualified_name(count.namespace_name, count.pod));
    if (pod == pods.end()) continue;
    DirectionStatus& direction = pod->second.directions[index(*count.direction)];
    if (count.verdict == telemetry::PacketVerdict::denied) *direction.denied_packets += count.packets;
    if (count.verdict != telemetry::PacketVerdict::staged) continue;
    direction.staged_policies = count.policies;
    direction.staged_packets += count.packets;
  }
}

std::string time_text(WallTime time) {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(WallClock::to_time_t(time)));
}

JsonMembers json_of(const DirectionStatus& direction) {
  JsonMembers members;
  members.add("policies", direction.policies);
  if (direction.denied_packets) members.add("denied_packets", *direction.denied_packets);
  if (!direction.staged_policies.empty()) {
    members.add("staged_policies", direction.staged_policies).add("staged_packets", direction.staged_packets);
  }
  return members;
}

JsonMembers json_of(const PodStatus& pod) {
  JsonMembers members;
  members.add("pod", pod.name).add("addresses", pod.addresses);
  for (const Direction direction : policy::kDirections) {
    members.add(to_string(direction), json_of(pod.directions.at(static_cast<std::size_t>(direction))));
  }
  return members;
}

JsonMembers json_of(const telemetry::HealthCheck& check) {
  JsonMembers members;
  members.add("check", check.name).add_flag("ok", check.ok()).add("reasons", check.reasons);
  return members;
}

template <class Values>
std::vector<JsonMembers> json_list(const Values& values) {
  std::vector<JsonMembers> list;
  for (const auto& value : values) list.push_back(json_of(value));
  return list;
}

}  // namespace

std::vector<PodStatus> pods_of(const policy::Snapshot& snapshot,
                               const std::optional<std::vector<telemetry::PacketCount>>& counts) {
  std::map<std::string, PodStatus> pods;
  for (const auto& [address, local] : snapshot.result().local.values()) {
    PodStatus& pod = pods[local.pod];
    pod.name = local.pod;
    pod.addresses.push_back(address.to_string());
    const policy::PodId* id = snapshot.inventory().owner(address);
    if (id == nullptr) continue;
    const auto policies = snapshot.selecting(*id);
    for (const Direction direction : policy::kDirections) {
      pod.directions.at(static_cast<std::size_t>(direction)).policies = isolating(policies, direction);
    }
  }
  if (counts) count_denied(pods, *counts);
  std::vector<PodStatus> list;
  for (auto& [name, pod] : pods) list.push_back(std::move(pod));
  return list;
}

std::string to_json(const AgentStatus& status) {
  JsonMembers objects;
  objects.add("pods", status.objects[0]).add("namespaces", status.objects[1]).add("policies", status.objects[2]);
  JsonMembers blind;
  for (const auto& [resource, time] : status.blind) blind.add(resource, static_cast<std::uint64_t>(time.count()));
  JsonMembers members;
  members.add("version", status.version).add("node", status.node).add("source", status.source);
  members.add("tables", status.tables).add_flag("ready", healthy(status.readiness));
  members.add("last_sync", status.sync.last ? time_text(*status.sync.last) : "never");
  members.add("pending_changes", status.sync.pending).add("objects", objects).add("stale_seconds", blind);
  members.add("checks", json_list(status.readiness)).add("pods", json_list(status.pods));
  return "{" + members.text() + "}";
}

}  // namespace selvage::controller
