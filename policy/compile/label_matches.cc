#include "policy/compile/label_matches.h"

#include <utility>

#include "policy/compile/sorted_ids.h"

namespace selvage::policy {

PredicateIds& LabelMatches::applicable(NamespaceId id) {
  if (id >= applicable_.size()) applicable_.resize(id + 1);
  return applicable_[id];
}

std::array<PredicateIds, 2>& LabelMatches::satisfied(ProfileId id) {
  if (id >= satisfied_.size()) satisfied_.resize(id + 1);
  return satisfied_[id];
}

bool LabelMatches::in_scope(const NamespaceRecord& record, const Predicate& predicate) const {
  const auto* scope = std::get_if<PodScope>(&predicate.peer);
  if (scope == nullptr || predicate.port) return false;
  if (!scope->namespace_selector) return record.name == scope->namespace_name;
  return record.known && scope->namespace_selector->matches(record.labels);
}

void LabelMatches::add(PredicateId id, InventoryChanges& dirty) {
  const Predicate& predicate = predicates_.at(id).predicate;
  const auto& scope = std::get<PodScope>(predicate.peer);
  if (!scope.namespace_selector) {
    const NamespaceId* own = inventory_.find_namespace(scope.namespace_name);
    if (own != nullptr) add_to(*own, id, dirty);
    return;
  }
  for (const auto& [namespace_id, record] : inventory_.namespaces()) {
    if (in_scope(record, predicate)) add_to(namespace_id, id, dirty);
  }
}

void LabelMatches::remove(PredicateId id, const PodScope& scope, InventoryChanges& dirty) {
  if (scope.namespace_selector) {
    for (const auto& entry : inventory_.namespaces()) remove_from(entry.first, id, dirty);
  } else if (const NamespaceId* own = inventory_.find_namespace(scope.namespace_name)) {
    remove_from(*own, id, dirty);
  }
}

void LabelMatches::add_to(NamespaceId id, PredicateId predicate_id, InventoryChanges& dirty) {
  insert_sorted(applicable(id), predicate_id);
  const Predicate& predicate = predicates_.at(predicate_id).predicate;
  const LabelSelector& selector = std::get<PodScope>(predicate.peer).pod_selector;
  for (const ProfileId profile : inventory_.namespace_at(id).profiles) {
    if (dirty.profiles.count(profile) > 0) continue;  // new: fit_profile compares it with all predicates
    if (!selector.matches(inventory_.profile(profile).labels)) continue;
    insert_sorted(satisfied(profile)[index(predicate.direction)], predicate_id);
    mark(profile, dirty);
  }
}

void LabelMatches::remove_from(NamespaceId id, PredicateId predicate_id, InventoryChanges& dirty) {
  if (!erase_sorted(applicable(id), predicate_id)) return;
  for (const ProfileId profile : inventory_.namespace_at(id).profiles) {
    auto& [ingress, egress] = satisfied(profile);
    const bool of_ingress = erase_sorted(ingress, predicate_id);
    const bool of_egress = erase_sorted(egress, predicate_id);
    if (of_ingress || of_egress) mark(profile, dirty);
  }
}

void LabelMatches::update(InventoryChanges& dirty) {
  for (const NamespaceId id : dirty.namespaces) {
    if (inventory_.namespaces().count(id) > 0) fit_namespace(id, dirty);
  }
  for (const ProfileId id : dirty.profiles) fit_profile(id, dirty);
}

/// A namespace is new or has other labels: finds the predicates that include it.
void LabelMatches::fit_namespace(NamespaceId id, InventoryChanges& dirty) {
  const NamespaceRecord& record = inventory_.namespace_at(id);
  PredicateIds found;
  for (const auto& [predicate_id, predicate] : predicates_.records()) {
    if (in_scope(record, predicate.predicate)) found.push_back(predicate_id);
  }
  if (found == applicable(id)) return;
  applicable(id) = std::move(found);
  dirty.profiles.insert(record.profiles.begin(), record.profiles.end());
}

/// A profile is new, or other predicates include its namespace.
void LabelMatches::fit_profile(ProfileId id, InventoryChanges& dirty) {
  const Profile& profile = inventory_.profile(id);
  std::array<PredicateIds, 2> found;
  for (const PredicateId predicate_id : applicable(profile.namespace_id)) {
    const Predicate& predicate = predicates_.at(predicate_id).predicate;
    if (!std::get<PodScope>(predicate.peer).pod_selector.matches(profile.labels)) continue;
    found[index(predicate.direction)].push_back(predicate_id);
  }
  const bool same = found == satisfied(id);
  for (auto& ids : found) ids.shrink_to_fit();  // kept for as long as the pods, in great number
  satisfied(id) = std::move(found);
  if (!same) mark(id, dirty);
}

void LabelMatches::mark(ProfileId id, InventoryChanges& dirty) const {
  for (const PodId pod : inventory_.profile(id).pods) {
    for (const auto& address : inventory_.pod(pod)) dirty.addresses.insert(address);
  }
}

void LabelMatches::mark_satisfying(PredicateId id, InventoryChanges& dirty) const {
  for (const auto& [namespace_id, record] : inventory_.namespaces()) {
    if (namespace_id >= applicable_.size() || !holds_sorted(applicable_[namespace_id], id)) continue;
    for (const ProfileId profile : record.profiles) {
      if (profile < satisfied_.size() && holds_sorted(satisfied(profile, Direction::egress), id)) mark(profile, dirty);
    }
  }
}

}  // namespace selvage::policy
