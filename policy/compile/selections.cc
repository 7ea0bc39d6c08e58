#include "policy/compile/selections.h"

#include <stdexcept>
#include <utility>

#include "policy/compile/plain_policy.h"
#include "policy/compile/port_kind.h"

namespace selvage::policy {
namespace {

/// The contribution of a policy in force to a pod that it selects.
Rewrite rewrite_for(const PolicyRecord& record) {
  Rewrite rewrite;
  for (const auto& active : record.rules) {
    // Permissions are then by predicates that the numbers of names make.
    if (active.direction == Direction::egress && names_port(*active.rule)) rewrite.whole = true;
    rewrite.predicates.insert(active.predicates.begin(), active.predicates.end());
  }
  return rewrite;
}

}  // namespace

void Selections::set(Policy policy) {
  // A front-end that lowers into more than the tables hold is a bug: going on would leave its policies open.
  if (const auto plain = check_plain(policy); !plain) throw std::logic_error(plain.error().message);
  const ObjectKey key = policy.origin;
  const auto known = ids_.find(key);
  if (known != ids_.end() && records_.at(known->second).policy == policy) return;
  // A changed policy is a new one beside the old: predicates that both use never go away between.
  remove(key);
  const PolicyId id = next_id_++;
  records_[id] = {std::move(policy), qualified_name(key), 0, {}};
  by_namespace_[records_.at(id).policy.subject.namespace_name].insert(id);
  fresh_.insert(id);
  ids_[key] = id;
}

void Selections::remove(const ObjectKey& key) {
  const auto known = ids_.find(key);
  if (known == ids_.end()) return;
  fresh_.erase(known->second);
  retired_.insert(known->second);
  const auto siblings = by_namespace_.find(records_.at(known->second).policy.subject.namespace_name);
  siblings->second.erase(known->second);
  if (siblings->second.empty()) by_namespace_.erase(siblings);
  ids_.erase(known);
}

Rewrites Selections::update(const std::set<PodId>& changed_pods) {
  Rewrites rewrites;
  for (const PodId id : changed_pods) {
    rewrites[id].whole = true;
    select(id);
  }
  for (const PolicyId id : std::exchange(retired_, {})) end(id, rewrites);
  for (const PolicyId id : std::exchange(fresh_, {})) begin(id, rewrites);
  return rewrites;
}

const std::set<PolicyId>& Selections::of(PodId pod) const {
  static const std::set<PolicyId> kNone;
  const auto found = selecting_.find(pod);
  return found == selecting_.end() ? kNone : found->second;
}

std::set<PolicyId> Selections::find_selecting(PodId id) const {
  std::set<PolicyId> found;
  const PodRecord& pod = inventory_.pod(id);
  if (!pod.exists || !pod.local) return found;
  const auto candidates = by_namespace_.find(inventory_.namespace_at(pod.namespace_id).name);
  if (candidates == by_namespace_.end()) return found;
  const Labels& labels = inventory_.labels(id);
  for (const PolicyId policy : candidates->second) {
    if (records_.at(policy).policy.subject.pod_selector.matches(labels)) found.insert(policy);
  }
  return found;
}

void Selections::select(PodId id) {
  std::set<PolicyId> now = find_selecting(id);
  for (const PolicyId policy : now) gain_pod(records_.at(policy));
  for (const PolicyId policy : of(id)) lose_pod(records_.at(policy));
  if (now.empty()) {
    selecting_.erase(id);
  } else {
    selecting_[id] = std::move(now);
  }
}

void Selections::begin(PolicyId id, Rewrites& rewrites) {
  PolicyRecord& record = records_.at(id);
  const NamespaceId* own = inventory_.find_namespace(record.policy.subject.namespace_name);
  if (own == nullptr) return;
  for (const PodId pod : inventory_.namespace_at(*own).local_pods) {
    if (!record.policy.subject.pod_selector.matches(inventory_.labels(pod))) continue;
    if (!selecting_[pod].insert(id).second) continue;  // a pod that changed has it already
    gain_pod(record);
    rewrites[pod].add(rewrite_for(record));
  }
}

void Selections::end(PolicyId id, Rewrites& rewrites) {
  PolicyRecord& record = records_.at(id);
  const Rewrite rewrite = rewrite_for(record);
  const NamespaceId* own = inventory_.find_namespace(record.policy.subject.namespace_name);
  if (own != nullptr) {
    for (const PodId pod : inventory_.namespace_at(*own).local_pods) {
      const auto selecting = selecting_.find(pod);
      if (selecting == selecting_.end() || selecting->second.erase(id) == 0) continue;
      if (selecting->second.empty()) selecting_.erase(selecting);
      lose_pod(record);
      rewrites[pod].add(rewrite);
    }
  }
  records_.erase(id);
}

void Selections::gain_pod(PolicyRecord& record) {
  if (record.selected_pods++ == 0) put_in_force(record);
}

void Selections::lose_pod(PolicyRecord& record) {
  if (--record.selected_pods == 0) take_out_of_force(record);
}

void Selections::put_in_force(PolicyRecord& record) {
  for (const Direction direction : kDirections) {
    for (const auto& rule : record.policy.rules(direction)) {
      ActiveRule active{&rule, direction, {}};
      for (const auto& predicate : predicates_of(rule, direction)) {
        active.predicates.push_back(predicates_.acquire(predicate));
      }
      count_rule(active, 1);
      record.rules.push_back(std::move(active));
    }
  }
}

void Selections::take_out_of_force(PolicyRecord& record) {
  for (const auto& active : record.rules) {
    count_rule(active, -1);
    for (const PredicateId id : active.predicates) predicates_.release(id);
  }
  record.rules.clear();
}

/// Counts the sets that a rule needs, up or down.
void Selections::count_rule(const ActiveRule& active, int delta) {
  for (const PredicateId id : active.predicates) {
    for (const auto& term : active.rule->match.ports) {
      if (const auto kind = kind_of(term, active.direction)) {
        predicates_.count_kind(id, *kind, delta);
        continue;
      }
      const auto& port = std::get<PortMatch>(term);
      if (delta > 0) {
        predicates_.acquire_named_port_predicate(id, port.protocol, std::get<std::string>(port.port));
      } else {
        predicates_.release_named_port_predicate(id, port.protocol, std::get<std::string>(port.port));
      }
    }
  }
}

}  // namespace selvage::policy
