#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "policy/model/model.h"

namespace selvage::policy {

/// Events for the compiler of what is enforced, and for the one of what is staged.
struct StageEvents {
  std::vector<Event> enforced;
  std::vector<Event> staged;
};

/// Parts what is enforced from what is staged. The mode of a policy is its own, else its namespace's, else the default;
/// while its namespace is not known it is enforced, since that might say so.
///
/// The enforced compiler hears of enforced policies alone, so its result is that of a cluster without the staged ones.
/// The staged compiler hears of staged policies, and of each enforced one as of a twin that isolates the same pods and
/// allows everything (their `mode` tells them apart): policies add up, so a pod that is isolated already cannot be
/// allowed less by one more. What the staged compiler denies, and the enforced one does not, is what would be denied if
/// all staged policies were enforced.
///
/// What it says depends on the objects alone, not on the order of events. Pure; not thread-safe.
class Stages {
 public:
  explicit Stages(Mode by_default = Mode::enforced) : by_default_(by_default) {}

  /// Takes events in. Pods and namespaces go to both; a policy that changes sides is removed here and appears there.
  [[nodiscard]] StageEvents take(const std::vector<Event>& events);

  /// A policy as it was taken in last; nullptr: there is none of that key.
  [[nodiscard]] const NetworkPolicy* find(const ObjectKey& key) const {
    const auto found = policies_.find(key);
    return found == policies_.end() ? nullptr : &found->second;
  }
  [[nodiscard]] bool is_staged(const ObjectKey& key) const { return staged_.contains(key); }
  /// Policies that are staged.
  [[nodiscard]] std::size_t staged() const { return staged_.size(); }
  /// What a staged compiler that knows all pods and namespaces must hear of to be up to date.
  [[nodiscard]] std::vector<Event> staged_policies() const;

 private:
  [[nodiscard]] Mode mode_of(const NetworkPolicy& policy) const;
  [[nodiscard]] Object staged_view(const NetworkPolicy& policy) const;
  void take_namespace(const Event& event, StageEvents& events);
  void take_policy(const Event& event, StageEvents& events);
  void place(const NetworkPolicy& policy, StageEvents& events);

  Mode by_default_;
  std::map<std::string, std::optional<Mode>> namespaces_;  ///< those that are known, and what they say
  std::map<ObjectKey, NetworkPolicy> policies_;
  std::set<ObjectKey> staged_;
};

}  // namespace selvage::policy
