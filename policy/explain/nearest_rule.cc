#include "policy/explain/nearest_rule.h"

#include <algorithm>

#include "policy/explain/failed_rules.h"

namespace selvage::policy {
namespace {

/// Requirements, blocks and ports that one search looks at, at most.
constexpr std::size_t kMaxConditions = 30'000;

/// A rule with one of its peers.
struct Candidate {
  const NetworkPolicy* policy = nullptr;
  const Rule* rule = nullptr;
  std::size_t rule_index = 0;
  std::optional<std::size_t> peer_index;
};

/// One search, and what it has found so far.
class Search {
 public:
  explicit Search(const FlowQuery& query) : query_(query) {}

  /// False: there is no need to go on.
  bool look_at(const NetworkPolicy& policy) {
    const auto& rules = query_.direction == Direction::ingress ? policy.ingress : policy.egress;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      look_at({&policy, &rules[i], i, std::nullopt});
      if (!complete_ || (best_.policy != nullptr && distance_.failed == 0)) return false;
    }
    return true;
  }

  [[nodiscard]] NearestAnswer answer() const {
    if (best_.policy == nullptr) return {std::nullopt, complete_};
    const NetworkPolicy& policy = *best_.policy;
    RuleMisses found = misses_of(*best_.rule, best_.peer_index, policy.namespace_name, query_);
    return {NearestRule{policy.namespace_name + "/" + policy.name, best_.rule_index, best_.peer_index,
                        std::move(found.misses), found.count},
            complete_};
  }

 private:
  void look_at(Candidate candidate) {
    const Rule& rule = *candidate.rule;
    if (!spend(rule.ports.size())) return;
    const bool port_fails = !port_fits(rule, query_);
    if (rule.any_peer) return offer(candidate, RuleDistance{}, port_fails);
    for (std::size_t i = 0; i < rule.peers.size(); ++i) {
      if (!spend(conditions_of(rule.peers[i]))) return;
      candidate.peer_index = i;
      const auto distance = distance_to(rule.peers[i], candidate.policy->namespace_name, query_);
      if (distance) offer(candidate, *distance, port_fails);
    }
  }

  void offer(const Candidate& candidate, RuleDistance distance, bool port_fails) {
    distance.failed = distance.peer_failed + (port_fails ? 1 : 0);
    if (best_.policy != nullptr && distance_ < distance) return;
    // Policies come in any order, the rules of one in theirs. All are of one namespace.
    if (best_.policy != nullptr && distance_ == distance && best_.policy->name <= candidate.policy->name) return;
    best_ = candidate;
    distance_ = distance;
  }

  /// False: that is more than is left.
  bool spend(std::size_t conditions) {
    complete_ = complete_ && conditions <= left_;
    left_ -= std::min(conditions, left_);
    return complete_;
  }

  const FlowQuery& query_;
  Candidate best_;
  RuleDistance distance_;
  std::size_t left_ = kMaxConditions;
  bool complete_ = true;
};

}  // namespace

NearestAnswer find_nearest(const FlowQuery& query, const std::vector<const NetworkPolicy*>& policies) {
  Search search(query);
  for (const NetworkPolicy* policy : policies) {
    if (!search.look_at(*policy)) break;
  }
  return search.answer();
}

}  // namespace selvage::policy
