#include "policy/compile/compiler.h"

namespace selvage::policy {

Compiler::Compiler(std::string node) : inventory_(std::move(node)), classes_(predicates_, result_) {}

void Compiler::apply(const Event& event) {
  if (!event.object) return remove_object(event.key);
  std::visit([this](const auto& object) { apply_object(object); }, *event.object);
}

void Compiler::apply_object(const NetworkPolicy& object) {
  const ObjectKey key = key_of(object);
  const auto known = policy_ids_.find(key);
  if (known != policy_ids_.end() && policies_.at(known->second).policy == object) return;
  // A changed policy is a new one beside the old: predicates that both use never go away between.
  remove_policy(key);
  const NamespaceId id = inventory_.hold_namespace(object.namespace_name);
  policies_[next_policy_] = {object, object.namespace_name + "/" + object.name, id, 0, {}};
  policies_by_namespace_[id].insert(next_policy_);
  fresh_policies_.insert(next_policy_);
  policy_ids_[key] = next_policy_++;
}

void Compiler::remove_object(const ObjectKey& key) {
  if (key.kind == Object(Namespace{}).index()) return inventory_.remove_namespace(key.name);
  if (key.kind == Object(Pod{}).index()) {
    nodes_.remove(key.namespace_name, key.name);
    return inventory_.remove_pod(key.namespace_name, key.name);
  }
  remove_policy(key);
}

void Compiler::remove_policy(const ObjectKey& key) {
  const auto known = policy_ids_.find(key);
  if (known == policy_ids_.end()) return;
  const NamespaceId id = policies_.at(known->second).namespace_id;
  fresh_policies_.erase(known->second);
  retired_policies_.insert(known->second);
  auto& siblings = policies_by_namespace_.at(id);
  siblings.erase(known->second);
  if (siblings.empty()) policies_by_namespace_.erase(id);
  policy_ids_.erase(known);
}

const NodePolicy& Compiler::update() {
  dirty_ = inventory_.take_changes();
  Rewrites rewrites = update_selections();
  update_predicates();
  for (const NamespaceId id : dirty_.namespaces) {
    if (inventory_.namespaces().count(id) > 0) fit_namespace(id);
  }
  for (const ProfileId id : dirty_.profiles) fit_profile(id);
  update_families();
  for (const Direction direction : kDirections) cut_cells(direction);
  for (const auto& address : dirty_.addresses) classify(address);
  for (const PredicateId refined : classes_.collect()) predicates_.drop_number(refined);
  write_local_pods(std::move(rewrites));
  write_predicates();
  write_node_state();
  dirty_ = {};  // after a first list it is large
  return result_;
}

NodePolicyDelta Compiler::update_changes() {
  update();
  return take_changes(result_);
}

std::unique_ptr<Compiler> compile(const std::vector<Object>& objects, const std::string& node) {
  auto compiler = std::make_unique<Compiler>(node);
  for (const auto& object : objects) compiler->apply({key_of(object), object});
  compiler->update();
  return compiler;
}

}  // namespace selvage::policy
