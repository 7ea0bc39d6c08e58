#include "controller/agent/agent_status.h"

#include <spdlog/spdlog.h>

namespace selvage::controller {
namespace {

std::optional<std::vector<telemetry::PacketCount>> read(PacketCounters* counters) {
  if (counters == nullptr) return std::nullopt;
  auto counts = counters->read();
  if (counts) return std::move(*counts);
  spdlog::debug("packet counters: {}", counts.error().message);
  return std::nullopt;
}

}  // namespace

AgentStatus gather_status(const AgentOptions& options, Enforcer& enforcer, const telemetry::Health& health,
                          PacketCounters* counters) {
  const Moment now = Clock::now();
  const telemetry::HealthFacts facts = health.facts();
  const policy::Snapshot& snapshot = enforcer.snapshot();
  AgentStatus status;
  status.version = options.version;
  status.node = options.node;
  status.source = options.manifests.empty() ? "API server" : "manifests in " + options.manifests;
  status.tables = enforcer.ownership() == nft::Ownership::owned ? "owned" : "open";
  status.sync = {enforcer.syncs().last_success(), enforcer.syncs().pending()};
  status.objects = {snapshot.pod_count(), snapshot.namespace_count(),
                    snapshot.policy_count() + enforcer.staged_policies()};
  status.readiness = readiness(facts, health.limits(), now);
  for (const auto& [resource, since] : facts.stale) {
    status.stale.emplace(resource, std::chrono::duration_cast<std::chrono::seconds>(now - since));
  }
  status.pods = pods_of(snapshot, options.node, read(counters));
  return status;
}

}  // namespace selvage::controller
