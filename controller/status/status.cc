#include "controller/status/status.h"

#include <spdlog/fmt/chrono.h>

#include <algorithm>

#include "controller/output/json.h"
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

/// Adds the counters to their pods.
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

Json json_of(const DirectionStatus& direction) {
  Json json = {{"isolated", !direction.policies.empty()}, {"policies", direction.policies}};
  if (direction.denied_packets) json["denied_packets"] = *direction.denied_packets;
  if (!direction.staged_policies.empty()) {
    json["staged_policies"] = direction.staged_policies;
    json["staged_packets"] = direction.staged_packets;
  }
  return json;
}

Json json_of(const PodStatus& pod) {
  Json json = {{"pod", pod.name}, {"host_network", pod.host_network}, {"addresses", pod.addresses}};
  for (const Direction direction : policy::kDirections) {
    json[to_string(direction)] = json_of(pod.directions.at(static_cast<std::size_t>(direction)));
  }
  return json;
}

Json json_of(const telemetry::HealthCheck& check) {
  return {{"check", check.name}, {"ok", check.ok()}, {"reasons", check.reasons}};
}

template <class Values>
Json json_list(const Values& values) {
  Json list = Json::array();
  for (const auto& value : values) list.push_back(json_of(value));
  return list;
}

/// The pods of this node that have a network of their own, with the addresses that they own.
void add_pods(const policy::Snapshot& snapshot, std::map<std::string, PodStatus>& pods) {
  for (const auto& entry : snapshot.inventory().namespaces()) {
    for (const policy::PodId id : entry.second.local_pods) {
      const auto policies = snapshot.selecting(id);
      PodStatus& pod = pods[snapshot.pod_name(id)];
      for (const Direction direction : policy::kDirections) {
        pod.directions.at(static_cast<std::size_t>(direction)).policies = isolating(policies, direction);
      }
    }
  }
  for (const auto& [address, local] : snapshot.result().local.values()) {
    pods[local.pod].addresses.push_back(address.to_string());
  }
}

void add_host_network_pods(const policy::Snapshot& snapshot, const std::string& node,
                           std::map<std::string, PodStatus>& pods) {
  snapshot.nodes().for_each_pod(node, [&](const std::string& name, const std::vector<IpAddress>& addresses) {
    PodStatus& pod = pods[name];
    pod.host_network = true;
    for (const auto& address : addresses) pod.addresses.push_back(address.to_string());
  });
}

}  // namespace

std::vector<PodStatus> pods_of(const policy::Snapshot& snapshot, const std::string& node,
                               const std::optional<std::vector<telemetry::PacketCount>>& counts) {
  std::map<std::string, PodStatus> pods;
  add_pods(snapshot, pods);
  if (counts) count_denied(pods, *counts);
  add_host_network_pods(snapshot, node, pods);
  std::vector<PodStatus> list;
  for (auto& [name, pod] : pods) {
    pod.name = name;
    list.push_back(std::move(pod));
  }
  return list;
}

std::string to_json(const AgentStatus& status) {
  Json stale = Json::object();
  for (const auto& [resource, time] : status.stale) stale[resource] = time.count();
  return to_line(
      {{"version", status.version},
       {"node", status.node},
       {"source", status.source},
       {"tables", status.tables},
       {"ready", healthy(status.readiness)},
       {"last_sync", status.sync.last ? time_text(*status.sync.last) : "never"},
       {"pending_changes", status.sync.pending},
       {"objects", {{"pods", status.objects[0]}, {"namespaces", status.objects[1]}, {"policies", status.objects[2]}}},
       {"stale_seconds", stale},
       {"checks", json_list(status.readiness)},
       {"pods", json_list(status.pods)}});
}

}  // namespace selvage::controller
