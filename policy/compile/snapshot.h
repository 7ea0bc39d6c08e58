#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "policy/compile/inventory.h"
#include "policy/compile/local_pods.h"
#include "policy/compile/node_addresses.h"
#include "policy/compile/node_policy.h"
#include "policy/compile/selections.h"

namespace selvage::policy {

/// The policy that one node must enforce, and the objects that it follows from: the state as of the `Compiler::update`
/// that returned it. It looks into the compiler: do not keep it beyond the compiler's next `apply`. The reference stays
/// the same for the compiler's life.
class Snapshot {
 public:
  Snapshot(const Snapshot&) = delete;
  Snapshot& operator=(const Snapshot&) = delete;

  [[nodiscard]] const NodePolicy& result() const { return result_; }
  /// Pods and namespaces that exist.
  [[nodiscard]] const Inventory& inventory() const { return inventory_; }
  [[nodiscard]] const NodeAddresses& nodes() const { return nodes_; }
  /// "namespace/name" of a pod in the result.
  [[nodiscard]] std::string pod_name(PodId id) const { return inventory_.pod_name(id); }
  /// The policies that select a pod of this node, for either direction, in any order.
  [[nodiscard]] std::vector<const Policy*> selecting(PodId id) const;
  [[nodiscard]] const LocalCounts& counts() const { return local_pods_.counts(); }
  [[nodiscard]] std::size_t pod_count() const { return inventory_.pod_count(); }
  [[nodiscard]] std::size_t policy_count() const { return selections_.policy_count(); }
  [[nodiscard]] std::size_t namespace_count() const { return inventory_.namespaces().size(); }

 private:
  friend class Compiler;
  Snapshot(const NodePolicy& result, const Inventory& inventory, const NodeAddresses& nodes,
           const Selections& selections, const LocalPods& local_pods)
      : result_(result), inventory_(inventory), nodes_(nodes), selections_(selections), local_pods_(local_pods) {}

  const NodePolicy& result_;
  const Inventory& inventory_;
  const NodeAddresses& nodes_;
  const Selections& selections_;
  const LocalPods& local_pods_;
};

}  // namespace selvage::policy
