#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "policy/model/model.h"

namespace selvage::policy {

/// Events for the compiler of enforced policies, and for the compiler of staged ones.
struct StageEvents {
  std::vector<Event> enforced;
  std::vector<Event> staged;
};

/// Separates enforced from staged policies. The mode of a policy is its own, else its namespace's, else the default.
/// While its namespace is not known a policy is enforced, as the namespace's mode might be.
///
/// The enforced compiler gets the enforced policies alone, so its result is that of a cluster without the staged ones.
/// The staged compiler gets the staged policies and, for each enforced one, a twin that isolates the same pods and
/// allows everything (`mode` distinguishes them): policies add up, so one more policy cannot allow less to a pod that
/// is isolated already. A flow that the staged compiler denies and the enforced one allows would be denied if all
/// staged policies were enforced. This holds only while policies have nothing but Allows.
///
/// The events depend on the objects alone, not on the order in which these came. Pure; not thread-safe.
class Stages {
 public:
  explicit Stages(Mode by_default = Mode::enforced) : by_default_(by_default) {}

  /// Takes events in. Pods and namespaces go to both compilers. A policy whose mode changes is removed from one and
  /// added to the other.
  [[nodiscard]] StageEvents take(const std::vector<Event>& events);

  /// The policy as it was taken in last; nullptr: there is none.
  [[nodiscard]] const NetworkPolicy* find(const ObjectKey& key) const {
    const auto found = policies_.find(key);
    return found == policies_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] bool is_staged(const ObjectKey& key) const { return staged_.contains(key); }
  /// The number of staged policies.
  [[nodiscard]] std::size_t staged() const { return staged_.size(); }
  /// The events that bring a staged compiler up to date which has all pods and namespaces.
  [[nodiscard]] std::vector<Event> staged_policies() const;

 private:
  [[nodiscard]] Mode mode_of(const NetworkPolicy& policy) const;
  [[nodiscard]] Object staged_view(const NetworkPolicy& policy) const;
  void take_namespace(const Event& event, StageEvents& events);
  void take_policy(const Event& event, StageEvents& events);
  void place(const NetworkPolicy& policy, StageEvents& events);

  Mode by_default_;
  std::map<std::string, std::optional<Mode>> namespaces_;  ///< known ones, with their modes
  std::map<ObjectKey, NetworkPolicy> policies_;
  std::set<ObjectKey> staged_;
};

}  // namespace selvage::policy
