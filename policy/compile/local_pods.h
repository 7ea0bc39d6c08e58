#pragma once

#include <array>
#include <map>
#include <set>
#include <vector>

#include "policy/compile/inventory.h"
#include "policy/compile/local_counts.h"
#include "policy/compile/node_policy.h"
#include "policy/compile/permissions.h"
#include "policy/compile/predicate_table.h"
#include "policy/compile/selections.h"

namespace selvage::policy {

/// The pods of this node: their addresses, and what the policies that select them permit. Writes NodePolicy::local and
/// ::permissions. Not thread-safe.
class LocalPods {
 public:
  /// All must outlive this object.
  LocalPods(const Inventory& inventory, const PredicateTable& predicates, const Selections& selections,
            NodePolicy& result)
      : inventory_(inventory), predicates_(predicates), selections_(selections), result_(result) {}

  /// Counts the addresses that pods which appeared, changed or went have now. To be followed by `write`, with all of
  /// them.
  void count_addresses(const std::set<PodId>& changed_pods);
  /// A family is in use when a pod has an address of it; the other needs no sets.
  [[nodiscard]] Families families() const;

  /// Rewrites these pods from their current state and the policies that select them. With `numbers_changed`, the
  /// numbers of port names that egress rules use have changed.
  void write(Rewrites rewrites, bool numbers_changed);

  [[nodiscard]] const LocalCounts& counts() const { return counts_; }

 private:
  struct LocalPod {
    std::vector<PermissionKey> permissions;  ///< written for it, in any order
    std::vector<IpAddress> addresses;        ///< that it owns
    std::array<bool, 2> isolated{};          ///< by Direction
    bool uses_port_names = false;            ///< an egress rule of its policies names a port
    LocalCounts counted;                     ///< its share of `counts_`
  };

  void withdraw(LocalPod& local, const Rewrite& rewrite);
  void write(PodId id, const Rewrite& rewrite);
  void write_isolation(LocalPod& local, PodId id);
  void write_permissions(LocalPod& local, PodId id, const Rewrite& rewrite);
  void count(LocalPod& local, const LocalCounts& now);

  const Inventory& inventory_;
  const PredicateTable& predicates_;
  const Selections& selections_;
  NodePolicy& result_;
  std::map<PodId, LocalPod> pods_;
  LocalCounts counts_;
};

}  // namespace selvage::policy
