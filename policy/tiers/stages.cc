#include "policy/tiers/stages.h"

#include <optional>
#include <utility>

namespace selvage::policy {
namespace {

/// Isolates the same pods as `policy`, and allows everything.
NetworkPolicy twin_of(const NetworkPolicy& policy) {
  Rule all;
  all.any_peer = true;
  all.any_port = true;
  NetworkPolicy twin;
  twin.namespace_name = policy.namespace_name;
  twin.name = policy.name;
  twin.pod_selector = policy.pod_selector;
  twin.isolates_ingress = policy.isolates_ingress;
  twin.isolates_egress = policy.isolates_egress;
  twin.mode = Mode::enforced;
  if (policy.isolates_ingress) twin.ingress = {all};
  if (policy.isolates_egress) twin.egress = {all};
  return twin;
}

}  // namespace

Mode Stages::mode_of(const NetworkPolicy& policy) const {
  if (policy.mode) return *policy.mode;
  const auto found = namespaces_.find(policy.namespace_name);
  return found == namespaces_.end() ? Mode::enforced : found->second.value_or(by_default_);
}

Object Stages::staged_view(const NetworkPolicy& policy) const {
  if (mode_of(policy) == Mode::enforced) return twin_of(policy);
  NetworkPolicy staged = policy;
  staged.mode = Mode::staged;
  return staged;
}

StageEvents Stages::take(const std::vector<Event>& events) {
  StageEvents parted;
  for (const Event& event : events) {
    if (event.key.kind == Kind::network_policy) {
      take_policy(event, parted);
      continue;
    }
    parted.enforced.push_back(event);
    parted.staged.push_back(event);
    if (event.key.kind == Kind::name_space) take_namespace(event, parted);
  }
  return parted;
}

void Stages::take_namespace(const Event& event, StageEvents& events) {
  const std::string& name = event.key.name;
  const auto known = namespaces_.find(name);
  if (event.object) {
    const auto now = std::get<Namespace>(*event.object).mode;
    if (known != namespaces_.end() && known->second == now) return;
    namespaces_[name] = now;
  } else {
    if (known == namespaces_.end()) return;
    namespaces_.erase(known);
  }
  const ObjectKey first{Kind::network_policy, name, {}};
  for (auto it = policies_.lower_bound(first); it != policies_.end() && it->first.namespace_name == name; ++it) {
    place(it->second, events);
  }
}

void Stages::take_policy(const Event& event, StageEvents& events) {
  if (event.object) {
    const auto& policy = std::get<NetworkPolicy>(*event.object);
    policies_[event.key] = policy;
    return place(policy, events);
  }
  policies_.erase(event.key);
  staged_.erase(event.key);
  events.enforced.push_back(event);
  events.staged.push_back(event);
}

void Stages::place(const NetworkPolicy& policy, StageEvents& events) {
  const ObjectKey key = key_of(policy);
  if (mode_of(policy) == Mode::staged) {
    staged_.insert(key);
    events.enforced.push_back(removal(key));
  } else {
    staged_.erase(key);
    events.enforced.push_back(upsert(policy));
  }
  events.staged.push_back(upsert(staged_view(policy)));
}

std::vector<Event> Stages::staged_policies() const {
  std::vector<Event> events;
  events.reserve(policies_.size());
  for (const auto& [key, policy] : policies_) events.push_back(upsert(staged_view(policy)));
  return events;
}

}  // namespace selvage::policy
