#pragma once

#include <map>
#include <string>

#include "policy/compile/inventory.h"
#include "policy/compile/predicate_table.h"
#include "policy/compile/rewrite.h"
#include "policy/compile/selections.h"

namespace selvage::policy {

using Permissions = std::map<PermissionKey, Origins>;

/// Collects what policies in force permit at addresses of one pod, as far as a rewrite concerns it.
class PermissionCollector {
 public:
  /// All must outlive this object.
  PermissionCollector(const PodRecord& pod, const PredicateTable& predicates, const Rewrite& rewrite)
      : pod_(pod), predicates_(predicates), rewrite_(rewrite) {}

  void add(const PolicyRecord& record, const IpAddress& address);

  /// What was collected. Ranges that overlap or touch are joined.
  [[nodiscard]] Permissions take();

 private:
  void add(const ActiveRule& active, PredicateId predicate, const std::string& origin, const IpAddress& address);
  void add_port(Direction direction, const EveryProtocol& port, const PermissionKey& all, const std::string& origin);
  void add_port(Direction direction, const PortMatch& port, PermissionKey key, const std::string& origin);
  void add_named(Direction direction, const PortMatch& port, PermissionKey key, const std::string& origin);
  void add(const PermissionKey& key, const std::string& origin);
  void join_overlapping();

  const PodRecord& pod_;
  const PredicateTable& predicates_;
  const Rewrite& rewrite_;
  Permissions permissions_;
};

}  // namespace selvage::policy
