#include "policy/compile/compiler.h"

#include <utility>

namespace selvage::policy {

Compiler::Compiler(std::string node)
    : inventory_(std::move(node)),
      selections_(inventory_, predicates_),
      local_pods_(inventory_, predicates_, selections_, result_),
      peer_classes_(inventory_, predicates_, result_),
      snapshot_(result_, inventory_, nodes_, selections_, local_pods_) {}

void Compiler::apply(const Event& event) {
  if (!event.object) return remove_object(event.key);
  std::visit([this](const auto& object) { apply_object(object); }, *event.object);
}

void Compiler::remove_object(const ObjectKey& key) {
  switch (key.kind) {
    case Kind::name_space:
      return inventory_.remove_namespace(key.name);
    case Kind::pod:
      nodes_.remove(key.namespace_name, key.name);
      return inventory_.remove_pod(key.namespace_name, key.name);
    case Kind::network_policy:
      return selections_.remove(key);
  }
}

const Snapshot& Compiler::update() {
  InventoryChanges dirty = inventory_.take_changes();
  Rewrites rewrites = selections_.update(dirty.local_pods);
  if (!rewrites.empty()) selections_changed_ = true;
  local_pods_.count_addresses(dirty.local_pods);
  peer_classes_.update(std::move(dirty), local_pods_.families());
  local_pods_.write(std::move(rewrites), predicates_.take_numbers_changed());
  peer_classes_.write_predicates();
  write_node_state();
  return snapshot_;
}

void Compiler::write_node_state() {
  NodeState state;
  state.families = local_pods_.families();
  state.any_isolated_ingress = local_pods_.counts().isolated[index(Direction::ingress)] > 0;
  state.any_isolated_egress = local_pods_.counts().isolated[index(Direction::egress)] > 0;
  for (const Direction direction : kDirections) {
    const PredicateId anyone = predicates_.anyone(direction);
    result_.anyone[index(direction)] = anyone;
    if (anyone != 0) state.anyone_kinds[index(direction)] = predicates_.at(anyone).kinds();
  }
  result_.node.set(0, state);
}

std::shared_ptr<const Snapshot> compile(const std::vector<Object>& objects, const std::string& node) {
  const auto compiler = std::make_shared<Compiler>(node);
  for (const auto& object : objects) compiler->apply({key_of(object), object});
  return {compiler, &compiler->update()};
}

}  // namespace selvage::policy
