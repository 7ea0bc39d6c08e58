#include "policy/explain/nearest_rule.h"

#include <algorithm>

#include "policy/explain/collect_failed.h"

namespace selvage::policy {
namespace {

/// The most requirements, blocks and ports that one search compares.
constexpr std::size_t kMaxConditions = 30'000;

/// A rule with one of its peers.
struct Candidate {
  const Policy* policy = nullptr;
  const PolicyRule* rule = nullptr;
  std::optional<std::size_t> peer_index;
};

/// One search, with the best rule so far.
class Search {
 public:
  explicit Search(const FlowQuery& query) : query_(query) {}

  /// False: the search is over.
  bool compare(const Policy& policy) {
    for (const auto& rule : policy.rules(query_.direction)) {
      compare({&policy, &rule, std::nullopt});
      if (!complete_ || (best_.policy != nullptr && distance_.failed == 0)) return false;
    }
    return true;
  }

  [[nodiscard]] NearestAnswer answer() const {
    if (best_.policy == nullptr) return {std::nullopt, complete_};
    const ObjectKey& origin = best_.policy->origin;
    FailedConditions found = collect_failed(best_.rule->match, best_.peer_index, query_);
    return {NearestRule{qualified_name(origin), best_.rule->origin.index, best_.peer_index, std::move(found.conditions),
                        found.count},
            complete_};
  }

 private:
  void compare(Candidate candidate) {
    const Match& match = candidate.rule->match;
    if (!spend(match.ports.size())) return;
    const bool port_fails = !port_fits(match, query_);
    for (std::size_t i = 0; i < match.peers.size(); ++i) {
      const AddressSet& peer = match.peers[i].set;
      if (std::holds_alternative<Anyone>(peer)) return offer(candidate, RuleDistance{}, port_fails);
      if (!spend(conditions_of(peer))) return;
      candidate.peer_index = i;
      const auto distance = distance_to(peer, query_);
      if (distance) offer(candidate, *distance, port_fails);
    }
  }

  void offer(const Candidate& candidate, RuleDistance distance, bool port_fails) {
    distance.failed = distance.peer_failed + (port_fails ? 1 : 0);
    if (best_.policy != nullptr && distance_ < distance) return;
    // Policies come in any order, the rules of one in theirs. All are of one namespace.
    if (best_.policy != nullptr && distance_ == distance && best_.policy->origin.name <= candidate.policy->origin.name)
      return;
    best_ = candidate;
    distance_ = distance;
  }

  /// False: more than the limit leaves.
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

NearestAnswer find_nearest(const FlowQuery& query, const std::vector<const Policy*>& policies) {
  Search search(query);
  for (const Policy* policy : policies) {
    if (!search.compare(*policy)) break;
  }
  return search.answer();
}

}  // namespace selvage::policy
